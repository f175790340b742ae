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


def read(path):
    """Yield the page as one record; all its text where no main text is found.

    Title, date and language are those that the page declares; none is guessed from its address or text.
    """
    # A declaration of the encoding would be wrong by now, and NUL would end the page.
    page = re.sub(r"^\s*<\?xml[^>]*\?>", "", load(path).replace("\0", ""))
    try:
        tree = lxml_html.document_fromstring(page)
    except (etree.ParserError, etree.XMLSyntaxError) as fault:
        raise Refused("no_text", f"no HTML in it: {fault}") from None
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


def first(tree, paths):
    """Return the first text, on one line, that one of the XPath *paths* finds, or an empty string."""
    for path in paths:
        for found in tree.xpath(path):
            text = line(found if isinstance(found, str) else found.text_content())
            if text:
                return text
    return ""
