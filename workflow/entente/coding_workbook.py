"""The workbook in which a coder codes documents: made of their texts, and read back when it is filled in."""

import datetime
import io
import re
import zipfile
import zlib
from collections import defaultdict
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation

from entente.coding_form import CHOICES, REPORTS, codes, stake
from entente.errors import EntenteError
from entente.readers import Refused, table
from entente.text import normalise

LONGEST = 32_000  # characters in a cell; a workbook holds 32,767
OLD = (1980, 1, 1, 0, 0, 0)  # the time of every file in an archive: a sheet says nothing of when it was made

GUIDE = (
    "Read each document in the sheet 'texts'. In 'documents' choose whether it reports an alliance.",
    "If it does, give each alliance a row in 'alliances', with the document's number; if not, say what seems one.",
    "Partners and evidence: word for word as in the text, one a line (Alt+Enter). Functions: an x for each.",
    "Stakes, one a line: holder; percent; target. Without a target it is the joint entity.",
    "Dates: 2001-04-24, 2001-04 or 2001. Terms: a number of years.",
    "The codes' meanings are in the sheet 'codes'. Code each document by itself, and from its text alone.",
)
DOCUMENTS = ("number", "document", "title", "date", "reports", "non_alliance", "genre", "note")
BEFORE = ("number", "partners", "venture_name", "form")
AFTER = ("value_chain", "stakes", "status", "date", "term_years", "evidence", "alliance")
ROWS = 10  # alliances a document, on average, that have drop-down lists


def workbook(documents):
    """Return the bytes of an XLSX workbook for coding *documents*; all that is theirs is text, never a formula."""
    book = openpyxl.Workbook()
    start = book.active
    start.title = "start"
    append(start, ["Your name", ""])
    for line in GUIDE:
        append(start, [line])
    rows = [[number, d.id, d.title[:300], d.date or ""] for number, d in enumerate(documents, 1)]
    listed = grid(book, "documents", DOCUMENTS, rows)
    lines = [
        [number, at, line[begin : begin + LONGEST]]
        for number, d in enumerate(documents, 1)
        for at, line in enumerate((d.title, *d.text.split("\n")))
        for begin in range(0, max(1, len(line)), LONGEST)
    ]
    read_only = grid(book, "texts", ("number", "line", "text"), lines)
    read_only.protection.sheet = True
    functions = tuple(codes("functions"))
    columns = (*BEFORE, *functions, *AFTER)
    coded = grid(book, "alliances", columns, [])
    meanings = [
        [attribute, code, text]
        for attribute in ("reports", "non_alliance", "genre", *CHOICES, "functions")
        for code, text in (REPORTS if attribute == "reports" else codes(attribute)).items()
    ]
    grid(book, "codes", ("attribute", "code", "meaning"), meanings)
    for where, names, last in (
        (listed, DOCUMENTS, len(documents)),
        (coded, columns, ROWS * len(documents)),
    ):
        for attribute in ("reports", "non_alliance", "genre", *CHOICES):
            if attribute in names:
                own = [row for row, (other, *_) in enumerate(meanings, 2) if other == attribute]
                restrict(where, names, attribute, last, f"codes!$B${own[0]}:$B${own[-1]}")
    for code in functions:
        restrict(coded, columns, code, ROWS * len(documents), '"x"')
    restrict(coded, columns, "number", ROWS * len(documents), f"documents!$A$2:$A${len(documents) + 1}")
    made = io.BytesIO()
    book.save(made)
    return timeless(made)


def append(worksheet, values):
    """Append a row of *values*; text stays text, whatever it begins with, also when it is edited."""
    row = worksheet.max_row + (worksheet.max_row > 1 or worksheet["A1"].value is not None)
    for column, value in enumerate(values, 1):
        cell = worksheet.cell(row, column)
        if isinstance(value, str):
            legal = ILLEGAL_CHARACTERS_RE.sub("", value)
            cell.value = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", legal)  # else read as an escape
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.data_type, cell.quotePrefix, cell.number_format = "s", True, "@"
        else:
            cell.value = value


