"""The order of attempts: the scalp itself, then points marked by a person or the head as a whole; else refused."""

from dataclasses import replace

import numpy as np

from hairtrack.align.gate import Doubt, doubt_about, expected_error_fraction
from hairtrack.align.head_tier import align_heads
from hairtrack.align.landmarks import LandmarkFit, fit_landmarks, landmark_error_px, thinness, widened
from hairtrack.align.photos import Alignment, AlignmentInput, accepted_record
from hairtrack.align.proposal import Prepared, Proposal, prepare, propose
from hairtrack.align.scalp import node_places, node_shape
from hairtrack.align.settings import AlignSettings
from hairtrack.imaging.grid_warp import GridWarp
from hairtrack.imaging.outline import inside_of
from hairtrack.imaging.types import Mask, PointsXY
from hairtrack.model import PhotoKind, Registration, RegistrationStatus, Tier

_DEFAULT = AlignSettings()

AGREEING_ERRORS = 2.45
"""Joint standard errors within which two ways to one place agree: 95 % of a two-dimensional normal distribution
(Rayleigh), where the standard error is that of one axis; ours is of both, so the test is the wider."""


def register(reference: AlignmentInput, moving: AlignmentInput, *, settings: AlignSettings = _DEFAULT) -> Alignment:
    """Return the moving photo aligned onto the reference, or the reason why they cannot be compared point by point.

    The scalp is tried first. When it cannot be matched beyond what two different heads reach, it is points marked by a
    person on both photos, at least three of them, or the broad pattern of the head, which tells regions as wholes apart
    and no more: whichever is surer where they agree, else the points. What none of them vouches for is refused.
    """
    if reference.kind is not moving.kind:
        return _refused(
            reference,
            moving,
            Doubt(reason="one is a close-up, the other a photo of the head", remedy="compare photos of one kind"),
        )
    if reference.kind is PhotoKind.CLOSEUP:
        settings = replace(settings, scalp=settings.closeup)
    prepared = _both_prepared(reference, moving, settings)
    outcome = prepared if isinstance(prepared, Doubt) else _by_scalp(*prepared, settings)
    if isinstance(outcome, Alignment):
        return outcome
    names = sorted(set(reference.landmarks_xy) & set(moving.landmarks_xy))
    by_hand = outcome if len(names) < settings.landmarks.fewest else _by_landmarks(reference, moving, names, settings)
    as_whole = None if isinstance(prepared, Doubt) else align_heads(reference, moving, settings=settings.head)
    if isinstance(by_hand, Doubt):
        return as_whole or _refused(reference, moving, by_hand)
    marks_xy = tuple(np.array([photo.landmarks_xy[name] for name in names]) for photo in (reference, moving))
    return as_whole if as_whole and surer_than_marks(as_whole, by_hand, *marks_xy) else by_hand


def surer_than_marks(as_whole: Alignment, by_hand: Alignment, reference_xy: PointsXY, moving_xy: PointsXY) -> bool:
    """Return whether the whole head tells more than marked points: a smaller error, and the marks agree with it.

    Marks that lie further from where the head has them than both errors allow are believed rather than the head: a
    person saw what the pattern may have missed.

    Parameters
    ----------
    as_whole, by_hand
        Accepted alignments of one pair.
    reference_xy, moving_xy
        (N, 2) the marked points in full-size pixels.
    """
    head_px, marks_px = (alignment.record.expected_error_px or np.inf for alignment in (as_whole, by_hand))
    if as_whole.warp is None or head_px >= marks_px:
        return False
    apart = np.linalg.norm(as_whole.warp.moving_from_reference(reference_xy) - moving_xy, axis=1)
    seen = apart[np.isfinite(apart)]
    return len(seen) > 0 and float(np.sqrt(np.mean(seen**2))) <= AGREEING_ERRORS * float(np.hypot(head_px, marks_px))


def _both_prepared(
    reference: AlignmentInput, moving: AlignmentInput, settings: AlignSettings
) -> tuple[Prepared, Prepared] | Doubt:
    one = prepare(reference, settings)
    if isinstance(one, Doubt):
        return one
    other = prepare(moving, settings)
    return other if isinstance(other, Doubt) else (one, other)


def _by_scalp(reference: Prepared, moving: Prepared, settings: AlignSettings) -> Alignment | Doubt:
    proposal = propose(reference, moving, settings)
    if isinstance(proposal, Doubt):
        return proposal
    doubt = doubt_about(proposal.evidence, settings)
    return doubt or _accepted_scalp(reference.photo, moving.photo, proposal, settings)


