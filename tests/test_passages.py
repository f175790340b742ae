"""A text is divided into sentences, and those that may report an alliance are kept, with their candidates."""

import pytest
from entente import lexicon, passages
from hypothesis import example, given, settings
from hypothesis import strategies as st

LANGUAGES = sorted(lexicon.languages())
VENTURE = "Acme Corp and Beta Ltd formed a joint venture."


def sentences(text, language="en"):
    """Return the sentences of *text*."""
    return [text[start:end] for start, end in passages.sentences(text, language)]


def reporting(text, language="en", title=""):
    """Return the passages of *text*, as text."""
    parsed = passages.parse(text, title, language)
    return [text[p.start : p.end] for p in parsed.passages]


# ---- sentences -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Acme Corp. and Beta Inc. met.", "Dr. Smith of Acme Inc. signed.", "Did he?"]),
        ("de", ["Die Acme GmbH ist z.B. in Bonn tätig.", "Sie wächst um ca. 5 Prozent."]),
        ("pl", ["Ma 50 proc. akcji spółki.", "Koniec."]),
        ("ko", ["삼성전자가 밝혔다.", "LG는 아니다."]),
    ],
)
def test_a_full_stop_ends_a_sentence_and_one_of_an_abbreviation_does_not(language, expected):
    assert sentences(" ".join(expected), language) == expected


@pytest.mark.parametrize("language", ["ja", "zh"])
def test_sentences_without_blanks_end_at_their_own_marks(language):
    """A closing quotation mark belongs to the sentence before it."""
    assert sentences("索尼说：“好。”爱立信同意！真的？完", language) == [
        "索尼说：“好。”",
        "爱立信同意！",
        "真的？",
        "完",
    ]


@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_a_line_end_ends_a_sentence(language):
    """Headings and list items have no full stop."""
    assert sentences("ACME AND BETA\n\nIt ended\n ", language) == ["ACME AND BETA", "It ended"]


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=12)
@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("aB .。！？!?\n”」'"))))
@example(" \n.。\n a. b")
def test_sentences_hold_all_that_is_visible_in_order(language, text):
    """None is empty, begins or ends with a blank, or overlaps another; between them are only blanks."""
    spans = passages.sentences(text, language)
    edges = [0, *(edge for span in spans for edge in span), len(text)]

    assert edges == sorted(edges)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert not "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)).strip()


# ---- passages --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "sentence", "partners"),
    [
        ("en", VENTURE, ["Acme Corp", "Beta Ltd"]),
        (
            "de",
            "Die Siemens AG und die Bosch GmbH gründen ein Gemeinschaftsunternehmen.",
            ["Siemens AG", "Bosch GmbH"],
        ),
        ("zh", "丰田汽车与比亚迪成立合资公司。", ["丰田汽车", "比亚迪"]),
        ("ja", "日立製作所とソニーは合弁会社を設立する。", ["日立製作所", "ソニー"]),
        ("ko", "삼성전자와 LG화학은 합작회사를 설립했다.", ["삼성전자", "LG화학"]),
    ],
)
def test_a_sentence_with_a_cue_is_a_passage_and_its_organisations_are_candidates(
    language, sentence, partners
):
    """In the order in which they stand; a sentence without a cue before it is none."""
    other = {"zh": "天气很好。", "ja": "天気は良い。", "ko": "날씨가 좋다."}.get(language, "9.\n")
    text = f"{other} {sentence}"

    (passage,) = passages.parse(text, "", language).passages

    assert text[passage.start : passage.end] == sentence
    assert [c.name.text for c in passage.candidates if c.name] == partners


def test_an_organisation_of_the_sentence_before_is_a_candidate_without_a_name():
    """A pronoun may mean it; it comes after those that are named."""
    (passage,) = passages.parse(
        "Acme Corp makes cars. It formed a joint venture with Beta Ltd.", "", "en"
    ).passages

    assert [(c.entity.name, c.name and c.name.text) for c in passage.candidates] == [
        ("Beta Ltd.", "Beta Ltd."),
        ("Acme Corp", None),
    ]


def test_who_owns_which_part_is_a_passage_without_a_cue():
    """A percentage of something else is none."""
    assert reporting("Gamma Inc is owned 50-50 by Acme Corp and Beta Ltd.")
    assert reporting("Acme Corp holds 30 percent and Beta Ltd 70 percent.")
    assert not reporting("Sales of Acme Corp rose 30 percent.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_without_a_cue_has_no_passages(language):
    assert reporting("Sony 索尼 소니 ソニー.", language) == []


def test_a_title_is_no_passage():
    assert reporting(f"Acme Corp makes cars. {VENTURE}", title="Joint venture") == [VENTURE]
