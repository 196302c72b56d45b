import dataclasses

from hairtrack.model import Change, Dossier, Measured, Measurement, NotMeasured, RegionName
from hairtrack.report.audience import Audience, LanguageCode
from hairtrack.report.courses import measurands_of
from hairtrack.report.further import further_lines
from hairtrack.report.language import language_of
from hairtrack.report.reader import Reader, reader_of
from hairtrack.report.regions import region_pages

REGION = RegionName.FRONTAL
ABSENT = NotMeasured(reason="no parting is seen", remedy="part the hair")


def _measured(dossier: Dossier, index: int, measurand: str, value: float, unit: str = "1") -> Measurement:
    photo = dossier.photos[index].photo
    result = Measured(
        value=value, unit=unit, std_uncertainty=0.01, interval95=(value - 0.02, value + 0.02), method=f"{measurand}@1"
    )
    return Measurement(
        measurand=measurand,
        region=REGION,
        file=photo.file,
        photo_id=photo.photo_id,
        taken_on=photo.taken_on,
        result=result,
    )


def _with_further(dossier: Dossier) -> Dossier:
    first, last = (_measured(dossier, index, "redness_index", value) for index, value in ((0, 0.2), (2, 0.05)))
    parting = dataclasses.replace(_measured(dossier, 2, "part_width_mm", 1), result=ABSENT)
    whorl = _measured(dossier, 2, "whorl_position", 0.31, "{head_width}")
    assert first.taken_on
    assert last.taken_on
    change = Change(
        measurand="redness_index",
        region=REGION,
        from_date=first.taken_on,
        to_date=last.taken_on,
        difference=-0.15,
        interval95=(-0.18, -0.12),
        smallest_detectable=0.03,
        beyond_error=True,
        unit="1",
        method="redness_index@1",
    )
    return dataclasses.replace(
        dossier,
        measurements=(*dossier.measurements, first, last, parting, whorl),
        changes=(*dossier.changes, change),
    )


def _reader(dossier: Dossier, audience: Audience) -> Reader:
    return reader_of(dossier, audience=audience, language=language_of(LanguageCode.ENGLISH))


def test_a_clinician_reads_first_and_newest_value_whether_it_changed_and_what_is_absent(dossier):
    dossier = _with_further(dossier)
    lines = further_lines(REGION, dossier, _reader(dossier, Audience.CLINICIAN))
    red, parting, whorl = lines
    assert (red.first, red.value, red.interval) == ("0.20", "0.05", "0.03 to 0.07")
    assert red.change == "more than the measuring error"
    assert parting.absence is not None
    assert parting.absence.text.startswith("No parting is seen.")
    assert (whorl.first, whorl.value, whorl.change) == ("", "0.31 head widths", "")


def test_a_patient_reads_what_was_measured_alone(dossier):
    dossier = _with_further(dossier)
    lines = further_lines(REGION, dossier, _reader(dossier, Audience.PATIENT))
    assert [line.label for line in lines] == [
        "Redness against the rest of the scalp",
        "Whorl from the middle of the head",
    ]


def test_further_numbers_are_not_drawn_as_courses_nor_listed_as_absences(dossier):
    dossier = _with_further(dossier)
    assert not {"redness_index", "part_width_mm", "whorl_position"} & set(measurands_of(REGION, dossier))
    page = next(p for p in region_pages(dossier, _reader(dossier, Audience.CLINICIAN)) if p.region is REGION)
    assert len(page.further) == 3
    assert not any("parting" in absence.text for absence in page.absences)
