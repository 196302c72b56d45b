"""A rich invented case for the report: every state, refused photos, alerts, close-ups, clinic counts, pictures."""

from collections.abc import Callable
from datetime import date, timedelta

import cv2
import numpy as np
import pytest

from hairtrack.model import (
    CAUSES_BY_ROLE,
    Alert,
    AlertKind,
    BandPoint,
    CaseProblem,
    Change,
    Dossier,
    ExpectedBand,
    FactSource,
    Figure,
    FigureKind,
    Measured,
    Measurement,
    Note,
    NoteKind,
    Notice,
    NoticeKind,
    NotMeasured,
    Observation,
    Patient,
    Phase,
    Photo,
    PhotoEntry,
    PhotoProblem,
    PixelScale,
    Provenance,
    QualityDecision,
    QualityReport,
    RegionName,
    RegionRole,
    Registration,
    RegistrationStatus,
    Severity,
    Source,
    State,
    Tier,
    Treatment,
    TreatmentKind,
    Urgency,
    Verdict,
    View,
)

OPERATION = date(2026, 1, 10)
SHOTS = tuple(OPERATION + timedelta(days=days) for days in (-2, 28, 61, 92, 122, 181, 244, 304))
COVERAGE = (0.34, 0.31, 0.27, 0.29, 0.36, 0.49, 0.58, 0.63)


