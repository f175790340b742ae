"""Mail: a message (.eml), or the messages of a mailbox (.mbox), a record each; a mail's date is its publication.

The text is what the message says in plain text, else in HTML, with the earlier messages that it quotes. Its attachments
are records of their own, read by their endings, with the id ``<id of the message>/<name of the attachment>``; so is a
message that is forwarded as an attachment. Left out are images, audio and video, which have no text; signatures; what
machines report on delivery; and of alternatives all but the one that is read. Lines that are wrapped stay so, unless
the message tells which are (RFC 3676).
"""

import codecs
import email
import email.errors
import email.header
import io
import mimetypes
import re
from dataclasses import replace
from email.policy import Compat32
from functools import partial
from pathlib import Path

from entente import readers
from entente.readers import ARCHIVES, ENDINGS, PLAIN, Raw, Refused, decode, ending, expansion, html, member

LINE = 1 << 20  # bytes of a line that are read at once
# The line before each message of a mailbox, where all of them have a date, and any.
DATED = re.compile(rb"From .{0,200}?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.{0,40}?\d\d:\d\d")
UNDATED = re.compile(b"From ")
HEADERS = {"content-type", "date", "from", "message-id", "mime-version", "received", "subject", "to"}
TEXTS = ("text/plain", "text/html")
MEDIA = {"audio", "image", "video"}
LEFT_OUT = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "message/delivery-status",
    "message/disposition-notification",
    "text/rfc822-headers",
}
BY_TYPE = {  # the ending of an attachment whose name has none that is read
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/zip": ".zip",
    "message/rfc822": ".eml",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
}
BY_NAME = mimetypes.MimeTypes()
# Mail that names one of these charsets has letters of the wider one.
WIDER = {"iso8859-1": "cp1252", "gb2312": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}
# Python's own, in which nothing is written; one of them takes time in the square of the length.
NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
MOST_BROKEN = 0.01  # ASSUME: the charset is not the one that is named if more of its letters are none


class AsWritten(Compat32):
    """How messages are parsed: a header is given as it stands, bytes beyond ASCII as surrogates."""

    def header_fetch_parse(self, _, value):
        """Return a header."""
        return value


def read(path, how=PLAIN):
    """Yield the messages, each with its attachments after it; one without an id is told as ``message 3``."""
    how = replace(how, name=None)  # which reads mails, not what is attached to them
    with Path(path).open("rb") as file:
        for number, content in enumerate(messages(file), 1):
            place = f"message {number}"
            yield from named(place, partial(message, place=place, how=how, most=expansion(path)), content)


def named(own, read_one, content):
    """Yield what *read_one* says of *content*, with the id *own* where it has none; whatever goes wrong is refused."""
    for raw in readers.records(read_one, content):
        yield replace(raw, id=own) if raw.id is None else raw


def messages(file):
    """Yield the bytes of each message of a mailbox, or of the one message that the file is.

    Of a message that is too large only so much that it is seen.
    """
    first = file.readline(LINE)
    form = next((form for form in (DATED, UNDATED) if form.match(first)), None)
    content, at_start = bytearray(b"" if form else first), False
    while line := file.readline(LINE):
        if form and at_start and form.match(line):
            yield unquoted(content)
            content = bytearray()
        elif len(content) <= readers.MAXIMUM_BYTES:
            content += line
        at_start = line.endswith(b"\n") if form is DATED else not line.strip()
    if form:
        yield unquoted(content)
    elif content.strip():
        yield content


def unquoted(content):
    r"""Return a message of a mailbox without the marks that keep its lines from being the start of another.

    >>> unquoted(b">From here\n>>From there\n> From")
    b'From here\n>From there\n> From'
    """
    return re.sub(rb"^>(>*From )", rb"\1", content, flags=re.MULTILINE)


def message(content, place, how, most):
    """Yield the record of one message, then those of its attachments; *place* is its id if it has none."""
    if len(content) > readers.MAXIMUM_BYTES:
        raise Refused("too_large", f"more than {readers.MAXIMUM_BYTES:,} bytes in one message")
    found = email.message_from_bytes(content.lstrip(b"\xef\xbb\xbf\r\n"), policy=AsWritten())
    if HEADERS.isdisjoint(map(str.lower, found.keys())):
        raise Refused("malformed", f"no header of a mail; opens with {bytes(content[:40])!r}")
    own = identifier(found) or place
    try:
        text = "\n\n".join(map(body, texts(found)))
        if not text.strip():
            raise Refused("no_text", "no text in the message besides its attachments")
        yield Raw(id=own, title=header(found, "Subject"), text=text, date=header(found, "Date") or None)
    except Refused as fault:
        yield Refused(fault.reason, fault.detail, own)
    for number, part in enumerate(attachments(found), 1):
        name = words(told(part.get_filename) or f"attachment {number}")
        if not left_out(part.get_content_type(), name):
            place = f"{own}/{name}"
            yield from named(place, partial(attachment, own=place, name=name, how=how, most=most), part)


def attachment(part, own, name, how, most):
    """Yield the records of an attachment."""
    ending_too = name + further_ending(part.get_content_type(), name)
    yield from member(own, ending_too, io.BytesIO(payload(part)), how, most)


