"""What every test may ask for: the repository, the evaluation data when it is there."""

import os
from pathlib import Path

import cv2
import pytest

ROOT = Path(__file__).parents[1]

cv2.setNumThreads(1)  # the suite already fills the cores


@pytest.fixture(scope="session")
def repository() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = Path(os.environ.get("HAIRTRACK_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"the evaluation data is not here: {folder} (set HAIRTRACK_SHARED to its folder)")
    return folder
