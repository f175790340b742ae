"""Read numbers: digits, number words, fractions, ratios and ranges, with their units.

The lexicon has the words: ``numbers``, ``fractions``, and around them those of ``figures``.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from babel import Locale

from entente import lexicon

DATA = ("lexicon",)

DIGITS = r"\d+(?:[.,'’ ]\d{3})*(?!\d)(?:[.,]\d+)?"
DASH = re.compile(r"\s?[-–—~～]\s?")
UNITS = {"percent": "percent", "term": "years", "month": "months"}  # by the code of the phrase
MOST = 1000  # a measured figure is lower
FEW = 20  # ASSUME: a range without a unit is of a count: "between 790 and 910"
MOST_COUNTED = 4  # words between the numbers of a ratio: "one new research partnership in ten"


@dataclass(frozen=True)
class Figure:
    """A number and its unit: ``text[start:end]``. A range has two bounds; where one is None it is open."""

    start: int
    end: int
    low: float | None
    high: float | None
    unit: str | None = None

    @property
    def bound(self):
        """The lower bound, or the only one."""
        return self.high if self.low is None else self.low


@cache
def patterns(language):
    """Return expressions for a number's parts and for fractions in words, and the sign between thousands."""
    known = lexicon.load(language)
    # In stems a scale may stand right behind digits: 2만.
    bounds = {"words": (r"(?<!\w)", r"(?!\w)"), "stems": (r"(?<![^\W\d])", "")}
    before, after = bounds.get(known.script, ("", ""))

    def words(section):
        longest_first = sorted(section, key=len, reverse=True)
        any_of = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in longest_first)
        return f"{before}(?:{any_of or '(?!)'}){after}"

    number = re.compile(rf"(?P<digits>{DIGITS})|{words(known.numbers)}", re.IGNORECASE)
    fraction = re.compile(words(known.fractions), re.IGNORECASE)
    return number, fraction, Locale.parse(language, sep="-").number_symbols["latn"]["group"]


def value_of(digits, group):
    """Return what *digits* mean in a language with the sign *group* between thousands; None if no number.

    >>> value_of("128,401", ","), value_of("3,5", "."), value_of("7.500", "."), value_of("104.151.16", ",")
    (128401.0, 3.5, 7500.0, None)
    """
    signs = "'’ " if group.isspace() else f"'’ {group}"
    if re.fullmatch(rf"\d{{1,3}}(?:[{signs}]\d{{3}})+(?:[.,]\d+)?", digits):
        digits = re.sub(rf"[{signs}](?=\d{{3}})", "", digits)
    digits = re.sub("['’ ]", "", digits).replace(",", ".")
    return float(digits) if digits.count(".") <= 1 else None


def composed(parts, scales):
    """Return the number that numbers say together, where *scales* multiply what precedes them.

    >>> composed([3, 1000, 5, 100], {100, 1000}), composed([20, 5], {100})
    (3500, 25)
    """
    summands = []
    for part in parts:
        smaller = 0
        while part in scales and summands and summands[-1] < part:
            smaller += summands.pop()
        summands.append((smaller or 1) * part)
    return sum(summands)


def numbers(text, start, end, known):
    """Return the numbers in ``text[start:end]`` as (start, end, value), in order, number words put together.

    >>> text = "two thousand five hundred, 3.5 and twenty-five"
    >>> [value for _, _, value in numbers(text, 0, len(text), lexicon.load("en"))]
    [2500.0, 3.5, 25.0]
    """
    pattern, _, group = patterns(known.language)
    scales = {v for v in known.numbers.values() if v >= 100 and str(v).strip("0.") == "1"}
    scales |= {10} if known.script == "characters" else set()
    runs = []
    for match in pattern.finditer(text, start, end):
        digits = match["digits"]
        value = value_of(digits, group) if digits else known.numbers[match.group().casefold()]
        if value is None:
            continue
        begun, until, parts = runs[-1] if runs else (0, 0, [0])
        last = parts[-1]
        continued = value in scales or (last in scales and value < last)
        continued |= 20 <= last < 100 and last % 10 == 0 and value < 10
        if runs and continued and not text[until : match.start()].strip(" -"):
            runs[-1] = (begun, match.end(), [*parts, value])
        else:
            runs.append((*match.span(), [value]))
    return [(begun, until, float(composed(parts, scales))) for begun, until, parts in runs]


