"""Rows of tables become records, whatever dialect, encoding and column names a program saved them with."""

import csv
import datetime
import io
import json
import zipfile

import openpyxl
import pytest
from entente import readers
from entente.readers import How, Raw, Refused
from hypothesis import given
from hypothesis import strategies as st

MAPPED = How(columns={"id": "nr", "text": ["lead", "body"], "title": "headline", "date": "published"})


def read(folder, name, content, how=readers.PLAIN):
    """Return all records of a file with this name and content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(readers.records(lambda place: readers.reader(place, how)(place), path))


def book(sheets):
    """Return an XLSX workbook of {sheet: rows}."""
    made, workbook = io.BytesIO(), openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(made)
    return made.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_dialects_and_encodings(tmp_path, delimiter, encoding):
    made = io.StringIO()
    table = csv.writer(made, delimiter=delimiter)
    text = "Société Générale et Crédit Agricole\ncréent une « société commune »; à 50, 50 | %."
    table.writerows([["id", "text", "date"], ["7", text, "2001-04-24"]])

    found = read(tmp_path, "a.csv", made.getvalue().encode(encoding))

    assert [(raw.id, raw.text, raw.date) for raw in found] == [("7", text, "2001-04-24")]


def test_columns_of_other_names_are_told_and_several_are_joined(tmp_path):
    content = "nr,headline,lead,body,published,ignored\n1,Venture,Sony said,it will.,2001,x\n2,,,Beta.,,\n"

    assert read(tmp_path, "a.csv", content, MAPPED) == [
        Raw(id="1", title="Venture", text="Sony said\n\nit will.", date="2001"),
        Raw(id="2", text="Beta."),
    ]


def test_the_same_names_hold_for_json(tmp_path):
    rows = [{"nr": 1, "headline": "Venture", "lead": "Sony said", "body": "it will.", "published": 2001}]
    expected = [Raw(id="1", title="Venture", text="Sony said\n\nit will.", date="2001")]

    assert read(tmp_path, "a.jsonl", json.dumps(rows[0]), MAPPED) == expected
    assert read(tmp_path, "a.json", json.dumps(rows), MAPPED) == expected
    assert read(tmp_path, "b.json", json.dumps(rows[0]), MAPPED) == expected


def test_a_row_without_an_id_is_told_by_its_place(tmp_path):
    assert [raw.id for raw in read(tmp_path, "a.tsv", "text\ttitle\nSony.\tA\n\t\nBeta.\tB\n")] == [
        "row 2",
        "row 4",
    ]
    sheets = {"One": [["text"], ["Sony."]], "Two": [["text"], ["Beta."]], "Notes": [["about"], ["x"]]}
    assert [raw.id for raw in read(tmp_path, "a.xlsx", book(sheets))] == ["One row 2", "Two row 2"]


def test_cells_of_a_workbook_are_read_as_they_are_shown(tmp_path):
    row = [7, "ソニーと🤝エリクソン", datetime.datetime(2001, 4, 24), None, True]

    [raw] = read(tmp_path, "a.xlsx", book({"A": [["id", "text", "date", "title", "further"], row]}))

    assert raw == Raw(id="7", text="ソニーと🤝エリクソン", date="2001-04-24")


def test_rights_of_a_record(tmp_path):
    good, bad = read(tmp_path, "a.csv", "text,licence,quotes\nSony.,CC0-1.0,full\nBeta.,,all\n")

    assert (good.licence, good.quotes) == ("CC0-1.0", "full")
    assert bad.reason == "malformed"
    assert "expected full, cut, offsets" in bad.detail


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b"headline,body\nA,Sony."), ("a.xlsx", book({"A": [["headline", "body"], ["A", "B"]]}))],
)
def test_a_table_without_a_text_column_says_which_it_has(tmp_path, name, content):
    [refused] = read(tmp_path, name, content)

    assert refused.reason == "malformed"
    assert "no column 'text' in its first row; found headline, body; say in corpus.yaml" in refused.detail


def test_a_formula_is_read_as_its_value_and_never_as_a_formula(tmp_path):
    """Openpyxl saves no values of formulas, so the cell is empty."""
    found = read(tmp_path, "a.xlsx", book({"A": [["text", "title"], ["Sony.", '=HYPERLINK("http://x.y")']]}))

    assert found == [Raw(id="row 2", text="Sony.")]


def test_a_workbook_that_expands_without_measure_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "ALLOWANCE", 1000)
    made = io.BytesIO(book({"A": [["text"], ["Sony."]]}))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", bytes(20_000_000))

    [refused] = read(tmp_path, "a.xlsx", made.getvalue())

    assert refused.reason == "too_large"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"text\nSony.", b"<html>"])
def test_what_is_no_workbook_is_refused(tmp_path, content):
    [refused] = read(tmp_path, "a.xlsx", content)

    assert refused.reason in ("malformed", "no_text")


def test_a_cell_without_end_is_refused_after_the_rows_before_it(tmp_path, monkeypatch):
    monkeypatch.setattr(readers.import_module("entente.readers.table"), "FIELD", 1000)

    kept, refused = read(tmp_path, "a.csv", 'text\nSony.\n"' + "x" * 5000)

    assert kept.text == "Sony."
    assert refused.reason == "malformed"


@given(st.lists(st.text("ab 'é,;\"|提携\n", min_size=1).map(str.strip).filter(bool), min_size=1))
def test_what_csv_writes_is_read_back(tmp_path_factory, texts):
    made = io.StringIO()
    csv.writer(made).writerows([["id", "text"], *enumerate(texts)])

    found = read(tmp_path_factory.mktemp("rows"), "a.csv", made.getvalue())

    assert [raw.text for raw in found] == texts


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.json"])
@given(content=st.binary(max_size=300))
def test_random_bytes_end_as_records_or_refusals(tmp_path_factory, name, content):
    found = read(tmp_path_factory.mktemp("bytes"), name, content)

    assert found
    assert all(isinstance(record, Raw | Refused) for record in found)
