"""Find dates in text, in any language of CLDR, and decide on a document's own date.

Dates are ISO 8601 strings, as exact as the text is: ``2001-04-24``, ``2001-04``, ``2001``. Nothing is
guessed: a year of two digits, a day without a year, and 4/5/2001 in English are no dates.
"""

import datetime
import heapq
import re
from collections import defaultdict
from functools import cache
from itertools import takewhile
from typing import NamedTuple

from babel import Locale, UnknownLocaleError

YEARS = range(1900, 2100)
DATELINE = 200  # characters at the start of a text in which a dateline ends
DAY = r"(?<!\d)(?P<day>\d{1,2})"
YEAR = r"(?P<year>\d{4})(?!\d)"
FIRST_YEAR = r"(?<![\d.,])(?P<year>\d{4})"
ORDINAL = r"(?:\.|[ºª]|(?:er|st|nd|rd|th|:?e)\b)?"
OF_YEAR = r"(?:\s(?:r\.|г\.|года))?"
OF = r"(?:(?:de|del|of)\s|d['’])?"
ENGLISH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
EVERYWHERE = (
    FIRST_YEAR + r"-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
    FIRST_YEAR + r"(?P<mark>/|\.\s?)(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
    DAY + r"\.\s?(?P<month>\d{1,2})\.\s?" + YEAR,
    FIRST_YEAR + r"\s?年(?![度代间間])(?:\s?(?P<month>\d{1,2})\s?月(?:\s?(?P<day>\d{1,2})\s?[日号])?)?",
    FIRST_YEAR + r"\s?년(?![도대간])(?:\s?(?P<month>\d{1,2})\s?월(?:\s?(?P<day>\d{1,2})\s?일)?)?",
    DAY + rf"-(?P<name>(?i:{ENGLISH}))-{YEAR}(?:\s\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?",
)
ISO = re.compile(r"(\d{4})-?(?:(\d\d)(?:-?(\d\d))?)?(?=$|[T\s])")
IN_FILENAME = re.compile(r"(?<!\d)(\d{4})(?:[-_./]?(\d\d)(?:[-_./]?(\d\d))?)?(?!\d)")
# What follows a date in a dateline: the end of its line, a dash before the news, a bracket's end, "reports".
AGENCY = r"(?:\s?(?:\([^)\n]{1,60}\)|/[^/\n]{1,60}/))?"
AFTER_DATELINE = re.compile(AGENCY + r"(?:\s?(?:--|[–—]|-\s)|\s?\n|\s?$|\s?[电電讯訊:：|])")
INSIDE_BRACKET = re.compile(r"[(（【\[〔][^)）】\]〕\n]*")
CLOSING_BRACKET = re.compile(r"[^)）】\]〕\n]{0,40}[)）】\]〕]")


class Date(NamedTuple):
    """A date in a text: ``text[start:end]`` says ``iso``."""

    iso: str
    start: int
    end: int


def iso(year, month=None, day=None):
    """Return a date's ISO form, as exact as its parts are; None if no calendar has it.

    >>> iso(2001, 4), iso(2001, 2, 29)
    ('2001-04', None)
    """
    try:
        datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if int(year) not in YEARS:
        return None
    return "-".join(f"{int(part):02}" for part in (year, month, day) if part)


@cache
def locale(language):
    """Return CLDR's data for a BCP 47 code, or None if it has none."""
    try:
        return None if language == "und" else Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def word(name):
    """Return a month's name as CLDR has it without its preposition and final stop, in lower case.

    >>> word("d’abril"), word("Sept.")
    ('abril', 'sept')
    """
    return re.split("[ ’']", name.lower().rstrip("."))[-1]


def common_start(first, second):
    """Return the letters with which both words start.

    >>> common_start("kwiecień", "kwietnia")
    'kwie'
    """
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))
    return "".join(letter for letter, _ in alike)


def unambiguous(forms, length):
    """Return {form: month} of the forms of one month only that have at least *length* letters.

    >>> unambiguous({"mar": {3}, "jui": {6, 7}}, 3)
    {'mar': 3}
    """
    return {form: min(found) for form, found in forms.items() if len(found) == 1 and len(form) >= length}


@cache
def months(language):
    """Return {name in lower case: number of the month} and the same of stems that take any ending.

    Names are all of CLDR's, and beginnings of three or four letters that are one month's only. Where a
    month's name in a date differs from its name alone, the language inflects it, in more cases
    than CLDR lists: what both share is the stem (``kwie`` for April in Polish).
    """
    known = locale(language)
    if known is None:
        return {}, {}
    names, beginnings, stems = {}, defaultdict(set), defaultdict(set)
    for number in range(1, 13):
        forms = {
            word(known.months[context][width][number])
            for context in ("format", "stand-alone")
            for width in ("wide", "abbreviated")
        }
        forms = {form for form in forms if not form[0].isdigit() and form[-1] not in "月월"}
        names |= dict.fromkeys(forms, number)
        for form in forms:
            for length in (3, 4):
                beginnings[form[:length]].add(number)
        wide = {word(known.months[context]["wide"][number]) for context in ("format", "stand-alone")} & forms
        if len(wide) == 2:
            stems[common_start(*wide)].add(number)
    return unambiguous(beginnings, 3) | names, unambiguous(stems, 2)


