"""The import walls stand, and each of them can fall."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

BREACHES = {
    "layers": ("model/photo.py", "import hairtrack.pipeline"),
    "numbers-only": ("knowledge/__init__.py", "import cv2"),
    "pillow-enters-by-ingest": ("segment/__init__.py", "import PIL"),
    "no-pixels-outside": ("report/__init__.py", "import cv2"),
    "no-direct-pixels-above": ("pipeline/analyse.py", "import cv2"),
    "terminal": ("report/__init__.py", "import typer"),
    "model-is-stdlib": ("model/photo.py", "import numpy"),
}
"""For each contract, a line that breaks it and where it is written."""


def contract_ids() -> set[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"] for contract in settings["tool"]["importlinter"]["contracts"]}


def lint(root: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    command += ["--contract", contract] if contract else []
    environment = os.environ | {"PYTHONPATH": str(root / "src")}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def test_every_wall_stands() -> None:
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_wall_has_a_negative_control() -> None:
    assert contract_ids() == set(BREACHES)


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    house = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", house)
    shutil.copytree(ROOT / "src", house / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return house


@pytest.mark.parametrize("contract", sorted(BREACHES))
def test_a_wall_falls_when_it_is_breached(copied_house: Path, contract: str) -> None:
    module, line = BREACHES[contract]
    path = copied_house / "src" / "hairtrack" / module
    sound = path.read_text(encoding="utf-8")
    path.write_text(f"{sound}\n{line}\n", encoding="utf-8")
    try:
        answer = lint(copied_house, contract)
    finally:
        path.write_text(sound, encoding="utf-8")
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "BROKEN" in answer.stdout
