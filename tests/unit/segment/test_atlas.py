import numpy as np
import pytest

from hairtrack.imaging.outline import inside_of
from hairtrack.imaging.types import Mask
from hairtrack.model import PictureSide, RegionName, View
from hairtrack.segment.atlas import atlas_regions


def _ellipse(height: int = 120, width: int = 160, *, half: tuple[float, float] = (40, 50)) -> Mask:
    rows, columns = np.mgrid[:height, :width]
    inside = ((rows - height / 2 + 0.5) / half[0]) ** 2 + ((columns - width / 2 + 0.5) / half[1]) ** 2 < 1
    return np.asarray(inside, np.bool_)


def test_the_middle_of_the_head_is_placed_on_its_axes() -> None:
    (middle,) = atlas_regions(_ellipse(), view=View.TOP)
    polygon = np.array(middle.polygon_xy)
    assert middle.name is RegionName.MIDSCALP
    assert middle.seen_fraction == pytest.approx(1, abs=0.02)
    np.testing.assert_allclose(polygon.mean(axis=0), [79.5, 59.5], atol=0.5)
    np.testing.assert_allclose(np.ptp(polygon, axis=0), [50, 40], atol=2)


@pytest.mark.parametrize("view", [View.TOP, View.VERTEX, View.BACK])
def test_regions_turn_with_the_photo(view: View) -> None:
    head = _ellipse()
    upright = {
        shape.name: inside_of(np.array(shape.polygon_xy), head.shape) for shape in atlas_regions(head, view=view)
    }
    turned_head = np.ascontiguousarray(np.rot90(head, 2))
    for shape in atlas_regions(turned_head, view=view):
        turned = inside_of(np.array(shape.polygon_xy), turned_head.shape)
        assert (np.rot90(upright[shape.name], 2) ^ turned).mean() < 0.01


def test_sides_are_mirror_images() -> None:
    head = _ellipse()
    (left,), (right,) = atlas_regions(head, view=View.LEFT), atlas_regions(head, view=View.RIGHT)
    assert (left.name, right.name) == (RegionName.PARIETAL_LEFT, RegionName.PARIETAL_RIGHT)
    mirrored = head.shape[1] - 1 - np.array(right.polygon_xy)[:, 0]
    assert np.sort(mirrored) == pytest.approx(np.sort(np.array(left.polygon_xy)[:, 0]), abs=0.1)


def test_a_place_is_surer_on_the_back_than_on_the_front() -> None:
    (back,), (front,) = (atlas_regions(_ellipse(), view=view) for view in (View.BACK, View.FRONT))
    assert 0 < back.position_std_px < front.position_std_px < 0.25 * 50


@pytest.mark.parametrize("view", [None, View.CLOSEUP])
def test_views_that_the_outline_cannot_place_have_no_regions(view: View | None) -> None:
    assert atlas_regions(_ellipse(), view=view) == ()


def test_no_head_has_no_regions() -> None:
    assert atlas_regions(np.zeros((50, 60), np.bool_), view=View.TOP) == ()


def test_a_region_cut_off_by_the_picture_says_how_much_is_seen() -> None:
    head = _ellipse()[:, 85:]
    for shape in atlas_regions(head, view=View.TOP):
        assert shape.seen_fraction <= 1
        assert np.array(shape.polygon_xy)[:, 0].max() < head.shape[1] + 60


@pytest.mark.parametrize(
    ("forehead", "towards"),
    [
        (PictureSide.BOTTOM, (0, 1)),
        (PictureSide.TOP, (0, -1)),
        (PictureSide.LEFT, (-1, 0)),
        (PictureSide.RIGHT, (1, 0)),
    ],
)
def test_from_above_the_side_of_the_forehead_places_three_regions(
    forehead: PictureSide, towards: tuple[int, int]
) -> None:
    shapes = {shape.name: shape for shape in atlas_regions(_ellipse(), view=View.TOP, forehead=forehead)}
    assert list(shapes) == [RegionName.FRONTAL, RegionName.MIDSCALP, RegionName.VERTEX]
    along = [float(np.mean(shape.polygon_xy, axis=0) @ np.array(towards)) for shape in shapes.values()]
    assert along == sorted(along, reverse=True)
    assert all(shape.seen_fraction == pytest.approx(1, abs=0.02) for shape in shapes.values())


def test_the_side_of_the_forehead_says_nothing_on_other_views() -> None:
    back = atlas_regions(_ellipse(), view=View.BACK)
    assert atlas_regions(_ellipse(), view=View.BACK, forehead=PictureSide.LEFT) == back
