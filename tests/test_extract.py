"""What is extracted from a document rests on its sentences, keeps to the codebook, and is the same each time."""

import os
import subprocess
import sys

import pytest
from entente import cli, decisions, extract, ingest, lexicon
from entente.codebook import equity_status
from entente.readers import Raw
from entente.records import Claim, Mention
from hypothesis import given, settings
from hypothesis import strategies as st

VENTURE = "Acme Corp and Beta Ltd formed a joint venture to develop mobile phones in London."
LICENCE = "Gamma Inc and Delta Plc signed a ten-year licensing agreement on drugs."
STAKES = "Acme Corp will own 60 percent of the joint venture and Beta Ltd 40 percent."
FIGURE = "More than half of all strategic alliances fail within five years, a study of 3,000 alliances found."
IDLE = "The museum in London will open at nine and close at five, as it has done for many years."
FOREIGN = {
    "de": "Die Siemens AG und die Bosch GmbH gründen ein Gemeinschaftsunternehmen.",
    "ja": "日立製作所とソニーは合弁会社を設立すると発表した。",
    "zh": "丰田汽车与比亚迪签署协议，成立合资公司，双方各持股50%。",
}


def document(text, language="en", name="a.txt", **known):
    """Return the document of a text."""
    made = ingest.document(Raw(text=text, **known), "news", name)
    return made.model_copy(update={"language": language})


def mentions(*sentences, language="en", **known):
    """Return the mentions of a document of some sentences."""
    found, _ = extract.extract(document(" ".join(sentences), language, **known))
    return found


def partners(mention):
    """Return the partners' names, without the full stop that may end a sentence."""
    return {partner.name.rstrip(".") for partner in mention.partners}


def test_an_alliance_is_found_with_its_partners_and_where_they_stand():
    text = f"{IDLE} {VENTURE}"
    (found,) = mentions(text)

    assert (found.id, found.document, found.language) == ("news/a.txt@1", "news/a.txt", "en")
    assert (found.form, found.equity_status) == ("joint_venture", "equity")
    assert [text[p.start : p.end] for p in found.partners] == [p.name for p in found.partners]
    assert partners(found) == {"Acme Corp", "Beta Ltd"}


@pytest.mark.parametrize(("language", "text"), FOREIGN.items())
def test_an_alliance_is_found_in_other_languages_too(language, text):
    found = mentions(text, language=language)

    assert [(m.form, m.language, len(m.partners)) for m in found] == [("joint_venture", language, 2)]


def test_a_language_that_the_weights_were_not_fitted_on_is_read_all_the_same(shipped_weights):
    """So a new lexicon finds alliances, and Nynorsk, which shares one, too: with a confidence that counts."""
    decisions.use(shipped_weights | {"languages": {"en": 1}})
    (found,) = mentions(FOREIGN["de"], language="de")

    assert found.confidence >= extract.MINIMUM_CONFIDENCE


def test_two_alliances_between_different_partners_are_two():
    """Numbered in the order of the text."""
    found = mentions(VENTURE, LICENCE)

    assert [m.id for m in found] == ["news/a.txt@1", "news/a.txt@2"]
    assert partners(found[0]) == {"Acme Corp", "Beta Ltd"}
    assert partners(found[1]) >= {"Gamma Inc", "Delta Plc"}
    assert [m.form for m in found] == ["joint_venture", "contractual"]
    assert [m.term_years for m in found] == [None, 10]


def test_sentences_about_one_alliance_are_one_mention():
    """What each says is part of it; the evidence is both."""
    (found,) = mentions(VENTURE, STAKES)

    assert {stake.holder.rstrip("."): stake.percent for stake in found.stakes} == {
        "Acme Corp": 60,
        "Beta Ltd": 40,
    }
    assert len(found.evidence) == 2


def test_evidence_is_whole_sentences_of_the_text():
    """In order, each once: the sentence that reports is one, the sentence without a cue is none."""
    sentences = [IDLE, VENTURE, STAKES, IDLE, LICENCE, IDLE]
    text = " ".join(sentences)

    for found in mentions(text):
        quotes = [text[span.start : span.end] for span in found.evidence]
        assert quotes
        assert set(quotes) <= {VENTURE, STAKES, LICENCE}
        assert found.evidence == sorted(found.evidence, key=lambda span: span.start)


def test_the_date_is_the_documents():
    """An announcement is new on the day that it is made."""
    assert [m.date for m in mentions(VENTURE, date="2001-04-24")] == ["2001-04-24"]
    assert [m.date for m in mentions(VENTURE)] == [None]


def test_a_figure_on_alliances_in_general_is_a_claim():
    """The two lists come together."""
    found, claims = extract.extract(document(f"{VENTURE} {FIGURE}"))

    assert len(found) == 1
    assert ("failure_rate", 50) in [(c.measure, c.value or c.value_low) for c in claims]


