"""How far two readers who coded the same documents by themselves agree, field by field."""

from collections import Counter, defaultdict

import numpy as np

from entente import cli
from entente.bootstrap import DRAWS, SEED
from entente.codebook import codes
from entente.errors import EntenteError
from entente.evaluate import COUNTERS, bounds, count, scores
from entente.matching import Coded, match
from entente.records import Gold

FOUND = ("alliance", "partner", "stake")  # what readers find in a text, and do not only code
CODED = ("form", "equity_status", "status", "value_chain")


def alpha(pairs):
    """Return Krippendorff's alpha of two coders for nominal data; NaN where the values do not vary.

    Parameters
    ----------
    pairs : list of (value, value)
        What each coder says of each unit; units that one of them did not code are left out.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania.

    >>> alpha([("a", "a"), ("b", "b"), ("a", "b")])
    0.4444444444444444
    """
    totals = Counter(value for pair in pairs for value in pair)
    n = sum(totals.values())
    expected = n * n - sum(number * number for number in totals.values())
    if not expected:
        return float("nan")
    observed = 2 * sum(first != second for first, second in pairs)
    return 1 - (n - 1) * observed / expected


def units(first, second):
    """Return {field: [(value, value), ...]} of one document as two coders coded it, two `records.Gold`.

    A field of the document has one pair: whether it reports an alliance, its genre, and what seems an alliance and
    is none where both see none. A field of an alliance has one for each alliance that both see; ``function``
    one for each of these and each code, present or not.
    """
    found = defaultdict(list, reports_alliance=[(bool(first.alliances), bool(second.alliances))])
    for name in ("genre", "non_alliance"):
        pair = getattr(first, name), getattr(second, name)
        if all(pair):
            found[name].append(pair)
    for i, j in match([Coded.of(a) for a in first.alliances], [Coded.of(a) for a in second.alliances]):
        a, b = first.alliances[i], second.alliances[j]
        for name in CODED:
            found[name].append((getattr(a, name), getattr(b, name)))
        found["year"].append(((a.date or "")[:4], (b.date or "")[:4]))
        found["function"] += [(code in a.functions, code in b.functions) for code in codes("function")]
    return found


def by_field(coded):
    """Yield how far two coders agree, a dict a field: ``field``, ``units``, ``agreement``, ``alpha``, ``low``, ``high``.

    Parameters
    ----------
    coded : list of (Gold, Gold)
        The same documents by both coders.

    Notes
    -----
    ``agreement`` is the share of units with equal codes. Of alliances, partners and stakes, which a reader has to find,
    it is F of the second coder against the first, and there is no alpha. ``low`` and ``high`` are alpha's 95 % interval,
    documents being drawn with replacement.
    """
    coded = sorted(coded, key=lambda pair: pair[0].id)
    counts = (
        np.array([count(b.alliances, [], a, "")[0] for a, b in coded]).reshape(-1, len(COUNTERS)).sum(axis=0)
    )
    number, score = dict(zip(COUNTERS, counts.tolist(), strict=True)), scores(counts)
    for name in FOUND:
        yield {"field": name, "units": number[f"{name}_wanted"], "agreement": float(score[f"{name}_f"])}
    by_document = [units(*pair) for pair in coded]
    draws = np.random.default_rng(SEED).multinomial(len(coded), np.full(len(coded), 1 / len(coded)), DRAWS)
    for name in dict.fromkeys(name for found in by_document for name in found):
        pairs = [found[name] for found in by_document]
        alphas = np.array([alpha(drawn(pairs, times)) for times in draws])
        low, high = bounds(alphas[~np.isnan(alphas)])
        whole = drawn(pairs, np.ones(len(pairs), int))
        equal = sum(a == b for a, b in whole) / len(whole)
        yield {
            "field": name,
            "units": len(whole),
            "agreement": equal,
            "alpha": alpha(whole),
            "low": low,
            "high": high,
        }


def drawn(pairs, times):
    """Return the pairs of the documents in one list, those of each document so many *times*."""
    return [pair for own, repeated in zip(pairs, times, strict=True) for pair in own * int(repeated)]


def agreement(study):
    """Agreement of two readers who coded the same documents, each without seeing the other's codes.

    Columns
    -------
    corpus : name of the corpus
    documents : documents coded by both
    field : what was coded; ``alliance``, ``partner`` and ``stake`` have to be found, the others are codes.
        ``reports_alliance``, ``genre`` and ``non_alliance`` are of the document; the rest of the alliances that both
        found; ``year`` is that of the announcement, ``function`` is present or not
    units : how many units both coded; of what has to be found, how many the first reader found
    agreement : share of the units with equal codes; of what has to be found, F of the second reader against the first
    alpha : Krippendorff's alpha for nominal data: 1 is perfect agreement, 0 what chance gives; empty where nothing varies
    low, high : 95 % percentile bootstrap interval of alpha, documents drawn with replacement 1,000 times
    """
    for folder in study.corpora:
        paths = folder / "gold.jsonl", folder / "second.jsonl"
        if not all(path.exists() for path in paths):
            continue
        first, second = ({gold.id: gold for gold in cli.read(path, Gold)} for path in paths)
        if missing := sorted(second.keys() - first.keys()):
            raise EntenteError(
                f"{paths[1]}: {missing[0]!r} has no gold in {paths[0].name}; code the same documents"
            )
        coded = [(first[key], second[key]) for key in sorted(second)]
        for row in by_field(coded):
            known = {
                "corpus": folder.name,
                "documents": len(coded),
                "alpha": None,
                "low": None,
                "high": None,
            } | row
            yield {name: round(v, 4) if isinstance(v, float) else v for name, v in known.items()}
