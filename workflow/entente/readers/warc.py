"""Web archives in WARC, packed or not: a record for each page or document that a server sent with status 200.

It is read as a file of its type, and has the address it was asked for at; its date is the one that it declares, never
that of the crawl. What a crawler cut (``WARC-Truncated``) is read as far as it goes.

Left out are images, sound, video, scripts, styles, fonts, data and feeds (JSON, XML, tables), archives, and whatever
else has a type that `TYPES` has not; redirects and error pages; and records that are no response of HTTP: requests,
metadata, revisits of what was archived before, look-ups of names. A document of a type that has no reader is refused.
"""

import re
import zlib
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path, PurePosixPath

from fastwarc import ArchiveIterator, WarcRecordType
from fastwarc.stream_io import BrotliReader, ZstdReader

from entente.readers import MAXIMUM_BYTES, PLAIN, Bounded, Raw, Refused, expansion, member

OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    f"{OFFICE}.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "message/rfc822": ".eml",
    "application/nitf+xml": ".xml",
    "application/vnd.iptc.g2.newsitem+xml": ".xml",
    "application/vnd.iptc.g2.newsmessage+xml": ".xml",
    "application/epub+zip": ".epub",
    "application/msword": ".doc",
    "application/vnd.ms-powerpoint": ".ppt",
    f"{OFFICE}.presentationml.presentation": ".pptx",
}
# A server that does not know says so by these.
NO_TYPE = (None, "", "application/octet-stream", "application/x-download", "binary/octet-stream")
NO_CHARSET = (None, "", "ascii", "iso-8859-1", "latin1", "none", "us-ascii")
CHUNK = re.compile(rb"(?:\r?\n)?([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


def read(path, how=PLAIN):
    """Yield the records of all responses that have a text, in the archive's order."""
    how, left = (
        replace(how, name=None),
        expansion(path),
    )  # it names this reader, not those of what is archived
    with Path(path).open("rb") as file:
        for number, record in enumerate(responses(file), 1):
            own = (record.record_id or f"response {number}").removeprefix("<urn:uuid:").removesuffix(">")
            address = (record.headers.get("WARC-Target-URI") or "").strip("<>")
            try:
                suffix = wanted(record, address)
                if suffix is None:
                    checked(record, record.consume())
                    continue
                content = payload(record)
            except Refused as fault:
                yield replace(fault, id=own)
                continue
            for raw in member(own, f"payload{suffix}", BytesIO(content), how, left):
                yield replace(raw, url=address or None) if isinstance(raw, Raw) else raw
            left -= len(content)


def responses(file):
    """Yield the records of an archive that are responses."""
    # It decodes no payload: fastwarc 2.0.1 ends the archive without a word after one in chunks of gzip.
    archive = ArchiveIterator(file, parse_http=False)
    try:
        for record in archive:
            if record.record_type == WarcRecordType.response:
                yield record
            else:
                checked(record, record.consume())
    except OSError as fault:
        raise Refused("malformed", f"not WARC from here on, or damaged: {fault}") from None


def checked(record, size):
    """Refuse a record of which *size* bytes could be read, if it says that it has more."""
    if size < record.content_length:
        raise Refused("malformed", f"cut off: {size:,} of {record.content_length:,} bytes are there")


def wanted(record, address):
    """Return the ending of files of the type that a response has, or None if it is left out."""
    if not record.is_http:
        return None
    try:
        record.parse_http()
    except OSError as fault:
        raise Refused("malformed", f"not a response of HTTP: {fault}") from None
    if record.http_headers.status_code is None:
        raise Refused("malformed", "a response of HTTP without its status")
    if record.http_headers.status_code != 200:
        return None
    kind = record.http_content_type
    if kind in NO_TYPE:
        kind = record.headers.get("WARC-Identified-Payload-Type")
    if kind in NO_TYPE:
        suffix = PurePosixPath(re.split("[?#]", address)[0]).suffix.lower()
        return suffix if suffix in TYPES.values() else None
    return TYPES.get(kind.strip().lower())


def payload(record):
    """Return what a server sent, decoded; text in UTF-8 if the server says what it is in."""
    if record.content_length > MAXIMUM_BYTES:
        raise Refused("too_large", f"{record.content_length:,} bytes; at most {MAXIMUM_BYTES:,} are read")
    content = record.reader.read()
    checked(record, len(content))
    headers, cut = record.http_headers, "WARC-Truncated" in record.headers
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        content = joined(content)
    for coding in reversed((headers.get("Content-Encoding") or "").lower().split(",")):
        content = unpacked(content, coding.strip(), cut)
    charset = (record.http_charset or "").lower()
    return content if charset in NO_CHARSET else in_utf_8(content, charset)


def joined(content):
    r"""Return content that is sent in chunks (RFC 9112, 7.1) in one; of chunks that are cut off, what is there.

    >>> joined(b"5\r\nSony \r\n8;a=b\r\nEricsson\r\n0\r\n\r\n"), joined(b"stored as one")
    (b'Sony Ericsson', b'stored as one')
    """
    found, place = [], 0
    while size := CHUNK.match(content, place):
        place = size.end() + int(size[1], 16)
        if place == size.end():
            break
        found.append(content[size.end() : place])
    if not size and 0 < place < len(content.rstrip()):
        raise Refused("unreadable", f"sent in chunks that are broken after {place:,} bytes")
    return b"".join(found) if place else content


def unpacked(content, coding, cut=False):
    """Return content of which *coding* says how it is packed; some archives store it unpacked, and still say so."""
    try:
        if coding in ("gzip", "x-gzip", "deflate"):
            found, whole = inflated(content)
        elif coding in ("br", "zstd"):
            opened = {"br": BrotliReader, "zstd": ZstdReader}[coding](BytesIO(content))
            bounded = Bounded(opened, MAXIMUM_BYTES)
            found, whole = b"".join(iter(partial(bounded.read, 1 << 20), b"")), True
        else:
            return content
    except (OSError, zlib.error) as fault:
        if is_text(content):
            return content
        raise Refused("unreadable", f"cannot be unpacked as {coding}: {fault}") from None
    if len(found) > MAXIMUM_BYTES:
        raise Refused("too_large", f"more than {MAXIMUM_BYTES:,} bytes when unpacked")
    if not (whole or cut):
        raise Refused("unreadable", f"packed as {coding}, and cut off")
    return found


def inflated(content):
    """Return content packed by gzip, zlib or deflate alone, and whether its end is there."""
    try:
        inflate = zlib.decompressobj(wbits=47)
        return inflate.decompress(content, MAXIMUM_BYTES + 1), inflate.eof
    except zlib.error:
        inflate = zlib.decompressobj(wbits=-15)
        return inflate.decompress(content, MAXIMUM_BYTES + 1), inflate.eof


def in_utf_8(content, charset):
    """Return text as UTF-8, if it is not yet and the charset that its server names explains it."""
    if is_text(content):
        return content
    try:
        return content.decode(charset).encode()
    except (LookupError, ValueError):
        return content


def is_text(content):
    """Tell whether bytes are text in UTF-8."""
    try:
        return "\0" not in content.decode()
    except UnicodeDecodeError:
        return False
