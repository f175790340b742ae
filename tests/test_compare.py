"""What changed between two releases is found by what records rest on, and replayed to the last hundredth of a point."""

import json
import random
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from entente import command, compare, compare_report, release, tables
from entente.errors import EntenteError
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
SIDES = {
    "joint_venture": "equity",
    "minority_equity": "equity",
    "contractual": "contractual",
    "unspecified": "unknown",
}
HOSTILE = "<script>alert(1)</script> | [x](javascript:alert(1)) `*_\u202e\x07"


def mention(place, alliance, form="joint_venture", partners="Sony; Ericsson", offsets="0-50", **more):
    """Return a row of mentions.csv; *place* is the document and the number, as ``a.txt@1``."""
    row = {
        "id": f"wire/{place}",
        "document": f"wire/{place.partition('@')[0]}",
        "alliance": alliance or "",
        "partners": partners,
        "form": form,
        "equity_status": SIDES[form],
        "functions": "",
        "date": "2001-04-24",
        "confidence": "0.8",
        "offsets": offsets,
    }
    return row | more


def a_release(*mentions, documents=(), alliances=None, organisations=(), made=None, version="0.1.0"):
    """Return a release with *mentions*, their documents and *documents*, and an alliance for each id that they name.

    *alliances* changes the rows of the alliances: {id: columns}; one has otherwise the codes of its first mention.
    """
    rows = {}
    for row in mentions:
        if row["alliance"] and row["alliance"] not in rows:
            own = {name: row[name] for name in ("partners", "form", "equity_status", "functions", "date")}
            rows[row["alliance"]] = {"id": row["alliance"], "year": row["date"][:4]} | own
    for name, columns in (alliances or {}).items():
        rows[name] |= columns
        rows[name]["equity_status"] = SIDES[rows[name]["form"]]
    names = {row["document"] for row in mentions} | {f"wire/{name}" for name in documents}
    records = {
        "documents": [{"id": name, "language": "en"} for name in sorted(names)],
        "mentions": list(mentions),
        "alliances": list(rows.values()),
        "organisations": list(organisations),
    }
    return release.Release("release", version, records, made or {})


def organisation(name, names, own=None):
    """Return a row of organisations.csv."""
    return {"id": own or f"o-{name.lower()}", "name": name, "names": names, "alliances": "1"}


def limits(minimum):
    """Return the tables of a run with a minimum confidence."""
    row = {"period": "2000-2004", "definition": "joint_venture", "share": "", "level": "0.95"}
    return {"equity_share_by_period": [row | {"minimum_confidence": minimum}]}


def steps(found, number):
    """Return {step: difference} of a headline number, without the steps that did nothing."""
    [headline] = [h for h in found["headlines"] if h["number"] == number]
    return {step["step"]: step["difference"] for step in headline["steps"] if step["difference"]}


def headline(found, name):
    """Return (old, new, difference) of a headline number."""
    [row] = [h for h in found["headlines"] if h["number"] == name]
    return row["old"], row["new"], row["difference"]


# ---- the same -------------------------------------------------------------------------------------


def test_a_release_is_like_itself():
    """Nothing is told, and every share is as it was."""
    one = a_release(mention("a.txt@1", "a-1"), mention("b.txt@1", "a-2", "contractual"), version="0.1.0")

    found = compare.compare(one, one)

    assert not found["differ"]
    assert headline(found, "joint_venture") == (0.5, 0.5, 0)
    assert "No record, choice or table differs" in compare_report.report(found, 20)


def test_the_published_results_are_like_themselves():
    """Their records make the shares that their table has: nothing warns."""
    results = release.read(ROOT / "results")
    rows = tables.read(ROOT / "results/tables/equity_share_by_period.csv")
    shares = {row["definition"]: float(row["share"]) for row in rows if row["period"] == "all"}

    found = compare.compare(results, results)

    assert not found["differ"]
    assert not found["warnings"]
    assert {h["number"]: h["new"] for h in found["headlines"] if h["number"] in shares} == shares


def test_neither_another_number_nor_another_id_is_another_alliance():
    """Extraction finds one alliance more, earlier in the text; so mention and alliance have other names."""
    old = a_release(mention("de/a.txt@1", "a-1", partners="Siemens; Bosch", offsets="100-160; 200-240"))
    new = a_release(
        mention("de/a.txt@1", "a-1", "contractual", "トヨタ自動車; 日立製作所", offsets="0-50"),
        mention("de/a.txt@2", "a-9", partners="Siemens AG; Bosch", offsets="100-160"),
    )

    found = compare.compare(old, new)

    assert found["mentions"]["renumbered"] == [["wire/de/a.txt@1", "wire/de/a.txt@2"]]
    assert found["mentions"]["added"] == ["wire/de/a.txt@1"]
    assert found["alliances"]["renamed"] == [["a-1", "a-9"]]
    assert [row["id"] for row in found["alliances"]["added"]] == ["a-1"]
    assert not found["alliances"]["removed"]


