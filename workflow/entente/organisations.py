"""Find what may be an organisation's name in a text.

Candidates, not decisions: recall first, and with each name what speaks for and against it. In scripts with capital
letters, a name is a run of capitalised tokens of spaCy's tokeniser; elsewhere, what stands between the words and
particles that the lexicon lists as ``breakers``.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise

import spacy
from babel import Locale

from entente import lexicon
from entente.names import normal, plain, same

DATA = ("lexicon",)

_TICKER = re.compile(r"[A-Z0-9]{1,5}(?:\.[A-Z]{1,3}\.?)?")
_NUMERIC = re.compile(r"[\d.,:%/\-]+")


@dataclass
class Name:
    """One occurrence of a candidate name, and its ``traits``: what the surface says of it."""

    start: int
    end: int
    text: str
    traits: set = field(default_factory=set)


@dataclass
class Entity:
    """The occurrences of one organisation in a document; ``name`` is the fullest of them."""

    names: list

    @property
    def name(self):
        """Return the longest form, the first of these."""
        return max(self.names, key=lambda n: (len(n.text), -n.start)).text

    @property
    def traits(self):
        """Return the traits of all occurrences together."""
        return set().union(*(n.traits for n in self.names))


@cache
def tokenizer(language):
    """Return spaCy's rule-based pipeline for *language*: tokens and sentence ends, no model."""
    nlp = spacy.blank(lexicon.load(language).tokenizer)
    nlp.add_pipe("sentencizer")
    nlp.max_length = 50_000_000  # rules need no memory to speak of
    return nlp


@cache
def common_words(language):
    """Return the words that, capitalised, are seldom part of an organisation's name (lexicon/words)."""
    path = files("entente").joinpath("lexicon", "words", f"{language}.txt")
    listed = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    return frozenset(filter(None, listed)) | frozenset(spacy.blank(lexicon.load(language).tokenizer).Defaults.stop_words)


@cache
def places(language):
    """Return the plain names of countries and continents in *language* (CLDR)."""
    return frozenset(plain(name) for name in Locale.parse(language).territories.values())


@dataclass(frozen=True)
class _Vocabulary:
    """The words of one language that matter around names, folded for looking up."""

    legal: frozenset
    heads: frozenset
    joiners: frozenset
    no_names: frozenset
    offices: frozenset
    connectors: frozenset
    common: frozenset
    places: frozenset
    particles: tuple

    def says_little(self, words):
        """Tell whether none of the tokens *words* sets a name apart from others: common words and legal forms."""
        little = (self.common, self.heads, self.no_names, self.joiners, self.connectors)
        folded = [word.casefold() for word in words]
        return all(any(w in known for known in little) or plain(w) in self.legal or not w[0].isalnum() for w in folded)


@cache
def _vocabulary(language):
    """Return the _Vocabulary of *language*."""
    known = lexicon.load(language)
    connectors = (word for item in known.relations.get("and", []) for word in re.split(r"\W+", next(iter(item))))
    return _Vocabulary(
        legal=frozenset(plain(form) for form in known.legal_forms),
        heads=frozenset(word.casefold() for word in known.organisation_words),
        joiners=frozenset(known.joiners),
        no_names=frozenset(word.casefold() for word in known.not_names),
        offices=frozenset(word.casefold() for word in known.offices),
        connectors=frozenset(filter(None, connectors)),
        common=common_words(language),
        places=places(language),
        particles=tuple(known.particles),
    )


def find(text, language):
    """Return the candidate names of *text* as a list of Name, in order.

    >>> [n.text for n in find("Acme Corp said it and Japan's Beta Motor Co Ltd <BTA.T> will meet.", "en")]
    ['Acme Corp', 'Japan', 'Beta Motor Co Ltd']
    """
    script = lexicon.load(language).script
    return {"words": _capitalised, "characters": _unbroken, "stems": _spaced}[script](text, language)


def _is_capital(token):
    return token[:1].isupper() or (any(c.isupper() for c in token[1:]) and token[0].isalnum())


