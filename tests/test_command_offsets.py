"""`entente extract` quotes its evidence with offsets into the text as it was given, however strange that is."""

import json
import unicodedata

import pytest
from called import NOTHING, SENTENCE, evidence, extracted, lines
from hypothesis import example, given, settings
from hypothesis import strategies as st

HOSTILE = {
    "line ends": f"First line.\r\n\r\n{SENTENCE}\r\nThe last line.\rEnd.\r\n",
    "a line end inside": SENTENCE.replace(" formed ", "\r\nformed "),
    "blanks": "  \t " + SENTENCE.replace(" formed ", " \u00a0 \t formed\u2003") + "  ",
    "emoji": "👍🏽👨‍👩‍👧‍👦 " + SENTENCE.replace("London", "London 🇬🇧") + " 😀",
    "zero-width characters": "\ufeff"
    + SENTENCE.replace("joint", "jo\u200bint").replace("Acme", "Ac\u00adme"),
    "direction marks": SENTENCE.replace("Acme", "\u202eAcme\u202c"),
    "decomposed accents": "Cafe\u0301 u\u0308ber alles. " + SENTENCE.replace("London", "Mu\u0308nchen"),
    "several accents": f"a\u0323\u0307\u0302 q\u0307\u0323. {SENTENCE}",
    "CJK": f"【東京】ソニー。\n{SENTENCE}\n{NOTHING}\n{NOTHING}\n索尼。\u1112\u1161\u11ab",
    "full width": f"ＡＢＣ　Ｄ。{SENTENCE}",
    "control characters": "\0\x07" + SENTENCE.replace(" a ", " \0a ") + "\x1b[0m\x85",
    "astral letters": f"𝒜𝓁𝓅𝒽𝒶 𐐷 {SENTENCE}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_offsets_are_into_the_text_as_it_was_given(text):
    """Whoever cuts their own text by them has the quote; and it is the sentence that says so."""
    status, (found,) = extracted("-", "--language", "en", given=lines(text))

    assert status == 0
    assert any("joint venture" in visible(span["text"]) for span in evidence(found))
    assert all(text[span["start"] : span["end"]] == span["text"] for span in evidence(found))


def visible(text):
    """Return *text* without invisible characters, with single blanks."""
    return " ".join(
        "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf") or c.isspace()).split()
    )


CHARACTERS = st.text(
    st.one_of(
        st.characters(), st.sampled_from("\r\n\t \0\u00ad\u200b\u200d\u2028\u202e\u3000e\u0301\u0323👍🏽。")
    ),
    max_size=20,
)


@settings(max_examples=40)
@given(st.lists(CHARACTERS, min_size=5, max_size=5))
@example(["", "\ud800", "", "", ""])
@example(["\u0301", "\u0301", "\u200b\u0301", "\u0323", "\u0301"])
def test_no_text_is_too_strange_to_be_told_with_true_offsets(parts):
    """Any characters, lone surrogates too, before, between and after the words that report an alliance."""
    words = [
        "Acme Corp and",
        " Beta Ltd formed a joint",
        " venture to develop",
        " phones in London.",
    ]
    text = parts[0] + "".join(word + part for word, part in zip(words, parts[1:], strict=True))
    text = json.loads(json.dumps(text))  # two lone surrogates may have become a character

    status, (found,) = extracted("-", "--language", "en", given=lines(text))

    assert status == 0
    assert all(text[span["start"] : span["end"]] == span["text"] for span in evidence(found))


def test_a_chinese_alliance_is_quoted_from_where_it_stands():
    """Not only in languages with spaces."""
    text = "\ufeff【北京】\r\n索尼公司与爱立信公司今天宣布成立合资企业，双方各持股50%。\r\n完。"
    _, (found,) = extracted("-", given=lines(text))

    assert found["language"] == "zh"
    assert any("合资企业" in span["text"] for span in evidence(found))
    assert all(text[span["start"] : span["end"]] == span["text"] for span in evidence(found))


def test_offsets_in_a_file_are_into_the_text_that_its_reader_takes(tmp_path):
    """Of plain text, what follows the title line; a line ends in one line feed, whatever the file has."""
    (tmp_path / "acme.txt").write_bytes(f"Acme and Beta\r\n\r\n{NOTHING}\r\n{SENTENCE}\r\n".encode())

    _, (found,) = extracted(tmp_path / "acme.txt")

    start = len(NOTHING) + 1
    assert evidence(found) == [{"start": start, "end": start + len(SENTENCE), "text": SENTENCE}]
