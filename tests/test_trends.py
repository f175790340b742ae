"""Trend tests, against published numbers, other implementations, and simulated series whose trend is known."""

from itertools import product
from math import comb

import numpy as np
import pytest
from entente import cli, estimate, tables, trends
from entente.codebook import equity_status
from entente.errors import EntenteError
from entente.records import Alliance, Mention
from entente.study import Study
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
    found = trends.cochran_armitage(scores, counts, totals)

    assert found.statistic**2 == pytest.approx(chi_squared, abs=5e-5)
    assert found.p == pytest.approx(p, abs=5e-7)


def test_the_slope_is_the_weighted_regression_of_the_share():
    slope = np.polyfit([1, 2, 3, 4], np.divide(SMOKERS, PATIENTS), 1, w=np.sqrt(PATIENTS))[0]

    assert trends.cochran_armitage([1, 2, 3, 4], SMOKERS, PATIENTS).estimate == pytest.approx(100 * slope)


@pytest.mark.parametrize("slope", [0.0, 0.02])
def test_cochran_armitage_covers_the_slope_as_often_as_it_says(slope):
    """Ten years of 30 alliances, their share from .2 on the rise by two points a year, or not."""
    rng, years = np.random.default_rng(1), np.arange(10)
    drawn = rng.binomial(30, 0.2 + slope * years, (1500, 10))
    found = [trends.cochran_armitage(years, counts, [30] * 10) for counts in drawn]

    assert np.mean([f.low <= 100 * slope <= f.high for f in found]) == pytest.approx(0.95, abs=0.02)


# The 23 flights before the Challenger's last: temperature, and whether O-rings suffered (Dalal et al. 1989, JASA 84:945).
TEMPERATURE = [66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58]
DISTRESS = [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1]


def test_the_marginal_effect_is_that_of_the_published_logit():
    """R has 15.0429 and -0.2322 (Agresti); each flight three times, which changes neither, makes the events enough."""
    share = expit(15.0429 - 0.2322 * np.array(TEMPERATURE))

    found = trends.logit_trend(TEMPERATURE * 3, DISTRESS * 3)

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

    found = trends.logit_trend(years, equity)

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

    found = trends.logit_trend(years, equity, [f"a-{c}" for c in clusters])

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
    found = [trends.logit_trend(*alliances_by_year(rng, 200, slope)) for _ in range(600)]

    assert np.mean([f.low <= true <= f.high for f in found]) == pytest.approx(0.95, abs=0.025)


def test_copies_of_an_alliance_do_not_make_its_trend_surer():
    """Each alliance reported three times: clustered, the interval stays; as if independent, it shrinks to 1/sqrt(3)."""
    years, equity = alliances_by_year(np.random.default_rng(4), 300)
    width = [
        found.high - found.low
        for found in (
            trends.logit_trend(years, equity),
            trends.logit_trend(np.tile(years, 3), np.tile(equity, 3)),
            trends.logit_trend(np.tile(years, 3), np.tile(equity, 3), np.tile(np.arange(300), 3)),
        )
    ]

    assert width[1] == pytest.approx(width[0] / np.sqrt(3), rel=0.02)
    assert width[2] == pytest.approx(width[0], rel=0.02)


def nile():
    """Return (years, volumes) of the river's flow at Aswan, 1871 to 1970, R's Nile."""
    from statsmodels.datasets import nile as data  # noqa: PLC0415 - takes a second

    found = data.load_pandas().data
    return found["year"].to_numpy(int), found["volume"].to_numpy()


def test_hamed_rao_is_that_of_pymannkendall():
    """Release 1.4.3 on the Nile: hamed_rao_modification_test, and original_test's var_s and slope."""
    years, volumes = nile()

    found = trends.mann_kendall(years, volumes, method="hamed_rao")

    assert found.statistic == pytest.approx(-2.8199791956451388)
    assert found.p == pytest.approx(0.004802676310182719)
    assert found.estimate == pytest.approx(-2.6)
    assert trends.score_variance(volumes) == pytest.approx(112728.33333333333)
    inflation = trends.variance_inflation(years, volumes, "hamed_rao")
    assert inflation * 112728.33333333333 == pytest.approx(241565.3569166269)


def test_the_theil_sen_interval_is_that_of_scipy_where_values_are_independent():
    from scipy.stats import theilslopes  # noqa: PLC0415

    years, volumes = nile()
    known = theilslopes(volumes, years, 0.95)

    assert trends.theil_sen(years, volumes) == pytest.approx((known.slope, known.low_slope, known.high_slope))


