"""Compare two published releases: what came, went, was recoded, and what that does to the headline numbers.

Records are matched by what they rest on, never by their ids alone.

- *Documents* are the same if their ids are (corpus and path).
- *Mentions*: within one document, those that are most alike are the same, one to one, down to a likeness of 0.25.
  Likeness is the mean of two Dice coefficients: of the partners' names (two are one if they have the same words, or one
  holds the other), and of the code points of the evidence. So a mention may get another number, partner or sentence.
- *Alliances* are the same if they share a mention. Old and new ones that hang together so, directly or not, are one
  group: one old and one new are the same alliance, several old and one new were merged, and so on.

The headline numbers are then replayed: the old release's alliances are made the new one's, step by step, in the order of
`STEPS`, and each step's difference is told. Shares are rounded to four decimals after each step, as tables publish them;
so the differences add up to that of the published numbers, with nothing left over.
"""

from collections import Counter, defaultdict

from entente.names import plain
from entente.release import listed

CODED = (
    "partners",
    "venture_name",
    "form",
    "equity_status",
    "functions",
    "value_chain",
    "stakes",
    "status",
    "date",
    "year",
    "term_years",
)
LIKENESS = (
    0.25  # half of the partners without a sentence in common, or half of the evidence without a partner
)
ROUNDING = 0.00015  # tables have four decimals: one unit of the last is rounding

# What made a group of alliances another: the steps of the replay, in their order.
STEPS = {
    "choices": "another minimum confidence",
    "documents_added": "documents added",
    "documents_removed": "documents removed",
    "extraction": "alliances found or lost in documents of both releases",
    "resolution": "alliances merged, split or regrouped",
    "recoded": "alliances recoded",
}

# ---- documents and mentions ------------------------------------------------------------------------


def by_id(rows):
    """Return {id: row}."""
    return {row["id"]: row for row in rows}


def changes(old, new, names):
    """Return {column: [old, new]} of the columns *names* in which two rows differ."""
    return {
        name: [old[name], new[name]]
        for name in names
        if name in old and name in new and old[name] != new[name]
    }


def compare_documents(old, new):
    """Return which documents were added, removed, and are told otherwise."""
    before, after = by_id(old), by_id(new)
    kept = sorted(before.keys() & after.keys())
    changed = {name: changes(before[name], after[name], before[name]) for name in kept}
    return {
        "added": sorted(after.keys() - before.keys()),
        "removed": sorted(before.keys() - after.keys()),
        "changed": [{"id": name, "changes": found} for name, found in changed.items() if found],
    }


def points(mention):
    """Return the set of code points of a mention's evidence."""
    pairs = (span.split("-") for span in listed(mention["offsets"]))
    return {point for start, end in pairs for point in range(int(start), int(end))}


def dice(both, first, second):
    """Return 2 * *both* / (*first* + *second*), or 0 of nothing.

    >>> dice(1, 2, 2), dice(0, 0, 0)
    (0.5, 0)
    """
    return 2 * both / (first + second) if first + second else 0


def same_name(one, other):
    """Tell whether two plain names may be one organisation's: one is the other, or holds it as whole words.

    >>> same_name("sony", "sony corp"), same_name("sony", "sonyx"), same_name("丰田汽车", "丰田汽车公司")
    (True, False, True)
    """
    unspaced = max(one + other, default="") >= "\u3040"  # Japanese, Chinese, Korean
    return (
        f" {one} " in f" {other} "
        or f" {other} " in f" {one} "
        or (unspaced and min(len(one), len(other)) > 1 and (one in other or other in one))
    )


def likeness(old, new):
    """Return how alike two mentions of one document are, 0 to 1: partners and evidence count the same."""
    if (old["partners"], old["offsets"]) == (new["partners"], new["offsets"]):
        return 1.0
    first, second = ([plain(name) for name in listed(row["partners"])] for row in (old, new))
    met = sum(any(same_name(a, b) for b in second) for a in first)
    met += sum(any(same_name(a, b) for a in first) for b in second)
    here, there = points(old), points(new)
    names = dice(met / 2, len(first), len(second))
    return (names + dice(len(here & there), len(here), len(there))) / 2


