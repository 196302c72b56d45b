from dataclasses import replace

import numpy as np
import pytest

from hairtrack.model import RegionName, View
from hairtrack.synth.photo import REGION_NAMES, RenderedPhoto, Shot, render_global
from hairtrack.synth.scalp import Scalp
from hairtrack.synth.strands import StandingHair

SMALL = Shot(size_px=(200, 200))


@pytest.fixture(scope="module")
def photo(scalp: Scalp, thin_hair: StandingHair) -> RenderedPhoto:
    return render_global(scalp, thin_hair, SMALL, rng=np.random.default_rng(1))


def test_the_same_seed_gives_the_same_bytes(scalp, thin_hair, photo):
    again = render_global(scalp, thin_hair, SMALL, rng=np.random.default_rng(1))
    assert again.rgb8.tobytes() == photo.rgb8.tobytes()
    assert again.truth.coverage == photo.truth.coverage


def test_coverage_of_a_region_is_the_mean_opacity_of_its_pixels(photo):
    index = REGION_NAMES.index(RegionName.MIDSCALP)
    inside = photo.truth.region_index == index
    assert photo.truth.coverage[RegionName.MIDSCALP] == pytest.approx(float(photo.truth.opacity[inside].mean()))


def test_thinned_regions_show_more_scalp_than_the_sides(photo):
    cover = photo.truth.coverage
    assert cover[RegionName.FRONTAL] < cover[RegionName.PARIETAL_LEFT] - 0.2
    assert photo.truth.hairs_per_cm2[RegionName.FRONTAL] < 0.6 * photo.truth.hairs_per_cm2[RegionName.OCCIPITAL]


def test_a_bald_head_has_no_coverage(scalp, thin_hair):
    bald = thin_hair.only(np.zeros(len(thin_hair.length_mm), np.bool_))
    photo = render_global(scalp, bald, SMALL, rng=np.random.default_rng(1))
    assert set(photo.truth.coverage.values()) == {0.0}


def test_hair_is_darker_than_the_skin_that_it_hides(photo):
    grey = photo.rgb8.mean(axis=2)
    scalp = photo.truth.region_index >= 0
    covered, bare = scalp & (photo.truth.opacity > 0.9), scalp & (photo.truth.opacity < 0.1)
    assert grey[covered].mean() < grey[bare].mean() - 30


def test_the_head_mask_holds_all_hair_bearing_skin(photo):
    assert photo.truth.head[photo.truth.region_index >= 0].all()
    assert 0.2 < photo.truth.head.mean() < 0.8


@pytest.mark.parametrize("view", [view for view in View if view is not View.CLOSEUP])
def test_every_view_shows_hair_bearing_scalp(scalp, thin_hair, view):
    photo = render_global(scalp, thin_hair, replace(SMALL, view=view, size_px=(96, 96)), rng=np.random.default_rng(1))
    assert (photo.truth.region_index >= 0).mean() > 0.1


def test_an_outline_encloses_its_region(photo):
    outline = photo.truth.outline_of(RegionName.MIDSCALP)
    rows, columns = np.nonzero(photo.truth.region_index == REGION_NAMES.index(RegionName.MIDSCALP))
    assert outline is not None
    assert abs(outline[:, 0].mean() - columns.mean()) < 12
    assert abs(outline[:, 1].mean() - rows.mean()) < 12
