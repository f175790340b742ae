"""A sample goes out to a coder in three forms, and comes back as gold; the coder sees no prediction, and no text acts."""

import argparse
import datetime
import html.parser
import itertools
import json
import re
import shutil
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest
from entente import cli, coding, sample
from entente.errors import EntenteError
from entente.records import Document, Duplicate, Gold, Mention

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ATTACK = '</script><script>document.title="owned"</script><img src=x onerror="document.title=1"> <!--<script>'

TEXTS = {
    "wire/en.txt": (
        "Sony, Ericsson in venture",
        "Sony Corp and Ericsson 😀 formed Sony\nEricsson Ltd.\n\nEach owns 50 percent.",
        "en",
    ),
    "wire/ja.txt": ("合弁会社", "トヨタ自動車とマツダは合弁会社を設立した。両社は折半出資する。", "ja"),
    "wire/ar.txt": ("شراكة", "أعلنت شركة أرامكو وشركة داو عن مشروع مشترك باسم صدارة.", "ar"),
    "press/hostile.txt": (
        "=HYPERLINK(1)",
        f"=1+1 {ATTACK}\n+cmd|' /C calc'!A0 _x0041_ {{{{policy}}}} ${{x}}",
        "en",
    ),
}


def document(name, title, text, language):
    """Return a document."""
    return Document(
        id=name,
        corpus=name.partition("/")[0],
        source=name.partition("/")[2],
        sha256="",
        title=title,
        text=text,
        language=language,
        language_probability=0.9,
        date="2001-04-24",
        date_source="metadata",
        genre="contract",
        signature="",
    )


@pytest.fixture
def documents():
    """Return documents in several scripts, one of them hostile."""
    return [document(name, *values) for name, values in TEXTS.items()]


@pytest.fixture
def drawn(documents):
    """Return the sample that they are."""
    return [
        sample.Drawn(
            id=d.id,
            document=d.id,
            corpus=d.corpus,
            language=d.language,
            period="2000-2004",
            band="high",
            stratum="high, en, wire, 2000-2004",
            inclusion_probability=0.0625,
            document_probability=0.0625,
        )
        for d in documents
    ]


SONY = {
    "alliance": "sony-ericsson",
    "partners": ["Sony Corp", "Ericsson"],
    "venture_name": "Sony\nEricsson",
    "form": "joint_venture",
    "equity_status": "equity",
    "functions": ["rnd", "marketing"],
    "value_chain": "horizontal",
    "stakes": [{"holder": "Sony Corp", "target": "venture", "percent": 50.0}],
    "status": "signed",
    "date": "2001-04",
    "term_years": 5.0,
    "evidence": ["Sony Corp and Ericsson 😀 formed Sony\nEricsson Ltd.", "Each owns 50 percent."],
}
MAZDA = SONY | {
    "alliance": None,
    "partners": ["トヨタ自動車", "マツダ"],
    "venture_name": None,
    "functions": [],
    "stakes": [],
    "date": None,
    "term_years": None,
    "evidence": ["トヨタ自動車とマツダは合弁会社を設立した。"],
}
DOW = MAZDA | {
    "partners": ["شركة أرامكو", "شركة داو"],
    "venture_name": "صدارة",
    "evidence": [TEXTS["wire/ar.txt"][1]],
}
SECOND = MAZDA | {"form": "contractual", "equity_status": "contractual", "evidence": ["両社は折半出資する。"]}
CODED = {
    "wire/en.txt": [SONY],
    "wire/ja.txt": [MAZDA, SECOND],
    "wire/ar.txt": [DOW],
    "press/hostile.txt": [],
}


def simple(coded):
    """Return what was read, {document: alliances}, after a look at what all records share."""
    assert all(one.inclusion_probability == 0.0625 and one.coder == "Ada" for one in coded)
    assert {one.id: (one.non_alliance, one.genre) for one in coded if not one.alliances} == {
        "hostile.txt": ("arms_length", None)
    }
    return {f"{one.corpus}/{one.id}": [a.model_dump() for a in one.alliances] for one in coded}


# ---- the workbook ----------------------------------------------------------------------------------


