"""`entente extract`: texts in, one JSON line a document out, whatever the texts are."""

import json
import os
import sys
from pathlib import Path

import pytest
from called import FIGURE, NOTHING, ROOT, SENTENCE, evidence, extracted, lines, process, run

KEYS = {"id", "language", "genre", "alliances", "claims"}
ALLIANCE_KEYS = {
    "partners",
    "venture_name",
    "form",
    "equity_status",
    "functions",
    "value_chain",
    "stakes",
    "status",
    "date",
    "term_years",
    "confidence",
    "evidence",
}
CLAIM_KEYS = {
    "measure",
    "value",
    "value_low",
    "value_high",
    "unit",
    "period",
    "population",
    "sample_size",
    "cited_source",
    "evidence",
}


# ---- what is said of a document --------------------------------------------------------------------


def test_an_alliance_is_told_with_partners_form_and_quote():
    """The readme's own use: a text in, who is allied and how out."""
    status, out, _ = run("extract", "-", given=lines({"id": "acme", "text": SENTENCE, "date": "2001-04-24"}))
    found = json.loads(out)
    (alliance,) = found["alliances"]

    assert status == 0
    assert (found["id"], found["language"]) == ("acme", "en")
    assert alliance["partners"] == ["Acme Corp", "Beta Ltd"]
    assert (alliance["form"], alliance["equity_status"]) == ("joint_venture", "equity")
    assert alliance["date"] == "2001-04-24"
    assert alliance["evidence"] == [{"start": 0, "end": len(SENTENCE), "text": SENTENCE}]


def test_a_line_has_the_keys_that_others_build_on_and_no_more():
    """Those of a document, of an alliance, of its parts, and of a claim."""
    text = f"{SENTENCE} Acme will hold 50 percent of the joint venture and Beta 50 percent. {FIGURE}"
    _, (found,) = extracted("-", given=lines(text))

    assert found.keys() == KEYS
    assert found["alliances"]
    assert [alliance.keys() for alliance in found["alliances"]] == [ALLIANCE_KEYS] * len(found["alliances"])
    assert [claim.keys() for claim in found["claims"]] == [CLAIM_KEYS] * len(found["claims"])
    assert all(isinstance(name, str) for alliance in found["alliances"] for name in alliance["partners"])
    stakes = [stake for alliance in found["alliances"] for stake in alliance["stakes"]]
    assert [stake.keys() for stake in stakes] == [{"holder", "target", "percent"}] * len(stakes)
    assert evidence(found)
    assert all(span.keys() == {"start", "end", "text"} for span in evidence(found))


def test_a_reported_figure_is_told_as_a_claim():
    """With the words that say so."""
    _, (found,) = extracted("-", given=lines(FIGURE))
    claim = next(claim for claim in found["claims"] if claim["measure"] == "failure_rate")

    assert claim.keys() == CLAIM_KEYS
    assert claim["evidence"] == [{"start": 0, "end": len(FIGURE), "text": FIGURE}]


def test_a_document_without_an_alliance_has_its_line_too():
    status, found = extracted("-", given=lines(NOTHING))

    assert status == 0
    assert [(f["id"], f["alliances"], f["claims"]) for f in found] == [("1", [], [])]


def test_a_language_without_a_lexicon_has_its_line_too():
    """Nothing is guessed."""
    _, (found,) = extracted(
        "-", given=lines("Компании Сони и Эрикссон создали совместное предприятие в Лондоне.")
    )

    assert (found["language"], found["alliances"]) == ("ru", [])


def test_lines_come_in_the_order_of_the_input():
    """One each, whatever it is, and a number is an id too."""
    records = [
        {"id": "b", "text": NOTHING},
        {"id": 7, "text": SENTENCE},
        {"id": "a", "text": NOTHING},
        {"id": "c"},
    ]

    _, found = extracted("-", given=lines(*records))

    assert [f["id"] for f in found] == ["b", "7", "a", "c"]


def test_further_fields_of_a_record_are_used_and_unknown_ones_read_over():
    """The declared language decides where the text does not."""
    records = [
        {"id": "1", "text": "USX", "language": "en", "colour": "red"},
        {"id": "2", "text": "USX"},
        {"id": "3", "text": "USX", "language": None, "title": None, "date": None},
    ]

    _, found = extracted("-", given=lines(*records))
    _, hinted = extracted("-", "--language", "de", given=lines(*records))

    assert [f["language"] for f in found] == ["en", "und", "und"]
    assert [f["language"] for f in hinted] == ["en", "de", "de"]


def test_what_is_less_sure_than_asked_for_is_left_out():
    """Nothing is surer than 1; at 0 all is told, with its confidence."""
    _, (found,) = extracted("-", given=lines(SENTENCE))
    (confidence,) = {alliance["confidence"] for alliance in found["alliances"]}

    def told(minimum):
        _, out, _ = run("extract", "-", "--minimum-confidence", minimum, given=lines(SENTENCE))
        return len(json.loads(out)["alliances"])

    assert 0 < confidence < 1
    assert (told(confidence), told(1)) == (1, 0)


# ---- inputs ----------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """Return a folder of texts, one with an alliance."""
    folder = tmp_path / "news"
    for name, text in {"b.txt": SENTENCE, "a.md": NOTHING, "sv/c.txt": NOTHING}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "d.jsonl").write_bytes(lines({"id": "own", "text": NOTHING}))
    return folder


