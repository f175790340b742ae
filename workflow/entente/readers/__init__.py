"""Read files into raw records. A reader is one module here with ``read(path)``; its name is the module's.

``read`` yields a `Raw` for each record, and a `Refused` for a record that it cannot read, and goes on;
it raises a `Refused` where the file cannot be read any further. A new format is a new module, and a
line in `ENDINGS`; a reader whose ``read(path, how)`` has to know `How` files are read is in `TOLD` too.
"""

import codecs
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from pathlib import Path

DATA = ("readers",)  # imported by name, so the digest of a stage has to be told

ENDINGS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "table",
    ".tsv": "table",
    ".xlsx": "table",
    ".pdf": "pdf",
    ".docx": "docx",
    ".odt": "odt",
    ".rtf": "rtf",
    ".xml": "newsml",
    ".sgm": "reuters",
    ".eml": "mail",
    ".mbox": "mail",
    ".warc": "warc",
    ".warc.gz": "warc",
}
ARCHIVES = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".gz", ".bz2", ".xz")
TOLD = {"archive", "json", "jsonl", "mail", "table", "warc"}
MAXIMUM_BYTES = 64_000_000  # of a file that is one document, since it is read whole
DEPTH = 3  # files that may lie around one: an archive in a mail in an archive
SAMPLE = 200_000  # bytes from which an encoding is told
DAMAGE = 10  # letters of several bytes for each wrong byte from which on a text is UTF-8, damaged
MARKS = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
EXPANSION, ALLOWANCE = (
    200,
    64_000_000,
)  # what is in a file may be so many times as large, and so many bytes more


@dataclass(frozen=True)
class Raw:
    """One record as its file has it: text not normalised, date as it was written.

    ``id`` is the record's own inside its file, None if the file is the record. ``licence`` and ``quotes`` are the
    record's own rights, None if they are its corpus's (workflow/entente/schemas/corpus.schema.yaml). ``remarks`` is
    what reading met and a user of the text should know.
    """

    text: str
    title: str = ""
    id: str | None = None
    date: str | None = None
    language: str | None = None
    url: str | None = None
    licence: str | None = None
    quotes: str | None = None
    remarks: tuple[str, ...] = ()


@dataclass
class Refused(Exception):  # noqa: N818
    """A record, or the rest of a file, that cannot be read; ``reason`` is one of the codebook's."""

    reason: str
    detail: str
    id: str | None = None


@dataclass(frozen=True)
class How:
    """How files are read: ``name`` is the reader of all that are no archives, None for the one of each file's ending.

    ``columns`` says in which column or key a field of `Raw` stands, where that is not its own name; ``depth`` is
    how many files lie around the one that is read.
    """

    name: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    depth: int = 0


PLAIN = How()


def names():
    """Return the names of all readers."""
    return sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def ending(path):
    """Return the ending by which the reader of a file is chosen, in lower case.

    >>> ending("news.WARC.gz"), ending("news.jsonl.gz"), ending(".profile")
    ('.warc.gz', '.gz', '')
    """
    double = "".join(Path(path).suffixes[-2:]).lower()
    return double if double in ENDINGS else Path(path).suffix.lower()


def reader(path, how=PLAIN):
    """Return the function that reads a file: of its path, it yields the records; see the module."""
    found = ending(path)
    name = "archive" if found in ARCHIVES else how.name or ENDINGS.get(found)
    if name is None:
        raise Refused(
            "unsupported",
            f"no reader for the ending {found!r}; expected {', '.join((*ENDINGS, *ARCHIVES))},"
            " or a reader named in corpus.yaml",
        )
    read = import_module(f"entente.readers.{name}").read
    return partial(read, how=how) if name in TOLD else read


def records(read, place):
    """Yield what *read* says of a file, at least one record; whatever goes wrong is a `Refused` at the end."""
    number = 0
    try:
        for raw in read(place):
            number += 1
            yield repaired(raw) if isinstance(raw, Raw) else raw
        if not number:
            yield Refused("no_text", "no record in the file")
    except Refused as fault:
        yield fault
    except OSError as fault:
        yield Refused("unreadable", fault.strerror or type(fault).__name__)
    except MemoryError:
        yield Refused("stopped", f"after {number} records: it takes more memory than is allowed")
    except Exception as fault:  # no file, however broken, may stop the others
        yield Refused("malformed", f"after {number} records: {type(fault).__name__}: {fault}")