def filled(folder, documents, coder="Ada", change=None):
    """Write the sheets and fill in the workbook as CODED says; *change* is called with it before it is saved."""
    coding.sheet(documents, folder)
    path = folder / "coding.xlsx"
    book = openpyxl.load_workbook(path)
    book["start"]["B1"] = coder
    columns = {cell.value: cell.column for cell in book["documents"][1]}
    places = {cell.value: cell.column for cell in book["alliances"][1]}
    at = 2
    for row in range(2, book["documents"].max_row + 1):
        alliances = CODED[book["documents"].cell(row, columns["document"]).value]
        book["documents"].cell(row, columns["reports"]).value = "alliance" if alliances else "none"
        book["documents"].cell(row, columns["non_alliance"]).value = None if alliances else "arms_length"
        for alliance in alliances:
            cells = {
                "number": book["documents"].cell(row, columns["number"]).value,
                "partners": "\n".join(alliance["partners"]),
                "evidence": "\n".join(quote.replace("\n", " ") for quote in alliance["evidence"]),
                "stakes": "\n".join(f"{s['holder']}; {s['percent']:g} %" for s in alliance["stakes"]),
                "venture_name": (alliance["venture_name"] or "").replace("\n", " ") or None,
                **{
                    name: alliance[name]
                    for name in ("form", "value_chain", "status", "date", "term_years", "alliance")
                },
                **dict.fromkeys(alliance["functions"], "x"),
            }
            for name, value in cells.items():
                book["alliances"].cell(at, places[name]).value = value
            at += 1
    if change:
        change(book, columns, places)
    book.save(path)
    return path


def test_a_filled_workbook_comes_back_as_gold(tmp_path, documents, drawn):
    path = filled(tmp_path, documents)

    assert simple(coding.read(path, drawn)) == CODED


def test_what_is_read_is_gold_with_its_probability(tmp_path, documents, drawn):
    """A file of it is a corpus's gold.jsonl; the sample is looked for beside the coded file."""
    cli.write(tmp_path / "sample.jsonl", drawn)
    cli.write(tmp_path / "gold.jsonl", coding.read(filled(tmp_path, documents)))
    lines = [json.loads(line) for line in (tmp_path / "gold.jsonl").read_text(encoding="utf-8").splitlines()]

    assert [gold.id for gold in cli.read(tmp_path / "gold.jsonl", Gold)] == [line["id"] for line in lines]
    assert {line["inclusion_probability"] for line in lines} == {0.0625}


def test_no_text_in_the_workbook_is_a_formula(tmp_path, documents):
    coding.sheet(documents, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "coding.xlsx")
    cells = [cell for worksheet in book for row in worksheet for cell in row if isinstance(cell.value, str)]

    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if cell.value.startswith(("=", "+", "-", "@")))
    assert TEXTS["press/hostile.txt"][0] in [cell.value for cell in cells]


def test_the_lists_of_the_workbook_are_the_codebooks(tmp_path, documents):
    coding.sheet(documents, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "coding.xlsx")
    columns = [cell.value for cell in book["alliances"][1]]
    rules = {str(rule.sqref): rule.formula1 for rule in book["alliances"].data_validations.dataValidation}
    letter = openpyxl.utils.get_column_letter(columns.index("form") + 1)
    first, last = re.findall(r"\d+", rules[f"{letter}2:{letter}41"])
    listed = [book["codes"].cell(row, 2).value for row in range(int(first), int(last) + 1)]

    assert listed == ["joint_venture", "minority_equity", "contractual", "unspecified"]


def test_a_text_longer_than_a_cell_comes_back_whole(tmp_path, drawn):
    """A cell holds 32,767 characters; a title may be long too."""
    long = document("wire/en.txt", "t" * 400, "Sony Corp " + "語 " * 40_000 + "and Ericsson\n\n\nend", "en")
    coding.sheet([long], tmp_path)
    (row,) = coding.opened(tmp_path / "coding.xlsx")

    assert (row.title, row.text) == (long.title, long.text)
    with zipfile.ZipFile(tmp_path / "coding.xlsx") as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}


