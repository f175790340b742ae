"""Give a sample of documents to a coder, and take back what was coded: a workbook, Label Studio, or a page.

The coder sees texts, titles and dates, in an order that says nothing of the strata: neither what was found in
them, nor how likely they were to be drawn. The inclusion probabilities stay in the sample's file, and join the codes
when these are read. Each form carries its texts, so that every quotation is checked against what the coder saw.
"""

import json
from pathlib import Path

from pydantic import ValidationError

from entente import cli, coding_label_studio, coding_page, coding_workbook, sample
from entente.coding_form import Row
from entente.errors import EntenteError
from entente.records import Document
from entente.tables import Interim


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
        file.buffer.write(coding_workbook.workbook(documents))
    with cli.replacing(folder / "label-studio.json") as file:
        json.dump(coding_label_studio.tasks(documents), file, ensure_ascii=False, indent=1)
    with cli.replacing(folder / "label-studio.xml") as file:
        file.write(coding_label_studio.labelling())
    with cli.replacing(folder / "coding.html") as file:
        file.write(coding_page.page(documents))


def opened(path):
    """Return the Rows of a file in one of the three forms."""
    if Path(path).suffix.lower() == ".xlsx":
        return [Row.model_validate(row) for row in coding_workbook.read(path)]
    try:
        given = json.loads(Path(path).read_bytes())
        form = coding_label_studio if isinstance(given, list) else coding_page
        return [Row.model_validate(row) for row in form.read(path, given)]
    except ValidationError as fault:
        raise EntenteError(
            f"{path}: {cli.describe(fault)}; let the page or Label Studio save it again"
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as fault:
        raise EntenteError(
            f"{path}: not what a coding page or Label Studio saves ({type(fault).__name__}: {fault}); give a .xlsx, "
            "the page's .json, or Label Studio's export as JSON"
        ) from None
