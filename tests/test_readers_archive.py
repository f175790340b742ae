"""Files in archives are read as if they lay beside it; nothing leaves the archive, and bombs do not go off."""

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile

import pytest
from entente import readers
from entente.readers import How, Raw, Refused
from hypothesis import given
from hypothesis import strategies as st

FILES = {
    "en/venture.txt": b"Sony and Ericsson\n\nSony and Ericsson formed a venture.",
    "ja/提携.txt": "ソニーとエリクソンは合弁会社を設立する。".encode(),
    "wire.jsonl": b'{"id": "a", "text": "Acme."}\n{"id": "b", "text": "Beta."}\n',
}
EXPECTED = [
    Raw(id="en/venture.txt", title="Sony and Ericsson", text="Sony and Ericsson formed a venture."),
    Raw(id="ja/提携.txt", text="ソニーとエリクソンは合弁会社を設立する。"),
    Raw(id="wire.jsonl#a", text="Acme."),
    Raw(id="wire.jsonl#b", text="Beta."),
]


def zipped(files):
    """Return a ZIP archive of {name: content}."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def tarred(files, mode="w"):
    """Return a tar archive of {name: content}; a content that is a TarInfo is put in as it is."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:
        for name, content in files.items():
            info = content if isinstance(content, tarfile.TarInfo) else tarfile.TarInfo(name)
            if content is info:
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def read(folder, name, content, how=readers.PLAIN):
    """Return all records of a file with this name and content."""
    path = folder / name
    path.write_bytes(content)
    return list(readers.records(lambda place: readers.reader(place, how)(place), path))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", zipped(FILES)),
        ("a.tar", tarred(FILES)),
        ("a.tar.gz", tarred(FILES, "w:gz")),
        ("a.TGZ", tarred(FILES, "w:gz")),
        ("a.tar.bz2", tarred(FILES, "w:bz2")),
        ("a.txz", tarred(FILES, "w:xz")),
    ],
)
def test_files_are_read_as_if_they_lay_beside_the_archive(tmp_path, name, content):
    assert read(tmp_path, name, content) == EXPECTED


@pytest.mark.parametrize(("ending", "module"), [("gz", gzip), ("bz2", bz2), ("xz", lzma)])
def test_a_packed_file_is_read_as_the_file(tmp_path, ending, module):
    found = read(tmp_path, f"wire.jsonl.{ending}", module.compress(FILES["wire.jsonl"]))

    assert [raw.id for raw in found] == ["a", "b"]
    assert read(tmp_path, f"a.txt.{ending}", module.compress(b"Sony.")) == [Raw("Sony.")]


def test_archives_in_archives_are_read_to_a_depth(tmp_path):
    content = {"a.txt": b"Sony."}
    for level in range(readers.DEPTH):
        content = {f"{level}.zip": zipped(content)}
    [deepest] = read(tmp_path, "a.zip", content[f"{readers.DEPTH - 1}.zip"])
    [deeper] = read(tmp_path, "b.zip", zipped(content))

    assert deepest == Raw(id="1.zip#0.zip#a.txt", text="Sony.")
    assert (deeper.reason, "unpack them" in deeper.detail) == ("too_large", True)


def test_the_reader_and_columns_of_the_corpus_hold_inside(tmp_path):
    how = How(columns={"text": "body", "id": "nr"})
    assert read(tmp_path, "a.zip", zipped({"a.csv": b"nr,body\n1,Sony."}), how) == [
        Raw(id="a.csv#1", text="Sony.")
    ]
    assert read(tmp_path, "b.zip", zipped({"a.story": b"Sony."}), How("text")) == [
        Raw(id="a.story", text="Sony.")
    ]


