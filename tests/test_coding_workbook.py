"""A coder codes in a spreadsheet: what is filled in comes back as gold, and no text of a document acts."""

import re
import zipfile

import openpyxl
import pytest
from coded import CODED, DOCUMENTS, DRAWN, TEXTS, document, simple
from entente import coding, coding_check
from entente.errors import EntenteError


def filled(folder, coder="Ada", change=None):
    """Write the sheets and fill in the workbook as CODED says; *change* is called with it before it is saved."""
    coding.sheet(DOCUMENTS, folder)
    path = folder / "coding.xlsx"
    book = openpyxl.load_workbook(path)
    book["start"]["B1"] = coder
    columns = {cell.value: cell.column for cell in book["documents"][1]}
    places = {cell.value: cell.column for cell in book["alliances"][1]}
    at = 2
    for row in range(2, book["documents"].max_row + 1):
        alliances = CODED[book["documents"].cell(row, columns["document"]).value]
        book["documents"].cell(row, columns["reports"]).value = "alliance" if alliances else "none"
        book["documents"].cell(row, columns["non_alliance"]).value = None if alliances else "arms_length"
        for alliance in alliances:
            cells = {
                "number": book["documents"].cell(row, columns["number"]).value,
                "partners": "\n".join(alliance["partners"]),
                "evidence": "\n".join(quote.replace("\n", " ") for quote in alliance["evidence"]),
                "stakes": "\n".join(f"{s['holder']}; {s['percent']:g} %" for s in alliance["stakes"]),
                "venture_name": (alliance["venture_name"] or "").replace("\n", " ") or None,
                **{
                    name: alliance[name]
                    for name in ("form", "value_chain", "status", "date", "term_years", "alliance")
                },
                **dict.fromkeys(alliance["functions"], "x"),
            }
            for name, value in cells.items():
                book["alliances"].cell(at, places[name]).value = value
            at += 1
    if change:
        change(book, columns, places)
    book.save(path)
    return path


def test_a_filled_workbook_comes_back_as_gold(tmp_path):
    assert simple(coding_check.read(filled(tmp_path), DRAWN)) == CODED


def test_no_text_in_the_workbook_is_a_formula(tmp_path):
    coding.sheet(DOCUMENTS, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "coding.xlsx")
    cells = [cell for worksheet in book for row in worksheet for cell in row if isinstance(cell.value, str)]

    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if cell.value.startswith(("=", "+", "-", "@")))
    assert TEXTS["press/hostile.txt"][0] in [cell.value for cell in cells]


def test_the_lists_of_the_workbook_are_the_codebooks(tmp_path):
    coding.sheet(DOCUMENTS, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "coding.xlsx")
    columns = [cell.value for cell in book["alliances"][1]]
    rules = {str(rule.sqref): rule.formula1 for rule in book["alliances"].data_validations.dataValidation}
    letter = openpyxl.utils.get_column_letter(columns.index("form") + 1)
    first, last = re.findall(r"\d+", rules[f"{letter}2:{letter}41"])
    listed = [book["codes"].cell(row, 2).value for row in range(int(first), int(last) + 1)]

    assert listed == ["joint_venture", "minority_equity", "contractual", "unspecified"]


def test_a_text_longer_than_a_cell_comes_back_whole(tmp_path):
    """A cell holds 32,767 characters; a title may be long too."""
    long = document("wire/en.txt", "t" * 400, "Sony Corp " + "語 " * 40_000 + "and Ericsson\n\n\nend", "en")
    coding.sheet([long], tmp_path)
    (row,) = coding.opened(tmp_path / "coding.xlsx")

    assert (row.title, row.text) == (long.title, long.text)
    with zipfile.ZipFile(tmp_path / "coding.xlsx") as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"a,b"])
def test_what_is_no_workbook_is_told(tmp_path, content):
    (tmp_path / "coding.xlsx").write_bytes(content)

    with pytest.raises(EntenteError, match=r"coding.xlsx: .*(?:not an XLSX workbook|save it as)"):
        coding_check.read(tmp_path / "coding.xlsx", DRAWN)


def test_another_workbook_is_told(tmp_path):
    openpyxl.Workbook().save(tmp_path / "coding.xlsx")

    with pytest.raises(
        EntenteError, match=r"no sheet 'start'; give the workbook that `entente sample` wrote"
    ):
        coding_check.read(tmp_path / "coding.xlsx", DRAWN)
