"""The data dictionary: every cell that is published is of the type that it tells, and no number is called text."""

import re
from pathlib import Path

import pytest
from entente import dictionary, estimate, publish, tables
from entente.errors import EntenteError

RESULTS = Path(__file__).parents[1] / "results"
FUNCTIONS = estimate.TABLES | publish.FILES
PATHS = [*RESULTS.glob("*.csv"), *RESULTS.glob("tables/*.csv")]
NUMBER = r"-?\d+(\.\d+)?"


@pytest.mark.parametrize("path", sorted(PATHS), ids=lambda path: path.stem)
def test_every_cell_is_of_the_type_of_its_column(path):
    """Of all that is published; a column of nothing but numbers is no text."""
    rows = tables.read(path)
    found = dictionary.columns(FUNCTIONS[path.stem], rows, FUNCTIONS.values())

    for column in found:
        cells = [row[column.name] for row in rows if row[column.name]]
        values = [dictionary.value(cell, column) for cell in cells]
        numbers = cells and all(re.fullmatch(NUMBER, cell) for cell in cells)
        assert column.type in ("integer", "number") or not numbers, column
        if column.unit == "proportion" and column.name not in (
            "change",
            "excess",
            "low",
            "high",
            "excess_low",
        ):
            assert all(0 <= value <= 1 for value in values), column
        if column.codes:
            items = (item for value in values for item in ([value] if isinstance(value, str) else value))
            assert set(items) <= column.codes.keys(), column


def test_a_column_has_its_kind_without_a_cell():
    """A table that nothing was found for has the same columns as one with rows."""
    [kind] = {
        (column.type, column.unit)
        for column in dictionary.columns(estimate.TABLES["coverage_by_recapture"])
        if column.name == "coverage"
    }

    assert kind == ("number", "proportion")


def test_codes_are_told_with_their_meanings():
    """Of the form of an alliance, those of the codebook."""
    form = next(c for c in dictionary.columns(publish.alliances) if c.name == "form")

    assert list(form.codes) == ["joint_venture", "minority_equity", "contractual", "unspecified"]
    assert form.codes["contractual"].startswith("an agreement")


def test_a_cell_of_another_type_is_refused():
    """The message names the column, what was found and what was expected."""
    column = dictionary.column("mine", "n", "number of units")

    with pytest.raises(EntenteError, match="column 'n': found 'many', expected integer"):
        dictionary.value("many", column)
