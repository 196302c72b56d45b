"""The order of attempts: the scalp itself, then points marked by a person, else refused with the reason."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.align.evidence import Evidence, weigh
from hairtrack.align.gate import TOO_LITTLE_SHARED, Doubt, doubt_about, expected_error_fraction, trusted_places
from hairtrack.align.landmarks import LandmarkFit, fit_landmarks, landmark_error_px, thinness, widened
from hairtrack.align.photos import Alignment, AlignmentInput
from hairtrack.align.room import unmoved_room
from hairtrack.align.scalp import ScalpCopies, ScalpFit, fit_scalp, node_places, node_shape, scalp_copies, united_heads
from hairtrack.align.settings import AlignSettings, ScalpSettings, scouting_settings
from hairtrack.imaging.grid_warp import GridWarp
from hairtrack.imaging.types import Mask, PointsXY
from hairtrack.model import PhotoKind, Registration, RegistrationStatus, Tier

_DEFAULT = AlignSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A map of the scalp with the evidence for it, not yet believed."""

    copies: ScalpCopies
    fit: ScalpFit
    evidence: Evidence


def register(reference: AlignmentInput, moving: AlignmentInput, *, settings: AlignSettings = _DEFAULT) -> Alignment:
    """Return the moving photo aligned onto the reference, or the reason why they cannot be compared point by point.

    The scalp is tried first; when it cannot be matched beyond what two different heads reach, points marked by a person
    on both photos are used; without at least three of them the pair is refused.
    """
    if reference.kind is not moving.kind:
        return _refused(
            reference,
            moving,
            Doubt(reason="one is a close-up, the other a photo of the head", remedy="compare photos of one kind"),
        )
    outcome = _by_scalp(reference, moving, settings)
    if isinstance(outcome, Alignment):
        return outcome
    names = sorted(set(reference.landmarks_xy) & set(moving.landmarks_xy))
    if len(names) < settings.landmarks.fewest:
        return _refused(reference, moving, outcome)
    by_hand = _by_landmarks(reference, moving, names, settings)
    return by_hand if isinstance(by_hand, Alignment) else _refused(reference, moving, by_hand)


def propose(reference: AlignmentInput, moving: AlignmentInput, settings: AlignSettings) -> Proposal | Doubt:
    """Return the best map of one scalp onto the other with its evidence, before the gate; or why there is none.

    A first, coarse map completes the head masks from each other, since what either calls head is head on both; the pair
    is then matched in full.
    """
    heads: list[Mask] = []
    for photo in (reference, moving):
        head = _head(photo)
        if head is None or 2 * np.sqrt(head.sum() / np.pi) < settings.smallest_head_px:
            return Doubt(
                reason=f"no head large enough to be matched was found in {photo.file}",
                remedy="photograph the head so that it fills most of the picture",
            )
        heads.append(head)
    room = unmoved_room(reference.working.rgb8, moving.working.rgb8, (heads[0], heads[1]), settings.room)
    heads = _without(room, heads)
    scouting = _matched(reference, moving, heads, scouting_settings(settings.scalp))
    if scouting is None:
        return TOO_LITTLE_SHARED
    united = united_heads(scouting[1].view.nodes_xy, (heads[0], heads[1]), node_step_px=settings.scalp.node_step_px)
    found = _matched(reference, moving, _without(room, list(united)), settings.scalp)
    if found is None:
        return TOO_LITTLE_SHARED
    (one, other), fit = found
    evidence = weigh(one, other, fit, node_step_px=settings.scalp.node_step_px)
    return TOO_LITTLE_SHARED if evidence is None else Proposal(copies=one, fit=fit, evidence=evidence)


def _matched(
    reference: AlignmentInput, moving: AlignmentInput, heads: list[Mask], settings: ScalpSettings
) -> tuple[tuple[ScalpCopies, ScalpCopies], ScalpFit] | None:
    """Return both photos' copies and the map of one head onto the other, each inside its mask."""
    one, other = (
        scalp_copies(photo.working.rgb8, head, settings) for photo, head in zip((reference, moving), heads, strict=True)
    )
    fit = fit_scalp(one, other, settings)
    return None if fit is None else ((one, other), fit)


