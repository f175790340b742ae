"""An ODT becomes the text that its readers see as running text; what is damaged, locked or hostile is refused."""

import io
import zipfile
from xml.sax.saxutils import escape

import pytest
from entente import readers
from entente.readers import Raw, Refused
from entente.text import normalise
from hypothesis import given
from hypothesis import strategies as st

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = (
    f'xmlns:office="{OASIS}:office:1.0" xmlns:text="{OASIS}:text:1.0" xmlns:table="{OASIS}:table:1.0"'
    f' xmlns:draw="{OASIS}:drawing:1.0" xmlns:svg="{OASIS}:svg-compatible:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'
)
META = (
    f"<office:document-meta {SPACES}><office:meta><dc:title>Template</dc:title><dc:date>2001-04-24</dc:date>"
    "</office:meta></office:document-meta>"
)
ENTRY = '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{}</manifest:file-entry>'
MANIFEST = f'<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0">{ENTRY}</manifest:manifest>'


def written(text):
    """Return text as the format has it: a blank after another, a tab and a line's end are elements."""
    marked = escape(text).replace("  ", ' <text:s text:c="1"/>')
    return marked.replace("\t", "<text:tab/>").replace("\n", "<text:line-break/>")


def paragraph(text):
    """Return a paragraph."""
    return f'<text:p text:style-name="P1">{written(text)}</text:p>'


def table(*rows):
    """Return a table with these rows of cells, each cell a list of paragraphs."""
    cells = (
        "".join(f"<table:table-cell>{''.join(map(paragraph, cell))}</table:table-cell>" for cell in row)
        for row in rows
    )
    inside = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    return f'<table:table table:name="T"><table:table-column/>{inside}</table:table>'


def document(body, before=""):
    """Return the part with the document."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {SPACES}><office:automatic-styles/>'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )


def package(parts):
    """Return a ZIP file of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return made.getvalue()


def odt(body, before=""):
    """Return the bytes of an ODT with this body."""
    return package(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": document(body, before),
            "meta.xml": META,
            "META-INF/manifest.xml": MANIFEST.format(""),
        }
    )


def read(folder, content):
    """Return the records of a file with this content, or how it is refused."""
    path = folder / "contract.odt"
    path.write_bytes(content)
    return list(readers.records(readers.reader(path), path))


def text(folder, body):
    """Return the text that is read of a body, normalised."""
    [raw] = read(folder, odt(body))
    return normalise(raw.text)


def test_paragraphs_headings_and_items_are_lines_and_properties_of_the_file_are_not_the_document_s(tmp_path):
    body = (
        '<text:sequence-decls><text:sequence-decl text:name="Table"/></text:sequence-decls>'
        f'<text:h text:outline-level="1">{escape("Société Générale & Ørsted <ORSTED>")}</text:h>'
        "<text:p><text:span>ソニーと</text:span>エリクソン</text:p>"
        f"<text:list>\n<text:list-item>\n{paragraph('شركة أرامكو')}\n</text:list-item></text:list>"
    )

    [raw] = read(tmp_path, odt(body))

    assert raw == Raw(text="Société Générale & Ørsted <ORSTED>\nソニーとエリクソン\nشركة أرامكو")


def test_what_was_inserted_is_read_and_what_was_deleted_is_not(tmp_path):
    body = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><office:change-info>'
        f"<dc:creator>A</dc:creator></office:change-info>{paragraph('and Gamma')}</text:deletion></text:changed-region>"
        "</text:tracked-changes>"
        '<text:p>Acme <text:change text:change-id="c1"/><text:change-start text:change-id="c2"/>and Beta'
        '<text:change-end text:change-id="c2"/> agree.</text:p>'
    )

    assert text(tmp_path, body) == "Acme and Beta agree."


def test_blanks_tabs_and_line_ends_are_as_the_format_says(tmp_path):
    """A line's end in the file is a blank; a thousand million blanks are one."""
    body = (
        '<text:p>Acme\n  and<text:s text:c="1000000000"/>Beta<text:tab/>agree<text:line-break/>today</text:p>'
    )

    assert text(tmp_path, body) == "Acme and Beta agree\ntoday"


def test_notes_comments_hidden_text_readings_and_descriptions_are_left_out(tmp_path):
    body = (
        '<text:p>Acme<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        f"<text:note-body>{paragraph('note')}</text:note-body></text:note>"
        f"<office:annotation><dc:creator>A</dc:creator>{paragraph('comment')}</office:annotation> agrees with "
        '<text:hidden-text text:condition="ooow:1" text:string-value="h">h</text:hidden-text>'
        "<text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text>とうきょう</text:ruby-text></text:ruby>"
        "<draw:frame><draw:image><office:binary-data>iVBORw0KGgo=</office:binary-data></draw:image>"
        "<svg:title>Logo</svg:title><svg:desc>A logo</svg:desc></draw:frame>, <text:title>Venture</text:title></text:p>"
    )

    assert text(tmp_path, body) == "Acme agrees with 東京, Venture"


