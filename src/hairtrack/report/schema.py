"""JSON Schemas of every document that hairtrack writes, generated from the dataclasses of `model`.

The rules are those of `document`: what it writes is exactly what these schemas allow, field by field, and no more.
`python -m hairtrack.report.schema docs/schemas/1` writes them.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hairtrack.model import (
    AlignAnswer,
    AssessAnswer,
    CheckAnswer,
    DoctorAnswer,
    Dossier,
    ErrorAnswer,
    MeasureAnswer,
)
from hairtrack.report.document import is_inline, json_name

DIALECT = "https://json-schema.org/draft/2020-12/schema"

DOCUMENTS: Mapping[str, type] = {
    "dossier": Dossier,
    "check": CheckAnswer,
    "align": AlignAnswer,
    "measure": MeasureAnswer,
    "assess": AssessAnswer,
    "doctor": DoctorAnswer,
    "error": ErrorAnswer,
}
"""Each document by the name of its schema file."""

_SCALARS: Mapping[Any, Mapping[str, str]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    date: {"type": "string", "format": "date"},
    NoneType: {"type": "null"},
}


def schema_of(name: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one document of `DOCUMENTS`."""
    document = DOCUMENTS[name]
    definitions: dict[str, Any] = {}
    body = _object_schema(document, definitions)
    body["properties"]["schema"] = {"const": _schema_word(document)}
    return {
        "$schema": DIALECT,
        "title": _schema_word(document),
        **body,
        "$defs": {key: definitions[key] for key in sorted(definitions)},
    }


def schema_text(name: str) -> str:
    """Return the schema of one document as the text of its file."""
    return json.dumps(schema_of(name), ensure_ascii=False, indent=1) + "\n"


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write every schema as `<name>.schema.json` into a folder and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = tuple(folder / f"{name}.schema.json" for name in DOCUMENTS)
    for name, file in zip(DOCUMENTS, files, strict=True):
        file.write_text(schema_text(name), encoding="utf-8")
    return files


def _schema_word(document: type) -> str:
    return str(next(entry.default for entry in fields(document) if entry.name == "schema"))


def _object_schema(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a dataclass; an inlined union gives one alternative for each of its members."""
    alternatives: list[dict[str, Any]] = [{}]
    hints = get_type_hints(kind)
    for entry in fields(kind):
        hint = hints[entry.name]
        if is_inline(entry):
            members = [_object_schema(member, definitions)["properties"] for member in _members(hint)]
            alternatives = [{**left, **right} for left in alternatives for right in members]
        else:
            node = _node_schema(hint, definitions)
            alternatives = [{**left, json_name(entry): node} for left in alternatives]
    described = {"description": (kind.__doc__ or "").strip().splitlines()[0]}
    objects = [
        {"type": "object", "additionalProperties": False, "required": list(properties), "properties": properties}
        for properties in alternatives
    ]
    return {**described, **objects[0]} if len(objects) == 1 else {**described, "oneOf": objects}


def _members(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _node_schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if hint in _SCALARS:
        return dict(_SCALARS[hint])
    members = _members(hint)
    if len(members) > 1:
        return {"anyOf": [_node_schema(member, definitions) for member in members]}
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return _tuple_schema(arguments, definitions)
    if origin is Mapping:
        return _mapping_schema(arguments, definitions)
    return _named_schema(hint, definitions)


def _named_schema(hint: type, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return a reference to an enumeration or a dataclass, and define it on first sight."""
    name = hint.__name__
    if name not in definitions and is_dataclass(hint):
        definitions[name] = {}  # holds the place while its own fields are walked
        definitions[name] = _object_schema(hint, definitions)
    elif name not in definitions and issubclass(hint, StrEnum):
        words = [member.value for member in hint]
        definitions[name] = {"description": (hint.__doc__ or "").strip().splitlines()[0], "enum": words}
    elif name not in definitions:
        raise TypeError(f"no JSON Schema for {hint!r}")
    return {"$ref": f"#/$defs/{name}"}


def _tuple_schema(arguments: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    if arguments[-1] is Ellipsis:
        return {"type": "array", "items": _node_schema(arguments[0], definitions)}
    return {
        "type": "array",
        "prefixItems": [_node_schema(argument, definitions) for argument in arguments],
        "minItems": len(arguments),
        "maxItems": len(arguments),
    }


def _mapping_schema(arguments: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    key, value = arguments
    schema: dict[str, Any] = {"type": "object", "additionalProperties": _node_schema(value, definitions)}
    if isinstance(key, type) and issubclass(key, StrEnum):
        schema["propertyNames"] = _node_schema(key, definitions)
    return schema


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
