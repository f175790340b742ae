"""Explain where a result comes from: a cell of a table, an alliance, a mention, down to the marked text."""

import json
from dataclasses import replace
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path

from entente import behind, cli, tables
from entente.behind_units import Told
from entente.codebook import CODEBOOK
from entente.errors import EntenteError
from entente.lazy import lazy
from entente.records import Alliance, Claim, Document, Mention, Organisation, Rejected, Span
from entente.study import Study

corpora, published = lazy("entente.corpora"), lazy("entente.published")

PLAIN, BOLD = ("[[", "]]"), ("\033[1m", "\033[0m")
FIRST = 5  # of each group behind a cell, so many are shown with their text
CODED = {
    "form": "form",
    "equity_status": "equity_status",
    "functions": "function",
    "value_chain": "value_chain",
    "status": "status",
    "measure": "measure",
    "genre": "genre",
}  # field: the codebook's attribute


class Run(Study):
    """The records that a run left, each file read once; of documents only those that are asked for."""

    @cached_property
    def known(self):
        """Return {what was read: its records}."""
        return {}

    def once(self, name, read):
        """Return what *read* returned when it was first called under this *name*."""
        if name not in self.known:
            self.known[name] = read()
        return self.known[name]

    def alliances(self):
        """Return the list of alliances, by id."""
        return self.once("alliances", super().alliances)

    def duplicates(self):
        """Return the list of duplicates."""
        return self.once("duplicates", super().duplicates)

    def records(self, name, record):
        """Return the list of (corpus, record) of all parts."""
        return self.once(name, lambda: list(super(Run, self).records(name, record)))

    def by_id(self, name, record, wanted):
        """Return {id: record} of the records *wanted*; other lines are not parsed, for texts are long."""
        found = {}
        names = {identifier.partition("/")[0] for identifier in wanted}
        for corpus, folder in self.parts():
            if corpus in names and len(found) < len(wanted):
                with (folder / f"{name}.jsonl").open("rb") as lines:
                    for line in lines:
                        if identifier(line) in wanted:
                            found_here = record.model_validate_json(line)
                            found[found_here.id] = found_here
        return found

    def mentions(self, wanted):
        """Return the list of the mentions with the ids *wanted*."""
        return list(self.by_id("mentions", Mention, wanted).values())

    def documents(self, wanted):
        """Return {id: Document} of the documents *wanted*."""
        return self.by_id("documents", Document, wanted)

    def organisations(self):
        """Return the organisations."""
        return cli.read(self.interim / "organisations.jsonl", Organisation)


def with_choices(study, row):
    """Return a study with the choices of a row: its minimum confidence, or that of another table if it has none."""
    told = row.get("minimum_confidence")
    for path in () if told else sorted((study.interim.parent / "tables").glob("*.csv")):
        rows = tables.read(path)
        if rows and "minimum_confidence" in rows[0] and path.stem != "specification_curve":
            told = rows[0]["minimum_confidence"]
            break
    chosen = replace(study, minimum_confidence=float(told or 0))
    chosen.__dict__["known"] = study.__dict__.get("known", {})  # what was read stays read
    return chosen


def identifier(line):
    r"""Return the id of a line of records; as they are written, it comes first, and the rest need not be parsed.

    >>> identifier(b'{"id":"wire/a.txt","corpus":"wire"}'), identifier(b'{"corpus": "wire", "id": "a"}')
    ('wire/a.txt', 'a')
    """
    start = line.startswith(b'{"id":"') and line.find(b'"', 7)
    return line[7:start].decode() if start and b"\\" not in line[7:start] else json.loads(line)["id"]


