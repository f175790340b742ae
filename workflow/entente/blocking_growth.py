"""How the work of resolving grows with the number of mentions: the pairs compared, on mentions recombined to any number."""

import numpy as np
import scipy  # its parts load when they are used

from entente.bootstrap import MINIMUM_CLUSTERS, SEED
from entente.clusters import Clusters, Report
from entente.names import normal
from entente.parties import Names, key
from entente.records import Document, Mention, Partner

SIZES = (1000, 2000, 4000, 8000)  # mentions
FIXED = 200  # organisations
WORDS = 2000  # of the partners' names, of which as many pairs as there are words squared are put in a random order


class Counting(Clusters):
    """Clusters that count the pairs that they compare."""

    def __init__(self):
        super().__init__()
        self.compared = 0

    def place(self, cluster):
        """Count the clusters that share a place with *cluster*, then join it to one of them or none."""
        self.compared += len(self.near(cluster))
        super().place(cluster)


def recombined(alliances, size, organisations, unequal, seed=SEED):
    """Return *size* reports: those of alliances drawn from *alliances*, each with partners of its own.

    Parameters
    ----------
    alliances : list of list of (Mention, str or None)
        Of each alliance its mentions, with the dates of their documents.
    size, organisations : int
        Number of reports, and of partners to draw from. Their names are pairs of words of names in *alliances*.
    unequal : float
        How often a partner is drawn falls with its rank to this power. With 0 all are drawn as often; with 1 (Zipf
        1949) few are in most alliances.
    """
    names = [partner.name for alliance in alliances for m, _ in alliance for partner in m.partners]
    words = thinned(sorted({word for name in names for word in normal(name).split()}), WORDS)
    rng = np.random.default_rng(seed)
    drawn = rng.permutation(len(words) ** 2)[:organisations]
    pool = np.array([f"{words[n // len(words)]} {words[n % len(words)]}" for n in drawn])
    weight = np.arange(1, len(pool) + 1) ** -float(unequal)
    reports = []
    while len(reports) < size:
        alliance = alliances[rng.integers(len(alliances))]
        keys = list(dict.fromkeys(key(partner.name) for m, _ in alliance for partner in m.partners))
        new = dict(zip(keys, rng.choice(pool, len(keys), p=weight / weight.sum()).tolist(), strict=True))
        for model, date in alliance:
            document = f"recombined/{len(reports)}"
            changes = {
                "id": f"{document}@1",
                "document": document,
                "partners": [Partner(name=new[key(p.name)], start=None, end=None) for p in model.partners],
                "venture_name": f"{new[keys[0]]} venture" if model.venture_name else None,
            }
            reports.append(Report.of(model.model_copy(update=changes), 0, "recombined", date))
    return reports[:size]


def thinned(items, most):
    """Return at most *most* of a list's items, evenly spread; all of them if they are no more.

    >>> thinned("abc", 3), thinned("abcdefg", 3)
    ('abc', 'adg')
    """
    return items[:: max(1, -(-len(items) // most))]


def compared(reports):
    """Return how many pairs of clusters the resolver compares to resolve *reports*, of one corpus."""
    names, clusters = Names(), Counting()
    names.learn(reports)
    names.tell(reports)
    clusters.add(reports)
    return clusters.compared


def blocking_growth(study):
    """Growth of the pairs that resolving compares with the number of mentions, on recombined mentions.

    Columns
    -------
    partners : ``alike``: one organisation for every two mentions, all in as many alliances; ``unequal``: as many, but
        few are in most alliances, as Zipf's law has it; ``fixed``: unequal, and 200 however many mentions
    mentions : number of mentions, those of the run's alliances with other partners
    pairs : all pairs of mentions
    compared : pairs of clusters that resolving compares; others share neither two partners, nor a partner and the
        venture
    exponent : slope of log compared on log mentions over the sizes: 1 is linear, 2 quadratic
    exponent_low, exponent_high : limits of its t interval, of four sizes: how straight the line is, and no more
    refused : why there is no exponent
    level : nominal coverage of the interval
    """
    found = thinned(study.alliances(), SIZES[-1])  # by id, which is a hash: as good as drawn
    wanted = {mention for alliance in found for mention in alliance.mentions}
    mentions = {m.id: m for _, m in study.records("mentions", Mention) if m.id in wanted}
    reporting = {mention.document for mention in mentions.values()}
    dates = {d.id: d.date for _, d in study.records("documents", Document) if d.id in reporting}
    alliances = [
        met
        for alliance in found
        if (met := [(mentions[m], dates[mentions[m].document]) for m in alliance.mentions if m in mentions])
    ]
    if len(alliances) < MINIMUM_CLUSTERS:
        return  # to draw from a few alliances is to repeat them
    for kind, unequal, organisations in (
        ("alike", 0, [size // 2 for size in SIZES]),
        ("unequal", 1, [size // 2 for size in SIZES]),
        ("fixed", 1, [FIXED] * len(SIZES)),
    ):
        counts = [
            compared(recombined(alliances, size, number, unequal))
            for size, number in zip(SIZES, organisations, strict=True)
        ]
        told = dict.fromkeys(("exponent", "exponent_low", "exponent_high"))
        if min(counts):
            line = scipy.stats.linregress(np.log(SIZES), np.log(counts))
            half = scipy.stats.t.ppf((1 + study.level) / 2, len(SIZES) - 2) * line.stderr
            values = (line.slope, line.slope - half, line.slope + half)
            told = {name: round(float(value), 3) for name, value in zip(told, values, strict=True)}
        for size, count in zip(SIZES, counts, strict=True):
            yield {
                "partners": kind,
                "mentions": size,
                "pairs": size * (size - 1) // 2,
                "compared": count,
                **told,
                "refused": None if min(counts) else "exponent: of some number of mentions none are compared",
                "level": study.level,
            }
