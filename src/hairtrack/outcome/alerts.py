"""Alerts: signs of infection, necrosis, allergy and loss at injection sites. No gate by date, the opposite loss."""

import math
from datetime import date
from itertools import pairwise

from hairtrack.knowledge import Knowledge
from hairtrack.model import (
    Alert,
    AlertKind,
    Case,
    Note,
    NoteKind,
    Observation,
    RegionName,
    Severity,
    Treatment,
    Urgency,
)
from hairtrack.model.calendar import months_between

REDNESS_INDEX = "redness_index"
DARK_CRUST = "dark_crust_fraction"
PATCHINESS = "patchiness"
RANK = {Urgency.NOW: 0, Urgency.TODAY: 1, Urgency.THIS_WEEK: 2, Urgency.NEXT_VISIT: 3}
STRENGTH = {None: 1, Severity.MILD: 1, Severity.MODERATE: 2, Severity.SEVERE: 3}
REDNESS_Z = 1.7
"""Standard errors by which redness must rise: 96 or more of 100 infections are told, and 4 at most of 100 that fade
(validation/results/outcome_alerts.md)."""

CRUST_Z = 2.0


def alerts_of(case: Case, *, knowledge: Knowledge) -> tuple[Alert, ...]:
    """Return the alerts of a case, the most urgent first, one a kind and region."""
    found = [alert for note in case.notes for alert in _from_note(note, case, knowledge)]
    found += _combined(case)
    regions = {o.region for o in case.observations}
    for region in sorted(regions, key=list(RegionName).index):
        found += _from_redness(case, region, knowledge)
        found += _from_crust(case, region, knowledge)
        found += _from_patchiness(case, region, knowledge)
    found.sort(key=lambda a: (RANK[a.urgency], a.on, a.kind.value, a.region.value if a.region else ""))
    kept: dict[tuple[AlertKind, RegionName | None], Alert] = {}
    for alert in found:
        kept.setdefault((alert.kind, alert.region), alert)
    return tuple(kept.values())


def _latest(case: Case, day: date, region: RegionName | None) -> tuple[Treatment, date] | None:
    """Return the newest procedure before a day, with its day; of this region or, failing that, of any."""
    procedures = [
        (treatment, done)
        for treatment in case.treatments
        if not treatment.kind.is_medicine
        for done in (*treatment.sessions, *((treatment.performed_on,) if treatment.performed_on else ()))
        if done <= day
    ]
    own = [p for p in procedures if region is None or region in _regions(p[0]) or not _regions(p[0])]
    return max(own or procedures, key=lambda p: p[1], default=None)


def _regions(treatment: Treatment) -> tuple[RegionName, ...]:
    return (*treatment.recipient_regions, *treatment.donor_regions)


def _from_note(note: Note, case: Case, knowledge: Knowledge) -> list[Alert]:  # noqa: PLR0911 one return a sign
    latest = _latest(case, note.on, note.region)
    days = None if latest is None else (note.on - latest[1]).days
    injected = latest is not None and latest[0].kind.is_session_therapy
    strength = STRENGTH[note.severity]

    def alert(kind: AlertKind, urgency: Urgency, why: str) -> list[Alert]:
        return [Alert(kind=kind, region=note.region, on=note.on, urgency=urgency, why=why)]

    match note.kind:
        case NoteKind.BLACK_PATCH:
            return alert(
                AlertKind.NECROSIS_SIGNS,
                Urgency.NOW,
                "A black or dusky patch may be dying skin. See the surgeon now; hours count.",
            )
        case NoteKind.PUS:
            months = 0.0 if latest is None else months_between(latest[1], note.on)
            scattered = (
                latest is not None
                and not injected
                and months >= 1.0
                and months <= knowledge.value("adverse.folliculitis_to_month")
                and strength == 1
                and not _others_near(note, case, {NoteKind.FEVER, NoteKind.REDNESS, NoteKind.SWELLING, NoteKind.PAIN})
            )
            if scattered:
                return alert(
                    AlertKind.INFECTION_SIGNS,
                    Urgency.NEXT_VISIT,
                    "A few pustules while new hair grows are common and mostly harmless; show them if they spread.",
                )
            return alert(AlertKind.INFECTION_SIGNS, Urgency.TODAY, "Pus is a sign of infection.")
        case NoteKind.FEVER if (
            latest is not None and days is not None and days <= knowledge.value("adverse.abscess_to_day")
        ):
            return alert(AlertKind.INFECTION_SIGNS, Urgency.TODAY, "Fever within a month of a procedure.")
        case NoteKind.RASH:
            urgency = Urgency.NOW if strength == STRENGTH[Severity.SEVERE] else Urgency.TODAY
            if strength == 1 and injected and days is not None and days <= 1:
                urgency = Urgency.THIS_WEEK
            return alert(
                AlertKind.ALLERGY_SIGNS,
                urgency,
                "A rash may be an allergy to what was given; with a swollen face, call help.",
            )
        case NoteKind.REDNESS | NoteKind.SWELLING | NoteKind.PAIN | NoteKind.ITCHING | NoteKind.BRUISING:
            return _lasting(note, latest, knowledge)
        case NoteKind.CRUST if (
            latest is not None
            and not injected
            and days is not None
            and days > knowledge.value("adverse.transplant_crust_days")
        ):
            return alert(AlertKind.HEALING_SLOWER_THAN_EXPECTED, Urgency.THIS_WEEK, "Crusts should be gone by day 14.")
        case _:
            return []


