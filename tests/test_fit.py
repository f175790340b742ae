"""Fitting learns, from documents with gold, what finds the alliances of other documents, and does it the same each time."""

import json
from itertools import pairwise

import pytest
from entente import decisions, extract, ingest, passages
from entente.readers import Raw
from entente.records import Gold
from entente.reports import Report

pytest.importorskip("sklearn", reason="scikit-learn is needed to fit; pip install 'entente[train]'")

from entente import fit_decisions

SHAPES = {
    "en": (
        "{} Corp and {} Ltd formed a joint venture to make {}.",
        "{} Corp acquired all shares of its joint venture {} Ltd, a maker of {}.",
    ),
    "de": (
        "Die {} AG und die {} GmbH gründen ein Gemeinschaftsunternehmen für {}.",
        "Die {} AG übernimmt das Gemeinschaftsunternehmen {} GmbH und dessen Werk für {}.",
    ),
}
NAMES = ["Alba", "Brix", "Corda", "Dorna", "Elva", "Fenix", "Garda", "Halma"]
FORMS = {"en": ("{} Corp", "{} Ltd"), "de": ("{} AG", "{} GmbH")}


pytestmark = pytest.mark.usefixtures("shipped_weights")


def cases():
    """Yield (document, gold), as dicts: in two languages, of two shapes, the first with an alliance."""
    for language, shapes in SHAPES.items():
        for number, (first, second) in enumerate(pairwise(NAMES)):
            for alliance, shape in zip((True, False), shapes, strict=True):
                text = shape.format(first, second, "Autos")
                name = f"{language}/{number}{'ab'[alliance]}.txt"
                reported = {
                    "partners": [
                        form.format(n) for form, n in zip(FORMS[language], (first, second), strict=True)
                    ],
                    "form": "joint_venture",
                    "equity_status": "equity",
                    "functions": ["production"],
                    "value_chain": "horizontal",
                    "status": "signed",
                    "evidence": [text],
                }
                yield (
                    {"id": name, "title": None, "text": text, "language": language},
                    {"id": name, "alliances": [reported] if alliance else []},
                )


@pytest.fixture(scope="module")
def model():
    """Return weights fitted on the cases."""
    shipped = dict(decisions.weights())
    fitted = fit_decisions.fit([(document, Gold.model_validate(gold)) for document, gold in cases()])
    decisions.use(shipped)
    return fitted


def found(text, language):
    """Return the partners of the alliances that extraction finds in *text* and is sure enough of."""
    document = ingest.document(Raw(text=text), "test", "a.txt").model_copy(update={"language": language})
    mentions, _ = extract.extract(document, lexicon_only=True)
    return [{p.name for p in m.partners} for m in mentions if m.confidence >= extract.MINIMUM_CONFIDENCE]


@pytest.mark.parametrize("language", SHAPES)
def test_the_weights_find_an_alliance_in_a_sentence_of_the_same_shape(model, language):
    """Between firms that no training document names; a sentence of the other shape reports none."""
    decisions.use(model)
    alliance, none = (shape.format("Zeta", "Yotta", "Züge") for shape in SHAPES[language])

    assert found(alliance, language) == [
        {form.format(n) for form, n in zip(FORMS[language], ("Zeta", "Yotta"), strict=True)}
    ]
    assert found(none, language) == []


def test_the_model_has_all_that_the_shipped_one_decides(model):
    """And names the languages that it has seen, by which confidence is decided; the rest needs the encoder."""
    assert {*model, "link", "member", "window:en"} == decisions.weights().keys()
    assert model["languages"] == {"de": 1, "en": 1}


def test_two_fits_are_the_same(model):
    """Also after other weights were in use."""
    decisions.use({"partner": {"bias": 3.0}})

    again = fit_decisions.fit([(document, Gold.model_validate(known)) for document, known in cases()])

    assert json.dumps(again) == json.dumps(model)


def test_a_decision_that_is_always_the_same_is_a_bias():
    """Nothing can be learned from one class; the decision is taken all the same."""
    assert fit_decisions.fit_one([{"x"}, {"y"}], [True, True], 0.3) == {"bias": 5.0}
    assert fit_decisions.fit_one([{"x"}, {"y"}], [False, False], 0.3) == {"bias": -5.0}


def test_the_partners_of_reports_that_match_teach_who_is_one():
    """Beta, the parent of Delta, is none; a report that matches no alliance teaches nothing."""
    parsed = passages.parse("Acme Corp and Beta Ltd's Delta Inc unit formed a joint venture.", "", "en")
    features = [{"partners=3"}, {"partners=3", "behind>0"}, {"partners=3"}]
    read = Report([], parsed.entities, [0.9, 0.9, 0.9], None, 0.9, standing=features)
    gold = next(gold for _, gold in cases() if gold["alliances"])
    gold["alliances"][0]["partners"] = ["Acme Corp", "Delta Inc"]
    samples = fit_decisions.Samples()

    fit_decisions.member_samples(samples, [read], Gold.model_validate(gold))
    fit_decisions.member_samples(samples, [read], Gold.model_validate(gold | {"alliances": []}))

    assert samples.features["member"] == features
    assert samples.labels["member"] == [True, False, True]
