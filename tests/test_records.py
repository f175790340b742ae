"""Records take the codebook's codes and no others, and known fields only."""

import json
from pathlib import Path

import pytest
from entente import records
from entente.codebook import CODEBOOK, codes, equity_status
from pydantic import ValidationError

ROOT = Path(__file__).parents[1]

# The codes of the codebook, typed from its tables (inclusion, form, functions, the rest, claims).
ATTRIBUTES = {
    "form": "joint_venture minority_equity contractual unspecified",
    "equity_status": "equity contractual unknown",
    "function": "rnd production marketing distribution supply licensing technology_transfer standards"
    " exploration services franchising financing other",
    "value_chain": "horizontal vertical unclear",
    "status": "rumoured planned signed in_force changed ended",
    "genre": "announcement contract expository other",
    "non_alliance": "acquisition subsidiary portfolio_stake arms_length governmental expository other",
    "measure": "equity_share revenue_share alliance_count failure_rate growth acquisition_change"
    " time_to_operate other",
    "rejection": "unreadable unsupported malformed no_text too_large outside stopped",
    "quotes": "full cut offsets",
}
# The equity status that a form implies, from the codebook's table of forms.
EQUITY_STATUS = {
    "joint_venture": "equity",
    "minority_equity": "equity",
    "contractual": "contractual",
    "unspecified": "unknown",
}

CODED = {
    "form": "joint_venture",
    "equity_status": "equity",
    "functions": ["rnd"],
    "value_chain": "vertical",
    "status": "signed",
}
COMMON = CODED | {
    "partners": [],
    "venture_name": None,
    "stakes": [{"holder": "Sony", "target": "venture", "percent": 50.0}],
    "date": "2001-04",
    "term_years": None,
}
CLAIM = {
    "measure": "equity_share",
    "value": 25.0,
    "value_low": None,
    "value_high": None,
    "unit": "percent",
    "period": None,
    "population": None,
    "sample_size": 3000,
    "cited_source": None,
    "evidence": [],
}
EXAMPLES = {
    "Span": {"start": 0, "end": 4},
    "Document": {
        "id": "news/a.txt",
        "corpus": "news",
        "source": "a.txt",
        "sha256": "0",
        "title": "",
        "text": "Sony",
        "language": "und",
        "language_probability": 0.1,
        "date": None,
        "date_source": "none",
        "genre": "other",
        "signature": "",
    },
    "Partner": {"name": "Sony", "start": 0, "end": 4},
    "Stake": {"holder": "Sony", "target": "venture", "percent": 50.0},
    "Mention": COMMON
    | {"id": "news/a.txt@1", "document": "news/a.txt", "evidence": [], "confidence": 0.5, "language": "en"},
    "Claim": CLAIM | {"id": "news/a.txt!1", "document": "news/a.txt"},
    "Rejected": {"source": "a.txt", "reason": "no_text", "detail": ""},
    "Duplicate": {"document": "news/b.txt", "duplicate_of": "news/a.txt", "similarity": 1.0},
    "Alliance": COMMON
    | {
        "id": "a-1",
        "mentions": [],
        "partner_names": [],
        "year": 2001,
        "languages": [],
        "corpora": [],
        "confidence": 0.5,
    },
    "Organisation": {"id": "o-1", "name": "Sony", "names": {"ja": ["ソニー"]}},
    "GoldAlliance": COMMON | {"partners": ["Sony"]},
    "GoldClaim": CLAIM,
    "Gold": {"id": "a.txt", "genre": "announcement", "alliances": [], "non_alliance": "acquisition"},
}
# Which field of which record takes which attribute's codes.
FIELDS = [
    (record, field, attribute)
    for record, coded in {
        "Document": ["genre"],
        "Mention": CODED,
        "Alliance": CODED,
        "GoldAlliance": CODED,
        "Claim": ["measure"],
        "GoldClaim": ["measure"],
        "Rejected": ["reason"],
        "Gold": ["genre", "non_alliance"],
    }.items()
    for field in coded
    for attribute in [{"functions": "function", "reason": "rejection"}.get(field, field)]
]


def made(record, **changes):
    """Return an example of a record, with changes."""
    return getattr(records, record).model_validate(EXAMPLES[record] | changes)


def refusal(record, **changes):
    """Return where and why a record is refused."""
    with pytest.raises(ValidationError) as fault:
        made(record, **changes)
    assert fault.value.error_count() == 1
    return fault.value.errors()[0]


