"""Agreement of two coders, against the examples of who defined it."""

import math

import numpy as np
import pytest
from entente import cli, study
from entente.agreement import agreement, alpha, by_field
from entente.errors import EntenteError
from entente.records import Gold, GoldAlliance

ALLIANCE = GoldAlliance(
    partners=["Sony", "Ericsson"],
    venture_name="Sony Ericsson",
    form="joint_venture",
    equity_status="equity",
    functions=["rnd", "marketing"],
    value_chain="horizontal",
    stakes=[{"holder": "Sony", "target": "venture", "percent": 50}],
    status="signed",
    date="2001-04-24",
)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("0100000010", "1110010000", 0.095),  # Krippendorff (2011), example A: binary data
        ("abbddccceedd", "abbddccceedd", 1.0),
    ],
)
def test_alpha_is_that_of_the_published_examples(first, second, expected):
    found = alpha(list(zip(first, second, strict=True)))

    assert found == pytest.approx(expected, abs=5e-4)


def test_alpha_of_the_nominal_example():
    """Krippendorff (2011), example B: Ben and Gerry, five values, 0.692."""
    ben, gerry = "aabbdcccedda", "babbbccceddd"

    assert alpha(list(zip(ben, gerry, strict=True))) == pytest.approx(0.692, abs=5e-4)


def test_alpha_of_codes_that_do_not_vary_is_none():
    assert math.isnan(alpha([("a", "a")] * 5))
    assert math.isnan(alpha([]))


def test_chance_agreement_has_alpha_zero():
    drawn = np.random.default_rng(1).choice(list("aaabbc"), (20_000, 2))

    assert alpha(list(map(tuple, drawn))) == pytest.approx(0, abs=0.02)


def coded(*differences):
    """Return pairs of gold: equal but for what *differences*, dicts of fields of the second's alliance, say."""
    return [
        (
            Gold(id=str(number), genre="announcement", alliances=[ALLIANCE]),
            Gold(id=str(number), genre="announcement", alliances=[ALLIANCE.model_copy(update=other)]),
        )
        for number, other in enumerate(differences)
    ]


def test_fields_are_compared_where_both_see_the_alliance():
    pairs = [
        *coded({}, {"form": "contractual", "equity_status": "contractual"}, {"functions": ["rnd"]}),
        (Gold(id="x", alliances=[ALLIANCE]), Gold(id="x", alliances=[], non_alliance="other")),
    ]

    rows = {row["field"]: row for row in by_field(pairs)}

    assert rows["alliance"] == {"field": "alliance", "units": 4, "agreement": pytest.approx(6 / 7)}
    assert rows["reports_alliance"]["agreement"] == 3 / 4
    assert (rows["form"]["units"], rows["form"]["agreement"]) == (3, pytest.approx(2 / 3))
    assert (rows["function"]["units"], rows["function"]["agreement"]) == (39, pytest.approx(38 / 39))
    assert "non_alliance" not in rows  # coded by one of them only


def test_the_interval_contains_alpha_and_shrinks_with_the_documents():
    some = coded(*[{}, {}, {"form": "contractual"}, {"status": "planned"}] * 10)
    rows = [{row["field"]: row for row in by_field(pairs)} for pairs in (some, some * 8)]

    few, many = (row["status"] for row in rows)
    assert few["low"] <= few["alpha"] <= few["high"]
    assert many["high"] - many["low"] < few["high"] - few["low"]


def test_a_second_coding_of_what_has_no_gold_is_told(tmp_path):
    cli.write(tmp_path / "gold.jsonl", [Gold(id="a", alliances=[])])
    cli.write(tmp_path / "second.jsonl", [Gold(id="b", alliances=[])])
    known = study.Study(tmp_path, (tmp_path,), period_years=5, level=0.95, minimum_confidence=0.3)

    with pytest.raises(EntenteError, match=r"'b' has no gold in gold\.jsonl"):
        list(agreement(known))


def test_without_a_second_coding_the_table_is_empty(tmp_path):
    known = study.Study(tmp_path, (tmp_path,), period_years=5, level=0.95, minimum_confidence=0.3)

    assert list(agreement(known)) == []
