"""Find the figures that texts report on alliances in general: shares, numbers, durations, growth.

A sentence is read if it speaks of alliances, or goes on from one that does. A figure in it is a claim if it
measures something (codebook, section 5). What words mean is the lexicon's: its section ``measures`` says what
a clause measures, ``figures`` holds the words around numbers. A language whose lexicon lacks the key
``alliances`` there has no claims.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import pairwise

from babel import Locale

from entente import lexicon, organisations, passages
from entente.records import Claim, Span

DATA = ("lexicon",)

# Where a clause has phrases of several measures, the first of these is meant.
MEASURES = {
    "percent": ("acquisition_change", "failure_rate", "revenue_share", "equity_share", "growth", "other"),
    "years": ("time_to_operate", "other"),
    "months": ("time_to_operate", "other"),
}
CHANGES = ("growth", "acquisition_change")  # negative where the clause speaks of a decline
IMPLICIT = ("failure_rate", "equity_share")  # shares that are of alliances even where a sentence names none
SPEAKS = ("alliances", "alliance")
GOES_ON = ("same", "of_them", "these")
SMALLEST_COUNT = 20  # ASSUME: fewer are particular alliances ("the two joint ventures"), unless an average

DIGITS = r"\d+(?:[.,'’ ]\d{3})*(?!\d)(?:[.,]\d+)?"
DASH = re.compile(r"\s?[-–—~～]\s?")
CLAUSE = re.compile(r"[;:；：，。()（）\[\]—]|,(?!\d)|(?<!\d)–(?!\d)")
YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d%％]|[.,]\d)")
CENTURY = re.compile(r"(?P<century>\d\d)\s?世[纪紀]\s?(?P<decade>\d0)\s?年代")
NAME = r"(?<!\w)[A-ZÀ-ÖØ-Þ][\w'’-]*\w"
NAMES = rf"{NAME}(?:(?:,| &| and| og| och| und| et| y| e)? {NAME})*(?: et al\.?| m\.\s?fl\.| u\.\s?a\.)?"
CITATION = re.compile(
    rf"(?P<named>{NAMES},? \(\s?\d{{4}}[a-z]?\))|\((?P<bracketed>{NAMES},? \d{{4}}[a-z]?)\)"
    r"|(?P<han>[\u4e00-\u9fff·]{2,16}[（(](?:[A-Za-z .&]+[,，]\s?)?\d{4}年?[）)])"
)


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


@dataclass(frozen=True)
class Context:
    """What a sentence that speaks of alliances leaves to those that go on from it."""

    spans: tuple = ()
    measure: str | None = None
    period: str | None = None
    population: str | None = None
    sample_size: int | None = None
    cited_source: str | None = None


@dataclass
class Sentence:
    """A stretch of text, the lexicon's words in it, and what is read from them once."""

    text: str
    start: int
    end: int
    known: lexicon.Lexicon
    hits: dict = field(default_factory=dict)

    def __post_init__(self):
        for section in ("relations", "figures"):
            for hit in self.known.phrases(section).find(self.text, self.start, self.end):
                self.hits.setdefault(hit.code, []).append(hit)
        self.spaced = self.known.script != "characters"

    def find(self, *keys, start=None, end=None):
        """Return the phrases of *keys* in the sentence, or in a stretch of it, in order."""
        start, end = (self.start if start is None else start), (self.end if end is None else end)
        return sorted(h for key in keys for h in self.hits.get(key, ()) if start <= h.start and h.end <= end)

    def before(self, position, gap, *keys):
        """Return the last phrase of *keys* that ends up to *gap* characters before *position*, or None."""
        near = [h for h in self.find(*keys) if 0 <= position - h.end <= gap]
        return near[-1] if near else None

    def after(self, position, gap, *keys):
        """Return the first phrase of *keys* that starts up to *gap* characters after *position*, or None."""
        return next((h for h in self.find(*keys) if 0 <= h.start - position <= gap), None)

    def joined_by(self, start, end, *keys):
        """Tell whether a phrase of *keys*, and nothing else, stands between *start* and *end*."""
        between = self.text[start:end].strip()
        return any(
            self.text[h.start : h.end].strip() == between for h in self.find(*keys, start=start, end=end)
        )

    def codes(self, section, start, end):
        """Return the codes of a section's phrases in a stretch."""
        return {hit.code for hit in self.known.phrases(section).find(self.text, start, end)}

    @cached_property
    def figures(self):
        """The Figures, in order; one without a unit may be a count."""
        return figures(self)

    @cached_property
    def counts(self):
        """The figures that count alliances, each with the phrase for these."""
        counted = {f: counted_noun(self, f) for f in self.figures if f.unit is None}
        return {figure: noun for figure, noun in counted.items() if noun}

    @cached_property
    def bases(self):
        """The counts that are of the cases studied, and so no claims."""
        return [figure for figure, noun in self.counts.items() if is_base(self, figure, noun)]

    @cached_property
    def telling(self):
        """The figures that may be claims."""
        return [f for f in self.figures if f.unit or (f in self.counts and f not in self.bases)]

    @cached_property
    def clauses(self):
        """The stretches (start, end) that it is cut into."""
        return clauses(self)

    @cached_property
    def periods(self):
        """The periods that it names, as (start, end, period)."""
        return periods(self)

    def clause(self, figure):
        """Return the number of the clause in which a figure stands."""
        return next(i for i, (start, end) in enumerate(self.clauses) if start <= figure.start < end)


