"""Stakes go to the partner that holds them, and terms to the agreement that runs so long."""

import pytest
from entente import figures_in_text, lexicon, passages
from entente.reports import Report


def report(parsed):
    """Return all passages of a document as a report between all organisations that it names."""
    entities = parsed.entities
    return Report(parsed.passages, entities, [0.9] * len(entities), None, 0.9)


def stakes(text, language="en"):
    """Return {holder: percent} of the stakes in a venture that *text* states."""
    parsed = passages.parse(text, "", language)
    found = figures_in_text.stakes(parsed, report(parsed))
    assert all(stake.target == "venture" for stake in found)
    return {stake.holder.rstrip("."): stake.percent for stake in found}


def term(text, language="en"):
    """Return the term that *text* states."""
    parsed = passages.parse(text, "", language)
    assert parsed.passages
    return figures_in_text.term(parsed, report(parsed))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It owns 42.5 pct, half of it.", [42.5, 50]),
        ("It owns 30 per cent, 40% and 2.25 percent.", [30, 40, 2.25]),
        ("In 1999 it owned 20 plants.", []),
        ("It grew by 250 percent.", []),
    ],
)
def test_percentages_are_read_as_figures_and_as_fractions(text, expected):
    """More than the whole is no share."""
    found = figures_in_text.percentages(text, 0, len(text), lexicon.load("en"))

    assert [percent for _, _, percent in found] == expected
    assert all(text[start:end].strip() == text[start:end] for start, end, _ in found)


def test_only_the_stretch_asked_for_is_read():
    text = "It owns 30 percent. She owns 40 percent."

    found = figures_in_text.percentages(text, text.index("She"), len(text), lexicon.load("en"))

    assert [percent for _, _, percent in found] == [40]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Acme Corp and Beta Ltd formed a 50-50 joint venture.", {"Acme Corp": 50, "Beta Ltd": 50}),
        ("en", "Acme Corp and Beta Ltd formed a 50/50 joint venture.", {"Acme Corp": 50, "Beta Ltd": 50}),
        (
            "en",
            "The joint venture, equally owned by Acme Corp and Beta Ltd, makes cars.",
            {"Acme Corp": 50, "Beta Ltd": 50},
        ),
        (
            "en",
            "The joint venture is 42.5 pct owned by Acme Corp, 42.5 pct by Beta Ltd and 15 pct by Gamma Inc.",
            {"Acme Corp": 42.5, "Beta Ltd": 42.5, "Gamma Inc": 15},
        ),
        (
            "en",
            "Acme Corp will own 51 percent of the joint venture and Beta Ltd the remaining 49 percent.",
            {"Acme Corp": 51, "Beta Ltd": 49},
        ),
        (
            "en",
            "Acme Corp formed a joint venture with Beta Ltd today. Acme Corp will own 80 pct and Beta Ltd 20 pct.",
            {"Acme Corp": 80, "Beta Ltd": 20},
        ),
        (
            "de",
            "Die Siemens AG hält 42,5 Prozent an dem Gemeinschaftsunternehmen, die Bosch GmbH 57,5 Prozent.",
            {"Siemens AG": 42.5, "Bosch GmbH": 57.5},
        ),
        (
            "de",
            "Am Gemeinschaftsunternehmen sind die Siemens AG mit 60 Prozent und die Bosch GmbH mit 40 Prozent beteiligt.",
            {"Siemens AG": 60, "Bosch GmbH": 40},
        ),
        (
            "de",
            "Die Siemens AG und die Bosch GmbH gründen ein Gemeinschaftsunternehmen, an dem beide je 50 Prozent halten.",
            {"Siemens AG": 50, "Bosch GmbH": 50},
        ),
        ("zh", "合资公司由索尼公司持股51%，爱立信公司持股49%。", {"索尼公司": 51, "爱立信公司": 49}),
        ("zh", "合资公司中，索尼公司占60%，爱立信公司占40%。", {"索尼公司": 60, "爱立信公司": 40}),
        ("zh", "丰田汽车与比亚迪成立合资公司，双方各持股50%。", {"丰田汽车": 50, "比亚迪": 50}),
        (
            "en",
            "Acme Corp and Beta Ltd each hold 30 pct of the joint venture, and Gamma Inc has 40 pct.",
            {"Acme Corp": 30, "Beta Ltd": 30, "Gamma Inc": 40},
        ),
        ("en", "Acme Corp and Beta Ltd formed a 60-40 joint venture.", {"Acme Corp": 60, "Beta Ltd": 40}),
        (
            "en",
            "The joint venture's owners are Acme Corp (62.5 pct), Beta Ltd (25 pct) and Gamma Inc (12.5 pct).",
            {"Acme Corp": 62.5, "Beta Ltd": 25, "Gamma Inc": 12.5},
        ),
        (
            "en",
            "Acme Corp will own 51 pct of the joint venture and Beta Ltd 49.",
            {"Acme Corp": 51, "Beta Ltd": 49},
        ),
        (
            "fr",
            "Renault SA détiendra 60 % de la coentreprise et Volvo AB le reste.",
            {"Renault SA": 60, "Volvo AB": 40},
        ),
        (
            "da",
            "Carlsberg A/S ejer 51 procent af anlægget, mens Arla Foods får 49 procent af joint venturet.",
            {"Carlsberg A/S": 51, "Arla Foods": 49},
        ),
        (
            "en",
            "Acme Corp will increase its stake in the joint venture to 75 pct from 50 pct.",
            {"Acme Corp": 75},
        ),
        (
            "en",
            "Acme Corp runs the mine jointly owned with Beta Ltd. Acme Corp is in the joint venture with 62 pct.",
            {"Acme Corp": 62},
        ),
        (
            "en",
            "Acme Corp and Beta Ltd formed a joint venture. Each of the two will keep 50 pct.",
            {"Acme Corp": 50, "Beta Ltd": 50},
        ),
        (
            "en",
            "Acme Corp will buy from Beta Ltd the 40 pct of their joint venture that it does not already own.",
            {"Acme Corp": 60, "Beta Ltd": 40},
        ),
    ],
)
def test_a_stake_is_its_holders(language, text, expected):
    """Named before the percentage or, with "by", after it; what is divided equally is so for each."""
    assert stakes(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "Acme Corp will buy a 20 pct stake in Beta Ltd under a cooperation agreement.",
            {("Acme Corp", "Beta Ltd", 20)},
        ),
        (
            "en",
            "Acme Corp and Beta Ltd will swap stakes of 5 pct under a cooperation agreement.",
            {("Acme Corp", "Beta Ltd", 5), ("Beta Ltd", "Acme Corp", 5)},
        ),
        (
            "nb",
            "Acme ASA kjøper 20 prosent av Beta AS og inngår en samarbeidsavtale.",
            {("Acme ASA", "Beta AS", 20)},
        ),
        (
            "de",
            "Die Siemens AG beteiligt sich mit 20 Prozent an der Bosch GmbH und vereinbart eine Kooperation.",
            {("Siemens AG", "Bosch GmbH", 20)},
        ),
    ],
)
def test_a_minority_stake_is_in_the_other_partner(language, text, expected):
    """And where they swap, each is in the other."""
    parsed = passages.parse(text, "", language)
    found = figures_in_text.stakes(parsed, report(parsed), "minority_equity")

    assert {(stake.holder, stake.target, stake.percent) for stake in found} == expected


