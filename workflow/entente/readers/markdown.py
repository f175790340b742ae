"""Markdown as plain text: a heading, a list item and a table cell is a line each."""

import re

import yaml
from markdown_it import MarkdownIt

from entente.readers import Raw, load

FRONT_MATTER = re.compile(r"---[^\S\n]*\n(.*?\n)(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)
COMMENT = re.compile("<!--.*?-->", re.DOTALL)
# Without HTML a ticker such as <IBM> stays the text that it is.
PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
LISTS = ("bullet_list", "ordered_list", "table")


def read(path):
    """Yield the file as one record: with its front matter, or its heading for a title."""
    known, body = front_matter(load(path))
    heading, text = plain(uncommented(body))
    title = known.get("title") or heading
    if heading != title:
        text = f"{heading}\n\n{text}"
    language = known.get("language") or known.get("lang")
    yield Raw(title=title, text=text, date=known.get("date"), language=language, url=known.get("url"))


def uncommented(text):
    """Return *text* without HTML comments; one that is never closed is text."""
    end = text.rfind("-->") + 3  # the search below would start anew at each comment that is not closed
    return COMMENT.sub("", text[:end]) + text[end:] if end > 2 else text


def front_matter(text):
    r"""Return the YAML front matter as {key: string}, and the rest; what is no mapping of YAML is text.

    >>> front_matter("---\ndate: 2001-04-24\n---\nSony")
    ({'date': '2001-04-24'}, 'Sony')
    """
    found = FRONT_MATTER.match(text)
    try:
        known = yaml.BaseLoader(found[1]).get_single_data() if found else None  # all scalars are strings
    except (yaml.YAMLError, RecursionError):
        known = None
    if not isinstance(known, dict):
        return {}, text
    return {key: value for key, value in known.items() if isinstance(value, str)}, text[found.end() :]


def plain(markdown):
    r"""Return the heading of level 1 that comes first, if one does, and the rest as text.

    >>> plain("# Allies\n\nA *joint*\nventure of <IBM> and:\n\n- Bosch\n- Siemens")
    ('Allies', 'A joint venture of <IBM> and:\n\nBosch\nSiemens')
    """
    heading, text, gap, depth, tag = "", "", "", 0, ""
    for token in PARSER.parse(markdown):
        if token.type.startswith(LISTS):
            depth += token.nesting
        content = inline(token.children) if token.type == "inline" else token.content.strip("\n")
        if tag == "h1" and not text and not heading:
            heading = content
        elif content:
            text += gap + content
            gap = "\n" if depth else "\n\n"
        if depth == 0 and text:
            gap = "\n\n"
        tag = token.tag
    return heading, text


def inline(tokens):
    """Return the text of the tokens inside a block: no marks, links and pictures by their words."""
    words = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(words.get(token.type) or token.content for token in tokens)
