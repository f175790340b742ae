"""A mail is a record, and so is each attachment that can be read; whatever is broken in one leaves the others alone."""

import base64
import io
import mailbox
import zipfile
from email.header import Header
from email.message import EmailMessage
from email.mime.text import MIMEText

import pytest
from entente import readers
from entente.dates import document_date
from entente.readers import How, Raw, Refused, mail
from entente.text import normalise
from hypothesis import example, given
from hypothesis import strategies as st

DATE = "Tue, 24 Apr 2001 08:00:00 +0200"
TEXT = "Sony and Ericsson agree."
OPENING = "From anna@example.org Tue Apr 24 08:00:00 2001\n"


def message(body=TEXT, kind="text/plain; charset=utf-8", own="<a@x>", **headers):
    """Return a message as text, with these further headers."""
    known = {"From": "a@x", "Message-ID": own, "Subject": "Venture", "Date": DATE, "Content-Type": kind}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in (known | headers).items() if value]
    return "\n".join([*lines, "", body])


def part(body, kind="text/plain", **headers):
    """Return a part of a message as text."""
    return message(body, kind, None, From=None, Subject=None, Date=None, **headers)


def parts(*found, kind="mixed", **headers):
    """Return a message of these parts as text."""
    body = "".join(f"--=_b\n{content}\n" for content in found) + "--=_b--\n"
    return message(body, f'multipart/{kind}; boundary="=_b"', **headers)


def attached(name, content=b"Acme and Beta agree.", kind="application/octet-stream"):
    """Return a part with an attachment as text."""
    return part(
        base64.encodebytes(content).decode(),
        kind,
        Content_Transfer_Encoding="base64",
        Content_Disposition=f'attachment; filename="{name}"',
    )


