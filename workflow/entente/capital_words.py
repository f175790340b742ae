"""What the tokens of a text are around names, in scripts with capital letters: spaCy's tokens, and the words that matter."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

import spacy

from entente import lexicon
from entente.names import plain
from entente.surface import common_words, places

DATA = ("lexicon",)

# Where a sentence, or what stands for one, begins.
_OPENERS = frozenset(':–—•“„«»"')


@cache
def tokenizer(language):
    """Return spaCy's rule-based pipeline for *language*: tokens and sentence ends, no model."""
    nlp = spacy.blank(lexicon.load(language).tokenizer)
    # A full stop without a blank ends a sentence after an acronym too: "with SFR.Mediapro said".
    infixes = [*nlp.Defaults.infixes, r"(?<=[A-Z]{2})\.(?=[A-Z][a-z])"]
    nlp.tokenizer.infix_finditer = spacy.util.compile_infix_regex(infixes).finditer
    nlp.add_pipe("sentencizer")
    nlp.max_length = 50_000_000  # rules need no memory to speak of
    return nlp


@lru_cache(maxsize=1)  # names, sentences and claims are looked for in the same text, one after the other
def tokens(text, language):
    """Return *text* as spaCy's Doc, with tokens and sentence ends."""
    return tokenizer(language)(text)


@dataclass(frozen=True)
class NameWords:
    """The words of one language that matter around names, folded for looking up."""

    legal: frozenset
    heads: frozenset
    joiners: frozenset
    no_names: frozenset
    adjectives: frozenset
    institutions: frozenset  # written in small letters
    no_name_parts: re.Pattern  # "*hersteller*": compounds that tell what a firm is
    offices: frozenset
    connectors: frozenset
    common: frozenset
    places: frozenset
    particles: tuple
    compound_nouns: frozenset  # where nouns begin with a capital letter

    def says_little(self, words):
        """Tell whether none of the tokens *words* sets a name apart from others: common words and legal forms."""
        little = (self.common, self.heads, self.no_names, self.joiners, self.connectors)
        folded = [word.casefold() for word in words]
        return all(
            any(w in known for known in little) or plain(w) in self.legal or not w[0].isalnum()
            for w in folded
        )

    def is_no_name(self, word):
        """Tell whether the case-folded *word* is no name by itself."""
        listed = word in self.no_names or self.no_name_parts.fullmatch(word)
        return bool(listed) and word not in self.heads - self.no_names


@cache
def name_words(language):
    """Return the NameWords of *language*."""
    known = lexicon.load(language)
    connectors = frozenset(
        word for item in known.relations.get("and", []) for word in re.split(r"\W+", next(iter(item))) if word
    )
    return NameWords(
        legal=frozenset(plain(form) for form in known.legal_forms),
        heads=frozenset(word.casefold() for word in known.organisation_words),
        joiners=frozenset(known.joiners),
        no_names=frozenset(w.casefold() for w in known.not_names + known.adjectives if "*" not in w),
        adjectives=frozenset(word.casefold() for word in known.adjectives),
        institutions=frozenset(known.institutions),
        no_name_parts=re.compile(
            "|".join(
                re.escape(word.casefold()).replace(r"\*", r"[\w.-]*")
                for word in known.not_names
                if "*" in word
            )
            or r"(?!)"
        ),
        offices=frozenset(word.casefold() for word in known.offices),
        connectors=connectors,
        common=common_words(language),
        places=places(language),
        particles=tuple(known.particles),
        compound_nouns=frozenset(noun.casefold() for noun in known.compound_nouns),
    )


def is_capital(token):
    """Tell whether a token has a capital letter, first or among others: iPhone."""
    return token[:1].isupper() or (any(c.isupper() for c in token[1:]) and token[0].isalnum())


def opens(word):
    """Tell whether what follows *word* stands like the beginning of a sentence."""
    return "\n" in word or word in _OPENERS


class _Counts(NamedTuple):
    """How often a text has what, by the texts of tokens."""

    words: Counter
    pairs: Counter  # (word, word) in a row
    inside: Counter  # those of them that open no sentence
    around: Counter  # (word, word) with one in between
    following: dict  # what follows the latter: {(word, word): {word}}


@lru_cache(maxsize=1)  # asked of one text again and again
def counted(doc):
    """Return the _Counts of *doc*."""
    words = [token.text for token in doc]
    following = defaultdict(set)
    for left, right, word in zip(words, words[2:], words[3:], strict=False):
        following[left, right].add(word)
    inside = ((a.text, b.text) for a, b in pairwise(doc) if not a.is_sent_start and not opens(words[a.i - 1]))
    around = Counter(zip(words, words[2:], strict=False))
    return _Counts(Counter(words), Counter(pairwise(words)), Counter(inside), around, following)
