"""Text, bars and logos laid over a photo are found; a head without them is left alone."""

import cv2
import numpy as np
import pytest

from hairtrack.imaging.types import Rgb8Image
from hairtrack.segment.overlays import find_overlays, without_overlays


@pytest.fixture(scope="module")
def head(fringed_head: Rgb8Image) -> Rgb8Image:
    return np.asarray(cv2.resize(fringed_head, (480, 480), interpolation=cv2.INTER_CUBIC), np.uint8)


@pytest.mark.parametrize("ink", [(255, 255, 255), (255, 160, 0), (255, 230, 0)])
def test_a_date_stamp_is_found(head: Rgb8Image, ink: tuple[int, int, int]) -> None:
    stamped = head.copy()
    cv2.putText(stamped, "2026-03-14", (150, 250), cv2.FONT_HERSHEY_SIMPLEX, 0.9, ink, 2, cv2.LINE_AA)
    written = (stamped != head).any(axis=2)
    found = find_overlays(stamped)
    assert found[written].mean() > 0.8
    assert found.mean() < 4 * written.mean()


def test_a_bar_of_one_colour_is_found(head: Rgb8Image) -> None:
    barred = head.copy()
    barred[200:240, 80:400] = (0, 0, 0)
    assert find_overlays(barred)[200:240, 80:400].mean() > 0.95


@pytest.mark.parametrize("ink", [(0, 120, 190), (255, 255, 255), (180, 20, 60)])
def test_a_logo_is_found_after_jpeg(head: Rgb8Image, ink: tuple[int, int, int]) -> None:
    marked = head.copy()
    cv2.circle(marked, (160, 300), 26, ink, cv2.FILLED, cv2.LINE_AA)
    cv2.rectangle(marked, (200, 285), (290, 315), ink, cv2.FILLED)
    painted = (marked != head).any(axis=2)
    _, coded = cv2.imencode(".jpg", marked[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
    sent = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1], np.uint8)
    found = find_overlays(sent)
    assert found[painted].mean() > 0.8
    assert found.mean() < 2 * painted.mean()


def test_letters_belong_to_the_bar_that_they_stand_in(head: Rgb8Image) -> None:
    barred = head.copy()
    barred[200:250] = 240
    cv2.putText(barred, "BEFORE", (150, 238), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (20, 20, 20), 2, cv2.LINE_AA)
    assert find_overlays(barred)[204:246].mean() > 0.95


def test_a_cap_of_one_colour_is_no_logo(head: Rgb8Image) -> None:
    capped = head.copy()
    cv2.circle(capped, (240, 240), 120, (0, 120, 190), cv2.FILLED, cv2.LINE_AA)
    assert find_overlays(capped).mean() < 0.002


def test_nothing_is_found_on_a_plain_head(head: Rgb8Image) -> None:
    assert find_overlays(head).mean() < 0.002


def test_what_is_painted_over_takes_the_colour_beside_it(head: Rgb8Image) -> None:
    stamped = head.copy()
    cv2.putText(stamped, "2026-03-14", (150, 250), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (255, 255, 255), 2, cv2.LINE_AA)
    written = (stamped != head).any(axis=2)
    cleaned = without_overlays(stamped, find_overlays(stamped)).astype(int)
    assert np.abs(cleaned - head)[written].mean() < 0.5 * np.abs(stamped.astype(int) - head)[written].mean()
