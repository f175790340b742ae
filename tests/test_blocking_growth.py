"""What the resolver compares, on mentions recombined to any number."""

import pytest
from entente import blocking_growth, tables
from entente.blocking_growth import compared, recombined
from reports import mention as report
from test_estimate import alliance, document, mention, store, study

PAIRS = [[(report(f"c/{n}", f"Word{n} Name{n}", f"Term{n} Sign{n}", date="2001"), "2001")] for n in range(60)]


def test_hardly_anything_is_compared_where_each_alliance_is_reported_once():
    """Of n mentions of n / 2 organisations, n (n - 1) / 2 pairs in all, about 4 pairs share both partners, by chance."""
    assert max(compared(recombined(PAIRS, n, n // 2, 0, seed=7)) for n in (1000, 2000)) < 20


def test_what_is_compared_grows_linearly_where_alliances_are_reported_more_than_once():
    """Each twice: one comparison for every two mentions, and the few chance ones."""
    twice = [
        [(report(f"c/{n}-{k}", f"Word{n} Name{n}", f"Term{n} Sign{n}", date="2001"), "2001") for k in (1, 2)]
        for n in range(60)
    ]
    for size in (1000, 4000):
        assert compared(recombined(twice, size, size // 2, 0)) == pytest.approx(size / 2, rel=0.05)


def test_without_alliances_to_draw_from_the_table_is_empty(tmp_path):
    store(tmp_path)

    assert list(blocking_growth.blocking_growth(study(tmp_path))) == []


def test_every_column_is_explained(tmp_path, monkeypatch):
    """The data dictionary is made from the docstring."""
    monkeypatch.setattr(blocking_growth, "SIZES", (20, 40, 80, 160))
    numbers = range(20)
    store(
        tmp_path,
        documents=[document(f"{n}.txt") for n in numbers],
        mentions=[mention(f"{n}.txt") for n in numbers],
        alliances=[alliance(n, mentions=[mention(f"{n}.txt").id]) for n in numbers],
    )
    rows = list(blocking_growth.blocking_growth(study(tmp_path)))

    assert len(rows) == 12
    assert all(tables.meaning(column, blocking_growth.blocking_growth) for column in rows[0])
