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
    """

    name: str
    unit: str
    definition: str
    direction: str
    valid_when: str
    uncertainty: str
    source: str


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
        "at random (Boolean model) that would hide as much scalp, by the ratio of hair lengths to the power 0.6",
        direction="above 1: more or thicker hair than on the reference photo",
        valid_when="hair length known on both dates and alike within a factor of 2, wetness alike, neither coverage "
        "below 0.05 nor above 0.95, nor so uncertain that the interval spans more than a factor of 8",
        uncertainty="both coverages, carried through the logarithm end by end (MOVER): wide upwards near full cover; "
        "the link of length (power 0.6, standard error 0.3: validation/results/hair_length_link.txt)",
        source="Boolean model: Chiu, Stoyan, Kendall, Mecke, Stochastic Geometry, 3rd ed. 2013, ch. 3; interval: "
        "Donner & Zou 2012, doi 10.1177/0962280210380041; method relative_hair_density@3",
    ),
    MeasurandDefinition(
        name="stubble_texture",
        unit="1",
        definition="mean squared contrast, against bare skin between, of the grain of hair shaved to 3 mm, at the size "
        "of single hairs; in parts of a thousand",
        direction="higher: more, thicker, longer or darker stubble; for one head at one length it grows as the number "
        "of hairs",
        valid_when="hair length given, up to 3 mm and alike within a factor of 1.5; scale given, 6 px/mm or more",
        uncertainty="sampling, illumination and sharpness",
        source="variance of shot noise: Campbell's theorem (Chiu et al. 2013, ch. 4); method stubble_texture@1",
    ),
    MeasurandDefinition(
        name="orientation_coherence",
        unit="1",
        definition="mean resultant length of doubled hair directions within a neighbourhood, averaged over the region",
        direction="1: all hairs lie alike; 0: every direction",
        valid_when=f"{_ALIKE}; hair longer than 5 mm; photos of one size and sharpness",
        uncertainty="sampling, illumination",
        source="structure tensor: Bigun & Granlund 1987; method orientation_coherence@2",
    ),
    MeasurandDefinition(
        name="shaft_orientation_deg",
        unit="deg",
        definition="mean direction of the hairs of a region, from the columns axis of the reference photo to its rows "
        "axis; on a follow-up the one of its two values, 180 apart, that is nearer to the reference's",
        direction="none",
        valid_when="photos laid on each other by the scalp itself; hair that does not point in all directions",
        uncertainty="sampling, alignment",
        source="structure tensor: Bigun & Granlund 1987; method shaft_orientation_deg@1",
    ),
    MeasurandDefinition(
        name="patchiness",
        unit="1",
        definition="spread of the optical depth of hair between quadrats of 6 mm beyond what hairs placed by chance "
        "give, relative to its mean; slow trends over the region left out",
        direction="higher: moth-eaten; even hair reads about 0.1 to 0.2, since hair gathers in locks",
        valid_when=f"{_ALIKE}; region cut to one length of 5 to 15 mm; asked of donors and injected regions",
        uncertainty="sampling (groups of quadrats left out in turn), segmentation",
        source="nested quadrats: Greig-Smith, Annals of Botany 1952, 16:293; method patchiness@1",
    ),
    MeasurandDefinition(
        name="redness_index",
        unit="1",
        definition="by how much CIE a* / 100 of one standard skin at one lightness rises when it is tinted as bare "
        "scalp of the region is against bare scalp of the untreated head",
        direction="higher: redder than the rest of the scalp; a lower bound, since shine and hair between pale it",
        valid_when="bare scalp in sight in the region and where nothing was treated, light of one colour; asked within "
        "91 days after a procedure on the region",
        uncertainty="sampling, illumination, segmentation (natural mottling, shine)",
        source="a* as a measure of erythema: Fullerton et al., Contact Dermatitis 1996, 35:1; method redness_index@2",
    ),
    MeasurandDefinition(
        name="dark_crust_fraction",
        unit="1",
        definition="share of a freshly implanted region under spots that send back less than half of the light of the "
        "skin around them and are broader than 1 mm (4 mm on hair of 1.5 to 6 mm)",
        direction="higher: more crusts, or a dark patch; moles count and stay",
        valid_when="hair length known and up to 6 mm; skin not as dark on the photo as a crust; asked within 56 days "
        "after implantation",
        uncertainty="segmentation, sampling",
        source="crusting of the recipient site as a healing sign; methods dark_crust_fraction@2 and, for the broad "
        "patches alone, dark_crust_fraction_broad_patches@1",
    ),
    MeasurandDefinition(
        name="hairline_position_mm",
        unit="mm",
        definition="distance in the picture from the point between the brows to the hairline, towards the middle of "
        "the head; in head widths, {head_width}, when the scale is unknown",
        direction="higher: the hairline stands further back",
        valid_when="front view, landmark brow_middle given; hairline_middle given, or hair up to 15 mm that does not "
        "hang over its own edge",
        uncertainty="landmarks, scale, segmentation",
        source="mid-frontal point of the hairline: Norwood, South Med J 1975, 68:1359; method hairline_position_mm@1",
    ),
    MeasurandDefinition(
        name="part_width_mm",
        unit="mm",
        definition="median width at half height of the bare line along a parting; in head widths, {head_width}, when "
        "the scale is unknown",
        direction="higher: thinner hair beside the parting",
        valid_when="top or front view, hair longer than 30 mm and darker than the skin, parted by a comb",
        uncertainty="segmentation, sampling, scale",
        source="widening of the central parting, the sign that the Sinclair scale grades; method part_width_mm@1",
    ),
    MeasurandDefinition(
        name="whorl_position",
        unit="{head_width}",
        definition="distance of the crown whorl from the middle of the head's outline; its place on the photo beside",
        direction="none",
        valid_when="top or vertex view, dry hair of 5 to 60 mm, one whorl",
        uncertainty="sampling (ninths of the field left out in turn), head outline",
        source="second-order symmetry of the orientation field: Bigun, Bigun & Nilsson 2004, "
        "doi 10.1109/TPAMI.2004.19; method whorl_position@1",
    ),
)

_CLOSEUP = (
    MeasurandDefinition(
        name="hair_density_per_cm2",
        unit="{hairs}/cm2",
        definition="hairs that leave the skin per area of scalp, counted in a frame with inclusion and exclusion edges",
        direction="higher: more hairs",
        valid_when=f"{_COUNTED}; on a photo of the head only as the count of a close-up within 14 days of a like "
        "photo, times the hair since: by stubble where shaved (hair_density_by_stubble_from_closeup@1), else by cover "
        "(hair_density_by_cover_from_closeup@1)",
        uncertainty="counting, sampling, scale; on a photo of the head: close-up, ratio",
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
