"""Read files into raw records. A reader is one module here with ``read(path)``; its name is the module's.

``read`` yields a `Raw` for each record, and a `Refused` for a record that it cannot read, and goes on;
it raises a `Refused` where the file cannot be read any further. A new format is a new module, and a
line in `ENDINGS`.
"""

from dataclasses import dataclass
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
    ".sgm": "reuters",
    ".pdf": "pdf",
}
MAXIMUM_BYTES = 64_000_000  # of a file that is one document, since it is read whole


@dataclass(frozen=True)
class Raw:
    """One record as its file has it: text not normalised, date as it was written.

    ``id`` is the record's own inside its file, None if the file is the record.
    """

    text: str
    title: str = ""
    id: str | None = None
    date: str | None = None
    language: str | None = None
    url: str | None = None


@dataclass
class Refused(Exception):  # noqa: N818
    """A record, or the rest of a file, that cannot be read; ``reason`` is one of the codebook's."""

    reason: str
    detail: str
    id: str | None = None


def names():
    """Return the names of all readers."""
    return sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def reader(path, name=None):
    """Return the ``read`` function for a file: that of the reader *name*, else by the file's ending."""
    name = name or ENDINGS.get(Path(path).suffix.lower())
    if name is None:
        raise Refused(
            "unsupported",
            f"no reader for the ending {Path(path).suffix!r}; expected {', '.join(ENDINGS)},"
            " or a reader named in corpus.yaml",
        )
    return import_module(f"entente.readers.{name}").read


def load(path):
    """Return the bytes of a file that is one document, decoded; see `decode`."""
    size = Path(path).stat().st_size
    if size > MAXIMUM_BYTES:
        raise Refused("too_large", f"{size:,} bytes in one document; at most {MAXIMUM_BYTES:,} are read")
    return decode(Path(path).read_bytes())


def decode(content):
    r"""Return bytes as text with ``\n`` at line ends: by a byte order mark, as UTF-8, else as detected.

    Never fails: what no encoding explains becomes U+FFFD.

    >>> decode("Société Générale et ses filiales françaises, créées à Évry".encode("cp1252"))
    'Société Générale et ses filiales françaises, créées à Évry'
    """
    return decoded(content).replace("\r\n", "\n").replace("\r", "\n")


def decoded(content):
    """Return bytes as text, line ends as they are."""
    if content.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return content.decode("utf-32", errors="replace")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x1b" not in content:  # ISO-2022-JP is ASCII with escapes, and so valid UTF-8
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    import chardet  # noqa: PLC0415

    encoding = chardet.detect(content[:200_000])["encoding"] or "utf-8"
    try:
        return content.decode(encoding, errors="replace")
    except LookupError:
        return content.decode("utf-8", errors="replace")
