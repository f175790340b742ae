"""The site in a real browser: what a reader finds, by mouse and by keys, and what a hostile text cannot do."""

import json
import re
import shutil
import time

import pytest
from entente import cli, site, tables
from test_estimate import alliance, document, mention
from test_publish import claim
from test_site import made

# Playwright's wait_for_function evaluates a string, which the page's policy forbids: locators and expectations wait.
expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect

ATTACK = '</script><script>document.title="owned"</script><img src=x onerror="document.title=1"> javascript:alert(1)'
LONG = "Before it nothing was agreed. "
TEXTS = {
    "1.txt": (
        f"{LONG}Sony Corp and Ericsson formed a joint venture in Malmö. After it came others.",
        "en",
        "full",
    ),
    "ja.txt": ("市況の話。トヨタ自動車とマツダは合弁会社を設立した。両社は折半出資する。", "ja", "full"),
    "ar.txt": ("مقدمة قصيرة. أعلنت شركة أرامكو وشركة داو عن مشروع مشترك باسم صدارة. وانتهى.", "ar", "full"),
    "hostile.txt": (f"x {ATTACK} and Ericsson agreed. Never shown beside it.", "en", "cut"),
    "sealed.txt": ("Sealed words of Nokia and Siemens.", "en", "offsets"),
}
EVIDENCE = {
    "1.txt": "Sony Corp and Ericsson formed a joint venture in Malmö.",
    "ja.txt": "トヨタ自動車とマツダは合弁会社を設立した。",
    "ar.txt": "أعلنت شركة أرامكو وشركة داو عن مشروع مشترك باسم صدارة.",
    "hostile.txt": f"x {ATTACK} and Ericsson agreed.",
    "sealed.txt": "Sealed words of Nokia and Siemens.",
}
PARTNERS = {
    "1.txt": ["Sony Corp", "Ericsson"],
    "ja.txt": ["トヨタ自動車", "マツダ"],
    "ar.txt": ["شركة أرامكو", "شركة داو"],
    "hostile.txt": [ATTACK, "Ericsson"],
    "sealed.txt": ["Nokia", "Siemens"],
}
CODES = {
    "1.txt": {"form": "joint_venture", "functions": ["rnd"], "year": 2001},
    "ja.txt": {"form": "joint_venture", "functions": ["production"], "year": 2015},
    "ar.txt": {"form": "minority_equity", "functions": [], "year": 2011},
    "hostile.txt": {"form": "contractual", "functions": ["rnd"], "year": 1999},
    "sealed.txt": {"form": "unspecified", "functions": [], "year": None},
}
VIEWS = {
    "#share": "Equity share",
    "#alliances": "Alliances",
    "#alliance=a-1": "Sony Corp",
    "#claims": "Claims",
    "#evaluation": "How good",
    "#method": "How the numbers",
    "#downloads": "Downloads",
}


