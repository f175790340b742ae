"""The command `entente`: texts in, one JSON line a document out, whatever the texts are."""

import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from unittest import mock

import pytest
import yaml
from entente import __version__, command, extract
from hypothesis import example, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[1]
SENTENCE = "Acme Corp and Beta Ltd formed a joint venture to develop mobile phones in London."
FIGURE = "More than half of all strategic alliances fail within five years, a study of 3,000 alliances found."
NOTHING = "The museum in London will open at nine and close at five, as it has done for many years."
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


def lines(*records):
    """Return records, or texts with a number for an id, as JSON Lines; bytes are taken as they are."""
    made = [{"id": str(n), "text": r} if isinstance(r, str) else r for n, r in enumerate(records, 1)]
    return b"\n".join(r if isinstance(r, bytes) else json.dumps(r).encode() for r in made) + b"\n"


def run(*arguments, given=b""):
    """Return exit status, standard output and standard error of `entente`, run in this process."""
    out, error = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8")),
        mock.patch("sys.stdout", out),
        mock.patch("sys.stderr", error),
    ):
        try:
            command.main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code
        if isinstance(status, str):  # as the interpreter does with it
            error.write(status + "\n")
            status = 1
        out.flush()
        error.flush()
    return status, out.buffer.getvalue().decode(), error.buffer.getvalue().decode()


def extracted(*arguments, given=b""):
    """Return exit status and parsed lines of `entente extract`, everything it is unsure of included."""
    status, out, error = run("extract", *arguments, "--minimum-confidence", "0", given=given)
    assert error == ""
    assert out == "" or out.endswith("\n")
    return status, [json.loads(line) for line in out.split("\n")[:-1]]


def evidence(found):
    """Return the evidence of all that was found in a document."""
    return [span for record in found["alliances"] + found["claims"] for span in record["evidence"]]