def _lasting(note: Note, latest: tuple[Treatment, date] | None, knowledge: Knowledge) -> list[Alert]:
    if latest is None:
        return []
    treatment, done = latest
    days = (note.on - done).days
    if treatment.kind.is_session_therapy:
        usual = knowledge.value("adverse.injection_redness_days")
        long = knowledge.value("adverse.injection_persistent_days")
    elif note.kind is NoteKind.REDNESS:
        usual = long = knowledge.value("adverse.transplant_redness_days")
    else:
        usual = long = knowledge.value("adverse.transplant_swelling_days")
    strength = STRENGTH[note.severity]
    if days > long or (days > usual and strength >= STRENGTH[Severity.MODERATE]):
        kind = AlertKind.HEALING_SLOWER_THAN_EXPECTED
        if strength >= STRENGTH[Severity.MODERATE]:
            kind = AlertKind.INFECTION_SIGNS
        urgency = Urgency.TODAY if strength == STRENGTH[Severity.SEVERE] else Urgency.THIS_WEEK
        why = f"{note.kind.value.capitalize()} on day {days} lasts longer than expected."
        return [Alert(kind=kind, region=note.region, on=note.on, urgency=urgency, why=why)]
    if strength == STRENGTH[Severity.SEVERE] and note.kind is NoteKind.PAIN:
        why = "Severe pain after a procedure may announce poor blood supply or infection."
        return [Alert(kind=AlertKind.NECROSIS_SIGNS, region=note.region, on=note.on, urgency=Urgency.TODAY, why=why)]
    return []


def _others_near(note: Note, case: Case, kinds: set[NoteKind]) -> bool:
    near = 7
    return any(o.kind in kinds and abs((o.on - note.on).days) <= near for o in case.notes)


def _combined(case: Case) -> list[Alert]:
    """Redness or swelling that grows after it had fallen, noted in words, is a sign of infection."""
    found = []
    for kind in (NoteKind.REDNESS, NoteKind.SWELLING, NoteKind.PAIN):
        notes = sorted((n for n in case.notes if n.kind is kind), key=lambda n: n.on)
        for earlier, later in pairwise(notes):
            procedures = _latest(case, later.on, later.region)
            between = procedures is not None and earlier.on < procedures[1]
            days = None if procedures is None else (later.on - procedures[1]).days
            grew = STRENGTH[later.severity] > STRENGTH[earlier.severity]
            if grew and not between and days is not None and 2 < days <= 30:  # noqa: PLR2004 after 48 h, within the abscess window
                why = f"{kind.value.capitalize()} grows instead of fading."
                found.append(
                    Alert(
                        kind=AlertKind.INFECTION_SIGNS, region=later.region, on=later.on, urgency=Urgency.TODAY, why=why
                    )
                )
    return found


def _series(case: Case, region: RegionName, measurand: str) -> list[Observation]:
    return sorted(
        (o for o in case.observations if o.region is region and o.measurand == measurand), key=lambda o: o.taken_on
    )


