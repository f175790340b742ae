"""PDF with a text layer: its pages joined, without running headers and footers. Scans are refused, not guessed at.

Neither title nor date is taken from the file's own properties: they are of the file (``Microsoft Word - x.doc``, when
it was converted), not of the document.
"""

import re
from collections import Counter
from contextlib import closing

import pypdfium2

from entente.readers import Raw, Refused

MARGIN = 3  # lines at either end of a page that may be a running header or footer
PAGES = 3  # fewer pages show no line often enough to call it running
# PDFium writes these for a hyphen at the end of a line, and leaves out the line's end or not.
HYPHEN = re.compile("[\u0002\ufffe](?:\r?\n)?")


def read(path):
    """Yield the file as one record."""
    texts = pages(path)
    text = unhyphenated("\n".join(without_margins(texts)))
    if not text.strip():
        raise Refused("no_text", f"{len(texts)} pages and no text layer: a scan; run OCR on it first")
    blank = [str(number) for number, page in enumerate(texts, 1) if not page.strip()]
    yield Raw(
        text=text, remarks=(f"pages without text: {', '.join(blank)} of {len(texts)}",) if blank else ()
    )


def pages(path):
    """Return the text of each page, in order."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as fault:
        if "password" in str(fault).lower() or "security" in str(fault).lower():
            raise Refused("unreadable", "encrypted; save a copy without a password") from None
        raise Refused("malformed", f"not a PDF that can be opened: {fault}") from None
    with closing(document):
        return [page_text(document, number) for number in range(len(document))]


def page_text(document, number):
    """Return the text of one page, counted from 0."""
    try:
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            return text.get_text_range().replace("\r\n", "\n")
    except pypdfium2.PdfiumError as fault:
        raise Refused("malformed", f"page {number + 1}: {fault}") from None


def without_margins(texts):
    r"""Return the pages without the lines that stand at the top or bottom of most of them, whatever numbers they bear.

    >>> without_margins([f"Acme Agreement\npart {part}\n- {n} -" for n, part in enumerate("abc", 1)])
    ['part a', 'part b', 'part c']
    """
    split = [text.strip().split("\n") for text in texts if text.strip()]
    if len(split) < PAGES:
        return ["\n".join(lines) for lines in split]
    often = [
        Counter(form for lines in split for form in {unnumbered(line) for line in margin(lines)})
        for margin in (lambda lines: lines[:MARGIN], lambda lines: lines[-MARGIN:])
    ]
    top, bottom = ({form for form, count in counts.items() if count > len(split) / 2} for counts in often)
    return ["\n".join(trimmed(trimmed(lines, top)[::-1], bottom)[::-1]) for lines in split]


def trimmed(lines, running):
    """Return *lines* from the first on that is not *running*, of the first few."""
    first = next((n for n, line in enumerate(lines[:MARGIN]) if unnumbered(line) not in running), MARGIN)
    return lines[first:]


def unnumbered(line):
    """Return what a running line has in common with itself on other pages.

    >>> unnumbered("Page 3 of 12"), unnumbered("iv")
    ('page # of #', '#')
    """
    return re.sub(r"\b(?:\d+|[ivxl]+)\b", "#", " ".join(line.lower().split()))


def unhyphenated(text):
    r"""Return *text* with words that a line's end divided joined; a hyphen before a capital or a digit stays.

    >>> unhyphenated("an alli\x02\nance of Hewlett\x02\r\nPackard")
    'an alliance of Hewlett-Packard'
    """
    return HYPHEN.sub(lambda found: "" if text[found.end() : found.end() + 1].islower() else "-", text)
