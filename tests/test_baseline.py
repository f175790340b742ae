"""The baseline finds what a simple script would, and no more: sentences with a cue word, their first two names."""

from collections import defaultdict

import pytest
import spacy
from entente import baseline, lexicon
from entente.errors import EntenteError
from entente.records import Document


def document(text, language="en"):
    """Return a Document of *text*."""
    return Document(
        id="news/a.txt",
        corpus="news",
        source="a.txt",
        sha256="",
        title="",
        text=text,
        language=language,
        language_probability=1.0,
        date="2001-04",
        date_source="text",
        genre="announcement",
        signature="",
    )


def found(text, language="en", pipeline=None):
    """Return [(partners, form, evidence), ...] of the mentions in *text*."""
    mentions, claims = baseline.extract(document(text, language), pipeline)
    assert claims == []
    assert all(text[p.start : p.end] == p.name for m in mentions for p in m.partners)
    return [
        (
            *([p.name for p in m.partners], m.form),
            [text[span.start : span.end] for span in m.evidence],
        )
        for m in mentions
    ]


@pytest.fixture(scope="module")
def pipelines(tmp_path_factory):
    """Return a function that saves an English pipeline that knows some organisations, and gives its folder."""

    def saved(component):
        pipeline = spacy.blank("en")
        ruler = pipeline.add_pipe("entity_ruler", name=component)
        labelled = {"acme": "ORG", "zeta works": "ORG", "London": "GPE", "beta": "ORG"}
        ruler.add_patterns([{"label": label, "pattern": name} for name, label in labelled.items()])
        folder = tmp_path_factory.mktemp("pipeline")
        pipeline.to_disk(folder)
        return str(folder)

    return saved


@pytest.mark.parametrize(
    ("language", "sentence", "partners", "form"),
    [
        ("en", "Acme Corp and Beta Ltd formed a joint venture.", ["Acme Corp", "Beta Ltd"], "joint_venture"),
        ("en", "Acme Corp has licensed Beta Ltd to make a drug.", ["Acme Corp", "Beta Ltd"], "contractual"),
        ("en", "Acme Corp and Beta Ltd are in an alliance.", ["Acme Corp", "Beta Ltd"], "unspecified"),
        (
            "en",
            "An agreement by Acme Corp and Beta Ltd on a joint venture was signed.",
            ["Acme Corp", "Beta Ltd"],
            "joint_venture",
        ),
        (
            "de",
            "Die Acme AG und die Beta GmbH gründen ein Gemeinschaftsunternehmen.",
            ["Acme AG", "Beta GmbH"],
            "joint_venture",
        ),
        ("da", "Acme A/S indgår en aftale med Beta A/S om motorer.", ["Acme A/S", "Beta A/S"], "contractual"),
        ("ja", "トヨタ自動車とソニーは提携する。", ["トヨタ自動車", "ソニー"], "unspecified"),
    ],
)
def test_a_sentence_with_a_cue_word_is_an_alliance_of_its_first_two_names(language, sentence, partners, form):
    """A word for a joint venture decides the form before one for a contract."""
    assert found(sentence, language) == [(partners, form, [sentence])]


@pytest.mark.parametrize(
    "text",
    [
        "Acme Corp and Beta Ltd publish their results.",
        "Acme Corp formed a joint venture in Japan.",
        "Acme Corp formed a joint venture with Acme.",
        "A joint venture fails. Acme Corp met Beta Ltd.",
        "",
    ],
)
def test_without_a_cue_word_or_a_second_name_in_the_sentence_there_is_none(text):
    """A country is no organisation, and two forms of one name are one."""
    assert found(text) == []


def test_a_third_name_is_passed_over_and_a_denial_is_not_understood():
    """It is a baseline: what it gets wrong is known."""
    text = "Acme Corp denied that Beta Ltd and Gamma Inc join its alliance."

    assert found(text) == [(["Acme Corp", "Beta Ltd"], "unspecified", [text])]


def test_sentences_about_the_same_two_partners_are_one_mention():
    """Whatever their order and legal form; the form is the most definite that one of them gives."""
    first, second = "Acme Corp plans with Beta Ltd an alliance.", "Beta and Acme form a joint venture."
    third = "Acme has given Gamma Inc a contract."

    assert found(f"{first} {second} {third}") == [
        (["Acme Corp", "Beta Ltd"], "joint_venture", [first, second]),
        (["Acme", "Gamma Inc"], "contractual", [third]),
    ]


def test_what_it_does_not_read_it_does_not_say():
    """It is as sure of each mention as of any other."""
    (mention,), _ = baseline.extract(document("Acme Corp and Beta Ltd formed a 50-50 joint venture."))

    assert (mention.confidence, mention.equity_status, mention.date) == (1, "equity", "2001-04")
    assert (mention.stakes, mention.functions, mention.value_chain) == ([], [], "unclear")


def test_a_language_without_cue_words_or_without_a_lexicon_yields_nothing(monkeypatch):
    text = "Acme Corp and Beta Ltd formed a joint venture."
    assert found(text, "und") == []

    monkeypatch.delitem(baseline.CUES, "nl")
    assert found(text, "nl") == []


@pytest.mark.parametrize("language", baseline.CUES)
def test_cue_words_are_about_a_dozen_and_of_the_lexicon(language):
    """Its cues or hints of the same form find each, or have it among their words; Chinese is written in two ways."""
    known = lexicon.load(language)
    words = [
        (word.replace("*", ""), form)
        for form, told in zip(baseline.FORMS, baseline.CUES[language], strict=True)
        for word in told.split(", ")
    ]
    phrases = defaultdict(list)
    for section, form, phrase, _ in known.examples():
        if section in ("cues", "hints"):
            phrases[form].append(phrase)

    def foreign(word, form):
        met = any(known.phrases(section, (form,)).any(word) for section in ("cues", "hints"))
        return not met and not all(any(part in p for p in phrases[form]) for part in word.split())

    assert 10 <= len(words) <= (18 if language == "zh" else 14)
    assert [word for word, form in words if foreign(word, form)] == []


# ---- with a pipeline -------------------------------------------------------------------------------


def test_names_are_those_that_a_pipeline_calls_organisations(pipelines):
    """Though they are in lower case, and a name it does not know is passed over."""
    pipeline = baseline.load(pipelines("ner"))
    text = "In London Gamma Inc saw acme and zeta works form an alliance."

    assert found(text, pipeline=pipeline) == [(["acme", "zeta works"], "unspecified", [text])]


def test_a_pipeline_reads_its_own_language_only(pipelines):
    text = "Acme AG und beta und Gamma AG schließen einen Vertrag."

    assert found(text, "de", baseline.load(pipelines("ner"))) == [
        (["Acme AG", "Gamma AG"], "contractual", [text])
    ]


@pytest.mark.parametrize(("name", "says"), [("no_such_pipeline", "cannot load it"), (None, "no 'ner'")])
def test_what_is_no_pipeline_for_names_is_refused_with_the_remedy(name, says, pipelines):
    """Neither installed nor a folder; or one without the component."""
    with pytest.raises(EntenteError, match=says) as refused:
        baseline.load(name or pipelines("ruler"))

    assert "; give " in str(refused.value)
