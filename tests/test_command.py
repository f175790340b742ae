"""The command `entente`: what is wrong is told in one line, and help says what may be asked."""

import json
import re

import pytest
import yaml
from called import NOTHING, ROOT, lines, run
from entente import __version__, command, extract


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


@pytest.mark.parametrize("name", ["extract", "evaluate"])
def test_the_command_and_the_study_leave_out_the_same(name):
    """One limit, that of the model that ships, unless the user sets another."""
    study = yaml.safe_load((ROOT / "config" / "config.yaml").read_text(encoding="utf-8"))
    given = command.parser().parse_args([name, "-", *(["--gold", "g"] if name == "evaluate" else [])])

    assert given.minimum_confidence == study["minimum_confidence"] == extract.MINIMUM_CONFIDENCE == 0.3


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