@pytest.mark.parametrize(
    ("partners", "offsets", "same"),
    [
        ("Sony Corp; Ericsson", "300-350", True),
        ("Fiat; Peugeot", "0-50", True),
        ("Sony; Peugeot", "300-350", True),
        ("Fiat; Peugeot", "40-90", False),
        ("Fiat; Peugeot", "300-350", False),
    ],
    ids=["partners", "evidence", "one partner", "a fifth of the evidence", "nothing"],
)
def test_a_mention_is_the_same_by_partners_or_evidence(partners, offsets, same):
    """Half of the partners, or half of the evidence, in one document; no less."""
    old = [mention("a.txt@1", "a-1")]

    matched = compare.match_mentions(old, [mention("a.txt@4", "a-4", partners=partners, offsets=offsets)])

    assert bool(matched) is same


def test_the_likest_mentions_of_a_document_are_the_same():
    """Two alliances of one firm, told in one sentence: partners tell them apart, whatever their numbers."""
    old = [
        mention("ja.txt@1", "a-1", partners="トヨタ; 日立製作所"),
        mention("ja.txt@2", "a-2", partners="トヨタ; ソニー"),
    ]
    new = [
        mention("ja.txt@1", "a-2", partners="トヨタ; ソニー"),
        mention("ja.txt@2", "a-1", partners="トヨタ; 日立製作所"),
    ]

    assert compare.match_mentions(old, new) == {
        "wire/ja.txt@1": "wire/ja.txt@2",
        "wire/ja.txt@2": "wire/ja.txt@1",
    }


# ---- what happened, and what it does to a share ------------------------------------------------------


def test_added_and_removed_documents_bring_and_take_alliances():
    """Half of two; two thirds of three with the added one; all of two without the removed one."""
    kept = mention("a.txt@1", "a-1")
    old = a_release(kept, mention("b.txt@1", "a-2", "contractual"))
    new = a_release(kept, mention("c.txt@1", "a-3"))

    found = compare.compare(old, new)

    assert (found["documents"]["added"], found["documents"]["removed"]) == (["wire/c.txt"], ["wire/b.txt"])
    assert headline(found, "joint_venture") == (0.5, 1, 50)
    assert steps(found, "joint_venture") == {"documents_added": 16.67, "documents_removed": 33.33}
    assert steps(found, "alliances") == {"documents_added": 1, "documents_removed": -1}


def test_a_recoded_alliance_tells_from_what_to_what():
    """Under one definition it moves; under the other, stakes and joint ventures are on one side."""
    other = mention("b.txt@1", "a-2", "contractual")
    old = a_release(mention("a.txt@1", "a-1", "minority_equity"), other)
    new = a_release(mention("a.txt@1", "a-1"), other)

    found = compare.compare(old, new)

    [recoded] = found["alliances"]["recoded"]
    assert recoded["changes"] == {"form": ["minority_equity", "joint_venture"]}
    assert steps(found, "joint_venture") == {"recoded": 50}
    assert steps(found, "joint_venture_or_stake") == {}


def test_codes_that_an_added_document_outvotes_are_that_documents_doing():
    """The mention that was there says the same as before."""
    kept = mention("a.txt@1", "a-1", "contractual")
    old = a_release(kept)
    new = a_release(kept, mention("b.txt@1", "a-1"), alliances={"a-1": {"form": "joint_venture"}})

    found = compare.compare(old, new)

    assert [row["step"] for row in found["alliances"]["recoded"]] == ["documents_added"]
    assert steps(found, "joint_venture") == {"documents_added": 100}


