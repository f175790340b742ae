"""The gate keeps from the encoder what is surely no alliance, window by window, and nothing where it was not fitted."""

import pytest
from entente import decisions, encoder, extract, gate, passages, windows

PLAIN = "Quarterly results were as expected, and the dividend stays as it was. "
VENTURE = "Acme Corp and Beta Ltd formed a joint venture to make phones. "


@pytest.fixture(autouse=True)
def _a_gate_that_asks_for_phones(shipped_weights):
    decisions.use(shipped_weights | {"window:en": {"bias": -9.0, "word:phones": 9.0}})


def passed(text, title="", language="en"):
    """Return which windows of *text* pass, as the places where they begin, and how many there are."""
    cut = windows.cut(text, title, passages.sentences(text, language), encoder.tokenizer())
    return [window.start for window in gate.passed(text, title, language, cut)], len(cut)


def test_each_window_passes_for_its_own_words():
    """So that a long document cannot drown what stands in one place of it."""
    (start,), cut = passed(PLAIN * 60 + VENTURE + PLAIN.replace("results", "sales") * 60)

    assert cut > 2
    assert start <= len(PLAIN) * 60


def test_words_of_the_title_count_and_their_capitals_do_not():
    text = VENTURE.replace("phones", "cars")

    assert passed(text) == ([], 1)
    assert passed(text, title="PHONES: two firms team up") == ([0], 1)


def test_a_window_without_a_cue_of_the_lexicon_has_to_be_likelier():
    decisions.use(decisions.weights() | {"window:en": {"bias": -4.0}})

    assert gate.THRESHOLD < decisions.probability("window:en", set()) < gate.WITHOUT_CUE
    assert passed(VENTURE)[0] == [0]
    assert passed(PLAIN)[0] == []


@pytest.mark.parametrize("feature", ["pair:joint venture", "cues:joint_venture"])
def test_pairs_of_words_and_what_the_lexicon_calls_them_count(feature):
    decisions.use(decisions.weights() | {"window:en": {"bias": -9.0, feature: 9.0}})

    assert passed(VENTURE)[0] == [0]
    assert passed(VENTURE.replace("joint venture", "common venture"))[0] == []


def test_without_a_gate_of_its_language_every_window_passes():
    """Whether the lexicon has a cue for it or not."""
    text = "Die Acme AG und die Beta GmbH wollen nun vieles zusammen tun. "

    starts, cut = passed(text * 40, language="de")
    assert len(starts) == cut > 1


def test_a_document_that_is_kept_out_has_no_alliance():
    """The same has one where all pass."""
    cars = VENTURE.replace("phones", "cars")

    assert extract.reports(cars, "", "en") == (None, [])
    decisions.use(decisions.weights() | {"window:en": {"bias": 0.0}})
    assert extract.reports(cars, "", "en")[1]
