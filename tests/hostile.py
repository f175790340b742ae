"""Files made to break what reads them: `write` puts them into a folder. Each has a name that says what it does."""

import bz2
import gzip
import io
import json
import lzma
import os
import socket
import tarfile
import zipfile
import zlib
from pathlib import Path

SECRET = "the content of a file outside of the corpus"
NEWS = "Sony Corp and Ericsson said they will form a joint venture to make telephones."
HUGE = 1_000_000_000  # bytes; they take no place on the disk
ATTACK = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://attack.example","Sony")'
NITF = "<nitf><head><title>A</title></head><body><body.content><p>{}</p></body.content></body></nitf>"
LAUGHS = "".join('<!ENTITY l{} "{}">'.format(n, f"&l{n - 1};" * 10) for n in range(1, 10))


def zipped(files, compression=zipfile.ZIP_DEFLATED):
    """Return a ZIP archive of {name: content}."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def tarred(members):
    """Return a tar archive of [(TarInfo, content)]."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def link(kind, name="a.txt", target="/etc/passwd"):
    """Return a member of a tar archive that is no file."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info, b""


def nested(levels):
    """Return a ZIP in a ZIP in a ZIP ..."""
    content = zipped({"a.txt": NEWS})
    for level in range(levels):
        content = zipped({f"{level}.zip": content})
    return content


def document_xml(inside, prolog=""):
    """Return word/document.xml with this content."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return (
        f'<?xml version="1.0"?>{prolog}<w:document xmlns:w="{space}"><w:body>{inside}</w:body></w:document>'
    )


def docx(document, **others):
    """Return a DOCX file with this word/document.xml."""
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relation = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
        ' Target="word/document.xml"/></Relationships>'
    )
    files = {"[Content_Types].xml": types, "_rels/.rels": relation, "word/document.xml": document}
    return zipped(files | others)


def pdf(objects):
    """Return a PDF of these objects, the first being its catalogue."""
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj{content}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


def flate(content):
    """Return a stream of a PDF, packed."""
    packed = zlib.compress(content).decode("latin-1")
    return f"<</Length {len(packed)}/Filter/FlateDecode>>stream\n{packed}\nendstream"


def page(content):
    """Return the objects of a PDF of one page."""
    font = "<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    return [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font{font}>>>>",
        content,
    ]


def markup(secret):
    """Return {name: content} of XML and HTML files; *secret* is the address of a file that must not be read."""
    body = NITF.format("&l9;")
    return {
        "billion-laughs.xml": f'<!DOCTYPE nitf [<!ENTITY l0 "ha">{LAUGHS}]>{body}',
        "quadratic-blowup.xml": f'<!DOCTYPE nitf [<!ENTITY a "{"x" * 100_000}">]>{NITF.format("&a;" * 20_000)}',
        "external-entity.xml": f'<!DOCTYPE nitf [<!ENTITY x SYSTEM "{secret}">]>{NITF.format("&x;")}',
        "external-dtd.xml": f'<!DOCTYPE nitf SYSTEM "{secret}">{NITF.format(NEWS)}',
        "parameter-entity.xml": f'<!DOCTYPE nitf [<!ENTITY % x SYSTEM "{secret}"> %x;]>{NITF.format(NEWS)}',
        "xinclude.xml": NITF.format(
            f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{secret}" parse="text"/>'
        ),
        "deep.xml": NITF.format("<p>" * 100_000 + NEWS + "</p>" * 100_000),
        "attributes.xml": NITF.format("<p" + "".join(f' a{n}="1"' for n in range(50_000)) + f">{NEWS}</p>"),
        "namespace.xml": '<a xmlns="' + "x" * 1_000_000 + '"/>',
        "cut-off.xml": NITF.format(NEWS)[:60],
        "not-xml.xml": NEWS,
        "dump-bomb.xml": f'<!DOCTYPE mediawiki [<!ENTITY l0 "ha">{LAUGHS}]><mediawiki><page>&l9;</page></mediawiki>',
        "entity.xhtml": f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret}">]><html><body><p>&x; {NEWS}</p></body></html>',
        "laughs.xhtml": f'<!DOCTYPE html [<!ENTITY l0 "ha">{LAUGHS}]><html><body><p>&l9; {NEWS}</p></body></html>',
        "deep.html": "<div>" * 50_000 + NEWS,
        "unclosed.html": f"<html><body>{'<p><b><i><a>' * 20_000}{NEWS}",
        "tables.html": "<table><tr><td>" * 5_000 + NEWS,
        "attribute.html": f'<p title="{"x" * 5_000_000}">{NEWS}</p>',
        "script.html": f"<html><head><title>{ATTACK}</title></head><body><p>{NEWS}</p>{ATTACK}</body></html>",
        "base.html": f'<html><head><base href="{secret}"><link rel=canonical href="javascript:alert(1)"></head>{NEWS}',
        "wrong-charset.html": b'<meta charset="utf-16"><p>' + NEWS.encode() + b"</p>",
        "nul.html": b"<p>So\0ny Corp and\0 Ericsson said they will form a joint venture.</p>",
        "comment.html": f"<!--{'-' * 1_000_000}<p>{NEWS}",
        "brackets.md": "[" * 100_000 + NEWS,
        "quotes.md": ">" * 100_000 + NEWS,
        "emphasis.md": "*a **b " * 20_000 + NEWS,
        "front-matter.md": f"---\ntitle: &a [{', '.join(['*a'] * 100)}]\n---\n{NEWS}",
        "yaml-object.md": f"---\ntitle: !!python/object/apply:os.system ['touch {secret}']\n---\n{NEWS}",
    }