def test_two_alliances_whose_mentions_are_one_alliances_now_were_merged():
    """And split, the other way; regrouped, if two became two others."""
    first, second = mention("a.txt@1", "a-1"), mention("b.txt@1", "a-2", "contractual")
    apart = a_release(first, second)
    together = a_release(first, second | {"alliance": "a-1"})
    three = a_release(first, second, mention("b.txt@2", "a-1", partners="Fiat; Peugeot", offsets="90-99"))
    other = a_release(first, second, mention("b.txt@2", "a-2", partners="Fiat; Peugeot", offsets="90-99"))

    merged, split = compare.compare(apart, together), compare.compare(together, apart)
    regrouped = compare.compare(three, other)

    [group] = merged["alliances"]["merged"]
    assert ([row["id"] for row in group["old"]], [row["id"] for row in group["new"]]) == (
        ["a-1", "a-2"],
        ["a-1"],
    )
    assert steps(merged, "joint_venture") == {"resolution": 50}
    assert len(split["alliances"]["split"]) == len(regrouped["alliances"]["regrouped"]) == 1
    assert steps(split, "alliances") == {"resolution": 1}
    assert not any(split["alliances"][kind] + regrouped["alliances"][kind] for kind in ("added", "removed"))


def test_an_alliance_below_another_minimum_confidence_is_the_choices_doing():
    """Its mention is as sure as it was; that of another alliance is not, which is extraction's doing."""
    sure = mention("a.txt@1", "a-1")
    unsure, changed = mention("b.txt@1", "a-2", "contractual"), mention("c.txt@1", "a-3", "contractual")
    old = a_release(sure, unsure | {"confidence": "0.4"}, changed, made=limits("0.3"))
    new = a_release(
        sure,
        unsure | {"confidence": "0.4", "alliance": ""},
        changed | {"confidence": "0.2", "alliance": ""},
        made=limits("0.5"),
    )

    found = compare.compare(old, new)

    assert found["choices"] == [{"choice": "minimum_confidence", "old": "0.3", "new": "0.5"}]
    assert {row["id"]: row["step"] for row in found["alliances"]["removed"]} == {
        "a-2": "choices",
        "a-3": "extraction",
    }
    assert steps(found, "joint_venture") == {"choices": 16.67, "extraction": 50}


def test_another_definition_is_told():
    """A release that codes stakes as contractual, another period, another version."""
    stake = mention("a.txt@1", "a-1", "minority_equity")
    old = a_release(stake, version="0.1.0", made=limits("0.3"))
    new = a_release(stake | {"equity_status": "contractual"}, version="0.2.0", made=limits("0.3"))
    new.tables["equity_share_by_period"][0]["period"] = "2000-2009"

    told = {row["choice"]: (row["old"], row["new"]) for row in compare.compare(old, new)["choices"]}

    assert told == {
        "version of Entente": ("0.1.0", "0.2.0"),
        "period_years": ("5", "10"),
        "equity status of the form minority_equity": ("equity", "contractual"),
    }


def test_a_step_that_leaves_no_share_passes_its_difference_on():
    """All known forms go before the next one comes, so that there is none to divide by in between."""
    old = a_release(mention("a.txt@1", "a-1"), mention("b.txt@1", "a-2", "unspecified"))
    new = a_release(
        mention("b.txt@1", "a-2", "contractual"),
        documents=["a.txt"],
    )

    found = compare.compare(old, new)

    assert headline(found, "joint_venture") == (1, 0, -100)
    assert steps(found, "joint_venture") == {"recoded": -100}


def drawn(draws):
    """Return a random release of up to 40 mentions in 12 documents."""
    places = draws.sample([(d, n) for d in range(12) for n in range(1, 5)], draws.randrange(1, 40))
    return a_release(
        *(
            mention(
                f"{document}.txt@{number}",
                draws.choice(["", f"a-{draws.randrange(15)}"]),
                draws.choice(list(SIDES)),
                "; ".join(draws.sample(["Sony", "Fiat", "トヨタ", "Siemens", "Bosch", "Maersk"], 2)),
                f"{100 * draws.randrange(5)}-{100 * draws.randrange(5, 9)}",
                confidence=f"{draws.randrange(30, 99) / 100}",
            )
            for document, number in places
        ),
        made=limits(draws.choice(["0.3", "0.5"])),
    )


@pytest.mark.parametrize("seed", range(30))
def test_the_steps_add_up_to_the_difference(seed):
    """To the last hundredth of a point, whatever happened; and back again, what came goes."""
    draws = random.Random(seed)
    old, new = drawn(draws), drawn(draws)
    ids = [{row["id"] for row in each.records["alliances"]} for each in (old, new)]

    there, back = compare.compare(old, new), compare.compare(new, old)

    for row in there["headlines"]:
        told = [step["difference"] for step in row["steps"] if step["difference"] is not None]
        if row["difference"] is not None:
            assert sum(told) == pytest.approx(row["difference"], abs=1e-9)
    for here, name in ((0, "removed"), (1, "added")):
        rows = there["alliances"][name]
        grouped = [g for kind in ("merged", "split", "regrouped") for g in there["alliances"][kind]]
        assert len(rows) + sum(len(g[("old", "new")[here]]) for g in grouped) <= len(ids[here])
    assert len(there["alliances"]["added"]) == len(back["alliances"]["removed"])
    assert headline(there, "alliances")[2] == len(ids[1]) - len(ids[0])