def test_sheets_are_the_same_bytes_each_time(tmp_path, documents):
    for name in ("a", "b"):
        coding.sheet(documents, tmp_path / name)
    names = ["coding.html", "coding.xlsx", "label-studio.json", "label-studio.xml"]

    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == names
    assert all((tmp_path / "a" / n).read_bytes() == (tmp_path / "b" / n).read_bytes() for n in names)


@pytest.mark.parametrize(
    ("sheet", "column", "value", "said"),
    [
        ("alliances", "form", "jv", r"alliances row 2: form is 'jv'; choose one of joint_venture, minority"),
        (
            "alliances",
            "partners",
            "Nokia",
            r"alliances row 2: partners: 'Nokia' does not stand in the text; copy it",
        ),
        ("alliances", "partners", None, r"alliances row 2: no partners; give one at least"),
        ("alliances", "evidence", None, r"alliances row 2: no evidence; give one at least"),
        (
            "alliances",
            "date",
            "April 2001",
            r"alliances row 2: date is 'April 2001'; write 2001-04-24, 2001-04 or 2001",
        ),
        (
            "alliances",
            "term_years",
            "long",
            r"alliances row 2: term_years is 'long'; write a number of years",
        ),
        (
            "alliances",
            "stakes",
            "Nokia; 50",
            r"alliances row 2: stake 'Nokia; 50'; write a partner, percent over 0",
        ),
        ("alliances", "stakes", "half", r"alliances row 2: stake 'half'; write a partner"),
        (
            "alliances",
            "stakes",
            "Sony Corp; 150",
            r"stake 'Sony Corp; 150'; write a partner, percent over 0 to 100",
        ),
        (
            "alliances",
            "number",
            9,
            r"alliances row 2: no document has the number '9'; give the one in the sheet",
        ),
        ("alliances", "rnd", "?", r"alliances row 2: functions is '\?'; choose one of rnd, production"),
        ("documents", "reports", None, r"documents row 2: not coded; choose whether it reports an alliance"),
        ("documents", "reports", "maybe", r"documents row 2: reports is 'maybe'; write alliance or none"),
        ("documents", "reports", "none", r"documents row 2: it reports none, and 1 are coded; remove them"),
        ("documents", "genre", "news", r"documents row 2: genre is 'news'; choose one of announcement"),
        (
            "documents",
            "non_alliance",
            "other",
            r"documents row 2: non_alliance is 'other' of a document with an alliance",
        ),
        (
            "documents",
            "document",
            "wire/9.txt",
            r"documents row 2: 'wire/9.txt' is not in the sample; give the sample",
        ),
    ],
)
def test_each_fault_is_told_with_its_place_and_remedy(tmp_path, documents, drawn, sheet, column, value, said):
    def spoil(book, columns, places):
        book[sheet].cell(2, (columns if sheet == "documents" else places)[column]).value = value

    with pytest.raises(EntenteError, match=said):
        coding.read(filled(tmp_path, documents, change=spoil), drawn)


def test_all_faults_are_told_at_once(tmp_path, documents, drawn):
    def spoil(book, columns, places):
        book["alliances"].cell(2, places["form"]).value = "jv"
        book["alliances"].cell(3, places["status"]).value = None
        book["documents"].cell(5, columns["non_alliance"]).value = None

    with pytest.raises(EntenteError) as fault:
        coding.read(filled(tmp_path, documents, change=spoil), drawn)

    assert str(fault.value).count("\n") == 2


def test_a_date_that_the_spreadsheet_changed_is_not_guessed(tmp_path, documents, drawn):
    """2001-04 typed into a cell of dates becomes the first of April."""

    def spoil(book, _, places):
        book["alliances"].cell(2, places["date"]).value = datetime.datetime(2001, 4, 1)

    with pytest.raises(EntenteError, match="date is '2001-04-01 as a date, not as text'; write 2001-04-24"):
        coding.read(filled(tmp_path, documents, change=spoil), drawn)


def test_a_nameless_coder_is_asked_for(tmp_path, documents, drawn):
    path = filled(tmp_path, documents, coder=None)

    with pytest.raises(
        EntenteError, match="no coder's name; write it where the sheet asks for it, or give --coder"
    ):
        coding.read(path, drawn)
    assert {one.coder for one in coding.read(path, drawn, coder="Ben")} == {"Ben"}


