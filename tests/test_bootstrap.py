"""Intervals by drawing anew; how often they cover is tested where they are used."""

import numpy as np
from entente.bootstrap import limits


def test_the_order_of_clusters_does_not_matter():
    """Their rows are drawn, wherever they stand; also rows that add up to the same in another order."""
    rows = np.random.default_rng(1).integers(1, 9, (40, 2)) / 3

    def ratio(sums):
        return [sums[..., 0] / sums[..., 1]]

    assert limits(rows, ratio, 0.95) == limits(rows[::-1], ratio, 0.95)


def test_draws_that_agree_or_are_over_nothing_have_no_limits():
    def equal_and_nothing(sums):
        return [sums[:, 0] / sums[:, 1], np.full(len(sums), np.nan)]

    assert limits(np.ones((30, 2)), equal_and_nothing, 0.95) == [(None, None), (None, None)]
