"""Files made to break their readers are read, cleaned, or rejected with the reason; nothing else comes to harm."""

import unicodedata
from collections import defaultdict
from pathlib import Path

import hostile
import pytest
from entente import corpora, extract, ingest, tables
from entente.isolation import Limits
from entente.records import Document

REASONS = {
    "billion-laughs.xml": "malformed",
    "quadratic-blowup.xml": "malformed",
    "external-entity.xml": "malformed",
    "parameter-entity.xml": "malformed",
    "deep.xml": "malformed",
    "cut-off.xml": "malformed",
    "bomb.zip#a.txt": "too_large",
    "bomb.txt.gz": "too_large",
    "bomb.txt.bz2": "too_large",
    "bomb.txt.xz": "too_large",
    "bomb.tgz#a.txt": "too_large",
    "bomb.docx": "too_large",
    "bomb.odt": "too_large",
    "bomb.xlsx": "too_large",
    "nested.zip#5.zip#4.zip#3.zip#2.zip": "too_large",
    "climbing.zip#../climbing.txt": "outside",
    "climbing.tar#/tmp/climbing.txt": "outside",
    "symlink.tar#a.txt": "unsupported",
    "device.tar#a.txt": "unsupported",
    "cut-off.zip": "malformed",
    "not-an-archive.tar": "malformed",
    "laughs.docx": "malformed",
    "laughs.odt": "malformed",
    "deep.rtf": "malformed",
    "deep.json": "malformed",
    "deep.jsonl#line 1": "malformed",
    "huge.txt": "too_large",
    "huge.jsonl": "stopped",
    "huge.sgm": "stopped",
    "secret.txt": "outside",
    "zero.txt": "outside",
    "loop.txt": "unreadable",
    "pipe.txt": "unsupported",
    "socket.txt": "unsupported",
    "empty.txt": "no_text",
    "mark-only.txt": "no_text",
    "invisible.txt": "no_text",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the folder of the corpus, with its files."""
    folder = tmp_path_factory.mktemp("hostile") / "documents"
    hostile.write(folder)
    return folder


@pytest.fixture(scope="module")
def records(folder):
    """Return what reading the corpus gives, by source."""
    words = dict.fromkeys(("title", "licence", "source", "retrieved", "citation", "drawn"), "")
    corpus = corpora.Corpus(name="hostile", documents=folder, language=None, random=False, **words)
    found = list(ingest.documents(corpus, corpora.files(corpus), limits=Limits(seconds=60, megabytes=600)))
    return {record.source: record for record in found}


def test_every_file_ends_as_a_document_or_a_rejection(folder, records):
    files = defaultdict(int)
    for source in records:
        files[source.partition("#")[0]] += 1

    assert len(files) >= 60
    assert set(files) == set(corpora.files_below(folder))
    assert files["many.zip"] == 3_000
    assert all(record.detail for record in records.values() if not isinstance(record, Document))


@pytest.mark.parametrize("source", REASONS)
def test_what_cannot_be_read_says_why(records, source):
    assert getattr(records[source], "reason", "read") == REASONS[source]


@pytest.mark.parametrize(
    "source",
    [
        "external-dtd.xml",
        "script.html",
        "nul.html",
        "base.html",
        "utf-16-without-mark.txt",
        "utf-32-without-mark.txt",
        "lines.txt",
        "charset.eml#message 1",
        "live.jsonl#" + hostile.FORMULA,
        "climbing.jsonl#../../../etc/passwd",
        "=1+1.txt",
        "x" * 240 + ".txt",
    ],
)
def test_what_can_be_read_is_read(records, source):
    assert "Sony Corp and Ericsson said they will form a joint venture" in records[source].text


def test_no_file_outside_is_read_or_written(folder, records):
    texts = [f"{r.title} {r.text}" for r in records.values() if isinstance(r, Document)]

    assert not any(hostile.SECRET in text or "root:" in text for text in texts)
    assert folder.with_name("secret.txt").read_text(encoding="utf-8") == hostile.SECRET
    assert sorted(path.name for path in folder.parent.iterdir()) == ["documents", "secret.txt"]
    assert not Path("/tmp/climbing.txt").exists()  # where one archive has it


def test_texts_are_clean(records):
    """No control, no invisible mark, no half of a character, and a script of a page is no text."""
    for record in records.values():
        if isinstance(record, Document):
            shown = {unicodedata.category(c) for c in record.text.replace("\n", " ") + record.title}
            assert not shown & {"Cc", "Cf", "Cs"}
    assert "alert" not in records["script.html"].text


def test_nothing_published_is_live(records):
    """Names of files, ids and titles begin no formula, stay on one line, and hide nothing."""
    for record in records.values():
        for value in (record.source, getattr(record, "title", ""), getattr(record, "detail", "")):
            shown = tables.cell(value)
            assert not shown.startswith(tables.FORMULA)
            assert shown == " ".join(shown.split())
    assert (
        records["live.jsonl#" + hostile.FORMULA].url == "javascript:alert(1)"
    )  # as text; no page links to it


def test_texts_made_to_break_the_extraction_are_read_through(records):
    """Each cut to a size at which what grows with its square would be noticed by who waits for the tests."""
    for record in records.values():
        if isinstance(record, Document):
            document = record.model_copy(update={"text": record.text[:30_000].strip()})
            mentions, claims = extract.extract(document)
            for found in (*mentions, *claims):
                assert all(0 <= s.start < s.end <= len(document.text) for s in found.evidence)
