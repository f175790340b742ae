"""Give a sample of documents to a coder, and take back what was coded: a workbook, Label Studio, or a page.

The coder sees texts, titles and dates, in an order that says nothing of the strata: neither what was found in
them, nor how likely they were to be drawn. The inclusion probabilities stay in the sample's file, and join the codes
when these are read. Each form carries its texts, so that every quotation is checked against what the coder saw.
"""

import base64
import calendar
import datetime
import hashlib
import io
import json
import re
import sys
import zipfile
import zlib
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation
from pydantic import BaseModel, ConfigDict, ValidationError

from entente import cli, sample
from entente.agreement import by_field
from entente.codebook import CODEBOOK, equity_status
from entente.errors import EntenteError
from entente.readers import Refused, table
from entente.records import Document, Gold
from entente.tables import Interim
from entente.text import normalise

DATA = ("coding.html",)

FORMAT = "entente coding 1"
REPORTS = {"alliance": "reports one alliance or several", "none": "reports none"}
CHOICES = ("form", "value_chain", "status")
LONGEST = 32_000  # characters in a cell; a workbook holds 32,767
HOLDING = re.compile(r"(?P<holder>.+?)\s*;\s*(?P<percent>[\d.,]+)\s*%?\s*(?:;\s*(?P<target>.+))?")
OLD = (1980, 1, 1, 0, 0, 0)  # the time of every file in an archive: a sheet says nothing of when it was made


class Coded(Gold):
    """Gold that a coder made of a document of a sample. ``stratum`` is null in a sample of mentions."""

    corpus: str
    coder: str
    stratum: str | None
    inclusion_probability: sample.Probability


class Holding(BaseModel):
    """A stake as it was written down."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    holder: str
    percent: str
    target: str | None = None


class Written(BaseModel):
    """An alliance as it was written down, unchecked; ``place`` is where. An empty string is nothing."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    place: str
    partners: list[str]
    venture_name: str
    form: str
    functions: list[str]
    value_chain: str
    stakes: list[Holding | str]
    status: str
    date: str
    term_years: str
    evidence: list[str]
    alliance: str


class Row(BaseModel):
    """A document as it was coded, unchecked."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    place: str
    coder: str
    document: str
    title: str
    text: str
    reports: str
    non_alliance: str
    genre: str
    note: str
    alliances: list[Written]


def codes(attribute):
    """Return {code: meaning} of an attribute; ``functions`` are those of ``function``.

    >>> codes("value_chain")["unclear"]
    'the text does not say'
    """
    meanings = CODEBOOK["function" if attribute == "functions" else attribute]
    return {code: text if isinstance(text, str) else text["meaning"] for code, text in meanings.items()}


def texts(interim, corpora, drawn):
    """Return the Documents of the *drawn* units in the coder's order, which is the lot's.

    Raises
    ------
    EntenteError
        If one is not in the folder of records.
    """
    wanted = {unit.document for unit in drawn}
    source = Interim(Path(interim), tuple(map(Path, corpora)))
    found = [document for _, document in source.records("documents", Document) if document.id in wanted]
    if missing := sorted(wanted - {document.id for document in found}):
        raise EntenteError(
            f"{interim}: no document {missing[0]}; the sample is of another run: draw a new one"
        )
    return sorted(found, key=lambda document: sample.permanent_number("order", document.id))


def sheet(documents, folder):
    """Write the coding sheets of *documents* into *folder*: coding.xlsx, label-studio.json and .xml, coding.html."""
    folder = Path(folder)
    with cli.replacing(folder / "coding.xlsx") as file:
        file.buffer.write(workbook(documents))
    with cli.replacing(folder / "label-studio.json") as file:
        json.dump(tasks(documents), file, ensure_ascii=False, indent=1)
    with cli.replacing(folder / "label-studio.xml") as file:
        file.write(labelling())
    with cli.replacing(folder / "coding.html") as file:
        file.write(page(documents))


# ---- the workbook ----------------------------------------------------------------------------------

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


def from_workbook(path):
    """Yield what a workbook says of each document; see `read`."""
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
        holdings = [HOLDING.fullmatch(line) or line for line in split(row["stakes"])]
        alliances[row["number"]].append(
            row
            | {
                "place": place,
                "partners": split(row["partners"]),
                "evidence": split(row["evidence"]),
                "functions": [
                    code if row[code].lower() == "x" else row[code] for code in functions if row[code]
                ],
                "stakes": [one if isinstance(one, str) else one.groupdict() for one in holdings],
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


# ---- Label Studio ----------------------------------------------------------------------------------


def tasks(documents):
    """Return *documents* as Label Studio's tasks; there are no predictions among them."""
    return [
        {"data": {"document": d.id, "date": d.date or "", "title": d.title, "text": f"{d.title}\n{d.text}"}}
        for d in documents
    ]


