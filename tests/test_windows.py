"""Windows together hold every character of a text, in every script, and say truly where each token stands."""

import unicodedata

import pytest
from entente import encoder, passages, windows
from hypothesis import given, settings
from hypothesis import strategies as st

SENTENCES = {
    "en": "Acme Corp. and Beta Ltd 🤝 will build cars.\r\n",
    "de": "Die Müller AG gründet mit Beta ein Gemeinschaftsunternehmen. ",
    "pl": "Spółka Żabka podpisała umowę. ",
    "zh": "丰田汽车与比亚迪成立合资公司。",
    "ja": "日立製作所とソニーは合弁会社を設立する。",
    "ko": "삼성전자와 카카오는 합작법인을 설립한다. ",
}


def cut(text, language, size=windows.SIZE, title="A title"):
    """Return the windows of a text."""
    return windows.cut(text, title, passages.sentences(text, language), encoder.tokenizer(), size)


def marked(parsed):
    """Return the windows of a parsed document, marked."""
    found = windows.cut(parsed.text, "", parsed.sentences, encoder.tokenizer())
    windows.mark(found, parsed)
    return found


def covered(text, found):
    """Return the characters of *text* that no token covers, but for blanks and accents (read with their letter)."""
    seen = {place for window in found for start, end in window.spans for place in range(start, end)}
    left = (c for place, c in enumerate(text) if place not in seen)
    return "".join(c for c in left if not c.isspace() and not unicodedata.combining(c))


@pytest.mark.parametrize("language", SENTENCES)
def test_a_long_text_is_read_whole(language):
    """Nothing is cut off, however long the text; each window keeps to its size."""
    text = SENTENCES[language] * 200

    found = cut(text, language)

    assert len(found) > 5
    assert all(len(window.ids) == len(window.spans) <= windows.SIZE for window in found)
    assert covered(text, found) == ""


def test_a_sentence_longer_than_a_window_is_read_whole():
    text = "merger " * 3000 + "of Acme."

    assert covered(text, cut(text, "en")) == ""


@given(
    st.lists(st.sampled_from([*SENTENCES.values(), "x" * 500, "🤝 ", "\n\n", "e\u0301a "]), max_size=30).map(
        "".join
    ),
    st.integers(24, 90),
)
@settings(max_examples=60)
def test_any_text_is_read_whole_by_windows_of_any_size(text, size):
    found = cut(text, "en", size)

    assert covered(text, found) == ""
    assert all(len(window.ids) <= size for window in found)
    assert all(0 <= s <= e <= len(text) or (s, e) == (-1, -1) for w in found for s, e in w.spans)


def test_the_tokens_of_a_name_are_those_of_its_characters():
    text = "Yesterday 🤝 Acme Motor Corp and Beta Ltd formed a joint venture."
    parsed = passages.parse(text, "", "en")

    (window,) = marked(parsed)

    named = {
        parsed.entities[i].name: "".join(text[slice(*window.spans[t])] for t in tokens)
        for i, tokens in window.entities
    }
    assert {name: shown.replace(" ", "") for name, shown in named.items()} == {
        "Acme Motor Corp": "AcmeMotorCorp",
        "Beta Ltd": "BetaLtd",
    }
    told = [
        text[slice(*s)].strip() for s, k in zip(window.spans, window.kinds, strict=True) if k > windows.NAME
    ]
    assert [word for word in told if word] == ["joint", "venture"]
