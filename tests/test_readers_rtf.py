"""An RTF becomes the text that its readers see as running text, whatever way its letters are written."""

import pytest
from entente import readers
from entente.readers import Raw, Refused, rtf
from entente.text import normalise
from hypothesis import given
from hypothesis import strategies as st

FONTS = (
    r"{\fonttbl{\f0\froman\fcharset0\fprq2{\*\panose 02020603050405020304}Times New Roman{\*\falt Times};}"
    r"{\f1\fnil\fcharset128 \'82\'6c\'82\'72 \'96\'be\'92\'a9;}{\f2\fswiss\fcharset204 Arial Cyr;}}"
)
INFO = r"{\info{\title Template}{\author A}{\creatim\yr2001\mo4\dy24}}"
HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0\deflang1030" + FONTS + r"{\colortbl;\red0\green0\blue0;}"
    r"{\stylesheet{\s0\snext0 Normal;}{\*\cs1 Default;}}{\*\generator Riched20 10.0;}" + INFO
)
PAGES = {  # charset of RTF, codec of Python, letters: of them ソ, 能 and 表 end in the byte of a backslash
    "Danish": (0, "cp1252", "Sønderjyllands Åbenrå, ÆØÅ, 50 % – “Ørsted”"),
    "Japanese": (128, "cp932", "ソニーとエリクソンは表示能力を提携する。ABC"),
    "Chinese": (134, "gb18030", "比亚迪股份有限公司与丰田汽车公司"),
    "Taiwanese": (136, "cp950", "台積電與索尼成立合資公司"),
    "Korean": (129, "cp949", "삼성전자와 소니는 합작회사를 설립한다"),
    "Russian": (204, "cp1251", "Газпром и Шелл создали предприятие"),
    "Arabic": (178, "cp1256", "شركة أرامكو السعودية"),
    "Hebrew": (177, "cp1255", "חברת טבע הודיעה"),
    "Polish": (238, "cp1250", "Spółka ORLEN i Gdańsk"),
    "Greek": (161, "cp1253", "Εθνική Τράπεζα"),
    "Macintosh": (77, "mac_roman", "Société Générale"),
}


def rtf_of(body, head=HEAD):
    """Return the bytes of an RTF with this body."""
    return f"{head}\\viewkind4\\uc1\\pard\\f0\\fs22 {body}\\par\r\n}}\r\n\0".encode("latin-1")


def escaped(encoded, *, all_of_them=True):
    """Return bytes in the code page of a font as RTF writes them; ASCII as it is, or not."""
    return "".join(
        chr(byte) if 32 <= byte < 127 and chr(byte) not in "\\{}" and not all_of_them else f"\\'{byte:02x}"
        for byte in encoded
    )


def unicode(text):
    """Return text as numbers of Unicode, each with a question mark for old programs."""
    units = memoryview(text.encode("utf-16-le")).cast("H")
    return "".join(f"\\u{unit - 0x10000 if unit > 0x7FFF else unit}?" for unit in units)


def read(folder, content):
    """Return the records of a file with this content, or how it is refused."""
    path = folder / "contract.rtf"
    path.write_bytes(content)
    return list(readers.records(readers.reader(path), path))


def text(body, head=HEAD):
    """Return the text of a body, normalised."""
    return normalise(rtf.plain(rtf_of(body, head)))


def test_paragraphs_are_lines_and_properties_of_the_file_are_not_the_document_s(tmp_path):
    body = r"{\b Acme} \{Inc\} and\line Beta\par\pard\li720{\i Gamma}\~A/S\tab C:\\x"

    assert read(tmp_path, rtf_of(body)) == [Raw(text="Acme {Inc} and\nBeta\nGamma\xa0A/S\tC:\\x")]


# Letters


@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize("all_of_them", [True, False])
def test_bytes_are_letters_in_the_code_page_of_their_font(language, all_of_them):
    """Also a byte that is written as itself and is half a letter."""
    charset, codec, written = PAGES[language]
    head = HEAD.replace(r"\fcharset128", rf"\fcharset{charset}")

    found = text(f"A {{\\f1 {escaped(written.encode(codec), all_of_them=all_of_them)}}} \\'e6", head)

    assert found == f"A {written} æ"


