"""Find candidate names in scripts with capital letters: runs of capitalised tokens of spaCy's tokeniser."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

import spacy

from entente import lexicon, well_known
from entente.names import acronym, normal, plain
from entente.surface import NUMERIC, Name, common_words, places

DATA = ("lexicon",)

_TICKER = re.compile(r"[A-Z0-9]{1,5}(?:\.[A-Z]{1,3}\.?)?")
# A name written as an address in the web, in small letters or not.
_DOMAIN = re.compile(r"(?!www\.)[^\W_][\w-]*\.(?:com|net|org|io|ai|eu|tv|[a-z]{2})")
# "Shell-pompen", "Storebrand-utfordreren": a name, and what it has or is.
_NAME_AND_NOUN = re.compile(r"(?=\w*[A-Z]\w)(\w[\w&.-]*)[-‐–][a-zà-öø-ÿ]{3,}")
# Inside well-known names, in a text of any language.
_ANDS = frozenset(("and", "und", "og", "och", "et", "y", "e", "en", "i"))
_OF = frozenset(("of", "de", "di", "do", "da"))  # what an article may follow inside a name
_REACH = 8  # tokens of a run that are looked at: more would make long runs dear
# Where a sentence, or what stands for one, begins.
_OPENERS = frozenset(':–—•“„«»"')
# Words that stop-word lists have and that stand after a genitive all the same.
_AFTER_GENITIVE = frozenset(
    ("own", "other", "most", "next", "last", "many", "several", "full", "top", "various", "only", "former")
)


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
class _Vocabulary:
    """The words of one language that matter around names, folded for looking up."""

    legal: frozenset
    heads: frozenset
    joiners: frozenset
    no_names: frozenset
    adjectives: frozenset
    no_name_parts: re.Pattern  # "*hersteller*": compounds that tell what a firm is
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

    def is_no_name(self, word):
        """Tell whether the case-folded *word* is no name by itself."""
        listed = word in self.no_names or self.no_name_parts.fullmatch(word)
        return bool(listed) and word not in self.heads - self.no_names


@cache
def _joined_names():
    """Return the well-known names with an "and" of any language inside: {(word before, word after): [(name, place)]}.

    Names are folded; the place is where the word before stands in the name.
    """
    found = defaultdict(list)
    for name in well_known.names():
        words = [(hit.start(), hit[0]) for hit in re.finditer(r"\w+", name.casefold())]
        for (place, left), (_, word), (_, right) in zip(words, words[1:], words[2:], strict=False):
            if word in _ANDS:
                found[left, right].append((name.casefold(), place))
    return found


@cache
def _vocabulary(language):
    """Return the _Vocabulary of *language*."""
    known = lexicon.load(language)
    connectors = frozenset(
        word for item in known.relations.get("and", []) for word in re.split(r"\W+", next(iter(item))) if word
    )
    return _Vocabulary(
        legal=frozenset(plain(form) for form in known.legal_forms),
        heads=frozenset(word.casefold() for word in known.organisation_words),
        joiners=frozenset(known.joiners),
        no_names=frozenset(w.casefold() for w in known.not_names + known.adjectives if "*" not in w),
        adjectives=frozenset(word.casefold() for word in known.adjectives),
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
    )


def _is_capital(token):
    return token[:1].isupper() or (any(c.isupper() for c in token[1:]) and token[0].isalnum())


def find(text, language):
    """Return runs of capitalised tokens, trimmed of words that begin a sentence or name an office."""
    known = _vocabulary(language)
    doc = tokens(text, language)
    starts = {sentence[0].i for sentence in doc.sents}
    starts |= {t.i + 1 for t in doc if _opens(t.text)}
    met = {token.text for token in doc} if known.particles else set()
    names, i, office_end = [], 0, -1
    while i < len(doc):
        if doc[i].text.casefold() in known.offices:
            office_end = i + 1
        counts = doc[i].like_num and not (i + 1 < len(doc) and _is_capital(doc[i + 1].text))
        if i < office_end or counts or not (_is_capital(doc[i].text) or _DOMAIN.fullmatch(doc[i].text)):
            i += 1
            continue
        bracket_end = _bracket_end(doc, i)
        first, last = i, bracket_end or _run_end(doc, i, known, met)
        i = last
        if bracket_end and doc[last - 1].text in {"'s", "’s"}:  # <Oregon Software's> compilers
            last -= 1
        while first < last and not bracket_end and _drop_first(doc, first, last, starts, known):
            first += 1
        while (
            first < last
            and not _is_capital(doc[last - 1].text)
            and doc[last - 1].text not in {"'s", "’s"}
            and not _DOMAIN.fullmatch(doc[last - 1].text)
            and plain(doc[last - 1].text) not in known.legal
        ):
            last -= 1
        name = _named(text, doc, first, last, starts, known) if first < last else None
        if name is not None and _is_genitive(doc[last - 1].text, known, met):
            name = Name(name.start, name.end - 1, name.text[:-1], name.traits | {"possessive"})
        if name is not None:
            if first == office_end:
                name.traits.add("after_office")
            if last < len(doc) and doc[last].text.casefold() in known.offices:
                name.traits.add("before_office")
            names.append(name)
    written = {name.text for name in names}
    return [part for name in names for part in _parts(name, written)]


def _is_genitive(word, known, met):
    """Tell whether *word* is a name with an ending that the text has without it too: Boschs, beside Bosch."""
    if not word.endswith(known.particles) or word[:-1] not in met:
        return False
    folded = word.casefold()  # a plural, not a name
    return folded not in known.heads and folded not in known.common


def _parts(name, written):
    """Return the names that a *name* consists of: itself, before its noun, its acronym, parts *written* alone too."""
    cuts = []
    last = name.text.rfind(" ")
    if hit := _NAME_AND_NOUN.fullmatch(name.text):
        return [Name(name.start, name.start + hit.end(1), hit[1], name.traits)]
    if name.text.count(" ") > 1 and acronym(plain(name.text[last:]), plain(name.text[:last])):
        cuts = [last]
    elif all(part in written for part in re.split("[-/]", name.text)):
        cuts = [hit.start() for hit in re.finditer("[-/]", name.text)]
    starts, ends = [0, *(cut + 1 for cut in cuts)], [*cuts, len(name.text)]
    return [
        Name(name.start + start, name.start + end, name.text[start:end], set(name.traits))
        for start, end in zip(starts, ends, strict=True)
    ]


def _bracket_end(doc, i):
    """Return the index of the ">" that closes the bracket opened right before *i*, or None: wire style for a whole name."""
    if i and doc[i - 1].text == "<":
        return next((k for k in range(i + 1, min(i + 14, len(doc))) if doc[k].text == ">"), None)
    return None


def _run_end(doc, i, known, met):
    """Return the index after the run of name tokens that begins at *i*."""
    j, ended = i + 1, plain(doc[i].text) in known.legal
    while j < len(doc):
        word, glued = doc[j].text, not doc[j - 1].whitespace_
        following = doc[j + 1].text if j + 1 < len(doc) else ""
        if word in {"'s", "’s"} and glued and _keeps_s(doc, j, known):
            j, ended = j + 1, not (_is_capital(following) and plain(following) in known.legal)
            continue
        if _ends_run(doc, j, known, met):
            break
        if _is_capital(word) and plain(word) in known.legal:
            ended, j = True, j + 1
        elif ended:
            break
        elif _is_capital(word) or (
            word == "," and _is_capital(following) and plain(following) in known.legal
        ):
            j += 1
        elif _is_inside_known(doc, i, j) or (
            word.casefold() in known.connectors and _and_belongs(doc, i, j, known)
        ):
            j += 2
            ended = plain(doc[j - 1].text) in known.legal
        elif doc[j - 1].text.endswith("-") and word.casefold() in known.connectors and _is_capital(following):
            j += 2
        elif word in known.joiners and (joined := _joined_at(doc, i, j, known)):
            j = joined + 1
            ended = plain(doc[joined].text) in known.legal
        else:
            break
    return j


def _joined_at(doc, i, j, known):
    """Return where the capitalised token stands that the joiner at *j* joins to the name from *i*, or None."""
    word, run = doc[j].text, range(max(i, j - _REACH), j)
    at = j + 1
    if word in _OF and at < len(doc) and doc[at].is_stop and doc[at].is_lower:  # de los Andes, of the West
        at += 1
    if at >= len(doc) or not _is_capital(doc[at].text):
        return None
    if word in {"-", "/", "+", "'"} and (doc[j - 1].whitespace_ or doc[j].whitespace_):
        return None
    # "Banco de Bilbao" is one name, "Super App de Movii" is not; "Høgskolen i Oslo" is, "Danske Bank i Oslo" is not.
    headed = any(doc[k].text.casefold() in known.heads for k in run)
    if (word.isalpha() and not headed) or (word == "i" and len(run) > 1):
        return None
    return at


def _ends_run(doc, j, known, met):
    """Tell whether no name goes on at *j*: after a genitive, or at an office, a genitive's sign or a line's end."""
    word, last, glued = doc[j].text, doc[j - 1].text, not doc[j - 1].whitespace_
    return (
        "\n" in word
        or word.casefold() in known.offices
        or (word in {"'s", "’s", "'", "’"} and glued)
        or _is_genitive(last, known, met)
        or _NAME_AND_NOUN.fullmatch(last) is not None
    )


def _keeps_s(doc, j, known):
    """Tell whether the 's at *j* is part of the name: no genitive, since what follows begins no noun phrase."""
    if j + 1 == len(doc):
        return False
    following = doc[j + 1]
    if following.text in {",", ".", ";", ")"} or plain(following.text) in known.legal:
        return True
    return following.is_stop and not following.like_num and following.text not in _AFTER_GENITIVE


