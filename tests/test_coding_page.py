"""A coder codes in a browser: the page asks for nothing, shows no prediction, and what it saves comes back as gold."""

import html.parser
import json
import re

import pytest
from coded import CODED, DOCUMENTS, DRAWN, TEXTS, simple
from entente import coding, coding_check, coding_page
from entente.coding_form import CHOICES
from entente.policy import policy


class Tags(html.parser.HTMLParser):
    """The start tags of a page, with their attributes, and the content of its scripts."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.scripts, self.inside = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        self.inside = tag == "script"
        if self.inside:
            self.scripts.append("")

    def handle_endtag(self, _):
        """Note that a script ends."""
        self.inside = False

    def handle_data(self, data):
        """Note what a script holds."""
        if self.inside:
            self.scripts[-1] += data


def test_the_page_asks_for_nothing_and_lets_no_data_run():
    page = coding_page.page(DOCUMENTS)
    parsed = Tags(page)
    [given] = [a["content"] for t, a in parsed.tags if a.get("http-equiv") == "Content-Security-Policy"]
    [style] = re.findall("<style>(.*?)</style>", page, re.DOTALL)

    assert len(parsed.scripts) == 2
    assert json.loads(parsed.scripts[0])["documents"][3]["text"] == TEXTS["press/hostile.txt"][1]
    assert given == policy(parsed.scripts[1], style)
    assert not [
        a for _, a in parsed.tags if {"src", "style", "action"} & set(a) or any(n.startswith("on") for n in a)
    ]
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|fetch\(|XMLHttp|https?:", page
    )


def test_the_page_shows_no_prediction():
    """Neither the genre, nor the probability or stratum, nor how sure the language is."""
    given = json.loads(Tags(coding_page.page(DOCUMENTS)).scripts[0])

    assert {key for one in given["documents"] for key in one} == {
        "document",
        "title",
        "date",
        "language",
        "text",
    }


@pytest.fixture
def browser(chromium, tmp_path):
    """Return the coding page in a browser, and the list of what it asked for; nothing may go wrong in it."""
    page, asked, faults = chromium.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    coding.sheet(DOCUMENTS, tmp_path)
    page.goto((tmp_path / "coding.html").as_uri())
    yield page, asked
    page.close()
    assert not faults


SELECT = """words => {
  const box = document.getElementById("text"), whole = box.textContent, start = whole.indexOf(words);
  const walk = document.createTreeWalker(box, NodeFilter.SHOW_TEXT), range = document.createRange();
  let at = 0, node;
  while ((node = walk.nextNode())) {
    const end = at + node.length;
    if (at <= start && start < end) range.setStart(node, start - at);
    if (at < start + words.length && start + words.length <= end) range.setEnd(node, start + words.length - at);
    at = end;
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def code(page, alliances):
    """Code the document that the page shows, by keys and by the form's controls."""
    if not alliances:
        page.check("input[value=none]")
        page.select_option("[name=non_alliance]", "arms_length")
    for at, alliance in enumerate(alliances):
        if at:
            page.click("[name=another]")
        page.focus("#text")
        marks = [("p", name) for name in alliance["partners"]] + [
            ("e", quote) for quote in alliance["evidence"]
        ]
        marks += [("v", alliance["venture_name"])] if alliance["venture_name"] else []
        for key, words in marks:
            page.evaluate(SELECT, words)
            page.keyboard.press(key)
        for name in CHOICES:
            page.select_option(f"[name=a{at}-{name}]", alliance[name])
        for function in alliance["functions"]:
            page.check(f"[name=a{at}-function-{function}]")
        for name in ("date", "term_years", "alliance"):
            page.fill(f"[name=a{at}-{name}]", str(alliance[name] or ""))
        for number, stake in enumerate(alliance["stakes"]):
            page.click(f"[name=a{at}-stake]")
            page.select_option(f"[name=a{at}-holder-{number}]", stake["holder"])
            page.fill(f"[name=a{at}-percent-{number}]", f"{stake['percent']:g}")


def save(page, path):
    """Let the page save its file to *path*."""
    with page.expect_download() as download:
        page.click("#export")
    download.value.save_as(path)
    return path


def test_a_document_coded_in_a_browser_comes_back_as_gold(tmp_path, browser):
    """Also after the page was closed and opened in between; nothing is asked of any other place."""
    page, asked = browser
    page.fill("#coder", "Ada")
    for number, one in enumerate(DOCUMENTS):
        if number == 2:
            page.reload()
        code(page, CODED[one.id])
        assert page.inner_text("#missing") == "This document is coded."
        page.click("#next") if number < 3 else None

    assert page.inner_text("#progress") == "4 of 4 coded"
    assert simple(coding_check.read(save(page, tmp_path / "ada.json"), DRAWN)) == CODED
    assert {url for url in asked if not url.startswith("blob:")} == {(tmp_path / "coding.html").as_uri()}
    assert page.title() == "Coding alliances"
    page.evaluate("localStorage.clear()")
    page.reload()
    assert page.inner_text("#progress") == "0 of 4 coded"
    page.set_input_files("#open", tmp_path / "ada.json")
    page.locator("#progress", has_text="4 of 4 coded").wait_for()


def test_the_text_cannot_be_changed_and_shows_as_it_is(browser):
    page, _ = browser
    for number, one in enumerate(DOCUMENTS):
        page.select_option("#which", index=number)
        page.focus("#text")
        page.keyboard.type("xyz")
        page.keyboard.press("Delete")
        page.keyboard.press("Enter")
        assert page.evaluate("document.getElementById('text').textContent") == f"{one.title}\n{one.text}"
        assert page.get_attribute("#text", "lang") == one.language


def test_keys_alone_suffice_to_mark_a_partner(browser):
    """The caret goes to the title's start; Shift and arrows select."""
    page, _ = browser
    page.focus("#text")
    page.keyboard.press("Control+Home")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("p")

    assert page.inner_text("#codes li .value") == "Sony"
    assert page.evaluate("document.activeElement.id") == "text"
    page.fill("[name=a0-partners]", "Nokia")
    page.press("[name=a0-partners]", "Enter")
    assert "does not stand in the text" in page.inner_text("#missing")


def test_what_is_marked_in_a_text_written_right_to_left_is_what_was_selected(browser):
    page, _ = browser
    page.select_option("#which", index=2)
    page.evaluate(SELECT, "شركة داو")
    page.click("[data-mark=partner]")
    right, edge = page.evaluate(
        """() => { const box = document.getElementById("text"), range = document.createRange();
        range.selectNode(box.querySelector(".title").firstChild);
        return [range.getBoundingClientRect().right, box.getBoundingClientRect().right]; }"""
    )

    assert page.inner_text("#codes li .value") == "شركة داو"
    assert edge - right < 30  # an Arabic line begins at the right


def test_a_broken_store_does_not_break_the_page(browser):
    page, _ = browser
    key = f"entente coding {coding_page.identity(DOCUMENTS)}"
    for bad in (
        "{",
        "[1]",
        '{"documents": [{"document": "wire/en.txt", "alliances": [{"partners": 7}, null]}], "at": "x"}',
    ):
        page.evaluate("([key, bad]) => localStorage.setItem(key, bad)", [key, bad])
        page.reload()
        assert page.inner_text("#progress") == "0 of 4 coded"
