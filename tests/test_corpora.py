"""A corpus is a folder with a description; its files fall into parts by their paths alone."""

import pytest
from entente import corpora
from entente.errors import EntenteError

SHA256_OF_PATH = "7fb8066e765d543e"  # of sv/sony.txt, by sha256sum
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


def test_parts_grow_in_powers_of_two(folder):
    corpus = corpora.load(folder)

    assert corpora.parts(corpus) == 1
    assert corpora.parts(corpus, documents=1) == 4
    assert corpora.parts(corpus, megabytes=0.000005) == 4  # 15 bytes at 5 bytes a part


def test_every_file_is_in_one_part_and_a_new_file_moves_no_other():
    paths = [f"sv/{number}.txt" for number in range(1_000)]
    before = {path: corpora.part_of(path, 8) for path in paths}

    assert set(before.values()) == set(range(8))
    assert {path: corpora.part_of(path, 8) for path in [*paths, "new.txt"]}.items() >= before.items()
    assert corpora.part_of("sv/sony.txt", 8) == int(SHA256_OF_PATH, 16) % 8