def match_mentions(old, new):
    """Return {old id: new id} of the mentions that are the same report; the likest of a document first."""
    before, after = defaultdict(list), defaultdict(list)
    for groups, rows in ((before, old), (after, new)):
        for row in rows:
            groups[row["document"]].append(row)
    matched = {}
    for document in sorted(before.keys() & after.keys()):
        scored = sorted(
            (-likeness(a, b), a["id"] != b["id"], i, j)
            for i, a in enumerate(before[document])
            for j, b in enumerate(after[document])
        )
        here, there = set(), set()
        for score, _, i, j in scored:
            if -score >= LIKENESS and i not in here and j not in there:
                here.add(i)
                there.add(j)
                matched[before[document][i]["id"]] = after[document][j]["id"]
    return matched


def compare_mentions(old, new, matched):
    """Return which mentions were added, removed, renumbered and changed."""
    before, after = by_id(old), by_id(new)
    pairs = [
        {"old": a, "new": b, "changes": changes(before[a], after[b], (*CODED, "offsets"))}
        for a, b in matched.items()
    ]
    return {
        "added": sorted(after.keys() - set(matched.values())),
        "removed": sorted(before.keys() - matched.keys()),
        "renumbered": [[a, b] for a, b in matched.items() if a != b],
        "changed": [pair for pair in pairs if pair["changes"]],
    }


# ---- alliances -------------------------------------------------------------------------------------


def groups(old, new, matched):
    """Yield (old ids, new ids), sorted, of the alliances that hang together by mentions that are the same."""
    ids = [{row["id"] for row in release.records["alliances"]} for release in (old, new)]
    alliance_of = [
        {row["id"]: row["alliance"] for row in release.records["mentions"]} for release in (old, new)
    ]
    linked = defaultdict(set)
    for a, b in matched.items():
        one, other = (0, alliance_of[0][a]), (1, alliance_of[1][b])
        if one[1] in ids[0] and other[1] in ids[1]:
            linked[one].add(other)
            linked[other].add(one)
    seen = set()
    for start in [(which, name) for which in (0, 1) for name in sorted(ids[which])]:
        if start in seen:
            continue
        group, waiting = set(), [start]
        while waiting:
            node = waiting.pop()
            if node not in group:
                group.add(node)
                waiting += linked[node]
        seen |= group
        yield tuple(sorted(name for whose, name in group if whose == which) for which in (0, 1))


class Causes:
    """Why an alliance is there in one release only, or is coded otherwise: what happened to its mentions."""

    def __init__(self, old, new, matched):
        self.rows = by_id(old.records["mentions"]), by_id(new.records["mentions"])
        self.documents = tuple({row["id"] for row in r.records["documents"]} for r in (old, new))
        self.minimum = tuple(choices(release).get("minimum_confidence") for release in (old, new))
        self.partner = matched, {b: a for a, b in matched.items()}
        self.mentions = tuple(defaultdict(list) for _ in self.rows)
        for side in (0, 1):
            for row in self.rows[side].values():
                self.mentions[side][row["alliance"]].append(row["id"])

    def of_mention(self, side, name):
        """Return why a mention of an alliance of one *side* is in none of the other's; None if it is in one."""
        other = self.partner[side].get(name)
        if other is None:
            gone = self.rows[side][name]["document"] not in self.documents[1 - side]
            return ("documents_removed", "documents_added")[side] if gone else "extraction"
        if self.rows[1 - side][other]["alliance"]:
            return None
        sure = [float(self.rows[s][m]["confidence"]) for s, m in ((side, name), (1 - side, other))]
        limits = [limit and float(limit) for limit in self.minimum]
        by_choice = None not in limits and min(sure) >= limits[side] and max(sure) < limits[1 - side]
        return "choices" if by_choice else "extraction"

    def of_group(self, before, after):
        """Return the step to which a group of old and new alliances belongs; a key of `STEPS`."""
        if len(before) > 1 or len(after) > 1:
            return "resolution"
        found = {
            self.of_mention(side, mention)
            for side, names in enumerate((before, after))
            for name in names
            for mention in self.mentions[side][name]
        }
        if before and after:
            pairs = [(m, self.partner[0].get(m)) for m in self.mentions[0][before[0]]]
            if any(b and changes(self.rows[0][a], self.rows[1][b], CODED[1:]) for a, b in pairs):
                return "recoded"
            return next((step for step in STEPS if step in found), "recoded")
        # A mention that stays in a document of both releases is the nearer reason than a document.
        nearest = ("extraction", "choices", "documents_added", "documents_removed")
        return next((step for step in nearest if step in found), "extraction")


