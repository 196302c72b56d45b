"""A map of one scalp onto the other with its evidence, before anyone believes it."""

from dataclasses import dataclass

import cv2
import numpy as np

from hairtrack.align.copies import ScalpCopies, scalp_copies, with_head, without_room
from hairtrack.align.evidence import Evidence, likeness_of, weigh
from hairtrack.align.gate import TOO_LITTLE_SHARED, Doubt, held_places, trusted_places
from hairtrack.align.keypoints import Matches
from hairtrack.align.photos import AlignmentInput
from hairtrack.align.room import unmoved_room
from hairtrack.align.scalp import ScalpFit, coarse_fit, first_map, refined_fit, united_heads
from hairtrack.align.settings import AlignSettings
from hairtrack.imaging.outline import inside_of
from hairtrack.imaging.types import Mask
from hairtrack.model import PhotoKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A photo made ready to be matched with any number of others: `head` (h, w) and the copies inside it."""

    photo: AlignmentInput
    head: Mask
    copies: ScalpCopies


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A map of the scalp with the evidence for it, not yet believed.

    `copies` are the reference's; `trusted` (h, w) is where the map would be vouched for.
    """

    copies: ScalpCopies
    fit: ScalpFit
    trusted: Mask
    evidence: Evidence


def prepare(photo: AlignmentInput, settings: AlignSettings) -> Prepared | Doubt:
    """Return the photo ready to be matched, or why it cannot be."""
    head = _head(photo)
    if head is None or 2 * np.sqrt(head.sum() / np.pi) < settings.smallest_head_px:
        return Doubt(
            reason=f"no head large enough to be matched was found in {photo.file}",
            remedy="photograph the head so that it fills most of the picture",
        )
    return Prepared(photo=photo, head=head, copies=scalp_copies(photo.working.rgb8, head, settings.scalp))


def propose(reference: Prepared, moving: Prepared, settings: AlignSettings) -> Proposal | Doubt:
    """Return the best map of one scalp onto the other with its evidence, before the gate; or why there is none.

    Two different heads end at the coarse match. A first map then completes the head masks from each other, since what
    either calls head is head on both, and the pair is matched in full. Where that map holds skin well beyond both
    masks, the heads are first grown by it.
    """
    pictures = reference.photo.working.rgb8, moving.photo.working.rgb8
    one, other = reference.copies, moving.copies
    room = unmoved_room(*pictures, (reference.head, moving.head), settings.room)
    if room is not None:
        one, other = without_room(one, other, room, settings.scalp)
    coarse = coarse_fit(one, other, settings.scalp)
    if coarse is None:
        return TOO_LITTLE_SHARED
    step = settings.scalp.node_step_px
    matches, nodes = first_map(one, other, coarse, settings.scalp)
    heads = united_heads(nodes, (one.head, other.head), node_step_px=step)
    grown = _grown_head(heads[0], one, matches, settings)
    if grown is not None:
        grown_pair = united_heads(nodes, (grown, heads[1]), node_step_px=step)
        one, other = (scalp_copies(rgb8, head, settings.scalp) for rgb8, head in zip(pictures, grown_pair, strict=True))
        if room is not None:
            one, other = without_room(one, other, room, settings.scalp)
        _, nodes = first_map(one, other, coarse, settings.scalp)
        heads = united_heads(nodes, (one.head, other.head), node_step_px=step)
    one, other = with_head(one, heads[0]), with_head(other, heads[1])
    fit = refined_fit(one, other, coarse, settings.scalp)
    if fit is None:
        return TOO_LITTLE_SHARED
    likeness = likeness_of(one, fit)
    trusted = trusted_places(likeness, fit.matches, one.diameter_px, settings.gate)
    evidence = weigh(one, other, fit, likeness=likeness, trusted=trusted, node_step_px=step)
    return TOO_LITTLE_SHARED if evidence is None else Proposal(copies=one, fit=fit, trusted=trusted, evidence=evidence)


def _grown_head(head: Mask, reference: ScalpCopies, matches: Matches, settings: AlignSettings) -> Mask | None:
    """Return the head of the reference grown by what a first map holds beyond it; None when that is little."""
    if len(matches) == 0:
        return None
    held = held_places(matches, (head.shape[0], head.shape[1]), reference.diameter_px, settings.gate) & reference.reach
    if int((held & ~head).sum()) < settings.scalp.least_growth * int(head.sum()):
        return None
    return _hull(np.asarray(head | held, np.bool_))


def _head(photo: AlignmentInput) -> Mask | None:
    """Return where scalp is looked for: the convex hull of the head mask, or all of a close-up.

    A head is convex; bays and holes of its mask are bald skin that was taken for a face.
    """
    if photo.head_mask is None:
        return np.ones(photo.working.rgb8.shape[:2], np.bool_) if photo.kind is PhotoKind.CLOSEUP else None
    return _hull(photo.head_mask)


def _hull(mask: Mask) -> Mask | None:
    """Return the convex hull of a mask; None of an empty one."""
    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    hull = cv2.convexHull(np.concatenate([np.reshape(outline, (-1, 1, 2)) for outline in outlines]))
    height, width = mask.shape
    return inside_of(np.asarray(hull, np.float64).reshape(-1, 2), (height, width))