def _is_inside_known(doc, i, j):
    """Tell whether the word at *j* is the "and" of a well-known name that the run from *i* goes on with."""
    if j + 1 == len(doc) or doc[j].text.casefold() not in _ANDS:
        return False
    names = _joined_names().get((doc[j - 1].text.casefold(), doc[j + 1].text.casefold()), ())
    starts = ((name, doc[j - 1].idx - place) for name, place in names)
    return any(
        start >= doc[i].idx and doc.text[start : start + len(name)].casefold() == name
        for name, start in starts
    )


def _and_belongs(doc, i, j, known):
    """Tell whether the "and" at *j* is part of the name from *i*: what follows is no name by itself."""
    k = j + 1
    while k < min(j + 5, len(doc)) and _is_capital(doc[k].text) and plain(doc[k].text) not in known.legal:
        k += 1
    right = [doc[n].text for n in range(j + 1, k)]
    single = j == i + 1 and len(right) == 1
    if single and _never_apart(doc, j, known):
        return True
    closed = k < len(doc) and _is_capital(doc[k].text) and plain(doc[k].text) in known.legal
    if not closed:
        further = doc[k].text if k < len(doc) else ""
        return bool(right) and further not in known.joiners and _goes_on(doc, i, j, right, known)
    further = doc[k + 1].text if k + 1 < len(doc) else ""
    if not right and _is_capital(further) and plain(further) not in known.legal:
        return False
    # With one word on either side, newswires write no ticker behind two firms' names: Procter and Gamble Co <PG>.
    alone = single and any(t.text == "<" for t in doc[k + 1 : k + 3])
    twice = bool(right) and doc[j - 1].text == right[0]  # Johnson and Johnson Inc
    return alone or twice or known.says_little(right)


