"""Find candidate names in scripts with capital letters: runs of capitalised tokens of spaCy's tokeniser."""

import re

from entente import well_known
from entente.capital_words import counted, is_capital, name_words, opens, tokens
from entente.name_runs import REACH, before_noun, bracket_end, is_genitive, run_end
from entente.names import acronym, normal, plain
from entente.surface import NUMERIC, Name

_TICKER = re.compile(r"[A-Z0-9]{1,5}(?:\.[A-Z]{1,3}\.?)?")
# A name written as an address in the web, in small letters or not.
_DOMAIN = re.compile(r"(?!www\.)[^\W_][\w-]*\.(?:com|net|org|io|ai|eu|tv|[a-z]{2})")


def find(text, language):
    """Return runs of capitalised tokens, trimmed of words that begin a sentence or name an office."""
    known = name_words(language)
    doc = tokens(text, language)
    starts = {sentence[0].i for sentence in doc.sents}
    starts |= {t.i + 1 for t in doc if opens(t.text)}
    met = {token.text for token in doc} if known.particles else set()
    names, i, office_end = [], 0, -1
    while i < len(doc):
        if doc[i].text.casefold() in known.offices:
            office_end = i + 1
        counts = doc[i].like_num and not (i + 1 < len(doc) and is_capital(doc[i + 1].text))
        if i < office_end or counts or not (is_capital(doc[i].text) or _DOMAIN.fullmatch(doc[i].text)):
            i += 1
            continue
        bracket = bracket_end(doc, i)
        first, last = i, bracket or run_end(doc, i, known, met)
        i = last
        if bracket and doc[last - 1].text in {"'s", "’s"}:  # <Oregon Software's> compilers
            last -= 1
        while first < last and not bracket and _drop_first(doc, first, last, starts, known):
            first += 1
        while (
            first < last
            and not is_capital(doc[last - 1].text)
            and doc[last - 1].text not in {"'s", "’s"}
            and not _DOMAIN.fullmatch(doc[last - 1].text)
            and plain(doc[last - 1].text) not in known.legal
        ):
            last -= 1
        first = _institution_before(doc, first, last, known) if first < last else first
        name = _named(text, doc, first, last, starts, known) if first < last else None
        if name is not None and is_genitive(doc[last - 1].text, known, met):
            name = Name(name.start, name.end - 1, name.text[:-1], name.traits | {"possessive"})
        if name is not None:
            if first == office_end:
                name.traits.add("after_office")
            if last < len(doc) and doc[last].text.casefold() in known.offices:
                name.traits.add("before_office")
            names.append(name)
    written = {name.text for name in names}
    return [part for name in names for part in _parts(name, written, known)]


def _parts(name, written, known):
    """Return the names that a *name* consists of: itself, before its noun, its acronym, or names joined by hyphens.

    Joined names are parted where `_are_names`: Renault-Nissan is two, Air France-KLM is well known as one.
    """
    if first := before_noun(name.text, known):
        name = Name(name.start, name.start + len(first), first, name.traits)
    cuts = []
    last = name.text.rfind(" ")
    if name.text.count(" ") > 1 and acronym(plain(name.text[last:]), plain(name.text[:last])):
        cuts = [last]
    elif _are_names(re.split("[-/]", name.text), written) and normal(name.text) not in well_known.known():
        cuts = [hit.start() for hit in re.finditer("[-/]", name.text)]
    starts, ends = [0, *(cut + 1 for cut in cuts)], [*cuts, len(name.text)]
    return [
        Name(name.start + start, name.start + end, name.text[start:end], set(name.traits))
        for start, end in zip(starts, ends, strict=True)
    ]


def _are_names(parts, written):
    """Tell whether *parts* are names by themselves: both of two, or all but one of more, *written* alone or well known."""
    known = [part in written or normal(part) in well_known.known() for part in parts]
    return sum(known) >= max(2, len(parts) - 1)