def series_without_trend(autocorrelation, n=20, draws=1000):
    """Return series of a first-order process, shape (draws, n)."""
    noise = np.random.default_rng(5).standard_normal((draws, n + 40))
    for t in range(1, n + 40):
        noise[:, t] += autocorrelation * noise[:, t - 1]
    return noise[:, 40:]


@pytest.mark.parametrize(
    ("method", "autocorrelation", "low", "high"),
    [("ar1", 0, 0.02, 0.055), ("ar1", 0.4, 0.04, 0.095), ("hamed_rao", 0.4, 0.15, 0.25)],
)
def test_autocorrelation_is_not_taken_for_a_trend(method, autocorrelation, low, high):
    """Nominally 5 % of series without a trend have one; the published correction alone is far from it in 20 years."""
    years = np.arange(20)
    found = [
        trends.mann_kendall(years, values, method=method) for values in series_without_trend(autocorrelation)
    ]

    wrong = np.mean([f.refused is None and f.p < 0.05 for f in found])
    assert low <= wrong <= high


def test_a_trend_in_shares_is_found_and_its_slope_covered():
    """Twenty years of 25 alliances, two points a year."""
    rng, years = np.random.default_rng(6), np.arange(20)
    drawn = 4.0 * rng.binomial(25, 0.2 + 0.02 * years, (400, 20))
    found = [trends.mann_kendall(years, values) for values in drawn]

    assert np.mean([f.p < 0.05 for f in found]) > 0.9
    assert np.mean([f.low <= 2 <= f.high for f in found]) > 0.93


def test_a_missing_year_is_no_neighbour():
    """With every other year missing, next to nothing can be told of the autocorrelation of lag 1."""
    values = series_without_trend(0.9, 20, 1)[0]
    close, apart = (trends.variance_inflation(step * np.arange(20), values) for step in (1, 2))

    assert close > 2 > apart >= 1


def test_a_straight_line_is_a_trend():
    """All residuals are 0, and have no autocorrelation."""
    found = trends.mann_kendall(range(2000, 2012), 0.1 * np.arange(12))

    assert (found.estimate, found.low, found.high) == pytest.approx((0.1, 0.1, 0.1))
    assert found.statistic == pytest.approx(65 / np.sqrt(12 * 11 * 29 / 18))


COUNTS, TOTALS = np.array([2, 1, 3, 8, 7, 9]), np.array([10, 9, 12, 11, 10, 13])


def test_the_likelihood_ratio_is_that_of_the_two_by_two_table():
    for place, found in enumerate(trends.likelihood_ratios(COUNTS, TOTALS), 1):
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
    observed = trends.likelihood_ratios(counts, totals).max()
    exact = sum(
        np.prod([comb(n, k) for n, k in zip(totals.tolist(), dealt, strict=True)]) / comb(22, 10)
        for dealt in product(*(range(n + 1) for n in totals))
        if sum(dealt) == 10
        and trends.likelihood_ratios(np.array(dealt), totals).max() >= observed - trends.CHANCE
    )

    found = trends.change_point([2000, 2001, 2002], counts, totals, draws=20_000)

    assert (found.statistic, found.estimate) == (observed, 2002)
    assert found.p == pytest.approx(exact, abs=0.01)


def test_a_change_is_found_no_more_often_than_p_says_where_there_is_none():
    drawn = np.random.default_rng(7).binomial(15, 0.3, (400, 8))
    found = [trends.change_point(range(8), counts, [15] * 8, draws=199).p for counts in drawn]

    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.05, abs=0.025)


def test_the_year_of_the_change_is_covered_as_often_as_it_says():
    """From .2 to .5 after three of eight years: the set has it in 95 % or more, and is not all there is."""
    rng, share = np.random.default_rng(8), np.array([0.2] * 3 + [0.5] * 5)
    found = [
        trends.change_point(range(2000, 2008), counts, [20] * 8, draws=199)
        for counts in rng.binomial(20, share, (300, 8))
    ]

    assert np.mean([f.low <= 2003 <= f.high for f in found]) >= 0.94
    assert np.mean([f.high - f.low for f in found]) < 4


def test_a_change_point_is_the_same_in_every_run():
    years = range(2000, 2006)

    assert trends.change_point(years, COUNTS, TOTALS) == trends.change_point(years, COUNTS, TOTALS)
    backwards = trends.change_point(years[::-1], COUNTS[::-1], TOTALS[::-1])
    assert backwards == trends.change_point(years, COUNTS, TOTALS)


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
    found, back = trends.newcombe(*first, *second), trends.newcombe(*second, *first)

    assert (found.low, found.high) == pytest.approx((low, high), abs=5.1e-5)
    assert (back.low, back.high) == pytest.approx((-found.high, -found.low))
    assert back.p == pytest.approx(found.p)


