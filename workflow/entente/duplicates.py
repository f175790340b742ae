"""Recognise documents that repeat others: exact copies by their hash, near ones by MinHash."""

import base64
import hashlib
import re
from array import array
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
# Originals of which a bucket keeps track. Where many texts share a form, most of what shares a bucket is no copy, and
# without a limit each text is compared with a share of all. Of the buckets that a copy shares with its original, few
# are the form's.
MOST = 100
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

    *keys* may come one by one. Signatures and digests are kept in arrays: of two million documents, 550 MB.
    """
    documents, digests, signed, signatures = [], bytearray(), array("q"), bytearray()
    for key in keys:
        if key.signature:
            signed.append(len(documents))
            signatures += base64.b64decode(key.signature)
        documents.append(key.document)
        whole = hashlib.sha256(key.sha256.encode()).digest()
        digests += whole[:16]  # half: enough, even for who seeks equal ones
    documents, signed = np.array(documents, dtype=object), np.array(signed, dtype=int)
    order = np.argsort(documents, kind="stable")
    place = np.argsort(order)  # of each document in that order
    original = firsts(np.frombuffer(digests, dtype="S16"), order)
    del digests, order  # 50 MB of two million documents, before the comparison that takes most
    values = np.frombuffer(signatures, dtype="<u2").reshape(-1, PERMUTATIONS)
    rows = np.argsort(place[signed])
    rows = rows[original[signed[rows]] == signed[rows]]
    copies = {signed[copy]: (signed[first], alike) for copy, (first, alike) in near(values, rows).items()}
    for copy in np.flatnonzero(original != np.arange(len(original))):
        copies[copy] = copies.get(original[copy], (original[copy], 1.0))
    return [
        Duplicate(document=documents[copy], duplicate_of=documents[first], similarity=alike)
        for copy, (first, alike) in sorted(copies.items(), key=lambda item: place[item[0]])
    ]


def firsts(digests, order):
    """Return of each of *digests* the number of the first, by *order*, that is equal."""
    _, first, group = np.unique(digests[order], return_index=True, return_inverse=True)
    found = np.empty_like(order)
    found[order] = order[first[group]]
    return found


def near(values, rows):
    """Return {row: (row of the original, estimated Jaccard similarity)} of the near copies among *rows* of *values*.

    A row is compared with the originals before it that share a band with it: a bucket. Of these a bucket has MOST.
    """
    bands = values.view("<u8")
    shared = np.zeros(len(rows), dtype=bool)
    for band in range(BANDS):
        _, group, size = np.unique(bands[rows, band], return_inverse=True, return_counts=True)
        shared |= size[group] > 1
    rows = rows[shared]
    buckets, room = np.full((len(rows), BANDS), -1), np.zeros(0, dtype=int)
    for band in range(BANDS):
        _, group, size = np.unique(bands[rows, band], return_inverse=True, return_counts=True)
        buckets[:, band] = np.where(size > 1, len(room) - 1 + np.cumsum(size > 1), -1)[group]
        room = np.append(room, np.minimum(size[size > 1], MOST))
    ends = np.cumsum(room)
    begins, filled, originals = ends - room, ends - room, np.empty(room.sum(), dtype=int)
    copies = {}
    for number, (row, own) in enumerate(zip(rows, buckets, strict=True)):
        shared = own[own >= 0]
        met = np.unique(np.concatenate([originals[begins[bucket] : filled[bucket]] for bucket in shared]))
        alike = np.mean(values[rows[met]] == values[row], axis=1)
        if np.any(alike >= THRESHOLD):
            found = int(np.argmax(alike >= THRESHOLD))
            copies[row] = rows[met[found]], round(float(alike[found]), 4)
        else:
            open_ = shared[filled[shared] < ends[shared]]
            originals[filled[open_]] = number
            filled[open_] += 1
    return copies
