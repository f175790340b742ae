"""What a crawler stored is read as the file that it is: unpacked, with its address, and never with the day of the crawl."""

import gzip
import io
import uuid
import zlib

import pytest
from entente import readers
from entente.readers import How, Raw, Refused, warc
from fastwarc.stream_io import BrotliWriter, ZstdWriter
from hypothesis import given
from hypothesis import strategies as st
from test_readers_pdf import written

PAGE = """<!doctype html><html lang="ja"><head><meta charset="{charset}"><title>ソニー | 新聞</title>
<link rel="canonical" href="https://elsewhere.example/">
<meta property="article:published_time" content="2001-04-24T08:00:00+09:00"></head><body><nav><a href="/">ホーム</a></nav>
<article><h1>ソニーとエリクソン</h1><p>{text}</p></article></body></html>"""
SENTENCE = "ソニーとエリクソンは、携帯電話の合弁会社を設立することで合意したと発表した。"
NEXT = "Nokia and Siemens, too."


def stored(kind, url, content, content_type):
    """Return the bytes of a record of an archive (ISO 28500)."""
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\n"
        f"WARC-Date: 2024-06-01T12:00:00Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def response(
    body, kind="text/plain; charset=utf-8", *, status="200 OK", url="http://news.example/a", **headers
):
    """Return the bytes of the record of what a server sent."""
    fields = {"Content-Type": kind} | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    content = f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body
    return stored("response", url, content, "application/http; msgtype=response")


def archive(folder, *records, packed=True):
    """Write a web archive and return its path."""
    path = folder / ("crawl.warc.gz" if packed else "crawl.warc")
    info = stored("warcinfo", "", b"software: test\r\n", "application/warc-fields")
    path.write_bytes(b"".join(gzip.compress(record) if packed else record for record in (info, *records)))
    return path


def read(path):
    """Return what the reader makes of an archive."""
    return list(readers.reader(path)(path))


def test_a_page_is_read_as_a_page(tmp_path):
    """Its main text, the date and language that it declares, and the address that it was asked for at."""
    page = PAGE.format(charset="utf-8", text=SENTENCE * 9).encode()

    [record] = read(archive(tmp_path, response(page, "text/html; charset=UTF-8")))

    assert (record.title, record.text) == ("ソニーとエリクソン", SENTENCE * 9)
    assert (record.date, record.language) == ("2001-04-24T08:00:00+09:00", "ja")
    assert record.url == "http://news.example/a"
    assert len(record.id) == len("f28bbda8-3ec4-4459-86d4-f207ce5bffac")


def test_a_page_that_declares_no_date_has_none(tmp_path):
    """That of the crawl is not its own."""
    page = f"<html><body><p>{SENTENCE}</p></body></html>".encode()

    [record] = read(
        archive(tmp_path, response(page, "text/html", Last_Modified="Tue, 24 Apr 2001 08:00:00 GMT"))
    )

    assert not record.date


@pytest.mark.parametrize("packed", [True, False])
def test_packed_and_plain_archives_are_read_alike(tmp_path, packed):
    path = archive(tmp_path, response(b"One."), response(b"Two."), packed=packed)

    assert [record.text for record in read(path)] == ["One.", "Two."]


def test_an_archive_packed_as_a_whole_is_read(tmp_path):
    plain = archive(tmp_path, response(b"One."), response(b"Two."), packed=False)
    path = tmp_path / "whole.warc.gz"
    path.write_bytes(gzip.compress(plain.read_bytes()))

    assert [record.text for record in read(path)] == ["One.", "Two."]


def test_documents_of_other_types_are_read_by_their_readers(tmp_path):
    records = read(
        archive(
            tmp_path,
            response(written([["Acme and Beta", "agree."]]), "application/pdf"),
            response(b"# Allies\n\nThey *agree*.", "TEXT/MARKDOWN; charset=utf-8"),
            response(
                written([["Served as bytes"]]), "application/octet-stream", url="http://a.example/x.PDF?v=1"
            ),
        )
    )

    assert [(record.title, record.text.split()[0]) for record in records] == [
        ("", "Acme"),
        ("Allies", "They"),
        ("", "Served"),
    ]


def brotli(content, writer=BrotliWriter):
    """Return bytes packed by Brotli."""
    file = io.BytesIO()
    packer = writer(file)
    packer.write(content)
    packer.close()
    return file.getvalue()


