"""What a coder fills in, whatever the form: the codes to choose from, and a document as it was coded, unchecked."""

import re

from pydantic import BaseModel, ConfigDict

from entente.codebook import meanings

REPORTS = {"alliance": "reports one alliance or several", "none": "reports none"}
CHOICES = ("form", "value_chain", "status")
HOLDING = re.compile(r"(?P<holder>.+?)\s*;\s*(?P<percent>[\d.,]+)\s*%?\s*(?:;\s*(?P<target>.+))?")


class Unchecked(BaseModel):
    """What was written down; a number is taken as the text that says it."""

    model_config = ConfigDict(coerce_numbers_to_str=True)


class Holding(Unchecked):
    """A stake as it was written down."""

    holder: str
    percent: str
    target: str | None = None


class Written(Unchecked):
    """An alliance as it was written down; ``place`` is where. An empty string is nothing."""

    place: str
    partners: list[str]
    venture_name: str
    form: str
    functions: list[str]
    value_chain: str
    stakes: list[Holding | str]
    status: str
    date: str
    term_years: str
    evidence: list[str]
    alliance: str


class Row(Unchecked):
    """A document as it was coded."""

    place: str
    coder: str
    document: str
    title: str
    text: str
    reports: str
    non_alliance: str
    genre: str
    note: str
    alliances: list[Written]


def codes(attribute):
    """Return {code: meaning} of an attribute; ``functions`` are those of ``function``.

    >>> list(codes("functions")) == list(codes("function"))
    True
    """
    return meanings("function" if attribute == "functions" else attribute)


def stake(line):
    """Return what a *line* says of a stake, a dict for `Holding`; of a line that is none, the line.

    >>> stake("Sony; 50 %"), stake("half")
    ({'holder': 'Sony', 'percent': '50', 'target': None}, 'half')
    """
    found = HOLDING.fullmatch(line)
    return found.groupdict() if found else line
