"""Records are matched and scored as the codebook's section 6 says; what is expected was counted by hand."""

import json
import math

import numpy as np
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
    counts = {
        name: row.pop(name) for name in table if name.endswith(("documents", "matches", "mentions", "_n"))
    }

    assert (row.pop("factor"), row.pop("value")) == ("all", "all")
    assert set(counts.values()) == {0}
    assert all(math.isnan(score) for score in row.values())
    assert table.columns.tolist() == evaluate.evaluate([(document(), [], [], gold())], 0).columns.tolist()


# ---- intervals -------------------------------------------------------------------------------------


def sample(seed, number):
    """Return cases of *number* documents: up to two alliances wanted, up to two of them found, some form wrong."""
    rng = np.random.default_rng(seed)
    pairs = [("Sony", "Ericsson"), ("Fiat", "Volvo")]
    cases = []
    for _ in range(number):
        wanted, found = (pairs[: rng.integers(3)] for _ in range(2))
        mentions = [mention(*p, form=rng.choice(["joint_venture", "minority_equity"])) for p in found]
        cases.append((document(), mentions, [], gold(*(alliance(*p) for p in wanted))))
    return cases


def resampled(cases, score, draws):
    """Return the 95 % percentile interval of a score: draw documents, score them anew, one draw after the other."""
    rng = np.random.default_rng(7)
    values = []
    for _ in range(draws):
        drawn = [cases[i] for i in rng.integers(len(cases), size=len(cases))]
        right = found = wanted = 0
        for _, mentions, _, coded in drawn:
            hits = min(len(mentions), len(coded.alliances))  # the first alliance of either is the same one
            forms = sum(m.form == "joint_venture" for m in mentions[:hits])
            right += hits if score == "alliance_f" else forms
            found += len(mentions) if score == "alliance_f" else hits
            wanted += len(coded.alliances) if score == "alliance_f" else hits
        if found + wanted:
            values.append(2 * right / (found + wanted))
    return np.percentile(values, [2.5, 97.5])


@pytest.mark.parametrize("score", ["alliance_f", "form_accuracy"])
@pytest.mark.parametrize("number", [8, 40])
def test_the_interval_is_that_of_drawing_documents_anew_one_by_one(score, number):
    """The brute-force bootstrap, with another generator and twice the draws, agrees to the error of either."""
    cases = sample(4, number)
    (row, *_) = evaluate.evaluate(cases, 0).to_dict("records")

    told = [row[f"{score}_low"], row[f"{score}_high"]]

    assert told == pytest.approx(resampled(cases, score, 2000), abs=0.05)
    assert told[0] < row[score] < told[1]


def test_alliances_of_one_document_are_drawn_together():
    """20 alliances found and 20 missed: in 2 documents anything can come, in 40 hardly less than a third."""
    pair = ("Sony", "Ericsson")
    hit, miss = ([mention(*pair)], gold(alliance(*pair))), ([], gold(alliance(*pair)))

    def interval(cases):
        row = evaluate.evaluate([(document(), m, [], g) for m, g in cases], 0).iloc[0]
        return row["alliance_recall"], row["alliance_f_low"], row["alliance_f_high"]

    many = [mention(*pair)] * 20, gold(*[alliance(*pair)] * 20)
    none = [], gold(*[alliance(*pair)] * 20)

    assert interval([many, none]) == (1 / 2, 0, 1)
    recall, low, high = interval([hit, miss] * 20)
    assert recall == 1 / 2
    assert 1 / 3 < low < 2 / 3 < high < 1


def test_intervals_do_not_depend_on_the_order_of_the_documents():
    """Nor on the run: the seed is fixed."""
    cases = sample(2, 12)

    pd.testing.assert_frame_equal(evaluate.evaluate(cases[::-1], 0), evaluate.evaluate(cases, 0))


@pytest.mark.parametrize("cases", [[], sample(3, 1), [([mention("Sony")], gold())] * 5])
def test_where_no_draw_differs_there_is_no_interval(cases):
    """No document, one, or five without a hit: an interval of no width would say that nothing else can come."""
    cases = [case if len(case) == 4 else (document(), case[0], [], case[1]) for case in cases]
    row = evaluate.evaluate(cases, 0).iloc[0]

    limits = [name for name in row.index if name.endswith(("_low", "_high"))]
    assert len(limits) == 2 * len([name for name in row.index if name.endswith(("_f", "_accuracy"))]) == 18
    assert row[limits].isna().all()


