"""`entente sample` draws what is coded by hand, and `entente code` makes gold of what was coded."""

import argparse
import json
import re

import pytest
from coded import document
from entente import cli, coding_command, coding_page, sample
from entente.errors import EntenteError
from entente.records import Duplicate, Mention
from test_coding_page import Tags


def run(*arguments):
    """Run a command as `entente` would."""
    parser = argparse.ArgumentParser()
    coding_command.add(parser.add_subparsers())
    options = vars(parser.parse_args(list(map(str, arguments))))
    return options.pop("run")(**options)


@pytest.fixture
def interim(tmp_path):
    """Return the folder of records of 40 documents, half of which have a mention of a joint venture."""
    documents = [
        document(f"wire/{k}.txt", "News", f"Sony Corp and Bell {k} act together.", "en") for k in range(40)
    ]
    mentions = [
        Mention(
            id=f"wire/{k}.txt@1",
            document=f"wire/{k}.txt",
            partners=[{"name": "Sony Corp", "start": 0, "end": 9}],
            venture_name=None,
            form="joint_venture",
            equity_status="equity",
            functions=[],
            value_chain="unclear",
            stakes=[],
            status="signed",
            date=None,
            term_years=None,
            evidence=[],
            confidence=0.6,
            language="en",
        )
        for k in range(20)
    ]
    cli.write(tmp_path / "interim" / "wire" / "0" / "documents.jsonl", documents)
    cli.write(tmp_path / "interim" / "wire" / "0" / "mentions.jsonl", mentions)
    cli.write(
        tmp_path / "interim" / "duplicates.jsonl",
        [Duplicate(document="wire/3.txt", duplicate_of="wire/2.txt", similarity=1.0)],
    )
    return tmp_path / "interim"


def coded_by(coder, folder, path, form="contractual"):
    """Write the page's file of a coder who codes each document of the sample in *folder*, all alike."""
    given = json.loads(Tags((folder / "coding.html").read_text(encoding="utf-8")).scripts[0])
    rows = [
        {
            "document": d["document"],
            "title": d["title"],
            "text": d["text"],
            "reports": "alliance" if int(re.findall(r"\d+", d["document"])[0]) % 3 else "none",
            "non_alliance": "other",
            "genre": "",
            "note": "",
            "alliances": [
                {
                    "alliance": "",
                    "partners": ["Sony Corp"],
                    "venture_name": "",
                    "form": form if int(re.findall(r"\d+", d["document"])[0]) % 2 else "joint_venture",
                    "functions": [],
                    "value_chain": "unclear",
                    "stakes": [],
                    "status": "signed",
                    "date": "",
                    "term_years": "",
                    "evidence": [d["text"]],
                }
            ],
        }
        for d in given["documents"]
    ]
    path.write_text(
        json.dumps(
            {"format": coding_page.FORMAT, "sample": given["sample"], "coder": coder, "documents": rows}
        ),
        encoding="utf-8",
    )
    return path


def test_a_sample_is_drawn_coded_twice_and_made_gold(tmp_path, interim, capsys):
    folder = tmp_path / "sample"
    where = ("--interim", interim, "--corpora", tmp_path / "corpus" / "wire")
    run("sample", "--n", 12, "--output", folder, *where)
    ada = coded_by("Ada", folder, folder / "ada.json")
    ben = coded_by("Ben", folder, folder / "ben.json", form="minority_equity")
    run("code", "import", ada, ben, "--output", tmp_path / "corpus")
    told = capsys.readouterr().out
    gold, second = (
        [
            json.loads(line)
            for line in (tmp_path / "corpus/wire" / name).read_text(encoding="utf-8").splitlines()
        ]
        for name in ("gold.jsonl", "second.jsonl")
    )
    drawn = {one.document: one for one in cli.read(folder / "sample.jsonl", sample.Drawn)}

    assert "12 documents to code, in 2 strata" in told
    assert "form: " in told
    assert "alpha" in told
    assert {one["coder"] for one in gold} == {"Ada"}
    assert {one["coder"] for one in second} == {"Ben"}
    assert {f"wire/{one['id']}": one["inclusion_probability"] for one in gold} == {
        key: one.inclusion_probability for key, one in drawn.items()
    }
    with pytest.raises(
        EntenteError, match=r"gold.jsonl: is there already; give another --output, or --replace"
    ):
        run("code", "import", ada, "--output", tmp_path / "corpus")
    with pytest.raises(EntenteError, match=r"it holds a sample, perhaps with codes; give another folder"):
        run("sample", "--n", 12, "--output", folder, *where)
    with pytest.raises(
        EntenteError, match=r"coded by Ada and again by Ada; import one coding each of two coders"
    ):
        run("code", "import", ada, ada, "--output", tmp_path / "again")


def test_a_sample_is_extended_where_that_narrows_the_interval(tmp_path, interim, capsys):
    """The new sheet has the new documents only; the new sample has all, and what was coded counts on."""
    first, second = tmp_path / "first", tmp_path / "second"
    where = ("--interim", interim, "--corpora", tmp_path / "corpus" / "wire")
    run("sample", "--n", 12, "--output", first, *where)
    ada = coded_by("Ada", first, first / "ada.json")
    run("sample", "--more", 6, "--after", first, "--coded", ada, "--output", second, *where)
    more = coded_by("Ada", second, second / "ada.json")
    with pytest.raises(EntenteError, match=r"12 documents of the sample are not in it, such as"):
        run("code", "import", more, "--output", tmp_path / "none")
    run("code", "import", ada, more, "--sample", second / "sample.jsonl", "--output", tmp_path / "gold")
    told = capsys.readouterr().out
    gold = [
        json.loads(line)
        for line in (tmp_path / "gold/wire/gold.jsonl").read_text(encoding="utf-8").splitlines()
    ]

    assert re.search(r"half-width of the interval: now 0\.\d+, then 0\.\d+ expected", told)
    assert len(gold) == 18
    # Horvitz and Thompson's estimate of the number of documents is right in every stratified sample
    assert sum(1 / one["inclusion_probability"] for one in gold) == pytest.approx(39)
