"""One alliance from several reports, one organisation from several names, and identifiers that stay."""

import hashlib
import unicodedata
from importlib.resources import files

import pytest
import yaml
from entente import resolve
from entente.cli import read
from entente.names import normal, plain
from entente.records import Alliance, Document, Duplicate, Mention
from hypothesis import given
from hypothesis import strategies as st

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


def mention(document, *partners, number=1, **changes):
    """Return a mention in *document* of an alliance of *partners*."""
    values = {
        "venture_name": None,
        "form": "unspecified",
        "functions": [],
        "value_chain": "unclear",
        "stakes": [],
        "status": "signed",
        "date": "2001-04-24",
        "term_years": None,
        "confidence": 0.5,
        "language": "en",
    } | changes
    equity = {"joint_venture": "equity", "minority_equity": "equity", "contractual": "contractual"}
    return Mention(
        id=f"{document}@{number}",
        document=document,
        partners=[{"name": name, "start": None, "end": None} for name in partners],
        evidence=[],
        equity_status=equity.get(values["form"], "unknown"),
        **values,
    )


def resolved(*mentions, dates=None):
    """Return the alliances and organisations of *mentions*; a document is of the corpus that opens its id.

    *dates* are the dates of documents; without, a document has that of its first mention.
    """
    documents = {}
    for m in mentions:
        documents.setdefault(
            m.document, (m.document.partition("/")[0], (dates or {}).get(m.document, m.date))
        )
    alliances, organisations = resolve.resolve(mentions, documents, {"c": 0, "d": 1})
    return list(alliances), organisations


def together(*mentions, **options):
    """Return which mentions report one alliance, as a set of sets of documents."""
    return {frozenset(id_.partition("@")[0] for id_ in a.mentions) for a in resolved(*mentions, **options)[0]}


def names(*mentions):
    """Return the names of each organisation, as a set of sets."""
    return {frozenset(n for found in o.names.values() for n in found) for o in resolved(*mentions)[1]}


# ---- organisations --------------------------------------------------------------------------------


def test_case_accents_punctuation_and_legal_form_do_not_make_another_organisation():
    """Two spellings of each of two firms."""
    first = mention("c/1", "Acmé Widgets, Inc.", "Bolt & Sons Ltd")
    second = mention("c/2", "ACME WIDGETS", "Bolt Sons")

    assert names(first, second) == {
        frozenset({"Acmé Widgets, Inc.", "ACME WIDGETS"}),
        frozenset({"Bolt & Sons Ltd", "Bolt Sons"}),
    }


def test_a_well_known_firm_is_one_in_every_script():
    """English, Chinese, Japanese and Korean reports of one venture are one alliance."""
    reports = [
        mention("c/1", "Sony", "Ericsson"),
        mention("c/2", "索尼", "爱立信", language="zh"),
        mention("c/3", "ソニー", "エリクソン", language="ja"),
        mention("c/4", "소니", "에릭슨", language="ko"),
    ]

    alliances, organisations = resolved(*reports)

    assert len(alliances) == 1
    assert alliances[0].partner_names == ["Ericsson", "Sony"]
    assert organisations[0].names.keys() == {"en", "ja", "ko", "zh"}


def test_a_sign_of_a_country_before_a_well_known_name_is_no_part_of_it():
    """米 stands for the United States in Japanese news."""
    assert names(mention("c/1", "米ゼロックス", "Acme"), mention("c/2", "Xerox", "Bolt")) >= {
        frozenset({"米ゼロックス", "Xerox"})
    }


def test_a_short_form_means_the_one_fuller_name_in_its_document():
    """Elsewhere another firm's name begins so too, and there the short form would mean that."""
    reports = [
        mention("c/1", "Acme Motor", "Bolt"),
        mention("c/1", "Acme", "Cord", number=2),
        mention("c/2", "Acme Tsusho", "Dent"),
        mention("c/2", "Acme", "Eels", number=2),
    ]

    assert names(*reports) >= {frozenset({"Acme", "Acme Motor"}), frozenset({"Acme", "Acme Tsusho"})}


def test_a_short_form_means_the_one_fuller_name_that_has_the_same_partner():
    """Only Acme Motor is allied with Bolt."""
    reports = [
        mention("c/1", "Acme Motor", "Bolt"),
        mention("c/2", "Acme Tsusho", "Dent"),
        mention("c/3", "Acme", "Bolt"),
    ]

    assert together(*reports) == {frozenset({"c/1", "c/3"}), frozenset({"c/2"})}


