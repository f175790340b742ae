"""The decisions are logistic regressions whose weights are data."""

import math

import pytest
from entente import decisions, lexicon
from entente.codebook import codes
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("shipped_weights")


def test_a_probability_is_that_of_a_logistic_regression():
    """1 / (1 + e^-(0.5 + 1.5 - 1)) = 1 / (1 + e^-1) = 0.7310585786, by a table of the function."""
    decisions.use({"partner": {"bias": 0.5, "inside": 1.5, "no_cue": -1.0}})

    assert decisions.probability("partner", {"inside", "no_cue"}) == pytest.approx(0.7310585786, abs=1e-10)
    assert decisions.probability("partner", {"inside"}) == pytest.approx(0.8807970780, abs=1e-10)


def test_without_features_the_bias_decides():
    """A bias of 0 is even odds; of ln 3, three to one."""
    decisions.use({"partner": {"bias": 0.0}, "passage": {"bias": math.log(3)}})

    assert decisions.probability("partner", set()) == 0.5
    assert decisions.probability("passage", set()) == pytest.approx(0.75)


def test_features_that_the_model_never_saw_say_nothing():
    """So a language without training documents is decided by the features it shares."""
    decisions.use({"passage": {"bias": 0.0, "cues:joint_venture": 1.0}})

    assert decisions.probability("passage", {"tlh:batlh", "cues:joint_venture"}) == decisions.probability(
        "passage", {"cues:joint_venture"}
    )


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=30), st.randoms(use_true_random=False))
def test_the_order_in_which_features_come_changes_no_bit(weights, random):
    """Sets yield their members in an order that differs from run to run."""
    named = {f"f{number}": weight for number, weight in enumerate(weights)}
    decisions.use({"passage": {"bias": 0.1} | named})
    features = list(named)
    before = decisions.probability("passage", features)
    random.shuffle(features)

    assert decisions.probability("passage", features) == before


@pytest.mark.parametrize("bias", [-1000, -40, 40, 1000])
def test_overwhelming_evidence_is_a_probability_too(bias):
    """On the right side of one half, and inside (0, 1) as far as floating point goes."""
    decisions.use({"passage": {"bias": bias}})

    found = decisions.probability("passage", set())

    assert 0 <= found <= 1
    assert (found > 0.5) == (bias > 0)


def test_the_likeliest_option_is_chosen_and_of_equals_the_first():
    """The options come in the codebook's order, so a tie falls the same way each time."""
    decisions.use(
        {
            "form:joint_venture": {"bias": 0.0, "venture": 2.0},
            "form:contractual": {"bias": 1.0},
            "form:unspecified": {"bias": 1.0},
        }
    )
    forms = ["joint_venture", "contractual", "unspecified"]

    assert decisions.best("form", forms, {"venture"}) == "joint_venture"
    assert decisions.best("form", forms, set()) == "contractual"
    assert decisions.best("form", forms[::-1], set()) == "unspecified"


def test_weights_in_use_are_those_set_last():
    """Nothing of the earlier ones is left."""
    decisions.use({"partner": {"bias": 1.0}})
    decisions.use({"passage": {"bias": 2.0}})

    assert decisions.weights() == {"passage": {"bias": 2.0}}


def test_weights_in_use_may_be_set_again():
    decisions.use({"passage": {"bias": 2.0}})
    decisions.use(decisions.weights())

    assert decisions.weights() == {"passage": {"bias": 2.0}}


def test_a_language_is_seen_if_documents_in_it_were_fitted_on():
    """A model that does not say so has seen none."""
    decisions.use({"languages": {"en": 1, "ja": 1}})
    assert [decisions.seen(language) for language in ("en", "ja", "de", "und")] == [True, True, False, False]

    decisions.use({"passage": {"bias": 0.0}})
    assert not decisions.seen("en")


def test_the_model_that_ships_decides_everything_that_is_coded():
    """Each code of each attribute has its weights, and each decision a bias; all are finite numbers."""
    model = {name: known for name, known in decisions.weights().items() if name != "languages"}
    decided = {"partner", "passage", "venture", "link", "member", "mention", "mention:unseen", "window:en"}
    for attribute in ("form", "status", "value_chain", "function"):
        decided |= {f"{attribute}:{code}" for code in codes(attribute)}

    assert set(model) == decided
    assert all("bias" in known for known in model.values())
    assert all(math.isfinite(weight) for known in model.values() for weight in known.values())


def test_the_model_that_ships_has_seen_english_and_only_languages_with_a_lexicon():
    assert decisions.seen("en")
    assert set(decisions.weights()["languages"]) <= set(lexicon.languages())
