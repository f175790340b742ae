"""What stands behind a cell of a table: the records that it was made of, found by selecting them once more.

A table's entry in TABLES says which columns name a row, how the records behind a row are selected, in groups, and on
which of these groups a column rests. A table without an entry counts alliances: those that have what the row's columns
of a field's name say.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import takewhile

from entente import cli, tables
from entente.errors import EntenteError
from entente.lazy import lazy
from entente.records import Document, Gold, Mention
from entente.study import by_period

agreement = lazy("entente.agreement")
corpora = lazy("entente.corpora")
corrected = lazy("entente.corrected")
coverage = lazy("entente.coverage")
definitions = lazy("entente.definitions")
evaluate = lazy("entente.evaluate")
quality = lazy("entente.resolution_quality")
register = lazy("entente.register")


@dataclass(frozen=True)
class Told:
    """What stands behind a cell and is no record of its own, such as a stake: *line* says what.

    ``places`` are (id of a document, spans, quotes): where it is told.
    """

    line: str
    places: tuple = ()


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
    from entente.records import Rejected  # noqa: PLC0415

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
        from entente.trends import ALLIANCES_A_YEAR  # noqa: PLC0415

        years = by_period(known, 1)
        known = [a for a in known if len(years[str(a.year)]) >= ALLIANCES_A_YEAR]
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


def of_budget(study, row):
    """Select what may move the equity share: by component."""
    headline, component = row["headline"], row["component"]
    if component == "extraction":
        return of_correction(study, row | {"definition": headline})
    if component == "coverage":
        names = "; ".join(folder.name for folder in study.corpora)
        return of_recapture(study, {"sources": names})
    if component == "resolution":
        kinds = [sides(units(study, row, kind), headline, f"{kind}s: {{}}") for kind in definitions.UNITS]
        return {name: found for groups in kinds for name, found in groups.items()}
    if component == "definition":
        groups = {"equity under all definitions": [], "under some": [], "under none": []}
        for unit in units(study, row):
            told = [unit.equity(rule) for rule in definitions.DEFINITIONS.values()]
            groups[list(groups)[0 if all(told) else 1 if any(told) else 2]].append(unit)
        return {name: records(found) for name, found in groups.items()}
    return sides(units(study, row), headline)


def of_correction(study, row):
    """Select what extraction found in the corpora that have gold, and what readers found in the documents with gold."""
    coded = corrected.coding(study)
    repeats = {copy.document for copy in study.duplicates()}
    texts = [d for c, d in study.records("documents", Document) if c in coded.corpora and d.id not in repeats]
    ids = [f"{corpus}/{gold.id}" for corpus, gold in zip(coded.corpora, coded.gold, strict=True)]
    machine = [m for mentions in coded.mentions for m in mentions]
    hand = [(i, a) for i, gold in zip(ids, coded.gold, strict=True) for a in gold.alliances]
    rule = definitions.DEFINITIONS[row["definition"]]
    groups = {"documents": texts, "coded by hand": [d for d in texts if d.id in set(ids)]}
    groups |= sides([definitions.Unit((m,), "", None, ()) for m in machine], row["definition"], "found: {}")
    for place, name in ((True, SIDES[0]), (False, SIDES[1]), (None, SIDES[2])):
        groups[f"by hand: {name}"] = [by_hand(a, i) for i, a in hand if rule(a) is place]
    same, other = [], []
    for i, place, gold in zip(ids, coded.places, coded.gold, strict=True):
        for m, a in cases(coded.mentions[place], gold.alliances)[0]:
            if None not in (rule(m), rule(a)):
                (same if rule(m) == rule(a) else other).append(both(m, a, i, "form"))
    return groups | {"matched, on the same side": same, "matched, on the other side": other}


def estimator(row):
    """Return the groups that an estimator of the corrected share rests on."""
    found, hand = ([f"{who}: {side}" for side in SIDES[:2]] for who in ("found", "by hand"))
    return {
        "naive": found,
        "gold_only": hand,
        "ppi": found + hand,
        "rogan_gladen": ["matched, on the same side", "matched, on the other side"],
    }[row["estimator"]]


def of_claim(study, row):
    """Select the claims that tell a figure, and our alliances of its years."""
    from entente.records import Claim  # noqa: PLC0415

    ids = row["claims"].split("; ")
    groups = {"claims": [c for _, c in study.records("claims", Claim) if c.id in ids]}
    groups["figures of the literature"] = [
        figure_told(e) for e in register.known() if f"{e.id}: " in row["literature"]
    ]
    if row["estimate_years"]:
        known = [u for u in units(study, row) if u.records[0].equity_status != "unknown"]
        found = [u for u in known if in_years(u.year, row["estimate_years"])]
        for definition in ("joint_venture", "joint_venture_or_stake"):
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
    for definition in ("joint_venture", "joint_venture_or_stake")
    for column in ("n", "share", "low", "high")
}


def of_figure(study, row):
    """Select a figure of the literature, and the claims that are set beside it."""
    from entente.records import Claim  # noqa: PLC0415

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


# ---- selections against what readers coded -------------------------------------------------------------


def paired(first, second, equal):
    """Return (pairs, only in *first*, only in *second*), paired off one to one, as many as can be by *equal*.

    >>> paired([3, 1], [1, 2], lambda a, b: a == b)
    ([(1, 1)], [3], [2])
    """
    return apart(first, second, evaluate.pairs(first, second, equal))


def apart(first, second, places):
    """Return (pairs, only in *first*, only in *second*); *places* are the pairs' places in both."""
    ours, theirs = {i for i, _ in places}, {j for _, j in places}
    return (
        [(first[i], second[j]) for i, j in places],
        [a for i, a in enumerate(first) if i not in ours],
        [b for j, b in enumerate(second) if j not in theirs],
    )


