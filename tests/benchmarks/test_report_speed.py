"""The page of a large case: 13 visits of four views, nine regions, a picture of every photo and region."""

import time
from datetime import date, timedelta

import numpy as np
import pytest

from hairtrack.model import (
    Dossier,
    FactSource,
    Figure,
    FigureKind,
    Measured,
    Measurement,
    Patient,
    Phase,
    Photo,
    PhotoEntry,
    Provenance,
    QualityDecision,
    QualityReport,
    RegionName,
    RegionRole,
    State,
    Verdict,
    View,
)
from hairtrack.report.html import render_html

DAYS = tuple(date(2026, 1, 8) + timedelta(days=30 * visit) for visit in range(13))
VIEWS = (View.TOP, View.FRONT, View.LEFT, View.BACK)
PHOTO_BYTES, REGION_BYTES = 30_000, 12_000
"""Sizes of the pictures that the pipeline makes: 560 px and 400 px JPEG of a head."""


def file_of(day, view):
    return f"{day.isoformat()}/{view.value}.jpg"


def large_dossier():
    usable = QualityReport(decision=QualityDecision.USABLE)
    photos = tuple(
        PhotoEntry(
            photo=Photo(
                file=file_of(day, view),
                photo_id=f"photo-{file_of(day, view)}",
                view=view,
                taken_on=day,
                date_source=FactSource.EXIF,
            ),
            quality=usable,
        )
        for day in DAYS
        for view in VIEWS
    )
    measurements = tuple(
        Measurement(
            measurand="coverage_fraction",
            region=region,
            file=file_of(day, View.TOP),
            photo_id=f"photo-{file_of(day, View.TOP)}",
            taken_on=day,
            result=Measured(
                value=0.5, unit="1", std_uncertainty=0.02, interval95=(0.46, 0.54), method="coverage_fraction@1"
            ),
        )
        for region in RegionName
        for day in DAYS
    )
    verdicts = tuple(
        Verdict(
            region=region,
            role=RegionRole.UNTREATED,
            judged_on=DAYS[-1],
            phase=Phase.SETTLED,
            state=State.STABLE,
            probabilities={},
            survival_interval90=None,
            earliest_decision_on=None,
            evidence=("No loss of native hair is seen.",),
            evidence_against=(),
            next_step="",
            missing=(),
        )
        for region in RegionName
    )
    return Dossier(
        patient=Patient(id="P052"),
        treatments=(),
        observations=(),
        notes=(),
        photos=photos,
        regions=(),
        registrations=(),
        measurements=measurements,
        closeups=(),
        hair_matches=(),
        changes=(),
        bands=(),
        verdicts=verdicts,
        alerts=(),
        notices=(),
        problems=(),
        provenance=Provenance(hairtrack="0.1.0", methods={}, settings={}, inputs={}),
    )


def large_figures():
    generator = np.random.default_rng(1)
    photos = [
        Figure(
            kind=FigureKind.PHOTO,
            file=file_of(day, view),
            media_type="image/jpeg",
            content=generator.bytes(PHOTO_BYTES),
            width_px=560,
            height_px=420,
            alt=f"{view.value} of the head",
            view=view,
            taken_on=day,
        )
        for day in DAYS
        for view in VIEWS
    ]
    aligned = [
        Figure(
            kind=FigureKind.ALIGNED_REFERENCE if index == 0 else FigureKind.ALIGNED_MOVING,
            file=file_of(day, View.TOP),
            reference=None if index == 0 else file_of(DAYS[0], View.TOP),
            media_type="image/jpeg",
            content=generator.bytes(REGION_BYTES),
            width_px=400,
            height_px=300,
            alt=region.value,
            view=View.TOP,
            region=region,
            taken_on=day,
        )
        for region in RegionName
        for index, day in enumerate(DAYS)
    ]
    return (*photos, *aligned)


@pytest.fixture(scope="module")
def large_case():
    return large_dossier(), large_figures()


def test_the_page_of_52_photos_is_small_and_quick(benchmark, large_case):
    dossier, figures = large_case
    page = benchmark(render_html, dossier, figures)
    assert len(page.encode()) <= 8_000_000


def test_the_page_of_52_photos_takes_no_more_than_three_seconds(large_case):
    dossier, figures = large_case
    start = time.process_time()
    page = render_html(dossier, figures, language="tr")
    assert time.process_time() - start <= 3.0
    assert page.count("<img") == len(figures)
