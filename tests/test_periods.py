"""Periods are read in one form, and other numbers of four digits are not."""

import pytest
from entente import lexicon
from entente.periods import periods
from entente.sentence import Sentence


def named(text, language="en"):
    """Return the periods that a sentence names."""
    return [period for _, _, period in periods(Sentence(text, 0, len(text), lexicon.load(language)))]


@pytest.mark.parametrize(
    ("language", "text", "period"),
    [
        ("en", "In 1990 it grew.", "1990"),
        ("en", "Between 1990 and 2000 it grew.", "1990-2000"),
        ("en", "From 1990 to 2000 it grew.", "1990-2000"),
        ("en", "In the early 1980s it grew.", "1980s"),
        ("en", "Since 2000 it grew.", ">=2000"),
        ("en", "Since the turn of the millennium it grew.", ">=2000"),
        ("en", "Between 1997 and 1997 it grew.", "1997-1997"),
        ("fr", "Dans les années 1990, elle a crû.", "1990s"),
        ("zh", "1990年至2000年增长。", "1990-2000"),
        ("zh", "20世纪90年代增长。", "1990s"),
    ],
)
def test_a_period_is_normalised(language, text, period):
    assert named(text, language) == [period]


@pytest.mark.parametrize(
    "text", ["About 1600 joint ventures fail.", "Spekman (1996) found it.", "It has 1,990."]
)
def test_a_count_and_the_year_of_a_citation_are_no_periods(text):
    assert named(text) == []