def labelling():
    """Return the labelling interface for Label Studio, XML.

    Marks are Partner, Venture and Evidence, each with the number of its alliance. An alliance's codes are given
    at its evidence.
    """
    view = ElementTree.Element("View")

    def add(tag, name, *, values=(), parent=view, **attributes):
        node = ElementTree.SubElement(parent, tag, name=name, toName="text", **attributes)
        for value, hint in values:
            child = ElementTree.SubElement(node, "Label" if tag == "Labels" else "Choice", value=value)
            if hint:
                child.set("hint", hint)

    add("Labels", "mark", values=[("Partner", ""), ("Venture", ""), ("Evidence", "")])
    ElementTree.SubElement(view, "Text", name="text", value="$text", granularity="symbol")
    add("Choices", "reports", values=REPORTS.items(), choice="single-radio", required="true")
    for attribute in ("non_alliance", "genre"):
        add("Choices", attribute, values=codes(attribute).items(), choice="single-radio")
    add("TextArea", "note", placeholder="Note")
    add("Number", "number", perRegion="true", min="1", step="1", defaultValue="1")
    evidence = {"perRegion": "true", "whenTagName": "mark", "whenLabelValue": "Evidence"}
    for attribute in CHOICES:
        add("Choices", attribute, values=codes(attribute).items(), choice="single-radio", **evidence)
    add("Choices", "functions", values=codes("functions").items(), choice="multiple", **evidence)
    for name, hint in {
        "stakes": "holder; percent; target",
        "date": "announced: 2001-04-24, 2001-04 or 2001",
        "term_years": "agreed duration in years",
        "alliance": "a key, if other documents report it too",
    }.items():
        add("TextArea", name, placeholder=hint, **evidence)
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"


def from_label_studio(path, exported):
    """Yield what Label Studio's export, a list of tasks, says of each document; see `read`."""
    for number, task in enumerate(exported, 1):
        place = f"{path}: task {number}"
        given = task["data"]
        title, _, text = given["text"].partition("\n")
        for annotation in task.get("annotations") or [{}]:
            if not annotation.get("was_cancelled"):
                who = annotation.get("completed_by") or ""
                coder = who.get("email") or who.get("id") if isinstance(who, dict) else who
                row = {"place": place, "document": given["document"], "title": title, "text": text}
                coded = annotated(place, annotation.get("result") or [], given["text"])
                yield row | coded | {"coder": coder or ""}