def find(document):
    """Return the Claims of a document, in the text's order.

    In an announcement a figure is a claim only where the sentence speaks of alliances at large; a contract
    has no claims.

    >>> from types import SimpleNamespace as Text
    >>> text = "Alliances are common. One study of 300 joint ventures found that over 40 % failed."
    >>> [found] = find(Text(id="x", text=text, language="en", genre="expository"))
    >>> found.id, found.measure, found.value_low, found.sample_size
    ('x#c1', 'failure_rate', 40.0, 300)
    """
    if document.language not in lexicon.languages() or document.genre == "contract":
        return []
    known, text = lexicon.load(document.language), document.text
    if not known.phrases("figures", SPEAKS).any(text):
        return []
    found, context = [], Context()
    for start, end in joined(text, passages.sentences(text, document.language)):
        if context.spans and "\n" in text[context.spans[-1].end : start]:
            context = Context()
        sentence = Sentence(text, start, end, known)
        if document.genre != "announcement":
            claims, context = read(sentence, context)
        else:
            claims = read(sentence, Context())[0] if is_general(sentence) else []
            claims = [claim for claim in claims if claim["measure"] != "other"]
        found += claims
    return [
        Claim(id=f"{document.id}#c{n}", document=document.id, **claim) for n, claim in enumerate(found, 1)
    ]


def joined(text, spans):
    """Return sentences as (start, end), put together again where the first plainly goes on in the second.

    >>> joined("Some 40 pct. of them fail.", [(0, 12), (13, 26)])
    [(0, 26)]
    """
    merged = []
    for start, end in spans:
        before, gap = (text[slice(*merged[-1])], text[merged[-1][1] : start]) if merged else ("", "")
        if merged and (
            text[start].islower()
            or ("\n" not in gap and (text[start].isdigit() or before.count("(") > before.count(")")))
            or ("\n\n" not in gap and len(before) > 60 and before[-1].isalnum())  # a line that was broken
        ):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def is_general(sentence):
    """Tell whether a sentence of an announcement is about alliances at large, by the words of research."""
    general = sentence.find("study", "cited") or "expository" in sentence.codes(
        "contrary", sentence.start, sentence.end
    )
    return bool(general and sentence.find("alliances") and not sentence.find("self"))


def read(sentence, context):
    """Return a sentence's claims, as dicts of Claim's fields, and the Context that it leaves."""
    goes_on = bool(context.spans and sentence.find(*GOES_ON))
    speaks = bool(sentence.find(*SPEAKS)) or "acquisition_change" in sentence.codes(
        "measures", sentence.start, sentence.end
    )
    if not speaks and not context.spans:
        return [], context
    if speaks and not goes_on:
        context = Context()
    cited = source(sentence) or context.cited_source
    span = Span(start=sentence.start, end=sentence.end)
    claims, previous, when = [], None, None
    for figure in sentence.telling:
        code = measure(sentence, figure, previous, context) if figure.unit else "alliance_count"
        if code is None or not (speaks or goes_on or figure.unit != "percent" or code in IMPLICIT):
            continue
        when = period(sentence, figure, when or context.period)
        previous = (figure, code)
        claims.append(
            {
                "measure": code,
                **values(sentence, figure, code),
                "unit": figure.unit or "count",
                "period": when,
                "population": population(sentence, code, sentence.clauses[sentence.clause(figure)])
                or context.population,
                "sample_size": sample_size(sentence, figure, code)
                or (goes_on and context.sample_size)
                or None,
                "cited_source": cited,
                "evidence": [*context.spans, span],
            }
        )
    last = claims[-1] if claims else {}
    sizes = [int(f.bound) for f in sentence.bases or sentence.counts]
    return claims, Context(
        spans=context.spans or (span,),
        measure=last.get("measure", context.measure),
        period=when or (sentence.periods[-1][2] if sentence.periods else context.period),
        population=last.get("population") or population(sentence, None) or context.population,
        sample_size=sizes[-1] if sizes else context.sample_size,
        cited_source=cited,
    )


