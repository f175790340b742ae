"""Every file and every record ends as a document or as a rejection, whatever is in it."""

import hashlib
import json
import os

import pytest
from entente import cli, corpora, ingest, readers
from entente.corpora import Corpus
from entente.readers import Raw
from entente.records import Document, Rejected
from hypothesis import given
from hypothesis import strategies as st

NEWS = "STOCKHOLM, 24 April 2001 - Sony Corp <SNE> and Ericsson said they will form a joint venture."
DESCRIPTION = """title: Wire
language: en
licence: CC-BY-4.0
source: https://example.org
retrieved: 2026-11-21
citation: Doe (2026)
drawn: All stories of one day.
random: false
"""


def described(folder, **known):
    """Return the corpus `wire` whose documents lie in *folder*."""
    words = dict.fromkeys(("title", "licence", "source", "retrieved", "citation", "drawn"), "")
    return Corpus(name="wire", documents=folder, language=None, random=False, **words | known)


def documents(folder, *paths, **options):
    return list(ingest.documents(described(folder), paths, **options))


def reasons(found):
    return [(record.source, record.reason) for record in found]


@pytest.fixture
def corpus(tmp_path):
    """Return a corpus with sound and with broken files."""
    root = tmp_path / "wire" / "documents"
    (root / "en").mkdir(parents=True)
    (root / "en" / "sony.txt").write_text(f"Sony and Ericsson\n\n{NEWS}", encoding="utf-8")
    lines = [{"id": "a", "text": NEWS}, {"id": "a", "text": NEWS}, {"id": "b", "text": "\u200b"}, {"id": "c"}]
    (root / "wire.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n{", encoding="utf-8")
    (root / "broken.txt").write_bytes(b"Soci\xe9t\xe9 \xff\xfe\x00 G\xe9n\xe9rale")
    (root / "empty.md").write_bytes(b"")
    (root / "notes.odd").write_bytes(b"PK")
    (root / "nothing.jsonl").write_bytes(b"\n\n")
    os.mkfifo(root / "pipe.txt")
    (root / "gone.txt").symlink_to(root / "missing.txt")
    (root / "loop.txt").symlink_to(root / "loop.txt")
    (root / "secret.txt").symlink_to("/etc/hostname")
    (root / "folder").symlink_to(tmp_path)
    (tmp_path / "wire" / "corpus.yaml").write_text(DESCRIPTION, encoding="utf-8")
    return tmp_path / "wire"


def run(corpus, folder, *part):
    """Run the stage's command on the corpus, or on one part; return its documents and rejections."""
    output, rejected = (folder / f"{'-'.join(part)}{name}.jsonl" for name in ("documents", "rejected"))
    arguments = [str(corpus), *part]
    arguments += ["--output", str(output), "--rejected", str(rejected)]
    with pytest.raises(SystemExit) as end:
        cli.main(ingest.__doc__, ingest.add_arguments, ingest.ingest, arguments)
    assert end.value.code == 0
    return list(cli.read(output, Document)), list(cli.read(rejected, Rejected))


def test_a_document_holds_what_is_known_of_the_text():
    raw = Raw(title="Sony  and\nEricsson", text=f"{NEWS}\r\n\r\n\r\nMore\u00a0here.", url="https://x.y")

    document = ingest.document(raw, "wire", "en/sony.txt")

    text = f"{NEWS}\n\nMore here."
    assert (document.id, document.corpus, document.source) == ("wire/en/sony.txt", "wire", "en/sony.txt")
    assert (document.title, document.text, document.url) == ("Sony and Ericsson", text, "https://x.y")
    assert document.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert (document.language, document.date, document.date_source) == ("en", "2001-04-24", "dateline")
    assert document.genre == "announcement"


def test_a_text_over_the_limit_is_rejected():
    at_limit = ingest.document(Raw(text=" \u00e9" * 100), "wire", "a.txt", max_characters=199)
    above = ingest.document(Raw(text="é" * 200), "wire", "a.txt", max_characters=199)

    assert isinstance(at_limit, Document)
    assert (above.reason, above.detail) == ("too_large", "200 characters; at most 199 are taken")


