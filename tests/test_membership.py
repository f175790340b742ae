"""Of the members of a linked alliance, those that are hardly tied to the others are no partners."""

import pytest
from entente import decisions, membership

pytestmark = pytest.mark.usefixtures("shipped_weights")

SURE = dict.fromkeys(range(4), 0.9)


def test_a_member_tied_less_than_the_others_is_told():
    """Means of the ties: 0.7, 0.7 and 0.5, so the third is 0.13 behind the mean of all."""
    ties = {(0, 1): 0.9, (0, 2): 0.5, (1, 2): 0.5}

    first, second, third = membership.standing([0, 1, 2], ties, SURE, {0, 1, 2})

    assert first == second == {"partners=3", *(f"tie>0.{n}" for n in range(1, 7))}
    assert third == {
        *("partners=3", "behind>0.01", "behind>0.05", "behind>0.1"),
        *(f"tie>0.{n}" for n in range(1, 5)),
    }


@pytest.mark.parametrize("tie", [0.1, 0.7, 0.9])
def test_of_members_tied_alike_none_is_behind(tie):
    """Whatever their number, and however the mean is rounded."""
    for size in range(2, 10):
        members = list(range(size))
        ties = {(i, j): tie for i in members for j in members if i < j}

        told = membership.standing(members, ties, dict.fromkeys(members, 0.9), set(members))

        assert not any(feature.startswith("behind") for features in told for feature in features)


def test_who_is_no_sure_partner_or_is_not_in_the_evidence_is_told():
    ties = {(0, 1): 0.9, (0, 3): 0.9, (1, 3): 0.9}

    first, second, third = membership.standing([0, 1, 3], ties, {0: 0.9, 1: 0.9, 3: 0.6}, {0, 1})

    assert first == second
    assert third - second == {"less_sure>0.05", "less_sure>0.1", "less_sure>0.2", "not_in_evidence"}


def test_two_that_are_never_read_together_are_not_tied():
    _, second, _ = membership.standing([0, 1, 2], {(0, 1): 0.9, (0, 2): 0.9}, SURE, {0, 1, 2})

    assert {f for f in second if f.startswith("tie")} == {f"tie>0.{n}" for n in range(1, 5)}


def test_a_partner_that_is_the_only_one_stays():
    described = membership.standing([3], {(3, 3): 0.4}, SURE, {3})

    assert membership.partners([3], described) == [3]


def test_those_that_are_hardly_partners_are_left_out_but_never_the_two_likeliest():
    decisions.use({"member": {"bias": 1.0, "behind>0.1": -3.0}})
    behind = {"behind>0.1"}

    assert membership.partners([0, 1, 2], [set(), set(), behind]) == [0, 1]
    assert membership.partners([0, 1], [set(), behind]) == [0, 1]


def test_without_weights_all_stay():
    decisions.use({"link": {"bias": 0.0}})

    assert membership.partners([0, 1, 2], [set(), {"behind>0.1"}, set()]) == [0, 1, 2]
