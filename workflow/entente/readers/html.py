"""Web pages: the main text, without menus, footers and the like."""

import re

import trafilatura
from lxml import etree
from lxml import html as lxml_html

from entente.readers import Raw, Refused, load
from entente.text import line

DATES = (
    "//meta[@property='article:published_time' or @itemprop='datePublished']/@content",
    "//meta[@name='date' or @name='dc.date' or @name='DC.date' or @name='DC.date.issued']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//time[@pubdate]/@datetime",
)
TITLES = ("//h1[not(../h1[2])]", "//meta[@property='og:title']/@content", "//title")
# Of HTML, and what NITF has beside it.
BLOCKS = re.compile(
    "address|article|aside|blockquote|body|br|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form"
    "|h[1-6]|header|hr|legend|li|main|nav|ol|option|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul|block|bq|hl[12]"
)
ROWS, CELLS = ("tr",), ("td", "th")
HIDDEN = ("head", "noscript", "script", "style", "template", "title")


def read(path):
    """Yield the page as one record; all its text where no main text is found.

    Title, date and language are those that the page declares; none is guessed from its address or text.
    """
    tree = parsed(load(path))
    title = first(tree, TITLES)
    text = trafilatura.extract(tree, include_comments=False) or trafilatura.html2txt(tree)
    heading, _, rest = text.partition("\n")
    if line(heading) == title:
        text = rest
    yield Raw(
        title=title,
        text=text,
        date=first(tree, DATES),
        language=first(tree, ("/html/@lang", "/html/@xml:lang")),
        url=first(tree, ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content")),
    )


def parsed(page):
    """Return the tree of a page, given as text; entities that it declares are not expanded, comments left out."""
    # A declaration of the encoding would be wrong by now, and NUL would end the page.
    page = re.sub(r"^\s*<\?xml[^>]*\?>", "", page.replace("\0", ""))
    # Not huge_tree, and what lies more than 256 elements deep is lost without a word: unclosed <font> does it.
    parser = lxml_html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(page, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as fault:
        raise Refused("no_text", f"no HTML in it: {fault}") from None
    for fault in parser.error_log.filter_from_fatals():
        if fault.type_name == "ERR_RESOURCE_LIMIT":
            raise Refused("malformed", f"HTML that cannot be read to its end: {fault.message}")
    return tree


def lines(tree):
    r"""Return the whole text of a tree: a line for each block, and for each row of a table if its cells are lines.

    >>> lines(parsed("<p>A <b>joint</b>\nventure<br>of two<table><tr><td>Sony<td><td>50 %</table>"))
    'A joint venture\nof two\nSony | 50 %'
    """
    found = [[]]  # of the text, and of each row and cell that is open
    kept = 0  # how many <pre> are open, whose line ends count
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        kind, text = element.tag.rpartition("}")[2].lower(), element.text
        if event == "start":
            if kind in ROWS or kind in CELLS:
                found.append([])
            elif BLOCKS.fullmatch(kind):
                found[-1].append("\n")
            kept += kind == "pre"
            if kind in HIDDEN:
                walk.skip_subtree()
                text = None
        else:
            kept -= kind == "pre"
            if kind in ROWS:
                found[-2].append(f"\n{row(found.pop())}\n")
            elif kind in CELLS:
                found[-2].append(f"\n{trimmed(found.pop())}\n")
            elif BLOCKS.fullmatch(kind):
                found[-1].append("\n")
            text = None if element is tree else element.tail
        if text:
            found[-1].append(text if kept else re.sub(r"[ \t\r\n\f]+", " ", text))
    return trimmed(found[0])


def row(cells):
    """Return the cells of a row, on one line if each of them is one."""
    cells = [cell.strip() for cell in cells if cell.strip()]
    return ("\n" if any("\n" in cell for cell in cells) else " | ").join(cells)


def trimmed(pieces):
    """Return *pieces* of text as one, without blanks at the ends of its lines and without empty lines."""
    return "\n".join(filter(None, (content.strip() for content in "".join(pieces).split("\n"))))


def first(tree, paths):
    """Return the first text, on one line, that one of the XPath *paths* finds, or an empty string."""
    for path in paths:
        for found in tree.xpath(path):
            text = line(found if isinstance(found, str) else found.text_content())
            if text:
                return text
    return ""
