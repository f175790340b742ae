"""Mann-Kendall's test, against published numbers, other implementations, and simulated series whose trend is known."""

import numpy as np
import pytest
from entente import mann_kendall
from entente.errors import EntenteError


def nile():
    """Return (years, volumes) of the river's flow at Aswan, 1871 to 1970, R's Nile."""
    from statsmodels.datasets import nile as data  # noqa: PLC0415 - takes a second

    found = data.load_pandas().data
    return found["year"].to_numpy(int), found["volume"].to_numpy()


def test_hamed_rao_is_that_of_pymannkendall():
    """Release 1.4.3 on the Nile: hamed_rao_modification_test, and original_test's var_s and slope."""
    years, volumes = nile()

    found = mann_kendall.mann_kendall(years, volumes, method="hamed_rao")

    assert found.statistic == pytest.approx(-2.8199791956451388)
    assert found.p == pytest.approx(0.004802676310182719)
    assert found.estimate == pytest.approx(-2.6)
    assert mann_kendall.score_variance(volumes) == pytest.approx(112728.33333333333)
    inflation = mann_kendall.variance_inflation(years, volumes, "hamed_rao")
    assert inflation * 112728.33333333333 == pytest.approx(241565.3569166269)


def test_the_theil_sen_interval_is_that_of_scipy_where_values_are_independent():
    from scipy.stats import theilslopes  # noqa: PLC0415

    years, volumes = nile()
    known = theilslopes(volumes, years, 0.95)

    assert mann_kendall.theil_sen(years, volumes) == pytest.approx(
        (known.slope, known.low_slope, known.high_slope)
    )


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
        mann_kendall.mann_kendall(years, values, method=method)
        for values in series_without_trend(autocorrelation)
    ]

    wrong = np.mean([f.refused is None and f.p < 0.05 for f in found])
    assert low <= wrong <= high


def test_a_trend_in_shares_is_found_and_its_slope_covered():
    """Twenty years of 25 alliances, two points a year."""
    rng, years = np.random.default_rng(6), np.arange(20)
    drawn = 4.0 * rng.binomial(25, 0.2 + 0.02 * years, (400, 20))
    found = [mann_kendall.mann_kendall(years, values) for values in drawn]

    assert np.mean([f.p < 0.05 for f in found]) > 0.9
    assert np.mean([f.low <= 2 <= f.high for f in found]) > 0.93


def test_a_missing_year_is_no_neighbour():
    """With every other year missing, next to nothing can be told of the autocorrelation of lag 1."""
    values = series_without_trend(0.9, 20, 1)[0]
    close, apart = (mann_kendall.variance_inflation(step * np.arange(20), values) for step in (1, 2))

    assert close > 2 > apart >= 1


def test_a_straight_line_is_a_trend():
    """All residuals are 0, and have no autocorrelation."""
    found = mann_kendall.mann_kendall(range(2000, 2012), 0.1 * np.arange(12))

    assert (found.estimate, found.low, found.high) == pytest.approx((0.1, 0.1, 0.1))
    assert found.statistic == pytest.approx(65 / np.sqrt(12 * 11 * 29 / 18))


def test_a_short_or_constant_series_is_refused_by_mann_kendall():
    assert mann_kendall.mann_kendall(range(9), range(9)).refused == "9 years; Mann-Kendall needs 10"
    assert mann_kendall.mann_kendall(range(10), [25.0] * 10).refused == "no variation: 25 in all 10 years"


def test_an_autocorrelation_that_leaves_no_years_is_refused():
    """Two levels, ten years each: as far as these tell, a step or a wander, and a slope without limits."""
    found = mann_kendall.mann_kendall(range(10), [0, 0.1, 0.3, 0.2, 0, 5, 5.2, 5.1, 5.3, 5], level=0.999999)

    assert found.refused == "10 years, of which autocorrelation leaves too few that count"
    assert found.estimate is None


def test_a_year_that_comes_twice_is_told():
    with pytest.raises(EntenteError, match="2 years, 2 values; give one value for each year"):
        mann_kendall.mann_kendall([1, 1], [1.0, 2.0])