def test_a_text_box_is_read(tmp_path):
    box = f"<draw:frame><draw:text-box>{paragraph('Boxed.')}</draw:text-box></draw:frame>"

    assert text(tmp_path, f"<text:p>Anch{box}ored.</text:p>") == "Boxed.\nAnchored."


def test_a_row_of_a_table_is_a_line(tmp_path):
    before, after = paragraph("Acme and Beta form a venture."), paragraph("It starts in May.")

    assert text(tmp_path, before + table([["Acme"], ["50 %"]]) + after) == (
        "Acme and Beta form a venture.\nAcme | 50 %\nIt starts in May."
    )
    assert text(tmp_path, paragraph("News") + table([["Acme and Beta", "agree."], [], ["May"]])) == (
        "News\nAcme and Beta agree. | May"
    )


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"))))
def test_any_text_comes_out_as_it_went_in(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("text") / "contract.odt"
    path.write_bytes(odt("".join(map(paragraph, [*lines, "."]))))

    [raw] = readers.reader(path)(path)

    assert normalise(raw.text) == normalise("\n".join([*lines, "."]))


# Hostile and damaged files


def refusal(folder, content, reason):
    """Return the detail with which a file is refused."""
    [refused] = read(folder, content)
    assert isinstance(refused, Refused), refused
    assert refused.reason == reason
    return refused.detail


def test_entities_are_refused_unexpanded_and_no_other_file_is_read(tmp_path):
    (tmp_path / "secret").write_text("secret")
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    outside = f'<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">'
    body = paragraph("x").replace("x", "&x;&e11;")

    detail = refusal(
        tmp_path, odt(body, before=f'<!DOCTYPE w [<!ENTITY e0 "ha">{bomb}{outside}]>'), "malformed"
    )

    assert "document type" in detail


def test_a_part_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path):
    detail = refusal(tmp_path, odt(paragraph("a" * (readers.MAXIMUM_BYTES + 1))), "too_large")

    assert f"at most {readers.MAXIMUM_BYTES:,} are read" in detail


def test_a_manifest_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAXIMUM_BYTES", 2000)
    parts = {"META-INF/manifest.xml": MANIFEST.format(" " * 9000), "content.xml": document(paragraph("a"))}

    assert "in one document" in refusal(tmp_path, package(parts), "too_large")


@pytest.mark.parametrize(
    "parts",
    [
        {
            "META-INF/manifest.xml": MANIFEST.format("<manifest:encryption-data/>"),
            "content.xml": b"\x93\x07\xff",
        },
        {"META-INF/manifest.xml": MANIFEST.format(""), "encrypted-package": b"\x93\x07\xff"},
    ],
)
def test_a_file_behind_a_password_is_refused(tmp_path, parts):
    """As LibreOffice locks files since 2005, and since 2024."""
    assert "without a password" in refusal(tmp_path, package(parts), "unreadable")


def test_elements_without_end_in_one_another_are_refused_or_read(tmp_path):
    assert refusal(tmp_path, odt("<text:section>" * 50_000 + "</text:section>" * 50_000), "no_text")


@pytest.mark.parametrize(
    ("content", "reason", "says"),
    [
        (b"", "malformed", "not a ZIP file, so no ODT"),
        (b"{\\rtf1 Acme}", "malformed", "not a ZIP file, so no ODT"),
        (package({"word/document.xml": "<x/>"}), "malformed", "found word/document.xml"),
        (package({"content.xml": ""}), "malformed", "no XML"),
        (package({"content.xml": document(paragraph("a"))[:-20]}), "malformed", "no XML"),
        (package({"content.xml": document("<text:p>a</text:h>")}), "malformed", "no XML"),
        (package({"content.xml": '<?xml version="1.0" encoding="x-none"?><a/>'}), "malformed", "no XML"),
        (odt(""), "no_text", "only pictures"),
    ],
)
def test_what_is_no_odt_or_damaged_is_refused_with_what_was_found(tmp_path, content, reason, says):
    assert says in refusal(tmp_path, content, reason)


def test_a_file_that_is_cut_off_anywhere_is_refused(tmp_path):
    whole = odt(paragraph("Acme and Beta agree."))

    for size in range(0, len(whole) - 1, 97):
        refusal(tmp_path, whole[:size], "malformed")


@given(content=st.binary(max_size=300), head=st.sampled_from([b"", b"PK\x03\x04"]))
def test_random_bytes_are_refused(tmp_path_factory, content, head):
    [refused] = read(tmp_path_factory.mktemp("bytes"), head + content)

    assert isinstance(refused, Refused)