def read(folder, content, name="a.eml", how=readers.PLAIN):
    """Return all records of a file with this name and content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(readers.records(readers.reader(path, how), path))


def text(folder, content):
    """Return the text of the only record of a message, normalised."""
    [raw] = read(folder, content)
    return normalise(raw.text)


# A message


def test_a_message_is_a_record_with_its_own_id_subject_and_date(tmp_path):
    assert read(tmp_path, message()) == [Raw(id="a@x", title="Venture", text=TEXT, date=DATE)]


def test_the_date_of_a_mail_is_that_of_the_document(tmp_path):
    [raw] = read(tmp_path, message())

    assert document_date(raw.date, raw.text, "ja", "1999-01-01.eml") == ("2001-04-24", "metadata")


def test_without_headers_that_say_so_there_is_no_id_title_or_date(tmp_path):
    assert read(tmp_path, "To: b@x\n\nSony.") == [Raw(id="message 1", text="Sony.")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("=?iso-8859-1?Q?S=F8nderjylland_og?= =?iso-8859-1?Q?_=C5benr=E5?=", "Sønderjylland og Åbenrå"),
        (
            Header("ソニーとエリクソンは合弁会社を設立する" * 3, "iso-2022-jp").encode(),
            "ソニーとエリクソンは合弁会社を設立する" * 3,
        ),
        (Header("شركة أرامكو السعودية " * 9, "utf-8").encode(), "شركة أرامكو السعودية " * 9),
        ("Re: =?GB2312?B?scjRx7XP?= news", "Re: 比亚迪 news"),
        ("a\n\tfolded\n subject", "a folded subject"),
        ("Ørsted og ソニー", "Ørsted og ソニー"),
        ("=?x-none?Q?caf=C3=A9?=", "café"),
        ("=?utf-8?B?A?= and =?utf-8?Q", "=?utf-8?B?A?= and =?utf-8?Q"),
    ],
)
def test_subjects_are_decoded_however_they_are_encoded(tmp_path, written, expected):
    [raw] = read(tmp_path, message(Subject=written))

    assert normalise(raw.title) == normalise(expected)


@pytest.mark.parametrize(
    ("charset", "codec", "written"),
    [
        ("utf-8", "utf-8", "ソニーとエリクソン – “50 %”"),
        ("iso-8859-1", "cp1252", "Sønderjylland – “50 %”"),
        ("ISO-2022-JP", "iso2022_jp", "ソニーとエリクソンは合弁会社を設立する。"),
        ("Shift_JIS", "cp932", "①ソニーとエリクソン"),
        ("gb2312", "gb18030", "比亞迪与丰田"),
        ("ks_c_5601-1987", "cp949", "삼성전자와 소니는 똠"),
        ("windows-1256", "cp1256", "شركة أرامكو السعودية"),
        ("koi8-r", "koi8-r", "Газпром и Шелл"),
        ("us-ascii", "utf-8", "Société Générale et Évry"),
        ("x-unknown", "utf-8", "Société Générale et Évry"),
        ("utf-8", "cp1252", "Société Générale a créé une société commune à Évry, détenue à parité."),
        ("zlib", "utf-8", "Société"),
        ("a\0b", "utf-8", "Société"),
        ("", "utf-8", "Société"),
    ],
)
@pytest.mark.parametrize("way", ["8bit", "quoted-printable", "base64"])
def test_a_text_is_decoded_by_its_charset_unless_that_is_wrong(tmp_path, charset, codec, written, way):
    encoded = written.encode(codec)
    body = {
        "8bit": encoded,
        "base64": base64.encodebytes(encoded),
        "quoted-printable": "".join(f"={byte:02X}" for byte in encoded).encode(),
    }[way]
    head = message("", f'text/plain; charset="{charset}"', Content_Transfer_Encoding=way)

    assert text(tmp_path, head.encode() + body) == written


def test_a_byte_that_is_wrong_costs_no_other_letter(tmp_path):
    written = "ソニーとエリクソンは合弁会社を設立する。" * 20

    assert text(tmp_path, message().encode() + b"\xff" + written.encode()) == f"{TEXT}\ufffd{written}"


def test_the_plain_text_is_read_before_the_html(tmp_path):
    """In whatever order they come; the other one says the same."""
    html, plain = part("<p>Marked up.</p>", "text/html"), part(TEXT)
    related = parts(html, attached("a.png", kind="image/png"), kind="related", own=None)

    assert text(tmp_path, parts(plain, related, kind="alternative")) == TEXT
    assert text(tmp_path, parts(html, plain, part("{}", "application/json"), kind="alternative")) == TEXT
    assert text(tmp_path, parts(part(" \n"), related, kind="alternative")) == "Marked up."


def test_html_is_read_as_it_is_seen_with_what_it_quotes(tmp_path):
    html = (
        '<html><head><meta charset="utf-16"><style>p {}</style></head><body><h1>Venture</h1>'
        "<p>Sønderjylland &amp; <b>Sony</b>\nagree.</p><div>On Tuesday Anna wrote:<blockquote>They may.</blockquote>"
        "</div></body></html>"
    ).encode("cp1252")
    head = message("", "text/html; charset=windows-1252")

    assert text(tmp_path, head.encode() + html).split("\n") == [
        "Venture",
        "Sønderjylland & Sony agree.",
        "On Tuesday Anna wrote:",
        "They may.",
    ]


def test_quoted_messages_are_kept_and_parts_that_are_shown_one_below_the_other_joined(tmp_path):
    quoted = "> They may.\n>> Sony?"

    assert text(tmp_path, parts(part(TEXT), part(quoted))) == f"{TEXT}\n\n{quoted}"


def test_lines_that_go_on_are_joined_where_the_message_says_so(tmp_path):
    body = "Sony and \nEricsson agree.\n> They \n> may.\n>> No \n> Yes\n-- \nAnna"

    assert text(tmp_path, message(body, "text/plain; format=Flowed")) == (
        "Sony and Ericsson agree.\n> They may.\n>> No\n> Yes\n--\nAnna"
    )
    assert (
        text(tmp_path, message("ソニーと \n合弁", "text/plain; format=flowed; delsp=yes")) == "ソニーと合弁"
    )
    assert text(tmp_path, message("Sony and \nEricsson")) == "Sony and\nEricsson"


@given(
    title=st.text(st.characters(exclude_categories=("Cs", "Cc"))),
    body=st.text(st.characters(exclude_categories=("Cs",))),
)
def test_any_text_comes_out_as_it_went_in(tmp_path_factory, title, body):
    made = MIMEText(f"{body}.", "plain", "utf-8")
    made["Subject"] = Header(title, "utf-8")
    path = tmp_path_factory.mktemp("mail") / "a.eml"
    path.write_bytes(made.as_bytes())

    [raw] = mail.read(path)

    # Garbled letters are mended for readers of all formats.
    meant = readers.repaired(Raw(f"{body}.", title))
    assert (normalise(raw.text), normalise(raw.title)) == (normalise(meant.text), normalise(meant.title))


# Attachments


def test_attachments_that_can_be_read_are_records_of_their_own(tmp_path):
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("b.txt", "Beta agrees.")
    wire = b'{"id": "w1", "text": "Gamma agrees."}\n'

    found = read(
        tmp_path,
        parts(
            part(TEXT),
            attached("terms.txt", "Société Générale agrees.".encode("cp1252")),
            attached("wire.jsonl", wire),
            attached("all.zip", zipped.getvalue()),
        ),
    )

    assert [(raw.id, raw.text) for raw in found] == [
        ("a@x", TEXT),
        ("a@x/terms.txt", "Société Générale agrees."),
        ("a@x/wire.jsonl#w1", "Gamma agrees."),
        ("a@x/all.zip#b.txt", "Beta agrees."),
    ]


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"Content_Disposition": "attachment; filename*=utf-8''%E6%8F%90%E6%90%BA.txt"}, "提携.txt"),
        ({"Content_Disposition": 'attachment; filename="=?utf-8?B?5o+Q5pC6LnR4dA==?="'}, "提携.txt"),
        ({"Content_Disposition": 'attachment; filename*0="ter"; filename*1="ms.txt"'}, "terms.txt"),
        ({"Content_Disposition": "attachment; filename*=x-none''terms.txt"}, "terms.txt"),
        ({"Content_Disposition": "attachment"}, "attachment 1"),
        ({"Content_Disposition": 'attachment; filename="Terms of v1.2"'}, "Terms of v1.2"),
        ({"Content_Disposition": 'attachment; filename="../../etc/terms.txt"'}, "../../etc/terms.txt"),
    ],
)
def test_attachments_have_the_names_that_they_were_given(tmp_path, headers, own):
    found = read(tmp_path, parts(part(TEXT), part("Acme agrees.", **headers)))

    assert [(raw.id, raw.text) for raw in found[1:]] == [(f"a@x/{own}", "Acme agrees.")]


def test_attachments_are_read_by_their_endings_whatever_reads_the_mails(tmp_path):
    """A corpus whose files have no ending names the reader of its mails."""
    found = read(tmp_path, parts(part(TEXT), attached("a.txt")), "1234", How(name="mail"))

    assert [raw.id for raw in found] == ["a@x", "a@x/a.txt"]


def test_images_sound_signatures_and_reports_on_delivery_are_left_out(tmp_path):
    found = read(
        tmp_path,
        parts(
            part(TEXT),
            attached("a.png", kind="image/png"),
            attached("b.JPG"),
            attached("c.mp3"),
            attached("d", kind="video/mp4"),
            attached("signature.asc", kind="application/pgp-signature"),
            attached("smime.p7s", kind="application/pkcs7-signature"),
            part("Reporting-MTA: dns; x", "message/delivery-status"),
        ),
    )

    assert [raw.id for raw in found] == ["a@x"]


def test_other_attachments_are_refused_by_name(tmp_path):
    _, first, second, third = read(
        tmp_path,
        parts(part(TEXT), attached("a.xls"), attached("b.docx", b"PK"), attached("c.txt", b"")),
    )

    assert (first.id, first.reason) == ("a@x/a.xls", "unsupported")
    assert (second.id, second.reason) == ("a@x/b.docx", "malformed")
    assert (third.id, third.text) == ("a@x/c.txt", "")


def test_a_message_that_is_forwarded_is_a_record_of_its_own(tmp_path):
    inner = message("Sønderjylland agrees.\nFrom here on.", own="<b@x>", Subject="Ørsted")
    outer = parts(part(TEXT), part(inner, "message/rfc822"))

    assert read(tmp_path, outer)[1:] == [
        Raw(
            id="a@x/attachment 1#b@x",
            title="Ørsted",
            text="Sønderjylland agrees.\nFrom here on.",
            date=DATE,
        )
    ]


def test_a_message_without_text_is_refused_and_its_attachments_are_read(tmp_path):
    found = read(tmp_path, parts(attached("a.txt")))

    assert [(raw.id, getattr(raw, "reason", None)) for raw in found] == [
        ("a@x", "no_text"),
        ("a@x/a.txt", None),
    ]


# A mailbox


def test_the_messages_of_a_mailbox_are_records(tmp_path):
    """As the standard library writes it."""
    box = mailbox.mbox(tmp_path / "a.mbox")
    for number in range(3):
        made = EmailMessage()
        made["Message-ID"] = f"<{number}@x>"
        made.set_content(f"Sønderjylland {number}\n\nFrom the start.\n")
        box.add(made)
    box.close()

    found = list(mail.read(tmp_path / "a.mbox"))

    assert [(raw.id, normalise(raw.text)) for raw in found] == [
        (f"{number}@x", f"Sønderjylland {number}\n\nFrom the start.") for number in range(3)
    ]


@pytest.mark.parametrize(
    "opening",
    [
        OPENING,
        "From - Tue Apr 24 08:00:00 2001\n",
        "From 1234@xxx Tue Apr 24 08:00:00 +0000 2001\n",
        "From anna at example.org  Tue Apr 24 08:00:00 2001\r\n",
        "From anna\n",
    ],
)
def test_only_a_line_that_opens_a_message_does(tmp_path, opening):
    """Such a line in a text is marked, or has no date, or stands below no empty line."""
    body = "They agree\nFrom Tuesday on.\n\n>From here\n>>From there\n> From\n"
    content = opening + message(body, own="<a@x>") + "\n" + opening + message(own=None) + "\n"

    first, second = read(tmp_path, content, "a.mbox")

    assert normalise(first.text) == "They agree\nFrom Tuesday on.\n\nFrom here\n>From there\n> From"
    assert (second.id, normalise(second.text)) == ("message 2", TEXT)


def test_a_line_of_a_message_that_is_alone_opens_no_other(tmp_path):
    body = f"Sony.\n\n{OPENING}Ericsson."

    assert text(tmp_path, message(body)) == body


def test_a_broken_message_is_refused_and_the_others_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAXIMUM_BYTES", 1000)
    messages = [
        message(),
        "no headers at all",
        message("a" * 2000),
        message("b\n" * 1000),
        "",
        message(own="<z@x>"),
    ]

    found = read(tmp_path, "".join(f"{OPENING}{content}\n\n" for content in messages), "a.mbox")

    assert [(raw.id, getattr(raw, "reason", None)) for raw in found] == [
        ("a@x", None),
        ("message 2", "malformed"),
        ("message 3", "too_large"),
        ("message 4", "too_large"),
        ("message 5", "malformed"),
        ("z@x", None),
    ]


def test_a_mailbox_is_not_read_further_than_its_messages_are_asked_for():
    content = "".join(f"{OPENING}{message()}\n\n" for _ in range(5000)).encode()
    file = io.BytesIO(content)

    next(mail.messages(file))

    assert file.tell() < len(content) / 1000


def test_a_mailbox_without_line_ends_is_read_in_pieces(monkeypatch):
    monkeypatch.setattr(readers, "MAXIMUM_BYTES", 1000)
    monkeypatch.setattr(mail, "LINE", 100)

    [found] = mail.messages(io.BytesIO(OPENING.encode() + b"a" * 100_000))

    assert len(found) <= 1100


# Hostile and damaged files


def nested(depth):
    """Return a message with another one attached, that has another one attached, and so on."""
    content = message()
    for number in range(depth):
        content = parts(part(f"{number}"), part(content, "message/rfc822"), own=f"<{number}@x>").replace(
            "=_b", f"=_{number}"
        )
    return content


def test_messages_that_lie_in_very_many_others_are_refused(tmp_path):
    *read_ones, last = read(tmp_path, nested(9))

    assert len(read_ones) == readers.DEPTH + 1
    assert last.reason == "too_large"


@pytest.mark.parametrize("depth", [200, 3000])
def test_parts_that_lie_in_very_many_others_end_as_records_or_refusals(tmp_path, depth):
    opened = "".join(
        f'Content-Type: multipart/mixed; boundary="b{number}"\n\n--b{number}\n' for number in range(depth)
    )

    for raw in read(tmp_path, f"{OPENING}Subject: a\n{opened}\n{TEXT}\n\n{OPENING}{message()}", "a.mbox"):
        assert isinstance(raw, Raw | Refused)
    assert raw.id == "a@x"


def test_a_bomb_that_is_attached_does_not_go_off(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "ALLOWANCE", 1000)
    monkeypatch.setattr(readers, "EXPANSION", 2)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "a" * 1_000_000)

    _, bomb = read(tmp_path, parts(part(TEXT), attached("a.zip", zipped.getvalue())))

    assert (bomb.id, bomb.reason) == ("a@x/a.zip#a.txt", "too_large")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (parts(part(TEXT)).partition(TEXT)[0] + TEXT, TEXT),
        (message(TEXT, "multipart/mixed"), TEXT),
        (message(TEXT, 'multipart/mixed; boundary="x"'), TEXT),
        (message(TEXT, ";;; ="), TEXT),
        (message(TEXT, "text/plain; charset*=''%ff"), TEXT),
        (message("Sony=", Content_Transfer_Encoding="quoted-printable"), "Sony"),
        (message("U29ueQ", Content_Transfer_Encoding="base64"), "Sony"),
        (message(TEXT, Content_Transfer_Encoding="x-none"), TEXT),
        ("\ufeff\n\n" + message(), TEXT),
        (message().replace("\n", "\r\n"), TEXT),
        (message().replace("\n\n", "\nno header\n\n"), f"no header\n\n{TEXT}"),
    ],
)
def test_a_damaged_message_gives_the_text_that_it_has(tmp_path, content, expected):
    assert text(tmp_path, content) == expected


@pytest.mark.parametrize(
    ("content", "reason", "says"),
    [
        (b"", "no_text", "no record"),
        (b"\n\n", "no_text", "no record"),
        (b"Dear Sir or Madam,\n\nwe agree.", "malformed", "opens with b'Dear Sir"),
        (b"%PDF-1.4\n%\xe2\xe3", "malformed", "no header of a mail"),
        (message(" ").encode(), "no_text", "no text in the message"),
        (message("<!-- -->", "text/html").encode(), "no_text", "no"),
    ],
)
def test_what_is_no_mail_or_has_no_text_is_refused_with_what_was_found(tmp_path, content, reason, says):
    [refused] = read(tmp_path, content)

    assert refused.reason == reason
    assert says in refused.detail


@given(content=st.binary(max_size=300), head=st.sampled_from([b"", OPENING.encode(), b"Subject: a\n"]))
def test_random_bytes_end_as_records_or_refusals(tmp_path_factory, content, head):
    for found in read(tmp_path_factory.mktemp("bytes"), head + content):
        assert isinstance(found, Raw | Refused)


LINES = st.sampled_from(
    [
        OPENING,
        'Content-Type: multipart/mixed; boundary="b"\n',
        "Content-Type: multipart/alternative; boundary=b\n",
        "Content-Type: message/rfc822\n",
        "Content-Type: text/html; charset=zlib\n",
        "Content-Type: text/plain; charset*0*=''%ff; format*=x'y'flowed\n",
        "Content-Transfer-Encoding: base64\n",
        "Content-Transfer-Encoding: x-uuencode\n",
        "Content-Disposition: attachment; filename*=utf-16''%ff\n",
        'Content-Disposition: attachment; filename="\udce9\udcff.txt"\n',
        "Message-ID: <\udce9@[>\n",
        "Subject: =?utf-7?Q?+?= \udcff\n",
        "\n",
        "--b\n",
        "--b--\n",
        "begin 644 a\n",
        "Sony \udce9\n",
    ]
)


UNENDING = [  # a message in a message, of parts that never begin
    "Content-Type: message/rfc822\n",
    "\n",
    'Content-Type: multipart/mixed; boundary="b"\n',
    "begin 644 a\n",
    "Sony \udce9\n",
]


def test_a_forwarded_message_whose_parts_never_begin_is_text(tmp_path):
    """Letters in no known charset too."""
    content = "".join(["Subject: a\n", *UNENDING]).encode("utf-8", "surrogateescape")

    found = [raw for raw in read(tmp_path, content) if isinstance(raw, Raw)]

    assert [raw.text.splitlines() for raw in found] == [["begin 644 a", "Sony é"]]


@given(st.lists(LINES, max_size=30))
@example(UNENDING)
def test_any_order_of_lines_ends_as_records_or_refusals_that_are_none_of_python_s(tmp_path_factory, lines):
    content = "".join(["Subject: a\n", *lines]).encode("utf-8", "surrogateescape")

    for found in read(tmp_path_factory.mktemp("lines"), content):
        assert isinstance(found, Raw) or "records: " not in found.detail
