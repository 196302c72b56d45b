"""Settings of alignment. Lengths are fractions of the head's diameter unless their name ends in a unit."""

from dataclasses import dataclass, field

from hairtrack.align.head_settings import HeadSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalpSettings:
    """How the scalp itself is matched; lengths are fractions of the head's diameter.

    Parameters
    ----------
    keypoints
        The most key points taken of one copy.
    fewest_matches
        A homography of 8 numbers with fewer than half as many matches again says nothing.
    least_coarse_share
        Share of the first matches that must agree on a loose plane before more is tried.
    keypoint_diameter_px
        Diameter to which a larger head is reduced before key points are sought.
    contrast
        SIFT's contrast threshold; low, since skin is smooth.
    reach_fraction
        Width of the surroundings of the head that may hold a map once the scalp has found it.
    still_fraction
        Before an unmoved room, a key point round the head that moved less than this belongs to the room.
    window_fraction
        Window over which light and contrast are evened out.
    strand_width_fraction
        Thin things up to this width are taken away in the second copy.
    ratio
        Distance to the best descriptor over distance to the second.
    loose_fraction
        Threshold of the robust homography; a tight one locks onto one tangent plane of the head.
    search_fractions
        Radius of the search round the predicted place, round after round.
    likeness
        Smallest cosine of descriptors in the guided search.
    node_step_px
        Distance of the nodes of the map, in working pixels.
    last_kernel_fractions, last_outlier_fractions
        Widths over which what the trend leaves is averaged for the last map, and how far off a match no longer counts.
    flow_smoothing_fractions
        Smoothing of the dense motion, round after round.
    motion_likenesses, least_motion_share
        Between these mean likenesses of the matches the share of dense motion that is followed rises from the least to
        all: where strands changed, motion follows the new ones (made pairs of part a, 0 to 100 % changed).
    least_growth
        When a first map holds so much more of the head than the masks do, over their area, the head is grown by it and
        matched anew: bald skin that was taken for a face. Of 44 pairs of bald heads of part a the median P95 fell from
        0.21 to 0.19 % of the head's width; growing twice was no better than once.
    """

    keypoints: int = 6000
    keypoint_diameter_px: float = 480.0
    fewest_matches: int = 12
    least_coarse_share: float = 0.0
    contrast: float = 0.012
    reach_fraction: float = 0.3
    still_fraction: float = 0.006
    window_fraction: float = 0.045
    strand_width_fraction: float = 0.008
    ratio: float = 0.93
    loose_fraction: float = 0.02
    search_fractions: tuple[float, ...] = (0.05, 0.025, 0.012)
    likeness: float = 0.75
    node_step_px: int = 8
    last_kernel_fractions: tuple[float, ...] = (0.16, 0.08, 0.04, 0.025)
    last_outlier_fractions: tuple[float, ...] = (0.012, 0.012, 0.007, 0.005)
    flow_smoothing_fractions: tuple[float, ...] = (0.016, 0.011)
    motion_likenesses: tuple[float, float] = (0.9, 0.94)
    least_motion_share: float = 0.4
    least_growth: float = 0.1


