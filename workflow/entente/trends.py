"""Trends of the equity share over the years, and what each test of a trend needs before it says anything.

A test returns a `Result`. What the data do not carry is refused: ``refused`` says why, and there is no number. Years
count from the announcement, forms that the texts leave open are left out, and errors of extraction are in no
interval. All tests but Mann-Kendall's take the alliances as independent of each other: what moves all alliances of
one year together makes their intervals too short.
"""

from collections import Counter
from dataclasses import asdict, dataclass, replace
from itertools import pairwise

import numpy as np
import scipy  # its parts load when they are used

from entente.codebook import equity_status
from entente.errors import EntenteError
from entente.records import Mention
from entente.study import EQUITY_FORMS, by_period, choices

RARER = 10  # events that one coefficient takes: Peduzzi et al. (1996), J. Clinical Epidemiology 49:1373-1379
YEARS = 3  # with two, a trend is the comparison of two shares
MANN_KENDALL_YEARS = 10  # from here the normal distribution holds: Kendall (1975), Rank correlation methods
# With 1 alliance a year at first and 10 at last, chance shares of .1 to .3 have a trend by the plain test in 11-16 of
# 100 series of 20 years (2,000 simulated), as shares of 1 or 2 are skewed; with 5 and 50 in 5-8.
ALLIANCES_A_YEAR = 5
CLUSTERS = (
    20  # below, cluster-robust errors are too small: Cameron and Miller (2015), J. Human Resources 50:317-372
)
PERIOD = 5  # with fewer alliances the 95 % interval of a share is wider than half of all shares there are
DRAWS = 1999
SEED = 1971  # any, but the same in every run
CHANCE = 1e-9  # statistics that are equal but for rounding


@dataclass(frozen=True)
class Result:
    """What a test says: of ``n`` units in so many ``years``; ``low`` and ``high`` are the estimate's interval."""

    statistic: float | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    n: int = 0
    years: int = 0
    refused: str | None = None


def series(years, counts, totals):
    """Return the three as arrays, by year, years without any left out.

    Raises
    ------
    EntenteError
        If lengths differ, a year comes twice, or a count is not between 0 and its total.

    >>> [column.tolist() for column in series([2002, 2000, 2001], [3, 1, 0], [4, 2, 0])]
    [[2000, 2002], [1, 3], [2, 4]]
    """
    years, counts, totals = (np.asarray(values, dtype=int) for values in (years, counts, totals))
    if not years.shape == counts.shape == totals.shape:
        raise EntenteError(
            f"{years.size} years, {counts.size} counts and {totals.size} totals; one of each a year"
        )
    if len(np.unique(years)) < len(years):
        raise EntenteError("a year comes twice; add its counts up")
    if np.any((counts < 0) | (counts > totals)):
        raise EntenteError("a count is not between 0 and its total; counts are parts of the totals")
    order = np.argsort(years)
    order = order[totals[order] > 0]
    return years[order], counts[order], totals[order]


def yearly(years, equity):
    """Return (years, counts, totals) of single alliances: their years, and whether each is equity.

    >>> [column.tolist() for column in yearly([2001, 2000, 2001], [True, True, False])]
    [[2000, 2001], [1, 1], [1, 2]]
    """
    found, place = np.unique(np.asarray(years, dtype=int), return_inverse=True)
    counts = np.bincount(place, weights=equity, minlength=len(found)).astype(int)
    return found, counts, np.bincount(place, minlength=len(found))


def lacking(counts, totals):
    """Return why a yearly series carries no trend, in words; None if it does.

    >>> lacking([0, 0, 0], [4, 5, 6])
    'no variation: 0 of 15 are equity'
    >>> lacking([2, 0, 1], [40, 50, 60])
    '3 of 150 are equity; a trend needs 10 that are, and 10 that are not'
    """
    count, n = int(np.sum(counts)), int(np.sum(totals))
    if not n:
        return "no alliance of a known form has a year"
    if count in (0, n):
        return f"no variation: {count} of {n} are equity"
    if len(totals) < YEARS:
        return f"{len(totals)} years; a trend needs {YEARS}"
    if min(count, n - count) < RARER:
        return f"{count} of {n} are equity; a trend needs {RARER} that are, and {RARER} that are not"
    return None


