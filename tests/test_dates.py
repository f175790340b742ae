"""Dates are found as exactly as they are written, in many languages."""

from datetime import date
from itertools import pairwise

import pytest
from babel.dates import format_date
from entente.dates import document_date, find
from hypothesis import given
from hypothesis import strategies as st

LANGUAGES = ["da", "de", "en", "es", "fi", "fr", "it", "ja", "ko", "nb", "nl", "pl", "pt", "ru", "sv", "zh"]


def isos(text, language):
    return [found.iso for found in find(text, language)]


@pytest.mark.parametrize("language", [*LANGUAGES, "ca", "cs", "el", "hu", "tr"])
@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)), style=st.sampled_from(["long", "full"]))
def test_every_day_as_cldr_writes_it_is_found(language, day, style):
    assert isos(f"x {format_date(day, style, locale=language)} x", language) == [day.isoformat()]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "on Sept. 5, 2003 and 24th of May 1999", ["2003-09-05", "1999-05-24"]),
        ("en", "in April 2001, not in May", ["2001-04"]),
        ("en", "18-MAR-1987 15:47:55.33", ["1987-03-18"]),
        ("de", "am 24.04.2001, im März 2002", ["2001-04-24", "2002-03"]),
        ("fr", "le 1er mars 2001, en févr. 2002, le 24/04/2001", ["2001-03-01", "2002-02", "2001-04-24"]),
        ("es", "3 de sept. de 2001; abril de 2002", ["2001-09-03", "2002-04"]),
        ("pl", "w kwietniu 2001 r.", ["2001-04"]),
        ("ru", "в апреле 2001 года", ["2001-04"]),
        ("fi", "huhtikuussa 2001", ["2001-04"]),
        ("sv", "den 24:e april 2001", ["2001-04-24"]),
        ("zh", "2001年4月24日、2002年5月、2003年", ["2001-04-24", "2002-05", "2003"]),
        ("ja", "２００１年４月２４日", ["2001-04-24"]),
        ("ko", "2001. 4. 24. 그리고 2002년 5월", ["2001-04-24", "2002-05"]),
        ("und", "2001-04-24", ["2001-04-24"]),
    ],
)
def test_other_ways_to_write_a_date(language, text, expected):
    assert isos(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "24 April 01"),  # two digits of a year
        ("en", "4/5/2001"),  # the fourth of May or the fifth of April
        ("en", "31 February 2001"),
        ("en", "24 April 1899 and 1 May 2100"),
        ("en", "24 April"),
        ("en", "the years 2001-04, 2001"),
        ("ja", "1990年代、2001年度"),
        ("de", "April 20015"),
        ("und", "24 April 2001"),  # no language, no month names
    ],
)
def test_what_could_mean_several_days_is_no_date(language, text):
    assert isos(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "quote"),
    [
        ("en", "It said 👍\non April 24,\n2001.", "April 24,\n2001"),
        ("de", "Am 1. März 2001 in Köln", "1. März 2001"),
        ("ja", "（東京、2001年4月24日）", "2001年4月24日"),
    ],
)
def test_offsets_quote_the_date(language, text, quote):
    [found] = find(text, language)

    assert text[found.start : found.end] == quote


@given(st.text(st.sampled_from("0123456789 .-/,年月日年may april mars de")), st.sampled_from(LANGUAGES))
def test_no_text_breaks_the_search_and_dates_do_not_overlap(text, language):
    found = find(text, language)

    assert all(first.end <= second.start for first, second in pairwise(found))
    for entry in found:
        date.fromisoformat((entry.iso + "-01-01")[:10])


@pytest.mark.parametrize(
    ("metadata", "language", "expected"),
    [
        ("2001-04-24T23:30:00-05:00", "en", "2001-04-24"),
        ("20010424", "en", "2001-04-24"),
        ("2001-04", "en", "2001-04"),
        ("2001", "en", "2001"),
        ("Thu, 09 Jan 2025 10:25:48", "nb", "2025-01-09"),
        (" 3-APR-1987 07:09:06.48", "en", "1987-04-03"),
        ("24. April 2001", "de", "2001-04-24"),
    ],
)
def test_metadata_comes_first(metadata, language, expected):
    text = "BONN, 1 May 1999 - News of 2 May 1999."

    assert document_date(metadata, text, language, "1998.txt") == (expected, "metadata")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "STOCKHOLM, 24 April 2001 - Sony and Ericsson", "2001-04-24"),
        ("en", "NEW YORK, April 24, 2001 (GLOBE NEWSWIRE) -- Sony", "2001-04-24"),
        ("en", "24 April 2001\nSony and Ericsson", "2001-04-24"),
        ("de", "MÜNCHEN, im April 2001 – Sony", "2001-04"),
        ("ja", "（東京、2001年4月24日）ソニーは", "2001-04-24"),
        ("zh", "新华社北京2001年4月24日电 索尼", "2001-04-24"),
    ],
)
def test_a_dateline_comes_before_dates_in_the_text(language, text, expected):
    assert document_date(None, text + " (1. 5. 1999)", language, "x.txt") == (expected, "dateline")


def test_a_date_that_a_sentence_opens_with_is_no_dateline():
    text = "Sony (founded 7 May 1946) and Ericsson agreed on 24 April 2001."

    assert document_date(None, text, "en", "x.txt") == ("1946-05-07", "text")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("sv/20010424-sony.txt", ("2001-04-24", "filename")),
        ("2001/04/24/sony.txt", ("2001-04-24", "filename")),
        ("sony-2001.txt", ("2001", "filename")),
        ("reut2-000.sgm", (None, "none")),
        ("20019999.txt", (None, "none")),
    ],
)
def test_the_file_name_comes_last(path, expected):
    assert document_date("soon", "No date, only April 2001.", "en", path) == expected
