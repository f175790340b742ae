"""Capture-recapture against published data, closed forms and populations of known size."""

import math
from itertools import product

import numpy as np
import pytest
from entente import coverage, tables
from entente.coverage import chapman, log_linear
from entente.errors import EntenteError
from entente.records import Duplicate
from scipy.optimize import brentq
from scipy.stats import chi2_contingency
from test_estimate import CORPUS, alliance, store, study

# Hepatitis in Taiwan in 1995, lists P, Q and E: Chao, Tsay, Lin, Shau & Chao (2001), Statistics in Medicine 20:3123.
HEPATITIS = {
    (1, 1, 1): 28,
    (1, 1, 0): 21,
    (1, 0, 1): 17,
    (0, 1, 1): 18,
    (1, 0, 0): 69,
    (0, 1, 0): 55,
    (0, 0, 1): 63,
}


def by_pairs(models):
    """Return {pairs: model}."""
    return {model["pairs"]: model for model in models}


@pytest.mark.parametrize(
    ("first", "second", "both", "population", "error", "low", "high"),
    [(135, 122, 49, 334, 29, 289, 403), (135, 126, 45, 374, 36, 319, 461), (122, 126, 46, 331, 30, 285, 404)],
)
def test_chapman_on_the_lists_of_hepatitis(first, second, both, population, error, low, high):
    """The three pairs of lists, by the formulae of the R package CARE1 (Seber 1982, p. 60; Chao 1987)."""
    found = chapman(first, second, both)

    assert [round(found[name]) for name in ("population", "standard_error", "low", "high")] == [
        population,
        error,
        low,
        high,
    ]


def test_chapman_where_both_sources_saw_everything():
    """Nothing is unseen, and the interval is the number itself."""
    assert chapman(40, 40, 40) == {"population": 40, "standard_error": 0, "low": 40, "high": 40}


def test_few_recaptures_are_refused():
    """Six say too little (Seber 1982, p. 60: seven or more); the reason has the number."""
    assert chapman(15, 10, 6) == {"refused": "6 alliances in both sources, 7 needed"}
    assert "population" in chapman(15, 10, 7)


def test_more_recaptures_than_captures_are_a_fault():
    with pytest.raises(EntenteError, match="both sources saw 5, but one of them saw 4"):
        chapman(4, 10, 5)


def test_the_interval_of_chapman_covers_the_population_as_often_as_it_says():
    """Two thousand populations of 800, of which sources see 20 % and 30 %; the mean of the estimates is theirs."""
    rng = np.random.default_rng(2024)
    seen = rng.random((2000, 800, 2)) < (0.2, 0.3)
    estimates = [chapman(*map(int, (*s.sum(axis=0), s.all(axis=1).sum()))) for s in seen]

    assert np.mean([e["low"] <= 800 <= e["high"] for e in estimates]) == pytest.approx(0.95, abs=0.015)
    assert np.mean([e["population"] for e in estimates]) == pytest.approx(800, rel=0.01)


@pytest.mark.parametrize(
    ("pairs", "missed"),
    [
        (((0, 1), (0, 2), (1, 2)), 28 * 69 * 55 * 63 / (21 * 17 * 18)),
        (((0, 1), (0, 2)), 55 * 63 / 18),
        (((0, 1), (1, 2)), 69 * 63 / 17),
        (((0, 2), (1, 2)), 69 * 55 / 21),
        (((0, 1),), (21 + 69 + 55) * 63 / (28 + 17 + 18)),
        (((0, 2),), (17 + 69 + 63) * 55 / (28 + 21 + 18)),
        (((1, 2),), (18 + 55 + 63) * 69 / (28 + 21 + 17)),
    ],
)
def test_log_linear_models_have_their_closed_forms(pairs, missed):
    """Bishop, Fienberg & Holland (1975), Discrete multivariate analysis, section 6.4."""
    found = by_pairs(log_linear(HEPATITIS))[pairs]

    assert found["population"] == pytest.approx(271 + missed, rel=1e-6)
    assert found["degrees"] == 3 - len(pairs)


def test_the_independent_model_solves_darrochs_equation():
    """Darroch (1958): 1 - seen / N is the product of 1 - n_j / N over the sources; 388 here."""
    totals = [sum(n for cell, n in HEPATITIS.items() if cell[place]) for place in range(3)]
    solved = brentq(lambda size: 1 - 271 / size - math.prod(1 - n / size for n in totals), 272, 5000)

    found = by_pairs(log_linear(HEPATITIS))[()]

    assert found["population"] == pytest.approx(solved, rel=1e-6)
    assert int(solved) == 388


