"""ODT (OpenDocument Text): the paragraphs of the document, with text that was inserted and without text that was deleted.

The row of a table is a line. Left out are headers and footers, which are in another part; footnotes,
endnotes and comments, which would interrupt; hidden fields; readings above characters (ruby); names and descriptions of
pictures; the numbers of lists, which are not in the file as such; embedded files. Neither title nor date is taken from
the file's properties: they are of the file, often of its template.
"""

from pathlib import Path

from entente.readers import Raw, Refused
from entente.readers._office import Part, content, package, parse

DOCUMENT, MANIFEST, LOCKED = "content.xml", "META-INF/manifest.xml", "encrypted-package"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
ONE_BLANK = str.maketrans("\t\r\n", "   ")


def read(path):
    """Yield the file as one record."""
    with package(Path(path), "ODT") as archive:
        if encrypted(archive):
            raise Refused("unreadable", "encrypted; save a copy without a password")
        if DOCUMENT not in archive.namelist():
            found = ", ".join(archive.namelist()[:3]) or "nothing"
            raise Refused("malformed", f"no {DOCUMENT} in it, so no ODT; found {found}; save it again as ODT")
        text = parse(archive, DOCUMENT, Text())
    if not text.strip():
        raise Refused("no_text", "no text in it, only pictures or embedded files; save those as text")
    yield Raw(text=text)


def encrypted(archive):
    """Tell whether a password is needed, of which the ZIP file itself knows nothing."""
    names = archive.namelist()
    if LOCKED in names or MANIFEST not in names:
        return LOCKED in names
    return b"encryption-data" in b"".join(content(archive, MANIFEST))


class Text(Part):
    """The part with the document."""

    PARAGRAPHS, TABLE, ROW = ("p", "h"), "table", "table-row"
    CELLS = ("table-cell", "covered-table-cell")
    LEFT_OUT = (
        "tracked-changes",  # the deleted text
        "note",
        "annotation",
        "hidden-text",
        "ruby-text",
        "script",
        "binary-data",
        SVG + "title",
        SVG + "desc",
    )
    CHARACTERS = {"s": " ", "tab": "\t", "line-break": "\n"}  # noqa: RUF012

    def data(self, text):
        """Take the text of a paragraph, in which a line's end is a blank."""
        self.write(text.translate(ONE_BLANK))
