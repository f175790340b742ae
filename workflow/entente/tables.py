"""What all published tables share: where their rows come from, how a cell is written, what a column means."""

import csv
import inspect
import math
import re
import unicodedata
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np

from entente import cli
from entente.errors import EntenteError
from entente.records import Alliance, Duplicate
from entente.text import INVISIBLE

# A spreadsheet takes a cell that begins so for a formula; in East Asian settings the full-width forms too.
FORMULA = tuple("=+-@＝＋－＠")


@dataclass(frozen=True)
class Interim:
    """The records that earlier stages left in a folder, of the corpora given and of no other.

    ``corpora`` are the corpora's folders; a folder's name is the corpus's name.
    """

    interim: Path
    corpora: tuple[Path, ...]

    def parts(self):
        """Yield (corpus name, folder) of every part of every corpus."""
        for corpus in sorted(folder.name for folder in self.corpora):
            for path in sorted((self.interim / corpus).glob("*/documents.jsonl")):
                yield corpus, path.parent

    def records(self, name, record):
        """Yield (corpus name, *record*) from the files *name*.jsonl of all parts."""
        for corpus, folder in self.parts():
            for item in cli.read(folder / f"{name}.jsonl", record):
                yield corpus, item

    def alliances(self):
        """Return the list of alliances that a document of the corpora reports, by id."""
        names = {folder.name for folder in self.corpora}
        found = cli.read(self.interim / "alliances.jsonl", Alliance)
        return sorted((a for a in found if names & set(a.corpora)), key=lambda a: a.id)

    def duplicates(self):
        """Return the list of duplicates among the corpora's documents."""
        names = {folder.name for folder in self.corpora}
        found = cli.read(self.interim / "duplicates.jsonl", Duplicate)
        return [d for d in found if d.document.partition("/")[0] in names]


def clean(text):
    r"""Return *text* on one line: white space is one space, control and invisible characters are gone.

    >>> clean("Sony\r\n Ericsson\x00\u202e")
    'Sony Ericsson'
    """
    if text.isprintable():  # nearly all; what is below costs twenty times as much
        return " ".join(text.split())
    text = "".join(" " if c.isspace() else c for c in text)
    return " ".join("".join(c for c in text if unicodedata.category(c) not in INVISIBLE).split())


def cell(value):
    """Return *value* as a CSV cell's text: missing is empty, a list is joined by "; ", numbers are plain.

    Text that a spreadsheet would run as a formula gets a leading apostrophe.

    >>> [cell(value) for value in (None, 0.25, 50.0, -65.0, True, ["Sony", "Ericsson"], "=1+1")]
    ['', '0.25', '50', '-65', 'true', 'Sony; Ericsson', "'=1+1"]
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return np.format_float_positional(value, trim="-")
    text = clean(value if isinstance(value, str) else "; ".join(value))
    return f"'{text}" if text.startswith(FORMULA) else text


def write(path, rows, header):
    """Write *rows*, dicts with the keys *header*, to *path* as CSV."""
    with cli.replacing(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([cell(row[column]) for column in header])


def read(path):
    """Return the rows of a CSV file as dicts of text.

    Raises
    ------
    EntenteError
        If there is no such file.
    """
    try:
        with Path(path).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        raise EntenteError(f"{path}: no such table; run estimate for {Path(path).stem!r} first") from None


def columns(table):
    """Return {column: meaning} of a table, from the *Columns* section of its function's docstring.

    A column may be a pattern: ``*_f`` stands for all columns that end so.
    """
    section = inspect.getdoc(table).partition("Columns\n-------\n")[2]
    entries = re.findall(r"^(\S.*?) : (.*(?:\n +.*)*)", section, re.MULTILINE)
    return {name: " ".join(text.split()) for names, text in entries for name in names.split(", ")}


def summary(table):
    """Return the first line of a table function's docstring: what the table is."""
    return inspect.getdoc(table).partition("\n")[0]


def header(table, rows):
    """Return the columns of *rows*; of an empty table, those that its docstring names one by one."""
    return list(rows[0]) if rows else [name for name in columns(table) if "*" not in name]


def meaning(column, table, others=()):
    """Return what *column* of *table* means; what its docstring leaves out, the docstrings of *others* say.

    Raises
    ------
    EntenteError
        If none explains it.
    """
    for function in (table, *others):
        for name, text in columns(function).items():
            if fnmatchcase(column, name):
                return text
    raise EntenteError(
        f"table {table.__name__}: column {column!r} is not explained; add it to its docstring's 'Columns'"
    )


def add_arguments(parser):
    """Add what ``estimate`` and ``publish`` read."""
    parser.add_argument("interim", type=Path, help="folder of the earlier stages' records")
    parser.add_argument(
        "--corpora",
        type=Path,
        nargs="+",
        required=True,
        metavar="FOLDER",
        help="corpora to count; no other is read",
    )