def explain(identifier, interim, corpora, marks=PLAIN, whole=False):
    """Return as text where *identifier* comes from, down to the passages, with the evidence between *marks*.

    Parameters
    ----------
    identifier : str or list of str
        The id of an alliance, organisation, mention, claim or document; or a table's cell: table, what names the row in
        the table's key columns (or ``column=value``; what is left out may be anything), and column, as in
        ``equity_share_by_year 1999 joint_venture share``.
    interim : path
        Folder of the stages' records; the tables lie in ``tables`` beside it. If it is not there, what is published
        beside it is explained as far as it goes.
    corpora : sequence of path
        The corpora's folders.
    marks : (str, str)
        What stands before and after evidence: ``PLAIN``, or ``BOLD`` on a terminal.
    whole : bool
        Whether to show all that stands behind a cell, and not the first of it only.

    Raises
    ------
    EntenteError
        If nothing has this identifier; the message names those that are most like it.
    """
    words = identifier.split(" ") if isinstance(identifier, str) else list(identifier)
    interim, name = Path(interim), " ".join(words)
    if not interim.is_dir() and (interim.parent / "alliances.csv").is_file():
        results = published.Published(interim, tuple(map(Path, corpora)), 1, 0.95, 0.0)
    else:
        results = Run(interim, tuple(map(Path, corpora)), 1, 0.95, 0.0)
    try:
        if lines := list(cell(words, results, marks, whole)):
            return "\n".join(lines) + "\n"
        for kind in (alliance, organisation, mention, claim, document):
            if lines := list(kind(name, results, marks)):
                return "\n".join(lines) + "\n"
        raise EntenteError(unknown(name, results))
    except FileNotFoundError as fault:
        raise EntenteError(f"{fault.filename}: no such file; let the workflow end first: make run") from None


# ---- kinds of things: each function yields lines, none if the identifier is not of its kind ----------


def cell(words, results, marks, whole):
    """Yield what a table's cell holds, and what stands behind it, the first of it with its documents and text."""
    table = words[0]
    path = results.interim.parent / "tables" / f"{table}.csv"
    if "/" in table or not path.is_file():
        return
    rows = tables.read(path)
    entry = behind.behind(table, rows) if rows else None
    column = words[-1] if len(words) > 1 else ""
    found = behind.find(path, words[1:-1], entry.keys if entry else ())
    behind.require(column, rows[0], f"{path}: no column {column!r}")
    for row in found:
        names = ", ".join(f"{key} {row[key]}" for key in entry.keys if row[key])
        yield f"table {table}, row {tables.clean(names)}, column {column}: {row[column] or 'empty'}"
        yield from fields(row)
        study = with_choices(results, row)
        groups = entry.groups(study, row, column)
        total = sum(map(len, groups.values()))
        counts = ", ".join(f"{name} {len(group)}" for name, group in groups.items())
        yield f"  behind it: {total} ({counts})"
        yield from shown_groups(groups, study, marks, whole or None)


def shown_groups(groups, results, marks, whole):
    """Yield the records of each group: all if *whole*, else the first ones, with their documents and passages."""
    first = {name: group if whole else group[:FIRST] for name, group in groups.items()}
    told = {name: [item(record) for record in group] for name, group in first.items()}
    wanted = {
        place for items in told.values() for one in items for place in one.places if isinstance(place, str)
    }
    mentions = {m.id: m for m in results.mentions(wanted)} if wanted else {}
    for items in told.values():
        for number, one in enumerate(items):
            places = [
                (mentions[place].document, mentions[place].evidence, ()) if isinstance(place, str) else place
                for place in one.places
                if not isinstance(place, str) or place in mentions
            ]
            items[number] = Told(one.line, tuple(places))
    texts = results.documents({d for items in told.values() for one in items for d, _, _ in one.places})
    for name, items in told.items():
        if items:
            yield f"  {name}: {len(groups[name])}"
        for one in items:
            yield f"  * {tables.clean(one.line)}"
            for document_id, spans, quotes in one.places:
                if text := texts.get(document_id):
                    yield f"    {tables.clean(document_id)}: {path_of(text, results)}"
                    yield from quoted(text, spans, quotes, marks)
        if len(groups[name]) > len(items):
            yield f"  * and {len(groups[name]) - len(items)} more: --all shows them"


