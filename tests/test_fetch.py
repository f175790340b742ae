"""What a corpus names is downloaded whole and right or not at all, politely, and not twice."""

import contextlib
import gzip
import hashlib
import subprocess
import sys
import threading
import time
import tracemalloc
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from entente import __version__, fetch
from entente.corpora import Corpus
from entente.errors import EntenteError

NEWS = b"".join(b"%06d Sony Corp and Ericsson form a joint venture.\n" % number for number in range(20_000))
SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, appendix B.1
RUN = """
import json, pathlib, sys
from entente import corpora, fetch
words = dict.fromkeys(("title", "language", "licence", "source", "retrieved", "citation", "drawn"), "")
documents, urls = pathlib.Path(sys.argv[1]), json.loads(sys.argv[2])
fetch.fetch(corpora.Corpus(name="wire", documents=documents, random=False, urls=urls, **words))
"""


class Handler(BaseHTTPRequestHandler):
    """Serves the server's ``files``, after its ``faults``, which are functions of the handler, one a request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Note the request, then answer it."""
        self.server.seen.append(self)
        if self.server.faults:
            self.server.faults.pop(0)(self)
        elif self.path not in self.server.files:
            self.answer(404)
        else:
            content = self.server.files[self.path]
            asked, first = self.headers["Range"], 0
            if self.server.ranges and asked and self.headers["If-Range"] == etag(content):
                first = int(asked.removeprefix("bytes=").removesuffix("-"))
            extent = f"bytes {first}-{len(content) - 1}/{len(content)}"
            self.answer(206 if first else 200, content[first:], {"Content-Range": extent} if first else {})

    def answer(self, status, content=b"", headers=None, length=None):
        """Send an answer; one whose *length* is not that of its content is cut off."""
        known = {
            "ETag": etag(self.server.files.get(self.path, b"")),
            "Content-Length": length or len(content),
        }
        self.send_response(status)
        for name, value in (known | (headers or {})).items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = length is not None

    def log_message(self, *args):
        """Say nothing."""


@contextlib.contextmanager
def serving(files=None):
    """Return a server of {path: content}; ``address`` is its own, ``seen`` has the requests."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.files, server.faults, server.seen, server.ranges = files or {}, [], [], True
        server.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        server.daemon_threads = True
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def server():
    """Return a server of one file."""
    with serving({"/wire.txt": NEWS}) as server:
        yield server


@pytest.fixture(autouse=True)
def surroundings(monkeypatch):
    """Nothing of this machine's network."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("ENTENTE_CONTACT", raising=False)


def etag(content):
    return f'"{hashlib.md5(content).hexdigest()}"'


def entry(url, content=NEWS, **more):
    return {"url": url, "sha256": hashlib.sha256(content).hexdigest()} | more


def fetched(folder, *urls):
    """Fetch *urls* into a folder; return the waits."""
    words = dict.fromkeys(("title", "licence", "source", "retrieved", "citation", "drawn"), "")
    corpus = Corpus(name="wire", documents=folder, language=None, random=False, urls=list(urls), **words)
    waits = []
    fetch.fetch(corpus, told=lambda line: None, wait=waits.append)
    return waits


