"""A dump of a wiki gives each page as a reader of the wiki sees it, without what stands on other pages."""

from html import escape

import pytest
from entente import readers
from entente.readers import How, Raw, Refused, _xml, mediawiki
from entente.text import normalise
from hypothesis import given
from hypothesis import strategies as st

DUMP = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://www.mediawiki.org/xml/export-0.11/ http://www.mediawiki.org/xml/export-0.11.xsd" version="0.11"
 xml:lang="{language}">
  <siteinfo>
    <sitename>{site}</sitename>
    <dbname>{database}</dbname>
    <base>https://{language}.example.org/wiki/Main_Page</base>
    <generator>MediaWiki 1.43.0</generator>
    <case>first-letter</case>
    <namespaces>
      <namespace key="0" case="first-letter" />
      <namespace key="1" case="first-letter">Diskussion</namespace>
      <namespace key="6" case="first-letter">Datei</namespace>
      <namespace key="14" case="first-letter">Kategorie</namespace>
    </namespaces>
  </siteinfo>
{pages}</mediawiki>
"""
PAGE = """  <page>
    <title>{title}</title>
    <ns>{space}</ns>
    <id>{number}</id>
{redirect}    <revision>
      <id>4711</id>
      <timestamp>2024-06-13T12:00:00Z</timestamp>
      <contributor><username>Anna</username><id>7</id></contributor>
      <comment>news</comment>
      <model>{model}</model>
      <format>text/x-wiki</format>
      <text bytes="{size}" sha1="x" xml:space="preserve">{text}</text>
      <sha1>x</sha1>
    </revision>
  </page>
