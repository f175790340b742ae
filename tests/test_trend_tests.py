"""Trend tests, against published numbers, other implementations, and simulated shares whose trend is known."""

from itertools import product
from math import comb

import numpy as np
import pytest
from entente import trend_tests
from entente.errors import EntenteError
from scipy.special import expit
from scipy.stats import chi2_contingency

SMOKERS, PATIENTS = [83, 90, 129, 70], [86, 93, 136, 82]


@pytest.mark.parametrize(
    ("scores", "counts", "totals", "chi_squared", "p"),
    [
        # The examples of R's help page of prop.trend.test; reversing the scores does not change the statistic.
        ([1, 2, 3, 4], SMOKERS, PATIENTS, 8.2249, 0.004132),
        ([4, 3, 2, 1], SMOKERS, PATIENTS, 8.2249, 0.004132),
        # Altman (1991), p. 229, in Dalgaard, Introductory statistics with R, section on trends in proportions.
        (range(6), [5, 7, 6, 7, 8, 10], [22, 35, 42, 48, 54, 150], 8.0237, 0.004617),
    ],
)
def test_cochran_armitage_is_that_of_r(scores, counts, totals, chi_squared, p):
    found = trend_tests.cochran_armitage(scores, counts, totals)

    assert found.statistic**2 == pytest.approx(chi_squared, abs=5e-5)
    assert found.p == pytest.approx(p, abs=5e-7)


def test_the_slope_is_the_weighted_regression_of_the_share():
    slope = np.polyfit([1, 2, 3, 4], np.divide(SMOKERS, PATIENTS), 1, w=np.sqrt(PATIENTS))[0]

    assert trend_tests.cochran_armitage([1, 2, 3, 4], SMOKERS, PATIENTS).estimate == pytest.approx(
        100 * slope
    )


@pytest.mark.parametrize("slope", [0.0, 0.02])
def test_cochran_armitage_covers_the_slope_as_often_as_it_says(slope):
    """Ten years of 30 alliances, their share from .2 on the rise by two points a year, or not."""
    rng, years = np.random.default_rng(1), np.arange(10)
    drawn = rng.binomial(30, 0.2 + slope * years, (1500, 10))
    found = [trend_tests.cochran_armitage(years, counts, [30] * 10) for counts in drawn]

    assert np.mean([f.low <= 100 * slope <= f.high for f in found]) == pytest.approx(0.95, abs=0.02)


# The 23 flights before the Challenger's last: temperature, and whether O-rings suffered (Dalal et al. 1989, JASA 84:945).
TEMPERATURE = [66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58]
DISTRESS = [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1]


def test_the_marginal_effect_is_that_of_the_published_logit():
    """R has 15.0429 and -0.2322 (Agresti); each flight three times, which changes neither, makes the events enough."""
    share = expit(15.0429 - 0.2322 * np.array(TEMPERATURE))

    found = trend_tests.logit_trend(TEMPERATURE * 3, DISTRESS * 3)

    assert found.estimate == pytest.approx(np.mean(100 * -0.2322 * share * (1 - share)), rel=1e-3)
    assert found.low < found.estimate < found.high < 0


def alliances_by_year(rng, n=60, slope=0.15):
    """Return (year, equity) of *n* alliances of 2000 to 2009 whose logit rises by *slope* a year."""
    years = np.arange(n) % 10 + 2000
    return years, (rng.random(n) < expit(-0.5 + slope * (years - 2004.5))).astype(int)


def test_errors_are_hc3():
    """HC3 of a logit is that of the weighted least squares which it ends in; statsmodels has it of these."""
    from statsmodels.api import WLS, Logit, add_constant  # noqa: PLC0415 - takes a second

    years, equity = alliances_by_year(np.random.default_rng(2))
    x = add_constant(years - 2004.5)
    linear = x @ Logit(equity, x).fit(disp=False).params
    share = expit(linear)
    weight = share * (1 - share)
    end = WLS(linear + (equity - share) / weight, x, weights=weight).fit(cov_type="HC3")

    found = trend_tests.logit_trend(years, equity)

    assert found.statistic == pytest.approx(end.tvalues[1], rel=1e-6)
    assert found.p == pytest.approx(end.pvalues[1], rel=1e-5)


