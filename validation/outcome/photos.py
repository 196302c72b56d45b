# ruff: noqa: PLR2004 a simulator and its scores are made of published figures
"""Prints the verdicts on synthetic patients whose photos were drawn, measured and judged from end to end.

    .venv/bin/python validation/outcome/photos.py --cases 160 --readings /tmp/hairtrack_photos.jsonl --minutes 60
    .venv/bin/python validation/outcome/photos.py --readings /tmp/hairtrack_photos.jsonl --judge-only --write

Each patient has one head, one history with a known surviving share, and photos from before the operation and months 4,
8, 12, 15 and 16 with the care of a usual follow-up. What was measured is kept a line a patient, so that a run goes on
where it was stopped, and so that verdicts can be given anew without drawing again. The engine was not tuned on them.
"""

import argparse
import os
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import cv2  # noqa: E402 threads are limited before numpy is loaded
import numpy as np  # noqa: E402 as above
from drawn_closeups import write_closeups  # noqa: E402 as above
from intervals import heading, told  # noqa: E402 as above
from pydantic import TypeAdapter  # noqa: E402 as above
from scoring import engine  # noqa: E402 as above

from hairtrack.course import follow  # noqa: E402 as above
from hairtrack.knowledge import load  # noqa: E402 as above
from hairtrack.model import Case, RegionName, State  # noqa: E402 as above
from hairtrack.model.posterior import Quantity, RegionCourse  # noqa: E402 as above
from hairtrack.outcome import decisions_of  # noqa: E402 as above
from hairtrack.pipeline.analyse import analyse_case  # noqa: E402 as above
from hairtrack.pipeline.ports import FixedClock, SerialExecutor  # noqa: E402 as above
from hairtrack.pipeline.shelf import Shelf  # noqa: E402 as above
from hairtrack.pipeline.world import World  # noqa: E402 as above
from hairtrack.synth.cases import CasePlan, Visit, write_case  # noqa: E402 as above
from hairtrack.synth.history import Course, Transplant  # noqa: E402 as above
from hairtrack.synth.scalp import (  # noqa: E402 as above
    HAIR_COLOURS,
    SKIN_TONES,
    SkinAndHair,
    grow_scalp,
    region_area_cm2,
)

