"""Readers turn files into raw records, and whatever is broken into a refusal."""

import json

import pytest
from entente import readers
from entente.readers import How, Raw, Refused, decode, html, jsonl, markdown, reuters, text
from hypothesis import given
from hypothesis import strategies as st

STORY = """<REUTERS TOPICS="NO" LEWISSPLIT="TRAIN" OLDID="5545" NEWID="2">
<DATE>26-FEB-1987 15:02:20.00</DATE>
<UNKNOWN>&#5;&#5;reute d f BC-ACME-&lt;ACM>-TO   02-26 0082</UNKNOWN>
<TEXT>&#2;
<TITLE>ACME &lt;ACM> TO FORM
VENTURE</TITLE>
<DATELINE>    CLEVELAND, Feb 26 - </DATELINE><BODY>Acme Co and Beta
Inc said they plan to form a venture.
    Beta &amp; Sons is a subsidiary of Gamma Co
Plc &lt;GAM>.
   It is new.

 Reuter
&#3;</BODY></TEXT>
</REUTERS>
"""


def read(module, folder, content):
    """Return what a reader makes of a file with this content."""
    path = folder / "file"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(module.read(path))


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "iso2022_jp"])
def test_unicode_and_escapes_are_decoded_exactly(encoding):
    written = "ソニーとエリクソンは合弁会社を設立する。"

    assert decode(written.encode(encoding)) == written


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("cp1252", "Société Générale a créé une société commune à Évry, détenue à parité."),
        ("shift_jis", "ソニーとエリクソンは、携帯電話の合弁会社を設立することで合意した。"),
        ("koi8-r", "Газпром и Шелл создали совместное предприятие на Сахалине."),
        ("gb18030", "比亚迪股份有限公司与丰田汽车公司共同成立合资公司。"),
    ],
)
def test_older_encodings_are_detected(encoding, written):
    assert decode(written.encode(encoding)) == written


@given(st.binary(max_size=200))
def test_no_bytes_are_too_broken_to_decode(content):
    assert "\r" not in decode(content)


# Plain text


def test_a_short_first_line_before_an_empty_line_is_the_title(tmp_path):
    [record] = read(
        text, tmp_path, "\r\nSony och Ericsson\r\n \r\nSTOCKHOLM. De två\r\n\r\nbildar bolag.\r\n"
    )

    assert record == Raw(title="Sony och Ericsson", text="STOCKHOLM. De två\n\nbildar bolag.\n")


@pytest.mark.parametrize("content", ["One line.\nAnd another.", "x" * 300 + "\n\nrest", "Alone\n\n", ""])
def test_else_all_is_text(tmp_path, content):
    assert read(text, tmp_path, content) == [Raw(text=content)]


# Markdown


def test_markdown_is_read_as_a_reader_sees_it(tmp_path):
    [record] = read(
        markdown,
        tmp_path,
        "---\ntitle: Allies\ndate: 2001-04-24\nlang: en\n---\n<!-- draft -->\n"
        "## Why\n\nSony <SNE> & *Ericsson*\nagree:\n\n"
        "1. one\n2. two\n   - deep\n\n> quoted\n\n[link](http://x.y) ![logo](a.png)\n",
    )

    assert (record.title, record.date, record.language) == ("Allies", "2001-04-24", "en")
    assert record.text.strip() == (
        "Why\n\nSony <SNE> & Ericsson agree:\n\none\ntwo\ndeep\n\nquoted\n\nlink logo"
    )


def test_without_front_matter_the_heading_is_the_title(tmp_path):
    [record] = read(markdown, tmp_path, "# Allies\n\nThey agree.\n\n# More\n\nText.")

    assert (record.title, record.text) == ("Allies", "They agree.\n\nMore\n\nText.")


def test_a_table_keeps_its_cells(tmp_path):
    [record] = read(markdown, tmp_path, "| a | b |\n|---|---|\n| 50 % | Sony |\n")

    assert record.text.split() == ["a", "b", "50", "%", "Sony"]


