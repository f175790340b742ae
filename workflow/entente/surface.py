"""What names look like: one occurrence with its traits, and the words that names are told from."""

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import spacy
from babel import Locale

from entente import lexicon
from entente.names import plain

DATA = ("lexicon",)

NUMERIC = re.compile(r"[\d.,:%/\-]+")


@dataclass
class Name:
    """One occurrence of a candidate name, and its ``traits``: what the surface says of it."""

    start: int
    end: int
    text: str
    traits: set = field(default_factory=set)


@cache
def common_words(language):
    """Return the words that, capitalised, are seldom part of an organisation's name (lexicon/words)."""
    known = lexicon.load(language)
    path = files("entente").joinpath("lexicon", "words", f"{known.language}.txt")
    listed = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    return frozenset(filter(None, listed)) | frozenset(spacy.blank(known.tokenizer).Defaults.stop_words)


@cache
def places(language):
    """Return the plain names of countries and continents in *language* (CLDR)."""
    return frozenset(plain(name) for name in Locale.parse(language).territories.values())