def grid(book, title, columns, rows):
    """Return a new sheet with a header and *rows*; whatever is written into it later is text."""
    worksheet = book.create_sheet(title)
    for row in (columns, *rows):
        append(worksheet, row)
    for number, name in enumerate(columns, 1):
        worksheet.cell(1, number).font = Font(bold=True)
        letter = openpyxl.utils.get_column_letter(number)
        wide = {"text": 110, "title": 60, "meaning": 90, "partners": 40, "evidence": 80, "document": 40}
        worksheet.column_dimensions[letter].width = wide.get(name, 14)
        column = worksheet.column_dimensions[letter]
        column.number_format = "@"  # or 2001-04 becomes the first of April
        column.alignment = Alignment(wrap_text=True, vertical="top")
    worksheet.freeze_panes = "A2"
    return worksheet


def restrict(worksheet, columns, name, rows, allowed):
    """Let the first *rows* cells of a column take what *allowed*, a range or a list, has, and nothing else."""
    letter = openpyxl.utils.get_column_letter(columns.index(name) + 1)
    rule = DataValidation(type="list", formula1=allowed, allow_blank=True, showErrorMessage=True)
    rule.error = f"Choose a value of the list for {name}; the sheet 'codes' says what each means."
    worksheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{rows + 1}")


def timeless(saved):
    """Return the bytes of a workbook, a file object, without the time at which it was made."""
    made = io.BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name, OLD), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def read(path):
    """Yield what a workbook says of each document: a dict for `coding_form.Row`."""
    try:
        Path(path).stat()
        with table.workbook(path) as sheets:
            found = {title: list(rows) for title, rows in sheets}
    except Refused as fault:
        raise EntenteError(f"{path}: {fault.detail}") from None
    except (KeyError, ValueError, TypeError, SyntaxError, EOFError, zipfile.BadZipFile, zlib.error) as fault:
        raise EntenteError(
            f"{path}: not a workbook that can be read ({fault}); save it as XLSX again"
        ) from None
    if lacking := [name for name in ("start", "documents", "texts", "alliances") if name not in found]:
        raise EntenteError(
            f"{path}: no sheet {lacking[0]!r}; give the workbook that `entente sample` wrote, filled in"
        )
    coder = " ".join(written(value) for row in found["start"][:1] for value in row[1:2])
    lines, alliances = defaultdict(lambda: defaultdict(str)), defaultdict(list)
    for _, row in named(path, "texts", found, ("number", "line", "text")):
        lines[row["number"]][row["line"]] += row["text"]
    functions = tuple(codes("functions"))
    for place, row in named(path, "alliances", found, (*BEFORE, *functions, *AFTER)):
        alliances[row["number"]].append(
            row
            | {
                "place": place,
                "partners": split(row["partners"]),
                "evidence": split(row["evidence"]),
                "functions": [
                    code if row[code].lower() == "x" else row[code] for code in functions if row[code]
                ],
                "stakes": [stake(line) for line in split(row["stakes"])],
            }
        )
    for place, row in named(path, "documents", found, DOCUMENTS):
        title, *text = lines[row["number"]].values() or [""]
        own = alliances.pop(row["number"], [])
        coded = {"place": place, "coder": coder, "title": title, "text": "\n".join(text), "alliances": own}
        yield row | coded
    for number, (first, *_) in alliances.items():
        raise EntenteError(
            f"{first['place']}: no document has the number {number!r}; give the one in the sheet 'documents'"
        )


def named(path, title, found, columns):
    """Yield (place, {column: text}) of the rows of a sheet that hold anything; the text as the project normalises it."""
    header, *rows = found[title] or [()]
    header = [table.cell(value).strip() for value in header]
    if lacking := [column for column in columns if column not in header]:
        raise EntenteError(f"{path}: sheet {title!r} lacks the column {lacking[0]!r}; put back its first row")
    for number, row in enumerate(rows, 2):
        values = {
            name: written(value) if title != "texts" else table.cell(value)
            for name, value in zip(header, row, strict=False)
        }
        if any(values.values()):
            yield f"{path}: {title} row {number}", dict.fromkeys(columns, "") | values


def written(value):
    """Return the value of a cell as normalised text; of a date that the program made of what was typed, it is said.

    >>> written(datetime.datetime(2001, 4, 1)), written(" Sony ")
    ('2001-04-01 as a date, not as text', 'Sony')
    """
    return normalise(table.cell(value) + " as a date, not as text" * isinstance(value, datetime.datetime))


def split(text):
    r"""Return the lines of a cell that are not blank.

    >>> split("Sony Corp \n\nEricsson")
    ['Sony Corp', 'Ericsson']
    """
    return [line.strip() for line in text.split("\n") if line.strip()]
