"""Draw the documents, or the mentions, that are to be coded by hand: a stratified probability sample.

Strata are cells of band of confidence, language, corpus and period of the document's date, in this order.
Documents without a mention are a band of their own, for that is where misses hide. Cells are merged by one rule
(`merged`). Each stratum gets 2 units at least, the rest goes where it lowers the variance most (`allocate`).
Within a stratum the units with the lowest random numbers are drawn; a unit's number is a digest of seed and id.
So the sample is the same in whatever order files come, and a larger one, from the same strata, contains it.

Duplicates are left out: they are in no stratum, and no estimate is of them.

References
----------
Särndal, Swensson, Wretman (1992). Model Assisted Survey Sampling. Springer, chapters 3 and 6.
Ohlsson (1995). Coordination of samples using permanent random numbers. In: Business Survey Methods. Wiley.
"""

import hashlib
import heapq
import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from entente.codebook import equity_status
from entente.errors import EntenteError
from entente.records import Document, Mention, Record
from entente.study import period
from entente.tables import Interim

# Lowest confidence of each band. The lowest counted by the bundled configuration is 0.3.
BANDS = {"low": 0.0, "middle": 0.3, "high": 0.7}
ORDER = ("none", *BANDS)

# ASSUME one document in 20 without a mention reports an alliance: 17 of 367 did in the Reuters stories coded for
# training, as they were read when those without a cue word were not. Only how many of these Neyman's allocation draws
# rests on it, no estimate.
MISSED = 0.05

LEAST = 2  # units a stratum: one less, and its variance cannot be estimated

Probability = Annotated[float, Field(gt=0, le=1)]


@dataclass(frozen=True)
class Unit:
    """A unit of the frame. ``confidence`` is that of its surest mention, None if the document has none."""

    id: str
    document: str
    corpus: str
    language: str
    period: str
    confidence: float | None

    @property
    def band(self):
        """Return the band of its confidence."""
        if self.confidence is None:
            return "none"
        return next(band for band, lowest in reversed(BANDS.items()) if self.confidence >= lowest)

    @property
    def cell(self):
        """Return the finest class that it is in: band, language, corpus, period."""
        return self.band, self.language, self.corpus, self.period

    @property
    def variance(self):
        """Return the predicted variance of whether the unit is what the model takes it for."""
        likely = MISSED if self.confidence is None else self.confidence
        return max(likely * (1 - likely), MISSED * (1 - MISSED))


class Stratum(Record):
    """Cells that are drawn from together: how many units they have, and how many of these are drawn."""

    name: str
    cells: list[tuple[str, str, str, str]]
    population: int
    drawn: int


class Design(Record):
    """How a sample was drawn: with the frame, all that is needed to draw it again, or to draw more."""

    unit: Literal["document", "mention"]
    seed: int
    years: int
    strata: list[Stratum]


class Drawn(Record):
    """A unit of the sample.

    ``inclusion_probability`` is the unit's, ``document_probability`` its document's: the same for documents;
    of a mention, the probability that this or another mention of its document is drawn.
    """

    id: str
    document: str
    corpus: str
    language: str
    period: str
    band: str
    stratum: str
    inclusion_probability: Probability
    document_probability: Probability


def frame(source, unit, years):
    """Return the list of Units, by id, of all documents or mentions of *source* that are in no duplicate.

    Parameters
    ----------
    source : tables.Interim
    unit : str
        ``document`` or ``mention``.
    years : int
        Length of a period; see `study.period`.
    """
    repeats = {duplicate.document for duplicate in source.duplicates()}
    mentions = defaultdict(list)
    for _, mention in source.records("mentions", Mention):
        mentions[mention.document].append((mention.confidence, mention.id))
    units = []
    for corpus, document in source.records("documents", Document):
        if document.id in repeats:
            continue
        found = mentions[document.id]
        if unit == "document":
            found = [(max(found)[0] if found else None, document.id)]
        when = period(int(document.date[:4]) if document.date else None, years)
        units += [
            Unit(own, document.id, corpus, document.language, when, confidence) for confidence, own in found
        ]
    return sorted(units, key=lambda unit: unit.id)


