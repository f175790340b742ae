"""Numbers are read as texts write them, with their units and bounds."""

import pytest
from entente import lexicon, numerals
from entente.sentence import Sentence


def figures(text, language="en"):
    """Return (low, high, unit) of each figure."""
    sentence = Sentence(text, 0, len(text), lexicon.load(language))
    return [(f.low, f.high, f.unit) for f in numerals.figures(sentence)]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "two thousand five hundred", 2500),
        ("en", "twenty-five", 25),
        ("en", "1,250.5", 1250.5),
        ("da", "6.000", 6000),
        ("da", "4,8", 4.8),
        ("zh", "两千五百", 2500),
        ("ja", "三万", 30000),
        ("ko", "삼년", 3),
    ],
)
def test_a_number_is_read_as_its_language_writes_it(language, text, value):
    assert numerals.numbers(text, 0, len(text), lexicon.load(language))[0][2] == value


def test_digits_with_several_points_are_no_number():
    """An address or a version."""
    assert figures("The host 104.151.16 serves alliances.") == []


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("Some 40 pct fail.", (40, 40, "percent")),
        ("Two out of three fail.", (66.7, 66.7, "percent")),
        ("Three quarters fail.", (75, 75, "percent")),
        ("Between 30 and 70 pct fail.", (30, 70, "percent")),
        ("Some 30-70 pct fail.", (30, 70, "percent")),
        ("More than 40 pct fail.", (40, None, "percent")),
        ("Fewer than 40 pct fail.", (None, 40, "percent")),
        ("It runs for three and a half years.", (3.5, 3.5, "years")),
        ("It takes 12 to 18 months.", (12, 18, "months")),
        ("There are 300 of them.", (300, 300, None)),
    ],
)
def test_a_figure_has_a_unit_and_bounds(text, figure):
    assert figures(text) == [figure]


def test_a_change_is_two_figures_and_a_range_that_changed_two_as_well():
    """From 3 to 6 is a change after "rose", unless a third figure tells what it rose to."""
    assert figures("It rose from 3 to 6 pct.") == [(3, 3, "percent"), (6, 6, "percent")]
    assert figures("It rose from 3 to 6 pct to 40 pct.") == [(3, 6, "percent"), (40, 40, "percent")]


def test_a_ratio_may_have_what_it_counts_between_its_numbers():
    assert figures("One new joint venture in ten failed.") == [(10, 10, "percent")]
    assert figures("One firm, founded in ten days.")[0] == (1, 1, None)


def test_years_and_months_are_one_duration():
    assert figures("It takes two years and three months.") == [(27, 27, "months")]


def test_a_range_without_a_unit_is_of_a_count_and_not_of_years():
    assert figures("There were between 790 and 910.") == [(790, 910, None)]
    assert len(figures("It grew between 1990 and 2000.")) == 2


def test_and_a_half_is_no_share():
    """A year and a half is not 50 percent."""
    assert figures("It takes a year and a half.") == []


def test_the_number_right_before_a_place_is_told():
    """Blanks and hyphens may stand between."""
    text = "20 of 30 - years"
    numbers = numerals.numbers(text, 0, len(text), lexicon.load("en"))

    assert numerals.before(text, text.index("years"), numbers)[2] == 30
    assert numerals.before(text, text.index("of") + 2, numbers) is None
