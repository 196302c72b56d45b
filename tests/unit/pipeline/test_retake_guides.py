"""Every refused photo of a head gets a drawn guide; none shows what may be a face."""

import cv2
import numpy as np
import pytest

from hairtrack.align import AlignSettings
from hairtrack.imaging.drawing import HIDDEN_RGB
from hairtrack.imaging.photo import working_image
from hairtrack.model import (
    FigureKind,
    Photo,
    PhotoKind,
    QualityDecision,
    QualityReport,
    Registration,
    RegistrationStatus,
    Tier,
    View,
)
from hairtrack.pipeline.compare import Pair, Series
from hairtrack.pipeline.look import Look, Pixels
from hairtrack.pipeline.retake_guides import FILL_THE_OUTLINE, draw_guide, guides_of
from hairtrack.pipeline.shelf import Shelf

SKIN = (230, 60, 60)


@pytest.fixture
def shelf(tmp_path):
    return Shelf.open(tmp_path)


def look(shelf, name, decision, *, radius=60, head=True, readable=True, kind=PhotoKind.GLOBAL):
    rows, columns = np.indices((240, 240))
    mask = (rows - 120) ** 2 + (columns - 120) ** 2 <= radius**2
    pixels = Pixels(working=working_image(np.full((240, 240, 3), SKIN, np.uint8)), head_mask=mask if head else None)
    view = View.CLOSEUP if kind is PhotoKind.CLOSEUP else View.TOP
    return Look(
        photo=Photo(file=name, photo_id=name, view=view, kind=kind),
        quality=QualityReport(decision=decision),
        pixels=shelf.put(name, pixels) if readable else None,
    )


def guides(shelf, looks, reference=None, *, pairs=(), show_face=False):
    series = [Series(view=View.TOP, reference=reference, followups=())] if reference else []
    tasks = guides_of(looks, series, pairs, show_face=show_face, shelf=shelf, settings=AlignSettings())
    return [draw_guide(task) for task in tasks]


def laid(reference, moving, status):
    accepted = status is RegistrationStatus.ACCEPTED
    record = Registration(
        reference=reference.photo.file,
        moving=moving.photo.file,
        status=status,
        tier=Tier.SCALP if accepted else Tier.NONE,
        reason=None if accepted else "the scalp in the two photos does not match",
        expected_error_px=1.0 if accepted else None,
    )
    return Pair(key=moving.photo.file, reference=reference, moving=moving, registration=record, warp=None)


def shown(figure):
    return cv2.imdecode(np.frombuffer(figure.content, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]


def test_refused_photos_of_a_head_get_a_guide_and_no_other_photo(shelf):
    looks = [
        look(shelf, "good", QualityDecision.USABLE),
        look(shelf, "bad", QualityDecision.RETAKE),
        look(shelf, "spot", QualityDecision.RETAKE, kind=PhotoKind.CLOSEUP),
        look(shelf, "broken", QualityDecision.RETAKE, readable=False),
    ]
    figures = guides(shelf, looks, looks[0])
    assert [figure.file for figure in figures] == ["bad", "broken"]
    assert {figure.kind for figure in figures} == {FigureKind.GHOST_OUTLINE}
    assert {figure.reference for figure in figures} == {"good"}


def test_a_good_photo_that_cannot_be_laid_on_its_reference_gets_a_guide_too(shelf):
    reference = look(shelf, "good", QualityDecision.USABLE, radius=80)
    far, near = (look(shelf, name, QualityDecision.USABLE, radius=60) for name in ("far", "near"))
    pairs = [laid(reference, far, RegistrationStatus.REFUSED), laid(reference, near, RegistrationStatus.ACCEPTED)]

    (figure,) = guides(shelf, [reference, far, near], reference, pairs=pairs)

    assert (figure.file, figure.reference) == ("far", "good")
    assert figure.alt.startswith("Come closer: the head is 25% smaller than in the reference.")


def test_it_says_how_to_move_to_match_the_reference(shelf):
    reference = look(shelf, "good", QualityDecision.USABLE, radius=80)
    (figure,) = guides(shelf, [look(shelf, "bad", QualityDecision.RETAKE, radius=60)], reference)
    assert figure.alt.startswith("Come closer: the head is 25% smaller than in the reference.")


@pytest.mark.parametrize("readable", [True, False])
def test_a_photo_without_a_head_is_not_shown(shelf, readable):
    faceless = look(shelf, "face", QualityDecision.RETAKE, head=False, readable=readable)
    (figure,) = guides(shelf, [faceless])
    assert figure.alt == FILL_THE_OUTLINE
    assert np.abs(shown(figure).reshape(-1, 3).astype(int) - SKIN).max(axis=1).min() > 100


def test_only_the_scalp_of_a_refused_photo_is_shown_unless_asked(shelf):
    bad = look(shelf, "bad", QualityDecision.RETAKE)
    (hidden,), (whole,) = guides(shelf, [bad]), guides(shelf, [bad], show_face=True)
    assert np.abs(shown(hidden)[4, 4].astype(int) - HIDDEN_RGB).max() < 12
    assert np.abs(shown(whole)[4, 4].astype(int) - SKIN).max() < 12
    assert (hidden.contains_face, whole.contains_face) == (False, True)