def _by_scalp(reference: AlignmentInput, moving: AlignmentInput, settings: AlignSettings) -> Alignment | Doubt:
    proposal = propose(reference, moving, settings)
    if isinstance(proposal, Doubt):
        return proposal
    doubt = doubt_about(proposal.evidence, settings)
    return doubt or _accepted_scalp(reference, moving, proposal, settings)


def _accepted_scalp(
    reference: AlignmentInput, moving: AlignmentInput, proposal: Proposal, settings: AlignSettings
) -> Alignment:
    """Return the accepted alignment in full-size pixels."""
    copies, fit, evidence = proposal.copies, proposal.fit, proposal.evidence
    trusted = trusted_places(copies, fit, settings.gate)
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
    record = _record(
        reference,
        moving,
        tier=Tier.SCALP,
        expected_error_px=fraction * copies.diameter_px * factor,
        overlap_fraction=float(trusted.sum() / max(1, copies.mask.sum())),
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
    trusted = _filled(hull, (height, width))
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
    record = _record(
        reference,
        moving,
        tier=Tier.LANDMARKS,
        expected_error_px=landmark_error_px(fit, settings.landmarks),
        overlap_fraction=float(trusted.sum() / max(1, head_px)),
        scores=(("landmarks", float(count)), ("left_out_px", round(fit.left_out_px, 3))),
    )
    return Alignment(record=record, warp=warp, reference_trusted=trusted)


def _record(
    reference: AlignmentInput,
    moving: AlignmentInput,
    *,
    tier: Tier,
    expected_error_px: float,
    overlap_fraction: float,
    scores: tuple[tuple[str, float], ...],
) -> Registration:
    scale = reference.px_per_mm
    return Registration(
        reference=reference.file,
        moving=moving.file,
        status=RegistrationStatus.ACCEPTED,
        tier=tier,
        expected_error_px=expected_error_px,
        expected_error_mm=None if scale is None else expected_error_px / scale,
        overlap_fraction=min(1.0, overlap_fraction),
        scores=scores,
    )


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


def _head(photo: AlignmentInput) -> Mask | None:
    """Return where scalp is looked for: the convex hull of the head mask, or all of a close-up.

    A head is convex; bays and holes of its mask are bald skin that was taken for a face.
    """
    if photo.head_mask is None:
        return np.ones(photo.working.rgb8.shape[:2], np.bool_) if photo.kind is PhotoKind.CLOSEUP else None
    outlines, _ = cv2.findContours(photo.head_mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    hull = cv2.convexHull(np.concatenate([np.reshape(outline, (-1, 1, 2)) for outline in outlines]))
    return _filled(np.asarray(hull, np.float64).reshape(-1, 2), photo.head_mask.shape)


def _without(room: Mask | None, heads: list[Mask]) -> list[Mask]:
    """Return the head masks without the unmoved room."""
    return heads if room is None else [np.asarray(head & ~room, np.bool_) for head in heads]


def _nodes_inside(mask: Mask, step: int, shape: tuple[int, int]) -> Mask:
    """Return the mask at the nodes of the map; nodes beyond the picture take the nearest pixel."""
    rows = np.minimum(np.arange(shape[0]) * step, mask.shape[0] - 1)
    columns = np.minimum(np.arange(shape[1]) * step, mask.shape[1] - 1)
    return np.asarray(mask[np.ix_(rows, columns)], np.bool_)


def _filled(polygon_xy: PointsXY, shape: tuple[int, ...]) -> Mask:
    canvas: NDArray[np.uint8] = np.zeros(shape, np.uint8)
    cv2.fillPoly(canvas, [np.round(polygon_xy).astype(np.int32).reshape(-1, 1, 2)], 1)
    return canvas.astype(np.bool_)
