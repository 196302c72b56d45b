# ruff: noqa: PLR2004 the errors of the simulator are its published figures
"""Prints the best that any judge of the simulated patients could do: one that knows how they were made.

    python validation/outcome/oracle.py | tee validation/results/outcome_oracle.md

The oracle holds some ten thousand courses drawn by validation/outcome/agents.py itself and weighs them by the very
errors that validation/outcome/histories.py puts on readings: Student t, autocorrelation, outliers, bias of photos,
error of the planted count. It calls a patient failed when P(survival < .60) passes a threshold on two looks in a row
from month 12 on. Beside it stands the program's probability, called by the same rule, and the program's own verdict.

A last table asks how far anybody could tell poor growth from good growth under a light that changed for a series of
photos, where no untouched region shows the light: by the ratio of likelihoods, which no judge can beat, drawn so that
one good graft in a hundred is called.
"""

import argparse
import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import agents  # noqa: E402 threads are limited before numpy is loaded
import histories  # noqa: E402 as above
import numpy as np  # noqa: E402 as above
import numpy.typing as npt  # noqa: E402 as above
from cells import FINDS, TRAPS  # noqa: E402 as above
from histories import PLANS, Cell, Patient, photo_bias  # noqa: E402 as above
from scoring import CALLED_FAILED, tell  # noqa: E402 as above

from hairtrack.course import CourseSettings  # noqa: E402 as above
from hairtrack.knowledge import load  # noqa: E402 as above

MONTHS = PLANS["monthly"]
THRESHOLDS = (0.30, 0.50, 0.70, 0.80, 0.88, 0.95)
GATE_MONTH = 11.7
POOR = 0.60
LIGHT = ("all_follow_ups_wet", "drifting_light", "dyed_or_cut", "inflated_baseline")


class Courses:
    """Courses of a cell as the simulator makes them, every month seen, no error on them but the light of its trap."""

    def __init__(self, rng: np.random.Generator, cell: Cell, n: int) -> None:
        found: list[tuple[float, float, float, npt.NDArray[np.float64]]] = []

        def keep(_rng: object, _cell: object, **made: object) -> None:
            truth, level, start = made["truth"], made["level"], made["baseline_level"]
            if cell.trap:
                first, later = photo_bias(rng, np.array(MONTHS), cell.trap)
                level, start = level * np.exp(later), start * np.exp(first)  # type: ignore[operator]
            found.append((truth["survival"], truth["planted"], start, level))  # type: ignore[index, arg-type]

        usual_make, usual_months = agents.make_patient, agents.observed_months
        agents.make_patient, agents.observed_months = keep, lambda _rng, _plan: list(MONTHS)  # type: ignore[assignment]
        try:
            for i in range(n):
                agents.patient(rng, replace(cell, poor_share=1.0) if i % 2 else cell)
        finally:
            agents.make_patient, agents.observed_months = usual_make, usual_months
        self.survival = np.array([f[0] for f in found])
        self.planted = np.array([f[1] for f in found])
        self.true = np.array([[f[2], *f[3]] for f in found], np.float32)
        poor = self.survival < POOR
        drawn = np.clip(poor.mean(), 1e-9, 1.0 - 1e-9)
        self.log_prior = np.where(poor, np.log(cell.poor_share / drawn), np.log((1 - cell.poor_share) / (1 - drawn)))


def weigh(courses: Courses, patient: Patient, cell: Cell) -> Iterator[tuple[float, npt.NDArray[np.float64]]]:
    """Yield month and log-likelihood of every course after each reading of a patient, the baseline first."""
    log_weight = np.zeros(len(courses.survival))
    if cell.planted_known:
        log_weight -= 0.5 * ((np.log(patient.planted) - np.log(courses.planted)) / 0.08) ** 2
    last = None
    for months, value in patient.readings:
        place = 0 if months < 0 else 1 + MONTHS.index(months)
        true = np.maximum(courses.true[:, place], 0.5)
        error = (value / true - 1.0) / cell.error
        news = error if last is None else (error - 0.4 * last) / np.sqrt(1 - 0.16)
        extra = 1.0 + (0.03 / cell.error) ** 2 + (2.0 / (true * cell.error)) ** 2
        scale = np.sqrt(extra / 2.0)
        log_weight = log_weight + np.log(
            0.97 * _student(news / scale) / scale / true
            + 0.015 * _student((news - 0.3 / cell.error) / scale) / scale / true
            + 0.015 * _student((news + 0.3 / cell.error) / scale) / scale / true
            + 1e-12
        )
        last = np.where(np.abs(error * cell.error) > 0.22, 0.0, error)
        yield months, log_weight


