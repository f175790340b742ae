"""Correct shares for the errors of extraction, with documents that were coded by hand.

All but ``naive`` and ``rogan_gladen`` rest on the draw of the gold documents alone: they hold
for any machine, good or bad, if the gold is a probability sample of the documents read. A good machine makes the first two
and the last precise. ``rogan_gladen`` holds for gold of another population too, if the machine errs there as it does here.

Arrays may have leading axes, each place of which is a data set of its own, as in a simulation.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when they are used
from pydantic import Field

from entente import cli
from entente.errors import EntenteError
from entente.evaluate import SEED, Coded, match
from entente.records import Document, Gold, Mention
from entente.study import DEFINITIONS, choices

# ASSUME: less is too little. In simulation 50 gold units do hold 95 % (too wide where the machine hardly errs); fewer
# were not tried, nor were the two other limits varied.
MINIMUM_GOLD = 50  # units coded by hand
MINIMUM_REPORTING = 10  # of these, units with anything that counts: a ratio rests on them
MINIMUM_CLASS = 10  # gold of each class, for a sensitivity and a specificity
# A gold sample with few errors of the machine says little of how many there are: one more is reckoned with,
# and less of one the more were seen. Chosen on simulated corpora: 100 gold units with 2 or 3 errors.
FEW_ERRORS = 10


@dataclass(frozen=True)
class Estimate:
    """A share with its interval, or the reason why there is none.

    Attributes
    ----------
    share, low, high : array
        Proportions in [0, 1], NaN where refused.
    n, n_gold : int
        Units that the machine read, and those of them that were coded by hand.
    refused : array of str
        Why there is no share; empty where there is one.
    """

    share: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n: int
    n_gold: int
    refused: np.ndarray

    def row(self):
        """Return the columns of a table: ``share``, ``low``, ``high``, with four decimals, and ``refused``."""
        known = not str(self.refused)
        numbers = {name: round(float(getattr(self, name)), 4) for name in ("share", "low", "high")}
        return {name: value if known else None for name, value in numbers.items()} | {
            "refused": str(self.refused) or None
        }


def estimate(share, limits, n, n_gold, *reasons):
    """Return an Estimate; *reasons* are (condition, why), the first that holds refuses."""
    refused = np.select(
        [np.broadcast_to(c, np.shape(share)) for c, _ in reasons], [w for _, w in reasons], ""
    )
    shown = [np.where(refused == "", value, np.nan) for value in (share, *limits)]
    return Estimate(*shown, n, n_gold, refused)


def score_interval(share, variance, level, freedom, size):
    """Return (low, high): Wilson's interval of the simple random sample that would be as precise.

    That sample's size is share (1 - share) / variance; Student's t stands for the normal quantile. The interval
    stays in [0, 1].

    Parameters
    ----------
    share, variance : array
        The estimate and its variance.
    level : float
        Nominal coverage, in (0, 1).
    freedom : array
        Degrees of freedom of the variance.
    size : array
        The size of sample for a *share* that is 0 or 1 (or beyond), whose variance says nothing.

    References
    ----------
    Franco, Little, Louis & Slud (2019). Comparative study of confidence intervals for proportions in complex sample
    surveys. Journal of Survey Statistics and Methodology 7:334-364.

    >>> share = 81 / 263  # of a simple random sample it is Wilson's own
    >>> [round(float(limit), 4) for limit in score_interval(share, share * (1 - share) / 263, 0.95, np.inf, 263)]
    [0.2553, 0.3662]
    """
    t2 = scipy.stats.t.ppf((1 + level) / 2, freedom) ** 2
    inside = (share > 1e-9) & (share < 1 - 1e-9)
    share = np.clip(share, 0, 1)
    spread = share * (1 - share)
    inverse = np.where(inside, variance / np.where(inside, spread, 1), 1 / np.maximum(size, 1e-9))
    shrunk = t2 * inverse
    centre = (share + shrunk / 2) / (1 + shrunk)
    half = np.sqrt(shrunk * spread + shrunk**2 / 4) / (1 + shrunk)
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)


def naive(count, n, level=0.95):
    """Return the share of *count* in *n* as an Estimate, with Wilson's interval, as if the machine never erred.

    References
    ----------
    Wilson (1927). Probable inference, the law of succession, and statistical inference. JASA 22:209-212.

    >>> found = naive(81, 263)
    >>> round(float(found.low), 4), round(float(found.high), 4)
    (0.2553, 0.3662)
    """
    count, total = np.asarray(count, float), np.asarray(n, float)
    share = count / np.maximum(total, 1)
    limits = score_interval(share, share * (1 - share) / np.maximum(total, 1), level, np.inf, total)
    return estimate(share, limits, n, 0, (total == 0, "nothing counted"))


def ppi(predicted, gold, sampled, inclusion=None, level=0.95, **design):
    """Return a share as an Estimate: the machine's, corrected by the gold, prediction-powered with power tuning.

    The share is mean(y) + tuning * (mean over all of f - mean over the gold of f), both gold means weighted by
    1 / inclusion (Hajek), y being gold and f the machine's codes. The tuning makes the variance least: 0 for a machine that
    says nothing, which leaves the gold alone. With equal probabilities this is PPI++ with the documents that have
    no gold as the unlabelled ones, and the regression estimator of survey sampling.

    Parameters
    ----------
    predicted : array, shape (..., N)
        The machine's codes of all units: 0 and 1, or probabilities.
    gold : array of 0 and 1, shape (..., n)
    sampled : array of int, shape (..., n)
        Where the gold units stand in *predicted*.
    inclusion : array, shape (..., n), optional
        The probability in (0, 1] with which each gold unit was drawn; n / N if left out.
    level : float
        Nominal coverage, in (0, 1).
    **design
        ``finite=True``: the share is that of these N units; else that of what they are a sample of, as with Wilson's
        interval. ``clusters``, ``strata``: labels of the gold units, shape (n,): which were drawn together (whole
        clusters, each with one probability), and among which they were drawn.

    Raises
    ------
    EntenteError
        If the shapes do not fit, or a probability is not in (0, 1].

    References
    ----------
    Angelopoulos, Duchi & Zrnic (2023). PPI++: efficient prediction-powered inference. arXiv:2311.01453.
    Sarndal, Swensson & Wretman (1992). Model assisted survey sampling. Springer, chapter 6.

    >>> predicted = np.tile([1, 0, 0, 0, 0, 1, 0, 0, 0, 0], 100)  # 20 % of 1,000; 1 in 10 is missed
    >>> gold = np.tile([1, 0, 0, 0, 0, 1, 1, 0, 0, 0], 10)
    >>> found = ppi(predicted, gold, np.arange(100))
    >>> round(float(found.share), 3), round(float(found.low), 3), round(float(found.high), 3)
    (0.3, 0.24, 0.368)
    """
    predicted, gold = np.asarray(predicted, float)[..., None], np.asarray(gold, float)[..., None]
    return _shared(predicted, gold, sampled, inclusion, level, ratio=False, **design)


def ppi_ratio(predicted, gold, sampled, inclusion=None, level=0.95, **design):
    """Return the ratio of two totals, first / (first + second), as an Estimate: both are corrected as in `ppi`.

    A unit, say a document, may have any number of either, also none, and the machine may miss or invent some:
    the estimator for a share of alliances when it is uncertain which alliances there are. Each total is tuned on
    both columns of the machine's; the variance is that of the linearised residual (delta method).

    Parameters
    ----------
    predicted, gold : array, shape (..., N, 2) and (..., n, 2)
        How many of the first and of the second kind the machine and the reader find in each unit.
    sampled, inclusion, level, **design
        As in `ppi`.

    References
    ----------
    Sarndal, Swensson & Wretman (1992). Model assisted survey sampling. Springer, sections 5.6 and 7.13.

    >>> predicted = np.tile([[1, 0], [0, 1], [0, 0], [0, 1]], (100, 1))  # a third is equity; one in four is missed
    >>> gold = np.tile([[1, 0], [0, 1], [1, 0], [0, 1]], (25, 1))
    >>> found = ppi_ratio(predicted, gold, np.arange(100))
    >>> round(float(found.share), 3), found.n, found.n_gold
    (0.5, 400, 100)
    """
    return _shared(predicted, gold, sampled, inclusion, level, ratio=True, **design)


def gold_only(gold, n, inclusion=None, level=0.95, **design):
    """Return the share in *gold*, shape (..., n_gold), drawn from *n* units: the design-based mean (Hajek).

    Parameters are those of `ppi`. Of a simple random sample the interval is Wilson's, but for Student's t.

    References
    ----------
    Hajek (1971), in Godambe & Sprott (eds), Foundations of statistical inference, p. 236.

    >>> found = gold_only(np.arange(263) < 81, 100_000)
    >>> round(float(found.low), 4), round(float(found.high), 4)
    (0.255, 0.3666)
    """
    return _gold(np.asarray(gold, float)[..., None], n, inclusion, level, ratio=False, **design)


def gold_only_ratio(gold, n, inclusion=None, level=0.95, **design):
    """Return first / (first + second) of the columns of *gold*, shape (..., n_gold, 2), drawn from *n* units.

    Parameters are those of `ppi_ratio`.

    >>> gold = np.tile([[1, 0], [0, 1], [0, 0], [0, 1]], (25, 1))
    >>> round(float(gold_only_ratio(gold, 1000).share), 3)
    0.333
    """
    return _gold(gold, n, inclusion, level, ratio=True, **design)


def _gold(gold, n, inclusion, level, **design):
    """Return `_shared` without any prediction."""
    gold = np.asarray(gold, float)
    return _shared(np.zeros((n, 0)), gold, np.arange(gold.shape[-2]), inclusion, level, **design)


def _shared(predicted, gold, sampled, inclusion, level, *, ratio, finite=False, clusters=None, strata=None):
    """Return the Estimate of all design-based shares; *predicted* (..., N, K) may have no columns."""
    predicted, gold = np.asarray(predicted, float), np.asarray(gold, float)
    n, n_gold, columns = predicted.shape[-2], gold.shape[-2], predicted.shape[-1]
    inclusion = checked(inclusion, n, n_gold, np.shape(sampled), clusters, strata)
    weights = 1 / inclusion / np.sum(1 / inclusion, axis=-1, keepdims=True)
    read = _taken(predicted, sampled)
    mean, own = _influence(gold, weights)
    mean_read, read = _influence(read, weights)

    # Variance = that of N units, of which all are coded + that of drawing some of them (Sarndal et al., p. 231).
    drawn = np.sqrt(1 - inclusion)[..., None]
    a, b = (_summed(part * drawn, clusters) for part in (own, read))
    a, b, sizes = _centred(a, b, clusters, strata)
    inverse = np.linalg.pinv(_t(b) @ b, rcond=1e-10, hermitian=True)
    tuning = inverse @ _t(b) @ a
    total = mean + ((predicted.mean(axis=-2) - mean_read)[..., None, :] @ tuning)[..., 0, :]
    leverage = np.sum((b @ inverse) * b, axis=-1) + 1 / sizes
    jackknife = np.sqrt(1 - 1 / sizes) / np.maximum(1 - leverage, 0.05)
    residual = (a - b @ tuning) * jackknife[..., None]
    whole = _summed(own * np.sqrt(inclusion)[..., None], clusters) * (not finite)

    units = whole.shape[-2]
    counts = (gold.sum(axis=-1) > 0) if ratio else np.ones(gold.shape[:-1], bool)
    reporting = np.sum(_summed(counts[..., None], clusters)[..., 0] > 0, axis=-1)
    if ratio:
        everything = total.sum(axis=-1)
        positive = everything > 0
        scale = np.where(positive, everything, 1)
        share = total[..., 0] / scale
        residual, whole = (
            (x[..., 0] - share[..., None] * x.sum(axis=-1)) / scale[..., None] for x in (residual, whole)
        )
        error = np.clip(share * (1 - share), 0, None) / scale**2
    else:
        positive, share, residual, whole, error = True, total[..., 0], residual[..., 0], whole[..., 0], 1
    drawing = np.sum(residual**2, axis=-1)
    variance = drawing + np.sum(whole**2, axis=-1) * units / max(units - 1, 1)
    if columns:
        one = error * np.sum(weights**2 * (1 - inclusion), axis=-1) / n_gold
        seen = drawing / np.where(one > 0, one, 1)
        variance = variance + one * FEW_ERRORS / (FEW_ERRORS + seen)

    freedom = np.maximum((reporting if ratio else units) - 1 - (0 if ratio else columns), 1)
    size = reporting / (1 - inclusion.mean(axis=-1) * finite + 1e-12)
    limits = score_interval(share, variance, level, freedom, size)
    kind = "units" if clusters is None else "clusters"
    return estimate(
        np.clip(share, 0, 1),
        limits,
        n,
        n_gold,
        (units < MINIMUM_GOLD, f"{units} gold {kind}, fewer than {MINIMUM_GOLD}"),
        (
            reporting < (MINIMUM_REPORTING if ratio else 0),
            f"fewer than {MINIMUM_REPORTING} gold {kind} with anything that counts",
        ),
        (~np.asarray(positive), "the corrected total is not above 0"),
    )


def checked(inclusion, n, n_gold, sampled, clusters=None, strata=None):
    """Return the inclusion probabilities, n_gold / n if None, after a check of all that describes the draw.

    >>> checked(None, 400, 4, (4,))
    array([0.01, 0.01, 0.01, 0.01])
    """
    if not 0 < n_gold <= n:
        raise EntenteError(f"{n_gold} gold units of {n}; the gold is a part of the units read, and not empty")
    inclusion = np.full(n_gold, n_gold / n) if inclusion is None else np.asarray(inclusion, float)
    if not np.all((inclusion > 0) & (inclusion <= 1)):
        raise EntenteError(
            "an inclusion probability is not in (0, 1]; give the chance with which each was drawn"
        )
    for name, shape in (
        ("inclusion", inclusion.shape),
        ("sampled", sampled),
        *((name, np.shape(v)) for name, v in (("clusters", clusters), ("strata", strata)) if v is not None),
    ):
        if shape[-1:] != (n_gold,):
            raise EntenteError(
                f"{name}: {shape[-1] if shape else 'no'} values for {n_gold} gold units; give one each"
            )
    return inclusion


def _t(matrix):
    """Return the transpose of each matrix of a stack."""
    return np.swapaxes(matrix, -1, -2)


def _taken(predicted, sampled):
    """Return the rows *sampled* (..., n) of *predicted* (..., N, K)."""
    sampled = np.asarray(sampled)
    places = np.broadcast_to(sampled, predicted.shape[:-2] + sampled.shape[-1:])
    return np.take_along_axis(predicted, places[..., None], axis=-2)


def _influence(values, weights):
    """Return the weighted mean of *values* (..., n, J), and what each unit adds to it, from which it varies."""
    mean = np.sum(weights[..., None] * values, axis=-2)
    apart = values - mean[..., None, :]
    return mean, weights[..., None] * np.where(np.abs(apart) < 1e-12, 0, apart)  # equal values are equal


def _members(labels):
    """Return the matrix of 0 and 1, shape (groups, units), of the units' *labels*."""
    names, place = np.unique(labels, return_inverse=True)
    return (np.arange(len(names))[:, None] == place).astype(float)


