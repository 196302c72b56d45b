"""Numbers as a reader sees them: percent for fractions, units in words, intervals beside every value."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hairtrack.report.language import N_, Language

HEAD_WIDTHS = N_("head widths")
"""The unit of a length on a photo without a scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """How a measurand is shown: its name, the factor and unit on the page, and its decimals."""

    label: str
    unit: str
    difference_unit: str
    factor: float = 1.0
    digits: int = 0


QUANTITIES: Mapping[str, Quantity] = {
    "coverage_fraction": Quantity(
        label=N_("Coverage"), unit="%", difference_unit=N_("percentage points"), factor=100.0, digits=0
    ),
    "hair_density_per_cm2": Quantity(
        label=N_("Hair density"), unit=N_("hairs/cm²"), difference_unit=N_("hairs/cm²"), digits=0
    ),
    "follicular_unit_density_per_cm2": Quantity(
        label=N_("Density of follicular units"), unit=N_("units/cm²"), difference_unit=N_("units/cm²"), digits=0
    ),
    "shaft_diameter_mean_um": Quantity(label=N_("Mean hair diameter"), unit="µm", difference_unit="µm", digits=0),
    "hairs_per_follicular_unit": Quantity(label=N_("Hairs per follicular unit"), unit="", difference_unit="", digits=2),
    "terminal_to_vellus_ratio": Quantity(label=N_("Thick to fine hairs"), unit="", difference_unit="", digits=1),
    "cumulative_hair_thickness_mm_per_cm2": Quantity(
        label=N_("Summed hair thickness"), unit="mm/cm²", difference_unit="mm/cm²", digits=1
    ),
    "hairs_against_neighbours_fraction": Quantity(
        label=N_("Hairs that grow against their neighbours"),
        unit="%",
        difference_unit=N_("percentage points"),
        factor=100.0,
    ),
    "anagen_fraction": Quantity(
        label=N_("Growing hairs"), unit="%", difference_unit=N_("percentage points"), factor=100.0
    ),
    "relative_hair_density": Quantity(
        label=N_("Density against the first photo"), unit="%", difference_unit=N_("percentage points"), factor=100.0
    ),
    "redness_index": Quantity(label=N_("Redness against the rest of the scalp"), unit="", difference_unit="", digits=2),
    "dark_crust_fraction": Quantity(
        label=N_("Area under dark crusts"), unit="%", difference_unit=N_("percentage points"), factor=100.0, digits=1
    ),
    "stubble_texture": Quantity(label=N_("Grain of the stubble"), unit="", difference_unit="", digits=2),
    "patchiness": Quantity(label=N_("Patchiness"), unit="", difference_unit="", digits=2),
    "orientation_coherence": Quantity(
        label=N_("Hairs that lie alike"), unit="%", difference_unit=N_("percentage points"), factor=100.0
    ),
    "shaft_orientation_deg": Quantity(label=N_("Direction of the hairs"), unit="°", difference_unit="°", digits=0),
    "whorl_position": Quantity(
        label=N_("Whorl from the middle of the head"), unit=HEAD_WIDTHS, difference_unit=HEAD_WIDTHS, digits=2
    ),
    "part_width_mm": Quantity(label=N_("Width of the parting"), unit="mm", difference_unit="mm", digits=1),
    "hairline_position_mm": Quantity(label=N_("Hairline above the brow"), unit="mm", difference_unit="mm", digits=0),
}
"""Measurands with a name of their own on the page; any other shows its own name and unit."""

FURTHER = (
    "relative_hair_density",
    "redness_index",
    "dark_crust_fraction",
    "patchiness",
    "stubble_texture",
    "hairline_position_mm",
    "part_width_mm",
    "whorl_position",
    "orientation_coherence",
    "shaft_orientation_deg",
)
"""Numbers of whole-head photos that stand in one table beside the courses, in this order."""


def quantity_of(measurand: str, unit: str = "1") -> Quantity:
    """Return how to show a measurand; fractions as percent, anything unknown by its own name and unit."""
    known = QUANTITIES.get(measurand)
    if known is not None and known.unit == "mm" and unit == "{head_width}":
        return replace(known, unit=HEAD_WIDTHS, difference_unit=HEAD_WIDTHS, digits=3)
    if known is not None:
        return known
    name = measurand.replace("_", " ").capitalize()
    if unit == "1" and measurand.endswith("fraction"):
        return Quantity(label=name, unit="%", difference_unit=N_("percentage points"), factor=100.0)
    shown = "" if unit == "1" else unit
    return Quantity(label=name, unit=shown, difference_unit=shown, digits=2 if unit == "1" else 1)


def value_text(value: float, quantity: Quantity, language: Language) -> str:
    """Return a value with its unit, such as `61 %`."""
    number = language.number(value * quantity.factor, digits=quantity.digits)
    return language.with_unit(number, quantity.unit)


def interval_text(
    interval: tuple[float, float], quantity: Quantity, language: Language, *, signed: bool = False
) -> str:
    """Return an interval in words, such as `57 to 65`; the unit stands with the value before it."""
    low, high = (language.number(bound * quantity.factor, digits=quantity.digits, signed=signed) for bound in interval)
    return language.text(N_("%(low)s to %(high)s")) % {"low": low, "high": high}


def difference_text(difference: float, quantity: Quantity, language: Language) -> str:
    """Return a signed difference with its unit, such as `+12 percentage points`."""
    number = language.number(difference * quantity.factor, digits=quantity.digits, signed=True)
    return language.with_unit(number, quantity.difference_unit)
