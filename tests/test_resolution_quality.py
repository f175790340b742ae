"""Decisions of the resolver against gold, pairwise and by B-cubed."""

import numpy as np
import pytest
from entente import cli, resolution_quality, tables
from entente.bootstrap import limits
from entente.errors import EntenteError
from entente.records import Gold
from entente.resolution_quality import (
    Item,
    aligned,
    alliance_links,
    as_mention,
    bcubed,
    listed,
    organisation_links,
    paired,
    pairwise,
    ratios,
)
from test_estimate import alliance, document, store, study


def links(truth, found):
    """Return (items, links) of items with these letters in gold and as found."""
    items = [Item(key, "en", "", cluster) for key, cluster in zip(truth, found, strict=True)]
    pairs = [(i, j) for j in range(len(items)) for i in range(j)]
    told = [(i, j, truth[i] == truth[j], found[i] == found[j]) for i, j in pairs]
    return items, [link for link in told if link[2] or link[3]]


@pytest.mark.parametrize(("found", "precision"), [("aaaaabbbbbbb", 0.762), ("aaaaabbaaaaa", 0.583)])
def test_bcubed_is_that_of_its_authors_example(found, precision):
    """Bagga & Baldwin (1998): of 5, 2 and 5 mentions, two are put together; 76 % and 58 %, recall 100 %."""
    told = ratios(sum(bcubed(*links("aaaaabbccccc", found)).values()))

    assert told[0] == pytest.approx(precision, abs=5e-4)
    assert told[1] == pytest.approx(1)


def test_pairwise_counts_pairs():
    """The same example: 10 + 1 + 10 pairs are one in gold; 10 + 21 are put together."""
    precision, recall, f = ratios(sum(pairwise(*links("aaaaabbccccc", "aaaaabbbbbbb")).values()))

    assert (precision, recall) == (pytest.approx(21 / 31), 1)
    assert f == pytest.approx(42 / 52)


def test_the_interval_covers_the_true_f_nearly_as_often_as_it_says():
    """Agreements of 2 to 5 reports: of each, one pair is missed at a rate of its own, and a wrong one found.

    60 agreements are few for a percentile interval of a ratio: 90 to 97 % of 400.
    """
    rng = np.random.default_rng(5)

    def draw(n):
        size = rng.integers(2, 6, n)
        gold = size * (size - 1) / 2
        right = rng.binomial(gold.astype(int), rng.beta(8, 2, n))
        wrong = rng.poisson(0.3, n) / 2
        return np.stack([right, right + wrong, right, gold], axis=-1)

    truth = ratios(draw(1_000_000).sum(axis=0))[2]
    intervals = [limits(draw(60), ratios, 0.95)[2] for _ in range(400)]

    assert 0.90 <= np.mean([low <= truth <= high for low, high in intervals]) <= 0.97


def test_names_are_paired_only_where_nothing_else_is_possible():
    """By name; the last by elimination; not two of two in another script, nor a name that equals two."""
    assert paired(["Sony", "Ericsson"], ["エリクソン", "Sony Corp"], {}) == {0: 1, 1: 0}
    assert paired(["Renault", "Nissan"], ["ルノー", "日産自動車"], {}) == {}
    assert paired(["Acme", "Bolt"], ["Acme Motor", "Acme Steel"], {}) == {}
    assert paired(["Sony", "Ericsson", "Intel"], ["Sony", "インテル"], {}) == {0: 0}


def test_what_a_reader_listed_goes_before_what_names_look_like(tmp_path):
    """Together what is written otherwise, apart what would remain."""
    listing = "Renault: [雷诺]\nSamsung Group: []\nSamsung Electronics: []\n"
    (tmp_path / "names.yaml").write_text(listing, encoding="utf-8")
    entries = listed([tmp_path])

    assert paired(["Renault", "Nissan"], ["日产", "雷诺"], entries) == {0: 1, 1: 0}
    assert paired(["Corning", "Samsung Group"], ["Corning", "Samsung Electronics"], entries) == {0: 0}


def test_a_name_listed_with_two_organisations_is_refused(tmp_path):
    """Legal form and case do not make another name."""
    (tmp_path / "names.yaml").write_text("Acme: [Bolt]\nCord: [BOLT Corp.]\n", encoding="utf-8")

    with pytest.raises(EntenteError, match=r"names.yaml: 'BOLT Corp.' stands with 'Cord' and"):
        listed([tmp_path])


def test_a_mention_lends_each_of_its_names_once():
    """The equal name goes before the one that only begins so."""
    assert aligned(["Acme Motor", "Acme"], ["Acme", "Bolt", "Acme Motor"]) == ("Acme", None, "Acme Motor")
    assert aligned([], ["Acme"]) == (None,)


