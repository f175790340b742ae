"""News in the formats of the IPTC: NITF 3, NewsML-G2, and NewsML 1 with NITF, HTML or plain text in it.

A record is a story of NITF, or a news item. Its text is the story's body: what stands round it (byline, dateline,
abstract, subheadlines, captions, notes to editors) is left out, and a story that is a headline only has the headline
as its text too. Where an item has its content in several forms, the first with text is read. Its date is that of the
version at hand (``versionCreated``, ``ThisRevisionCreated``, ``date.issue``), else that of its content.

Left out are items of pictures, sound or video without a text, content in other vocabularies (results of sports,
events), and what is no news item: packages, which only name items, concepts, catalogues. Nothing is read from other
files that an item names.
"""

import re
from dataclasses import replace

from entente.readers import Raw, Refused
from entente.readers._xml import LANGUAGE, elements
from entente.readers.html import lines, parsed
from entente.text import line

ITEMS = {
    "nitf": ("nitf",),
    "newsItem": ("newsItem",),
    "newsMessage": ("newsItem",),
    "NewsML": ("NewsItem",),
}
KIND = ("itemMeta/itemClass@qcode", "itemMeta/itemClass@uri", ".//MediaType@FormalName")
OTHER_MEDIA = re.compile(r"(?:.*[:/])?(?:animation|audio|graphics?|photo|picture|video)", re.IGNORECASE)
PARAGRAPHS = ("body", "div", "p", "P")
MARKED_UP = re.compile(r"<(?:html|body|div|p|br)\b[^<>]*>", re.IGNORECASE)


def read(path):
    """Yield the news items of a file, or its story."""
    of_kind = {"nitf": story, "newsItem": item_2, "NewsItem": item_1}
    for element in elements(path, ITEMS):
        if element.find(f".//{element.tag}") is not None:
            continue
        raw = of_kind[element.tag](element)
        text = untitled(raw.text, raw.title)
        if text or not any(OTHER_MEDIA.fullmatch(kind) for kind in every(element, KIND)):
            yield replace(raw, text=text) if text else bare(raw)


def untitled(text, title):
    """Return *text* without its first line if that is the title."""
    heading, _, rest = text.strip().partition("\n")
    return rest if line(heading) == title and rest.strip() else text


def bare(raw):
    """Return the record of an item without a text: its headline, or why it is refused."""
    if raw.title:
        return replace(raw, text=raw.title)
    return Refused("no_text", "neither text nor headline; text in another file is not read", raw.id)


def story(element):
    """Return the record of a story of NITF."""
    body = element.find("body/body.content")
    # The New York Times's corpus has the lead twice: alone, and in the full text.
    whole = (
        [] if body is None else [block for block in body.iter("block") if block.get("class") == "full_text"]
    )
    return Raw(
        id=first(element, "head/docdata/doc-id@id-string") or None,
        title=first(element, "body/body.head/hedline/hl1", "head/title"),
        text="" if body is None else "\n".join(lines(without_media(block)) for block in whole or [body]),
        date=first(element, "head/docdata/date.issue@norm", "head/pubdata@date.publication") or None,
        language=first(element, ".@baselang", f".@{LANGUAGE}", f"body@{LANGUAGE}") or None,
        url=first(element, "head/pubdata@ex-ref") or None,
    )


def without_media(element):
    """Return an element of NITF without the pictures and captions in it."""
    for media in list(element.iter("media")):
        media.clear(keep_tail=True)
    return element


def item_2(item):
    """Return the record of a news item of NewsML-G2."""
    held = [*item.iterfind("contentSet/inlineXML"), *item.iterfind("contentSet/inlineData")]
    inner = next(filter(lambda raw: raw.text.strip(), map(content, held)), Raw(text=""))
    return replace(
        inner,
        id=item.get("guid"),
        title=first(item, "contentMeta/headline") or inner.title,
        date=first(item, "itemMeta/versionCreated", "contentMeta/contentCreated") or inner.date,
        language=first(item, "contentMeta/language@tag") or inner.language or item.get(LANGUAGE),
    )


def item_1(item):
    """Return the record of a news item of NewsML 1, whose texts follow each other unless they are equivalents."""
    told, inner = set(), []
    for data in item.iter("DataContent"):
        around = list(data.iterancestors("NewsComponent"))
        group = next((one for one in around if one.get("EquivalentsList") == "yes"), None)
        if group in told or (around and first(around[0], "Role@FormalName").lower() == "caption"):
            continue
        raw = content(data)
        if raw.text.strip():
            inner.append(raw)
            told |= {group} - {None}
    main = inner[0] if inner else Raw(text="")
    identifier = "Identification/NewsIdentifier/"
    return replace(
        main,
        id=first(item, f"{identifier}PublicIdentifier", f"{identifier}NewsItemId") or main.id,
        title=first(item, "NewsComponent/NewsLines/HeadLine", ".//HeadLine") or main.title,
        text="\n".join(raw.text for raw in inner),
        date=main.date
        or first(item, "NewsManagement/ThisRevisionCreated", "NewsManagement/FirstCreated")
        or None,
        language=first(item, ".//DescriptiveMetadata/Language@FormalName")
        or main.language
        or item.get(LANGUAGE),
    )


def content(holder):
    """Return what an element holds as a record: a story of NITF, HTML, or plain text."""
    inside = next(holder.iter("nitf"), None)
    if inside is not None:
        return story(inside)
    if holder.get("encoding") or holder.getparent().tag == "Encoding":
        return Raw(text="")
    if any(True for _ in holder.iter(*PARAGRAPHS)):
        return Raw(text=lines(holder), title=first(holder, ".//h1", ".//title"))
    text = "" if len(holder) else holder.text or ""
    return Raw(text=lines(parsed(text)) if MARKED_UP.search(text) else text)


def first(element, *paths):
    """Return the first text, on one line, that stands at one of *paths*, or an empty string; see `every`."""
    return next(every(element, paths), "")


def every(element, paths):
    """Yield the texts, each on one line, that stand at *paths*: names of elements, and of an attribute after an @."""
    for path in paths:
        place, _, attribute = path.partition("@")
        for found in element.iterfind(place):
            text = line(found.get(attribute, "") if attribute else "".join(found.itertext()))
            if text:
                yield text
