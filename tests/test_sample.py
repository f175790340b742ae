"""A sample is one of known probabilities, drawn the same way each time; what to code next narrows the interval."""

import math
import re

import numpy as np
import pytest
from entente import cli, sample
from entente.errors import EntenteError
from entente.records import Document, Duplicate, Gold, GoldAlliance, Mention
from entente.tables import Interim

# Seats of the House of Representatives, 2020: apportionment population and seats. U.S. Census Bureau (2021), table 1.
CENSUS = """
AL 5030053 7 AK 736081 1 AZ 7158923 9 AR 3013756 4 CA 39576757 52 CO 5782171 8 CT 3608298 5 DE 990837 1 FL 21570527 28
GA 10725274 14 HI 1460137 2 ID 1841377 2 IL 12822739 17 IN 6790280 9 IA 3192406 4 KS 2940865 4 KY 4509342 6 LA 4661468 6
ME 1363582 2 MD 6185278 8 MA 7033469 9 MI 10084442 13 MN 5709752 8 MS 2963914 4 MO 6160281 8 MT 1085407 2 NE 1963333 3
NV 3108462 4 NH 1379089 2 NJ 9294493 12 NM 2120220 3 NY 20215751 26 NC 10453948 14 ND 779702 1 OH 11808848 15
OK 3963516 5 OR 4241500 6 PA 13011844 17 RI 1098163 2 SC 5124712 7 SD 887770 1 TN 6916897 9 TX 29183290 38 UT 3275252 4
VT 643503 1 VA 8654542 11 WA 7715946 10 WV 1795045 2 WI 5897473 8 WY 577719 1
"""
PEOPLE = {state: int(people) for state, people, _ in re.findall(r"(\w+) (\d+) (\d+)", CENSUS)}
SEATS = {state: int(seats) for state, _, seats in re.findall(r"(\w+) (\d+) (\d+)", CENSUS)}


def unit(number, band="none", language="en", corpus="wire", period="1985-1989", document=None):
    """Return a unit of the frame."""
    confidence = {"none": None, "low": 0.1, "middle": 0.5, "high": 0.9}[band]
    own = f"{corpus}/{number:04}"
    return sample.Unit(own, document or own, corpus, language, period, confidence)


def population(size=400):
    """Return units of four bands, two corpora, three languages and three periods, some of them rare."""
    rng = np.random.default_rng(5)
    columns = (
        rng.choice(["none", "low", "middle", "high"], size, p=[0.8, 0.1, 0.06, 0.04]),
        rng.choice(["en", "de", "ja"], size, p=[0.8, 0.15, 0.05]),
        rng.choice(["wire", "press"], size),
        rng.choice(["1980-1984", "1985-1989", "unknown"], size, p=[0.3, 0.65, 0.05]),
    )
    rows = zip(*(column.tolist() for column in columns), strict=True)
    units = [unit(number, *row) for number, row in enumerate(rows)]
    return sorted(units, key=lambda one: one.id)


def document(name, corpus="wire", **changes):
    """Return a document."""
    values = {
        "title": "",
        "text": "Sony and Ericsson formed a joint venture.",
        "language": "en",
        "language_probability": 0.9,
        "date": "1987-03-01",
        "date_source": "metadata",
        "genre": "announcement",
        "sha256": "",
        "signature": "",
    } | changes
    return Document(id=f"{corpus}/{name}", corpus=corpus, source=name, **values)


def mention(name, confidence, number=1, corpus="wire", form="joint_venture"):
    """Return a mention in a document."""
    return Mention(
        id=f"{corpus}/{name}@{number}",
        document=f"{corpus}/{name}",
        partners=[],
        venture_name=None,
        form=form,
        equity_status={"joint_venture": "equity", "contractual": "contractual"}[form],
        functions=[],
        value_chain="unclear",
        stakes=[],
        status="signed",
        date=None,
        term_years=None,
        evidence=[],
        confidence=confidence,
        language="en",
    )


def store(root, documents, mentions=(), duplicates=(), parts=1, corpus="wire"):
    """Write records as the stages leave them, divided into *parts*; return the folder, and the corpora's."""
    for part in range(parts):
        folder = root / corpus / str(part)
        own = documents[part::parts]
        cli.write(folder / "documents.jsonl", own)
        ids = {d.id for d in own}
        cli.write(folder / "mentions.jsonl", [m for m in mentions if m.document in ids])
    cli.write(root / "duplicates.jsonl", duplicates)
    return root, [root.parent / "corpus" / corpus]


def test_equal_proportions_seat_the_house_of_2020():
    """The allocation proportional to size is the method that apportions the House: its published result."""
    given = sample.allocate(list(PEOPLE.values()), [1] * 50, 435, [1] * 50)

    assert dict(zip(PEOPLE, given, strict=True)) == SEATS


