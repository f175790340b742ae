"""Tell what kind of text a document is."""

import re

from entente import lexicon
from entente.contract_formulas import signs
from entente.dates import in_dateline

DATA = ("lexicon",)

OPENING = 1_500  # characters in which a contract says that it is one
# A text on alliances in general names them in the plural again and again. Tuned on the training news, where
# plurals without a definition or a scholar's reference are news of several ventures.
PLURALS, PLURALS_ALONE, DENSITY = 3, 8, 1.5  # the last a thousand characters
SCHOLARLY = 3  # different words of textbooks, and references
REFERENCE = re.compile(r"(?<!\w)[A-ZÀ-ÖØ-Þ]\w+,? \(?\d{4}[a-z]?\)|\[\d{1,3}\]")
SIGNS = 2  # a contract names its parties at the start, in set words of lawyers


def genre(title, text, language):
    """Return the codebook's genre of a document: ``contract``, ``expository`` or ``announcement``.

    A text in a language without a lexicon is never ``expository``.

    >>> genre("", 'THIS AGREEMENT is made by and between Acme Inc. ("Acme") and Beta', "en")
    'contract'
    >>> genre("Acme and Beta to cooperate", "Acme and Beta signed an agreement.", "en")
    'announcement'
    >>> genre("", "Alliances are unstable. The theory of alliances is old; joint ventures are older.", "en")
    'expository'
    """
    if signs(f"{title}\n{text[:OPENING]}", language) >= SIGNS:
        return "contract"
    return "expository" if is_expository(title, text, language) else "announcement"


def is_expository(title, text, language):
    """Tell whether a text is on alliances in general: defines them, cites research, or hardly leaves them."""
    if language not in lexicon.languages() or in_dateline(text, language):
        return False
    known, whole = lexicon.load(language), f"{title}\n{text}"

    def found(section, *codes):
        return [whole[hit.start : hit.end] for hit in known.phrases(section, codes).find(whole)]

    plurals, least = len(found("figures", "alliances")), DENSITY * len(whole) / 1000
    if plurals < PLURALS:
        return False
    general = len(found("contrary", "expository"))
    if plurals + general >= least and (
        general > 0 or plurals >= PLURALS_ALONE or (plurals > PLURALS and REFERENCE.search(text))
    ):
        return True
    # A textbook or thesis that tells of cases, too: by its words and references, of which news have few.
    scholarly = {*map(str.casefold, found("figures", "scholarly")), *REFERENCE.findall(text)}
    singulars = len(found("figures", "alliance"))
    return general + len(scholarly) >= SCHOLARLY and plurals + singulars + general + len(scholarly) >= least
