"""The equity share under named definitions, by unit, with intervals that respect clusters."""

import numpy as np
import pytest
from entente import definitions, tables
from entente.definitions import DEFINITIONS, Units, cluster_interval
from entente.records import Duplicate
from entente.study import wilson
from test_estimate import alliance, document, mention, store, study

KINDS = [
    ("joint_venture", "signed", ["rnd"]),
    ("joint_venture", "rumoured", []),
    ("joint_venture", "ended", ["production"]),
    ("minority_equity", "planned", ["licensing"]),
    ("contractual", "in_force", ["technology_transfer"]),
    ("contractual", "signed", ["marketing"]),
    ("contractual", "changed", ["rnd", "supply"]),
    ("unspecified", "signed", ["rnd"]),
]


def kinds():
    """Return an alliance of each of KINDS, no two from one document."""
    return [
        alliance(n, form=form, status=status, functions=functions)
        for n, (form, status, functions) in enumerate(KINDS)
    ]


@pytest.mark.parametrize(
    ("definition", "equity", "n"),
    [
        ("joint_venture", 3, 7),  # one form is unknown
        ("joint_venture_or_stake", 4, 7),
        ("unknown_as_contractual", 4, 8),
        ("unknown_as_equity", 5, 8),
        (
            "like_sdc",
            1,
            6,
        ),  # neither the rumour nor the ended one; the stake and the unknown form are no ventures
        (
            "like_merit_cati",
            2,
            4,
        ),  # the first venture and the stake; the pact on marketing is not in, nor the unknown
    ],
)
def test_each_definition_counts_what_its_words_say(tmp_path, definition, equity, n):
    """Counted by hand from the eight alliances above."""
    store(tmp_path, alliances=kinds())

    rows = definitions.equity_share_by_definition(study(tmp_path))

    found = {(row["unit"], row["period"], row["definition"]): row for row in rows}[
        "alliance", "all", definition
    ]
    assert (found["equity"], found["n"], found["left_out"]) == (equity, n, 8 - n)
    assert found["share"] == pytest.approx(equity / n, abs=5e-5)


def test_the_bounds_enclose_the_share_of_known_forms(tmp_path):
    store(tmp_path, alliances=kinds())

    rows = definitions.equity_share_by_definition(study(tmp_path))
    share = {
        row["definition"]: row["share"]
        for row in rows
        if row["unit"] == "alliance" and row["period"] == "all"
    }

    low, known, high = (
        share[name] for name in ("unknown_as_contractual", "joint_venture_or_stake", "unknown_as_equity")
    )
    assert low < known < high


def reported(tmp_path):
    """Store an alliance that three documents report and another in the third, a copy, and an unsure mention."""
    venture = alliance(1, mentions=["wire/1.txt@1", "wire/2.txt@1", "wire/3.txt@1"], year=1999)
    pact = alliance(2, mentions=["wire/3.txt@2"], form="contractual")
    contractual = {"form": "contractual", "equity_status": "contractual"}
    mentions = [
        *(mention(f"{n}.txt") for n in (1, 2, 3, 4)),
        mention("3.txt", id="wire/3.txt@2", **contractual),
        mention("5.txt", confidence=0.2, **contractual),
    ]
    store(
        tmp_path,
        [document(f"{n}.txt") for n in (1, 2, 3, 4, 5)],
        alliances=[venture, pact],
        mentions=mentions,
        duplicates=[Duplicate(document="wire/4.txt", duplicate_of="wire/1.txt", similarity=1)],
    )
    return study(tmp_path)


@pytest.mark.parametrize(
    ("unit", "equity", "n", "clusters"), [("alliance", 1, 2, 2), ("mention", 3, 4, 2), ("document", 3, 3, 1)]
)
def test_units_stand_side_by_side(tmp_path, unit, equity, n, clusters):
    """The venture is printed three times: 1 in 2 alliances, 3 in 4 mentions, all 3 documents; the copy is left out."""
    rows = definitions.equity_share_by_definition(reported(tmp_path))

    found = {(row["unit"], row["period"], row["definition"]): row for row in rows}[
        unit, "all", "joint_venture"
    ]
    assert (found["equity"], found["n"], found["clusters"]) == (equity, n, clusters)


def test_a_copy_counts_where_it_is_asked_for_in_the_cluster_of_what_it_repeats(tmp_path):
    units = Units(reported(tmp_path)).of("mention", 0, duplicates=True)

    clusters = {unit.records[0].document: unit.cluster for unit in units}
    assert clusters["wire/4.txt"] == clusters["wire/1.txt"] == "a-1"
    assert clusters["wire/5.txt"] == "wire/5.txt@1"