def values(sentence, figure, code):
    """Return a claim's ``value``, or its ``value_low`` and ``value_high``; a decline is negative."""
    low, high = figure.low, figure.high
    start, end = sentence.clauses[sentence.clause(figure)]
    if code in CHANGES and sentence.find("decline", start=start, end=end):
        low, high = (None if bound is None else -bound for bound in (high, low))
    single = low == high
    return {
        "value": low if single else None,
        "value_low": None if single else low,
        "value_high": None if single else high,
    }


@cache
def number_patterns(language):
    """Return expressions for a number's parts and for fractions in words, and the sign between thousands."""
    known = lexicon.load(language)
    before, after = ("", "") if known.script == "characters" else (r"(?<!\w)", r"(?!\w)")

    def words(section):
        longest_first = sorted(section, key=len, reverse=True)
        return (
            before
            + "(?:"
            + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in longest_first)
            + ")"
            + after
        )

    number = re.compile(rf"(?P<digits>{DIGITS})|(?P<word>{words(known.numbers)})", re.IGNORECASE)
    fraction = re.compile(words(known.fractions), re.IGNORECASE)
    return number, fraction, Locale.parse(language, sep="-").number_symbols["latn"]["group"]


def value_of(digits, group):
    """Return what *digits* mean in a language with the sign *group* between thousands.

    >>> value_of("128,401", ","), value_of("3,5", "."), value_of("7.500", ".")
    (128401.0, 3.5, 7500.0)
    """
    signs = "'’ " if group.isspace() else f"'’ {group}"
    if re.fullmatch(rf"\d{{1,3}}(?:[{signs}]\d{{3}})+(?:[.,]\d+)?", digits):
        digits = re.sub(rf"[{signs}](?=\d{{3}})", "", digits)
    return float(re.sub("['’ ]", "", digits).replace(",", "."))


def composed(parts, scales):
    """Return the number that numbers say together, where *scales* multiply what precedes them.

    >>> composed([3, 1000, 5, 100], {100, 1000}), composed([20, 5], {100})
    (3500, 25)
    """
    summands = []
    for part in parts:
        if part in scales:
            smaller = 0
            while summands and summands[-1] < part:
                smaller += summands.pop()
            part = (smaller or 1) * part  # noqa: PLW2901
        summands.append(part)
    return sum(summands)


def numbers(sentence):
    """Return the numbers of a sentence as Figures without a unit, in order, number words put together."""
    known, text = sentence.known, sentence.text
    pattern, _, group = number_patterns(known.language)
    scales = {v for v in known.numbers.values() if v >= 100 and str(v).strip("0.") == "1"}
    scales |= set() if sentence.spaced else {10}
    runs = []
    for match in pattern.finditer(text, sentence.start, sentence.end):
        digits = match["digits"]
        value = value_of(digits, group) if digits else known.numbers[match["word"].casefold()]
        start, end, parts = runs[-1] if runs else (0, 0, [0])
        last = parts[-1]
        continued = value in scales or (last in scales and value < last)
        continued |= 20 <= last < 100 and last % 10 == 0 and value < 10
        if runs and continued and not text[end : match.start()].strip(" -"):
            runs[-1] = (start, match.end(), [*parts, value])
        else:
            runs.append((*match.span(), [value]))
    return [Figure(start, end, v, v) for start, end, parts in runs for v in [float(composed(parts, scales))]]


