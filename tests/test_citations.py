"""Whom a sentence cites is found as it is printed."""

import pytest
from entente import lexicon
from entente.citations import source
from entente.sentence import Sentence


@pytest.mark.parametrize(
    ("language", "text", "cited"),
    [
        ("en", "Spekman (1996) found that half fail.", "Spekman (1996)"),
        ("en", "Half fail (Doz & Hamel, 1998).", "Doz & Hamel, 1998"),
        ("en", "A survey by Acme shows that half fail.", "Acme"),
        ("en", "The Acme survey shows that half fail.", "Acme"),
        ("en", "Half of them fail.", None),
        ("da", "Nielsen (2007) fandt, at halvdelen mislykkes.", "Nielsen (2007)"),
        ("zh", "麦肯锡公司的调查发现一半失败。", "麦肯锡公司"),
    ],
)
def test_whom_a_sentence_cites_is_found_as_printed(language, text, cited):
    assert source(Sentence(text, 0, len(text), lexicon.load(language))) == cited