def _goes_on(doc, i, j, right, known):
    """Tell whether the words *right* of the "and" at *j* go on with the name from *i*, although no legal form closes it.

    One common word does after an organisation's word with "of" or the like (Bureau of Standards and Technology),
    organisations' words do after such a one (Graham-McCormick Oil and Gas Partnership).
    """
    left = [doc[n].text.casefold() for n in range(max(i, j - _REACH), j)]
    if normal(" ".join(right)) in well_known.known():
        return False
    if any(a in known.heads and b.isalpha() and b in known.joiners for a, b in pairwise(left)):
        return len(right) == 1 and known.says_little(right)
    return len(left) > 1 and known.heads.issuperset([left[-1], *(word.casefold() for word in right)])


def _never_apart(doc, j, known):
    """Tell whether the text has the words around the "and" at *j* again, once with a legal form, and neither alone."""
    left, right = doc[j - 1].text, doc[j + 1].text
    counts = _counted(doc)
    together = counts.words[left] == counts.words[right] == counts.around[left, right] > 1
    return together and any(plain(word) in known.legal for word in counts.following[left, right])


def _recurs(doc, first):
    """Tell whether *doc* has the two words at *first* inside a sentence too, and the second without the first less often."""
    counts, pair = _counted(doc), (doc[first].text, doc[first + 1].text)
    return counts.inside[pair] > 0 and counts.pairs[pair] > counts.words[pair[1]] - counts.pairs[pair]