@pytest.mark.parametrize("counts", [(56, 70, 48, 80), (2, 9, 14, 20), (30, 300, 45, 280)])
def test_the_interval_at_level_1_minus_p_ends_at_0(counts):
    p = trends.newcombe(*counts).p
    found = trends.newcombe(*counts, level=1 - p)

    assert min(abs(found.low), abs(found.high)) == pytest.approx(0, abs=1e-6)


def test_shares_that_are_worlds_apart_have_a_p_that_is_nearly_0():
    """The seed documents' 62 % of 2,500 and 25 % of 3,000: 37 points, [34.5, 39.4] (anchors, C1)."""
    found = trends.newcombe(1550, 2500, 750, 3000)

    assert (found.estimate, found.low, found.high) == pytest.approx((0.37, 0.345, 0.394), abs=6e-4)
    assert 0 <= found.p < 1e-12
    assert trends.probability(found.p) == 0.0001


@pytest.mark.parametrize(
    ("values", "known"),
    [
        ([0.50, 0.003, 0.32, 0.054, 0.0003], [0.64, 0.012, 0.64, 0.162, 0.0015]),  # pingouin's documentation
        ([0.319, 0.201, 0.4, 0.374, 0.113], [0.957, 0.804, 0.957, 0.957, 0.565]),  # stdlib's documentation
        ([0.02, 0.02, None], [0.04, 0.04, None]),
        ([], []),
    ],
)
def test_holm_is_that_of_others(values, known):
    for found, expected in zip(trends.holm(values), known, strict=True):
        assert found == (None if expected is None else pytest.approx(expected))


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
        trends.cochran_armitage(years, counts, totals),
        trends.change_point(years, counts, totals),
        trends.logit_trend([y for y, _ in single], [e for _, e in single]),
    ):
        assert reason in found.refused
        assert (found.statistic, found.estimate, found.low, found.high, found.p) == (None,) * 5
        assert found.n == sum(totals)


def test_separation_is_refused():
    """All from 2002 on are equity, before none; with 2002 mixed, the logit has no maximum either."""
    years = np.repeat(np.arange(2000, 2005), 10)
    for from_year in (years >= 2002, (years > 2002) | ((years == 2002) & (np.arange(50) % 2 == 0))):
        for equity in (from_year, ~from_year):
            found = trends.logit_trend(years, equity)
            assert found.refused == "separation: a year parts all equity from all that is not"
            assert found.p is None


def test_few_clusters_are_refused():
    years, equity = alliances_by_year(np.random.default_rng(2))

    found = trends.logit_trend(years, equity, np.arange(60) // 4)

    assert found.refused == "15 clusters; robust errors need 20"


def test_a_short_or_constant_series_is_refused_by_mann_kendall():
    assert trends.mann_kendall(range(9), range(9)).refused == "9 years; Mann-Kendall needs 10"
    assert trends.mann_kendall(range(10), [25.0] * 10).refused == "no variation: 25 in all 10 years"


def test_an_autocorrelation_that_leaves_no_years_is_refused():
    """Two levels, ten years each: as far as these tell, a step or a wander, and a slope without limits."""
    found = trends.mann_kendall(range(10), [0, 0.1, 0.3, 0.2, 0, 5, 5.2, 5.1, 5.3, 5], level=0.999999)

    assert found.refused == "10 years, of which autocorrelation leaves too few that count"
    assert found.estimate is None


def test_small_periods_are_not_compared():
    assert trends.newcombe(2, 4, 5, 20).refused == "4 and 20 alliances; a comparison needs 5 in both"


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (lambda: trends.cochran_armitage([1, 2], [1, 2, 3], [4, 4, 4]), "2 years, 3 counts and 3 totals"),
        (lambda: trends.change_point([1, 1], [1, 2], [4, 4]), "a year comes twice"),
        (lambda: trends.cochran_armitage([1, 2], [1, 5], [4, 4]), "a count is not between 0 and its total"),
        (lambda: trends.logit_trend([1, 2], [1]), "2 years, 1 codes; one year, code and cluster a unit"),
        (lambda: trends.mann_kendall([1, 1], [1.0, 2.0]), "2 years, 2 values; give one value for each year"),
        (lambda: trends.newcombe(5, 4, 1, 8), "5 of 4 and 1 of 8; counts are parts of their n"),
    ],
)
def test_wrong_input_is_told(call, fault):
    with pytest.raises(EntenteError, match=fault):
        call()


