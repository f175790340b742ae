"""What duplicates do to the equity share: by document, mention and alliance, with and without them."""

from collections import defaultdict

import numpy as np

from entente import definitions
from entente.bootstrap import MINIMUM_CLUSTERS, limits, refused
from entente.evaluate import share
from entente.study import EQUITY_FORMS

ROWS = {  # row of the table: unit, and whether documents that repeat others count
    "document_with_duplicates": ("document", True),
    "document": ("document", False),
    "mention_with_duplicates": ("mention", True),
    "mention": ("mention", False),
    "alliance": ("alliance", False),
}


def excess(units, alliances, definition, level):
    """Return by how much the equity share of *units* exceeds that of *alliances*, with its limits, as columns.

    Parameters
    ----------
    units, alliances : list of `definitions.Unit`
    definition : str
        A key of `definitions.DEFINITIONS`.
    level : float
        Nominal coverage, in (0, 1).

    Notes
    -----
    The same alliances are drawn for both shares, each with all units that report it.
    """
    sums = defaultdict(lambda: np.zeros(4, dtype=int))
    for place, group in enumerate((units, alliances)):
        for unit in group:
            equity = unit.equity(definitions.DEFINITIONS[definition])
            if equity is not None:
                cluster = unit.cluster if group is units else unit.records[0].id
                sums[cluster][2 * place : 2 * place + 2] += (equity, 1)
    rows = np.array(list(sums.values())).reshape(-1, 4)

    def difference(drawn):
        return [share(drawn[..., 0], drawn[..., 1]) - share(drawn[..., 2], drawn[..., 3])]

    few = len(rows) < MINIMUM_CLUSTERS
    bounds = [(None, None)] if few else limits(rows, difference, level)
    value = float(difference(rows.sum(axis=0))[0])
    return {
        "excess": None if np.isnan(value) else round(value, 4),
        "excess_low": bounds[0][0],
        "excess_high": bounds[0][1],
        "excess_refused": refused(rows, bounds, "alliances"),
    }


def duplicates_and_shares(study):
    """Equity share by what is counted: documents and mentions with and without duplicates, and alliances.

    Columns
    -------
    unit : what is counted. ``document``: one that reports an alliance, equity if any that it reports is; ``mention``:
        one document's report of one alliance; ``*_with_duplicates``: also those of documents that repeat another;
        ``alliance``: each agreement once
    definition : what counts as equity. ``joint_venture``: joint ventures; ``joint_venture_or_stake``: joint ventures
        and minority stakes; each of known forms
    n : units counted under the definition
    equity : how many of them are equity
    left_out : units of unknown form
    share : equity / n, a proportion; empty if n is 0
    low, high : limits of the share's Wilson interval, which takes the units for independent; errors of extraction are
        not in it
    clusters : number of clusters: for alliances, documents with the first mention; for mentions and documents, alliances
    cluster_low, cluster_high : limits of the percentile bootstrap interval, clusters drawn with replacement 1,000 times
    refused : why there is no cluster interval
    excess : share less that of alliances: what counting an alliance as often as it is reported adds
    excess_low, excess_high : limits of its percentile bootstrap interval, alliances drawn with replacement 1,000 times
    excess_refused : why there is no interval of the excess
    level : nominal coverage of the intervals
    minimum_confidence : records with a lower confidence are not counted
    """
    units = definitions.Units(study)
    alliances = units.of("alliance", study.minimum_confidence)
    nothing = dict.fromkeys(("excess", "excess_low", "excess_high", "excess_refused"))
    for name, (unit, duplicates) in ROWS.items():
        group = units.of(unit, study.minimum_confidence, duplicates)
        for definition in EQUITY_FORMS:
            yield {
                "unit": name,
                "definition": definition,
                **definitions.share(group, definition, study.level),
                **(nothing if unit == "alliance" else excess(group, alliances, definition, study.level)),
                "level": study.level,
                "minimum_confidence": study.minimum_confidence,
            }
