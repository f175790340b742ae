"""Dumps of wikis in MediaWiki's XML (``pages-articles``), as of Wikinews and Wikipedia: a record for each page.

Pages are those of the main namespace that are no redirects; others are left out. Their language is the wiki's. A page
of Wikinews has the date that its template ``{{date|...}}`` states; when a revision was saved is no date of its text.

Wikitext becomes text: a line for each paragraph, heading and item of a list; links by their labels. Left out are
comments, references, tables, files, categories, links to other languages' pages, formulas, code and galleries, and
templates, since what they show stands on pages of their own; only of those in `SHOWN` it is known. Headings that end
a page, as those of references do, are left out too.
"""

import html
import re

from entente.readers import Raw, Refused
from entente.readers._xml import LANGUAGE, elements
from entente.readers.markdown import uncommented

DATE = re.compile(r"\{\{\s*(?:data|date|datum|fecha|дата|日付)\s*\|([^{}]*)\}\}", re.IGNORECASE)
SHOWN = {
    "w": (2, 1),
    "lang": (2,),
    "nowrap": (1,),
}  # which argument a template shows: the first of these with text
AWAY = {"category", "file", "image"}
PICTURE = re.compile(r".*\.(?:gif|jpe?g|og[agv]|pdf|png|svg|tiff?|wav|webm|webp)", re.IGNORECASE)
OTHER_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]+)*")
REDIRECT = re.compile(r"\s*#\w+\s*:?\s*\[\[")

HIDDEN = "chem gallery graph imagemap math ref score source syntaxhighlight table timeline"
BREAKS = re.compile(r"</?(?:blockquote|br|center|div|hr|li|ol|p|poem|ul)\b[^<>]*>", re.IGNORECASE)
TAGS = re.compile(
    r"</?(?:abbr|b|big|cite|code|dd|del|dfn|dl|dt|em|font|i|includeonly|ins|kbd|noinclude|nowiki|onlyinclude|pre|q|rb"
    r"|references|rp|rt|ruby|s|samp|section|small|span|strike|strong|sub|sup|time|tt|u|var|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
SWITCH = re.compile(r"__[A-Z]{3,}__")
BRACKETS = re.compile(r"\{\{|\}\}|\[\[|\]\]|^[ \t:]*\{\||^[ \t]*\|\}(?!\})", re.MULTILINE)
OPENS = {"}}": "{{", "]]": "[[", "|}": "{|"}
NESTED = 40  # templates, links and tables in one another: MediaWiki expands no more
PARAMETER = re.compile(r"\{\{\{[^{}]*\}\}\}")
WEB_LINK = re.compile(r"\[(?:(?:https?:|ftp:)?//|mailto:)[^\s\[\]]*+[ \t]*+([^\[\]\n]*+)\]")
SPECIAL = re.compile(r"[\[\]{}|'<>=*#:;-]")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[0-9A-Za-z]{2,32});")


def read(path):
    """Yield the pages of a dump one by one."""
    news, away = False, AWAY
    for element in elements(path, {"mediawiki": ("siteinfo", "page")}):
        if element.tag == "siteinfo":
            news = "wikinews" in element.findtext("base", "") + element.findtext("dbname", "")
            named = element.iterfind("namespaces/namespace")
            away = AWAY | {(space.text or "").lower() for space in named if space.get("key") in ("6", "14")}
            continue
        text = element.findtext("revision[last()]/text") or ""
        redirects = element.find("redirect") is not None or REDIRECT.match(text)
        if element.findtext("ns", "0") == "0" and not redirects:
            yield record(element, text, news, away)


def record(page, text, news, away):
    """Return the record of a page, or why it is refused."""
    own, kind = page.findtext("id"), page.findtext("revision[last()]/model", "wikitext")
    if kind != "wikitext":
        return Refused("unsupported", f"a page of {kind}; expected wikitext", own)
    if not text.strip():
        return Refused("no_text", "an empty page, or its text is not in the dump (stubs)", own)
    return Raw(
        id=own,
        title=page.findtext("title", ""),
        text=plain(text, away),
        date=date(text) if news else None,
        language=page.getparent().get(LANGUAGE),
    )


def date(wikitext):
    """Return what the template of the date says, as it is written, or None.

    >>> date("{{Date|April 24, 2001}} Sony"), date("{{date|24|avril|2001}}")
    ('April 24, 2001', '24 avril 2001')
    """
    found = DATE.search(wikitext)
    return " ".join(part.rpartition("=")[2].strip() for part in found[1].split("|")) if found else None


def plain(wikitext, away=AWAY):
    r"""Return wikitext as text; links into the namespaces *away* are left out.

    >>> plain("'''[[Sony Group|Sony]]'''<ref>Source</ref> and\n{{w|Ericsson}} [[File:a.jpg|thumb|A]]agree.\n==Notes==")
    'Sony and Ericsson agree.'
    """
    text = literal(uncommented(wikitext))
    for name in HIDDEN.split():
        text = without(name, text)
    text = WEB_LINK.sub(r"\1", PARAMETER.sub("", text))  # [[File:a.jpg|[http://b c]]] closes both
    text = WEB_LINK.sub(r"\1", expanded(text, away))
    text = SWITCH.sub("", TAGS.sub("", BREAKS.sub("\n\n", text)))
    return ENTITY.sub(lambda entity: html.unescape(entity[0]), paragraphs(text))


