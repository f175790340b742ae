"""Download the files that a corpus names in ``urls``, and take none but those with the SHA-256 that stands there.

A file is written to ``.<name>.part`` beside its place, which no corpus lists, and renamed when it is whole and right. A
download that broke off goes on where it was, by a later call too, if the server still has the same file:
``.<name>.part.json`` keeps what tells that.
"""

import hashlib
import json
import os
import sys
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests
from urllib3 import Retry
from urllib3.exceptions import HTTPError

from entente import __version__
from entente.errors import EntenteError

WAITS = (2, 8, 30)  # seconds before the second, third and fourth try
PATIENCE = 600  # seconds; a server that asks to wait longer is left
PAUSE = 1  # seconds between two files of one host
TIMEOUT = (10, 60)  # seconds to connect, and between two bytes
CHUNK = 1 << 16  # bytes
CONTACT = "ENTENTE_CONTACT"  # the environment's name for who asks, which some servers want to know


class Broken(Exception):  # noqa: N818
    """A download that may go on when it is tried again, after so many ``seconds`` if the server says so."""

    def __init__(self, why, seconds=0):
        super().__init__(why)
        self.seconds = seconds


def tell(message):
    """Write a line to standard error."""
    sys.stderr.write(f"{message}\n")


def fetch(corpus, told=tell, wait=time.sleep):
    """Download the files of a `corpora.Corpus` one after the other, apart from those that are there with the right SHA-256.

    Parameters
    ----------
    corpus : corpora.Corpus
        Its ``urls`` are dicts of ``url``, ``sha256``, and, if not the last part of the url, ``file``.
    told : function
        Is called with a line on each file, and on each wait.
    wait : function
        Is called with the seconds to wait.

    Raises
    ------
    EntenteError
        At the first file that cannot be had, or is not the one expected; those before it stay.
    """
    if not corpus.urls:
        raise EntenteError(f"corpus {corpus.name}: no urls in its corpus.yaml; add each with its sha256")
    met = set()
    with requests.Session() as session:
        agent = f"entente/{__version__} {os.environ.get(CONTACT, '')}".strip()
        session.headers.update({"User-Agent": agent.encode(), "Accept-Encoding": "identity"})
        for place, entry in places(corpus):
            name = place.relative_to(corpus.documents).as_posix()
            if place.is_file() and digest(place) == entry["sha256"]:
                told(f"{name}: is there")
                continue
            host = urlsplit(entry["url"]).hostname
            if host in met:
                wait(PAUSE)
            met.add(host)
            place.parent.mkdir(parents=True, exist_ok=True)
            part = place.with_name(f".{place.name}.part")
            download(session, entry, part, told, wait)
            accept(part, place, entry)
            told(f"{name}: {place.stat().st_size:,} bytes")


def places(corpus):
    """Return [(where to save it, its entry in urls), ...], all below the documents and no two the same.

    Raises
    ------
    EntenteError
        If a place is missing, given twice, or elsewhere, be it by a link.
    """
    found = {}
    for entry in corpus.urls:
        name = entry.get("file") or last_part(entry["url"])
        place = corpus.documents / name
        if not name or any(part.startswith(".") for part in Path(name).parts):
            fault = (
                f"{name!r} is no name to save it under; give one in 'file', no part of which opens with a dot"
            )
        elif place in found:
            fault = f"{name} is the place of {found[place]['url']} too; give another in 'file'"
        elif place.is_symlink() or not place.parent.resolve().is_relative_to(corpus.documents.resolve()):
            fault = f"{place} leads out of {corpus.documents}, or is a link; give another place in 'file'"
        else:
            found[place] = entry
            continue
        raise EntenteError(f"corpus {corpus.name}, {entry['url']}: {fault}")
    return list(found.items())


def last_part(url):
    """Return the last part of an address's path, empty if there is none.

    >>> last_part("https://example.org/data/all%20news.zip?download=1"), last_part("https://example.org/%2e%2e%2f")
    ('all news.zip', '')
    """
    try:
        return unquote(urlsplit(url).path).rpartition("/")[2].replace("\0", "")
    except ValueError:
        return ""