def annotated(place, result, text):
    """Return the codes of one annotation: a list of marks, and of codes for a mark, with its id, or for the document."""
    marks, values = {}, defaultdict(lambda: defaultdict(list))
    for item in result:
        value = item["value"]
        if item["from_name"] == "mark":
            marks[item["id"]] = value["labels"][0], value["start"], marked(value, text)
        else:
            given = value[{"choices": "choices", "number": "number", "textarea": "text"}[item["type"]]]
            values[item["id"]][item["from_name"]] += given if isinstance(given, list) else [given]
    whole = defaultdict(list)
    for own in (values[key] for key in values if key not in marks):
        for name, given in own.items():
            whole[name] += given
    alliances = defaultdict(lambda: defaultdict(list))
    for key, (label, _, quote) in sorted(marks.items(), key=lambda mark: mark[1][1]):
        alliance = alliances[int((values.get(key, {}).get("number") or [1])[0])]
        alliance[label].append(quote)
        for name, given in values.get(key, {}).items():
            alliance[name] += [one for one in given if one not in alliance[name]]
    return {
        **{name: one(whole[name]) for name in ("reports", "non_alliance", "genre", "note")},
        "alliances": [
            {
                "place": f"{place}, alliance {number}",
                "partners": list(dict.fromkeys(own["Partner"])),
                "venture_name": own["Venture"][0] if own["Venture"] else "",
                "evidence": own["Evidence"],
                "functions": own["functions"],
                "stakes": [
                    h.groupdict() if (h := HOLDING.fullmatch(line)) else line for line in own["stakes"]
                ],
                **{name: one(own[name]) for name in (*CHOICES, "date", "term_years", "alliance")},
            }
            for number, own in sorted(alliances.items())
        ],
    }


def one(values):
    """Return the one value that was given, or all of them, joined, which no check lets pass.

    >>> one(["signed"]), one([]), one(["signed", "planned"])
    ('signed', '', 'signed / planned')
    """
    return " / ".join(map(str, values))


def marked(value, text):
    r"""Return the words of a mark: as given if they stand in the text, else those at its offsets, in UTF-16 units.

    >>> marked({"start": 3, "end": 9, "text": "Sony\\nX"}, "\U0001f600 Sony X")
    'Sony X'
    """
    given = value.get("text") or ""
    if given in text and given:
        return given
    units = text.encode("utf-16-le")
    return units[2 * value["start"] : 2 * value["end"]].decode("utf-16-le", "replace")


# ---- the page --------------------------------------------------------------------------------------


def page(documents):
    """Return the page for coding *documents* in a browser, offline: one HTML file.

    The texts are in a block of data, which no browser runs. The page's policy lets its own script and style run, told
    by their digests, and nothing else: no request, no frame, no script that a text might smuggle in.
    """
    attributes = ("genre", "non_alliance", *CHOICES, "functions")
    given = {
        "format": FORMAT,
        "sample": identity(documents),
        "codes": {attribute: codes(attribute) for attribute in attributes},
        "documents": [
            {"document": d.id, "title": d.title, "date": d.date, "language": d.language, "text": d.text}
            for d in documents
        ],
    }
    template = files("entente").joinpath("coding.html").read_text(encoding="utf-8")
    style, script = (
        re.search(f"<{tag}>(.*?)</{tag}>", template, re.DOTALL)[1] for tag in ("style", "script")
    )
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {digest(script)}",
            f"style-src {digest(style)}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    content = json.dumps(given, ensure_ascii=False).replace("<", "\\u003c")
    return template.replace("{{policy}}", policy).replace("{{data}}", content)


def identity(documents):
    """Return what tells this sample's sheets from another's: a digest of its documents' ids and texts."""
    content = json.dumps([[d.id, d.title, d.text] for d in documents])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def digest(content):
    """Return the source expression that lets one script or style run.

    >>> digest("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def from_page(path, given):
    """Yield what the page's file says of each document; see `read`."""
    for row in given["documents"]:
        place = f"{path}: {row['document']}"
        alliances = [
            alliance | {"place": f"{place}, alliance {number}"}
            for number, alliance in enumerate(row["alliances"] if row["reports"] == "alliance" else [], 1)
        ]
        kind = row["non_alliance"] if row["reports"] == "none" else ""
        yield row | {
            "place": place,
            "coder": given["coder"],
            "alliances": alliances,
            "non_alliance": kind,
        }


# ---- what was coded --------------------------------------------------------------------------------


