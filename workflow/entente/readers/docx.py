"""DOCX (Office Open XML): the paragraphs of the document, with text that was inserted and without text that was deleted.

The row of a table is a line. Left out are headers and footers, unless there is no other text; footnotes,
endnotes and comments, which would interrupt; hidden text; readings above characters (ruby); the numbers of lists, which
are not in the file as such; embedded files. Neither title nor date is taken from the file's properties: they are of the
file, often of its template.

docx2python 3.7.1 gives moved sentences and text boxes twice, puts marks of its own into the text, loses non-breaking
hyphens, and stops at a link whose address is missing.
"""

import posixpath
import re
from pathlib import Path

from entente.readers import Raw, Refused
from entente.readers._office import Part, check_size, package, parse

RELATIONS, DOCUMENT = "_rels/.rels", "word/document.xml"
OFF = ("0", "false", "off")


def read(path):
    """Yield the file as one record."""
    with package(Path(path), "DOCX") as archive:
        document = document_part(archive)
        text = parse(archive, document, Text())
        if not text.strip():
            text = "\n".join(parse(archive, name, Text()) for name in margins(archive, document))
    if not text.strip():
        raise Refused("no_text", "no text in it, only pictures or embedded files; save those as text")
    yield Raw(text=text)


def document_part(archive):
    """Return the name of the part with the document, which the package tells."""
    names = archive.namelist()
    told = parse(archive, RELATIONS, Relations()) if RELATIONS in names else ""
    name = posixpath.normpath("/" + (told or DOCUMENT)).lstrip("/")
    if name not in names:
        found = ", ".join(names[:3]) or "nothing"
        raise Refused("malformed", f"no {name} in it, so no DOCX; found {found}; save it again as DOCX")
    return name


def margins(archive, document):
    """Return the names of the headers, then of the footers, which lie beside the document."""
    folder = re.escape(posixpath.dirname(document))
    found = [
        name
        for kind in ("header", "footer")
        for name in sorted(archive.namelist())
        if re.fullmatch(rf"{folder}/{kind}\d*\.xml", name)
    ]
    check_size(sum(archive.getinfo(name).file_size for name in found))
    return found


class Relations(Part):
    """The part that says which one is the document: it returns its path, or an empty string."""

    found = ""

    def start(self, _, attributes):
        """Look at a relation."""
        if attributes.get("Type", "").endswith("/officeDocument"):
            self.found = attributes.get("Target", "")

    def close(self):
        """Return what was found."""
        return self.found


class Text(Part):
    """A part with text: the document, a header or a footer."""

    PARAGRAPHS, TABLE, ROW, CELLS = ("p",), "tbl", "tr", ("tc",)
    # A fallback says again what stands before it, for old programs; properties of paragraphs have tabs of their own.
    LEFT_OUT = ("del", "moveFrom", "Fallback", "rt", "pPr")
    CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}  # noqa: RUF012

    def __init__(self):
        super().__init__()
        self.hidden = self.in_text = False

    def inside(self, name, attributes):
        """Open a run, one of its properties, or its text."""
        values = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        if name == "r":
            self.hidden = False
        elif name == "vanish":
            self.hidden = values.get("val") not in OFF
        elif name == "sym" and re.fullmatch("[0-9A-Fa-f]{4}", values.get("char", "")):
            self.write(chr(int(values["char"], 16)))
        self.in_text = name == "t"

    def end(self, tag):
        """Close an element."""
        super().end(tag)
        self.in_text = False

    def data(self, text):
        """Take the text of a run."""
        if self.in_text and not self.hidden:
            self.write(text)
