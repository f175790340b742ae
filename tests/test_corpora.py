"""A corpus is a folder with a description; its files fall into parts by their paths alone."""

import os

import pytest
from entente import corpora
from entente.errors import EntenteError

SHA256_OF_PATH = "e2eec2929025"  # of 1987-00000.txt, by sha256sum
DESCRIPTION = """title: Wire
language: en
licence: CC-BY-4.0
source: https://example.org
retrieved: 2026-11-21
citation: Doe (2026)
drawn: All stories of one day.
random: false
"""


@pytest.fixture
def folder(tmp_path):
    """Return a corpus of three files."""
    folder = tmp_path / "wire"
    for path in ("sv/b.txt", "a.txt", ".hidden/c.txt", "sv/.DS_Store", "ü.html"):
        place = folder / "documents" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("Sony.", encoding="utf-8")
    (folder / "corpus.yaml").write_text(DESCRIPTION, encoding="utf-8")
    return folder


def describe(folder, added):
    (folder / "corpus.yaml").write_text(DESCRIPTION + added, encoding="utf-8")


def test_a_description_is_read(folder):
    corpus = corpora.load(folder)

    assert (corpus.name, corpus.language, corpus.random, corpus.reader) == ("wire", "en", False, None)
    assert corpus.retrieved == "2026-11-21"
    assert corpora.files(corpus) == ["a.txt", "sv/b.txt", "ü.html"]


@pytest.mark.parametrize(
    ("added", "says"),
    [
        ("lisence: x\n", r"corpus\.yaml:9: unknown key 'lisence'; .*did you mean 'licence'"),
        ("reader: reuter\n", "reader 'reuter' is none of archive, .*html, .*text, warc; write one of them"),
        ("path: elsewhere\n", "no file or folder .*elsewhere; put the documents there"),
    ],
)
def test_a_faulty_description_is_refused_with_the_remedy(folder, added, says):
    describe(folder, added)

    with pytest.raises(EntenteError, match=says):
        corpora.load(folder)


def test_documents_may_lie_elsewhere(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("STORE", str(tmp_path / "wire" / "documents"))
    describe(folder, "path: $STORE/sv\n")

    assert corpora.files(corpora.load(folder)) == ["b.txt"]


def test_a_link_to_a_folder_is_listed_and_not_followed(folder, tmp_path):
    (folder / "documents" / "link").symlink_to(tmp_path)

    assert "link" in corpora.files(corpora.load(folder))


@pytest.fixture
def wire(folder):
    """Return a corpus of 3,000 small files, dated as those of a newswire are."""
    for number in range(3_000):
        (folder / "documents" / f"1987-{number:05}.txt").touch()
    return corpora.load(folder)


def names(found):
    """Return the parts as a set, each by its name and its files."""
    return {(name, *paths) for name, paths in found.items()}


def test_parts_are_stretches_of_the_sorted_files_within_the_limits(wire):
    found = corpora.parts(wire, documents=200, megabytes=1)

    assert [path for paths in found.values() for path in paths] == corpora.files(wire)
    sizes = [len(paths) for paths in found.values()]
    assert min(sizes[:-1]) >= 100
    assert max(sizes) <= 200
    assert next(iter(found)) == SHA256_OF_PATH


@pytest.mark.parametrize("new", ["1986.txt", "1987-00700a.txt", "1987-01999x.txt", "1988.txt"])
def test_a_new_file_changes_the_parts_around_it_alone(wire, new):
    before = names(corpora.parts(wire, documents=200, megabytes=1))

    (wire.documents / new).touch()

    assert len(names(corpora.parts(wire, documents=200, megabytes=1)) - before) <= 3


def test_a_part_holds_so_many_bytes_and_a_larger_file_is_alone(folder):
    for name, size in {"a": 40, "b": 40, "c": 40, "d": 500, "e": 1}.items():
        (folder / "documents" / f"{name}.txt").write_bytes(b"x" * size)

    found = corpora.parts(corpora.load(folder), documents=100, megabytes=0.0001)

    assert list(found.values())[-2:] == [["d.txt"], ["e.txt", "sv/b.txt", "ü.html"]]
    assert all(len(paths) <= 2 for paths in list(found.values())[:-2])


def replaced(path):
    """Put an older file with a text as long in the place of a file."""
    path.write_text("Fuji.", encoding="utf-8")
    os.utime(path, (0, 0))


@pytest.mark.parametrize(
    "change",
    [
        lambda place: replaced(place / "a.txt"),
        lambda place: (place / "a.txt").write_text("Sony Corp.", encoding="utf-8"),
        lambda place: (place / "a.txt").rename(place / "b.txt"),
        lambda place: (place / "a.txt").unlink(),
        lambda place: (place / "b.txt").symlink_to(place / "none"),
        lambda place: replaced(place.parent / "elsewhere.txt"),
    ],
    ids=["older, as long", "longer", "renamed", "removed", "a broken link more", "behind a link"],
)
def test_the_state_of_files_tells_any_change_of_them(folder, change):
    (folder / "elsewhere.txt").write_text("Sony.", encoding="utf-8")
    (folder / "documents" / "link.txt").symlink_to(folder / "elsewhere.txt")
    corpus = corpora.load(folder)

    def state():
        return corpora.state(corpus, corpora.files(corpus))

    before = state()
    assert state() == before

    change(folder / "documents")

    assert state() != before