def test_the_standard_error_of_the_model_of_all_pairs():
    """Bishop, Fienberg & Holland (1975): the missed squared times the sum of 1 / n over all cells, the missed included."""
    missed = 28 * 69 * 55 * 63 / (21 * 17 * 18)
    variance = missed**2 * (sum(1 / n for n in HEPATITIS.values()) + 1 / missed)

    found = by_pairs(log_linear(HEPATITIS))[(0, 1), (0, 2), (1, 2)]

    assert found["standard_error"] == pytest.approx(math.sqrt(variance), rel=1e-5)
    assert found["deviance"] == pytest.approx(0, abs=1e-8)
    assert found["low"] > 271


def test_the_deviance_and_the_aicc_are_those_of_the_table():
    """Q and E independent given P: what does not fit is the 2 x 2 table of those in P (likelihood ratio by scipy)."""
    expected = chi2_contingency([[28, 21], [17, 69]], correction=False, lambda_="log-likelihood").statistic
    models = by_pairs(log_linear(HEPATITIS))
    two, three = models[(0, 1), (0, 2)], models[(0, 1), (0, 2), (1, 2)]

    assert two["deviance"] == pytest.approx(expected, rel=1e-6)
    more = 2 * 7 * 8 / (271 - 8) - 2 * 6 * 7 / (271 - 7)
    assert two["aicc"] - three["aicc"] == pytest.approx(expected - 2 - more, rel=1e-6)


def test_the_model_with_the_least_aicc_is_chosen_and_all_are_told():
    models = log_linear(HEPATITIS)

    assert len(models) == 8
    assert [model["chosen"] for model in models] == [True] + [False] * 7
    assert [model["aicc"] for model in models] == sorted(model["aicc"] for model in models)


def population(rng, size, dependent):
    """Return {history: count} of a population; of three sources, the second sees more of what the first saw."""
    first, third = rng.random(size) < 0.3, rng.random(size) < 0.25
    second = rng.random(size) < np.where(first, 0.3 + dependent, 0.3)
    histories, counts = np.unique(np.column_stack([first, second, third]), axis=0, return_counts=True)
    found = dict(zip(map(tuple, histories.astype(int).tolist()), counts.tolist(), strict=True))
    found.pop((0, 0, 0))
    return found


def test_the_interval_of_the_true_model_covers_the_population_and_that_of_independence_does_not():
    """1,500 alliances; a source that follows another makes independence believe in too few."""
    rng = np.random.default_rng(7)
    cells = np.array([cell for cell in product((0, 1), repeat=3) if any(cell)])
    covered = []
    for _ in range(300):
        drawn = population(rng, 1500, 0.3)
        counts = np.array([drawn.get(tuple(cell), 0) for cell in cells.tolist()])
        found = [coverage.fit(cells, counts, pairs, 0.95) for pairs in (((0, 1),), ())]
        covered.append([model["low"] <= 1500 <= model["high"] for model in found])

    right, wrong = np.mean(covered, axis=0)
    assert right == pytest.approx(0.95, abs=0.03)
    assert wrong < 0.2


def test_the_chosen_model_finds_the_dependent_pair():
    models = log_linear(population(np.random.default_rng(5), 20_000, 0.3))

    assert (0, 1) in models[0]["pairs"]
    assert models[0]["population"] == pytest.approx(20_000, rel=0.06)


def test_four_sources_have_sixty_four_models():
    """Independent counts that fit exactly: 1,000 alliances, each source sees half; the plainest model is chosen."""
    counts = {cell: 62 for cell in product((0, 1), repeat=4) if any(cell)}

    models = log_linear(counts)

    assert len(models) == 64
    assert models[0]["pairs"] == ()
    assert models[0]["population"] == pytest.approx(16 * 62)


def test_a_model_that_the_counts_do_not_determine_is_refused():
    """No alliance in the first two sources alone: of the model of all pairs, infinitely many would be missed."""
    models = by_pairs(log_linear(HEPATITIS | {(1, 1, 0): 0}))

    assert models[(0, 1), (0, 2), (1, 2)]["refused"].startswith("the counts do not determine it")
    assert "population" in models[()]


def test_a_pair_with_nothing_in_common_is_refused():
    models = by_pairs(log_linear(HEPATITIS | {(1, 1, 0): 0, (1, 1, 1): 0}))

    assert models[((0, 1),)] == {
        "pairs": ((0, 1),),
        "refused": "two sources of a pair saw nothing in common",
    }


def test_few_alliances_in_several_sources_are_refused():
    assert log_linear({(1, 0, 0): 50, (0, 1, 0): 40, (0, 0, 1): 30, (1, 1, 0): 6}) == [
        {"pairs": (), "refused": "6 in several sources, 7 needed"}
    ]