def _summed(values, clusters):
    """Return the sums by cluster of *values* (..., n, J); without clusters these themselves."""
    return values if clusters is None else _members(clusters) @ values


def _centred(a, b, clusters, strata):
    """Return two arrays less their means by stratum, and the size of each row's stratum; a stratum of one keeps its own."""
    if strata is not None and clusters is not None:
        first = np.unique(clusters, return_index=True)[1]
        strata = np.asarray(strata)[first]
    members = _members(np.zeros(a.shape[-2]) if strata is None else strata)
    sizes = members.sum(axis=1)
    sizes = np.where(sizes > 1, sizes, np.inf)
    means = members / sizes[:, None]
    return *(part - _t(members) @ (means @ part) for part in (a, b)), sizes[np.argmax(members, axis=0)]


def rogan_gladen(count, n, true_positive, positives, true_negative, negatives, level=0.95):
    """Return a share as an Estimate, corrected by a sensitivity and a specificity that gold estimates.

    The share is (apparent + Sp - 1) / (Se + Sp - 1). Its interval is that of Lang and Reiczigel, whose three samples
    (the units read, the gold positives, the gold negatives) are independent.

    Parameters
    ----------
    count, n : int or array
        Units that the machine gives the code, of all that it read.
    true_positive, positives, true_negative, negatives : int or array
        Gold units with the code, and how many of them the machine gives it; those without, and how many it does not.
    level : float
        Nominal coverage, in (0, 1).

    References
    ----------
    Rogan & Gladen (1978). Estimating prevalence from the results of a screening test. Am J Epidemiol 107:71-76.
    Lang & Reiczigel (2014). Confidence limits for prevalence of disease adjusted for estimated sensitivity and
    specificity. Preventive Veterinary Medicine 113:13-22, equations 2, 4, 6, 7, 16 and 17.

    >>> found = rogan_gladen(20, 120, 90, 100, 99, 100)
    >>> round(float(found.share), 5), round(float(found.low), 3), round(float(found.high), 3)
    (0.17603, 0.098, 0.263)
    """
    count, read, true_positive, positives, true_negative, negatives = (
        np.asarray(x, float) for x in (count, n, true_positive, positives, true_negative, negatives)
    )
    z2 = scipy.stats.norm.ppf((1 + level) / 2) ** 2
    youden = true_positive / np.maximum(positives, 1) + true_negative / np.maximum(negatives, 1) - 1
    useful = youden > 0
    share = (count / np.maximum(read, 1) + true_negative / np.maximum(negatives, 1) - 1) / np.where(
        useful, youden, 1
    )
    apparent, se, sp = (
        (count + z2 / 2) / (read + z2),
        (true_positive + 1) / (positives + 2),
        (true_negative + 1) / (negatives + 2),
    )
    slope = np.where(useful, se + sp - 1, 1)
    centre = (apparent + sp - 1) / slope
    by_se, by_sp = se * (1 - se) / (positives + 2), sp * (1 - sp) / (negatives + 2)
    variance = (
        apparent * (1 - apparent) / (read + z2) + centre**2 * by_se + (1 - centre) ** 2 * by_sp
    ) / slope**2
    centre = centre + 2 * z2 * (centre * by_se - (1 - centre) * by_sp)
    half = np.sqrt(z2 * variance)
    limits = np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)
    fewest = np.minimum(positives, negatives)
    return estimate(
        np.clip(share, 0, 1),
        limits,
        n,
        positives + negatives,
        (read == 0, "nothing counted"),
        (fewest < MINIMUM_CLASS, f"fewer than {MINIMUM_CLASS} gold units of one class"),
        (~useful, "the machine is no better than chance: sensitivity + specificity is not above 1"),
    )