def download(session, entry, part, told, wait):
    """Bring the file of *entry* to *part*, in a few tries."""
    for pause in (*WAITS, None):
        try:
            attempt(session, entry, part)
            return
        except Broken as fault:
            broken, asked = str(fault), fault.seconds
        except (requests.ConnectionError, requests.Timeout, HTTPError) as fault:
            broken, asked = f"the connection failed ({cause(fault)})", 0
        except requests.RequestException as fault:
            raise EntenteError(
                f"{entry['url']}: cannot be fetched ({fault}); expected an address of http or https that leads to a file;"
                " correct it in corpus.yaml"
            ) from None
        if pause is None or asked > PATIENCE:
            later = f"in {asked:,.0f} seconds" if asked else "later"
            raise EntenteError(f"{entry['url']}: {broken}; try again {later}: what is there already is kept")
        told(f"{entry['url']}: {broken}; next try in {max(pause, asked):,.0f} seconds")
        wait(max(pause, asked))


def cause(fault):
    """Return what made an error, in the words of what was first: ``Connection refused``, not those of who passed it on."""
    while fault.__context__:
        fault = fault.__context__
    return str(fault)


def attempt(session, entry, part):
    """Bring the file of *entry* to *part*, from where it broke off if that can be.

    Raises
    ------
    Broken
        If the server says that it cannot now.
    EntenteError
        If it says that it never will.
    """
    note = part.with_name(f"{part.name}.json")
    remove(*(path for path in (part, note) if path.is_symlink()))  # it may lead anywhere
    headers = resumption(part, note, entry)
    with session.get(entry["url"], headers=headers, stream=True, timeout=TIMEOUT) as response:
        answer = f"the server answers {response.status_code} {response.reason}"
        if response.status_code == 429 or response.status_code >= 500:
            raise Broken(answer, Retry().get_retry_after(response.raw) or 0)
        begins = response.headers.get("Content-Range", "").startswith(f"bytes {size(part)}-")
        if response.status_code == 416 or (response.status_code == 206 and not begins):
            remove(part, note)
            raise Broken("the server has no such rest of it")
        if response.status_code not in (200, 206):
            raise EntenteError(
                f"{entry['url']}: {answer}; expected the file; check the address in corpus.yaml, and whether the"
                f" server wants to know who asks (put a name and an e-mail address into {CONTACT})"
            )
        if response.status_code == 200:
            remove(part, note)
            write(note, "w", [json.dumps({"sha256": entry["sha256"], "validator": validator(response)})])
        # As the server has it: a .gz that is served as an encoded text must not be unpacked.
        write(part, "ab", response.raw.stream(CHUNK, decode_content=False))


def resumption(part, note, entry):
    """Return the headers that ask for the rest of the file if it is unchanged; none if *part* is not its beginning."""
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
        if not size(part) or known["sha256"] != entry["sha256"] or not known["validator"]:
            return {}
        return {"Range": f"bytes={size(part)}-", "If-Range": known["validator"]}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def validator(response):
    """Return what tells one version of a file from another, byte by byte, or None: its strong ETag, or its date."""
    etag = response.headers.get("ETag", "")
    return etag if etag.startswith('"') else response.headers.get("Last-Modified")


def size(path):
    """Return how many bytes a file has, 0 if it is not there."""
    return path.stat().st_size if path.is_file() else 0


def remove(*paths):
    """Remove files, also those that are not there."""
    for path in paths:
        path.unlink(missing_ok=True)


def write(path, mode, chunks):
    """Write *chunks* to a file, each as it comes."""
    try:
        with path.open(mode) as file:
            for chunk in chunks:
                file.write(chunk)
    except OSError as fault:
        raise EntenteError(f"{path}: {fault.strerror}; make room, or check that it may be written") from None


def digest(path):
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def accept(part, place, entry):
    """Rename *part* to *place* if it is the file expected; else remove it.

    Raises
    ------
    EntenteError
        If it is not.
    """
    found, length = digest(part), size(part)
    if found == entry["sha256"]:
        part.replace(place)
    else:
        remove(part)
    remove(part.with_name(f"{part.name}.json"))
    if found != entry["sha256"]:
        raise EntenteError(
            f"{entry['url']}: found SHA-256 {found} ({length:,} bytes); expected {entry['sha256']}; it was removed:"
            " try again, and if it stays so, look what the address leads to, or whether there is a new version"
        )
