"""Look at the files of a new corpus, guess how they are read, and write its corpus.yaml; check one that there is."""

import datetime
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import yaml

from entente import cli, corpora, ingest, schema
from entente.codebook import CODEBOOK
from entente.corpora import Corpus
from entente.errors import EntenteError
from entente.readers import ENDINGS, Refused, _fields, archive, decode, ending, table
from entente.records import Document, Gold

SAMPLE = 200  # records that are read to guess from
SHOWN = 10
ROWS = 50
# What a reader is told by where the ending does not tell: the first bytes of a file.
OPENINGS = {
    "edgar": re.compile(rb"\s*(?:<SEC-DOCUMENT>|<SEC-HEADER>|-----BEGIN PRIVACY-ENHANCED MESSAGE)"),
    "mediawiki": re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<mediawiki\b"),
    "reuters": re.compile(rb"\s*<!DOCTYPE lewis\b"),
}
# Names by which databases call a field, in lower case, the likeliest first.
KNOWN = {
    "text": "text fulltext full_text body content article story abstract texte texto testo tekst inhalt 正文 内容 本文 본문",
    "id": "id doc_id docid document_id guid key nr number document_number accession",
    "title": "title headline heading titel titre titulo título titolo tytuł rubrik 标题 題名 제목",
    "date": "date published publication_date pubdate published_at datum fecha data datetime 日期 日付 날짜",
    "language": "language lang sprache langue idioma",
    "url": "url link uri html_url source_url",
    "licence": "licence license rights",
}
OPEN = re.compile(
    r"\bCC0|\bCC[- ]BY(?![- ](?:NC|ND))|public domain|\bOGL\b|\bMIT\b|\bODbL\b|\bPDDL\b", re.IGNORECASE
)
CLOSED = re.compile(r"research|copyright|all rights|proprietary|licensed|internal|subscri", re.IGNORECASE)
ASKED = {
    "licence": "Licence or terms of use (an SPDX identifier such as CC-BY-4.0, or words)",
    "source": "Where the documents are from (an address, or words)",
    "drawn": "How they were drawn, from which population (one sentence)",
}


@dataclass
class Sample:
    """What a first look at a corpus finds: counts of files by ending, and the first records, read."""

    files: int
    endings: Counter
    documents: list = field(default_factory=list)
    rejected: list = field(default_factory=list)


def guess_reader(paths):
    """Return the name of the reader that the *paths*, all of a corpus, need; None if each one's ending tells it."""
    found = {opening(path) for path in paths[:ROWS]}
    if len(found) == 1 and found != {None} and ENDINGS.get(ending(paths[0])) not in found:
        return found.pop()
    return None


def opening(path):
    """Return the name of the reader that a file's first bytes ask for, or None."""
    opened = archive.PACKED.get(Path(path).suffix.lower(), open)
    with opened(path, "rb") as file:
        first = file.read(1000)
    return next((name for name, pattern in OPENINGS.items() if pattern.match(first)), None)


def guess_columns(rows):
    """Return {field: column} for the fields that stand in *rows*, dicts, under names that are not their own.

    >>> guess_columns([{"Headline": "A", "story": "Sony and Ericsson ...", "pubdate": "2001"}])
    {'text': 'story', 'title': 'Headline', 'date': 'pubdate'}
    """
    columns = list(dict.fromkeys(column for row in rows for column in row if column))
    found = {}
    for name, known in KNOWN.items():
        by_name = {column.casefold().strip(): column for column in reversed(columns)}
        found[name] = next((by_name[one] for one in known.split() if one in by_name), None)
    if found["text"] is None and columns:
        words = {
            column: [row[column] for row in rows if isinstance(row.get(column), str)] for column in columns
        }
        found["text"] = max(columns, key=lambda column: sum(map(len, words[column])))
    return {name: column for name, column in found.items() if column not in (None, name)}


def first_rows(path):
    """Return the first rows of a table or of JSON as dicts; an empty list of any other file."""
    kind = ENDINGS.get(ending(path))
    if kind == "table":
        with (table.workbook if ending(path) == ".xlsx" else table.text_table)(path) as sheets:
            _, rows = sheets[0]
            columns = [table.cell(value).strip() for value in next(rows, ())]
            return [dict(zip(columns, map(table.cell, row), strict=False)) for row in islice(rows, ROWS)]
    if kind == "jsonl":
        with Path(path).open("rb") as lines:
            found = [json.loads(decode(line)) for line in islice(lines, ROWS) if line.strip()]
    elif kind == "json":
        content = json.loads(decode(Path(path).read_bytes()))
        found = content[:ROWS] if isinstance(content, list) else [content]
    else:
        found = []
    return [row for row in found if isinstance(row, dict)]