def figures(sentence):
    """Return the Figures of a sentence, in order: fractions, ratios, ranges, single numbers."""
    text, known = sentence.text, sentence.known
    read_numbers = numbers(sentence)
    halves = [
        half
        for half in sentence.find("half_more")
        if any(0 <= half.start - n.end <= 1 for n in (*read_numbers, *sentence.find("term")))
    ]
    taken = [(half.start, half.end) for half in halves]
    found = []
    for match in number_patterns(known.language)[1].finditer(text, sentence.start, sentence.end):
        if not any(start <= match.start() < end for start, end in taken):
            share = float(known.fractions[re.sub(r"\s+", " ", match.group().casefold())])
            found.append(Figure(*match.span(), share, share, "percent"))
            taken.append(match.span())
    free = [n for n in read_numbers if not any(start < n.end and n.start < end for start, end in taken)]
    while free:
        figure = ratio(sentence, free[:2]) or interval(sentence, free[:2]) or with_unit(sentence, free[0])
        found.append(figure)
        free = [n for n in free if n.start >= figure.end]
    found = [bounded(sentence, figure) for figure in sorted(found, key=lambda f: f.start)]
    return [figure for figure in found if not is_no_claim(sentence, figure)]


def ratio(sentence, pair):
    """Return "two out of three" as a percentage, or None."""
    if len(pair) < 2:
        return None
    (one, two), stretch = pair, (pair[0].end, pair[1].start)
    if sentence.joined_by(*stretch, "out_of") and with_unit(sentence, two).unit is None:
        part, whole = one.low, two.low
    elif sentence.joined_by(*stretch, "whole_first"):
        part, whole = two.low, one.low
    else:
        return None
    share = round(100 * part / whole, 1) if 0 < part < whole <= 100 else None
    return Figure(one.start, two.end, share, share, "percent") if share else None


def with_unit(sentence, number):
    """Return *number* with the unit and the half that follow it, if they do: "three and a half years"."""
    number = with_half(sentence, number)
    for key, unit in (("percent", "percent"), ("term", "years"), ("month", "months")):
        hit = sentence.after(number.end, 1, key)
        if hit and number.low < 1000:
            return with_half(sentence, replace(number, end=hit.end, unit=unit))
    return number


def with_half(sentence, number):
    """Return *number* with the half that follows it: "three and a half", 三年半."""
    half = sentence.after(number.end, 1, "half_more")
    if half is None or sentence.text[number.end : half.start].strip():
        return number
    return replace(number, end=half.end, low=number.low + 0.5, high=number.high + 0.5)


def interval(sentence, pair):
    """Return "3 to 6 %" as one Figure; of "rose from 3 to 6 %" the first number alone; else None."""
    if len(pair) < 2:
        return None
    first, last = (with_unit(sentence, number) for number in pair)
    opened = sentence.before(first.start, 12, "between")
    by_word = sentence.joined_by(first.end, last.start, "range", *(("and",) if opened else ()))
    by_dash = DASH.fullmatch(sentence.text[first.end : last.start])
    if (
        not (by_word or by_dash)
        or first.low >= last.low
        or not last.unit
        or first.unit not in (None, last.unit)
    ):
        return None
    if by_word and not opened and is_change(sentence, first, last):
        return replace(first, unit=last.unit)
    return Figure(first.start, last.end, first.low, last.high, last.unit)


def is_change(sentence, first, last):
    """Tell whether "from X to Y" is a change, and not a range that changed ("from 3 to 6 % to 40 %")."""
    preposition = sentence.before(first.start, 8, "from")
    changed = preposition and sentence.before(preposition.start, 40, "rise", "decline")
    return bool(changed) and not sentence.find("range", start=last.end)


def bounded(sentence, figure):
    """Return *figure* open to one side if the text says "over" or "less than"."""
    near = 5 if sentence.spaced else 1
    if figure.low == figure.high:
        if sentence.before(figure.start, near, "over") or sentence.after(figure.end, 1, "over_after"):
            return replace(figure, high=None)
        if sentence.before(figure.start, near, "under") or sentence.after(figure.end, 1, "under_after"):
            return replace(figure, low=None)
    return figure


def is_no_claim(sentence, figure):
    """Tell whether a figure is a year, a holding, money, a past stretch of time or the like."""
    near = 12 if sentence.spaced else 4
    blocked = any(h.start < figure.end and figure.start < h.end for h in sentence.find("no_claim"))
    blocked = (
        blocked
        or sentence.before(figure.start, near, "no_claim")
        or sentence.after(figure.end, 1, "no_claim")
    )
    return bool(blocked) or (figure.unit is None and is_year(sentence, figure.start, figure.end))


