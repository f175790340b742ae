"""What may move the equity share, in percentage points, and the share under every choice."""

import math
from xml.etree import ElementTree

import numpy as np
import pytest
from entente import budget, cli, figures, tables
from entente.budget import extraction_error, rms_of_interval, rms_of_range
from entente.definitions import DEFINITIONS
from entente.records import Duplicate, Gold
from test_coverage import corpora
from test_estimate import alliance, document, mention, store, study

EQUITY = {"form": "joint_venture", "equity_status": "equity"}
CONTRACT = {"form": "contractual", "equity_status": "contractual"}
CODED = {"partners": ["Sony", "Ericsson"], "functions": [], "value_chain": "unclear", "status": "signed"}


def test_the_error_of_an_interval_is_bias_and_standard_error_together():
    """Mean square error = bias squared + variance: 3 and 4 make 5."""
    assert rms_of_interval(3, 3 - 4 * 1.644854, 3 + 4 * 1.644854, 0.9) == pytest.approx(5, rel=1e-5)


@pytest.mark.parametrize(("low", "high"), [(-3, 3), (0, 3), (-1, 5), (2, 4)])
def test_the_error_of_a_range_is_that_of_values_drawn_from_it(low, high):
    drawn = np.random.default_rng(4).uniform(low, high, 400_000)

    assert rms_of_range(low, high) == pytest.approx(math.sqrt(np.mean(drawn**2)), rel=0.01)


def test_the_extraction_error_covers_the_true_one_as_often_as_it_says():
    """150 documents of one or two alliances, 40 % equity; the machine misses 20 % of these, and invents 10 % of the rest.

    By machine .4 x .8 + .6 x .1 = 38 % are equity, so that the true error is 2 points.
    """
    rng = np.random.default_rng(1971)
    covered = []
    for _ in range(500):
        numbers = rng.integers(1, 3, 150)
        hand = rng.binomial(numbers, 0.4)
        machine = rng.binomial(hand, 0.8) + rng.binomial(numbers - hand, 0.1)
        found = extraction_error(np.column_stack([machine, numbers, hand, numbers]), 0.95)
        covered.append(found["low"] <= 0.02 <= found["high"])

    assert np.mean(covered) == pytest.approx(0.95, abs=0.025)


def test_the_extraction_error_has_the_sign_of_the_correction():
    """By machine 1 in 4, by hand 2 in 4: the share is to be raised by 25 points."""
    found = extraction_error([[0, 2, 1, 2], [1, 2, 1, 2]] * 20, 0.95)

    assert found["shift"] == pytest.approx(0.25)
    assert found["low"] < 0.25 < found["high"]


def test_few_documents_coded_by_hand_are_refused():
    """Documents in which neither sees an alliance do not count."""
    found = extraction_error([[1, 1, 1, 1]] * 19 + [[0, 0, 0, 0]] * 50, 0.95)

    assert found == {"refused": "19 documents coded by hand report an alliance, 20 needed"}
    assert "refused" in extraction_error([], 0.95)
    assert extraction_error([[0, 0, 1, 1]] * 30, 0.95) == {
        "refused": "too few alliances of known form, by machine or by hand"
    }


def reported(root, number=40, coded=30):
    """Store *number* documents that report an alliance each, half of them ventures, the odd ones.

    Of the first *coded*, a reader codes every sixth as a venture where the machine found a contract.
    """
    forms = [EQUITY if n % 2 else CONTRACT for n in range(number)]
    folder = store(
        root,
        [document(f"{n}.txt") for n in range(number)],
        mentions=[mention(f"{n}.txt", **forms[n]) for n in range(number)],
        alliances=[
            alliance(n, mentions=[f"wire/{n}.txt@1"], partners=[f"o-{n}"], form=forms[n]["form"])
            for n in range(number)
        ],
    )
    gold = [
        Gold(id=f"{n}.txt", alliances=[CODED | (EQUITY if n % 6 == 0 else forms[n])]) for n in range(coded)
    ]
    cli.write(folder / "gold.jsonl", gold)
    return study(root)


def components(rows, headline="joint_venture_or_stake"):
    """Return {component: row} of one headline."""
    return {row["component"]: row for row in rows if row["headline"] == headline}