def merged(sizes, most):
    """Return the cells of *sizes*, {cell: number of units}, as a list of lists: those merged into one stratum.

    While a stratum has fewer than 2 units, or there are more than *most* strata, the smallest is merged. Cells
    stand in the order of band, language, corpus and period; the stratum goes to that of its two neighbours with
    which it has more of these in common, counted from the left, then to the smaller, then to the earlier. So
    periods are merged before corpora, corpora before languages, and languages before bands.

    >>> merged({("low", "da", "a", "1990"): 1, ("low", "da", "b", "1990"): 9, ("low", "en", "a", "1990"): 1}, 9)
    [[('low', 'da', 'a', '1990'), ('low', 'da', 'b', '1990'), ('low', 'en', 'a', '1990')]]
    """
    groups = [[cell] for cell in sorted(sizes, key=lambda cell: (ORDER.index(cell[0]), *cell))]
    numbers = [sizes[group[0]] for group in groups]
    while len(groups) > 1 and (min(numbers) < LEAST or len(groups) > most):
        smallest = numbers.index(min(numbers))
        neighbours = [at for at in (smallest - 1, smallest + 1) if 0 <= at < len(groups)]

        def distance(at, smallest=smallest):
            left, right = groups[min(at, smallest)][-1], groups[max(at, smallest)][0]
            return -shared(left, right), numbers[at]

        first = min(smallest, min(neighbours, key=distance))
        groups[first : first + 2] = [groups[first] + groups[first + 1]]
        numbers[first : first + 2] = [numbers[first] + numbers[first + 1]]
    return groups


def shared(first, second):
    """Return how many items two tuples have in common before the first that differs.

    >>> shared(("low", "en", "a"), ("low", "en", "b"))
    2
    """
    equal = [a == b for a, b in zip(first, second, strict=True)]
    return equal.index(False) if False in equal else len(equal)


def allocate(sizes, spreads, n, least):
    """Return how many units of each stratum to draw, *n* in all, so that a total's variance is smallest.

    The variance of the estimated total is the sum over strata of N^2 S^2 (1/n - 1/N). One more unit lowers it by
    N^2 S^2 / (n (n + 1)); so the units are given out one by one, each where it lowers the variance most.

    Parameters
    ----------
    sizes : list of int
        N, units in each stratum: no more can be drawn.
    spreads : list of float
        S, standard deviation within each stratum; all equal, the allocation is proportional to N.
    n : int
        Between the sum of *least* and the sum of *sizes*.
    least : list of int
        Units that each stratum has at least, 1 or more.

    References
    ----------
    Wright (2012). The equivalence of Neyman optimum allocation for sampling and equal proportions for
    apportioning the U.S. House of Representatives. The American Statistician 66:217-224.

    >>> allocate([100, 50, 3], [1, 2, 9], 20, [2, 2, 2])
    [9, 9, 2]
    """
    given = list(least)

    def queued(stratum):
        gain = (sizes[stratum] * spreads[stratum]) ** 2 / (given[stratum] * (given[stratum] + 1))
        return -gain, stratum

    queue = [queued(stratum) for stratum in range(len(sizes)) if given[stratum] < sizes[stratum]]
    heapq.heapify(queue)
    for _ in range(n - sum(given)):
        _, stratum = heapq.heappop(queue)
        given[stratum] += 1
        if given[stratum] < sizes[stratum]:
            heapq.heappush(queue, queued(stratum))
    return given