def _drop_first(doc, first, last, starts, known):
    """Tell whether the first token of a run is no part of the name: no name by itself, or a word that at_start a sentence.

    "Shares Toyota" loses its first word; "General Motors" does not, since what would be left is no name.
    """
    word = doc[first].text.casefold()
    if not is_capital(doc[first].text):
        return not _DOMAIN.fullmatch(doc[first].text)
    if known.compound_nouns and before_noun(doc[first].text, known):
        return False
    at_start = first in starts and word in known.common
    # Sports News Network Inc: with its legal form, a name is told in full.
    at_start = at_start and (last - first < 3 or plain(doc[last - 1].text) not in known.legal)
    if last - first == 1:
        return known.is_no_name(word) or at_start
    following = doc[first + 1].text
    rest = [doc[k].text for k in range(first + 1, min(last, first + 1 + REACH))]
    if (
        doc[first].like_num
        or (word in known.adjectives and _begins_name(doc, first, rest))
        or (at_start and plain(word) in known.places)
        or (at_start and not doc[first].is_stop and not known.is_no_name(word) and _recurs(doc, first))
        or (not is_capital(following) and (following.isalpha() or following in known.joiners))
    ):
        return False
    if doc[first].is_stop and first in starts:
        return True
    return (known.is_no_name(word) or at_start) and not known.says_little(rest)


def _institution_before(doc, first, last, known):
    """Return where the name from *first* to *last* begins, with its institution in small letters: université d'Oxford.

    A country stays one, and a firm that is told in full or well known is no institution's: the hospital of Siemens.
    """
    i = first - 1
    while i > first - 3 and i > 0 and doc[i].text in known.joiners and doc[i].text[0].isalpha():
        i -= 1
    if i < 0 or doc[i].text not in known.institutions:
        return first
    words = [doc[k].text for k in range(first, min(last, first + REACH))]
    name = " ".join(words)
    firm = normal(name) in well_known.known() or any(plain(word) in known.legal for word in words)
    return first if firm or plain(name) in known.places else i


def _begins_name(doc, first, rest):
    """Tell whether the adjective at *first* is a name's first word: the *rest* is not known, nor met, without it."""
    counts = counted(doc)
    apart = counts.words[rest[0]] > counts.pairs[doc[first].text, rest[0]]
    return not apart and normal(" ".join(rest)) not in well_known.known()


def _recurs(doc, first):
    """Tell whether *doc* has the two words at *first* inside a sentence too, and the second without the first less often."""
    counts, pair = counted(doc), (doc[first].text, doc[first + 1].text)
    return counts.inside[pair] > 0 and counts.pairs[pair] > counts.words[pair[1]] - counts.pairs[pair]


def _named(text, doc, first, last, starts, known):
    """Return the Name of tokens *first* to *last*, or None if it cannot be one."""
    words = [doc[k].text for k in range(first, last)]
    folded = [word.casefold() for word in words]
    start, end = doc[first].idx, doc[last - 1].idx + len(words[-1])
    name = text[start:end]
    before, after = text[max(start - 1, 0) : start], text[end : end + 2]
    letters = [word for word in words if word[0].isalnum()]
    if (
        NUMERIC.fullmatch(name)
        or len(plain(name)) < 2
        or (before == "<" and after[:1] == ">" and _TICKER.fullmatch(name))
        or all(plain(word) in known.legal for word in letters)
    ):
        return None
    traits = {
        "legal_form": any(plain(word) in known.legal for word in words[1:]),
        "head": any(word in known.heads for word in folded),
        "bracketed": before in {"<", "("} and after[:1] in {">", ")"},
        "ticker": re.match(r"\s?<", after) is not None,
        "common": known.says_little(words),
        "place": plain(name) in known.places,
        "acronym": name.isupper() and len(letters) == 1,
        "single": len(letters) == 1,
        "opens": first in starts,
        "possessive": re.match(r"['’]s?\b", after) is not None,
    }
    return Name(start, end, name, {trait for trait, holds in traits.items() if holds})
