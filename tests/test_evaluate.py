"""Records are matched and scored as the codebook's section 6 says; what is expected was counted by hand."""

import json
import math

import pandas as pd
import pytest
from entente import cli, evaluate
from entente.errors import EntenteError
from entente.records import Claim, Document, Gold, Mention

TEXT = "Sony and Ericsson agreed. A quarter of alliances fail. In 1999 it was a third."
QUARTER, THIRD = "A quarter of alliances fail.", "In 1999 it was a third."
CODES = {
    "form": "joint_venture",
    "equity_status": "equity",
    "functions": [],
    "value_chain": "unclear",
    "stakes": [],
    "status": "signed",
    "venture_name": None,
    "date": None,
    "term_years": None,
}


def document(identifier="news/a.txt", **changes):
    """Return a Document of the text above."""
    return Document.model_validate(
        {
            "id": identifier,
            "corpus": "news",
            "source": "a.txt",
            "sha256": "",
            "title": "",
            "text": TEXT,
            "language": "en",
            "language_probability": 1.0,
            "date": None,
            "date_source": "none",
            "genre": "announcement",
            "signature": "",
        }
        | changes
    )


def mention(*partners, **changes):
    """Return a Mention of an alliance between *partners*."""
    named = [{"name": name, "start": None, "end": None} for name in partners]
    known = CODES | {
        "id": "news/a.txt@1",
        "document": "news/a.txt",
        "partners": named,
        "evidence": [],
        "confidence": 1.0,
        "language": "en",
    }
    return Mention.model_validate(known | changes)


def alliance(*partners, **changes):
    """Return one alliance of a gold, as a dict."""
    return CODES | {"partners": list(partners)} | changes


def gold(*alliances, claims=None, identifier="a.txt"):
    """Return the Gold of a document."""
    return Gold.model_validate({"id": identifier, "alliances": list(alliances), "claims": claims})


def stake(holder, target, percent):
    """Return a stake, as a dict."""
    return {"holder": holder, "target": target, "percent": percent}


def figures(evidence, **changes):
    """Return what a found and a gold claim have in common, as a dict."""
    known = {
        "measure": "failure_rate",
        "value": 25.0,
        "value_low": None,
        "value_high": None,
        "unit": "percent",
        "period": None,
        "population": None,
        "sample_size": None,
        "cited_source": None,
        "evidence": evidence,
    }
    return known | changes


def claim(*quotes, **changes):
    """Return a Claim that rests on *quotes* of the text."""
    spans = [{"start": TEXT.index(quote), "end": TEXT.index(quote) + len(quote)} for quote in quotes]
    return Claim.model_validate(figures(spans, id="c", document="news/a.txt") | changes)


def scores(mentions, wanted, claims=()):
    """Return the scores of one document, as a series."""
    return evaluate.evaluate([(document(), mentions, list(claims), wanted)], 0).iloc[0]


def matches(found, wanted):
    """Return how many alliances match: those found are tuples of partners, or mentions."""
    found = [one if isinstance(one, Mention) else mention(*one) for one in found]
    wanted = [one if isinstance(one, dict) else alliance(*one) for one in wanted]
    return scores(found, gold(*wanted))["matches"]


# ---- partners' names -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ("SONY", "Sony"),
        ("Citroën", "Citroen"),
        ("Hewlett-Packard", "Hewlett Packard"),
        ("Sony Inc", "Sony"),
        ("Sony Ltd", "Sony"),
        ("Siemens AG", "Siemens"),
        ("Renault SA", "Renault"),
        ("Vestas A/S", "Vestas"),
        ("Hitachi KK", "Hitachi"),
        ("トヨタ自動車株式会社", "トヨタ自動車"),
        ("联想有限公司", "联想"),
        ("General Motors", "General Motors Corp of Canada"),
        ("GM", "General Motors Corp"),
    ],
)
def test_partners_are_the_same_after_case_accents_punctuation_and_legal_form_by_beginning_and_acronym(
    found, wanted
):
    """Whichever side has the longer name."""
    assert matches([("Ericsson", found)], [(wanted, "Ericsson")]) == 1
    assert matches([("Ericsson", wanted)], [(found, "Ericsson")]) == 1


