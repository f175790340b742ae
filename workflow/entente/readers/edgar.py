"""Full submission text files of EDGAR, the SEC's filing system: the form and each text exhibit are a record.

A file may hold several submissions one after the other, also those of the 1990s, wrapped in privacy-enhanced mail, and
those of the daily feed (``<SUBMISSION>``). Dates are those of filing. HTML is taken whole, since nothing in a filing
is a menu; in plain text the lines of a paragraph are joined, across pages too, and page numbers are left out.

Left out are documents that are no text or say nothing of the filer's own: graphics, spreadsheets, PDF and other encoded
copies, XML and XBRL with its data files, financial data schedules (EX-27), and the certifications of officers (EX-31,
EX-32). A submission of which nothing is left is refused.
"""

import html
import re
from collections import Counter
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median_low

from entente.readers import MAXIMUM_BYTES, Raw, Refused
from entente.readers.html import lines, parsed
from entente.text import line

PIECE = 1 << 20  # bytes of a line that are read at once
SUBMISSION = re.compile(rb"<(?:SUBMISSION|(?:SEC|IMS)-(DOCUMENT|HEADER))>")
TAG = re.compile(rb"^<(TYPE|SEQUENCE|FILENAME|DESCRIPTION)>([^\r\n]*)", re.MULTILINE)
ACCESSION = re.compile(
    r"(?:ACCESSION NUMBER:|<ACCESSION-NUMBER>|<(?:SEC|IMS)-(?:DOCUMENT|HEADER)>)\s*(\d{10}-\d\d-\d{6})"
)
FILED = re.compile(r"(?:FILED AS OF DATE:|<FILING-DATE>)\s*(\d{8})")
NO_TEXT = re.compile(r"EX-(?:27|31|32|10[014])(?!\d)|GRAPHIC|COVER|EXCEL|JSON|PDF|XML|ZIP")
ENCODED = re.compile(r"\s*(?:<[A-Z]+>\s*)?(?:begin \d{3} |%PDF-)")
HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
XML = re.compile(r"\s*(?:<(?:XML|XBRL|JSON)>|<\?xml)")
UNSEEN = "//*[name()='ix:header'] | //*[contains(translate(@style, ' ', ''), 'display:none')]"

PAGE = re.compile(r"<PAGE>[\s\d-]*", re.IGNORECASE)
NUMBER = re.compile(r"(?:page\s+)?[-–(]*\s*(?:[A-Z]{1,2}-)?(?:\d{1,4}|[ivxl]+)\s*[-–)]*", re.IGNORECASE)
LAYOUT = re.compile(r"</?(?:C|CAPTION|F\d{1,2}|FN|PAGE|S|TABLE)>", re.IGNORECASE)
ENTITY = re.compile(r"&(?:#\d{1,7}|\w{2,10});")
ROW = re.compile(r"\.{4}|(?:\. ){4}|_{4}|-{4}|={4}|\S {3,}\S.* {3,}\S|\S.{20,}\S {4,}\S")
LONGEST = 250  # characters of a line that may be hard-wrapped
NARROWEST = 40  # characters of a line that may be full


@dataclass
class Submission:
    """A filing, as its header tells it, and how many records it gave."""

    accession: str
    date: str | None
    records: int = 0


def read(path):
    """Yield the texts of each submission in a file; a document that is cut off is refused, and the others go on."""
    submission = None
    for kind, content in parts(path):
        if kind == "header":
            yield from bare(submission)
            submission = header(decoded(content))
            continue
        if submission is None:
            break
        record = document(content, kind, submission)
        if record:
            submission.records += 1
            yield record
    if submission is None:
        raise Refused(
            "unsupported", "no <SEC-HEADER> before its text; expected EDGAR's full submission text file"
        )
    yield from bare(submission)


def bare(submission):
    """Yield the refusal of a submission that gave no record."""
    if submission and not submission.records:
        yield Refused("no_text", "no document of this submission is a text", submission.accession)


def parts(path):
    """Yield (kind, bytes) of each part of a file: ``header``, and ``document`` or why it is none.

    A header is what stands between the start of a submission and its first document.
    """
    kind, held, size = None, [], 0
    for content in pieces(path):
        start = SUBMISSION.match(content)
        if start and kind == "header" and start[1] == b"HEADER" and len(held) == 1:
            start = None  # the second line of a header
        if not start and not content.startswith((b"<DOCUMENT>", b"</DOCUMENT>")):
            size += len(content)
            if kind and size <= MAXIMUM_BYTES:
                held.append(content)
            continue
        if kind == "document" and not content.startswith(b"</"):
            kind = "cut off"
        if kind:
            yield ("too large" if size > MAXIMUM_BYTES else kind), b"".join(held)
        kind = "header" if start else None if content.startswith(b"</") else "document"
        held, size = [content], len(content)
    if kind:
        yield ("header" if kind == "header" else "cut off"), b"".join(held)


def pieces(path):
    """Yield the lines of a file, very long ones in pieces, as they were before they were mailed (RFC 1421, 4.4)."""
    mailed = False
    with Path(path).open("rb") as file:
        for content in iter(partial(file.readline, PIECE), b""):
            if content.startswith(b"-----"):
                mailed = content.startswith(b"-----BEGIN PRIVACY-ENHANCED MESSAGE")
            yield content[2:] if mailed and content.startswith(b"- -") else content


def header(content):
    r"""Return the submission that a header opens.

    >>> header("ACCESSION NUMBER:\t\t0000899681-95-000096\nFILED AS OF DATE:\t\t19950502")
    Submission(accession='0000899681-95-000096', date='19950502', records=0)
    """
    accession, filed = ACCESSION.search(content), FILED.search(content)
    return Submission(accession[1] if accession else "unknown", filed[1] if filed else None)


