"""Estimate how many alliances no corpus saw, from those that several saw: capture-recapture."""

import math
import warnings
from collections import Counter
from itertools import chain, combinations, product
from statistics import NormalDist

import numpy as np

from entente import corpora
from entente.errors import EntenteError

# Seber (1982, p. 60): with 7 recaptures or more Chapman's estimate is unbiased, with 95 % confidence.
MINIMUM_RECAPTURES = 7
MAXIMUM_SOURCES = 5  # 2 ** 10 models
UNDETERMINED = 10  # standard error of the logarithm of the unseen: the counts say nothing of it

ASSUMPTIONS = {
    "Chapman": "closed population; each source finds an alliance without regard to the other; within one source all"
    " alliances are as likely to be found; resolving joins all reports of one alliance and no others",
    "log-linear": "closed population; sources depend on each other in pairs at most, as the model says; all alliances"
    " are as likely to be found; resolving joins all reports of one alliance and no others",
}


def log_normal_interval(seen, unseen, variance, level):
    """Return (low, high) of a population: *seen* plus an interval of the *unseen* that is log-normal.

    The unseen are divided and multiplied by exp(z sqrt(log(1 + variance / unseen^2))), so that the lower limit is
    never below what was seen.

    References
    ----------
    Chao (1987). Estimating the population size for capture-recapture data with unequal catchability. Biometrics
    43:783-791.

    >>> [round(limit) for limit in log_normal_interval(208, 125.56, 28.70**2, 0.95)]
    [289, 403]
    """
    if unseen <= 0:
        return float(seen), float(seen)
    z = NormalDist().inv_cdf((1 + level) / 2)
    factor = math.exp(z * math.sqrt(math.log1p(variance / unseen**2)))
    return seen + unseen / factor, seen + unseen * factor


def chapman(first, second, both, level=0.95):
    """Return Chapman's estimate of a population of which two sources saw parts.

    Parameters
    ----------
    first, second : int
        How many each source saw.
    both : int
        How many both saw.
    level : float
        Nominal coverage of the interval, in (0, 1).

    Returns
    -------
    dict
        ``population`` N = (first + 1)(second + 1) / (both + 1) - 1, its ``standard_error``, the square root of
        (first + 1)(second + 1)(first - both)(second - both) / ((both + 1)^2 (both + 2)), and the log-normal ``low`` and
        ``high``; or ``refused``, why there is none.

    Raises
    ------
    EntenteError
        If both saw more than one of them.

    References
    ----------
    Chapman (1951). Some properties of the hypergeometric distribution with applications to zoological sample
    censuses. University of California Publications in Statistics 1:131-160.

    Seber (1970). The effects of trap response on tag recapture estimates. Biometrics 26:13-22.

    Hepatitis in Taiwan, lists P and Q of Chao et al. (2001, Statistics in Medicine 20:3123-3157):

    >>> {name: round(value) for name, value in chapman(135, 122, 49).items()}
    {'population': 334, 'standard_error': 29, 'low': 289, 'high': 403}
    """
    if not 0 <= both <= min(first, second):
        raise EntenteError(f"both sources saw {both}, but one of them saw {min(first, second)} in all")
    if both < MINIMUM_RECAPTURES:
        return {"refused": f"{both} alliances in both sources, {MINIMUM_RECAPTURES} needed"}
    product_of_both = (first + 1) * (second + 1)
    population = product_of_both / (both + 1) - 1
    variance = product_of_both * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    seen = first + second - both
    low, high = log_normal_interval(seen, population - seen, variance, level)
    return {
        "population": population,
        "standard_error": math.sqrt(variance),
        "low": low,
        "high": high,
    }