def test_a_part_is_taken_only_if_it_is_said_to_be_one(tmp_path, documents, drawn):
    def empty(book, columns, _):
        book["documents"].cell(5, columns["reports"]).value = None
        book["documents"].cell(5, columns["non_alliance"]).value = None

    path = filled(tmp_path, documents, change=empty)

    with pytest.raises(EntenteError, match=r"documents row 5: not coded"):
        coding.read(path, drawn)
    assert len(coding.read(path, drawn, partial=True)) == 3


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"a,b"])
def test_what_is_no_workbook_is_told(tmp_path, drawn, content):
    (tmp_path / "coding.xlsx").write_bytes(content)

    with pytest.raises(EntenteError, match=r"coding.xlsx: .*(?:not an XLSX workbook|save it as)"):
        coding.read(tmp_path / "coding.xlsx", drawn)


def test_another_workbook_is_told(tmp_path, drawn):
    openpyxl.Workbook().save(tmp_path / "coding.xlsx")

    with pytest.raises(
        EntenteError, match=r"no sheet 'start'; give the workbook that `entente sample` wrote"
    ):
        coding.read(tmp_path / "coding.xlsx", drawn)


# ---- Label Studio ----------------------------------------------------------------------------------


def exported(documents, units=len):
    """Return Label Studio's export of CODED; *units* counts the units of offsets in a text."""
    done = []
    for task in coding.tasks(documents):
        text, result = task["data"]["text"], []
        alliances = CODED[task["data"]["document"]]

        def choose(name, values, key, kind="choices", result=result, **place):
            result.append(
                {"id": key, "from_name": name, "to_name": "text", "type": kind, "value": place | values}
            )

        choose("reports", {"choices": ["alliance" if alliances else "none"]}, "r")
        if not alliances:
            choose("non_alliance", {"choices": ["arms_length"]}, "n")
        for number, alliance in enumerate(alliances, 1):
            marks = [("Partner", name) for name in alliance["partners"]]
            marks += [("Venture", alliance["venture_name"])] if alliance["venture_name"] else []
            marks += [("Evidence", quote) for quote in alliance["evidence"]]
            for at, (label, quote) in enumerate(marks):
                start = text.index(quote)
                place = {
                    "start": units(text[:start]),
                    "end": units(text[: start + len(quote)]),
                    "text": quote.replace("\n", "\\n"),
                }
                key = f"{number}-{at}"
                choose("mark", {"labels": [label]}, key, "labels", **place)
                choose("number", {"number": number}, key, "number", **place)
                if (label, quote) == ("Evidence", alliance["evidence"][0]):
                    for name in coding.CHOICES:
                        choose(name, {"choices": [alliance[name]]}, key, **place)
                    choose("functions", {"choices": alliance["functions"]}, key, **place)
                    texts = {
                        "stakes": [f"{s['holder']}; {s['percent']}" for s in alliance["stakes"]],
                        **{n: [str(alliance[n])] for n in ("date", "term_years", "alliance") if alliance[n]},
                    }
                    for name, values in texts.items():
                        choose(name, {"text": values}, key, "textarea", **place)
        done.append(
            task
            | {"id": len(done) + 1, "annotations": [{"completed_by": {"email": "Ada"}, "result": result}]}
        )
    return done


