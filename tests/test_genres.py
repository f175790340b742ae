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