@pytest.mark.parametrize(
    ("found", "wanted"),
    [("Sony", "Sonya"), ("Mitsubishi Electric", "Mitsubishi Motors"), ("Motors", "General Motors")],
)
def test_other_names_are_other_partners(found, wanted):
    assert matches([("Ericsson", found)], [(wanted, "Ericsson")]) == 0


# ---- matching --------------------------------------------------------------------------------------


def test_two_alliances_match_by_two_partners():
    """Of three and four; one in common is too few where both name more."""
    assert matches([("Sony", "Ericsson", "Nokia")], [("Fiat", "Sony", "Nokia", "Volvo")]) == 1
    assert matches([("Sony", "Ericsson")], [("Sony", "Nokia")]) == 0


def test_two_alliances_match_by_one_partner_where_only_one_is_named():
    """On either side."""
    assert matches([("Sony", "Ericsson")], [("Sony",)]) == 1
    assert matches([("Sony",)], [("Sony", "Ericsson")]) == 1
    assert matches([("Sony",)], [("Nokia",)]) == 0


def test_two_names_of_one_partner_are_one_partner():
    """A name matches one name at most."""
    assert matches([("General Motors", "GM")], [("General Motors", "Toyota")]) == 0


def test_two_alliances_match_by_one_partner_and_the_venture():
    """The venture's name is compared as partners' are; without a partner it is not enough."""
    found = mention("Sony", "Nokia", venture_name="Nummi Inc")

    assert matches([found], [alliance("Sony", "Volvo", venture_name="NUMMI")]) == 1
    assert matches([found], [alliance("Sony", "Volvo", venture_name="Autolatina")]) == 0
    assert matches([found], [alliance("Sony", "Volvo")]) == 0
    assert matches([found], [alliance("Fiat", "Volvo", venture_name="NUMMI")]) == 0


def test_each_alliance_matches_at_most_one():
    """Of two reports of one alliance one is superfluous, and the other way round."""
    pair = ("Sony", "Ericsson")

    assert matches([pair, pair], [pair]) == 1
    assert matches([pair], [pair, pair]) == 1
    assert matches([pair, pair], [pair, pair]) == 2


def test_the_alliances_that_share_most_are_paired():
    """Whatever their order: paired by turns, the first with the first, the second would be left alone."""
    found = [("Sony", "Ericsson", "Nokia"), ("Sony", "Ericsson")]
    wanted = [("Sony", "Ericsson"), ("Sony", "Nokia", "Ericsson")]
    row = scores([mention(*one) for one in found], gold(*(alliance(*one) for one in wanted)))

    assert (row["matches"], row["partner_f"], row["strict_f"]) == (2, 1, 1)


# ---- measures --------------------------------------------------------------------------------------


def test_alliances_and_partners_are_scored_by_precision_recall_and_f():
    """Found 3 alliances of 6 partners, wanted 2 of 5: 1 alliance and 2 of its partners are right."""
    found = [mention("Sony", "Ericsson"), mention("Fiat", "Volvo"), mention("Arla", "Lego")]
    row = scores(found, gold(alliance("Sony", "Ericsson", "Nokia"), alliance("Bosch", "Siemens")))

    assert (row["documents"], row["matches"]) == (1, 1)
    assert (row["alliance_n"], row["partner_n"]) == (2, 5)
    assert (row["alliance_precision"], row["alliance_recall"]) == (1 / 3, 1 / 2)
    assert row["alliance_f"] == pytest.approx(2 * (1 / 3) * (1 / 2) / (1 / 3 + 1 / 2))
    assert (row["partner_precision"], row["partner_recall"]) == (2 / 6, 2 / 5)
    assert row["partner_f"] == pytest.approx(4 / 11)


