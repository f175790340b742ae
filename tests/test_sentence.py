"""The lexicon's words are found where they stand in a sentence, and nowhere beside it."""

import pytest
from entente import lexicon
from entente.sentence import Sentence

TEXT = "Out of 9. Between 30 and 40 pct of alliances fail, it is said."


@pytest.fixture
def sentence():
    return Sentence(TEXT, TEXT.index("Between"), len(TEXT), lexicon.load("en"))


def test_phrases_are_found_in_the_sentence_alone(sentence):
    assert [TEXT[hit.start : hit.end] for hit in sentence.find("percent", "alliances")] == [
        "pct",
        "alliances",
    ]
    assert sentence.find("out_of") == []


def test_phrases_are_found_up_to_a_distance(sentence):
    number, end = TEXT.index("30"), TEXT.index("40") + 2

    assert sentence.before(number, 1, "between") is not None
    assert sentence.before(end, 1, "between") is None
    assert sentence.after(end, 1, "percent") is not None
    assert sentence.after(number, 1, "percent") is None


def test_two_places_are_joined_by_a_word_if_nothing_else_stands_between(sentence):
    assert sentence.joined_by(TEXT.index("30") + 2, TEXT.index("40"), "and")
    assert not sentence.joined_by(TEXT.index("30"), TEXT.index("40"), "and")


def test_a_clause_opens_after_the_punctuation_before(sentence):
    assert sentence.opening(TEXT.index("said")) == TEXT.index(" it")
    assert sentence.opening(TEXT.index("fail")) == TEXT.index("Between")


def test_function_words_are_the_language_s_own(sentence):
    assert sentence.is_function_word("The")
    assert not sentence.is_function_word("Alliance")
