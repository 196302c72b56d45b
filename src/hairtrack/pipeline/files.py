"""Files written whole or not at all."""

import os
import tempfile
from pathlib import Path

from hairtrack.model import StoreError


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file so that a reader sees the old content or the new, never a part; return its path.

    Raises
    ------
    StoreError
        When the folder cannot be made or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as unfinished:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
        Path(unfinished.name).chmod(0o644)
        Path(unfinished.name).replace(path)
    except OSError as error:
        raise StoreError(
            f"cannot be written: {error.strerror}", where=str(path), remedy="choose another folder with --out"
        ) from error
    return path
