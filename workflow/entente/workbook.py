"""Write all tables into one workbook: what is there, a sheet a table with typed cells, and the codebook."""

import io
import zipfile
from datetime import datetime

import xlsxwriter

from entente import __version__, cli, dictionary, tables
from entente.codebook import CODEBOOK, meanings

CREATED = datetime(2000, 1, 1)
NAME = 31  # letters that a sheet's name may have
LONGEST = 32767  # characters that a cell may have
CODES = ("kind", "of", "name", "type", "unit", "meaning")


def write(path, estimates, functions, facts):
    """Write the workbook.

    Parameters
    ----------
    path : Path
    estimates : dict
        Rows of the tables, by name, as `tables.read` returns them.
    functions : dict
        The tables' functions, by name.
    facts : list of str
        What the first sheet tells below the list of sheets.
    """
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": "Tables of a run of Entente", "created": CREATED})
        styles = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        names = sheets(functions)
        first = book.add_worksheet("contents")
        columns = {
            name: dictionary.columns(function, estimates[name], functions.values())
            for name, function in functions.items()
        }
        contents(first, names, functions, estimates, columns, facts, styles)
        for name in functions:
            sheet(
                book.add_worksheet(names[name]), columns[name], typed(estimates[name], columns[name]), styles
            )
        codebook(book.add_worksheet("codebook"), columns, styles)
    with cli.replacing(path) as file:
        file.buffer.write(stored(buffer.getvalue()))


def sheets(names):
    """Return {table: name of its sheet}: at most 31 letters, and no two alike.

    >>> list(sheets(["a" * 40, "a" * 41]).values())
    ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa_2']
    """
    taken = {"contents", "codebook"}
    found = {}
    for name in names:
        short, number = name[:NAME], 1
        while short.lower() in taken:
            number += 1
            short = f"{name[: NAME - len(str(number)) - 1]}_{number}"
        taken.add(short.lower())
        found[name] = short
    return found


def typed(rows, columns):
    """Yield the rows as lists of values; a list of strings stays one string, joined as in the CSV file."""
    for row in rows:
        values = [dictionary.value(row[column.name], column) for column in columns]
        yield [dictionary.SEPARATOR.join(v) if isinstance(v, list) else v for v in values]


def sheet(page, columns, rows, styles):
    """Write one table: a header that stays in view, and a filter."""
    fill(page, [column.name for column in columns], rows, styles)
    for i, column in enumerate(columns):
        page.set_column(i, i, {"string": 18, "list": 30}.get(column.type, 11))


def fill(page, header, rows, styles):
    """Write a header and rows, from the first row on."""
    page.freeze_panes(1, 0)
    for i, name in enumerate(header):
        page.write_string(0, i, name, styles["head"])
    last = 0
    for last, row in enumerate(rows, 1):
        for i, value in enumerate(row):
            put(page, last, i, value)
    page.autofilter(0, 0, last, max(0, len(header) - 1))


def put(page, row, column, value, style=None):
    """Write one cell as what it is: text never becomes a formula, a link or a number."""
    if isinstance(value, bool):
        page.write_boolean(row, column, value, style)
    elif isinstance(value, int | float):
        page.write_number(row, column, value, style)
    elif value is not None:
        page.write_string(row, column, tables.clean(value)[:LONGEST], style)


def contents(page, names, functions, estimates, columns, facts, styles):
    """Write the first sheet: the sheets, and what to know of all of them."""
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 90, styles["text"])
    page.set_column(2, 3, 9)
    for i, title in enumerate(("sheet", "what it is", "rows", "columns")):
        page.write_string(0, i, title, styles["head"])
    row = 0
    for row, (name, function) in enumerate(functions.items(), 1):
        page.write_url(row, 0, f"internal:'{names[name]}'!A1", string=names[name])
        put(page, row, 1, tables.summary(function), styles["text"])
        put(page, row, 2, len(estimates[name]))
        put(page, row, 3, len(columns[name]))
    row += 1
    page.write_url(row, 0, "internal:'codebook'!A1", string="codebook")
    put(page, row, 1, "What every column and every code means.", styles["text"])
    lines = (
        f"Made by a run of Entente {__version__}.",
        "An empty cell is missing. Lists are joined by '; '. Numbers are those of the CSV files.",
        *facts,
    )
    for place, line in enumerate(lines, row + 2):
        put(page, place, 1, line, styles["text"])


def codebook(page, columns, styles):
    """Write what every column of every table means, and every code."""
    rows = [
        ("column", table, column.name, column.type, column.unit, column.meaning.replace("``", ""))
        for table, found in columns.items()
        for column in found
    ]
    for attribute in CODEBOOK:
        rows += [("code", attribute, code, "", "", meaning) for code, meaning in meanings(attribute).items()]
    fill(page, CODES, rows, styles)
    for i, width in enumerate((9, 28, 28, 10, 18)):
        page.set_column(i, i, width)
    page.set_column(5, 5, 100, styles["text"])


def stored(content):
    """Return a ZIP archive with the same members, not compressed: how they are packed varies with the library."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name))
    return out.getvalue()
