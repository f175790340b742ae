"""A PDF with a text layer becomes one text; a scan, a locked file and a broken one are refused with the reason."""

import pytest
from entente import ingest, readers
from entente.readers import Raw, Refused, pdf
from hypothesis import given
from hypothesis import strategies as st


def written(pages, trailer=""):
    """Return the bytes of a PDF with these pages, each a list of lines, and no more than the format asks for."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    kids = []
    for lines in pages:
        shown = " ".join(f"({line}) Tj 0 -20 Td" for line in lines)
        content = f"BT /F 12 Tf 50 700 Td {shown} ET"
        font = "/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {len(objects) + 2} 0 R{font}>>",
            f"<</Length {len(content)}>>stream\n{content}\nendstream",
        ]
        kids.append(f"{len(objects) - 1} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj{content}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode()


def read(folder, content):
    """Return what the reader makes of a file with this content."""
    path = folder / "contract.pdf"
    path.write_bytes(content)
    return list(readers.reader(path)(path))


def test_the_pages_are_joined_in_order(tmp_path):
    [record] = read(tmp_path, written([["Acme Inc. and", "Beta Ltd agree"], ["to cooperate."]]))

    assert record.text.split("\n") == ["Acme Inc. and", "Beta Ltd agree", "to cooperate."]


def test_what_stands_on_every_page_is_left_out(tmp_path):
    """Page numbers differ and are the same line; what stands inside the pages stays, repeated or not."""
    pages = [
        ["Acme Agreement", f"first {n}x", "the same", f"last {n}x", f"Page {n} of 4"] for n in range(1, 5)
    ]

    [record] = read(tmp_path, written(pages))

    assert record.text.split("\n")[:4] == ["first 1x", "the same", "last 1x", "first 2x"]
    assert "Page" not in record.text
    assert "Acme" not in record.text


def test_pages_without_text_are_told(tmp_path):
    """They are scans among pages with a text layer."""
    [record] = read(tmp_path, written([["Acme and Beta agree."], [], ["They cooperate."], []]))

    assert record.remarks == ("pages without text: 2, 4 of 4",)


def test_two_pages_with_the_same_first_line_keep_it(tmp_path):
    """It may be said twice."""
    [record] = read(tmp_path, written([["Schedule", "one"], ["Schedule", "two"]]))

    assert record.text.split("\n") == ["Schedule", "one", "Schedule", "two"]


@pytest.mark.parametrize("mark", ["\x02", "\ufffe", "\x02\r\n", "\ufffe\n"])
def test_a_word_divided_at_a_line_s_end_is_joined(mark):
    assert pdf.unhyphenated(f"alli{mark}ance of Hewlett{mark}Packard") == "alliance of Hewlett-Packard"


def test_a_scan_is_refused_and_told_what_would_help(tmp_path):
    with pytest.raises(Refused, match="2 pages and no text layer: a scan; run OCR") as refused:
        read(tmp_path, written([[], []]))

    assert refused.value.reason == "no_text"


def test_a_locked_file_is_refused(tmp_path):
    """It needs a password that nobody gave."""
    lock = f"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{'00' * 32}>/U<{'11' * 32}>>>/ID[<00><00>]"

    with pytest.raises(Refused, match="encrypted; save a copy without a password") as refused:
        read(tmp_path, written([["secret"]], lock))

    assert refused.value.reason == "unreadable"


def test_a_broken_file_is_a_recorded_rejection(tmp_path):
    (tmp_path / "contract.pdf").write_bytes(b"%PDF-1.4 and no more")

    [refused] = ingest.records(tmp_path, "contract.pdf")
    record = ingest.document(refused, "news", "contract.pdf")

    assert record.reason == "malformed"
    assert "not a PDF that can be opened" in record.detail


@given(content=st.binary(max_size=300))
def test_random_bytes_end_as_records_or_refusals(tmp_path_factory, content):
    try:
        found = read(tmp_path_factory.mktemp("bytes"), content)
    except Refused as refused:
        found = [refused]

    assert all(isinstance(record, Raw | Refused) for record in found)