def plan(units, n, unit, seed, allocation, years):
    """Return the `Design` of a sample of *n* of the *units*.

    There are at most n / 4 strata, so that the 2 that each must have take up half of the sample at most.

    Raises
    ------
    EntenteError
        If *n* is below 2, or there are fewer than *n* units.
    """
    if not LEAST <= n <= len(units):
        raise EntenteError(
            f"a sample of {n} {unit}s was asked for, and {len(units)} can be drawn, duplicates apart; "
            f"give --n from {LEAST} to {len(units)}"
        )
    cells = defaultdict(list)
    for one in units:
        cells[one.cell].append(one.variance)
    groups = merged({cell: len(own) for cell, own in cells.items()}, max(1, n // 4))
    sizes = [sum(len(cells[cell]) for cell in group) for group in groups]
    spreads = [1.0] * len(groups)
    if allocation == "neyman":
        spreads = [math.sqrt(np.mean([v for cell in group for v in cells[cell]])) for group in groups]
    drawn = allocate(sizes, spreads, n, [LEAST] * len(groups))
    strata = [
        Stratum(name=name(group), cells=group, population=size, drawn=number)
        for group, size, number in zip(groups, sizes, drawn, strict=True)
    ]
    return Design(unit=unit, seed=seed, years=years, strata=strata)


def name(cells):
    """Return what a stratum is called: the values of its cells.

    >>> name([("low", "en", "a", "1985-1989"), ("low", "en", "b", "1985-1989")])
    'low, en, a+b, 1985-1989'
    """
    return ", ".join("+".join(dict.fromkeys(values)) for values in zip(*cells, strict=True))


def permanent_number(seed, identifier):
    """Return the random number of a unit, an integer in [0, 2^64), fixed by seed and id.

    >>> permanent_number(1, "wire/1.txt") == permanent_number(1, "wire/1.txt") != permanent_number(2, "wire/1.txt")
    True
    """
    return int.from_bytes(hashlib.sha256(f"{seed} {identifier}".encode()).digest()[:8], "big")


def by_stratum(design, units):
    """Return the units of each stratum of *design*, a list of lists, in the order in which they are drawn.

    Raises
    ------
    EntenteError
        If the *units* are not those that the design was made for.
    """
    stratum_of = {tuple(cell): at for at, stratum in enumerate(design.strata) for cell in stratum.cells}
    groups = [[] for _ in design.strata]
    for unit in units:
        if unit.cell in stratum_of:
            groups[stratum_of[unit.cell]].append(unit)
    sizes = [stratum.population for stratum in design.strata]
    if [len(group) for group in groups] != sizes or sum(sizes) != len(units):
        raise EntenteError(
            f"the sample was drawn from {sum(sizes)} {design.unit}s, and there are {len(units)} now, or they differ; "
            "documents or the model have changed: draw a new sample"
        )
    return [sorted(group, key=lambda unit: permanent_number(design.seed, unit.id)) for group in groups]


def probabilities(design, units):
    """Return {id: (inclusion probability, that of its document)} of all *units*, drawn or not; the first sum to n.

    n of N units are drawn in a stratum with equal probability, without replacement: a unit's is n / N. A document is
    drawn if any unit of it is; strata are independent, so it is missed with the product of the
    hypergeometric probabilities that its k units there are missed: (N-n) (N-n-1) ... / N (N-1) ..., k factors each.
    """
    groups, missed = by_stratum(design, units), defaultdict(lambda: 1.0)
    for stratum, group in zip(design.strata, groups, strict=True):
        size, drawn = stratum.population, stratum.drawn
        for document, number in Counter(unit.document for unit in group).items():
            missed[document] *= math.prod((size - drawn - k) / (size - k) for k in range(number))
    found = {}
    for stratum, group in zip(design.strata, groups, strict=True):
        own = stratum.drawn / stratum.population
        for unit in group:
            found[unit.id] = own, own if design.unit == "document" else 1 - missed[unit.document]
    return found


def select(design, units):
    """Return the sample that *design* draws from the *units* of its frame: a list of Drawn, by id."""
    probability = probabilities(design, units)
    drawn = [
        Drawn(
            id=unit.id,
            document=unit.document,
            corpus=unit.corpus,
            language=unit.language,
            period=unit.period,
            band=unit.band,
            stratum=stratum.name,
            inclusion_probability=probability[unit.id][0],
            document_probability=probability[unit.id][1],
        )
        for stratum, group in zip(design.strata, by_stratum(design, units), strict=True)
        for unit in group[: stratum.drawn]
    ]
    return sorted(drawn, key=lambda unit: unit.id)


def draw(interim, corpora, n, unit="document", seed=1, allocation="proportional", years=5):
    """Draw a stratified probability sample of documents or mentions.

    Parameters
    ----------
    interim : Path
        Folder of the stages' records.
    corpora : iterable of Path
        Folders of the corpora to draw from.
    n : int
        Size of the sample.
    unit : str
        ``document``, or ``mention``: these say nothing of what was missed in documents without one.
    seed : int
        Another one gives another sample.
    allocation : str
        ``proportional`` to the units in a stratum, or ``neyman``: also to the standard deviation that their
        confidence predicts. A stratum has 2 at least.
    years : int
        Length of a period.

    Returns
    -------
    Design, list of Drawn
        The units with their inclusion probabilities, by id.

    Raises
    ------
    EntenteError
        If there are fewer than *n* units.
    """
    units = frame(Interim(Path(interim), tuple(map(Path, corpora))), unit, years)
    design = plan(units, n, unit, seed, allocation, years)
    return design, select(design, units)


@dataclass(frozen=True)
class Narrowing:
    """What more coding would bring. The half-widths are those of the equity share's interval, as proportions.

    ``strata`` are dicts: ``stratum``, ``population``, ``coded``, ``spread`` (residual standard deviation),
    ``more`` (documents to code next), ``reduction`` (of the share's variance, expected of these).
    """

    design: Design
    units: list
    strata: list
    half_width: float
    half_width_then: float


def narrowing(interim, corpora, design, gold, more, level=0.95):
    """Return which documents to code next, so that the equity share's interval is narrowed most.

    The share is a ratio, R = equity alliances / alliances of known form. A coded document's residual is
    z - l p: z is equity - R known by gold, p the same by its mentions, each with the weight of its confidence, and
    l, in [0, 1], the coefficient of the regression of z on p. The variance of the corrected share rests on the
    residuals' variance within strata, so what is coded next is Neyman's allocation to these (`allocate`).
    A stratum's variance counts the pooled one as one more observation: two equal documents do not make it 0.

    Within a stratum, which documents come next is the lot's choice. All of the sample's inclusion probabilities
    change: take those of ``select(narrowing.design, units)``. They treat the new numbers as fixed before
    anything was coded.

    Parameters
    ----------
    interim, corpora :
        As for `draw`, unchanged since.
    design : Design
        Of a sample of documents.
    gold : dict of Gold
        By document id, for every document of the sample.
    more : int
        How many documents to code next.
    level : float
        Nominal coverage of the interval.

    Returns
    -------
    Narrowing
        ``units`` are the documents to code next, as Drawn, by id.

    Raises
    ------
    EntenteError
        If the sample is one of mentions, a document of it lacks gold, no alliance of known form was coded, or
        fewer than *more* documents are left.

    References
    ----------
    Neyman (1934). On the two different aspects of the representative method. JRSS 97:558-625.
    Särndal, Swensson, Wretman (1992). Model Assisted Survey Sampling. Springer, sections 5.6 and 6.4.
    Angelopoulos, Duchi, Zrnic (2023). PPI++. arXiv:2311.01453: the same coefficient, for a simple random sample.
    """
    if design.unit != "document":
        raise EntenteError("only a sample of documents can be extended; draw one with --unit document")
    source = Interim(Path(interim), tuple(map(Path, corpora)))
    groups = by_stratum(design, frame(source, "document", design.years))
    coded = [
        [unit.document for unit in group[: s.drawn]] for group, s in zip(groups, design.strata, strict=True)
    ]
    require_gold(coded, gold)
    sizes, drawn = [s.population for s in design.strata], [s.drawn for s in design.strata]
    if not 1 <= more <= sum(sizes) - sum(drawn):
        raise EntenteError(
            f"{more} more documents were asked for; {sum(sizes) - sum(drawn)} are not drawn yet"
        )
    found = predicted(source, {document for documents in coded for document in documents})
    counts = [
        np.array([[*known(gold[document].alliances), *found[document]] for document in documents], float)
        for documents in coded
    ]
    spreads, total = residual_spreads(counts, sizes)
    then = allocate(sizes, spreads, sum(drawn) + more, drawn)
    variances = [
        [(size * s / total) ** 2 * (1 / n - 1 / size) for size, s, n in zip(sizes, spreads, ns, strict=True)]
        for ns in (drawn, then)
    ]
    extended = design.model_copy(
        update={
            "strata": [s.model_copy(update={"drawn": n}) for s, n in zip(design.strata, then, strict=True)]
        }
    )
    before = {document for documents in coded for document in documents}
    sample = select(extended, [unit for group in groups for unit in group])
    rows = [
        {
            "stratum": s.name,
            "population": s.population,
            "coded": s.drawn,
            "spread": spread,
            "more": n - s.drawn,
            "reduction": now - later,
        }
        for s, spread, n, now, later in zip(design.strata, spreads, then, *variances, strict=True)
    ]
    z = NormalDist().inv_cdf(0.5 + level / 2)
    widths = [z * math.sqrt(sum(each)) for each in variances]
    return Narrowing(extended, [unit for unit in sample if unit.id not in before], rows, *widths)


def require_gold(coded, gold):
    """Raise EntenteError unless all documents of *coded*, a list of lists, have *gold*."""
    missing = sorted(document for documents in coded for document in documents if document not in gold)
    if missing:
        raise EntenteError(
            f"{len(missing)} documents of the sample are not coded yet, such as {missing[0]}; code them first"
        )


def known(alliances, weights=None):
    """Return (equity, known): how many of the *alliances* are equity, and of known form, each with its weight."""
    states = [equity_status(alliance.form) for alliance in alliances]
    weights = weights or [1] * len(states)
    pairs = list(zip(states, weights, strict=True))
    return sum(w for s, w in pairs if s == "equity"), sum(w for s, w in pairs if s != "unknown")


def predicted(source, documents):
    """Return {document: (equity, known)} of *documents* by their mentions, each weighted by its confidence."""
    mentions = defaultdict(list)
    for _, mention in source.records("mentions", Mention):
        if mention.document in documents:
            mentions[mention.document].append(mention)
    return {
        document: known(mentions[document], [m.confidence for m in mentions[document]])
        for document in documents
    }


def residual_spreads(counts, sizes):
    """Return the standard deviation of the residuals in each stratum, and the estimated number of known alliances.

    Parameters
    ----------
    counts : list of arrays, shape (coded documents, 4)
        A stratum's documents: equity and known alliances by gold, and the same as predicted.
    sizes : list of int
        Documents in each stratum.

    Raises
    ------
    EntenteError
        If no alliance of known form was coded.
    """
    rows = np.concatenate(counts)
    weights = np.repeat(
        [size / len(own) for own, size in zip(counts, sizes, strict=True)], [*map(len, counts)]
    )
    equity, total = weights @ rows[:, :2]
    if not total:
        raise EntenteError(
            "no alliance of known form is coded yet, so there is no share to narrow; draw a larger sample"
        )
    truth, guess = (rows[:, column] - equity / total * rows[:, column + 1] for column in (0, 2))
    mean_truth, mean_guess = (np.average(values, weights=weights) for values in (truth, guess))
    spread = weights @ (guess - mean_guess) ** 2
    slope = weights @ ((guess - mean_guess) * (truth - mean_truth)) / spread if spread else 0.0
    residual = truth - min(max(slope, 0.0), 1.0) * guess
    ends = np.cumsum([0, *map(len, counts)])
    squares = np.array(
        [np.sum((own - own.mean()) ** 2) for own in (residual[a:b] for a, b in pairwise(ends))]
    )
    number = np.diff(ends)
    pooled = squares.sum() / (len(rows) - len(counts))
    return np.sqrt((squares + pooled) / number).tolist(), float(total)
