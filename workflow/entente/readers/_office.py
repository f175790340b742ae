"""What the readers of office documents share: the parts of a package, and lines of text in and out of tables.

A package is a ZIP file of XML parts. A part is read event by event, so that no tree of it is ever in memory.
"""

import zipfile
import zlib
from contextlib import contextmanager
from io import StringIO

from lxml import etree

from entente import readers
from entente.readers import Refused

WORD_97 = bytes.fromhex("d0cf11e0a1b11ae1")  # also what an encrypted DOCX is wrapped in
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the only ones that a package may use


class Lines:
    r"""The lines of a document: a paragraph is one, and so is the row of a table.

    >>> lines = Lines()
    >>> lines.paragraph("Sony and Ericsson form a venture.")
    >>> for cell in ("Sony", "50 %"):
    ...     lines.paragraph(cell, in_table=True)
    ...     lines.close_cell()
    >>> lines.close_row()
    >>> lines.text()
    'Sony and Ericsson form a venture.\nSony | 50 %'
    """

    def __init__(self):
        self.written, self.cell, self.cells = StringIO(), [], []

    def paragraph(self, line, *, in_table=False):
        """Add a paragraph, of a cell or outside of tables."""
        if in_table:
            self.cell.append(line)
        else:
            self.written.write(line + "\n")

    def close_cell(self):
        """End a cell: what it has is one line."""
        self.cells.append(" ".join(" ".join(self.cell).split()))
        self.cell = []

    def close_row(self):
        """End a row: its cells that are not empty are one line."""
        line = " | ".join(filter(None, self.cells))
        self.cells = []
        self.written.write(line + "\n")

    def text(self):
        """Return the lines."""
        if self.cell or self.cells:  # cut off
            self.close_cell()
            self.close_row()
        return self.written.getvalue().rstrip("\n")


class Part:
    """The target of an XML parser that returns the text of a part. What the elements of a format are, a subclass says.

    ``LEFT_OUT`` are the elements that are not read with all that is in them, and ``CHARACTERS`` those that stand for a
    character; both by local name.
    """

    PARAGRAPHS, TABLE, ROW, CELLS = (), None, None, ()
    LEFT_OUT, CHARACTERS = (), {}

    def __init__(self):
        self.lines, self.open, self.tables, self.outside = Lines(), [], 0, 0

    def doctype(self, *_):
        """Refuse a document type, which could declare entities."""
        raise Refused(
            "malformed", "declares a document type, as no word processor does; save it again from one"
        )

    def start(self, tag, attributes):
        """Open an element."""
        name = tag.rpartition("}")[2]
        if self.outside or name in self.LEFT_OUT or tag in self.LEFT_OUT:
            self.outside += 1
        elif name in self.PARAGRAPHS:
            self.open.append([])
        elif name == self.TABLE:
            self.tables += 1
        elif name in self.CHARACTERS:
            self.write(self.CHARACTERS[name])
        else:
            self.inside(name, attributes)

    def inside(self, name, attributes):
        """Open an element that is none of these."""

    def end(self, tag):
        """Close an element."""
        name = tag.rpartition("}")[2]
        if self.outside:
            self.outside -= 1
        elif name in self.PARAGRAPHS:
            self.lines.paragraph("".join(self.open.pop()), in_table=self.tables > 0)
        elif name == self.TABLE:
            self.tables -= 1
        elif name in self.CELLS and self.tables == 1:  # a table in a cell is text of the cell
            self.lines.close_cell()
        elif name == self.ROW and self.tables == 1:
            self.lines.close_row()

    def write(self, text):
        """Add to the paragraph that is open; what stands between paragraphs is no text."""
        if self.open and not self.outside:
            self.open[-1].append(text)

    def close(self):
        """Return the text, at the end of the part."""
        return self.lines.text()


def check_size(size):
    """Refuse a document of more bytes than are read."""
    if size > readers.MAXIMUM_BYTES:
        most = f"at most {readers.MAXIMUM_BYTES:,} are read"
        raise Refused("too_large", f"{size:,} bytes in one document; {most}")


@contextmanager
def package(path, kind):
    """Open the package at *path*; *kind* is what it should be, for the messages."""
    check_size(path.stat().st_size)
    with path.open("rb") as file:
        if file.read(len(WORD_97)) == WORD_97:
            raise Refused("unreadable", f"encrypted, or of Word 97; save it as {kind} without a password")
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as fault:
        raise Refused(
            "malformed", f"not a ZIP file, so no {kind}, or cut off: {fault}; save it again"
        ) from None
    with archive:
        yield archive


def content(archive, name):
    """Yield the bytes of a part, which has no more of them than the package declares, piece by piece."""
    info = archive.getinfo(name)
    check_size(info.file_size)
    if info.flag_bits & 1:
        raise Refused("unreadable", f"{name} is encrypted; save a copy without a password")
    if info.compress_type not in METHODS:
        raise Refused("malformed", f"{name} is packed by method {info.compress_type}; save the file again")
    try:
        with archive.open(info) as stream:
            while piece := stream.read(1 << 16):
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError) as fault:
        raise Refused("malformed", f"{name} cannot be unpacked: {fault}; save the file again") from None


def parse(archive, name, target):
    """Return what *target* makes of a part."""
    parser = etree.XMLParser(
        target=target, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        for piece in content(archive, name):
            parser.feed(piece)
        return parser.close()
    except etree.XMLSyntaxError as fault:
        raise Refused("malformed", f"{name} is no XML: {fault}; save the file again") from None