def content(folder):
    """Return {path: content} of all files below a folder, hidden ones too."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def answers(status, **headers):
    """Return a fault: an answer with headers, whose names have hyphens for underscores."""
    return lambda handler: handler.answer(
        status, b"sorry", {name.replace("_", "-"): value for name, value in headers.items()}
    )


def cut(handler):
    """Send the first 100,000 bytes and break off."""
    handler.answer(200, NEWS[:100_000], length=len(NEWS))


# ---- what is fetched --------------------------------------------------------------------------------


def test_files_are_saved_under_their_names_and_not_fetched_twice(tmp_path, server):
    """The last part of the address, without what follows its path; or the name given."""
    server.files["/a%20b.txt?download=1"] = b"abc"
    urls = [
        {"url": f"{server.address}/a%20b.txt?download=1", "sha256": SHA256_OF_ABC},
        entry(f"{server.address}/wire.txt", file="1987/wire.txt"),
    ]

    for _ in range(2):
        fetched(tmp_path / "documents", *urls)

    assert content(tmp_path) == {"documents/a b.txt": b"abc", "documents/1987/wire.txt": NEWS}
    assert len(server.seen) == 2


def test_a_file_that_is_another_is_replaced(tmp_path, server):
    (tmp_path / "wire.txt").write_text("older", encoding="utf-8")

    fetched(tmp_path, entry(f"{server.address}/wire.txt"))

    assert content(tmp_path) == {"wire.txt": NEWS}


def test_a_wrong_file_is_removed_and_what_was_there_stays(tmp_path, server):
    (tmp_path / "wire.txt").write_bytes(b"older")
    url = f"{server.address}/wire.txt"

    with pytest.raises(EntenteError) as fault:
        fetched(tmp_path, {"url": url, "sha256": SHA256_OF_ABC})

    found = hashlib.sha256(NEWS).hexdigest()
    says = (
        f"{url}: found SHA-256 {found} (1,040,000 bytes); expected {SHA256_OF_ABC}; it was removed: try again"
    )
    assert str(fault.value).startswith(says)
    assert content(tmp_path) == {"wire.txt": b"older"}


def test_a_packed_file_stays_packed_whatever_the_server_calls_it(tmp_path, server):
    """Some say of a .gz that it is a text sent in gzip; to unpack it would change its SHA-256."""
    packed = gzip.compress(NEWS, mtime=0)
    server.faults = [lambda handler: handler.answer(200, packed, {"Content-Encoding": "gzip"})]

    fetched(tmp_path, entry(f"{server.address}/wire.gz", packed))

    assert content(tmp_path) == {"wire.gz": packed}
    assert server.seen[0].headers["Accept-Encoding"] == "identity"


def test_memory_does_not_grow_with_the_file(tmp_path, server):
    block, blocks = bytes(100_000), 300

    def large(handler):
        handler.answer(200, length=len(block) * blocks)
        for _ in range(blocks):
            handler.wfile.write(block)

    server.faults = [large]
    sha256 = hashlib.sha256()
    for _ in range(blocks):
        sha256.update(block)
    tracemalloc.start()
    try:
        fetched(tmp_path, {"url": f"{server.address}/large.bin", "sha256": sha256.hexdigest()})
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


# ---- broken off -------------------------------------------------------------------------------------


@pytest.mark.parametrize("ranges", [True, False])
def test_a_cut_connection_is_resumed_or_begun_anew(tmp_path, server, ranges):
    """Where the server can send the rest; where it ignores the range and sends the whole."""
    server.faults, server.ranges = [cut], ranges

    waits = fetched(tmp_path, entry(f"{server.address}/wire.txt"))

    assert content(tmp_path) == {"wire.txt": NEWS}
    assert waits == [2]
    _, second = server.seen
    assert (second.headers["Range"], second.headers["If-Range"]) == ("bytes=100000-", etag(NEWS))


def test_a_file_that_changed_meanwhile_is_begun_anew(tmp_path, server):
    newer = NEWS.replace(b"Sony", b"Sanyo")

    def cut_and_change(handler):
        cut(handler)
        server.files["/wire.txt"] = newer

    server.faults = [cut_and_change]

    fetched(tmp_path, entry(f"{server.address}/wire.txt", newer))

    assert content(tmp_path) == {"wire.txt": newer}
    assert server.seen[1].headers["Range"] == "bytes=100000-"


def test_without_a_mark_of_its_version_a_file_is_begun_anew(tmp_path, server):
    """A weak ETag is none: it lets bytes differ."""

    def weak(handler):
        handler.answer(200, NEWS[:100], {"ETag": f"W/{etag(NEWS)}"}, length=len(NEWS))

    server.faults = [weak]

    fetched(tmp_path, entry(f"{server.address}/wire.txt"))

    assert content(tmp_path) == {"wire.txt": NEWS}
    assert server.seen[1].headers["Range"] is None


@pytest.mark.parametrize("note", ['{"sha256": "0", "validator": "x"}', "[]", "", None])
def test_a_part_of_another_file_is_begun_anew(tmp_path, server, note):
    (tmp_path / ".wire.txt.part").write_bytes(b"another")
    if note is not None:
        (tmp_path / ".wire.txt.part.json").write_text(note, encoding="utf-8")

    fetched(tmp_path, entry(f"{server.address}/wire.txt"))

    assert content(tmp_path) == {"wire.txt": NEWS}
    assert server.seen[0].headers["Range"] is None


@pytest.mark.parametrize(
    "fault",
    [answers(416), answers(206, Content_Range="bytes 5-9/10"), answers(206)],
    ids=["no such rest", "another rest", "a rest of unknown place"],
)
def test_a_rest_that_is_not_the_one_asked_for_is_not_taken(tmp_path, server, fault):
    server.faults = [cut, fault]

    fetched(tmp_path, entry(f"{server.address}/wire.txt"))

    assert content(tmp_path) == {"wire.txt": NEWS}
    assert [seen.headers["Range"] for seen in server.seen] == [None, "bytes=100000-", None]


def test_a_killed_download_goes_on_where_it_was(tmp_path, server):
    """By a later call, of another process."""
    killed = threading.Event()

    def stall(handler):
        handler.answer(200, NEWS[:300_000], length=len(NEWS))
        handler.wfile.flush()
        killed.wait(30)

    server.faults = [stall]
    url, part = entry(f"{server.address}/wire.txt"), tmp_path / ".wire.txt.part"
    process = subprocess.Popen([sys.executable, "-c", RUN, str(tmp_path), f"[{url}]".replace("'", '"')])
    until = time.monotonic() + 30
    while (not part.exists() or part.stat().st_size < 200_000) and time.monotonic() < until:
        time.sleep(0.01)
    process.kill()
    process.wait()
    killed.set()
    there = part.stat().st_size

    fetched(tmp_path, url)

    assert content(tmp_path) == {"wire.txt": NEWS}
    assert server.seen[1].headers["Range"] == f"bytes={there}-"
    assert there >= 200_000


# ---- politeness -------------------------------------------------------------------------------------


def test_the_server_hears_who_asks(tmp_path, server, monkeypatch):
    """And by whom the program is run, if its user says so."""
    fetched(tmp_path, entry(f"{server.address}/wire.txt"))
    monkeypatch.setenv("ENTENTE_CONTACT", "Zoë Doe zoe@example.org")
    fetched(tmp_path / "again", entry(f"{server.address}/wire.txt"))

    first, second = (seen.headers["User-Agent"].encode("latin-1").decode() for seen in server.seen)
    assert (first, second) == (f"entente/{__version__}", f"entente/{__version__} Zoë Doe zoe@example.org")


def test_files_of_one_host_come_by_one_connection_with_a_pause(tmp_path, server):
    server.files |= {"/a.txt": b"abc"}
    urls = [entry(f"{server.address}/wire.txt"), entry(f"{server.address}/a.txt", b"abc")]

    assert fetched(tmp_path, *urls) == [1]
    assert len({seen.client_address for seen in server.seen}) == 1


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ([answers(503), answers(500), answers(502)], [2, 8, 30]),
        ([answers(429, Retry_After="7"), answers(503, Retry_After="1")], [7, 8]),
        ([answers(429, Retry_After="soon")], [2]),
    ],
    ids=["growing", "as asked", "nonsense"],
)
def test_a_busy_server_is_asked_again_after_a_wait(tmp_path, server, faults, expected):
    """A growing one; what the server asks for if that is longer."""
    server.faults = list(faults)

    assert fetched(tmp_path, entry(f"{server.address}/wire.txt")) == expected
    assert content(tmp_path) == {"wire.txt": NEWS}


def test_a_date_says_how_long_to_wait_too(tmp_path, server):
    server.faults = [answers(503, Retry_After=formatdate(time.time() + 100, usegmt=True))]

    [waited] = fetched(tmp_path, entry(f"{server.address}/wire.txt"))

    assert 80 < waited <= 100


@pytest.mark.parametrize(
    ("faults", "requests", "says"),
    [
        ([answers(503)] * 9, 4, "the server answers 503 Service Unavailable; try again later: what is there"),
        ([answers(429, Retry_After="3600")], 2, "429 Too Many Requests; try again in 3,600 seconds"),
        ([answers(404)], 2, r"answers 404 Not Found; expected the file; check the address in corpus\.yaml"),
        (
            [answers(403)],
            2,
            "answers 403 Forbidden; .*put a name and an e-mail address into ENTENTE_CONTACT",
        ),
        ([answers(204)], 2, "answers 204 No Content; expected the file"),
    ],
)
def test_a_file_that_cannot_be_had_is_an_error_with_the_remedy(tmp_path, server, faults, requests, says):
    """Once or after a few tries; what was downloaded before stays, to be resumed."""
    server.faults = [cut, *faults]

    with pytest.raises(EntenteError, match=f"{server.address}/wire.txt: .*{says}"):
        fetched(tmp_path, entry(f"{server.address}/wire.txt"))

    assert len(server.seen) == requests
    assert content(tmp_path)[".wire.txt.part"] == NEWS[:100_000]


def test_a_server_that_is_not_there_is_an_error(tmp_path):
    with serving() as gone:
        pass

    with pytest.raises(EntenteError, match=r"/wire.txt: the connection failed \(.*Connection refused\); try"):
        fetched(tmp_path, entry(f"{gone.address}/wire.txt"))


def test_a_redirect_is_followed(tmp_path, server):
    server.faults = [answers(302, Location="/wire.txt")]

    fetched(tmp_path, entry(f"{server.address}/latest.txt"))

    assert content(tmp_path) == {"latest.txt": NEWS}


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://example.org/wire.txt", "/latest.txt"])
def test_a_redirect_to_no_web_address_or_in_a_circle_is_refused(tmp_path, server, target):
    server.faults = [answers(302, Location=target)] * 99

    with pytest.raises(
        EntenteError, match=r"latest.txt: cannot be fetched \(.*; expected an address of http"
    ):
        fetched(tmp_path, entry(f"{server.address}/latest.txt"))

    assert content(tmp_path) == {}


def test_a_proxy_that_the_environment_names_is_asked(tmp_path, monkeypatch):
    """For a host that is nowhere but with the proxy."""
    with serving({"http://archive.invalid/wire.txt": NEWS}) as proxy:
        monkeypatch.setenv("http_proxy", proxy.address)
        fetched(tmp_path, entry("http://archive.invalid/wire.txt"))

    assert content(tmp_path) == {"wire.txt": NEWS}
    assert [seen.headers["Host"] for seen in proxy.seen] == ["archive.invalid"]


# ---- where it is saved ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "file", "says"),
    [
        ("/", None, "'' is no name to save it under; give one in 'file'"),
        ("/%2e%2e%2f%2e%2e", None, "'..' is no name to save it under"),
        ("/a/.profile", None, "'.profile' is no name"),
        ("/wire.txt", "../wire.txt", "'../wire.txt' is no name"),
        ("/wire.txt", "{outside}/wire.txt", "/wire.txt leads out of"),
        ("/wire.txt", "link/wire.txt", "link/wire.txt leads out of"),
        ("/wire.txt", "link/new/wire.txt", "link/new/wire.txt leads out of"),
        ("/wire.txt", "linked.txt", "linked.txt leads out of .*, or is a link"),
    ],
)
def test_nothing_is_written_outside_the_documents(tmp_path, server, url, file, says):
    """And nothing is asked for before that is sure."""
    documents, outside = tmp_path / "documents", tmp_path / "outside"
    documents.mkdir()
    outside.mkdir()
    (documents / "link").symlink_to(outside)
    (documents / "linked.txt").symlink_to(outside / "linked.txt")
    named = {"file": file.format(outside=outside)} if file else {}

    with pytest.raises(EntenteError, match=f"corpus wire, {server.address}.*{says}"):
        fetched(documents, entry(server.address + url, **named))

    assert content(tmp_path) == {}
    assert list(outside.iterdir()) == server.seen == []


@pytest.mark.parametrize("name", [".wire.txt.part", ".wire.txt.part.json"])
def test_a_part_that_is_a_link_is_not_followed(tmp_path, server, name):
    (tmp_path / "outside").write_text('{"sha256": "0"}', encoding="utf-8")
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / name).symlink_to(tmp_path / "outside")

    fetched(tmp_path / "documents", entry(f"{server.address}/wire.txt"))

    assert content(tmp_path) == {"outside": b'{"sha256": "0"}', "documents/wire.txt": NEWS}


def test_two_files_of_one_name_are_refused(tmp_path, server):
    urls = [entry(f"{server.address}/{folder}/wire.txt") for folder in ("a", "b")]

    with pytest.raises(EntenteError, match=r"/b/wire.txt: wire.txt is the place of http.*/a/wire.txt too"):
        fetched(tmp_path, *urls)


def test_a_corpus_without_addresses_is_told_so(tmp_path):
    with pytest.raises(EntenteError, match=r"corpus wire: no urls in its corpus\.yaml; add each with its"):
        fetched(tmp_path)
