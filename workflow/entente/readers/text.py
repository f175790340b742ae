"""Plain text: a short first line before an empty line is the title."""

import re

from entente.readers import Raw, load

TITLE = re.compile(r"\s*(\S.{0,199})\n[^\S\n]*\n\s*(?=\S)")


def read(path):
    """Yield the file as one record."""
    text = load(path)
    title = TITLE.match(text)
    yield Raw(title=title[1], text=text[title.end() :]) if title else Raw(text=text)
