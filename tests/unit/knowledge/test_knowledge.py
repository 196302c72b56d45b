import re
from pathlib import Path

import pytest

from hairtrack.knowledge import load, read_models
from hairtrack.knowledge.reading import models_folder, read_bibliography
from hairtrack.model import EvidenceGrade, KnowledgeError

ROOT = Path(__file__).parents[3]
GOOD_ROW = '[row]\nvalue = 1.0\nunit = "1"\npopulation = "somebody"\nsources = ["S1"]\ngrade = "A"\n'
BIB = "@misc{S1,\n  title = {A trial},\n  howpublished = {a journal},\n  grade = {A},\n}\n"


def folder_with(tmp_path: Path, table: str, *, bib: str = BIB, contra: str | None = None) -> Path:
    (tmp_path / "courses").mkdir(exist_ok=True)
    (tmp_path / "courses" / "table.toml").write_text(table, encoding="utf-8")
    (tmp_path / "SOURCES.bib").write_text(bib, encoding="utf-8")
    if contra is not None:
        (tmp_path / "contra_indications.toml").write_text(contra, encoding="utf-8")
    return tmp_path


def test_every_source_of_every_row_resolves_and_every_source_is_cited():
    knowledge = load()
    cited = {s for fact in knowledge.facts.values() for s in fact.sources}
    cited |= {s for contra in knowledge.contra_indications for s in contra.sources}
    assert cited == set(knowledge.sources)


def test_every_row_is_used_by_the_program():
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for room in ("course", "outcome", "pipeline")
        for path in (ROOT / "src" / "hairtrack" / room).glob("*.py")
    )
    words = set(re.findall(r"[a-z0-9_]+", code))
    unused = []
    for key in load().facts:
        table, row = key.split(".")
        place = row.removeprefix("front_").removeprefix("crown_")
        survival = row.removesuffix("_survival") in {"good", "fair", "poor"} and row.endswith("_survival")
        if not ({row, f"_{place}", place} & words or survival or table == "measurands"):
            unused.append(key)
    assert unused == []


def test_assumptions_say_so_and_graded_rows_name_a_source():
    for fact in load().facts.values():
        assert fact.assumed == (fact.grade is EvidenceGrade.ASSUMED)
        assert fact.sources or fact.assumed
        assert fact.unit
        assert fact.population


def test_ranges_hold_their_value():
    for fact in load().facts.values():
        assert fact.low is None or fact.low <= fact.value
        assert fact.high is None or fact.value <= fact.high


def test_the_models_of_the_checkout_are_read():
    assert (ROOT / "models").samefile(str(models_folder()))


def test_a_wheel_without_a_checkout_reads_its_own_copy(monkeypatch, tmp_path):
    module = "hairtrack.knowledge.reading.Path"
    monkeypatch.setattr(module, lambda _: tmp_path / "a" / "b" / "c" / "d" / "e.py")
    assert str(models_folder()).endswith("_data/models")


def test_other_values_can_be_asked_what_hangs_on_them():
    knowledge = load()
    changed = knowledge.with_values({"verdict.poor_survival": 0.55})
    assert changed.value("verdict.poor_survival") == 0.55
    assert knowledge.value("verdict.poor_survival") == 0.60
    assert changed.fact("verdict.poor_survival").grade == knowledge.fact("verdict.poor_survival").grade


def test_an_unknown_row_is_named():
    with pytest.raises(KnowledgeError, match=r"verdict\.nonsense"):
        load().value("verdict.nonsense")
    assert load().find("verdict.nonsense") is None


def test_a_row_without_spread_is_named():
    with pytest.raises(KnowledgeError, match=r"verdict\.poor_survival"):
        load().spread("verdict.poor_survival")


def test_tables_tell_their_sources_and_assumptions():
    knowledge = load()
    assert "S42" in knowledge.sources_below("donor.")
    assert "donor.over_extraction_prior" in knowledge.assumed_below("donor.")


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ("[row]\nvalue = 1\n", "lacks grade"),
        (GOOD_ROW + "colour = 3\n", "unknown colour"),
        (GOOD_ROW.replace("1.0", '"one"'), "no number"),
        (GOOD_ROW.replace("1.0", "true"), "no number"),
        (GOOD_ROW.replace('"A"', '"Z"'), "unknown grade"),
        (GOOD_ROW.replace('["S1"]', '"S1"'), "no list"),
        (GOOD_ROW.replace('["S1"]', "[]"), "needs a source"),
        (GOOD_ROW.replace("S1", "S9"), "S9"),
        ("row = 3\n", "no table"),
        ("[row\n", "no TOML"),
    ],
)
def test_a_faulty_table_is_refused_with_its_place(tmp_path, table, word):
    with pytest.raises(KnowledgeError, match=word):
        read_models(folder_with(tmp_path, table))


def test_a_key_that_stands_twice_is_refused(tmp_path):
    folder = folder_with(tmp_path, GOOD_ROW)
    (folder / "norms").mkdir()
    (folder / "norms" / "table.toml").write_text(GOOD_ROW, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="twice"):
        read_models(folder)


def test_other_files_in_a_folder_are_left_alone(tmp_path):
    folder = folder_with(tmp_path, GOOD_ROW)
    (folder / "courses" / "notes.txt").write_text("nothing", encoding="utf-8")
    assert list(read_models(folder).facts) == ["table.row"]


def test_contra_indications_are_read(tmp_path):
    contra = '[fever]\nwords = ["fever"]\ntreatments = ["prp"]\ntext = "fever"\nsources = ["S1"]\ngrade = "A"\n'
    assert read_models(folder_with(tmp_path, GOOD_ROW, contra=contra)).contra_indications[0].words == ("fever",)


def test_a_folder_without_bibliography_is_refused(tmp_path):
    with pytest.raises(KnowledgeError, match=r"SOURCES\.bib"):
        read_models(tmp_path)


def test_a_source_without_grade_is_refused():
    with pytest.raises(KnowledgeError, match="grade"):
        read_bibliography("@misc{S1,\n  title = {A},\n}\n")


def test_a_source_without_place_keeps_its_title():
    assert read_bibliography("@misc{S1,\n  title = {A},\n  grade = {B},\n}\n")["S1"].citation == "A"
