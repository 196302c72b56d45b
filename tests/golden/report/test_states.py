"""A report for every state, to clinician and patient, as a person would read it aloud.

The texts lie in `__snapshots__`; after a wanted change `pytest tests/golden/report --snapshot-update` writes them anew.
"""

import re
import tomllib
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from hairtrack.model import (
    BandPoint,
    Cause,
    Change,
    Dossier,
    ExpectedBand,
    FactSource,
    Figure,
    FigureKind,
    Measured,
    Measurement,
    Notice,
    NoticeKind,
    Patient,
    Phase,
    Photo,
    PhotoEntry,
    Provenance,
    QualityDecision,
    QualityReport,
    RegionName,
    RegionRole,
    Registration,
    RegistrationStatus,
    State,
    Tier,
    Treatment,
    TreatmentKind,
    Verdict,
    View,
)
from hairtrack.report.html import render_html

TABLE = tomllib.loads((Path(__file__).parent / "states.toml").read_text(encoding="utf-8"))
CASES: dict[str, dict[str, Any]] = {case["state"]: case for case in TABLE["case"]}
OPERATED_ON: date = TABLE["operated_on"]
STD_UNCERTAINTY = 0.04
NORMAL_95 = 1.96
GROWTH = ((0, 0.34), (3, 0.28), (6, 0.44), (9, 0.56), (12, 0.62), (18, 0.64))
"""Middle of the band of a planted region; other regions are drawn without one."""


class TextExtension(SingleFileSnapshotExtension):
    """One readable text file for each report."""

    file_extension = "txt"
    _write_mode = WriteMode.TEXT


def day(months: float) -> date:
    return OPERATED_ON + timedelta(days=round(months * 30.4375))


def file_of(months: float) -> str:
    return f"{day(months).isoformat()}/top.jpg"


def verdict_of(case: dict[str, Any]) -> Verdict:
    decided = case.get("decision_after_months")
    newest = case["coverage"][-1][0] if case["coverage"] else 9
    return Verdict(
        region=RegionName(case["region"]),
        role=RegionRole(case.get("role", "recipient")),
        judged_on=day(newest),
        phase=Phase(case["phase"]),
        state=State(case["state"]),
        probabilities={Cause(cause): share for cause, share in case["probabilities"].items()},
        survival_interval90=tuple(case["survival"]) if "survival" in case else None,
        earliest_decision_on=day(decided) if decided else None,
        evidence=tuple(case["evidence"]),
        evidence_against=tuple(case.get("against", [])),
        next_step=case["next"],
        missing=tuple(case["missing"]),
        would_change_if=tuple(case.get("would_change", [])),
        sentence_for_patient=case["patient"],
    )


def treatment_of(case: dict[str, Any]) -> Treatment:
    kind = TreatmentKind(case.get("treatment", "fue"))
    if kind.is_medicine:
        return Treatment(kind=kind, started_on=OPERATED_ON)
    if kind is not TreatmentKind.FUE:
        return Treatment(kind=kind, sessions=(day(0), day(1), day(2)), recipient_regions=(RegionName(case["region"]),))
    return Treatment(
        kind=kind,
        performed_on=OPERATED_ON,
        recipient_regions=(RegionName.FRONTAL_HAIRLINE, RegionName.FRONTAL),
        donor_regions=(RegionName.OCCIPITAL,),
        grafts_implanted=2400,
    )


def measurement_of(region: RegionName, months: float, value: float) -> Measurement:
    spread = NORMAL_95 * STD_UNCERTAINTY
    return Measurement(
        measurand="coverage_fraction",
        region=region,
        file=file_of(months),
        photo_id=f"photo-{months}",
        taken_on=day(months),
        result=Measured(
            value=value,
            unit="1",
            std_uncertainty=STD_UNCERTAINTY,
            interval95=(value - spread, value + spread),
            method="coverage_fraction@1",
        ),
    )


def change_of(region: RegionName, points: list[list[float]]) -> Change:
    (first, before), (last, after) = points[0], points[-1]
    difference, spread = after - before, NORMAL_95 * STD_UNCERTAINTY * 2**0.5
    return Change(
        measurand="coverage_fraction",
        region=region,
        from_date=day(first),
        to_date=day(last),
        difference=difference,
        interval95=(difference - spread, difference + spread),
        smallest_detectable=spread,
        beyond_error=abs(difference) > spread,
        unit="1",
        method="coverage_fraction@1",
    )


def band_of(region: RegionName) -> ExpectedBand:
    return ExpectedBand(
        region=region,
        measurand="coverage_fraction",
        unit="1",
        starts_on=OPERATED_ON,
        points=tuple(BandPoint(months=m, low=c - 0.12, middle=c, high=c + 0.12) for m, c in GROWTH),
        source_keys=(),
        assumed=True,
    )


