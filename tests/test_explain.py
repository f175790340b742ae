"""Whatever is published can be followed down to the words that it rests on."""

import json

import pytest
from entente.errors import EntenteError
from entente.explain import BOLD, explain

TITLE = "Sony and Ericsson join forces"
TEXT = "TOKYO - A fine day.\nSony and Ericsson form a joint venture. Each will own half.\nShares rose."
START = TEXT.index("Sony")
END = TEXT.index("\nShares")
CORPUS = """\
title: Two reports
language: en
licence: CC0-1.0
source: written for a test
retrieved: 2001-04-24
citation: none
drawn: All there is.
random: false
"""
DOCUMENT = {
    "id": "news/en/sony.txt",
    "corpus": "news",
    "source": "en/sony.txt",
    "url": None,
    "sha256": "0",
    "title": TITLE,
    "text": TEXT,
    "language": "en",
    "language_probability": 1.0,
    "date": "2001-04-24",
    "date_source": "dateline",
    "genre": "announcement",
    "signature": "",
}
CODES = {
    "venture_name": None,
    "form": "joint_venture",
    "equity_status": "equity",
    "functions": ["rnd"],
    "value_chain": "unclear",
    "stakes": [{"holder": "Sony", "target": "venture", "percent": 50.0}],
    "status": "signed",
    "date": "2001-04-24",
    "term_years": None,
    "confidence": 0.9,
}
MENTION = CODES | {
    "id": "news/en/sony.txt@1",
    "document": "news/en/sony.txt",
    "partners": [{"name": name, "start": TEXT.index(name), "end": None} for name in ("Sony", "Ericsson")],
    "evidence": [{"start": START, "end": END}],
    "language": "en",
}
ALLIANCE = CODES | {
    "id": "a-0123456789",
    "mentions": ["news/en/sony.txt@1"],
    "partners": ["o-1111111111", "o-2222222222"],
    "partner_names": ["Ericsson", "Sony"],
    "year": 2001,
    "languages": ["en"],
    "corpora": ["news"],
}
OTHER = ALLIANCE | {
    "id": "a-9876543210",
    "mentions": ["news/en/lost.txt@1"],
    "form": "contractual",
    "equity_status": "contractual",
}
UNSURE = OTHER | {"id": "a-5555555555", "confidence": 0.1}
CLAIM = {
    "id": "news/en/sony.txt!1",
    "document": "news/en/sony.txt",
    "measure": "equity_share",
    "value": 25.0,
    "value_low": None,
    "value_high": None,
    "unit": "percent",
    "period": None,
    "population": None,
    "sample_size": 3000,
    "cited_source": None,
    "evidence": [{"start": TEXT.index("Shares"), "end": len(TEXT)}],
}
COPY = DOCUMENT | {"id": "news/en/copy.txt", "source": "en/copy.txt"}
COPIED = MENTION | {"id": "news/en/copy.txt@1", "document": "news/en/copy.txt"}
SHARES = """\
year,definition,alliances,equity,contractual,unknown,share,minimum_confidence
2001,joint_venture,2,1,1,0,0.5,0.5
unknown,joint_venture,0,0,0,0,,0.5
"""


@pytest.fixture
def told(tmp_path):
    """Return a function that explains an identifier in the results of a small study."""
    part, corpus = tmp_path / "interim" / "news" / "0", tmp_path / "news"
    files = {
        part / "documents.jsonl": [DOCUMENT, COPY],
        part / "mentions.jsonl": [MENTION, COPIED],
        part / "claims.jsonl": [CLAIM],
        tmp_path / "interim" / "alliances.jsonl": [ALLIANCE, OTHER, UNSURE],
        tmp_path / "interim" / "organisations.jsonl": [
            {"id": "o-2222222222", "name": "Sony", "names": {"en": ["Sony"], "ja": ["ソニー"]}}
        ],
        tmp_path / "interim" / "duplicates.jsonl": [
            {"document": COPY["id"], "duplicate_of": DOCUMENT["id"], "similarity": 1.0}
        ],
    }
    for path, records in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "equity_share_by_year.csv").write_text(SHARES)
    (corpus / "documents").mkdir(parents=True)
    (corpus / "corpus.yaml").write_text(CORPUS)

    def tell(identifier, **options):
        return explain(identifier, tmp_path / "interim", [corpus], **options).replace(str(tmp_path), "")

    return tell