def gold_alliance(*partners, key="k", **changes):
    """Return a gold record of *partners*, as JSON has it."""
    values = {
        "alliance": key,
        "partners": partners,
        "form": "contractual",
        "equity_status": "contractual",
        "functions": [],
        "value_chain": "unclear",
        "status": "signed",
        "date": "2001-04-24",
    }
    return values | changes


def coded(root, *documents, names=None):
    """Store a corpus of *documents*, each (name, language, gold records), and no mention; return the study."""
    met = [document(name, language=language) for name, language, _ in documents]
    store(root, documents=met)
    golds = [Gold(id=name, alliances=records) for name, _, records in documents]
    cli.write(root / "corpus/wire/gold.jsonl", golds)
    if names:
        (root / "corpus/wire/names.yaml").write_text(names, encoding="utf-8")
    return study(root)


def row(of, decision, scope, method="pairwise", records="gold"):
    """Return the row of the table for the study *of*."""
    for found in resolution_quality.resolution_quality(of):
        if (found["records"], found["decision"], found["method"], found["scope"]) == (
            records,
            decision,
            method,
            scope,
        ):
            return found
    raise AssertionError


DOCUMENTS = [
    ("1.txt", "en", [gold_alliance("Renault", "Nissan")]),
    ("2.txt", "ja", [gold_alliance("日産自動車", "ルノー")]),
    ("3.txt", "fr", [gold_alliance("Renault", "Nissan Motor", date="2009")]),
    ("4.txt", "fr", [gold_alliance("Renault", "Acme", key="other")]),
]


def test_gold_records_are_resolved_and_scored_by_scope(tmp_path):
    """The report in Japanese is found to be the same, the one of eight years later is missed."""
    of = coded(tmp_path, *DOCUMENTS)

    told = {scope: row(of, "alliance", scope) for scope in resolution_quality.SCOPES}

    counts = {s: [r[n] for n in ("gold_pairs", "found_pairs", "right_pairs")] for s, r in told.items()}
    assert counts == {
        "all": [3, 1, 1],
        "within_language": [0, 0, 0],
        "across_languages": [1, 0, 0],
        "across_scripts": [2, 1, 1],
    }
    assert (told["all"]["precision"], told["all"]["recall"], told["all"]["f"]) == (1.0, 0.3333, 0.5)
    assert told["within_language"]["recall"] is None
    assert told["all"]["refused"] == "intervals: 1 agreements, 20 needed"


def test_names_in_other_scripts_count_once_gold_tells_who_they_are(tmp_path):
    """Of Renault, Nissan / 日産自動車, ルノー gold tells nothing by itself: 8 pairs are left out."""
    alone = row(coded(tmp_path / "a", *DOCUMENTS), "organisation", "all")
    of = coded(tmp_path / "b", *DOCUMENTS, names="Renault: [ルノー]\nNissan: [日産自動車, Nissan Motor]\n")

    assert (alone["gold_pairs"], alone["left_out"]) == (2, 8)
    told = row(of, "organisation", "across_scripts")
    assert (told["gold_pairs"], told["right_pairs"], told["found_pairs"]) == (4, 4, 4)
    assert row(of, "organisation", "all")["left_out"] == 0


def test_partners_of_one_agreement_that_are_put_together_are_wrong():
    """In one record, and across two of which gold pairs the names."""
    records, mentions = [], []
    for n in (1, 2):
        met = Gold(id="x", alliances=[gold_alliance("Acme", "Bolt")]).alliances[0]
        mentions.append(as_mention(met, document(f"{n}.txt"), 1))
        records.append(resolution_quality.Reported(met, mentions[-1].id, f"{n}", "en", ("Acme", "Bolt")))
    one = resolution_quality.Organisation(id="o-1", name="Acme", names={"en": ["Acme", "Bolt"]})
    both = alliance(1, mentions=[m.id for m in mentions], partners=["o-1"], partner_names=["Acme"])

    _, told, left_out = organisation_links(records, [both], [one], {})

    assert sorted(link[2:] for link in told) == [(False, True)] * 4 + [(True, True)] * 2
    assert left_out == 0


def test_mentions_that_resolving_left_out_are_no_items():
    """As those below the minimum confidence."""
    met = Gold(id="x", alliances=[gold_alliance("Acme", "Bolt")]).alliances[0]
    record = resolution_quality.Reported(met, "c/1@1", "c/1", "en", ("Acme", "Bolt"))

    assert alliance_links([record], []) == ([], [], 0)


def test_an_empty_study_gives_rows_without_scores(tmp_path):
    """Nothing is coded, nothing found."""
    of = coded(tmp_path)

    found = list(resolution_quality.resolution_quality(of))

    assert len(found) == 20
    assert {row["f"] for row in found} == {None}


def test_every_column_is_explained(tmp_path):
    """The data dictionary is made from the docstring."""
    table = resolution_quality.resolution_quality
    for found in table(coded(tmp_path, *DOCUMENTS)):
        for column in found:
            assert tables.meaning(column, table)
