"""Figures on alliances in general are found with what they measure, and other numbers are not."""

from types import SimpleNamespace

import pytest
from entente.claims import find


def document(text, language="en", genre="expository"):
    return SimpleNamespace(id="corpus/text.txt", text=text, language=language, genre=genre)


def claims(text, language="en", genre="expository"):
    """Return (measure, value or (low, high), unit) of each claim."""
    return [
        (c.measure, (c.value_low, c.value_high) if c.value is None else c.value, c.unit)
        for c in find(document(text, language, genre))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("More than half of all alliances fail.", [("failure_rate", (50, None), "percent")]),
        ("Some 30-70 pct of alliances fail.", [("failure_rate", (30, 70), "percent")]),
        ("Two out of three joint ventures are dissolved.", [("failure_rate", 66.7, "percent")]),
        ("The number of alliances grew by 25 % a year.", [("growth", 25, "percent")]),
        (
            "By 2005 fewer than 10 percent of alliances were equity-based.",
            [("equity_share", (None, 10), "percent")],
        ),
        ("In 2001, 2,500 new alliances were announced.", [("alliance_count", 2500, "count")]),
        ("Firms had an average of 12 alliances each.", [("alliance_count", 12, "count")]),
        ("Joint ventures live for three and a half years on average.", [("other", 3.5, "years")]),
        (
            "In alliances it takes 12 to 18 months from signing to full operation.",
            [("time_to_operate", (12, 18), "months")],
        ),
    ],
)
def test_a_figure_is_read_with_its_unit_bounds_and_measure(text, expected):
    assert claims(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("da", "Omkring tre ud af fire alliancer mislykkes.", [("failure_rate", 75, "percent")]),
        ("da", "I 2015 blev der indgået godt 6.000 alliancer.", [("alliance_count", (6000, None), "count")]),
        ("da", "Alliancers levetid er 4,8 år.", [("other", 4.8, "years")]),
        ("de", "Jede vierte Allianz scheitert.", [("failure_rate", 25, "percent")]),
        ("de", "Drei von zehn Kooperationen wurden vorzeitig beendet.", [("failure_rate", 30, "percent")]),
        ("es", "Una de cada cuatro alianzas fracasa.", [("failure_rate", 25, "percent")]),
        ("fr", "Une alliance sur dix échoue.", [("failure_rate", 10, "percent")]),
        ("it", "Un'alleanza su cinque fallisce.", [("failure_rate", 20, "percent")]),
        ("ja", "提携の4件に1件は失敗に終わる。", [("failure_rate", 25, "percent")]),
        ("ko", "제휴 열 건 중 네 건은 실패로 끝난다.", [("failure_rate", 40, "percent")]),
        ("ko", "그 해에 3만 건이 넘는 제휴가 맺어졌다.", [("alliance_count", (30000, None), "count")]),
        ("nb", "Over 2 000 nye allianser ble inngått.", [("alliance_count", (2000, None), "count")]),
        ("nl", "Een alliantie houdt een jaar of tien stand.", [("other", 10, "years")]),
        ("pl", "Co trzeci alians kończy się porażką.", [("failure_rate", 33.3, "percent")]),
        ("pt", "A duração média das alianças é de cinco anos e meio.", [("other", 5.5, "years")]),
        ("sv", "Allianser lever i snitt fyra till sex år.", [("other", (4, 6), "years")]),
        ("zh", "战略联盟的失败率超过六成。", [("failure_rate", (60, None), "percent")]),
        ("zh", "百分之四十的联盟采取股权形式。", [("equity_share", 40, "percent")]),
        ("zh", "联盟从成立到运转需要三到四年。", [("time_to_operate", (3, 4), "years")]),
        ("zh", "当年新成立两千五百个联盟。", [("alliance_count", 2500, "count")]),
        ("zh", "合资企业的平均寿命为三年半。", [("other", 3.5, "years")]),
    ],
)
def test_numbers_are_read_as_each_language_writes_them(language, text, expected):
    assert claims(text, language) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Alliances have been studied since 1985 [3] (see page 47).",
        "3.1 Alliances and joint ventures",
        "Alliances are worth 5 billion dollars.",
        "Acme holds 15 percent of its supplier; such alliances are common.",
        "The two joint ventures and the five alliances differ.",
        "Alliances were surveyed with a response rate of 34 percent.",
        "The Nasdaq lost 78 percent of its value.",
        "In 1998 joint ventures were common.",
        "In all, 500 companies formed alliances.",
    ],
)
def test_a_number_that_reports_nothing_on_alliances_is_no_claim(text):
    assert claims(text) == []


def test_a_question_reports_nothing():
    assert claims("Why do 60 percent of alliances fail?") == []
    assert claims("なぜ提携の6割は失敗するのか。", "ja") == []


def test_a_phrase_with_a_number_of_its_own_does_not_hide_the_next():
    text = "Within five years 57 percent of alliances had failed."

    assert claims(text) == [("failure_rate", 57, "percent")]