RESULTS = Path(__file__).resolve().parents[1] / "results"
RECIPIENT = (RegionName.FRONTAL_HAIRLINE, RegionName.FRONTAL)
MONTHS = (-0.07, 4.0, 8.0, 12.0, 15.0, 16.0)
EARLY_MONTHS = (-0.07, 1.0, 2.0, 3.0)
OPERATED_ON = date(2025, 1, 15)
ALL_SEEN = date(2026, 7, 1)
SIZE_PX = (800, 800)
HEADS = 112
KINDS = ("grown", "delayed", "poor", "failed", "heredity", "untreated", "shedding", "closeups")
CALLED_FAILED = frozenset({State.FAILURE, State.POOR_GROWTH_PROBABLE})
UNSURE = frozenset({State.INSUFFICIENT_EVIDENCE, State.ARTEFACT, State.BEHIND, State.TOO_EARLY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true of a drawn patient: the kind of history and the share of planted hair that lives, if any."""

    index: int
    kind: str
    survival: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A patient as it is kept: the truth, and the case with everything that was measured."""

    truth: Truth
    case: Case
    seconds: float


LINE = TypeAdapter(Kept)


def truth_of(index: int, seed: int) -> Truth:
    """Return what becomes of a patient: kinds take turns; after `HEADS` come close-ups alone, which are quick."""
    rng = np.random.default_rng([seed, index, 1])
    kind = KINDS[index % len(KINDS)] if index < HEADS else "closeups"
    spans = {"grown": (0.80, 0.97), "delayed": (0.80, 0.97), "poor": (0.35, 0.55), "failed": (0.03, 0.30)}
    low, high = spans.get(kind, (0.82, 0.97))
    if kind in {"shedding", "closeups"} and (index // len(KINDS)) % 2:
        low, high = spans["failed"]
    if index >= HEADS:
        low, high = (spans["grown"], spans["poor"], spans["failed"])[index % 3]
    survival = None if kind == "untreated" else float(rng.uniform(low, high))
    return Truth(index=index, kind=kind, survival=survival)


def plan_of(truth: Truth, seed: int) -> CasePlan:
    """Return the head and history of a patient whose whole head is photographed."""
    rng = np.random.default_rng([seed, truth.index, 2])
    colours = SkinAndHair(
        skin=SKIN_TONES[str(rng.choice(["I", "II", "III", "IV"]))],
        hair=HAIR_COLOURS[str(rng.choice(["black", "brown"]))],
    )
    planted = float(rng.uniform(55, 95))
    median = (
        5.8 * float(np.exp(rng.normal(0, 0.15))) * (float(rng.uniform(1.3, 1.5)) if truth.kind == "delayed" else 1.0)
    )
    left = float(rng.uniform(0.08, 0.30))
    loss = 0.05
    native = {RegionName.FRONTAL: left, RegionName.FRONTAL_HAIRLINE: left / 2}
    if truth.kind == "heredity":
        native, loss = {RegionName.FRONTAL: 0.45, RegionName.FRONTAL_HAIRLINE: 0.35, RegionName.MIDSCALP: 0.6}, 0.25
    elif truth.kind == "untreated":
        native, loss = {RegionName.MIDSCALP: 0.75, RegionName.VERTEX: 0.65}, float(rng.uniform(0.15, 0.30))
    operation = Transplant(
        regions=RECIPIENT, hairs_per_cm2=planted, survival=truth.survival or 0.0, median_months=median
    )
    area_cm2 = sum(region_area_cm2(region) for region in RECIPIENT)
    return CasePlan(
        patient_id=f"drawn-{truth.index}",
        scalp=grow_scalp(colours, seed=1000 * seed + truth.index),
        course=Course(
            native_share=native,
            native_loss_per_year=loss,
            transplant=None if truth.survival is None else operation,
            length_mm=float(rng.uniform(8, 22)),
        ),
        operated_on=OPERATED_ON,
        visits=tuple(Visit(month=m) for m in (EARLY_MONTHS if truth.kind == "shedding" else MONTHS)),
        planted={
            "hairs_implanted": round(area_cm2 * planted * float(np.exp(rng.normal(0, 0.08)))),
            "recipient_area_cm2": round(area_cm2, 1),
        },
        size_px=SIZE_PX,
        seed=1000 * seed + truth.index,
    )


def draw_and_measure(truth: Truth, seed: int) -> Kept:
    """Return a patient after the photos were drawn, written as files and analysed as a clinic's folder would be."""
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as shelf:
        if truth.kind == "closeups":
            write_closeups(Path(folder), survival=truth.survival or 0.0, months=MONTHS, seed=1000 * seed + truth.index)
        else:
            write_case(Path(folder), plan_of(truth, seed))
        world = World(shelf=Shelf.open(Path(shelf)), clock=FixedClock(ALL_SEEN), executor=SerialExecutor())
        dossier = analyse_case(Path(folder), world=world).dossier
    case = Case(
        patient=dossier.patient, treatments=dossier.treatments, observations=dossier.observations, notes=dossier.notes
    )
    return Kept(truth=truth, case=case, seconds=time.process_time() - started)


def kept_in(path: Path) -> list[Kept]:
    """Return the patients measured so far."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [LINE.validate_json(line) for line in lines]


def courses_of(kept: Kept) -> list[RegionCourse]:
    """Return the courses of the regions that a patient's history is about; those seen on no photo are left out."""
    wanted = {RegionName.MIDSCALP, RegionName.VERTEX} if kept.truth.kind == "untreated" else set(RECIPIENT)
    return [c for c in follow(kept.case, knowledge=load()).regions if c.region in wanted and c.looks]


def group_of(truth: Truth) -> str:
    """Return the row of the table that a patient belongs to."""
    if truth.survival is None or truth.kind not in {"shedding", "closeups"}:
        return truth.kind
    grew = "grown" if truth.survival >= 0.75 else "failed" if truth.survival < 0.35 else "poor"
    return f"{truth.kind}, {grew}"


def table(patients: list[Kept]) -> list[str]:
    """Return the table: a row a kind of history, patients by their last verdict, and who was ever called failed."""
    lines = heading("truth", "patients", "last verdict, of the worse region", "failed at the end", "ever called failed")
    rows: dict[str, list[tuple[State, bool, bool]]] = {}
    for kept in patients:
        said = [
            [decision.state for decision in decisions_of(kept.case, course, knowledge=load())]
            for course in courses_of(kept)
        ]
        worst = max((states[-1] for states in said), key=severity, default=State.INSUFFICIENT_EVIDENCE)
        ever = any(state in CALLED_FAILED for states in said for state in states)
        rows.setdefault(group_of(kept.truth), []).append((worst, worst in CALLED_FAILED, ever))
    for group in sorted(rows):
        counted = Counter(state.value for state, _, _ in rows[group])
        words = ", ".join(f"{n} {state}" for state, n in counted.most_common())
        n = len(rows[group])
        at_end, ever = sum(a for _, a, _ in rows[group]), sum(e for _, _, e in rows[group])
        lines.append(f"| {group} | {n} | {words} | {told(at_end, n)} | {told(ever, n)} |")
    return lines


def separation(patients: list[Kept]) -> list[str]:
    """Return how often a failed patient is given the lower surviving share of two, by what was photographed."""
    told_of: dict[tuple[bool, bool], list[float]] = {}
    for kept in patients:
        if kept.truth.kind not in {"grown", "delayed", "failed", "closeups"} or kept.truth.survival is None:
            continue
        grew = kept.truth.survival >= 0.75
        if grew or kept.truth.survival < 0.35:
            seen = [course.looks[-1].estimates[Quantity.SURVIVAL].middle for course in courses_of(kept)]
            told_of.setdefault((kept.truth.kind == "closeups", grew), []).extend(seen[-1:])
    lines = []
    for closeups, word in ((False, "heads"), (True, "close-ups")):
        grown, failed = (np.array(told_of.get((closeups, grew), [])) for grew in (True, False))
        if grown.size and failed.size:
            right = float(np.mean(failed[:, None] < grown[None, :]))
            lines.append(
                f"Of a failed and a grown patient, {word}, the failed one is given the lower share: {right:.0%}."
            )
    return lines


def severity(state: State) -> int:
    """Return how bad a verdict is, to name the worst of two regions of one operation."""
    if state in CALLED_FAILED:
        return 3
    return 1 if state in UNSURE else 2 if state is State.BELOW_TARGET else 0


def main() -> None:
    """Draw, measure and keep patients until the time is up; then judge all that were kept and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=160)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--readings", type=Path, default=Path(tempfile.gettempdir()) / "hairtrack_photos.jsonl")
    parser.add_argument("--judge-only", action="store_true")
    parser.add_argument("--write", action="store_true", help="write validation/results/outcome_photos.md")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    ended = time.monotonic() + 60 * arguments.minutes
    have = {kept.truth.index for kept in kept_in(arguments.readings)}
    for index in range(0 if arguments.judge_only else arguments.cases):
        if index in have or time.monotonic() > ended:
            continue
        line = LINE.dump_json(draw_and_measure(truth_of(index, arguments.seed), arguments.seed)).decode()
        with arguments.readings.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    patients = kept_in(arguments.readings)
    text = "\n".join(
        [
            "# Outcome, photos from end to end",
            "",
            f"`python validation/outcome/photos.py --cases {len(patients)} --write`, program {engine()}",
            "",
            *table(patients),
            "",
            *separation(patients),
            "",
            f"CPU seconds a patient to draw and analyse: {np.mean([k.seconds for k in patients]):.0f}",
            "",
        ]
    )
    print(text)
    if arguments.write:
        (RESULTS / "outcome_photos.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
