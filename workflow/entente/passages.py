"""Passages: the sentences that may report an alliance, with the organisations that may be its partners.

Each passage and each candidate partner comes with features whose names are the same in every language: the
lexicon says what a phrase of a language means, so that one small model (``decisions.py``) serves them all.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from entente import lexicon, organisations
from entente.codebook import codes

DATA = ("lexicon",)

_CJK_END = re.compile(r"(?<=[。！？!?])[”」』）\"]*|\n+")


SECTIONS = ("cues", "hints", "contrary", "statuses", "relations", "figures")


@dataclass
class Candidate:
    """An organisation that may be a partner in a passage; ``name`` is its occurrence there, None if it comes from the context."""

    entity: organisations.Entity
    name: organisations.Name | None
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


def sentences(text, language):
    """Return the sentences of *text* as a list of (start, end), without blanks around them.

    >>> [("A Corp. and B met."[s:e]) for s, e in sentences("A Corp. and B met.", "en")]
    ['A Corp. and B met.']
    """
    if lexicon.load(language).script == "characters":
        cuts = [m.end() for m in _CJK_END.finditer(text) if m.end() > m.start() or text[m.start() - 1] in "。！？!?"]
    else:
        doc = organisations.tokenizer(language)(text)
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
    """Return *text* Parsed; without a cue anywhere it has no entities and no passages.

    Time grows linearly with the text; texts without a cue cost one scan for the cues.
    """
    known = lexicon.load(language)
    openers = (known.phrases("cues"), known.phrases("figures", ("equal", "percent")))
    if not any(phrases.any(part) for phrases in openers for part in (text, title)):
        return Parsed(text, language, [], [], [])
    spans = sentences(text, language)
    entities = organisations.entities(organisations.find(text, language), text)
    parsed = Parsed(text, language, spans, entities, [])
    titled = {i for i, e in enumerate(entities) if e.name and any(n.text.casefold() in title.casefold() for n in e.names)}
    counts = Counter({i: len(e.names) for i, e in enumerate(entities)})
    for index, (start, end) in enumerate(spans):
        hits = {section: known.phrases(section).find(text, start, end) for section in SECTIONS}
        near = parsed.passages and index - parsed.passages[-1].index <= 2
        if hits["cues"] or speaks_of_holdings(hits) or (hits["hints"] and near):
            passage = Passage(start, end, index, hits, [])
            passage.candidates = list(_candidates(parsed, passage, titled, counts))
            passage.features = adapted(_passage_features(parsed, passage, title, known), language)
            for candidate in passage.candidates:
                candidate.features = adapted(candidate.features, language)
            parsed.passages.append(passage)
    return parsed


def speaks_of_holdings(hits):
    """Tell whether a sentence says who owns which part of something: "owned 50-50", "each holds 30 per cent"."""
    figures = {hit.code for hit in hits["figures"]}
    return "equal" in figures or {"percent", "holding"} <= figures


def adapted(features, language):
    """Return *features* and a copy of each for its language alone: shared weights, and what a language adds to them.

    References
    ----------
    Daume III (2007). Frustratingly easy domain adaptation. ACL.
    """
    return features | {f"{language}&{feature}" for feature in features}


def _candidates(parsed, passage, titled, counts):
    """Yield the candidates of a passage: the organisations in it, then those that its pronouns may mean."""
    inside, outside = [], []
    for i, entity in enumerate(parsed.entities):
        within = [n for n in entity.names if passage.start <= n.start < passage.end]
        if within:
            anchor = _anchor(passage)
            inside.append((i, entity, min(within, key=lambda n: abs(n.start - anchor))))
        elif any(passage.start - 1200 <= n.start < passage.start for n in entity.names):
            outside.append((i, entity, None))
    inside.sort(key=lambda item: item[2].start)
    if lexicon.load(parsed.language).script == "stems":
        passage.hits["relations"] = _particles(parsed, passage, [name for _, _, name in inside])
    for order, (i, entity, name) in enumerate(inside):
        candidate = Candidate(entity, name, {"inside"})
        candidate.features |= _context_features(parsed, passage, inside, order)
        candidate.features |= _entity_features(entity, i, titled, counts, parsed)
        yield candidate
    outside = outside[:1] + outside[1:][-3:]  # the document's first organisation, and the latest three
    for i, entity, _ in outside:
        candidate = Candidate(entity, None, {"outside"})
        near = max(n.start for n in entity.names if n.start < passage.start)
        previous = next((s for s in reversed(parsed.sentences) if s[0] < passage.start), None)
        if previous and near >= previous[0]:
            candidate.features.add("outside:previous_sentence")
            if not any(previous[0] <= n.start < near for e in parsed.entities for n in e.names):
                candidate.features.add("outside:opens_previous_sentence")
        candidate.features.add(f"outside:inside={min(len(inside), 3)}")
        if any(code == "self" for _, _, code, _ in passage.hits["relations"]):
            candidate.features.add("outside:self")
        candidate.features |= {f"outside:{f}" for f in _entity_features(entity, i, titled, counts, parsed)}
        yield candidate


def _particles(parsed, passage, names):
    """Return a passage's relations where particles are stuck to words: those behind *names*, and words of two letters."""
    phrases = lexicon.load(parsed.language).phrases("relations")
    found = {hit for hit in passage.hits["relations"] if hit.end - hit.start > 1 or not parsed.text[hit.start].isalnum()}
    for name in names:
        behind = parsed.text[name.end : name.end + 6]
        found |= {h._replace(start=name.end, end=name.end + h.end) for h in phrases.find(behind) if h.start == 0}
    return sorted(found)