def records():
    """Return the records of five documents, each with an alliance, in three scripts, one hostile, one sealed."""
    documents, mentions, alliances = [], [], []
    for name, (text, language, rights) in TEXTS.items():
        start = text.index(EVIDENCE[name])
        documents.append(
            document(name, text=text, language=language, quotes=rights, title=f"{PARTNERS[name][0]} agrees")
        )
        mentions.append(
            mention(
                name,
                evidence=[{"start": start, "end": start + len(EVIDENCE[name])}],
                partners=[{"name": partner, "start": 0, "end": 1} for partner in PARTNERS[name]],
                language=language,
            )
        )
        alliances.append(
            alliance(
                name.removesuffix(".txt"),
                mentions=[f"wire/{name}@1"],
                partner_names=PARTNERS[name],
                languages=[language],
                date=CODES[name]["year"] and str(CODES[name]["year"]),
                stakes=[{"holder": PARTNERS[name][0], "target": "venture", "percent": 50}],
                **CODES[name],
            )
        )
    claims = [claim(population=ATTACK, evidence=[{"start": 0, "end": len(LONG) - 1}])]
    return {"documents": documents, "mentions": mentions, "alliances": alliances, "claims": claims}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the folder of a site of five alliances."""
    return made(tmp_path_factory.mktemp("site"), **records())


@pytest.fixture
def browser(chromium):
    """Return a function that makes a page; no page may have asked another place for anything, or met an error."""
    contexts, asked, faults = [], [], []

    def opened(address, width=1280, scheme="light"):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(120_000)
        expect.set_options(timeout=120_000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on(
            "console", lambda line: faults.append(line.text) if line.type in ("error", "warning") else None
        )
        page.goto(address)
        page.wait_for_selector("main h1")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults
    assert {address.partition(":")[0] for address in asked} <= {"file"}


@pytest.fixture
def page(browser, folder):
    """Return a page of the site, at its start."""
    return browser(address(folder))


def address(folder, place=""):
    """Return the address of the site in *folder*, opened as a file."""
    return f"{(folder / 'index.html').as_uri()}{place}"


def unfolded(page, folder):
    """Yield each view, when it is there, with what is folded away opened."""
    for view, heading in VIEWS.items():
        page.goto(address(folder, view))
        page.locator("h1", has_text=heading).wait_for()
        page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
        yield view


def shows(page, years):
    """Wait until the table of alliances shows these years, in this order."""
    expect(page.locator("table.alliances td.year")).to_have_text(years)


def said(page, text):
    """Wait until the page says how many alliances it shows."""
    page.get_by_role("status").filter(has_text=text).first.wait_for()


def test_the_first_page_shows_the_share_with_what_belongs_to_it(page):
    """Two joint ventures and a stake of four known forms: 75 %; its interval, by Wilson, is 30.1 to 95.4 %."""
    text = page.locator("main").inner_text()

    assert page.locator("#share").inner_text() == "75.0\xa0%"
    assert "30.1 to 95.4\xa0%" in text
    assert "3 of 4 alliances; 1 of unknown form is left out" in text
    assert "Not a random sample: wire." in text
    assert page.locator("svg[role=img] title").first.text_content().startswith("Equity share by period")
    assert page.locator("svg .dot").count() >= 3


def test_the_definition_can_be_switched_and_linked(page, browser, folder):
    """Joint ventures alone: 2 of 4. The address holds the choice; unknown forms taken for equity: 4 of 5."""
    page.get_by_role("radio", name="Joint ventures only").check()
    page.locator("#share", has_text="50.0").wait_for()
    page.get_by_role("radio", name="Unknown as equity").check()
    page.locator("#share", has_text="80.0").wait_for()

    again = browser(page.url)
    assert again.locator("#share").inner_text() == "80.0\xa0%"
    assert again.get_by_role("radio", name="Unknown as equity").is_checked()


def test_the_figure_has_its_numbers_as_a_table_that_leads_to_the_alliances(page):
    page.get_by_text("The figure as a table").click()
    page.get_by_role("link", name="2000–2004").click()
    said(page, "1 of 5 alliances")

    shows(page, ["2001"])


def test_names_and_words_of_the_evidence_are_found(page):
    """Without regard to case and accents, in every script; words of the evidence are shown where they stand."""
    page.get_by_role("link", name="Alliances", exact=True).click()
    said(page, "5 of 5 alliances")
    shows(page, ["2015", "2011", "2001", "1999", "–"])
    search = page.get_by_role("searchbox")
    for query, found in (
        ("MALMO venture", ["2001"]),
        ("合弁会社", ["2015"]),
        ("صدارة", ["2011"]),
        ("sealed words", []),
    ):
        search.fill(query)
        said(page, f"{len(found)} of 5 alliances")
        shows(page, found)
        expect(page.locator(".snippet mark")).to_have_count(len(found))


def test_filters_narrow_the_list_and_clear(page, browser):
    page.get_by_role("link", name="Alliances", exact=True).click()
    page.get_by_label("Function").select_option("rnd")
    said(page, "2 of 5 alliances")
    page.get_by_label("Form").select_option("contractual")
    said(page, "1 of 5 alliances")
    shows(page, ["1999"])
    shows(browser(page.url), ["1999"])
    page.get_by_role("button", name="Clear").click()
    said(page, "5 of 5 alliances")
    for label, value in (("From year", "2002"), ("to", "2012")):
        page.get_by_label(label, exact=True).fill(value)
    said(page, "1 of 5 alliances")
    shows(page, ["2011"])
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("Language").select_option("ja")
    said(page, "1 of 5 alliances")
    page.get_by_label("Equity status").select_option("contractual")
    said(page, "0 of 5 alliances")


def test_a_link_to_an_alliance_shows_its_evidence_in_context(browser, folder):
    page = browser(address(folder, "#alliance=a-1"))
    text = page.locator("main").inner_text()

    assert page.locator("h1").inner_text() == "Sony Corp + Ericsson"
    assert page.locator("blockquote mark").inner_text() == EVIDENCE["1.txt"]
    assert page.locator("blockquote").inner_text() == TEXTS["1.txt"][0]
    assert page.locator("blockquote b").all_inner_texts() == ["Sony Corp", "Ericsson"]
    assert "a separate entity that two or more partners own" in text
    assert "Sony Corp holds 50\xa0% of the venture" in text
    assert "wire/1.txt" in text


@pytest.mark.parametrize(("name", "language", "direction"), [("ja", "ja", "ltr"), ("ar", "ar", "rtl")])
def test_evidence_has_its_language_and_direction(browser, folder, name, language, direction):
    page = browser(address(folder, f"#alliance=a-{name}"))
    quote = page.locator("blockquote")

    assert quote.locator("mark").inner_text() == EVIDENCE[f"{name}.txt"]
    assert quote.get_attribute("lang") == language
    assert quote.evaluate("node => getComputedStyle(node).direction") == direction


def test_what_may_not_be_shown_is_not_and_the_page_says_why(browser, folder):
    page = browser(address(folder, "#alliance=a-sealed"))
    assert "No words of this document may be published" in page.locator(".report").inner_text()
    assert page.locator("blockquote").count() == 0

    page.goto(address(folder, "#alliance=a-hostile"))
    page.locator("h1", has_text="javascript").wait_for()
    assert page.locator("blockquote").inner_text() == EVIDENCE["hostile.txt"]
    assert "Never shown" not in page.locator("body").inner_text()


def test_hostile_text_is_shown_and_does_nothing(browser, folder):
    """In names, titles, evidence, claims, and in the address."""
    page = browser(address(folder, "#alliance=a-hostile"))
    assert ATTACK in page.locator("h1").inner_text()
    page.goto(address(folder, "#claims"))
    page.locator("h1", has_text="Claims").wait_for()
    page.get_by_text("Evidence (1) and reasons").click()
    assert page.locator("blockquote mark").inner_text() == LONG.strip()
    assert ATTACK[:90] in page.locator(".population").inner_text()
    page.goto(
        address(folder, "#alliances?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&form=%3Cscript%3E&page=-4")
    )
    said(page, "of 5 alliances")
    page.goto(address(folder, "#alliance=%3Cscript%3E%E0%A4%A"))
    page.locator("h1", has_text="No such alliance").wait_for()

    assert page.locator("main img, main script").count() == 0
    assert "owned" not in page.title()


def test_back_leads_to_the_list_as_it_was(page):
    """The search is still there, and the link that was followed has the focus."""
    page.get_by_role("link", name="Alliances", exact=True).click()
    page.get_by_role("searchbox").fill("ericsson")
    said(page, "2 of 5 alliances")
    page.get_by_role("link", name="Sony Corp + Ericsson").click()
    page.locator("blockquote").wait_for()
    page.go_back()
    said(page, "2 of 5 alliances")

    assert page.get_by_role("searchbox").input_value() == "ericsson"
    expect(page.get_by_role("link", name="Sony Corp + Ericsson")).to_be_focused()
    page.go_back()
    page.locator("h1", has_text="Equity share").wait_for()


def test_all_can_be_done_by_keys(page):
    """Skip to the content; switch the definition by arrows; open the list, search, and open an alliance."""

    def tab_to(name):
        for _ in range(40):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "[document.activeElement.textContent, document.activeElement.name ?? '',"
                " getComputedStyle(document.activeElement).outlineStyle]"
            )
            if name in focused[:2]:
                assert focused[2] != "none"
                return
        raise AssertionError(f"no key leads to {name}")

    tab_to("Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    tab_to("definition")
    page.keyboard.press("ArrowLeft")
    page.locator("#share", has_text="50.0").wait_for()
    expect(page.locator("[value=joint_venture]")).to_be_focused()
    page.reload()
    page.wait_for_selector("main h1")
    tab_to("Alliances")
    page.keyboard.press("Enter")
    page.locator("h1", has_text="Alliances").wait_for()
    expect(page.locator("h1")).to_be_focused()
    tab_to("q")
    page.keyboard.type("malmö")
    said(page, "1 of 5 alliances")
    tab_to("Sony Corp + Ericsson")
    page.keyboard.press("Enter")
    page.locator("blockquote mark").wait_for()


def test_the_colours_can_be_switched_and_are_kept(page):
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_label("Colours").select_option("dark")
    dark = page.evaluate(ground)
    page.reload()
    page.wait_for_selector("main h1")

    assert light != dark
    assert page.evaluate(ground) == dark


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_accessible(browser, folder, scheme):
    """By axe-core's rules, all of them, with what is folded away opened."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    ).Axe()
    page = browser(address(folder), scheme=scheme)
    for view in unfolded(page, folder):
        found = axe.run(page)
        assert found.violations_count == 0, (view, found.generate_report())


