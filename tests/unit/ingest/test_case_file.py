import json
import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest

from hairtrack.ingest import read_case_facts
from hairtrack.ingest.case_faults import shown
from hairtrack.model import (
    InputError,
    NoteKind,
    RegionName,
    Severity,
    Sex,
    TreatmentKind,
)

TODAY = date(2026, 11, 22)

COMPLETE = """
[patient]
id = "P001"
sex_at_birth = "male"
birth_year = 1985
conditions = ["diabetes"]

[[treatments]]
kind = "fue"
performed_on = 2026-01-10
recipient_regions = ["frontal_hairline", "frontal"]
donor_regions = ["occipital"]
grafts_implanted = 2400
hairs_implanted = 5000
recipient_area_cm2 = 60.0
grafts_extracted = 2450

[[treatments]]
kind = "prp"
sessions = [2026-03-07, 2026-02-07, 2026-03-07]
cost_per_session = 1800
currency = "EUR"

[[treatments]]
kind = "finasteride"
started_on = 2026-02-01
stopped_on = 2026-06-01

[[photos]]
file = "2026-01-08/top.jpg"
view = "top"
region = "vertex"
taken_on = 2026-01-08
px_per_mm = 8.2
hair_length_mm = 3
wet = false

[[regions]]
name = "vertex"
file = "2026-01-08/top.jpg"
polygon_xy = [[512, 300], [700, 310], [690, 520.5], [505, 500]]

[[landmarks]]
name = "left_ear_top"
file = "2026-01-08/top.jpg"
xy = [120, 640]

[[observations]]
taken_on = 2026-07-10
region = "vertex"
measurand = "hair_density_per_cm2"
value = 128.0
std_uncertainty = 12.0
photo_id = "photo-1"
flags = ["wet"]

[[notes]]
on = 2026-01-14
kind = "redness"
region = "frontal"
severity = "mild"
text = "since the morning"
"""


def faults_in(text: str) -> str:
    """Return the error of a case file, read as a dict."""
    with pytest.raises(InputError) as raised:
        read_case_facts(tomllib.loads(text), today=TODAY)
    return raised.value.what


def test_the_whole_contract_is_read():
    case = read_case_facts(tomllib.loads(COMPLETE), today=TODAY)
    assert case.problems == ()
    assert case.patient.sex_at_birth is Sex.MALE
    assert (case.patient.id, case.patient.birth_year, case.patient.conditions) == ("P001", 1985, ("diabetes",))
    transplant, injections, medicine = case.treatments
    assert (transplant.kind, transplant.performed_on) == (TreatmentKind.FUE, date(2026, 1, 10))
    assert transplant.recipient_regions == (RegionName.FRONTAL_HAIRLINE, RegionName.FRONTAL)
    assert (transplant.grafts_implanted, transplant.recipient_area_cm2) == (2400, 60.0)
    assert injections.sessions == (date(2026, 2, 7), date(2026, 3, 7))  # in order, each once
    assert (injections.cost_per_session, injections.currency) == (1800, "EUR")
    assert (medicine.started_on, medicine.stopped_on) == (date(2026, 2, 1), date(2026, 6, 1))
    assert case.outlines[0].polygon_xy == ((512, 300), (700, 310), (690, 520.5), (505, 500))
    assert (case.landmarks[0].name, case.landmarks[0].xy) == ("left_ear_top", (120, 640))
    (observation,) = case.observations
    assert (observation.value, observation.std_uncertainty, observation.photo_id) == (128.0, 12.0, "photo-1")
    assert observation.flags == ("wet",)
    (note,) = case.notes
    assert (note.kind, note.severity, note.region) == (NoteKind.REDNESS, Severity.MILD, RegionName.FRONTAL)
    assert case.photos == ()