def told(row):
    """Return what a list of alliances tells of one."""
    return {name: row[name] for name in ("id", "partners", "year", "form")}


def compare_alliances(old, new, grouped, causes):
    """Return which alliances were added, removed, merged, split, regrouped and recoded, each with its step."""
    before, after = by_id(old.records["alliances"]), by_id(new.records["alliances"])
    found = {kind: [] for kind in ("added", "removed", "merged", "split", "regrouped", "recoded", "renamed")}
    for olds, news in grouped:
        step = causes.of_group(olds, news)
        if olds and news and len(olds) == len(news) == 1:
            was, now = before[olds[0]], after[news[0]]
            if differing := changes(was, now, CODED):
                pair = {"old": was["id"], "new": now["id"], "partners": now["partners"]}
                found["recoded"].append(pair | {"changes": differing, "step": step})
            if olds != news:
                found["renamed"].append([olds[0], news[0]])
        elif olds and news:
            kind = "merged" if len(news) == 1 else "split" if len(olds) == 1 else "regrouped"
            both = {"old": [told(before[name]) for name in olds], "new": [told(after[name]) for name in news]}
            found[kind].append(both | {"step": step})
        elif news:
            found["added"].append(told(after[news[0]]) | {"step": step})
        else:
            found["removed"].append(told(before[olds[0]]) | {"step": step})
    return found


# ---- organisations ---------------------------------------------------------------------------------


def names_met(row):
    """Return what may be a name of an organisation: the cell joins names by commas, and a name may have some, too.

    >>> sorted(names_met({"name": "Acme", "names": "en: Acme, Acme, Inc."}))
    ['Acme', 'Acme, Acme', 'Acme, Acme, Inc.', 'Acme, Inc.', 'Inc.']
    """
    found = {row["name"]}
    for language in listed(row["names"]):
        parts = language.partition(": ")[2].split(", ")
        found |= {
            ", ".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, min(i + 4, len(parts) + 1))
        }
    return found


def compare_organisations(old, new):
    """Return which organisations were added, removed, joined, parted and renamed.

    One that is in one release only went into those of the other that were met by its name.
    """
    before, after = by_id(old), by_id(new)
    renamed = [
        {"id": name, "old": before[name]["name"], "new": after[name]["name"]}
        for name in sorted(before.keys() & after.keys())
        if before[name]["name"] != after[name]["name"]
    ]
    gone, joined = heirs(before, after)
    come, parted = heirs(after, before)
    return {
        "added": [{"id": name, "name": after[name]["name"]} for name in come],
        "removed": [{"id": name, "name": before[name]["name"]} for name in gone],
        "joined": joined,
        "parted": parted,
        "renamed": renamed,
    }


def heirs(here, there):
    """Return the ids only *here* that nobody *there* goes by, and of the others each with those that do."""
    known = defaultdict(set)
    for row in there.values():
        for name in names_met(row):
            known[name].add(row["id"])
    none, found = [], []
    for name in sorted(here.keys() - there.keys()):
        others = sorted(known[here[name]["name"]])
        if others:
            named = [{"id": other, "name": there[other]["name"]} for other in others]
            found.append({"id": name, "name": here[name]["name"], "with": named})
        else:
            none.append(name)
    return none, found


# ---- choices and headline numbers ------------------------------------------------------------------


def choices(release):
    """Return the choices that a release rests on, as far as its files tell: {choice: value}."""
    told_of = {"version of Entente": release.version}
    for row in release.tables.get("equity_share_by_period", ()):
        told_of |= {name: row[name] for name in ("level", "minimum_confidence") if name in row}
        first, _, last = row["period"].partition("-")
        if first.isdigit():
            told_of["period_years"] = str(int(last or first) - int(first) + 1)
    forms = {row["form"]: row["equity_status"] for row in release.records["alliances"]}
    told_of |= {f"equity status of the form {form}": forms[form] for form in sorted(forms)}
    return {name: value for name, value in told_of.items() if value is not None}


