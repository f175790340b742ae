"""What a coder filled in is checked whole: each fault is told with its place and remedy, and what passes is gold."""

import json
import re
from datetime import datetime

import pytest
from coded import DRAWN
from entente import cli, coding_check
from entente.errors import EntenteError
from entente.records import Gold
from test_coding_workbook import filled


def test_what_is_read_is_gold_with_its_probability(tmp_path):
    """A file of it is a corpus's gold.jsonl; the sample is looked for beside the coded file."""
    cli.write(tmp_path / "sample.jsonl", DRAWN)
    cli.write(tmp_path / "gold.jsonl", coding_check.read(filled(tmp_path)))
    lines = [json.loads(line) for line in (tmp_path / "gold.jsonl").read_text(encoding="utf-8").splitlines()]

    assert [gold.id for gold in cli.read(tmp_path / "gold.jsonl", Gold)] == [line["id"] for line in lines]
    assert {line["inclusion_probability"] for line in lines} == {0.0625}


@pytest.mark.parametrize(
    ("sheet", "column", "value", "said"),
    [
        ("alliances", "form", "jv", "form is 'jv'; choose one of joint_venture, minority"),
        ("alliances", "partners", "Nokia", "partners: 'Nokia' does not stand in the text; copy it"),
        ("alliances", "partners", None, "no partners; give one at least"),
        ("alliances", "evidence", None, "no evidence; give one at least"),
        ("alliances", "date", "April 2001", "date is 'April 2001'; write 2001-04-24, 2001-04 or 2001"),
        # 2001-04 typed into a cell of dates becomes the first of April
        ("alliances", "date", datetime(2001, 4, 1), "date is '2001-04-01 as a date, not as text'; write"),
        ("alliances", "term_years", "long", "term_years is 'long'; write a number of years"),
        ("alliances", "stakes", "Nokia; 50", "stake 'Nokia; 50'; write a partner, percent over 0"),
        ("alliances", "stakes", "half", "stake 'half'; write a partner"),
        (
            "alliances",
            "stakes",
            "Sony Corp; 150",
            "stake 'Sony Corp; 150'; write a partner, percent over 0 to",
        ),
        ("alliances", "number", 9, "no document has the number '9'; give the one in the sheet"),
        ("alliances", "rnd", "?", "functions is '?'; choose one of rnd, production"),
        ("documents", "reports", None, "not coded; choose whether it reports an alliance"),
        ("documents", "reports", "maybe", "reports is 'maybe'; write alliance or none"),
        ("documents", "reports", "none", "it reports none, and 1 are coded; remove them"),
        ("documents", "genre", "news", "genre is 'news'; choose one of announcement"),
        ("documents", "non_alliance", "other", "non_alliance is 'other' of a document with an alliance"),
        ("documents", "document", "wire/9.txt", "'wire/9.txt' is not in the sample; give the sample"),
    ],
)
def test_each_fault_is_told_with_its_place_and_remedy(tmp_path, sheet, column, value, said):
    def spoil(book, columns, places):
        book[sheet].cell(2, (columns if sheet == "documents" else places)[column]).value = value

    with pytest.raises(EntenteError, match=re.escape(f"{sheet} row 2: {said}")):
        coding_check.read(filled(tmp_path, change=spoil), DRAWN)


def test_all_faults_are_told_at_once(tmp_path):
    def spoil(book, columns, places):
        book["alliances"].cell(2, places["form"]).value = "jv"
        book["alliances"].cell(3, places["status"]).value = None
        book["documents"].cell(5, columns["non_alliance"]).value = None

    with pytest.raises(EntenteError) as fault:
        coding_check.read(filled(tmp_path, change=spoil), DRAWN)

    assert str(fault.value).count("\n") == 2


def test_a_nameless_coder_is_asked_for(tmp_path):
    path = filled(tmp_path, coder=None)

    with pytest.raises(
        EntenteError, match="no coder's name; write it where the sheet asks for it, or give --coder"
    ):
        coding_check.read(path, DRAWN)
    assert {one.coder for one in coding_check.read(path, DRAWN, coder="Ben")} == {"Ben"}


def test_a_part_is_taken_only_if_it_is_said_to_be_one(tmp_path):
    def empty(book, columns, _):
        book["documents"].cell(5, columns["reports"]).value = None
        book["documents"].cell(5, columns["non_alliance"]).value = None

    path = filled(tmp_path, change=empty)

    with pytest.raises(EntenteError, match=r"documents row 5: not coded"):
        coding_check.read(path, DRAWN)
    assert len(coding_check.read(path, DRAWN, partial=True)) == 3