def picture(strength: float, *, size: int = 96, tint: tuple[int, int, int] = (60, 45, 38)) -> bytes:
    """Draw a round scalp with strands, the more the larger `strength` is, as a PNG."""
    generator = np.random.default_rng(7)
    canvas = np.full((size, size, 3), (228, 226, 222), np.uint8)
    centre = (size // 2, size // 2)
    cv2.ellipse(canvas, centre, (int(size * 0.36), int(size * 0.44)), 0, 0, 360, (221, 184, 160), -1, cv2.LINE_AA)
    for _ in range(int(strength * size * 5)):
        angle, radius = generator.uniform(0, 2 * np.pi), np.sqrt(generator.uniform(0.0, 1.0))
        x = centre[0] + 0.34 * size * radius * np.cos(angle)
        y = centre[1] + 0.42 * size * radius * np.sin(angle)
        end = (int(x + 0.07 * size * np.cos(angle + 0.5)), int(y + 0.07 * size * np.sin(angle + 0.5)))
        cv2.line(canvas, (int(x), int(y)), end, tint, max(1, size // 240), cv2.LINE_AA)
    encoded, content = cv2.imencode(".png", canvas[..., ::-1])
    assert encoded
    return content.tobytes()


def figure(kind: FigureKind, index: int, *, size: int = 96, face: bool = False, alt: str = "") -> Figure:
    """Return a picture of the view from above on one of the dates."""
    return Figure(
        kind=kind,
        file=f"{SHOTS[index].isoformat()}/top.jpg",
        reference=f"{SHOTS[0].isoformat()}/top.jpg",
        media_type="image/png",
        content=picture(COVERAGE[index], size=size),
        width_px=size,
        height_px=size,
        alt=alt or f"Top of the head, coverage {COVERAGE[index]:.2f}",
        view=View.TOP,
        taken_on=SHOTS[index],
        contains_face=face,
    )


def make_figures(size: int = 96) -> tuple[Figure, ...]:
    """Return aligned pictures of all dates, maps, single photos and one picture with a face."""
    last = len(SHOTS) - 1
    return (
        *(figure(FigureKind.PHOTO, index, size=size) for index in range(len(SHOTS))),
        figure(FigureKind.ALIGNED_REFERENCE, 0, size=size, alt="Before treatment: the scalp shows through in front"),
        *(figure(FigureKind.ALIGNED_MOVING, index, size=size) for index in range(1, len(SHOTS))),
        figure(FigureKind.COVERAGE_MAP, last, size=size, alt="Coverage on the newest date: highest at the crown"),
        figure(FigureKind.CHANGE_MAP, last, size=size, alt="Change since the first photo: more hair in front"),
        figure(FigureKind.CLOSEUP_OVERLAY, last, size=size, alt="Close-up of the crown: 41 hairs found in 20 units"),
        figure(FigureKind.GHOST_OUTLINE, 3, size=size, alt="Outline to match: move the head up"),
        figure(FigureKind.PHOTO, 2, size=size, face=True, alt="FACE"),
    )


def photo_entry(index: int, *, quality: QualityReport | None = None, **facts: object) -> PhotoEntry:
    """Return the photo of one date from above."""
    known: dict[str, object] = {
        "file": f"{SHOTS[index].isoformat()}/top.jpg",
        "photo_id": f"photo-{index:012x}",
        "sha256": f"{index:064x}",
        "pixels_sha256": f"{index + 100:064x}",
        "view": View.TOP,
        "view_source": FactSource.FILE_NAME,
        "taken_on": SHOTS[index],
        "date_source": FactSource.EXIF,
        "width_px": 3024,
        "height_px": 4032,
    }
    return PhotoEntry(
        photo=Photo(**{**known, **facts}), quality=quality or QualityReport(decision=QualityDecision.USABLE)
    )


def photos() -> tuple[PhotoEntry, ...]:
    """Return usable, limited and refused photos."""
    dark = QualityReport(
        decision=QualityDecision.RETAKE,
        flags=("blurred", "underexposed"),
        remedies=("Hold the phone 30 cm above the crown and tap to focus.", "Put the lamp behind you."),
    )
    wet = QualityReport(
        decision=QualityDecision.USABLE_WITH_LIMITS, flags=("glare_on_scalp",), remedies=("Dry the scalp first.",)
    )
    unreadable = PhotoEntry(
        photo=Photo(
            file="2026-07-10/<script>alert(1)</script>.jpg",
            photo_id="photo-deadbeef0000",
            problem=PhotoProblem(
                kind="truncated", what="The file ends in the middle of the picture.", remedy="Copy it again."
            ),
        ),
        quality=QualityReport(decision=QualityDecision.RETAKE, flags=("unreadable",), remedies=("Send it again.",)),
    )
    scale = PixelScale(px_per_mm=8.2, std_uncertainty_px_per_mm=0.1, method="given")
    entries = [photo_entry(index) for index in range(len(SHOTS))]
    entries[0] = photo_entry(0, scale=scale, date_source=FactSource.CASE_FILE)
    entries[3] = photo_entry(3, quality=dark)
    entries[5] = photo_entry(5, quality=wet, remarks=("16-bit reduced to 8",))
    return (*entries, unreadable)


def registrations() -> tuple[Registration, ...]:
    """Return alignments of all tiers, one refused."""
    tiers = (Tier.SCALP, Tier.SCALP, Tier.NONE, Tier.SCALP, Tier.HEAD, Tier.LANDMARKS, Tier.SCALP)
    return tuple(
        Registration(
            reference=f"{SHOTS[0].isoformat()}/top.jpg",
            moving=f"{SHOTS[index].isoformat()}/top.jpg",
            status=RegistrationStatus.REFUSED if tier is Tier.NONE else RegistrationStatus.ACCEPTED,
            tier=tier,
            reason="too few matching points on the scalp" if tier is Tier.NONE else None,
            remedy="take the photo from the same distance" if tier is Tier.NONE else None,
            expected_error_px=None if tier is Tier.NONE else 2.1,
            expected_error_mm=0.3 if tier is Tier.SCALP else None,
            overlap_fraction=0.0 if tier is Tier.NONE else 0.93,
        )
        for index, tier in enumerate(tiers, start=1)
    )


def measurements(region: RegionName) -> tuple[Measurement, ...]:
    """Return coverage of a region on all dates but the refused one, and a density that could not be measured."""
    made = [
        Measurement(
            measurand="coverage_fraction",
            region=region,
            file=f"{SHOTS[index].isoformat()}/top.jpg",
            photo_id=f"photo-{index:012x}",
            taken_on=SHOTS[index],
            result=Measured(
                value=value,
                unit="1",
                std_uncertainty=0.02,
                interval95=(value - 0.04, value + 0.04),
                method="coverage_fraction@1",
                flags=("usable_with_limits",) if index == 5 else (),
            ),
        )
        for index, value in enumerate(COVERAGE)
        if index != 3
    ]
    absent = Measurement(
        measurand="hair_density_per_cm2",
        region=region,
        file=f"{SHOTS[1].isoformat()}/top.jpg",
        photo_id="photo-000000000001",
        taken_on=SHOTS[1],
        result=NotMeasured(reason="scale unknown", remedy="put a ruler in the picture or give px_per_mm"),
    )
    return (*made, absent)


def band(region: RegionName) -> ExpectedBand:
    """Return the expected course of coverage of a planted region."""
    middle = (0.40, 0.30, 0.26, 0.28, 0.35, 0.42, 0.48, 0.54, 0.58, 0.61, 0.63, 0.65, 0.66)
    return ExpectedBand(
        region=region,
        measurand="coverage_fraction",
        unit="1",
        starts_on=OPERATION,
        points=tuple(
            BandPoint(months=float(m), low=c - 0.05 - 0.006 * m, middle=c, high=c + 0.05 + 0.006 * m)
            for m, c in enumerate(middle)
        ),
        source_keys=("garg_2018",),
        assumed=True,
        describes="Share of the final growth after a transplant in front.",
    )


def change(region: RegionName, difference: float) -> Change:
    """Return the change of coverage from the first to the newest date."""
    return Change(
        measurand="coverage_fraction",
        region=region,
        from_date=SHOTS[0],
        to_date=SHOTS[-1],
        difference=difference,
        interval95=(difference - 0.06, difference + 0.06),
        smallest_detectable=0.07,
        beyond_error=abs(difference) > 0.07,
        unit="1",
        method="coverage_fraction@1",
    )


ROLE_OF_STATE = {
    State.DONOR_AS_PLANNED: RegionRole.DONOR,
    State.DONOR_EFFLUVIUM: RegionRole.DONOR,
    State.DONOR_OVER_EXTRACTION: RegionRole.DONOR,
    State.NATIVE_PROGRESSION: RegionRole.UNTREATED,
    State.STABLE: RegionRole.UNTREATED,
    State.RESPONSE: RegionRole.TREATED,
    State.NO_MEASURABLE_RESPONSE: RegionRole.TREATED,
}


def verdict(region: RegionName, state: State, phase: Phase = Phase.REGROWTH) -> Verdict:
    """Return a verdict in a state, with the evidence of an invented case."""
    role = ROLE_OF_STATE.get(state, RegionRole.RECIPIENT)
    causes = CAUSES_BY_ROLE[role]
    rest = 0.09 / (len(causes) - 1)
    return Verdict(
        region=region,
        role=role,
        judged_on=SHOTS[-1],
        phase=phase,
        state=state,
        probabilities={cause: 0.91 if index == 0 else rest for index, cause in enumerate(causes)},
        survival_interval90=(0.74, 0.97) if role is RegionRole.RECIPIENT else None,
        earliest_decision_on=date(2027, 1, 10) if role is RegionRole.RECIPIENT else None,
        evidence=(
            "Coverage rose from 0.34 on 2026-01-08 to 0.63 on 2026-11-10.",
            "Two photos taken at least 21 days apart agree.",
        ),
        evidence_against=("One photo had shine on the scalp.",),
        next_step="Repeat the photo from above on 2026-12-10.",
        missing=("a photo of day 7 to 14, before shedding", "a ruler in the close-up"),
        would_change_if=("The planted density was above 45 units per cm².",),
    )


def make_dossier(states: dict[RegionName, State] | None = None) -> Dossier:
    """Return the invented case, with these states of regions."""
    chosen = states or {
        RegionName.FRONTAL_HAIRLINE: State.ON_COURSE,
        RegionName.FRONTAL: State.ON_COURSE,
        RegionName.MIDSCALP: State.BEHIND,
        RegionName.VERTEX: State.EXPECTED_SHEDDING,
        RegionName.TEMPLE_LEFT: State.DIRECTION_FAULT,
        RegionName.TEMPLE_RIGHT: State.INSUFFICIENT_EVIDENCE,
        RegionName.PARIETAL_LEFT: State.STABLE,
        RegionName.PARIETAL_RIGHT: State.NATIVE_PROGRESSION,
        RegionName.OCCIPITAL: State.DONOR_AS_PLANNED,
    }
    return Dossier(
        patient=Patient(id="P001", birth_year=1985),
        treatments=(
            Treatment(
                kind=TreatmentKind.FUE,
                performed_on=OPERATION,
                recipient_regions=(RegionName.FRONTAL_HAIRLINE, RegionName.FRONTAL),
                donor_regions=(RegionName.OCCIPITAL,),
                grafts_implanted=2400,
            ),
            Treatment(kind=TreatmentKind.PRP, sessions=(SHOTS[3], SHOTS[4], SHOTS[5])),
            Treatment(kind=TreatmentKind.MINOXIDIL, started_on=SHOTS[5]),
        ),
        observations=(
            Observation(
                taken_on=SHOTS[5],
                region=RegionName.FRONTAL,
                measurand="hair_density_per_cm2",
                value=96.0,
                std_uncertainty=12.0,
            ),
            Observation(taken_on=SHOTS[7], region=RegionName.FRONTAL, measurand="hair_density_per_cm2", value=128.0),
        ),
        notes=(
            Note(on=date(2026, 1, 14), kind=NoteKind.REDNESS, region=RegionName.FRONTAL, severity=Severity.MILD),
            Note(on=date(2026, 6, 1), kind=NoteKind.ILLNESS, text="<script>alert('note')</script> influenza"),
        ),
        photos=photos(),
        regions=(),
        registrations=registrations(),
        measurements=tuple(m for region in chosen for m in measurements(region)),
        closeups=(),
        hair_matches=(),
        changes=tuple(change(region, 0.29 if state is State.ON_COURSE else -0.02) for region, state in chosen.items()),
        bands=tuple(band(region) for region in chosen if region is not RegionName.PARIETAL_LEFT),
        verdicts=tuple(verdict(region, state) for region, state in chosen.items()),
        alerts=(
            Alert(
                kind=AlertKind.INFECTION_SIGNS,
                region=RegionName.FRONTAL,
                on=date(2026, 1, 19),
                urgency=Urgency.TODAY,
                why="Redness rose again after it had fallen, with pus on 2026-01-19.",
            ),
        ),
        notices=(
            Notice(kind=NoticeKind.NEXT_PHOTO_DUE, text="Take the next photo from above.", due_on=date(2026, 12, 10)),
            Notice(kind=NoticeKind.COST_SO_FAR, text="Three sessions have cost 5400 EUR."),
            Notice(kind=NoticeKind.MISSING_FACT, text="the count of planted hairs"),
        ),
        problems=(CaseProblem(where="2026-07-10/notes.txt", what="This file is no picture.", remedy="Remove it."),),
        provenance=Provenance(
            hairtrack="0.1.0",
            methods={"coverage": "coverage_fraction@1"},
            settings={"quality.sharpness_retake": "0.21"},
            inputs={f"{SHOTS[0].isoformat()}/top.jpg": f"{0:064x}"},
            libraries={"opencv": "5.0.0"},
            sources=(Source(key="garg_2018", citation="Garg, S. PRP in FUE. J Cutan Aesthet Surg.", grade="A"),),
        ),
    )


@pytest.fixture(scope="session")
def dossier() -> Dossier:
    return make_dossier()


@pytest.fixture(scope="session")
def figures() -> tuple[Figure, ...]:
    return make_figures(size=48)


@pytest.fixture(scope="session")
def dossier_of() -> Callable[[dict[RegionName, State]], Dossier]:
    return make_dossier


@pytest.fixture(scope="session")
def dossier_in() -> Callable[[State], Dossier]:
    return lambda state: make_dossier({RegionName.FRONTAL: state})
