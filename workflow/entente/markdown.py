"""Write Markdown that shows hostile text as it is, and nothing of it works."""

import html
import re

from entente import tables


def escaped(text):
    r"""Return *text* as Markdown that shows it as it is: no markup and no HTML of it works.

    >>> escaped("<b>A|B</b> *Ltd* [x](y)")
    '&lt;b&gt;A\\|B&lt;/b&gt; \\*Ltd\\* \\[x\\](y)'
    """
    return re.sub(r"([\\`*_\[\]|~$#])", r"\\\1", html.escape(tables.clean(str(text)), quote=False))


def grid(rows, names):
    """Return *rows*, dicts, as a Markdown table of the columns *names*; a word if there are none."""
    if not rows:
        return "None."
    lines = [names, ["---"] * len(names), *([escaped(row[name]) for name in names] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def linked(text):
    r"""Return *text* for Markdown; a web address as a link.

    >>> linked("https://example.org/a_b"), linked("a_b")
    ('<https://example.org/a_b>', 'a\\_b')
    """
    return f"<{text}>" if re.fullmatch(r"https?://[^\s<>]+", text) else escaped(text)
