"""What the model is fitted to is sound: names and quotes stand in the texts, and codes of others' texts hold no text."""

import json
from pathlib import Path

import pytest
from entente import gold, lexicon
from entente.records import Gold

TRAINING = Path(__file__).parents[1] / "workflow" / "training"
WRITTEN = sorted(p for p in TRAINING.glob("written/*.jsonl") if ".gold." not in p.name)
CODED = sorted(TRAINING.glob("coded/*.gold.jsonl"))


def lines(path):
    """Return the records of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n")]


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_names_and_quotes_stand_in_the_written_texts(path):
    known = gold.beside([path])

    assert len(known) == len(lines(path))
    for document, coded in known:
        whole = document["title"] + "\n" + document["text"]
        for alliance in coded.alliances:
            named = [*alliance.partners, *(stake.holder for stake in alliance.stakes)]
            assert [name for name in named if name not in whole] == [], document["id"]
            assert [quote for quote in alliance.evidence if quote not in document["text"]] == [], document[
                "id"
            ]


@pytest.mark.parametrize("path", CODED, ids=lambda path: path.name)
def test_codes_of_texts_of_others_hold_offsets_in_place_of_quotes(path):
    assert path.name.split(".")[0].split("-")[0] in lexicon.languages()
    for record in lines(path):
        assert record.keys() == {"id", "alliances", "non_alliance"}
        for alliance in record["alliances"]:
            assert all(0 <= start < end for start, end in alliance["evidence"])
            Gold.model_validate({"id": record["id"], "alliances": [alliance | {"evidence": []}]})
