"""A study: the records that tables are made of, the choices of who makes them, and what counts as equity."""

from collections import defaultdict
from dataclasses import dataclass

import scipy  # its parts load when they are used: the statistics take a second

from entente import tables
from entente.codebook import codes, equity_status

# Which forms count as equity, by definition. All other known forms stand on the contractual side.
EQUITY_FORMS = {
    "joint_venture": {"joint_venture"},
    "joint_venture_or_stake": {form for form in codes("form") if equity_status(form) == "equity"},
}


@dataclass(frozen=True)
class Study(tables.Interim):
    """What a table is made of: the records, and the choices of the study."""

    period_years: int
    level: float
    minimum_confidence: float

    def counted(self):
        """Return the list of alliances that are sure enough to be counted."""
        return [a for a in self.alliances() if a.confidence >= self.minimum_confidence]


def wilson(count, n, level):
    """Return (share, low, high) of *count* in *n*, with Wilson's score interval; (None, None, None) of none.

    References
    ----------
    Wilson (1927). Probable inference, the law of succession, and statistical inference. JASA 22:209-212.

    >>> wilson(81, 263, 0.95)
    (0.308, 0.2553, 0.3662)
    """
    if not n:
        return None, None, None
    interval = scipy.stats.binomtest(count, n).proportion_ci(level, method="wilson")
    return tuple(round(float(share), 4) for share in (count / n, *interval))


def period(year, years):
    """Return the period of *years* years that *year* lies in; periods start at multiples of their length.

    >>> period(2003, 5), period(2003, 1), period(None, 5)
    ('2000-2004', '2003', 'unknown')
    """
    if year is None:
        return "unknown"
    first = year - year % years
    return f"{first}-{first + years - 1}" if years > 1 else str(year)


def by_period(alliances, years):
    """Return {period: list of alliances}: the periods that have any, in order; ``unknown``; and ``all``."""
    groups = defaultdict(list)
    for alliance in sorted((a for a in alliances if a.year is not None), key=lambda a: a.year):
        groups[period(alliance.year, years)].append(alliance)
    return groups | {"unknown": [a for a in alliances if a.year is None], "all": list(alliances)}


def choices(study):
    """Return the choices that the shares of *study* rest on, as columns."""
    return {"level": study.level, "minimum_confidence": study.minimum_confidence}
