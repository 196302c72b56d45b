# ruff: noqa: PLR2004 a simulator and its scores are made of published figures
"""Running a cohort through the program and through simpler rules, kept as arrays: a row a patient, a column a look."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
from histories import Cell, Patient
from simple_rules import RULES, LastPhoto, naive_calls

import hairtrack
from hairtrack.course import CourseSettings, follow_many
from hairtrack.knowledge import Knowledge
from hairtrack.model import Cause, RegionRole, State
from hairtrack.model.posterior import Proposition
from hairtrack.outcome import decisions_of

STATES = tuple(State)
CAUSES = tuple(Cause)
CALLED_FAILED = frozenset({State.FAILURE, State.POOR_GROWTH_PROBABLE, State.DONOR_OVER_EXTRACTION})
WITHHELD = frozenset({State.INSUFFICIENT_EVIDENCE, State.ARTEFACT, State.TOO_EARLY, State.EXPECTED_SHEDDING})
NEVER = 999.0
MOST_LOOKS = 20
TO_MONTH_18 = 18.3
BATCH = 200
ROLES = {"donor": RegionRole.DONOR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the program said of one patient: month, state, P(survival < .60) and likeliest cause a look."""

    months: Sequence[float]
    states: Sequence[State]
    poor: Sequence[float]
    likeliest: Sequence[Cause]
    asks: bool


@dataclass(slots=True, kw_only=True)
class Cohort:
    """What was true of the patients of a cell and what was said of them; looks that were not taken hold NaN and -1.

    `survival`, `healthy` (n,); `months`, `poor` (n, looks) float; `state`, `likeliest` (n, looks) index into `STATES`
    and `CAUSES`; `asks` (n,) whether the last verdict names what is missing; `rules` (n, rules) month of the first call
    of each simpler rule.
    """

    cell: Cell
    survival: npt.NDArray[np.float64]
    healthy: npt.NDArray[np.bool_]
    months: npt.NDArray[np.float32]
    poor: npt.NDArray[np.float32]
    state: npt.NDArray[np.int8]
    likeliest: npt.NDArray[np.int8]
    asks: npt.NDArray[np.bool_]
    rules: npt.NDArray[np.float32]
    photos: npt.NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))

    def called(self, until: float = TO_MONTH_18, *, since: float = -1.0) -> npt.NDArray[np.bool_]:
        """Return who was called failed at any look within a span of months."""
        failed = np.isin(self.state, [STATES.index(s) for s in CALLED_FAILED])
        return (failed & (self.months <= until) & (self.months >= since)).any(axis=1)

    def state_at(self, month: float) -> npt.NDArray[np.int8]:
        """Return the state that stood at the last look up to a month; -1 for none."""
        before = self.months <= month + 0.3
        last = np.where(before.any(axis=1), before.shape[1] - 1 - before[:, ::-1].argmax(axis=1), -1)
        return np.where(last >= 0, self.state[np.arange(len(last)), last], -1)

    def stands_in(self, month: float, states: Iterable[State]) -> npt.NDArray[np.bool_]:
        """Return for whom one of some states stood at a month."""
        return np.isin(self.state_at(month), [STATES.index(s) for s in states])

    def poor_at(self, month: float) -> npt.NDArray[np.float64]:
        """Return P(survival < .60) at the look nearest before a month, NaN where none was within .6 of it."""
        near = np.abs(self.months - month) < 0.6
        last = near.shape[1] - 1 - near[:, ::-1].argmax(axis=1)
        found = self.poor[np.arange(len(last)), last].astype(np.float64)
        return np.where(near.any(axis=1), found, np.nan)

    def ungated(self) -> npt.NDArray[np.bool_]:
        """Return whom the likeliest cause alone, without gate or second look, ever called failed."""
        bad = [CAUSES.index(Cause.POOR_GROWTH), CAUSES.index(Cause.DONOR_OVER_EXTRACTION)]
        return (np.isin(self.likeliest, bad) & (self.months <= TO_MONTH_18)).any(axis=1)


