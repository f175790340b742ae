"""The tables of trends: what made-up alliances by year say."""

import pytest
from entente import cli, estimate, tables, trends
from entente.codebook import equity_status
from entente.records import Alliance, Mention
from entente.study import Study


@pytest.mark.parametrize(
    ("values", "known"),
    [
        ([0.50, 0.003, 0.32, 0.054, 0.0003], [0.64, 0.012, 0.64, 0.162, 0.0015]),  # pingouin's documentation
        ([0.319, 0.201, 0.4, 0.374, 0.113], [0.957, 0.804, 0.957, 0.957, 0.565]),  # stdlib's documentation
        ([0.02, 0.02, None], [0.04, 0.04, None]),
        ([], []),
    ],
)
def test_holm_is_that_of_others(values, known):
    for found, expected in zip(trends.holm(values), known, strict=True):
        assert found == (None if expected is None else pytest.approx(expected))


def study(root, forms):
    """Store alliances, one a (year, form) and each with one mention, and return their study."""
    alliances, mentions = [], []
    shared = {
        "venture_name": None,
        "functions": [],
        "value_chain": "unclear",
        "stakes": [],
        "term_years": None,
    }
    for number, (year, form) in enumerate(forms):
        known = shared | {"form": form, "equity_status": equity_status(form), "status": "signed"}
        known |= {"date": None, "confidence": 0.9}
        name = f"wire/{number}.txt"
        mentions.append(
            Mention(id=f"{name}@1", document=name, partners=[], evidence=[], language="en", **known)
        )
        alliances.append(
            Alliance(
                id=f"a-{number}",
                mentions=[f"{name}@1"],
                partners=[],
                partner_names=[],
                year=year,
                languages=["en"],
                corpora=["wire"],
                **known,
            )
        )
    cli.write(root / "interim" / "alliances.jsonl", alliances)
    cli.write(root / "interim" / "wire" / "0" / "mentions.jsonl", mentions)
    cli.write(root / "interim" / "wire" / "0" / "documents.jsonl", [])
    return Study(root / "interim", (root / "wire",), 5, 0.95, 0.5)


def falling():
    """Return forms by year: of 12 a year from 1995 to 2006, joint ventures fall from ten to two; some are unknown."""
    ventures = [10, 9, 9, 8, 7, 7, 6, 5, 5, 4, 3, 2]
    for year, count in enumerate(ventures, 1995):
        yield from [(year, "joint_venture")] * count + [(year, "contractual")] * (12 - count)
        yield year, "unspecified"
    yield None, "joint_venture"


def test_every_test_sees_a_fall(tmp_path):
    """One row a definition and test, unknown forms and years left out, Holm over the ten."""
    rows = list(trends.trends(study(tmp_path, falling())))

    assert [row["test"] for row in rows] == [
        "cochran_armitage",
        "logit",
        "logit_of_mentions",
        "mann_kendall",
        "change_point",
    ] * 2
    assert {(row["n"], row["years"], row["refused"]) for row in rows} == {(144, 12, None)}
    for row in rows:
        assert row["p"] <= row["p_holm"] <= min(1, 10 * row["p"])
        assert row["p_holm"] < 0.05
        assert row["low"] <= row["estimate"] <= row["high"]
        points = row["unit"] == "points a year"
        assert row["estimate"] == pytest.approx(-5.9, abs=0.6) if points else 1998 < row["estimate"] < 2004


def test_periods_are_compared_with_the_one_before(tmp_path):
    """1995-1999 has 43 of 60, 2000-2004 27 of 60, and 2005-2009 5 of 24."""
    rows = list(trends.change_over_periods(study(tmp_path, falling())))

    first, second = rows[:2]
    assert (first["period_before"], first["period"], second["period"]) == (
        "1995-1999",
        "2000-2004",
        "2005-2009",
    )
    assert [first[name] for name in ("n_before", "n", "share_before", "share")] == [60, 60, 0.7167, 0.45]
    assert (second["n"], second["share"], second["change"]) == (24, 0.2083, -0.2417)
    assert first["high"] < 0
    assert len(rows) == 4


def test_an_empty_study_is_refused_row_by_row(tmp_path):
    rows = list(trends.trends(study(tmp_path, [])))

    assert len(rows) == 10
    assert all(row["refused"] and row["p_holm"] is None and row["n"] == 0 for row in rows)
    assert list(trends.change_over_periods(study(tmp_path, []))) == []


def test_a_small_period_is_refused_and_does_not_count_for_holm(tmp_path):
    forms = [(1990, "joint_venture")] * 2 + list(falling())

    rows = [row for row in trends.change_over_periods(study(tmp_path, forms)) if row["refused"]]

    assert [row["period_before"] for row in rows] == ["1990-1994"] * 2
    assert rows[0]["refused"] == "60 and 2 alliances; a comparison needs 5 in both"
    assert (rows[0]["share"], rows[0]["p"], rows[0]["p_holm"]) == (None, None, None)


@pytest.mark.parametrize("table", [trends.trends, trends.change_over_periods])
def test_every_column_is_explained(tmp_path, table):
    rows = list(table(study(tmp_path, falling())))

    assert all(tables.meaning(name, table, estimate.TABLES.values()) for name in rows[0])
    assert all(row.keys() == rows[0].keys() for row in rows)
