"""The gate: which windows of a document the encoder reads. Words tell that nothing is in most, at a thirtieth of its cost.

For each language with enough texts there is a logistic regression (``decisions.py``: ``window:LANGUAGE``) over a window's
words, pairs of words and phrases of the lexicon, fitted to what the encoder finds in texts that nobody coded, and to gold.
In other languages every window is read.
"""

import re
from itertools import pairwise

from entente import decisions, lexicon

DATA = ("model", "lexicon")

# Windows less likely to hold an alliance are not read: 17 % of Reuters' tokens pass, 13 in windows with a cue of the
# lexicon (of 277 with an alliance, in documents that it was not fitted to, 2 do not), 4 in windows without one (few
# have an alliance: 75 were found in 12,700 stories).
THRESHOLD = 0.005
WITHOUT_CUE = 0.05

SECTIONS = ("cues", "hints", "contrary", "figures")  # of the lexicon

_WORD = re.compile(r"[^\W\d_]{2,}")


def features(text, language):
    """Return what the *text* of a window, or of the title that is read with it, says for and against an alliance."""
    words = _WORD.findall(text.casefold())
    found = {f"word:{word}" for word in words} | {f"pair:{a} {b}" for a, b in pairwise(words)}
    for section in SECTIONS:
        hits = lexicon.load(language).phrases(section).find(text)
        found |= {f"{section}:{hit.code}" for hit in hits}
    return found


def passed(text, title, language, windows, threshold=THRESHOLD):
    """Return those of the *windows* of a text that are worth reading; *threshold* is for those with a cue."""
    decision = f"window:{language}"
    if not decisions.fitted(decision):
        return windows
    about, found = features(title, language), []
    for window in windows:
        told = about | features(text[window.start : window.end], language)
        if decisions.probability(decision, told) >= (threshold if has_cue(told) else WITHOUT_CUE):
            found.append(window)
    return found


def has_cue(features):
    """Tell whether *features* speak of a form of alliance, or of who holds which part of something."""
    cued = "figures:equal" in features or {"figures:percent", "figures:holding"} <= features
    return cued or any(feature.startswith("cues:") for feature in features)
