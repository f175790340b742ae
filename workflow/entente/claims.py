"""Find the figures that texts report on alliances in general: shares, numbers, durations, growth.

A sentence is read if it speaks of alliances, or goes on from one that does. A figure in it is a claim if it
measures something (codebook, section 5). What words mean is the lexicon's: its section ``measures`` says what
a clause measures, ``figures`` holds the words around numbers. A language whose lexicon lacks the key
``alliances`` there has no claims.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from entente import lexicon, numerals, passages
from entente.citations import source
from entente.periods import is_year, periods
from entente.records import Claim, Span
from entente.sentence import PUNCTUATION, Sentence

# Where a clause has phrases of several measures, the first of these is meant.
MEASURES = {
    "percent": ("acquisition_change", "failure_rate", "revenue_share", "equity_share", "growth", "other"),
    "years": ("time_to_operate", "other"),
    "months": ("time_to_operate", "other"),
}
CHANGES = ("growth", "acquisition_change")  # negative where the clause speaks of a decline
IMPLICIT = ("failure_rate", "equity_share")  # shares that are of alliances even where a sentence names none
SPEAKS = ("alliances", "alliance", "deals")
GOES_ON = ("same", "of_them", "these", "cases")
SMALLEST_COUNT = 20  # ASSUME: fewer are particular alliances ("the two joint ventures"), unless an average


@dataclass(frozen=True)
class Context:
    """What a sentence that speaks of alliances leaves to those that go on from it."""

    spans: tuple = ()
    measure: str | None = None
    period: str | None = None
    population: str | None = None
    sample_size: int | None = None
    cited_source: str | None = None


class Statement(Sentence):
    """A Sentence, and what is read from it once."""

    @cached_property
    def figures(self):
        """The Figures that may matter, in order; one without a unit may be a count."""
        return [figure for figure in numerals.figures(self) if not is_no_claim(self, figure)]

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
        """Return the clause (start, end) in which a figure stands."""
        return next(clause for clause in self.clauses if clause[0] <= figure.start < clause[1])


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
    if not known.phrases("figures", ("alliances", "alliance")).any(text):
        return []
    found, context = [], Context()
    for start, end in joined(text, passages.sentences(text, document.language)):
        if context.spans and "\n" in text[context.spans[-1].end : start]:
            context = Context()
        sentence = Statement(text, start, end, known)
        if text[start:end].rstrip('»”"」』)） ').endswith(("?", "？", "か。")):
            continue  # a question reports nothing
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
        if merged and (
            text[start].islower() or (text[start].isdigit() and "\n" not in text[merged[-1][1] : start])
        ):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def is_general(sentence):
    """Tell whether a sentence of an announcement is about alliances at large, by the words of research."""
    general = sentence.find("study", "cited") or "expository" in sentence.codes("contrary")
    return bool(general and sentence.find("alliances") and not sentence.find("self"))


def read(sentence, context):
    """Return a sentence's claims, as dicts of Claim's fields, and the Context that it leaves."""
    goes_on = bool(context.spans and sentence.find(*GOES_ON))
    speaks = bool(sentence.find(*SPEAKS)) or "acquisition_change" in sentence.codes("measures")
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
                "population": population(sentence, code, sentence.clause(figure)) or context.population,
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
    start, end = sentence.clause(figure)
    if code in CHANGES and sentence.find("decline", start=start, end=end):
        low, high = (None if bound is None else -bound for bound in (high, low))
    single = low == high
    return {
        "value": low if single else None,
        "value_low": None if single else low,
        "value_high": None if single else high,
    }


def is_no_claim(sentence, figure):
    """Tell whether a figure is a year, a holding, money, a past stretch of time or the like."""
    near = 12 if sentence.spaced else 4
    blocked = any(
        h.start <= figure.end + 1
        and figure.start - near <= h.end
        and not (h.end <= figure.start and has_number(sentence, h))
        for h in sentence.find("no_claim")
    )
    return blocked or (figure.unit is None and is_year(sentence, figure.start, figure.end))


def has_number(sentence, hit):
    """Tell whether a phrase holds a number itself ("within five years"), and so says nothing of one behind it."""
    return bool(numerals.numbers(sentence.text, hit.start, hit.end, sentence.known))


def counted_noun(sentence, figure):
    """Return the phrase for the alliances that a figure without a unit counts, or None.

    "2,500 newly formed alliances"; "9,276 acquisitions, alliances"; "the number of alliances was 2,500"; 联盟
    有300个.
    """
    if figure.bound < (2 if sentence.before(figure.start, 15, "number") else SMALLEST_COUNT):
        return None
    for noun in sentence.find("alliances", "deals", start=figure.end):
        between = sentence.text[figure.end : noun.start]
        others = sentence.find("firms", "percent", start=figure.end, end=noun.start)
        if others or re.search(r"[\d;:，；：、。()（）]", between):
            return None
        beside = "acquisition" in sentence.codes("contrary", figure.end, noun.start)
        near = len(between.split()) <= 5 if sentence.spaced else len(between) <= 12
        if near and (beside or "," not in between):
            return noun
    start = sentence.opening(figure.start)
    earlier = sentence.find("alliances", "same", start=start, end=figure.start)
    numbered = sentence.spaced and sentence.find("number", start=start, end=figure.start)
    counter = numerals.following(sentence, figure.end, 1 if sentence.spaced else 0, "counter")
    if earlier and (numbered or counter):
        return earlier[-1]
    return numbered_noun(sentence, figure)


def numbered_noun(sentence, figure):
    """Return the phrase of "the number of alliances, ..., at 2,500" if the figure counts nothing else, or None."""
    bare = re.match(r"\s?(?:[.,;:)]|$)", sentence.text[figure.end : sentence.end])
    if not bare and not numerals.following(sentence, figure.end, 1, "in", "and", "by", "to", "over_after"):
        return None
    for noun in reversed(sentence.find("alliances", end=figure.start)):
        if sentence.before(noun.start, 15, "number"):
            return noun
    return None


def is_base(sentence, figure, noun):
    """Tell whether a count is of what a study looked at, or of what a share in the sentence is of."""
    far, near = (60, 16) if sentence.spaced else (20, 4)
    clear = max([figure.start - far, *(f.end for f in sentence.figures if f.end <= figure.start)])
    before = sentence.find("sample", start=clear, end=figure.start)
    if before or sentence.find("sample", start=noun.end, end=noun.end + far):
        return True
    shares = any(f.unit == "percent" for f in sentence.figures)
    if not shares or sentence.before(figure.start, near, "number"):
        return False
    among = sentence.before(figure.start, near, "of", "among")
    return bool(among or sentence.after(max(noun.end, figure.end), 2, "among"))


def clauses(sentence):
    """Return what a sentence is cut into, by punctuation, conjunctions, and "and" between two figures."""
    cuts = {m.end() for m in PUNCTUATION.finditer(sentence.text, sentence.start, sentence.end)}
    cuts |= {h.start for h in sentence.find("clause")}
    for one, two in pairwise(figure for figure in sentence.figures if figure.unit):
        cuts |= {h.start for h in sentence.find("and", start=one.end, end=two.start)}
    inner = {cut for cut in cuts if sentence.start < cut < sentence.end}
    return list(pairwise(sorted({sentence.start, sentence.end} | inner)))


def measure(sentence, figure, previous, context):
    """Return the measure of a percentage or duration, or None if it measures nothing of alliances.

    Its own clause decides; then that with the clauses without a figure before it, then with those after it;
    then the figure before it, *previous* with its measure.
    """
    own_start, own_end = start, end = sentence.clause(figure)
    bare = [c for c in sentence.clauses if not any(c[0] <= f.start < c[1] for f in sentence.telling)]
    for clause in reversed(bare):
        start = clause[0] if clause[1] == start else start
    for clause in bare:
        end = clause[1] if clause[0] == end else end
    inherited = previous[1] if previous and previous[0].unit == figure.unit else None
    code = ranked(sentence, own_start, own_end, figure.unit)
    if code is None and sentence.find("same", start=start, end=own_end):
        code = inherited or context.measure
    code = code or ranked(sentence, start, own_end, figure.unit)
    code = code or ranked(sentence, own_start, end, figure.unit) or inherited
    if code is None and figure.unit == "percent":
        return "other" if sentence.find(*SPEAKS, "of_them", "cases", start=start, end=end) else None
    return code if code in MEASURES[figure.unit] else None


def ranked(sentence, start, end, unit):
    """Return the measure that a stretch speaks of, or None."""
    codes = sentence.codes("measures", start, end)
    return next((code for code in MEASURES[unit] if code in codes), None)


def sample_size(sentence, figure, code):
    """Return the number of firms or alliances that a figure is about, if its sentence gives one, or None."""
    sizes = [f for f in sentence.figures if f.unit is None and f.bound >= SMALLEST_COUNT]
    firms = [f for f in sizes if code in ("revenue_share", "alliance_count") and counts_firms(sentence, f)]
    after = [f for f in sizes if figure.end <= f.start <= figure.end + 30]
    if after and not sentence.find("of", start=figure.end, end=after[0].start):
        after = []
    earlier = [f for f in sentence.counts if f.end <= figure.start]
    if not sentence.find("of_them"):
        earlier = []
    chosen = firms[:1] or after[:1] or sentence.bases[-1:] or earlier[-1:]
    return int(chosen[0].bound) if chosen else None


def counts_firms(sentence, number):
    """Tell whether a number counts firms: "the 1,000 largest American corporations"."""
    noun = next(iter(sentence.find("firms", start=number.end)), None)
    between = sentence.text[number.end : noun.start] if noun else ";"
    return bool(re.fullmatch(r"\s?(?:[\w-]+[\s.]+){0,5}\w{0,6}", between))


def period(sentence, figure, default):
    """Return the period of a figure: the last before it, or the next where figures come before periods."""
    if sentence.periods and sentence.periods[0][0] < sentence.telling[0].start:
        fitting = [named for begin, _, named in sentence.periods if begin < figure.start][-1:]
    else:
        following = min((f.start for f in sentence.telling if f.start > figure.start), default=sentence.end)
        fitting = [named for begin, _, named in sentence.periods if figure.end <= begin < following][:1]
    return fitting[0] if fitting else default


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
        if not number and sentence.is_function_word(word):
            break
        start = sentence.start + match.start()
    return start


def widened_unspaced(sentence, start, _):
    """Return where the characters before a noun that belong to it begin."""
    before = re.search(r"[^\W\d]{0,12}$", sentence.text[sentence.start : start]).group()
    cuts = [before.rfind(word) + len(word) for word in sentence.known.breakers if word in before]
    cuts += [hit.end - start + len(before) for hit in sentence.find("counter", end=start)]
    return start - len(before) + max([0, *cuts])
