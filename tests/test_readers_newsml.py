"""News items of agencies are read as the IPTC's standards mean them: one record a story, dated and named as it says."""

from html import escape

import pytest
from entente import readers
from entente.readers import Raw, Refused, _xml
from hypothesis import given
from hypothesis import strategies as st

NITF = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.2//EN" "nitf-3-2.dtd">
<nitf version="-//IPTC//DTD NITF 3.2//EN" change.date="October 10, 2003" baselang="fr-FR">
<head><title>Alliance</title>
<docdata><doc-id regsrc="AFP" id-string="afp.com-20010424-1"/><date.issue norm="20010424T081500Z"/>
<date.release norm="20010425"/></docdata></head>
<body><body.head><hedline><hl1>Soci&eacute;t&#233; commune <em>Sony</em>-Ericsson</hl1><hl2>À parité</hl2></hedline>
<byline>Par Anne</byline><dateline><location>Paris</location></dateline><abstract><p>En bref.</p></abstract></body.head>
<body.content><p>Sony et <org>Ericsson</org> cr&eacute;ent
une soci&eacute;t&eacute;.</p><!-- note --><block><p>Elle sera &amp;amp; restera &agrave; Londres.</p></block>
<media media-type="image"><media-reference source="a.jpg"/><media-caption>Le siège</media-caption></media>
<table><tr><th>Part</th><td>50 %</td></tr></table>{body}</body.content>
<body.end><tagline>anne/bob</tagline></body.end></body></nitf>"""

ITEM = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="2" standard="NewsML-G2"
 standardversion="2.35" conformance="power" xml:lang="en-GB">
<catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml"/>
<rightsInfo><usageTerms>Not for use outside the United States</usageTerms></rightsInfo>
<itemMeta><itemClass qcode="{kind}"/><provider qcode="nprov:X"/><versionCreated>2001-04-24T08:15:00+09:00</versionCreated>
<firstCreated>2001-04-23T08:15:00+09:00</firstCreated><pubStatus qcode="stat:usable"/></itemMeta>
<contentMeta><contentCreated>2001-04-22T08:15:00+09:00</contentCreated><slugline>SONY-VENTURE</slugline>
<headline>{headline}</headline><language tag="ja"/></contentMeta>
<contentSet>{content}</contentSet></newsItem>"""
XHTML = """<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="ja"><head>
<title>x</title></head><body><h1>ソニーとエリクソン</h1><p>ソニーと<strong>エリクソン</strong>は
合弁会社を設立する。</p><ul><li>一つ</li><li>二つ</li></ul></body></html></inlineXML>"""

INLINE_NITF = """<inlineXML contenttype="application/nitf+xml"><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body>
<body.content><p>سوني وإريكسون</p><p>تتفقان.</p></body.content></body></nitf></inlineXML>"""
OTHER_FORMS = """<remoteContent href="a.pdf"/><inlineXML contenttype="x"><empty/></inlineXML>
<inlineData encoding="base64">U29ueQ==</inlineData>"""

NEWSML_1 = """<?xml version="1.0" encoding="utf-8"?>
<NewsML Version="1.2"><Catalog Href="http://www.afp.com/dtd/AFPCatalog.xml"/>
<NewsEnvelope><DateAndTime>20160116T131559+0000</DateAndTime></NewsEnvelope>{items}</NewsML>"""
ITEM_1 = """<NewsItem xml:lang="en"><Identification><NewsIdentifier><ProviderId>efe.com</ProviderId><DateId>20160116</DateId>
<NewsItemId>{number}</NewsItemId><RevisionId PreviousRevision="0" Update="N">1</RevisionId>
<PublicIdentifier>urn:newsml:efe.com:20160116:{number}:1</PublicIdentifier></NewsIdentifier></Identification>
<NewsManagement><NewsItemType FormalName="News"/><FirstCreated>20160115T125900+0000</FirstCreated>
<ThisRevisionCreated>20160116T125900+0000</ThisRevisionCreated><Status FormalName="Usable"/></NewsManagement>
<NewsComponent>{lines}{components}</NewsComponent></NewsItem>"""
LINES_1 = """<NewsLines><HeadLine>Alianza</HeadLine></NewsLines>
<DescriptiveMetadata><Language FormalName="es-ES"/></DescriptiveMetadata>"""
TEXT_1 = """<NewsComponent><Role FormalName="{role}"/><ContentItem><MediaType FormalName="Text"/>
<DataContent>{data}</DataContent></ContentItem></NewsComponent>"""
PHOTO_1 = """<NewsComponent><Role FormalName="Main"/><ContentItem Href="a.jpg"><MediaType FormalName="Photo"/></ContentItem>
</NewsComponent>"""


