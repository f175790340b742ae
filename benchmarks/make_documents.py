"""Make a corpus of any size by recombining real documents, and mentions for it: the same for a seed, in one pass.

A document is made of sentences of several documents of its language, with other names in the places of theirs, so that
neither copies nor near copies arise beyond chance. Organisations are as many as a quarter of the documents; few are
named often, most seldom (Zipf), so some are in very many alliances.
"""

import argparse
import contextlib
import hashlib
import json
import random
from collections import defaultdict
from pathlib import Path

import measure
from entente import cli, corpora, ingest, lexicon, organisations, passages
from entente.codebook import codes, equity_status
from entente.duplicates import signature
from entente.languages import identify
from entente.readers import PLAIN, Raw
from entente.text import line, normalise

SEED = 20260101
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeo"]
FORMS = ("Corp", "Inc", "AG", "Ltd", "Co", "SA", "AB", "")
PER_FILE = 1000
SHARE = 0.1  # of documents that report an alliance, among made mentions


def organisation(number):
    """Return the invented name of an organisation.

    >>> organisation(0), organisation(12345)
    ('Beba Corp', 'Febaza Inc')
    """
    letters, rest = "", number + len(SYLLABLES)
    while rest:
        rest, last = divmod(rest, len(SYLLABLES))
        letters = SYLLABLES[last] + letters
    return f"{letters.capitalize()} {FORMS[number % len(FORMS)]}".strip()


def templates(root, limit=3000):
    r"""Return {language: list of (title, list of sentences)} of the documents below *root*, at most *limit*.

    In a sentence, ``\0`` stands for each name that may be an organisation's.
    """
    found, read = defaultdict(list), 0
    for path in corpora.files_below(root):
        for raw in ingest.records(root, path, PLAIN):
            if read == limit:
                return dict(found)
            if not isinstance(raw, Raw):
                continue
            text = normalise(raw.text)[:20_000]
            language, _ = identify(text)
            if language not in lexicon.languages():
                continue
            read += 1
            names = [n for n in organisations.find(text, language) if "place" not in n.traits]
            for name in reversed(names):
                text = f"{text[: name.start]}\0{text[name.end :]}"
            sentences = [text[start:end] for start, end in passages.sentences(text, language)]
            if sentences := [sentence for sentence in sentences if len(sentence) > 40]:
                found[language].append((line(raw.title), sentences))
    return dict(found)


