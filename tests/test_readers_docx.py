"""A DOCX becomes the text that its readers see as running text; what is damaged, locked or hostile is refused."""

import io
import zipfile
from xml.sax.saxutils import escape

import pytest
from entente import readers
from entente.readers import Raw, Refused
from entente.text import normalise
from hypothesis import given
from hypothesis import strategies as st

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{MAIN}"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{}"/>'
    "</Relationships>"
)
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
    "<dc:title>Template</dc:title><dcterms:created>2001-04-24T00:00:00Z</dcterms:created></cp:coreProperties>"
)


def run(text):
    """Return a run."""
    return f'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(text):
    """Return a paragraph of one run, with a tab stop in its properties."""
    tabs = '<w:pPr><w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs><w:rPr><w:vanish/></w:rPr></w:pPr>'
    return f"<w:p>{tabs}{run(text)}</w:p>"


def table(*rows):
    """Return a table with these rows of cells, each cell a list of paragraphs."""
    cells = (
        "".join(f"<w:tc><w:tcPr/>{''.join(map(paragraph, cell))}</w:tc>" for cell in row) for row in rows
    )
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def document(body, before=""):
    """Return the part with the document."""
    return f"{HEAD}{before}<w:document {SPACES}><w:body>{body}<w:sectPr/></w:body></w:document>"