def test_two_values_at_two_times_are_two_claims():
    text = "The share of revenue from alliances rose from 3 to 6 percent in the 1990s to 40 percent in 2010."

    first, second = find(document(text))

    assert (first.value_low, first.value_high, first.period) == (3, 6, "1990s")
    assert (second.value, second.period) == (40, "2010")


def test_two_measures_in_a_sentence_are_kept_apart_and_a_decline_is_negative():
    text = "Alliances grew by 20 percent a year, while the number of acquisitions fell by 65 % since 2000."

    growth, acquisitions = find(document(text))

    assert (growth.measure, growth.value) == ("growth", 20)
    assert (acquisitions.measure, acquisitions.value, acquisitions.period) == (
        "acquisition_change",
        -65,
        ">=2000",
    )


def test_a_conjunction_parts_two_measures_without_a_comma():
    text = "Some 40 percent of alliances were equity-based while 30 percent failed."

    assert claims(text) == [("equity_share", 40, "percent"), ("failure_rate", 30, "percent")]


def test_a_sentence_goes_on_from_the_one_before():
    text = (
        "Harrigan (1988) followed 895 alliances formed between 1924 and 1985. Only 45 percent of them lasted."
    )

    [claim] = find(document(text))

    assert (claim.value, claim.sample_size) == (45, 895)
    assert (claim.cited_source, claim.period, claim.population) == (
        "Harrigan (1988)",
        "1924-1985",
        "alliances",
    )
    assert [text[span.start : span.start + 4] for span in claim.evidence] == ["Harr", "Only"]


def test_a_new_paragraph_does_not_go_on():
    assert claims("Alliances are old.\n\nOf these, 40 percent are exported.") == []


def test_an_announcement_is_read_only_where_it_speaks_of_alliances_at_large():
    named = "Acme said its alliances with Beta brought 12 percent of its revenue."
    general = "A study shows that half of all joint ventures fail."

    assert claims(named, genre="announcement") == []
    assert claims(general, genre="announcement") == [("failure_rate", 50, "percent")]


@pytest.mark.parametrize(("language", "genre"), [("en", "contract"), ("und", "expository")])
def test_contracts_and_languages_without_a_lexicon_have_no_claims(language, genre):
    assert claims("Half of all alliances fail.", language, genre) == []


# Paragraphs as a textbook, a magazine and an encyclopaedia have them; their figures were listed by hand.
PARAGRAPHS = [
    (
        "en",
        (
            "Few topics divide practitioners like partnering. According to a survey by Accenture, "
            "three quarters of alliances miss the targets that were set for them. In 1970 almost "
            "80 per cent of new partnerships were equity-based; by 1998 that share had dropped "
            "below 10 per cent. Mergers, by contrast, fell by a third. The book costs 45 dollars "
            "and has 312 pages."
        ),
        [
            ("failure_rate", 75, "percent"),
            ("equity_share", 80, "percent"),
            ("equity_share", (None, 10), "percent"),
            ("acquisition_change", -33.3, "percent"),
        ],
    ),
    (
        "en",
        (
            "As early as 1995, alliances generated 21 percent of the revenue of America's largest "
            "firms, and the figure was expected to reach 35 percent in 2002. Some 70% of "
            "partnerships do not achieve their objectives. Roughly a third break up before the "
            "planned date."
        ),
        [
            ("revenue_share", 21, "percent"),
            ("revenue_share", 35, "percent"),
            ("failure_rate", 70, "percent"),
            ("failure_rate", 33.3, "percent"),
        ],
    ),
    (
        "da",
        (
            "Nielsen (2007) gennemgik 310 danske alliancer og fandt, at 38 pct. af dem var joint "
            "ventures. Den gennemsnitlige levetid var 4,8 år. Fra forhandlingerne begyndte, til "
            "selskabet var i drift, gik der i snit halvandet år. Undersøgelsen havde en "
            "svarprocent på 42."
        ),
        [("equity_share", 38, "percent"), ("other", 4.8, "years"), ("time_to_operate", 1.5, "years")],
    ),
    (
        "zh",
        (
            "据统计，全球新组建的战略联盟超过两万个，年均增长约25%。"
            "近一半的联盟在五年之内解体。"
            "在被调查的500家企业中，联盟带来的收入占总收入的21%。"
            "同期，并购数量减少了三成。"
            "某公司持有其子公司60%的股份，不属于联盟。"
        ),
        [
            ("alliance_count", (20000, None), "count"),
            ("growth", 25, "percent"),
            ("failure_rate", 50, "percent"),
            ("revenue_share", 21, "percent"),
            ("acquisition_change", -30, "percent"),
        ],
    ),
]


@pytest.mark.parametrize(("language", "text", "expected"), PARAGRAPHS)
def test_all_figures_of_a_paragraph_are_found_and_no_others(language, text, expected):
    assert claims(text, language) == expected