def process(*arguments, given=b"", **environment):
    """Return the finished process of `entente`, run as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "entente", *map(str, arguments)],
        input=given,
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(ROOT / "workflow")} | environment,
        timeout=120,
        check=False,
    )


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


@pytest.mark.parametrize("name", ["extract", "evaluate"])
def test_the_command_and_the_study_leave_out_the_same(name):
    """One limit, that of the model that ships, unless the user sets another."""
    study = yaml.safe_load((ROOT / "config" / "config.yaml").read_text(encoding="utf-8"))
    given = command.parser().parse_args([name, "-", *(["--gold", "g"] if name == "evaluate" else [])])

    assert given.minimum_confidence == study["minimum_confidence"] == extract.MINIMUM_CONFIDENCE == 0.3


# ---- offsets ---------------------------------------------------------------------------------------

HOSTILE = {
    "line ends": f"First line.\r\n\r\n{SENTENCE}\r\nThe last line.\rEnd.\r\n",
    "a line end inside": SENTENCE.replace(" formed ", "\r\nformed "),
    "blanks": "  \t " + SENTENCE.replace(" formed ", " \u00a0 \t formed\u2003") + "  ",
    "emoji": "👍🏽👨‍👩‍👧‍👦 " + SENTENCE.replace("London", "London 🇬🇧") + " 😀",
    "zero-width characters": "\ufeff"
    + SENTENCE.replace("joint", "jo\u200bint").replace("Acme", "Ac\u00adme"),
    "direction marks": SENTENCE.replace("Acme", "\u202eAcme\u202c"),
    "decomposed accents": "Cafe\u0301 u\u0308ber alles. " + SENTENCE.replace("London", "Mu\u0308nchen"),
    "several accents": f"a\u0323\u0307\u0302 q\u0307\u0323. {SENTENCE}",
    "CJK": f"【東京】ソニー。\n{SENTENCE}\n{NOTHING}\n{NOTHING}\n索尼。\u1112\u1161\u11ab",
    "full width": f"ＡＢＣ　Ｄ。{SENTENCE}",
    "control characters": "\0\x07" + SENTENCE.replace(" a ", " \0a ") + "\x1b[0m\x85",
    "astral letters": f"𝒜𝓁𝓅𝒽𝒶 𐐷 {SENTENCE}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_offsets_are_into_the_text_as_it_was_given(text):
    """Whoever cuts their own text by them has the quote; and it is the sentence that says so."""
    status, (found,) = extracted("-", "--language", "en", given=lines(text))

    assert status == 0
    assert any("joint venture" in visible(span["text"]) for span in evidence(found))
    assert all(text[span["start"] : span["end"]] == span["text"] for span in evidence(found))


def visible(text):
    """Return *text* without invisible characters, with single blanks."""
    return " ".join(
        "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf") or c.isspace()).split()
    )


CHARACTERS = st.text(
    st.one_of(
        st.characters(), st.sampled_from("\r\n\t \0\u00ad\u200b\u200d\u2028\u202e\u3000e\u0301\u0323👍🏽。")
    ),
    max_size=20,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(CHARACTERS, min_size=5, max_size=5))
@example(["", "\ud800", "", "", ""])
@example(["\u0301", "\u0301", "\u200b\u0301", "\u0323", "\u0301"])
def test_no_text_is_too_strange_to_be_told_with_true_offsets(parts):
    """Any characters, lone surrogates too, before, between and after the words that report an alliance."""
    words = [
        "Acme Corp and",
        " Beta Ltd formed a joint",
        " venture to develop",
        " phones in London.",
    ]
    text = parts[0] + "".join(word + part for word, part in zip(words, parts[1:], strict=True))
    text = json.loads(json.dumps(text))  # two lone surrogates may have become a character

    status, (found,) = extracted("-", "--language", "en", given=lines(text))

    assert status == 0
    assert all(text[span["start"] : span["end"]] == span["text"] for span in evidence(found))


def test_a_chinese_alliance_is_quoted_from_where_it_stands():
    """Not only in languages with spaces."""
    text = "\ufeff【北京】\r\n索尼公司与爱立信公司今天宣布成立合资企业，双方各持股50%。\r\n完。"
    _, (found,) = extracted("-", given=lines(text))

    assert found["language"] == "zh"
    assert any("合资企业" in span["text"] for span in evidence(found))
    assert all(text[span["start"] : span["end"]] == span["text"] for span in evidence(found))


def test_offsets_in_a_file_are_into_the_text_that_its_reader_takes(tmp_path):
    """Of plain text, what follows the title line; a line ends in one line feed, whatever the file has."""
    (tmp_path / "acme.txt").write_bytes(f"Acme and Beta\r\n\r\n{NOTHING}\r\n{SENTENCE}\r\n".encode())

    _, (found,) = extracted(tmp_path / "acme.txt")

    start = len(NOTHING) + 1
    assert evidence(found) == [{"start": start, "end": start + len(SENTENCE), "text": SENTENCE}]


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


# ---- a process -------------------------------------------------------------------------------------


def test_two_runs_say_the_same_to_the_byte():
    """In a process of its own, where sets and hashes are in another order; it speaks UTF-8 in any locale."""
    given = lines(SENTENCE, b"bad", f"{NOTHING} é索👍 {SENTENCE}", FIGURE, HOSTILE["line ends"])
    arguments = ("extract", "-", "--minimum-confidence", "0")

    said = [run(*arguments, given=given) for _ in range(2)]
    other = process(
        *arguments, given=given, PYTHONHASHSEED="1", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii"
    )

    assert [json.loads(line)["id"] for line in said[0][1].splitlines()] == ["1", "line 2", "3", "4", "5"]
    assert said[0] == said[1] == (other.returncode, other.stdout.decode(), other.stderr.decode())
    assert b"\r\n" not in other.stdout


# ---- what is wrong is told in one line -------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["extract", "{0}/none.txt"], ["none.txt: no such file or folder", "give files, folders, or -"]),
        (["extract", "-", "--output", "{0}"], ["{0}"]),
        (["extract", "-", "--output", "{0}/file/out.jsonl"], ["file"]),
        (["evaluate", "{0}/documents.jsonl", "--gold", "{0}/none.jsonl"], ["none.jsonl"]),
        (
            ["evaluate", "{0}/documents.jsonl", "--gold", "{0}/other.jsonl"],
            ["no gold for any document", "ids must agree"],
        ),
        (["evaluate", "{0}/documents.jsonl", "--gold", "{0}/file"], ["file:1: record: Invalid JSON"]),
        (["evaluate", "{0}/documents.jsonl", "--gold", "{0}/latin.jsonl"], ["latin.jsonl:1: "]),
        (
            ["evaluate", "{0}/documents.jsonl", "--gold", "{0}/own.jsonl", "--pipeline", "{0}"],
            ["pipeline '{0}': spaCy cannot load it", "give an installed package or the folder"],
        ),
        (["explain", "a-000", "--interim", "{0}/none"], ["no such file", "make run"]),
    ],
)
def test_wrong_input_is_told_in_one_line_without_a_trace(arguments, says, tmp_path):
    """Where it is, what was found, and what to do."""
    (tmp_path / "documents.jsonl").write_bytes(lines(NOTHING))
    (tmp_path / "other.jsonl").write_bytes(lines({"id": "other", "alliances": []}))
    (tmp_path / "own.jsonl").write_bytes(lines({"id": "1", "alliances": []}))
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "1", "alliances": [], "note": "M\xfcller"}\n')
    (tmp_path / "file").write_text("text\n")

    status, out, error = run(*(a.format(tmp_path) for a in arguments), given=lines(NOTHING))

    assert (status, out) == (1, "")
    assert error.startswith("error: ")
    assert error.count("\n") == 1
    assert all(part.format(tmp_path) in error for part in says)


@pytest.mark.parametrize(
    "arguments", [[], ["extract"], ["extrct", "-"], ["extract", "-", "--minimum-confidence", "high"]]
)
def test_a_wrong_call_is_told_with_the_usage(arguments):
    status, _, error = run(*arguments)

    assert status == 2
    assert error.startswith("usage: entente")
    assert "Traceback" not in error


def test_an_unknown_identifier_is_told_with_those_most_like_it(tmp_path):
    """In the results of a run that found one alliance."""
    alliance = {
        "id": "a-0123456789",
        "mentions": [],
        "partners": [],
        "partner_names": ["Acme", "Beta"],
        "venture_name": None,
        "form": "joint_venture",
        "equity_status": "equity",
        "functions": [],
        "value_chain": "unclear",
        "stakes": [],
        "status": "signed",
        "date": None,
        "year": None,
        "term_years": None,
        "languages": [],
        "corpora": ["news"],
        "confidence": 0.9,
    }
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "corpus.yaml").touch()
    (tmp_path / "alliances.jsonl").write_bytes(lines(alliance))
    (tmp_path / "organisations.jsonl").write_bytes(b"")
    options = ("--interim", tmp_path, "--corpus", tmp_path)

    status, out, error = run("explain", "a-0123456788", *options)

    assert (status, out) == (1, "")
    assert "'a-0123456788'" in error
    assert "nearest: a-0123456789" in error
    assert error.count("\n") == 1
    assert "Acme + Beta" in run("explain", "a-0123456789", *options)[1]


# ---- evaluate and help -----------------------------------------------------------------------------


def test_the_extraction_is_scored_against_gold_by_id(tmp_path):
    """Documents without gold do not count; those that could not be read neither."""
    (tmp_path / "documents.jsonl").write_bytes(lines(SENTENCE, NOTHING, b"bad", NOTHING))
    golds = [{"id": "1", "alliances": [JOINT]}, *({"id": i, "alliances": []} for i in ("2", "9"))]
    (tmp_path / "gold.jsonl").write_bytes(lines(*golds))

    status, out, error = run("evaluate", tmp_path / "documents.jsonl", "--gold", tmp_path / "gold.jsonl")
    shown = printed(out)

    assert status == 0
    assert (shown["all all model"]["documents"], shown["all all model"]["document F"]) == ("2", "1.00 n=1")
    assert list(shown) == ["all all model", "language en model", "genre announcement model"]
    assert error == "not scored: gold for 1 documents not read, such as '9'\n"


JOINT = {
    "partners": ["Acme", "Beta"],
    "form": "joint_venture",
    "equity_status": "equity",
    "functions": [],
    "value_chain": "unclear",
    "status": "signed",
}


def printed(out):
    """Return {row: {heading: cell}} of the table that `entente evaluate` prints, in one block or several."""
    found = {}
    for block in out.split("\n\n"):
        heading, *rows = (line.removesuffix("\\") for line in block.splitlines())
        headings = re.split(r"  +", heading.strip())
        for told in rows:
            label, *cells = re.split(r"  +", told.strip())
            found.setdefault(label, {}).update(zip(headings, cells, strict=True))
    return found


@pytest.fixture
def scored(tmp_path):
    """Return a function that evaluates with options the documents of a folder, coded by hand as a corpus's are."""
    texts = {"en/a.txt": SENTENCE, "en/b.txt": NOTHING, "en/c.txt": SENTENCE.replace("Beta", "Gamma")}
    for name, text in texts.items():
        path = tmp_path / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"A title\n\n{text}\n", encoding="utf-8")
    found = {"id": "wire.jsonl#acme", "alliances": [JOINT]}
    (tmp_path / "documents/wire.jsonl").write_bytes(lines({"id": "acme", "text": SENTENCE}))
    golds = [{"id": name, "alliances": [JOINT] if text != NOTHING else []} for name, text in texts.items()]
    (tmp_path / "gold.jsonl").write_bytes(lines(*golds, found))

    def evaluated(*options):
        status, out, error = run(
            "evaluate", tmp_path / "documents", "--gold", tmp_path / "gold.jsonl", *options
        )
        assert (status, error) == (0, "")
        return printed(out)

    return evaluated