def item(record):
    """Return a record as `Told`; of an alliance, the places are ids of its mentions."""
    if isinstance(record, Told):
        return record
    for kind, tell in ITEMS.items():
        if isinstance(record, kind):
            return Told(*tell(record))
    told = [item(mention) for mention in record.records]  # a unit: a document with several mentions
    return Told("; ".join(one.line for one in told), tuple(place for one in told for place in one.places))


def figure(found):
    """Return the figure that a claim tells, in words."""
    value = found.value if found.value is not None else f"{found.value_low} to {found.value_high}"
    return f"{found.measure}: {value} {found.unit}"


ITEMS = {  # kind of record: its line and its places
    Alliance: lambda r: (summary(r), tuple(r.mentions)),
    Mention: lambda r: (
        f"{r.id} {partners(r)}, {r.form}, confidence {r.confidence:.2f}",
        ((r.document, tuple(r.evidence), ()),),
    ),
    Claim: lambda r: (f"{r.id} {figure(r)}", ((r.document, tuple(r.evidence), ()),)),
    Document: lambda r: (f"{r.id} {r.language}, {r.date or 'undated'}", ((r.id, (), ()),)),
    Rejected: lambda r: (f"{r.source}: {r.reason}, {r.detail}", ()),
}


def quoted(text, spans, quotes, marks):
    """Yield the lines of a document that hold spans, or quotes of a reader; quotes that its text lacks as they are."""
    there = [(at, at + len(quote)) for quote in quotes if (at := text.text.find(quote)) >= 0]
    spans = [*spans, *(Span(start=start, end=end) for start, end in there)]
    yield from passages(text.text, spans, marks)
    missing = [quote for quote in quotes if quote not in text.text]
    yield from (f"    {marks[0]}{tables.clean(quote)}{marks[1]}" for quote in missing)


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
    for found in results.organisations():
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
            for text in results.documents({found.document}).values():
                yield from source(text, results)
                yield from passages(text.text, found.evidence, marks)


def document(identifier, results, marks):
    """Yield a document: whole, with the evidence of all its mentions and claims marked."""
    for text in results.documents({identifier}).values():
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
    found = results.mentions(wanted)
    texts = results.documents({m.document for m in found})
    for m in found:
        yield f"mention {tables.clean(m.id)}"
        yield f"  partners: {partners(m)}"
        yield from fields(m.model_dump(exclude={"id", "document", "partners", "evidence"}))
        yield from source(texts[m.document], results)
        yield from passages(texts[m.document].text, m.evidence, marks)


@cache
def place_of(folder):
    """Return where the documents of the corpus in a folder lie."""
    return corpora.load(folder, fetched=False).documents


def path_of(text, results):
    """Return the path of a document's file, as far as its corpus is here."""
    folder = next((folder for folder in results.corpora if folder.name == text.corpus), None)
    place = place_of(folder) if folder else Path(text.corpus)
    return tables.clean(str(place / text.source))


def source(text, results):
    """Yield where a document is from: its file, its date and language, and what it repeats."""
    yield f"document {tables.clean(text.id)}"
    yield f"  file: {path_of(text, results)}"
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


def unknown(identifier, results):
    """Return the message that nothing has this identifier."""
    ids = [a.id for a in results.alliances()]
    ids += [o.id for o in results.organisations()]
    for name, record in (("documents", Document), ("mentions", Mention), ("claims", Claim)):
        ids += [found.id for _, found in results.records(name, record)]
    ids += [path.stem for path in sorted((results.interim.parent / "tables").glob("*.csv"))]
    near = get_close_matches(identifier.split(" ")[0], ids) or ids[:1]
    return (
        f"{results.interim}: nothing has the identifier {identifier!r}; expected that of an alliance, "
        "mention, claim, document or organisation, or a table, its row and its column; nearest: "
        f"{', '.join(near) or 'none, for there are no results'}"
    )
