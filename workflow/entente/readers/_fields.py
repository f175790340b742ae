"""Make records of rows: lines of JSON, rows of a table."""

from entente.codebook import codes
from entente.readers import Raw, Refused

FIELDS = ("id", "text", "title", "date", "language", "url", "licence", "quotes")


def columns_of(field, how):
    """Return the columns in which a field of `Raw` stands, a list; what stands in several is joined."""
    columns = how.columns.get(field, field)
    return [columns] if isinstance(columns, str) else list(columns)


def raw(row, how, place):
    """Return the record of a row, or why it is refused.

    Parameters
    ----------
    row : dict
        Values by column; columns that `how` does not name are read over.
    how : entente.readers.How
    place : str
        Where the row is, such as ``line 3``: the id of what is refused without its own.
    """
    given = {}
    for field in FIELDS:
        columns = columns_of(field, how)
        values = [row.get(column) for column in columns]
        for column, value in zip(columns, values, strict=True):
            if isinstance(value, bool) or not isinstance(value, str | int | float | None):
                return Refused("malformed", f"{place}: {column!r} is not a string", given.get("id", place))
        written = [str(value) for value in values if value not in (None, "")]
        if written:
            given[field] = "\n\n".join(written)
    own, text, allowed = columns_of("id", how)[0], columns_of("text", how), codes("quotes")
    if "id" not in given:
        return Refused("malformed", f"no {own!r}; expected a string", place)
    if not any(isinstance(row.get(column), str) for column in text):
        return Refused("malformed", f"{place}: {' or '.join(map(repr, text))} is not a string", given["id"])
    if given.get("quotes", "cut") not in allowed:
        detail = f"{place}: quotes {given['quotes'][:50]!r}; expected {', '.join(allowed)}"
        return Refused("malformed", detail, given["id"])
    return Raw(**{"text": ""} | given)