def _capitalised(text, language):
    """Return runs of capitalised tokens, trimmed of words that begin a sentence or name an office."""
    known = _vocabulary(language)
    doc = tokenizer(language)(text)
    starts = {sentence[0].i for sentence in doc.sents} | {t.i + 1 for t in doc if "\n" in t.text}
    met = {token.text for token in doc} if known.particles else set()
    names, i, office_end = [], 0, -1
    while i < len(doc):
        if doc[i].text.casefold() in known.offices:
            office_end = i + 1
        if i < office_end or not _is_capital(doc[i].text) or doc[i].like_num:
            i += 1
            continue
        first, last = i, _bracket_end(doc, i) or _run_end(doc, i, known)
        i = last
        while first < last and _drop_first(doc, first, last, starts, known):
            first += 1
        while first < last and not _is_capital(doc[last - 1].text) and plain(doc[last - 1].text) not in known.legal:
            last -= 1
        name = _named(doc, first, last, starts, known) if first < last else None
        if name is not None and name.text.endswith(known.particles) and doc[last - 1].text[:-1] in met:
            name = Name(name.start, name.end - 1, name.text[:-1], name.traits | {"possessive"})
        if name is not None:
            if first == office_end:
                name.traits.add("after_office")
            if last < len(doc) and doc[last].text.casefold() in known.offices:
                name.traits.add("before_office")
            names.append(name)
    return names


def _bracket_end(doc, i):
    """Return the index of the ">" that closes the bracket opened right before *i*, or None: wire style for a whole name."""
    if i and doc[i - 1].text == "<":
        return next((k for k in range(i + 1, min(i + 14, len(doc))) if doc[k].text == ">"), None)
    return None


def _run_end(doc, i, known):
    """Return the index after the run of name tokens that begins at *i*."""
    j, ended = i + 1, plain(doc[i].text) in known.legal
    while j < len(doc):
        word, glued = doc[j].text, not doc[j - 1].whitespace_
        following = doc[j + 1].text if j + 1 < len(doc) else ""
        if "\n" in word or word.casefold() in known.offices or (word in {"'s", "’s", "'", "’"} and glued):
            break
        if _is_capital(word) and plain(word) in known.legal:
            ended, j = True, j + 1
        elif ended:
            break
        elif _is_capital(word) or (word == "," and _is_capital(following) and plain(following) in known.legal):
            j += 1
        elif word.casefold() in known.connectors and _and_belongs(doc, j, known):
            j += 2
            ended = plain(doc[j - 1].text) in known.legal
        elif word in known.joiners and _is_capital(following):
            if word in {"-", "/", "+", "'"} and not (glued and not doc[j].whitespace_):
                break
            # "Banco de Bilbao" is one name, "Super App de Movii" is not.
            if word.isalpha() and not any(doc[k].text.casefold() in known.heads for k in range(i, j)):
                break
            j += 2
            ended = plain(following) in known.legal
        else:
            break
    return j


def _and_belongs(doc, j, known):
    """Tell whether the "and" at *j* is part of a name: what follows it, up to a legal form, is no name by itself."""
    k = j + 1
    while k < min(j + 5, len(doc)) and _is_capital(doc[k].text) and plain(doc[k].text) not in known.legal:
        k += 1
    closed = k < len(doc) and _is_capital(doc[k].text) and plain(doc[k].text) in known.legal
    return closed and known.says_little([doc[n].text for n in range(j + 1, k)])


def _drop_first(doc, first, last, starts, known):
    """Tell whether the first token of a run is no part of the name: no name by itself, or a word that opens a sentence.

    "Shares Toyota" loses its first word; "General Motors" does not, since what would be left is no name.
    """
    word = doc[first].text.casefold()
    if not _is_capital(doc[first].text):
        return True
    opens = first in starts and word in known.common
    if last - first == 1:
        return word in known.no_names or opens
    if doc[first].is_stop and first in starts:
        return True
    return (word in known.no_names or opens) and not known.says_little([doc[k].text for k in range(first + 1, last)])