def read(folder, content):
    """Return what the reader of XML makes of a file with this content, refusals included."""
    path = folder / "news.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(readers.records(readers.reader(path), path))


def item(content=XHTML, guid="tag:example.com,2001:1", kind="ninat:text", headline="ソニーとエリクソン"):
    """Return a news item of NewsML-G2."""
    return ITEM.format(content=content, guid=guid, kind=kind, headline=headline)


def item_1(*components, number=1, lines=LINES_1):
    """Return a news item of NewsML 1."""
    return ITEM_1.format(number=number, components="".join(components), lines=lines)


# NITF


def test_a_story_of_nitf_is_its_body(tmp_path):
    """With entities of a document type that is not at hand; without captions and what stands round the story."""
    assert read(tmp_path, NITF.format(body="")) == [
        Raw(
            id="afp.com-20010424-1",
            title="Société commune Sony-Ericsson",
            date="20010424T081500Z",
            language="fr-FR",
            text="Sony et Ericsson créent une société.\nElle sera &amp; restera à Londres.\nPart | 50 %",
        )
    ]


def test_the_new_york_times_s_lead_is_read_once(tmp_path):
    """Its corpus has the lead as a block of its own, and again in the full text; the date is that of publication."""
    story = """<nitf><head><title>Deal</title><docdata><doc-id id-string="1815718"/></docdata>
    <pubdata date.publication="20070101T000000" ex-ref="http://query.nytimes.com/1" name="The New York Times"/></head>
    <body><body.content><block class="lead_paragraph"><p>Sony agreed.</p></block>
    <block class="full_text"><p>Sony agreed.</p><p>So did Ericsson.</p></block></body.content></body></nitf>"""

    [record] = read(tmp_path, story)

    assert record.text == "Sony agreed.\nSo did Ericsson."
    assert (record.id, record.date, record.url) == (
        "1815718",
        "20070101T000000",
        "http://query.nytimes.com/1",
    )


def test_a_story_that_is_a_headline_has_it_as_its_text(tmp_path):
    [record] = read(
        tmp_path, "<nitf><body><body.head><hedline><hl1>Sony to buy</hl1></hedline></body.head></body></nitf>"
    )

    assert (record.title, record.text) == ("Sony to buy", "Sony to buy")


# NewsML-G2


def test_an_item_of_newsml_g2_is_read_with_what_it_says_of_itself(tmp_path):
    """The date of this version; the headline once, though the page in it has it as well."""
    assert read(tmp_path, item()) == [
        Raw(
            id="tag:example.com,2001:1",
            title="ソニーとエリクソン",
            date="2001-04-24T08:15:00+09:00",
            language="ja",
            text="ソニーとエリクソンは 合弁会社を設立する。\n一つ\n二つ",
        )
    ]