def test_the_budget_tells_each_component_in_points(tmp_path):
    """20 of 40 are equity; by hand 5 more of 30; all definitions but CATI's, which counts none, agree."""
    found = components(budget.error_budget(reported(tmp_path)))

    assert list(found) == list(budget.COMPONENTS)
    assert {row["share"] for row in found.values()} == {0.5}
    assert (found["sampling"]["n"], found["extraction"]["n"]) == (40, 30)
    half_width = (found["sampling"]["high"] - found["sampling"]["low"]) / 2
    assert half_width == pytest.approx(100 * 1.96 * math.sqrt(0.25 / 40), rel=0.1)
    assert found["extraction"]["shift"] == pytest.approx(100 * 5 / 30, abs=0.005)
    assert found["extraction"]["low"] < 100 * 5 / 30 < found["extraction"]["high"]
    assert (found["resolution"]["low"], found["resolution"]["high"], found["resolution"]["n"]) == (0, 0, 4)
    assert (found["definition"]["low"], found["definition"]["high"], found["definition"]["n"]) == (0, 0, 5)
    assert found["coverage"]["refused"] == "one corpus: nothing to compare it with"


def test_the_parts_of_what_is_there_add_up(tmp_path):
    found = components(budget.error_budget(reported(tmp_path)))

    parts = [row["part"] for row in found.values() if row["part"] is not None]
    assert sum(parts) == pytest.approx(1, abs=5e-4)
    assert found["coverage"]["part"] is found["coverage"]["error"] is None


def test_a_printed_often_venture_shows_under_resolution(tmp_path):
    """One venture in three documents and one contract: 50 % of alliances, 75 % of mentions and of documents."""
    store(
        tmp_path,
        mentions=[*(mention(f"{n}.txt", **EQUITY) for n in (1, 2, 3)), mention("4.txt", **CONTRACT)],
        documents=[document(f"{n}.txt") for n in (1, 2, 3, 4)],
        alliances=[
            alliance(1, mentions=[f"wire/{n}.txt@1" for n in (1, 2, 3)]),
            alliance(4, form="contractual", confidence=0.95),
        ],
    )

    row = components(budget.error_budget(study(tmp_path)))["resolution"]

    # the two have the same partners: as one, the more confident contract, no share is left
    assert (row["low"], row["high"]) == (-50, 25)


def test_the_unseen_bound_the_share(tmp_path):
    """Chapman: 37 x 37 / 21 - 1 = 64, of which 52 were seen, half of them equity; the rest is contractual, or equity."""
    corpora(tmp_path, "a", "b")
    groups = [["a"]] * 16 + [["b"]] * 16 + [["a", "b"]] * 20
    forms = ["joint_venture", "contractual"]
    alliances = [
        alliance(n, corpora=group, form=forms[n % 2], partners=[f"o-{n}"]) for n, group in enumerate(groups)
    ]
    store(tmp_path, corpus="unused", alliances=alliances)
    seen = 52 / (37 * 37 / 21 - 1)

    row = components(budget.error_budget(study(tmp_path, "a", "b")))["coverage"]

    assert row["low"] == pytest.approx(100 * (0.5 * seen - 0.5), abs=0.01)
    assert row["high"] == pytest.approx(100 * (0.5 * seen + 1 - seen - 0.5), abs=0.01)
    assert row["n"] == 52


def test_a_study_of_nothing_refuses_each_component(tmp_path):
    store(tmp_path)

    rows = list(budget.error_budget(study(tmp_path)))

    assert {row["refused"] for row in rows} == {"no alliance of known form"}
    assert {row["low"] for row in rows} == {None}


def test_the_curve_has_every_combination_in_order(tmp_path):
    """Six definitions; nine thresholds for documents and mentions, with copies and without; those from .5 for alliances."""
    rows = list(budget.specification_curve(reported(tmp_path)))

    assert len(rows) == 6 * (2 * 2 * 9 + 5)
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    shares = [row["share"] for row in rows if row["share"] is not None]
    assert shares == sorted(shares)
    assert rows[-1]["share"] is None
    assert all(row["low"] <= row["share"] <= row["high"] for row in rows if row["share"] is not None)
    assert sorted(row["definition"] for row in rows if row["headline"]) == sorted(budget.HEADLINES)