def test_a_folder_is_scored_by_the_gold_of_its_corpus(scored):
    """Its ids are paths below the folder, with the record's own id: 4 documents, 3 alliances, 2 of them found."""
    row = scored("--minimum-confidence", "0", "--baseline")["all all baseline"]

    assert row["documents"] == "4"
    assert row["alliance F"].startswith("0.67 [")  # the partners of the third are Acme and Gamma
    assert row["alliance F"].endswith(" n=3")
    assert row["equity accuracy"] == "1.00 n=2"
    assert row["stake F"] == "-"


def test_the_baseline_stands_beside_the_extraction_group_by_group(scored):
    """With all scores in a file, if one is asked for."""
    table = scored("--baseline")

    assert list(table) == [
        f"{group} {how}"
        for group in ("all all", "language en", "genre announcement")
        for how in ("model", "baseline")
    ]


def test_all_scores_are_written_to_a_file(scored, tmp_path):
    """With what each row is of, and the limits of the intervals, unrounded."""
    scored("--baseline", "--output", tmp_path / "scores.csv")
    with (tmp_path / "scores.csv").open(encoding="utf-8") as file:
        heading, *rows = [row.split(",") for row in file.read().splitlines()]

    assert heading[:4] == ["factor", "value", "extractor", "documents"]
    assert {"alliance_f_low", "alliance_f_high", "top_fifth_precision", "calibration_error"} <= set(heading)
    assert [row[:4] for row in rows[:2]] == [["all", "all", "model", "4"], ["all", "all", "baseline", "4"]]
    assert float(rows[1][heading.index("alliance_f")]) == 2 / 3


