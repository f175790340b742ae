"""Languages are told from the text; a hint decides only where the text does not."""

import pytest
from entente.languages import identify

# Article 1 of the Universal Declaration of Human Rights, a sentence of it (United Nations).
DECLARATION = {
    "da": "Alle mennesker er født frie og lige i værdighed og rettigheder.",
    "de": "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
    "en": "All human beings are born free and equal in dignity and rights.",
    "es": "Todos los seres humanos nacen libres e iguales en dignidad y derechos.",
    "fi": "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan.",
    "fr": "Tous les êtres humains naissent libres et égaux en dignité et en droits.",
    "it": "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti.",
    "ja": "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "ko": "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
    "nb": "Alle mennesker er født frie og med samme menneskeverd og menneskerettigheter.",
    "nl": "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren.",
    "nn": "Dei har fått fornuft og samvit og skal leve med kvarandre som brør.",
    "pl": "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.",
    "pt": "Todos os seres humanos nascem livres e iguais em dignidade e em direitos.",
    "ru": "Все люди рождаются свободными и равными в своем достоинстве и правах.",
    "sv": "Alla människor är födda fria och lika i värde och rättigheter.",
    "zh": "人人生而自由,在尊严和权利上一律平等。",
}


@pytest.mark.parametrize("language", DECLARATION)
def test_one_sentence_is_enough(language):
    found, probability = identify(DECLARATION[language])

    assert found == language
    assert 0.5 <= probability <= 1


@pytest.mark.parametrize("text", ["", "USX", "1,000 2,000 3,000", "👍", "--- !!!"])
def test_a_text_that_decides_nothing_is_undetermined(text):
    assert identify(text)[0] == "und"


@pytest.mark.parametrize(("hint", "expected"), [("sv", "sv"), ("no", "nb"), ("en_GB", "en"), ("?", "und")])
def test_a_hint_decides_where_the_text_does_not(hint, expected):
    assert identify("USX 1987", hint)[0] == expected


def test_a_hint_does_not_overrule_the_text():
    assert identify(DECLARATION["de"], hint="en")[0] == "de"


def test_what_follows_the_first_page_changes_nothing():
    page = DECLARATION["en"] * 40

    assert identify(page) == identify(page + DECLARATION["de"] * 1000)
