"""How well a fitted map explains two photos: the scores that the gate and the expected error rest on."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.align.copies import ScalpCopies
from hairtrack.align.remainder import sampled
from hairtrack.align.scalp import ScalpFit
from hairtrack.imaging.types import FractionMap, GrayImage, Mask

_TILE_CORRELATION = 0.3
_LIKENESS_WINDOW = 0.03  # of the head's diameter: a patch of scalp with texture enough to be told from another
_FOLD = 0.15  # area of a cell of the map over the median cell; below it the map folds


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Scores of one fitted map, all on the scalp that both photos show.

    Parameters
    ----------
    matches
        Matches that hold the map.
    matches_spread
        Share of the scalp (in cells of an eighth of its diameter) that holds a match.
    coarse_share
        Matches that agreed on a plane, of those tried.
    correlation
        Of the strand-suppressed copies, -1 to 1.
    tile_share
        Share of the scalp whose local correlation exceeds 0.3.
    miss_fraction
        Median miss of forward and backward motion over trusted places, over the head's diameter.
    residual_fraction
        Median distance of a match from the map, over the head's diameter.
    disagreement_fraction
        Median distance of where matches alone put a trusted place from where dense motion then moved it, over the
        head's diameter: two ways that err apart.
    fold_share
        Share of the map's cells that fold over or nearly so.
    overlap_fraction
        Share of the reference scalp on which the moving photo shows scalp.
    """

    matches: int
    matches_spread: float
    coarse_share: float
    correlation: float
    tile_share: float
    miss_fraction: float
    residual_fraction: float
    disagreement_fraction: float
    fold_share: float
    overlap_fraction: float

    def as_scores(self) -> tuple[tuple[str, float], ...]:
        """Return name and value of every score, rounded for the record."""
        return tuple((name, round(float(getattr(self, name)), 6)) for name in self.__slots__)


def local_correlation(reference: GrayImage, laid: GrayImage, overlap: Mask, *, window_px: float) -> FractionMap:
    """Return the correlation of two copies in a Gaussian window round every pixel, NaN outside the overlap."""
    inside = overlap.astype(np.float32)

    def mean(plane: NDArray[np.float32]) -> NDArray[np.float32]:
        # a wide window is smooth: half the size gives the same at a quarter of the cost
        small = cv2.resize(plane, (plane.shape[1] // 2, plane.shape[0] // 2), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.GaussianBlur(small, (0, 0), window_px / 2), np.float32)

    weight = np.maximum(mean(inside), 1e-3)
    one, other = reference * inside, laid * inside
    mean_one, mean_other = mean(one) / weight, mean(other) / weight
    covariance = mean(one * other) / weight - mean_one * mean_other
    variance_one = np.maximum(mean(one * one) / weight - mean_one**2, 1e-3)
    variance_other = np.maximum(mean(other * other) / weight - mean_other**2, 1e-3)
    half = covariance / np.sqrt(variance_one * variance_other)
    height, width = reference.shape
    full = cv2.resize(np.asarray(half, np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.where(overlap, np.clip(full, -1, 1), np.nan), np.float32)


def likeness_of(reference: ScalpCopies, fit: ScalpFit) -> FractionMap:
    """Return the local correlation of a pair seen through its map, (h, w), NaN outside the overlap."""
    window_px = _LIKENESS_WINDOW * reference.diameter_px
    return local_correlation(reference.suppressed, fit.view.laid_suppressed, fit.view.overlap, window_px=window_px)


def weigh(
    reference: ScalpCopies,
    moving: ScalpCopies,
    fit: ScalpFit,
    *,
    likeness: FractionMap,
    trusted: Mask,
    node_step_px: int,
) -> Evidence | None:
    """Return the evidence for a fit, or None when the two scalps do not overlap.

    Parameters
    ----------
    reference, moving
        The pair.
    fit
        The map.
    likeness, trusted
        (h, w) from `likeness_of`, and where the map would be vouched for.
    node_step_px
        Distance of the map's nodes.
    """
    if not fit.view.overlap.any():
        return None
    unit = reference.diameter_px
    area = _cell_areas(fit.view.nodes_xy)
    inside = _at_nodes(fit.view.overlap, area.shape, node_step_px)
    middle = float(np.median(area[inside])) if inside.any() else 0.0
    column, row = np.round(fit.matches.reference_xy).astype(int).T
    matches = fit.matches.kept(reference.head[row, column])
    predicted = sampled(fit.view.nodes_xy, matches.reference_xy, node_step_px)
    residual = np.linalg.norm(matches.moving_xy - predicted, axis=1)
    return Evidence(
        matches=len(matches),
        matches_spread=_spread(matches.reference_xy, reference.head, unit / 8),
        coarse_share=fit.coarse_matches / max(1, fit.tried_matches),
        correlation=_correlation(reference.suppressed[fit.view.overlap], fit.view.laid_suppressed[fit.view.overlap]),
        tile_share=float((likeness[fit.view.overlap] > _TILE_CORRELATION).mean()),
        miss_fraction=float(np.median(fit.view.miss_px[trusted if trusted.any() else fit.view.overlap])) / unit,
        residual_fraction=float(np.median(residual) if len(residual) else 1.0) / moving.diameter_px,
        disagreement_fraction=_disagreement_px(fit, trusted, node_step_px) / moving.diameter_px,
        fold_share=1.0 if middle <= 0 else float((area[inside] < _FOLD * middle).mean()),
        overlap_fraction=float(fit.view.overlap.sum() / max(1, reference.head.sum())),
    )


def _disagreement_px(fit: ScalpFit, trusted: Mask, step: int) -> float:
    """Return the median distance of both maps over trusted nodes; over all when none is trusted."""
    apart = np.linalg.norm(fit.view.moved_xy - fit.view.matched_xy, axis=2)
    inside = _at_nodes(trusted, apart.shape, step)
    return float(np.median(apart[inside] if inside.any() else apart))


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    one, other = one - one.mean(), other - other.mean()
    return float((one * other).sum() / np.sqrt(max(float((one**2).sum() * (other**2).sum()), 1e-12)))


def _spread(points_xy: NDArray[np.float64], mask: Mask, cell_px: float) -> float:
    """Return the share of the mask's cells that hold a point."""
    rows, columns = np.nonzero(mask[::4, ::4])
    scalp = {(r, c) for r, c in zip((rows * 4 // cell_px).tolist(), (columns * 4 // cell_px).tolist(), strict=True)}
    cells = np.floor(points_xy / cell_px)
    held = {(float(y), float(x)) for x, y in cells}
    return len(scalp & held) / max(1, len(scalp))


def _cell_areas(nodes_xy: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the signed area of every cell of the map, (h - 1, w - 1)."""
    across = np.diff(nodes_xy, axis=1)[:-1].astype(np.float64)
    down = np.diff(nodes_xy, axis=0)[:, :-1].astype(np.float64)
    return np.asarray(across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0], np.float64)


def _at_nodes(mask: Mask, shape: tuple[int, ...], step: int) -> Mask:
    """Return the mask at the first node of every cell; cells that begin beyond the picture are outside."""
    inside = np.zeros(shape, np.bool_)
    seen = mask[::step, ::step][: shape[0], : shape[1]]
    inside[: seen.shape[0], : seen.shape[1]] = seen
    return inside