@pytest.mark.parametrize(
    ("found", "codes", "right"),
    [
        (("Ericsson AB", "SONY"), {}, 1),
        (("Sony", "Ericsson"), {"form": "minority_equity"}, 1),
        (("Sony", "Ericsson", "Nokia"), {}, 0),
        (("Sony",), {}, 0),
        (("Sony", "Ericsson"), {"form": "contractual", "equity_status": "contractual"}, 0),
        (("Sony", "Ericsson"), {"equity_status": "unknown"}, 0),
    ],
)
def test_strict_needs_every_partner_no_other_and_the_equity_status(found, codes, right):
    """The form may differ within one equity status."""
    row = scores([mention(*found, **codes)], gold(alliance("Sony", "Ericsson")))

    assert row["matches"] == 1
    assert row["strict_precision"] == row["strict_recall"] == row["strict_f"] == right


def test_form_and_equity_status_are_scored_on_matches_alone():
    """Of 3 matches 1 has the form right and 2 the equity status; the fourth alliance does not count."""
    pairs = [("Sony", "Ericsson"), ("Fiat", "Volvo"), ("Arla", "Lego")]
    codes = [
        ("joint_venture", "equity"),
        ("minority_equity", "equity"),
        ("contractual", "contractual"),
    ]
    found = [mention(*p, form=f, equity_status=e) for p, (f, e) in zip(pairs, codes, strict=True)]

    row = scores([*found, mention("Bosch", "Nokia")], gold(*(alliance(*p) for p in pairs)))

    assert row["form_accuracy"] == pytest.approx(1 / 3)
    assert row["equity_accuracy"] == pytest.approx(2 / 3)


def test_a_stake_is_right_by_holder_target_and_percentage():
    """4 found, 3 wanted: half a point is tolerated, more is not; nor is holder for target."""
    found = [
        stake("SONY Corp", "venture", 50.5),
        stake("Ericsson", "venture", 49),
        stake("Sony", "Ericsson", 5),
        stake("Sony", "venture", 50),
    ]
    wanted = [
        stake("Sony", "venture", 50),
        stake("Ericsson", "venture", 50),
        stake("Ericsson", "Sony", 5),
    ]

    row = scores(
        [mention("Sony", "Ericsson", stakes=found)], gold(alliance("Sony", "Ericsson", stakes=wanted))
    )

    assert row["stake_n"] == 3
    assert (row["stake_precision"], row["stake_recall"]) == (1 / 4, 1 / 3)


def test_stakes_are_paired_off_as_far_as_they_go():
    """50.0 agrees with both gold stakes and 50.9 with one: both can be paired, whichever comes first."""
    wanted = [stake("Sony", "venture", 50.5), stake("Sony", "venture", 49.6)]
    found = [stake("Sony", "venture", 50.0), stake("Sony", "venture", 50.9)]

    row = scores(
        [mention("Sony", "Ericsson", stakes=found)], gold(alliance("Sony", "Ericsson", stakes=wanted))
    )

    assert row["stake_recall"] == 1


def test_functions_are_scored_one_by_one():
    """Found 3, wanted 2, one right; those of an alliance without a match are all wrong."""
    found = [mention("Sony", "Ericsson", functions=["rnd", "supply"]), mention("Fiat", functions=["rnd"])]

    row = scores(found, gold(alliance("Sony", "Ericsson", functions=["rnd", "marketing"])))

    assert (row["function_n"], row["function_precision"], row["function_recall"]) == (2, 1 / 3, 1 / 2)


def test_documents_are_told_apart_by_whether_they_report_an_alliance():
    """Of 4: one right though its partners are wrong, one false alarm, one missed, one rightly silent."""
    found = [mention("Sony", "Ericsson")]
    cases = [
        (found, gold(alliance("Fiat", "Volvo"))),
        (found, gold()),
        ([], gold(alliance("Fiat", "Volvo"))),
        ([], gold()),
    ]

    row = evaluate.evaluate([(document(), mentions, [], wanted) for mentions, wanted in cases], 0).iloc[0]

    assert (row["documents"], row["document_n"]) == (4, 2)
    assert row["document_precision"] == row["document_recall"] == row["document_f"] == 1 / 2