def test_folder_toml_json_and_dict_say_the_same(tmp_path):
    document = tomllib.loads(COMPLETE)
    as_json = json.dumps(document, default=str)
    (tmp_path / "case.toml").write_text(COMPLETE)
    (tmp_path / "case.json").write_text(as_json)
    (tmp_path / "facts.dat").write_text(as_json)
    wanted = read_case_facts(document, today=TODAY)
    sources: list[object] = [
        *(tmp_path, str(tmp_path), tmp_path / "case.toml", str(tmp_path / "case.toml")),
        *(tmp_path / "case.json", tmp_path / "facts.dat", as_json, "\n  " + as_json, json.loads(as_json)),
    ]
    for source in sources:
        assert read_case_facts(source, today=TODAY) == wanted


def test_an_empty_case_file_is_a_case(tmp_path):
    (tmp_path / "case.toml").touch()
    assert read_case_facts(tmp_path, today=TODAY).patient.id == "unnamed"


def test_a_byte_order_mark_is_no_fault(tmp_path):
    (tmp_path / "case.toml").write_bytes(b"\xef\xbb\xbf" + COMPLETE.encode())
    assert read_case_facts(tmp_path, today=TODAY).patient.id == "P001"


# ---- faults, each with its field


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            '[[treatments]]\nkind = "feu"',
            'treatments[0].kind: found "feu", which is no known word; did you mean "fue"?',
        ),
        (
            '[[treatments]]\nkind = "FUE"',
            'treatments[0].kind: found "FUE", which is no known word; did you mean "fue"?',
        ),
        ('[[treatments]]\nkind = "zzz"', 'treatments[0].kind: found "zzz", which is no known word (known: fue, fut,'),
        ("[[treatments]]\nkind = 3", "treatments[0].kind: found 3, which is no known word (known: fue,"),
        ("[[treatments]]", "treatments[0].kind: is missing"),
        ('[[treatments]]\nkind = "fue"\ngraft = 3', "treatments[0].graft: unknown key"),
        ('[patient]\nsex = "male"', "patient.sex: unknown key"),
        ('[patient]\nsexatbirth = "male"', 'patient.sexatbirth: unknown key; did you mean "sex_at_birth"?'),
        ('[patient]\nsex_at_birth = "m"', 'patient.sex_at_birth: found "m"'),
        ("[photo]", 'photo: unknown key; did you mean "photos"?'),
        ("patient = 3", "patient: found 3; a table is needed"),
        ("[photos]", "photos: found a table; a list in [brackets] is needed"),
        ('[patient]\nid = "Jane Doe"', "never a name"),
        ("[patient]\nid = 17", 'patient.id: found 17; a text in "quotes" is needed'),
        ('[patient]\nbirth_year = "1985"', 'patient.birth_year: found "1985"; a whole number is needed'),
        ("[patient]\nbirth_year = 1985.5", "patient.birth_year: found 1985.5; a whole number is needed"),
        ("[patient]\nbirth_year = 1785", "patient.birth_year: found 1785; it must be at least 1900"),
        ("[patient]\nbirth_year = 2027", "patient.birth_year: found 2027, which lies in the future"),
        ("[patient]\nconditions = [3]", "patient.conditions[0]: found 3"),
        ('[patient]\nconditions = [""]', 'patient.conditions[0]: found ""; an empty text says nothing'),
        ('[[treatments]]\nkind = "fue"\nperformed_on = "2026-02-30"', 'found "2026-02-30"; no day of the calendar'),
        ('[[treatments]]\nkind = "fue"\nperformed_on = "10.01.2026"', "not a date; write it as 2026-01-10"),
        ('[[treatments]]\nkind = "fue"\nperformed_on = 2026-01-10T10:00:00', "not a date; write it as 2026-01-10"),
        ('[[treatments]]\nkind = "fue"\nperformed_on = 20260110', "found 20260110; not a date"),
        ('[[treatments]]\nkind = "prp"\nsessions = [2026-01-10, 3]', "treatments[0].sessions[1]: found 3; not a date"),
        ('[[treatments]]\nkind = "prp"\nsessions = 2026-01-10', "treatments[0].sessions: found 2026-01-10; a list"),
        ('[[treatments]]\nkind = "fue"\ngrafts_implanted = -1', "grafts_implanted: found -1; it must be at least 0"),
        ('[[treatments]]\nkind = "fue"\ngrafts_implanted = true', "found true; a whole number is needed"),
        ('[[treatments]]\nkind = "fue"\nrecipient_area_cm2 = 0', "it must be greater than 0"),
        ('[[treatments]]\nkind = "fue"\nrecipient_area_cm2 = nan', "found nan; a finite number is needed"),
        ('[[treatments]]\nkind = "fue"\nrecipient_regions = ["fronta"]', 'did you mean "frontal"?'),
        ('[[treatments]]\nkind = "fue"\nrecipient_regions = "frontal"', 'found "frontal"; a list in [brackets]'),
        ('[[treatments]]\nkind = "prp"\ncurrency = "euro"', 'a currency code such as "EUR"'),
        ('[[treatments]]\nkind = "minoxidil"\nperformed_on = 2026-01-10', "treatments[0]: a medicine has started_on"),
        ('[[treatments]]\nkind = "fue"\nstarted_on = 2026-01-10', "treatments[0]: started_on and stopped_on belong to"),
        (
            '[[treatments]]\nkind = "minoxidil"\nstarted_on = 2026-01-10\nstopped_on = 2026-01-09',
            "treatments[0]: stopped_on lies before started_on",
        ),
        ("[[photos]]", "photos[0].file: is missing"),
        ('[[photos]]\nfile = ""', 'photos[0].file: found ""; an empty text'),
        ('[[photos]]\nfile = "a.jpg"\nwet = 1', "photos[0].wet: found 1; true or false is needed"),
        ('[[photos]]\nfile = "a.jpg"\npx_per_mm = -8.2', "photos[0].px_per_mm: found -8.2; it must be greater than 0"),
        ('[[photos]]\nfile = "a.jpg"\nview = "vertx"', 'did you mean "vertex"?'),
        ('[[photos]]\nfile = "/etc/passwd"', 'photos[0].file: "/etc/passwd" must be a path below the case folder'),
        ('[[photos]]\nfile = "a/../../b.jpg"', "must be a path below the case folder"),
        ('[[photos]]\nfile = "a.jpg"\n[[photos]]\nfile = "a.jpg"', "photos[1].file: a.jpg is given twice"),
        (
            '[[regions]]\nname = "vertex"\nfile = "a"\npolygon_xy = [[0, 0], [1, 1]]',
            "regions[0].polygon_xy: found a list; it needs at least 3 entries",
        ),
        (
            '[[regions]]\nname = "vertex"\nfile = "a"\npolygon_xy = [[0, 0], [1, 1], [2]]',
            "regions[0].polygon_xy[2]: found a list; it needs at least 2 entries",
        ),
        (
            '[[regions]]\nname = "vertex"\nfile = "a"\npolygon_xy = [[0, 0], [1, 1], [2, 2, 2]]',
            "regions[0].polygon_xy[2]: found a list; it may have at most 2 entries",
        ),
        (
            '[[regions]]\nname = "vertex"\nfile = "a"\npolygon_xy = [[0, 0], [1, 1], [2, "2"]]',
            'regions[0].polygon_xy[2][1]: found "2"; a number is needed',
        ),
        (
            '[[regions]]\nname = "vertex"\nfile = "a"\npolygon_xy = [[0, 0], [1, 1], [2, 2]]',
            "regions[0]: polygon_xy encloses no area",
        ),
        (
            '[[landmarks]]\nname = "ear"\nfile = "a"\nxy = [1, 2]\n' * 2,
            "landmarks[1].name: ear of a is given twice",
        ),
        (
            '[[observations]]\ntaken_on = 2026-01-01\nregion = "vertex"\nmeasurand = "density_per_cm2"\nvalue = -1',
            "observations[0]: value must not be negative",
        ),
        (
            '[[observations]]\ntaken_on = 2026-01-01\nregion = "vertex"\nmeasurand = "coverage_fraction"\nvalue = 61',
            "observations[0]: value of a fraction must lie between 0 and 1",
        ),
        (
            '[[observations]]\ntaken_on = 2026-01-01\nregion = "vertex"\nmeasurand = "Density"\nvalue = 61',
            'observations[0].measurand: found "Density"; a name such as "hair_density_per_cm2" is needed',
        ),
        (
            '[[observations]]\ntaken_on = 2026-01-01\nregion = "vertex"\nmeasurand = "x"\nvalue = 6e9',
            "observations[0].value: found 6000000000.0; it must be at most 1e+06",
        ),
        ('[[notes]]\non = 2026-01-01\nkind = "puss"', 'did you mean "pus"?'),
    ],
)
def test_a_fault_names_its_field_what_was_found_and_what_is_valid(text, fault):
    assert fault in faults_in(text)
    assert "\n" not in faults_in(text)