def documents(pool, number, seed=SEED):
    """Yield *number* documents as dicts of id, language, date, title and text."""
    languages = sorted(pool)
    weights = [len(pool[language]) for language in languages]
    names = max(1000, number // 4)
    for serial in range(number):
        chance = random.Random(f"{seed}/{serial}")
        [language] = chance.choices(languages, weights)
        title, sentences = chance.choice(pool[language])
        length = max(4, min(len(sentences), 20))
        lent = [chance.choice(chance.choice(pool[language])[1]) for _ in range(length)]
        called = [organisation(int(names ** chance.random()) - 1) for _ in range(4)]
        text = "".join(
            piece if piece != "\0" else chance.choice(called) for s in lent for piece in [*split(s), " "]
        )
        year, month, day = 1980 + chance.randrange(45), chance.randrange(1, 13), chance.randrange(1, 29)
        yield {
            "id": f"{serial:09}",
            "language": language,
            "date": f"{year}-{month:02}-{day:02}",
            "title": title,
            "text": text.strip(),
        }


def split(sentence):
    r"""Return a template as its pieces, the places of names apart.

    >>> split("When \0 met \0.")
    ['When ', '\x00', ' met ', '\x00', '.']
    """
    pieces = []
    for piece in sentence.split("\0"):
        pieces += [piece, "\0"]
    return [piece for piece in pieces[:-1] if piece]


def write(folder, pool, number, per_file=PER_FILE):
    """Write *number* documents below *folder*, *per_file* a JSON Lines file, or each as a text if that is 1."""
    folder.mkdir(parents=True, exist_ok=True)
    file = None
    for serial, document in enumerate(documents(pool, number)):
        if per_file == 1:
            place = folder / document["language"] / f"{document['date']}-{document['id']}.txt"
            place.parent.mkdir(exist_ok=True)
            place.write_text(f"{document['title']}\n\n{document['text']}\n", encoding="utf-8")
            continue
        if serial % per_file == 0:
            if file:
                file.close()
            file = (folder / f"{serial // per_file:06}.jsonl").open("w", encoding="utf-8")
        file.write(json.dumps(document, ensure_ascii=False) + "\n")
    if file:
        file.close()


def mention(document, called, chance):
    """Return the record of a Mention, made up, that a document reports an alliance of two or three of those *called*."""
    partners = list(dict.fromkeys(called))[: chance.choice((2, 2, 2, 3))]
    form = chance.choice([form for form in codes("form") if form != "unspecified"])
    return {
        "id": f"{document['id']}@1",
        "document": document["id"],
        "partners": [{"name": name, "start": None, "end": None} for name in partners],
        "venture_name": None,
        "form": form,
        "equity_status": equity_status(form),
        "functions": sorted(chance.sample(codes("function"), 2)),
        "value_chain": "unclear",
        "stakes": [],
        "status": chance.choice(("signed", "planned", "in_force")),
        "date": document["date"],
        "term_years": None,
        "evidence": [{"start": 0, "end": min(80, len(document["text"]))}],
        "confidence": round(chance.uniform(0.2, 1), 2),
        "language": document["language"],
    }


def records(document, corpus, file, chance, names):
    """Return the records of a made document as `ingest` would, and of its mention if it reports one, as `extract` would."""
    text = normalise(document["text"])
    source = f"{file}#{document['id']}"
    ingested = {
        "id": f"{corpus}/{source}",
        "corpus": corpus,
        "source": source,
        "url": None,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "title": line(document["title"]),
        "text": text,
        "language": document["language"],
        "language_probability": 1.0,
        "date": document["date"],
        "date_source": "metadata",
        "genre": "announcement",
        "signature": signature(text),
        "licence": "Not for redistribution",
        "quotes": "cut",
        "remarks": [],
    }
    called = [organisation(int(names ** chance.random()) - 1) for _ in range(4)]
    reported = chance.random() < SHARE and len(set(called)) > 1
    return ingested, mention(ingested, called, chance) if reported else None


def write_records(interim, folder, parts):
    """Write what `ingest` and `extract` would, below *interim*, of the made documents in *folder*, mentions made up.

    So the stages that read all records can be measured on more documents than there is time to extract from.
    One document in ten reports an alliance. *parts* are the files of each part, by its name.
    """
    count = max(1000, measure.lines(folder, "*.jsonl") // 4)
    for part, paths in parts.items():
        with contextlib.ExitStack() as stack:
            files = {
                name: stack.enter_context(cli.replacing(interim / part / f"{name}.jsonl"))
                for name in ("documents", "rejected", "mentions", "claims")
            }
            for path in paths:
                with (folder / path).open(encoding="utf-8") as lines:
                    for document in map(json.loads, lines):
                        chance = random.Random(f"{SEED}/{document['id']}")
                        ingested, reported = records(document, interim.name, path, chance, count)
                        files["documents"].write(json.dumps(ingested, ensure_ascii=False) + "\n")
                        if reported:
                            files["mentions"].write(json.dumps(reported, ensure_ascii=False) + "\n")


def main():
    """Make documents."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="the folder of the real documents")
    parser.add_argument("output", type=Path)
    parser.add_argument("--number", type=int, default=20_000)
    parser.add_argument("--per-file", type=int, default=PER_FILE, help="1: each document a file of its own")
    options = parser.parse_args()
    write(options.output, templates(options.data), options.number, options.per_file)


if __name__ == "__main__":
    main()
