"""A bounded run of the fuzzer; the long one is `python validation/fuzz_ingest.py`."""

import subprocess
import sys
from pathlib import Path

import pytest

FUZZER = Path(__file__).resolve().parents[2] / "validation" / "fuzz_ingest.py"


def fuzzed(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, FUZZER, *arguments], capture_output=True, text=True, timeout=120, check=False
    )


def test_damaged_pictures_and_case_files_never_crash_hang_or_fill_the_memory():
    run = fuzzed("--images", "200", "--case-files", "100", "--seed", "3")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "200 mutated pictures and 100 mutated case files, seed 3" in run.stdout
    assert "crashes, hangs and excesses of memory: 0" in run.stdout


@pytest.mark.parametrize(("limit", "fault"), [("--seconds", "HANG"), ("--megabytes", "MEMORY")])
def test_the_fuzzer_can_fail(limit, fault):
    run = fuzzed("--images", "1", "--case-files", "0", limit, "-1")
    assert run.returncode == 1
    assert f"image 0: {fault}" in run.stdout