def test_every_fault_is_told_at_once():
    told = faults_in('[patient]\nid = 3\n[[treatments]]\nkind = "feu"\n[[photos]]\nfile = 3')
    assert told.splitlines()[0] == "3 entries cannot be used"
    assert [line.split(":")[0].strip() for line in told.splitlines()[1:]] == [
        *("patient.id", "treatments[0].kind", "photos[0].file"),
    ]


def test_a_flood_of_faults_is_cut():
    told = faults_in("\n".join(f"key_{index} = 1" for index in range(50)))
    assert told.splitlines()[0] == "50 entries cannot be used"
    assert told.splitlines()[-1] == "  and 20 more"


def test_angles_may_be_negative():
    observation = {"taken_on": "2026-01-01", "region": "vertex", "measurand": "hair_direction_deg", "value": -20.0}
    assert read_case_facts({"observations": [observation]}, today=TODAY).observations[0].value == -20


def test_dates_of_a_dict_may_be_dates_but_no_moments():
    note = {"on": date(2026, 1, 1), "kind": "pain"}
    assert read_case_facts({"notes": [note]}, today=TODAY).notes[0].on == date(2026, 1, 1)
    with pytest.raises(InputError, match="not a date"):
        read_case_facts({"notes": [note | {"on": datetime(2026, 1, 1)}]}, today=TODAY)  # noqa: DTZ001 has no zone


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\nb", '"a\\u000ab"'),
        ("x" * 100, '"' + "x" * 60 + '…"'),
        (True, "true"),
        (10**400, "a number of very many digits"),
        ([1], "a list"),
        ({"a": 1}, "a table"),
        (None, "None"),
    ],
)
def test_what_was_found_fits_a_line(value, text):
    assert shown(value) == text


