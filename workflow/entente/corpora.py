"""Describe a corpus, list its files, and divide them into parts."""

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from entente import schema
from entente.errors import EntenteError
from entente.readers import names


@dataclass(frozen=True)
class Corpus:
    """A folder with a corpus.yaml. ``name`` is the folder's, ``documents`` the folder of the files.

    ``only`` is the name of the one file there that is the corpus, None if all are. The other fields are the
    keys of workflow/entente/schemas/corpus.schema.yaml.
    """

    name: str
    documents: Path
    title: str
    language: str | None
    licence: str
    source: str
    retrieved: str
    citation: str
    drawn: str
    random: bool
    reader: str | None = None
    columns: dict = field(default_factory=dict)
    quotes: str = "cut"
    urls: list = field(default_factory=list)
    only: str | None = None


def load(folder, *, fetched=True):
    """Return the `Corpus` that lies in *folder*; its documents may be missing if they are not *fetched* yet.

    Raises
    ------
    EntenteError
        If corpus.yaml is missing, departs from its schema, names a reader that is none, or there are
        no documents.
    """
    folder = Path(folder)
    description = folder / "corpus.yaml"
    known = schema.load(description, "corpus")
    path = Path(os.path.expandvars(known.pop("path", "documents"))).expanduser()
    place, only = folder / path, None
    if place.is_file():
        place, only = place.parent, place.name
    corpus = Corpus(name=folder.resolve().name, documents=place, only=only, **known)
    if corpus.reader not in (None, *names()):
        raise EntenteError(
            f"{description}: reader {corpus.reader!r} is none of {', '.join(names())}; write one of them, "
            f"or null, or add entente/readers/{corpus.reader}.py"
        )
    if fetched and not corpus.documents.is_dir():
        remedy = f"run 'entente corpus fetch {corpus.name}'" if corpus.urls else "put the documents there"
        raise EntenteError(
            f"{description}: no file or folder {corpus.documents}; {remedy}, or say where they are in 'path'"
        )
    return corpus


def files(corpus):
    """Return the paths of a corpus's files below its documents; see `files_below`."""
    return [corpus.only] if corpus.only else files_below(corpus.documents)


def files_below(root):
    """Return the paths of the files below the folder *root*, relative to it, with ``/``, sorted.

    A link to a folder is listed, not followed; what a name opens with a dot is left out, as by ``ls``.
    """
    found = []
    for folder, folders, entries in os.walk(root):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".")]
        relative = Path(folder).relative_to(root)
        found += [(relative / name).as_posix() for name in entries + links if not name.startswith(".")]
    return sorted(found)


def parts(corpus, documents=2000, megabytes=16):
    """Return {name: paths} of the parts that a corpus is divided into: stretches of its sorted paths.

    Where a part ends is decided by the paths themselves, so that a new file changes the part that it falls into, and no
    other; a part is named by its first path. See Muthitacharoen et al. (2001), *A low-bandwidth network file system*.

    Parameters
    ----------
    documents, megabytes : number
        The most files and megabytes (1 MB = 1,000,000 bytes) of a part; a larger file is a part by itself.
    """
    found, own, size = [], [], 0.0
    for path in files(corpus):
        own_size = os.lstat(os.path.join(corpus.documents, path)).st_size / 1e6  # noqa: PTH118 - of 100,000 files
        full = len(own) == documents or size + own_size > megabytes
        half = 2 * len(own) >= documents or 2 * size >= megabytes
        if own and (full or (half and _number(path) < 8 * max(1 / documents, own_size / megabytes))):
            found.append(own)
            own, size = [], 0.0
        own.append(path)
        size += own_size
    return {_digest(own[0]).hex()[:12]: own for own in filter(None, [*found, own])}


def state(corpus, paths):
    """Return a digest of the files *paths* below a corpus's documents: of their names, sizes and times of change.

    By it a workflow sees that a file was changed, added or removed, without being told of each.
    """
    digest = hashlib.sha256()
    for path in paths:
        place = os.path.join(corpus.documents, path)  # noqa: PTH118 - of 100,000 files
        found = os.stat(place) if os.path.exists(place) else os.lstat(place)  # noqa: PTH110, PTH116 - a broken link
        digest.update(os.fsencode(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0"))
    return digest.hexdigest()


def _digest(path):
    """Return the SHA-256 of a relative path."""
    return hashlib.sha256(os.fsencode(path)).digest()


def _number(path):
    """Return a number that depends on nothing but the path, evenly spread from 0 to 1."""
    return int.from_bytes(_digest(path)[:8], "big") / 2**64