def test_89_people_more_would_have_kept_new_york_its_seat():
    """As widely reported in April 2021; the seat would have come from Minnesota."""
    counted = PEOPLE | {"NY": PEOPLE["NY"] + 89}
    given = sample.allocate(list(counted.values()), [1] * 50, 435, [1] * 50)

    assert dict(zip(PEOPLE, given, strict=True)) == SEATS | {"NY": 27, "MN": 7}


def test_allocation_is_the_best_of_all():
    """Every other allocation of 12 units to three strata, at least 2 each, has a variance as large or larger."""
    sizes, spreads = [40, 25, 5], [0.2, 0.5, 0.4]

    def variance(given):
        return sum(
            (size * spread) ** 2 * (1 / n - 1 / size)
            for size, spread, n in zip(sizes, spreads, given, strict=True)
        )

    every = [(a, b, 12 - a - b) for a in range(2, 9) for b in range(2, 11 - a) if 12 - a - b <= 5]
    given = sample.allocate(sizes, spreads, 12, [2, 2, 2])

    assert variance(given) == pytest.approx(min(map(variance, every)))


def test_a_stratum_is_never_asked_for_more_than_it_has():
    assert sample.allocate([100, 3], [0.01, 9.0], 10, [2, 2]) == [7, 3]


@pytest.mark.parametrize("allocation", ["proportional", "neyman"])
@pytest.mark.parametrize("n", [2, 3, 9, 40, 150, 400])
def test_probabilities_are_positive_and_sum_to_n(n, allocation):
    units = population()
    design = sample.plan(units, n, "document", 1, allocation, 5)
    own = [first for first, _ in sample.probabilities(design, units).values()]

    assert len(own) == len(units)
    assert min(own) > 0
    assert max(own) <= 1
    assert sum(own) == pytest.approx(n)
    assert all(2 <= stratum.drawn <= stratum.population for stratum in design.strata)
    assert len(sample.select(design, units)) == n


def test_neyman_draws_more_where_the_model_is_unsure():
    units = [*(unit(k, "middle") for k in range(100)), *(unit(k, "high") for k in range(100, 200))]
    drawn = {
        allocation: [s.drawn for s in sample.plan(units, 40, "document", 1, allocation, 5).strata]
        for allocation in ("proportional", "neyman")
    }

    assert drawn["proportional"] == [20, 20]
    # confidence 0.5 and 0.9: standard deviations 0.5 and 0.3, so 5 to 3
    assert drawn["neyman"] == [25, 15]


def test_units_are_drawn_as_often_as_they_should_be_and_totals_are_unbiased():
    """2,000 seeds: each unit's frequency is its probability; the Horvitz-Thompson total is right on average."""
    units = population(200)
    design = sample.plan(units, 40, "document", 0, "neyman", 5)
    rng = np.random.default_rng(3)
    value = {one.id: float(v) for one, v in zip(units, rng.gamma(1.0, 2.0, len(units)), strict=True)}
    own = {key: first for key, (first, _) in sample.probabilities(design, units).items()}
    times, totals = dict.fromkeys(value, 0), []
    for seed in range(2000):
        groups = sample.by_stratum(design.model_copy(update={"seed": seed}), units)
        drawn = [one.id for group, s in zip(groups, design.strata, strict=True) for one in group[: s.drawn]]
        for key in drawn:
            times[key] += 1
        totals.append(sum(value[key] / own[key] for key in drawn))
    error = [(times[key] / 2000 - p) / math.sqrt(p * (1 - p) / 2000) for key, p in own.items() if p < 1]

    assert all(times[key] == 2000 for key, p in own.items() if p == 1)
    assert max(map(abs, error)) < 4.5
    assert np.mean(np.square(error)) == pytest.approx(1, abs=0.35)
    assert np.mean(totals) == pytest.approx(sum(value.values()), abs=4 * np.std(totals) / math.sqrt(2000))


def test_a_document_of_several_mentions_is_drawn_as_often_as_told():
    """Mentions are drawn; that a document is, has the probability that any of its mentions in any stratum is."""
    units = [unit(k, "low" if k % 3 else "high", document=f"wire/{k // 4}") for k in range(60)]
    design = sample.plan(units, 12, "mention", 0, "proportional", 5)
    told = {one.document: sample.probabilities(design, units)[one.id][1] for one in units}
    times = dict.fromkeys(told, 0)
    for seed in range(3000):
        drawn = sample.by_stratum(design.model_copy(update={"seed": seed}), units)
        picked = (one for group, s in zip(drawn, design.strata, strict=True) for one in group[: s.drawn])
        for name in {one.document for one in picked}:
            times[name] += 1
    error = [(times[d] / 3000 - p) / math.sqrt(p * (1 - p) / 3000) for d, p in told.items()]

    assert max(map(abs, error)) < 4