def study(root, forms):
    """Store alliances, one a (year, form) and each with one mention, and return their study."""
    alliances, mentions = [], []
    shared = {
        "venture_name": None,
        "functions": [],
        "value_chain": "unclear",
        "stakes": [],
        "term_years": None,
    }
    for number, (year, form) in enumerate(forms):
        known = shared | {"form": form, "equity_status": equity_status(form), "status": "signed"}
        known |= {"date": None, "confidence": 0.9}
        name = f"wire/{number}.txt"
        mentions.append(
            Mention(id=f"{name}@1", document=name, partners=[], evidence=[], language="en", **known)
        )
        alliances.append(
            Alliance(
                id=f"a-{number}",
                mentions=[f"{name}@1"],
                partners=[],
                partner_names=[],
                year=year,
                languages=["en"],
                corpora=["wire"],
                **known,
            )
        )
    cli.write(root / "interim" / "alliances.jsonl", alliances)
    cli.write(root / "interim" / "wire" / "0" / "mentions.jsonl", mentions)
    cli.write(root / "interim" / "wire" / "0" / "documents.jsonl", [])
    return Study(root / "interim", (root / "wire",), 5, 0.95, 0.5)


def falling():
    """Return forms by year: of 12 a year from 1995 to 2006, joint ventures fall from ten to two; some are unknown."""
    ventures = [10, 9, 9, 8, 7, 7, 6, 5, 5, 4, 3, 2]
    for year, count in enumerate(ventures, 1995):
        yield from [(year, "joint_venture")] * count + [(year, "contractual")] * (12 - count)
        yield year, "unspecified"
    yield None, "joint_venture"


def test_every_test_sees_a_fall(tmp_path):
    """One row a definition and test, unknown forms and years left out, Holm over the ten."""
    rows = list(trends.trends(study(tmp_path, falling())))

    assert [row["test"] for row in rows] == [
        "cochran_armitage",
        "logit",
        "logit_of_mentions",
        "mann_kendall",
        "change_point",
    ] * 2
    assert {(row["n"], row["years"], row["refused"]) for row in rows} == {(144, 12, None)}
    for row in rows:
        assert row["p"] <= row["p_holm"] <= min(1, 10 * row["p"])
        assert row["p_holm"] < 0.05
        assert row["low"] <= row["estimate"] <= row["high"]
        points = row["unit"] == "points a year"
        assert row["estimate"] == pytest.approx(-5.9, abs=0.6) if points else 1998 < row["estimate"] < 2004


def test_periods_are_compared_with_the_one_before(tmp_path):
    """1995-1999 has 43 of 60, 2000-2004 27 of 60, and 2005-2009 5 of 24."""
    rows = list(trends.change_over_periods(study(tmp_path, falling())))

    first, second = rows[:2]
    assert (first["period_before"], first["period"], second["period"]) == (
        "1995-1999",
        "2000-2004",
        "2005-2009",
    )
    assert [first[name] for name in ("n_before", "n", "share_before", "share")] == [60, 60, 0.7167, 0.45]
    assert (second["n"], second["share"], second["change"]) == (24, 0.2083, -0.2417)
    assert first["high"] < 0
    assert len(rows) == 4


def test_an_empty_study_is_refused_row_by_row(tmp_path):
    rows = list(trends.trends(study(tmp_path, [])))

    assert len(rows) == 10
    assert all(row["refused"] and row["p_holm"] is None and row["n"] == 0 for row in rows)
    assert list(trends.change_over_periods(study(tmp_path, []))) == []


def test_a_small_period_is_refused_and_does_not_count_for_holm(tmp_path):
    forms = [(1990, "joint_venture")] * 2 + list(falling())

    rows = [row for row in trends.change_over_periods(study(tmp_path, forms)) if row["refused"]]

    assert [row["period_before"] for row in rows] == ["1990-1994"] * 2
    assert rows[0]["refused"] == "60 and 2 alliances; a comparison needs 5 in both"
    assert (rows[0]["share"], rows[0]["p"], rows[0]["p_holm"]) == (None, None, None)


@pytest.mark.parametrize("table", [trends.trends, trends.change_over_periods])
def test_every_column_is_explained(tmp_path, table):
    rows = list(table(study(tmp_path, falling())))

    assert all(tables.meaning(name, table, estimate.TABLES.values()) for name in rows[0])
    assert all(row.keys() == rows[0].keys() for row in rows)