def _named(doc, first, last, starts, known):
    """Return the Name of tokens *first* to *last*, or None if it cannot be one."""
    words = [doc[k].text for k in range(first, last)]
    folded = [word.casefold() for word in words]
    start, end = doc[first].idx, doc[last - 1].idx + len(words[-1])
    text = doc.text[start:end]
    before, after = doc.text[max(start - 1, 0) : start], doc.text[end : end + 2]
    letters = [word for word in words if word[0].isalnum()]
    if (
        _NUMERIC.fullmatch(text)
        or len(plain(text)) < 2
        or (before == "<" and after[:1] == ">" and _TICKER.fullmatch(text))
        or all(plain(word) in known.legal for word in letters)
    ):
        return None
    traits = {
        "legal_form": any(plain(word) in known.legal for word in words[1:]),
        "head": any(word in known.heads for word in folded),
        "bracketed": before in {"<", "("} and after[:1] in {">", ")"},
        "ticker": re.match(r"\s?<", after) is not None,
        "common": known.says_little(words),
        "place": plain(text) in known.places,
        "acronym": text.isupper() and len(letters) == 1,
        "single": len(letters) == 1,
        "opens": first in starts,
        "possessive": re.match(r"['’]s?\b", after) is not None,
    }
    return Name(start, end, text, {trait for trait, holds in traits.items() if holds})


# In scripts without capitals: what stands inside a name although it is no letter, and figures with their unit.
_INSIDE = (
    r"(?<=[A-Za-z0-9&][.,])\s(?=[A-Z])|(?<=[A-Za-z0-9&])[ ](?=[A-Z&])|(?<=[A-Za-z])[ ](?=(?:of|and|de|for)[ ][A-Z])"
    r"|(?<=[A-Za-zＡ-Ｚａ-ｚ0-9])[:.&＆+/'’\-‐](?=[A-Za-zＡ-Ｚａ-ｚ0-9])"
    r"|(?<=[ァ-ヴー])[・･＝=＆&‐\-](?=[ァ-ヴ])|(?<=[ァ-ヴーA-Za-z\u3400-\u9fff])[·•‧](?=[ァ-ヴA-Za-z\u3400-\u9fff])"
    r"|(?<=[\u3400-\u9fff])[-－](?=[\u3400-\u9fff])"
    r"|[（(][\u3400-\u9fff]{2,6}[)）](?=[\u3400-\u9fff]{0,14}(?:公司|银行|銀行|中心|合伙))"
)
_FIGURE = (
    r"[\d０-９〇][\d０-９〇.,，]*(?:年代|年度|年|月份|月|日|号|號|時|时|点|點|分|个|個|家|社|名|人|件|亿|億|万|萬|千|元|円|ドル|[%％]|吨|噸|"
    r"トン|平方|公里|股|株|倍|次|位|项|項|条|條|种|種|カ|ヶ|か|つ|台|岁|歳|多|余|餘)+"
    r"|第?[一二三四五六七八九十两兩]+(?:年|月|日|个|個|家|社|名|项|項|大|期|轮|輪|次)"
)


@cache
def _breakers(language):
    """Return what divides a text without capitals: a pattern, and what kind of word each word of it is.

    Kinds: ``name`` (kept whole), ``breaker``, ``noun`` (what stands before it describes it), ``office``.
    """
    known = lexicon.load(language)
    kinds = dict.fromkeys(known.offices, "office") | dict.fromkeys(known.not_names, "noun")
    kinds |= dict.fromkeys(known.breakers, "breaker")
    kinds |= dict.fromkeys([*known.legal_forms, *(w for w in known.organisation_words if len(w) > 1)], "name")
    inner = "|".join(w for w in (*known.legal_forms, *known.organisation_words) if len(w) > 1)
    # A common noun right before an organisation's word is part of the name: 煤炭实业 is, 煤炭与电力 is not.
    words = "|".join(
        re.escape(w) + (f"(?!{inner})" if kinds[w] == "noun" else "") for w in sorted(kinds, key=lambda w: (-len(w), w))
    )
    return re.compile(rf"(?P<inside>{_INSIDE})|(?P<figure>{_FIGURE})|(?P<word>{words})|(?P<mark>\W|_)"), kinds


def _unbroken(text, language):
    """Return what stands between marks, figures and the words that the lexicon sets around names."""
    known = lexicon.load(language)
    pattern, kinds = _breakers(language)
    pieces, start, before = [], 0, "mark"
    for hit in [*pattern.finditer(text), None]:
        kind = "mark" if hit is None else kinds.get(hit["word"], "mark") if hit["word"] else hit.lastgroup
        if kind in {"inside", "name"}:
            continue
        end = len(text) if hit is None else hit.start()
        left = start
        for part in re.split(r"(?<=.公司)(?!章程)", text[start:end]):
            if part:
                pieces.append((left, left + len(part), before, kind if left + len(part) == end else "breaker"))
            left += len(part)
        start, before = (hit.end() if hit else end), kind
    whole = {text[left:right] for left, right, *_ in pieces}
    names = (_piece(text, left, right, before, after, whole, language, known) for left, right, before, after in pieces)
    return [name for name in names if name is not None]