def test_label_studios_export_comes_back_as_gold(tmp_path, documents, drawn):
    """Offsets count UTF-16 units there; a line's end inside a mark is written as two characters."""
    path = tmp_path / "export.json"
    path.write_text(
        json.dumps(exported(documents, lambda text: len(text.encode("utf-16-le")) // 2)), encoding="utf-8"
    )

    found = simple(coding.read(path, drawn))
    assert found["wire/en.txt"][0].pop("partners") == ["Ericsson", "Sony Corp"]  # as they stand in the title
    assert found == CODED | {"wire/en.txt": [{key: SONY[key] for key in SONY if key != "partners"}]}


def test_label_studio_gets_no_prediction(documents):
    tasks = coding.tasks(documents)

    assert [set(task) for task in tasks] == [{"data"}] * len(documents)
    assert all(set(task["data"]) == {"document", "date", "title", "text"} for task in tasks)


def test_label_studios_interface_names_what_is_read():
    view = ElementTree.fromstring(coding.labelling())
    names = {node.get("name"): node.tag for node in view if node.get("toName") == "text"}

    assert names["mark"] == "Labels"
    assert {
        *coding.CHOICES,
        "functions",
        "stakes",
        "date",
        "term_years",
        "alliance",
        "number",
        "reports",
    } < set(names)
    assert [c.get("value") for c in view.find("Choices[@name='form']")] == list(coding.codes("form"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[" * 100_000,
        b"{}",
        b"[1]",
        b'[{"data": {}}]',
        b'{"format": "entente coding 1", "coder": 1, "documents": [3]}',
        b'{"format": "entente coding 1", "coder": "A", "documents": [{"document": [], "reports": "", "alliances": []}]}',
        b'{"format": "other"}',
        b"\xff\xfe\x00",
    ],
)
def test_another_json_file_is_told(tmp_path, drawn, content):
    (tmp_path / "x.json").write_bytes(content)

    with pytest.raises(EntenteError, match=r"x.json: "):
        coding.read(tmp_path / "x.json", drawn)


def test_two_codes_where_one_belongs_are_told(tmp_path, documents, drawn):
    given = exported(documents)
    first = given[0]["annotations"][0]["result"]
    first.append(
        next(item for item in first if item["from_name"] == "form") | {"value": {"choices": ["contractual"]}}
    )
    (tmp_path / "x.json").write_text(json.dumps(given), encoding="utf-8")

    with pytest.raises(
        EntenteError, match="task 1, alliance 1: form is 'joint_venture / contractual'; choose one"
    ):
        coding.read(tmp_path / "x.json", drawn)


# ---- the page --------------------------------------------------------------------------------------


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


def test_the_page_asks_for_nothing_and_lets_no_data_run(documents):
    page = coding.page(documents)
    parsed = Tags(page)
    policy = next(a["content"] for t, a in parsed.tags if a.get("http-equiv") == "Content-Security-Policy")

    assert len(parsed.scripts) == 2
    assert json.loads(parsed.scripts[0])["documents"][3]["text"] == TEXTS["press/hostile.txt"][1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert coding.digest(parsed.scripts[1]) in policy
    assert "unsafe" not in policy
    assert not [
        a for _, a in parsed.tags if {"src", "style", "action"} & set(a) or any(n.startswith("on") for n in a)
    ]
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|fetch\(|XMLHttp|https?:", page
    )


def test_the_page_shows_no_prediction(documents):
    """Neither the genre, nor the probability or stratum, nor how sure the language is."""
    given = json.loads(Tags(coding.page(documents)).scripts[0])

    assert {key for one in given["documents"] for key in one} == {
        "document",
        "title",
        "date",
        "language",
        "text",
    }


@pytest.fixture(scope="module")
def chromium():
    """Return a browser."""
    if not CHROMIUM:
        pytest.skip("chromium is not installed")
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with driver.sync_playwright() as running:
        launched = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def browser(chromium):
    """Return a page of its own, and the list of what it asked for; at the end, nothing may have gone wrong in it."""
    page, asked, faults = chromium.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
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
        for name in coding.CHOICES:
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


def test_a_document_coded_in_a_browser_comes_back_as_gold(tmp_path, documents, drawn, browser):
    """Also after the page was closed and opened in between; nothing is asked of any other place."""
    page, asked = browser
    coding.sheet(documents, tmp_path)
    address = (tmp_path / "coding.html").as_uri()
    page.goto(address)
    page.fill("#coder", "Ada")
    for number, one in enumerate(documents):
        if number == 2:
            page.reload()
        code(page, CODED[one.id])
        assert page.inner_text("#missing") == "This document is coded."
        page.click("#next") if number < 3 else None

    assert page.inner_text("#progress") == "4 of 4 coded"
    assert simple(coding.read(save(page, tmp_path / "ada.json"), drawn)) == CODED
    assert {url for url in asked if not url.startswith("blob:")} == {address}
    assert page.title() == "Coding alliances"
    page.evaluate("localStorage.clear()")
    page.reload()
    assert page.inner_text("#progress") == "0 of 4 coded"
    page.set_input_files("#open", tmp_path / "ada.json")
    page.wait_for_function("document.getElementById('progress').textContent === '4 of 4 coded'")


def test_the_text_cannot_be_changed_and_shows_as_it_is(tmp_path, documents, browser):
    page, _ = browser
    coding.sheet(documents, tmp_path)
    page.goto((tmp_path / "coding.html").as_uri())
    for number, one in enumerate(documents):
        page.select_option("#which", index=number)
        page.focus("#text")
        page.keyboard.type("xyz")
        page.keyboard.press("Delete")
        page.keyboard.press("Enter")
        assert page.evaluate("document.getElementById('text').textContent") == f"{one.title}\n{one.text}"
        assert page.get_attribute("#text", "lang") == one.language


def test_keys_alone_suffice_to_mark_a_partner(tmp_path, documents, browser):
    """The caret goes to the title's start; Shift and arrows select."""
    page, _ = browser
    coding.sheet(documents, tmp_path)
    page.goto((tmp_path / "coding.html").as_uri())
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


def test_what_is_marked_in_a_text_written_right_to_left_is_what_was_selected(tmp_path, documents, browser):
    page, _ = browser
    coding.sheet(documents, tmp_path)
    page.goto((tmp_path / "coding.html").as_uri())
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


def test_a_broken_store_does_not_break_the_page(tmp_path, documents, browser):
    page, _ = browser
    coding.sheet(documents, tmp_path)
    page.goto((tmp_path / "coding.html").as_uri())
    key = f"entente coding {coding.identity(documents)}"
    for bad in (
        "{",
        "[1]",
        '{"documents": [{"document": "wire/en.txt", "alliances": [{"partners": 7}, null]}], "at": "x"}',
    ):
        page.evaluate("([key, bad]) => localStorage.setItem(key, bad)", [key, bad])
        page.reload()
        assert page.inner_text("#progress") == "0 of 4 coded"


# ---- the commands ----------------------------------------------------------------------------------


def run(*arguments):
    """Run a command as `entente` would."""
    parser = argparse.ArgumentParser()
    coding.add(parser.add_subparsers())
    options = vars(parser.parse_args(list(map(str, arguments))))
    return options.pop("run")(**options)


@pytest.fixture
def interim(tmp_path):
    """Return the folder of records of 40 documents, half of which have a mention of a joint venture."""
    documents = [
        document(f"wire/{k}.txt", "News", f"Sony Corp and Bell {k} act together.", "en") for k in range(40)
    ]
    mentions = [
        Mention(
            id=f"wire/{k}.txt@1",
            document=f"wire/{k}.txt",
            partners=[{"name": "Sony Corp", "start": 0, "end": 9}],
            venture_name=None,
            form="joint_venture",
            equity_status="equity",
            functions=[],
            value_chain="unclear",
            stakes=[],
            status="signed",
            date=None,
            term_years=None,
            evidence=[],
            confidence=0.6,
            language="en",
        )
        for k in range(20)
    ]
    cli.write(tmp_path / "interim" / "wire" / "0" / "documents.jsonl", documents)
    cli.write(tmp_path / "interim" / "wire" / "0" / "mentions.jsonl", mentions)
    cli.write(
        tmp_path / "interim" / "duplicates.jsonl",
        [Duplicate(document="wire/3.txt", duplicate_of="wire/2.txt", similarity=1.0)],
    )
    return tmp_path / "interim"


def coded_by(coder, folder, path, form="contractual"):
    """Write the page's file of a coder who codes each document of the sample in *folder*, all alike."""
    given = json.loads(Tags((folder / "coding.html").read_text(encoding="utf-8")).scripts[0])
    rows = [
        {
            "document": d["document"],
            "title": d["title"],
            "text": d["text"],
            "reports": "alliance" if int(re.findall(r"\d+", d["document"])[0]) % 3 else "none",
            "non_alliance": "other",
            "genre": "",
            "note": "",
            "alliances": [
                {
                    "alliance": "",
                    "partners": ["Sony Corp"],
                    "venture_name": "",
                    "form": form if int(re.findall(r"\d+", d["document"])[0]) % 2 else "joint_venture",
                    "functions": [],
                    "value_chain": "unclear",
                    "stakes": [],
                    "status": "signed",
                    "date": "",
                    "term_years": "",
                    "evidence": [d["text"]],
                }
            ],
        }
        for d in given["documents"]
    ]
    path.write_text(
        json.dumps({"format": coding.FORMAT, "sample": given["sample"], "coder": coder, "documents": rows}),
        encoding="utf-8",
    )
    return path


def test_a_sample_is_drawn_coded_twice_and_made_gold(tmp_path, interim, capsys):
    folder = tmp_path / "sample"
    where = ("--interim", interim, "--corpora", tmp_path / "corpus" / "wire")
    run("sample", "--n", 12, "--output", folder, *where)
    ada = coded_by("Ada", folder, folder / "ada.json")
    ben = coded_by("Ben", folder, folder / "ben.json", form="minority_equity")
    run("code", "import", ada, ben, "--output", tmp_path / "corpus")
    told = capsys.readouterr().out
    gold, second = (
        [
            json.loads(line)
            for line in (tmp_path / "corpus/wire" / name).read_text(encoding="utf-8").splitlines()
        ]
        for name in ("gold.jsonl", "second.jsonl")
    )
    drawn = {one.document: one for one in cli.read(folder / "sample.jsonl", sample.Drawn)}

    assert "12 documents to code, in 2 strata" in told
    assert "form: " in told
    assert "alpha" in told
    assert {one["coder"] for one in gold} == {"Ada"}
    assert {one["coder"] for one in second} == {"Ben"}
    assert {f"wire/{one['id']}": one["inclusion_probability"] for one in gold} == {
        key: one.inclusion_probability for key, one in drawn.items()
    }
    with pytest.raises(
        EntenteError, match=r"gold.jsonl: is there already; give another --output, or --replace"
    ):
        run("code", "import", ada, "--output", tmp_path / "corpus")
    with pytest.raises(EntenteError, match=r"it holds a sample, perhaps with codes; give another folder"):
        run("sample", "--n", 12, "--output", folder, *where)
    with pytest.raises(
        EntenteError, match=r"coded by Ada and again by Ada; import one coding each of two coders"
    ):
        run("code", "import", ada, ada, "--output", tmp_path / "again")


def test_a_sample_is_extended_where_that_narrows_the_interval(tmp_path, interim, capsys):
    """The new sheet has the new documents only; the new sample has all, and what was coded counts on."""
    first, second = tmp_path / "first", tmp_path / "second"
    where = ("--interim", interim, "--corpora", tmp_path / "corpus" / "wire")
    run("sample", "--n", 12, "--output", first, *where)
    ada = coded_by("Ada", first, first / "ada.json")
    run("sample", "--more", 6, "--after", first, "--coded", ada, "--output", second, *where)
    more = coded_by("Ada", second, second / "ada.json")
    with pytest.raises(EntenteError, match=r"12 documents of the sample are not in it, such as"):
        run("code", "import", more, "--output", tmp_path / "none")
    run("code", "import", ada, more, "--sample", second / "sample.jsonl", "--output", tmp_path / "gold")
    told = capsys.readouterr().out
    gold = [
        json.loads(line)
        for line in (tmp_path / "gold/wire/gold.jsonl").read_text(encoding="utf-8").splitlines()
    ]

    assert re.search(r"half-width of the interval: now 0\.\d+, then 0\.\d+ expected", told)
    assert len(gold) == 18
    # Horvitz and Thompson's estimate of the number of documents is right in every stratified sample
    assert sum(1 / one["inclusion_probability"] for one in gold) == pytest.approx(39)


def test_the_order_of_the_sheet_says_nothing_of_the_strata(tmp_path, interim):
    """Documents with a mention, ids 0 to 19, do not stand together."""
    design, drawn = sample.draw(interim, [tmp_path / "wire"], 38)
    order = [int(re.findall(r"\d+", d.id)[0]) < 20 for d in coding.texts(interim, [tmp_path / "wire"], drawn)]
    runs = 1 + sum(a != b for a, b in itertools.pairwise(order))

    assert len(design.strata) == 2
    assert 10 < runs < 28  # 20 on average if the order is random, standard deviation 3