def is_year(sentence, start, end):
    """Tell whether a number is a year, and not a number of alliances ("about 1600 joint ventures")."""
    if not YEAR.fullmatch(sentence.text[start:end]) or sentence.after(end, 1, "counter"):
        return False
    if sentence.before(start, 1, "in", "by", "from", "since", "between", "and", "to", "range"):
        return True
    noun = sentence.after(end, 30, "alliances")
    return noun is None or not re.fullmatch(r"(?:\s[\w-]+){0,3}\s", sentence.text[end : noun.start])


def counted_noun(sentence, figure):
    """Return the phrase for the alliances that a figure without a unit counts, or None.

    "2,500 newly formed alliances"; "9,276 acquisitions, alliances"; "the number of alliances was 2,500"; 联盟
    有300个.
    """
    average = sentence.before(figure.start, 15, "number")
    if figure.bound < (2 if average else SMALLEST_COUNT):
        return None
    for noun in sentence.find("alliances", start=figure.end):
        between = sentence.text[figure.end : noun.start]
        others = sentence.find("firms", "percent", start=figure.end, end=noun.start)
        if others or re.search(r"[\d;:，；：、。()（）]", between):
            return None
        beside = "acquisition" in sentence.codes("contrary", figure.end, noun.start)
        near = len(between.split()) <= 5 if sentence.spaced else len(between) <= 12
        if near and (beside or "," not in between):
            return noun
    start = max(
        [sentence.start, *(m.end() for m in CLAUSE.finditer(sentence.text, sentence.start, figure.start))]
    )
    earlier = sentence.find("alliances", "same", start=start, end=figure.start)
    if not earlier:
        return None
    if sentence.after(figure.end, 0, "counter") and figure.start - earlier[-1].end <= 12:
        return earlier[-1]
    following = re.match(r"\s?(\w+)", sentence.text[figure.end : sentence.end])
    last = not following or following[1].casefold() in stop_words(sentence.known.language)
    numbered = sentence.spaced and sentence.find("number", start=start, end=figure.start)
    return earlier[-1] if numbered and last else None


@cache
def stop_words(language):
    """Return the language's function words, as spaCy lists them."""
    return frozenset(organisations.tokenizer(language).Defaults.stop_words)


def is_base(sentence, figure, noun):
    """Tell whether a count is of what a study looked at, or of what a share in the sentence is of."""
    far, near = (60, 16) if sentence.spaced else (20, 4)
    clear = max([figure.start - far, *(f.end for f in sentence.figures if f.end <= figure.start)])
    until = min([noun.end + far, *(f.start for f in sentence.figures if f.start > figure.end)])
    if sentence.find("sample", start=clear, end=figure.start) or sentence.find(
        "sample", start=noun.end, end=until
    ):
        return True
    if sentence.before(figure.start, near, "number") or not any(
        f.unit == "percent" for f in sentence.figures
    ):
        return False
    among = sentence.before(figure.start, near, "of", "among")
    return bool(among or sentence.after(max(noun.end, figure.end), 2, "among"))


def clauses(sentence):
    """Return what a sentence is cut into, by punctuation, conjunctions, and "and" between two figures."""
    found = [figure for figure in sentence.figures if figure.unit]
    cuts = {m.end() for m in CLAUSE.finditer(sentence.text, sentence.start, sentence.end)}
    cuts |= {h.start for h in sentence.find("clause")}
    cuts = {cut for cut in cuts if not any(f.start < cut < f.end for f in found)}
    for one, two in pairwise(found):
        if not any(one.end <= cut <= two.start for cut in cuts):
            cuts |= {h.start for h in sentence.find("and", start=one.end, end=two.start)}
    inner = {cut for cut in cuts if sentence.start < cut < sentence.end}
    return list(pairwise(sorted({sentence.start, sentence.end} | inner)))


