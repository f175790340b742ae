"""Regress a coded outcome on what is known of all units, corrected for the errors of coding by gold of some."""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when they are used

from entente.errors import EntenteError
from entente.estimators import MINIMUM_GOLD, checked, membership
from entente.evaluate import SEED


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
    if np.any(np.linalg.matrix_rank(x.mT @ x, hermitian=True) < x.shape[-1]):
        raise EntenteError("the covariates are collinear, or one is constant; leave out what the others say")
    beta, fitted, slope = _solved(x, outcome, model)
    moments = x * (outcome - fitted)[..., None]
    if clusters is not None:
        moments = membership(clusters) @ moments
    bread = np.linalg.inv((x * slope[..., None]).mT @ x)
    groups = moments.shape[-2]
    covariance = bread @ (moments.mT @ moments) @ bread * (1 if clusters is None else groups / (groups - 1))
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
        beta = np.linalg.solve(x.mT @ x, x.mT @ outcome[..., None])[..., 0]
        return beta, (x @ beta[..., None])[..., 0], np.ones(outcome.shape)
    beta = np.zeros((*outcome.shape[:-1], x.shape[-1]))
    for _ in range(50):  # Newton's method; outcomes outside [0, 1] leave the objective concave
        fitted = 1 / (1 + np.exp(-np.clip((x @ beta[..., None])[..., 0], -30, 30)))
        slope = fitted * (1 - fitted)
        score = x.mT @ (outcome - fitted)[..., None]
        step = np.linalg.solve((x * slope[..., None]).mT @ x + 1e-9 * np.eye(x.shape[-1]), score)[..., 0]
        if np.max(np.abs(step)) < 1e-9:
            return beta, fitted, slope
        beta = beta + step
    raise EntenteError("the logistic regression does not converge; a covariate may separate the outcome")