@pytest.mark.parametrize("content", ["---\n: [broken\n---\nText", "---\njust a rule\n---\nText"])
def test_what_is_no_front_matter_is_text(tmp_path, content):
    [record] = read(markdown, tmp_path, content)

    assert "Text" in record.text
    assert record.date is None


# HTML


PAGE = """<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Nytt | Börsbladet</title>
<meta property="article:published_time" content="2001-04-24T08:00:00+02:00"></head>
<body><nav><a href="/">Hem</a> <a href="/a">Arkiv</a></nav><article><h1>Sony och Ericsson går ihop</h1>
<p>{}</p><p>Bolaget &lt;SE&gt; ägs till <b>lika</b> delar.</p></article>
<footer><p>Copyright Börsbladet. Alla rättigheter.</p></footer></body></html>"""


def test_the_main_text_of_a_page_is_read_and_its_menu_is_not(tmp_path):
    sentence = "Sony och Ericsson bildar ett gemensamt bolag för mobiltelefoner. "
    [record] = read(html, tmp_path, PAGE.format(sentence * 10))

    assert record.title == "Sony och Ericsson går ihop"
    assert (record.date, record.language) == ("2001-04-24T08:00:00+02:00", "sv")
    assert record.text.endswith("Bolaget <SE> ägs till lika delar.")
    assert not any(word in record.text for word in ("Hem", "Copyright", "går ihop"))


def test_a_page_without_main_text_gives_what_it_has(tmp_path):
    [record] = read(html, tmp_path, "<html><body><a href='x'>Sony and Ericsson</a></body></html>")

    assert record.text == "Sony and Ericsson"


def test_a_page_in_an_older_encoding_with_a_wrong_declaration_is_read(tmp_path):
    page = PAGE.format("Sony och Ericsson bildar ett gemensamt bolag för mobiltelefoner på Södermalm. " * 10)
    [record] = read(
        html, tmp_path, '<?xml version="1.0" encoding="utf-16"?>' + page.replace("utf-8", "latin1")
    )

    assert "för mobiltelefoner på Södermalm" in record.text


def test_entities_of_a_page_are_not_expanded(tmp_path):
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    page = (
        f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><html><body><p>&e11;</p><p>Sony agrees.</p></body></html>'
    )

    [record] = read(html, tmp_path, page)

    assert len(record.text) < 1000


def test_an_empty_page_is_refused(tmp_path):
    with pytest.raises(Refused, match="no_text"):
        read(html, tmp_path, "")


# JSON Lines


def test_a_line_needs_an_id_and_a_text(tmp_path):
    lines = [
        {"id": "a", "text": "Sony.", "title": None, "date": "2001", "further": 1},
        {"id": 7, "text": "", "language": "sv", "url": "http://x.y"},
    ]

    assert read(jsonl, tmp_path, "\ufeff" + "\n\n".join(map(json.dumps, lines))) == [
        Raw(id="a", text="Sony.", date="2001"),
        Raw(id="7", text="", language="sv", url="http://x.y"),
    ]


@pytest.mark.parametrize(
    ("content", "own", "reason", "says"),
    [
        (b'{"id": "a"', "line 3", "malformed", "not JSON: Expecting ',' delimiter"),
        (b"[1]", "line 3", "malformed", "found list; expected an object"),
        (b'{"text": "x"}', "line 3", "malformed", "no 'id'"),
        (b'{"id": "a", "text": null}', "a", "malformed", "line 3: 'text' is not a string"),
        (b'{"id": "a", "text": "x", "date": [2001]}', "a", "malformed", "line 3: 'date' is not a string"),
        (b'{"id": "a", "text": "\xff"}', "line 3", "unreadable", "byte 21 is not UTF-8"),
        (b"[" * 200_000, "line 3", "malformed", "not JSON"),
    ],
)
def test_a_broken_line_is_refused_and_the_others_go_on(tmp_path, content, own, reason, says):
    """Under its own id, or its number in the file, blank lines counted."""
    good = b'{"id": "g", "text": "Sony."}'

    first, broken, last = read(jsonl, tmp_path, good + b"\n\n" + content + b"\n" + good)

    assert first == last == Raw(id="g", text="Sony.")
    assert (broken.id, broken.reason) == (own, reason)
    assert says in broken.detail