@dataclass(frozen=True)
class Regression:
    """Coefficients of a regression, the constant first, then one a covariate: arrays of shape (..., 1 + covariates).

    ``error`` are standard errors, ``low`` and ``high`` the limits of the interval.
    """

    coefficient: np.ndarray
    error: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n: int
    n_gold: int


def dsl(
    predicted,
    gold,
    sampled,
    covariates,
    inclusion=None,
    *,
    model="linear",
    level=0.95,
    clusters=None,
    folds=5,
):
    """Return the Regression of a coded outcome on covariates by design-based supervised learning.

    The outcome of unit i is g_i + R_i (y_i - g_i) / inclusion_i, R_i telling whether it has gold y_i, and g_i what is to be
    expected from the machine's code f_i: the least squares line of y on f, fitted to the gold of the other *folds*. The
    moments x (outcome - mean) of the model have mean 0 whatever g is; the variance is the sandwich.

    Parameters
    ----------
    predicted : array, shape (..., N)
        The machine's codes or probabilities of all units.
    gold : array, shape (..., n)
        Outcomes by hand: any numbers for ``linear``, 0 and 1 for ``logistic``.
    sampled, inclusion
        As in `ppi`.
    covariates : array, shape (..., N, p)
        Known of all units; a constant is added.
    model : {"linear", "logistic"}
        The second's coefficients are log odds ratios.
    level : float
        Nominal coverage, in (0, 1).
    clusters : array, shape (N,), optional
        Labels of all units; the sandwich's filling is summed within each.
    folds : int
        Parts of the units for cross-fitting; 1: the machine's codes are taken as they are (g = f).

    Raises
    ------
    EntenteError
        If the shapes do not fit, the model is unknown, there are fewer than `MINIMUM_GOLD` gold units, the covariates are
        collinear, or the logistic fit does not converge.

    References
    ----------
    Egami, Hinck, Stewart & Wei (2023). Using imperfect surrogates for downstream inference: design-based supervised
    learning for social science applications of large language models. NeurIPS 36. arXiv:2306.04746.

    >>> year = np.arange(1000) % 10
    >>> gold = (np.arange(1000) * 7 % 20 < year).astype(float)
    >>> found = dsl(gold, gold[:100], np.arange(100), year[:, None], folds=1)  # a machine that never errs: plain OLS
    >>> found.coefficient.round(3).tolist() == np.polyfit(year, gold, 1)[::-1].round(3).tolist()
    True
    """
    if model not in ("linear", "logistic"):
        raise EntenteError(f"model {model!r} is unknown; write 'linear' or 'logistic'")
    predicted, gold, covariates = (np.asarray(x, float) for x in (predicted, gold, covariates))
    n, n_gold = predicted.shape[-1], gold.shape[-1]
    inclusion = checked(inclusion, n, n_gold, np.shape(sampled))
    if n_gold < MINIMUM_GOLD:
        raise EntenteError(f"{n_gold} gold units, fewer than {MINIMUM_GOLD}; code more for a regression")
    if covariates.shape[-2] != n:
        raise EntenteError(
            f"covariates of {covariates.shape[-2]} units, codes of {n}; give both of all units"
        )
    places = np.broadcast_to(sampled, gold.shape)
    expected = _cross_fitted(predicted, gold, places, inclusion, folds)
    known = np.take_along_axis(expected, places, axis=-1)
    outcome = expected.copy()
    np.put_along_axis(outcome, places, known + (gold - known) / inclusion, axis=-1)

    x = np.concatenate([np.ones((*covariates.shape[:-1], 1)), covariates], axis=-1)
    x = np.broadcast_to(x, (*outcome.shape, x.shape[-1]))
    if np.any(np.linalg.matrix_rank(_t(x) @ x, hermitian=True) < x.shape[-1]):
        raise EntenteError("the covariates are collinear, or one is constant; leave out what the others say")
    beta, fitted, slope = _solved(x, outcome, model)
    moments = x * (outcome - fitted)[..., None]
    if clusters is not None:
        moments = _members(clusters) @ moments
    bread = np.linalg.inv(_t(x * slope[..., None]) @ x)
    groups = moments.shape[-2]
    covariance = bread @ (_t(moments) @ moments) @ bread * (1 if clusters is None else groups / (groups - 1))
    error = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    half = scipy.stats.norm.ppf((1 + level) / 2) * error
    return Regression(beta, error, beta - half, beta + half, n, n_gold)