@pytest.mark.parametrize("text", [IDLE, "Acme Corp acquired all shares of Beta Ltd.", "Joint venture."])
def test_a_text_that_reports_no_alliance_gives_none_that_counts(text):
    """A takeover is none, and a cue without a partner neither."""
    assert [m for m in mentions(text) if m.confidence >= extract.MINIMUM_CONFIDENCE] == []


@pytest.mark.parametrize("language", ["und", "ru", "tlh"])
def test_a_language_without_a_lexicon_gives_nothing(language):
    """Not even where its words happen to be those of another language."""
    assert extract.extract(document(f"{VENTURE} {FIGURE}", language)) == ([], [])


# ---- any text --------------------------------------------------------------------------------------

PARTS = st.one_of(
    st.sampled_from(
        [VENTURE, LICENCE, STAKES, FIGURE, IDLE, *FOREIGN.values(), "\n\n", "It", "50-50", "<X.Y>"]
    ),
    st.text(max_size=6),
)


@settings(max_examples=60)
@given(st.lists(PARTS, max_size=8), st.sampled_from(["en", "da", "de", "es", "ja", "ko", "zh"]))
def test_what_is_found_is_consistent_whatever_the_text(parts, language):
    """Offsets are those of names and sentences, equity follows from form, stakes are partners', codes are the codebook's."""
    made = document(" ".join(["Acme", *parts]), language)
    text = made.text

    found, claims = extract.extract(made)

    for mention in found:
        assert mention.partners
        assert [text[p.start : p.end] for p in mention.partners] == [p.name for p in mention.partners]
        assert mention.equity_status == equity_status(mention.form)
        assert mention.venture_name is None or (
            mention.venture_name in text and mention.form == "joint_venture"
        )
        assert {stake.holder for stake in mention.stakes} <= {p.name for p in mention.partners}
        assert all(0 < stake.percent <= 100 for stake in mention.stakes)
        assert 0 <= mention.confidence <= 1
        assert Mention.model_validate_json(mention.model_dump_json()) == mention
    assert len({mention.id for mention in found}) == len(found)
    for record in (*found, *claims):
        assert record.evidence
        assert all(0 <= s.start < s.end <= len(text) for s in record.evidence)
        assert all(text[s.start : s.end].strip() == text[s.start : s.end] for s in record.evidence)


def test_a_long_sentence_is_read_to_its_end():
    """300,000 characters without a full stop, and an alliance in the last of them."""
    text = f"{'x' * 99} " * 3_000 + VENTURE

    [found], _ = extract.extract(document(VENTURE).model_copy(update={"text": text}))

    assert partners(found) == {"Acme Corp", "Beta Ltd"}


@pytest.mark.parametrize("text", [f"{VENTURE} {STAKES} {LICENCE}\n", f"{IDLE[:-1]} and {VENTURE[:-1]}, "])
def test_four_times_the_text_is_four_times_the_work(text, monkeypatch):
    """Counted in characters looked through for the lexicon's phrases, with many sentences and in a single one."""
    find, looked_through = lexicon.Phrases.find, []

    def counting(self, text, start=0, end=None):
        looked_through.append((len(text) if end is None else end) - start)
        return find(self, text, start, end)

    monkeypatch.setattr(lexicon.Phrases, "find", counting)
    work = []
    for size in (10, 40):
        looked_through.clear()
        extract.extract(document(VENTURE).model_copy(update={"text": text * size}))
        work.append(sum(looked_through))

    assert work[1] < 5 * work[0]


# ---- the stage -------------------------------------------------------------------------------------


def test_the_stage_writes_the_same_bytes_in_whatever_order_hashes_are(tmp_path):
    """What it finds in each document, document by document; another process has other hashes."""
    made = [document(f"{VENTURE} {STAKES} {FIGURE}"), document(IDLE, name="b.txt")]
    made += [document(text, language, f"{language}.txt") for language, text in FOREIGN.items()]
    cli.write(tmp_path / "documents.jsonl", made)
    here, there = (
        [tmp_path / "documents.jsonl", tmp_path / name / "mentions.jsonl", tmp_path / name / "claims.jsonl"]
        for name in ("here", "there")
    )

    extract.run(*here)
    subprocess.run(
        [sys.executable, "-m", "entente.extract", there[0], "--mentions", there[1], "--claims", there[2]],
        env=os.environ | {"PYTHONHASHSEED": "1"},
        check=True,
    )

    found = [extract.extract(each) for each in made]
    assert list(cli.read(here[1], Mention)) == [mention for mentions, _ in found for mention in mentions]
    assert list(cli.read(here[2], Claim)) == [claim for _, claims in found for claim in claims]
    assert [path.read_bytes() for path in here[1:]] == [path.read_bytes() for path in there[1:]]