def opened(path):
    """Return the Rows of a file in one of the three forms."""
    if Path(path).suffix.lower() == ".xlsx":
        return [Row.model_validate(row) for row in from_workbook(path)]
    try:
        given = json.loads(Path(path).read_bytes())
        if not isinstance(given, list) and given["format"] != FORMAT:
            raise ValueError(f"format {given['format']!r}")
        found = from_label_studio(path, given) if isinstance(given, list) else from_page(path, given)
        return [Row.model_validate(row) for row in found]
    except ValidationError as fault:
        raise EntenteError(
            f"{path}: {cli.describe(fault)}; let the page or Label Studio save it again"
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as fault:
        raise EntenteError(
            f"{path}: not what a coding page or Label Studio saves ({type(fault).__name__}: {fault}); give a .xlsx, "
            "the page's .json, or Label Studio's export as JSON"
        ) from None


def read(path, drawn=None, coder=None, *, partial=False):
    """Return what was coded, as gold, from a workbook, a page's file or Label Studio's export.

    Parameters
    ----------
    path : Path
    drawn : list of sample.Drawn
        The sample; by default sample.jsonl beside *path*.
    coder : str
        Who coded; by default whom the file names.
    partial : bool
        Whether documents may be missing. The probabilities hold for the whole sample, not for a part of it.

    Returns
    -------
    list of Coded
        By coder and document.

    Raises
    ------
    EntenteError
        If anything is wrong: all faults, a line each, with place and remedy.
    """
    drawn = list(cli.read(Path(path).with_name("sample.jsonl"), sample.Drawn)) if drawn is None else drawn
    units = {unit.document: unit for unit in drawn}
    found, faults = {}, []
    for row in opened(path):
        who, place = (coder or row.coder).strip(), row.place
        if row.document not in units:
            faults.append(
                f"{place}: {row.document!r} is not in the sample; give the sample that it was drawn in"
            )
        elif not row.reports:
            if not partial:
                faults.append(
                    f"{place}: not coded; choose whether it reports an alliance, or import with --partial"
                )
        elif not who:
            faults.append(f"{path}: no coder's name; write it where the sheet asks for it, or give --coder")
        elif (who, row.document) in found:
            faults.append(f"{place}: coded twice by {who}; keep one of the two")
        else:
            gold, own = checked(row, units[row.document], who)
            faults += own
            found[who, row.document] = gold
    missing = sorted(units.keys() - {document for _, document in found})
    if missing and not faults and not partial:
        faults.append(
            f"{path}: {len(missing)} documents of the sample are not in it, such as {missing[0]}; "
            "code them, or import with --partial"
        )
    if faults:
        raise EntenteError("\n".join(dict.fromkeys(faults)))
    return [found[key] for key in sorted(found)]


def checked(row, unit, coder):
    """Return (Coded, faults) of what a *coder* says of a document, a Row."""
    place, whole, faults = row.place, f"{row.title}\n{row.text}", []
    if row.reports not in REPORTS:
        faults.append(f"{place}: reports is {row.reports!r}; write {' or '.join(REPORTS)}")
    if row.reports == "alliance" and not row.alliances:
        faults.append(f"{place}: it reports an alliance, and none is coded; code it, or write none")
    if row.reports == "none" and row.alliances:
        faults.append(
            f"{place}: it reports none, and {len(row.alliances)} are coded; remove them, or write alliance"
        )
    if row.reports == "none" and not row.non_alliance:
        faults.append(f"{place}: non_alliance is empty; choose what seems an alliance here, or other")
    if row.reports == "alliance" and row.non_alliance:
        faults.append(
            f"{place}: non_alliance is {row.non_alliance!r} of a document with an alliance; empty it"
        )
    for attribute in ("non_alliance", "genre"):
        faults += no_code(place, attribute, getattr(row, attribute)) if getattr(row, attribute) else []
    alliances = []
    for given in row.alliances:
        alliance, own = checked_alliance(given, whole)
        alliances.append(alliance)
        faults += own
    if faults:
        return None, faults
    try:
        coded = Coded(
            id=unit.document.partition("/")[2],
            corpus=unit.corpus,
            genre=row.genre or None,
            alliances=alliances,
            non_alliance=row.non_alliance or None,
            note=row.note,
            coder=coder,
            stratum=unit.stratum if unit.id == unit.document else None,
            inclusion_probability=unit.document_probability,
        )
    except ValidationError as fault:
        return None, [f"{place}: {cli.describe(fault)}; correct it"]
    return coded, []


def no_code(place, attribute, value):
    """Return a list: the fault, if *value* is no code of the attribute."""
    if value in codes(attribute):
        return []
    return [f"{place}: {attribute} is {value!r}; choose one of {', '.join(codes(attribute))}"]


def checked_alliance(given, whole):
    """Return (a dict for GoldAlliance, faults) of an alliance as coded in a document with the text *whole*."""
    place, faults = given.place, []
    for attribute in CHOICES:
        faults += no_code(place, attribute, getattr(given, attribute))
    for code in given.functions:
        faults += no_code(place, "functions", code)
    quotes = {name: getattr(given, name) for name in ("partners", "evidence")}
    quotes["venture_name"] = [given.venture_name] if given.venture_name else []
    for name, words in quotes.items():
        quotes[name] = [verbatim(quote, whole) for quote in words]
        faults += [
            f"{place}: {name}: {quote[:80]!r} does not stand in the text; copy it from there"
            for quote, stands in zip(words, quotes[name], strict=True)
            if stands is None
        ]
        if not words and name != "venture_name":
            faults.append(f"{place}: no {name}; give one at least, word for word from the text")
    stakes = []
    for stake in given.stakes:
        stakes.append(holding(stake, whole))
        if stakes[-1] is None or stakes[-1]["holder"] not in quotes["partners"]:
            shown = stake if isinstance(stake, str) else f"{stake.holder}; {stake.percent}"
            faults.append(
                f"{place}: stake {shown!r}; write a partner, percent over 0 to 100, and target: 'Sony; 50'"
            )
    if given.date and not is_date(given.date):
        faults.append(
            f"{place}: date is {given.date!r}; write 2001-04-24, 2001-04 or 2001, in a cell of text"
        )
    years = number(given.term_years) if given.term_years else None
    if given.term_years and not (years and years > 0):
        faults.append(f"{place}: term_years is {given.term_years!r}; write a number of years, such as 5")
    return {
        "alliance": given.alliance or None,
        "partners": quotes["partners"],
        "venture_name": (quotes["venture_name"] or [None])[0],
        "form": given.form,
        "equity_status": equity_status(given.form) if given.form in codes("form") else "",
        "functions": [code for code in codes("functions") if code in given.functions],
        "value_chain": given.value_chain,
        "stakes": stakes,
        "status": given.status,
        "date": given.date or None,
        "term_years": years,
        "evidence": quotes["evidence"],
    }, faults


def verbatim(words, whole):
    r"""Return *words* as they stand in the text *whole*, where a blank may be a line's end; None if they do not.

    >>> verbatim("Sony  Ericsson", "of Sony\nEricsson"), verbatim("Nokia", "of Sony")
    ('Sony\nEricsson', None)
    """
    pattern = r"\s+".join(map(re.escape, normalise(words).split()))
    found = re.search(pattern, whole) if pattern else None
    return found and found[0]


def holding(stake, whole):
    """Return a stake, a Holding, as GoldAlliance has it; None if it is none."""
    if isinstance(stake, str):
        return None
    percent, target = number(stake.percent), stake.target or "venture"
    if target != "venture":
        target = verbatim(target, whole)
    if not (percent and 0 < percent <= 100 and target):
        return None
    return {"holder": verbatim(stake.holder, whole), "percent": percent, "target": target}


def number(text):
    """Return the finite number that *text* says, with a point or a comma; None if it says none.

    >>> number("33,3"), number(50), number("half"), number("1e999")
    (33.3, 50.0, None, None)
    """
    found = re.fullmatch(r"\d{1,9}([.,]\d{1,9})?", str(text).strip())
    return float(found[0].replace(",", ".")) if found else None


def is_date(text):
    """Tell whether *text* is a date, whole or in part.

    >>> is_date("2001-04"), is_date("2001-02-29"), is_date("2001-04-24 00:00")
    (True, False, False)
    """
    found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text, re.ASCII)
    if not found or found[1] == "0000":
        return False
    year, month, day = (int(part or 1) for part in found.groups())
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def first_and_second(coded):
    """Return ({document: its first coding}, {document: its second}), of a list of Coded in the order of the files.

    Raises
    ------
    EntenteError
        If a document was coded three times, or twice by one coder.
    """
    rounds = {}, {}
    for gold in coded:
        document = f"{gold.corpus}/{gold.id}"
        earlier = [own[document] for own in rounds if document in own]
        if gold.coder in [one.coder for one in earlier] or len(earlier) == 2:
            raise EntenteError(
                f"{document}: coded by {', '.join(one.coder for one in earlier)} and again by {gold.coder}; "
                "import one coding each of two coders"
            )
        rounds[len(earlier)][document] = gold
    return rounds