def _of_closeups() -> ScalpSettings:
    """Return how the skin of a close-up is matched: it is flat, and stretched over millimetres only.

    Averaging more widely is truer where single hairs changed. Chosen on four made pairs of frames that
    `validation/closeup_alignment.py` does not report: on one of them 0.66 and 1.81 px of 1024 (median, P95) became 0.50
    and 1.14, at 0.8 instead of 1.3 s.
    """
    return ScalpSettings(
        keypoints=3000,
        keypoint_diameter_px=400.0,
        search_fractions=(0.05, 0.012),
        last_kernel_fractions=(0.16, 0.08, 0.05),
        last_outlier_fractions=(0.012, 0.008, 0.005),
        flow_smoothing_fractions=(0.05, 0.04),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSettings:
    """When the room behind the head stands still; lengths are fractions of the head's diameter.

    Parameters
    ----------
    head_diameter_px
        Diameter to which a larger head is reduced before rooms are compared.
    window_fraction
        Window over which the two pictures are compared in place.
    still_correlation
        Correlation from which a place stands still.
    least_still_outside
        Share of the room that must stand still before it is called unmoved.
    most_still_inside
        Share of the middle of the head over that of the room, above which the head stands still too.
    rim_fraction
        Width of the rim of the head that does not count as its middle.
    """

    head_diameter_px: float = 400.0
    window_fraction: float = 0.06
    still_correlation: float = 0.6
    least_still_outside: float = 0.3
    most_still_inside: float = 0.6
    rim_fraction: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSettings:
    """What the evidence must reach before a match of the scalp is believed.

    Set between the scores of different heads, other views and mirrored photos and those of true pairs, on one half of
    the subjects: `validation/calibrate_alignment.py`, `validation/results/alignment_gate.txt`.

    Parameters
    ----------
    fewest_matches, correlation, tile_share, matches_spread
        The least of each score of `Evidence`.
    largest_fold_share
        Share of the map that may fold: of a mirror image that is otherwise believed, all; of a good map, up to a tenth,
        at the rim of a head that turned away.
    smallest_overlap_fraction
        Share of the head that both photos must show.
    largest_expected_error_fraction
        A map expected to be worse, over the head's diameter, is no match of the scalp pixel by pixel: at twice this
        error lies the 1 % of the head's width beyond which an alignment counts as off.
    trusted_correlation
        Local correlation from which a place is vouched for.
    matches_nearby, farthest_match_fraction, least_match_likeness
        A place is vouched for when so many matches lie within this distance of it, in the mean at least so alike. On 43
        pairs of part a, the worst of 180 among them, 0.15 % of such points were off by more than 1 % of the head's
        width and 1.9 % of the worst pair; a single match within 0.05, whatever its likeness, left 0.6 and 13 %, since
        where strands changed altogether the search finds a chance match here and there.
    """

    fewest_matches: int = 60
    correlation: float = 0.3
    tile_share: float = 0.5
    matches_spread: float = 0.3
    largest_fold_share: float = 0.25
    smallest_overlap_fraction: float = 0.4
    largest_expected_error_fraction: float = 0.005
    trusted_correlation: float = 0.2
    matches_nearby: int = 5
    farthest_match_fraction: float = 0.075
    least_match_likeness: float = 0.81


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedErrorSettings:
    """The standard error of a carried point, predicted from the evidence.

    `factor * disagreement_fraction ** power * miss_fraction ** miss_power` over the head's diameter. Matched key points
    and dense motion see the same texture at different scales and err apart: how far they disagree tells how far the
    better of the two is off. How far motion returns to where it came from tells of texture that both lack. Fitted to
    119 made pairs of part a with exact truth, told of 399 of part b that no limit was set on: within a factor 1.5 of
    the truth for 93 % (`validation/calibrate_alignment.py`, `validation/results/alignment_gate.txt`, beside ten other
    numbers that tell it less well).
    """

    factor: float = 1.6
    power: float = 0.66
    miss_power: float = 0.35
    p95_over_standard_error: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LandmarkSettings:
    """How marked points are used.

    Parameters
    ----------
    fewest, fewest_for_affine, fewest_for_curve
        Numbers of marks that a similarity, an affine and a curved map need.
    curve_smoothings
        Strengths of smoothing tried for the thin-plate spline, in units of the marks' spread.
    left_out_share, gap_share
        The expected error joins these shares of the leave-one-out error and of the distance to the nearest mark; from
        `validation/calibrate_landmarks.py`.
    largest_left_out_fraction
        Marks that predict each other worse than this share of their spread contradict each other.
    thinnest
        Shorter over longer axis of the marks; marks on one line fix no map.
    hull_margin_fraction
        How far beyond the outermost marks the map is trusted.
    """

    fewest: int = 3
    fewest_for_affine: int = 4
    fewest_for_curve: int = 6
    curve_smoothings: tuple[float, ...] = (0.3, 0.03)
    left_out_share: float = 0.5
    gap_share: float = 0.1
    largest_left_out_fraction: float = 0.25
    thinnest: float = 0.1
    hull_margin_fraction: float = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignSettings:
    """All settings of alignment; `closeup` takes the place of `scalp` where both photos are close-ups."""

    scalp: ScalpSettings = field(default_factory=ScalpSettings)
    closeup: ScalpSettings = field(default_factory=_of_closeups)
    room: RoomSettings = field(default_factory=RoomSettings)
    gate: GateSettings = field(default_factory=GateSettings)
    expected_error: ExpectedErrorSettings = field(default_factory=ExpectedErrorSettings)
    landmarks: LandmarkSettings = field(default_factory=LandmarkSettings)
    head: HeadSettings = field(default_factory=HeadSettings)
    smallest_head_px: float = 120.0
