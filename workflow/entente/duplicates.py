"""Recognise documents that repeat others: exact copies by their hash, near ones by MinHash."""

import base64
import re
from collections import defaultdict
from typing import NamedTuple

import numpy as np
from rensa import RMinHash

from entente.records import Duplicate

PERMUTATIONS, SEED = 128, 1
BANDS = 32  # of four values each: of pairs as similar as THRESHOLD, 99 % share a band
WORDS, CHARACTERS = 5, 8  # in a shingle; characters where a script has no spaces
MINIMUM_SHINGLES = 30  # a shorter text is compared exactly only: what short texts share is the form
# Estimated Jaccard similarity. Of copies of Reuters stories with 2 % of their words changed it finds all,
# with 5 % four in five; what lies below is more and more other news told in the same form.
THRESHOLD = 0.6
UNSPACED = re.compile(  # Thai, Lao, Burmese, Khmer, Japanese, Chinese
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)


class Key(NamedTuple):
    """What is compared of a document."""

    document: str
    sha256: str
    signature: str


def shingles(text):
    """Return the set of overlapping word groups of *text*; of character groups in scripts without spaces.

    >>> sorted(shingles("Sony and Ericsson form a venture"))
    ['and ericsson form a venture', 'sony and ericsson form a']
    """
    words = re.findall(r"\w+", text.lower())
    if 3 * len(UNSPACED.findall(text)) > sum(map(len, words)):
        joined = "".join(words)
        return {joined[i : i + CHARACTERS] for i in range(len(joined) - CHARACTERS + 1)}
    return {" ".join(words[i : i + WORDS]) for i in range(len(words) - WORDS + 1)}


def signature(text):
    """Return the MinHash of *text* as a string of 344 characters; empty for a text too short to compare.

    Of each of the 128 values the lowest 16 bits are kept (Li & König 2010, b-bit minwise hashing): four
    of them, a band, are one 64-bit number.
    """
    pieces = shingles(text)
    if len(pieces) < MINIMUM_SHINGLES:
        return ""
    minhash = RMinHash(PERMUTATIONS, SEED)
    minhash.update(pieces)
    low = (np.array(minhash.digest(), dtype="<u4") & 0xFFFF).astype("<u2")
    return base64.b64encode(low.tobytes()).decode("ascii")


def find(keys):
    """Return a `Duplicate` for each document that repeats an earlier one, in the order of their ids.

    Earlier is by id, so that the order of *keys* does not matter. A copy is told to be of an
    original, never of another copy; of several originals that are near, of the first.
    """
    first, same = {}, {}
    for key in sorted(keys):
        original = first.setdefault(key.sha256, key)
        if original is not key:
            same[key.document] = original.document
    copies = near(list(first.values()))
    for document, original in same.items():
        copies[document] = copies.get(original, (original, 1.0))
    return [
        Duplicate(document=document, duplicate_of=original, similarity=similarity)
        for document, (original, similarity) in sorted(copies.items())
    ]


def near(keys):
    """Return {document: (original, estimated Jaccard similarity)} of the near copies among sorted *keys*."""
    keys = [key for key in keys if key.signature]
    values = np.array([decoded(key.signature) for key in keys], dtype="<u2").reshape(len(keys), PERMUTATIONS)
    bands = values.view("<u8")
    shared = np.zeros(bands.shape, dtype=bool)
    for band in range(BANDS):
        _, group, size = np.unique(bands[:, band], return_inverse=True, return_counts=True)
        shared[:, band] = size[group] > 1
    copies, buckets = {}, defaultdict(list)
    for row in np.flatnonzero(shared.any(axis=1)):
        places = [(band, bands[row, band]) for band in np.flatnonzero(shared[row])]
        originals = sorted({original for place in places for original in buckets[place]})
        alike = np.mean(values[originals] == values[row], axis=1)
        if np.any(alike >= THRESHOLD):
            found = int(np.argmax(alike >= THRESHOLD))
            copies[keys[row].document] = keys[originals[found]].document, round(float(alike[found]), 4)
        else:
            for place in places:
                buckets[place].append(row)
    return copies


def decoded(signature):
    """Return the 128 values of a signature."""
    return np.frombuffer(base64.b64decode(signature), dtype="<u2")
