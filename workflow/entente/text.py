"""Normalise text. Every offset of the project is into text normalised here, once, by ``ingest``."""

import re
import unicodedata

LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
INVISIBLE = {"Cc", "Cf", "Cs"}  # controls; zero-width, soft hyphen, bidirectional marks; lone surrogates


class Replacements(dict):
    """What each code point becomes, worked out when it is first met."""

    def __missing__(self, code):
        category = unicodedata.category(chr(code))
        self[code] = " " if category == "Zs" else None if category in INVISIBLE else code
        return self[code]


REPLACEMENTS = Replacements({ord("\n"): "\n", ord("\t"): " "})


def normalise(text):
    r"""Return *text* in the one form that all stages see.

    Unicode NFC; lines end in ``\n``; no control, zero-width, bidirectional or surrogate characters; any
    blank is one space; no blank at either end of a line; at most one empty line in a row, none at
    either end. Lines are not joined, and no visible character is lost. Idempotent.

    >>> normalise("Sony\u00a0Corp <SNE>\r\n\r\n\r\n  co\u00adoperates \t with\x00 Ericsson ")
    'Sony Corp <SNE>\n\ncooperates with Ericsson'
    """
    text = LINE_ENDS.sub("\n", text).translate(REPLACEMENTS)
    text = re.sub("  +", " ", unicodedata.normalize("NFC", text))
    text = re.sub(" ?\n ?", "\n", text)
    return re.sub("\n{3,}", "\n\n", text).strip()


def line(text):
    r"""Return *text* normalised and on one line: a title, an identifier.

    >>> line("BAHIA COCOA\n  REVIEW")
    'BAHIA COCOA REVIEW'
    """
    return " ".join(normalise(text).split())


def origins(raw, text):
    r"""Return where each character of *text*, the normal form of *raw*, stands in *raw*.

    Returns
    -------
    list of (int, int)
        For each character of *text* its ``[start, end)`` in *raw*; None for blanks and line ends.

    >>> raw = "A\u0308\r\n co\u00adop"
    >>> at = origins(raw, normalise(raw))
    >>> at[0], at[1], at[2], raw[at[2][0] : at[-1][1]]
    ((0, 2), None, (5, 6), 'co\xadop')
    """
    # Decomposed and without blanks the two are the same letters and marks, one after the other.
    source = [
        place
        for place, character in enumerate(raw)
        if REPLACEMENTS[ord(character)] == ord(character) and not character.isspace()
        for _ in unicodedata.normalize("NFD", character)
    ]
    found, read = [], 0
    for character in text:
        if character.isspace():
            found.append(None)
            continue
        size = len(unicodedata.normalize("NFD", character))
        places = source[read : read + size]
        found.append((min(places), max(places) + 1))
        read += size
    return found
