"""The record of an alliance unites its reports; identifiers stay; files and options are respected."""

import hashlib

import pytest
from entente import resolve
from entente.cli import read
from entente.records import Alliance, Document, Duplicate
from hypothesis import given
from hypothesis import strategies as st
from reports import mention, names, resolved, together

CORPUS = """\
title: {name}
language: en
licence: CC0-1.0
source: written for a test
retrieved: {retrieved}
citation: none
drawn: All there is.
random: false
"""
DOCUMENT = {
    "source": "1.txt",
    "title": "",
    "text": "",
    "language": "en",
    "language_probability": 1,
    "date": "2001",
    "date_source": "metadata",
    "genre": "announcement",
    "signature": "",
}


# ---- the merged record ----------------------------------------------------------------------------


def test_the_form_is_the_surest_explicit_one():
    """Two half-sure contracts outweigh one sure venture; any explicit form outweighs an open one."""
    venture = mention("c/1", "Acme", "Bolt", form="joint_venture", confidence=0.8)
    contracts = [mention(f"c/{n}", "Acme", "Bolt", form="contractual", confidence=0.5) for n in (2, 3)]
    opened = [mention(f"c/{n}", "Acme", "Bolt", confidence=0.9) for n in (4, 5, 6)]

    found = resolved(venture, *contracts, *opened)[0][0]

    assert (found.form, found.equity_status) == ("contractual", "contractual")
    assert resolved(*opened)[0][0].equity_status == "unknown"


def test_functions_are_those_of_a_third_of_the_reports_or_of_the_surest():
    """``supply`` has one report of four."""
    reports = [
        mention("c/1", "Acme", "Bolt", functions=["licensing"], confidence=0.9),
        mention("c/2", "Acme", "Bolt", functions=["rnd", "supply"]),
        mention("c/3", "Acme", "Bolt", functions=["rnd"]),
        mention("c/4", "Acme", "Bolt"),
    ]

    assert resolved(*reports)[0][0].functions == ["rnd", "licensing"]


def test_the_status_is_the_latest_and_the_date_the_earliest_at_its_most_precise():
    """A report on the end tells the status, and its own date not when the alliance was announced."""
    reports = [
        mention("c/1", "Acme", "Bolt", date="2001-04", status="planned"),
        mention("c/2", "Acme", "Bolt", date="2001-04-24"),
        mention("c/3", "Acme", "Bolt", date="2001-10-01"),
        mention("c/4", "Acme", "Bolt", date="2012-02", status="ended"),
    ]

    found = resolved(*reports)[0][0]

    assert (found.status, found.date, found.year) == ("ended", "2001-04-24", 2001)


def test_a_document_that_finds_an_alliance_in_force_does_not_date_it():
    """Unless its text gives a date of its own."""
    known = mention("c/1", "Acme", "Bolt", date="2005-03-01", status="in_force")
    dated = mention("c/2", "Acme", "Cord", date="1984", status="in_force")

    found = resolved(known, dated, dates={"c/1": "2005-03-01", "c/2": "2005-03-01"})[0]

    assert {a.mentions[0]: (a.date, a.year) for a in found} == {
        "c/1@1": (None, None),
        "c/2@1": ("1984", 1984),
    }


def test_the_record_unites_what_the_reports_say():
    """Stakes are those of the report with most, under the organisations' names; 1 - 0.5 * 0.2 is 0.9."""
    stakes = [{"holder": "Acme", "target": "venture", "percent": 51.0}]
    first = mention("d/1", "Acme", "Bolt", stakes=stakes, language="de", confidence=0.5, term_years=5)
    second = mention("c/2", "Acme Widgets", "Bolt", venture_name="Autoline", confidence=0.8)

    found = resolved(first, second)[0][0]

    assert found.mentions == ["c/2@1", "d/1@1"]
    assert (found.languages, found.corpora) == (["de", "en"], ["c", "d"])
    assert (found.venture_name, found.term_years, found.confidence) == ("Autoline", 5, 0.9)
    assert [(s.holder, s.target, s.percent) for s in found.stakes] == [("Acme Widgets", "venture", 51)]
    assert found.partner_names == ["Acme Widgets", "Bolt"]


def test_partners_are_organisations_in_the_order_of_their_names():
    """Every partner is listed among the organisations, and no other is."""
    alliances, organisations = resolved(mention("c/1", "Zinc", "Acme"), mention("c/2", "Mole", "Zinc"))
    by_id = {o.id: o.name for o in organisations}

    assert [[by_id[p] for p in a.partners] for a in alliances] == [a.partner_names for a in alliances]
    assert {p for a in alliances for p in a.partners} == set(by_id)


# ---- identifiers ----------------------------------------------------------------------------------


def test_identifiers_are_hashes_of_normal_names_and_the_year_of_the_first_mention():
    """The second of two equal ones ends in 2."""
    digest = hashlib.sha256(b"acme|bolt|2001").hexdigest()[:10]
    one, two = mention("c/1", "Bolt Inc.", "Acme"), mention("c/1", "Acme", "Bolt", number=2)

    alliances, organisations = resolved(one, two)

    assert {a.id: a.mentions for a in alliances} == {
        f"a-{digest}": ["c/1@1"],
        f"a-{digest}-2": ["c/1@2"],
    }
    assert f"o-{hashlib.sha256(b'acme').hexdigest()[:10]}" in {o.id for o in organisations}


def test_a_later_corpus_joins_no_two_organisations_of_an_earlier_one():
    """Acme Bold Cord is the venture of Acme and Bold Cord, also when a later corpus names an Acme Bold."""
    reports = [
        mention("c/1", "Acme", "Dent"),
        mention("c/2", "Acme Bold Cord", "Eels"),
        mention("c/3", "Bold Cord", "Fern"),
        mention("d/1", "Acme Bold", "Gear"),
        mention("d/2", "Acme Bold Cord", "Eels"),
    ]

    assert frozenset({"Acme Bold Cord"}) in names(*reports)
    assert frozenset({"c/2", "d/2"}) in together(*reports)