def before(text, position, found):
    """Return the last number of *found*, as ``numbers`` gives them, if it stands right before *position*, or None."""
    earlier = [number for number in found if number[1] <= position]
    joined = earlier and not text[earlier[-1][1] : position].strip(" -\u2010\u2011")
    return earlier[-1] if joined else None


def fractions(text, start, end, known):
    """Return the fractions in words in ``text[start:end]`` as (start, end, percent), in order."""
    return [
        (*match.span(), float(known.fractions[re.sub(r"\s+", " ", match.group().casefold())]))
        for match in patterns(known.language)[1].finditer(text, start, end)
    ]


def figures(sentence):
    """Return the Figures of a Sentence, in order: fractions, ratios, ranges, single numbers."""
    stretch = sentence.text, sentence.start, sentence.end, sentence.known
    read = [Figure(start, end, value, value) for start, end, value in numbers(*stretch)]
    taken = [
        (half.start, half.end)
        for half in sentence.find("half_more")
        if any(0 <= half.start - other.end <= 1 for other in (*read, *sentence.find("term")))
    ]
    found = []
    for start, end, share in fractions(*stretch):
        if not any(left <= start < right for left, right in taken):
            found.append(Figure(start, end, share, share, "percent"))
            taken.append((start, end))
    free = [n for n in read if not any(start < n.end and n.start < end for start, end in taken)]
    free = [n for n in free if not in_unit(sentence, n) and is_number(sentence, n)]
    while free:
        figure = ratio(sentence, free[:2]) or interval(sentence, free[:2]) or duration(sentence, free[:2])
        figure = figure or with_unit(sentence, free[0])
        found.append(figure)
        free = [n for n in free if n.start >= figure.end]
    return [bounded(sentence, figure) for figure in sorted(found, key=lambda f: f.start)]


def in_unit(sentence, number):
    """Tell whether a number is only a part of words for a unit before a number: "een jaar of twee"."""
    return any(h.start <= number.start and number.end <= h.end for h in sentence.find("term_before"))


def is_number(sentence, number):
    """Tell whether a number word is one: in a script of stems it may be any word's beginning (이 is two, and "this")."""
    if sentence.known.script != "stems" or re.search(r"\d", sentence.text[number.start : number.end]):
        return True
    keys = ("counter", "whole_first", "out_of", "over_after", "half_more", *UNITS)
    led = sentence.before(number.start, 1, "whole_first", "out_of") or ends_with(
        sentence, number.start, "whole_first"
    )
    return bool(led or following(sentence, number.end, 1, *keys))


@cache
def attached(language, key):
    """Return the patterns of the phrases of *key* as they stand right behind a number, in a script of stems: 300건."""
    items = lexicon.load(language).figures.get(key, ())
    return [re.compile(lexicon.compiled(phrase, "characters")) for item in items for phrase in item]


def following(sentence, position, gap, *keys):
    """Return the first phrase of *keys* up to *gap* after *position*, a number's end, or None."""
    hit = sentence.after(position, gap, *keys)
    if hit or sentence.known.script != "stems":
        return hit
    for key in keys:
        for pattern in attached(sentence.known.language, key):
            if match := pattern.match(sentence.text, position, sentence.end):
                return lexicon.Hit(match.start(), match.end(), key, match.group())
    return None


def ends_with(sentence, position, key):
    """Tell whether a phrase of *key* stands, behind a number, right before *position*, in a script of stems."""
    numbered = re.search(r"[\w]+(?: \w{1,3})?\s?$", sentence.text[sentence.start : position])
    return bool(numbered) and any(
        re.search(pattern.pattern + r"\s?$", numbered.group())
        for pattern in attached(sentence.known.language, key)
    )


