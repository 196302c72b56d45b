"""The bytes of a file, or why they cannot be had; nothing on disk makes it wait or raise."""

import os
import stat
from pathlib import Path

from hairtrack.model import PhotoProblem


def content_of(path: Path, *, max_bytes: int) -> bytes | PhotoProblem:
    """Return the bytes of a regular file of at most `max_bytes`."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        # Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
        with os.fdopen(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return PhotoProblem(kind="not_a_file", what="this is not a regular file", remedy="give the file itself")
            content = file.read(max_bytes + 1)
    except OSError as error:
        return _unopened(error)
    except ValueError:  # a path with a NUL
        return PhotoProblem(kind="not_a_file", what="this is no path of a file", remedy="check the path")
    if len(content) > max_bytes:
        return PhotoProblem(
            kind="file_too_large",
            what=f"the file is larger than {max_bytes / 1e6:.0f} MB",
            remedy="give the photo as JPEG or HEIC, as the phone or camera wrote it",
        )
    return content


def _unopened(error: OSError) -> PhotoProblem:
    if isinstance(error, PermissionError):
        return PhotoProblem(
            kind="no_permission",
            what="there is no permission to read this file",
            remedy="allow reading it, or copy it again",
        )
    if isinstance(error, FileNotFoundError):
        return PhotoProblem(kind="missing", what="there is no such file", remedy="check the path")
    if isinstance(error, IsADirectoryError):
        return PhotoProblem(kind="not_a_file", what="this is a folder, not a file", remedy="give the file itself")
    reason = (error.strerror or type(error).__name__).lower()
    return PhotoProblem(kind="unreadable", what=f"the file cannot be read ({reason})", remedy="copy the original again")
