"""Intervals by drawing anew: whole clusters, such as agreements or documents, with replacement, 1,000 times."""

import numpy as np

DRAWS = 1000
SEED = 1971  # any, but the same in every run
MINIMUM_CLUSTERS = 20  # with fewer, a percentile bootstrap interval is too short


def redrawn(rows):
    """Return the sums of *rows*, shape (clusters, k), in each draw of as many clusters, shape (draws, k).

    Clusters with equal rows are one kind, and the number of each kind in a draw is multinomial, so that the order of
    clusters does not matter.
    """
    kinds, times = np.unique(np.round(rows, 9), axis=0, return_counts=True)
    return np.random.default_rng(SEED).multinomial(len(rows), times / len(rows), DRAWS) @ kinds


def limits(rows, statistic, level):
    """Return the percentile limits of each of *statistic*'s values, clusters being drawn anew.

    Parameters
    ----------
    rows : array, shape (clusters, k)
    statistic : function of an array of sums, shape (draws, k), that returns arrays of shape (draws,)
    level : float
        Nominal coverage, in (0, 1).

    Returns
    -------
    list of (low, high)
        (None, None) where all draws agree, or are over nothing.

    References
    ----------
    Field & Welsh (2007). Bootstrapping clustered data. JRSS B 69:369-390.

    >>> limits(np.array([[1, 1]] * 30 + [[0, 1]] * 70), lambda sums: [sums[:, 0] / sums[:, 1]], 0.95)
    [(0.21, 0.39)]
    """
    found = []
    for values in statistic(redrawn(rows)):
        told = values[~np.isnan(values)]
        if told.size and np.ptp(told) > 1e-9:  # what adds up to the same in another order is the same
            bounds = np.quantile(told, [(1 - level) / 2, (1 + level) / 2])
            found.append(tuple(round(float(bound), 4) for bound in bounds))
        else:
            found.append((None, None))
    return found


def refused(rows, bounds, what):
    """Return why there is no interval, None if there is one; *bounds* are the (low, high) of *what*."""
    if len(rows) < MINIMUM_CLUSTERS:
        return f"intervals: {len(rows)} {what}, {MINIMUM_CLUSTERS} needed"
    return "interval: all draws agree" if (None, None) in bounds else None