def log_linear(histories, level=0.95):
    """Return the log-linear models of capture histories, best first by AICc; refused ones last.

    The counts of the histories are Poisson, with logarithms that are sums of one term a source, and of one a pair
    of sources that depend on each other; all sets of pairs are tried. A model's intercept is the logarithm of
    the number that no source saw, m; the standard error of the population is sqrt(m + m^2 var(intercept)).

    Parameters
    ----------
    histories : dict
        {history: count}; a history is a tuple of 0 and 1, one a source, three to five of them.
    level : float
        Nominal coverage of the intervals, in (0, 1).

    Returns
    -------
    list of dict
        ``pairs`` (of places of dependent sources), ``population``, ``standard_error``, ``low``, ``high`` (log-normal),
        ``deviance``, ``degrees``, ``aicc``, with the number seen as the size of the sample, and ``chosen``; or ``pairs``
        and ``refused``.

    Raises
    ------
    EntenteError
        If there are not three to five sources, or a history is of what none saw.

    References
    ----------
    Fienberg (1972). The multiple recapture census for closed populations and incomplete 2^k contingency tables.
    Biometrika 59:591-603.

    Cormack & Jupp (1991). Inference for Poisson and multinomial models for capture-recapture experiments. Biometrika
    78:911-916.

    Hurvich & Tsai (1989). Regression and time series model selection in small samples. Biometrika 76:297-307.

    The lists P, Q and E of Chao et al. (2001): with all pairs, 28 69 55 63 / (21 17 18) were missed.

    >>> counts = {(1, 1, 1): 28, (1, 1, 0): 21, (1, 0, 1): 17, (0, 1, 1): 18}
    >>> best = log_linear(counts | {(1, 0, 0): 69, (0, 1, 0): 55, (0, 0, 1): 63})[0]
    >>> len(best["pairs"]), round(best["population"])
    (3, 1313)
    """
    sources = {len(history) for history in histories}
    if len(sources) != 1 or not 3 <= (number := sources.pop()) <= MAXIMUM_SOURCES:
        raise EntenteError(
            f"log-linear models take three to {MAXIMUM_SOURCES} sources; join or leave out some"
        )
    if histories.get((0,) * number):
        raise EntenteError("a capture history of what no source saw is no observation; leave it out")
    cells = np.array([cell for cell in product((0, 1), repeat=number) if any(cell)])
    counts = np.array([histories.get(tuple(cell), 0) for cell in cells.tolist()])
    pairs = list(combinations(range(number), 2))
    sets = chain.from_iterable(combinations(pairs, size) for size in range(len(pairs) + 1))
    several = int(counts[cells.sum(axis=1) > 1].sum())
    if several < MINIMUM_RECAPTURES:
        return [{"pairs": (), "refused": f"{several} in several sources, {MINIMUM_RECAPTURES} needed"}]
    models = [{"pairs": chosen} | fit(cells, counts, chosen, level) for chosen in sets]
    models.sort(key=lambda model: (model.get("aicc", math.inf), len(model["pairs"]), model["pairs"]))
    return [
        model if "refused" in model else model | {"chosen": place == 0} for place, model in enumerate(models)
    ]


def fit(cells, counts, pairs, level):
    """Return what one log-linear model with the dependent *pairs* says, or why it says nothing."""
    import statsmodels.api as sm  # noqa: PLC0415 - takes a second

    never = [pair for pair in pairs if not counts[cells[:, pair].all(axis=1)].sum()]
    if never:
        return {"refused": "two sources of a pair saw nothing in common"}
    design = np.column_stack([np.ones(len(cells)), cells, *(cells[:, pair].prod(axis=1) for pair in pairs)])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return {"refused": "more terms than histories"}
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # a model with as many terms as cells fits them perfectly, as it should
        result = sm.GLM(counts, design, family=sm.families.Poisson()).fit(maxiter=200, tol=1e-10)
        variance = result.cov_params()[0, 0]
    # not <=: a variance that is no number is refused too
    if not variance <= UNDETERMINED**2 or result.mu.min() < 1e-6:
        return {"refused": "the counts do not determine it: a history that it rests on was never met"}
    seen, terms = int(counts.sum()), design.shape[1]
    if seen <= terms + 1:
        return {"refused": f"{seen} seen, more than {terms + 1} needed"}
    unseen = math.exp(result.params[0])
    spread = unseen + unseen**2 * variance
    low, high = log_normal_interval(seen, unseen, spread, level)
    aic = -2 * result.llf + 2 * terms
    return {
        "population": seen + unseen,
        "standard_error": math.sqrt(spread),
        "low": low,
        "high": high,
        "deviance": max(0.0, float(result.deviance)),
        "degrees": len(cells) - terms,
        "aicc": float(aic + 2 * terms * (terms + 1) / (seen - terms - 1)),
    }


