"""Explain where a result comes from: a cell of a table, an alliance, a mention, down to the marked text."""

from difflib import get_close_matches
from pathlib import Path

from entente import cli, tables
from entente.codebook import CODEBOOK
from entente.corpora import load
from entente.errors import EntenteError
from entente.records import Claim, Document, Mention, Organisation
from entente.study import DEFINITIONS

PLAIN, BOLD = ("[[", "]]"), ("\033[1m", "\033[0m")
CODED = {
    "form": "form",
    "equity_status": "equity_status",
    "functions": "function",
    "value_chain": "value_chain",
    "status": "status",
    "measure": "measure",
    "genre": "genre",
}  # field: the codebook's attribute


def explain(identifier, interim, corpora, marks=PLAIN):
    """Return as text where *identifier* comes from, down to the passages, with the evidence between *marks*.

    Parameters
    ----------
    identifier : str
        The id of an alliance, organisation, mention, claim or document; or a table's cell, as table, row and
        column: ``equity_share_by_year 1999 share``.
    interim : path
        Folder of the stages' records; the tables lie in ``tables`` beside it.
    corpora : sequence of path
        The corpora's folders.
    marks : (str, str)
        What stands before and after evidence: ``PLAIN``, or ``BOLD`` on a terminal.

    Raises
    ------
    EntenteError
        If nothing has this identifier; the message names those that are most like it.
    """
    results = tables.Interim(Path(interim), tuple(map(Path, corpora)))
    try:
        for kind in (cell, alliance, organisation, mention, claim, document):
            if lines := list(kind(identifier, results, marks)):
                return "\n".join(lines) + "\n"
        raise EntenteError(unknown(identifier, results))
    except FileNotFoundError as fault:
        raise EntenteError(f"{fault.filename}: no such file; let the workflow end first: make run") from None


# ---- kinds of things: each function yields lines, none if the identifier is not of its kind ----------


def cell(identifier, results, _):
    """Yield what a table's cell holds, and the alliances behind it."""
    table, row, column = [*identifier.split(), "", "", ""][:3]
    path = results.interim.parent / "tables" / f"{table}.csv"
    if not path.is_file():
        return
    rows = tables.read(path)
    if not rows:
        raise EntenteError(f"{path}: the table is empty; nothing stands behind it")
    first = next(iter(rows[0]))
    require(row, {r[first] for r in rows}, f"{path}: no row {row!r}")
    require(column, rows[0], f"{path}: no column {column!r}")
    for found in (r for r in rows if r[first] == row):
        yield f"table {table}, row {row}, column {column}: {found[column] or 'empty'}"
        yield from fields(found)
        if not CONDITIONS.keys() & found.keys():
            yield "  no alliances behind it: it counts documents"
            continue
        behind = [a for a in results.alliances() if counts(a, found, column)]
        yield f"  alliances behind it: {len(behind)}"
        yield from (f"    {summary(a)}" for a in behind)


def counts(alliance, row, column):
    """Tell whether *alliance* is among those that a *column* of a *row* of a table rests on."""
    # the number of alliances is that of the row's first column alone, such as a period or a form
    names = [name for name in list(row)[: 1 if column == "alliances" else None] if name in CONDITIONS]
    met = all(CONDITIONS[name](alliance, row[name]) for name in names)
    if column in ("equity", "contractual", "unknown"):
        met &= column == side(alliance, row["definition"])
    return met and alliance.confidence >= float(row.get("minimum_confidence", 0))


def side(alliance, definition):
    """Return on which side of the equity share *alliance* stands under a *definition*."""
    if alliance.equity_status == "unknown":
        return "unknown"
    return "equity" if alliance.form in DEFINITIONS[definition] else "contractual"


def in_years(year, period):
    """Tell whether a *year* is in a *period*, as the tables have it.

    >>> in_years(2001, "2000-2004"), in_years(2001, "2001"), in_years(None, "unknown"), in_years(None, "1999")
    (True, True, True, False)
    """
    if period in ("all", "unknown"):
        return period == "all" or year is None
    start, _, end = period.partition("-")
    return year is not None and int(start) <= year <= int(end or start)


