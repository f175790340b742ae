"""Identify the language of a text, with py3langid's model."""

import re
from functools import cache

SAMPLE = 1_500  # characters that are looked at: more change no document of the trial data, and take longer
SURE = 0.5  # below this probability the language is `und`; see tests/test_languages.py for what it costs
# py3langid's Norwegian is Bokmål, as it has Nynorsk apart. Its languages of few written sources take some of
# the Chinese news (Wu, Cantonese) and of English figures (Nigerian Pidgin). zxx is "no linguistic content".
CODES = {"no": "nb", "wuu": "zh", "yue": "zh", "pcm": "en", "zxx": "und"}


@cache
def model():
    """Return the identifier, loaded when first asked for."""
    # Imported here, since it takes half a second.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def code(declared):
    """Return the language of a declaration such as ``en_US`` or ``no``, without region; None if it has none.

    >>> code("de-AT"), code("no"), code("?")
    ('de', 'nb', None)
    """
    found = re.match(r"([a-z]{2,3})(?:[-_]|$)", (declared or "").strip().lower())
    return found and CODES.get(found[1], found[1])


def identify(text, hint=None):
    """Return the language of *text* as a BCP 47 code, and its probability.

    Where the text does not decide (too short, mixed, no words), the language is the *hint*, and without
    one ``und``; the probability is then still the model's for the answer given.

    >>> identify("Die beiden Unternehmen gründen ein Gemeinschaftsunternehmen in München.")[0]
    'de'
    >>> identify("USX")[0], identify("USX", hint="en")[0]
    ('und', 'en')
    """
    probability = {}
    if any(character.isalpha() for character in text[:SAMPLE]):
        for label, share in model().rank(text[:SAMPLE]):
            language = CODES.get(label, label)
            probability[language] = probability.get(language, 0.0) + share
    best = max(probability, key=probability.get, default="und")
    if probability.get(best, 0.0) < SURE or best == "und":
        best = code(hint) or "und"
    return best, round(min(probability.get(best, 0.0), 1.0), 4)
