"""hairtrack: dated scalp photos in, an honest progress report out.

>>> import hairtrack
>>> hairtrack.assess({"treatments": [{"kind": "fue"}]})  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from hairtrack.pipeline.api import (
        analyse,
        assess,
        coverage,
        hair_mask,
        head_mask,
        load_photo,
        match_hairs,
        read_closeup,
        register,
    )

__all__ = [
    "__version__",
    "analyse",
    "assess",
    "coverage",
    "hair_mask",
    "head_mask",
    "load_photo",
    "match_hairs",
    "read_closeup",
    "register",
]


def __getattr__(name: str) -> object:
    """Return a public name, loading the rooms behind it at its first use: `hairtrack --help` needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module 'hairtrack' has no attribute {name!r}")
    from hairtrack.pipeline import api  # noqa: PLC0415 that is the point

    return getattr(api, name)


def __dir__() -> list[str]:
    return list(__all__)
