"""Tables: CSV, TSV, and the sheets of an XLSX workbook. A row is a record; the first row names the columns.

Columns of the names of the fields (``text``, ``title``, ``date`` ...) are taken; others are told in corpus.yaml, as
``columns``. A row without an id is ``row 2`` (of a workbook with several sheets, ``Sheet1 row 2``). Of an XLSX the
values are read that were computed when it was saved, no formulas; sheets without a text column are left out if another
has one.
"""

import contextlib
import csv
import datetime
import io
import warnings
import zipfile
from pathlib import Path

import openpyxl

from entente.readers import PLAIN, SAMPLE, Refused, _fields, decode, encoding, ending, expansion

FIELD = 10_000_000  # characters of a cell
DELIMITERS = ",;\t|"


def read(path, how=PLAIN):
    """Yield one record a row."""
    lacking, found = [], False
    with (workbook if ending(path) == ".xlsx" else text_table)(path) as sheets:
        for name, rows in sheets:
            columns = [cell(value).strip() for value in next(rows, ())]
            if set(columns) & set(_fields.columns_of("text", how)):
                found = True
                for number, row in enumerate(rows, 2):
                    values = dict(zip(columns, map(cell, row), strict=False))
                    if any(values.values()):
                        yield record(
                            values, how, f"{name} row {number}" if len(sheets) > 1 else f"row {number}"
                        )
            elif columns:
                lacking.append(columns)
    if lacking and not found:
        raise Refused("malformed", no_text(lacking, how))


def record(values, how, place):
    """Return the record of a row; its place is its id where it has none."""
    own = _fields.columns_of("id", how)
    if not any(values.get(column) for column in own):
        values = values | {own[0]: place}
    return _fields.raw(values, how, place)


def no_text(lacking, how):
    """Return what to say of sheets without a text column, given the columns of each."""
    expected = " or ".join(map(repr, _fields.columns_of("text", how)))
    found = "; ".join(", ".join(columns)[:200] for columns in lacking)
    return f"no column {expected} in its first row; found {found}; say in corpus.yaml, columns, which one has the text"


def cell(value):
    """Return a cell as text.

    >>> cell(datetime.datetime(2001, 4, 24)), cell(1987.0), cell(None)
    ('2001-04-24', '1987', '')
    """
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@contextlib.contextmanager
def text_table(path):
    """Open a CSV or TSV file as a list of one sheet: its name, empty, and its rows, each a list of str."""
    csv.field_size_limit(FIELD)
    with Path(path).open("rb") as file:
        sample = file.read(SAMPLE)
        file.seek(0)
        header = decode(sample).partition("\n")[0]
        with io.TextIOWrapper(file, encoding(sample), errors="replace", newline="") as lines:
            yield [("", csv.reader(lines, delimiter=max(DELIMITERS, key=header.count)))]


@contextlib.contextmanager
def workbook(path):
    """Open an XLSX workbook as a list of its sheets: name, and rows, each a tuple of values."""
    if not zipfile.is_zipfile(path):
        raise Refused("malformed", "not an XLSX workbook; save it as one, or as CSV")
    with zipfile.ZipFile(path) as archive:
        size = sum(info.file_size for info in archive.infolist())
    if size > expansion(path):
        raise Refused("too_large", f"{size:,} bytes when unpacked; at most {expansion(path):,} are read")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and validations, which are of no matter here
        with contextlib.closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
            yield [(sheet.title, sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
