"""The table of corrected shares: what gold of made-up documents says of the machine."""

from collections import Counter

import pytest
from entente import cli, corrected, tables
from entente.errors import EntenteError
from entente.records import Document, Duplicate, Gold, Mention
from entente.study import EQUITY_FORMS, Study


def reported(forms):
    """Return what gold and mentions say alike of alliances of *forms*."""
    status = {"joint_venture": "equity", "minority_equity": "equity", "contractual": "contractual"}
    return [
        {
            "venture_name": None,
            "form": form,
            "equity_status": status[form],
            "functions": [],
            "value_chain": "unclear",
            "stakes": [],
            "status": "signed",
            "date": None,
            "term_years": None,
        }
        for form in forms
    ]


def corpus(folder, documents, gold, extra=lambda number: {}):
    """Write a corpus: *documents* is a list of the forms found in each, *gold* {number: forms}; return its Study."""
    part = folder / "interim" / "wire" / "0"
    (folder / "wire").mkdir()
    ids = [f"{number:03}.txt" for number in range(len(documents))]
    known = {"corpus": "wire", "sha256": "", "title": "", "text": "", "language": "en", "signature": ""}
    known |= {"language_probability": 1, "date": None, "date_source": "none", "genre": "announcement"}
    cli.write(part / "documents.jsonl", [Document(id=f"wire/{i}", source=i, **known) for i in ids])
    partners = [{"name": name, "start": None, "end": None} for name in ("Sony", "Ericsson")]
    mentions = [
        Mention(
            id=f"wire/{i}@{n}",
            document=f"wire/{i}",
            partners=partners,
            evidence=[],
            confidence=0.9,
            language="en",
            **found,
        )
        for i, forms in zip(ids, documents, strict=True)
        for n, found in enumerate(reported(forms))
    ]
    cli.write(part / "mentions.jsonl", mentions)
    cli.write(folder / "interim" / "duplicates.jsonl", [])
    names = {"partners": ["Sony", "Ericsson"], "evidence": []}
    coded = [
        Gold(id=ids[n], alliances=[names | told for told in reported(forms)]).model_dump_json()[:-1]
        + "".join(f', "{name}": {value}' for name, value in extra(n).items())
        + "}\n"
        for n, forms in gold.items()
    ]
    (folder / "wire" / "gold.jsonl").write_text("".join(coded), encoding="utf-8")
    return Study(folder / "interim", (folder / "wire",), 5, 0.95, 0.3)


JV, STAKE, PACT = ["joint_venture"], ["minority_equity"], ["contractual"]


def test_table_sets_four_estimators_side_by_side(tmp_path):
    """Every third venture is read as a contract: the truth is a half, extraction says a third."""
    truth = [JV if n % 2 else PACT for n in range(240)]
    found = [PACT if n % 6 == 1 else forms for n, forms in enumerate(truth)]
    study = corpus(tmp_path, found, {n: truth[n] for n in range(120)})
    rows = list(corrected.corrected_shares(study))
    venture = {row["estimator"]: row for row in rows if row["definition"] == "joint_venture"}

    assert Counter(row["definition"] for row in rows) == dict.fromkeys(EQUITY_FORMS, 4)
    assert [venture[name]["share"] for name in ("naive", "gold_only", "ppi")] == [0.3333, 0.5, 0.5]
    assert venture["rogan_gladen"]["share"] == pytest.approx(0.5, abs=1e-4)
    assert venture["ppi"]["low"] > venture["gold_only"]["low"]
    assert venture["naive"]["high"] < 0.4
    assert [venture[name]["n"] for name in venture] == [240, 120, 120, 120]
    assert venture["ppi"]["documents"] == 240
    assert venture["ppi"]["sampling"] == "wire: 120 of 240, taken as a simple random sample"
    assert all(tables.meaning(column, corrected.corrected_shares) for column in rows[0])


def test_table_tells_definitions_apart_and_takes_a_census_as_one(tmp_path):
    truth = [(JV, STAKE, PACT, [])[n % 4] for n in range(120)]
    rows = list(corrected.corrected_shares(corpus(tmp_path, truth, dict(enumerate(truth)))))

    assert {(row["definition"], row["share"]) for row in rows} == {
        ("joint_venture", 0.3333),
        ("joint_venture_or_stake", 0.6667),
    }
    assert {row["sampling"] for row in rows} == {"wire: all 120"}
    assert {row["refused"] for row in rows} == {None}


def test_table_weights_gold_by_its_stored_inclusion_probability(tmp_path):
    """The first 50 documents, all ventures, were drawn four times as often as the 200 others, of which none is one."""
    truth = [JV if n < 50 else PACT for n in range(250)]
    gold = {n: truth[n] for n in [*range(40), *range(50, 90)]}
    study = corpus(tmp_path, [PACT] * 250, gold, lambda n: {"inclusion_probability": 0.8 if n < 50 else 0.2})
    shares = {row["estimator"]: row["share"] for row in corrected.corrected_shares(study)}

    assert shares["gold_only"] == shares["ppi"] == 0.2
    assert shares["naive"] == 0
    assert corrected.coding(study).sampling == "wire: 80 of 250 with stored probabilities"


def test_table_refuses_what_little_gold_does_not_carry(tmp_path):
    rows = list(corrected.corrected_shares(corpus(tmp_path, [JV] * 30, dict.fromkeys(range(9), JV))))

    assert {row["estimator"]: row["refused"] for row in rows} == {
        "naive": None,
        "gold_only": "9 gold units, fewer than 50",
        "ppi": "9 gold units, fewer than 50",
        "rogan_gladen": "fewer than 10 gold units of one class",
    }


def test_duplicates_are_no_documents_of_their_own(tmp_path):
    study = corpus(tmp_path, [JV] * 100, dict.fromkeys(range(60), JV))
    copy = Duplicate(document="wire/001.txt", duplicate_of="wire/000.txt", similarity=1)
    cli.write(study.interim / "duplicates.jsonl", [copy])

    assert len(corrected.coding(study).mentions) == 99
    assert len(corrected.coding(study).gold) == 59


def test_gold_that_fits_no_document_or_half_a_sample_is_refused(tmp_path):
    study = corpus(
        tmp_path,
        [JV] * 60,
        dict.fromkeys(range(60), JV),
        lambda n: {"inclusion_probability": 0.5} if n else {},
    )
    with pytest.raises(EntenteError, match=r"'wire/000\.txt' has no inclusion_probability"):
        corrected.coding(study)
    (study.interim / "wire" / "0" / "documents.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(EntenteError, match=r"no document 'wire/000\.txt'"):
        corrected.coding(study)


def test_without_gold_the_table_is_empty(tmp_path):
    study = corpus(tmp_path, [JV], {})

    assert list(corrected.corrected_shares(study)) == []
