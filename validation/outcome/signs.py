# ruff: noqa: PLR2004 a simulator and its scores are made of published figures
"""Alerts on simulated series of redness and dark crust: who is alerted, and who is alerted for nothing.

Written from the windows of the literature: redness of injections fades in hours to days, that of an operation in one to
three weeks and in light skin up to twelve; an abscess comes by day 10 to 14; crusts peak on day 1 to 4 and are gone by
day 8 to 14; a dying patch shows from day 3 to 7, is black within three weeks and stays.
"""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
from histories import OPERATED_ON
from intervals import heading, held, told

from hairtrack.knowledge import load
from hairtrack.model import (
    AlertKind,
    Case,
    Note,
    NoteKind,
    Observation,
    RegionName,
    Severity,
    Treatment,
    TreatmentKind,
    Urgency,
)
from hairtrack.outcome.alerts import alerts_of

REGION = RegionName.FRONTAL
REGION_CM2 = 30.0
OPERATION_DAYS = (1, 3, 5, 7, 10, 14, 21, 28, 42, 60, 90)
INJECTION_DAYS = (0, 1, 2, 3, 5, 7, 10, 14)
SEEN_SHARE = 0.7
PATCHES_CM = ((1.2, 1.8), (1.8, 3.0), (3.0, 5.0))


def alerts_table(runs) -> list[str]:  # noqa: ANN001 the runs of tables.py
    """Return sensitivity and false alerts a kind of series."""
    lines = heading("series", "sign", "patients", "alerted", "reach", "held")
    for name, sick, cases in series(runs.patients, np.random.default_rng(runs.seed)):
        kind = AlertKind.NECROSIS_SIGNS if "crust" in name or "patch" in name else AlertKind.INFECTION_SIGNS
        alerted = [any(a.kind is kind for a in alerts_of(case, knowledge=load())) for case in cases]
        events, n = sum(alerted), len(alerted)
        missed_never = name.startswith("note")
        verdict = (
            held(events, n, at_least=1.0 if missed_never else 0.95) if sick and not missed_never
            else ("yes" if events == n else "no") if sick
            else held(events, n, at_most=0.05)
        )  # fmt: skip
        reach = "all" if missed_never else "at least 95%" if sick else "at most 5%"
        lines.append(f"| {name} | {kind.value} | {n} | {told(events, n)} | {reach} | {verdict} |")
    lines += ["", *urgencies(np.random.default_rng(runs.seed + 1))]
    return lines


def series(patients: int, rng: np.random.Generator) -> Iterator[tuple[str, bool, list[Case]]]:
    """Yield cohorts by name, each with whether something is wrong with its patients."""
    for injected in (False, True):
        where = "injections" if injected else "operation"
        for error in (0.05, 0.10):
            for sick in (False, True):
                cases = [redness(rng, injected=injected, error=error, infected=sick) for _ in range(patients)]
                what = "rises with infection" if sick else "fades"
                yield f"redness after {where} {what}, error {error:.0%}", sick, [c for c in cases if c is not None]
    yield "crust of an operation falls off", False, [crust(rng, patch_cm=None) for _ in range(patients)]
    for low, high in PATCHES_CM:
        cases = [crust(rng, patch_cm=float(rng.uniform(low, high))) for _ in range(patients)]
        yield f"dying patch of {low:g}-{high:g} cm, by dark crust alone, seen after day 14", True, cases
    yield "note of a black patch, any day", True, [noted(rng) for _ in range(patients // 5)]


def redness(rng: np.random.Generator, *, injected: bool, error: float, infected: bool) -> Case | None:
    """Return a patient whose redness fades, or fades and then rises; None when no photo could show the rise."""
    offered = INJECTION_DAYS if injected else OPERATION_DAYS
    days = np.array([day for day in offered if rng.random() < SEEN_SHARE] or [offered[0], offered[3]])
    peak = rng.uniform(0.08, 0.25)
    fades = rng.uniform(0.4, 1.2) if injected else rng.uniform(4, 25)
    rest = rng.uniform(0.0, 0.02)
    red = rest + peak * np.exp(-days / fades)
    if infected:
        begins = rng.uniform(3, 8) if injected else rng.uniform(4, 14)
        height = rng.uniform(0.6, 1.3) * peak
        red = red + height * np.clip((days - begins) / 2.0, 0, 1) * (days < begins + 12)
        during = (days >= begins + 2.0) & (days < begins + 12)
        if not during.any() or not ((days < begins) & (days >= 0)).any():
            return None
    return case_of(rng, "redness_index", days, red, floor=0.01, error=error, injected=injected)


def crust(rng: np.random.Generator, *, patch_cm: float | None) -> Case:
    """Return a patient whose crusts form and fall off, with or without a patch of skin that dies."""
    days = np.array([day for day in OPERATION_DAYS if day <= 28 and rng.random() < SEEN_SHARE] or [7, 14])
    top, height, gone = rng.uniform(1, 4), rng.uniform(0.05, 0.25), rng.uniform(8, 14)
    dark = height * np.clip(days / top, 0, 1) * np.clip((gone - days) / (gone - top), 0, 1)
    if patch_cm is not None:
        days = np.union1d(days, rng.choice([16, 21, 28], 1))
        dark = height * np.clip(days / top, 0, 1) * np.clip((gone - days) / (gone - top), 0, 1)
        begins = rng.uniform(3, 7)
        dark = dark + np.pi / 4 * patch_cm**2 / REGION_CM2 * np.clip((days - begins) / 3.0, 0, 1)
    return case_of(rng, "dark_crust_fraction", days, dark, floor=0.01, error=0.10, injected=False)


def case_of(
    rng: np.random.Generator,
    measurand: str,
    days: np.ndarray,
    true: np.ndarray,
    *,
    floor: float,
    error: float,
    injected: bool,
) -> Case:
    """Return a case with one reading a day, its error told truly."""
    stds = np.hypot(error * true, floor)
    values = np.maximum(true + stds * rng.standard_normal(len(true)), 0.0)
    rows = tuple(
        Observation(taken_on=OPERATED_ON + timedelta(days=int(d)), region=REGION, measurand=measurand,
                    value=float(v), std_uncertainty=float(np.hypot(error * v, floor)))
        for d, v in zip(days, values, strict=True)
    )  # fmt: skip
    return Case(treatments=(treatment(injected=injected),), observations=rows)


def treatment(*, injected: bool) -> Treatment:
    """Return the procedure that signs are counted from."""
    if injected:
        return Treatment(kind=TreatmentKind.MESOTHERAPY, sessions=(OPERATED_ON,), recipient_regions=(REGION,))
    return Treatment(kind=TreatmentKind.FUE, performed_on=OPERATED_ON, recipient_regions=(REGION,))


def noted(rng: np.random.Generator) -> Case:
    """Return a patient with a note of a black patch on any day, in any region, of any strength."""
    note = Note(
        on=OPERATED_ON + timedelta(days=int(rng.integers(0, 60))),
        kind=NoteKind.BLACK_PATCH,
        region=RegionName(str(rng.choice(list(RegionName)))),
        severity=[None, *Severity][int(rng.integers(4))],
    )
    return Case(treatments=(treatment(injected=bool(rng.random() < 0.3)),), notes=(note,))


def urgencies(rng: np.random.Generator) -> list[str]:
    """Return how many noted black patches are told with the highest urgency."""
    cases = [noted(rng) for _ in range(500)]
    now = sum(alerts_of(case, knowledge=load())[0].urgency is Urgency.NOW for case in cases)
    return [f"A noted black patch leads with the urgency `now`: {told(now, len(cases))}."]