def test_records_that_do_not_make_the_published_share_are_warned_of():
    """Files of two runs, mixed up."""
    row = {"period": "all", "definition": "joint_venture", "share": "0.25", "level": "0.95"}
    mixed = a_release(mention("a.txt@1", "a-1"), made={"equity_share_by_period": [row]})

    [warning, _] = compare.compare(mixed, mixed)["warnings"]

    assert "share of 1, its table has 0.25" in warning


# ---- organisations and tables ------------------------------------------------------------------------


def test_organisations_are_joined_parted_and_renamed_by_the_names_met():
    """A comma in a name is no end of a name; one that nobody goes by any more is removed."""
    old = [
        organisation("Acme, Inc.", "en: Acme, Inc., Acme Tools"),
        organisation("Toyota", "en: Toyota"),
        organisation("トヨタ自動車", "ja: トヨタ自動車", "o-ja"),
        organisation("Fiat", "it: Fiat"),
        organisation("Nokia", "fi: Nokia"),
    ]
    new = [
        organisation("Acme Tools", "en: Acme Tools", "o-tools"),
        organisation("Acme, Inc.", "en: Acme, Inc."),
        organisation("Toyota Motor", "en: Toyota; ja: トヨタ自動車", "o-toyota"),
        organisation("Siemens", "de: Siemens"),
        organisation("Nokia", "fi: Nokia"),
    ]

    found = compare.compare_organisations(old, new)

    assert [(o["id"], [w["id"] for w in o["with"]]) for o in found["joined"]] == [("o-ja", ["o-toyota"])]
    assert [(o["id"], [w["id"] for w in o["with"]]) for o in found["parted"]] == [
        ("o-tools", ["o-acme, inc."])
    ]
    assert found["renamed"] == [{"id": "o-toyota", "old": "Toyota", "new": "Toyota Motor"}]
    assert [row["name"] for row in found["removed"] + found["added"]] == ["Fiat", "Siemens"]


def test_a_cell_that_moved_by_rounding_alone_did_not_change():
    """Rows are told apart by their words: neither a number nor an order is a row's name."""
    old = [
        {"headline": "jv", "share": "0.4904", "component": "sampling", "shift": "-8.77"},
        {"headline": "jv", "share": "0.4904", "component": "extraction", "shift": "0"},
        {"headline": "jv", "share": "0.4904", "component": "gone", "shift": "0"},
    ]
    new = [
        {"headline": "jv", "share": "0.4905", "component": "extraction", "shift": "1.5"},
        {"headline": "jv", "share": "0.4905", "component": "sampling", "shift": "-8.77"},
    ]

    found = compare.compare_table(old, new)

    assert found["cells"] == [
        {"row": {"component": "extraction"}, "column": "shift", "old": "0", "new": "1.5"}
    ]
    assert found["rows_removed"] == [{"component": "gone"}]


@pytest.mark.parametrize("path", sorted((ROOT / "results/tables").glob("*.csv")), ids=lambda path: path.stem)
def test_the_rows_of_every_table_are_told_apart(path):
    """By columns that no number is in, as far as the table has any; after that, one changed cell is one change."""
    rows = tables.read(path)
    last = list(rows[0])[-3]
    changed = [row.copy() for row in rows]
    changed[0][last] = f"{changed[0][last]}x"

    assert compare.keys(rows, rows) is not None
    assert compare.compare_table(rows, rows) is None
    assert compare.compare_table(rows, changed) is not None


# ---- where releases lie ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Return {kind: path} of the published results, as they lie and as they may be passed on."""
    home = tmp_path_factory.mktemp("places")
    whole, apart = home / "whole/results", home / "apart/results"
    names = [*(f"{name}.csv" for name in release.RECORDS), "README.md"]
    for folder, inner in ((whole, whole), (apart, apart / "package")):
        inner.mkdir(parents=True)
        for name in names:
            found = next(p for p in (ROOT / "results" / name, ROOT / "results/package" / name) if p.exists())
            shutil.copy(found, folder if name == "README.md" else inner)
        shutil.copytree(ROOT / "results/tables", folder / "tables")
    with tarfile.open(home / "release.tar.gz", "w:gz") as archive:
        archive.add(apart, "release-1.0/results")
    with zipfile.ZipFile(home / "release.zip", "w") as archive:
        for file in sorted(whole.rglob("*.csv")):
            archive.write(file, Path("results", file.relative_to(whole)))
    return {
        "results": whole,
        "results with a package": apart,
        "package": apart / "package",
        "zip": home / "release.zip",
        "tar": home / "release.tar.gz",
    }


