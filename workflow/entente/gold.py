"""Read documents with the gold that a model is fitted to."""

import json
from pathlib import Path

from entente import cli, languages, lexicon, readers
from entente.errors import EntenteError
from entente.records import Gold


def overlaps(text, start, end, quotes):
    """Tell whether a stretch of *text* shares characters with one of the *quotes* from it."""
    return any(0 <= at < end and at + len(quote) > start for quote in quotes for at in [text.find(quote)])


def beside(paths):
    """Return [(document, Gold)] of files with gold beside them: NAME.jsonl, NAME.gold.jsonl."""
    found = []
    for path in map(Path, paths):
        documents = by_id([path])
        found += joined(documents, cli.read(path.with_suffix(".gold.jsonl"), Gold))
    return found


def coded(paths, golds):
    """Return [(document, Gold)] of gold that is kept without the texts: its evidence is [start, end] in them."""
    documents, found = by_id(paths), []
    for path in golds:
        for line in Path(path).read_text(encoding="utf-8").rstrip("\n").split("\n"):
            record = json.loads(line)
            if record["id"] not in documents:
                raise EntenteError(
                    f"{path}: no document {record['id']!r} in the data; is it the release named in the README beside, "
                    "and has gather.py been run?"
                )
            text = documents[record["id"]]["text"]
            for alliance in record["alliances"]:
                alliance["evidence"] = [text[start:end] for start, end in alliance["evidence"]]
            found.append(Gold.model_validate(record))
    return joined(documents, found)


def by_id(paths):
    """Return {id: document} of files; a language's code is BCP 47's, a title is never null.

    Where a document does not say it, as in a file of another format than JSON Lines, it is told from the text.
    """
    found = {}
    for path in map(Path, paths):
        for document in _lines(path) if path.suffix == ".jsonl" else _records(path):
            if {"id", "text"} <= document.keys():
                language = document.get("language") or document.get("lang")
                language = language or languages.identify(document["text"])[0]
                language = {"no": "nb"}.get(language, language)
                title = document.get("title") or ""
                found[document["id"]] = document | {"language": language, "title": title}
    return found


def _lines(path):
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _records(path):
    for raw in readers.records(readers.reader(path), path):
        if isinstance(raw, readers.Raw):
            yield {"id": raw.id, "title": raw.title, "text": raw.text}


def joined(documents, gold):
    """Return [(document, Gold)] in the gold's order, of documents in languages with a lexicon."""
    known = ((documents[g.id], g) for g in gold if g.id in documents)
    return [(d, g) for d, g in known if d["language"] in lexicon.languages()]