def rows_of(paths):
    """Return the first rows of the first of *paths* that has some."""
    for path in paths:
        try:
            found = first_rows(path)
        except (Refused, ValueError, OSError):
            continue
        if found:
            return found
    return []


def guess(corpus):
    """Return {"reader", "columns"} as far as the files of a `corpora.Corpus` show them."""
    paths = [corpus.documents / path for path in corpora.files(corpus) if (corpus.documents / path).is_file()]
    if not paths:
        raise EntenteError(f"{corpus.documents}: no file in it; name a folder with documents, or one file")
    kinds = {ENDINGS.get(ending(path)) for path in paths}
    columns = guess_columns(rows_of(paths)) if kinds & {"table", "json", "jsonl"} else {}
    return {"reader": guess_reader(paths), "columns": columns}


def look(corpus, most=SAMPLE):
    """Return the `Sample` of a `corpora.Corpus`: *most* records, of files spread over it; all if None."""
    paths = corpora.files(corpus)
    found = Sample(len(paths), Counter(ending(path) or "none" for path in paths))
    if most is None:
        records = ingest.documents(corpus, paths)
    else:
        chosen = paths[:: max(1, len(paths) // most)][:most]
        each = max(1, most // max(1, len(chosen)))
        records = (record for path in chosen for record in islice(ingest.documents(corpus, [path]), each))
    for record in records:
        (found.documents if isinstance(record, Document) else found.rejected).append(record)
    return found


def likeliest_language(sample):
    """Return the language of at least three documents in five of a `Sample`, or None."""
    languages = Counter(document.language for document in sample.documents)
    language, count = languages.most_common(1)[0] if languages else ("und", 0)
    return language if language != "und" and 5 * count >= 3 * len(sample.documents) else None


def quotable(licence):
    """Return how much may be quoted under a licence, a code of the codebook; ``cut`` where it does not say.

    >>> quotable("CC-BY-4.0"), quotable("CC BY-NC 4.0"), quotable("For research only; copyright Reuters")
    ('full', 'cut', 'offsets')
    """
    return "full" if OPEN.search(licence) else "offsets" if CLOSED.search(licence) else "cut"


def shown(sample):
    """Return a `Sample` as lines of text."""
    endings = ", ".join(f"{count:,} {name}" for name, count in sample.endings.most_common(8))
    yield f"{sample.files:,} files: {endings}"
    read = len(sample.documents) + len(sample.rejected)
    yield f"{read:,} records read = {len(sample.documents):,} documents + {len(sample.rejected):,} rejected"
    for name in ("language", "genre", "date_source", "quotes"):
        counts = Counter(getattr(document, name) for document in sample.documents)
        yield f"{name}: " + ", ".join(f"{value} {count:,}" for value, count in counts.most_common(8))
    dates = sorted(document.date for document in sample.documents if document.date)
    yield f"dates: {dates[0]} to {dates[-1]}" if dates else "dates: none"
    remarks = Counter(
        remark.partition(":")[0] for document in sample.documents for remark in document.remarks
    )
    for remark, count in remarks.most_common():
        yield f"{remark}: {count:,} documents"
    step = max(1, len(sample.documents) // SHOWN)
    for document in sample.documents[::step][:SHOWN]:
        words = document.title or document.text[:60].replace("\n", " ")
        size = f"{len(document.text):,} characters"
        yield f"  {document.source}  {document.date or 'no date'}  {document.language}  {size}  {words[:60]}"
    for reason, count in Counter(record.reason for record in sample.rejected).most_common():
        yield f"rejected, {reason} ({CODEBOOK['rejection'][reason]}): {count:,}"
        for record in [record for record in sample.rejected if record.reason == reason][:3]:
            yield f"  {record.source}: {record.detail}"


def new(name, path, corpora_folder, given, ask, told):
    """Write the corpus.yaml of a new corpus.

    Parameters
    ----------
    name : str
        Of the corpus, and of its folder below *corpora_folder*.
    path : Path
        The folder of the documents, or the one file that has them.
    given : dict
        Keys of corpus.yaml; the others are guessed, or asked for.
    ask : callable
        Takes a question, returns the answer; None where nobody can be asked.
    told : callable
        Is given each line of what is found.
    """
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)*", name):
        raise EntenteError(f"{name!r}: no name for a corpus; use letters, digits, - and _, as in 'wire-1987'")
    target = Path(corpora_folder, name, "corpus.yaml")
    if target.exists():
        raise EntenteError(f"{target}: there already; edit it, or choose another name")
    if not Path(path).exists():
        raise EntenteError(f"{path}: no such file or folder; name the folder of the documents, or one file")
    root = Path(path).resolve()
    only = root.name if root.is_file() else None
    words = dict.fromkeys(("title", "licence", "source", "retrieved", "citation", "drawn"), "")
    bare = Corpus(
        name=name, documents=root.parent if only else root, only=only, language=None, random=False, **words
    )
    guessed = guess(bare)
    read = {key: given.get(key) or guessed[key] for key in guessed}
    sample = look(Corpus(**vars(bare) | {"language": given.get("language")} | read))
    for line in shown(sample):
        told(line)
    if not sample.documents:
        raise EntenteError(
            f"{path}: none of {len(sample.rejected)} records could be read; the lines above say why;"
            " say --reader or --columns"
        )
    described = completed(name, root, given | read, sample, ask)
    schema.check(described, "corpus", "the description")
    with cli.replacing(target) as file:
        yaml.safe_dump(described, file, allow_unicode=True, sort_keys=False, width=100)
    told(f"wrote {target}; look at it, then run 'entente corpus check {name}' and 'make run'")


def completed(name, root, given, sample, ask):
    """Return the keys of corpus.yaml: those *given*, those asked for, those that follow from them and the sample."""
    known = {key: value for key, value in given.items() if value not in (None, {}, "")}
    for key, question in ASKED.items():
        if key not in known and ask:
            known[key] = ask(f"{question}: ").strip()
    missing = [f"--{key}" for key in ASKED if not known.get(key)]
    if missing:
        raise EntenteError(f"{', '.join(missing)}: not given; what is published has to say it")
    title = known.get("title", name)
    found = {
        "title": title,
        "language": known.get("language") or likeliest_language(sample),
        "licence": known["licence"],
        "source": known["source"],
        "retrieved": known.get("retrieved") or datetime.datetime.now(datetime.UTC).date().isoformat(),
        "citation": known.get("citation") or f"{title}. {known['source']}",
        "drawn": known["drawn"],
        "random": known.get("random", False),
        "quotes": known.get("quotes") or quotable(known["licence"]),
    }
    optional = {key: known[key] for key in ("reader", "columns") if key in known}
    return found | optional | {"path": str(root)}


def columns_given(pairs):
    """Return {field: column or list of columns} of the words ``field=column``, a field's columns joined by ``+``.

    >>> columns_given(["text=lead+body", "date=published"])
    {'text': ['lead', 'body'], 'date': 'published'}
    """
    found = {}
    for pair in pairs:
        name, sign, column = pair.partition("=")
        if not sign or not column or name not in _fields.FIELDS:
            fields = ", ".join(_fields.FIELDS)
            raise EntenteError(f"{pair!r}: expected FIELD=COLUMN, with a FIELD of {fields}; as in text=body")
        found[name] = column.split("+") if "+" in column else column
    return found


def check(corpus, folder, told, most=None):
    """Tell what reading a corpus gives, and check its gold; return the number of faults.

    Parameters
    ----------
    corpus : corpora.Corpus
    folder : Path
        Its folder, where gold.jsonl lies.
    told : callable
        Is given each line of what is found.
    most : int or None
        How many records are read; None for all.
    """
    sample = look(corpus, most)
    for line in shown(sample):
        told(line)
    faults = [] if sample.documents else [f"{corpus.documents}: no record could be read"]
    gold = Path(folder, "gold.jsonl")
    if gold.exists() and most is None:
        faults += gold_faults(
            gold, {document.id.partition("/")[2]: document for document in sample.documents}
        )
    for fault in faults:
        told(f"fault: {fault}")
    return len(faults)


def gold_faults(path, documents):
    """Yield what is wrong with a file of gold, a line each; *documents* are those of its corpus by their ids in it."""
    for number, content in enumerate(Path(path).read_bytes().splitlines(), 1):
        try:
            gold = Gold.model_validate_json(content)
        except ValueError as fault:
            yield f"{path}:{number}: {cli.describe(fault)}"
            continue
        document = documents.get(gold.id)
        if document is None:
            yield f"{path}:{number}: no document {gold.id!r} in the corpus; its id is its path below the documents"
            continue
        whole = f"{document.title}\n{document.text}"
        for alliance in gold.alliances:
            for words in (*alliance.partners, *filter(None, [alliance.venture_name]), *alliance.evidence):
                if words not in whole:
                    yield f"{path}:{number}: {words[:80]!r} does not stand in {gold.id}; copy it from the text"