def _accepted_scalp(
    reference: AlignmentInput, moving: AlignmentInput, proposal: Proposal, settings: AlignSettings
) -> Alignment:
    """Return the accepted alignment in full-size pixels."""
    copies, fit, evidence, trusted = proposal.copies, proposal.fit, proposal.evidence, proposal.trusted
    step = settings.scalp.node_step_px
    height, width = fit.view.nodes_xy.shape[:2]
    moving_xy = moving.working.full_from_working(fit.view.nodes_xy.reshape(-1, 2).astype(np.float64))
    factor = reference.working.full_per_working
    warp = GridWarp(
        nodes_xy=moving_xy.reshape(height, width, 2),
        trusted=_nodes_inside(trusted, step, (height, width)),
        step_px=step * factor,
        origin_px=(factor - 1) / 2,
    )
    fraction = expected_error_fraction(evidence, settings.expected_error)
    record = accepted_record(
        reference,
        moving,
        tier=Tier.SCALP,
        expected_error_px=fraction * copies.diameter_px * factor,
        overlap_fraction=float(trusted.sum() / max(1, copies.head.sum())),
        scores=evidence.as_scores(),
    )
    return Alignment(record=record, warp=warp, reference_trusted=trusted)


def _by_landmarks(
    reference: AlignmentInput, moving: AlignmentInput, names: list[str], settings: AlignSettings
) -> Alignment | Doubt:
    chosen = settings.landmarks
    reference_xy = np.array([reference.landmarks_xy[name] for name in names], np.float64)
    moving_xy = np.array([moving.landmarks_xy[name] for name in names], np.float64)
    if min(thinness(reference_xy), thinness(moving_xy)) < chosen.thinnest:
        return Doubt(
            reason="the marked points lie nearly on one line and fix no alignment",
            remedy="mark a point off that line, for example the whorl or the middle of the hairline",
        )
    fit = fit_landmarks(reference_xy, moving_xy, chosen)
    if fit.mirrored or fit.left_out_px > chosen.largest_left_out_fraction * fit.spread_px * fit.scale:
        return Doubt(
            reason="the marked points contradict each other"
            + (": one photo is mirrored or left and right are swapped" if fit.mirrored else ""),
            remedy="check that each name marks the same point of the head on both photos",
        )
    return _accepted_landmarks(reference, moving, fit, (len(names), settings))


def _accepted_landmarks(
    reference: AlignmentInput,
    moving: AlignmentInput,
    fit: LandmarkFit,
    context: tuple[int, AlignSettings],
) -> Alignment:
    count, settings = context
    step = settings.scalp.node_step_px
    height, width = reference.working.rgb8.shape[:2]
    shape = node_shape((height, width), step)
    full_xy = reference.working.full_from_working(node_places(shape, step))
    factor = reference.working.full_per_working
    hull = reference.working.working_from_full(
        widened(fit.hull_xy, by_fraction=settings.landmarks.hull_margin_fraction)
    )
    trusted = inside_of(hull, (height, width))
    moving_height, moving_width = moving.working.full_shape
    mapped = fit.map(full_xy)
    shown = ((mapped >= 0) & (mapped <= (moving_width - 1, moving_height - 1))).all(axis=1).reshape(shape)
    warp = GridWarp(
        nodes_xy=mapped.reshape(*shape, 2),
        trusted=_nodes_inside(trusted, step, shape) & shown,
        step_px=step * factor,
        origin_px=(factor - 1) / 2,
    )
    if reference.head_mask is not None:
        trusted &= reference.head_mask
    head_px = int(reference.head_mask.sum()) if reference.head_mask is not None else trusted.size
    record = accepted_record(
        reference,
        moving,
        tier=Tier.LANDMARKS,
        expected_error_px=landmark_error_px(fit, settings.landmarks),
        overlap_fraction=float(trusted.sum() / max(1, head_px)),
        scores=(("landmarks", float(count)), ("left_out_px", round(fit.left_out_px, 3))),
    )
    return Alignment(record=record, warp=warp, reference_trusted=trusted)


def _refused(reference: AlignmentInput, moving: AlignmentInput, doubt: Doubt) -> Alignment:
    record = Registration(
        reference=reference.file,
        moving=moving.file,
        status=RegistrationStatus.REFUSED,
        tier=Tier.NONE,
        reason=doubt.reason,
        remedy=doubt.remedy,
        scores=doubt.scores,
    )
    return Alignment(record=record, warp=None, reference_trusted=None)


def _nodes_inside(mask: Mask, step: int, shape: tuple[int, int]) -> Mask:
    """Return the mask at the nodes of the map; nodes beyond the picture take the nearest pixel."""
    rows = np.minimum(np.arange(shape[0]) * step, mask.shape[0] - 1)
    columns = np.minimum(np.arange(shape[1]) * step, mask.shape[1] - 1)
    return np.asarray(mask[np.ix_(rows, columns)], np.bool_)
