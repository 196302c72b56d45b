"""The clinic's letterhead, from the user's settings: a name, an address and a sign for the head of every letter."""

import os
import tomllib
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from hairtrack.model import InputError
from hairtrack.report.letterhead import Letterhead, logo_of

SETTINGS_FILE = "settings.toml"
LOGO_LIMIT_BYTES = 5_000_000
_REMEDY = "correct the file; docs/letter.md tells what it may say"

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class _LetterheadRow(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: Line
    address: list[Line] = []
    logo: Line | None = None


class _SettingsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    letterhead: _LetterheadRow | None = None


def settings_folder() -> Path:
    """Return the folder of the user's settings: HAIRTRACK_CONFIG_DIR, or where this system keeps such things."""
    chosen = os.environ.get("HAIRTRACK_CONFIG_DIR")
    return Path(chosen) if chosen else platformdirs.user_config_path("hairtrack")


def read_letterhead(folder: Path) -> Letterhead | None:
    """Return the letterhead of `settings.toml` in a folder, or None where nothing was set.

    Raises
    ------
    InputError
        When the file or the logo beside it cannot be read or says something else.
    """
    path = folder / SETTINGS_FILE
    try:
        told = _SettingsFile.model_validate(tomllib.loads(path.read_bytes().decode("utf-8"))).letterhead
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"the settings cannot be read: {error}", where=str(path), remedy=_REMEDY) from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise InputError(f"the settings are not as expected: {faults}", where=str(path), remedy=_REMEDY) from error
    if told is None:
        return None
    logo = logo_of(_logo_bytes(folder / told.logo), where=str(folder / told.logo)) if told.logo else None
    return Letterhead(name=told.name, address=tuple(told.address), logo=logo)


def _logo_bytes(path: Path) -> bytes:
    try:
        content = path.read_bytes() if path.stat().st_size <= LOGO_LIMIT_BYTES else b""
    except OSError as error:
        raise InputError(f"the logo cannot be read: {error.strerror}", where=str(path), remedy=_REMEDY) from error
    if not content:
        megabytes = LOGO_LIMIT_BYTES // 1_000_000
        raise InputError(
            "the logo is empty or too large", where=str(path), remedy=f"use a picture of at most {megabytes} MB"
        )
    return content
