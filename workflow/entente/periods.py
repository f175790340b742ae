"""Find the periods that a sentence names: "1990", "1990-2000", ">=2000", "1990s"."""

import re

from entente.citations import CITATION
from entente.numerals import DASH

YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d%％])")
CENTURY = re.compile(r"(?P<century>\d\d)\s?世[纪紀]\s?(?P<decade>\d0)\s?年代")


def periods(sentence):
    """Return the periods of a Sentence as (start, end, period), in order; a citation's year is none."""
    text, stretch = sentence.text, (sentence.start, sentence.end)
    found = [
        (match.start(), match.end(), f"{int(match['century']) - 1}{match['decade']}s")
        for match in CENTURY.finditer(text, *stretch)
    ]
    found += [
        (hit.start, hit.end, ">=2000" if sentence.before(hit.start, 5, "since") else "2000")
        for hit in sentence.find("millennium")
    ]
    cited = [match.span() for match in CITATION.finditer(text, *stretch)]
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


def is_year(sentence, start, end):
    """Tell whether a number is a year, and not a number of alliances ("about 1600 joint ventures")."""
    if not YEAR.fullmatch(sentence.text[start:end]) or sentence.after(end, 1, "counter"):
        return False
    if sentence.before(start, 1, "in", "by", "from", "since", "between", "and", "to", "range"):
        return True
    noun = sentence.after(end, 30, "alliances")
    return noun is None or not re.fullmatch(r"(?:\s[\w-]+){0,3}\s", sentence.text[end : noun.start])


def ends_span(sentence, first, last):
    """Tell whether two years are a period's ends: "1990-2000", "between 1990 and 2000", 1990年至2000年."""
    start = first.end() + sentence.text.startswith("年", first.end())
    by_dash = DASH.fullmatch(sentence.text[start : last.start()])
    return bool(by_dash) or sentence.joined_by(start, last.start(), "range", "up_to", "and")


def is_decade(sentence, year):
    """Tell whether a year stands for its decade: "1990s", 1990年代, "années 1990"."""
    find, text = sentence.known.phrases("figures", ("decade",)).find, sentence.text
    suffixed = any(hit.start == year.start() for hit in find(text, year.start(), year.end() + 8))
    prefixed = any(hit.end == year.end() for hit in find(text, max(0, year.start() - 12), year.end()))
    return suffixed or prefixed
