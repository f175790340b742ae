"""What is known of one language: phrases that bear a code, legal forms, numbers, and words around names.

A lexicon is one data file, ``lexicon/<language>.yaml``; lexicon/README.md shows how to write one. Its phrases are
written in a small notation, and each stands beside an example, a sentence in which it must be found::

    joint_venture:
      - joint venture*: Acme and Beta formed two joint ventures.

In a phrase ``*`` stands for the rest of a word, ``(a|b|)`` for alternatives, a space for white space or a hyphen, and
``...`` for up to eight words (or 12 characters in a script without spaces).
"""

import re
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from entente.cli import describe
from entente.codebook import codes
from entente.errors import EntenteError

DATA = ("lexicon", "codebook.yaml")

# Sections whose phrases bear codes, and the codebook attribute that the codes come from.
CODED = {
    "cues": "form",
    "hints": "form",
    "contrary": "non_alliance",
    "functions": "function",
    "statuses": "status",
    "measures": "measure",
}
_BOUND = r"(?!\B\w)"  # not inside a word
_LETTERS = 4  # by which the phrases that may start at a place are told
_REST = r"\w{0,40}"
# How a word continues, by how the language's words are bounded. All is bounded, or text without a blank takes its square.
_SCRIPTS = {
    # boundary before, boundary after, what * stands for, what a space stands for, what ... stands for
    "words": (_BOUND, _BOUND, _REST, r"[\s\-\u2010-\u2013]{1,5}", r"(?:\W{1,9}\w{1,40}){0,8}?\W{1,9}"),
    "stems": (_BOUND, "", _REST, r"[\s\-\u2010-\u2013]{0,5}", r"\W?(?:\S{1,40}\s{1,5}){0,6}?\S{0,40}?"),
    "characters": ("", "", _REST, r"[\s\-\u2010-\u2013]{0,5}", r"[^。！？!?\n]{0,12}?"),
}


def compiled(phrase, script):
    """Return the regular expression of a *phrase*, as text.

    >>> bool(re.search(compiled("joint* (own|hold)", "words"), "jointly-own"))
    True
    """
    before, after, rest, space, gap = _SCRIPTS[script]
    parts = re.split(r"(\.\.\.|[()|* ])", re.sub(r"\s*\.\.\.\s*", "...", phrase))
    meaning = {"...": gap, "(": "(?:", ")": ")", "|": "|", "*": rest, " ": space}
    body = "".join(meaning.get(part, re.escape(part)) for part in parts)
    return before + body + after


@cache
def _pattern(phrase, script):
    return re.compile(compiled(phrase, script), re.IGNORECASE)


def openings(phrase):
    """Return the set of texts with one of which each match of *phrase* starts.

    One that begins with ``*`` may stand later in the first word; an empty one: a match may start with anything.

    >>> sorted(openings("(co |)own* by")), sorted(openings("*(fund|bank)s in")), sorted(openings("(no|) ... one"))
    (['co', 'own'], ['*banks', '*funds'], ['', 'no'])
    """
    text = re.match(r"(?:(?!\.\.\.)[^(* ])*", phrase)[0]
    if text or not phrase.startswith(("(", "*")):
        return {text}
    if phrase.startswith("*"):
        return {text and "*" + text.removeprefix("*") for text in openings(phrase[1:])}
    depth, cuts = 0, [0]
    for position, sign in enumerate(phrase):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 or (depth == 1 and sign == "|"):
            cuts.append(position)
        if depth == 0:
            break
    rest = phrase[cuts[-1] + 1 :]
    return set().union(*(openings(phrase[left + 1 : right] + rest) for left, right in pairwise(cuts)))


def _one_of(texts):
    """Return a regular expression that tells whether one of *texts* follows.

    `re` tries alternatives one by one: so beginnings that several share are written once, after a look at the first letter.
    """
    if "" in texts:
        return ""
    rests = {}
    for text in sorted(texts):
        rests.setdefault(re.escape(text[0]), []).append(text[1:])
    alternatives = "|".join(first + _one_of(rest) for first, rest in rests.items())
    return f"(?=[{''.join(rests)}])(?:{alternatives})" if len(rests) > 1 else alternatives or "(?!)"


@cache
def _opening(phrase):
    """Return the pattern of the first letters that a match of *phrase* may have."""
    texts = {"" if text.startswith("*") else text[:_LETTERS] for text in openings(phrase)}
    return re.compile(_one_of(texts), re.IGNORECASE)


class Hit(NamedTuple):
    """A phrase found in a text: offsets, its code, and the phrase as the lexicon writes it."""

    start: int
    end: int
    code: str
    phrase: str