def test_the_extraction_is_scored_without_its_model(scored):
    """In place of the one with it."""
    assert list(scored("--lexicon-only")) == [
        f"{group} lexicon" for group in ("all all", "language en", "genre announcement")
    ]


def test_how_decides_who_reads():
    """The model and the lexicon are one extractor, the baseline another, told which names to see."""
    with (
        mock.patch("entente.extract.extract", return_value=([1], [])) as ours,
        mock.patch("entente.baseline.extract", return_value=([2], [])) as script,
    ):
        assert [command.read("text", how, "names")[0] for how in ("model", "lexicon", "baseline")] == [
            [1],
            [1],
            [2],
        ]

    assert ours.mock_calls == [mock.call("text"), mock.call("text", lexicon_only=True)]
    assert script.mock_calls == [mock.call("text", "names")]


def test_help_names_the_commands_with_an_example_that_runs():
    """The first thing that a stranger types."""
    status, out, _ = run("--help")

    assert status == 0
    assert all(name in out for name in ("extract", "evaluate", "explain", "examples:", "make run"))
    shown = next(line for line in out.splitlines() if "echo '" in line)
    record = shown.split("'")[1]
    assert shown.endswith("| entente extract -")
    found = json.loads(run("extract", "-", given=record.encode())[1])
    assert found["alliances"][0]["partners"] == ["Acme Corp", "Beta Ltd"]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("extract", ["--output", "--minimum-confidence", "--language"]),
        ("evaluate", ["--gold", "--minimum-confidence", "--pipeline", "--output"]),
        ("explain", ["--interim", "--corpus"]),
    ],
)
def test_each_command_explains_its_options(name, options):
    """Each option has words beside it."""
    status, out, _ = run(name, "--help")
    told = " ".join(out.partition("options:")[2].split())

    assert status == 0
    assert [option for option in options if not re.search(rf"{option} [A-Z_]+ (\[.*?\] )?\w", told)] == []


def test_the_version_is_told():
    assert run("--version")[:2] == (0, f"entente {__version__}\n")