def _cross_fitted(predicted, gold, places, inclusion, folds):
    """Return the outcome expected of each unit, by the line of gold on code of the gold in other folds."""
    if folds == 1:
        return predicted
    fold = np.random.default_rng(SEED).permutation(predicted.shape[-1]) % folds
    read = np.take_along_axis(predicted, places, axis=-1)
    expected = np.empty(predicted.shape)
    for number in range(folds):
        weights = (fold[places] != number) / inclusion
        weights = weights / weights.sum(axis=-1, keepdims=True)
        mean_read, mean = (np.sum(weights * v, axis=-1, keepdims=True) for v in (read, gold))
        spread = np.sum(weights * (read - mean_read) ** 2, axis=-1, keepdims=True)
        joint = np.sum(weights * (read - mean_read) * (gold - mean), axis=-1, keepdims=True)
        line = mean + np.where(spread > 0, joint / np.where(spread > 0, spread, 1), 0) * (
            predicted - mean_read
        )
        expected[..., fold == number] = line[..., fold == number]
    return expected


def _solved(x, outcome, model):
    """Return the coefficients that make the moments 0, the fitted means, and their derivatives."""
    if model == "linear":
        beta = np.linalg.solve(_t(x) @ x, _t(x) @ outcome[..., None])[..., 0]
        return beta, (x @ beta[..., None])[..., 0], np.ones(outcome.shape)
    beta = np.zeros((*outcome.shape[:-1], x.shape[-1]))
    for _ in range(50):  # Newton's method; outcomes outside [0, 1] leave the objective concave
        fitted = 1 / (1 + np.exp(-np.clip((x @ beta[..., None])[..., 0], -30, 30)))
        slope = fitted * (1 - fitted)
        score = _t(x) @ (outcome - fitted)[..., None]
        step = np.linalg.solve(_t(x * slope[..., None]) @ x + 1e-9 * np.eye(x.shape[-1]), score)[..., 0]
        if np.max(np.abs(step)) < 1e-9:
            return beta, fitted, slope
        beta = beta + step
    raise EntenteError("the logistic regression does not converge; a covariate may separate the outcome")