def member(own, name, stream, how, most):
    """Yield the records of a file that lies in another one, read as if it lay on the disk.

    Parameters
    ----------
    own : str or None
        The id of the file in the other; a record's own id follows it behind a ``#``. None where it is all there is.
    name : str
        Its name, whose ending tells its format.
    stream : binary file
        Its content.
    how : How
        How the file around it is read.
    most : int
        How many bytes it may have; see `expansion`.

    Returns
    -------
    int
        How many bytes it has (as a generator does: ``size = yield from member(...)``).
    """
    content = Bounded(stream, most)

    def unpack_and_read(place):
        if how.depth >= DEPTH:
            raise Refused("too_large", f"lies in more than {DEPTH} files, one in the other; unpack them")
        read = reader(name, replace(how, depth=how.depth + 1))
        with place.open("wb") as file:
            shutil.copyfileobj(content, file, 1 << 20)
        yield from read(place)

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "member" + re.search(r"(?:\.\w{1,8}){0,2}$", name)[0])
        for raw in records(unpack_and_read, place):
            yield raw if own is None else replace(raw, id=own if raw.id is None else f"{own}#{raw.id}")
    return content.size


class Bounded:
    """A binary stream of which at most so many bytes are read; ``size`` is how many were."""

    def __init__(self, stream, most):
        self.stream, self.most, self.size = stream, most, 0

    def read(self, size):
        """Return the next bytes, as `io.RawIOBase.read` does.

        Raises
        ------
        Refused
            If there are more than allowed.
        """
        content = self.stream.read(size)
        self.size += len(content)
        if self.size > self.most:
            raise Refused("too_large", f"more than {self.most:,} bytes when unpacked")
        return content


def expansion(path):
    """Return how many bytes the files in a file may have together: beyond that it is a bomb."""
    return EXPANSION * Path(path).stat().st_size + ALLOWANCE


def load(path):
    """Return the bytes of a file that is one document, decoded; see `decode`."""
    size = Path(path).stat().st_size
    if size > MAXIMUM_BYTES:
        raise Refused("too_large", f"{size:,} bytes in one document; at most {MAXIMUM_BYTES:,} are read")
    return decode(Path(path).read_bytes())


def decode(content):
    r"""Return bytes as text with ``\n`` at line ends; see `encoding`.

    Never fails: what no encoding explains becomes U+FFFD.

    >>> decode("Société Générale et ses filiales françaises, créées à Évry".encode("cp1252"))
    'Société Générale et ses filiales françaises, créées à Évry'
    """
    return content.decode(encoding(content), errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def encoding(content):
    r"""Return the name of the encoding of bytes, or of the first bytes of a file: by a mark, UTF-8, else as detected.

    >>> encoding(b"\xff\xfeS\0"), encoding("Société".encode()[:-1]), encoding("Sony forms a venture".encode("utf-16-le"))
    ('utf-16', 'utf-8-sig', 'utf-16-le')
    """
    for mark, name in MARKS.items():
        if content.startswith(mark):
            return name
    if b"\0" in content[:SAMPLE]:
        zeros = [content[:SAMPLE][place::2].count(0) for place in (0, 1)]
        if max(zeros) > len(content[:SAMPLE]) / 8 > 16 * min(zeros):  # Latin letters in two bytes
            return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    if b"\x1b" not in content:  # ISO-2022-JP is ASCII with escapes, and so valid UTF-8
        try:
            codecs.getincrementaldecoder("utf-8-sig")().decode(content)
            return "utf-8-sig"
        except UnicodeDecodeError:
            pass
        tried = content[:SAMPLE].decode("utf-8", errors="replace")
        wrong = tried.count("\ufffd")
        if sum(letter > "\x7f" for letter in tried) > DAMAGE * wrong:
            return "utf-8-sig"
    import chardet  # noqa: PLC0415

    found = chardet.detect(content[:SAMPLE])["encoding"] or "utf-8"
    try:
        return codecs.lookup(found).name
    except LookupError:
        return "utf-8"


def repaired(raw):
    """Return a `Raw` whose text and title were decoded by a wrong encoding somewhere before, as they were meant.

    >>> repaired(Raw("La SociÃ©tÃ© GÃ©nÃ©rale")).text
    'La Société Générale'
    """
    import ftfy  # noqa: PLC0415

    text, title = (
        "\n".join(map(ftfy.fix_encoding, found.split("\n"))) if ftfy.is_bad(found) else found
        for found in (raw.text, raw.title)
    )
    if (text, title) == (raw.text, raw.title):
        return raw
    return replace(raw, text=text, title=title, remarks=(*raw.remarks, "garbled letters repaired"))