def cases(mentions, alliances):
    """Return (matches, only found, only in gold) of one document's mentions and gold alliances, as scoring matches them."""
    coded = [[evaluate.Coded.of(record) for record in side] for side in (mentions, alliances)]
    return apart(mentions, alliances, evaluate.match(*coded))


def by_hand(gold, document, what=None):
    """Return a reader's record of a document, an alliance or a claim, as `Told`."""
    line = what or f"{document}, by hand: {'; '.join(gold.partners)}, {gold.form}"
    return Told(line, ((document, (), tuple(gold.evidence)),))


def both(mention, gold, document, name):
    """Return a match whose field *name* is of interest as `Told`."""
    line = f"{mention.id} found {getattr(mention, name)}, by hand {getattr(gold, name)}: {'; '.join(gold.partners)}"
    return Told(line, ((document, tuple(mention.evidence), tuple(gold.evidence)),))


RIGHT, FALSE, MISSED = "right", "false", "missed"


def of_scores(study, row):
    """Select, of the documents with gold in a group, all that scores count, as ``measure: right``, and so on."""
    groups = {"documents": []}

    def add(measure, right, false, missed):
        for name, items in ((RIGHT, right), (FALSE, false), (MISSED, missed)):
            groups.setdefault(f"{measure}: {name}", []).extend(items)

    kind, value = row["factor"], row["value"]
    found = evaluate.coded_documents(study.interim, study.corpora)
    for text, met_there, claims, gold in found:
        if kind != "all" and getattr(text, kind) != value:
            continue
        groups["documents"].append(text)
        mentions = [m for m in met_there if m.confidence >= study.minimum_confidence]
        right, false, missed = cases(mentions, gold.alliances)
        there = (bool(mentions), bool(gold.alliances))
        add(
            "document",
            *([text] if there == case else [] for case in ((True, True), (True, False), (False, True))),
        )
        hand = [by_hand(a, text.id) for a in missed]
        add("alliance", [m for m, _ in right], false, hand)
        exact = [pair for pair in right if strictly(*pair)]
        wrong = [pair for pair in right if not strictly(*pair)]
        add(
            "strict",
            [m for m, _ in exact],
            false + [both(m, a, text.id, "equity_status") for m, a in wrong],
            hand + [by_hand(a, text.id) for _, a in wrong],
        )
        for code in ("form", "equity_status"):
            told = {True: [], False: []}
            for m, a in right:
                told[getattr(m, code) == getattr(a, code)].append(both(m, a, text.id, code))
            add(code.partition("_")[0], told[True], told[False], [])
        sides_of = [*right, *((m, None) for m in false), *((None, a) for a in missed)]
        for measure, parts, equal in PARTS:
            for m, a in sides_of:
                pairs, ours, theirs = paired(parts(m), parts(a), equal)
                add(
                    measure,
                    [part(text.id, p, m, a) for p, _ in pairs],
                    [part(text.id, p, m, None) for p in ours],
                    [part(text.id, p, None, a) for p in theirs],
                )
        if gold.claims is not None:
            pairs, ours, theirs = paired(
                claims, gold.claims, lambda c, g, t=text: evaluate.same_claim(c, g, t.text)
            )
            told = [
                by_hand(c, text.id, f"{text.id}, by hand: {c.measure} {c.value or ''} {c.unit}")
                for c in theirs
            ]
            add("claim", [c for c, _ in pairs], ours, told)
    return groups


