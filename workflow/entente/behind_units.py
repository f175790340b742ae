"""What stands behind a row of the tables that count records: select these once more.

A selection is a function of a study and a row of a table that returns {group: list of records}.
"""

from dataclasses import dataclass

from entente import tables
from entente.lazy import lazy
from entente.records import Claim, Document, Mention, Rejected
from entente.study import EQUITY_FORMS, by_period

corpora = lazy("entente.corpora")
coverage = lazy("entente.coverage")
definitions = lazy("entente.definitions")
register = lazy("entente.register")
trends = lazy("entente.trends")


@dataclass(frozen=True)
class Told:
    """What stands behind a cell and is no record of its own, such as a stake: *line* says what.

    ``places`` are (id of a document, spans, quotes): where it is told.
    """

    line: str
    places: tuple = ()


# ---- what units have ---------------------------------------------------------------------------------


def in_years(year, period):
    """Tell whether a *year* is in a *period*, as the tables have it.

    >>> in_years(2001, "2000-2004"), in_years(2001, "2001"), in_years(None, "unknown"), in_years(None, "1999")
    (True, True, True, False)
    >>> in_years(2001, "since 1999")
    True
    """
    if period in ("all", "unknown"):
        return period == "all" or year is None
    start, _, end = period.removeprefix("since ").partition("-")
    last = float("inf") if period.startswith("since ") else int(end or start)
    return year is not None and int(start) <= year <= last


# What a unit must be to stand behind a row, by the names of the row's columns.
CONDITIONS = {
    "year": lambda unit, value: in_years(unit.year, value),
    "period": lambda unit, value: in_years(unit.year, value),
    "language": lambda unit, value: value in unit.languages(),
    "corpus": lambda unit, value: value in unit.corpora,
    "function": lambda unit, value: value in unit.functions(),
    "form": lambda unit, value: value == "all" or any(r.form == value for r in unit.records),
    "equity_status": lambda unit, value: any(r.equity_status == value for r in unit.records),
    "value_chain": lambda unit, value: any(r.value_chain == value for r in unit.records),
    "status": lambda unit, value: any(r.status == value for r in unit.records),
}


def met(unit, row, names):
    """Tell whether a unit is what the columns *names* of a row say."""
    return all(CONDITIONS[name](unit, row[name]) for name in names)


def units(study, row, kind="alliance", duplicates=False):
    """Return the list of `definitions.Unit` that are sure enough for a row."""
    minimum = float(row.get("minimum_confidence") or study.minimum_confidence)
    return definitions.Units(study).of(kind, minimum, duplicates)


def records(found):
    """Return the records of units; of a document, which has several, the unit itself."""
    return [unit.records[0] if len(unit.records) == 1 else unit for unit in found]


SIDES = ("equity", "not equity", "left out")


def sides(found, definition, label="{}"):
    """Return {side: records} of units under the definition of that name."""
    rule = definitions.DEFINITIONS[definition]
    of = {True: SIDES[0], False: SIDES[1], None: SIDES[2]}
    groups = {label.format(name): [] for name in SIDES}
    for unit in found:
        groups[label.format(of[unit.equity(rule)])].append(unit)
    return {name: records(group) for name, group in groups.items()}


ON_SIDES = {
    "equity": SIDES[:1],
    "contractual": SIDES[1:2],
    "unknown": SIDES[2:],
    "left_out": SIDES[2:],
    "n": SIDES[:2],
    "clusters": SIDES[:2],
}

# ---- selections, one a kind of table -----------------------------------------------------------------


def of_row(study, row):
    """Select the units of a row, on their sides of the equity share: by unit, years, group, confidence, duplicates."""
    kind = row.get("unit", "alliance")
    repeats = kind.endswith("_with_duplicates") or row.get("duplicates") == "in"
    if "factor" in row:
        row = row | {row["factor"]: row["value"]}
    names = [name for name in ("year", "period", "language", "corpus", "function") if name in row]
    found = units(study, row, kind.removesuffix("_with_duplicates"), repeats)
    groups = sides([unit for unit in found if met(unit, row, names)], row["definition"])
    if "excess" in row:
        groups |= sides(units(study, row), row["definition"], "alliances: {}") if row["excess"] else {}
    return groups


def of_share(*whole):
    """Return the selection of a simple share: of the units that are as the columns *whole* say, those that count."""

    def select(study, row):
        names = [name for name in row if name in CONDITIONS]
        groups = {"counted": [], "not counted": []}
        for unit in units(study, row):
            if met(unit, row, whole):
                groups["counted" if met(unit, row, names) else "not counted"].append(unit)
        return {name: records(found) for name, found in groups.items()}

    return select


def of_fields(study, row):
    """Select the alliances that have what the row's columns of a field's name say: of tables that have no entry here."""
    names = [name for name in row if name in CONDITIONS and row[name]]
    return {"alliances": records(unit for unit in units(study, row) if met(unit, row, names))}