def tell(patients: Sequence[Patient], *, knowledge: Knowledge, settings: CourseSettings) -> list[Told]:
    """Return what the program says of patients, look by look, each from nothing later."""
    found = []
    followed = follow_many([patient.case for patient in patients], knowledge=knowledge, settings=settings)
    for patient, courses in zip(patients, followed, strict=True):
        course = next(c for c in courses.regions if c.role in {RegionRole.RECIPIENT, RegionRole.DONOR})
        decisions = decisions_of(patient.case, course, knowledge=knowledge)
        residual = Proposition.RESIDUAL_BELOW_SHARE
        asked = residual if course.role is RegionRole.DONOR else Proposition.SURVIVAL_BELOW_POOR
        found.append(
            Told(
                months=[look.months for look in course.looks],
                states=[decision.state for decision in decisions],
                poor=[look.probabilities[asked] for look in course.looks],
                likeliest=[max(look.causes, key=look.causes.__getitem__) for look in course.looks],
                asks=bool(decisions) and bool(decisions[-1].missing),
            )
        )
    return found


def run_cell(
    simulator: ModuleType,
    cell: Cell,
    *,
    patients: int,
    seed: int,
    knowledge: Knowledge,
    settings: CourseSettings,
    last_photo: LastPhoto | None = None,
) -> Cohort:
    """Return a cohort of a cell with what the program and the simpler rules said of it."""
    rng = np.random.default_rng([seed, abs(hash_of(cell.name))])
    people, said = [], []
    for start in range(0, patients, BATCH):
        batch = [simulator.patient(rng, cell) for _ in range(min(BATCH, patients - start))]
        said += tell(batch, knowledge=knowledge, settings=settings)
        people += [(p.survival, p.healthy, len(p.readings) - 1, naive_calls(p, last_photo)) for p in batch]
    shape = (len(said), MOST_LOOKS)
    cohort = Cohort(
        cell=cell,
        survival=np.array([p[0] for p in people]),
        healthy=np.array([p[1] for p in people]),
        months=np.full(shape, np.nan, np.float32),
        poor=np.full(shape, np.nan, np.float32),
        state=np.full(shape, -1, np.int8),
        likeliest=np.full(shape, -1, np.int8),
        asks=np.array([t.asks for t in said]),
        rules=np.array([[p[3].get(rule, NEVER) for rule in RULES] for p in people], np.float32),
        photos=np.array([p[2] for p in people], np.int8),
    )
    for row, told in enumerate(said):
        looks = len(told.months)
        cohort.months[row, :looks] = told.months
        cohort.poor[row, :looks] = told.poor
        cohort.state[row, :looks] = [STATES.index(state) for state in told.states]
        cohort.likeliest[row, :looks] = [CAUSES.index(cause) for cause in told.likeliest]
    return cohort


def engine() -> str:
    """Return a number of the program that was judged: it changes with any file that a verdict comes from."""
    root = Path(hairtrack.__file__).parent
    files = [file for room in ("course", "outcome", "knowledge") for file in sorted((root / room).glob("*.py"))]
    files += sorted((root.parents[1] / "models").rglob("*.toml"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:10]


def hash_of(name: str) -> int:
    """Return a number from a name, the same on every machine."""
    return sum((i + 1) * b for i, b in enumerate(name.encode()))


def calibration(
    probabilities: npt.NDArray[np.float64], truths: npt.NDArray[np.float64], bins: int = 15
) -> tuple[float, float, list[tuple[float, float, int]]]:
    """Return expected calibration error over bins of equal mass, Brier score, and mean told, mean true, n a bin."""
    groups = [g for g in np.array_split(np.argsort(probabilities, kind="stable"), bins) if len(g)]
    rows = [(float(probabilities[g].mean()), float(truths[g].mean()), len(g)) for g in groups]
    ece = sum(abs(p - y) * n for p, y, n in rows) / len(probabilities)
    return ece, float(np.mean((probabilities - truths) ** 2)), rows


def resampled(
    probabilities: npt.NDArray[np.float64], truths: npt.NDArray[np.float64], *, times: int = 200
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return 95 % intervals of expected calibration error and Brier score from resampled patients."""
    rng = np.random.default_rng(7)
    found = []
    for _ in range(times):
        chosen = rng.integers(len(truths), size=len(truths))
        ece, brier, _ = calibration(probabilities[chosen], truths[chosen])
        found.append((ece, brier))
    low, high = np.quantile(found, (0.025, 0.975), axis=0)
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))
