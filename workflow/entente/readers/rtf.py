"""RTF: the text of the document, with text that was inserted and without text that was deleted.

The row of a table is a line. Left out are headers, footers, footnotes and comments, which would
interrupt; hidden text; text boxes and pictures; addresses of links, and what else is behind fields; embedded files.
Neither title nor date is taken from the file's properties: they are of the file, often of its template.

A letter is a number of Unicode, or one or two bytes in the code page of its font. striprtf 0.0.35 does not read letters
of two bytes of which one is written as itself, nor the code page of the default font; it keeps deleted text, and loses
all that follows a picture in binary form; its time grows with the square of the text.
"""

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from entente.readers import Raw, Refused
from entente.readers._office import Lines, check_size

START = b"{\\rtf"
DEPTH = 10_000  # groups that may lie in one another
TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,9})? ?|\\'([0-9A-Fa-f]{2})|\\(.)|([{}])|([^\\{}\r\n\0]+)|[\r\n\0]+|\\",
    re.DOTALL,
)
# Groups without text of the document; those that open with \* have none anyway.
LEFT_OUT = set(
    b"colortbl do fldinst fonttbl footer footerf footerl footerr footnote header headerf headerl headerr info"
    b" nonesttables nonshppict pict rxe shp stylesheet tc tcn txe xe".split()
)
CHARACTERS = {
    b"tab": "\t",
    b"line": "\n",
    b"page": "\n",
    b"column": "\n",
    b"emdash": "\u2014",
    b"endash": "\u2013",
    b"emspace": "\u2003",
    b"enspace": "\u2002",
    b"qmspace": "\u2005",
    b"bullet": "\u2022",
    b"lquote": "\u2018",
    b"rquote": "\u2019",
    b"ldblquote": "\u201c",
    b"rdblquote": "\u201d",
    b"~": "\u00a0",
    b"_": "\u2011",
    b"{": "{",
    b"}": "}",
    b"\\": "\\",
}
HIDING = {b"v", b"deleted", b"mvf"}  # hidden, deleted, moved elsewhere
PAGES = {b"ansi": "cp1252", b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}
MACINTOSH = {
    10000: 77,
    10001: 78,
    10002: 81,
    10003: 79,
    10004: 84,
    10006: 85,
    10007: 89,
    10008: 80,
    10029: 88,
}
CHARSETS = {
    0: "cp1252",
    77: "mac_roman",
    78: "shift_jis",
    79: "euc_kr",
    80: "gb2312",
    81: "big5",
    84: "mac_arabic",
    85: "mac_greek",
    86: "mac_turkish",
    88: "mac_latin2",
    89: "mac_cyrillic",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}


def read(path):
    """Yield the file as one record."""
    path = Path(path)
    check_size(path.stat().st_size)
    content = path.read_bytes()
    if not content.lstrip().startswith(START):
        raise Refused("malformed", f"opens with {content[:20]!r}, so no RTF; save it again as RTF")
    text = plain(content)
    if not text.strip():
        raise Refused("no_text", "no text in it, only pictures or embedded files; save those as text")
    yield Raw(text=text)


def plain(content):
    r"""Return the text of RTF.

    >>> plain(rb"{\rtf1\ansi {\b S\'f8nderjylland} \u8211\'96 \u26085?\u26412?\par}")
    'Sønderjylland – 日本'
    """
    document, place = Document(), content.index(START)
    while place < len(content):
        token = TOKEN.match(content, place)
        word, number, byte, symbol, brace, letters = token.groups()
        place = token.end()
        if letters or byte:
            document.letters(letters or bytes.fromhex(byte.decode()))
        elif brace == b"{":
            document.open()
        elif brace:
            document.close()
            if not document.around:
                break
        elif word == b"bin":
            place += max(0, int(number or 0))
        elif word or symbol:
            document.control(word or symbol, None if number is None else int(number))
    document.paragraph()
    # Letters beyond the first plane are written as two numbers, the halves of UTF-16.
    return document.lines.text().encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class Group(NamedTuple):
    """What holds until the end of a group: its font, whether it is left out, why it is hidden, and the like.

    ``fallback`` is how many letters for old programs follow each number of Unicode.
    """

    font: int | None = None
    left_out: bool = False
    fonts: bool = False
    hidden: frozenset = frozenset()
    in_table: bool = False
    fallback: int = 1