# ---- the commands ----------------------------------------------------------------------------------


def folders(corpora):
    """Return the corpora's folders: as given, or all in corpus/."""
    return corpora or sorted(path.parent for path in Path("corpus").glob("*/corpus.yaml"))


def run_sample(interim, corpora, output, n, unit, seed, allocation, years, more, after, coded):
    """Draw a sample, or extend one, and write it with its coding sheets into the folder *output*."""
    corpora = folders(corpora)
    if more is None:
        design, drawn = sample.draw(interim, corpora, n, unit, seed, allocation, years)
        todo = drawn
    else:
        design, drawn, todo = extended(interim, corpora, more, after, coded)
    if (output / "sample.jsonl").exists():
        raise EntenteError(
            f"{output}: it holds a sample, perhaps with codes; give another folder as --output"
        )
    sheet(texts(interim, corpora, todo), output)
    cli.write(output / "design.jsonl", [design])
    cli.write(output / "sample.jsonl", drawn)
    sys.stdout.write(
        f"{output}: {len({one.document for one in todo})} documents to code, in {len(design.strata)} strata\n"
    )


def extended(interim, corpora, more, after, coded):
    """Return (design, the whole sample, what to code next) of a coded sample, and print what it would bring."""
    if after is None or not coded:
        raise EntenteError(
            "--more goes on from a coded sample: give its folder as --after, its files as --coded"
        )
    (design,) = cli.read(after / "design.jsonl", sample.Design)
    before = list(cli.read(after / "sample.jsonl", sample.Drawn))
    records = (one for path in coded for one in read(path, before, partial=True))
    gold, _ = first_and_second(records)
    found = sample.narrowing(interim, corpora, design, gold, more)
    for row in found.strata:
        if row["more"]:
            sys.stdout.write(f"{row['more']:5} more of {row['population']:6}: {row['stratum']}\n")
    sys.stdout.write(
        f"equity share, half-width of the interval: now {found.half_width:.4f}, then {found.half_width_then:.4f} expected\n"
    )
    whole = sample.frame(Interim(Path(interim), tuple(map(Path, corpora))), "document", design.years)
    return found.design, sample.select(found.design, whole), found.units


