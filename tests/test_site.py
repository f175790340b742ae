"""What the site is made of: every alliance and its evidence, as far as rights allow, as data that nothing runs."""

import json
import re
from html.parser import HTMLParser

import pytest
from entente import dataset, definitions, estimate, site, tables
from entente.policy import policy
from hypothesis import given
from hypothesis import strategies as st
from test_estimate import alliance, command, document, mention
from test_publish import HOSTILE, claim, run, stored

TEXT = "Talks ended. Sony and Ericsson agreed. Shares rose. Others did not. In May they signed."
SPANS = [(13, 38), (68, 87)]


def made(root, **records):
    """Make the tables of *records* that the site shows, and return the folder of the site."""
    stored(root, records)
    results = root / "results"
    for name in (*site.SHOWN, "register"):
        run(estimate, [*command(root, name), "--output", f"{results}/tables/{name}.csv"])
    given = [f"{root}/interim", "--corpora", f"{root}/corpus/wire", "--tables", f"{results}/tables"]
    run(site, [*given, "--downloads", f"{results}/tables/register.csv", "--output", f"{results}/site"])
    return results / "site"


def value(folder, name):
    """Return what a script of the site hands to the page."""
    called = re.fullmatch(
        r'entente\("([\w-]+)", (.*)\);\n', (folder / f"data/{name}.js").read_text("utf-8"), re.DOTALL
    )
    assert called[1] == name
    return json.loads(called[2])


def chunks(root, alliances, **records):
    """Return {name: value} of the chunks of *alliances*."""
    stored(root, {"alliances": alliances} | records)
    data = tables.Interim(root / "interim", (root / "corpus" / "wire",))
    return dict(site.chunks(data, site.ordered(data.alliances()), []))


# ---- evidence --------------------------------------------------------------------------------------


def test_a_text_that_may_be_quoted_shows_its_evidence_in_context():
    quotes, shown = site.passages(TEXT, SPANS, "full")

    assert quotes == ["Sony and Ericsson agreed.", "In May they signed."]
    assert shown == [["Talks ended. ", 0, " Shares rose. Others did not. ", 1]]


def test_evidence_far_apart_is_shown_in_passages_of_their_own():
    """Context ends between words, and says that it is cut."""
    text = f"{'before ' * 100}AGREED{' between' * 200} SIGNED after"
    spans = [(text.index(word), text.index(word) + 6) for word in ("AGREED", "SIGNED")]

    quotes, (first, second) = site.passages(text, spans, "full")

    assert quotes == ["AGREED", "SIGNED"]
    assert [type(part) for part in first] == [str, int, str]
    assert first[0].startswith("…before before")
    assert first[2].endswith("between between…")
    assert second[0].startswith("…between ")
    assert second[1:] == [1, " after"]


@pytest.mark.parametrize("text", ["両社は合弁会社を設立した。" * 200, "دخلت الشركتان في مشروع مشترك " * 100])
def test_context_is_short_in_every_script(text):
    """A script without blanks is cut between letters."""
    (first,) = site.passages(text, [(1000, 1010)], "full")[1]

    assert [isinstance(part, int) for part in first] == [False, True, False]
    assert all(200 < len(part) <= site.CONTEXT + 1 for part in (first[0], first[2]))


def test_no_word_leaves_a_document_that_none_may():
    """Neither its evidence nor its title is in any file; where its evidence stands is told."""
    assert site.passages(TEXT, SPANS, "offsets") == ([], [])


def test_rights_hold_in_all_files(tmp_path):
    folder = made(
        tmp_path,
        documents=[
            document(quotes="offsets", title="Sealed headline", text="Sealed words of the text. Others.")
        ],
        mentions=[mention(evidence=[{"start": 0, "end": 25}])],
        claims=[claim(evidence=[{"start": 0, "end": 25}])],
    )

    assert not [path for path in folder.rglob("*") if path.is_file() and "Sealed" in path.read_text("utf-8")]
    (report,) = value(folder, "details-0")[0]["mentions"]
    assert (report["quotes"], report["offsets"], report["title"]) == ("offsets", ["0-25"], "")


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=900),
    st.lists(st.tuples(st.integers(0, 900), st.integers(1, 900)), max_size=4),
    st.sampled_from(["full", "cut", "offsets"]),
)
def test_what_is_shown_stands_in_the_text(text, places, rights):
    """All evidence is shown once, in order, and nothing that the rights do not allow."""
    spans = [(start, min(start + size, len(text))) for start, size in places if start < len(text)]
    quotes, shown = site.passages(text, spans, rights)
    context = [part for passage in shown for part in passage if isinstance(part, str)]

    assert [part for passage in shown for part in passage if isinstance(part, int)] == list(
        range(len(quotes))
    )
    assert all(part.strip("…") in site.visible(text) for part in context)
    assert not context or rights == "full"
    assert rights != "cut" or all(len(quote) <= dataset.QUOTE for quote in quotes)
    assert bool(quotes) == (bool(spans) and rights != "offsets")


# ---- chunks ----------------------------------------------------------------------------------------


def test_alliances_are_listed_newest_first_and_those_without_a_year_last(tmp_path):
    """The list tells by its order which chunk has an alliance's details."""
    years = [1999, None, 2021, 2005]
    listed = [alliance(n, year=year, date=year and f"{year}-01") for n, year in enumerate(years)]

    found = chunks(tmp_path, listed)

    assert [entry[3] for entry in found["list-0"]] == [2021, 2005, 1999, None]
    assert [one["date"] for one in found["details-0"]] == ["2021-01", "2005-01", "1999-01", None]