# ---- claims ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (claim(QUARTER), 1),
        (claim(QUARTER, unit="share", period="1999"), 1),
        (claim(f"{QUARTER} {THIRD}"), 1),
        (claim("quarter of alliances"), 1),
        (claim(f"agreed. {QUARTER[:9]}"), 1),
        (claim(THIRD), 0),
        (claim(QUARTER, value=26.0), 0),
        (claim(QUARTER, value=None, value_low=25.0), 0),
        (claim(QUARTER, measure="growth"), 0),
    ],
)
def test_a_claim_is_right_by_measure_values_and_sentences_that_overlap(found, right):
    """Unit, period and population are not scored."""
    row = scores([], gold(claims=[figures([QUARTER])]), [found])

    assert (row["claim_n"], row["claim_precision"], row["claim_recall"]) == (1, right, right)


def test_two_values_at_two_times_are_two_claims():
    """Each gold claim is met once: 3 found, 2 wanted, 2 right."""
    wanted = [figures([QUARTER]), figures([THIRD], value=33.3)]
    found = [claim(THIRD, value=33.3), claim(QUARTER), claim(QUARTER)]

    row = scores([], gold(claims=wanted), found)

    assert (row["claim_precision"], row["claim_recall"]) == (2 / 3, 1)


def test_claims_are_not_scored_where_nobody_coded_them():
    """What is found there is neither right nor wrong."""
    assert math.isnan(scores([], gold(), [claim(QUARTER)])["claim_precision"])
    assert scores([], gold(claims=[]), [claim(QUARTER)])["claim_precision"] == 0


# ---- the table -------------------------------------------------------------------------------------


def test_scores_come_for_all_and_by_language_corpus_and_genre():
    """Each document counts once in each; the values of a factor are sorted."""
    hit = ([mention("Sony", "Ericsson")], [], gold(alliance("Sony", "Ericsson")))
    miss = ([], [], gold(alliance("Sony", "Ericsson")))
    cases = [
        (document(language="ja", corpus="wire"), *miss),
        (document(language="en", genre="contract"), *hit),
        (document(language="de"), *hit),
    ]

    table = evaluate.evaluate(cases, 0)

    assert [tuple(row) for row in table[["factor", "value", "documents", "alliance_recall"]].to_numpy()] == [
        ("all", "all", 3, 2 / 3),
        ("language", "de", 1, 1),
        ("language", "en", 1, 1),
        ("language", "ja", 1, 0),
        ("corpus", "news", 2, 1),
        ("corpus", "wire", 1, 0),
        ("genre", "announcement", 2, 1 / 2),
        ("genre", "contract", 1, 1),
    ]
    pd.testing.assert_frame_equal(evaluate.evaluate(cases[::-1], 0), table)


def test_mentions_below_the_minimum_confidence_do_not_count():
    """Those at it do."""
    found = [mention("Sony", "Ericsson", confidence=0.5), mention("Fiat", "Volvo", confidence=0.49)]
    case = (document(), found, [], gold(alliance("Sony", "Ericsson")))

    assert evaluate.evaluate([case], 0.5).iloc[0]["alliance_precision"] == 1
    assert evaluate.evaluate([case], 0.0).iloc[0]["alliance_precision"] == 1 / 2
    assert math.isnan(evaluate.evaluate([case], 0.51).iloc[0]["alliance_precision"])


def test_a_score_over_nothing_is_nan_and_one_without_a_hit_is_zero():
    """Nothing found: no precision, recall 0; nothing wanted: no recall, precision 0."""
    nothing, missed = scores([], gold()), scores([], gold(alliance("Sony", "Ericsson")))
    alarm = scores([mention("Sony", "Ericsson")], gold())

    for measure in ("document", "alliance", "partner", "strict"):
        assert math.isnan(nothing[f"{measure}_f"])
        assert math.isnan(missed[f"{measure}_precision"])
        assert (missed[f"{measure}_recall"], missed[f"{measure}_f"]) == (0, 0)
        assert math.isnan(alarm[f"{measure}_recall"])
        assert (alarm[f"{measure}_precision"], alarm[f"{measure}_f"]) == (0, 0)
    assert math.isnan(missed["form_accuracy"])
    assert math.isnan(missed["equity_accuracy"])


