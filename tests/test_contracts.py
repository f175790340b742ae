"""A contract says in set words between whom it is, and what it is; the words are data, by language."""

import pytest
from entente import contracts, ingest
from entente.codebook import equity_status
from entente.readers import Raw
from hypothesis import given, settings
from hypothesis import strategies as st

SUPPLY = """SUPPLY AND DISTRIBUTION AGREEMENT
This Agreement is made this 3rd day of May, 2001 by and between Acme Widgets, Inc., a Delaware
corporation with offices at 12 Main Street, Dallas, Texas 75248 ("Acme"), and Beta Ltd ("Distributor").
WHEREAS, Acme wishes to appoint Distributor as its exclusive distributor in the Territory, and the parties wish to
cooperate in marketing the Products;
1. Term. The initial term of this Agreement is five (5) years.
"""
VENTURE = """JOINT VENTURE AGREEMENT
BETWEEN:
(1) ACME MOTORS LIMITED, a company incorporated in England ("Acme"); and
(2) BETA STEEL PLC, having its registered office at 1 High Street, London ("Beta").
RECITALS
The parties will jointly make engines. Acme shall hold 60% of the shares of the Company and Beta shall hold 40% of them.
"""
CONSULTING = """CONSULTING AGREEMENT
This Consulting Agreement is made by and between Acme Inc., a Delaware corporation (the "Company"), and John Doe, an
individual residing in Rome ("Consultant").
WHEREAS, the Company wishes to retain Consultant as an independent contractor at an hourly rate;
"""
FOREIGN = {
    "de": (
        "Kooperationsvertrag\nzwischen der Acme Maschinen GmbH, Hauptstraße 1, Berlin (nachfolgend „Acme“ genannt) "
        "und der Beta AG mit Sitz in Wien (nachfolgend „Beta“ genannt)\nPräambel\nDie Vertragsparteien wollen bei der "
        "Entwicklung gemeinsam zusammenarbeiten.\n§ 1 Gegenstand"
    ),
    "fr": (
        "CONTRAT DE DISTRIBUTION EXCLUSIVE\nENTRE LES SOUSSIGNÉS :\nLa société Acme Industries SA, au capital de "
        "10 000 euros, ci-après dénommée « Acme », d'une part,\nET\nBeta SARL, ayant son siège à Lyon, ci-après "
        "dénommée « Beta », d'autre part,\nIl a été convenu ce qui suit : le distributeur exclusif du territoire."
    ),
    "es": (
        "CONTRATO DE COLABORACIÓN\nREUNIDOS\nDe una parte, Acme Industrias S.A., con domicilio en Madrid (en adelante "
        "“Acme”), y de otra parte, Beta S.L., con domicilio en Sevilla (en adelante “Beta”).\nEXPONEN\nQue las partes "
        "desean colaborar conjuntamente."
    ),
    "zh": (
        "战略合作协议\n甲方：华夏汽车股份有限公司\n地址：北京市\n乙方：长江电池有限公司\n地址：武汉市\n"
        "鉴于双方优势互补，共同发展，经双方友好协商，达成本协议。\n第一条 合作内容"
    ),
}
NAMES = {
    "de": ["Acme Maschinen GmbH", "Beta AG"],
    "fr": ["Acme Industries SA", "Beta SARL"],
    "es": ["Acme Industrias S.A.", "Beta S.L."],
    "zh": ["华夏汽车股份有限公司", "长江电池有限公司"],
}


def document(text, language="en"):
    """Return the document of a text."""
    return ingest.document(Raw(text=text), "contracts", "a.txt").model_copy(update={"language": language})


def test_a_contract_is_one_alliance_between_its_parties():
    text = document(SUPPLY).text
    [found] = contracts.find(document(SUPPLY))

    assert [p.name for p in found.partners] == ["Acme Widgets, Inc.", "Beta Ltd"]
    assert [text[p.start : p.end] for p in found.partners] == ["Acme Widgets, Inc.", "Beta Ltd"]
    assert (found.form, found.equity_status, found.status) == ("contractual", "contractual", "signed")
    assert found.functions == ["distribution", "supply"]
    assert (found.date, found.term_years, found.value_chain) == ("2001-05-03", 5, "vertical")
    assert 0.5 < found.confidence < 1


def test_the_evidence_is_the_preamble():
    [found] = contracts.find(document(SUPPLY))
    [span] = found.evidence

    assert document(SUPPLY).text[span.start : span.end].startswith("This Agreement is made")
    assert document(SUPPLY).text[span.start : span.end].endswith('Beta Ltd ("Distributor")')


def test_numbered_parties_of_a_joint_venture_hold_what_the_contract_states():
    [found] = contracts.find(document(VENTURE))

    assert [p.name for p in found.partners] == ["ACME MOTORS LIMITED", "BETA STEEL PLC"]
    assert found.form == "joint_venture"
    assert [(s.holder, s.target, s.percent) for s in found.stakes] == [
        ("ACME MOTORS LIMITED", "venture", 60),
        ("BETA STEEL PLC", "venture", 40),
    ]


def test_stakes_that_are_not_the_whole_are_not_recorded():
    [found] = contracts.find(document(VENTURE.replace("60%", "30%")))

    assert found.stakes == []


def test_a_contract_for_a_service_is_no_alliance():
    assert contracts.find(document(CONSULTING)) == []


def test_a_contract_without_an_organisation_is_none():
    assert contracts.find(document("SUPPLY AGREEMENT\nThis Agreement is made between ____ and ____.")) == []


def test_a_natural_person_is_no_partner():
    text = SUPPLY.replace(
        "and Beta Ltd", 'Beta Ltd, and John Doe, an individual residing in Rome ("Doe"), and Gamma Plc'
    )
    [found] = contracts.find(document(text))

    assert "John Doe" not in [p.name for p in found.partners]


@pytest.mark.parametrize(
    ("heading", "status"),
    [("SECOND AMENDMENT\nTO\n", "changed"), ("TERMINATION OF\n", "ended"), ("", "signed")],
)
def test_the_heading_tells_the_status(heading, status):
    [found] = contracts.find(document(heading + SUPPLY))

    assert found.status == status


def test_a_stake_bought_together_with_the_cooperation_is_minority_equity():
    [found] = contracts.find(document(SUPPLY + "2. Subject to the Stock Purchase Agreement of even date.\n"))

    assert (found.form, found.equity_status) == ("minority_equity", equity_status("minority_equity"))


def test_without_a_preamble_the_signatures_name_the_parties():
    text = "RESELLER AGREEMENT\nThe exclusive territory is Spain.\nIN WITNESS WHEREOF\nACME INC.\nBy: /s/\nBETA LTD\nBy: /s/"
    [found] = contracts.find(document(text))

    assert [p.name.rstrip(".") for p in found.partners] == ["ACME INC", "BETA LTD"]


@pytest.mark.parametrize("language", FOREIGN)
def test_parties_are_read_in_other_languages_too(language):
    text = document(FOREIGN[language]).text
    [found] = contracts.find(document(FOREIGN[language], language))

    assert [p.name for p in found.partners] == NAMES[language]
    assert [text[p.start : p.end] for p in found.partners] == NAMES[language]


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from([*SUPPLY.split(), *VENTURE.split(), "\n", "(", ")", "and", "（", "）", ";", "—"]),
        max_size=80,
    )
)
def test_any_order_of_words_is_read_without_failing(words):
    for mention in contracts.find(document("SUPPLY AGREEMENT between " + " ".join(words))):
        assert all(p.start < p.end for p in mention.partners)
