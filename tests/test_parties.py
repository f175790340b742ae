"""Names of one organisation are recognised as such, and others are not."""

import unicodedata
from importlib.resources import files

import pytest
import yaml
from entente.names import normal, plain
from reports import mention, names, resolved, together


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
