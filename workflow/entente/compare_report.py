"""Tell in Markdown, for people, in what two releases differ; see `entente.compare`."""

from entente.compare import STEPS
from entente.markdown import escaped, grid

NUMBERS = {
    "alliances": "alliances",
    "joint_venture": "equity share (joint ventures)",
    "joint_venture_or_stake": "equity share (joint ventures and stakes)",
}


def signed(value, unit):
    """Return a difference with its sign, points with two decimals; empty if there is none to tell.

    >>> signed(1.5, "points"), signed(-3, "alliances"), signed(0.0, "points"), signed(None, "points")
    ('+1.50', '-3', '0', '')
    """
    if value is None:
        return ""
    return "0" if not value else f"{value:+.2f}" if unit == "points" else f"{value:+g}"


def value(number):
    """Return a headline number as it is written; empty if there is none."""
    return "" if number is None else f"{number:g}"


def headlines(found):
    """Return the table of the headline numbers: one column a number, one row a step."""
    names = {headline["number"]: NUMBERS[headline["number"]] for headline in found}
    rows = [{"": which} | {names[h["number"]]: value(h[which]) for h in found} for which in ("old", "new")]
    rows.append(
        {"": "difference (points for shares)"}
        | {names[h["number"]]: signed(h["difference"], h["unit"]) for h in found}
    )
    for place, meaning in enumerate(STEPS.values()):
        differences = {names[h["number"]]: signed(h["steps"][place]["difference"], h["unit"]) for h in found}
        if any(h["steps"][place]["difference"] != 0 for h in found):
            rows.append({"": f"of it: {meaning}"} | differences)
    return grid(rows, ["", *names.values()])


def cut(items, limit):
    """Return *items*, lines of a list, as Markdown; beyond *limit*, their number alone.

    >>> print(cut(["a", "b", "c"], 2))
    - a
    - b
    - and 1 more
    """
    lines = [f"- {item}" for item in items[:limit]]
    if len(items) > limit:
        lines.append(f"- and {len(items) - limit} more")
    return "\n".join(lines)


def changed(changes):
    """Return what changed in a record: column, from, to."""
    words = (
        f"{name}: {escaped(old) or '(empty)'} → {escaped(new) or '(empty)'}"
        for name, (old, new) in changes.items()
    )
    return "; ".join(words)


def alliance(row):
    """Return an alliance in one line."""
    return escaped(f"{row['id']} {row['partners']}, {row['year'] or 'year unknown'}, {row['form']}")


def why(row):
    """Return the step of a record's change in words, in brackets."""
    return f" ({STEPS[row['step']]})"


def regrouped(row):
    """Return which alliances became which."""
    return f"{' + '.join(map(alliance, row['old']))} → {' + '.join(map(alliance, row['new']))}"


def recoded(row):
    """Return an alliance that is coded otherwise."""
    now = f" (now {row['new']})" if row["new"] != row["old"] else ""
    return f"{escaped(row['old'] + now)} {escaped(row['partners'])}: {changed(row['changes'])}{why(row)}"


def organisation(row):
    """Return an organisation in one line, with those that it went into, or came from."""
    others = " + ".join(f"{other['id']} {other['name']}" for other in row.get("with", ()))
    return escaped(f"{row['id']} {row['name']}" + (f" ↔ {others}" if others else ""))


def table_lines(found):
    """Return the lines of what differs in one table."""
    lines = [f"column {escaped(name)} added" for name in found["columns_added"]]
    lines += [f"column {escaped(name)} removed" for name in found["columns_removed"]]
    lines += [f"row {labelled(row)} added" for row in found["rows_added"]]
    lines += [f"row {labelled(row)} removed" for row in found["rows_removed"]]
    lines += [
        f"{labelled(cell['row'])}: {changed({cell['column']: (cell['old'], cell['new'])})}"
        for cell in found["cells"]
    ]
    return lines


def labelled(row):
    """Return what a table's row is of."""
    return escaped(", ".join(row.values())) or "the row"


def sections(found):
    """Yield (heading, lines) of each list, the empty ones too."""
    documents, mentions, alliances = found["documents"], found["mentions"], found["alliances"]
    organisations, tables = found["organisations"], found["tables"]
    for kind in ("added", "removed"):
        yield f"Documents {kind}", [escaped(name) for name in documents[kind]]
    yield (
        "Documents told otherwise",
        [f"{escaped(d['id'])}: {changed(d['changes'])}" for d in documents["changed"]],
    )
    for kind in ("added", "removed"):
        yield f"Mentions {kind}", [escaped(name) for name in mentions[kind]]
    yield "Mentions renumbered", [escaped(f"{old} → {new}") for old, new in mentions["renumbered"]]
    yield "Mentions changed", [f"{escaped(m['new'])}: {changed(m['changes'])}" for m in mentions["changed"]]
    for kind in ("added", "removed"):
        yield f"Alliances {kind}", [alliance(row) + why(row) for row in alliances[kind]]
    for kind in ("merged", "split", "regrouped"):
        yield f"Alliances {kind}", [regrouped(row) for row in alliances[kind]]
    yield "Alliances recoded", [recoded(row) for row in alliances["recoded"]]
    yield "Alliances with another id", [escaped(f"{old} → {new}") for old, new in alliances["renamed"]]
    for kind in ("added", "removed", "joined", "parted"):
        yield f"Organisations {kind}", [organisation(row) for row in organisations[kind]]
    yield (
        "Organisations renamed",
        [escaped(f"{row['id']} {row['old']} → {row['new']}") for row in organisations["renamed"]],
    )
    for kind in ("added", "removed"):
        yield f"Tables {kind}", [escaped(name) for name in tables[kind]]
    for name, differing in tables["changed"].items():
        yield f"Table {escaped(name)}", table_lines(differing)


def report(found, limit):
    """Return what `entente.compare.compare` *found* as Markdown, no list longer than *limit* lines."""
    filled = [(heading, lines) for heading, lines in sections(found) if lines]
    parts = [f"# {escaped(found['old'])} → {escaped(found['new'])}"]
    parts += [f"**Warning:** {escaped(warning)}" for warning in found["warnings"]]
    parts.append(headlines(found["headlines"]))
    if found["choices"]:
        rows = [{name: row[name] for name in ("choice", "old", "new")} for row in found["choices"]]
        parts.append(f"## Choices\n\n{grid(rows, ['choice', 'old', 'new'])}")
    parts += [f"## {heading}: {len(lines)}\n\n{cut(lines, limit)}" for heading, lines in filled]
    if not found["differ"]:
        parts.append("No record, choice or table differs beyond rounding.")
    return "\n\n".join(parts) + "\n"
