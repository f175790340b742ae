"""`entente evaluate`: the extraction is scored against what a reader coded, beside a baseline if one is asked for."""

import re
from unittest import mock

import pytest
from called import NOTHING, SENTENCE, lines, run
from entente import command


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
