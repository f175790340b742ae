"""Tests of a trend in shares, and what each needs before it says anything.

A test returns a `Result`. What the data do not carry is refused: ``refused`` says why, and there is no number. All take
the units as independent of each other, but for the clusters that they are told of: what moves all alliances of one
year together makes their intervals too short.
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy  # its parts load when they are used

from entente.errors import EntenteError

RARER = 10  # events that one coefficient takes: Peduzzi et al. (1996), J. Clinical Epidemiology 49:1373-1379
YEARS = 3  # with two, a trend is the comparison of two shares
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