def packed():
    """Return {name: content} of archives and of what is made like one."""
    climbing = {"../climbing.txt": NEWS, "/tmp/climbing.txt": NEWS, "a/../../climbing.txt": NEWS}
    cells = '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>'
    bomb = bytes(120_000_000)
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    return {
        "bomb.zip": zipped({"a.txt": bomb}),
        "bomb.txt.gz": gzip.compress(bomb),
        "bomb.txt.bz2": bz2.compress(bomb),
        "bomb.txt.xz": lzma.compress(bomb),
        "bomb.tgz": gzip.compress(tarred([(tarfile.TarInfo("a.txt"), bomb)])),
        "nested.zip": nested(6),
        "many.zip": zipped({f"{n}.txt": "" for n in range(3_000)}),
        "climbing.zip": zipped(climbing),
        "climbing.tar": tarred([(tarfile.TarInfo(name), text.encode()) for name, text in climbing.items()]),
        "symlink.tar": tarred([link(tarfile.SYMTYPE)]),
        "hardlink.tar": tarred([link(tarfile.LNKTYPE)]),
        "device.tar": tarred([link(tarfile.CHRTYPE), link(tarfile.FIFOTYPE, "b.txt")]),
        "cut-off.zip": zipped({"a.txt": os.urandom(50_000)})[:20_000],
        "cut-off.tgz": gzip.compress(tarred([(tarfile.TarInfo("a.txt"), os.urandom(50_000))]))[:20_000],
        "not-an-archive.zip": NEWS,
        "not-an-archive.tar": NEWS,
        "bomb.docx": docx(document_xml(f"<w:p><w:r><w:t>{' ' * 120_000_000}</w:t></w:r></w:p>")),
        "laughs.docx": docx(
            document_xml("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", f'<!DOCTYPE w [<!ENTITY l0 "ha">{LAUGHS}]>')
        ),
        "deep.docx": docx(document_xml("<w:p>" * 30_000 + "</w:p>" * 30_000)),
        "no-document.docx": zipped({"word/other.xml": "<a/>"}),
        "not-a-document.docx": NEWS,
        "laughs.odt": zipped(
            {
                "content.xml": f'<!DOCTYPE o [<!ENTITY l0 "ha">{LAUGHS}]><o:document-content xmlns:o="{office}">&l9;'
                "</o:document-content>"
            }
        ),
        "bomb.odt": zipped({"content.xml": bomb}),
        "bomb.xlsx": zipped({"xl/workbook.xml": bomb}),
        "strings.xlsx": zipped({"xl/worksheets/sheet1.xml": f"<worksheet>{cells}</worksheet>"}),
    }


def binary():
    """Return {name: content} of PDF, RTF, mail and web archives."""
    text = f"BT /F 12 Tf 50 700 Td ({NEWS}) Tj ET"
    return {
        "loop.pdf": pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"]),
        "pages.pdf": pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 2000000000/Kids[]>>"]),
        "bomb.pdf": pdf(page(flate(b"BT /F 12 Tf (a) Tj ET " * 5_000_000))),
        "reference.pdf": pdf(page("4 0 R")),
        "cut-off.pdf": pdf(page(flate(text.encode())))[:250],
        "page.pdf": f"<html>{NEWS}</html>",
        "deep.rtf": "{\\rtf1 " + "{" * 100_000 + NEWS + "}" * 100_001,
        "binary.rtf": "{\\rtf1 {\\bin2000000000 " + NEWS + "}",
        "numbers.rtf": "{\\rtf1 " + "\\u99999999999? \\'zz \\uc-5 " * 1_000 + NEWS + "}",
        "parts.eml": "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\n" * 20_000,
        "deep.eml": "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2_000))
        + NEWS,
        "header.eml": f"Subject: {'=?utf-8?q?a?= ' * 20_000}\n\n{NEWS}",
        "charset.eml": f"Content-Type: text/plain; charset=../../etc/passwd\n\n{NEWS}",
        "cut-off.warc": "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\nHTTP/1.1 200 OK\r\n",
        "bomb.warc.gz": gzip.compress(
            b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 120000000\r\n\r\n" + bytes(120_000_000)
        ),
    }


