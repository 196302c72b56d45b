"""Asking for help is quick and loads no pixel."""

import resource
import subprocess
import sys

HEAVY = (
    *("cv2", "scipy", "skimage", "sqlalchemy", "matplotlib", "PIL", "numpy"),
    *("pydantic", "jinja2", "babel", "rich", "typst"),
)
HELP = "from hairtrack.cli.main import exit_code; raise SystemExit(exit_code(['--help']))"


def imported_by_help() -> set[str]:
    answer = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", HELP], capture_output=True, text=True, check=True
    )
    rows = [line.rsplit("|", 1) for line in answer.stderr.splitlines() if line.startswith("import time:")]
    return {row[1].strip().split(".")[0] for row in rows}


def test_help_loads_none_of_the_heavy_libraries() -> None:
    imported = imported_by_help()
    assert "typer" in imported, "the probe itself must see imports"
    assert imported.isdisjoint(HEAVY)


def test_help_costs_little_more_than_the_bare_interpreter_with_typer() -> None:
    def cpu_s(code: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    ours = min(cpu_s(HELP) for _ in range(3))
    bare = min(cpu_s("import typer") for _ in range(3))
    print(f"hairtrack --help {1000 * ours:.0f} ms CPU, import typer alone {1000 * bare:.0f} ms CPU")
    assert ours < 4 * bare