# What an alliance must be to stand behind a row, by the names of the row's columns.
CONDITIONS = {
    "year": lambda alliance, value: in_years(alliance.year, value),
    "period": lambda alliance, value: in_years(alliance.year, value),
    "form": lambda alliance, value: value in (alliance.form, "all"),
    "function": lambda alliance, value: value in alliance.functions,
    "language": lambda alliance, value: value in alliance.languages,
}


def alliance(identifier, results, marks):
    """Yield an alliance, and each report of it."""
    for found in results.alliances():
        if found.id == identifier:
            yield f"alliance {summary(found)}"
            yield from fields(found.model_dump(exclude={"id", "mentions", "partner_names"}))
            yield f"  mentions: {len(found.mentions)}"
            yield from reports(set(found.mentions), results, marks)


def organisation(identifier, results, _):
    """Yield an organisation, its names, and its alliances."""
    for found in cli.read(results.interim / "organisations.jsonl", Organisation):
        if found.id == identifier:
            yield f"organisation {found.id} {tables.clean(found.name)}"
            for language, names in found.names.items():
                yield f"  names in {language}: {tables.clean('; '.join(names))}"
            theirs = [a for a in results.alliances() if found.id in a.partners]
            yield f"  alliances: {len(theirs)}"
            yield from (f"    {summary(a)}" for a in theirs)


def mention(identifier, results, marks):
    """Yield a mention, and the alliance that it reports."""
    lines = list(reports({identifier}, results, marks))
    if lines:
        joined = [a for a in results.alliances() if identifier in a.mentions]
        none = "no alliance: not confident enough, or in a document that repeats another"
        yield f"reports {'; '.join(map(summary, joined)) or none}"
        yield from lines


def claim(identifier, results, marks):
    """Yield a claim and its passage."""
    for _, found in results.records("claims", Claim):
        if found.id == identifier:
            yield f"claim {tables.clean(found.id)}"
            yield from fields(found.model_dump(exclude={"id", "document", "evidence"}))
            for text in documents({found.document}, results).values():
                yield from source(text, results)
                yield from passages(text.text, found.evidence, marks)


def document(identifier, results, marks):
    """Yield a document: whole, with the evidence of all its mentions and claims marked."""
    for text in documents({identifier}, results).values():
        yield from source(text, results)
        yield from fields({"genre": text.genre, "title": text.title})
        mentions = [m for _, m in results.records("mentions", Mention) if m.document == identifier]
        claims = [c for _, c in results.records("claims", Claim) if c.document == identifier]
        yield from (f"  mention {tables.clean(m.id)}: {partners(m)}" for m in mentions)
        yield from (f"  claim {tables.clean(c.id)}" for c in claims)
        spans = [span for record in (*mentions, *claims) for span in record.evidence]
        yield from passages(text.text, spans, marks, whole=True)


# ---- parts of them ---------------------------------------------------------------------------------


def reports(wanted, results, marks):
    """Yield the mentions with the ids *wanted*, each with its document and its passages."""
    found = [m for _, m in results.records("mentions", Mention) if m.id in wanted]
    texts = documents({m.document for m in found}, results)
    for m in found:
        yield f"mention {tables.clean(m.id)}"
        yield f"  partners: {partners(m)}"
        yield from fields(m.model_dump(exclude={"id", "document", "partners", "evidence"}))
        yield from source(texts[m.document], results)
        yield from passages(texts[m.document].text, m.evidence, marks)


def documents(wanted, results):
    """Return {id: Document} of the documents *wanted*."""
    return {d.id: d for _, d in results.records("documents", Document) if d.id in wanted} if wanted else {}