@cache
def patterns(language):
    """Return the compiled expressions that find dates in a language."""
    found = list(EVERYWHERE)
    names, stems = months(language)
    if names:
        forms = [re.escape(form) for form in sorted(names, key=len, reverse=True)]
        forms += [re.escape(stem) + r"\w{0,4}" for stem in sorted(stems, key=len, reverse=True)]
        name = rf"(?<!\w)(?P<name>(?i:{'|'.join(forms)}))(?!\w)\.?"
        found += [
            rf"{DAY}{ORDINAL}\s?{OF}{name},?\s{OF}{YEAR}{OF_YEAR}",
            rf"{name}\s(?P<day>\d{{1,2}}){ORDINAL},?\s{YEAR}",
            rf"{FIRST_YEAR}\.?\s(?:m\.\s)?{name}\s(?P<day>\d{{1,2}})(?!\d)",
            rf"{name},?\s{OF}{YEAR}{OF_YEAR}",
        ]
    if locale(language) and locale(language).date_formats["short"].pattern.startswith("d"):
        found.append(rf"(?<![\d/-])(?P<day>\d{{1,2}})(?P<mark>[/-])(?P<month>\d{{1,2}})(?P=mark){YEAR}")
    return [re.compile(pattern) for pattern in found]


def month(name, language):
    """Return the number of the month that *name* names in *language* (or, as wires do, in English)."""
    names, stems = months(language)
    name = name.lower()
    if name in names:
        return names[name]
    stem = next((stem for stem in sorted(stems, key=len, reverse=True) if name.startswith(stem)), None)
    return stems[stem] if stem else ENGLISH.split("|").index(name[:3]) + 1


def dates(text, language):
    """Yield the dates of *text* as `find` returns them, each when it is reached."""
    reached = 0
    everything = heapq.merge(
        *(pattern.finditer(text) for pattern in patterns(language)),
        key=lambda match: (match.start(), -match.end()),
    )
    for match in everything:
        if match.start() < reached:
            continue
        reached = match.end()
        parts = match.groupdict()
        number = month(parts["name"], language) if "name" in parts else parts.get("month")
        date = iso(parts["year"], number, parts.get("day"))
        if date:
            yield Date(date, *match.span())


def find(text, language):
    """Return the dates in *text*, in the text's order, as a list of `Date`.

    >>> [date.iso for date in find("On April 24, 2001 (since March 1999)", "en")]
    ['2001-04-24', '1999-03']
    >>> [date.iso for date in find("Am 1. März 2001", "de") + find("2001年4月24日", "ja")]
    ['2001-03-01', '2001-04-24']
    """
    return list(dates(text, language))


def document_date(metadata, text, language, filename):
    """Return a document's date, or None, and where it is from: the first of these that gives one.

    ``metadata``: what the file says of itself; ``dateline``: where news has its date, at the start of the
    text; ``text``: the first complete date in the text; ``filename``: the path; ``none``.

    >>> document_date(None, "STOCKHOLM, 24 April 2001 - Sony and Ericsson ...", "en", "sony.txt")
    ('2001-04-24', 'dateline')
    """
    found = ((date, source) for source, date in ladder(metadata, text, language, filename) if date)
    return next(found, (None, "none"))


def ladder(metadata, text, language, filename):
    """Yield what each source of `document_date` says, the best first; later ones are not asked in vain."""
    yield "metadata", in_metadata(metadata or "", language)
    yield "dateline", in_dateline(text, language)
    yield "text", next((date.iso for date in dates(text, language) if len(date.iso) == 10), None)
    yield "filename", in_filename(filename)


def in_metadata(written, language):
    """Return the date that metadata gives, complete or partial, or None.

    >>> in_metadata("2001-04", "en"), in_metadata("Thu, 09 Jan 2025 10:25:48", "nb")
    ('2001-04', '2025-01-09')
    """
    written = written.strip()
    found = ISO.match(written)
    if found:
        return iso(*found.groups())
    return next((date.iso for code in (language, "en") for date in dates(written, code)), None)


def in_dateline(text, language):
    """Return the date of the dateline that opens *text*, or None."""
    for date in dates(text[: DATELINE + 60], language):
        if date.end > DATELINE or len(date.iso) < 7:
            continue
        before = text[text.rfind("\n", 0, date.start) + 1 : date.start]
        if INSIDE_BRACKET.fullmatch(before):
            found = CLOSING_BRACKET.match(text, date.end)
        else:
            found = len(before) <= 60 and AFTER_DATELINE.match(text, date.end)
        if found:
            return date.iso
    return None


def in_filename(path):
    """Return the date in a path, or None.

    >>> [in_filename(path) for path in ("2001/04/24/sony.txt", "sony-2001.txt", "reut2-000.sgm")]
    ['2001-04-24', '2001', None]
    """
    return next(filter(None, (iso(*found.groups()) for found in IN_FILENAME.finditer(path))), None)