FIRMS = [
    "Acme",
    "Acme Motor",
    "Acme Motor Credit",
    "Acme Tsusho",
    "Acme Japan",
    "AM",
    "Bolt",
    "Bolt Works",
    "索尼",
    "Sony",
]


@st.composite
def studies(draw):
    """Draw mentions in two corpora: few names, many of which begin alike, so that much can go wrong."""
    reports = []
    for number in range(draw(st.integers(1, 14))):
        document = f"{draw(st.sampled_from('cd'))}/{draw(st.integers(1, 4))}"
        partners = draw(st.lists(st.sampled_from(FIRMS), min_size=1, max_size=4, unique=True))
        changes = {
            "date": draw(st.sampled_from([None, "1999", "2001-04", "2001-04-24", "2003", "2010"])),
            "status": draw(
                st.sampled_from(["rumoured", "planned", "signed", "in_force", "changed", "ended"])
            ),
            "venture_name": draw(st.sampled_from([None, None, "Autoline", "Autoline Parts", "AP"])),
            "confidence": draw(st.sampled_from([0.5, 0.7, 0.9])),
            "form": draw(st.sampled_from(["joint_venture", "contractual", "unspecified"])),
        }
        reports.append(mention(document, *partners, number=number, **changes))
    return reports


DATES = {f"{c}/{n}": "2001-04-24" if n % 2 else None for c in "cd" for n in range(1, 5)}


@given(studies(), st.randoms(use_true_random=False))
def test_the_order_of_lines_and_parts_changes_nothing(reports, random):
    """Mentions are shuffled; the records are equal to the last digit."""
    alliances, organisations = resolved(*reports, dates=DATES)
    random.shuffle(reports)

    assert resolved(*reports, dates=DATES) == (alliances, organisations)
    assert [a.id for a in alliances] == sorted(a.id for a in alliances)


@given(studies())
def test_each_mention_is_in_one_alliance_and_identifiers_are_distinct(reports):
    """Whatever is merged, nothing is lost or counted twice."""
    alliances, organisations = resolved(*reports, dates=DATES)

    assert sorted(m for a in alliances for m in a.mentions) == sorted(r.id for r in reports)
    assert len({a.id for a in alliances}) == len(alliances)
    assert len({o.id for o in organisations}) == len(organisations)


@given(studies())
def test_a_corpus_that_is_added_leaves_every_identifier_as_it_was(reports):
    """Corpus d is retrieved after corpus c: what c shows stays together, apart, and under its identifier."""
    before, organisations_before = resolved(*(r for r in reports if r.document[0] == "c"), dates=DATES)
    after, organisations_after = resolved(*reports, dates=DATES)
    now = {m: a.id for a in after for m in a.mentions}

    assert {m: a.id for a in before for m in a.mentions}.items() <= now.items()
    assert {o.id for o in organisations_before} <= {o.id for o in organisations_after}


# ---- files ----------------------------------------------------------------------------------------


@pytest.fixture
def study(tmp_path):
    """Return a function that resolves {name: (retrieved, [(document, text hash, mention)])}."""

    def run(corpora, minimum_confidence=0.0):
        folders = []
        for name, (retrieved, found) in corpora.items():
            folder = tmp_path / "corpus" / name
            (folder / "documents").mkdir(parents=True, exist_ok=True)
            (folder / "corpus.yaml").write_text(CORPUS.format(name=name, retrieved=retrieved))
            folders.append(folder)
            for part, (document, sha256, report) in enumerate(found):
                place = tmp_path / "interim" / name / str(part)
                place.mkdir(parents=True, exist_ok=True)
                text = DOCUMENT | {"id": document, "corpus": name, "sha256": sha256}
                (place / "documents.jsonl").write_text(Document(**text).model_dump_json() + "\n")
                (place / "mentions.jsonl").write_text(report.model_dump_json() + "\n")
        outputs = {name: tmp_path / f"{name}.jsonl" for name in ("alliances", "organisations", "duplicates")}
        resolve.run(tmp_path / "interim", folders, minimum_confidence, **outputs)
        return outputs

    return run


def test_a_copy_of_a_document_is_not_a_second_report(study):
    """The original is the one in the corpus retrieved first, though the other's name comes first."""
    found = study(
        {
            "b": ("2001-01-01", [("b/1", "equal", mention("b/1", "Acme", "Bolt"))]),
            "a": ("2002-01-01", [("a/1", "equal", mention("a/1", "Acme", "Bolt"))]),
        }
    )

    assert [a.mentions for a in read(found["alliances"], Alliance)] == [["b/1@1"]]
    assert list(read(found["duplicates"], Duplicate)) == [
        Duplicate(document="a/1", duplicate_of="b/1", similarity=1.0)
    ]


def test_unsure_mentions_and_corpora_that_are_not_named_are_left_out(study):
    """A corpus that is no longer there may have left its records behind."""
    study({"gone": ("2001-01-01", [("gone/1", "x", mention("gone/1", "Acme", "Bolt"))])})

    found = study(
        {
            "b": (
                "2001-01-01",
                [
                    ("b/1", "y", mention("b/1", "Acme", "Cord", confidence=0.6)),
                    ("b/2", "z", mention("b/2", "Acme", "Dent", confidence=0.4)),
                ],
            )
        },
        minimum_confidence=0.5,
    )

    assert [a.mentions for a in read(found["alliances"], Alliance)] == [["b/1@1"]]