def _anchor(passage):
    """Return where the passage speaks of the alliance: its first cue, or hint."""
    return next(hits[0].start for hits in (passage.hits[s] for s in ("cues", "hints", "figures")) if hits)


def _entity_features(entity, i, titled, counts, parsed):
    """Return what the document as a whole says of an entity."""
    features = {f"trait:{t}" for t in entity.traits}
    features.add(f"count={min(counts[i], 4)}")
    if i == 0:
        features.add("first_in_document")
    if i in titled:
        features.add("in_title")
    if entity.names[0].start < 200:
        features.add("early")
    if "legal_form" in entity.traits and "common" not in entity.traits:
        features.add("company")
    if not entity.traits & {"legal_form", "head", "ticker", "bracketed"} and len(entity.names) == 1:
        features.add("bare_once")
    if parsed.language in {"zh", "ja", "ko"}:
        features = features | {f"cjk:{f}" for f in features}
    return features


def _context_features(parsed, passage, inside, order):
    """Return what stands around a candidate's occurrence in the passage."""
    text, name = parsed.text, inside[order][2]
    features = set()
    left = max(passage.start, inside[order - 1][2].end if order else passage.start)
    right = min(passage.end, inside[order + 1][2].start if order + 1 < len(inside) else passage.end)
    near = 12 if lexicon.load(parsed.language).script == "characters" else 30
    for start, end, code, _ in passage.hits["relations"]:
        if left <= start and end <= name.start and name.start - end <= near:
            features.add(f"after:{code}")
            if name.start - end <= 2:
                features.add(f"just_after:{code}")
        if name.end <= start and end <= right and start - name.end <= near:
            features.add(f"before:{code}")
            if start - name.end <= 4:
                features.add(f"just_before:{code}")
    cues = passage.hits["cues"]
    if cues:
        start, end, form, _ = min(cues, key=lambda c: min(abs(c[0] - name.end), abs(name.start - c[1])))
        distance = name.start - end if name.start >= end else start - name.end
        side = "cue_left" if name.start >= end else "cue_right" if name.end <= start else "cue_over"
        bucket = next((b for b in (5, 15, 40, 80, 160) if distance <= b), 999)
        features |= {side, f"{side}:{bucket}", f"{side}:{form}"}
        features.add(f"between={min(sum(1 for _, _, n in inside if min(end, name.end) <= n.start < max(start, name.start) and n is not name), 3)}:{side}")
    else:
        features.add("no_cue")
    features |= {f"order={min(order, 4)}", f"inside={min(len(inside), 5)}", f"order={min(order, 2)}:of={min(len(inside), 4)}"}
    gap_before = text[left : name.start]
    gap_after = text[name.end : right]
    if order and re.fullmatch(r"\W{1,3}", gap_before):
        features.add("listed")
    if order + 1 < len(inside) and re.fullmatch(r"\W{1,3}", gap_after):
        features.add("listing")
    if any(name.end <= s <= name.end + 25 for s, _, c, _ in passage.hits["contrary"] if c == "acquisition"):
        features.add("before:acquisition")
    if any(name.start - 25 <= e <= name.start for _, e, c, _ in passage.hits["contrary"] if c == "acquisition"):
        features.add("after:acquisition")
    features |= {f"here:{trait}" for trait in name.traits}
    units = [hit for hit in passage.hits["relations"] if hit.code == "unit"]
    if order + 1 < len(inside) and any(name.end <= u.start and u.end <= right and right - name.end <= near for u in units):
        features.add("owner_of_next")
    if order and any(left <= u.start and u.end <= name.start and name.start - left <= near for u in units):
        features.add("unit_of_previous")
    if "possessive" in name.traits and order + 1 < len(inside):
        following = inside[order + 1][2]
        if following.start - name.end <= 3 + near and any(
            following.end <= s <= following.end + 4 for s, _, c, _ in passage.hits["relations"] if c == "unit"
        ):
            features.add("owner_of_unit")
    return features


def _passage_features(parsed, passage, title, known):
    """Return what speaks for and against an alliance in a passage and in its document."""
    features = set()
    for section in ("cues", "hints"):
        found = Counter(code for _, _, code, _ in passage.hits[section])
        features |= {f"{section}:{code}" for code in found}
        features |= {f"{section}:{code}:2" for code, n in found.items() if n > 1}
        features |= {f"{parsed.language}:{hit.phrase}" for hit in passage.hits[section]}
    features |= {f"contrary:{code}" for _, _, code, _ in passage.hits["contrary"]}
    features |= {f"status:{code}" for _, _, code, _ in passage.hits["statuses"]}
    figures = Counter(hit.code for hit in passage.hits["figures"])
    features |= {f"figure:{code}={min(n, 3)}" for code, n in figures.items()}
    features |= {f"title:{code}" for _, _, code, _ in known.phrases("cues").find(title)}
    features |= {f"title:contrary:{code}" for _, _, code, _ in known.phrases("contrary").find(title)}
    features.add(f"sentence={min(passage.index, 5)}")
    if not passage.hits["cues"]:
        features.add("hint_only")
    for form in codes("form"):
        for code in {c for _, _, c, _ in passage.hits["contrary"]}:
            if f"cues:{form}" in features:
                features.add(f"cues:{form}&contrary:{code}")
    features.add(f"named={min(sum(c.name is not None for c in passage.candidates), 4)}")
    return features