def _piece(text, start, end, before, after, whole, language, known):
    """Return the Name in a piece of *text* between two breakers, of kinds *before* and *after*, or None."""
    start = _stripped(text, start, end, whole, language)
    name = text[start:end]
    heads = tuple(known.organisation_words)
    if not 2 <= len(name) <= 36 or not any(c.isalpha() for c in name) or _NUMERIC.fullmatch(name):
        return None
    common = common_words(language)
    legal = any(name.endswith(f) or name.startswith(f) for f in known.legal_forms if len(name) > len(f) + 1)
    head = name.endswith(heads) and name not in heads
    latin, katakana = bool(re.search(r"[A-ZＡ-Ｚ]", name)), bool(re.search(r"[ァ-ヴ]{2}", name))
    share = _covered(name, language) / len(name)
    if name in known.legal_forms or name.casefold() in common or (name.isascii() and not latin):
        return None
    if not legal and not head and (share == 1 and known.script == "characters" or (after == "noun" and not latin and not katakana)):
        return None
    if before == "office" and not head and not legal and len(name) < 5:
        return None
    traits = {
        "legal_form": legal,
        "head": head,
        "latin": latin,
        "katakana": katakana,
        "place": plain(name) in places(language),
        "single": len(name) <= 2,
        "long": len(name) > 10,
        "digits": any(c.isdigit() for c in name),
        "common": share >= 0.5,
        "after_office": before == "office",
        "before_office": after == "office",
        "before_noun": after == "noun",
        "quoted": text[start - 1 : start] in {"“", "「", "『", "《", '"', "‘", "〈"},
        "bracketed": text[start - 1 : start] in {"(", "（", "["},
        "ticker": re.match(r"[（(][\dA-Z]{2,8}[.,:：)）]", text[end : end + 12]) is not None,
        "opens": start == 0 or text[start - 1] in "\n。！？【",
    }
    return Name(start, end, name, {trait for trait, holds in traits.items() if holds})


_LATIN_GAP = re.compile("[A-Za-z0-9] [A-Z]")
_WORD = re.compile(r"(?:[(（]주[)）]|㈜)?[^\W_]+(?:(?<=[A-Za-z0-9])[&.+'’\-][A-Za-z0-9]+)*(?:[(（]주[)）]|㈜)?")


def _spaced(text, language):
    """Return what words with particles name: single words, or two or more that only together are a name."""
    known = lexicon.load(language)
    words = [(word.start(), word.end()) for word in _WORD.finditer(text)]
    written = Counter(text[left:right] for left, right in words)
    spans, before = [], "mark"
    for left, right in words:
        end = left + len(_without_particle(text[left:right], known.particles, written))
        kind = _kind(text[left:end], text[left:right], language)
        if kind == "head" and spans and _one_blank(text, spans[-1][1], left):
            spans[-1][1] = end
        elif kind == "name" and spans and _LATIN_GAP.match(text, spans[-1][1] - 1):
            spans[-1][1] = end
        elif kind == "name":
            spans.append([left, end, before, "mark"])
        if kind in {"noun", "office"} and spans and _one_blank(text, spans[-1][1], left):
            spans[-1][3] = kind
        before = kind if text[right : right + 1].isspace() else "mark"
    whole = {text[left:right] for left, right, *_ in spans}
    names = (_piece(text, left, right, before, after, whole, language, known) for left, right, before, after in spans)
    return [name for name in names if name is not None]


def _without_particle(word, particles, written):
    """Return *word* without its particle; a word that is also *written* with a particle behind it stays whole."""
    particle = next((p for p in particles if word.endswith(p)), "")
    if len(word) - len(particle) < 2 or any(word + p in written for p in particles):
        return word
    return word.removesuffix(particle)


