"""Find candidate names in scripts with capital letters: runs of capitalised tokens of spaCy's tokeniser."""

import re
from dataclasses import dataclass
from functools import cache

import spacy

from entente import lexicon
from entente.names import plain
from entente.surface import NUMERIC, Name, common_words, places

DATA = ("lexicon",)

_TICKER = re.compile(r"[A-Z0-9]{1,5}(?:\.[A-Z]{1,3}\.?)?")


@cache
def tokenizer(language):
    """Return spaCy's rule-based pipeline for *language*: tokens and sentence ends, no model."""
    nlp = spacy.blank(lexicon.load(language).tokenizer)
    nlp.add_pipe("sentencizer")
    nlp.max_length = 50_000_000  # rules need no memory to speak of
    return nlp


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
        return all(
            any(w in known for known in little) or plain(w) in self.legal or not w[0].isalnum()
            for w in folded
        )


@cache
def _vocabulary(language):
    """Return the _Vocabulary of *language*."""
    known = lexicon.load(language)
    connectors = (
        word for item in known.relations.get("and", []) for word in re.split(r"\W+", next(iter(item)))
    )
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


def _is_capital(token):
    return token[:1].isupper() or (any(c.isupper() for c in token[1:]) and token[0].isalnum())


def find(text, language):
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
        while (
            first < last
            and not _is_capital(doc[last - 1].text)
            and plain(doc[last - 1].text) not in known.legal
        ):
            last -= 1
        name = _named(text, doc, first, last, starts, known) if first < last else None
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
        elif _is_capital(word) or (
            word == "," and _is_capital(following) and plain(following) in known.legal
        ):
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
    return (word in known.no_names or opens) and not known.says_little(
        [doc[k].text for k in range(first + 1, last)]
    )


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