@pytest.mark.parametrize(
    ("histories", "message"),
    [
        ({(1, 1): 9, (1, 0): 9, (0, 1): 9}, "three to 5 sources"),
        ({}, "three to 5 sources"),
        ({(0, 0, 0): 4, (1, 1, 1): 9}, "what no source saw is no observation"),
    ],
)
def test_what_is_no_table_of_histories_is_a_fault(histories, message):
    with pytest.raises(EntenteError, match=message):
        log_linear(histories)


def corpora(root, *names, random=True):
    """Store empty corpora, random draws or not."""
    for name in names:
        folder = store(root, corpus=name)
        text = CORPUS.replace("random: false", f"random: {str(random).lower()}")
        (folder / "corpus.yaml").write_text(text, encoding="utf-8")


def seen(root, *groups, **options):
    """Store corpora, and alliances in *groups* of (corpora, number); return the rows of the table."""
    names = sorted({name for group, _ in groups for name in group})
    corpora(root, *names, **options)
    listed = [group for group, number in groups for _ in range(number)]
    alliances = [alliance(n, corpora=list(group)) for n, group in enumerate(listed)]
    store(root, corpus="unused", alliances=alliances)
    return list(coverage.coverage_by_recapture(study(root, *names)))


def test_two_corpora_tell_what_neither_saw(tmp_path):
    """The lists P and Q: 208 seen of 334, 62 %, 52 % to 72 %."""
    (row,) = seen(tmp_path, (("a",), 86), (("b",), 73), (("a", "b"), 49))

    assert (row["sources"], row["seen"], row["recaptured"]) == (["a", "b"], 208, 49)
    assert [
        row[name] for name in ("population", "coverage", "coverage_low", "coverage_high")
    ] == pytest.approx([333.6, 0.6236, 208 / 403.41, 208 / 288.68], abs=5e-2)
    assert "closed population" in row["assumptions"]


def test_three_corpora_have_a_row_a_pair_and_a_row_a_model(tmp_path):
    groups = [
        (tuple(name for name, there in zip("PQE", cell, strict=True) if there), n)
        for cell, n in HEPATITIS.items()
    ]

    rows = seen(tmp_path, *groups)

    assert [row["method"] for row in rows] == ["Chapman"] * 3 + ["log-linear"] * 8
    chosen = next(row for row in rows if row["chosen"])
    assert (chosen["population"], chosen["dependent"]) == (1312.8, ["E * P", "E * Q", "P * Q"])


def test_corpora_that_were_chosen_by_hand_say_nothing_of_what_they_lack(tmp_path):
    """However many alliances they share: the counts are told, an estimate is refused."""
    (row,) = seen(tmp_path, (("a",), 20), (("b",), 20), (("a", "b"), 20), random=False)

    assert (row["seen"], row["recaptured"], row["population"]) == (60, 20, None)
    assert row["refused"] == "no random draw: a, b"


def test_a_small_overlap_is_refused_with_its_number(tmp_path):
    (row,) = seen(tmp_path, (("a",), 200), (("b",), 200), (("a", "b"), 6))

    assert (row["population"], row["refused"]) == (None, "6 alliances in both sources, 7 needed")


def test_a_corpus_with_a_copy_saw_the_alliance(tmp_path):
    """Resolving leaves the copy out, so that the alliance's own list does not have the corpus."""
    corpora(tmp_path, "a", "b")
    copies = [Duplicate(document="b/9.txt", duplicate_of="a/1.txt", similarity=1)]
    alliances = [
        alliance(1, corpora=["a"], mentions=["a/1.txt@1"]),
        alliance(2, corpora=["a"], mentions=["a/2.txt@1"]),
    ]
    store(tmp_path, corpus="unused", alliances=alliances, duplicates=copies)

    (row,) = coverage.coverage_by_recapture(study(tmp_path, "a", "b"))

    assert (row["seen"], row["recaptured"]) == (2, 1)


def test_one_corpus_has_no_row_and_none_seen_is_refused(tmp_path):
    corpora(tmp_path, "a", "b", "c")

    assert list(coverage.coverage_by_recapture(study(tmp_path, "a"))) == []
    assert {row["refused"] for row in coverage.coverage_by_recapture(study(tmp_path, "a", "b", "c"))} == {
        "0 alliances in both sources, 7 needed",
        "0 in several sources, 7 needed",
    }


def test_every_column_is_explained(tmp_path):
    (row,) = seen(tmp_path, (("a",), 8), (("b",), 8), (("a", "b"), 8))
    table = coverage.coverage_by_recapture

    assert all(tables.meaning(column, table) for column in row)
    assert tables.header(table, []) == list(row)