def test_a_phone_shows_every_view_without_moving_sideways(browser, folder):
    page = browser(address(folder), width=360)
    for view in unfolded(page, folder):
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, view


def test_a_printed_alliance_has_its_evidence_and_no_controls(browser, folder):
    page = browser(address(folder, "#alliance=a-1"))
    page.emulate_media(media="print")

    assert page.locator("blockquote mark").is_visible()
    assert not page.locator("header nav").is_visible()


def test_a_site_of_nothing_has_every_view(browser, tmp_path):
    nothing = made(tmp_path, documents=[document()], mentions=[], alliances=[], organisations=[])
    page = browser(address(nothing))
    for view, heading in VIEWS.items():
        page.goto(address(nothing, view))
        page.locator("h1", has_text="No such" if heading == "Sony Corp" else heading).wait_for()


def test_a_file_that_is_missing_is_told(folder, tmp_path, chromium):
    """Without its data, the page says what is missing and what to do."""
    shutil.copytree(folder, tmp_path / "site")
    (tmp_path / "site/data/details-0.js").unlink()
    page = chromium.new_page()
    page.goto(address(tmp_path / "site", "#alliance=a-1"))
    page.locator("h1", has_text="This cannot be shown").wait_for()

    assert (
        "data/details-0.js cannot be read; keep the folder data beside this page"
        in page.locator("main").inner_text()
    )
    page.close()


