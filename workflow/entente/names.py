"""Names of organisations: their normal form, and when two names are the same (codebook, section 6)."""

import re
import unicodedata
from functools import cache, lru_cache

from entente import lexicon

DATA = ("lexicon",)

# Letters that have no decomposition in Unicode, and how they are commonly written without the accent.
_UNDECOMPOSED = str.maketrans({"ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i"})
IDEOGRAPHIC = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@lru_cache(maxsize=100_000)  # names and words recur; memory stays flat
def plain(name):
    """Return *name* without case, accents and punctuation, words separated by one space.

    >>> plain("Møller–Mærsk A/S"), plain("L'Oréal S.A."), plain("AT&T")
    ('moller maersk as', 'l oreal sa', 'at t')
    """
    name = re.sub(r"(?<=\w)[./](?=\w\b)|(?<=\b\w)\.", "", name)  # S.A. and A/S are one word each
    name = unicodedata.normalize("NFKD", name.casefold()).translate(_UNDECOMPOSED)
    kept = (c if c.isalnum() else " " for c in name if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


@cache
def _legal_forms():
    """Return the plain legal forms of all lexicons: words, and those written together with the name."""
    forms = {plain(form) for language in lexicon.languages() for form in lexicon.load(language).legal_forms}
    joined = sorted((f for f in forms if IDEOGRAPHIC.search(f)), key=len, reverse=True)
    return forms - set(joined), re.compile(
        f"^(?:{'|'.join(joined)})|(?:{'|'.join(joined)})$"
    ) if joined else None


@lru_cache(maxsize=100_000)
def normal(name):
    """Return the plain *name* without its legal form; a name that is nothing else stays.

    >>> normal("General Motors Corp."), normal("The Boeing Co"), normal("A.P. Møller – Mærsk A/S")
    ('general motors', 'boeing', 'ap moller maersk')
    >>> normal("丰田汽车股份有限公司"), normal("株式会社日立製作所")
    ('丰田汽车', '日立製作所')
    """
    words, joined = _legal_forms()
    whole = plain(name)
    parts = whole.removeprefix("the ").split()
    while len(parts) > 1 and parts[-1] in words:
        parts.pop()
    while len(parts) > 2 and " ".join(parts[-2:]) in words:
        parts = parts[:-2]
    if len(parts) > 1 and parts[0] in words:
        parts = parts[1:]
    bare = " ".join(parts)
    return (joined.sub("", bare).strip() if joined else bare) or whole


def acronym(short, long):
    """Tell whether *short* is the first letters of the words of *long*, two at least; small words may be passed over."""
    if len(short) < 2 or " " in short or " " not in long:
        return False
    words = long.split()
    large = [word for word in words if len(word) > 3] if len(words) > len(short) else words
    return short in {"".join(w[0] for w in words), "".join(w[0] for w in large)} or (
        len(short) > 2 and "".join(w[0] for w in words).startswith(short)
    )


def same(first, second):
    """Tell whether two names are one organisation's: equal in normal form, one the other's beginning, or its acronym.

    >>> same("General Motors", "GENERAL MOTORS CORP OF CANADA"), same("GM", "General Motors Corp")
    (True, True)
    >>> same("Mitsubishi Electric", "Mitsubishi Heavy Industries"), same("三菱", "三菱重工")
    (False, True)
    """
    a, b = sorted((normal(first), normal(second)), key=len)
    if a == b:
        return True
    if b.startswith(a + " ") or (len(a) > 1 and b.startswith(a) and IDEOGRAPHIC.match(a)):
        return True
    plains = sorted(
        (plain(first), plain(second)), key=len
    )  # in MSC and in GmbH letters may stand for legal forms too
    return any(acronym(short, long) for short in {a, plains[0]} for long in {b, plains[1]})