class Document:
    """The document as far as it has been read."""

    def __init__(self):
        self.lines, self.pieces = Lines(), []
        self.group, self.around = Group(), []
        self.page, self.fonts, self.default_font, self.described = "cp1252", {}, None, None
        self.encoded, self.skipped, self.starred = bytearray(), 0, False

    def open(self):
        """Open a group."""
        self.decode()
        if len(self.around) >= DEPTH:
            raise Refused("malformed", f"more than {DEPTH:,} groups in one another; save it again as RTF")
        self.around.append(self.group)
        self.skipped, self.starred = 0, False

    def close(self):
        """Close a group."""
        self.decode()
        self.group = self.around.pop()
        self.skipped = 0

    def letters(self, encoded):
        """Take letters in the code page of the font, apart from those that repeat a number of Unicode."""
        skipped = min(self.skipped, len(encoded))
        self.skipped -= skipped
        if not (self.group.left_out or self.group.hidden):
            self.encoded += encoded[skipped:]

    def decode(self):
        """Add the letters that were taken to the paragraph."""
        if self.encoded:
            font = self.default_font if self.group.font is None else self.group.font
            self.pieces.append(self.encoded.decode(self.fonts.get(font) or self.page, "replace"))
            self.encoded = bytearray()

    def write(self, text):
        """Add text to the paragraph, if it is shown."""
        if not (self.group.left_out or self.group.hidden):
            self.pieces.append(text)

    def paragraph(self):
        """End a paragraph; the last one of a document may have no end."""
        self.decode()
        self.lines.paragraph("".join(self.pieces), in_table=self.group.in_table)
        self.pieces = []

    def control(self, word, number):
        """Obey a control word or symbol."""
        self.decode()
        starred, self.starred = self.starred, word == b"*"
        skipped, self.skipped = self.skipped, 0
        if starred or word in LEFT_OUT:
            self.group = self.group._replace(left_out=True, fonts=word == b"fonttbl")
        elif self.group.fonts:
            self.describe_font(word, number)
        elif word in PAGES or word == b"ansicpg":
            self.page = PAGES.get(word) or code_page(number) or self.page
        elif word == b"deff":
            self.default_font = number
        elif word == b"u":
            self.unicode(number)
        elif word in CHARACTERS and skipped:
            self.skipped = skipped - 1
        elif word in CHARACTERS:
            self.write(CHARACTERS[word])
        elif not self.group.left_out:
            self.layout(word, number)

    def describe_font(self, word, number):
        """Take from the table of fonts which code page each has."""
        if word == b"f":
            self.described = number
        elif word == b"fcharset":
            self.fonts[self.described] = CHARSETS.get(number)
        elif word == b"cpg":
            self.fonts[self.described] = code_page(number)

    def unicode(self, number):
        """Take a letter as its number, which is negative from U+8000 on, and skip what follows for old programs."""
        if number is not None:
            number += 0x10000 * (number < 0)
            self.write(chr(number) if 0 <= number <= 0x10FFFF else "\ufffd")
            self.skipped = self.group.fallback

    def layout(self, word, number):
        """Take what changes letters or ends paragraphs, cells and rows."""
        if word in (b"par", b"sect", b"\n", b"\r", b"nestcell"):
            self.paragraph()
        elif word == b"cell":
            self.group = self.group._replace(in_table=True)
            self.paragraph()
            self.lines.close_cell()
        elif word == b"row":
            self.lines.close_row()
            self.group = self.group._replace(in_table=False)
        elif word in (b"pard", b"intbl"):
            self.group = self.group._replace(in_table=word == b"intbl")
        elif word == b"plain":
            self.group = self.group._replace(font=None, hidden=frozenset())
        elif word == b"f":
            self.group = self.group._replace(font=number)
        elif word == b"uc" and number is not None:
            self.group = self.group._replace(fallback=max(0, number))
        elif word in HIDING:
            change = self.group.hidden - {word} if number == 0 else self.group.hidden | {word}
            self.group = self.group._replace(hidden=change)


def code_page(number):
    """Return the name that Python has for a code page, or None.

    >>> code_page(932), code_page(10000), code_page(65001), code_page(1)
    ('cp932', 'mac_roman', 'utf-8', None)
    """
    if number in MACINTOSH:
        return CHARSETS[MACINTOSH[number]]
    try:
        return codecs.lookup(f"cp{number}").name
    except LookupError:
        return None