def oracle(courses: Courses, patient: Patient, cell: Cell) -> list[tuple[float, float]]:
    """Return month and P(survival < .60) after each look of a patient, by one who knows the simulator."""
    told = []
    for months, log_likelihood in weigh(courses, patient, cell):
        log_weight = courses.log_prior + log_likelihood
        weight = np.exp(log_weight - log_weight.max())
        told.append((months, float(weight[courses.survival < POOR].sum() / weight.sum())))
    return told[1:]


def unseen_light(rng: np.random.Generator, *, patients: int, courses: int) -> None:
    """Print for each trap of light the share of survival < .35 found where 1 % of the good grafts are called."""
    print(
        "\n| good grafts under | photo error | survival < .35 found at month 18 at 1 % false, at best |\n|---|---|---|"
    )
    for trap in (t for t in TRAPS if t.trap in LIGHT and not t.references):
        for error in (0.05, 0.10):
            good = replace(trap, error=error)
            poor = Cell("poor", error=error, survival_between=(0.03, 0.35))
            held = [Courses(rng, cell, courses) for cell in (poor, good)]
            ratios = [
                [_log_ratio(held, agents.patient(rng, cell), cell) for _ in range(patients)] for cell in (good, poor)
            ]
            limit = np.quantile(ratios[0], 0.99)
            print(f"| {trap.name} | {error:.0%} | {np.mean(np.array(ratios[1]) > limit):.2f} |", flush=True)


def _log_ratio(held: list[Courses], patient: Patient, cell: Cell) -> float:
    """Return by how much the readings are likelier under the first courses than under the second, logarithmic."""
    first, second = ([told for _, told in weigh(courses, patient, cell)][-1] for courses in held)
    return float(np.logaddexp.reduce(first) - np.logaddexp.reduce(second))


def _student(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return (1 + x * x / 4.0) ** -2.5


def called(told: list[tuple[float, float]], threshold: float, until: float) -> bool:
    """Return whether the newest look up to a month and the one before both pass a threshold; once called, it stands."""
    stands = False
    for (earlier, before), (months, now) in pairwise(told):
        if GATE_MONTH <= months <= until + 0.3 and months - earlier > 0.7:
            stands = stands or (before >= threshold and now >= threshold)
    return stands


def main() -> None:
    """Print false failure and sensitivity for each threshold, oracle and program side by side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=300)
    parser.add_argument("--healthy", type=int, default=1000)
    parser.add_argument("--courses", type=int, default=24000)
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--only", default="", help="finds whose name holds this")
    arguments = parser.parse_args()
    print(
        f"`validation/outcome/oracle.py --patients {arguments.patients} --healthy {arguments.healthy} "
        f"--courses {arguments.courses} --seed {arguments.seed}`\n"
    )
    print("| find | month | judge | threshold | false failure of the healthy | found |\n|---|---|---|---|---|---|")
    rng = np.random.default_rng(arguments.seed)
    knowledge, settings = load(), CourseSettings()
    for cell, month, _ in [f for f in FINDS if arguments.only in f[0].name]:
        if cell.coverage or cell.place == "donor" or cell.minoxidil or not cell.planted_known:
            continue
        usual = histories.Cell("healthy", error=cell.error, place=cell.place, planted_known=cell.planted_known)
        courses = Courses(rng, replace(usual, survival=None), arguments.courses)
        sick = [agents.patient(rng, cell) for _ in range(arguments.patients)]
        well = [p for p in (agents.patient(rng, usual) for _ in range(arguments.healthy)) if p.healthy]
        by_oracle = [[oracle(courses, p, cell) for p in group] for group in (sick, well)]
        said = [tell(group, knowledge=knowledge, settings=settings) for group in (sick, well)]
        by_program = [[list(zip(t.months, t.poor, strict=True)) for t in group] for group in said]
        for judge, (found, false) in (("oracle", by_oracle), ("program", by_program)):
            for threshold in THRESHOLDS:
                hits = np.mean([called(t, threshold, month) for t in found])
                wrong = sum(called(t, threshold, 18) for t in false)
                print(f"| {cell.name} | {month} | {judge} | {threshold} | {wrong} of {len(false)} | {hits:.2f} |")
        stood = np.mean([_stood(t.months, t.states, month) for t in said[0]])
        wrong = sum(any(s in CALLED_FAILED for s in t.states) for t in said[1])
        print(f"| {cell.name} | {month} | verdict | - | {wrong} of {len(well)} | {stood:.2f} |", flush=True)
    unseen_light(rng, patients=arguments.patients, courses=arguments.courses)


def _stood(months: object, states: object, until: float) -> bool:
    before = [s for m, s in zip(months, states, strict=True) if m <= until + 0.3]  # type: ignore[call-overload]
    return bool(before) and before[-1] in CALLED_FAILED


if __name__ == "__main__":
    main()