@pytest.mark.parametrize(
    "content",
    [
        '<inlineData contenttype="text/plain">سوني وإريكسون\nتتفقان.</inlineData>',
        '<inlineData contenttype="text/html"><![CDATA[<p>سوني وإريكسون</p><p>تتفقان.</p>]]></inlineData>',
        INLINE_NITF,
        OTHER_FORMS + "<inlineData>سوني وإريكسون\nتتفقان.</inlineData>",
    ],
)
def test_content_is_read_in_each_of_its_forms(tmp_path, content):
    """Once: the forms of an item are of the same content."""
    [record] = read(tmp_path, item(content, headline="اتفاق"))

    assert (record.title, record.text) == ("اتفاق", "سوني وإريكسون\nتتفقان.")


def test_a_message_with_several_items_gives_each(tmp_path):
    """Pictures and packages have no text; an item without any is refused, and a flash is its headline."""
    items = "".join(
        [
            item(guid="one"),
            item('<remoteContent href="a.jpg" contenttype="image/jpeg"/>', "two", "ninat:picture"),
            item('<remoteContent href="a.html"/>', "three", headline=""),
            item("", "four", headline="Sony to buy"),
            '<packageItem guid="five"><groupSet root="G1"/></packageItem>',
            item(guid="six"),
        ]
    )
    message = f"""<?xml version="1.0"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">
    <header><sent>2024-01-01T00:00:00Z</sent></header><itemSet>{items}</itemSet></newsMessage>"""

    found = read(tmp_path, message)

    assert [(record.id, type(record)) for record in found] == [
        ("one", Raw),
        ("three", Refused),
        ("four", Raw),
        ("six", Raw),
    ]
    assert found[1].reason == "no_text"
    assert found[2].text == "Sony to buy"
    assert found[0].text == found[3].text


# NewsML 1


def test_the_items_of_newsml_1_are_read_with_their_texts(tmp_path):
    """Main text and side bar follow each other; the caption of a picture is no text of the story."""
    story = '<nitf baselang="es-ES"><body><body.content><p>Sony y Ericsson.</p><p>Más.</p></body.content></body></nitf>'
    items = item_1(
        TEXT_1.format(role="Main", data=story),
        TEXT_1.format(role="Sidebar", data="<p>Las acciones.</p>"),
        TEXT_1.format(role="Caption", data="<p>La sede.</p>"),
        PHOTO_1,
    )

    first, second = read(
        tmp_path, NEWSML_1.format(items=items + item_1(TEXT_1.format(role="Main", data="Llano."), number=2))
    )

    assert first == Raw(
        id="urn:newsml:efe.com:20160116:1:1",
        title="Alianza",
        date="20160116T125900+0000",
        language="es-ES",
        text="Sony y Ericsson.\nMás.\nLas acciones.",
    )
    assert (second.id, second.text) == ("urn:newsml:efe.com:20160116:2:1", "Llano.")


def test_of_equivalents_the_first_is_read(tmp_path):
    both = TEXT_1.format(role="Main", data="<p>Sony.</p>") + TEXT_1.format(role="Main", data="Sony.")
    group = f'<NewsComponent EquivalentsList="yes">{both}</NewsComponent>'

    [record] = read(tmp_path, NEWSML_1.format(items=item_1(group, group)))

    assert record.text == "Sony.\nSony."


def test_an_item_that_is_a_photo_is_no_record(tmp_path):
    photo = item_1(TEXT_1.format(role="Caption", data="<p>La sede.</p>"), PHOTO_1)
    text = item_1(TEXT_1.format(role="Main", data="Llano."), number=2)

    assert [record.id for record in read(tmp_path, NEWSML_1.format(items=photo + text))] == [
        "urn:newsml:efe.com:20160116:2:1"
    ]


def test_an_item_in_an_item_is_read_once(tmp_path):
    inner = item_1(TEXT_1.format(role="Main", data="Llano."), number=2)

    assert [record.text for record in read(tmp_path, NEWSML_1.format(items=item_1(inner)))] == ["Llano."]