# ---- files that are no case files


def told_by(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        read_case_facts(path, today=TODAY)
    assert raised.value.remedy
    return str(raised.value)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("case.toml", b"[patient\n", "case.toml: is not valid TOML: Expected ']'"),
        ("case.toml", b"a = 1\na = 2\n", "Cannot overwrite a value (at line 2"),
        ("case.toml", b"id = '\xff'", "is no UTF-8 text"),
        ("case.toml", b"a = " + b"[" * 100_000, "nested too deeply"),
        ("case.toml", b"a = " + b"9" * 10_000, "is not valid TOML"),
        ("case.json", b'{"patient": ', "case.json: is not valid JSON"),
        ("case.json", b"", "is not valid JSON"),
        ("case.json", b"[1]", "the file: found a list; a table is needed"),
        ("case.json", b"[" * 100_000, "nested too deeply"),
        ("case.json", b'{"notes": [], "notes": []}', '"notes" is given twice'),
        ("case.json", b'{"patient": {"birth_year": NaN}}', "patient.birth_year: found nan"),
    ],
)
def test_a_file_that_cannot_be_parsed_says_where(tmp_path, name, content, words):
    assert words in told_by(tmp_path / name, content)


def test_an_impossible_date_in_toml_names_its_field(tmp_path):
    text = b'[[treatments]]\nkind = "prp"\nsessions = [2026-01-10, 2026-13-45]\n'
    text += b'[[notes]]\non = 2026-1-5 # soon\nkind = "pain"'
    told = told_by(tmp_path / "case.toml", text)
    assert 'treatments[0].sessions[1]: found "2026-13-45"; no day of the calendar' in told
    assert 'notes[0].on: found "2026-1-5"; not a date' in told