def test_clustered_errors_are_those_of_statsmodels():
    """Thirty clusters of two: statistic, and error of the marginal effect."""
    from scipy.stats import t  # noqa: PLC0415
    from statsmodels.api import Logit, add_constant  # noqa: PLC0415 - takes a second

    years, equity = alliances_by_year(np.random.default_rng(2))
    clusters = np.arange(60) // 2
    fit = Logit(equity, add_constant(years - 2004.5)).fit(
        disp=False, cov_type="cluster", cov_kwds={"groups": clusters}
    )
    effect = fit.get_margeff()

    found = trend_tests.logit_trend(years, equity, [f"a-{c}" for c in clusters])

    assert found.statistic == pytest.approx(fit.tvalues[1], rel=1e-6)
    assert found.p == pytest.approx(2 * t(29).sf(abs(fit.tvalues[1])), rel=1e-5)
    assert found.estimate == pytest.approx(100 * effect.margeff[0])
    half = (found.high - found.low) / 2
    assert half == pytest.approx(100 * effect.margeff_se[0] * t(29).isf(0.025), rel=1e-5)


def test_the_marginal_effect_is_covered_as_often_as_it_says():
    rng, slope = np.random.default_rng(3), 0.15
    years, _ = alliances_by_year(rng, 200)
    share = expit(-0.5 + slope * (years - 2004.5))
    true = 100 * np.mean(slope * share * (1 - share))
    found = [trend_tests.logit_trend(*alliances_by_year(rng, 200, slope)) for _ in range(600)]

    assert np.mean([f.low <= true <= f.high for f in found]) == pytest.approx(0.95, abs=0.025)


def test_copies_of_an_alliance_do_not_make_its_trend_surer():
    """Each alliance reported three times: clustered, the interval stays; as if independent, it shrinks to 1/sqrt(3)."""
    years, equity = alliances_by_year(np.random.default_rng(4), 300)
    width = [
        found.high - found.low
        for found in (
            trend_tests.logit_trend(years, equity),
            trend_tests.logit_trend(np.tile(years, 3), np.tile(equity, 3)),
            trend_tests.logit_trend(np.tile(years, 3), np.tile(equity, 3), np.tile(np.arange(300), 3)),
        )
    ]

    assert width[1] == pytest.approx(width[0] / np.sqrt(3), rel=0.02)
    assert width[2] == pytest.approx(width[0], rel=0.02)


COUNTS, TOTALS = np.array([2, 1, 3, 8, 7, 9]), np.array([10, 9, 12, 11, 10, 13])


def test_the_likelihood_ratio_is_that_of_the_two_by_two_table():
    for place, found in enumerate(trend_tests.likelihood_ratios(COUNTS, TOTALS), 1):
        parts = [(c.sum(), (n - c).sum()) for c, n in zip(*map(split(place), (COUNTS, TOTALS)), strict=True)]
        assert found == pytest.approx(
            chi2_contingency(parts, correction=False, lambda_="log-likelihood").statistic
        )


def split(place):
    """Return a function that splits an array before *place*."""
    return lambda values: (values[:place], values[place:])


def test_p_of_a_change_is_that_of_all_orders():
    """Three years: all ways of dealing 10 equity alliances to them, by their hypergeometric probability."""
    counts, totals = np.array([2, 2, 6]), np.array([8, 6, 8])
    observed = trend_tests.likelihood_ratios(counts, totals).max()
    exact = sum(
        np.prod([comb(n, k) for n, k in zip(totals.tolist(), dealt, strict=True)]) / comb(22, 10)
        for dealt in product(*(range(n + 1) for n in totals))
        if sum(dealt) == 10
        and trend_tests.likelihood_ratios(np.array(dealt), totals).max() >= observed - trend_tests.CHANCE
    )

    found = trend_tests.change_point([2000, 2001, 2002], counts, totals, draws=20_000)

    assert (found.statistic, found.estimate) == (observed, 2002)
    assert found.p == pytest.approx(exact, abs=0.01)


def test_a_change_is_found_no_more_often_than_p_says_where_there_is_none():
    drawn = np.random.default_rng(7).binomial(15, 0.3, (400, 8))
    found = [trend_tests.change_point(range(8), counts, [15] * 8, draws=199).p for counts in drawn]

    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.05, abs=0.025)


def test_the_year_of_the_change_is_covered_as_often_as_it_says():
    """From .2 to .5 after three of eight years: the set has it in 95 % or more, and is not all there is."""
    rng, share = np.random.default_rng(8), np.array([0.2] * 3 + [0.5] * 5)
    found = [
        trend_tests.change_point(range(2000, 2008), counts, [20] * 8, draws=199)
        for counts in rng.binomial(20, share, (300, 8))
    ]

    assert np.mean([f.low <= 2003 <= f.high for f in found]) >= 0.94
    assert np.mean([f.high - f.low for f in found]) < 4