def source(text, results):
    """Yield where a document is from: its file, its date and language, and what it repeats."""
    folder = next(folder for folder in results.corpora if folder.name == text.corpus)
    yield f"document {tables.clean(text.id)}"
    yield f"  file: {tables.clean(str(load(folder).documents / text.source))}"
    yield from fields(text.model_dump(include={"url", "date", "date_source", "language"}))
    for repeat in results.duplicates():
        if repeat.document == text.id:
            original = tables.clean(repeat.duplicate_of)
            yield f"  repeats {original} (similarity {repeat.similarity}): its mentions do not count"


def fields(values):
    """Yield a line for each value that is there; a code is followed by what the codebook says of it."""
    for name, value in values.items():
        if value not in (None, "", []):
            yield f"  {name}: {'; '.join(shown(name, item) for item in listed(value))}"


def listed(value):
    """Return a list as it is, anything else as the only member of one."""
    return value if isinstance(value, list) else [value]


def shown(name, value):
    """Return one value of the field *name* in words.

    >>> shown("status", "signed"), shown("stakes", {"holder": "Sony", "target": "venture", "percent": 50.0})
    ('signed (agreed, formed or announced as done)', 'Sony holds 50 % of venture')
    """
    if name == "stakes":
        return tables.clean(f"{value['holder']} holds {value['percent']:g} % of {value['target']}")
    meaning = CODEBOOK.get(CODED.get(name), {}).get(value)
    meaning = meaning["meaning"] if isinstance(meaning, dict) else meaning
    return f"{value} ({meaning})" if meaning else tables.clean(str(value))


def partners(found):
    """Return the names of a mention's partners in one line."""
    return tables.clean("; ".join(partner.name for partner in found.partners))


def summary(found):
    """Return an alliance in one line."""
    names, when = " + ".join(found.partner_names), found.year or "year unknown"
    return tables.clean(f"{found.id} {names}, {when}, {found.form}, confidence {found.confidence:.2f}")


def passages(text, spans, marks, whole=False):
    """Yield the lines of *text* that hold a part of a span, all if *whole*, the spans between *marks*."""
    start = 0
    for line in text.split("\n"):
        inside = sorted((max(s.start - start, 0), min(s.end - start, len(line))) for s in spans)
        inside = [(a, b) for a, b in inside if a < b]
        if inside or (whole and line):
            yield f"    {marked(line, inside, marks)}"
        start += len(line) + 1


def marked(line, spans, marks):
    """Return *line* with its *spans*, sorted pairs of offsets, between *marks*; what overlaps is marked once.

    >>> marked("Sony and Ericsson agreed.", [(0, 8), (5, 17)], PLAIN)
    '[[Sony and Ericsson]] agreed.'
    """
    text, done = "", 0
    joined = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([start, end])
    for start, end in joined:
        text += line[done:start] + marks[0] + line[start:end] + marks[1]
        done = end
    return text + line[done:]


# ---- what is not found -----------------------------------------------------------------------------


def require(name, known, found):
    """Raise EntenteError unless *name* is among *known*; it opens with *found* and offers the nearest."""
    if name not in known:
        near = get_close_matches(name, known, cutoff=0.4) or sorted(known)[:10]
        raise EntenteError(f"{found}; it has {', '.join(near)}")


def unknown(identifier, results):
    """Return the message that nothing has this identifier."""
    ids = [a.id for a in results.alliances()]
    ids += [o.id for o in cli.read(results.interim / "organisations.jsonl", Organisation)]
    for name, record in (("documents", Document), ("mentions", Mention), ("claims", Claim)):
        ids += [found.id for _, found in results.records(name, record)]
    ids += [path.stem for path in sorted((results.interim.parent / "tables").glob("*.csv"))]
    near = get_close_matches(identifier.split(" ")[0], ids) or ids[:1]
    return (
        f"{results.interim}: nothing has the identifier {identifier!r}; expected that of an alliance, "
        "mention, claim, document or organisation, or a table, its row and its column; nearest: "
        f"{', '.join(near) or 'none, for there are no results'}"
    )