def raw_deflate(content):
    """Return bytes packed by deflate, without a header: what some servers mean by it."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


def chunked(content):
    """Return bytes as a server sends them in chunks."""
    pieces = [content[place : place + 7] for place in range(0, len(content), 7)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


CODINGS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "br": brotli,
    "zstd": lambda content: brotli(content, ZstdWriter),
    "identity": bytes,
}


@pytest.mark.parametrize("in_chunks", [False, True])
@pytest.mark.parametrize("coding", CODINGS)
def test_what_was_sent_packed_is_unpacked_and_the_next_one_read(tmp_path, coding, in_chunks):
    """An archive that ends in silence after a page that is both would lose all that follow."""
    body = CODINGS[coding]((SENTENCE * 99).encode())
    headers = {"Content_Encoding": coding} | ({"Transfer_Encoding": "chunked"} if in_chunks else {})
    path = archive(
        tmp_path, response(chunked(body) if in_chunks else body, **headers), response(NEXT.encode())
    )

    assert [record.text for record in read(path)] == [SENTENCE * 99, NEXT]


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_what_an_archive_stores_unpacked_is_read_whatever_its_headers_say(tmp_path, coding):
    path = archive(
        tmp_path,
        response(SENTENCE.encode(), Content_Encoding=coding, Transfer_Encoding="chunked"),
        response(b"Next."),
    )

    assert [record.text for record in read(path)] == [SENTENCE, "Next."]


def test_extensions_of_chunks_are_read_over(tmp_path):
    body = b"4;name=value\r\nSony\r\n0;last\r\nTrailer: x\r\n\r\n"

    [record] = read(archive(tmp_path, response(body, Transfer_Encoding="Chunked")))

    assert record.text == "Sony"


@pytest.mark.parametrize(
    ("charset", "said", "text"),
    [
        ("shift_jis", "Shift_JIS", "合弁。"),
        ("cp1256", "windows-1256", "شركة"),
        ("cp1251", "windows-1251", "СП."),
        ("utf-8", "iso-8859-1", "Société"),
        ("utf-8", "no-such-charset", "Société"),
        ("cp1252", "iso-8859-1", "Société Générale a créé une société commune à Évry, détenue à parité."),
    ],
)
def test_text_is_in_what_its_server_names_unless_it_is_utf_8(tmp_path, charset, said, text):
    """Too short to tell by itself; ISO 8859-1 is what servers name when they do not know."""
    [record] = read(archive(tmp_path, response(text.encode(charset), f"text/plain; charset={said}")))

    assert record.text == text


def test_what_is_no_page_is_left_out(tmp_path):
    path = archive(
        tmp_path,
        response(b"GIF89a", "image/gif"),
        response(b"body {}", "text/css"),
        response(b"{}", "application/json"),
        response(b"<rss/>", "application/rss+xml"),
        response(b"wOFF", "application/octet-stream", url="http://a.example/font.woff"),
        response(b"Moved", status="301 Moved Permanently", Location="http://b.example/"),
        response(b"Not found", status="404 Not Found"),
        stored("response", "dns:a.example", b"a.example. 300 IN A 10.0.0.1", "text/dns"),
        stored("metadata", "http://a.example/", b"via: x", "application/warc-fields"),
        response(b"This is."),
    )

    assert [record.text for record in read(path)] == ["This is."]


def test_what_cannot_be_read_is_refused_under_its_id_and_the_others_go_on(tmp_path):
    bad = gzip.compress(SENTENCE.encode())
    path = archive(
        tmp_path,
        response(b"\xd0\xcf\x11\xe0", "application/msword"),
        response(bad[:-20], Content_Encoding="gzip"),
        response(b"\xff" + bad[1:], Content_Encoding="gzip"),
        response(b"4\r\nSony\r\nnot a size", Transfer_Encoding="chunked"),
        response(written([[]]), "application/pdf"),
        response(b"Good."),
    )

    *refused, good = read(path)

    assert [fault.reason for fault in refused] == ["unsupported", *["unreadable"] * 3, "no_text"]
    assert "no reader for the ending '.doc'" in refused[0].detail
    assert "packed as gzip, and cut off" in refused[1].detail
    assert len({fault.id for fault in refused}) == 5
    assert good.text == "Good."


def test_what_the_crawler_cut_is_read_as_far_as_it_goes(tmp_path):
    path = archive(
        tmp_path, response(gzip.compress(SENTENCE.encode() * 99)[:-9], Content_Encoding="gzip"), packed=False
    )
    path.write_bytes(path.read_bytes().replace(b"WARC-Type:", b"WARC-Truncated: length\r\nWARC-Type:"))

    [record] = read(path)

    assert record.text.startswith(SENTENCE)


def test_an_archive_whose_corpus_names_this_reader_reads_what_is_in_it_by_type(tmp_path):
    path = archive(tmp_path, response(b"Sony."))

    [record] = readers.reader(path, How(name="warc"))(path)

    assert record.text == "Sony."


# Hostile files


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(warc, "MAXIMUM_BYTES", 1000)
    bomb = gzip.compress(b"\0" * 1_000_000)

    first, second, third = read(
        archive(
            tmp_path,
            response(bomb, Content_Encoding="gzip"),
            response(brotli(b"\0" * 1_000_000), Content_Encoding="br"),
            response(b"x" * 1001),
        )
    )

    assert [fault.reason for fault in (first, second, third)] == ["too_large"] * 3


def test_all_payloads_together_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(warc, "expansion", lambda path: 15)

    first, second = read(archive(tmp_path, response(b"Ten bytes."), response(b"Ten bytes.")))

    assert (first.text, second.reason) == ("Ten bytes.", "too_large")


@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_that_is_cut_off_gives_what_is_whole(tmp_path, packed):
    """The reader of archives gives the half record without a word."""
    path = archive(tmp_path, response(b"One. " * 99), response(bytes(range(1, 128)) * 99), packed=packed)
    path.write_bytes(path.read_bytes()[:-50])

    whole, cut = read(path)

    assert whole.text == "One. " * 99
    assert (cut.reason, cut.detail[:7]) == ("malformed", "cut off")


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_length_that_lies_is_refused(tmp_path, place):
    """It hides what follows, and the reader of archives skips it without a word: here information, a picture, a text."""
    path = archive(tmp_path, response(b"GIF89a", "image/gif"), response(b"One."), packed=False)
    before, *records = path.read_bytes().split(b"Content-Length: ")
    records[place] = b"99" + records[place]
    path.write_bytes(b"Content-Length: ".join([before, *records]))

    found = list(readers.records(readers.reader(path), path))

    assert [fault.reason for fault in found] == ["malformed"]
    assert "cut off" in found[0].detail


@pytest.mark.parametrize(
    "content", [b"<html><body>A page</body></html>", b"PK\3\4" + b"\0" * 99, b"x" * 100_000]
)
def test_another_file_under_this_ending_is_refused(tmp_path, content):
    path = tmp_path / "crawl.warc"
    path.write_bytes(content)

    with pytest.raises(Refused, match="not WARC from here on"):
        read(path)


def test_an_empty_archive_is_a_file_without_records(tmp_path):
    path = archive(tmp_path)

    assert [fault.reason for fault in readers.records(readers.reader(path), path)] == ["no_text"]


def test_a_response_without_http_in_it_is_refused(tmp_path):
    path = archive(tmp_path, response(b"One."), response(b"Two."), packed=False)
    path.write_bytes(path.read_bytes().replace(b"HTTP/1.1 200 OK", b"XXXX/1.1 zzz OK", 1))

    first, second = read(path)

    assert (first.reason, second.text) == ("malformed", "Two.")


@given(
    text=st.text("abc 1%&<\n日本語ソニー合弁العربية"),
    coding=st.sampled_from(sorted(CODINGS)),
)
def test_any_text_comes_out_as_it_was_sent(tmp_path_factory, text, coding):
    sent = f"Title\n\nSony. {text}"
    body = CODINGS[coding](sent.encode())
    path = archive(
        tmp_path_factory.mktemp("text"),
        response(chunked(body), Content_Encoding=coding, Transfer_Encoding="chunked"),
    )

    [record] = read(path)

    assert f"{record.title}\n\n{record.text}" == sent


@given(cut=st.integers(0, 1200), noise=st.binary(max_size=20), packed=st.booleans())
def test_broken_archives_end_as_records_or_refusals(tmp_path_factory, cut, noise, packed):
    path = archive(tmp_path_factory.mktemp("bytes"), response(b"One."), response(b"Two."), packed=packed)
    content = path.read_bytes()
    path.write_bytes(content[:cut] + noise + content[cut + len(noise) :])
    try:
        found = read(path)
    except Refused as refused:
        found = [refused]

    assert all(isinstance(record, Raw | Refused) for record in found)