def plain():
    """Return {name: content} of text, tables and JSON."""
    hostile = {"id": FORMULA, "title": ATTACK, "text": f"{ATTACK} {NEWS}", "url": "javascript:alert(1)"}
    records = {
        "surrogate.jsonl": r'{"id": "a", "text": "Sony \ud800 and Ericsson \udc00"}',
        "deep.jsonl": '{"id": "a", "text": ' + "[" * 100_000 + "}",
        "deep.json": "[" * 100_000,
        "numbers.jsonl": '{"id": 1e400, "text": "Sony", "date": NaN}',
        "digits.jsonl": '{"id": ' + "9" * 100_000 + ', "text": "Sony"}',
        "twice.jsonl": '{"id": "a", "id": "b", "text": "Sony", "text": "Nokia"}',
        "live.jsonl": json.dumps(hostile),
        "climbing.jsonl": json.dumps({"id": "../../../etc/passwd", "text": NEWS}),
        "columns.csv": ",".join(f"c{n}" for n in range(100_000)) + ",text\n" + "," * 100_000 + NEWS,
        "quote.csv": f'text\n"{NEWS}\n' + "x,\n" * 200_000,
        "live.csv": f'id,title,text\n"=1+1","+SUM(A1)","@A1 {NEWS}"\n',
    }
    texts = {
        "nul.txt": b"\0\x01\x02\x1b[31mSony\x07 and \x7fEricsson\x9f",
        "bidi.txt": "Sony \u202emoc.live\u202c and\u200b Erics\u2060son\ufeff \u2066form\u2069 a joint venture.",
        "broken-utf-8.txt": b"Sony \xff\xfe\xc3\x28 and \xed\xa0\x80 Ericsson \xf8\x88\x80\x80\x80",
        "utf-16-without-mark.txt": NEWS.encode("utf-16-le"),
        "utf-32-without-mark.txt": NEWS.encode("utf-32-be"),
        "empty.txt": b"",
        "mark-only.txt": b"\xef\xbb\xbf",
        "invisible.txt": "\u200b\u200c\u2060\u00ad" * 1_000,
        "marks.txt": "S" + "\u0301" * 100_000 + "ony and Ericsson form a joint venture.",
        "letters.txt": "a" * 900_000,
        "capitals.txt": "Sony Ericsson Nokia Siemens " * 30_000,
        "small-words.txt": "It met Bank of China. " * 20_000,
        "cues.txt": "Sony and Ericsson formed a joint venture " * 15_000,
        "commas.txt": "Sony, " * 100_000,
        "dates.txt": "1.1.2001 2.2.2002, May 3, " * 20_000,
        "percent.txt": "50-50 owned 49 percent by 51 pct of " * 15_000,
        "parties.txt": 'THIS AGREEMENT is made by and between Acme Inc. ("Acme") and ' * 10_000,
        "brackets.txt": "(((((" * 100_000,
        "quotes.txt": "\"'«»" * 100_000,
        "hyphens.txt": "a-" * 300_000,
        "stops.txt": ". " * 300_000,
        "lines.txt": "\n" * 500_000 + NEWS,
        "chinese.txt": "甲公司与乙公司合资" * 50_000,
    }
    return records | texts


def write(folder):
    """Write all files, and return the folder's content as {name: size}; a secret lies beside the folder."""
    folder = Path(folder)
    folder.mkdir()
    secret = folder.with_name("secret.txt")
    secret.write_text(SECRET, encoding="utf-8")
    for name, content in (markup(secret.as_uri()) | packed() | binary() | plain()).items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    for name in ("huge.txt", "huge.jsonl", "huge.csv", "huge.sgm", "huge.mbox"):  # no line's end in it
        with (folder / name).open("wb") as file:
            file.truncate(HUGE)
    (folder / "secret.txt").symlink_to(secret)
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "folder.txt").mkdir()
    (folder / "folder.txt" / "inner.txt").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(folder)  # the path of a socket is short
        listening.bind("socket.txt")
        os.chdir(here)
    for name in (
        "=1+1.txt",
        f"{ATTACK.replace('/', '')}.txt",
        "new\nline.txt",
        "\u202etxt.exe.txt",
        "x" * 240 + ".txt",
    ):
        (folder / name).write_text(NEWS, encoding="utf-8")
    return {path.name: path.lstat().st_size for path in folder.iterdir()}
