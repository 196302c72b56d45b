"""Pigment and fibres darken the skin and add no hair."""

import numpy as np
import pytest

from hairtrack.model import RegionName, View
from hairtrack.synth.camera import Pose, place_camera
from hairtrack.synth.concealer import Concealer, ConcealerKind, concealed_share
from hairtrack.synth.photo import Shot, render_global
from hairtrack.synth.scalp import Scalp
from hairtrack.synth.strands import StandingHair

SIZE_PX = (96, 96)
BLACK = (0.01, 0.01, 0.01)


@pytest.mark.parametrize(("kind", "per_cm2"), [(ConcealerKind.PIGMENTATION, 150.0), (ConcealerKind.FIBRES, 3000.0)])
def test_it_darkens_the_scalp_and_the_truth_stays_that_of_the_hair(
    scalp: Scalp, thin_hair: StandingHair, kind: ConcealerKind, per_cm2: float
) -> None:
    put_on = Concealer(kind=kind, per_cm2=per_cm2, colour=BLACK)
    bare, concealed = (
        render_global(scalp, thin_hair, Shot(view=View.TOP, size_px=SIZE_PX, concealer=c), rng=np.random.default_rng(1))
        for c in (None, put_on)
    )
    middle = bare.truth.region_index == list(RegionName).index(RegionName.MIDSCALP)
    assert concealed.rgb8[middle].mean() < bare.rgb8[middle].mean() - 8
    np.testing.assert_array_equal(concealed.truth.opacity, bare.truth.opacity)
    assert concealed.truth.coverage == bare.truth.coverage


def test_only_the_named_regions_are_covered() -> None:
    put_on = Concealer(
        kind=ConcealerKind.PIGMENTATION, per_cm2=150.0, colour=BLACK, regions=(RegionName.VERTEX,), seed=2
    )
    share = concealed_share(put_on, place_camera(View.TOP, size_px=SIZE_PX, pose=Pose()))
    rows = np.flatnonzero(share.sum(axis=1))
    assert rows.size
    assert rows.max() < 0.6 * SIZE_PX[1]  # the crown lies in the upper half: the forehead is below
