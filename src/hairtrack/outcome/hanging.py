"""What a verdict hangs on: every assumption without a source is halved and doubled, and the case judged again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from hairtrack.knowledge import Knowledge
from hairtrack.model import Case, RegionName, RegionRole, State
from hairtrack.model.posterior import Courses, Look, Proposition, RegionCourse
from hairtrack.outcome.decision import Decision, Reason
from hairtrack.outcome.sentences import sentence

FollowUnder = Callable[[Sequence[Knowledge]], Sequence[Courses]]
DecisionsOf = Callable[..., tuple[Decision, ...]]

FACTORS = (("half", 0.5), ("twice", 2.0))
HIGHEST_SHARE = 0.97
"""A share that is doubled stays below 1."""

LOOKS_BACK = 3
"""Looks that are judged again: the newest, and those from which an adverse verdict may stand."""

ODDS: Mapping[RegionRole, tuple[tuple[str, tuple[Proposition, ...]], ...]] = {
    RegionRole.RECIPIENT: (
        (
            "transplant.good_survival_share",
            (Proposition.SURVIVAL_BELOW_TARGET, Proposition.SURVIVAL_BELOW_POOR, Proposition.SURVIVAL_BELOW_FAILURE),
        ),
        ("transplant.delayed_share", (Proposition.CLOCK_DELAYED,)),
        ("measurands.odd_series_share", (Proposition.GROWTH_HIDDEN,)),
        ("diffuse.prior", (Proposition.DIFFUSE_SHEDDING,)),
    ),
    RegionRole.DONOR: (
        ("donor.over_extraction_prior", (Proposition.RESIDUAL_BELOW_SHARE, Proposition.RESIDUAL_BELOW_DENSITY)),
        ("donor.effluvium_prior", (Proposition.EFFLUVIUM_PRESENT,)),
    ),
    RegionRole.TREATED: (("native.fast_share", (Proposition.NATIVE_LOSS_REAL,)),),
    RegionRole.UNTREATED: (("native.stable_share", (Proposition.NATIVE_LOSS_REAL,)),),
}
"""Shares of patients that stand behind the odds of propositions: a quick answer without following the case again."""

TABLES: Mapping[RegionRole, tuple[str, ...]] = {
    RegionRole.RECIPIENT: ("transplant.", "native.", "diffuse.", "density.", "measurands."),
    RegionRole.DONOR: ("donor.", "native.", "diffuse.", "measurands."),
    RegionRole.TREATED: ("native.", "diffuse.", "measurands."),
    RegionRole.UNTREATED: ("native.", "diffuse.", "measurands."),
}
"""Tables that the courses of a role rest on; those of its medicines and session therapies are added."""

BY_DATE_ALONE = frozenset({State.TOO_EARLY, State.EXPECTED_SHEDDING})
"""States that rest on the date, whatever the hair does."""


def hanging_on(
    case: Case,
    courses: Courses,
    *,
    knowledge: Knowledge,
    decisions_of: DecisionsOf,
    follow_under: FollowUnder | None,
) -> dict[RegionName, tuple[str, ...]]:
    """Return for each region the assumptions that, halved or doubled, would change its state."""
    found: dict[RegionName, list[str]] = {}
    asked = [course for course in courses.regions if course.looks]
    states = {c.region: decisions_of(case, c, knowledge=knowledge)[-1].state for c in asked}
    asked = [course for course in asked if states[course.region] not in BY_DATE_ALONE]
    for key, word, changed in _changed(knowledge, ("verdict.",)):
        for course in asked:
            _note(found, case, course, key=key, word=word, changed=changed, states=states, decisions_of=decisions_of)
    if follow_under is None or not asked:
        for course in asked:
            _note_odds(found, case, course, knowledge=knowledge, state=states[course.region], decisions_of=decisions_of)
        return {region: tuple(texts) for region, texts in found.items()}
    prefixes = dict.fromkeys(prefix for course in asked for prefix in _tables_of(case, course))
    whats = list(_changed(knowledge, tuple(prefixes)))
    base, *others = follow_under([knowledge, *(changed for _, _, changed in whats)])
    coarse = {
        c.region: decisions_of(case, c, knowledge=knowledge, newest=LOOKS_BACK)[-1].state
        for c in base.regions
        if c.looks
    }
    for (key, word, changed), other in zip(whats, others, strict=True):
        for course in other.regions:
            if course.region in states and _bears_on(case, course, key):
                _note(
                    found, case, course, key=key, word=word, changed=changed, states=coarse, decisions_of=decisions_of
                )
    return {region: tuple(texts) for region, texts in found.items()}


def _changed(knowledge: Knowledge, prefixes: tuple[str, ...]) -> list[tuple[str, str, Knowledge]]:
    changed = []
    for key in knowledge.assumed_below(*prefixes):
        fact = knowledge.fact(key)
        for word, factor in FACTORS:
            value = fact.value * factor
            if fact.unit == "1" and fact.value < 1.0:
                value = min(value, max(HIGHEST_SHARE, fact.value))
            if value != fact.value:
                changed.append((key, word, knowledge.with_values({key: value})))
    return changed


def _tables_of(case: Case, course: RegionCourse) -> tuple[str, ...]:
    remedies = [t for t in case.treatments_of(course.region) if not t.kind.is_transplant]
    return (*TABLES[course.role], *(f"{remedy.kind.value}." for remedy in remedies))


def _bears_on(case: Case, course: RegionCourse, key: str) -> bool:
    return key.startswith(_tables_of(case, course))


def _note(
    found: dict[RegionName, list[str]],
    case: Case,
    course: RegionCourse,
    *,
    key: str,
    word: str,
    changed: Knowledge,
    states: Mapping[RegionName, State],
    decisions_of: DecisionsOf,
) -> None:
    """Note the assumption where the case, judged again, ends in another state."""
    if not course.looks:
        return
    if decisions_of(case, course, knowledge=changed, newest=LOOKS_BACK)[-1].state is not states[course.region]:
        found.setdefault(course.region, []).append(_would_change(f"{changed.fact(key).population} ({key})", word))


def _note_odds(
    found: dict[RegionName, list[str]],
    case: Case,
    course: RegionCourse,
    *,
    knowledge: Knowledge,
    state: State,
    decisions_of: DecisionsOf,
) -> None:
    """Note the shares of patients that, with odds halved or doubled, would change the state."""
    for key, propositions in ODDS[course.role]:
        for word, factor in FACTORS:
            looks = tuple(_with_odds(look, propositions, factor) for look in course.looks)
            other = replace(course, looks=looks)
            if decisions_of(case, other, knowledge=knowledge, newest=LOOKS_BACK)[-1].state is not state:
                name = f"odds behind {knowledge.fact(key).population} ({key})"
                found.setdefault(course.region, []).append(_would_change(name, word))


def _would_change(name: str, word: str) -> str:
    return sentence(Reason(id="would_change", values={"name": name, "word": word}))


def _with_odds(look: Look, propositions: tuple[Proposition, ...], factor: float) -> Look:
    changed = dict(look.probabilities)
    for proposition in propositions:
        p = changed.get(proposition, 0.0)
        changed[proposition] = p * factor / (1.0 - p + p * factor)
    return replace(look, probabilities=changed)
