"""What extraction found in documents before, kept beside a part, so that a rerun reads no document twice.

What is found in a document depends on its record and on what lies behind its extraction, and on nothing else. So
it is kept by a digest of both: after an edit of one language's lexicon, only documents in this language are read again, and
after documents were added to a part, only these. A clean run finds the same.
"""

import contextlib
import functools
import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from entente import digest, lexicon

LEXICONS = digest.PACKAGE / "lexicon"
PACKAGES = ("numpy", "onnxruntime", "spacy", "tokenizers")  # whose releases may tell texts apart otherwise


def load(path):
    """Return {key: found} of what the file *path* keeps; nothing if there is none, or for a line that is not whole."""
    kept = {}
    if path and Path(path).is_file():
        text = Path(path).read_text(encoding="utf-8", errors="replace")
        for line in text.split("\n"):  # a text may hold other separators
            with contextlib.suppress(ValueError, TypeError):
                key, found = json.loads(line)
                kept[key] = found
    return kept


def dump(key, found):
    """Return the line that keeps what was *found*: the lines of each file of records."""
    return json.dumps([key, found], ensure_ascii=False) + "\n"


def key(document):
    """Return the digest of a document's record and of all that decides what is found in it."""
    return hashlib.sha256(f"{behind(document.language)}\n{document.model_dump_json()}".encode()).hexdigest()


@functools.cache
def behind(language):
    """Return the digest of what decides what is found in documents in *language*: also its own lexicon, but no other's.

    Of other lexicons only the legal forms count, by which names are told to be the same.
    """
    own = digest.of(path for path in _files() if LEXICONS in path.parents and path.stem == language)
    return f"{_shared()} {own}"


@functools.cache
def _files():
    """Return the files behind extraction."""
    return digest.closure("entente.extract")


@functools.cache
def _shared():
    """Return the digest of what decides what is found in documents in every language."""
    code = digest.of(path for path in _files() if LEXICONS not in path.parents)
    forms = [lexicon.load(language).legal_forms for language in lexicon.languages()]
    packages = [f"{name} {version(name)}" for name in PACKAGES]
    return hashlib.sha256(json.dumps([code, forms, packages]).encode()).hexdigest()