def cochran_armitage(years, counts, totals, level=0.95):
    """Test for a linear trend in shares.

    Parameters
    ----------
    years, counts, totals : arrays of int, one entry a year
        The score; how many are equity; of how many.
    level : float
        Nominal coverage of the interval.

    Returns
    -------
    Result
        z; the weighted least squares slope of the share, in percentage points a year; its interval, with the error
        under no trend, so that it holds 0 exactly if p is above 1 - level; p, two-sided.

    References
    ----------
    Armitage (1955). Tests for linear trends in proportions and frequencies. Biometrics 11:375-386.

    Caesarean births by size of shoe, Altman (1991), in R 8.0237, p = 0.004617:

    >>> found = cochran_armitage(range(6), [5, 7, 6, 7, 8, 10], [22, 35, 42, 48, 54, 150])
    >>> round(found.statistic**2, 4), round(found.p, 6), round(found.estimate, 2)
    (8.0237, 0.004617, -3.02)
    """
    years, counts, totals = series(years, counts, totals)
    n = int(totals.sum())
    if why := lacking(counts, totals):
        return Result(n=n, years=len(years), refused=why)
    share = counts.sum() / n
    off = years - np.average(years, weights=totals)
    spread = (totals * off**2).sum()
    slope, error = (off * counts).sum() / spread, np.sqrt(share * (1 - share) / spread)
    half = scipy.stats.norm.isf((1 - level) / 2) * error
    z = slope / error
    points = (100 * value for value in (slope, slope - half, slope + half))
    return Result(*map(float, (z, *points, 2 * scipy.stats.norm.sf(abs(z)))), n, len(years))


def logit_trend(years, equity, clusters=None, level=0.95):
    """Regress equity on the year, logit, with robust errors.

    Parameters
    ----------
    years : array of int, shape (n,)
    equity : array of 0 and 1, shape (n,)
    clusters : list of n labels, or None
        Units of one cluster, such as mentions of one alliance or alliances of one source, may depend on each other.

    Returns
    -------
    Result
        Wald statistic of the year: z, or with clusters t with as many degrees of freedom as there are clusters, less
        1; the average marginal effect, in percentage points a year, and its interval by the delta method; p, two-sided.

    Notes
    -----
    Errors are HC3 without clusters, CRV1 with them. They are computed here, as statsmodels 0.15 gives HC0 where HC3 is
    asked of a logit.

    References
    ----------
    MacKinnon and White (1985). Some heteroskedasticity-consistent covariance matrix estimators. J. Econometrics
    29:305-325. Cameron and Miller (2015). A practitioner's guide to cluster-robust inference. J. Human Resources
    50:317-372. Separation: Albert and Anderson (1984). Biometrika 71:1-10.

    A share of 1/5, 2/5 and 3/5 of 50 each rises by 20 points a year, on average a little less on the logit's curve:

    >>> years, equity = [0] * 50 + [1] * 50 + [2] * 50, sum(([1] * k + [0] * (50 - k) for k in (10, 20, 30)), [])
    >>> found = logit_trend(years, equity)
    >>> [round(x, 1) for x in (found.statistic, found.estimate, found.low, found.high)]
    [3.9, 19.0, 11.5, 26.5]
    """
    years, equity = np.asarray(years, dtype=int), np.asarray(equity, dtype=float)
    if years.shape != equity.shape or (clusters is not None and len(clusters) != len(years)):
        raise EntenteError(f"{years.size} years, {equity.size} codes; one year, code and cluster a unit")
    of, counts, totals = yearly(years, equity)
    refusal = Result(n=len(years), years=len(of))
    if why := lacking(counts, totals):
        return replace(refusal, refused=why)
    (no_first, no_last), (first, last) = (
        (years[equity == v].min(), years[equity == v].max()) for v in (0, 1)
    )
    if no_last <= first or last <= no_first:
        return replace(refusal, refused="separation: a year parts all equity from all that is not")
    labels, cluster = (
        (None, None) if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)
    )
    if clusters is not None and len(labels) < CLUSTERS:
        return replace(refusal, refused=f"{len(labels)} clusters; robust errors need {CLUSTERS}")

    from statsmodels.discrete.discrete_model import Logit  # noqa: PLC0415 - takes a second

    scale = years.std()
    x = np.column_stack([np.ones(len(years)), (years - years.mean()) / scale])
    fit = Logit(equity, x).fit(disp=False, maxiter=100, warn_convergence=False)
    if not fit.mle_retvals["converged"]:
        return replace(refusal, refused="the logit does not converge: equity is all but separated by year")
    fitted = scipy.special.expit(x @ fit.params)
    weight = fitted * (1 - fitted)
    bread = np.linalg.inv((x * weight[:, None]).T @ x)
    scores = x * (equity - fitted)[:, None]
    if clusters is None:
        scores /= 1 - (weight * np.einsum("ij,jk,ik->i", x, bread, x))[:, None]
        correction, quantiles = 1, scipy.stats.norm
    else:
        scores = np.column_stack([np.bincount(cluster, weights=column) for column in scores.T])
        correction = len(labels) / (len(labels) - 1) * (len(years) - 1) / (len(years) - 2)
        quantiles = scipy.stats.t(len(labels) - 1)
    covariance = correction * bread @ scores.T @ scores @ bread
    slope = fit.params[1]
    gradient = (slope * weight * (1 - 2 * fitted)) @ x / len(years) + [0, weight.mean()]
    effect, error = slope * weight.mean(), np.sqrt(gradient @ covariance @ gradient)
    half, statistic = quantiles.isf((1 - level) / 2) * error, slope / np.sqrt(covariance[1, 1])
    points = (100 / scale * value for value in (effect, effect - half, effect + half))
    return Result(*map(float, (statistic, *points, 2 * quantiles.sf(abs(statistic)))), len(years), len(of))