@pytest.mark.parametrize("language", PAGES)
def test_without_another_font_the_default_font_or_the_file_tells_the_code_page(language):
    charset, codec, written = PAGES[language]
    body = escaped(written.encode(codec))
    number = {"mac_roman": "10000", "gb18030": "936"}.get(codec, codec[2:])
    by_font = rf"{{\rtf1\ansi\ansicpg1252\deff7{{\fonttbl{{\f7\fnil\fcharset{charset} F;}}}}{{\f9 x\plain}} "
    by_file = rf"{{\rtf1\ansi\ansicpg{number}{{\fonttbl{{\f0\fnil Arial;}}}}"

    assert rtf.plain(f"{by_font}{{\\f9\\plain {body}}}}}".encode()).split(maxsplit=1) == ["x", written]
    assert rtf.plain(f"{by_file}{body}}}".encode()) == written


def test_a_letter_of_two_bytes_may_lie_on_two_lines():
    assert text("{\\f1 \\'83\r\n\\'5c\\'83\r\n\\'6a}") == "ソニ"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"K\u248\'f8benhavn", "København"),
        (r"\uc2\u12477\'83\'5c\u12491\'83j", "ソニ"),  # Word, with the letter in Shift JIS after it
        (r"\uc0\u12477 \u12491 Corp", "ソニCorp"),  # TextEdit
        (r"{\uc2 {\uc1 \u-30050?x}\u12477 ??}", "語xソ"),
        (r"\u8211\endash x", "–x"),
        (r"\u8211\par x", "–\nx"),
        (r"{\upr{a}{\*\ud{\u26085?}}}", "a"),
        (r"\u128512?\u-10179?\u-8704?", "😀😀"),
        (r"\u-10179?x\u999999999?", "\ufffdx\ufffd"),
        (r"\loch\af0\hich\af0\dbch\af1\loch\f0 a\hich\f0 b\dbch\f1 \'83\'5c", "abソ"),
        (r"\emdash\endash\bullet\lquote\rquote\ldblquote\rdblquote\_\-", "—–•‘’“”\u2011"),
    ],
)
def test_unicode_is_read_and_what_repeats_it_for_old_programs_is_not(body, expected):
    assert text(body) == expected


def test_a_code_page_that_nobody_knows_loses_no_other_letter():
    assert text(r"caf\'e9", HEAD.replace("1252", "999").replace("charset0", "charset99")) == "café"


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)))))
def test_any_text_comes_out_as_it_went_in(lines):
    assert text(r"\par ".join(map(unicode, lines))) == normalise("\n".join(lines))


@given(st.text(st.sampled_from(PAGES["Japanese"][2])), st.booleans())
def test_any_japanese_comes_out_as_it_went_in(written, all_of_them):
    assert text(r"\f1 " + escaped(written.encode("cp932"), all_of_them=all_of_them)) == normalise(written)


# Structure


def test_what_was_inserted_is_read_and_what_was_deleted_or_hidden_is_not():
    body = (
        r"Acme {\revised\revauth1 and Beta }{\deleted\revauthdel1 and Gamma }{\v hidden}agree{\mvf  today}"
        r"\v hidden\v0  now\deleted gone\plain ."
    )

    assert text(body) == "Acme and Beta agree now."


def test_of_a_link_the_words_are_read_and_not_the_address():
    body = r'See {\field{\*\fldinst{HYPERLINK "http://x.y"}}{\fldrslt{\ul\cf1 the site}}}.'

    assert text(body) == "See the site."


def test_headers_notes_and_pictures_are_left_out():
    body = (
        r"{\header\pard Acme A/S\par}{\footerf 1\par}one{\super\chftn{\footnote\pard\plain note}} "
        r"{\*\shppict{\pict\pngblip 89504e47}}{\nonshppict{\pict\wmetafile8 0100}}{\*\unknown x{y}}"
        r"{\shp{\*\shpinst{\shptxt box}}{\shprslt box}}two{\*\atnid A}{\*\annotation comment}{\xe index}"
    )

    assert text(body) == "one two"


def test_binary_data_are_passed_over():
    """They may hold braces, which close nothing."""
    assert text(r"one {\pict\jpegblip\bin6 }}{\x y} two") == "one two"