class SampledGold(Gold):
    """A document's gold, with the probability with which the document was drawn for coding, if that is known."""

    inclusion_probability: float | None = Field(default=None, gt=0, le=1)


def kinds(reports, forms):
    """Return how many of *reports* (mentions or gold alliances) have one of *forms*, and how many another known form.

    >>> from entente.records import GoldAlliance
    >>> venture = GoldAlliance(partners=[], form="joint_venture", equity_status="equity", functions=[],
    ...     value_chain="unclear", status="signed")
    >>> kinds([venture, venture.model_copy(update={"form": "unspecified", "equity_status": "unknown"})], {"joint_venture"})
    (1, 0)
    """
    known = [report.form for report in reports if report.equity_status != "unknown"]
    equity = sum(form in forms for form in known)
    return equity, len(known) - equity


def matched_forms(mentions, alliances):
    """Return [(form of a mention, form of the gold alliance that it matches)], both forms being known."""
    pairs = match([Coded.of(m) for m in mentions], [Coded.of(a) for a in alliances])
    both = [(mentions[i], alliances[j]) for i, j in pairs]
    return [(m.form, a.form) for m, a in both if "unknown" not in (m.equity_status, a.equity_status)]


@dataclass(frozen=True)
class Coding:
    """The documents of all corpora with gold, duplicates apart: mentions of all, gold of some, and how these were drawn."""

    mentions: list  # of each document, its list of mentions
    places: list  # where the gold documents stand in it
    gold: list  # SampledGold of each of these
    inclusion: list
    corpora: list  # name of each gold document's corpus
    sampling: str


