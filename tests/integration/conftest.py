"""The real command line, run once; many tests look at what it did."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SETTINGS = Path(__file__).parent / "settings"
"""The settings of these runs, never those of whoever runs the tests."""
RUN = "import sys; from hairtrack.cli.main import exit_code; raise SystemExit(exit_code(sys.argv[1:]))"


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        return json.loads(self.out)


def hairtrack(*arguments: object, stdin: str | None = None, **environment: str) -> Outcome:
    answer = subprocess.run(
        [sys.executable, "-c", RUN, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        input=stdin,
        env=os.environ | {"HAIRTRACK_DEBUG": "1", "HAIRTRACK_CONFIG_DIR": str(SETTINGS)} | environment,
    )
    return Outcome(answer.returncode, answer.stdout, answer.stderr)


@pytest.fixture(scope="session")
def run():
    return hairtrack


@pytest.fixture(scope="session")
def short_case(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three dates of the synthetic patient who is on course, and everything that can be wrong with a file."""
    sample = repository / "sample_images" / "fue_on_course"
    case = tmp_path_factory.mktemp("case") / "P001"
    days = sorted(path.name for path in sample.iterdir() if path.is_dir())
    for day in (days[0], days[1], days[-1]):
        shutil.copytree(sample / day, case / day)
    facts = (sample / "case.toml").read_text(encoding="utf-8")
    blocks = facts.split("\n\n")
    kept = [b for b in blocks if "file = " not in b or any((case / f).exists() for f in files_named_in(b))]
    (case / "case.toml").write_text("\n\n".join(kept), encoding="utf-8")
    spoil(case, case / days[0] / "top.jpg")
    return case


def files_named_in(block: str) -> list[str]:
    return [line.split('"')[1] for line in block.splitlines() if line.startswith("file = ")]


def spoil(case: Path, good: Path) -> None:
    bad = case / "2025-09-01"
    bad.mkdir()
    (bad / "empty_top.jpg").write_bytes(b"")
    (bad / "text_top.jpg").write_text("this is no picture", encoding="utf-8")
    (bad / "truncated_top.jpg").write_bytes(good.read_bytes()[:4000])
    (bad / "broken_link_top.jpg").symlink_to("nowhere.jpg")
    (bad / "loop_top.jpg").symlink_to("loop_top.jpg")
    shutil.copy(good, bad / "copied_top.jpg")


@pytest.fixture(scope="session")
def reported(short_case: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    out = tmp_path_factory.mktemp("out")
    before = fingerprints(short_case)
    outcome = hairtrack("report", short_case, "--out", out, "--no-cache", "--format", "html,pdf,json,csv", "--json")
    assert fingerprints(short_case) == before, "an original was altered"
    return out, outcome


def fingerprints(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