def test_every_alliance_is_in_one_chunk_of_each_kind(tmp_path):
    """12 alliances in chunks of 5, and of 2."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "LISTED", 5)
        patch.setattr(site, "BLOCK", 2)
        found = chunks(tmp_path, [alliance(n, year=2000 + n) for n in range(12)])

    sizes = {
        kind: [len(found[f"{kind}-{n}"]) for n in range(number)]
        for kind, number in (("list", 3), ("quotes", 6))
    }
    assert sizes == {"list": [5, 5, 2], "quotes": [2] * 6}
    assert [entry[0] for n in range(3) for entry in found[f"list-{n}"]] == [
        f"a-{n}" for n in reversed(range(12))
    ]


def test_reports_of_one_alliance_count_on_in_its_quotations(tmp_path):
    """Two documents, each with evidence in context: the second's place is after the first's."""
    found = chunks(
        tmp_path,
        [alliance(mentions=["wire/1.txt@1", "wire/2.txt@1"])],
        documents=[
            document(quotes="full"),
            document("2.txt", quotes="full", text="今日、ソニーは合意した。"),
        ],
        mentions=[mention(), mention("2.txt", evidence=[{"start": 3, "end": 12}])],
    )

    assert list(found["quotes-0"]) == [["Sony and Ericsson formed a joint venture.", "ソニーは合意した。"]]
    assert [one["passages"] for one in found["details-0"][0]["mentions"]] == [[[0]], [["今日、", 1]]]


def test_a_figure_of_the_register_has_its_sentences(tmp_path):
    folder = made(tmp_path, claims=[claim(evidence=[{"start": 0, "end": 4}])])

    (row,) = value(folder, "claims-0")
    assert (row["measure"], row["value"]) == ("growth", "-0.65")
    assert [(source["document"], source["quotations"]) for source in row["documents"]] == [
        ("wire/1.txt", ["Sony"])
    ]


# ---- the whole -------------------------------------------------------------------------------------


def test_the_page_starts_with_tables_codebook_and_numbers(tmp_path):
    first = value(made(tmp_path), "site")

    rows = tables.read(tmp_path / "results/tables/equity_share_by_period.csv")
    assert first["tables"]["equity_share_by_period"]["rows"] == [list(row.values()) for row in rows]
    assert first["counts"] == {"alliances": 1, "mentions": 1, "joined": 1, "claims": 0, "register": 0}
    assert first["facets"]["form"] == {"joint_venture": 1}
    assert [corpus["name"] for corpus in first["described"] if not corpus["random"]] == ["wire"]
    assert first["downloads"][0]["links"] == [["csv", "../tables/register.csv"]]


def test_a_run_that_found_nothing_has_a_site(tmp_path):
    folder = made(tmp_path, documents=[document()], mentions=[], alliances=[], organisations=[])

    assert value(folder, "site")["counts"]["alliances"] == 0
    assert [path.name for path in (folder / "data").iterdir()] == ["site.js"]


def test_the_site_is_the_same_bytes_each_time_and_has_no_chunk_of_another_run(tmp_path):
    folder = made(tmp_path)
    before = {path.name: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    (folder / "data/list-7.js").write_text("old")

    made(tmp_path)

    assert before == {path.name: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}


def test_the_words_for_what_tables_name_are_complete(tmp_path):
    """A definition, estimator or component that the tables have is explained on the page."""
    made(tmp_path)

    assert site.DEFINITION_TITLES.keys() == definitions.DEFINITIONS.keys()
    assert site.COMPONENTS.keys() == {
        row["component"] for row in tables.read(tmp_path / "results/tables/error_budget.csv")
    }
    assert list(site.ESTIMATORS) == ["naive", "gold_only", "ppi", "rogan_gladen"]


# ---- nothing from a text is run --------------------------------------------------------------------


class Parts(HTMLParser):
    """Collects the policy, and the text of scripts and styles, of a page."""

    def __init__(self):
        super().__init__()
        self.policy, self.texts, self.addresses, self.inside = "", {}, [], ""

    def handle_starttag(self, tag, attrs):
        """Note the tag's addresses, and the policy."""
        given = dict(attrs)
        self.inside = tag
        self.addresses += [given[name] for name in ("src", "href") if name in given]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]

    def handle_data(self, data):
        """Note the text of the tag."""
        self.texts[self.inside] = self.texts.get(self.inside, "") + data

    def handle_endtag(self, tag):
        """Note that what follows is of no tag that matters."""
        self.inside = ""


def test_the_policy_lets_the_own_script_run_and_no_other():
    parts = Parts()
    parts.feed(site.page())

    assert parts.policy == policy(parts.texts["script"], parts.texts["style"], loading=True)
    assert not [address for address in parts.addresses if not address.startswith(("#", "../"))]


def test_the_script_makes_no_markup_of_text_and_asks_for_nothing():
    """`src` is set once, for the data beside the page."""
    page = site.page()

    assert not re.findall(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|fetch\(|XMLHttp|DOMParser|srcdoc",
        page,
    )
    assert re.findall(r"\w+\.src = .*", page) == ["script.src = `data/${name}.js`;"]


def test_hostile_text_is_a_string_in_a_script_of_data(tmp_path):
    """What the page gets is what the text says, control characters apart; nothing of it is in index.html."""
    hostile = f"{HOSTILE}\u2028</script>\u202e"
    folder = made(
        tmp_path,
        documents=[document(title=hostile, text=f"x {hostile}", quotes="full")],
        alliances=[alliance(partner_names=[hostile, "Sony"], mentions=["wire/1.txt@1"])],
    )

    assert value(folder, "list-0")[0][1] == [tables.clean(hostile), "Sony"]
    assert "alert(1)" not in (folder / "index.html").read_text("utf-8")
    assert "\u202e" not in "".join(path.read_text("utf-8") for path in (folder / "data").iterdir())