def test_files_folders_and_records_are_read_in_the_order_given(folder):
    """A folder's files are sorted; a record's id is its own, else its path as given, below its folder."""
    status, found = extracted("-", folder, folder / "b.txt", given=lines(NOTHING))

    assert status == 0
    assert [f["id"] for f in found] == [
        "1",
        f"{folder}/a.md",
        f"{folder}/b.txt",
        "own",
        f"{folder}/sv/c.txt",
        f"{folder}/b.txt",
    ]
    assert [bool(f["alliances"]) for f in found] == [False, False, True, False, False, True]


def test_two_files_are_never_told_by_one_id(folder, tmp_path):
    """The same name in two folders, given as folders or as files, is two documents."""
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "b.txt").write_text(NOTHING, encoding="utf-8")

    _, found = extracted(folder / "b.txt", tmp_path / "old" / "b.txt")

    assert len({f["id"] for f in found}) == 2


def test_a_bad_line_is_told_and_the_others_go_on():
    """With what is wrong with it, and the exit status 1 at the end."""
    given = lines(
        SENTENCE,
        b"{not json",
        b'{"id": "latin", "text": "M\xfcnchen"}',
        b"[1, 2]",
        {"text": "no id"},
        {"id": "untold"},
        {"id": "number", "text": 7},
        {"id": "empty", "text": " \u200b\n"},
        {"id": "title", "text": NOTHING, "title": ["x"]},
        {"id": "last", "text": SENTENCE},
    )

    status, found = extracted("-", given=given)

    assert status == 1
    assert [f["id"] for f in found if "error" not in f] == ["1", "last"]
    assert all(f.keys() == {"id", "error"} for f in found[1:-1])
    assert [f["id"] for f in found[5:-1]] == ["untold", "number", "empty", "title"]
    says = ["not JSON", "not UTF-8", "expected an object", "'id'", "'text'", "'text'", "no_text", "'title'"]
    assert [part for part, f in zip(says, found[1:-1], strict=True) if part not in f["error"]] == []


def test_a_line_without_an_id_is_told_by_its_number():
    """As an editor counts, blank lines too."""
    _, found = extracted("-", given=b'\n\n{"text": "no id"}\n' + lines(NOTHING))

    assert [f["id"] for f in found] == ["line 3", "1"]
    assert "'id'" in found[0]["error"]


def test_an_id_may_be_any_text():
    """Every record has its line, whatever its id holds."""
    ids = ["a\nb", "ü/索尼#1", "\u2028", '"', "\ud800"]

    status, found = extracted(
        "-", given=lines(*({"id": own, "text": NOTHING} for own in ids), {"id": "z", "text": "Z"})
    )

    assert status == 0
    assert len(found) == len(ids) + 1
    assert [f["id"] for f in found[:4]] == ids[:4]


def test_a_file_that_cannot_be_read_is_told_and_the_others_go_on(folder):
    """An ending without a reader, an empty file, a link out of the folder."""
    (folder / "image.png").write_bytes(b"\x89PNG")
    (folder / "void.txt").write_bytes(b"")
    (folder / "link.txt").symlink_to(ROOT / "pyproject.toml")

    status, found = extracted(folder)

    assert status == 1
    told = [f["id"] for f in found if "error" in f]
    assert told == [f"{folder}/{name}" for name in ("image.png", "link.txt", "void.txt")]
    assert len(found) == 7


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_may_have_any_name(folder):
    """Also one that is not UTF-8."""
    Path(os.fsdecode(os.fsencode(folder) + b"/b\xff.txt")).write_text(NOTHING)

    status, found = extracted(folder)

    assert status == 0
    assert len(found) == 5


def test_no_input_is_no_output():
    assert extracted("-") == (0, [])


# ---- output ----------------------------------------------------------------------------------------


def test_output_goes_to_a_file_as_it_would_to_standard_output(tmp_path):
    """In folders that are not there yet; nothing else is said."""
    _, out, _ = run("extract", "-", given=lines(SENTENCE, "\u2028é索"))

    assert run(
        "extract", "-", "--output", tmp_path / "new" / "out.jsonl", given=lines(SENTENCE, "\u2028é索")
    ) == (
        0,
        "",
        "",
    )
    assert (tmp_path / "new" / "out.jsonl").read_bytes() == out.encode()


def test_an_output_file_appears_whole_also_when_a_record_was_bad(tmp_path):
    status, _, _ = run("extract", "-", "--output", tmp_path / "out.jsonl", given=lines(b"bad", NOTHING))

    assert status == 1
    assert len((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_an_output_file_stays_as_it_was_when_the_run_fails(tmp_path, folder):
    """The second input is missing: not even what was found in the first is left behind."""
    (tmp_path / "out.jsonl").write_text("old")

    status, _, error = run("extract", folder, tmp_path / "none", "--output", tmp_path / "out.jsonl")

    assert (status, error.count("\n")) == (1, 1)
    assert (tmp_path / "out.jsonl").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news", "out.jsonl"]


def test_two_runs_say_the_same_to_the_byte():
    """In a process of its own, where sets and hashes are in another order; it speaks UTF-8 in any locale."""
    given = lines(
        SENTENCE, b"bad", f"{NOTHING} é索👍 {SENTENCE}", FIGURE, f"Its title.\r\n\r\n{SENTENCE}\r\n"
    )
    arguments = ("extract", "-", "--minimum-confidence", "0")

    said = [run(*arguments, given=given) for _ in range(2)]
    other = process(
        *arguments, given=given, PYTHONHASHSEED="1", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii"
    )

    assert [json.loads(line)["id"] for line in said[0][1].splitlines()] == ["1", "line 2", "3", "4", "5"]
    assert said[0] == said[1] == (other.returncode, other.stdout.decode(), other.stderr.decode())
    assert b"\r\n" not in other.stdout
