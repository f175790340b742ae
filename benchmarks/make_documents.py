"""Make a corpus of any size by recombining real documents, and mentions for it: the same for a seed, in one pass.

A document is made of sentences of several documents of its language, with other names in the places of theirs, so that
neither copies nor near copies arise beyond chance. Organisations are as many as a quarter of the documents; few are
named often, most seldom (Zipf), so some are in very many alliances.
"""

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path

from entente import corpora, ingest, lexicon, organisations, passages
from entente.codebook import codes, equity_status
from entente.languages import identify
from entente.readers import PLAIN, Raw
from entente.text import line, normalise

SEED = 20260101
SYLLABLES = "ba be bo da de do fa fe ga go ka ke ko la le lo ma me mo na ne no pa po ra re ro sa se so ta te to va vi za".split()
FORMS = ("Corp", "Inc", "AG", "Ltd", "Co", "SA", "AB", "")
PER_FILE = 1000
SHARE = 0.1  # of documents that report an alliance, among made mentions


def organisation(number):
    """Return the invented name of an organisation.

    >>> organisation(0), organisation(12345)
    ('Babe Corp', 'Dozona Ltd')
    """
    letters, rest = "", number + len(SYLLABLES)
    while rest:
        rest, last = divmod(rest, len(SYLLABLES))
        letters = SYLLABLES[last] + letters
    return f"{letters.capitalize()} {FORMS[number % len(FORMS)]}".strip()


def templates(root, limit=3000):
    """Return {language: list of (title, list of sentences)} of the documents below *root*, at most *limit*.

    In a sentence, ``\\0`` stands for each name that may be an organisation's.
    """
    found, read = defaultdict(list), 0
    for path in corpora.files_below(root):
        for raw in ingest.records(root, path, PLAIN):
            if not isinstance(raw, Raw) or read >= limit:
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
    """Yield *number* documents as dicts of id, language, date, title and text; the first are the same whatever the number."""
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
    """Return a template as its pieces, the places of names apart.

    >>> split("When \\0 met \\0.")
    ['When ', '\\x00', ' met ', '\\x00', '.']
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


def make_mentions(interim):
    """Write mentions.jsonl and an empty claims.jsonl beside each documents.jsonl below *interim*, in place of `extract`.

    One document in ten reports an alliance, of organisations that are drawn as `documents` does.
    """
    places = sorted(interim.glob("*/*/documents.jsonl"))
    total = 0
    for place in places:
        with place.open("rb") as file:
            total += sum(1 for _ in file)
    names = max(1000, total // 4)
    for place in places:
        with place.open(encoding="utf-8") as file, place.with_name("mentions.jsonl").open("w", encoding="utf-8") as out:
            for content in file:
                document = json.loads(content)
                chance = random.Random(f"{SEED}/{document['id']}")
                if chance.random() < SHARE:
                    called = [organisation(int(names ** chance.random()) - 1) for _ in range(4)]
                    if len(set(called)) > 1:
                        out.write(json.dumps(mention(document, called, chance), ensure_ascii=False) + "\n")
        place.with_name("claims.jsonl").write_text("", encoding="utf-8")


def main():
    """Make documents."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder of the real documents")
    parser.add_argument("output", type=Path)
    parser.add_argument("--number", type=int, default=20_000)
    parser.add_argument("--per-file", type=int, default=PER_FILE, help="1: each document a file of its own")
    options = parser.parse_args()
    write(options.output, templates(options.data), options.number, options.per_file)


if __name__ == "__main__":
    main()