def strictly(mention, gold):
    """Tell whether a match has all partners, no other, and the equity status."""
    shared = evaluate.common([p.name for p in mention.partners], gold.partners)
    return (
        shared == len(mention.partners) == len(gold.partners) and mention.equity_status == gold.equity_status
    )


def names(record):
    """Return the partners' names of a mention or of a gold alliance, none of None."""
    return [p if isinstance(p, str) else p.name for p in record.partners] if record else []


PARTS = (
    ("partner", names, lambda a, b: evaluate.same(a, b)),  # noqa: PLW0108 - loads it only now
    ("stake", lambda record: list(record.stakes) if record else [], lambda a, b: evaluate.same_stake(a, b)),  # noqa: PLW0108
    ("function", lambda record: list(record.functions) if record else [], lambda a, b: a == b),
)


def part(document, value, mention, gold):
    """Return a partner, stake or function of a record as `Told`."""
    shown = value if isinstance(value, str) else f"{value.holder} {value.percent:g} % of {value.target}"
    spans = tuple(mention.evidence) if mention else ()
    return Told(f"{document}: {shown}", ((document, spans, tuple(gold.evidence) if gold else ()),))


SCORED = {
    "mentions": ("alliance: right", "alliance: false"),
    "matches": ("alliance: right",),
    "documents": ("documents",),
}
for measure_ in ("document", "alliance", "partner", "strict", "stake", "function", "claim"):
    all_three = [f"{measure_}: {name}" for name in (RIGHT, FALSE, MISSED)]
    SCORED |= {f"{measure_}_{ending}": all_three for ending in ("f", "f_low", "f_high")}
    SCORED |= {
        f"{measure_}_n": (all_three[0], all_three[2]),
        f"{measure_}_recall": (all_three[0], all_three[2]),
        f"{measure_}_precision": tuple(all_three[:2]),
    }
for code_ in ("form", "equity"):
    SCORED |= {
        f"{code_}_accuracy{ending}": (f"{code_}: right", f"{code_}: false")
        for ending in ("", "_low", "_high")
    }
SCORED |= dict.fromkeys(("top_fifth_precision", "calibration_error"), SCORED["mentions"])


