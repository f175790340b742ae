"""The gate: which windows of a document the encoder reads. Words tell that nothing is in most, at 1 in 700 of its cost.

For each language with enough texts there is a logistic regression (``decisions.py``: ``window:LANGUAGE``) over a window's
words and over what the lexicon says of its passages, fitted to what the encoder finds in texts that nobody coded, and to
gold. In other languages every window with a passage that is worth reading is read.
"""

import re

from entente import decisions

DATA = ("model",)

# Windows less likely to hold an alliance are not read: of Reuters' 50 % of the tokens. Of 368 alliances in documents
# whose gold it was not fitted to, 2 are lost.
THRESHOLD = 0.012

_WORD = re.compile(r"[^\W\d_]{2,}")


def features(parsed, title, window, passages):
    """Return what a window says for and against holding an alliance: words, the title's too, and *passages*' features."""
    text = f"{title}\n{parsed.text[window.start : window.end]}"
    return {f"word:{word}" for word in _WORD.findall(text.casefold())}.union(
        *(p.features for p in passages if p.start < window.end and p.end > window.start)
    )


def passed(parsed, title, windows, passages):
    """Return those of the *windows* of a parsed document that are worth reading, for the sake of its *passages*."""
    decision = f"window:{parsed.language}"
    if not decisions.fitted(decision):
        return windows
    return [
        window
        for window in windows
        if decisions.probability(decision, features(parsed, title, window, passages)) >= THRESHOLD
    ]