def test_a_short_form_that_could_mean_several_is_one_of_its_own():
    """Neither its document nor its partner tells which is meant."""
    reports = [
        mention("c/1", "Acme Motor", "Bolt"),
        mention("c/2", "Acme Tsusho", "Dent"),
        mention("c/3", "Acme", "Eels"),
    ]

    assert names(*reports) >= {frozenset({"Acme"}), frozenset({"Acme Motor"}), frozenset({"Acme Tsusho"})}


def test_a_short_form_with_one_continuation_is_joined_to_it():
    """In words, and in a script without spaces."""
    reports = [
        mention("c/1", "Acme", "Bolt"),
        mention("c/2", "Acme Motor", "Cord"),
        mention("c/3", "甲乙", "Dent"),
        mention("c/4", "甲乙重工", "Eels"),
    ]

    assert names(*reports) >= {frozenset({"Acme", "Acme Motor"}), frozenset({"甲乙", "甲乙重工"})}


@pytest.mark.parametrize("other", ["Acme Japan", "Acme of Canada", "Acme Bolt"])
def test_a_unit_abroad_and_a_venture_with_another_firm_are_organisations_of_their_own(other):
    """What follows the name is a country, or another organisation's name."""
    assert frozenset({"Acme"}) in names(mention("c/1", "Acme", "Bolt"), mention("c/2", other, "Dent"))


def test_an_acronym_needs_the_same_document_or_the_same_partner():
    """GWF is Great Western Foundries where that is named too, and not elsewhere."""
    full = mention("c/1", "Great Western Foundries", "Bolt")
    near = mention("c/1", "GWF", "Cord", number=2)
    allied = mention("c/2", "GWF", "Bolt")
    far = mention("c/3", "GWF", "Dent")

    assert frozenset({"Great Western Foundries", "GWF"}) in names(full, near)
    assert frozenset({"Great Western Foundries", "GWF"}) in names(full, allied)
    assert frozenset({"GWF"}) in names(full, far)


def test_partners_of_one_alliance_are_never_one_organisation():
    """Even if a third name would join them."""
    reports = [mention("c/1", "Acme", "Acme Motor Credit"), mention("c/2", "Acme Motor", "Bolt")]

    assert not any({"Acme", "Acme Motor Credit"} <= found for found in names(*reports))


def test_an_organisation_is_called_by_its_fullest_latin_name():
    """Of several spellings the most frequent; without a Latin one, by the common name or the first met."""
    reports = [
        mention("c/1", "Acme", "Toyota"),
        mention("c/2", "ACME WIDGETS", "トヨタ自動車"),
        mention("c/3", "Acme Widgets", "甲乙"),
        mention("c/4", "Acme Widgets", "索尼"),
    ]

    assert {o.name for o in resolved(*reports)[1]} == {"Acme Widgets", "Toyota", "甲乙", "Sony"}


# ---- alliances ------------------------------------------------------------------------------------


def test_reports_of_the_same_partners_within_three_years_are_of_one_alliance():
    """A later one is of another; so is one of other partners."""
    reports = [
        mention("c/1", "Acme", "Bolt", date="2001-04-24"),
        mention("c/2", "Bolt", "Acme", date="2003"),
        mention("c/3", "Acme", "Bolt", date="2006-01"),
        mention("c/4", "Acme", "Cord", date="2001-04-24"),
    ]

    assert together(*reports) == {frozenset({"c/1", "c/2"}), frozenset({"c/3"}), frozenset({"c/4"})}


@pytest.mark.parametrize("status", ["in_force", "changed", "ended"])
def test_a_later_report_belongs_to_the_last_alliance_before_it(status):
    """The report is dated by its document, of 2008; an alliance of 2010 cannot be meant."""
    reports = [
        mention("c/1", "Acme", "Bolt", date="1990"),
        mention("c/2", "Acme", "Bolt", date="2000"),
        mention("c/3", "Acme", "Bolt", date="2010"),
        mention("c/4", "Acme", "Bolt", date="2008-05", status=status),
    ]

    assert frozenset({"c/2", "c/4"}) in together(*reports)