def coding(study):
    """Return the Coding of a study's corpora.

    Raises
    ------
    EntenteError
        If gold names a document that its corpus lacks, or only some gold of a corpus has an inclusion probability.
    """
    known = {}
    for folder in sorted(study.corpora, key=lambda folder: folder.name):
        path = folder / "gold.jsonl"
        if path.exists():
            known[folder.name] = {f"{folder.name}/{gold.id}": gold for gold in cli.read(path, SampledGold)}
    repeats = {duplicate.document for duplicate in study.duplicates()}
    mentions, documents, there = defaultdict(list), defaultdict(list), set()
    for corpus, document in study.records("documents", Document):
        there |= {document.id} & known.get(corpus, {}).keys()
        if corpus in known and document.id not in repeats:
            documents[corpus].append(document.id)
    for corpus, mention in study.records("mentions", Mention):
        if corpus in known and mention.confidence >= study.minimum_confidence:
            mentions[mention.document].append(mention)
    found = Coding([], [], [], [], [], "")
    notes = []
    for corpus, golds in known.items():
        if missing := sorted(golds.keys() - there):
            raise EntenteError(
                f"gold of corpus {corpus}: no document {missing[0]!r}; its id is the path below documents/,"
                " with '#' and the record's own id if it has one"
            )
        ids = sorted(documents[corpus])
        coded = [i for i in ids if i in golds]
        probabilities = [golds[i].inclusion_probability for i in coded]
        if None in probabilities and any(probabilities):
            lacking = coded[probabilities.index(None)]
            raise EntenteError(
                f"gold of corpus {corpus}: {lacking!r} has no inclusion_probability; others have one"
            )
        if not coded:
            continue
        if any(probabilities):
            notes.append(f"{corpus}: {len(coded)} of {len(ids)} with stored probabilities")
        else:
            census = len(coded) == len(ids)
            notes.append(f"{corpus}: {'all' if census else f'{len(coded)} of'} {len(ids)}")
            notes[-1] += "" if census else ", taken as a simple random sample"
            probabilities = [len(coded) / len(ids)] * len(coded)
        start = len(found.mentions)
        found.mentions.extend(mentions[i] for i in ids)
        found.places.extend(start + ids.index(i) for i in coded)
        found.gold.extend(golds[i] for i in coded)
        found.inclusion.extend(probabilities)
        found.corpora.extend([corpus] * len(coded))
    return Coding(
        *(getattr(found, name) for name in list(Coding.__dataclass_fields__)[:-1]), "; ".join(notes)
    )