def test_periods_merge_before_corpora_and_languages_before_bands():
    cells = {
        ("none", "en", "a", "1980"): 50,
        ("none", "en", "a", "1985"): 1,
        ("none", "en", "b", "1985"): 1,
        ("none", "ja", "a", "1980"): 9,
        ("high", "ja", "a", "1980"): 1,
    }

    assert sample.merged(cells, 3) == [
        [("none", "en", "a", "1980"), ("none", "en", "a", "1985"), ("none", "en", "b", "1985")],
        [("none", "ja", "a", "1980"), ("high", "ja", "a", "1980")],
    ]


def test_strata_have_names_of_their_own():
    units = population()
    for n in range(4, 200, 9):
        names = [s.name for s in sample.plan(units, n, "document", 1, "proportional", 5).strata]
        assert len(set(names)) == len(names)


def test_documents_without_a_mention_are_a_stratum_and_duplicates_are_in_none(tmp_path):
    documents = [document(f"{k}.txt") for k in range(30)]
    mentions = [mention(f"{k}.txt", 0.8) for k in range(0, 20, 2)] + [mention("0.txt", 0.2, 2)]
    copy = Duplicate(document="wire/2.txt", duplicate_of="wire/0.txt", similarity=1.0)
    interim, corpora = store(tmp_path / "interim", documents, mentions, [copy])

    design, drawn = sample.draw(interim, corpora, 12)

    assert {s.name: s.population for s in design.strata} == {
        "none, en, wire, 1985-1989": 20,
        "high, en, wire, 1985-1989": 9,
    }
    assert "wire/2.txt" not in [one.document for one in drawn]
    assert {one.band for one in drawn} == {"none", "high"}


def test_mentions_are_drawn_by_their_own_confidence(tmp_path):
    documents = [document(f"{k}.txt") for k in range(10)]
    mentions = [mention(f"{k}.txt", c, n) for k in range(10) for n, c in ((1, 0.8), (2, 0.2))]
    interim, corpora = store(tmp_path / "interim", documents, mentions)

    design, drawn = sample.draw(interim, corpora, 8, unit="mention")

    assert [s.population for s in design.strata] == [10, 10]
    assert {one.id[-2:] + one.band for one in drawn} == {"@1high", "@2low"}


def test_the_order_and_the_number_of_files_change_nothing(tmp_path):
    documents = [document(f"{k}.txt", date=None if k % 7 else "1991") for k in range(60)]
    mentions = [mention(f"{k}.txt", 0.4) for k in range(0, 60, 5)]
    first = sample.draw(*store(tmp_path / "a" / "interim", documents, mentions), 20)
    second = sample.draw(*store(tmp_path / "b" / "interim", documents[::-1], mentions[::-1], parts=4), 20)

    assert first == second
    assert sample.draw(*store(tmp_path / "a" / "interim", documents, mentions), 20, seed=2) != first


def test_a_larger_sample_of_the_same_strata_contains_the_smaller():
    units = population()
    design = sample.plan(units, 60, "document", 1, "proportional", 5)
    more = [s.model_copy(update={"drawn": min(s.drawn + 3, s.population)}) for s in design.strata]
    larger = sample.select(design.model_copy(update={"strata": more}), units)

    assert {one.id for one in sample.select(design, units)} < {one.id for one in larger}


def test_more_than_there_is_cannot_be_drawn():
    with pytest.raises(
        EntenteError, match=r"a sample of 5 documents .* 3 can be drawn.*; give --n from 2 to 3"
    ):
        sample.plan([unit(k) for k in range(3)], 5, "document", 1, "proportional", 5)


def test_a_frame_that_changed_is_refused():
    design = sample.plan(population(), 40, "document", 1, "proportional", 5)

    with pytest.raises(
        EntenteError, match=r"drawn from 400 documents, and there are 399 now.*draw a new sample"
    ):
        sample.select(design, population()[1:])


def test_a_design_survives_its_file(tmp_path):
    design = sample.plan(population(), 40, "document", 1, "proportional", 5)
    cli.write(tmp_path / "design.jsonl", [design])

    assert sample.select(
        next(cli.read(tmp_path / "design.jsonl", sample.Design)), population()
    ) == sample.select(design, population())


# ---- what to code next -----------------------------------------------------------------------------


def gold(name, forms):
    """Return the gold of a document with alliances of these forms."""
    equity = {"joint_venture": "equity", "contractual": "contractual"}
    alliances = [
        GoldAlliance(
            partners=["Sony"],
            form=form,
            equity_status=equity[form],
            functions=[],
            value_chain="unclear",
            status="signed",
        )
        for form in forms
    ]
    return Gold(id=name, alliances=alliances)