def of_agreement(study, row):
    """Select what two readers coded of the same documents: where they agree, and where they differ."""
    folder = next(folder for folder in study.corpora if folder.name == row["corpus"])
    first, second = (
        {gold.id: gold for gold in cli.read(folder / name, Gold)} for name in ("gold.jsonl", "second.jsonl")
    )
    wanted = row["field"]
    groups = {
        "documents": [],
        "agree": [],
        "differ": [],
        "the first reader alone": [],
        "the second reader alone": [],
    }
    for key in sorted(second):
        a, b = first[key], second[key]
        document = f"{folder.name}/{key}"
        groups["documents"].append(Told(document, ((document, (), ()),)))
        if wanted in agreement.FOUND:
            pairs, theirs, ours = cases(b.alliances, a.alliances)
            told = [*((p, q) for p, q in pairs), *((p, None) for p in theirs), *((None, q) for q in ours)]
            for there, here in told:
                if wanted == "alliance":
                    name = (
                        "agree"
                        if there and here
                        else ("the second reader alone" if there else "the first reader alone")
                    )
                    groups[name].append(by_hand(here or there, document))
                    continue
                parts, equal = next((p, e) for measure, p, e in PARTS if measure == wanted)
                same, second_alone, first_alone = paired(parts(there), parts(here), equal)
                groups["agree"] += [part(document, p, None, here) for p, _ in same]
                groups["the second reader alone"] += [part(document, p, None, there) for p in second_alone]
                groups["the first reader alone"] += [part(document, p, None, here) for p in first_alone]
            continue
        quotes = tuple(quote for alliance in a.alliances for quote in alliance.evidence)
        for one, other in agreement.units(a, b)[wanted]:
            line = f"{document}: {one}" + ("" if one == other else f", by the second reader {other}")
            groups["agree" if one == other else "differ"].append(Told(line, ((document, (), quotes),)))
    return {name: found for name, found in groups.items() if found or name == "agree"}


def agreed(row):
    """Return the groups that the number of units counts."""
    return ("agree", "the first reader alone") if row["field"] in agreement.FOUND else ("agree", "differ")


def of_links(study, row):
    """Select the pairs that are one in gold, or were put together, and the records that they are made of."""
    reported, alliances, organisations = quality.reported(study)[row["records"]]
    if row["decision"] == "alliance":
        items, links, _ = quality.alliance_links(reported, alliances)
    else:
        entries = quality.listed(study.corpora)
        items, links, _ = quality.organisation_links(reported, alliances, organisations, entries)
    documents = {}
    for r in reported:
        for text in ("".join(r.gold.partners), *r.gold.partners):
            documents.setdefault(
                (r.gold.alliance, r.language, text), (r.document, (), tuple(r.gold.evidence))
            )
    by_text = {
        (r.gold.alliance, r.language, "".join(r.gold.partners)): "; ".join(r.gold.partners) for r in reported
    }

    def told(*numbers):
        keys = [(items[n].agreement, items[n].language, items[n].text) for n in numbers]
        line = " = ".join(f"{by_text.get(key, key[2])} ({key[1]}, {key[0]})" for key in keys)
        return Told(line, tuple(dict.fromkeys(documents[key] for key in keys)))

    groups = {"right": [], "missed": [], "wrong": []}
    for i, j, gold, found in links:
        if (gold or found) and row["scope"] in ("all", quality.scope(items[i], items[j])):
            groups["right" if gold and found else "missed" if gold else "wrong"].append(told(i, j))
    return groups | {"items": [told(n) for n in range(len(items))]}


PAIRS = {
    "items": ("items",),
    "left_out": ("items",),  # of which gold tells nothing: no pair is at hand
    "gold_pairs": ("right", "missed"),
    "found_pairs": ("right", "wrong"),
    "right_pairs": ("right",),
} | {
    f"{score}{ending}": groups
    for score, groups in {
        "precision": ("right", "wrong"),
        "recall": ("right", "missed"),
        "f": ("right", "missed", "wrong"),
    }.items()
    for ending in ("", "_low", "_high")
}


def of_growth(study, _):
    """Select the mentions that recombined ones are drawn from: those of all alliances."""
    of = {mention for alliance in study.alliances() for mention in alliance.mentions}
    return {
        "mentions that others are drawn from": [
            m for _, m in study.records("mentions", Mention) if m.id in of
        ]
    }


# ---- tables ----------------------------------------------------------------------------------------

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
