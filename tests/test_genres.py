"""A contract is told by its opening, in several languages."""

import pytest
from entente.genres import genre

OPENINGS = {
    "da": "AFTALE. Mellem Acme A/S (nedenfor kaldet Acme) og Beta A/S er der indgået følgende aftale:",
    "de": "Kooperationsvertrag zwischen der Acme GmbH (nachfolgend Acme) und der Beta AG\n§ 1 Gegenstand",
    "en": "THIS JOINT VENTURE AGREEMENT is made on May 1, 2001 by and between Acme Inc. and Beta Ltd.",
    "es": "CONTRATO. REUNIDOS: De una parte, Acme S.A.; de otra parte, Beta S.L. EXPONEN",
    "fr": "ENTRE LES SOUSSIGNÉS : Acme SA, ci-après dénommée Acme, d'une part, et Beta SARL, d'autre part",
    "zh": "合作协议\n甲方：华夏公司\n乙方：长江公司\n第一条 合作内容",
}


@pytest.mark.parametrize("language", OPENINGS)
def test_a_text_that_opens_as_a_contract_is_one(language):
    assert genre("", OPENINGS[language], language) == "contract"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Acme Inc. and Beta Ltd. said they signed an agreement to form a joint venture."),
        (
            "de",
            "Die Acme GmbH und die Beta AG haben einen Vertrag über ein gemeinsames Werk geschlossen.",
        ),
        ("zh", "华夏公司与长江公司签署战略合作协议。"),
        ("und", "THIS AGREEMENT is made by and between"),
    ],
)
def test_news_of_a_contract_is_none(language, text):
    assert genre("Acme and Beta sign agreement", text, language) == "announcement"


GENERAL = {
    "en": (
        "Strategic alliances are often unstable. The literature on joint ventures offers many reasons: "
        "alliances bind firms that stay independent, and partnerships between rivals tempt to leave."
    ),
    "da": (
        "Strategiske alliancer er ofte ustabile. Litteraturen om joint ventures nævner mange grunde, og "
        "partnerskaber mellem konkurrenter er fristende at forlade."
    ),
    "zh": "战略联盟是指企业间的长期合作。联盟往往不稳定，合资企业也是如此。关于联盟的理论很多。",
}


@pytest.mark.parametrize("language", GENERAL)
def test_a_text_on_alliances_in_general_is_expository(language):
    assert genre("", GENERAL[language], language) == "expository"


def test_a_dateline_makes_news_of_it():
    assert genre("", f"LONDON, 24 April 2001 - {GENERAL['en']}", "en") == "announcement"


def test_research_without_a_definition_is_expository_and_news_of_several_ventures_is_not():
    text = (
        "{} counted joint ventures, alliances and partnerships. He found more alliances than joint ventures."
    )

    assert genre("", text.format("Hagedoorn (2002)"), "en") == "expository"
    assert genre("", text.format("A spokesman"), "en") == "announcement"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Allianzen, Kooperationen und Joint Ventures. {} Dazu eine Fallstudie aus Essen."),
        ("es", "Alianzas, consorcios y empresas conjuntas. {} Sigue un caso de Madrid."),
        ("ko", "제휴와 합작투자, 그리고 제휴. {} 서울의 사례가 이어진다."),
    ],
)
def test_a_textbook_that_tells_of_cases_is_expository(language, text):
    """By the words of textbooks and theses; without them it is news."""
    words = {
        "de": "Kapitel 3: Theorie, Stichprobe, Literaturverzeichnis.",
        "es": "Capítulo 3: teoría, bibliografía, muestra de casos.",
        "ko": "제3장 이론, 설문, 참고문헌.",
    }

    assert genre("", text.format(words[language]), language) == "expository"
    assert genre("", text.format(""), language) == "announcement"


def test_a_language_without_a_lexicon_has_no_expository_texts():
    assert genre("", GENERAL["en"], "und") == "announcement"
