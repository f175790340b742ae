"""Names are compared as the codebook's section 6 says."""

import unicodedata

import pytest
from entente.names import normal, plain, same
from hypothesis import example, given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("General Motors Corp.", "general motors"),
        ("GENERAL MOTORS", "general motors"),
        ("Ångström & Łódź", "angstrom lodz"),
        ("Møller–Mærsk", "moller maersk"),
        ("Straßen-Bau", "strassen bau"),
        ("İstanbul", "istanbul"),
        ("Ｓｏｎｙ", "sony"),
        ("ﾄﾖﾀ", "トヨタ"),
        ("The Boeing Company", "boeing"),
        ("Сони", "сони"),
    ],
)
def test_case_accents_punctuation_width_and_legal_form_are_removed(name, expected):
    """In Latin, Cyrillic and Japanese script."""
    assert normal(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("丰田汽车股份有限公司", "丰田汽车"),
        ("株式会社日立製作所", "日立製作所"),
        ("トヨタ自動車株式会社", "トヨタ自動車"),
        ("Siemens AG", "siemens"),
        ("Daimler Aktiengesellschaft", "daimler"),
        ("Vestas Wind Systems A/S", "vestas wind systems"),
        ("Danone S.A.", "danone"),
        ("삼성전자 주식회사", "삼성전자"),
        ("Pirelli S.p.A.", "pirelli"),
    ],
)
def test_the_legal_forms_of_other_languages_are_removed(name, expected):
    """Before or after the name, with or without a space."""
    assert normal(name) == expected


@pytest.mark.parametrize("name", ["Limited", "The Company", "有限公司", "AG", "Inc."])
def test_a_name_that_is_nothing_but_a_legal_form_stays(name):
    """An empty name would be equal to any other."""
    assert normal(name)


@given(st.text(max_size=30))
@example("Ǣ")  # a letter without a decomposition, below an accent
def test_a_normal_form_has_no_case_accent_or_outer_space(name):
    """Whatever the text is: emoji, control characters, nothing."""
    found = plain(name)

    assert found == " ".join(found.split())
    assert not any(unicodedata.combining(c) for c in unicodedata.normalize("NFKD", found) if c.isascii())
    assert found == plain(found)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("General Motors", "General Motors Corp of Canada"),
        ("GM", "General Motors Corp"),
        ("MSC", "Mediterranean Shipping Company"),
        ("三菱", "三菱重工"),
        ("Toyota", "TOYOTA Motor Corporation"),
    ],
)
def test_names_match_by_beginning_and_by_acronym(first, second):
    """Whichever of the two comes first."""
    assert same(first, second)
    assert same(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Mitsubishi Electric", "Mitsubishi Heavy Industries"),
        ("Sony", "Sonya Foods"),
        ("Ford", "Stamford"),
        ("G", "General"),
        ("日立", "三菱"),
    ],
)
def test_other_names_do_not_match(first, second):
    """A beginning ends where a word ends, and one letter is no acronym."""
    assert not same(first, second)
    assert not same(second, first)
