"""The data dictionary: name, type, unit, meaning and codes of every column that is published.

The meaning is what the docstring of the table's function says in its section *Columns*. Type and unit follow
from the column's name by the list below, or else from the words of its meaning; never from the cells, so that
they stay when a corpus is added.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from entente import tables
from entente.codebook import meanings
from entente.errors import EntenteError

SEPARATOR = "; "
"""What joins the items of a list in one cell."""

# (type, unit): the columns that have them, as table.column; the first pattern that fits counts. The types are
# those of Data Package v2. The unit of a number of things, be it alliances or documents, is `count`.
KINDS = {
    ("string", ""): "equity_share_by_year.year evaluation.value equity_share_by_group.value"
    " coverage_by_language.coverage blocking_growth.partners claims.document mentions.alliance *.equity_status"
    " resolution_quality.records duplicates_and_shares.unit functions_by_form.function specification_curve.duplicates",
    ("list", ""): "alliances.partners mentions.partners *.functions *.stakes *.languages alliances.corpora"
    " organisations.names *.offsets documents.remarks register.claims register.documents register.agrees"
    " register.disagrees register.literature coverage_by_recapture.sources coverage_by_recapture.dependent"
    " coverage_by_recapture.assumptions",
    ("boolean", ""): "documents.covered specification_curve.headline coverage_by_recapture.chosen",
    ("number", "percentage points"): "error_budget.shift error_budget.low error_budget.high"
    " error_budget.error",
    (
        "number",
        "see unit",
    ): "claims.value claims.value_low claims.value_high register.value register.value_low"
    " register.value_high literature.value literature.value_low literature.value_high"
    " trends.estimate trends.low trends.high",
    ("integer", "calendar year"): "alliances.year register.start register.end",
    ("number", "years"): "*.term_years",
    ("integer", "code points"): "documents.characters mention_evidence.start mention_evidence.end"
    " claim_evidence.start claim_evidence.end",
    ("integer", "rank"): "specification_curve.rank *.position",
    ("number", "percent"): "stakes.percent",
    ("number", "count"): "coverage_by_recapture.population coverage_by_recapture.standard_error"
    " coverage_by_recapture.low coverage_by_recapture.high",
    ("number", ""): "agreement.alpha agreement.low agreement.high blocking_growth.exponent*"
    " coverage_by_recapture.deviance coverage_by_recapture.aicc trends.statistic",
    ("integer", "count"): "*.alliances *.equity *.contractual *.unknown *.n *.n_* *.*_n *.count *.documents"
    " *.gold_documents *.duplicates *.mentions *.files *.records *.rejected *.matches *.units *.clusters"
    " *.left_out *.items *.*_pairs *.pairs *.compared *.agreements *.seen *.recaptured *.degrees *.years"
    " *.sample_size",
    ("number", "proportion"): "*.share *.share_* *.*_share *.low *.high *.*_low *.*_high *.level *.change"
    " *.minimum_confidence *.confidence *.language_probability *.p *.p_holm *.part *.excess *.coverage"
    " agreement.agreement *.precision *.recall *.f *.*_precision *.*_recall *.*_f *.*_accuracy"
    " *.calibration_error *.calibration_error_by_chance",
}
WORDS = {  # what the meaning of another column begins with
    ("integer", "count"): ("number of ", "how many "),
    ("boolean", ""): ("whether ",),
}
CODES = {  # the codebook's attribute, where it has another name than the column
    "functions": "function",
    "reason": "rejection",
}


@dataclass(frozen=True)
class Column:
    """A column: *codes* is {code: meaning} where its cells hold codes of the codebook, and else empty.

    ``type`` is ``string``, ``integer``, ``number``, ``boolean`` or ``list`` (strings joined by SEPARATOR).
    ``unit`` is empty where there is none, and ``see unit`` where the row's cell ``unit`` tells it.
    """

    name: str
    type: str
    unit: str
    meaning: str
    codes: dict


def columns(table, rows=(), others=()):
    """Return the list of Columns of a table, in the order of its file.

    Parameters
    ----------
    table : function
        One of `estimate.TABLES` or `dataset.FILES`.
    rows : list of dict
        Its rows, of which only the keys count; of an empty table, the columns are those of its docstring.
    others : iterable of function
        Functions whose docstrings explain what that of *table* leaves out.

    Raises
    ------
    EntenteError
        If no docstring explains a column.
    """
    return [
        column(table.__name__, name, tables.meaning(name, table, others))
        for name in tables.header(table, list(rows))
    ]


def column(table, name, meaning):
    """Return the Column *name* of the table of that name.

    >>> column("forms_by_period", "share", "count / alliances")
    Column(name='share', type='number', unit='proportion', meaning='count / alliances', codes={})
    >>> column("mine", "visits", "number of visits").type, column("mine", "place", "where").type
    ('integer', 'string')
    """
    place = f"{table}.{name}"
    known = (kind for kind, text in KINDS.items() if any(fnmatchcase(place, p) for p in text.split()))
    told = (kind for kind, words in WORDS.items() if meaning.lower().startswith(words))
    kind = next(known, None) or next(told, ("string", ""))
    return Column(name, *kind, meaning, codes(name, meaning))


def codes(name, meaning):
    """Return {code: meaning} of a column whose cells hold codes of the codebook; nothing of another.

    >>> list(codes("value_chain", "place of the partners, a code of the codebook"))
    ['horizontal', 'vertical', 'unclear']
    """
    if "of the codebook" not in meaning:
        return {}
    return meanings(CODES.get(name, name)) | ({"all": "all of them"} if "``all``" in meaning else {})


def value(text, of):
    """Return the cell's *text* as a value of the type of the Column *of*; None if it is empty.

    The apostrophe before what a spreadsheet would take for a formula goes.

    Raises
    ------
    EntenteError
        If it is not of that type.

    >>> number, items = column("t", "share", ""), column("alliances", "partners", "")
    >>> value("0.25", number), value("", number), value("'=A; B", items)
    (0.25, None, ['=A', 'B'])
    """
    if text.startswith("'") and text[1:].startswith(tables.FORMULA):
        text = text[1:]
    try:
        return None if text == "" else READ[of.type](text)
    except (KeyError, ValueError):
        raise EntenteError(
            f"column {of.name!r}: found {text!r}, expected {of.type}; correct KINDS in entente/dictionary.py"
        ) from None


READ = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "list": lambda text: text.split(SEPARATOR),
}