def test_an_impossible_date_does_not_hide_another_fault_of_the_text(tmp_path):
    assert "is not valid TOML" in told_by(tmp_path / "case.toml", b"a = 2026-13-45\n[broken\n")


@pytest.mark.parametrize("source", ["nowhere/case.toml", "nowhere", "bad\0path", ""])
def test_a_case_that_is_not_there(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        read_case_facts(source, today=TODAY)


def test_json_text_that_is_cut_short_is_told_as_json():
    with pytest.raises(InputError, match="JSON: is not valid JSON"):
        read_case_facts('{"patient": {', today=TODAY)


# ---- dates that cannot be right


def problems_of(text: str) -> dict[str, str]:
    case = read_case_facts(tomllib.loads("[patient]\nbirth_year = 1985\n" + text), today=TODAY)
    return {problem.where: problem.what for problem in case.problems}


def test_observations_and_notes_of_the_future_are_left_out_and_told():
    text = (
        '[[observations]]\ntaken_on = 2027-01-01\nregion = "vertex"\nmeasurand = "coverage_fraction"\nvalue = 0.5\n'
        '[[notes]]\non = 1980-01-01\nkind = "pain"\n'
    )
    case = read_case_facts(tomllib.loads("[patient]\nbirth_year = 1985\n" + text), today=TODAY)
    assert (case.observations, case.notes) == ((), ())
    assert problems_of(text) == {
        "observations[0].taken_on": "2027-01-01 lies in the future (today is 2026-11-22); this entry was left out",
        "notes[0].on": "1980-01-01 lies before the year of birth (1985); this entry was left out",
    }


def test_a_treatment_in_the_future_is_a_plan_and_that_is_told():
    text = '[[treatments]]\nkind = "fue"\nperformed_on = 2027-01-10\n'
    assert problems_of(text)["treatments[0].performed_on"].endswith("it is taken as planned")
    assert read_case_facts(tomllib.loads(text), today=TODAY).treatments[0].performed_on == date(2027, 1, 10)


def test_a_treatment_before_birth_has_no_date():
    found = problems_of('[[treatments]]\nkind = "finasteride"\nstarted_on = 1980-01-10\n')
    assert found["treatments[0].started_on"] == "the date of this finasteride is not known"
    case = read_case_facts(
        {"patient": {"birth_year": 1985}, "treatments": [{"kind": "prp", "sessions": ["1980-01-01"]}]}, today=TODAY
    )
    assert case.treatments[0].first_day is None


@pytest.mark.parametrize(
    ("kind", "key"), [("fut", "performed_on"), ("mesotherapy", "sessions"), ("dutasteride", "started_on")]
)
def test_a_treatment_without_a_date_is_asked_for_it_by_name(kind, key):
    assert problems_of(f'[[treatments]]\nkind = "{kind}"\n') == {
        f"treatments[0].{key}": f"the date of this {kind} is not known"
    }


def test_one_injection_performed_on_a_day_is_a_session():
    (treatment,) = read_case_facts(
        {"treatments": [{"kind": "prp", "performed_on": "2026-01-10"}]}, today=TODAY
    ).treatments
    assert (treatment.performed_on, treatment.sessions) == (None, (date(2026, 1, 10),))


def test_a_transplant_over_two_days_counts_from_the_first():
    (treatment,) = read_case_facts(
        {"treatments": [{"kind": "fue", "sessions": ["2026-01-11", "2026-01-10"]}]}, today=TODAY
    ).treatments
    assert treatment.performed_on == date(2026, 1, 10)
    assert len(treatment.sessions) == 2