@cache
def _kinds(language):
    """Return what words are looked up in: heads, nouns, offices, whole words, beginnings and endings that are no name."""
    known = lexicon.load(language)
    endings = tuple(word[1:] for word in known.breakers if word[0] == "*")
    beginnings = tuple(word for word in known.breakers if word[0] != "*" and len(word) > 1)
    whole = common_words(language) | {word for word in known.breakers if len(word) == 1}
    return set(known.organisation_words), set(known.not_names), set(known.offices), whole, beginnings, endings


def _kind(stem, word, language):
    """Return what a word is: ``name`` (it may be one), ``head``, ``noun``, ``office``, or ``breaker``."""
    heads, nouns, offices, whole, beginnings, endings = _kinds(language)
    for kind, members in (("office", offices), ("noun", nouns), ("head", heads)):
        if stem in members:
            return kind
    if stem in _countries(language):
        return "name"
    if stem.casefold() in whole or word.casefold() in whole or (stem[0].isdigit() and not re.match(r"\d+[A-Z]", stem)):
        return "breaker"
    if re.match(r"[A-Za-z(（㈜]", stem) or stem.endswith(tuple(h for h in heads if len(h) > 1)):
        return "name"
    return "breaker" if stem.startswith(beginnings) or word.endswith(endings) else "name"


def _one_blank(text, end, start):
    """Tell whether nothing but a blank stands between *end* and *start*."""
    return text[end:start] == " "


def _stripped(text, start, end, whole, language):
    """Return where the name in a piece begins: after blanks, and after a country that only tells where it is from."""
    start += len(re.match(r"[^\w(（㈜]*(?:[米独獨仏佛英伊韓蘭露豪台美](?=[ァ-ヴA-ZＡ-Ｚ가-힣])|[日中](?=[가-힣]))?", text[start:end]).group())
    country = next((c for c in _countries(language) if text.startswith(c, start, end)), None)
    if country:
        rest = text[start + len(country) : end]
        if len(rest) > 1 and (rest in whole or re.match(r"[A-ZＡ-Ｚァ-ヴ]", rest)):
            return start + len(country)
    return start


@cache
def _countries(language):
    """Return the names of countries other than the language's own, longest first, with one-letter signs (米, 独)."""
    locales = [Locale.parse(tag) for tag in (["zh", "zh_Hant"] if language == "zh" else [language])]
    own = {"zh": "CN", "ja": "JP", "ko": "KR"}.get(language)
    names = {name for locale in locales for code, name in locale.territories.items() if code != own and len(code) == 2}
    return sorted(names, key=lambda name: (-len(name), name))


@cache
def _filling(language):
    """Return the common words of *language* that are no organisation's word."""
    return common_words(language) - frozenset(lexicon.load(language).organisation_words)


def _covered(name, language):
    """Return how many characters of *name* belong to common words, the longest word first from the left."""
    filling = _filling(language)
    covered, i = 0, 0
    while i < len(name):
        size = next((n for n in range(min(8, len(name) - i), 1, -1) if name[i : i + n] in filling), 0)
        covered, i = covered + size, i + max(size, 1)
    return covered


def entities(names, text=""):
    """Return the names gathered to entities, in order of first occurrence.

    A short form joins the one longer name that it can stand for: the other's beginning, its acronym, one of its words,
    or what *text* has in brackets right after it.
    """
    groups, alias = {}, {}
    for name, following in pairwise(names):
        if "bracketed" in name.traits | following.traits and text[name.end : following.start].strip() in {"(", "（"}:
            alias[normal(following.text)] = normal(name.text)
    for name in sorted(names, key=lambda n: (-len(normal(n.text)), n.start)):
        key = normal(name.text)
        if key not in groups:
            owners = [other for other in groups if other == alias.get(key)] or [g for g in groups if same(g, key)]
            if not owners and not name.traits & {"common", "legal_form", "place"}:
                owners = [g for g in groups if g.split()[-1:] == [key] and groups[g][0].start < name.start]
            if len(owners) == 1 or (owners and all(same(owners[0], o) for o in owners)):
                key = owners[0]
            else:
                groups[key] = []
        groups[key].append(name)
    found = [Entity(sorted(members, key=lambda n: n.start)) for members in groups.values() if members]
    return sorted(found, key=lambda e: e.names[0].start)