def run_import(paths, sample_file, coder, partial, output, replace):
    """Check coded files, and write them as gold: output/CORPUS/gold.jsonl, and second.jsonl of what was coded twice."""
    drawn = list(cli.read(sample_file or paths[0].with_name("sample.jsonl"), sample.Drawn))
    several = partial or len(paths) > 1
    coded, faults = [], []
    for path in paths:
        try:
            coded += read(path, drawn, coder, partial=several)
        except EntenteError as fault:
            faults.append(str(fault))
    lacking = {unit.document for unit in drawn} - {f"{gold.corpus}/{gold.id}" for gold in coded}
    if lacking and not partial and not faults:
        faults.append(
            f"{len(lacking)} documents are not coded in any file, such as {min(lacking)}; code them, or give --partial"
        )
    if faults:
        raise EntenteError("\n".join(faults))
    first, second = first_and_second(coded)
    for name, found in (("gold", first), ("second", second)):
        for corpus in sorted({gold.corpus for gold in found.values()}):
            path = output / corpus / f"{name}.jsonl"
            if path.exists() and not replace:
                raise EntenteError(
                    f"{path}: is there already; give another --output, or --replace to write it anew"
                )
            cli.write(
                path, [found[document] for document in sorted(found) if found[document].corpus == corpus]
            )
            sys.stdout.write(f"{path}: {sum(gold.corpus == corpus for gold in found.values())} documents\n")
    for row in (
        by_field([(first[document], second[document]) for document in sorted(second)]) if second else ()
    ):
        alpha = f", alpha {row['alpha']:.2f} [{row['low']:.2f}, {row['high']:.2f}]" if "alpha" in row else ""
        sys.stdout.write(f"{row['field']}: {row['units']} units, agreement {row['agreement']:.2f}{alpha}\n")