def ratio(sentence, pair):
    """Return "two out of three" or "one alliance in four" as a percentage, or None."""
    if len(pair) < 2:
        return None
    one, two = pair
    part, whole = one.low, two.low
    if joined_around(sentence, one, two, "whole_first"):
        part, whole = whole, part
    elif not joined_around(sentence, one, two, "out_of") or with_unit(sentence, two).unit:
        return None
    share = round(100 * part / whole, 1) if 0 < part < whole <= 100 else None
    return Figure(one.start, two.end, share, share, "percent") if share else None


def joined_around(sentence, one, two, key):
    """Tell whether a phrase of *key* stands between two numbers, alone or behind a noun that they count."""
    if sentence.joined_by(one.end, two.start, key):
        return True
    between = sentence.text[one.end : two.start].rstrip()
    if sentence.known.script == "stems" and between:
        return any(p.fullmatch(between) for p in attached(sentence.known.language, key))
    for hit in sentence.find(key, start=one.end, end=two.start):
        counted = sentence.text[one.end : hit.start]
        if sentence.text[hit.end : two.start].strip() or len(counted.split()) > MOST_COUNTED:
            continue
        nouns = sentence.find("alliances", "alliance", "deals", "cases", start=one.end, end=hit.start + 1)
        if nouns and not re.search(r"[\d,;:.()]", counted):
            return True
    return False


def duration(sentence, pair):
    """Return "one year and two months" in months, or None."""
    if len(pair) < 2:
        return None
    years, months = (with_unit(sentence, number) for number in pair)
    if (years.unit, months.unit) != ("years", "months") or not months.low < 12:
        return None
    if sentence.text[years.end : months.start].strip() and not sentence.joined_by(
        years.end, months.start, "and"
    ):
        return None
    value = 12 * years.low + months.low
    return Figure(years.start, months.end, value, value, "months")


def with_unit(sentence, number):
    """Return *number* with the unit and the half that follow it, if they do: "three and a half years"."""
    number = with_half(sentence, number)
    led = sentence.before(number.start, 1, "term_before")
    if led:
        return replace(number, start=led.start, unit="years")
    hit = following(sentence, number.end, 1, *UNITS)
    if hit is None or number.low >= MOST:
        return number
    return with_half(sentence, replace(number, end=hit.end, unit=UNITS[hit.code]))


def with_half(sentence, number):
    """Return *number* with the half that follows it: "three and a half", 三年半."""
    half = following(sentence, number.end, 1, "half_more")
    if half is None or sentence.text[number.end : half.start].strip():
        return number
    return replace(number, end=half.end, low=number.low + 0.5, high=number.high + 0.5)


def interval(sentence, pair):
    """Return "3 to 6 %" as one Figure; of "rose from 3 to 6 %" the first number alone; else None."""
    if len(pair) < 2:
        return None
    first, last = (with_unit(sentence, number) for number in pair)
    between = sentence.before(first.start, 12, "between")
    joints = ("range", "up_to", "and") if between else ("range", "up_to")
    joined = sentence.joined_by(first.end, last.start, *joints)
    joined = joined or DASH.fullmatch(sentence.text[first.end : last.start])
    if not joined or first.low >= last.low or first.unit not in (None, last.unit):
        return None
    if not last.unit and not (between and first.low >= FEW and not (is_dated(first) or is_dated(last))):
        return None
    if is_change(sentence, first, last):
        return replace(first, unit=last.unit)
    return replace(last, start=first.start, low=first.low)


def is_dated(number):
    """Tell whether a number may be a year."""
    return 1500 <= number.low < 2100 and number.end - number.start == len("2000")


def is_change(sentence, first, last):
    """Tell whether "from X to Y" is a change, and not a range that changed ("from 3 to 6 % to 40 %")."""
    preposition = sentence.before(first.start, 8, "from")
    changed = preposition and sentence.before(preposition.start, 40, "rise", "decline")
    return bool(changed) and not sentence.find("range", "up_to", start=last.end)


def bounded(sentence, figure):
    """Return *figure* open to one side if the text says "over" or "less than"."""
    near = 5 if sentence.spaced else 1
    for word, bound in (("over", "high"), ("under", "low")):
        if sentence.before(figure.start, near, word) or following(sentence, figure.end, 1, f"{word}_after"):
            return replace(figure, **{bound: None})
    return figure
