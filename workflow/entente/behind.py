"""What stands behind a cell of a table: the records that it was made of, found by selecting them once more.

A table's entry in TABLES says which columns name a row, how the records behind a row are selected, in groups, and on
which of these groups a column rests. A table without an entry counts alliances: those that have what the row's columns
of a field's name say.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import takewhile

from entente import tables
from entente.behind_gold import (
    PAIRS,
    SCORED,
    agreed,
    estimator,
    of_agreement,
    of_budget,
    of_correction,
    of_links,
    of_scores,
)
from entente.behind_units import (
    CLAIMED,
    ON_SIDES,
    SIDES,
    of_change,
    of_claim,
    of_corpus,
    of_fields,
    of_figure,
    of_growth,
    of_language,
    of_recapture,
    of_row,
    of_share,
    of_trend,
)
from entente.errors import EntenteError


@dataclass(frozen=True)
class Behind:
    """What stands behind the rows of a table.

    ``keys`` are the columns that name a row. ``select`` is a function of a study and a row that returns {group: list of
    records}. ``columns`` has the groups of each column that rests on some of them alone; others rest on all.
    """

    keys: tuple
    select: Callable
    columns: dict = field(default_factory=dict)

    def groups(self, study, row, column):
        """Return {group: list of records} of one cell."""
        found = self.select(study, row)
        wanted = self.columns.get(column)
        if callable(wanted):
            wanted = wanted(row)
        return {name: found[name] for name in wanted or () if name in found} or found


COUNTED = {"count": ("counted",)}
EACH = {name: (name,) for name in ("documents", "duplicates", "mentions", "alliances", "rejected", "files")}
CHANGES = {
    f"{column}{ending}": tuple(f"{when}: {side}" for side in SIDES[:2])
    for ending, when in (("_before", "before"), ("", "after"))
    for column in ("share", "n")
}
TABLES = {
    "equity_share_by_year": Behind(("year", "definition"), of_row, ON_SIDES),
    "equity_share_by_period": Behind(("period", "definition"), of_row, ON_SIDES),
    "forms_by_period": Behind(("period", "form"), of_share("period"), COUNTED),
    "functions_by_form": Behind(("form", "function"), of_share("form"), COUNTED),
    "coverage_by_language": Behind(("language",), of_language, EACH),
    "sources": Behind(("corpus",), of_corpus, EACH | {"records": ("documents", "duplicates", "rejected")}),
    "evaluation": Behind(("factor", "value"), of_scores, SCORED),
    "agreement": Behind(("corpus", "field"), of_agreement, {"units": agreed, "documents": ("documents",)}),
    "equity_share_by_definition": Behind(("unit", "period", "definition"), of_row, ON_SIDES),
    "equity_share_by_group": Behind(("factor", "value", "definition"), of_row, ON_SIDES),
    "trends": Behind(("definition", "test"), of_trend),
    "change_over_periods": Behind(("definition", "period_before", "period"), of_change, CHANGES),
    "coverage_by_recapture": Behind(
        ("method", "sources", "dependent"), of_recapture, {"recaptured": ("in several",)}
    ),
    "error_budget": Behind(("headline", "component"), of_budget, {"n": SIDES[:2]}),
    "specification_curve": Behind(("rank",), of_row, ON_SIDES),
    "corrected_shares": Behind(
        ("definition", "estimator"),
        of_correction,
        dict.fromkeys(("n", "share", "low", "high"), estimator)
        | {"documents": ("documents",), "gold_documents": ("coded by hand",)},
    ),
    "register": Behind(("claim",), of_claim, CLAIMED),
    "literature": Behind(("figure",), of_figure),
    "resolution_quality": Behind(("records", "decision", "method", "scope"), of_links, PAIRS),
    "duplicates_and_shares": Behind(("unit", "definition"), of_row, ON_SIDES),
    "blocking_growth": Behind(("partners", "mentions"), of_growth),
}


def behind(table, rows):
    """Return the `Behind` of a table; without an entry it is of alliances, and its first columns name its rows."""
    if table in TABLES:
        return TABLES[table]
    header = list(rows[0])
    several = takewhile(
        lambda n: len({tuple(r[c] for c in header[:n]) for r in rows}) < len(rows), range(len(header))
    )
    return Behind(tuple(header[: len(list(several)) or 1]), of_fields)


def find(path, values, keys):
    """Return the rows of the table in a file that *values* name: those of the key columns in turn, or ``column=value``.

    Raises
    ------
    EntenteError
        If there is no such row; the message offers what comes nearest.
    """
    rows = tables.read(path)
    if not rows:
        raise EntenteError(f"{path}: the table is empty; nothing stands behind it")
    turn = iter(keys)
    for given in values:
        column, equals, value = given.partition("=")
        if not (equals and column in rows[0]):
            column, value = next(turn, None), given
        if column is None:
            raise EntenteError(f"{path}: {given!r} is too much; a row is named by {', '.join(keys)}")
        require(value, dict.fromkeys(r[column] for r in rows), f"{path}: no row {value!r} in column {column}")
        rows = [r for r in rows if r[column] == value]
    return rows


def require(name, known, found):
    """Raise EntenteError unless *name* is among *known*; it opens with *found* and offers the nearest."""
    if name not in known:
        near = get_close_matches(name, known, cutoff=0.4) or list(known)[:10]
        raise EntenteError(f"{found}; it has {', '.join(near)}")