def test_the_row_for_all_documents_is_there_even_without_any():
    """So that a table of no gold can be read like any other: its counts are zero, its scores empty."""
    table = evaluate.evaluate([], 0)
    (row,) = table.to_dict("records")
    counts = {name: row.pop(name) for name in table if name.endswith(("documents", "matches", "_n"))}

    assert (row.pop("factor"), row.pop("value")) == ("all", "all")
    assert set(counts.values()) == {0}
    assert all(math.isnan(score) for score in row.values())
    assert table.columns.tolist() == evaluate.evaluate([(document(), [], [], gold())], 0).columns.tolist()


# ---- files -----------------------------------------------------------------------------------------


@pytest.fixture
def study(tmp_path):
    """Return a function that writes a corpus with gold and its records in two parts, and evaluates it."""

    def write(path, *records):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(r.model_dump_json() + "\n" for r in records), encoding="utf-8")

    interim = tmp_path / "interim" / "news"
    for part, name in enumerate(("b.txt", "a.txt")):
        own = f"news/{name}"
        write(interim / str(part) / "documents.jsonl", document(own), document(f"{own}#2"))
        write(interim / str(part) / "mentions.jsonl", mention("Sony", "Ericsson", document=own))
        write(interim / str(part) / "claims.jsonl", claim(QUARTER).model_copy(update={"document": own}))

    def run(*golds):
        if golds:
            write(tmp_path / "corpus" / "news" / "gold.jsonl", *golds)
        folders = [str(tmp_path / "corpus" / name) for name in ("news", "without_gold")]
        evaluate.run(str(tmp_path / "interim"), folders, 0.5, str(tmp_path / "scores.csv"))
        return pd.read_csv(tmp_path / "scores.csv")

    return run


def test_the_documents_that_have_gold_are_scored_from_all_parts(study):
    """The gold's ids lack the corpus; documents and corpora without gold are left out."""
    wanted = {"claims": [figures([QUARTER])]}
    table = study(
        gold(alliance("Sony", "Ericsson"), identifier="a.txt", **wanted),
        gold(alliance("Sony", "Ericsson"), identifier="b.txt", **wanted),
        gold(identifier="a.txt#2"),
    )

    assert table["documents"].tolist() == [3] * 4
    assert table["alliance_f"].tolist() == table["claim_f"].tolist() == [1] * 4


def test_gold_for_a_document_that_the_corpus_lacks_is_told_with_the_remedy(study):
    """It would otherwise be scored as if there had been nothing to find."""
    with pytest.raises(EntenteError) as refused:
        study(gold(identifier="a.txt"), gold(identifier="z.txt"), gold(identifier="c.txt"))

    message = str(refused.value)
    assert "news/gold.jsonl: gold for 2 documents that the corpus lacks, such as 'news/c.txt'" in message
    assert "its id is the path below documents/" in message


def test_a_study_without_gold_gives_a_table_that_can_be_read(study):
    """By pandas, with the row for all documents and every column."""
    table = study()

    assert table[["factor", "value", "documents"]].to_numpy().tolist() == [["all", "all", 0]]
    assert table["alliance_f"].isna().tolist() == [True]


def test_the_command_asks_for_the_minimum_confidence(tmp_path, capsys):
    """Scores under another limit than the study's would be of another data set."""
    arguments = [str(tmp_path), "--corpora", str(tmp_path), "--output", str(tmp_path / "scores.csv")]
    with pytest.raises(SystemExit) as end:
        cli.main("", evaluate.add_arguments, evaluate.run, arguments)

    assert end.value.code == 2
    assert "required: --minimum-confidence" in capsys.readouterr().err


def test_gold_that_breaks_the_codebook_is_told_with_its_line(study, tmp_path):
    study(gold(identifier="a.txt"))
    path = tmp_path / "corpus" / "news" / "gold.jsonl"
    path.write_text(path.read_text() + json.dumps({"id": "b.txt", "alliances": [{"form": "merger"}]}) + "\n")

    with pytest.raises(EntenteError, match=r"gold\.jsonl:2: alliances\.0\."):
        study()