def measure(sentence, figure, previous, context):
    """Return the measure of a percentage or duration, or None if it measures nothing of alliances.

    Its own clause decides; then that with the clauses without a figure before it, then with those after it;
    then the figure before it, *previous* with its measure.
    """
    stretches, own = sentence.clauses, sentence.clause(figure)
    beside = [f for f in sentence.telling if f.unit == "percent" and sentence.clause(f) == own]
    if beside and figure.unit != "percent":
        return None  # "a third end within five years"
    bare = [not any(s <= f.start < e for f in sentence.telling if f != figure) for s, e in stretches]
    first = last = own
    while bare[own] and first > 0 and bare[first - 1]:
        first -= 1
    while bare[own] and last + 1 < len(stretches) and bare[last + 1]:
        last += 1
    (start, _), (own_start, own_end), (_, end) = stretches[first], stretches[own], stretches[last]
    inherited = previous[1] if previous and previous[0].unit == figure.unit else None
    code = ranked(sentence, own_start, own_end, figure.unit)
    if code is None and sentence.find("same", start=start, end=own_end):
        code = inherited or context.measure
    code = (
        code or ranked(sentence, start, own_end, figure.unit) or ranked(sentence, own_start, end, figure.unit)
    )
    code = code or inherited
    if (
        code is None
        and figure.unit == "percent"
        and sentence.find(*SPEAKS, "of_them", start=start, end=own_end)
    ):
        return "other"
    return code if code in MEASURES[figure.unit] else None


def ranked(sentence, start, end, unit):
    """Return the measure that a stretch speaks of, or None."""
    codes = sentence.codes("measures", start, end)
    first = {"acquisition_change", "failure_rate"} & codes
    if (
        unit == "percent"
        and "growth" in codes
        and not first
        and sentence.find("number", "yearly", start=start, end=end)
    ):
        return "growth"
    return next((code for code in MEASURES[unit] if code in codes), None)


def sample_size(sentence, figure, code):
    """Return the number of firms or alliances that a figure is about, if its sentence gives one, or None."""
    sizes = [f for f in sentence.figures if f.unit is None and f.bound >= SMALLEST_COUNT]
    firms = [f for f in sizes if code in ("revenue_share", "alliance_count") and counts_firms(sentence, f)]
    after = [f for f in sizes if figure.end <= f.start <= figure.end + 30]
    if after and not sentence.find("of", start=figure.end, end=after[0].start):
        after = []
    earlier = [f for f in sentence.counts if f.end <= figure.start]
    if not sentence.find("of_them", start=earlier[-1].end if earlier else None, end=figure.start + 1):
        earlier = []
    chosen = firms[:1] or after[:1] or sentence.bases[-1:] or earlier[-1:]
    return int(chosen[0].bound) if chosen else None


def counts_firms(sentence, number):
    """Tell whether a number counts firms: "the 1,000 largest American corporations"."""
    noun = next(iter(sentence.find("firms", start=number.end)), None)
    between = sentence.text[number.end : noun.start] if noun else ";"
    return bool(re.fullmatch(r"\s?(?:[\w-]+[\s.]+){0,5}\w{0,6}", between))


def periods(sentence):
    """Return the periods that a sentence names: (start, end, "1990"), or "1990-2000", ">=2000", "1990s"."""
    text, stretch = sentence.text, (sentence.start, sentence.end)
    cited = [match.span() for match in CITATION.finditer(text, *stretch)]
    found = [
        (match.start(), match.end(), f"{int(match['century']) - 1}{match['decade']}s")
        for match in CENTURY.finditer(text, *stretch)
    ]
    found += [
        (hit.start, hit.end, ">=2000" if sentence.before(hit.start, 5, "since") else "2000")
        for hit in sentence.find("millennium")
    ]
    years = [match for match in YEAR.finditer(text, *stretch) if is_year(sentence, *match.span())]
    years = [year for year in years if not any(start <= year.start() < end for start, end in cited)]
    while years:
        year = years.pop(0)
        end, named = year.end(), year.group()
        if years and ends_span(sentence, year, years[0]):
            end, named = years[0].end(), f"{named}-{years.pop(0).group()}"
        elif is_decade(sentence, year):
            named += "s"
        elif sentence.before(year.start(), 5, "since") or sentence.after(year.end(), 1, "since_after"):
            named = f">={named}"
        found.append((year.start(), end, named))
    return sorted(found)


def ends_span(sentence, first, last):
    """Tell whether two years are a period's ends: "1990-2000", "between 1990 and 2000", 1990年至2000年."""
    start = first.end() + sentence.text.startswith("年", first.end())
    by_dash = DASH.fullmatch(sentence.text[start : last.start()])
    return bool(by_dash) or sentence.joined_by(start, last.start(), "range", "and", "to")


