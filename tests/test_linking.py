"""Partners are linked to the alliances that their ties make, each pair in one, whatever the order of the ties."""

import itertools

import numpy as np
from entente import decisions, encoder, linking, passages
from entente.encoder import Reading
from hypothesis import given
from hypothesis import strategies as st

NAMES = ["Acme", "Beta", "Gamma", "Delta", "Epsilon"]


def test_whoever_is_tied_to_all_is_one_of_them():
    ties = {(0, 1): 0.9, (0, 2): 0.8, (1, 2): 0.7, (2, 3): 0.1}

    assert linking.groups(ties, NAMES) == [[0, 1, 2]]


def test_two_alliances_of_one_partner_are_two():
    """Acme with Beta, and Acme with Gamma; Beta and Gamma have nothing to do with each other."""
    ties = {(0, 1): 0.9, (0, 2): 0.8, (1, 2): 0.02}

    assert linking.groups(ties, NAMES) == [[0, 1], [0, 2]]


def test_the_lexicon_favours_a_pair_unless_the_evidence_names_the_two_apart():
    """Sentence 0 names entities 0 and 1, sentence 1 names 2 and 3: 0 and 2 are named, each with another."""
    pairs = {(0, 1): 2.0, (2, 3): 2.0, (0, 2): 1.0}
    reading = Reading({pair: np.array([logit]) for pair, logit in pairs.items()})
    places = linking.Places([{0}, {0}, {1}, {1}], {0: {0, 1}, 1: {2, 3}}, {0, 1}, set(), [])

    plain = linking.tied(reading, places, {})
    favoured = linking.tied(reading, places, {(0, 1): 1.0, (0, 2): 3.0})

    assert favoured[0, 1] > plain[0, 1]
    assert favoured[0, 2] == plain[0, 2] < 0.05


def test_two_forms_of_one_name_are_no_partners():
    assert linking.groups({(0, 1): 0.9}, ["Acme", "Acme Corp"]) == []


def test_a_partner_may_be_the_only_one_named():
    """Unless it is another's partner."""
    assert linking.groups({(0, 0): 0.9}, NAMES) == [[0]]
    assert linking.groups({(0, 0): 0.9, (0, 1): 0.9}, NAMES) == [[0, 1]]


def test_many_alliances_of_a_long_text_are_told_apart():
    """Forty thousand pairs: each is looked at beside its neighbours, not beside all."""
    count = 40_000
    ties = {(2 * n, 2 * n + 1): 0.9 for n in range(count)}

    assert linking.groups(ties, [f"Firm{n}" for n in range(2 * count)]) == [list(pair) for pair in ties]


PAIRS = list(itertools.combinations_with_replacement(range(len(NAMES)), 2))


@given(st.lists(st.floats(0, 1), min_size=len(PAIRS), max_size=len(PAIRS)), st.randoms())
def test_groups_do_not_depend_on_the_order_of_the_ties(values, random):
    ties = dict(zip(PAIRS, values, strict=True))
    shuffled = list(ties.items())
    random.shuffle(shuffled)

    found = linking.groups(ties, NAMES)

    assert linking.groups(dict(shuffled), NAMES) == found
    pairs = [pair for members in found for pair in linking.pairs_of(members)]
    assert all(ties[pair] >= min(linking.PAIR_THRESHOLD, linking.ALONE_THRESHOLD, 0.2) for pair in pairs)
    assert all(members == sorted(set(members)) for members in found)


def test_a_group_by_other_names_of_the_same_partners_is_no_second_one():
    """One whose names are all like those of a surer group; a further partner makes another alliance."""
    names = ["Acme", "Beta", "Acme Group", "Beta Corp", "Gamma"]

    assert linking.groups({(0, 1): 0.9, (2, 3): 0.85, (2, 2): 0.5}, names) == [[0, 1]]
    assert linking.groups({(0, 1): 0.9, (2, 4): 0.85}, names) == [[0, 1], [2, 4]]


def test_who_is_hardly_a_partner_is_left_out_of_the_report(shipped_weights):
    """Beta is tied to both others, yet less."""
    parsed = passages.parse("Acme Corp and Beta Ltd's Delta Inc unit formed a joint venture.", "", "en")
    logits = {(0, 1): 1.0, (0, 2): 3.0, (1, 2): 1.0}
    uncoded = [0.0] * (len(encoder.outputs()) - 1)
    reading = Reading(
        {pair: np.array([logit, *uncoded]) for pair, logit in logits.items()},
        dict.fromkeys(range(3), np.array([3.0, -5.0])),
        {0: 3.0},
    )
    others = {name: known for name, known in shipped_weights.items() if name != "member"}

    decisions.use(others)
    (whole,) = linking.reports(parsed, reading)
    decisions.use(others | {"member": {"bias": 1.0, "behind>0.01": -3.0}})
    (pruned,) = linking.reports(parsed, reading)

    assert [entity.name for entity in whole.partners] == ["Acme Corp", "Beta Ltd", "Delta Inc"]
    assert [entity.name for entity in pruned.partners] == ["Acme Corp", "Delta Inc"]
    assert pruned.probability > whole.probability