def test_an_alliance_leads_to_its_reports_their_files_and_the_marked_text(told):
    """With what each code means in the codebook's words."""
    text = told("a-0123456789")

    assert "[[Sony and Ericsson form a joint venture. Each will own half.]]" in text
    assert "Shares rose" not in text
    assert "file: /news/documents/en/sony.txt" in text
    assert "form: joint_venture (a separate entity that two or more partners own)" in text
    assert "stakes: Sony holds 50 % of venture" in text
    assert "partners: o-1111111111; o-2222222222" in text


def test_on_a_terminal_the_evidence_is_bold(told):
    """The marks are those that are asked for."""
    assert "\033[1mSony and Ericsson form" in told("a-0123456789", marks=BOLD)


def test_a_mention_leads_to_its_alliance(told):
    """And to its text."""
    text = told("news/en/sony.txt@1")

    assert "reports a-0123456789 Ericsson + Sony, 2001, joint_venture" in text
    assert "[[Sony and Ericsson form" in text


def test_a_mention_in_a_copy_is_told_to_be_in_no_alliance(told):
    """The document that it repeats is named."""
    text = told("news/en/copy.txt@1")

    assert "no alliance" in text
    assert "repeats news/en/sony.txt" in text


def test_a_claim_is_shown_with_its_figure_and_its_sentence(told):
    """Nothing else of the document is shown."""
    text = told("news/en/sony.txt!1")

    assert "value: 25.0" in text
    assert "[[Shares rose.]]" in text
    assert "Ericsson" not in text


def test_a_document_is_shown_whole_with_all_that_was_found_in_it(told):
    """The evidence of the mention and of the claim is marked."""
    text = told("news/en/sony.txt")

    assert "A fine day." in text
    assert "[[Sony and Ericsson form a joint venture. Each will own half.]]" in text
    assert "[[Shares rose.]]" in text
    assert "date: 2001-04-24\n  date_source: dateline" in text


def test_an_organisation_is_shown_with_its_names_and_alliances(told):
    """Names stand by language."""
    text = told("o-2222222222")

    assert "names in ja: ソニー" in text
    assert "a-0123456789" in text


def test_a_cell_leads_to_the_alliances_that_it_rests_on(told):
    """A count of one code rests on those with the code; what is too unsure is in no cell."""
    share = told("equity_share_by_year 2001 share")
    equity = told("equity_share_by_year 2001 equity")

    assert "share: 0.5" in share
    assert "behind it: 2 (equity 1, not equity 1, left out 0)" in share
    assert "[[Sony and Ericsson form a joint venture. Each will own half.]]" in share
    assert "a-0123456789" in share
    assert "a-9876543210" in share
    assert "a-5555555555" not in share
    assert "behind it: 1 (equity 1)" in equity
    assert "a-9876543210" not in equity
    assert "behind it: 0 " in told("equity_share_by_year unknown share")


def test_text_from_outside_cannot_steer_the_terminal(told, tmp_path):
    """A control character in a title is not printed."""
    path = tmp_path / "interim" / "news" / "0" / "documents.jsonl"
    path.write_text(json.dumps(DOCUMENT | {"title": "Sony\033[2J"}) + "\n")

    assert "\033" not in told("news/en/sony.txt")


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("a-0123456780", "a-0123456789"),
        ("news/en/sony.tx", "news/en/sony.txt"),
        ("equity_share_by_yaer 2001 share", "equity_share_by_year"),
        ("equity_share_by_year 2002 share", "2001"),
        ("equity_share_by_year 2001 shares", "share"),
    ],
)
def test_what_is_not_there_is_refused_with_what_may_have_been_meant(told, wrong, meant):
    """Of all kinds of identifiers."""
    with pytest.raises(EntenteError) as refused:
        told(wrong)

    assert meant in str(refused.value).split(";")[-1]


def test_results_that_are_not_there_are_told_with_the_remedy(tmp_path):
    """Before the first run nothing can be explained."""
    with pytest.raises(EntenteError, match=r"alliances\.jsonl: no such file; .* make run"):
        explain("a-0123456789", tmp_path / "interim", [])