def is_decade(sentence, year):
    """Tell whether a year stands for its decade: "1990s", 1990年代, "années 1990"."""
    find, text = sentence.known.phrases("figures", ("decade",)).find, sentence.text
    suffixed = any(hit.start == year.start() for hit in find(text, year.start(), year.end() + 8))
    prefixed = any(hit.end == year.end() for hit in find(text, max(0, year.start() - 12), year.end()))
    return year.group().endswith("0") and (suffixed or prefixed)


def period(sentence, figure, default):
    """Return the period of a figure: the one in its clause, or by the order of periods and figures."""
    start, end = sentence.clauses[sentence.clause(figure)]
    own = [named for begin, _, named in sentence.periods if start <= begin < end]
    if len(own) == 1 and sum(start <= f.start < end for f in sentence.telling) == 1:
        return own[0]
    if sentence.periods and sentence.periods[0][0] < sentence.telling[0].start:
        fitting = [named for begin, _, named in sentence.periods if begin < figure.start][-1:]
    else:
        following = min((f.start for f in sentence.telling if f.start > figure.start), default=sentence.end)
        fitting = [named for begin, _, named in sentence.periods if figure.end <= begin < following][:1]
    return fitting[0] if fitting else default


def source(sentence):
    """Return whom a sentence cites, as printed, or None: "Spekman (1996)", "Acme" in "a survey by Acme"."""
    text, opening = sentence.text, sentence.find("source", "cited")
    citation = CITATION.search(text, sentence.start, sentence.end)
    if citation:
        start, end = citation.span(citation.lastgroup)
        return text[max([hit.end for hit in opening if hit.start == start], default=start) : end].strip()
    return (named_source if sentence.spaced else unspaced_source)(sentence, opening)


def named_source(sentence, opening):
    """Return the name before "found", "'s survey", or after "according to", or None."""
    for match in re.finditer(NAMES, sentence.text[sentence.start : sentence.end]):
        start, end = sentence.start + match.start(), sentence.start + match.end()
        if sentence.after(end, 2, "study") or any(0 <= start - hit.end <= 5 for hit in opening):
            words = re.sub(r"['’]s?$", "", match.group()).split()
            while words and words[0].casefold() in stop_words(sentence.known.language):
                words.pop(0)
            if words:
                return " ".join(words)
    return None


def unspaced_source(sentence, opening):
    """Return what stands before a word for a study in its clause, or None: 麦肯锡公司 in 麦肯锡公司的调查."""
    for hit in sentence.find("study"):
        ends = [match.end() for match in CLAUSE.finditer(sentence.text, sentence.start, hit.start)]
        start = max([sentence.start, *ends])
        start = max([first.end for first in opening if first.start == start], default=start)
        name = sentence.text[start : hit.start]
        if 3 <= len(name) <= 15 and not re.search(r"\d", name):
            return name
    return None


def population(sentence, code, near=None):
    """Return the noun phrase that a figure is about, as printed, or None; one in *near* is preferred."""
    keys = {"revenue_share": ("firms",), "acquisition_change": ("acquisitions",)}.get(code, SPEAKS)
    nouns = sentence.find(*keys)
    nouns = [noun for noun in nouns if near and near[0] <= noun.start < near[1]] or nouns
    if not nouns:
        return None
    start = (widened if sentence.spaced else widened_unspaced)(sentence, nouns[0].start, "firms" in keys)
    return sentence.text[start : nouns[0].end]


def widened(sentence, start, with_numbers):
    """Return where the words before a noun that belong to it begin."""
    for match in reversed(list(re.finditer(r"\S+", sentence.text[sentence.start : start]))[-4:]):
        word = match.group().casefold()
        number = bool(re.search(r"\d", word)) or word in sentence.known.numbers
        if not re.fullmatch(r"[\w,.-]*\w", word) or (number and not with_numbers):
            break
        if not number and word in stop_words(sentence.known.language):
            break
        start = sentence.start + match.start()
    return start


def widened_unspaced(sentence, start, _):
    """Return where the characters before a noun that belong to it begin."""
    before = re.search(r"[^\W\d]{0,12}$", sentence.text[sentence.start : start]).group()
    cuts = [before.rfind(word) + len(word) for word in sentence.known.breakers if word in before]
    cuts += [hit.end - start + len(before) for hit in sentence.find("counter", end=start)]
    return start - len(before) + max([0, *cuts])
