"""The page and the letter of a large case: 13 visits of four views, nine regions, a picture of every photo and region.

The sizes are those of invented pictures; `validation/report_of_a_long_case.py` measures a case that was analysed.
"""

import time
from datetime import date, timedelta

import numpy as np
import pytest

from hairtrack.imaging.drawing import encode_jpeg
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
from hairtrack.report.paper import render_pdf

DAYS = tuple(date(2026, 1, 8) + timedelta(days=30 * visit) for visit in range(13))
VIEWS = (View.TOP, View.FRONT, View.LEFT, View.BACK)
PHOTO_PX, REGION_PX = (250, 185), (210, 150)
"""Sizes of pictures of noise that weigh as much as pictures of a head: about 31 and 21 kB."""


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


def noise(generator, size_px):
    """Return a JPEG that nothing can make smaller, with bytes of its own."""
    return encode_jpeg(generator.integers(0, 256, (size_px[1], size_px[0], 3), np.uint8))


def large_figures():
    generator = np.random.default_rng(1)
    photos = [
        Figure(
            kind=FigureKind.PHOTO,
            file=file_of(day, view),
            media_type="image/jpeg",
            content=noise(generator, PHOTO_PX),
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
            content=noise(generator, REGION_PX),
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
    print(f"\npage of 52 photos and {len(figures)} pictures: {len(page.encode()) / 1e6:.1f} MB")
    assert len(page.encode()) <= 8_000_000


def test_the_letter_of_52_photos_is_small_and_quick(benchmark, large_case):
    dossier, figures = large_case
    letter = benchmark.pedantic(render_pdf, args=(dossier, figures), rounds=3)
    print(f"\nletter of 52 photos: {len(letter) / 1e6:.1f} MB")
    assert len(letter) <= 8_000_000


def test_the_page_of_52_photos_takes_no_more_than_three_seconds(large_case):
    dossier, figures = large_case
    start = time.process_time()
    page = render_html(dossier, figures, language="tr")
    assert time.process_time() - start <= 3.0
    assert page.count("<img") == len(figures)


def test_the_letter_of_52_photos_takes_no_more_than_three_seconds_and_has_the_same_bytes_again(large_case):
    dossier, figures = large_case
    start = time.process_time()
    letter = render_pdf(dossier, figures, language="tr")
    assert time.process_time() - start <= 3.0
    assert render_pdf(dossier, figures, language="tr") == letter