def test_the_curve_shows_what_copies_and_thresholds_do(tmp_path):
    """A venture with a copy, and an unsure contract: 1 of 2, with the copy 2 of 3, of the sure 1 of 1."""
    store(
        tmp_path,
        [document(f"{n}.txt") for n in (1, 2, 3)],
        mentions=[mention("1.txt"), mention("2.txt"), mention("3.txt", confidence=0.4, **CONTRACT)],
        alliances=[alliance(1)],
        duplicates=[Duplicate(document="wire/2.txt", duplicate_of="wire/1.txt", similarity=1)],
    )

    rows = budget.specification_curve(study(tmp_path))

    found = {
        (row["minimum_confidence"], row["duplicates"]): (row["equity"], row["n"])
        for row in rows
        if (row["definition"], row["unit"]) == ("joint_venture", "mention")
    }
    assert (found[0.1, "out"], found[0.1, "in"], found[0.5, "out"]) == ((1, 2), (2, 3), (1, 1))


def test_a_threshold_of_the_study_is_in_the_curve(tmp_path):
    store(tmp_path, alliances=[alliance(1)])

    rows = budget.specification_curve(study(tmp_path, minimum_confidence=0.35))

    assert {row["minimum_confidence"] for row in rows if row["unit"] == "alliance"} == {
        0.35,
        *(c for c in budget.CONFIDENCES if c > 0.35),
    }


@pytest.mark.parametrize("table", [budget.error_budget, budget.specification_curve])
def test_every_column_is_explained(tmp_path, table):
    row = next(table(reported(tmp_path)))

    assert all(tables.meaning(column, table) for column in row)
    assert sorted(tables.header(table, [])) == sorted(row)
    assert len(DEFINITIONS) == 6  # as the docstrings say


def test_the_figure_shows_intervals_ranges_and_refusals(tmp_path):
    """A bar a component that is there, at its limits; the reason for one that is not; a marker at the shift."""
    rows = list(budget.error_budget(reported(tmp_path)))

    upper, _ = budget.draw_budget(rows).axes

    found = components(rows, "joint_venture")
    bars = [(round(bar.get_x(), 2), round(bar.get_x() + bar.get_width(), 2)) for bar in upper.patches]
    assert bars == [(row["low"], row["high"]) for row in found.values() if row["low"] is not None]
    assert upper.patches[0].get_hatch() is None
    assert upper.patches[-1].get_hatch()
    texts = [text.get_text() for text in upper.texts]
    assert "refused: one corpus: nothing to compare it with" in texts
    assert [label.get_text() for label in upper.get_yticklabels()][:2] == [
        "sampling (n = 40)",
        "extraction (n = 30)",
    ]


def test_the_figure_is_the_same_from_the_published_table(tmp_path):
    """Cells are text there, empty ones empty; the words say the same numbers."""
    rows = list(budget.error_budget(reported(tmp_path)))
    tables.write(tmp_path / "error_budget.csv", rows, list(rows[0]))
    read = tables.read(tmp_path / "error_budget.csv")

    drawn = [
        [bar.get_x() for axes in budget.draw_budget(of).axes for bar in axes.patches] for of in (rows, read)
    ]

    assert drawn[0] == drawn[1]
    assert "extraction" in budget.describe_budget(read)
    assert "16.67" not in budget.describe_budget([])


def test_the_drawing_tells_itself_to_who_cannot_see_it(tmp_path):
    rows = list(budget.error_budget(reported(tmp_path)))

    figures.save(budget.draw_budget(rows), tmp_path / "error_budget", budget.describe_budget(rows))

    words = (
        ElementTree.parse(tmp_path / "error_budget.svg")
        .getroot()
        .findtext("{http://www.w3.org/2000/svg}desc")
    )
    assert "Equity = joint venture or minority stake: 50.0 %" in words
    assert "coverage refused, one corpus: nothing to compare it with" in words
    assert "range, 5 choices" in words


def test_a_figure_of_no_rows_is_drawn():
    assert budget.draw_budget([]).axes
    assert "No share" in budget.describe_budget([])