def _from_redness(case: Case, region: RegionName, knowledge: Knowledge) -> list[Alert]:
    """Redness that rises again after the first days of a procedure, by more than its error and than its first fall."""
    series = _series(case, region, REDNESS_INDEX)
    relative = knowledge.value("adverse.redness_error")
    for i, later in enumerate(series):
        latest = _latest(case, later.taken_on, region)
        if latest is None:
            continue
        since = [o for o in series[:i] if o.taken_on >= latest[1]]
        if (later.taken_on - latest[1]).days < 2 or not since:  # noqa: PLR2004 the first 48 h are expected to be red
            continue
        lowest, highest = min(since, key=lambda o: o.value), max(o.value for o in since)
        error = (
            sum(
                (relative * abs(o.value) if o.std_uncertainty is None else o.std_uncertainty) ** 2
                for o in (lowest, later)
            )
            ** 0.5
        )
        rise = later.value - lowest.value
        if rise > REDNESS_Z * error and rise > knowledge.value("adverse.redness_rise") * abs(highest):
            return [
                Alert(
                    kind=AlertKind.INFECTION_SIGNS,
                    region=region,
                    on=later.taken_on,
                    urgency=Urgency.TODAY,
                    why="Redness rises again after it had fallen.",
                )
            ]
    return []


def _from_crust(case: Case, region: RegionName, knowledge: Knowledge) -> list[Alert]:
    """Dark crust that grows after crusts have had their peak, or stands after they should be gone."""
    series = _series(case, region, DARK_CRUST)
    least = knowledge.value("adverse.dark_crust_fraction")
    peak_day = knowledge.value("adverse.crust_peak_day")
    for i, later in enumerate(series):
        latest = _latest(case, later.taken_on, region)
        if latest is None:
            continue
        days = (later.taken_on - latest[1]).days
        if days < knowledge.value("adverse.necrosis_from_day") or days > 2 * knowledge.value("adverse.necrosis_to_day"):
            continue
        since = [o for o in series[:i] if (o.taken_on - latest[1]).days >= peak_day]
        lowest = min(since, key=lambda o: o.value, default=None)
        late = days > knowledge.value("adverse.transplant_crust_days") and _stands_out(later, None, least)
        grew = lowest is not None and _stands_out(later, lowest, least)
        if late or grew:
            return [
                Alert(
                    kind=AlertKind.NECROSIS_SIGNS,
                    region=region,
                    on=later.taken_on,
                    urgency=Urgency.NOW,
                    why="Dark crust grows or stays where it should have gone: skin may be dying.",
                )
            ]
    return []


def _stands_out(later: Observation, earlier: Observation | None, least: float) -> bool:
    """Return whether a share is above an earlier one, or above nothing, by a least amount and more than its error."""
    errors = [o.std_uncertainty or 0.0 for o in (later, earlier) if o is not None]
    rise = later.value - (0.0 if earlier is None else earlier.value)
    return rise > least and rise > CRUST_Z * math.hypot(*errors)


def _from_patchiness(case: Case, region: RegionName, knowledge: Knowledge) -> list[Alert]:
    series = _series(case, region, PATCHINESS)
    injected = [t for t in case.treatments_of(region) if t.kind.is_session_therapy and t.first_day is not None]
    if not injected or not series:
        return []
    first = min(t.first_day for t in injected if t.first_day is not None)
    before = [o.value for o in series if o.taken_on <= first]
    usual = sum(before) / len(before) if before else 0.0
    for later in series:
        months = months_between(first, later.taken_on)
        error = 0.0 if later.std_uncertainty is None else 2.0 * later.std_uncertainty
        rise = later.value - usual
        if 0 < months <= knowledge.value("adverse.injection_alopecia_to_month") and rise > max(
            knowledge.value("adverse.patchiness_rise"), error
        ):
            return [
                Alert(
                    kind=AlertKind.INJECTION_SITE_ALOPECIA,
                    region=region,
                    on=later.taken_on,
                    urgency=Urgency.THIS_WEEK,
                    why="Bare patches at injection sites are never expected; a doctor should look.",
                )
            ]
    return []