# Reuters-21578


def test_a_story_is_unwrapped_into_paragraphs(tmp_path):
    assert read(reuters, tmp_path, STORY) == [
        Raw(
            id="2",
            title="ACME <ACM> TO FORM VENTURE",
            date="26-FEB-1987 15:02:20.00",
            text="Acme Co and Beta Inc said they plan to form a venture.\n"
            "Beta & Sons is a subsidiary of Gamma Co Plc <GAM>.\nIt is new.",
        )
    ]


def test_a_brief_story_is_its_headline(tmp_path):
    inside = "&#2;\n******<TITLE>ACME TO BUY BETA\n</TITLE>Blah blah blah.\n&#3;\n\n</TEXT>"
    story = STORY[: STORY.index("<TEXT>")] + f'<TEXT TYPE="BRIEF">{inside}</REUTERS>'

    [record] = read(reuters, tmp_path, story)

    assert record.title == record.text == "ACME TO BUY BETA"


def test_an_unprocessed_story_keeps_all_its_text(tmp_path):
    inside = (
        "&#2;\nACME &lt;ACM> RESIGNS\n    NEW YORK, April 1, Acme Corp\nsaid so.\n reuter\n&#3;\n\n</TEXT>"
    )
    story = STORY[: STORY.index("<TEXT>")] + f'<TEXT TYPE="UNPROC">{inside}</REUTERS>'

    [record] = read(reuters, tmp_path, story)

    assert (record.title, record.text) == ("ACME <ACM> RESIGNS", "NEW YORK, April 1, Acme Corp said so.")


def test_stories_that_are_cut_off_are_refused_and_the_others_go_on(tmp_path):
    cut = STORY[: STORY.index("Beta &amp;")]

    found = read(reuters, tmp_path, "<!DOCTYPE lewis>\n" + STORY + cut + "\n" + STORY + cut)

    assert [type(record) for record in found] == [Raw, Refused, Raw, Refused]
    assert found[1].reason == "malformed"


def test_entities_that_a_file_declares_are_not_expanded(tmp_path):
    bomb = '<!DOCTYPE lewis [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>\n' + STORY.replace(
        "&amp;", "&b; &#1114112;"
    )

    [record] = read(reuters, tmp_path, bomb)

    assert "Beta &b;" in record.text


def test_a_huge_line_of_marks_that_are_never_closed_is_no_trouble(tmp_path):
    """Each would take hours if every mark were searched for its end anew."""
    [refused] = read(reuters, tmp_path, '<REUTERS NEWID="1"><TEXT><TITLE>' * 160_000)
    [record] = read(markdown, tmp_path, "<!--" * 100_000)
    [page] = read(html, tmp_path, "<p>" + "word " * 1_000_000)

    assert refused.reason == "malformed"
    assert len(record.text) == 400_000
    assert len(page.text) == 4_999_999


# All readers


@pytest.mark.parametrize("module", [html, jsonl, markdown, reuters, text])
@given(content=st.binary(max_size=300))
def test_random_bytes_end_as_records_or_refusals(tmp_path_factory, module, content):
    path = tmp_path_factory.mktemp("bytes") / "file"
    path.write_bytes(content)
    try:
        found = list(module.read(path))
    except Refused as refused:
        found = [refused]

    assert all(isinstance(record, Raw | Refused) for record in found)


def test_a_file_without_a_reader_is_refused_with_what_would_do():
    with pytest.raises(Refused, match=r"no reader for the ending '\.odd'; expected \.txt"):
        readers.reader("a.odd")


def test_a_corpus_can_name_the_reader():
    assert readers.reader("a.odd", How("text")) is text.read
    assert readers.reader("A.MD") is markdown.read
    assert {"html", "jsonl", "markdown", "pdf", "reuters", "text"} <= set(readers.names())


def test_a_document_too_big_to_be_read_whole_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAXIMUM_BYTES", 10)

    with pytest.raises(Refused, match="too_large"):
        read(text, tmp_path, "eleven bytes")
