"""Reuters-21578 in its original SGML (Lewis 1997): stories of the 1987 wire, hard-wrapped.

A paragraph of the result is a line. Dateline (``SALVADOR, Feb 26 -``), byline and closing ``Reuter``
are not part of the text. A story that is a headline only has the headline as its text too.
"""

import re
from pathlib import Path

from entente.readers import Raw, Refused, decode
from entente.text import line

START, END = "<REUTERS", "</REUTERS>"
ENTITY = re.compile(r"&(?:#(\d{1,7})|(lt|gt|amp|quot));")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
SIGNATURE = re.compile(r"reuters?\.*", re.IGNORECASE)


def read(path):
    """Yield the stories of a file one by one; one that is cut off or damaged is refused."""
    story = []
    with Path(path).open("rb") as file:
        for content in file:
            starts, ends = START.encode() in content, END.encode() in content
            if starts and story:
                yield record(decode(b"".join(story)))
                story = []
            if starts or story:
                story.append(content)
            if ends and story:
                yield record(decode(b"".join(story)))
                story = []
    if story:
        yield record(decode(b"".join(story)))


def record(story):
    """Return the record of one story, given from ``<REUTERS`` to ``</REUTERS>``."""
    own = re.search(r'\bNEWID="(\d+)"', story[: story.find(">")])
    inside = element("TEXT", story)
    if not own or inside is None or END not in story:
        return Refused("malformed", f"a story without NEWID, <TEXT> or its end: {line(story[:100])!r}")
    title = element("TITLE", inside)
    if title is None:  # TYPE="UNPROC": nothing is marked up
        title, body = headline(inside)
    else:
        body = element("BODY", inside) or ""
    title = line(entities(title)).lstrip("*")
    text = paragraphs(entities(body)) or title
    return Raw(id=own[1], title=title, text=text, date=element("DATE", story))


def element(name, content):
    """Return what the first element *name* holds, or None if there is none, or no end of it.

    >>> element("TEXT", '<TEXT TYPE="BRIEF">Chrysler to take over</TEXT>')
    'Chrysler to take over'
    """
    start = content.find(f"<{name}")
    inside = content.find(">", start) + 1
    end = content.find(f"</{name}>", inside)
    return content[inside:end] if -1 < start < inside <= end else None


def entities(text):
    """Return *text* with the character references of Reuters-21578 resolved, control characters to blanks.

    >>> entities("AT&T &lt;T> &amp; &#252;&#3;")
    'AT&T <T> & ü '
    """

    def resolved(found):
        number, name = found.groups()
        return NAMED[name] if name else chr(int(number)) if 31 < int(number) < 0x110000 else " "

    return ENTITY.sub(resolved, text)


def headline(text):
    """Return the lines before the first indented one, if few, and the rest."""
    found = re.match(r"\s*(?:&#2;)?\s*(\S[^\n]*(?:\n\S[^\n]*)?)\n\s+(?=\S)", text)
    return (found[1], text[found.start(1) + len(found[1]) :]) if found else ("", text)


def paragraphs(text):
    r"""Return hard-wrapped text with a line for each paragraph, which an indent opens.

    >>> paragraphs("Standard and\nBP Inc said\n    The venture will be called\nBP/Standard.\n Reuter\n")
    'Standard and BP Inc said\nThe venture will be called BP/Standard.'
    """
    lines = text.rstrip().split("\n")
    if SIGNATURE.fullmatch(lines[-1].strip()):
        lines.pop()
    found = []
    for content in lines:
        if found and content[:1].strip() and found[-1]:
            found[-1] += " " + content
        else:
            found.append(content.strip())
    return "\n".join(filter(None, found))
