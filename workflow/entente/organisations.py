"""Find what may be an organisation's name in a text.

Candidates, not decisions: recall first, and with each name what speaks for and against it. In scripts with capital
letters, a name is a run of capitalised tokens of spaCy's tokeniser; elsewhere, what stands between the words and
particles that the lexicon lists as ``breakers``.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

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


@dataclass(eq=False)
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


# Scripts without capitals. What stands inside a name although it is no letter: blanks and marks between Latin
# letters, dots between katakana or transcribed names, a hyphen of a venture (一汽-大众), a place in 投资（中国）有限公司.
_INSIDE = "|".join(
    (
        r"(?<=[A-Za-z0-9&][.,])\s(?=[A-Z])",
        r"(?<=[A-Za-z0-9&])[ ](?=[A-Z&])",
        r"(?<=[A-Za-z])[ ](?=(?:of|and|de|for)[ ][A-Z])",
        r"(?<=[A-Za-zＡ-Ｚａ-ｚ0-9])[:.&＆+/'’\-‐](?=[A-Za-zＡ-Ｚａ-ｚ0-9])",
        r"(?<=[ァ-ヴー])[・･＝=＆&‐\-](?=[ァ-ヴ])",
        r"(?<=[ァ-ヴーA-Za-z\u3400-\u9fff])[·•‧](?=[ァ-ヴA-Za-z\u3400-\u9fff])",
        r"(?<=[\u3400-\u9fff])[-－](?=[\u3400-\u9fff])",
        r"[（(][\u3400-\u9fff]{2,6}[)）](?=[\u3400-\u9fff]{0,14}(?:公司|银行|銀行|中心|合伙))",
    )
)
_COUNTERS = (
    "年代|年度|年|月份|月|日|号|號|時|时|点|點|分|个|個|家|社|名|人|件|亿|億|万|萬|千|元|円|ドル|[%％]|吨|噸|トン|平方|公里|股|株|"
    "倍|次|位|项|項|条|條|种|種|カ|ヶ|か|つ|台|岁|歳|多|余|餘"
)
_FIGURE = (
    rf"[\d０-９〇][\d０-９〇.,，]*(?:{_COUNTERS})+"
    "|第?[一二三四五六七八九十两兩]+(?:年|月|日|个|個|家|社|名|项|項|大|期|轮|輪|次)"
)
# A Korean word with its legal form, and the blank inside a name of Latin words.
_WORD = re.compile(
    r"(?:[(（]주[)）]|㈜)?[^\W_]+(?:(?<=[A-Za-z0-9])[&.+'’\-][A-Za-z0-9]+)*(?:[(（]주[)）]|㈜)?"
)
_LATIN_BLANK = re.compile("[A-Za-z0-9] [A-Z]")
# What stands before a name in one piece with it: marks, and one sign for a country (米アップル, 美애플).
_SIGN = re.compile(r"[^\w(（㈜]*(?:[米独獨仏佛英伊韓蘭露豪台美](?=[ァ-ヴA-ZＡ-Ｚ가-힣])|[日中](?=[가-힣]))?")
_COUNTRY_OF = {"zh": "CN", "ja": "JP", "ko": "KR"}


class _Piece(NamedTuple):
    """A stretch of text that may be a name; ``before`` and ``after`` are kinds of words, or ``mark``."""

    start: int
    end: int
    before: str
    after: str


class _Surroundings(NamedTuple):
    """What the pieces of a text without capitals are held against."""

    kinds: dict  # words of the lexicon, as name, breaker, noun, office
    legal: tuple
    heads: tuple
    common: frozenset
    filling: frozenset  # common words that are no organisation's word
    countries: tuple  # longest first, the language's own left out
    beginnings: tuple  # of words that are no names
    endings: tuple


@cache
def _surroundings(language):
    """Return the _Surroundings of *language*.

    A ``noun`` tells that what stands right before it describes something; a ``name`` is kept whole.
    """
    known = lexicon.load(language)
    heads = [word for word in known.organisation_words if len(word) > 1]
    kinds = dict.fromkeys(known.offices, "office") | dict.fromkeys(known.not_names, "noun")
    kinds |= dict.fromkeys(known.breakers, "breaker") | dict.fromkeys([*known.legal_forms, *heads], "name")
    common = common_words(language)
    locales = [Locale.parse(tag) for tag in (("zh", "zh_Hant") if language == "zh" else (language,))]
    countries = {
        name
        for locale in locales
        for code, name in locale.territories.items()
        if len(code) == 2 and code != _COUNTRY_OF.get(language)
    }
    return _Surroundings(
        kinds=kinds,
        legal=tuple(known.legal_forms),
        heads=tuple(known.organisation_words),
        common=common,
        filling=common - frozenset(known.organisation_words),
        countries=tuple(sorted(countries, key=lambda name: (-len(name), name))),
        beginnings=tuple(word for word in known.breakers if word[0] != "*" and len(word) > 1),
        endings=tuple(word[1:] for word in known.breakers if word[0] == "*"),
    )


@cache
def _breakers(language):
    """Return the pattern of what divides a text in a script without spaces, or stands inside a name."""
    around = _surroundings(language)
    name = "|".join(word for word in around.kinds if around.kinds[word] == "name")
    tails = defaultdict(list)  # by first letter: one long alternation is slow
    for word in sorted(around.kinds, key=lambda word: (-len(word), word)):
        # A noun right before an organisation's word is part of the name: 煤炭实业 is, 煤炭与电力 is not.
        tails[word[0]].append(re.escape(word[1:]) + (f"(?!{name})" if around.kinds[word] == "noun" else ""))
    words = "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in tails.items())
    return re.compile(rf"(?P<inside>{_INSIDE})|(?P<figure>{_FIGURE})|(?P<word>{words})|(?P<mark>\W|_)")


def _unbroken(text, language):
    """Return what stands between marks, figures and the words that the lexicon sets around names."""
    kinds = _surroundings(language).kinds
    pieces, start, before = [], 0, "mark"
    for hit in [*_breakers(language).finditer(text), None]:
        kind = "mark" if hit is None else kinds.get(hit["word"], hit.lastgroup)
        if kind in {"inside", "name"}:
            continue
        end = len(text) if hit is None else hit.start()
        for part in re.split(r"(?<=.公司)", text[start:end]):
            last = start + len(part) == end
            pieces.append(_Piece(start, start + len(part), before, kind if last else "breaker"))
            start += len(part)
        start, before = (end if hit is None else hit.end()), kind
    return _names(text, pieces, language)


def _spaced(text, language):
    """Return what words with particles name: single words, and words that only together are a name."""
    particles = lexicon.load(language).particles
    words = [word.span() for word in _WORD.finditer(text)]
    written = {text[start:end] for start, end in words}
    pieces, before = [], "mark"
    for start, right in words:
        end = start + len(_without_particle(text[start:right], particles, written))
        kind = _kind(text[start:end], text[start:right], language)
        last = pieces[-1] if pieces else _Piece(0, 0, "", "")
        follows = text[last.end : start] == " "
        if (kind == "head" and follows) or (kind == "name" and _LATIN_BLANK.match(text, last.end - 1)):
            pieces[-1] = last._replace(end=end)
        elif kind == "name":
            pieces.append(_Piece(start, end, before, "mark"))
        elif kind in {"noun", "office"} and follows:
            pieces[-1] = last._replace(after=kind)
        before = kind if text[right : right + 1].isspace() else "mark"
    return _names(text, pieces, language)


def _without_particle(word, particles, written):
    """Return *word* without its particle; a word that is *written* with another particle behind it stays whole."""
    particle = next((p for p in particles if word.endswith(p)), "")
    if len(word) - len(particle) < 2 or any(word + p in written for p in particles):
        return word
    return word.removesuffix(particle)


def _kind(stem, word, language):
    """Return what a word is: ``name`` (it may be one), ``head``, ``noun``, ``office``, or ``breaker``."""
    around = _surroundings(language)
    kind = around.kinds.get(stem)
    if kind in {"noun", "office"} or stem in around.countries:
        return kind or "name"
    if stem in around.heads:
        return "head"
    if {stem.casefold(), word.casefold()} & around.common or re.match(r"\d+(?![A-Z])", stem):
        return "breaker"
    if re.match(r"[A-Za-z(（㈜]", stem) or stem.endswith(tuple(h for h in around.heads if len(h) > 1)):
        return "name"
    return "breaker" if stem.startswith(around.beginnings) or word.endswith(around.endings) else "name"


def _names(text, pieces, language):
    """Return the Names in *pieces*, those left out that hold none."""
    whole = {text[piece.start : piece.end] for piece in pieces}
    around = _surroundings(language)
    stripped = (piece._replace(start=_stripped(text, piece, whole, around)) for piece in pieces)
    return [name for piece in stripped if (name := _in_piece(text, piece, language)) is not None]


def _stripped(text, piece, whole, around):
    """Return where the name in a *piece* begins: after marks, and after a country that only tells where it is from."""
    start = _SIGN.match(text, piece.start, piece.end).end()
    if not text.startswith(around.countries, start, piece.end):
        return start
    country = next(c for c in around.countries if text.startswith(c, start, piece.end))
    rest = text[start + len(country) : piece.end]
    if len(rest) < 2:
        return start
    # 法国雪铁龙 is 雪铁龙; what has a legal form, or consists of common words (美国银行), bears its country.
    little = _covered(rest, around.common | set(around.heads)) == len(rest)
    bare = len(rest) > 2 and not little and not rest.endswith(around.legal)
    return start + len(country) if bare or rest in whole or re.match(r"[A-ZＡ-Ｚァ-ヴ]", rest) else start


def _in_piece(text, piece, language):
    """Return the Name that a *piece* of text is, or None if it cannot be one."""
    around = _surroundings(language)
    start, end, before, after = piece
    name = text[start:end]
    latin = bool(re.search(r"[A-ZＡ-Ｚ]", name))
    if (
        not 2 <= len(name) <= 36
        or not any(c.isalpha() for c in name)
        or name in around.legal
        or name.casefold() in around.common
        or (name.isascii() and not latin)
    ):
        return None
    legal = name.startswith(around.legal) or name.endswith(around.legal)
    head = name.endswith(around.heads) and (name not in around.heads or len(name) > 3)
    katakana = bool(re.search("[ァ-ヴ]{2}", name))
    share = _covered(name, around.filling) / len(name)
    described = after == "noun" and not latin and not katakana
    says_nothing = share == 1 and lexicon.load(language).script == "characters"
    person = before == "office" and len(name) < 5
    if not legal and not head and (described or says_nothing or person):
        return None
    traits = {
        "legal_form": legal,
        "head": head,
        "latin": latin,
        "katakana": katakana,
        "place": plain(name) in places(language),
        "single": len(name) == 2,
        "long": len(name) > 10,
        "digits": any(c.isdigit() for c in name),
        "common": share >= 0.5,
        "after_office": before == "office",
        "before_office": after == "office",
        "before_noun": after == "noun",
        "quoted": text[start - 1 : start] in set("“「『《〈‘\"'"),
        "bracketed": text[start - 1 : start] in set("(（["),
        "ticker": re.match(r"[（(][\dA-Z]{2,8}[.,:：)）]", text[end : end + 12]) is not None,
        "opens": not start or text[start - 1] in "\n。！？【",
    }
    return Name(start, end, name, {trait for trait, holds in traits.items() if holds})


def _covered(name, words):
    """Return how many characters of *name* belong to *words*, the longest word first from the left."""
    covered, i = 0, 0
    while i < len(name):
        size = next((n for n in range(min(8, len(name) - i), 1, -1) if name[i : i + n] in words), 0)
        covered, i = covered + size, i + max(size, 1)
    return covered


def entities(names, text=""):
    """Return the names gathered to entities, in order of first occurrence.

    A short form joins the one longer name that it can stand for: the other's beginning, its acronym, its last word,
    or what *text* has in brackets right after it. Time grows with the number of names, not with its square.
    """
    alias = {
        normal(following.text): normal(name.text)
        for name, following in pairwise(names)
        if "bracketed" in name.traits | following.traits and text[name.end : following.start].strip() in {"(", "（"}
    }
    groups, beginnings, acronyms, endings = {}, defaultdict(list), defaultdict(list), defaultdict(list)
    for name in sorted(names, key=lambda n: (-len(normal(n.text)), n.start)):
        key = normal(name.text)
        if key not in groups:
            like = dict.fromkeys([*beginnings[_beginning(key)], *acronyms[key[:2]]])
            owners = [alias[key]] if alias.get(key) in groups else [g for g in like if same(g, key)]
            if not owners and not name.traits & {"common", "legal_form", "place"}:
                owners = [g for g in endings[key] if groups[g][0].start < name.start]
            if owners and all(same(owners[0], other) for other in owners[1:]):
                key = owners[0]
            else:
                groups[key] = []
                beginnings[_beginning(key)].append(key)
                for letters in _initials(key):
                    acronyms[letters].append(key)
                endings[key.split()[-1]].append(key)
        groups[key].append(name)
    found = [Entity(sorted(members, key=lambda n: n.start)) for members in groups.values() if members]
    return sorted(found, key=lambda e: e.names[0].start)


def _beginning(key):
    """Return what two names share if one is the other's beginning: the first word, or in ideographs two characters."""
    return key.split()[0] if key.isascii() or " " in key else key[:2]


def _initials(key):
    """Return the first two letters of the acronyms that a name can have."""
    words = key.split()
    large = [word for word in words if len(word) > 3]
    return {"".join(word[0] for word in kind)[:2] for kind in (words, large) if len(kind) > 1}