class Phrases:
    """The phrases of one section.

    At most places of a text no phrase starts. One pattern of all phrases' openings finds the places where one may, and
    only there those that agree with the letters are tried: the same hits as from patterns of all phrases, which try
    each phrase at each place, for a tenth of the time. `re` compares the openings too, ignoring case just as in the
    phrases: folding the text instead would change its length (İ) and miss letters that `re` takes for the same (ſ, s).
    """

    def __init__(self, section, script):
        """Take *section*, a dict of a code and its list of {phrase: example}; each phrase needs some text."""
        self.script = script
        self.phrases = [
            (code, phrase)
            for code, items in section.items()
            for phrase in sorted((phrase for item in items for phrase in item), key=len, reverse=True)
        ]
        texts = {text for _, phrase in self.phrases for text in openings(phrase)}
        inside = {text[1:] for text in texts if text.startswith("*")}
        starts = [_one_of({text for text in texts if text and not text.startswith("*")})]
        starts += [_REST + _one_of(inside)] if inside else []
        starts += [compiled(phrase, script) for _, phrase in self.phrases if "" in openings(phrase)]
        self.starts = re.compile(f"{_SCRIPTS[script][0]}(?={'|'.join(starts)})", re.IGNORECASE)
        self.starting_with = lru_cache(maxsize=10_000)(self._starting_with)

    def _starting_with(self, letters):
        """Return those of the phrases that may start with *letters*, as (code, phrase, pattern)."""
        return [
            (code, phrase, _pattern(phrase, self.script))
            for code, phrase in self.phrases
            if _opening(phrase).match(letters)
        ]

    def _hits(self, text, start, end):
        """Yield the Hits by where they start; of one code the first phrase that matches, then the next after its end."""
        free = {}
        for place in self.starts.finditer(text, start, end):
            at = place.start()
            for code, phrase, pattern in self.starting_with(text[at : at + _LETTERS]):
                if free.get(code, at) <= at and (match := pattern.match(text, at, end)):
                    free[code] = match.end()
                    yield Hit(at, match.end(), code, phrase)

    def find(self, text, start=0, end=None):
        """Return the Hits of the phrases in *text*, in order; those of one code do not overlap."""
        return sorted(self._hits(text, start, len(text) if end is None else end))

    def any(self, text):
        """Tell whether *text* holds one of the phrases."""
        return next(self._hits(text, 0, len(text)), None) is not None


class Lexicon(BaseModel):
    """One language's lexicon: the file's fields, checked, and its phrases compiled on first use."""

    model_config = ConfigDict(extra="forbid")

    language: str
    also: list[str] = []
    name: str
    script: str
    tokenizer: str
    legal_forms: list[str]
    # phrases that bear a code: {code: [{phrase: example}]}
    cues: dict[str, list[dict[str, str]]]
    hints: dict[str, list[dict[str, str]]]
    contrary: dict[str, list[dict[str, str]]]
    functions: dict[str, list[dict[str, str]]]
    statuses: dict[str, list[dict[str, str]]]
    measures: dict[str, list[dict[str, str]]]
    # phrases with a part in the sentence: {part: [{phrase: example}]}
    relations: dict[str, list[dict[str, str]]]
    # number words, as numbers, and words around figures
    numbers: dict[str, float]
    fractions: dict[str, float]
    figures: dict[str, list[dict[str, str]]]
    # words around and inside names
    organisation_words: list[str]
    joiners: list[str]
    offices: list[str]
    not_names: list[str]
    adjectives: list[str] = []
    institutions: list[str] = []
    breakers: list[str] = []
    particles: list[str] = []
    compound_nouns: list[str] = []

    @model_validator(mode="after")
    def _codes_are_known(self):
        for section, attribute in CODED.items():
            if unknown := set(getattr(self, section)) - set(codes(attribute)):
                raise ValueError(
                    f"{section}: {sorted(unknown)} not among the codes {', '.join(codes(attribute))}"
                )
        if self.script not in _SCRIPTS:
            raise ValueError(f"script {self.script!r} is not one of {', '.join(_SCRIPTS)}")
        return self

    def phrases(self, section, only=None):
        """Return the compiled phrases of *section*, of all its codes or *only* of some (a tuple)."""
        return _phrases(self.language, section, only)

    def examples(self):
        """Yield (section, code, phrase, example) of every entry."""
        for section in [*CODED, "relations", "figures"]:
            for code, items in getattr(self, section).items():
                for item in items:
                    for phrase, example in item.items():
                        yield section, code, phrase, example


@cache
def _phrases(language, section, only):
    lexicon = load(language)
    entries = getattr(lexicon, section)
    return Phrases({code: entries[code] for code in only or entries if code in entries}, lexicon.script)


@cache
def languages():
    """Return the languages that have a lexicon, as BCP 47 codes, sorted; a file may serve several."""
    return tuple(sorted(_files()))


@cache
def _files():
    """Return {language: path of its file, content}."""
    found = {}
    for path in sorted(files("entente").joinpath("lexicon").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".yaml"):
            try:
                content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
            except yaml.YAMLError as fault:
                raise EntenteError(f"{path}: {fault}; lexicon/README.md shows how to write one") from None
            if not isinstance(content, dict):
                raise EntenteError(f"{path}: found no fields; lexicon/README.md shows how to write a lexicon")
            for language in [path.name.removesuffix(".yaml"), *content.get("also", [])]:
                found[language] = (path, content)
    return found


@cache
def load(language):
    """Return the lexicon of *language*.

    Raises
    ------
    EntenteError
        If the language has none, or its file breaks the rules of lexicon/README.md.
    """
    if language not in _files():
        raise EntenteError(
            f"language {language!r} has no lexicon ({', '.join(languages())} have); "
            f"write lexicon/{language}.yaml as lexicon/README.md shows"
        )
    path, content = _files()[language]
    try:
        return Lexicon.model_validate(content)
    except ValidationError as fault:
        raise EntenteError(f"{path}: {describe(fault)}; lexicon/README.md shows how to write one") from None
