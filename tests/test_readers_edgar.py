"""A submission to EDGAR gives the form and each text exhibit, whole, with its paragraphs, and nothing that is no text."""

import pytest
from entente import readers
from entente.readers import How, Raw, Refused, edgar
from hypothesis import given
from hypothesis import strategies as st

HEADER = """<SEC-DOCUMENT>{accession}.txt : 20010424
<SEC-HEADER>{accession}.hdr.sgml : 20010424
<ACCEPTANCE-DATETIME>20010424163000
ACCESSION NUMBER:\t\t{accession}
CONFORMED SUBMISSION TYPE:\t8-K
PUBLIC DOCUMENT COUNT:\t\t2
CONFORMED PERIOD OF REPORT:\t20010420
ITEM INFORMATION:\t\tOther events
FILED AS OF DATE:\t\t20010424

FILER:

\tCOMPANY DATA:\t
\t\tCOMPANY CONFORMED NAME:\t\t\tSONY CORP
\t\tCENTRAL INDEX KEY:\t\t\t0000313838
</SEC-HEADER>
"""
FIRST, SECOND = "0000950109-01-501234", "0000950109-01-501235"
TEXT = """                                  -2-
     2.1  Supply.  Acme shall deliver the engines to the joint venture, and
Beta shall buy them from it, at the price that both of them agree on in
writing.
     2.2  Term.  Ten years.

     (a)  as long as the joint venture exists, and unless one of the parties
          gives notice of one year to the other one; or

                              ACME CORPORATION

                              By: /s/ A. Smith
                                  President
                                                                             3
<PAGE>   4
                                                                             4

At once.

<TABLE>
<CAPTION>
                         1999       2000
<S>                      <C>        <C>
Net sales.............   $ 1,000    $ 2,000
</TABLE>
"""
SUPPLY = """2.1 Supply. Acme shall deliver the engines to the joint venture, and Beta shall buy them from it, at the price\
 that both of them agree on in writing."""
AS_LONG = """(a) as long as the joint venture exists, and unless one of the parties gives notice of one year to the other\
 one; or"""


def document(body, kind="EX-10.1", number=2, *, filename=None, description=None):
    """Return a document as a submission has it."""
    named = f"<FILENAME>{filename}\n" if filename else ""
    named += f"<DESCRIPTION>{description}\n" if description else ""
    return f"<DOCUMENT>\n<TYPE>{kind}\n<SEQUENCE>{number}\n{named}<TEXT>\n{body}\n</TEXT>\n</DOCUMENT>\n"


def submission(*documents, accession=FIRST):
    """Return a full submission text file."""
    return HEADER.format(accession=accession) + "".join(documents) + "</SEC-DOCUMENT>\n"


def read(folder, content):
    """Return what the reader makes of a file with this content, refusals included."""
    path = folder / "filing.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(readers.records(readers.reader(path, How(name="edgar")), path))


def test_the_form_and_its_exhibits_are_records_of_the_day_of_filing(tmp_path):
    """Known by their files' names; the oldest have none, and are known by type and number."""
    found = read(
        tmp_path,
        submission(
            document("Item 5. Other events.", "8-K", 1, filename="form8k.txt", description="CURRENT REPORT"),
            document("Joint venture agreement.", description="EX-10.1"),
            document("Press release.", "EX-99.(A)(5)", 3, filename="ex99.htm"),
        ),
    )

    assert found == [
        Raw(id=f"{FIRST}/form8k.txt", title="CURRENT REPORT", text="Item 5. Other events.", date="20010424"),
        Raw(id=f"{FIRST}/EX-10.1-2", text="Joint venture agreement.", date="20010424"),
        Raw(id=f"{FIRST}/ex99.htm", text="Press release.", date="20010424"),
    ]


def test_several_submissions_in_one_file_are_read_each_with_its_own_header(tmp_path):
    found = read(tmp_path, submission(document("One.")) + submission(document("Two."), accession=SECOND))

    assert [(record.id.split("/")[0], record.text) for record in found] == [(FIRST, "One."), (SECOND, "Two.")]


def test_a_submission_wrapped_in_privacy_enhanced_mail_is_unwrapped(tmp_path):
    """RFC 1421 puts a dash and a blank before each line that opens with a dash."""
    wrapped = f"""-----BEGIN PRIVACY-ENHANCED MESSAGE-----
Proc-Type: 2001,MIC-CLEAR
Originator-Name: keymaster@town.hall.org
MIC-Info: RSA-MD5,RSA,
 Xzk7NMlOzKoaTGXXDCmTTNNw5KQDPpNzSUd3yWZzICc51rTLO3IEHKbx4vtrIKgW

<IMS-DOCUMENT>0000918983-94-000005.txt : 19940221
<IMS-HEADER>0000918983-94-000005.hdr.sgml : 19940221
ACCESSION NUMBER:\t\t0000918983-94-000005
FILED AS OF DATE:\t\t19940218
</IMS-HEADER>
{document("- -- First, a dash." + chr(10) * 2 + "Sony.", "10-K", 1)}</IMS-DOCUMENT>
-----END PRIVACY-ENHANCED MESSAGE-----
"""

    assert read(tmp_path, wrapped + submission(document("- - Kept."))) == [
        Raw(id="0000918983-94-000005/10-K-1", text="-- First, a dash.\nSony.", date="19940218"),
        Raw(id=f"{FIRST}/EX-10.1-2", text="- - Kept.", date="20010424"),
    ]