def test_what_a_system_hides_is_left_out_and_what_no_reader_knows_is_refused(tmp_path):
    files = {"__MACOSX/._a.txt": b"x", ".git/a.txt": b"x", "a.exe": b"MZ", "b.txt": b"Sony."}

    refused, kept = read(tmp_path, "a.zip", zipped(files))

    assert (refused.id, refused.reason) == ("a.exe", "unsupported")
    assert kept.id == "b.txt"


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "a/../../b.txt"])
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_path_that_climbs_is_refused_and_writes_nothing(tmp_path, name, pack):
    folder = tmp_path / "inner" / "folder"
    folder.mkdir(parents=True)

    climbing, kept = read(
        folder, "a.zip" if pack is zipped else "a.tar", pack({name: b"Sony.", "b.txt": b"Sony."})
    )

    assert climbing.reason == "outside"
    assert kept == Raw(id="b.txt", text="Sony.")
    assert [path.name for path in tmp_path.rglob("*.txt")] == []


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.BLKTYPE])
def test_links_and_devices_of_a_tar_are_refused(tmp_path, kind):
    link = tarfile.TarInfo("passwd.txt")
    link.type, link.linkname = kind, "/etc/passwd"

    refused, kept = read(tmp_path, "a.tar", tarred({"passwd.txt": link, "b.txt": b"Sony."}))

    assert (refused.id, refused.reason) == ("passwd.txt", "unsupported")
    assert kept.text == "Sony."


@pytest.mark.parametrize("name", ["bomb.zip", "bomb.tar.gz", "bomb.txt.gz"])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch, name):
    monkeypatch.setattr(readers, "ALLOWANCE", 1000)
    zeros = bytes(5_000_000)
    packed = {
        "bomb.zip": zipped({"a.txt": zeros, "b.txt": b"Sony."}),
        "bomb.tar.gz": tarred({"a.txt": zeros}, "w:gz"),
        "bomb.txt.gz": gzip.compress(zeros),
    }

    found = read(tmp_path, name, packed[name])

    assert found[0].reason == "too_large"
    assert "bytes when unpacked" in found[0].detail


def test_a_locked_file_is_refused_and_the_others_go_on(tmp_path):
    content = bytearray(zipped({"a.txt": b"Sony.", "b.txt": b"Beta."}))
    central = content.index(b"PK\x01\x02")
    content[central + 8] |= 1  # the bit that says that the first file is encrypted

    refused, kept = read(tmp_path, "a.zip", bytes(content))

    assert (refused.id, refused.reason) == ("a.txt", "unreadable")
    assert "password" in refused.detail
    assert kept.text == "Beta."


def test_a_file_with_a_wrong_checksum_is_refused_and_the_others_go_on(tmp_path):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", "Sony and Ericsson")
        archive.writestr("b.txt", "Beta.")

    refused, kept = read(tmp_path, "a.zip", made.getvalue().replace(b"Ericsson", b"Ericssex"))

    assert (refused.id, refused.reason) == ("a.txt", "malformed")
    assert kept.text == "Beta."


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar", "a.txt.gz"])
def test_an_archive_that_is_cut_off_gives_what_it_has_and_a_refusal(tmp_path, name):
    noise = os.urandom(200_000).hex().encode()
    whole = {
        "a.zip": zipped({"a.txt": b"Sony.", "b.txt": noise}),
        "a.tar.gz": tarred({"a.txt": b"Sony.", "b.txt": noise}, "w:gz"),
        "a.tar": tarred({"a.txt": b"Sony.", "b.txt": noise}),
        "a.txt.gz": gzip.compress(noise),
    }[name]

    found = read(tmp_path, name, whole[: len(whole) // 2])

    assert isinstance(found[-1], Refused)
    assert found[-1].reason == "malformed"


@given(content=st.binary(max_size=300), name=st.sampled_from(["a.zip", "a.tar", "a.tgz", "a.txt.gz", "a.xz"]))
def test_random_bytes_end_as_records_or_refusals(tmp_path_factory, content, name):
    found = read(tmp_path_factory.mktemp("bytes"), name, content)

    assert found
    assert all(isinstance(record, Raw | Refused) for record in found)
