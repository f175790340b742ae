"""The set words of contracts, by language: data, ``lexicon/contracts/<language>.yaml``."""

from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from entente import lexicon
from entente.cli import describe
from entente.codebook import codes
from entente.errors import EntenteError

DATA = ("lexicon",)


class Kind(BaseModel):
    """A kind of contract: the phrases of its heading, and what such a heading means."""

    model_config = ConfigDict(extra="forbid")

    alliance: Literal["usually", "often", "seldom"]
    form: str = "contractual"
    functions: list[str] = []
    value_chain: str = "unclear"
    phrases: list[str]


class Formulas(BaseModel):
    """The set words of a language's contracts; lexicon/contracts/README.md says what each field holds."""

    model_config = ConfigDict(extra="forbid")

    language: str
    script: Literal["words", "stems", "characters"]
    signs: list[str]
    nouns: list[str] = []
    openers: list[str] = []
    labels: list[str] = []
    separators: list[str] = []
    ends: list[str] = []
    prefixes: list[str] = []
    units: list[str] = []
    breaks: list[str] = []
    described: list[str] = []
    bodies: list[str] = []
    persons: list[str] = []
    not_names: list[str] = []
    kinds: dict[str, Kind] = {}
    purposes: dict[Literal["for", "against"], list[str]] = {}
    equity: list[str] = []
    holding: list[str] = []
    statuses: dict[str, list[str]] = {}
    dates: list[str] = []
    term: list[str] = []
    signatures: list[str] = []

    @model_validator(mode="after")
    def _codes_are_known(self):
        used = {
            "status": set(self.statuses),
            "form": {kind.form for kind in self.kinds.values()},
            "function": {function for kind in self.kinds.values() for function in kind.functions},
            "value_chain": {kind.value_chain for kind in self.kinds.values()},
        }
        for attribute, found in used.items():
            if unknown := found - set(codes(attribute)):
                raise ValueError(f"{sorted(unknown)} not among the codes {', '.join(codes(attribute))}")
        return self

    def find(self, field, text, start=0, end=None):
        """Return the lexicon.Hits of the phrases of *field* in a stretch of *text*, in order."""
        return compiled(self.language, field).find(text, start, end)

    def pattern(self, field):
        """Return the phrases of *field* as one regular expression, as text; without any it never matches."""
        phrases = sorted(getattr(self, field), key=len, reverse=True)
        return "|".join(lexicon.compiled(phrase, self.script) for phrase in phrases) or "(?!)"


@cache
def compiled(language, field):
    """Return the lexicon.Phrases of one field of a language's formulas."""
    known = load(language)
    content = getattr(known, field)
    if field == "kinds":
        content = {name: kind.phrases for name, kind in content.items()}
    content = content if isinstance(content, dict) else {field: content}
    section = {code: [dict.fromkeys(phrases, "")] for code, phrases in content.items()}
    return lexicon.Phrases(section, known.script)


@cache
def languages():
    """Return the languages whose contracts are told from other texts, sorted."""
    names = (path.name for path in files("entente").joinpath("lexicon", "contracts").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@cache
def load(language):
    """Return the `Formulas` of a *language*.

    Raises
    ------
    EntenteError
        If its file breaks the rules of lexicon/contracts/README.md.
    """
    path = files("entente").joinpath("lexicon", "contracts", f"{language}.yaml")
    try:
        return Formulas.model_validate(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))
    except (yaml.YAMLError, ValidationError) as fault:
        why = describe(fault) if isinstance(fault, ValidationError) else fault
        raise EntenteError(f"{path}: {why}; lexicon/contracts/README.md shows how to write one") from None


def signs(text, language):
    """Return how many different set phrases of contracts *text* holds.

    >>> signs('This Agreement is made by and between Acme Inc. (hereinafter "Acme") and Beta Ltd.', "en") > 2
    True
    """
    if language not in languages():
        return 0
    return len({hit.phrase for hit in load(language).find("signs", text)})
