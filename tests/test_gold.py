"""Gold finds its documents, beside them or by their ids, and says which one is missing."""

import json

import pytest
from entente import gold
from entente.errors import EntenteError

ALLIANCE = {
    "partners": ["Acme", "Beta"],
    "form": "joint_venture",
    "equity_status": "equity",
    "functions": [],
    "value_chain": "unclear",
    "status": "signed",
}


def write(path, *records):
    """Write dicts as JSON Lines; return the path."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_documents_without_gold_or_without_a_lexicon_are_left_out(tmp_path):
    """They can teach nothing."""
    languages = {"a": "en", "b": "ru", "c": "en"}
    path = write(tmp_path / "d.jsonl", *({"id": i, "text": "", "language": g} for i, g in languages.items()))
    write(tmp_path / "d.gold.jsonl", *({"id": i, "alliances": []} for i in ("a", "b", "gone")))

    assert [(document["id"], known.id) for document, known in gold.beside([path])] == [("a", "a")]


def test_evidence_that_is_kept_as_offsets_is_the_text_there(tmp_path):
    text = "Nothing. 丰田 and Beta 🤝 met. Nothing."
    documents = write(tmp_path / "d.jsonl", {"id": "a", "text": text, "lang": "no", "title": None})
    start = text.index("丰田")
    end = text.index(" Nothing", start)
    coded = {"id": "a", "alliances": [ALLIANCE | {"evidence": [[start, end]]}]}

    ((document, known),) = gold.coded([documents], [write(tmp_path / "g.jsonl", coded)])

    assert known.alliances[0].evidence == ["丰田 and Beta 🤝 met."]
    assert (document["language"], document["title"]) == ("nb", "")


def test_gold_whose_document_is_missing_is_told(tmp_path):
    documents = write(tmp_path / "d.jsonl", {"id": "a", "text": "", "language": "en"})
    coded = write(tmp_path / "g.jsonl", {"id": "b", "alliances": []})

    with pytest.raises(EntenteError, match=r"g\.jsonl: no document 'b' in the data"):
        gold.coded([documents], [coded])


def test_a_file_that_says_no_language_is_read_by_its_reader(tmp_path):
    """Reuters' own files have a story's number; its language is told from the text, and offsets are into that."""
    text = "Acme Corp and Beta Ltd said they will form a joint venture to sell pumps in the United States."
    story = f'<REUTERS NEWID="7"><TEXT><TITLE>PUMPS</TITLE><BODY>{text}\n</BODY></TEXT></REUTERS>\n'
    (tmp_path / "r.sgm").write_text(story, encoding="utf-8")
    coded = {"id": "7", "alliances": [ALLIANCE | {"evidence": [[0, 22]]}]}

    ((document, known),) = gold.coded([tmp_path / "r.sgm"], [write(tmp_path / "g.jsonl", coded)])

    assert (document["language"], document["title"]) == ("en", "PUMPS")
    assert known.alliances[0].evidence == ["Acme Corp and Beta Ltd"]


def test_language_that_a_file_does_not_tell_is_told_from_the_text(tmp_path):
    text = "Die beiden Unternehmen gründen ein Gemeinschaftsunternehmen in München."
    path = write(tmp_path / "s.jsonl", {"id": "s", "text": text}, {"id": "n", "tokens": ["no", "text"]})
    assert gold.by_id([path]) == {"s": {"id": "s", "text": text, "title": "", "language": "de"}}