def gold():
    """Yield (document's path, Gold) of all gold that comes with the project."""
    for path in sorted((ROOT / "corpus").glob("*/gold.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield path.parent.name, records.Gold.model_validate(json.loads(line))


# ---- the codebook ----------------------------------------------------------------------------------


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_the_codes_are_those_of_the_codebook(attribute):
    """In its order."""
    assert list(codes(attribute)) == ATTRIBUTES[attribute].split()


def test_nothing_else_is_coded():
    assert set(CODEBOOK) == set(ATTRIBUTES)


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_each_code_says_what_it_means(attribute):
    """In one line, since tables and the site show it beside the code."""
    for code, entry in CODEBOOK[attribute].items():
        meaning = entry["meaning"] if isinstance(entry, dict) else entry
        assert meaning.strip(), code
        assert "\n" not in meaning, code


@pytest.mark.parametrize("form", ATTRIBUTES["form"].split())
def test_the_form_implies_the_equity_status(form):
    assert equity_status(form) == EQUITY_STATUS[form]


def test_a_form_that_the_codebook_lacks_implies_nothing():
    with pytest.raises(KeyError, match="merger"):
        equity_status("merger")


# ---- records ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("record", "field", "attribute"), FIELDS)
def test_a_record_takes_every_code_of_the_codebook(record, field, attribute):
    for code in ATTRIBUTES[attribute].split():
        value = [code] if field == "functions" else code
        assert getattr(made(record, **{field: value}), field) == value


@pytest.mark.parametrize(("record", "field", "attribute"), FIELDS)
@pytest.mark.parametrize("code", ["Equity", "", "joint venture"])
def test_a_record_refuses_any_other_code_and_lists_those_it_takes(record, field, attribute, code):
    """Also one that differs in nothing but case or a blank."""
    fault = refusal(record, **{field: ["other", code] if field == "functions" else code})

    assert fault["loc"][0] == field
    assert repr(code) in fault["msg"]
    assert ", ".join(ATTRIBUTES[attribute].split()) in fault["msg"]


def test_the_code_unknown_is_a_value_and_null_is_not_one():
    """What the text leaves open has a code of its own."""
    assert made("Mention", form="unspecified", equity_status="unknown").equity_status == "unknown"
    assert refusal("Mention", equity_status=None)["loc"] == ("equity_status",)


@pytest.mark.parametrize("record", sorted(EXAMPLES))
def test_every_record_is_made_written_and_read_back(record):
    found = made(record)

    assert type(found).model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize("record", sorted(set(EXAMPLES) - {"Gold"}))
def test_an_unknown_field_is_refused(record):
    """A field that is misspelt would otherwise be lost without a word."""
    assert refusal(record, equitystatus="equity")["loc"] == ("equitystatus",)


def test_every_record_has_an_example_here():
    """So that a new one is not left untested."""
    defined = {
        name
        for name, value in vars(records).items()
        if isinstance(value, type)
        and issubclass(value, records.BaseModel)
        and value.__module__ == "entente.records"
    }

    assert defined - {"Record"} == set(EXAMPLES)


@pytest.mark.parametrize("percent", [0.5, 50, 100])
def test_a_stake_is_a_percentage(percent):
    assert made("Stake", percent=percent).percent == percent


@pytest.mark.parametrize("percent", [0, -1, 100.1, float("nan"), None])
def test_a_stake_of_nothing_or_of_more_than_all_is_refused(percent):
    assert refusal("Stake", percent=percent)["loc"] == ("percent",)


def test_a_partner_that_stands_in_the_title_only_has_no_offsets():
    assert made("Partner", start=None, end=None).organisation is None


# ---- gold ------------------------------------------------------------------------------------------


def test_further_notes_in_gold_are_read_over():
    """Gold made elsewhere may carry them beside the document's fields, though not inside a record."""
    assert made("Gold", coder="B", seconds=93).id == "a.txt"
    assert refusal("Gold", alliances=[EXAMPLES["GoldAlliance"] | {"coder": "B"}])["loc"][0] == "alliances"


def test_claims_that_nobody_looked_for_differ_from_none_found():
    assert made("Gold").claims is None
    assert made("Gold", claims=[]).claims == []


@pytest.mark.parametrize(
    "missing", ["partners", "form", "equity_status", "functions", "value_chain", "status"]
)
def test_gold_lacks_no_code(missing):
    """A field that a reader forgot is not taken for a code."""
    alliance = {key: value for key, value in EXAMPLES["GoldAlliance"].items() if key != missing}

    assert refusal("Gold", alliances=[alliance])["loc"] == ("alliances", 0, missing)


def test_the_gold_that_comes_with_the_project_keeps_to_the_codebook():
    """Equity status follows form, a partner is named, and a document has gold once."""
    seen, faults = set(), []
    for corpus, found in gold():
        if (corpus, found.id) in seen:
            faults.append(f"{corpus}/{found.id}: twice")
        seen.add((corpus, found.id))
        for alliance in found.alliances:
            if alliance.equity_status != EQUITY_STATUS[alliance.form]:
                faults.append(f"{corpus}/{found.id}: {alliance.form} and {alliance.equity_status}")
            if not alliance.partners:
                faults.append(f"{corpus}/{found.id}: no partner")

    assert seen
    assert not faults, "\n".join(faults)
