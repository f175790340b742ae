"""Match alliances, and what they hold, of two who coded one document, one to one (codebook, section 6)."""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when they are used

from entente.gold import overlaps
from entente.names import same


@dataclass
class Coded:
    """What scoring needs of a record, whoever coded it."""

    partners: list
    venture_name: str | None
    form: str
    equity_status: str
    functions: list
    stakes: list

    @classmethod
    def of(cls, record):
        """Return the scored part of a mention or of a gold record."""
        names = [p if isinstance(p, str) else p.name for p in record.partners]
        return cls(
            names, record.venture_name, record.form, record.equity_status, record.functions, record.stakes
        )


def common(first, second):
    """Return how many of the names in *first* have a partner of their own in *second*.

    >>> common(["GM", "Toyota Motor Corp"], ["Toyota", "General Motors Corp"])
    2
    """
    return len(pairs(first, second, same))


def affinity(mention, gold):
    """Return how well two records match: 0 if they do not, more the more they share."""
    shared = common(mention.partners, gold.partners)
    needed = min(2, len(gold.partners), len(mention.partners))
    venture = bool(mention.venture_name and gold.venture_name) and same(
        mention.venture_name, gold.venture_name
    )
    return shared + venture if shared and (shared >= needed or venture) else 0


def match(mentions, gold):
    """Return the pairs (i, j) of *mentions* and *gold* that match, each in one pair at most, sharing most in all."""
    return assigned([[affinity(m, g) for g in gold] for m in mentions])


def assigned(scores):
    """Return the pairs (i, j) of rows and columns that score most in all, each in one pair at most; 0 is no pair.

    >>> assigned([[3, 2], [2, 0]])
    [(0, 1), (1, 0)]
    """
    scores = np.array(scores, dtype=float)
    if not scores.size:
        return []
    rows, columns = scipy.optimize.linear_sum_assignment(-scores)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if scores[i, j]]


def pairs(first, second, equal):
    """Return the pairs (i, j) of *first* and *second*, one to one, as many as can be by *equal*."""
    return assigned([[equal(a, b) for b in second] for a in first])


def same_stake(a, b):
    """Tell whether two stakes agree: holder, target and percentage (to half a point)."""
    target = a.target == b.target or (("venture" not in (a.target, b.target)) and same(a.target, b.target))
    return target and same(a.holder, b.holder) and abs(a.percent - b.percent) <= 0.5


def same_claim(claim, gold, text):
    """Tell whether two claims agree: measure and values, and sentences that overlap."""
    values = [(c.value, c.value_low, c.value_high) for c in (claim, gold)]
    overlap = any(overlaps(text, span.start, span.end, gold.evidence) for span in claim.evidence)
    return claim.measure == gold.measure and values[0] == values[1] and overlap