"""
NEWS = """{{date|April 24, 2001}}
{{Economy and business}}
[[File:Sony logo.svg|thumb|right|The [[Sony]] logo ''(image by Foo)''.{{image source|Foo}}]]
'''Tokyo''' &mdash; {{w|Sony}} and {{w|Telefonaktiebolaget LM Ericsson|Ericsson}} said they
would form a joint venture, "[[w:Sony Ericsson|Sony Ericsson]]".<ref name="a">{{cite|x=[http://a.b c]}}</ref><ref name="a" />

The [https://www.sony.com/ Sony site] says so.[http://a.example/] <!-- to
do --> It is <u>new</u>: R&D, AT&amp;T and <nowiki>'''<SNE>''' [[x]]</nowiki>.
{| class="wikitable"
|-
! Share !! Partner
|-
| {{foo|bar|}} || {{w|Sony}}
|}
== Terms ==
* item '''one'''<br />more
: indented
----
{{haveyoursay}}
== Sources ==
{{source|url=http://x|title=y
 |author=z}}
=== External links ===
{{publish}}
[[Category:Sony]]
[[ja:ソニー]]"""


def page(text, title="Sony and Ericsson", number=12, space=0, redirect="", model="wikitext"):
    """Return a page of a dump."""
    fields = {"title": escape(title), "text": escape(text), "size": len(text.encode())}
    return PAGE.format(number=number, space=space, redirect=redirect, model=model, **fields)


def dump(*pages, language="en", database="enwikinews", site="Wikinews"):
    """Return a dump of a wiki."""
    return DUMP.format(language=language, database=database, site=site, pages="".join(pages))


def read(folder, content):
    """Return what the reader makes of a dump, refusals included."""
    path = folder / "pages-articles.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(readers.records(readers.reader(path, How(name="mediawiki")), path))


def test_a_page_of_wikinews_is_read_as_it_is_seen(tmp_path):
    assert read(tmp_path, dump(page(NEWS))) == [
        Raw(
            id="12",
            title="Sony and Ericsson",
            date="April 24, 2001",
            language="en",
            text='Tokyo — Sony and Ericsson said they would form a joint venture, "Sony Ericsson".\n'
            "The Sony site says so.  It is new: R&D, AT&T and '''<SNE>''' [[x]].\n"
            "Terms\nitem one\nmore\nindented",
        )
    ]


def test_only_wikinews_states_the_date_of_a_page_in_a_template(tmp_path):
    """In Wikipedia it is some date in the text; when a page was saved is the date of no text."""
    text = "{{date|24|avril|2001}} Sony."

    [news] = read(tmp_path, dump(page(text), language="fr", database="frwikinews"))
    [entry] = read(tmp_path, dump(page(text), language="fr", database="frwiki", site="Wikipédia"))

    assert (news.date, entry.date) == ("24 avril 2001", None)


@pytest.mark.parametrize(
    ("template", "date"),
    [
        ("{{Date|June 13, 2024}}", "June 13, 2024"),
        ("{{fecha|24 de abril de 2001}}", "24 de abril de 2001"),
        ("{{data|24 aprile 2001}}", "24 aprile 2001"),
        ("{{日付|2001年4月24日}}", "2001年4月24日"),
        ("{{date|1=April 24, 2001}}", "April 24, 2001"),
        ("{{dated|April 24, 2001}}", None),
        ("{{date}}", None),
        ("{{date|{{today}}}}", None),
    ],
)
def test_the_date_is_read_as_it_is_written(template, date):
    assert mediawiki.date(f"x {template} y") == date


def test_pages_of_other_namespaces_and_redirects_are_left_out(tmp_path):
    pages = [
        page("Talk.", title="Diskussion:Sony", space=1),
        page("#WEITERLEITUNG [[Sony]]", number=2),
        page("Sony.", number=3, redirect='    <redirect title="Sony" />\n'),
        page("# [[Sony]]\n# two", number=4),
    ]

    assert [(record.id, record.text) for record in read(tmp_path, dump(*pages))] == [("4", "Sony\ntwo")]


@pytest.mark.parametrize(
    ("wikitext", "text"),
    [
        ("[[Sony]]s ''[[Sony Group|Gruppe]]''", "Sonys Gruppe"),
        ("[[Datei:A.jpg|mini|Ein [[Bild]] [http://x y]]]Text[[Kategorie:X]]", "Text"),
        ("[[Bild:A.jpg|mini|alt]]Text", "Text"),
        ("[[:Kategorie:Firmen]], [[:Datei:A.jpg|ein Bild]]", "Kategorie:Firmen, ein Bild"),
        ("[[ja:ソニー]]Text [[zh-min-nan:Sony]]", "Text"),
        ("[[#Sitz|Sitz]]", "Sitz"),
        ("{{Infobox|name={{lang|ja|ソニー}}|x={{{1|}}}}}Text", "Text"),
        ("{{lang|ja|ソニー株式会社}} ({{nowrap|50 %}})", "ソニー株式会社 (50 %)"),
        ("l'''alliance'' de '''Renault''' et l'<nowiki/>''Oréal''", "l'alliance de Renault et l'Oréal"),
        ("a ==\n= b\n==c==\nd", "a == = b\nc\nd"),
        ("A\nB\n\nC<br>D", "A B\nC\nD"),
        ("سوني و'''إريكسون'''\n* [[شركة]]", "سوني وإريكسون\nشركة"),
        ("ソニー<ref>出典</ref>と<ref name=a/>エリクソン<REF>x</REF>", "ソニーとエリクソン"),
        ("<gallery>\nA.jpg|Sony\n</gallery><math>x^2</math><table><tr><td>x</table> y", "y"),
        ("a <IBM> b, 3 < 4 > 2", "a <IBM> b, 3 < 4 > 2"),
        ("{| \n| a\n{| \n| b\n|}\n|}\nText", "Text"),
        ("__NOTOC__Text__INIT", "Text__INIT"),
        ("{{unclosed [[Sony]] and | more", "{{unclosed Sony and | more"),
        ("[[unclosed {{x}} ]] closed }} too |} end", "unclosed closed }} too |} end"),
        ("<ref>unclosed", "unclosed"),
        ("<!-- unclosed", "<!-- unclosed"),
        ("&nbsp;&lt;ref&gt; &#8217; &bogus;", "<ref> ’ &bogus;"),
    ],
)
def test_wikitext_becomes_what_it_shows(wikitext, text):
    """What is broken stays as it is written."""
    away = {*mediawiki.AWAY, "datei", "kategorie"}

    assert normalise(mediawiki.plain(wikitext, away)) == text


def test_pages_that_are_no_wikitext_or_empty_are_refused_and_the_others_go_on(tmp_path):
    pages = [page('{"a": 1}', number=1, model="json"), page(" ", number=2), page("Sony.", number=3)]

    found = read(tmp_path, dump(*pages))

    assert [(record.id, getattr(record, "reason", None)) for record in found] == [
        ("1", "unsupported"),
        ("2", "no_text"),
        ("3", None),
    ]


def test_an_older_dump_is_read(tmp_path):
    """Without model and namespace in another version of the format; of several revisions the last one."""
    older = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.3/" version="0.3" xml:lang="zh">
    <page><title>索尼</title>
    <id>5</id><revision><id>1</id><text>旧</text></revision><revision><id>2</id><text>合资公司。</text></revision></page></mediawiki>"""

    assert read(tmp_path, older) == [Raw(id="5", title="索尼", text="合资公司。", language="zh")]


# Hostile files


ENTITIES = "<!DOCTYPE mediawiki [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>"


@pytest.mark.parametrize(
    ("content", "reason", "says"),
    [
        (ENTITIES + dump(page("&b;")), "malformed", "declares entities"),
        ("<nitf/>", "unsupported", "root is <nitf>; expected <mediawiki>"),
        ("BZh91AY&SY", "malformed", "not XML"),
        ("", "malformed", "not XML"),
        (dump(), "no_text", "no record"),
        (dump(page("<deep>" * 2)).replace("&lt;deep&gt;", "<deep>" * 999), "malformed", "depth"),
        (dump(page("x" * 11_000_000)), "malformed", "too large"),
    ],
)
def test_hostile_and_broken_files_are_refused_with_the_reason(tmp_path, content, reason, says):
    [refused] = read(tmp_path, content)

    assert refused.reason == reason
    assert says in refused.detail


def test_a_dump_that_is_cut_off_gives_its_whole_pages(tmp_path):
    content = dump(page("One."), page("Two.", number=13))

    found = read(tmp_path, content[: content.index("Two.") + 2])

    assert [type(record) for record in found] == [Raw, Refused]
    assert found[1].reason == "malformed"


def test_a_page_that_is_too_large_is_refused(tmp_path, monkeypatch):
    """As a full history is: it would all be held until the page ends."""
    monkeypatch.setattr(_xml, "LARGEST", 100_000)
    history = page("Two.").replace(
        "<revision>", "<revision><text>Old.</text></revision>" * 9999 + "<revision>"
    )

    found = read(tmp_path, dump(page("One."), history))

    assert [getattr(record, "reason", None) for record in found] == [None, "too_large"]


@pytest.mark.parametrize(
    "hostile",
    [
        "{{" * 200_000,
        "[[a|" * 100_000 + "]]" * 100_000,
        "{{w|" * 100_000 + "x" + "}}" * 100_000,
        "{|\n" * 100_000,
        "<ref>" * 100_000,
        "<nowiki>" * 100_000,
        "<!--" * 100_000,
        "[http://" + "a " * 200_000,
        "=a" + " " * 400_000,
        "'" * 400_000,
        "a\n" * 200_000,
        "{{date|" * 100_000,
    ],
)
def test_marks_that_are_never_closed_are_no_trouble(tmp_path, hostile):
    """Each would take hours if its end were searched for anew, or if texts were copied into one another."""
    found = read(tmp_path, dump(page("Sony. " + hostile)))

    assert found[0].text.startswith("Sony.")


@given(
    st.lists(
        st.text("Sony Ericsson 日本語合弁 éàß العربية.,%", min_size=1).filter(str.strip),
        min_size=1,
        max_size=5,
    )
)
def test_plain_words_come_out_as_they_are(paragraphs):
    """A line a paragraph, in order."""
    words = ["Text " + " ".join(paragraph.split()) for paragraph in paragraphs]

    assert mediawiki.plain("\n\n".join(words)).split("\n") == words


@given(st.text("ab|[]{}='<>!-/ref\n:;*#& "))
def test_any_wikitext_becomes_text(wikitext):
    assert isinstance(mediawiki.plain(wikitext), str)


@given(content=st.binary(max_size=200), keep=st.integers(0, 3000))
def test_random_bytes_end_as_records_or_refusals(tmp_path_factory, content, keep):
    whole = dump(page(NEWS), page(NEWS, number=13)).encode()

    found = read(tmp_path_factory.mktemp("bytes"), whole[:keep] + content + whole[keep + len(content) :])

    assert all(isinstance(record, Raw | Refused) for record in found)
