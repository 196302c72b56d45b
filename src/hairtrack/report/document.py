"""Values of `model` as the JSON tree that files and other programs read.

Field order is the order of declaration. Two words of field metadata bend the tree to the published interface:
`json_name` renames a field, `json_inline` merges the fields of a nested value into its parent.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from hairtrack.model import HairtrackError

SIGNIFICANT_DIGITS = 6
"""Digits kept of a float: far below every stated uncertainty, far above the noise of the last bits."""


def json_name(entry: Field[Any]) -> str:
    """Return the name of a dataclass field in JSON."""
    return str(entry.metadata.get("json_name", entry.name))


def is_inline(entry: Field[Any]) -> bool:
    """Return whether the fields of this field's value stand in the parent object."""
    return bool(entry.metadata.get("json_inline", False))


def to_document(value: object) -> dict[str, Any]:
    """Return a dataclass of `model` as a tree of dicts, lists, strings, numbers, booleans and None.

    Raises
    ------
    HairtrackError
        When the value holds something that JSON cannot say: a float that is not finite, bytes, an unknown type.
    """
    if not is_dataclass(value) or isinstance(value, type):
        raise HairtrackError(
            f"a {type(value).__name__} is no value of the model",
            where="to_document",
            remedy="pass a dataclass instance",
        )
    return _object(value, where=type(value).__name__)


def to_json(value: object) -> str:
    """Return a dataclass of `model` as JSON text, UTF-8 letters as they are, one line end at the end."""
    return json.dumps(to_document(value), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _object(value: Any, *, where: str) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for entry in fields(value):
        here = f"{where}.{entry.name}"
        part = getattr(value, entry.name)
        additions = _object(part, where=here) if is_inline(entry) else {json_name(entry): _node(part, where=here)}
        doubled = tree.keys() & additions.keys()
        if doubled:
            raise HairtrackError(f"two fields are called {sorted(doubled)} in JSON", where=here, remedy="rename one")
        tree |= additions
    return tree


def _node(value: Any, *, where: str) -> Any:
    if is_dataclass(value):
        return _object(value, where=where)
    if isinstance(value, Mapping):
        return {str(key): _node(part, where=f"{where}[{key}]") for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_node(part, where=f"{where}[{index}]") for index, part in enumerate(value)]
    return _scalar(value, where=where)


def _scalar(value: Any, *, where: str) -> str | int | float | bool | None:
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise HairtrackError(f"{value} is not a finite number", where=where, remedy="use NotMeasured or None")
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}") + 0.0  # + 0.0 turns -0.0 into 0.0
    if isinstance(value, date):
        return value.isoformat()
    raise HairtrackError(f"a {type(value).__name__} cannot be written as JSON", where=where, remedy="use plain values")
