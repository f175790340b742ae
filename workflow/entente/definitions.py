"""Equity share under several named definitions, by document, by mention and by alliance, side by side.

A definition is one function: True, the record is equity; False, it is not; None, it is not counted.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from entente.bootstrap import MINIMUM_CLUSTERS, limits
from entente.codebook import codes, equity_status
from entente.records import Mention
from entente.study import by_period, choices, wilson

UNITS = ("document", "mention", "alliance")

# SDC: announced, pending or completed; 1.2 % of its rows are ended ones, and a rumour is not an announcement.
SDC_STATUSES = {"planned", "signed", "in_force", "changed"}
# MERIT-CATI: cooperation in which technology is made or handed over.
CATI_FUNCTIONS = {"rnd", "technology_transfer", "licensing"}


def joint_venture(record):
    """Tell whether a record is equity where joint ventures alone are; the form must be known."""
    return None if equity_status(record.form) == "unknown" else record.form == "joint_venture"


def joint_venture_or_stake(record):
    """Tell whether a record is equity where joint ventures and stakes are; the form must be known."""
    status = equity_status(record.form)
    return None if status == "unknown" else status == "equity"


def unknown_as_contractual(record):
    """Tell whether a joint venture or a stake is reported: the share's lower bound, nothing is left out."""
    return equity_status(record.form) == "equity"


def unknown_as_equity(record):
    """Tell whether the form is not plainly contractual: the share's upper bound, nothing is left out."""
    return equity_status(record.form) != "contractual"


def like_sdc(record):
    """Tell whether SDC Platinum would flag a deal as a joint venture; None if it would hardly have it.

    Its flag is set or not, so that stakes and unknown forms stand on the other side. Pending deals are counted.
    """
    return record.form == "joint_venture" if record.status in SDC_STATUSES else None


def like_merit_cati(record):
    """Tell whether MERIT-CATI would count a technology partnership as equity; None if it would not have it."""
    return joint_venture_or_stake(record) if CATI_FUNCTIONS.intersection(record.functions) else None


DEFINITIONS = {
    definition.__name__: definition
    for definition in (
        joint_venture,
        joint_venture_or_stake,
        unknown_as_contractual,
        unknown_as_equity,
        like_sdc,
        like_merit_cati,
    )
}


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted once: an alliance, a mention, or a document with its mentions."""

    records: tuple  # Alliance, or one or more Mention
    cluster: str
    year: int | None
    corpora: tuple

    def equity(self, definition):
        """Return whether any record is equity under *definition*; None if none is counted."""
        told = [value for value in map(definition, self.records) if value is not None]
        return any(told) if told else None

    def languages(self):
        """Return the languages of the records."""
        return {language for r in self.records for language in getattr(r, "languages", None) or [r.language]}

    def functions(self):
        """Return the functions of the records, ``none`` if they have none."""
        return {function for r in self.records for function in r.functions} or {"none"}


class Units:
    """The documents, mentions and alliances of a study, read once, whatever confidence is asked for later.

    An alliance is in the cluster of the document that has its first mention. A mention is in that of its
    alliance; one that resolving left out is alone, and one in a copy is with the mention that it repeats.
    A document is in the cluster of its first mention, and has that one's year: the alliance's, if there is one.
    """

    def __init__(self, study):
        self.alliances = study.alliances()
        self.copies = {copy.document: copy.duplicate_of for copy in study.duplicates()}
        self.mentions = sorted(
            (mention for _, mention in study.records("mentions", Mention)),
            key=lambda m: (m.document, number(m.id)),
        )
        self.alliance_of = {mention: a for a in self.alliances for mention in a.mentions}

    def of(self, unit, minimum_confidence, duplicates=False):
        """Return the list of `Unit` of a kind: ``document``, ``mention`` or ``alliance``.

        Parameters
        ----------
        unit : str
        minimum_confidence : float
            Records below it are left out.
        duplicates : bool
            Whether documents that repeat others count, too. Alliances rest on the others alone.
        """
        if unit == "alliance":
            return [
                Unit((a,), document_of(a.mentions[0]), a.year, tuple(a.corpora))
                for a in self.alliances
                if a.confidence >= minimum_confidence
            ]
        groups = defaultdict(list)
        for mention in self.mentions:
            if mention.confidence >= minimum_confidence and (
                duplicates or mention.document not in self.copies
            ):
                groups[mention.document if unit == "document" else mention.id].append(mention)
        return [self.unit(mentions) for mentions in groups.values()]

    def unit(self, mentions):
        """Return the `Unit` of one document's *mentions*, or of one mention."""
        first = mentions[0]
        original = f"{self.copies.get(first.document, first.document)}@{number(first.id)}"
        alliance = self.alliance_of.get(original)
        year = alliance.year if alliance else int(first.date[:4]) if first.date else None
        corpus = first.document.partition("/")[0]
        return Unit(tuple(mentions), alliance.id if alliance else original, year, (corpus,))


def document_of(mention):
    """Return the document of a mention's id.

    >>> document_of("wire/a@b.txt@2")
    'wire/a@b.txt'
    """
    return mention.rpartition("@")[0]


def number(mention):
    """Return the number of a mention in its document.

    >>> number("wire/1.txt@12")
    12
    """
    return int(mention.rpartition("@")[2])