# Encodings and hostile files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_xml_is_decoded_as_it_declares(tmp_path, encoding):
    story = f'<?xml version="1.0" encoding="{encoding}"?><nitf><body><body.content><p>Évry</p></body.content></body></nitf>'

    [record] = read(tmp_path, story.encode(encoding))

    assert record.text == "Évry"


@pytest.mark.parametrize("root", ["rss", "packageItem", "html", "w:document xmlns:w='urn:x'"])
def test_other_xml_is_refused_with_what_was_found_and_is_expected(tmp_path, root):
    [refused] = read(tmp_path, f"<{root}><newsItem/></{root.split()[0]}>")

    name = root.split()[0].split(":")[-1]
    assert refused.reason == "unsupported"
    assert (
        refused.detail == f"XML whose root is <{name}>; expected <nitf>, <newsItem>, <newsMessage>, <NewsML>"
    )


def bomb(story):
    """Return a story with entities of which the last would be 10 ** 9 words long."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE nitf [<!ENTITY e0 "ha">{entities}]>{story}'


@pytest.mark.parametrize(
    ("content", "reason", "says"),
    [
        (
            bomb("<nitf><body><body.content>&e9;</body.content></body></nitf>"),
            "malformed",
            "declares entities",
        ),
        (bomb('<nitf baselang="&e9;"/>'), "malformed", "not XML"),
        (
            '<!DOCTYPE nitf [<!ENTITY e SYSTEM "file:///etc/passwd">]><nitf>&e;</nitf>',
            "malformed",
            "declares entities",
        ),
        ("<nitf>" + "<block>" * 100_000, "malformed", "depth"),
        (NITF.format(body="")[:700], "malformed", "cut off"),
        (b"<nitf><p>\xe9\xff</p></nitf>", "malformed", "encoding"),
        ('<?xml version="1.0" encoding="no-such"?><nitf/>', "malformed", "encoding"),
        ("%PDF-1.4 no XML at all", "malformed", "not XML"),
        ("", "malformed", "not XML"),
        ("<nitf/>", "no_text", "neither text nor headline"),
        ("<newsMessage/>", "no_text", "no record"),
        (f"<nitf><p>{'x' * 11_000_000}</p></nitf>", "malformed", "too large"),
    ],
)
def test_hostile_and_broken_files_are_refused_with_the_reason(tmp_path, content, reason, says):
    [refused] = read(tmp_path, content)

    assert refused.reason == reason
    assert says in refused.detail


def test_items_before_a_fault_are_read(tmp_path):
    good = item(guid="one")

    first, refused = read(tmp_path, f"<newsMessage><itemSet>{good}<newsItem guid='two'><broken></newsItem>")

    assert (first.id, refused.reason) == ("one", "malformed")


def test_an_item_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(_xml, "LARGEST", 100_000)
    long = item('<inlineData contenttype="text/plain">' + "<b>Sony. </b>" * 40_000 + "</inlineData>", "two")

    found = read(tmp_path, f"<newsMessage><itemSet>{item(guid='one')}{long}</itemSet></newsMessage>")

    assert [type(record) for record in found] == [Raw, Refused]
    assert found[1].reason == "too_large"


WORDS = st.text("Sony Ericsson 日本語合弁 éàß العربية <>&'\"]", min_size=1).filter(str.strip)


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_every_visible_letter_of_a_story_comes_out(tmp_path_factory, paragraphs):
    """A line a paragraph, in order."""
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)

    [record] = read(
        tmp_path_factory.mktemp("story"),
        item(f"<inlineXML><html><body>{body}</body></html></inlineXML>", headline=""),
    )

    assert record.text.split("\n") == [" ".join(paragraph.split()) for paragraph in paragraphs]


@given(content=st.binary(max_size=200), keep=st.integers(0, len(NITF)))
def test_random_bytes_end_as_records_or_refusals(tmp_path_factory, content, keep):
    found = read(tmp_path_factory.mktemp("bytes"), NITF.encode()[:keep] + content)

    assert all(isinstance(record, Raw | Refused) for record in found)
