"""Notices: contra-indications, session intervals, what is due next, missing facts, costs so far."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from hairtrack.knowledge import Knowledge
from hairtrack.model import Case, Notice, NoticeKind, Treatment, TreatmentKind, Verdict
from hairtrack.model.posterior import Courses

ADULT_AGE_YEARS = 18
KIND_WORDS = {
    TreatmentKind.FUE: "FUE",
    TreatmentKind.FUT: "FUT",
    TreatmentKind.DHI: "DHI",
    TreatmentKind.PRP: "platelet-rich plasma",
    TreatmentKind.CELL_THERAPY: "cell therapy",
}


def words_of(kind: TreatmentKind) -> str:
    """Return a treatment in words."""
    return KIND_WORDS.get(kind, kind.value.replace("_", " "))


def notices_of(
    case: Case, courses: Courses, verdicts: Sequence[Verdict], *, today: date | None, knowledge: Knowledge
) -> tuple[Notice, ...]:
    """Return the notices of a case, contra-indications first."""
    found = [*_contra_indications(case, courses, knowledge), *_dates(case), *_intervals(case, knowledge)]
    found += _missing(case, courses, knowledge)
    found += _due(case, verdicts, today=today, knowledge=knowledge)
    found += _costs(case, today)
    found += [Notice(kind=NoticeKind.CASE_PROBLEM, text=f"{p.where}: {p.what} ({p.remedy})") for p in case.problems]
    return tuple(dict.fromkeys(found))


def _contra_indications(case: Case, courses: Courses, knowledge: Knowledge) -> list[Notice]:
    found = []
    for treatment in case.treatments:
        for contra in knowledge.contra_indications:
            if treatment.kind not in contra.treatments:
                continue
            if any(word in _plain(condition) for condition in case.patient.conditions for word in contra.words):
                found.append(f"On record: {contra.text}. It speaks against {words_of(treatment.kind)}; ask a doctor.")
        first = treatment.first_day
        born = case.patient.birth_year
        if first is not None and born is not None and first.year - born < ADULT_AGE_YEARS:
            found.append(f"The patient was a minor at the time of {words_of(treatment.kind)}; ask a doctor.")
        if treatment.kind is TreatmentKind.CELL_THERAPY:
            limit = knowledge.value("cell_therapy.advanced_below_per_cm2")
            found += [
                f"{course.region.value.replace('_', ' ').capitalize()}: loss is very advanced "
                f"({course.baseline_density_per_cm2:.0f} hairs/cm² before treatment); cell therapy is not meant for it."
                for course in courses.regions
                if course.baseline_density_per_cm2 is not None
                and course.baseline_density_per_cm2 < limit
                and (not treatment.recipient_regions or course.region in treatment.recipient_regions)
            ]
    return [Notice(kind=NoticeKind.CONTRA_INDICATION, text=text) for text in found]


def _plain(condition: str) -> str:
    return condition.strip().lower().replace(" ", "_").replace("-", "_")


def _dates(case: Case) -> list[Notice]:
    return [
        Notice(
            kind=NoticeKind.MISSING_FACT,
            text=f"The date of {words_of(treatment.kind)} is not on record; without it there is no verdict.",
        )
        for treatment in case.treatments
        if treatment.first_day is None
    ]


def _intervals(case: Case, knowledge: Knowledge) -> list[Notice]:
    found = []
    for treatment in case.treatments:
        if not treatment.kind.is_session_therapy:
            continue
        fact = knowledge.fact(f"{treatment.kind.value}.interval_days")
        sessions = sorted(treatment.sessions)
        for earlier, later in pairwise(sessions):
            days = (later - earlier).days
            name = words_of(treatment.kind)
            span = f"{fact.low:.0f} to {fact.high:.0f} days are usual"
            if fact.low is not None and 0 < days < fact.low:
                text = f"Sessions of {name} on {earlier} and {later} are {days} days apart, sooner than usual; {span}."
                found.append(Notice(kind=NoticeKind.SESSION_INTERVAL, text=text))
            elif (
                fact.high is not None
                and days > 2 * fact.high
                and days < knowledge.value(f"{treatment.kind.value}.upkeep_days")
            ):
                text = f"Sessions of {name} on {earlier} and {later} are {days} days apart, later than usual; {span}."
                found.append(Notice(kind=NoticeKind.SESSION_INTERVAL, text=text))
    return found


def _missing(case: Case, courses: Courses, knowledge: Knowledge) -> list[Notice]:
    found = []
    known = set(knowledge.keys_below("measurands."))
    told = {
        "exit_angle_deg", "direction_difference_deg", "redness_index", "dark_crust_fraction", "patchiness",
        "shaft_diameter_mean_um", "terminal_to_vellus_ratio",
    }  # fmt: skip
    unknown = sorted({o.measurand for o in case.observations if f"measurands.{o.measurand}" not in known} - told)
    if unknown and not all(o.photo_id for o in case.observations if o.measurand in unknown):
        text = f"Not used for the verdict, since it is no amount of hair: {', '.join(unknown)}."
        found.append(Notice(kind=NoticeKind.CASE_PROBLEM, text=text))
    for treatment in case.treatments:
        if not treatment.kind.is_transplant or treatment.performed_on is None:
            continue
        counted = treatment.hairs_implanted is not None or treatment.grafts_implanted is not None
        doubted = any(
            c.looks and not c.planted_known for c in courses.regions if c.region in treatment.recipient_regions
        )
        if doubted or not (counted and treatment.recipient_area_cm2):
            text = "The number of planted grafts or hairs and the area would tell how much growth to expect."
            found.append(Notice(kind=NoticeKind.MISSING_FACT, text=text))
        early = (knowledge.value("verdict.early_photo_from_day"), knowledge.value("verdict.early_photo_to_day"))
        days = [(o.taken_on - treatment.performed_on).days for o in case.observations]
        if days and not any(early[0] <= day <= early[1] for day in days) and max(days) > 0:
            text = "No photo of day 7 to 14 is there; it shows the planted hair before it sheds."
            found.append(Notice(kind=NoticeKind.MISSING_FACT, text=text))
    found += _fine_donors(case, knowledge)
    for course in courses.regions:
        if course.looks and not course.has_baseline:
            text = f"{course.region.value.replace('_', ' ').capitalize()}: nothing was recorded before treatment."
            found.append(Notice(kind=NoticeKind.MISSING_FACT, text=text))
    return found


def _fine_donors(case: Case, knowledge: Knowledge) -> list[Notice]:
    """Return a warning for donors with few and fine hairs left."""
    found = []
    fine = knowledge.value("donor.fine_hair_um")
    floor = knowledge.value("donor.residual_floor_per_cm2")
    for region in dict.fromkeys(r for t in case.treatments for r in t.donor_regions):
        own = [o for o in case.observations if o.region is region]
        diameters = [o for o in own if o.measurand == "shaft_diameter_mean_um"]
        counts = [o for o in own if o.measurand == "hair_density_per_cm2"]
        if not (diameters and counts):
            continue
        thin, left = max(diameters, key=lambda o: o.taken_on), max(counts, key=lambda o: o.taken_on)
        if thin.value < fine and left.value < floor:
            text = (
                f"The donor has {left.value:.0f} hairs/cm² of fine hair ({thin.value:.0f} µm) left; "
                "weigh this before another session."
            )
            found.append(Notice(kind=NoticeKind.MISSING_FACT, text=text))
    return found


def _due(case: Case, verdicts: Sequence[Verdict], *, today: date | None, knowledge: Knowledge) -> list[Notice]:
    found = []
    for treatment in case.treatments:
        if not treatment.kind.is_session_therapy or not treatment.sessions:
            continue
        last = max(treatment.sessions)
        name = treatment.kind.value
        interval = knowledge.value(f"{name}.interval_days")
        if len(treatment.sessions) >= knowledge.value(f"{name}.sessions_needed"):
            interval = max(interval, knowledge.value(f"{name}.upkeep_days"))
        if today is None or today <= last + timedelta(days=round(2 * interval)):
            due = last + timedelta(days=round(interval))
            text = f"The next session of {words_of(treatment.kind)} is due around {due}, if the plan goes on."
            found.append(Notice(kind=NoticeKind.NEXT_SESSION_DUE, text=text, due_on=due))
    judged = [v.judged_on for v in verdicts if v.judged_on is not None]
    if judged:
        due = max(judged) + timedelta(days=round(knowledge.value("verdict.next_photo_days")))
        found.append(Notice(kind=NoticeKind.NEXT_PHOTO_DUE, text=f"The next photo is due around {due}.", due_on=due))
    return found


def _costs(case: Case, today: date | None) -> list[Notice]:
    totals: dict[str, float] = {}
    for treatment in case.treatments:
        if treatment.cost_per_session is None:
            continue
        done = _done(treatment, today)
        currency = treatment.currency or ""
        totals[currency] = totals.get(currency, 0.0) + treatment.cost_per_session * done
    return [
        Notice(kind=NoticeKind.COST_SO_FAR, text=f"Costs on record so far: {total:.2f} {currency}".rstrip() + ".")
        for currency, total in sorted(totals.items())
    ]


def _done(treatment: Treatment, today: date | None) -> int:
    if treatment.sessions:
        return sum(today is None or session <= today for session in treatment.sessions)
    return 1