def package(parts):
    """Return a ZIP file of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def docx(body, before="", **parts):
    """Return the bytes of a DOCX with this body, and further parts by their names in ``word``."""
    return package(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS.format("word/document.xml"),
            "word/document.xml": document(body, before),
            "docProps/core.xml": CORE,
        }
        | {f"word/{name}.xml": content for name, content in parts.items()}
    )


def read(folder, content):
    """Return the records of a file with this content, or how it is refused."""
    path = folder / "contract.docx"
    path.write_bytes(content)
    return list(readers.records(readers.reader(path), path))


def text(folder, body, **parts):
    """Return the text that is read of a body, normalised."""
    [raw] = read(folder, docx(body, **parts))
    return normalise(raw.text)


def test_paragraphs_are_lines_and_properties_of_the_file_are_not_the_document_s(tmp_path):
    written = ["Société Générale & Ørsted <ORSTED>", "ソニーとエリクソン", "شركة أرامكو", "สัญญาร่วมทุน"]

    [raw] = read(tmp_path, docx("".join(map(paragraph, written))))

    assert raw == Raw(text="\n".join(written))


def test_what_was_inserted_is_read_and_what_was_deleted_is_not(tmp_path):
    body = (
        f'<w:p>{run("Acme ")}<w:ins w:id="1" w:author="A">{run("and Beta ")}</w:ins>'
        '<w:del w:id="2" w:author="A"><w:r><w:delText>and Gamma </w:delText></w:r></w:del>'
        f'<w:moveFrom w:id="3">{run("today ")}</w:moveFrom>{run("agree ")}'
        f'<w:moveTo w:id="4">{run("now")}</w:moveTo></w:p>'
    )

    assert text(tmp_path, body) == "Acme and Beta agree now"


def test_content_controls_links_fields_and_text_boxes_are_read_once(tmp_path):
    box = f"<w:txbxContent>{paragraph('Boxed.')}</w:txbxContent>"
    shape = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
        "</w:r>"
    )
    body = (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('Controlled.')}</w:sdtContent></w:sdt>"
        f'<w:p><w:hyperlink r:id="rId404">{run("Linked")}</w:hyperlink><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText>HYPERLINK "http://x.y"</w:instrText></w:r>{run(" field.")}</w:p>'
        f"<w:p>{shape}{run('Anchored.')}</w:p>"
    )

    assert sorted(text(tmp_path, body).split("\n")) == ["Anchored.", "Boxed.", "Controlled.", "Linked field."]


def test_marks_that_stand_for_characters_are_these(tmp_path):
    body = (
        "<w:p><w:r><w:t>Hewlett</w:t><w:noBreakHyphen/><w:t>Packard</w:t><w:tab/><w:t>a</w:t><w:br/><w:t>b</w:t>"
        '<w:softHyphen/><w:sym w:font="Arial" w:char="03B1"/></w:r></w:p>'
    )

    assert text(tmp_path, body) == "Hewlett\u2011Packard a\nbα"


def test_notes_comments_hidden_text_and_readings_are_left_out(tmp_path):
    body = (
        '<w:p><w:r><w:t>Acme</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> hidden</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t> agrees with </w:t></w:r>'
        "<w:r><w:ruby><w:rt><w:r><w:t>とうきょう</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>東京</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"
    )
    notes = f'<w:footnotes {SPACES}><w:footnote w:id="2">{paragraph("note")}</w:footnote></w:footnotes>'

    assert text(tmp_path, body, footnotes=notes, comments=notes) == "Acme agrees with 東京"


def test_a_row_of_a_table_is_a_line(tmp_path):
    body = (
        paragraph("Acme and Beta form a venture.")
        + table([["Acme"], ["50 %"]])
        + paragraph("It starts in May.")
    )

    assert text(tmp_path, body) == "Acme and Beta form a venture.\nAcme | 50 %\nIt starts in May."


def test_cells_of_several_paragraphs_and_tables_in_cells_stay_in_their_row(tmp_path):
    inner = table([["Delta"], ["50 %"]])
    body = paragraph("News") + table(
        [["Acme and Beta", "form a venture."], [], ["It starts in May."]], [["Gamma"], ["joins."]]
    )
    nested = body.replace(paragraph("joins."), paragraph("joins.") + inner)

    assert text(tmp_path, body).split("\n") == [
        "News",
        "Acme and Beta form a venture. | It starts in May.",
        "Gamma | joins.",
    ]
    assert text(tmp_path, nested).split("\n")[-1] == "Gamma | joins. Delta 50 %"


def test_headers_and_footers_are_read_if_there_is_nothing_else(tmp_path):
    parts = {
        "header1": f"<w:hdr {SPACES}>{paragraph('Acme A/S')}</w:hdr>",
        "footer1": f"<w:ftr {SPACES}>{paragraph('Page 1')}</w:ftr>",
    }

    assert text(tmp_path, paragraph("Acme agrees."), **parts) == "Acme agrees."
    assert text(tmp_path, paragraph(" "), **parts) == "Acme A/S\nPage 1"


@pytest.mark.parametrize("place", ["word/document2.xml", "/word/document2.xml"])
def test_the_document_lies_where_the_package_says(tmp_path, place):
    parts = {"_rels/.rels": RELATIONS.format(place), "word/document2.xml": document(paragraph("Acme."))}

    assert read(tmp_path, package(parts)) == [Raw(text="Acme.")]
    assert read(tmp_path, package({"word/document.xml": document(paragraph("Acme."))})) == [Raw(text="Acme.")]


def test_strict_documents_are_read(tmp_path):
    """ISO 29500 Strict has other namespaces."""
    part = document(paragraph("Acme.")).replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )

    assert read(tmp_path, package({"word/document.xml": part})) == [Raw(text="Acme.")]


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"))))
def test_any_text_comes_out_as_it_went_in(tmp_path_factory, written):
    path = tmp_path_factory.mktemp("text") / "contract.docx"
    path.write_bytes(docx("".join(map(paragraph, [*written, "."]))))

    [raw] = readers.reader(path)(path)

    assert normalise(raw.text) == normalise("\n".join([*written, "."]))


# Hostile and damaged files


def refusal(folder, content, reason):
    """Return the detail with which a file is refused."""
    [refused] = read(folder, content)
    assert isinstance(refused, Refused), refused
    assert refused.reason == reason
    return refused.detail


def test_entities_are_refused_unexpanded(tmp_path):
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = paragraph("x").replace("x", "&e11;")

    detail = refusal(tmp_path, docx(body, before=f'<!DOCTYPE w [<!ENTITY e0 "ha">{bomb}]>'), "malformed")

    assert "document type" in detail


def test_no_other_file_is_read(tmp_path):
    (tmp_path / "secret").write_text("secret")
    before = f'<!DOCTYPE w [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>'

    assert "secret" not in refusal(
        tmp_path, docx(paragraph("x").replace("x", "&x;"), before=before), "malformed"
    )


def test_a_part_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path):
    detail = refusal(tmp_path, docx(paragraph("a" * (readers.MAXIMUM_BYTES + 1))), "too_large")

    assert f"at most {readers.MAXIMUM_BYTES:,} are read" in detail


def test_headers_that_unpack_to_too_much_together_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAXIMUM_BYTES", 5000)
    header = f"<w:hdr {SPACES}>{paragraph('a' * 3000)}</w:hdr>"

    assert "in one document" in refusal(tmp_path, docx("", header1=header, header2=header), "too_large")


def test_a_part_that_lies_about_its_size_is_refused(tmp_path):
    content = package({"word/document.xml": document(paragraph("a" * 100_000))})
    size = len(document(paragraph("a" * 100_000))).to_bytes(4, "little")

    assert content.count(size) == 2
    assert "cannot be unpacked" in refusal(
        tmp_path, content.replace(size, (900).to_bytes(4, "little")), "malformed"
    )


def test_other_ways_of_packing_are_refused(tmp_path):
    """LZMA may ask for gigabytes of memory, and no word processor packs by it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("word/document.xml", document(paragraph("Acme.")))

    assert "packed by method 14" in refusal(tmp_path, made.getvalue(), "malformed")