@pytest.mark.parametrize("kind", ["results", "results with a package", "package", "zip", "tar"])
def test_a_release_is_read_wherever_it_lies(places, kind):
    """Every record and every table of it; its version too, where its page is there."""
    number = len(tables.read(places["results"] / "alliances.csv"))

    found = release.read(places[kind])

    assert len(found.records["alliances"]) == number > 0
    assert found.tables.keys() == {path.stem for path in (ROOT / "results/tables").glob("*.csv")}
    assert bool(found.version) is (kind != "zip")
    assert not compare.compare(release.read(places["results"]), found)["differ"]


def test_what_is_no_release_is_refused(tmp_path):
    """With what was looked for, and what to name."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "note.txt").write_text("no archive")
    (tmp_path / "half").mkdir()
    (tmp_path / "half/alliances.csv").write_text("id\n")

    for name, fault in {
        "empty": "no alliances.csv in it or in its package/; name the folder results/",
        "note.txt": "neither a folder nor a ZIP or tar archive",
        "none": "no such folder or file",
        "half": "alliances.csv is there, organisations.csv is not",
    }.items():
        with pytest.raises(EntenteError, match=re.escape(fault)):
            release.read(tmp_path / name)


# ---- what is said ------------------------------------------------------------------------------------


def test_hostile_names_are_inert():
    """Neither script nor link, table nor list can be made by what a document holds."""
    hostile = mention("a.txt@1", "a-1", partners=f"{HOSTILE}; Ericsson", date=HOSTILE)
    old, new = (
        a_release(organisations=[organisation("X", "en: X")]),
        a_release(hostile, organisations=[organisation(HOSTILE, "")]),
    )

    page = compare_report.report(compare.compare(old, new), 20)
    html = MarkdownIt("commonmark").enable("table").render(page)

    assert not re.findall(r"<(?!/?(?:h\d|p|ul|li|table|thead|tbody|tr|th|td)\b)[^>]*>", html)
    assert not re.findall("[\u202e\x07]", page)


def test_long_lists_are_cut_and_counted():
    """The heading has the number of all."""
    old, new = a_release(), a_release(*(mention(f"{n:02}.txt@1", f"a-{n:02}") for n in range(30)))

    page = compare_report.report(compare.compare(old, new), 5)

    assert "## Alliances added: 30\n" in page
    assert page.count("\n- a-") == 5
    assert "\n- and 25 more\n" in page


def diff(*arguments):
    """Run the command; return its exit status."""
    with pytest.raises(SystemExit) as end:
        command.main(["diff", *map(str, arguments)])
    return end.value.code


def test_the_command_tells_by_its_status_what_it_is_asked_to(places, tmp_path, capsys):
    """0 when compared; with --exit-code 1 if the releases differ; one line if there is none."""
    other = tmp_path / "other"
    shutil.copytree(places["results"], other)
    text = (other / "alliances.csv").read_text(encoding="utf-8")
    text = text.replace(",joint_venture,equity,", ",contractual,contractual,", 1)
    (other / "alliances.csv").write_text(text, encoding="utf-8")

    assert diff(places["zip"], places["tar"], "--exit-code") == 0
    assert diff(places["tar"], other, "--exit-code") == 1
    assert capsys.readouterr().out.count("form: joint\\_venture → contractual") == 1
    assert diff(places["tar"], other, "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["alliances"]["recoded"]) == 1
    assert "none: no such folder or file" in diff(places["tar"], tmp_path / "none")


def test_to_compare_takes_nothing_that_loads_slowly(places):
    """Neither the model nor what draws and estimates."""
    code = (
        "import pathlib, sys\nfrom entente import compare_command\n"
        "compare_command.run(*map(pathlib.Path, sys.argv[1:]), False, 20, False)\n"
        "slow = {'pandas', 'scipy', 'onnxruntime', 'matplotlib', 'spacy', 'snakemake'}\n"
        "sys.exit(' '.join(slow & sys.modules.keys()) or None)"
    )
    subprocess.run(
        [sys.executable, "-c", code, places["zip"], places["tar"]], check=True, capture_output=True
    )