def world(root, size=600):
    """Return the folders of records, and the gold of all documents.

    The surest half of the mentions are right; of the others, half are of the other form. A twentieth of the documents
    without a mention report an alliance.
    """
    rng = np.random.default_rng(8)
    documents, mentions, golds = [], [], {}
    for k in range(size):
        name = f"{k}.txt"
        documents.append(document(name))
        form = str(rng.choice(["joint_venture", "contractual"]))
        told = form if k % 4 == 0 or rng.random() < 0.5 else "contractual"
        forms = [form] if k % 4 < 2 or rng.random() < 0.05 else []
        if k % 4 < 2:
            mentions.append(mention(name, 0.9 if k % 4 == 0 else 0.5, form=told))
        golds[f"wire/{name}"] = gold(name, forms)
    return store(root / "interim", documents, mentions), golds


def test_what_is_coded_next_is_where_the_residuals_vary(tmp_path):
    """The surest are right, so that their codes are known before they are read; the middle ones are not."""
    (interim, corpora), golds = world(tmp_path)
    design, drawn = sample.draw(interim, corpora, 120)
    found = sample.narrowing(interim, corpora, design, golds, 60)
    rows = {row["stratum"].partition(",")[0]: row for row in found.strata}

    assert sum(row["more"] for row in rows.values()) == len(found.units) == 60
    assert rows["middle"]["spread"] > rows["high"]["spread"]
    assert rows["middle"]["more"] > rows["high"]["more"]
    assert not {one.id for one in found.units} & {one.id for one in drawn}
    assert found.half_width_then < found.half_width
    # the closed form of the reduction
    total = 1.959964**2 * sum(row["reduction"] for row in found.strata)
    assert found.half_width**2 - found.half_width_then**2 == pytest.approx(total, rel=1e-6)


def test_units_coded_next_carry_the_probabilities_of_the_whole_sample(tmp_path):
    (interim, corpora), golds = world(tmp_path)
    design, _ = sample.draw(interim, corpora, 60)
    found = sample.narrowing(interim, corpora, design, golds, 30)
    whole = sample.select(found.design, sample.frame(Interim(interim, tuple(corpora)), "document", 5))

    assert len(whole) == 90
    assert all(one in whole for one in found.units)
    assert [s.drawn for s in found.design.strata] == [row["coded"] + row["more"] for row in found.strata]


def test_the_half_width_is_that_of_repeated_samples(tmp_path):
    """400 redraws: the difference estimator's spread is what the coded sample says it will be, to a fifth."""
    (interim, corpora), golds = world(tmp_path)
    units = sample.frame(Interim(interim, tuple(corpora)), "document", 5)
    design, _ = sample.draw(interim, corpora, 120)
    expected = sample.narrowing(interim, corpora, design, golds, 1).half_width / 1.959964
    predicted = sample.predicted(Interim(interim, tuple(corpora)), set(golds))
    truth = {key: sample.known(own.alliances) for key, own in golds.items()}
    share = sum(e for e, _ in truth.values()) / sum(k for _, k in truth.values())

    def linear(counts):
        return counts[0] - share * counts[1]

    all_known = sum(k for _, k in truth.values())
    pairs = [(linear(truth[one.id]), linear(predicted[one.id])) for one in units]
    slope = np.cov(np.transpose(pairs))[0, 1] / np.var([p for _, p in pairs])
    estimates = []
    for seed in range(400):
        groups = sample.by_stratum(design.model_copy(update={"seed": seed}), units)
        estimates.append(
            sum(
                s.population / s.drawn * (linear(truth[one.id]) - slope * linear(predicted[one.id]))
                for group, s in zip(groups, design.strata, strict=True)
                for one in group[: s.drawn]
            )
            / all_known
        )

    assert expected == pytest.approx(np.std(estimates), rel=0.2)


def test_an_uncoded_document_a_sample_of_mentions_and_nothing_found_are_refused(tmp_path):
    (interim, corpora), golds = world(tmp_path)
    design, drawn = sample.draw(interim, corpora, 40)
    nothing = {key: gold("x", []) for key in golds}
    lacking = {key: own for key, own in golds.items() if key != drawn[0].id}
    mentions, _ = sample.draw(interim, corpora, 40, unit="mention")

    with pytest.raises(
        EntenteError, match=f"1 documents of the sample are not coded yet, such as {drawn[0].id}"
    ):
        sample.narrowing(interim, corpora, design, lacking, 5)
    with pytest.raises(EntenteError, match="no alliance of known form is coded yet"):
        sample.narrowing(interim, corpora, design, nothing, 5)
    with pytest.raises(EntenteError, match="only a sample of documents can be extended"):
        sample.narrowing(interim, corpora, mentions, golds, 5)
    with pytest.raises(EntenteError, match="561 more documents were asked for; 560 are not drawn yet"):
        sample.narrowing(interim, corpora, design, golds, 561)
