"""Every number that hairtrack can report: what it means, when it is valid, and how sure it can be."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurandDefinition:
    """What a number means.

    Parameters
    ----------
    name
        As written in results.
    unit
        UCUM.
    definition
        What is measured, in a sentence.
    direction
        What a higher value means.
    valid_when
        Under which conditions two values may be compared.
    uncertainty
        Which parts of the error are in its standard uncertainty.
    source
        Where the definition or the method comes from.
    measured_by_us
        Whether this version measures it; the others are read from a clinic's own numbers.
    """

    name: str
    unit: str
    definition: str
    direction: str
    valid_when: str
    uncertainty: str
    source: str
    measured_by_us: bool = True


_ALIKE = "same region, hair length, wetness and style alike"
_COUNTED = "same spot, known scale, hair cut to 0.3-2 mm or lying apart"

_GLOBAL = (
    MeasurandDefinition(
        name="coverage_fraction",
        unit="1",
        definition="mean opacity of hair over the scalp of a region: the share of the scalp that hair hides",
        direction="higher: less scalp in sight; says nothing about the number of hairs by itself",
        valid_when=f"{_ALIKE}; hair longer than about 10 mm, darker than its skin or grey and dense",
        uncertainty="segmentation, sampling, region position, illumination",
        source="the share of an area hidden, as in plant canopy cover; method coverage_fraction@1",
    ),
    MeasurandDefinition(
        name="relative_hair_density",
        unit="1",
        definition="ln(1 - c) / ln(1 - c0) for the coverages c and c0 of two dates: the ratio of the strand areas laid "
        "at random (Boolean model) that would hide as much scalp",
        direction="above 1: more or thicker or longer hair than on the first date",
        valid_when=f"{_ALIKE}; neither coverage nearly 0 or 1",
        uncertainty="from both coverages; grows without bound towards full cover",
        source="Boolean model: Chiu, Stoyan, Kendall, Mecke, Stochastic Geometry, 3rd ed. 2013, ch. 3",
    ),
    MeasurandDefinition(
        name="orientation_coherence",
        unit="1",
        definition="mean resultant length of doubled hair directions within a neighbourhood, averaged over the region",
        direction="1: all hairs lie alike; 0: every direction",
        valid_when=f"{_ALIKE}; hair longer than 5 mm",
        uncertainty="sampling, image noise",
        source="structure tensor: Bigun & Granlund 1987",
    ),
    MeasurandDefinition(
        name="shaft_orientation_deg",
        unit="deg",
        definition="mean direction of the hairs of a region in the picture, modulo 180",
        direction="none",
        valid_when="photos aligned on the scalp",
        uncertainty="sampling, alignment",
        source="structure tensor: Bigun & Granlund 1987",
        measured_by_us=False,
    ),
    MeasurandDefinition(
        name="patchiness",
        unit="1",
        definition="spread of local coverage over a donor region beyond what random hairs give, relative to its mean",
        direction="higher: moth-eaten donor",
        valid_when=f"{_ALIKE}; donor cut to one length",
        uncertainty="segmentation, sampling",
        source="index of dispersion of counts in quadrats",
        measured_by_us=False,
    ),
    MeasurandDefinition(
        name="redness_index",
        unit="1",
        definition="CIE a* / 100 of bare scalp in a region, mean, minus that of bare scalp elsewhere on the head",
        direction="higher: redder than the rest of the scalp",
        valid_when="bare scalp in sight in both places, no coloured light",
        uncertainty="sampling, illumination",
        source="a* as a measure of erythema: Fullerton et al., Contact Dermatitis 1996, 35:1",
    ),
    MeasurandDefinition(
        name="dark_crust_fraction",
        unit="1",
        definition="share of a freshly implanted region covered by brown-red or black crusts",
        direction="higher: more crusts",
        valid_when="first two weeks after implantation, hair shaved",
        uncertainty="segmentation, sampling",
        source="crusting of the recipient site as a healing sign",
        measured_by_us=False,
    ),
    MeasurandDefinition(
        name="hairline_position_mm",
        unit="mm",
        definition="distance from the brow ridge to the hairline along the midline",
        direction="higher: the hairline stands further back",
        valid_when="front view, known scale, landmarks given",
        uncertainty="landmarks, scale, segmentation",
        source="mid-frontal point of the hairline: Norwood, South Med J 1975, 68:1359",
        measured_by_us=False,
    ),
    MeasurandDefinition(
        name="part_width_mm",
        unit="mm",
        definition="mean width of the bare line along a central parting",
        direction="higher: thinner hair beside the parting",
        valid_when="hair longer than 30 mm, parted by a comb on the midline, known scale",
        uncertainty="segmentation, scale",
        source="widening of the central parting, the sign that the Sinclair scale grades",
        measured_by_us=False,
    ),
    MeasurandDefinition(
        name="whorl_position",
        unit="1",
        definition="place of the crown whorl in head coordinates",
        direction="none",
        valid_when="vertex view, hair longer than 5 mm",
        uncertainty="head outline, orientation field",
        source="critical point of the orientation field",
        measured_by_us=False,
    ),
)

_CLOSEUP = (
    MeasurandDefinition(
        name="hair_density_per_cm2",
        unit="{hairs}/cm2",
        definition="hairs that leave the skin per area of scalp, counted in a frame with inclusion and exclusion edges",
        direction="higher: more hairs",
        valid_when=_COUNTED,
        uncertainty="counting, sampling, scale",
        source="Gundersen 1977, doi 10.1111/j.1365-2818.1977.tb00062.x",
    ),
    MeasurandDefinition(
        name="follicular_unit_density_per_cm2",
        unit="{units}/cm2",
        definition="follicular units per area of scalp",
        direction="higher: more units",
        valid_when=_COUNTED,
        uncertainty="counting, grouping, sampling, scale",
        source="follicular unit: Headington, Arch Dermatol 1984, 120:449",
    ),
    MeasurandDefinition(
        name="hairs_per_follicular_unit",
        unit="{hairs}/{unit}",
        definition="mean number of hairs of a follicular unit",
        direction="higher: fuller units",
        valid_when=_COUNTED,
        uncertainty="counting, grouping, sampling",
        source="follicular unit: Headington, Arch Dermatol 1984, 120:449",
    ),
    MeasurandDefinition(
        name="terminal_to_vellus_ratio",
        unit="1",
        definition="terminal hairs per vellus hair, told apart by shaft diameter",
        direction="higher: less miniaturised",
        valid_when=f"{_COUNTED}; at least 60 px/mm",
        uncertainty="diameter, sampling",
        source="Whiting, J Am Acad Dermatol 1993, 28:755",
    ),
    MeasurandDefinition(
        name="shaft_diameter_mean_um",
        unit="um",
        definition="mean width of the hair shafts across their axis",
        direction="higher: thicker hair",
        valid_when=f"{_COUNTED}; at least 60 px/mm",
        uncertainty="edge of the shaft, sampling, scale",
        source="profile across the shaft",
    ),
    MeasurandDefinition(
        name="cumulative_hair_thickness_mm_per_cm2",
        unit="mm/cm2",
        definition="sum of the shaft diameters per area of scalp",
        direction="higher: more or thicker hair",
        valid_when=_COUNTED,
        uncertainty="counting, diameter, sampling, scale",
        source="sum of diameters, as in phototrichogram practice",
    ),
    MeasurandDefinition(
        name="hairs_against_neighbours_fraction",
        unit="1",
        definition="share of hairs whose direction differs by more than 60 degrees from the field that the hairs of "
        "the spot follow; a lower bound, since a hair that is turned right round may be read as lying along",
        direction="higher: more hairs planted in a wrong direction; the flank of a whorl does not raise it",
        valid_when=f"{_COUNTED}; at least 10 hairs with neighbours, the centre of no whorl in the picture",
        uncertainty="sampling",
        source="Wilson, J Am Stat Assoc 1927, 22:209 (interval); method hairs_against_neighbours_fraction@2",
    ),
    MeasurandDefinition(
        name="anagen_fraction",
        unit="1",
        definition="share of hairs that grew by at least 0.1 mm a day between two close-ups 2-3 days apart; only where "
        "the growing hairs are seen to gain 0.2 mm a day",
        direction="higher: more growing hair",
        valid_when=f"{_COUNTED}; two close-ups of one spot 2-3 days apart",
        uncertainty="matching, sampling",
        source="phototrichogram: Saitoh et al., J Invest Dermatol 1970, 54:65; method anagen_fraction@1",
    ),
)

REGISTRY: Mapping[str, MeasurandDefinition] = MappingProxyType({m.name: m for m in (*_GLOBAL, *_CLOSEUP)})
"""Every measurand by name."""
