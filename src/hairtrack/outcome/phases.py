"""The phase of a region: by date and treatment alone, whatever was seen."""

from datetime import date

from hairtrack.knowledge import Knowledge
from hairtrack.model import Case, Phase, RegionName, RegionRole, Treatment, TreatmentKind
from hairtrack.model.calendar import months_between


def is_crown(region: RegionName) -> bool:
    """Return whether a region keeps the slower time of the crown."""
    return region is RegionName.VERTEX


def phase_of(  # noqa: PLR0911 one return a kind of treatment
    case: Case, region: RegionName, *, day: date | None, knowledge: Knowledge
) -> Phase:
    """Return the phase of a region on a day; `unknown` when the day or the date of its treatment is not known."""
    treatments = case.treatments_of(region)
    operations = [t for t in treatments if t.kind.is_transplant]
    if not treatments:
        return Phase.NOT_STARTED
    if operations:
        dates = [t.performed_on for t in operations if t.performed_on is not None]
        if day is None or not dates:
            return Phase.UNKNOWN
        past = [performed for performed in dates if performed <= day]
        if not past:
            return Phase.NOT_STARTED
        if case.role_of(region) is RegionRole.DONOR:
            return _donor_phase(max(past), day, knowledge=knowledge)
        return _transplant_phase(max(past), day, crown=is_crown(region), knowledge=knowledge)
    dated = [t for t in treatments if t.first_day is not None]
    if day is None or not dated:
        return Phase.UNKNOWN
    started = [t for t in dated if t.first_day is not None and t.first_day <= day]
    if not started:
        return Phase.NOT_STARTED
    return _remedy_phase(started, day=day, knowledge=knowledge)


def _transplant_phase(performed: date, day: date, *, crown: bool, knowledge: Knowledge) -> Phase:
    days, months = (day - performed).days, months_between(performed, day)
    place = "crown" if crown else "front"
    if days < knowledge.value("verdict.healing_ends_day"):
        return Phase.HEALING
    if days < knowledge.value("verdict.shedding_ends_day"):
        return Phase.EXPECTED_SHEDDING
    if months < knowledge.value(f"verdict.{place}_regrowth_month"):
        return Phase.DORMANT
    if months < knowledge.value(f"verdict.{place}_maturation_month"):
        return Phase.REGROWTH
    if months < knowledge.value("verdict.settled_month"):
        return Phase.MATURATION
    return Phase.SETTLED


def _donor_phase(performed: date, day: date, *, knowledge: Knowledge) -> Phase:
    days, months = (day - performed).days, months_between(performed, day)
    if days < knowledge.value("verdict.healing_ends_day"):
        return Phase.HEALING
    if days < knowledge.value("verdict.shedding_ends_day"):
        return Phase.EXPECTED_SHEDDING
    if months < knowledge.value("verdict.over_extraction_month"):
        return Phase.REGROWTH
    return Phase.SETTLED


def _remedy_phase(started: list[Treatment], *, day: date, knowledge: Knowledge) -> Phase:
    sessions = [t for t in started if t.kind.is_session_therapy]
    for therapy in sessions:
        longest = knowledge.fact(f"{therapy.kind.value}.interval_days").high or 0.0
        last = max(session for session in therapy.sessions if session <= day)
        if any(session > day for session in therapy.sessions) or (day - last).days <= longest:
            return Phase.BETWEEN_SESSIONS
    medicines = [t for t in started if t.kind.is_medicine and (t.stopped_on is None or t.stopped_on > day)]
    for medicine in medicines:
        if medicine.kind is TreatmentKind.MINOXIDIL and medicine.first_day is not None:
            months = months_between(medicine.first_day, day)
            begins = knowledge.value("minoxidil.shedding_starts_month")
            if begins <= months <= knowledge.value("minoxidil.shedding_ends_month"):
                return Phase.EXPECTED_SHEDDING
    for remedy in (*medicines, *sessions):
        gate = knowledge.value(f"{remedy.kind.value}.no_response_from_month")
        if remedy.first_day is not None and months_between(remedy.first_day, day) < gate:
            return Phase.REGROWTH
    return Phase.SETTLED