def seen_by(study):
    """Return [(alliance, set of the study's corpora that saw it)], the corpora with a mere copy of a report included."""
    names = {folder.name for folder in study.corpora}
    copies = {}
    for copy in study.duplicates():
        copies.setdefault(copy.duplicate_of, set()).add(copy.document.partition("/")[0])
    return [
        (a, names.intersection(a.corpora).union(*(copies.get(m.rpartition("@")[0], ()) for m in a.mentions)))
        for a in study.counted()
    ]


def coverage_by_recapture(study):
    """Coverage of the population of alliances, by capture-recapture with the corpora as sources.

    Columns
    -------
    method : ``Chapman``: two corpora; ``log-linear``: three or more, one row a model
    sources : the corpora
    dependent : pairs of corpora that depend on each other in the model
    seen : alliances that at least one of the corpora reports, a copy of a report included
    recaptured : alliances that at least two of them report
    population : estimated number of alliances, those that none reports included
    standard_error : of the population
    low, high : limits of its log-normal interval
    coverage : seen / population, a proportion
    coverage_low, coverage_high : seen / high and seen / low
    deviance, degrees : of the log-linear model, and its degrees of freedom
    aicc : its corrected Akaike information criterion; the less, the better
    chosen : whether the log-linear model has the least of all
    refused : why there is no estimate: too few recaptures, counts that do not determine the model, or corpora
        that are no random draws (``random`` in corpus.yaml), which then say nothing of what they do not have
    assumptions : what must hold for the estimate; where the sources depend on each other positively, as
        newspapers do that print the same news, the population is underestimated
    level : nominal coverage of the intervals
    minimum_confidence : alliances with a lower confidence are not counted
    """
    met = [saw for _, saw in seen_by(study)]
    names = sorted(folder.name for folder in study.corpora)
    chosen_by_hand = {
        folder.name for folder in study.corpora if not corpora.load(folder, fetched=False).random
    }
    for pair in combinations(names, 2):
        both = sum(saw.issuperset(pair) for saw in met)
        first, second = (sum(name in saw for saw in met) for name in pair)
        told = not_random(pair, chosen_by_hand) or chapman(first, second, both, study.level)
        yield row("Chapman", pair, first + second - both, both, told, study)
    if len(names) < 3:
        return
    seen, several = sum(map(bool, met)), sum(len(saw) > 1 for saw in met)
    refused = not_random(names, chosen_by_hand)
    if not refused and len(names) > MAXIMUM_SOURCES:
        refused = {"refused": f"{len(names)} corpora, {MAXIMUM_SOURCES} at most; join some"}
    counts = Counter(tuple(int(name in saw) for name in names) for saw in met if saw)
    if not refused and not counts:
        refused = {"refused": f"0 in several sources, {MINIMUM_RECAPTURES} needed"}
    for model in [refused] if refused else log_linear(counts, study.level):
        pairs = [" * ".join(names[place] for place in pair) for pair in model.get("pairs", ())]
        yield row("log-linear", names, seen, several, model, study) | {"dependent": pairs}


def not_random(names, chosen_by_hand):
    """Return why the corpora *names* are no independent draws, or an empty dict."""
    wrong = [name for name in names if name in chosen_by_hand]
    return {"refused": f"no random draw: {', '.join(wrong)}"} if wrong else {}


def row(method, sources, seen, recaptured, told, study):
    """Return one row of the table from what an estimate *told*."""
    limits = [told.get(name) for name in ("population", "low", "high")]
    coverage, most, least = (round(seen / limit, 4) if limit else None for limit in limits)

    def rounded(name, digits):
        return None if told.get(name) is None else round(told[name], digits)

    return {
        "method": method,
        "sources": list(sources),
        "dependent": [],
        "seen": seen,
        "recaptured": recaptured,
        "population": rounded("population", 1),
        "standard_error": rounded("standard_error", 1),
        "low": rounded("low", 1),
        "high": rounded("high", 1),
        "coverage": coverage,
        "coverage_low": least,
        "coverage_high": most,
        "deviance": rounded("deviance", 4),
        "degrees": told.get("degrees"),
        "aicc": rounded("aicc", 4),
        "chosen": told.get("chosen"),
        "refused": told.get("refused"),
        "assumptions": ASSUMPTIONS[method],
        "level": study.level,
        "minimum_confidence": study.minimum_confidence,
    }