def test_a_submission_of_the_daily_feed_is_read(tmp_path):
    header = f"<SUBMISSION>\n<ACCESSION-NUMBER>{FIRST}\n<TYPE>8-K\n<FILING-DATE>20010424\n<FILER>\n</FILER>\n"

    [record] = read(tmp_path, header + document("Sony.", "8-K", 1) + "</SUBMISSION>\n")

    assert (record.id, record.date) == (f"{FIRST}/8-K-1", "20010424")


def test_the_lines_of_a_paragraph_are_joined_and_those_of_tables_are_not(tmp_path):
    """Across a page and its number; a new item, a short line and a signature begin anew."""
    [record] = read(tmp_path, submission(document(TEXT)))

    assert [" ".join(line.split()) for line in record.text.split("\n")] == [
        "-2-",
        SUPPLY,
        "2.2 Term. Ten years.",
        AS_LONG,
        "ACME CORPORATION",
        "By: /s/ A. Smith",
        "President",
        "At once.",
        "1999 2000",
        "Net sales............. $ 1,000 $ 2,000",
    ]


def test_a_paragraph_goes_on_over_a_page(tmp_path):
    page = "The parties shall found a company, in which each of them holds one half\n\n     12\n<PAGE>\n\nof it.\n"

    [record] = read(tmp_path, submission(document(page)))

    assert record.text == "The parties shall found a company, in which each of them holds one half of it."


def test_html_is_taken_whole(tmp_path):
    """With what looks like a menu or a footer on the web; a row of a table is a line if its cells are."""
    page = """<HTML><HEAD><TITLE>ex10.htm</TITLE><style>p {color: red}</style></HEAD><BODY>
    <div><a href="#1">Table of contents</a></div><p>Société commune&nbsp;de
    <b>Sony</b>&#8217;s.</p><table><tr><td>Share</td><td></td><td><p>50</p></td><td>%</td></tr>
    <tr><td>2.1</td><td><p>Supply.</p><p>Term.</p></td></tr></table><hr><footer>Page 1</footer>
    <PRE>
The parties shall found a company, in which each of them
holds one half of the shares.

SIGNED
</PRE></BODY></HTML>"""

    [record] = read(tmp_path, submission(document(page, filename="ex10.htm")))

    assert record.text.split("\n") == [
        "Table of contents",
        "Société commune\u00a0de Sony’s.",
        "Share | 50 | %",
        "2.1",
        "Supply.",
        "Term.",
        "Page 1",
        "The parties shall found a company, in which each of them holds one half of the shares.",
        "SIGNED",
    ]


def test_inline_xbrl_is_the_page_that_it_is_in(tmp_path):
    """Without its hidden header; XBRL's own files are data."""
    page = """<XBRL>
<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"><head><title>8-K</title></head>
<body><div style="display: none"><ix:header><ix:hidden><ix:nonNumeric name="dei:AmendmentFlag">false</ix:nonNumeric>
</ix:hidden></ix:header></div><p>On <ix:nonNumeric name="dei:Date">April 24, 2001</ix:nonNumeric>, 合弁.</p></body></html>
</XBRL>"""

    [record] = read(tmp_path, submission(document(page, "8-K", 1, filename="x.htm")))

    assert record.text == "On April 24, 2001, 合弁."


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("GRAPHIC", "begin 644 g1.jpg\nM_]C_X``02D9)\n`\nend"),
        ("EX-99.1", "<PDF>\nbegin 644 ex99.pdf\nM)5!$1BTQ\n`\nend\n</PDF>"),
        ("EX-101.INS", "<XBRL>\n<?xml version='1.0'?>\n<xbrl/>\n</XBRL>"),
        ("XML", "<XML>\n<?xml version='1.0'?>\n<report/>\n</XML>"),
        ("4", "<XML>\n<?xml version='1.0'?>\n<ownershipDocument/>\n</XML>"),
        ("EX-27", "<ARTICLE> 5\n<CASH> 1,000"),
        ("EX-31.1", "I, A. Smith, certify that:"),
        ("EX-32", "Pursuant to 18 U.S.C. 1350"),
        ("ZIP", "begin 644 x.zip\n`\nend"),
    ],
)
def test_what_is_no_text_of_the_filer_is_left_out(tmp_path, kind, body):
    """A submission that has nothing else is refused, so that it is not lost."""
    found = read(tmp_path, submission(document(body, kind)) + submission(document("Sony."), accession=SECOND))

    assert [(record.id, type(record)) for record in found] == [(FIRST, Refused), (f"{SECOND}/EX-10.1-2", Raw)]
    assert found[0].reason == "no_text"


