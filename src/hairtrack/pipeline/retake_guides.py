"""For every refused photo of a head, by itself or on its reference: a drawn guide, and in words how to move."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hairtrack.align.settings import AlignSettings
from hairtrack.imaging import drawing
from hairtrack.imaging.guide_drawing import draw_aim, draw_ghost_head, typical_head
from hairtrack.model import Figure, FigureKind, PhotoKind, QualityDecision, RegistrationStatus, View
from hairtrack.pipeline.compare import Pair, Series, likely_turn, seen
from hairtrack.pipeline.encoding import encoded
from hairtrack.pipeline.look import Look
from hairtrack.pipeline.shelf import Shelf
from hairtrack.quality import guidance_sentences

GUIDE_LONG_SIDE_PX = 400
FILL_THE_OUTLINE = "The head should fill the outline."


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideTask:
    """A refused photo, and the reference of its view; None where no good photo of the view exists."""

    look: Look
    reference: Look | None
    show_face: bool
    shelf: Shelf
    settings: AlignSettings

    @property
    def file(self) -> str:
        """The photo that is worked on."""
        return self.look.photo.file


def guides_of(
    looks: Iterable[Look],
    series: Iterable[Series],
    pairs: Iterable[Pair],
    *,
    show_face: bool,
    shelf: Shelf,
    settings: AlignSettings,
) -> tuple[GuideTask, ...]:
    """Return what is to be drawn for the refused photos of heads, in the order of the photos.

    A photo is refused by the gate, or good by itself but not to be laid on the reference of its view.
    """
    reference_of: Mapping[View, Look] = {one.view: one.reference for one in series}
    not_laid = {pair.moving.photo.file for pair in pairs if pair.registration.status is RegistrationStatus.REFUSED}
    return tuple(
        GuideTask(
            look=look,
            reference=reference_of.get(look.photo.view) if look.photo.view else None,
            show_face=show_face,
            shelf=shelf,
            settings=settings,
        )
        for look in looks
        if look.photo.kind is PhotoKind.GLOBAL
        and (look.quality.decision is QualityDecision.RETAKE or look.photo.file in not_laid)
    )


def draw_guide(task: GuideTask) -> Figure:
    """Return the guide: the refused photo's scalp under the outline to match, or the outline alone.

    A photo on which no head was found is never shown: it may show a face.
    """
    earlier = seen(task.reference, task.shelf) if task.reference else None
    reference = earlier.pixels if earlier else None
    aim = reference.head_mask if reference else None
    later = seen(task.look, task.shelf) if task.look.pixels else None
    own = later.pixels if later else None
    words: tuple[str, ...] = (FILL_THE_OUTLINE,)
    if own is not None and own.head_mask is not None:
        photo = own.working.rgb8
        visible = photo if task.show_face else drawing.hide_outside(photo, own.head_mask)
        picture = draw_aim(visible, head=own.head_mask, aim=typical_head() if aim is None else aim)
        if earlier is not None and later is not None and aim is not None:
            words = guidance_sentences(
                aim,
                own.head_mask,
                warp=None,
                view=task.look.photo.view,
                likely_turn_deg=likely_turn(earlier, later, settings=task.settings),
            )
    elif reference is None or aim is None:
        picture = draw_ghost_head(typical_head())
    else:
        picture = draw_ghost_head(aim, ghost_rgb8=reference.working.rgb8)
    shows_photo = own is not None and own.head_mask is not None
    return encoded(
        task.look,
        FigureKind.GHOST_OUTLINE,
        picture,
        alt=" ".join(words),
        reference=task.reference.photo.file if task.reference else None,
        contains_face=task.show_face and shows_photo,
        long_side_px=GUIDE_LONG_SIDE_PX,
    )
