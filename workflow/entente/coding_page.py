"""The page in which a coder codes documents, in a browser and offline; and the file that it saves, read back."""

import hashlib
import json
import re
from importlib.resources import files

from entente.coding_form import CHOICES, codes
from entente.policy import policy

DATA = ("coding.html",)

FORMAT = "entente coding 1"


def page(documents):
    """Return the page for coding *documents* in a browser, offline: one HTML file.

    The texts are in a block of data, which no browser runs. The page's policy lets its own script and style run, told
    by their digests, and nothing else: no request, no frame, no script that a text might smuggle in.
    """
    attributes = ("genre", "non_alliance", *CHOICES, "functions")
    given = {
        "format": FORMAT,
        "sample": identity(documents),
        "codes": {attribute: codes(attribute) for attribute in attributes},
        "documents": [
            {"document": d.id, "title": d.title, "date": d.date, "language": d.language, "text": d.text}
            for d in documents
        ],
    }
    template = files("entente").joinpath("coding.html").read_text(encoding="utf-8")
    style, script = (
        re.search(f"<{tag}>(.*?)</{tag}>", template, re.DOTALL)[1] for tag in ("style", "script")
    )
    content = json.dumps(given, ensure_ascii=False).replace("<", "\\u003c")
    return template.replace("{{policy}}", policy(script, style)).replace("{{data}}", content)


def identity(documents):
    """Return what tells this sample's sheets from another's: a digest of its documents' ids and texts."""
    content = json.dumps([[d.id, d.title, d.text] for d in documents])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def read(path, given):
    """Yield what the page's file says of each document: a dict for `coding_form.Row`."""
    if given["format"] != FORMAT:
        raise ValueError(f"format {given['format']!r}")
    for row in given["documents"]:
        place = f"{path}: {row['document']}"
        alliances = [
            alliance | {"place": f"{place}, alliance {number}"}
            for number, alliance in enumerate(row["alliances"] if row["reports"] == "alliance" else [], 1)
        ]
        kind = row["non_alliance"] if row["reports"] == "none" else ""
        yield row | {
            "place": place,
            "coder": given["coder"],
            "alliances": alliances,
            "non_alliance": kind,
        }