def test_a_change_point_is_the_same_in_every_run():
    years = range(2000, 2006)

    assert trend_tests.change_point(years, COUNTS, TOTALS) == trend_tests.change_point(years, COUNTS, TOTALS)
    backwards = trend_tests.change_point(years[::-1], COUNTS[::-1], TOTALS[::-1])
    assert backwards == trend_tests.change_point(years, COUNTS, TOTALS)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe (1998), table II, examples (a) to (h), method 10.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombe_is_that_of_the_paper(first, second, low, high):
    found, back = trend_tests.newcombe(*first, *second), trend_tests.newcombe(*second, *first)

    assert (found.low, found.high) == pytest.approx((low, high), abs=5.1e-5)
    assert (back.low, back.high) == pytest.approx((-found.high, -found.low))
    assert back.p == pytest.approx(found.p)


@pytest.mark.parametrize("counts", [(56, 70, 48, 80), (2, 9, 14, 20), (30, 300, 45, 280)])
def test_the_interval_at_level_1_minus_p_ends_at_0(counts):
    p = trend_tests.newcombe(*counts).p
    found = trend_tests.newcombe(*counts, level=1 - p)

    assert min(abs(found.low), abs(found.high)) == pytest.approx(0, abs=1e-6)


def test_shares_that_are_worlds_apart_have_a_p_that_is_nearly_0():
    """The seed documents' 62 % of 2,500 and 25 % of 3,000: 37 points, [34.5, 39.4] (anchors, C1)."""
    found = trend_tests.newcombe(1550, 2500, 750, 3000)

    assert (found.estimate, found.low, found.high) == pytest.approx((0.37, 0.345, 0.394), abs=6e-4)
    assert 0 <= found.p < 1e-12


MANY = [20] * 4


@pytest.mark.parametrize(
    ("years", "counts", "totals", "reason"),
    [
        ([], [], [], "no alliance of a known form has a year"),
        ([2000, 2001], [0, 0], [0, 0], "no alliance of a known form has a year"),
        ([2000, 2001], [10, 12], [20, 20], "2 years; a trend needs 3"),
        (range(4), [0] * 4, MANY, "no variation: 0 of 80 are equity"),
        (range(4), MANY, MANY, "no variation: 80 of 80 are equity"),
        (range(4), [1, 2, 3, 3], MANY, "9 of 80 are equity; a trend needs 10 that are, and 10 that are not"),
        (range(4), [19, 20, 20, 20], MANY, "79 of 80 are equity; a trend needs 10 that are, and 10 that"),
    ],
)
def test_what_the_alliances_do_not_carry_is_refused(years, counts, totals, reason):
    """By all three tests of the same series, and without a number."""
    single = [(y, c < k) for y, k, n in zip(years, counts, totals, strict=True) for c in range(n)]
    for found in (
        trend_tests.cochran_armitage(years, counts, totals),
        trend_tests.change_point(years, counts, totals),
        trend_tests.logit_trend([y for y, _ in single], [e for _, e in single]),
    ):
        assert reason in found.refused
        assert (found.statistic, found.estimate, found.low, found.high, found.p) == (None,) * 5
        assert found.n == sum(totals)


def test_separation_is_refused():
    """All from 2002 on are equity, before none; with 2002 mixed, the logit has no maximum either."""
    years = np.repeat(np.arange(2000, 2005), 10)
    for from_year in (years >= 2002, (years > 2002) | ((years == 2002) & (np.arange(50) % 2 == 0))):
        for equity in (from_year, ~from_year):
            found = trend_tests.logit_trend(years, equity)
            assert found.refused == "separation: a year parts all equity from all that is not"
            assert found.p is None


def test_few_clusters_are_refused():
    years, equity = alliances_by_year(np.random.default_rng(2))

    found = trend_tests.logit_trend(years, equity, np.arange(60) // 4)

    assert found.refused == "15 clusters; robust errors need 20"


def test_small_periods_are_not_compared():
    assert trend_tests.newcombe(2, 4, 5, 20).refused == "4 and 20 alliances; a comparison needs 5 in both"


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (
            lambda: trend_tests.cochran_armitage([1, 2], [1, 2, 3], [4, 4, 4]),
            "2 years, 3 counts and 3 totals",
        ),
        (lambda: trend_tests.change_point([1, 1], [1, 2], [4, 4]), "a year comes twice"),
        (
            lambda: trend_tests.cochran_armitage([1, 2], [1, 5], [4, 4]),
            "a count is not between 0 and its total",
        ),
        (lambda: trend_tests.logit_trend([1, 2], [1]), "2 years, 1 codes; one year, code and cluster a unit"),
        (lambda: trend_tests.newcombe(5, 4, 1, 8), "5 of 4 and 1 of 8; counts are parts of their n"),
    ],
)
def test_wrong_input_is_told(call, fault):
    with pytest.raises(EntenteError, match=fault):
        call()