def theil_sen(years, values, level=0.95, inflation=1.0):
    """Return (slope, low, high): the median slope of all pairs of years, and its interval.

    Parameters
    ----------
    inflation : float
        By how much autocorrelation raises the variance of Kendall's score: the interval grows with it.

    Returns
    -------
    slope, low, high : float
        In units of *values* a year; a limit beyond the steepest pair is infinite.

    References
    ----------
    Sen (1968). Estimates of the regression coefficient based on Kendall's tau. JASA 63:1379-1389. His example, which
    has 93 %: 4, [3.71, 4.38].

    >>> found = theil_sen([1, 2, 3, 4, 10, 12, 18], [9, 15, 19, 20, 45, 55, 78], 0.93)
    >>> [round(float(x), 2) for x in found]
    [4.0, 3.71, 4.38]
    """
    years, values = np.asarray(years), np.asarray(values, dtype=float)
    first, second = np.triu_indices(len(years), 1)
    slopes = np.sort((values[second] - values[first]) / (years[second] - years[first]))
    half = scipy.stats.norm.isf((1 - level) / 2) * np.sqrt(inflation * score_variance(values))
    low, high = (round((len(slopes) + side * half) / 2) for side in (-1, 1))
    return (
        np.median(slopes),
        slopes[low - 1] if low > 0 else -np.inf,
        slopes[high] if high < len(slopes) else np.inf,
    )


