"""Archives: ZIP, tar, and single files packed by gzip, bzip2 or xz. A file in one is read as if it lay beside it.

Nothing is unpacked to a path that an archive names. Files whose name opens with a dot, or that lie in such a folder or
in ``__MACOSX``, are left out, as on the disk; links, devices and paths that climb are refused. Together the files may
be `entente.readers.expansion` bytes large.
"""

import bz2
import gzip
import lzma
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

from entente.readers import PLAIN, Refused, expansion, member

PACKED = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
TAR = (".tar", ".tgz", ".tbz2", ".txz")


def read(path, how=PLAIN):
    """Yield the records of all files of an archive, in the archive's order."""
    path = Path(path)
    if path.suffix.lower() in TAR or path.stem.lower().endswith(".tar"):
        found = tar_members(path)
    elif path.suffix.lower() == ".zip":
        found = zip_members(path)
    else:
        with PACKED[path.suffix.lower()](path) as stream:
            yield from member(None, path.stem, stream, how, expansion(path))
        return
    left = expansion(path)
    for name, opened in found:
        if hidden(name):
            continue
        if isinstance(opened, Refused):
            yield opened
        elif name.startswith("/") or ".." in PurePosixPath(name).parts:
            yield Refused("outside", "a path out of the archive; pack the file anew without it", name)
        else:
            left -= yield from member(name, name, opened, how, left)


def hidden(name):
    """Tell whether a path in an archive is one of those that an operating system hides.

    >>> hidden("__MACOSX/a/._b.txt"), hidden("a/../b.txt")
    (True, False)
    """
    parts = PurePosixPath(name).parts
    return any(part == "__MACOSX" or (part[0] == "." and part != "..") for part in parts)


def zip_members(path):
    """Yield (name, open file or Refused) of the files in a ZIP archive."""
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as fault:
        raise Refused("malformed", f"not a ZIP archive: {fault}") from None
    with archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            try:
                with archive.open(info) as stream:
                    yield info.filename, stream
            except RuntimeError:
                yield info.filename, Refused("unreadable", "locked by a password; unpack it", info.filename)
            except (NotImplementedError, zipfile.BadZipFile, OSError) as fault:
                yield info.filename, Refused("malformed", f"cannot be unpacked: {fault}", info.filename)


def tar_members(path):
    """Yield (name, open file or Refused) of the files in a tar archive, packed or not."""
    try:
        with tarfile.open(path, "r|*") as archive:
            for info in archive:
                if info.isfile():
                    yield info.name, archive.extractfile(info)
                elif not info.isdir():
                    detail = "a link or device, not a file; pack the file itself"
                    yield info.name, Refused("unsupported", detail, info.name)
    except tarfile.TarError as fault:
        raise Refused("malformed", f"not a tar archive, or cut off: {fault}") from None
