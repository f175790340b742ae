"""Tell what kind of text a document is."""

import re

from entente import lexicon
from entente.dates import in_dateline

DATA = ("lexicon",)

OPENING = 1_500  # characters in which a contract says that it is one
# A text on alliances in general names them in the plural again and again. Tuned on the training news, where
# plurals without a definition or a scholar's reference are news of several ventures.
PLURALS, PLURALS_ALONE, DENSITY = 3, 8, 1.5  # the last a thousand characters
REFERENCE = re.compile(r"(?<!\w)[A-ZÀ-ÖØ-Þ]\w+,? \(?\d{4}[a-z]?\)|\[\d{1,3}\]")
# A contract names its parties at the start, in set words; two of a language's are needed.
CONTRACT = {
    "da": r"(?:nedenfor|herefter) (?:kaldet|benævnt)|parterne har (?:i dag )?indgået|er der indgået følgende",
    "de": r"nachfolgend|im folgenden|zwischen der|wird folgender vertrag|§ ?1\b|präambel",
    "en": r"this [\w\s,-]{0,80}agreement|by and (?:between|among)|\bwhereas\b|witnesseth|\bhereinafter\b",
    "es": r"reunidos|de una parte|de otra parte|en adelante|exponen|cláusulas",
    "fi": r"jäljempänä|sopimuksen osapuolet|sopijapuolet",
    "fr": r"entre les soussignés|ci-après|d['’]une part|d['’]autre part|il a été convenu",
    "it": r"premesso che|di seguito|tra le parti|si conviene|contratto tra",
    "ja": r"以下「?甲|以下「?乙|甲及び乙|契約を締結する|第1条|第一条",
    "ko": r"이하 [“\"']?갑|이하 [“\"']?을|제 ?1 ?조|계약을 체결한다",
    "nb": r"heretter (?:kalt|benevnt)|mellom partene|(?:avtale|kontrakt) (?:er )?inngått mellom",
    "nl": r"ondergetekenden|hierna te noemen|komen overeen|in aanmerking nemende",
    "pl": r"zwan[aąye]m? dalej|zawarta w dniu|strony postanawiają|§ ?1\b",
    "pt": r"de um lado|de outro lado|doravante|as partes|cláusula primeira",
    "ru": r"именуем\w+ в дальнейшем|с одной стороны|с другой стороны|предмет договора",
    "sv": r"nedan kallat|härefter|mellan parterna|(?:avtal|kontrakt) (?:har )?(?:ingåtts|träffats) mellan",
    "zh": r"甲方|乙方|以下简称|第一条|本协议|本合同",
}


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
    opening = f"{title}\n{text[:OPENING]}".lower()
    signs = set(re.findall(CONTRACT[language], opening)) if language in CONTRACT else ()
    if len(signs) >= 2:
        return "contract"
    return "expository" if is_expository(title, text, language) else "announcement"


def is_expository(title, text, language):
    """Tell whether a text is on alliances in general: defines them, cites research, or hardly leaves them."""
    if language not in lexicon.languages() or in_dateline(text, language):
        return False
    known, whole = lexicon.load(language), f"{title}\n{text}"
    plurals = len(known.phrases("figures", ("alliances",)).find(whole))
    if plurals < PLURALS:
        return False
    general = len(known.phrases("contrary", ("expository",)).find(whole))
    if plurals + general < DENSITY * len(whole) / 1000:
        return False
    return general > 0 or plurals >= PLURALS_ALONE or (plurals > PLURALS and bool(REFERENCE.search(text)))