def of_language(study, row):
    """Select what was read and found in a language."""
    language, repeats = row["language"], {copy.document for copy in study.duplicates()}
    texts = [d for _, d in study.records("documents", Document) if d.language == language]
    return {
        "documents": [d for d in texts if d.id not in repeats],
        "duplicates": [d for d in texts if d.id in repeats],
        "mentions": [m for _, m in study.records("mentions", Mention) if m.language == language],
        "alliances": records(u for u in units(study, row) if language in u.languages()),
    }


def of_corpus(study, row):
    """Select what was read of a corpus."""
    wanted = row["corpus"]
    repeats = {copy.document for copy in study.duplicates()}
    texts = [d for c, d in study.records("documents", Document) if wanted in (c, "all")]
    folders = [folder for folder in study.corpora if wanted in (folder.name, "all")]
    return {
        "documents": [d for d in texts if d.id not in repeats],
        "duplicates": [d for d in texts if d.id in repeats],
        "rejected": [r for c, r in study.records("rejected", Rejected) if wanted in (c, "all")],
        "files": [Told(f"{f.name}/{path}") for f in folders for path in corpora.files(corpora.load(f))],
    }


def of_trend(study, row):
    """Select the alliances, or mentions, of known form and year that a test of a trend rests on."""
    found = [a for a in study.counted() if a.year is not None]
    known = [a for a in found if a.equity_status != "unknown"]
    if row["test"] == "logit_of_mentions":
        of = {mention for a in found for mention in a.mentions}
        known = [
            m for _, m in study.records("mentions", Mention) if m.id in of and m.equity_status != "unknown"
        ]
    elif row["test"] == "mann_kendall":
        years = by_period(known, 1)
        known = [a for a in known if len(years[str(a.year)]) >= trends.ALLIANCES_A_YEAR]
    groups = sides([definitions.Unit((r,), "", None, ()) for r in known], row["definition"])
    return {name: groups[name] for name in SIDES[:2]}


def of_change(study, row):
    """Select the alliances of two periods."""
    groups = {}
    for when, column in (("before", "period_before"), ("after", "period")):
        found = [unit for unit in units(study, row) if in_years(unit.year, row[column])]
        groups |= sides(found, row["definition"], f"{when}: {{}}")
    return groups


def of_recapture(study, row):
    """Select the alliances that the corpora saw, by how many of them did."""
    names = set(row["sources"].split("; "))
    groups = {"in one of the corpora": [], "in several": []}
    for alliance, saw in coverage.seen_by(study):
        number = len(saw & names)
        if number:
            groups["in several" if number > 1 else "in one of the corpora"].append(alliance)
    return groups


def of_claim(study, row):
    """Select the claims that tell a figure, and our alliances of its years."""
    ids = row["claims"].split("; ")
    groups = {"claims": [c for _, c in study.records("claims", Claim) if c.id in ids]}
    groups["figures of the literature"] = [
        figure_told(e) for e in register.known() if f"{e.id}: " in row["literature"]
    ]
    if row["estimate_years"]:
        known = [u for u in units(study, row) if u.records[0].equity_status != "unknown"]
        found = [u for u in known if in_years(u.year, row["estimate_years"])]
        for definition in EQUITY_FORMS:
            groups |= sides(found, definition, f"{definition}: {{}}")
    return groups


CLAIMED = dict.fromkeys(
    (
        "claim",
        "measure",
        "value",
        "value_low",
        "value_high",
        "unit",
        "period",
        "start",
        "end",
        "period_flag",
        "population",
        "n",
        "cited_source",
        "claims",
        "documents",
        "low",
        "high",
        "no_interval",
    ),
    ("claims",),
) | {
    f"{definition}_{column}": [f"{definition}: {side}" for side in SIDES[:2]]
    for definition in EQUITY_FORMS
    for column in ("n", "share", "low", "high")
}


def of_figure(study, row):
    """Select a figure of the literature, and the claims that are set beside it."""
    path = study.interim.parent / "tables" / "register.csv"
    beside = [
        r for r in (tables.read(path) if path.is_file() else ()) if f"{row['figure']}: " in r["literature"]
    ]
    ids = {claim for r in beside for claim in r["claims"].split("; ")}
    return {
        "figures of the literature": [figure_told(e) for e in register.known() if e.id == row["figure"]],
        "claims set beside it": [c for _, c in study.records("claims", Claim) if c.id in ids],
    }


def figure_told(entry):
    """Return a figure of the literature as `Told`."""
    return Told(f"{entry.id}: {entry.source}" + (f"; {entry.note}" if entry.note else ""))


def of_growth(study, _):
    """Select the mentions that recombined ones are drawn from: those of all alliances."""
    of = {mention for alliance in study.alliances() for mention in alliance.mentions}
    return {
        "mentions that others are drawn from": [
            m for _, m in study.records("mentions", Mention) if m.id in of
        ]
    }
