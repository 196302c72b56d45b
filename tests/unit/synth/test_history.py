import numpy as np
import pytest

from hairtrack.model import RegionName
from hairtrack.synth.history import Course, Transplant, hair_on
from hairtrack.synth.scalp import in_region

RECIPIENT = RegionName.FRONTAL
COURSE = Course(
    native_share={RECIPIENT: 0.1},
    transplant=Transplant(regions=(RECIPIENT,), survival=0.9, hairs_per_cm2=40.0),
    length_mm=15.0,
)


def standing(scalp, month: float, course: Course = COURSE, region: RegionName = RECIPIENT) -> int:
    return int(in_region(region, hair_on(scalp, course, month=month).root_xyz).sum())


def test_grafts_stand_are_shed_and_grow_again(scalp):
    before, planted, shed, grown = (standing(scalp, month) for month in (-0.1, 0.3, 2.0, 15.0))
    assert planted > 2 * before
    assert shed < before + 0.15 * (planted - before)
    assert grown > before + 0.8 * (planted - before)


def test_poor_survival_leaves_few_hairs(scalp):
    poor = Course(
        native_share={RECIPIENT: 0.1}, transplant=Transplant(regions=(RECIPIENT,), survival=0.3, hairs_per_cm2=40.0)
    )
    before, grown, planted = (standing(scalp, month, poor) for month in (-0.1, 18.0, 0.3))
    assert (grown - before) / (planted - before) == pytest.approx(0.3, abs=0.05)


def test_the_donor_loses_the_hairs_taken(scalp):
    course = Course(transplant=Transplant(donor_fraction=0.25))
    before = standing(scalp, -0.1, course, RegionName.OCCIPITAL)
    after = standing(scalp, 6.0, course, RegionName.OCCIPITAL)
    assert after / before == pytest.approx(0.75, abs=0.02)


def test_native_loss_takes_the_same_hairs_and_more(scalp):
    course = Course(native_share={RECIPIENT: 0.8}, native_loss_per_year=0.1)
    early, late = (hair_on(scalp, course, month=month).root_xyz for month in (0.0, 24.0))
    assert len(late) < len(early)
    assert {tuple(root) for root in late} <= {tuple(root) for root in early}


def test_new_hair_is_finer_and_shorter_than_grown_hair(scalp):
    def mean_length(month: float) -> float:
        hair = hair_on(scalp, COURSE, month=month)
        return float(hair.length_mm[in_region(RECIPIENT, hair.root_xyz)].mean())

    assert mean_length(5.0) < mean_length(15.0)
    assert np.all(hair_on(scalp, COURSE, month=5.0).thickness_um > 20)
