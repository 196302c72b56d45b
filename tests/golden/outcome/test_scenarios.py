"""Fifty clinical scenarios, each a table in scenarios.toml: adding one there adds a test."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hairtrack.model import (
    Case,
    Note,
    NoteKind,
    Observation,
    Patient,
    RegionName,
    Severity,
    Treatment,
    TreatmentKind,
)
from hairtrack.pipeline.reasoning import assess

TABLE = tomllib.loads((Path(__file__).parent / "scenarios.toml").read_text(encoding="utf-8"))
OPERATED_ON: date = TABLE["operated_on"]
SCENARIOS: list[dict[str, Any]] = TABLE["scenario"]
DEFAULT_ERROR = 0.10


def day(months: float) -> date:
    return OPERATED_ON + timedelta(days=round(months * 30.4375))


def treatments_of(scenario: dict[str, Any]) -> tuple[Treatment, ...]:
    found = []
    operation = scenario.get("operation")
    if operation:
        for at in (0.0, *([operation["again_at"]] if "again_at" in operation else [])):
            found.append(  # noqa: PERF401 reads as it is told
                Treatment(
                    kind=TreatmentKind(operation.get("kind", "fue")),
                    performed_on=None if operation.get("undated") else day(at),
                    recipient_regions=(RegionName(operation["region"]),),
                    donor_regions=(RegionName(operation["donor"]),) if "donor" in operation else (),
                    hairs_implanted=round(operation["planted"] * 60),
                    recipient_area_cm2=60.0,
                )
            )
    for medicine in scenario.get("medicines", []):
        found.append(  # noqa: PERF401 reads as it is told
            Treatment(
                kind=TreatmentKind(medicine["kind"]),
                started_on=day(medicine["from"]),
                stopped_on=day(medicine["to"]) if "to" in medicine else None,
            )
        )
    for therapy in scenario.get("sessions", []):
        found.append(  # noqa: PERF401 reads as it is told
            Treatment(
                kind=TreatmentKind(therapy["kind"]),
                sessions=tuple(day(at) for at in therapy["at"]),
                recipient_regions=tuple(RegionName(r) for r in therapy["regions"]),
            )
        )
    return tuple(found)


def observations_of(scenario: dict[str, Any], until: float) -> tuple[Observation, ...]:
    found = []
    for series in scenario["series"]:
        measurand = series.get("measurand", "hair_density_per_cm2")
        for at, value in series["points"]:
            if at > until:
                continue
            std = series.get("std", series.get("error", DEFAULT_ERROR) * value)
            if measurand == "coverage_fraction":
                std = 0.03
            found.append(
                Observation(
                    taken_on=day(at),
                    region=RegionName(series["region"]),
                    measurand=measurand,
                    value=float(value),
                    std_uncertainty=float(std),
                    photo_id=f"photo-{at}",
                    flags=tuple(series.get("flags", [])),
                )
            )
    return tuple(found)


def case_of(scenario: dict[str, Any], until: float) -> Case:
    notes = tuple(
        Note(
            on=day(note["at"]),
            kind=NoteKind(note["kind"]),
            region=RegionName(note["region"]) if "region" in note else None,
            severity=Severity(note["severity"]) if "severity" in note else None,
        )
        for note in scenario.get("notes", [])
        if note["at"] <= until
    )
    return Case(
        patient=Patient(conditions=tuple(scenario.get("conditions", []))),
        treatments=treatments_of(scenario),
        observations=observations_of(scenario, until),
        notes=notes,
    )


EXPECTATIONS = [
    pytest.param(
        scenario, expected, id=f"{scenario['number']:02d}-month-{expected['at']}-{expected.get('region', 'case')}"
    )
    for scenario in SCENARIOS
    for expected in scenario["expect"]
]


def test_all_fifty_scenarios_are_there():
    assert [scenario["number"] for scenario in SCENARIOS] == list(range(1, 51))


@pytest.mark.parametrize(("scenario", "expected"), EXPECTATIONS)
def test_scenario(scenario: dict[str, Any], expected: dict[str, Any]):
    assessment = assess(case_of(scenario, expected["at"]))
    if "region" in expected:
        verdict = next(v for v in assessment if v.region == expected["region"])
        told = f"{verdict.sentence_for_clinician} {dict(verdict.probabilities)}"
        assert sum(verdict.probabilities.values()) == pytest.approx(1.0)
        assert "states" not in expected or verdict.state in expected["states"], told
        assert verdict.state not in expected.get("never", []), told
        assert verdict.phase == expected.get("phase", verdict.phase)
        assert expected.get("missing", "") in " ".join(verdict.missing)
        assert expected.get("against", "") in " ".join(verdict.evidence_against)
    alerts = {alert.kind.value: alert.urgency.value for alert in assessment.alerts}
    if "alert" in expected:
        assert expected["alert"] in alerts
        assert alerts[expected["alert"]] == expected.get("urgency", alerts[expected["alert"]])
    if expected.get("no_alert"):
        assert not alerts
    if "notice" in expected:
        assert expected["notice"] in " ".join(notice.text for notice in assessment.notices)
