"""Alliances of one document match as the codebook's section 6 says; what is expected was counted by hand."""

import pytest
from entente import matching
from entente.records import GoldAlliance, Mention
from test_evaluate import alliance, gold, mention, scores


def matches(found, wanted):
    """Return how many alliances match: those found are tuples of partners, or mentions."""
    found = [one if isinstance(one, Mention) else mention(*one) for one in found]
    wanted = [GoldAlliance.model_validate(one if isinstance(one, dict) else alliance(*one)) for one in wanted]
    return len(matching.match(*([matching.Coded.of(r) for r in side] for side in (found, wanted))))


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ("SONY", "Sony"),
        ("Citroën", "Citroen"),
        ("Hewlett-Packard", "Hewlett Packard"),
        ("Sony Inc", "Sony"),
        ("Sony Ltd", "Sony"),
        ("Siemens AG", "Siemens"),
        ("Renault SA", "Renault"),
        ("Vestas A/S", "Vestas"),
        ("Hitachi KK", "Hitachi"),
        ("トヨタ自動車株式会社", "トヨタ自動車"),
        ("联想有限公司", "联想"),
        ("General Motors", "General Motors Corp of Canada"),
        ("GM", "General Motors Corp"),
    ],
)
def test_partners_are_the_same_after_case_accents_punctuation_and_legal_form_by_beginning_and_acronym(
    found, wanted
):
    """Whichever side has the longer name."""
    assert matches([("Ericsson", found)], [(wanted, "Ericsson")]) == 1
    assert matches([("Ericsson", wanted)], [(found, "Ericsson")]) == 1


@pytest.mark.parametrize(
    ("found", "wanted"),
    [("Sony", "Sonya"), ("Mitsubishi Electric", "Mitsubishi Motors"), ("Motors", "General Motors")],
)
def test_other_names_are_other_partners(found, wanted):
    assert matches([("Ericsson", found)], [(wanted, "Ericsson")]) == 0


def test_two_alliances_match_by_two_partners():
    """Of three and four; one in common is too few where both name more."""
    assert matches([("Sony", "Ericsson", "Nokia")], [("Fiat", "Sony", "Nokia", "Volvo")]) == 1
    assert matches([("Sony", "Ericsson")], [("Sony", "Nokia")]) == 0


def test_two_alliances_match_by_one_partner_where_only_one_is_named():
    """On either side."""
    assert matches([("Sony", "Ericsson")], [("Sony",)]) == 1
    assert matches([("Sony",)], [("Sony", "Ericsson")]) == 1
    assert matches([("Sony",)], [("Nokia",)]) == 0


def test_two_names_of_one_partner_are_one_partner():
    """A name matches one name at most."""
    assert matches([("General Motors", "GM")], [("General Motors", "Toyota")]) == 0


def test_two_alliances_match_by_one_partner_and_the_venture():
    """The venture's name is compared as partners' are; without a partner it is not enough."""
    found = mention("Sony", "Nokia", venture_name="Nummi Inc")

    assert matches([found], [alliance("Sony", "Volvo", venture_name="NUMMI")]) == 1
    assert matches([found], [alliance("Sony", "Volvo", venture_name="Autolatina")]) == 0
    assert matches([found], [alliance("Sony", "Volvo")]) == 0
    assert matches([found], [alliance("Fiat", "Volvo", venture_name="NUMMI")]) == 0


def test_each_alliance_matches_at_most_one():
    """Of two reports of one alliance one is superfluous, and the other way round."""
    pair = ("Sony", "Ericsson")

    assert matches([pair, pair], [pair]) == 1
    assert matches([pair], [pair, pair]) == 1
    assert matches([pair, pair], [pair, pair]) == 2


def test_the_alliances_that_share_most_are_paired():
    """Whatever their order: paired by turns, the first with the first, the second would be left alone."""
    found = [("Sony", "Ericsson", "Nokia"), ("Sony", "Ericsson")]
    wanted = [("Sony", "Ericsson"), ("Sony", "Nokia", "Ericsson")]
    row = scores([mention(*one) for one in found], gold(*(alliance(*one) for one in wanted)))

    assert (row["matches"], row["partner_f"], row["strict_f"]) == (2, 1, 1)