class _Counts(NamedTuple):
    """How often a text has what, by the texts of tokens."""

    words: Counter
    pairs: Counter  # (word, word) in a row
    inside: Counter  # those of them that open no sentence
    around: Counter  # (word, word) with one in between
    following: dict  # what follows the latter: {(word, word): {word}}


@lru_cache(maxsize=1)  # asked of one text again and again
def _counted(doc):
    """Return the _Counts of *doc*."""
    words = [token.text for token in doc]
    following = defaultdict(set)
    for left, right, word in zip(words, words[2:], words[3:], strict=False):
        following[left, right].add(word)
    inside = (
        (a.text, b.text) for a, b in pairwise(doc) if not a.is_sent_start and not _opens(words[a.i - 1])
    )
    around = Counter(zip(words, words[2:], strict=False))
    return _Counts(Counter(words), Counter(pairwise(words)), Counter(inside), around, following)


def _opens(word):
    """Tell whether what follows *word* stands like the beginning of a sentence."""
    return "\n" in word or word in _OPENERS


def _drop_first(doc, first, last, starts, known):
    """Tell whether the first token of a run is no part of the name: no name by itself, or a word that opens a sentence.

    "Shares Toyota" loses its first word; "General Motors" does not, since what would be left is no name.
    """
    word = doc[first].text.casefold()
    if not _is_capital(doc[first].text):
        return not _DOMAIN.fullmatch(doc[first].text)
    opens = first in starts and word in known.common
    # Sports News Network Inc: with its legal form, a name is told in full.
    opens = opens and (last - first < 3 or plain(doc[last - 1].text) not in known.legal)
    if last - first == 1:
        return known.is_no_name(word) or opens
    following = doc[first + 1].text
    rest = [doc[k].text for k in range(first + 1, min(last, first + 1 + _REACH))]
    if (
        doc[first].like_num
        or (word in known.adjectives and _begins_name(doc, first, rest))
        or (opens and plain(word) in known.places)
        or (opens and not doc[first].is_stop and not known.is_no_name(word) and _recurs(doc, first))
        or (not _is_capital(following) and (following.isalpha() or following in known.joiners))
    ):
        return False
    if doc[first].is_stop and first in starts:
        return True
    return (known.is_no_name(word) or opens) and not known.says_little(rest)


def _begins_name(doc, first, rest):
    """Tell whether the adjective at *first* is a name's first word: the *rest* is not known, nor met, without it."""
    counts = _counted(doc)
    apart = counts.words[rest[0]] > counts.pairs[doc[first].text, rest[0]]
    return not apart and normal(" ".join(rest)) not in well_known.known()


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
