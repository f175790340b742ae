"""What stands behind a row of the tables that hold extraction against what readers coded: select it once more.

Selections are as in `behind_units`.
"""

from entente import cli
from entente.behind_units import SIDES, Told, of_recapture, records, sides, units
from entente.lazy import lazy
from entente.records import Document, Gold

agreement = lazy("entente.agreement")
corrected = lazy("entente.corrected")
definitions = lazy("entente.definitions")
evaluate = lazy("entente.evaluate")
matching = lazy("entente.matching")
quality = lazy("entente.resolution_quality")


def paired(first, second, equal):
    """Return (pairs, only in *first*, only in *second*), paired off one to one, as many as can be by *equal*.

    >>> paired([3, 1], [1, 2], lambda a, b: a == b)
    ([(1, 1)], [3], [2])
    """
    return apart(first, second, matching.pairs(first, second, equal))


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
    coded = [[matching.Coded.of(record) for record in side] for side in (mentions, alliances)]
    return apart(mentions, alliances, matching.match(*coded))


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
                claims, gold.claims, lambda c, g, t=text: matching.same_claim(c, g, t.text)
            )
            told = [
                by_hand(c, text.id, f"{text.id}, by hand: {c.measure} {c.value or ''} {c.unit}")
                for c in theirs
            ]
            add("claim", [c for c, _ in pairs], ours, told)
    return groups


def strictly(mention, gold):
    """Tell whether a match has all partners, no other, and the equity status."""
    shared = matching.common([p.name for p in mention.partners], gold.partners)
    return (
        shared == len(mention.partners) == len(gold.partners) and mention.equity_status == gold.equity_status
    )


def names(record):
    """Return the partners' names of a mention or of a gold alliance, none of None."""
    return [p if isinstance(p, str) else p.name for p in record.partners] if record else []


PARTS = (
    ("partner", names, lambda a, b: matching.same(a, b)),  # noqa: PLW0108 - loads it only now
    ("stake", lambda record: list(record.stakes) if record else [], lambda a, b: matching.same_stake(a, b)),  # noqa: PLW0108
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
SCORED |= dict.fromkeys(
    ("top_fifth_precision", "calibration_error", "calibration_error_by_chance"), SCORED["mentions"]
)


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
