"""Read a published release: the records and tables that a run left, from a folder or an archive of one."""

import csv
import io
import re
import tarfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from entente.errors import EntenteError
from entente.tables import FORMULA

RECORDS = ("alliances", "organisations", "mentions", "documents")
VERSION = re.compile(r"Made by a run of Entente (\S+);")


@dataclass(frozen=True)
class Release:
    """What was published: ``records`` and ``tables`` map a file's name to its rows, dicts of text."""

    name: str
    version: str | None
    records: dict = field(repr=False)
    tables: dict = field(repr=False)


def read(path):
    """Return the `Release` in *path*: a folder of results, its ``package``, or a ZIP or tar archive of either.

    Records lie in the folder or in its ``package``; tables in ``tables`` below it or beside it.

    Raises
    ------
    EntenteError
        If *path* is neither, or lacks a file of records.
    """
    path = Path(path)
    files = in_folder(path) if path.is_dir() else in_archive(path)
    homes = sorted((name.parent for name in files if name.name == "alliances.csv"), key=depth)
    if not homes:
        raise EntenteError(
            f"{path}: no alliances.csv in it or in its package/; name the folder results/ of a finished run,"
            " its package/, or a ZIP or tar archive of one"
        )
    home = homes[0]
    missing = [name for name in RECORDS if home / f"{name}.csv" not in files]
    if missing:
        raise EntenteError(
            f"{path}: {home / 'alliances.csv'} is there, {missing[0]}.csv is not; publish the run again"
        )
    folders = {name.parent for name in files}
    places = [place / "tables" for place in (home, home.parent) if place / "tables" in folders]
    found = {
        name.stem: rows(files[name]())
        for name in sorted(files)
        if name.suffix == ".csv" and name.parent in places[:1]
    }
    pages = [files[place / "README.md"]() for place in (home, home.parent) if place / "README.md" in files]
    versions = [match[1] for page in pages if (match := VERSION.search(page.decode(errors="replace")))]
    records = {name: rows(files[home / f"{name}.csv"]()) for name in RECORDS}
    return Release(str(path), versions[0] if versions else None, records, found)


def depth(place):
    """Return how deep *place* lies, then its name: a key to sort by."""
    return len(place.parts), str(place)


def in_folder(path):
    """Return {path in the release: function that returns its bytes} of a folder, without a walk through all of it."""
    if (path / "alliances.csv").is_file() and not (path / "tables").is_dir():
        path = path.resolve().parent if path.resolve().name == "package" else path
    patterns = (
        "*.csv",
        "tables/*.csv",
        "package/*.csv",
        "package/tables/*.csv",
        "README.md",
        "package/README.md",
    )
    return {
        PurePosixPath(file.relative_to(path).as_posix()): file.read_bytes
        for pattern in patterns
        for file in path.glob(pattern)
    }


def in_archive(path):
    """Return the same of a ZIP or tar archive; nothing is unpacked."""
    if not path.is_file():
        raise EntenteError(f"{path}: no such folder or file; name a folder of results, or an archive of one")
    wanted = re.compile(r"(.*/)?(\w+\.csv|README\.md)")
    if zipfile.is_zipfile(path):
        archive = zipfile.ZipFile(path)
        return {
            PurePosixPath(name): lambda name=name: archive.read(name)
            for name in archive.namelist()
            if wanted.fullmatch(name)
        }
    if tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:  # a packed tar is read once, in its order
            held = {
                PurePosixPath(member.name): archive.extractfile(member).read()
                for member in archive
                if member.isfile() and wanted.fullmatch(member.name)
            }
        return {name: lambda content=content: content for name, content in held.items()}
    raise EntenteError(f"{path}: neither a folder nor a ZIP or tar archive; name one of these")


def rows(content):
    """Return the rows of a CSV file, without the apostrophe that stands before what looks like a formula."""
    table = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [{name: plain(text or "") for name, text in row.items() if name is not None} for row in table]


def plain(text):
    """Return a cell's text as it was before it was made harmless to spreadsheets.

    >>> plain("'=1+1"), plain("'s-Hertogenbosch")
    ('=1+1', "'s-Hertogenbosch")
    """
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


def listed(text):
    """Return the items of a cell that holds a list.

    >>> listed("Sony; Ericsson"), listed("")
    (['Sony', 'Ericsson'], [])
    """
    return text.split("; ") if text else []