def identifier(found):
    """Return the Message-ID without angle brackets, or an empty string."""
    written = header(found, "Message-ID")
    inside = re.search("<([^<>]+)>", written)
    return (inside[1] if inside else written).strip()


def compound(part):
    """Tell whether a part consists of others, and is not a message of its own."""
    return part.get_content_maintype() == "multipart" and part.is_multipart()


def readable(part):
    """Tell whether a part is text of the message; parts whose ends are not to be found are text too."""
    kind = part.get_content_type()
    apart = part.get_content_disposition() == "attachment"
    return not apart and not part.is_multipart() and (kind in TEXTS or kind.startswith("multipart/"))


def texts(part):
    """Return the parts of a message that are its text: of alternatives the first without HTML, if there is one."""
    if compound(part):
        found = [texts(child) for child in part.get_payload()]
        if part.get_content_type() == "multipart/alternative":
            return min(filter(None, found), key=lambda parts: any(map(marked_up, parts)), default=[])
        return [text for parts in found for text in parts]
    return [part] if readable(part) and payload(part).strip() else []


def attachments(part):
    """Yield the parts of a message that are attached to it, and none that is only another form of its text."""
    if compound(part):
        same = part.get_content_type() == "multipart/alternative"
        for child in part.get_payload():
            if child.is_multipart() or not same:
                yield from attachments(child)
    elif not readable(part):
        yield part


def marked_up(part):
    """Tell whether a part is HTML."""
    return part.get_content_type() == "text/html"


def left_out(kind, name):
    """Tell whether an attachment of this type and name has no text, or none that anybody wrote.

    >>> left_out("application/octet-stream", "Logo.PNG"), left_out("application/pdf", "terms.pdf")
    (True, False)
    """
    by_name = BY_NAME.guess_type(name)[0] or ""
    return kind in LEFT_OUT or not MEDIA.isdisjoint((kind.partition("/")[0], by_name.partition("/")[0]))


def further_ending(kind, name):
    """Return the ending that the name of an attachment of this type lacks to be read, or an empty string.

    >>> further_ending("application/pdf", "Terms of v1.2"), further_ending("application/pdf", "terms.docx")
    ('.pdf', '')
    """
    return "" if ending(name) in (*ENDINGS, *ARCHIVES) else BY_TYPE.get(kind, "")


def told(tell, *names):
    """Return what a function of the standard library tells, or None if the parameters of a header contradict."""
    try:
        return tell(*names)
    except (LookupError, TypeError, ValueError):
        return None


def payload(part):
    """Return the bytes of a part, decoded; those of a message in it as they would be sent."""
    if not part.is_multipart():
        return part.get_payload(decode=True)
    inside = part.get_payload(0)
    for one in inside.walk():
        if one.get_content_maintype() == "multipart" and not one.is_multipart():
            # Its ends are not to be found, so it is text: as what it says it is, the library cannot send all letters.
            del one["Content-Type"]
            one["Content-Type"] = "text/plain"
    return inside.as_bytes()


def body(part):
    """Return the text of a part."""
    text = decoded(payload(part), told(part.get_content_charset)).replace("\r\n", "\n")
    if marked_up(part):
        return html.lines(html.parsed(text))
    if str(told(part.get_param, "format")).lower() == "flowed":
        return unwrapped(text, without_blank=str(told(part.get_param, "delsp")).lower() == "yes")
    return text


def decoded(content, charset):
    """Return bytes as text: in the charset that a message names, unless it names none, or a wrong one."""
    try:
        name = codecs.lookup(charset or "ascii").name
        if name in NO_CHARSETS:
            return decode(content)
        text = content.decode(WIDER.get(name, name), "replace")
    except (LookupError, ValueError):
        return decode(content)
    wrong = name == "ascii" or text.count("\ufffd") > MOST_BROKEN * len(text)
    return decode(content) if wrong else text


def unwrapped(text, *, without_blank=False):
    r"""Return text whose lines end in a blank where they go on (RFC 3676), with a line for each paragraph.

    >>> unwrapped("Sony and \nEricsson agree.\n> And \n> then?\n-- \nAnna")
    'Sony and Ericsson agree.\n> And then?\n-- \nAnna'
    """
    found, going_on = [], None  # going_on: how deep the last line is quoted, if it does
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        if depth == going_on:
            found[-1].append(content)
        else:
            found.append([">" * depth, " "[:depth], content])
        going_on = depth if content.endswith(" ") and content != "-- " else None
        if without_blank and going_on is not None:
            found[-1][-1] = content[:-1]
    return "\n".join(map("".join, found))


def header(found, name):
    """Return a header of a message, decoded, or an empty string."""
    return words(found.get(name) or "")


def words(written):
    """Return a header, or the value of a parameter in one, decoded (RFC 2047) and on one line.

    >>> words("=?iso-8859-1?Q?S=F8nderjylland?= =?utf-8?B?5pel5pys?= A/S")
    'Sønderjylland日本 A/S'
    """
    written = re.sub(r"[\r\n]+[ \t]*", " ", written)
    if not written.isascii():
        return decode(written.encode("utf-8", "surrogateescape"))
    try:
        chunks = email.header.decode_header(written)
    except email.errors.HeaderParseError:
        return written
    return "".join(chunk if isinstance(chunk, str) else decoded(chunk, charset) for chunk, charset in chunks)