def test_elements_without_end_in_one_another_are_refused_or_read(tmp_path):
    [found] = read(
        tmp_path, docx("<w:sdt><w:sdtContent>" * 50_000 + "x" + "</w:sdtContent></w:sdt>" * 50_000)
    )

    assert isinstance(found, Refused)


@pytest.mark.parametrize(
    ("content", "reason", "says"),
    [
        (b"", "malformed", "not a ZIP file, so no DOCX"),
        (b"Dear Sir or Madam,", "malformed", "not a ZIP file, so no DOCX"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "unreadable", "encrypted, or of Word 97"),
        (package({"mimetype": "x", "content.xml": "<x/>"}), "malformed", "found mimetype, content.xml"),
        (package({}), "malformed", "found nothing"),
        (package({"word/document.xml": ""}), "malformed", "no XML"),
        (package({"word/document.xml": document(paragraph("a"))[:-20]}), "malformed", "no XML"),
        (package({"word/document.xml": b"<a>caf\xe9</a>"}), "malformed", "no XML"),
        (docx(""), "no_text", "only pictures"),
    ],
)
def test_what_is_no_docx_or_damaged_is_refused_with_what_was_found(tmp_path, content, reason, says):
    assert says in refusal(tmp_path, content, reason)


def test_a_part_behind_a_password_is_refused(tmp_path):
    content = bytearray(package({"word/document.xml": document(paragraph("Acme."))}))
    content[6] |= 1  # the flag in the local header, and in the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1

    assert "without a password" in refusal(tmp_path, bytes(content), "unreadable")


def test_a_file_that_is_cut_off_anywhere_is_refused(tmp_path):
    whole = docx(paragraph("Acme and Beta agree."))

    for size in range(0, len(whole) - 1, 97):
        refusal(tmp_path, whole[:size], "malformed")


@given(content=st.binary(max_size=300), head=st.sampled_from([b"", b"PK\x03\x04"]))
def test_random_bytes_are_refused(tmp_path_factory, content, head):
    [refused] = read(tmp_path_factory.mktemp("bytes"), head + content)

    assert isinstance(refused, Refused)
