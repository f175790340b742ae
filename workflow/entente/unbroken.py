"""Find candidate names in scripts without capitals: what stands between the words that the lexicon sets around names."""

import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from babel import Locale

from entente import lexicon, well_known
from entente.names import plain
from entente.surface import Name, common_words, places

DATA = ("lexicon",)

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
    rf"(?:[\d０-９〇][\d０-９〇.,，]*|<N>)(?:{_COUNTERS})+"  # <N>: as corpora mask figures
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
    families: tuple  # names that persons' names begin with
    beginnings: tuple  # of words that are no names
    endings: tuple


@cache
def _known():
    """Return the well-known names in scripts without capitals."""
    return frozenset(name for name in well_known.names() if ord(name[0]) > 0x2E7F)


@cache
def _surroundings(language):
    """Return the _Surroundings of *language*.

    A ``noun`` tells that what stands right before it describes something; a ``name`` is kept whole.
    """
    known = lexicon.load(language)
    heads = [word for word in known.organisation_words if len(word) > 1]
    offices = [word for word in known.offices if word[-1] != "*"]
    kinds = dict.fromkeys(offices, "office") | dict.fromkeys(known.not_names, "noun")
    kinds |= dict.fromkeys(known.breakers, "breaker")
    kinds |= dict.fromkeys([*known.legal_forms, *heads, *(n for n in sorted(_known()) if len(n) > 2)], "name")
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
        families=tuple(word[:-1] for word in known.offices if word[-1] == "*"),
        beginnings=tuple(word for word in known.breakers if word[0] != "*" and len(word) > 1),
        endings=tuple(word[1:] for word in known.breakers if word[0] == "*"),
    )


@cache
def _breakers(language):
    """Return the pattern of what divides a text in a script without spaces, or stands inside a name."""
    around = _surroundings(language)
    name = "|".join(word for word in around.legal + around.heads if len(word) > 1)
    tails = defaultdict(list)  # by first letter: one long alternation is slow
    for word in sorted(around.kinds, key=lambda word: (-len(word), word)):
        # A noun right before an organisation's word is part of the name: 煤炭实业 is, 煤炭与电力 is not.
        tails[word[0]].append(re.escape(word[1:]) + (f"(?!{name})" if around.kinds[word] == "noun" else ""))
    words = "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in tails.items())
    return re.compile(rf"(?P<inside>{_INSIDE})|(?P<figure>{_FIGURE})|(?P<word>{words})|(?P<mark>\W|_)")


def find(text, language):
    """Return what stands between marks, figures and the words that the lexicon sets around names.

    >>> [n.text for n in find("昨日，德国西门子与中国石化宣布，将在南京成立合资公司。", "zh")]
    ['西门子', '中国石化']
    >>> [n.text for n in find("トヨタ自動車は仏プジョー・シトロエンと小型車の共同生産で合意した。", "ja")]
    ['トヨタ自動車', 'プジョー・シトロエン']
    """
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


def find_spaced(text, language):
    """Return what words with particles name: single words, and words that only together are a name.

    >>> [n.text for n in find_spaced("삼성전자와 SK C&C는 업무협약을 체결했다고 밝혔다.", "ko")]
    ['삼성전자', 'SK C&C']
    """
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
    stems = (word[: -len(particle)] for particle in particles if word.endswith(particle))
    if known := next((stem for stem in (word, *stems) if stem in _known()), None):
        return known
    particle = next((p for p in particles if word.endswith(p) and _may_follow(word[: -len(p)], p)), "")
    if len(word) - len(particle) < 2 or any(word + p in written for p in particles):
        return word
    return word.removesuffix(particle)


def _may_follow(stem, particle):
    """Tell whether a Korean *particle* can stand behind *stem*: many have one form after vowels and one after consonants.

    >>> _may_follow("한국전력", "이"), _may_follow("에이아", "이"), _may_follow("소니", "이고"), _may_follow("KT", "이")
    (True, False, True, True)
    """
    if not "가" <= stem[-1:] <= "힣":
        return True  # how a foreign word is said is not known
    final = (ord(stem[-1]) - ord("가")) % 28  # 0: a vowel; 8: ㄹ, which 로 follows like a vowel
    if particle[0] in "은을과" or particle in {"이", "이나"}:
        return final > 0
    if particle[0] in "는가를와":
        return final == 0
    if particle[0] == "으":
        return final not in {0, 8}
    return particle[0] != "로" or final in {0, 8}


def _kind(stem, word, language):
    """Return what a word is: ``name`` (it may be one), ``head``, ``noun``, ``office``, or ``breaker``."""
    around = _surroundings(language)
    if stem in _known():
        return "name"
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
    name = text[start:end].rstrip()
    end = start + len(name)
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
        "person": not head and not legal and len(name) in {2, 3} and name.startswith(around.families),
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