def cluster_interval(equity, clusters, level):
    """Return the percentile interval of a share, whole clusters being drawn with replacement 1,000 times.

    Parameters
    ----------
    equity : sequence of bool, shape (n,)
    clusters : sequence of str, shape (n,)
        The cluster of each unit.
    level : float
        Nominal coverage, in (0, 1).

    Returns
    -------
    low, high : float or None
        Proportions; None with fewer than 20 clusters, or where all draws agree.

    Notes
    -----
    The share of a draw is the sum of its clusters' equity over the sum of their sizes.

    References
    ----------
    Davison & Hinkley (1997). Bootstrap methods and their application. Cambridge: section 3.8.

    >>> cluster_interval([True] * 40 + [False] * 40, [str(n // 4) for n in range(80)], 0.95)
    (0.3, 0.7)
    """
    sums = defaultdict(lambda: [0, 0])
    for value, cluster in zip(equity, clusters, strict=True):
        sums[cluster][0] += value
        sums[cluster][1] += 1
    if len(sums) < MINIMUM_CLUSTERS:
        return None, None
    return limits(np.array(list(sums.values())), lambda drawn: [drawn[:, 0] / drawn[:, 1]], level)[0]


def share(units, definition, level):
    """Return the columns of the equity share of *units* under the *definition* of that name."""
    told = [(unit.equity(DEFINITIONS[definition]), unit.cluster) for unit in units]
    counted = [(equity, cluster) for equity, cluster in told if equity is not None]
    equity, clusters = [e for e, _ in counted], [c for _, c in counted]
    value, low, high = wilson(sum(equity), len(equity), level)
    cluster_low, cluster_high = cluster_interval(equity, clusters, level)
    met = len(set(clusters))
    few = f"{met} clusters, {MINIMUM_CLUSTERS} needed" if met < MINIMUM_CLUSTERS else "all draws agree"
    return {
        "n": len(equity),
        "equity": sum(equity),
        "left_out": len(told) - len(equity),
        "share": value,
        "low": low,
        "high": high,
        "clusters": met,
        "cluster_low": cluster_low,
        "cluster_high": cluster_high,
        "refused": f"cluster interval: {few}" if cluster_low is None else None,
    }


def equity_share_by_definition(study):
    """Equity share by definition and unit, over all years and by period.

    Columns
    -------
    unit : what is counted: ``document`` (one that reports an alliance; equity if any that it reports is),
        ``mention`` (one document's report of one alliance) or ``alliance``. Documents that repeat another are left out
    period : first and last year of the period in which the alliances were announced; of a mention outside all
        alliances, its own date. ``unknown``: no year could be told; ``all``: all of them
    definition : what counts as equity. ``joint_venture``: joint ventures, of known forms;
        ``joint_venture_or_stake``: joint ventures and minority stakes, of known forms;
        ``unknown_as_contractual``, ``unknown_as_equity``: the same, unknown forms on one side or the other: bounds;
        ``like_sdc``: joint ventures among all deals planned, signed, in force or changed, so without rumours and ended
        ones, as SDC Platinum flags them; ``like_merit_cati``: joint ventures and stakes, of known forms, among
        alliances for research, technology transfer or licensing, as MERIT-CATI collects them
    n : units counted under the definition
    equity : how many of them are equity
    left_out : units that the definition does not count
    share : equity / n, a proportion; empty if n is 0
    low, high : limits of the share's Wilson interval, which takes the units for independent; errors of extraction are
        not in it
    clusters : number of clusters: for alliances, documents with the first mention; for mentions and documents, alliances
    cluster_low, cluster_high : limits of the percentile bootstrap interval, clusters drawn with replacement 1,000 times
    refused : why there is no cluster interval
    level : nominal coverage of the intervals
    minimum_confidence : records with a lower confidence are not counted
    """
    units = Units(study)
    for unit in UNITS:
        counted = units.of(unit, study.minimum_confidence)
        for period, group in by_period(counted, study.period_years).items():
            for definition in DEFINITIONS:
                row = {"unit": unit, "period": period, "definition": definition}
                yield row | share(group, definition, study.level) | choices(study)


def equity_share_by_group(study):
    """Equity share of alliances by language, corpus and function, under each definition.

    Columns
    -------
    factor : what the alliances are grouped by: ``language``, ``corpus`` or ``function``
    value : the group; an alliance is in each of its languages, corpora and functions. ``none``: it has no function
    definition : what counts as equity; see equity_share_by_definition
    n : alliances counted under the definition
    equity : how many of them are equity
    left_out : alliances that the definition does not count
    share : equity / n, a proportion; empty if n is 0
    low, high : limits of the share's Wilson interval; errors of extraction are not in it
    clusters : number of documents with the first mention of these alliances
    cluster_low, cluster_high : limits of the percentile bootstrap interval, these documents drawn with replacement
    refused : why there is no cluster interval
    level : nominal coverage of the intervals
    minimum_confidence : alliances with a lower confidence are not counted
    """
    alliances = Units(study).of("alliance", study.minimum_confidence)
    names = {folder.name for folder in study.corpora}
    groups = {
        "language": lambda unit: unit.languages(),
        "corpus": lambda unit: names.intersection(unit.corpora),
        "function": lambda unit: unit.functions(),
    }
    for factor, values in groups.items():
        found = set().union(*map(values, alliances))
        for value in [*codes("function"), "none"] if factor == "function" else sorted(found):
            group = [unit for unit in alliances if value in values(unit)]
            for definition in DEFINITIONS:
                row = {"factor": factor, "value": value, "definition": definition}
                yield row | share(group, definition, study.level) | choices(study)
