"""A drawn picture made small and encoded without metadata, with what is known of the photo that it shows."""

from datetime import date

import numpy as np

from hairtrack.imaging import drawing
from hairtrack.imaging.types import Rgb8Image
from hairtrack.model import Figure, FigureKind, RegionName
from hairtrack.pipeline.look import Look


def encoded(
    look: Look,
    kind: FigureKind,
    rgb8: Rgb8Image,
    *,
    alt: str,
    long_side_px: int,
    region: RegionName | None = None,
    reference: str | None = None,
    contains_face: bool = False,
) -> Figure:
    """Return a picture of a photo as a figure; `alt` is the finding alone, place and day stand beside it."""
    small = drawing.reduced(np.ascontiguousarray(rgb8), long_side_px)
    return Figure(
        kind=kind,
        file=look.photo.file,
        media_type="image/jpeg",
        content=drawing.encode_jpeg(small),
        width_px=small.shape[1],
        height_px=small.shape[0],
        alt=alt,
        view=look.photo.view,
        region=region,
        taken_on=look.photo.taken_on,
        reference=reference,
        contains_face=contains_face,
    )


def day_of(taken_on: date | None) -> str:
    """Return a day as it is written in a sentence."""
    return taken_on.isoformat() if taken_on else "date unknown"