def compare_choices(old, new):
    """Return the choices in which two releases differ; what only one of them tells is no difference."""
    before, after = choices(old), choices(new)
    return [
        {"choice": name, "old": before[name], "new": after[name]}
        for name in before
        if name in after and before[name] != after[name]
    ]


def side(row, definition):
    """Return on which side of the equity share under a *definition* an alliance stands, as its release codes it."""
    if row["equity_status"] == "unknown":
        return "unknown"
    equity = (
        row["form"] == "joint_venture" if definition == "joint_venture" else row["equity_status"] == "equity"
    )
    return "equity" if equity else "contractual"


def share(counts):
    """Return equity / (equity + contractual) in hundredths of a point, a whole number; None of none.

    >>> share({"equity": 1, "contractual": 2, "unknown": 5})
    3333
    """
    n = counts["equity"] + counts["contractual"]
    return round(10_000 * round(counts["equity"] / n, 4)) if n else None


# A headline number: what is counted of an alliance, and the number that the counts make.
HEADLINES = {
    "alliances": (lambda _: "counted", lambda counts: counts["counted"]),
    "joint_venture": (lambda row: side(row, "joint_venture"), share),
    "joint_venture_or_stake": (lambda row: side(row, "joint_venture_or_stake"), share),
}


def replay(old, new, stepped, count, number):
    """Return the number before, and after each of `STEPS`, as {step: number}.

    *old* and *new* are the alliances by id, *stepped* {step: [(old ids, new ids)]}.
    """
    counts = Counter(count(row) for row in old.values())
    numbers = {"old": number(counts)}
    for step in STEPS:
        for before, after in stepped[step]:
            counts.subtract(count(old[name]) for name in before)
            counts.update(count(new[name]) for name in after)
        numbers[step] = number(counts)
    return numbers


def compare_headlines(old, new, grouped, causes):
    """Return each headline number, old and new, and how much of the difference is due to each step.

    Shares are proportions, differences points. Where a step leaves no share, the next that has one takes its difference.
    """
    before, after = by_id(old.records["alliances"]), by_id(new.records["alliances"])
    stepped = defaultdict(list)
    for pair in grouped:
        stepped[causes.of_group(*pair)].append(pair)
    found = []
    for name, (count, number) in HEADLINES.items():
        numbers = replay(before, after, stepped, count, number)
        first, last = numbers["old"], numbers["recoded"]
        scale, unit = (1, "alliances") if name == "alliances" else (100, "points")
        steps, held = [], first
        for step in STEPS:
            value = numbers[step]
            moved = None if value is None or held is None else (value - held) / scale
            held = held if value is None else value
            steps.append({"step": step, "difference": moved})
        found.append(
            {
                "number": name,
                "old": first if scale == 1 or first is None else first / 10_000,
                "new": last if scale == 1 or last is None else last / 10_000,
                "difference": None if None in (first, last) else (last - first) / scale,
                "unit": unit,
                "steps": steps,
            }
        )
    return found


def disagreements(release, headlines, which):
    """Yield where a release's own table has another share than its records make."""
    for row in release.tables.get("equity_share_by_period", ()):
        made = next((h[which] for h in headlines if h["number"] == row["definition"]), None)
        if (
            row["period"] == "all"
            and row["share"]
            and made is not None
            and abs(float(row["share"]) - made) > ROUNDING
        ):
            yield (
                f"{release.name}: its records make a {row['definition']} share of {made:g}, its table has {row['share']};"
                " they are not of one run"
            )


# ---- tables ----------------------------------------------------------------------------------------


def number(text):
    """Return *text* as a number, None if it is none.

    >>> number("0.25"), number("1960-1964"), number("")
    (0.25, None, None)
    """
    try:
        return float(text)
    except ValueError:
        return None


