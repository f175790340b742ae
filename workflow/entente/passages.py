"""Passages: the sentences that may report an alliance, with the organisations that may be its partners."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

from entente import capital_words, features, lexicon, organisations
from entente.surface import Name

DATA = ("lexicon",)

SECTIONS = ("hints", "contrary", "statuses", "relations")
FOLLOWING = 2  # sentences after a passage in which a hint is enough
REACH = 1200  # characters before a passage in which an organisation may be the one that its pronouns mean
LATEST = 3  # how many such organisations are candidates, beside the document's first
_CJK_END = re.compile(r"(?<=[。！？!?])[”」』）\"]*|\n+")


@dataclass
class Candidate:
    """An organisation that may be a partner in a passage.

    ``number`` is the entity's place among the document's, ``name`` its occurrence in the passage, or None if it comes
    from the context.
    """

    entity: organisations.Entity
    number: int
    name: Name | None
    features: set = field(default_factory=set)


@dataclass
class Passage:
    """A sentence with a cue: its place in the text, its phrases by section, its candidates and features."""

    start: int
    end: int
    index: int
    hits: dict
    candidates: list
    features: set = field(default_factory=set)


@dataclass
class Parsed:
    """A document as the extractor sees it: sentences as (start, end), entities in order, and passages."""

    text: str
    language: str
    sentences: list
    entities: list
    passages: list

    def sentence_at(self, offset):
        """Return the number of the sentence that *offset* lies in, or the last one before it."""
        return max(0, bisect_right(self.sentences, offset, key=lambda span: span[0]) - 1)


@lru_cache(maxsize=1)  # windows, passages and claims are looked for in the same text, one after the other
def sentences(text, language):
    """Return the sentences of *text* as a list of (start, end), without blanks around them.

    >>> [("A Corp. and B met."[s:e]) for s, e in sentences("A Corp. and B met.", "en")]
    ['A Corp. and B met.']
    """
    if lexicon.load(language).script == "characters":
        cuts = [
            m.end()
            for m in _CJK_END.finditer(text)
            if m.end() > m.start() or text[m.start() - 1] in "。！？!?"
        ]
    else:
        doc = capital_words.tokens(text, language)
        cuts = [s[-1].idx + len(s[-1]) for s in doc.sents] + [m.start() for m in re.finditer("\n", text)]
    spans, start = [], 0
    for cut in sorted({*cuts, len(text)}):
        following = text[cut : cut + 2].lstrip(" ")
        if following[:1].islower():  # "50 proc. akcji": an abbreviation, no end
            continue
        piece = text[start:cut]
        if piece.strip():
            left = start + len(piece) - len(piece.lstrip())
            spans.append((left, left + len(piece.strip())))
        start = cut
    return spans


def parse(text, title, language):
    """Return *text* Parsed; its passages are the sentences with a cue or a holding, and those behind them with a hint.

    Time grows linearly with the text.
    """
    known = lexicon.load(language)
    entities = organisations.entities(organisations.find(text, language), text)
    parsed = Parsed(text, language, sentences(text, language), entities, [])
    setting = features.Setting.of(title, parsed)
    occurrences = sorted(
        ((name.start, i, name) for i, entity in enumerate(parsed.entities) for name in entity.names),
        key=lambda occurrence: occurrence[:2],
    )
    starts = [start for start, _, _ in occurrences]
    for index, (start, end) in enumerate(parsed.sentences):
        hits = {section: known.phrases(section).find(text, start, end) for section in ("cues", "figures")}
        near = parsed.passages and index - parsed.passages[-1].index <= FOLLOWING
        opens = hits["cues"] or speaks_of_holdings(hits)
        if not (opens or (near and known.phrases("hints").any(text[start:end]))):
            continue
        hits |= {section: known.phrases(section).find(text, start, end) for section in SECTIONS}
        passage = Passage(start, end, index, hits, [])
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        before = occurrences[bisect_left(starts, start - REACH) : first]
        passage.candidates = candidates(parsed, passage, occurrences[first:last], before)
        features.describe(setting, parsed, passage)
        parsed.passages.append(passage)
    return parsed


def at(parsed, index):
    """Return the passage that is a sentence, given by its number; without a cue, one without candidates."""
    place = bisect_left(parsed.passages, index, key=lambda passage: passage.index)
    if place < len(parsed.passages) and parsed.passages[place].index == index:
        return parsed.passages[place]
    start, end = parsed.sentences[index]
    phrases = lexicon.load(parsed.language).phrases
    hits = {s: phrases(s).find(parsed.text, start, end) for s in ("cues", "figures", *SECTIONS)}
    return Passage(start, end, index, hits, [])


def speaks_of_holdings(hits):
    """Tell whether a sentence says who owns which part of something: "owned 50-50", "each holds 30 per cent"."""
    figures = {hit.code for hit in hits["figures"]}
    return "equal" in figures or {"percent", "holding"} <= figures


def anchor(passage):
    """Return where a passage speaks of the alliance: at its first cue, hint or figure."""
    return next(hits[0].start for hits in (passage.hits[s] for s in ("cues", "hints", "figures")) if hits)


def candidates(parsed, passage, within, before):
    """Return the candidates of a passage, from the occurrences (start, entity's number, Name) in it and before it.

    First the organisations named in it, in order, each where it stands nearest to the anchor; then those that its
    pronouns may mean: of those named shortly before, the document's first and the latest.
    """
    place, inside = anchor(passage), {}
    for start, i, name in within:
        if i not in inside or abs(start - place) < abs(inside[i].start - place):
            inside[i] = name
    named = sorted(inside.items(), key=lambda item: item[1].start)
    earlier = sorted({i for _, i, _ in before} - inside.keys())
    if lexicon.load(parsed.language).script == "stems":
        passage.hits["relations"] = stuck_relations(parsed, passage, [name for _, name in named])
    return [Candidate(parsed.entities[i], i, name) for i, name in named] + [
        Candidate(parsed.entities[i], i, None) for i in earlier[:1] + earlier[1:][-LATEST:]
    ]


def stuck_relations(parsed, passage, names):
    """Return a passage's relations where particles are stuck to words: those behind *names*, and longer words."""
    phrases = lexicon.load(parsed.language).phrases("relations")
    found = {
        hit
        for hit in passage.hits["relations"]
        if hit.end - hit.start > 1 or not parsed.text[hit.start].isalnum()
    }
    for name in names:
        behind = parsed.text[name.end : name.end + 6]
        found |= {
            h._replace(start=name.end, end=name.end + h.end) for h in phrases.find(behind) if h.start == 0
        }
    return sorted(found)
