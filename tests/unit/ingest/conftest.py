"""Tiny pictures made on the spot."""

import io
import os
import struct
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

Encode = Callable[..., bytes]


@pytest.fixture
def picture() -> Callable[[int], Image.Image]:
    """Return a maker of different 90 x 70 pictures without symmetry."""

    def make(seed: int = 0) -> Image.Image:
        rows, columns = np.mgrid[0:70, 0:90]
        pixels = np.stack([rows * 3, columns * 2, (rows + columns + seed * 13) % 256], axis=-1).astype(np.uint8)
        pixels[:20, :20] = (250, 20, 20)
        return Image.fromarray(pixels)

    return make


@pytest.fixture
def encode(picture: Callable[[int], Image.Image]) -> Encode:
    """Return a maker of file contents; by default of the picture above."""

    def make(picture_format: str, image: Image.Image | None = None, *, seed: int = 0, **options: object) -> bytes:
        stream = io.BytesIO()
        (image or picture(seed)).save(stream, picture_format, **options)
        return stream.getvalue()

    return make


@pytest.fixture
def write_photo(encode: Encode) -> Callable[..., Path]:
    """Return a writer of photo files, each seed another picture."""

    def write(path: Path, *, seed: int = 0, moment: str | None = None, **options: object) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        if moment is not None:
            exif = Image.Exif()
            exif[0x0112] = 1  # Pillow writes no EXIF that has sub-tables alone
            exif.get_ifd(0x8769)[0x9003] = moment
            options["exif"] = exif
        path.write_bytes(encode("PNG", seed=seed, **options))
        return path

    return write


@pytest.fixture
def display_p3() -> bytes:
    """Return a colour profile with the primaries of Display P3 (adapted to D50) and the curve of sRGB."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + fixed(*values)

    curve = b"para\0\0\0\0" + struct.pack(">HH", 3, 0) + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    name = b"wide"
    tags = (
        (b"desc", b"desc\0\0\0\0" + struct.pack(">I", len(name) + 1) + name + b"\0" + b"\0" * 78),
        (b"wtpt", xyz(0.9642, 1.0, 0.8249)),
        (b"rXYZ", xyz(0.5151, 0.2412, -0.0011)),
        (b"gXYZ", xyz(0.2919, 0.6922, 0.0419)),
        (b"bXYZ", xyz(0.1572, 0.0666, 0.7841)),
        *((tag, curve) for tag in (b"rTRC", b"gTRC", b"bTRC")),
        (b"cprt", b"text\0\0\0\0none\0"),
    )
    body_at = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for tag, content in tags:
        padded = content + b"\0" * (-len(content) % 4)
        table += tag + struct.pack(">II", body_at + len(body), len(padded))
        body += padded
    head = struct.pack(">I4sI4s4s4s12x4s", body_at + len(body), b"lcms", 0x02400000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    head = head.ljust(68, b"\0") + fixed(0.9642, 1.0, 0.8249)
    return head.ljust(128, b"\0") + table + body


@pytest.fixture
def powerless() -> Iterator[Path]:
    """Return a folder of a user without rights, who runs the test: to root, no permission is ever missing."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
    finally:
        if root:
            os.seteuid(0)