def add(commands):
    """Add `sample` and `code` to a parser's *commands*."""
    sub = commands.add_parser("sample", help="draw documents to code by hand, and write their coding sheets")
    size = sub.add_mutually_exclusive_group(required=True)
    size.add_argument("--n", type=int, help="units to draw")
    size.add_argument(
        "--more", type=int, help="how many more documents, chosen to narrow the equity share's interval most"
    )
    sub.add_argument(
        "--output",
        type=Path,
        required=True,
        help="new folder for the sample and its sheets; they hold whole texts",
    )
    sub.add_argument(
        "--unit", choices=("document", "mention"), default="document", help="what is drawn (default document)"
    )
    sub.add_argument("--seed", type=int, default=1, help="of the lot (default 1)")
    sub.add_argument(
        "--allocation",
        choices=("proportional", "neyman"),
        default="proportional",
        help="to strata, beyond 2 each: by size (default), or more where the model is less sure",
    )
    sub.add_argument("--years", type=int, default=5, help="length of a period (default 5)")
    sub.add_argument(
        "--after", type=Path, metavar="FOLDER", help="with --more: folder of the sample to go on from"
    )
    sub.add_argument(
        "--coded", type=Path, nargs="+", default=[], metavar="FILE", help="with --more: what was coded of it"
    )
    sub.add_argument(
        "--interim",
        type=Path,
        default=Path("results/interim"),
        help="the run's records (default results/interim)",
    )
    sub.add_argument(
        "--corpora",
        type=Path,
        nargs="+",
        metavar="FOLDER",
        help="corpora to draw from (default all in corpus/)",
    )
    sub.set_defaults(run=run_sample)

    actions = commands.add_parser("code", help="what was coded by hand").add_subparsers(
        required=True, metavar="ACTION"
    )
    sub = actions.add_parser("import", help="check coded sheets and make gold of them")
    sub.add_argument(
        "paths",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="coding.xlsx, the page's or Label Studio's JSON; of one or two coders",
    )
    sub.add_argument(
        "--sample", type=Path, dest="sample_file", help="sample.jsonl (default beside the first FILE)"
    )
    sub.add_argument("--coder", help="who coded (default whom the file names)")
    sub.add_argument("--partial", action="store_true", help="some documents may not be coded yet")
    sub.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="gold is written to FOLDER/CORPUS/gold.jsonl",
    )
    sub.add_argument("--replace", action="store_true", help="write files anew that are there")
    sub.set_defaults(run=run_import)
