"""The share of the scalp that hair hides in a region, with its error by source."""

import numpy as np

from hairtrack.imaging.types import FractionMap, Mask
from hairtrack.measure.settings import MeasureSettings
from hairtrack.measure.told import told
from hairtrack.model import Measured, NotMeasured

METHOD = "coverage_fraction@1"
BLOCKS_ACROSS = 10
"""Blocks of a tenth of the region's width are larger than a tuft, so that neighbours err independently."""

LEAST_PIXELS = 100
WHOLE_SEEN_FRACTION = 0.8

NOT_SEEN = NotMeasured(
    reason="too little of the region is seen",
    remedy="take the photo so that the whole region lies in the picture",
    flags=("not_seen",),
)


def measure_coverage(
    opacity: FractionMap,
    region_mask: Mask,
    *,
    head_mask: Mask,
    excluded: Mask,
    doubt: FractionMap,
    position_std_px: float = 0.0,
    region_seen_fraction: float = 1.0,
    settings: MeasureSettings,
) -> Measured | NotMeasured:
    """Return `coverage_fraction`, the mean opacity of hair over the scalp of a region, 0-1.

    Higher is more hair in sight. Valid for one region of one head; two dates compare only when length, wetness and
    style are alike, since combing and cutting move it by up to 0.3 at the same number of hairs.

    Parameters
    ----------
    opacity
        (H, W) share of the scalp hidden by hair.
    region_mask
        (H, W) the region.
    head_mask
        (H, W) hair-bearing scalp and hair; the region counts only there.
    excluded
        (H, W) glare, marks, text.
    doubt
        (H, W) by how much the mean opacity around each pixel is likely to be off.
    position_std_px
        Standard error of the region's place, pixels of these arrays.
    region_seen_fraction
        Share of the region that lies in the picture.
    settings
        Limits and calibrated errors.
    """
    asked = int(region_mask.sum())
    on_head = region_mask & head_mask
    used = on_head & ~excluded
    absence = _why_not(asked, on_head, used, doubt=doubt, region_seen_fraction=region_seen_fraction, settings=settings)
    if absence is not None:
        return absence
    value = float(opacity[used].mean())
    mean_doubt = float(doubt[used].mean())
    limited = mean_doubt > settings.limiting_doubt
    seen = region_seen_fraction * float(used.sum()) / asked
    flags = (("low_contrast",) if limited else ()) + (("partly_seen",) if seen < WHOLE_SEEN_FRACTION else ())
    return told(
        value,
        {
            "segmentation": settings.segmentation_std + settings.segmentation_std_per_doubt * mean_doubt,
            "sampling": sampling_std(opacity, used),
            "region_position": _position_std(opacity, used, position_std_px),
            "illumination": settings.illumination_std,
        },
        method=METHOD,
        lowest=0.0,
        highest=1.0,
        flags=flags,
        area_seen_fraction=seen,
    )


def _why_not(
    asked: int,
    on_head: Mask,
    used: Mask,
    *,
    doubt: FractionMap,
    region_seen_fraction: float,
    settings: MeasureSettings,
) -> NotMeasured | None:
    if asked < LEAST_PIXELS or region_seen_fraction * on_head.sum() < settings.least_seen_fraction * max(asked, 1):
        return NOT_SEEN
    if used.sum() < (1 - settings.most_glare_fraction) * on_head.sum():
        return NotMeasured(
            reason="glare or marks cover too much of the region",
            remedy="put the lamp behind you, switch the flash off, and dab the scalp dry",
            flags=("glare_on_scalp",),
        )
    if float(doubt[used].mean()) > settings.most_doubt:
        return NotMeasured(
            reason="hair and skin cannot be told apart",
            remedy="take the photo in brighter, even light, and nearer",
            flags=("low_contrast",),
        )
    return None


def sampling_std(values: FractionMap, used: Mask) -> float:
    """Return the standard error of a mean over `used` from the differences of neighbouring blocks.

    Differences of neighbours leave out what changes slowly over the region, which is no error (the successive
    difference estimator of systematic sampling, Wolter 2007, doi 10.1007/978-0-387-35099-8, ch. 8). On drawn heads they
    come near what hair of 3 and 10 mm does when it is laid anew. Longer hair lies otherwise as a whole: that moves a
    region by .01 to .03, of which neither they nor a bootstrap of the same blocks, half as large again, see a third;
    the error between photos holds it (validation/results/coverage_sampling.txt).
    """
    rows, columns = np.nonzero(used)
    side = max(2, int(np.ceil(np.sqrt(len(rows)) / BLOCKS_ACROSS)))
    row, column = (rows - rows.min()) // side, (columns - columns.min()) // side
    shape = int(row.max()) + 1, int(column.max()) + 1
    place = row * shape[1] + column
    count = np.bincount(place, minlength=shape[0] * shape[1]).reshape(shape)
    total = np.bincount(place, weights=values[used], minlength=shape[0] * shape[1]).reshape(shape)
    full = count >= side * side / 2
    mean = np.where(full, total / np.maximum(count, 1), 0.0)
    squares = [
        (mean[1:] - mean[:-1])[full[1:] & full[:-1]] ** 2,
        (mean[:, 1:] - mean[:, :-1])[full[:, 1:] & full[:, :-1]] ** 2,
    ]
    differences = np.concatenate(squares)
    if len(differences) == 0:
        return 0.5  # one block tells nothing: as wide as a fraction can be
    return float(np.sqrt(differences.mean() / 2 / max(1, int(full.sum()))))


def _position_std(opacity: FractionMap, used: Mask, position_std_px: float) -> float:
    """Return the change of the mean when the region is moved by its standard error across and down."""
    step = round(position_std_px)
    if step == 0:
        return 0.0
    changes = []
    for shift in ((0, step), (step, 0)):
        ahead = opacity[_moved(used, shift)]
        behind = opacity[_moved(used, (-shift[0], -shift[1]))]
        if ahead.size and behind.size:
            changes.append(float(ahead.mean() - behind.mean()) / 2)
    return float(np.hypot(changes[0], changes[1])) if len(changes) == 2 else 0.5  # noqa: PLR2004 both axes, else as wide as can be


def _moved(mask: Mask, shift: tuple[int, int]) -> Mask:
    """Return a mask moved by rows and columns, False where it comes from outside."""
    height, width = mask.shape
    down, right = shift
    moved = np.zeros_like(mask)
    target = slice(max(0, down), min(height, height + down)), slice(max(0, right), min(width, width + right))
    source = slice(max(0, -down), min(height, height - down)), slice(max(0, -right), min(width, width - right))
    moved[target] = mask[source]
    return moved