def many(root, number):
    """Return the folder of a site of *number* made-up alliances; its tables are those of a few."""
    folder = made(root, **records())
    interim, forms = root / "interim", ["joint_venture", "minority_equity", "contractual", "unspecified"]
    templates = [item.model_dump() for item in (alliance(), mention(), document())]
    texts = [
        f"Firm {n} and Group {n * 7 % number} agreed number {n} to build cars together."
        for n in range(number)
    ]
    changes = [
        (
            {
                "id": f"a-{n}",
                "mentions": [f"wire/{n}.txt@1"],
                "partner_names": [f"Firm {n}", f"Group {n * 7 % number}"],
                "form": forms[n % 4],
                "year": 1960 + n % 60,
            },
            {
                "id": f"wire/{n}.txt@1",
                "document": f"wire/{n}.txt",
                "evidence": [{"start": 0, "end": len(text)}],
            },
            {"id": f"wire/{n}.txt", "source": f"{n}.txt", "text": text, "quotes": "full"},
        )
        for n, text in enumerate(texts)
    ]
    places = ("alliances.jsonl", "wire/0/mentions.jsonl", "wire/0/documents.jsonl")
    for at, path in enumerate(places):
        with cli.replacing(interim / path) as file:
            file.writelines(json.dumps(templates[at] | change[at]) + "\n" for change in changes)
    data = tables.Interim(interim, (root / "corpus" / "wire",))
    alliances = site.ordered(data.alliances())
    first = json.loads(re.search(r"{.*}", (folder / "data/site.js").read_text("utf-8"), re.DOTALL)[0])
    first |= {"counts": first["counts"] | {"alliances": number}, "languages": ["en"]}
    site.write(folder / "data", [("site", first), *site.chunks(data, alliances, [])])
    return folder


def test_fifty_thousand_alliances_open_and_are_searched(browser, tmp_path, capsys):
    """The first table is there before all of the list is; its time is printed (in one process), not asserted."""
    folder = many(tmp_path, 50_000)
    start = time.perf_counter()
    page = browser(address(folder, "#alliances"))
    page.wait_for_selector("table.alliances tbody tr")
    first = time.perf_counter() - start
    assert page.locator("table.alliances tbody tr").count() == 50
    said(page, "50,000 of 50,000 alliances")
    page.get_by_label("Form").select_option("contractual")
    said(page, "12,500 of 50,000 alliances")
    start = time.perf_counter()
    page.get_by_role("searchbox").fill('"number 4242 to"')
    said(page, "1 of 50,000 alliances")
    page.locator(".snippet mark", has_text="number 4242 to").wait_for()
    searched = time.perf_counter() - start
    page.get_by_role("button", name="Clear").click()
    said(page, "50,000 of 50,000 alliances")
    page.get_by_role("link", name="Last page").first.click()
    page.locator("[aria-current=page]", has_text="page 1,000 of 1,000").first.wait_for()
    page.locator("table.alliances a").last.click()
    page.locator("blockquote mark").wait_for()
    with capsys.disabled():
        print(f"\n50,000 alliances: first table {first:.2f} s, search of all evidence {searched:.2f} s")
