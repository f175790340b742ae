"""Identify the language of a text, with py3langid's model."""

import re
from functools import cache

SAMPLE = 1_500  # characters that are looked at: more change no document of the trial data, and take longer
SURE = 0.35  # below this probability the language is `und`; see tests/test_languages.py for what it costs
# Languages that news is written in, and near relatives of the covered ones. Of 1,420 first sentences of news, cut at
# 60 characters, 1,379 are told right among these, and 1,353 among all 139 of the model, which mistakes names for Volapük.
WRITTEN = (  # noqa: SIM905 - a list of so many would take a page
    "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu hy id is it ja ka kk ko lt lv mk ms nl nn no pl pt ro ru sk sl "
    "sq sr sv sw ta th tr uk ur uz vi wuu yue zh zxx"
).split()
# py3langid's Norwegian is Bokmål, as it has Nynorsk apart. Its languages of few written sources take some of
# the Chinese news (Wu, Cantonese). zxx is "no linguistic content".
CODES = {"no": "nb", "wuu": "zh", "yue": "zh", "zxx": "und"}


@cache
def model():
    """Return the identifier, loaded when first asked for."""
    # Imported here, since it takes half a second.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(WRITTEN)
    return identifier


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
