"""What was worked out once and need not be worked out again, by the hash of what went in."""

import hashlib
import os
import pickle
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar, cast

import hairtrack
from hairtrack.model import StoreError

Value = TypeVar("Value")

LIMIT_BYTES = 4_000_000_000
"""Of a lasting shelf: about 1,000 photos; the longest unused go first."""


def digest(*parts: object) -> str:
    """Return the SHA-256 of the `repr` of the parts: frozen dataclasses, strings and numbers have a stable one."""
    return hashlib.sha256("\x1f".join(map(repr, parts)).encode()).hexdigest()


@cache
def program() -> str:
    """Return what names this very program: its version, its files and its models, by size and time of change.

    A result of yesterday's program, or of another model under the same version, is never taken for today's.
    """
    package = Path(hairtrack.__file__).parent
    folders = (package, package.parents[1] / "models")
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".toml", ".npz"})
    return digest(hairtrack.__version__, [(p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in files])


@dataclass(frozen=True, slots=True)
class Token(Generic[Value]):
    """A name for a value on a shelf: cheap to pass between processes while the value is large."""

    key: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of values, each in a file named by the hash of what it was made from.

    A file is written whole and then renamed, so that two processes may use one shelf. Values are pickled: the folder
    must belong to this user alone, which `open` sees to.

    Parameters
    ----------
    folder
        Where the values lie.
    """

    folder: Path

    @classmethod
    def open(cls, folder: Path) -> "Shelf":
        """Return the shelf in `folder`, made readable by this user alone.

        Raises
        ------
        StoreError
            When the folder cannot be made, or belongs to somebody else.
        """
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            owner = folder.stat().st_uid
        except OSError as error:
            raise StoreError(
                f"the cache folder cannot be used: {error.strerror}",
                where=str(folder),
                remedy="choose another with HAIRTRACK_CACHE_DIR or go without with --no-cache",
            ) from error
        if hasattr(os, "getuid") and owner != os.getuid():
            raise StoreError(
                "the cache folder belongs to another user",
                where=str(folder),
                remedy="choose another with HAIRTRACK_CACHE_DIR or go without with --no-cache",
            )
        return cls(folder)

    def put(self, key: str, value: Value) -> Token[Value]:
        """Lay a value on the shelf and return its token."""
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as unfinished:
            pickle.dump(value, unfinished, protocol=pickle.HIGHEST_PROTOCOL)
        Path(unfinished.name).replace(self._path(key))
        return Token(key)

    def take(self, token: Token[Value]) -> Value:
        """Return a copy of the value that a token names.

        Raises
        ------
        StoreError
            When it is not there or cannot be read.
        """
        try:
            with self._path(token.key).open("rb") as stored:
                return cast("Value", pickle.load(stored))  # noqa: S301 written by this user into a folder of this user alone
        except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError) as error:
            raise StoreError(
                "a cached result cannot be read", where=token.key[:12], remedy="run again with --no-cache"
            ) from error

    def find(self, key: str) -> Value | None:
        """Return the value under a key, marked as used, or None; one that cannot be read any more is taken away."""
        path = self._path(key)
        if not path.exists():
            return None
        try:
            value: Value = self.take(Token(key))
        except StoreError:
            path.unlink(missing_ok=True)
            return None
        path.touch()
        return value

    def holds(self, token: Token[Value]) -> bool:
        """Return whether a value lies under a token, and mark it as used."""
        path = self._path(token.key)
        if not path.exists():
            return False
        path.touch()
        return True

    def trim(self, limit_bytes: int = LIMIT_BYTES) -> None:
        """Take the longest unused values away until the rest fits."""
        kept_bytes = 0
        for path in sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True):
            kept_bytes += path.stat().st_size
            if kept_bytes > limit_bytes:
                path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.pickle"
