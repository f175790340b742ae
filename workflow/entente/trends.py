"""Trends of the equity share over the years.

Years count from the announcement, forms that the texts leave open are left out, and errors of extraction are in no
interval. What a test needs before it says anything: `trend_tests` and `mann_kendall`.
"""

from collections import Counter
from dataclasses import asdict, replace
from itertools import pairwise

import numpy as np

from entente.codebook import equity_status
from entente.mann_kendall import mann_kendall
from entente.records import Mention
from entente.study import EQUITY_FORMS, by_period, choices
from entente.trend_tests import change_point, cochran_armitage, logit_trend, newcombe, yearly

# With 1 alliance a year at first and 10 at last, chance shares of .1 to .3 have a trend by the plain test in 11-16 of
# 100 series of 20 years (2,000 simulated), as shares of 1 or 2 are skewed; with 5 and 50 in 5-8.
ALLIANCES_A_YEAR = 5


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
