"""Limits and calibrated errors of numbers from whole-head photos."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSettings:
    """Limits of numbers from whole-head photos and their calibrated errors.

    Parameters
    ----------
    least_seen_fraction
        Below this share of the region seen, nothing is said about it: half of it would be guessed.
    most_glare_fraction
        Above this share of the region lost to glare, marks or text nothing is said.
    most_doubt
        Above this mean absolute error told by the network of cover nothing is said: the interval would be wider than
        0.35 to either side. One real head of seven is beyond it, among them the one that is read worst.
    limiting_doubt
        Above this one the number is flagged: a tenth of real heads, which are off by 0.13 in the mean instead of 0.05
        (validation/results/segmentation.txt).
    segmentation_std, segmentation_std_per_doubt
        Standard error of the mean opacity: a floor, and a part that grows with the doubt told; set so that intervals
        hold at least 95 % of drawn heads held out and of what a person drew on licensed photos of the half not seen
        (validation/results/hair_cover.txt).
    illumination_std
        Standard change of coverage when only exposure and colour of light change, from the same script.
    redness_illumination_std, redness_skin_std, redness_shine_fraction
        Standard errors of redness: of one photo's light, of the mottling of healthy skin, and the share of redness
        that shine and hair hide. These and all below were set on drawn heads of other seeds than those that
        `validation/head_measurands.py` tells of.
    crust_std
        Of the share under crusts, for moles and dark specks.
    coherence_std, direction_std_deg
        Between two photos of the same hair, for sharpness and pose.
    outline_std_fraction
        Of the middle of the head's outline, and of how far combing moves the whorl, in head widths.
    patchiness_std
        For locks into which even hair gathers.
    hairline_std_fraction, part_width_std_fraction, part_width_relative_std
        Of edges of hair, in head widths; of the width of a parting, which shadow narrows.
    stubble_relative_std
        Of the grain of stubble, for sharpness and overlapping hairs.
    """

    least_seen_fraction: float = 0.5
    most_glare_fraction: float = 0.4
    most_doubt: float = 0.13
    limiting_doubt: float = 0.09
    segmentation_std: float = 0.02
    segmentation_std_per_doubt: float = 1.3
    illumination_std: float = 0.02
    redness_illumination_std: float = 0.008
    redness_skin_std: float = 0.010
    redness_shine_fraction: float = 0.35
    crust_std: float = 0.004
    coherence_std: float = 0.03
    direction_std_deg: float = 3.0
    outline_std_fraction: float = 0.015
    patchiness_std: float = 0.02
    hairline_std_fraction: float = 0.045
    part_width_std_fraction: float = 0.002
    part_width_relative_std: float = 0.20
    stubble_relative_std: float = 0.10