def test_an_agreement_without_ownership_has_no_stakes():
    """The cost of a programme may be shared 50-50 as well."""
    parsed = passages.parse("Acme Corp and Beta Ltd share the cost of the joint venture 50-50.", "", "en")

    assert figures_in_text.stakes(parsed, report(parsed), "joint_venture")
    assert figures_in_text.stakes(parsed, report(parsed), "contractual") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Acme Corp, which owns a joint venture with Beta Ltd, takes 30 pct of its output."),
        ("de", "Die Siemens AG hält das Gemeinschaftsunternehmen und nimmt 30 Prozent der Produktion."),
        ("fr", "Renault SA détient la coentreprise et prend 30 % de la production."),
    ],
)
def test_a_share_of_the_output_is_no_stake(language, text):
    """Though the sentence speaks of owning."""
    assert stakes(text, language) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Acme Corp and Beta Ltd formed a joint venture. Sales grew by 20 percent.",
        "Acme Corp owns 100 percent of Beta Ltd, once a joint venture.",
    ],
)
def test_a_percentage_of_something_else_is_no_stake(text):
    """Nor is the whole: a subsidiary is no venture."""
    assert stakes(text) == {}


@pytest.mark.parametrize(
    ("language", "text", "years"),
    [
        ("en", "Acme and Beta signed a ten-year licensing agreement.", 10),
        ("en", "Acme and Beta signed a 10-year supply agreement.", 10),
        ("en", "Acme and Beta signed a cooperation agreement for ten years.", 10),
        ("en", "Acme and Beta signed an 18-month marketing agreement.", 1.5),
        ("de", "Acme und Beta schlossen einen Lizenzvertrag über zehn Jahre.", 10),
        ("de", "Acme und Beta schlossen einen zehnjährigen Lizenzvertrag.", 10),
        ("en", "Acme and Beta formed a joint venture for a period of seven years.", 7),
        ("ja", "日立製作所とソニーは業務提携契約を結んだ。期間は3年間で、業務提携を続ける。", 3),
        ("ko", "삼성전자와 현대차가 라이선스 계약을 맺고 앞으로 10년간 공급한다.", 10),
        ("zh", "丰田与比亚迪签署为期10年的战略合作协议。", 10),
        ("zh", "丰田与比亚迪签署为期十年的战略合作协议。", 10),
    ],
)
def test_a_term_is_told_in_years(language, text, years):
    """In figures or words; months are parts of a year."""
    assert term(text, language) == years


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Acme and Beta signed a licensing agreement in 2019."),
        ("en", "Acme, with 100 years of history, signed a licensing agreement with Beta."),
        ("en", "Acme, 40 years old, and Beta formed a joint venture."),
        ("en", "Acme and Beta signed a licensing agreement two years ago."),
        ("zh", "2019年11月，丰田与比亚迪签署战略合作协议。"),
        ("ja", "2019年11月に日立製作所は業務提携契約を結んだ。"),
    ],
)
def test_a_date_or_an_age_is_no_term(language, text):
    """November 2019 is not 19 years."""
    assert term(text, language) is None