def test_a_mention_has_the_year_of_its_alliance(tmp_path):
    """The report of 2001 tells of a venture of 1999."""
    rows = definitions.equity_share_by_definition(reported(tmp_path))

    periods = {
        row["period"]: row["n"] for row in rows if (row["unit"], row["definition"]) == ("mention", "like_sdc")
    }
    assert periods == {"1995-1999": 3, "2000-2004": 1, "unknown": 0, "all": 4}


def test_few_clusters_are_refused_and_few_alliances_are_not():
    """Nineteen clusters give none, in words; twenty give one."""
    few = cluster_interval([True, False] * 19, [str(n // 2) for n in range(38)], 0.95)
    enough = cluster_interval([True] * 10 + [False] * 10, [str(n) for n in range(20)], 0.95)

    assert few == (None, None)
    assert enough[0] < 0.5 < enough[1]
    assert cluster_interval([True] * 30, [str(n) for n in range(30)], 0.95) == (None, None)


def test_the_refusal_is_told(tmp_path):
    store(tmp_path, alliances=kinds())

    row = list(definitions.equity_share_by_definition(study(tmp_path)))[-1]

    assert row["refused"] == "cluster interval: 4 clusters, 20 needed"
    assert row["cluster_low"] is None


def test_without_clusters_the_interval_is_nearly_the_binomial_one():
    """Of 300 units alone, 90 equity: standard error sqrt(.3 x .7 / 300) = .0265."""
    low, high = cluster_interval([True] * 90 + [False] * 210, [str(n) for n in range(300)], 0.95)

    assert (high - low) / 2 / 1.96 == pytest.approx(0.02646, rel=0.1)


def test_copies_do_not_narrow_the_interval():
    """The same three times over says nothing new: the limits are the same, where Wilson's would close in."""
    equity, clusters = [True] * 30 + [False] * 70, [str(n) for n in range(100)]

    assert cluster_interval(equity * 3, clusters * 3, 0.95) == cluster_interval(equity, clusters, 0.95)


def test_the_order_of_the_units_does_not_matter():
    rng = np.random.default_rng(3)
    equity, clusters = rng.random(200) < 0.4, rng.integers(0, 50, 200).astype(str)
    order = rng.permutation(200)

    assert cluster_interval(equity, clusters, 0.9) == cluster_interval(equity[order], clusters[order], 0.9)


def test_the_cluster_interval_covers_the_true_share_as_often_as_it_says():
    """100 clusters of one to nine reports of which all agree; Wilson's, which counts reports, covers far less."""
    rng = np.random.default_rng(1971)
    covered = []
    for _ in range(400):
        sizes = rng.integers(1, 10, 100)
        equity = np.repeat(rng.random(100) < 0.3, sizes)
        clusters = np.repeat(np.arange(100), sizes)
        low, high = cluster_interval(equity.tolist(), clusters.tolist(), 0.95)
        _, low_of_all, high_of_all = wilson(int(equity.sum()), len(equity), 0.95)
        covered.append((low <= 0.3 <= high, low_of_all <= 0.3 <= high_of_all))

    clustered, naive = np.mean(covered, axis=0)
    assert clustered == pytest.approx(0.95, abs=0.03)
    assert naive < 0.8


def test_groups_are_those_of_the_alliances(tmp_path):
    """An alliance in two languages is in both; a function that none has is a row with none."""
    alliances = [
        alliance(1, languages=["de", "ja"], functions=["rnd", "supply"]),
        alliance(2, languages=["ja"], form="contractual"),
    ]
    store(tmp_path, alliances=alliances)

    rows = [
        row
        for row in definitions.equity_share_by_group(study(tmp_path))
        if row["definition"] == "joint_venture_or_stake"
    ]

    found = {(row["factor"], row["value"]): (row["equity"], row["n"]) for row in rows}
    assert [found["language", name] for name in ("de", "ja")] == [(1, 1), (1, 2)]
    assert found["corpus", "wire"] == (1, 2)
    assert [found["function", name] for name in ("rnd", "supply", "none", "standards")] == [
        (1, 1),
        (1, 1),
        (0, 1),
        (0, 0),
    ]


@pytest.mark.parametrize("table", [definitions.equity_share_by_definition, definitions.equity_share_by_group])
def test_every_column_and_every_definition_is_explained(tmp_path, table):
    store(tmp_path, alliances=kinds())

    row = next(table(study(tmp_path)))
    meanings = {column: tables.meaning(column, table) for column in row}

    assert list(meanings) == list(row) == tables.header(table, [])
    words = tables.columns(definitions.equity_share_by_definition)["definition"]
    assert all(f"``{name}``" in words for name in DEFINITIONS)


def test_a_study_of_nothing_has_empty_shares(tmp_path):
    store(tmp_path)

    rows = list(definitions.equity_share_by_definition(study(tmp_path)))

    assert {row["share"] for row in rows} == {None}
    assert {row["n"] for row in rows} == {0}
    assert [row["value"] for row in definitions.equity_share_by_group(study(tmp_path))][:1] == ["rnd"]
