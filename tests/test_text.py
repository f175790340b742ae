"""Normalised text is the ground on which all offsets stand."""

import unicodedata

import pytest
from entente.text import line, normalise, origins
from hypothesis import example, given
from hypothesis import strategies as st

# Any code point, surrogates included, with more of those that matter here.
TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("\r\n\t \0\u00ad\u200b\u2028\u202e\u3000e\u0301<"))
)


@given(TEXTS)
@example("e\u200b\u0301")
@example("\n \u200b \n\x0c\n")
def test_normalising_twice_changes_nothing_more(text):
    assert normalise(normalise(text)) == normalise(text)


@given(TEXTS)
def test_no_invisible_character_and_no_blank_but_single_spaces_and_line_ends_stay(text):
    result = normalise(text)

    assert {unicodedata.category(character) for character in result if character != "\n"}.isdisjoint(
        {"Cc", "Cf", "Cs", "Zl", "Zp"}
    )
    assert {character for character in result if character.isspace()} <= {" ", "\n"}
    assert not any(pair in result for pair in ("  ", " \n", "\n ", "\n\n\n"))
    assert result == result.strip() == unicodedata.normalize("NFC", result)


@given(TEXTS)
def test_no_visible_character_is_lost(text):
    """What is left, canonically decomposed, are the letters, marks, digits and signs that went in."""

    def visible(characters):
        kept = [c for c in characters if unicodedata.category(c)[0] not in "CZ" or c in "\ue000\U0010fffd"]
        return sorted(unicodedata.normalize("NFD", "".join(kept)))

    assert visible(normalise(text)) == visible(text)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("one\r\ntwo\rthree\u2028four\u2029five\x85six", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("STANDARD OIL <SRD> & AT&T", "STANDARD OIL <SRD> & AT&T"),
        ("A\u0308nderung", "Änderung"),
        ("Zusammen\u00adarbeit", "Zusammenarbeit"),
        ("36,8\u202f% \u00a0du\tcapital", "36,8 % du capital"),
        ("東京\u3000ソニー", "東京 ソニー"),
        ("\ufeff\u202eab\u202c\0", "ab"),
        ("hard-wrapped\nline", "hard-wrapped\nline"),
        ("emoji 👍🏽 stay", "emoji 👍🏽 stay"),
    ],
)
def test_normal_form(written, expected):
    assert normalise(written) == expected


def test_five_megabytes_on_one_line_are_no_trouble():
    assert normalise(" " * 5_000_000 + "x") == "x"


def test_a_title_is_one_line():
    assert line(" BAHIA\r\n\r\n  COCOA\u00a0REVIEW ") == "BAHIA COCOA REVIEW"


@given(TEXTS)
@example("e\u200b\u0301")
@example("a \u0301b\u0323\u0307")
def test_every_visible_character_is_traced_to_where_it_was_written(text):
    """Offsets into the normal form can be told as offsets into the text as it was given."""
    normal = normalise(text)

    for character, place in zip(normal, origins(text, normal), strict=True):
        assert (place is None) == character.isspace()
        if place:
            written = unicodedata.normalize("NFD", text[place[0] : place[1]])
            assert set(unicodedata.normalize("NFD", character)) <= set(written)
