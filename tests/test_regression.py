"""A regression on coded outcomes finds the coefficients that the machine's codes alone miss."""

import numpy as np
import pytest
from entente import regression
from entente.errors import EntenteError


def outcomes(seed, model, draws=1000, units=1000):
    """Return covariate, outcome, and codes that err more where the covariate is high."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(draws, units))
    index = -0.5 + 0.8 * x
    if model == "linear":
        y = index + rng.normal(size=x.shape)
        return x, y, y + 0.5 * x + rng.normal(size=x.shape) * 0.3
    y = rng.random(x.shape) < 1 / (1 + np.exp(-index))
    return x, y.astype(float), (y ^ (rng.random(x.shape) < np.where(x > 0, 0.3, 0.05))).astype(float)


@pytest.mark.parametrize("model", ["linear", "logistic"])
def test_dsl_covers_the_coefficients_that_codes_alone_miss(model):
    """Egami et al. (2023): errors that depend on a covariate bias the plain regression, not this one."""
    x, y, coded = outcomes(9, model)
    places = np.arange(300)
    found = regression.dsl(coded, y[:, :300], places, x[..., None], model=model)
    plain = regression.dsl(coded, coded[:, :300], places, x[..., None], model=model, folds=1)
    covered = [np.mean((f.low <= [-0.5, 0.8]) & (f.high >= [-0.5, 0.8]), axis=0) for f in (found, plain)]

    assert np.all((covered[0] >= 0.93) & (covered[0] <= 0.97))
    assert covered[1][1] < 0.2


@pytest.mark.parametrize("model", ["linear", "logistic"])
def test_dsl_with_all_gold_is_the_plain_regression_with_robust_errors(model):
    """The numbers of statsmodels, HC0."""
    sm = pytest.importorskip("statsmodels.api")
    x, y, coded = (part[0] for part in outcomes(10, model, draws=1))
    family = sm.families.Gaussian() if model == "linear" else sm.families.Binomial()
    wanted = sm.GLM(y, sm.add_constant(x), family=family).fit(cov_type="HC0")
    found = regression.dsl(coded, y, np.arange(1000), x[:, None], model=model)

    assert found.coefficient == pytest.approx(wanted.params, abs=1e-6)
    assert found.error == pytest.approx(wanted.bse, rel=1e-5)


def test_dsl_sums_the_moments_of_a_cluster():
    """The numbers of statsmodels, cluster-robust without its factor for the number of coefficients."""
    sm = pytest.importorskip("statsmodels.api")
    x, y, _ = (part[0] for part in outcomes(11, "linear", draws=1))
    story = np.arange(1000) // 10
    wanted = sm.OLS(y, sm.add_constant(x)).fit(
        cov_type="cluster", cov_kwds={"groups": story, "use_correction": False}
    )
    found = regression.dsl(y, y, np.arange(1000), x[:, None], clusters=story)

    assert found.error == pytest.approx(wanted.bse * np.sqrt(100 / 99), rel=1e-6)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"model": "probit"}, "unknown"),
        ({"gold": np.zeros(20), "sampled": np.arange(20)}, "fewer than 50"),
        ({"covariates": np.ones((200, 1))}, "collinear"),
        ({"covariates": np.ones((100, 1))}, "covariates of 100 units"),
    ],
)
def test_dsl_refuses_what_it_cannot_fit(changes, reason):
    arguments = {
        "predicted": np.zeros(200),
        "gold": np.zeros(100),
        "sampled": np.arange(100),
        "covariates": np.arange(200.0)[:, None],
    }
    with pytest.raises(EntenteError, match=reason):
        regression.dsl(**arguments | changes)