def dossier_of(case: dict[str, Any]) -> Dossier:
    region, points = RegionName(case["region"]), case["coverage"]
    verdict = verdict_of(case)
    usable = QualityReport(decision=QualityDecision.USABLE)
    facts = {"view": View.TOP, "view_source": FactSource.FILE_NAME, "date_source": FactSource.EXIF}
    return Dossier(
        patient=Patient(id="P001", birth_year=1985),
        treatments=(treatment_of(case),),
        observations=(),
        notes=(),
        photos=tuple(
            PhotoEntry(photo=Photo(file=file_of(m), photo_id=f"photo-{m}", taken_on=day(m), **facts), quality=usable)
            for m, _ in points
        ),
        regions=(),
        registrations=tuple(
            Registration(
                reference=file_of(points[0][0]),
                moving=file_of(months),
                status=RegistrationStatus.ACCEPTED,
                tier=Tier.SCALP,
                expected_error_px=2.1,
                expected_error_mm=0.3,
                overlap_fraction=0.93,
            )
            for months, _ in points[1:]
        ),
        measurements=tuple(measurement_of(region, months, value) for months, value in points),
        closeups=(),
        hair_matches=(),
        changes=(change_of(region, points),) if points else (),
        bands=(band_of(region),) if verdict.role is RegionRole.RECIPIENT else (),
        verdicts=(verdict,),
        alerts=(),
        notices=(Notice(kind=NoticeKind.NEXT_PHOTO_DUE, text="", due_on=verdict.judged_on + timedelta(days=30)),),
        problems=(),
        provenance=Provenance(
            hairtrack="0.1.0", methods={"coverage_fraction": "coverage_fraction@1"}, settings={}, inputs={}
        ),
    )


def figures_of(case: dict[str, Any]) -> tuple[Figure, ...]:
    region, points = RegionName(case["region"]), case["coverage"]
    kinds = [FigureKind.ALIGNED_REFERENCE, *[FigureKind.ALIGNED_MOVING] * (len(points) - 1)]
    return tuple(
        Figure(
            kind=kind,
            file=file_of(months),
            reference=file_of(points[0][0]),
            media_type="image/jpeg",
            content=b"a picture",
            width_px=40,
            height_px=30,
            alt=f"{region.value.replace('_', ' ')}, top, {day(months).isoformat()}, laid over the reference",
            view=View.TOP,
            region=region,
            taken_on=day(months),
        )
        for kind, (months, _) in zip(kinds, points, strict=False)
    )


class Voice(HTMLParser):
    """Reads a page aloud: one line for a sentence, what pictures say, the numbers that charts draw."""

    VOID = frozenset({"meta", "img", "br", "input", "link", "hr"})
    SILENT = frozenset({"style", "script", "title", "desc"})
    LINES = frozenset({"p", "li", "dt", "figcaption", "tr", "caption", "summary", "h1", "h2", "h3", "h4", "h5"})
    CELLS = frozenset({"td", "th"})

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        quiet = self.is_quiet or tag in self.SILENT or "aria-hidden" in facts
        if tag not in self.VOID:
            self.open.append((tag, quiet))
        if quiet:
            return
        if tag in self.LINES:
            level = "#" * int(tag[1]) if re.fullmatch(r"h\d", tag) else ""
            self.lines += ["", f"{level} "] if level else ["- " if tag == "li" else ""]
        elif tag == "dd":
            self.lines[-1] += ": "
        elif tag in self.CELLS and self.lines[-1]:
            self.lines[-1] += " | "
        elif tag == "br" or facts.get("class") == "sub":
            self.lines[-1] += "; "
        self.lines += self.drawn(tag, facts)

    def drawn(self, tag: str, facts: dict[str, str]) -> list[str]:
        """Return what a picture or a mark of a drawing says."""
        kind = facts.get("class", "")
        if tag == "img":
            return [f"[picture: {facts['alt']}]", ""]
        if "data-value" in facts:
            return [f"[{kind} at month {float(facts['data-months']):.1f}: {float(facts['data-value']):g}]", ""]
        if tag == "path" and kind.startswith("region tone-"):
            return [f"[a region of the map, {kind.removeprefix('region tone-')}]", ""]
        if tag in {"path", "polygon"} and kind in {"band", "event", "event session", "decision"}:
            return [f"[{kind}]", ""]
        return []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 the parser calls it so
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.is_quiet:
            self.lines[-1] += data

    @property
    def is_quiet(self) -> bool:
        return bool(self.open) and self.open[-1][1]


def read_aloud(page: str) -> str:
    voice = Voice()
    voice.feed(page)
    voice.close()
    lines = (re.sub(r"[ \n\t]+", " ", line).strip(" |") for line in voice.lines)
    kept = [line for line in lines if line not in {"", "-"}]
    return "\n".join(f"\n{line}" if line.startswith("#") else line for line in kept).strip() + "\n"


def test_every_state_has_a_case():
    assert set(CASES) == {state.value for state in State}


@pytest.mark.parametrize("audience", ["clinician", "patient"])
@pytest.mark.parametrize("state", sorted(CASES))
def test_report(state: str, audience: str, snapshot: SnapshotAssertion):
    case = CASES[state]
    page = render_html(dossier_of(case), figures_of(case), audience=audience)
    assert read_aloud(page) == snapshot(extension_class=TextExtension)


@pytest.mark.parametrize("language", ["tr", "es", "de"])
def test_report_in_another_language(language: str, snapshot: SnapshotAssertion):
    case = CASES["behind"]
    page = render_html(dossier_of(case), figures_of(case), audience="patient", language=language)
    assert read_aloud(page) == snapshot(extension_class=TextExtension)


def test_a_changed_number_is_a_changed_text():
    case = CASES["on_course"]
    moved = case | {"coverage": [*case["coverage"][:-1], [10, 0.64]]}
    assert read_aloud(render_html(dossier_of(case), ())) != read_aloud(render_html(dossier_of(moved), ()))