def keys(old, new):
    """Return the columns that tell the rows of a table apart, in both of its versions; None if none do.

    Words come first, then the minimum confidence, then whole numbers; what is not needed is left out.
    """
    both = [name for name in (old or new)[0] if name in (new or old)[0]]
    values = {name: {row[name] for row in old + new} - {""} for name in both}
    words = [name for name in both if any(number(value) is None for value in values[name])]
    whole = [n for n in both if n not in words and values[n] and all(v.isdigit() for v in values[n])]
    limit = [name for name in ("minimum_confidence",) if name in both]

    def unique(names):
        return all(len({tuple(r[n] for n in names) for r in rows}) == len(rows) for rows in (old, new))

    chosen = words + limit
    while not unique(chosen) and whole:
        chosen.append(whole.pop(0))
    if not unique(chosen):
        return None
    for name in reversed(chosen.copy()):
        if unique([other for other in chosen if other != name]):
            chosen.remove(name)
    return [name for name in both if name in chosen]


def differ(old, new):
    """Tell whether two cells differ by more than rounding.

    >>> differ("0.5", "0.5001"), differ("0.5", "0.51"), differ("", "0"), differ("10", "11")
    (False, True, True, True)
    """
    a, b = number(old), number(new)
    return old != new and (None in (a, b) or abs(a - b) > ROUNDING)


def compare_table(old, new):
    """Return which rows, columns and cells of a table differ; None if none do."""
    columns = [list(rows[0]) if rows else [] for rows in (old, new)]
    named = keys(old, new) if old or new else []
    indexed = [
        {tuple(row[n] for n in named) if named is not None else (str(i),): row for i, row in enumerate(rows)}
        for rows in (old, new)
    ]
    kept = [key for key in indexed[0] if key in indexed[1]]
    fixed = {"level", "minimum_confidence", *(named or ())}
    label = named if named is not None else ["row"]
    cells = [
        {
            "row": dict(zip(label, key, strict=True)),
            "column": name,
            "old": row[name],
            "new": indexed[1][key][name],
        }
        for key in kept
        for row in [indexed[0][key]]
        for name in columns[0]
        if name in columns[1] and name not in fixed and differ(row[name], indexed[1][key][name])
    ]
    found = {
        "columns_added": [n for n in columns[1] if n not in columns[0]] if old and new else [],
        "columns_removed": [n for n in columns[0] if n not in columns[1]] if old and new else [],
        "rows_added": [dict(zip(label, key, strict=True)) for key in indexed[1] if key not in indexed[0]],
        "rows_removed": [dict(zip(label, key, strict=True)) for key in indexed[0] if key not in indexed[1]],
        "cells": cells,
    }
    return found if any(found.values()) else None


def compare_tables(old, new):
    """Return the tables of one release only, and {name: what differs} of those of both."""
    both = sorted(old.keys() & new.keys())
    compared = {name: compare_table(old[name], new[name]) for name in both}
    return {
        "added": sorted(new.keys() - old.keys()),
        "removed": sorted(old.keys() - new.keys()),
        "changed": {name: found for name, found in compared.items() if found},
    }


# ---- all of it -------------------------------------------------------------------------------------


def compare(old, new):
    """Return all in which two `entente.release.Release`s differ, as plain lists and dicts.

    >>> from entente.release import Release
    >>> none = {"documents": [], "mentions": [], "alliances": [], "organisations": []}
    >>> compare(Release("a", None, none, {}), Release("b", None, none, {}))["differ"]
    False
    """
    mentions = [release.records["mentions"] for release in (old, new)]
    matched = match_mentions(*mentions)
    grouped = list(groups(old, new, matched))
    causes = Causes(old, new, matched)
    headlines = compare_headlines(old, new, grouped, causes)
    found = {
        "choices": compare_choices(old, new),
        "headlines": headlines,
        "documents": compare_documents(old.records["documents"], new.records["documents"]),
        "mentions": compare_mentions(*mentions, matched),
        "alliances": compare_alliances(old, new, grouped, causes),
        "organisations": compare_organisations(old.records["organisations"], new.records["organisations"]),
        "tables": compare_tables(old.tables, new.tables),
    }
    kinds = ("documents", "mentions", "alliances", "organisations", "tables")
    lists = [found["choices"], *(listing for kind in kinds for listing in found[kind].values())]
    warnings = [*disagreements(old, headlines, "old"), *disagreements(new, headlines, "new")]
    return {"old": old.name, "new": new.name, "differ": any(lists), "warnings": warnings} | found