def document(content, kind, submission):
    """Return the record of a document, why it is refused, or None if it is one of those left out."""
    start, mark, body = content.partition(b"<TEXT>")
    named = {name.decode(): line(decoded(value)) for name, value in TAG.findall(start[:PIECE])}
    form, filename = named.get("TYPE", ""), named.get("FILENAME")
    if NO_TEXT.match(form.upper()):
        return None
    own = f"{submission.accession}/{filename or form + '-' + named.get('SEQUENCE', '')}"
    try:
        if kind == "too large":
            raise Refused("too_large", f"more than {MAXIMUM_BYTES:,} bytes in one document")
        if kind == "cut off" or not mark:
            raise Refused("malformed", "no <TEXT>, or no </DOCUMENT>: cut off; fetch the file anew")
        text = body_text(decoded(body).rpartition("</TEXT>")[0])
    except Refused as fault:
        return Refused(fault.reason, fault.detail, own)
    if text is None:
        return None
    title = named.get("DESCRIPTION", "")
    return Raw(id=own, title="" if title == form else title, text=text, date=submission.date)


def decoded(content):
    """Return bytes of a filing as text: in UTF-8, else as Windows of the West has it, which needs no guess."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def body_text(body):
    """Return the text of what stands in <TEXT>, or None if it is encoded or data."""
    page = HTML.search(body[:5000])
    if ENCODED.match(body) or (XML.match(body) and not page):
        return None
    text = whole(body[page.start() :]) if page else paragraphs(body)
    if not text.strip():
        raise Refused("no_text", "nothing in its <TEXT>")
    return text


def whole(page):
    """Return the text of a page of HTML, without what is not shown; in <pre>, paragraphs as in plain text."""
    tree = parsed(page)
    for element in tree.xpath(UNSEEN):
        if element.getparent() is not None:
            element.drop_tree()
    for element in tree.iter("pre"):
        content = paragraphs(element.text_content())
        element.clear(keep_tail=True)
        element.text = content
    return lines(tree)


def paragraphs(text):
    r"""Return hard-wrapped text with a line for each paragraph, and for each line of a table.

    >>> paragraphs(
    ...     "     2.1  Supply.  Acme shall deliver to the venture, and Beta\n"
    ...     "shall buy from it at the price that both of them have agreed\n\n"
    ...     "                            -2-\n<PAGE>\n\non, the engines.\n"
    ... )[53:]
    'Beta shall buy from it at the price that both of them have agreed on, the engines.'
    """
    found, block, table = [], [], False
    contents = unpaged(ENTITY.sub(lambda entity: html.unescape(entity[0]), text).expandtabs().split("\n"))
    width = usual_width(contents)
    for content in [*contents, ""]:
        table = (table or "<TABLE>" in content.upper()) and "</TABLE>" not in content.upper()
        shown = LAYOUT.sub("", content).rstrip()
        if shown and not table and len(shown) <= LONGEST and not ROW.search(shown):
            block.append(shown)
            continue
        found += unwrapped(block, width)
        found.append(shown.strip())
        block = []
    return "\n".join(filter(None, found))


def unpaged(contents):
    """Return lines without page breaks and the numbers beside them; what a break divides is one paragraph again."""
    kept, top = [], False
    for content in contents:
        shown = content.strip()
        if PAGE.fullmatch(shown):
            drop_blank(kept)
            if kept and NUMBER.fullmatch(kept[-1].strip()):
                kept.pop()
            drop_blank(kept)
            top = True
        elif not top or (shown and not NUMBER.fullmatch(shown)):
            if top and kept and not (shown[0].islower() and kept[-1].rstrip()[-1] not in ".:;!?"):
                kept.append("")
            kept.append(content)
            top = False
    return kept


def drop_blank(contents):
    """Take blank lines off the end of a list of lines."""
    while contents and not contents[-1].strip():
        contents.pop()


def usual_width(contents):
    """Return the length of most lines that are long: where text was wrapped, or little before."""
    long = [len(content.rstrip()) for content in contents if NARROWEST <= len(content.strip()) <= LONGEST]
    return median_low(long) if long else NARROWEST


def unwrapped(block, width):
    """Return the paragraphs of a block of lines without gaps.

    A line opens one if its first word, not in lower case, would have fitted on the line before, or if it is not
    indented as most are that go on. The lines of a block that all reach the same margin are full, be that margin the
    usual *width* or not.
    """
    if not block:
        return []
    longest, pairs = max(map(len, block)), list(pairwise(block))
    if len(block) > 2 and not any(fits(content, before, longest) for before, content in pairs):
        width = longest
    opens = [
        True,
        *(fits(content, before, width) and not content.strip()[0].islower() for before, content in pairs),
    ]
    indents = [len(content) - len(content.lstrip()) for content in block]
    usual = Counter(indent for indent, opening in zip(indents, opens, strict=True) if not opening)
    found = []
    for content, before, indent, opening in zip(block, ["", *block], indents, opens, strict=False):
        shown = content.strip()
        if opening or indent != usual.most_common(1)[0][0]:
            found.append([shown])
        else:
            divided = before[-1] == "-" and before[-2:-1].isalpha() and shown[0].isalpha()
            found[-1] += [shown] if divided else [" ", shown]
    return ["".join(texts) for texts in found]


def fits(content, before, width):
    """Tell whether the first word of a line would have had room at the end of the line before."""
    return len(before) + 1 + len(content.split(maxsplit=1)[0]) <= width