def test_the_number_in_a_record_id_is_no_date(tmp_path):
    (tmp_path / "wire.jsonl").write_text('{"id": "1987", "text": "Sony and Ericsson."}', encoding="utf-8")

    [document] = documents(tmp_path, "wire.jsonl")

    assert (document.date, document.date_source) == (None, "none")


def test_each_way_to_fail_has_its_reason(corpus):
    root = corpus / "documents"
    paths = sorted(
        path.name for path in root.iterdir() if path.name not in ("en", "wire.jsonl", "broken.txt")
    )

    assert reasons(documents(root, *paths)) == [
        ("empty.md", "no_text"),
        ("folder", "outside"),
        ("gone.txt", "unreadable"),
        ("loop.txt", "unreadable"),
        ("notes.odd", "unsupported"),
        ("nothing.jsonl", "no_text"),
        ("pipe.txt", "unsupported"),
        ("secret.txt", "outside"),
    ]


def test_repeated_ids_are_told_apart_and_broken_lines_are_counted(corpus):
    first, second, empty, wanting, broken = documents(corpus / "documents", "wire.jsonl")

    assert [first.id, second.id] == ["wire/wire.jsonl#a", "wire/wire.jsonl#a-2"]
    assert reasons([empty, wanting, broken]) == [
        ("wire.jsonl#b", "no_text"),
        ("wire.jsonl#c", "malformed"),
        ("wire.jsonl#line 5", "malformed"),
    ]


def test_a_reader_that_breaks_rejects_the_rest_of_its_file_only(tmp_path, monkeypatch):
    def broken(path):
        yield Raw(id="a", text=NEWS)
        raise RuntimeError("boom")

    monkeypatch.setattr(readers, "reader", lambda path, how: broken)
    for name in ("1.txt", "2.txt"):
        (tmp_path / name).touch()

    found = documents(tmp_path, "1.txt", "2.txt")

    assert [type(record) for record in found] == [Document, Rejected] * 2
    assert found[1].detail == "after 1 records: RuntimeError: boom"


def test_the_sum_holds_and_part_sizes_do_not_matter(corpus, tmp_path, capsys):
    kept, rejected = run(corpus, tmp_path)
    assert "11 files, 15 records = 4 documents + 11 rejections" in capsys.readouterr().err

    parts = corpora.parts(corpora.load(corpus), documents=3)
    divided = [run(corpus, tmp_path, "--part", part, "--part-documents", "3") for part in parts]
    assert len(divided) > 2
    assert sorted(str(one) for part in divided for one in part[0]) == sorted(map(str, kept))
    assert sorted(str(one) for part in divided for one in part[1]) == sorted(map(str, rejected))


def test_two_runs_write_the_same_bytes(corpus, tmp_path):
    for folder in ("one", "two"):
        run(corpus, tmp_path / folder)

    first, second = (sorted((tmp_path / folder).iterdir()) for folder in ("one", "two"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_nothing_says_where_on_the_machine_the_corpus_lies(corpus, tmp_path):
    run(corpus, tmp_path / "out")

    assert not any(str(tmp_path) in path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir())


def test_a_file_name_that_is_no_unicode_is_written_with_escapes(tmp_path):
    name = os.fsdecode(b"caf\xe9.txt")
    (tmp_path / name).write_text(NEWS, encoding="utf-8")

    [document] = documents(tmp_path, name)

    assert document.source == r"caf\xe9.txt"
    assert Document.model_validate_json(document.model_dump_json()) == document


@given(st.text(), st.text(), st.none() | st.text(), st.none() | st.text())
def test_any_record_becomes_a_document_or_a_rejection_that_can_be_written(title, text, date, language):
    found = ingest.document(Raw(title=title, text=text, date=date, language=language), "wire", "a.txt")

    assert type(found).model_validate_json(found.model_dump_json()) == found