def test_an_undated_report_is_not_guessed_to_be_of_one_of_several_alliances():
    """If there is only one, it is of that."""
    old, new = mention("c/1", "Acme", "Bolt", date="1990"), mention("c/2", "Acme", "Bolt", date="2000")
    undated = mention("c/3", "Acme", "Bolt", date=None)

    assert together(old, undated) == {frozenset({"c/1", "c/3"})}
    assert together(old, new, undated) == {frozenset({"c/1"}), frozenset({"c/2"}), frozenset({"c/3"})}


def test_other_ventures_of_the_same_partners_are_other_alliances():
    """A venture's name in another script contradicts nothing."""
    first = mention("c/1", "Acme", "Bolt", venture_name="Autoline")
    other = mention("c/2", "Acme", "Bolt", venture_name="Europart")
    script = mention("c/3", "Acme", "Bolt", venture_name="甲乙汽车", language="zh")

    assert together(first, other) == {frozenset({"c/1"}), frozenset({"c/2"})}
    assert together(first, script) == {frozenset({"c/1", "c/3"})}


def test_the_same_venture_is_one_alliance_at_any_distance_in_time():
    """Its acronym is the same venture."""
    first = mention("c/1", "Acme", "Bolt", venture_name="New United Widget Makers Inc.", date="1984")
    later = mention("c/2", "Acme", "Bolt", venture_name="NUWM", date="2009")

    assert together(first, later) == {frozenset({"c/1", "c/2"})}


def test_one_partner_is_enough_with_the_same_venture_and_not_without():
    """As in the codebook's matching; only Acme is in both."""
    first = mention("c/1", "Acme", "Bolt", venture_name="Autoline")
    named = mention("c/2", "Acme", venture_name="Autoline")
    bare = mention("c/3", "Acme")

    assert together(first, named, bare) == {frozenset({"c/1", "c/2"}), frozenset({"c/3"})}


def test_two_mentions_of_one_document_are_two_alliances_unless_the_venture_is_one():
    """Whether they meet at once or through another document."""
    first = mention("c/1", "Acme", "Bolt", date="2001-01")
    second = mention("c/1", "Acme", "Bolt", date="2001-02", number=2)
    between = mention("c/2", "Acme", "Bolt", date="2001-03")
    ventures = [m.model_copy(update={"venture_name": "Autoline"}) for m in (first, second)]

    assert len(resolved(first, second, between)[0]) == 2
    assert len(resolved(*ventures)[0]) == 1


def test_alliances_of_many_are_one_if_one_set_holds_the_other_or_half_of_all_are_shared():
    """Two shared of six are too few."""
    five = mention("c/1", "Acme", "Bolt", "Cord", "Dent", "Eels")
    within = mention("c/2", "Acme", "Bolt")
    half = mention("c/3", "Acme", "Bolt", "Cord", "Fern")
    few = mention("c/4", "Acme", "Bolt", "Gear")

    assert together(five, within) == {frozenset({"c/1", "c/2"})}
    assert together(five, half) == {frozenset({"c/1", "c/3"})}
    assert together(five, few) == {frozenset({"c/1"}), frozenset({"c/4"})}


def test_members_join_an_alliance_of_many_rather_than_one_of_two():
    """Acme and Bolt also have an agreement of their own; new members are reported years later."""
    reports = [
        mention("c/1", "Acme", "Bolt", date="1994"),
        mention("c/2", "Acme", "Bolt", "Cord", "Dent", "Eels", date="1997"),
        mention("c/3", "Fern", "Gear", "Acme", "Bolt", date="2007", status="changed"),
    ]

    assert together(*reports) == {frozenset({"c/1"}), frozenset({"c/2", "c/3"})}


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


# ---- organisations.yaml ---------------------------------------------------------------------------


def test_the_file_of_well_known_organisations_is_sound():
    """Each name means one organisation and is written in the one form of Unicode; entries are sorted."""
    content = yaml.safe_load(files("entente").joinpath("organisations.yaml").read_text(encoding="utf-8"))
    organisations = content["organisations"]
    meant = {}
    for canonical, others in organisations.items():
        assert isinstance(others, list), canonical
        for name in (canonical, *others):
            assert isinstance(name, str), (canonical, name)
            assert name == unicodedata.normalize("NFC", name).strip(), name
            assert meant.setdefault(normal(name), canonical) == canonical, name
        assert len({canonical, *others}) == 1 + len(others), canonical

    assert content.keys() == {"countries", "organisations"}
    assert list(organisations) == sorted(organisations, key=plain)
    assert len(organisations) >= 150
