"""What extraction found is kept, and taken for a document again exactly if nothing that decides it has changed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from entente import cache, cli, extract, ingest, lexicon, names
from entente.readers import Raw
from entente.records import Document

CORPUS = Path(__file__).parents[1] / "corpus"
TEXTS = [
    "Acme Corp and Beta Ltd formed a joint venture.",
    "Gamma Inc said profit rose.",
    "Delta met Epsilon.",
]


@pytest.fixture
def part(tmp_path):
    """Return a file of three documents."""
    raws = [Raw(text, title=f"Title {n}", id=str(n)) for n, text in enumerate(TEXTS)]
    cli.write(tmp_path / "documents.jsonl", [ingest.document(raw, "wire", raw.id, hint="en") for raw in raws])
    return tmp_path / "documents.jsonl"


def run(part):
    """Extract from a part; return what it wrote."""
    outputs = [part.with_name(f"{name}.jsonl") for name in ("mentions", "claims")]
    extract.run(part, *outputs, known=part.with_name("known.jsonl"))
    return [path.read_bytes() for path in outputs]


@pytest.fixture
def read(monkeypatch):
    """Return a list to which the ids of documents are added that are read."""
    ids, plain = [], extract.extract
    monkeypatch.setattr(
        extract, "extract", lambda document: [ids.append(document.source), plain(document)][1]
    )
    return ids


def test_a_second_run_reads_nothing_and_writes_the_same(part, read):
    first = run(part)
    assert b"Acme Corp" in first[0]
    assert len(read) == 3

    assert run(part) == first
    assert len(read) == 3


def test_a_name_with_a_line_separator_is_known_again(tmp_path):
    """JSON Lines end with a line feed; other separators are text."""
    found = [['{"name":"Acme\u2028Corp\x85"}'], []]
    (tmp_path / "known.jsonl").write_text(cache.dump("a", found), encoding="utf-8")

    assert cache.load(tmp_path / "known.jsonl") == {"a": found}


def test_a_document_that_changed_in_any_field_is_read_again(part, read):
    run(part)
    documents = list(cli.read(part, Document))
    documents[1] = documents[1].model_copy(update={"date": "1987-03-01"})
    cli.write(part, documents)
    read.clear()

    run(part)

    assert read == ["1"]


@pytest.mark.parametrize("broken", [b"", b"[", b"\xff\n", b'{"a": 1}\n', b"[1]\n", b"null\n"])
def test_a_broken_file_of_what_is_known_costs_a_reading_and_no_more(part, broken):
    first = run(part)
    part.with_name("known.jsonl").write_bytes(broken)

    assert run(part) == first


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("lexicon/da.yaml", {"da"}),
        ("lexicon/words/en.txt", {"en"}),
        ("lexicon/contracts/sv.yaml", {"sv"}),
        ("claims.py", {"da", "en", "sv"}),
        ("model/decisions.json", {"da", "en", "sv"}),
    ],
)
def test_an_edit_concerns_the_language_or_all(tmp_path, file, changed):
    package = tmp_path / "entente"
    shutil.copytree(Path(cache.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    code = "from entente import cache; print(*(cache.behind(language) for language in ('da', 'en', 'sv')), sep='\\n')"

    def behind():
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return done.stdout.splitlines()

    before = behind()
    with (package / file).open("a", encoding="utf-8") as opened:
        opened.write("\n# edit\n")

    after = behind()

    assert {
        n for n, one, other in zip(("da", "en", "sv"), before, after, strict=True) if one != other
    } == changed


def test_a_document_is_read_by_the_lexicon_of_its_language_alone(monkeypatch):
    """Else what is kept of it would be wrong after an edit of another; legal forms are known from the start."""
    names.same("Acme", "Acme Corp")
    loaded, plain = set(), lexicon.load
    monkeypatch.setattr(lexicon, "load", lambda language: [loaded.add(language), plain(language)][1])

    for language in ("da", "en", "ja", "ko", "zh"):
        for path in sorted(CORPUS.glob(f"*/documents/{language}/*.txt"))[:20]:
            text = path.read_text(encoding="utf-8")
            loaded.clear()
            extract.extract(ingest.document(Raw(text), "c", path.name, hint=language))
            assert loaded <= {language}, path