def score_variance(values):
    """Return the variance of Kendall's score of independent *values*, those that are tied allowed for.

    >>> score_variance([1, 2, 3, 4]), score_variance([1, 1, 2, 3])
    (8.666666666666666, 7.666666666666667)
    """
    n, ties = len(values), np.unique(values, return_counts=True)[1]
    return float(n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18


def variance_inflation(years, values, method="ar1"):
    """Return by how much autocorrelation raises the variance of Kendall's score.

    Parameters
    ----------
    years : array of int, rising
        Years may be missing: what is a lag apart is so by the calendar.
    values : array of float
    method : str
        ``hamed_rao``: the autocorrelations of the detrended ranks that differ from 0 at 5 %, as published; below 1 if
        they are negative. ``ar1``: those of a first-order process, its coefficient that of lag 1, corrected for
        bias; never below 1.

    Notes
    -----
    Of 1,500 simulated series of 10, 20 and 50 years without a trend, at a nominal 5 %, ``hamed_rao`` finds one in 8 % of
    the independent ones, and in 15-19 % of those with a first-order autocorrelation of .4; ``ar1`` in 3-4 % and 8 %,
    and at .6 still in 7-11 %. The test without any correction (3,000): 4-5 %, 14-18 % and, at .6, 21-31 %.

    References
    ----------
    Hamed and Rao (1998). A modified Mann-Kendall trend test for autocorrelated data. J. Hydrology 204:182-196.
    Van Giersbergen (2005). On the effect of deterministic terms on the bias in stable AR models. Economics Letters
    89:75-82.

    >>> shares = [0.2, 0.3, 0.4, 0.5, 0.4, 0.3, 0.2, 0.3, 0.4, 0.5, 0.4, 0.3]  # each year like the one before
    >>> round(variance_inflation(range(1990, 2002), shares), 2)
    4.16
    """
    years, values = np.asarray(years), np.asarray(values, dtype=float)
    n = len(years)
    residuals = values - theil_sen(years, values)[0] * years
    ranks = np.zeros(years[-1] - years[0] + 1)
    ranks[years - years[0]] = scipy.stats.rankdata(residuals.round(9)) - (n + 1) / 2
    if not ranks.any():
        return 1.0
    lags = np.arange(1, min(n - 2, len(ranks)))
    weights = 2 * (n - lags) * (n - lags - 1) * (n - lags - 2) / (n * (n - 1) * (n - 2))
    found = np.array([ranks[lag:] @ ranks[:-lag] for lag in lags]) / (ranks @ ranks)
    if method == "hamed_rao":
        return float(1 + (weights * found)[np.abs(found) > scipy.stats.norm.isf(0.025) / np.sqrt(n)].sum())
    first = np.clip((n * found[0] + 2) / (n - 4), 0, 0.95)
    return float(1 + weights @ first**lags)


def mann_kendall(years, values, level=0.95, method="ar1"):
    """Test for a monotone trend, autocorrelation allowed for, with the Theil-Sen slope.

    Parameters
    ----------
    years : array of int
    values : array of float, one a year
    method : str
        How autocorrelation is allowed for: see `variance_inflation`.

    Returns
    -------
    Result
        z; the Theil-Sen slope in units of *values* a year, and its interval, both with the inflated variance; p,
        two-sided; ``n`` is the number of years.

    Notes
    -----
    A series with a unit root, which wanders without a trend, has p below 0.05 far too often under any such correction.

    References
    ----------
    Mann (1945). Econometrica 13:245-259. Hamed and Rao (1998). J. Hydrology 204:182-196.

    >>> found = mann_kendall(range(2000, 2012), [1, 3, 2, 5, 4, 6, 8, 7, 9, 11, 10, 12])
    >>> [round(x, 2) for x in (found.statistic, found.estimate, found.low, found.high)]
    [3.91, 1.0, 0.8, 1.17]
    """
    years, values = np.asarray(years, dtype=int), np.asarray(values, dtype=float)
    if years.shape != values.shape or len(np.unique(years)) < len(years):
        raise EntenteError(f"{years.size} years, {values.size} values; give one value for each year, once")
    order = np.argsort(years)
    years, values = years[order], values[order]
    n = len(years)
    refusal = Result(n=n, years=n)
    if n < MANN_KENDALL_YEARS:
        return replace(refusal, refused=f"{n} years; Mann-Kendall needs {MANN_KENDALL_YEARS}")
    if values.min() == values.max():
        return replace(refusal, refused=f"no variation: {values[0]:g} in all {n} years")
    inflation = variance_inflation(years, values, method)
    slope, low, high = theil_sen(years, values, level, inflation) if inflation > 0 else (0, -np.inf, np.inf)
    if not np.isfinite([low, high]).all():
        return replace(refusal, refused=f"{n} years, of which autocorrelation leaves too few that count")
    first, second = np.triu_indices(n, 1)
    score = np.sign(values[second] - values[first]).sum()
    z = (score - np.sign(score)) / np.sqrt(inflation * score_variance(values))
    return Result(*map(float, (z, slope, low, high, 2 * scipy.stats.norm.sf(abs(z)))), n, n)


def likelihood_ratios(counts, totals):
    """Return twice the log of the likelihood ratio of a change after each year but the last, shape (..., years - 1).

    Parameters
    ----------
    counts : array of int, shape (..., years)
    totals : array of int, shape (years,)

    >>> likelihood_ratios(np.array([0, 0, 4]), np.array([4, 4, 4])).round(2).tolist()
    [4.19, 15.28]
    """

    def fit(count, n):
        return scipy.special.xlogy(count, count / n) + scipy.special.xlogy(n - count, 1 - count / n)

    before, n = np.cumsum(counts, axis=-1), np.cumsum(totals)
    count, whole = before[..., -1:], n[-1]
    parts = fit(before[..., :-1], n[:-1]) + fit(count - before[..., :-1], whole - n[:-1])
    return 2 * (parts - fit(count, whole))


def change_point(years, counts, totals, level=0.95, draws=DRAWS, seed=SEED):
    """Find the year from which the share is another one, and how sure the year is.

    Parameters
    ----------
    draws, seed : int
        How often, and from where, alliances are dealt anew to the years.

    Returns
    -------
    Result
        The largest likelihood ratio statistic over all years; the first year of the new share; the first and the
        last year of the confidence set, which may leave out years in between; p of no change.

    Notes
    -----
    p is the share of random orders of the alliances with a statistic as large, so it allows for the search. A year is
    in the confidence set if, with a change there, random orders on both its sides give another year an advantage as
    large in more than 1 - level. Both hold for any n; the set means nothing where p says that there is no change.
    A steady trend has no change point but gives one.

    References
    ----------
    Worsley (1983). The power of likelihood ratio and cumulative sum tests for a change in a binomial probability.
    Biometrika 70:455-464. Worsley (1986). Confidence regions and tests for a change-point in a sequence of exponential
    family random variables. Biometrika 73:91-104. Phipson and Smyth (2010). Permutation p-values should never be
    zero. Statistical Applications in Genetics and Molecular Biology 9:39.

    >>> found = change_point(range(1990, 2000), [2, 3, 2, 3, 2, 7, 8, 7, 8, 7], [10] * 10)
    >>> found.estimate, found.low, found.high, found.p
    (1995, 1995, 1995, 0.0005)
    """
    years, counts, totals = series(years, counts, totals)
    n = int(totals.sum())
    if why := lacking(counts, totals):
        return Result(n=n, years=len(years), refused=why)
    rng = np.random.default_rng(seed)

    def dealt(part):
        return rng.multivariate_hypergeometric(totals[part], counts[part].sum(), size=draws)

    def p_value(drawn, observed):
        return (1 + int(np.count_nonzero(drawn >= observed - CHANCE))) / (draws + 1)

    found = likelihood_ratios(counts, totals)
    p = p_value(likelihood_ratios(dealt(slice(None)), totals).max(axis=1), found.max())
    kept = []
    for place, year in enumerate(years[1:].tolist()):
        sides = dealt(slice(place + 1)), dealt(slice(place + 1, None))
        drawn = likelihood_ratios(np.hstack(sides), totals)
        if p_value(drawn.max(axis=1) - drawn[:, place], found.max() - found[place]) > 1 - level:
            kept.append(year)
    return Result(float(found.max()), int(years[found.argmax() + 1]), kept[0], kept[-1], p, n, len(years))


def newcombe(count, n, count_before, n_before, level=0.95):
    """Compare two shares: the difference with its score interval.

    Parameters
    ----------
    count, n, count_before, n_before : int
        The later share's count and n, and the earlier one's.

    Returns
    -------
    Result
        The difference, a proportion: 0.05 is five percentage points; its interval; z and p are those of the interval
        that has 0 as a limit, so that p is below 1 - level exactly if 0 is outside. ``n`` is both together.

    References
    ----------
    Newcombe (1998). Interval estimation for the difference between independent proportions: comparison of eleven
    methods. Statistics in Medicine 17:873-890, method 10. Table II has 0.0524 and 0.3339 of 56/70 and 48/80:

    >>> found = newcombe(56, 70, 48, 80)
    >>> round(found.estimate, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    if not (0 <= count <= n and 0 <= count_before <= n_before):
        raise EntenteError(f"{count} of {n} and {count_before} of {n_before}; counts are parts of their n")
    if min(n, n_before) < PERIOD:
        return Result(
            n=n + n_before, refused=f"{n} and {n_before} alliances; a comparison needs {PERIOD} in both"
        )
    later, earlier = count / n, count_before / n_before
    difference = later - earlier

    def limits(level):
        (low, high), (low_before, high_before) = (
            scipy.stats.binomtest(k, of).proportion_ci(level, method="wilson")
            for k, of in ((count, n), (count_before, n_before))
        )
        return (
            difference - np.hypot(later - low, high_before - earlier),
            difference + np.hypot(high - later, earlier - low_before),
        )

    def nearer(z):
        return limits(1 - 2 * scipy.stats.norm.sf(z))[0 if difference > 0 else 1] * np.sign(difference)

    most = 8.0  # beyond, 1 - p is 1
    z = 0.0 if not difference else scipy.optimize.brentq(nearer, 0, most) if nearer(most) < 0 else most
    return Result(
        float(np.copysign(z, difference)),
        difference,
        *map(float, limits(level)),
        2 * scipy.stats.norm.sf(z),
        n + n_before,
    )


def holm(values):
    """Return p-values adjusted for their number, in their order; None stays None and does not count.

    References
    ----------
    Holm (1979). A simple sequentially rejective multiple test procedure. Scandinavian J. Statistics 6:65-70.

    >>> [p and round(p, 4) for p in holm([0.01, None, 0.04, 0.03, 0.005])]
    [0.03, None, 0.06, 0.06, 0.02]
    """
    known = sorted(p for p in values if p is not None)
    scaled = np.maximum.accumulate([p * (len(known) - place) for place, p in enumerate(known)])
    adjusted = dict(reversed(list(zip(known, np.minimum(scaled, 1).tolist(), strict=True))))
    return [None if p is None else adjusted[p] for p in values]


def rounded(value):
    """Return a number with four decimals, anything else as it is.

    >>> rounded(np.float64(0.123456)), rounded(1995), rounded(None)
    (0.1235, 1995, None)
    """
    return round(float(value), 4) if isinstance(value, float) else value


def probability(p):
    """Return a p-value with four decimals; 0.0001 stands for all that is smaller, as none is 0.

    >>> probability(0.04567), probability(1e-12), probability(None)
    (0.0457, 0.0001, None)
    """
    return p if p is None else max(round(float(p), 4), 0.0001)


def adjusted(rows, study):
    """Yield *rows* with ``p_holm`` behind ``p``, numbers rounded, and the choices of the *study*."""
    for row, p in zip(rows, holm([row["p"] for row in rows]), strict=True):
        done = {}
        for name, value in row.items():
            done[name] = probability(value) if name == "p" else rounded(value)
            if name == "p":
                done["p_holm"] = probability(p)
        yield done | choices(study)


def trends(study):
    """Trend tests of the equity share of alliances over the years of their announcement.

    Columns
    -------
    definition : what counts as equity, as in ``equity_share_by_year``
    test : ``cochran_armitage``: linear trend in the share; ``logit``: logit of equity on the year, HC3 errors;
        ``logit_of_mentions``: the same of all mentions, each with its own form and its alliance's year, errors
        clustered by alliance; ``mann_kendall``: monotone trend of the yearly shares, every year of 5 or more
        alliances counting the same, autocorrelation allowed for; ``change_point``: one change of the share
    statistic : z of the test; t of ``logit_of_mentions``; twice the log of the likelihood ratio of ``change_point``
    estimate : rise of the share a year: slope, average marginal effect of the logits, Theil-Sen slope of
        ``mann_kendall``; of ``change_point`` the first year of the new share
    unit : unit of the estimate: percentage ``points a year``, or a ``year``
    low, high : limits of the estimate's interval; of ``change_point`` first and last year of the confidence set
    p : two-sided p-value; 0.0001 stands for less too
    p_holm : p, adjusted by Holm's method for all tests in the table
    n : alliances of a known form and year that the test rests on; of ``logit_of_mentions`` mentions
    years : how many years these are of
    refused : why there is no result: what the data do not carry; empty if there is one
    """
    alliances = [a for a in study.counted() if a.year is not None]
    known = [a for a in alliances if equity_status(a.form) != "unknown"]
    of = {mention: alliance for alliance in alliances for mention in alliance.mentions}
    mentions = [
        (of[m.id], m.form)
        for _, m in study.records("mentions", Mention)
        if m.id in of and equity_status(m.form) != "unknown"
    ]
    years = [a.year for a in known]
    rows = []
    for definition, forms in EQUITY_FORMS.items():
        equity = [a.form in forms for a in known]
        tally = yearly(years, equity)
        often = tally[2] >= ALLIANCES_A_YEAR
        year, count, total = (column[often] for column in tally)
        found = {
            "cochran_armitage": cochran_armitage(*tally, study.level),
            "logit": logit_trend(years, equity, level=study.level),
            "logit_of_mentions": logit_trend(
                [a.year for a, _ in mentions],
                [form in forms for _, form in mentions],
                [a.id for a, _ in mentions],
                study.level,
            ),
            "mann_kendall": replace(mann_kendall(year, 100 * count / total, study.level), n=int(total.sum())),
            "change_point": change_point(*tally, study.level),
        }
        for test, result in found.items():
            values = asdict(result)
            rows.append(
                {
                    "definition": definition,
                    "test": test,
                    "statistic": values["statistic"],
                    "estimate": values["estimate"],
                    "unit": "year" if test == "change_point" else "points a year",
                    **values,
                }
            )
    yield from adjusted(rows, study)


def change_over_periods(study):
    """Change of the equity share of alliances from each period to the next that has any alliances.

    Columns
    -------
    definition : what counts as equity, as in ``equity_share_by_period``
    period_before, period : the two periods
    share_before, share : their equity shares among the alliances of a known form, proportions
    n_before, n : alliances of a known form in them
    change : share - share_before, a proportion: 0.05 is five percentage points
    low, high : limits of the change's interval (Newcombe's method 10); errors of extraction are not in it
    p : p-value of that interval: 1 - level of the one that ends at 0; 0.0001 stands for less too
    p_holm : p, adjusted by Holm's method for all comparisons in the table
    refused : why there is no comparison; empty if there is one
    """
    groups = by_period([a for a in study.counted() if a.year is not None], study.period_years)
    names = [name for name in groups if name not in ("unknown", "all")]
    known = {
        name: Counter(a.form for a in groups[name] if equity_status(a.form) != "unknown") for name in names
    }
    rows = []
    for definition, forms in EQUITY_FORMS.items():
        tally = {name: (sum(known[name][form] for form in forms), known[name].total()) for name in names}
        for before, name in pairwise(names):
            result = newcombe(*tally[name], *tally[before], study.level)
            shares = [None if result.refused else count / n for count, n in (tally[before], tally[name])]
            rows.append(
                {
                    "definition": definition,
                    "period_before": before,
                    "period": name,
                    "share_before": shares[0],
                    "share": shares[1],
                    "n_before": tally[before][1],
                    "n": tally[name][1],
                    "change": result.estimate,
                    "low": result.low,
                    "high": result.high,
                    "p": result.p,
                    "refused": result.refused,
                }
            )
    yield from adjusted(rows, study)