def literal(wikitext):
    """Return wikitext with what stands in <nowiki> written so that it means nothing else.

    An empty one keeps what stands before and behind it apart.
    """
    start, *rest = re.sub(r"<nowiki\s?/>", "&#8203;", wikitext).split("<nowiki>")
    found = [start]
    for part in rest:
        inside, end, after = part.partition("</nowiki>")
        found += [SPECIAL.sub(lambda sign: f"&#{ord(sign[0])};", inside), after] if end else [part]
    return "".join(found)


def without(name, text):
    """Return *text* without the elements *name* and what is in them; one that is not closed keeps it."""
    start, *rest = re.split(rf"(?i)<{name}\b([^<>]*)>", text)
    found = [start]
    for attributes, part in zip(rest[::2], rest[1::2], strict=True):
        closed = [] if attributes.endswith("/") else re.split(rf"(?i)</{name}\s*>", part, maxsplit=1)
        found.append(closed[-1] if closed else part)
    return "".join(found)


def expanded(text, away):
    """Return wikitext without tables, and with templates and links as what they show."""
    opened, found, start = [], [[]], 0
    for bracket in BRACKETS.finditer(text):
        mark = bracket[0].strip(" \t:")
        found[-1].append(text[start : bracket.start()])
        start = bracket.end()
        if mark in OPENS.values() and len(opened) < NESTED:
            opened.append(mark)
            found.append([])
        elif OPENS.get(mark) in opened:
            place = len(opened) - opened[::-1].index(OPENS[mark])
            content = unclosed(opened[place:], found[place:])
            del opened[place - 1 :], found[place:]
            found[-1].append(
                template(content) if mark == "}}" else link(content, away) if mark == "]]" else ""
            )
        else:
            found[-1].append(mark)
    found[-1].append(text[start:])
    return unclosed(opened, found)


def unclosed(opened, found):
    """Return as text what brackets that are opened and not closed have before, between and behind them."""
    marks = ["", *opened]
    return "".join(piece for mark, pieces in zip(marks, found, strict=True) for piece in (mark, *pieces))


def template(content):
    """Return what a template shows, as far as it is known.

    >>> template("w|Sony Group|Sony"), template("w|Sony|lang=ja"), template("Infobox|name=Sony")
    ('Sony', 'Sony', '')
    """
    name, *arguments = content.split("|")
    given = ["", *(argument.strip() for argument in arguments if "=" not in argument)]
    shown = SHOWN.get(name.strip().lower(), ())
    return next((given[place] for place in shown if place < len(given) and given[place]), "")


def link(content, away):
    """Return what a link shows: nothing for a file, a category or the page in another language.

    >>> [link(content, AWAY) for content in ("Sony|Sony's", ":File:A.jpg", "File:A.jpg|thumb|Sony", "ja:ソニー")]
    ["Sony's", 'File:A.jpg', '', '']
    """
    target, _, label = content.partition("|")
    target = target.strip()
    space, colon, _ = target.partition(":")
    elsewhere = colon and not label.strip() and OTHER_LANGUAGE.fullmatch(space)
    if elsewhere or (colon and (space.strip().lower() in away or (space and PICTURE.fullmatch(target)))):
        return ""
    return label.strip() or target.removeprefix(":")


def paragraphs(text):
    r"""Return text with a line for each paragraph, heading and item, without marks.

    >>> paragraphs("== Why ==\nTo ''share''\ncosts:\n* one\n** two\n\n== Notes ==")
    'Why\nTo share costs:\none\ntwo'
    """
    found, end, joined = [], 0, False
    for content in text.split("\n"):
        shown = unquoted(content).strip()
        heading = shown.startswith("=") and shown.endswith("=") and shown.strip("= \t") != ""
        own = heading or content[:1] in ("*", "#", ":", ";", " ", "-")
        shown = shown.strip("= \t") if heading else shown.lstrip("*#:; ") if own else shown
        shown = "" if shown.startswith("----") and not shown.strip("-") else shown
        if shown and joined and not own:
            found[-1].append(shown)
        elif shown:
            found.append([shown])
        joined = bool(shown) and not own
        end = end if heading or not shown else len(found)
    return "\n".join(" ".join(lines) for lines in found[:end])


def unquoted(content):
    """Return a line without the apostrophes that make letters bold or italic.

    >>> unquoted("l'''alliance'' de '''Renault'''"), unquoted("''''Sony'''")
    ("l'alliance de Renault", "'Sony")
    """
    runs = [len(run) for run in re.findall("'{2,}", content)]
    bold, italic = sum(run > 2 for run in runs), sum(run == 2 or run > 4 for run in runs)
    if bold % 2 and italic % 2:  # one of three is an apostrophe and two
        content = re.sub(r"(?<!\w)(\w)'''(?!')", r"\1'", content, count=1)
    return re.sub("'{2,}", lambda run: "'" * (1 if len(run[0]) == 4 else max(0, len(run[0]) - 5)), content)