def corrected_shares(study):
    """Equity share of the alliances that documents report, corrected for errors of extraction.

    Columns
    -------
    definition : what counts as equity. ``joint_venture``: joint ventures only, so that minority stakes stand
        on the contractual side; ``joint_venture_or_stake``: joint ventures and minority stakes
    estimator : ``naive``: what extraction found, as if it never erred; ``gold_only``: the documents coded by hand alone;
        ``ppi``: prediction-powered, extraction of all documents corrected by those coded by hand, for alliances missed,
        invented and miscoded; ``rogan_gladen``: corrected by the sensitivity and specificity of the code of the
        alliances found that match one coded by hand, so for miscoding only
    documents : documents of the corpora that have gold, duplicates apart
    gold_documents : how many of them were coded by hand
    n : what the estimator rests on: alliances found (``naive``), documents coded by hand with an alliance of a known form
        (``gold_only``, ``ppi``), matched alliances (``rogan_gladen``)
    share : equity / (equity + contractual) over the alliances of a known form, each counted once a document that
        reports it; a proportion
    low, high : limits of the share's interval, the documents being taken as a sample of what such sources hold
    refused : why there is no share; empty where there is one
    sampling : how the documents coded by hand were drawn, by corpus
    level : nominal coverage of the interval
    minimum_confidence : alliances found with a lower confidence are not counted
    """
    coded = coding(study)
    if not coded.gold:
        return
    for definition, forms in DEFINITIONS.items():
        for estimator, n, result in shares(coded, forms, study.level):
            yield {
                "definition": definition,
                "estimator": estimator,
                "documents": len(coded.mentions),
                "gold_documents": len(coded.gold),
                "n": n,
                **result.row(),
                "sampling": coded.sampling,
                **choices(study),
            }


def shares(coded, forms, level):
    """Yield (estimator, n, Estimate) of a Coding, *forms* being equity."""
    found = np.array([kinds(mentions, forms) for mentions in coded.mentions])
    gold = np.array([kinds(g.alliances, forms) for g in coded.gold])
    count, total = int(found[:, 0].sum()), int(found.sum())
    yield "naive", total, naive(count, total, level)
    reporting = int((gold.sum(axis=1) > 0).sum())
    draw = {"inclusion": coded.inclusion, "level": level, "strata": coded.corpora}
    yield "gold_only", reporting, gold_only_ratio(gold, len(found), **draw)
    yield "ppi", reporting, ppi_ratio(found, gold, coded.places, **draw)
    pairs = [
        pair
        for place, g in zip(coded.places, coded.gold, strict=True)
        for pair in matched_forms(coded.mentions[place], g.alliances)
    ]
    right = [m in forms for m, a in pairs if a in forms], [m not in forms for m, a in pairs if a not in forms]
    table = [number for side in right for number in (sum(side), len(side))]
    yield "rogan_gladen", len(pairs), rogan_gladen(count, total, *table, level)