def test_a_row_of_a_table_is_a_line():
    row = r"\trowd\cellx100\cellx200\pard\intbl Acme\par and Beta\cell\cell\pard\intbl May\cell\row\pard "

    assert text(r"Acme and Beta form a venture today.\par " + row + "Gamma joins.") == (
        "Acme and Beta form a venture today.\nAcme and Beta | May\nGamma joins."
    )
    assert text(r"News\par " + row + "end") == "News\nAcme and Beta | May\nend"
    assert normalise(rtf.plain(rb"{\rtf1\trowd\pard\intbl Acme\cell Beta")) == "Acme | Beta"


# Hostile and damaged files


@pytest.mark.parametrize(
    ("content", "reason", "says"),
    [
        (b"", "malformed", "opens with b''"),
        (b"PK\x03\x04", "malformed", "save it again as RTF"),
        (b"Acme {\\rtf1 and Beta}", "malformed", "so no RTF"),
        (rtf_of(r"{\pict 00}"), "no_text", "only pictures"),
        (b"{\\rtf1 " + b"{" * 20_000 + b"x", "malformed", "10,000 groups in one another"),
    ],
)
def test_what_is_no_rtf_or_has_no_text_is_refused_with_what_was_found(tmp_path, content, reason, says):
    [refused] = read(tmp_path, content)

    assert refused.reason == reason
    assert says in refused.detail


def test_a_file_too_big_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAXIMUM_BYTES", 300)
    [refused] = read(tmp_path, rtf_of("x" * 300))

    assert refused.reason == "too_large"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (rb"{\rtf1 Acme and B", "Acme and B"),
        (rb"{\rtf1 Acme \'8", "Acme 8"),
        (b"{\\rtf1 Acme \\", "Acme"),
        (rb"{\rtf1 Acme {\pict\bin999999999 x}", "Acme"),
        (rb"{\rtf1 Acme \bin-5 and \bin Beta}", "Acme and Beta"),
        (rb"{\rtf1 Acme}} and {{ Beta}", "Acme"),
        (b"{\\rtf1\r\n{}{}{}Acme\0 and Beta\r\n}", "Acme and Beta"),
        (rb"{\rtf1\uc-7\u65?\uc\f\deff\ansicpg\u Acme}", "A?Acme"),
        (rb"{\rtf1{\fonttbl\fcharset128\f\f99999999\cpg-1{\f1 \fcharset}}\f1 Acme}", "Acme"),
    ],
)
def test_damaged_files_give_the_text_before_the_damage(content, expected):
    assert normalise(rtf.plain(content)) == expected


def test_very_many_groups_and_marks_that_open_nothing_are_no_trouble():
    """Each would take hours if every mark were searched for its end anew."""
    assert rtf.plain(b"{\\rtf1 " + rb"{\field{\*\fldinst{HYPERLINK " * 3000 + b"x") == ""
    assert rtf.plain(b"{\\rtf1 " + rb"{\*\x}{\'e6}" * 50_000) == "æ" * 50_000


@given(content=st.binary(max_size=300), head=st.sampled_from([b"", b"{\\rtf1", b"{\\rtf1{\\fonttbl"]))
def test_random_bytes_end_as_records_or_refusals(tmp_path_factory, content, head):
    [found] = read(tmp_path_factory.mktemp("bytes"), head + content)

    assert isinstance(found, Raw | Refused)


WORDS = st.sampled_from(
    [
        r"{",
        r"}",
        r"\u65?",
        r"\u",
        r"\uc0",
        r"\uc9",
        r"\f1",
        r"\deff1",
        r"\cell",
        r"\row",
        r"\pard",
        r"\intbl",
        r"\par",
        r"\v",
        r"\v0",
        r"\plain",
        r"\'83",
        r"\'5c",
        r"\*",
        r"{\fonttbl",
        r"\fcharset128",
        r"\bin3",
        r"\footnote",
        r"Acme",
        r"ソ",
    ]
)


@given(st.lists(WORDS, max_size=60))
def test_any_order_of_words_is_read(words):
    rtf.plain(b"{\\rtf1" + "".join(words).encode())