@pytest.mark.parametrize(
    "kind", ["EX-3.1", "EX-10.31", "EX-10.1", "EX-2", "EX-99", "EX-10", "10-K405", "CORRESP"]
)
def test_all_other_documents_are_read(tmp_path, kind):
    [record] = read(tmp_path, submission(document("Sony.", kind)))

    assert record.text == "Sony."


def test_escaped_signs_are_what_they_stand_for(tmp_path):
    """And what looks like a sign that is left open is text."""
    [record] = read(tmp_path, submission(document("AT&amp;T &lt;T&gt;, R&D &notin, &#167; 5")))

    assert record.text == "AT&T <T>, R&D &notin, § 5"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_document_is_decoded_by_itself(tmp_path, encoding):
    text = "Société Générale a créé une société commune à Évry, détenue à parité."

    found = read(tmp_path, submission(document(text), document("Ångström – “Sony”.")).encode(encoding))

    assert [record.text for record in found] == [text, "Ångström – “Sony”."]


# Hostile and broken files


def test_a_document_that_is_cut_off_is_refused_and_the_others_go_on(tmp_path):
    cut = document("Cut").replace("</DOCUMENT>\n", "")
    no_text = document("Bare").replace("<TEXT>", "")

    found = read(
        tmp_path,
        submission(cut, no_text, document("Whole.")) + submission(cut, accession=SECOND) + submission(cut),
    )

    assert [type(record) for record in found] == [Refused, Refused, Raw, Refused, Refused]
    assert {record.reason for record in found if isinstance(record, Refused)} == {"malformed"}
    assert "cut off" in found[0].detail


@pytest.mark.parametrize(
    "content", ["", "A letter.", "<html><body>8-K</body></html>", document("Sony."), b"\0" * 9999]
)
def test_another_file_is_refused(tmp_path, content):
    [refused] = read(tmp_path, content)

    assert refused.reason == "unsupported"
    assert "expected EDGAR's full submission text file" in refused.detail


def test_a_document_that_is_too_large_is_refused_and_the_others_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr(edgar, "MAXIMUM_BYTES", 1000)

    found = read(
        tmp_path, submission(document("Sony.\n" * 9999), document("x" * 99_999, "GRAPHIC"), document("Good."))
    )

    assert [getattr(record, "reason", "read") for record in found] == ["too_large", "read"]


def test_html_that_is_nested_too_deep_is_refused_rather_than_read_in_part(tmp_path):
    """Unclosed marks of a few hundred old word processors are no such case."""
    page = "<html><body>" + "<font>" * 1000 + "Sony."

    old, hostile = read(tmp_path, submission(document(page), document(page.replace("<font>", "<font>" * 9))))

    assert old.text == "Sony."
    assert (hostile.id, hostile.reason) == (f"{FIRST}/EX-10.1-2", "malformed")


def test_lines_without_end_and_marks_without_number_are_no_trouble(tmp_path):
    """Each would take hours if every blank or mark were weighed against all that follow."""
    long = "a" + " " * 500_000 + "b"
    pages = "<PAGE>\n" * 50_000
    block = "word " * 99_000 + "\n" + "Sony and Ericsson agree.\n" * 50_000

    found = read(tmp_path, submission(document(long), document(pages + "Sony."), document(block)))

    assert [len(record.text) for record in found][:2] == [500_002, 5]


@given(
    st.lists(
        st.text("Sony and Ericsson, 日本語合弁 éàß العربية &.", min_size=1).filter(
            lambda text: text.strip() and "-" not in text
        ),
        min_size=1,
        max_size=5,
    )
)
def test_wrapped_text_comes_out_as_it_was_before(tmp_path_factory, paragraphs):
    """Every word, in order; a paragraph is a line."""
    import textwrap  # noqa: PLC0415

    wrapped = "\n\n".join(textwrap.fill("Whereas " + text, 72, break_long_words=False) for text in paragraphs)

    [record] = read(tmp_path_factory.mktemp("text"), submission(document(wrapped)))

    assert [line.split() for line in record.text.split("\n")] == [
        ["Whereas", *text.split()] for text in paragraphs
    ]


@given(content=st.binary(max_size=200), keep=st.integers(0, 2000))
def test_random_bytes_end_as_records_or_refusals(tmp_path_factory, content, keep):
    whole = submission(document(TEXT), document("<html><p>Sony</html>")).encode()

    found = read(tmp_path_factory.mktemp("bytes"), whole[:keep] + content + whole[keep + len(content) :])

    assert all(isinstance(record, Raw | Refused) for record in found)
