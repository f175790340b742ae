"""Read a corpus's files into documents: normalised text with its language, date and genre."""

import hashlib
import os
import sys
from collections import Counter
from functools import partial
from pathlib import Path

from entente import cli, corpora, isolation, readers
from entente.dates import document_date
from entente.duplicates import signature
from entente.errors import EntenteError
from entente.genres import genre
from entente.isolation import LIMITS, Limits, Stopped
from entente.languages import identify
from entente.readers import PLAIN, How, Refused
from entente.records import Document, Rejected
from entente.text import line, normalise

MAX_CHARACTERS = 1_000_000


def document(raw, corpus, source, *, hint=None, licence=None, quotes="cut", max_characters=MAX_CHARACTERS):
    """Return the `Document` of one record, or how it is `Rejected`.

    Parameters
    ----------
    raw : entente.readers.Raw or entente.readers.Refused
        The record as its reader gave it.
    corpus : str
        The name of the corpus.
    source : str
        The file's path below the corpus's documents, with ``#`` and the record's own id if it has one.
    hint : str or None
        The language of most documents of the corpus; it decides where the text does not.
    licence, quotes : str or None
        The corpus's rights, for a record without its own.
    max_characters : int
        The longest text that is taken, in code points after normalisation.
    """
    if isinstance(raw, Refused):
        return Rejected(source=source, reason=raw.reason, detail=line(raw.detail)[:300])
    title, text = line(raw.title), normalise(raw.text)
    if not text:
        return Rejected(source=source, reason="no_text", detail="nothing visible in its text")
    if len(text) > max_characters:
        detail = f"{len(text):,} characters; at most {max_characters:,} are taken"
        return Rejected(source=source, reason="too_large", detail=detail)
    language, probability = identify(f"{text}\n{title}", raw.language or hint)
    date, date_source = document_date(raw.date, text, language, source.partition("#")[0])
    return Document(
        id=f"{corpus}/{source}",
        corpus=corpus,
        source=source,
        url=line(raw.url or "") or None,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        title=title,
        text=text,
        language=language,
        language_probability=probability,
        date=date,
        date_source=date_source,
        genre=genre(title, text, language),
        signature=signature(text),
        licence=line(raw.licence or "") or licence,
        quotes=raw.quotes or quotes,
        remarks=[line(remark) for remark in raw.remarks],
    )


def documents(corpus, sources, *, max_characters=MAX_CHARACTERS, limits=LIMITS):
    """Yield a `Document` or `Rejected` for each record of the files *sources* of a `corpora.Corpus`.

    A file without any record is rejected itself; so is one whose reader breaks off or exceeds the
    `isolation.Limits`, after the records that it gave. *max_characters* is that of `document`.
    """
    one = partial(documents_of, corpus, max_characters)
    for path, found in apart(one, sources, limits):
        yield document(found, corpus.name, told(path)) if isinstance(found, Refused) else found


def documents_of(corpus, max_characters, path):
    """Yield what `documents` does, of one file and in this process."""
    met = Counter()
    for raw in records(corpus.documents, path, How(corpus.reader, corpus.columns)):
        source = told(path) if raw.id is None else f"{told(path)}#{unrepeated(line(raw.id), met)}"
        yield document(
            raw,
            corpus.name,
            source,
            hint=corpus.language,
            licence=corpus.licence,
            quotes=corpus.quotes,
            max_characters=max_characters,
        )


def apart(function, paths, limits=LIMITS):
    """Yield (path, result) as `isolation.each` does; where the reader of a file is stopped, a `Refused` says so."""
    for path, found in isolation.each(function, paths, limits):
        yield path, Refused("stopped", found.why) if isinstance(found, Stopped) else found


def told(path):
    """Return a path as it is written into records; what is no Unicode of it is escaped."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")


def records(root, path, how=PLAIN):
    """Yield what a file holds, at least one `Raw` or `Refused`; whatever is wrong with it is a `Refused`."""

    def read(path):
        place = inside(root, path)
        return readers.reader(path, how)(place)

    yield from readers.records(read, path)


def inside(root, path):
    """Return the path of a file below *root*; refuse a link that leads elsewhere, and what is no file."""
    place = Path(os.path.realpath(Path(root, path)))
    if not place.is_relative_to(os.path.realpath(root)):
        raise Refused("outside", "a link out of the corpus's folder; put the file itself there")
    if place.exists() and not place.is_file():
        raise Refused("unsupported", "not a file")
    return place


def unrepeated(own, met):
    """Return a record's own id, with ``-2``, ``-3`` ... if *met*, the counter of ids, has it already.

    >>> met = Counter()
    >>> [unrepeated(own, met) for own in ("a", "a", "a-2", "a")]
    ['a', 'a-2', 'a-2-2', 'a-3']
    """
    candidate = own
    while met[candidate]:
        met[own] += 1
        candidate = f"{own}-{met[own]}"
    met[candidate] += 1
    return candidate


def ingest(
    folder, *, part, part_documents, part_megabytes, output, rejected, max_characters, seconds, megabytes
):
    """Write the documents and rejections of one part of the corpus in *folder*, each as it is read."""
    corpus = corpora.load(folder)
    parts = corpora.parts(corpus, part_documents, part_megabytes)
    if part not in {None, *parts}:
        raise EntenteError(f"{folder}: no part {part!r}; its parts of this size are {', '.join(parts)}")
    sources = [path for name, paths in parts.items() if part in {None, name} for path in paths]
    found = documents(corpus, sources, max_characters=max_characters, limits=Limits(seconds, megabytes))
    counts = Counter()
    with cli.replacing(output) as kept, cli.replacing(rejected) as refused:
        for record in found:
            counts[type(record)] += 1
            (kept if isinstance(record, Document) else refused).write(record.model_dump_json() + "\n")
    sys.stderr.write(
        f"{corpus.name}{f', part {part}' if part else ''}: {len(sources)} files, {sum(counts.values())} records ="
        f" {counts[Document]} documents + {counts[Rejected]} rejections\n"
    )


def add_arguments(parser):
    """Add what ingestion takes."""
    parser.add_argument("folder", type=Path, help="a corpus: the folder of its corpus.yaml")
    parser.add_argument("--part", help="the name of the one part to read [all of the corpus]")
    parser.add_argument("--part-documents", type=int, default=2000, help="the most files of a part")
    parser.add_argument(
        "--part-megabytes", type=float, default=16, help="the most megabytes of a part's files"
    )
    parser.add_argument("--output", type=Path, required=True, help="documents, JSON Lines")
    parser.add_argument("--rejected", type=Path, required=True, help="rejections, JSON Lines")
    parser.add_argument(
        "--max-characters", type=int, default=MAX_CHARACTERS, help="the longest text that is taken"
    )
    add_limits(parser)


def add_limits(parser):
    """Add what reading a file may take; see `isolation.Limits`."""
    parser.add_argument(
        "--seconds", type=float, default=Limits.seconds, help="the longest that reading a record may take"
    )
    parser.add_argument(
        "--megabytes", type=int, default=Limits.megabytes, help="the memory that reading a file may take"
    )


if __name__ == "__main__":
    cli.main(__doc__, add_arguments, ingest)