def test_a_draw_in_which_a_score_is_over_nothing_does_not_count():
    """One of three documents has alliances, of which half are found: a draw has those, or says nothing."""
    pair = ("Sony", "Ericsson")
    some = (document(), [mention(*pair)], [], gold(alliance(*pair), alliance("Fiat", "Volvo")))
    other = (document(), [mention("Bosch")], [], gold())

    row = evaluate.evaluate([some, other, (document(), [], [], gold())], 0).iloc[0]

    # Times that the first and the second are drawn, of three: F is 2a / (a + b + 2a), right 2 x 1, found a + b.
    possible = {2 * a / (3 * a + b) for a in range(4) for b in range(4 - a) if a + b}
    assert row["alliance_f"] == 2 / 4
    assert row["alliance_f_low"] == 0
    assert row["alliance_f_high"] == max(possible) == 2 / 3


# ---- confidence ------------------------------------------------------------------------------------


def trusted(*mentions):
    """Return (top_fifth_precision, calibration_error) of mentions, each (confidence, whether it is right)."""
    cases = [
        (document(), [mention("Sony", confidence=c)], [], gold(alliance("Sony" if right else "Fiat")))
        for c, right in mentions
    ]
    row = evaluate.evaluate(cases, 0).iloc[0]
    assert row["mentions"] == len(mentions)
    return row["top_fifth_precision"], row["calibration_error"]


def test_the_calibration_error_is_the_mean_gap_of_ten_bins_of_equally_many_mentions():
    """20 mentions, 2 a bin: (0.95, 0.9) with one right leaves 0.425; one such bin, the others are off by 0.1."""
    sure = [(0.95, True), (0.9, False)]
    others = [(step / 100, False) for step in range(4, 40, 2)]  # 0.04 ... 0.38, none right
    gaps = [abs(0.925 - 0.5), *((others[i][0] + others[i + 1][0]) / 2 for i in range(0, 18, 2))]

    assert trusted(*others[::-1], *sure)[1] == pytest.approx(sum(gaps) / 10)
    assert trusted(*[(0.75, True)] * 3, (0.75, False))[1] == 0


def test_by_chance_the_calibration_error_is_its_mean_over_who_might_be_right():
    """Two mentions tied at 0.5: in half the draws both or neither are right, and the error is 0.5, else 0."""
    told = evaluate.confidence_scores([0.5, 0.5], [True, False])
    sure = evaluate.confidence_scores([1.0] * 30, [True] * 15 + [False] * 15)

    assert told["calibration_error_by_chance"] == pytest.approx(0.25, abs=0.07)  # 4 standard errors
    assert (sure["calibration_error"], sure["calibration_error_by_chance"]) == (0.5, 0)


def test_the_most_confident_fifth_is_rounded_up_and_shares_its_ties():
    """Of 6 mentions 2; where three tie for the second place, it counts as right by their share."""
    first, tied, last = (0.9, True), [(0.8, True), (0.8, False), (0.8, False)], [(0.1, True)] * 2

    assert trusted(first, *tied, *last)[0] == pytest.approx((1 + 1 / 3) / 2)
    assert trusted(*last, *tied[::-1], first)[0] == pytest.approx((1 + 1 / 3) / 2)
    assert trusted((0.9, False), *[(0.8, True)] * 4)[0] == 0


def test_confidence_is_judged_of_the_mentions_that_count():
    """Those below the minimum do not; without any there is nothing to judge."""
    case = (document(), [mention("Sony", confidence=0.9), mention("Fiat", confidence=0.2)], [], gold())

    assert evaluate.evaluate([case], 0).iloc[0]["calibration_error"] == pytest.approx((0.9 + 0.2) / 2)
    assert evaluate.evaluate([case], 0.5).iloc[0]["calibration_error"] == pytest.approx(0.9)
    assert math.isnan(evaluate.evaluate([case], 0.95).iloc[0]["calibration_error"])
    assert math.isnan(evaluate.evaluate([case], 0.95).iloc[0]["top_fifth_precision"])


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
