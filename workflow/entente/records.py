"""The records that stages exchange, one JSON object a line.

Offsets are code points ``[start, end)`` into the document's normalised ``text``. Codes are the
codebook's; a code that the codebook lacks is refused when a record is made.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from entente.codebook import codes


def coded(attribute):
    """Return the type of a string that is one of the codebook's codes for *attribute*."""

    def check(value):
        if value not in codes(attribute):
            raise ValueError(f"{attribute} {value!r} is not in the codebook ({', '.join(codes(attribute))})")
        return value

    return Annotated[str, AfterValidator(check)]


class Record(BaseModel):
    """What all records share: known fields only."""

    model_config = ConfigDict(extra="forbid")


class Span(Record):
    """A stretch of a document's text."""

    start: int
    end: int


class Document(Record):
    """One text, normalised, with what is known of it.

    ``id`` is the corpus and the source, joined by a slash: ``announcements/sv/sony-ericsson-2001.txt``, or with a
    record's own id inside the file ``announcements/en/wire.jsonl#autolatina``. ``date`` is an ISO date, possibly
    partial (``2001-04``); ``date_source`` is ``metadata``, ``dateline``, ``text``, ``filename`` or ``none``.
    ``quotes`` is how much of the text may be published; ``remarks`` is what reading it met.
    """

    id: str
    corpus: str
    source: str
    url: str | None = None
    sha256: str
    title: str
    text: str
    language: str
    language_probability: float
    date: str | None
    date_source: str
    genre: coded("genre")
    signature: str
    licence: str | None = None
    quotes: coded("quotes") = "cut"
    remarks: list[str] = []


class Partner(Record):
    """A partner as the text names it; ``organisation`` is filled in by ``resolve``.

    ``start`` is null where the name stands in the title only.
    """

    name: str
    start: int | None
    end: int | None
    organisation: str | None = None


class Stake(Record):
    """A holding: *holder* owns *percent* of *target* (``venture``, or an organisation's name)."""

    holder: str
    target: str
    percent: float = Field(gt=0, le=100)


class Mention(Record):
    """One document's report of an alliance."""

    id: str
    document: str
    partners: list[Partner]
    venture_name: str | None
    form: coded("form")
    equity_status: coded("equity_status")
    functions: list[coded("function")]
    value_chain: coded("value_chain")
    stakes: list[Stake]
    status: coded("status")
    date: str | None
    term_years: float | None
    evidence: list[Span]
    confidence: float
    language: str


class Claim(Record):
    """A figure on alliances that a text reports. Percentages are numbers: 25.0 is 25 %."""

    id: str
    document: str
    measure: coded("measure")
    value: float | None
    value_low: float | None
    value_high: float | None
    unit: str
    period: str | None
    population: str | None
    sample_size: int | None
    cited_source: str | None
    evidence: list[Span]


class Rejected(Record):
    """A file, or a record of a file, that did not become a document."""

    source: str
    reason: coded("rejection")
    detail: str


class Duplicate(Record):
    """A document that repeats another: an exact copy, or a near one (``similarity`` below 1)."""

    document: str
    duplicate_of: str
    similarity: float


class Alliance(Record):
    """The agreement itself: what its mentions say together."""

    id: str
    mentions: list[str]
    partners: list[str]
    partner_names: list[str]
    venture_name: str | None
    form: coded("form")
    equity_status: coded("equity_status")
    functions: list[coded("function")]
    value_chain: coded("value_chain")
    stakes: list[Stake]
    status: coded("status")
    date: str | None
    year: int | None
    term_years: float | None
    languages: list[str]
    corpora: list[str]
    confidence: float


class Organisation(Record):
    """A partner of at least one alliance. ``names`` maps a language to the names met in it."""

    id: str
    name: str
    names: dict[str, list[str]]


class GoldAlliance(Record):
    """One alliance as a reader coded it; ``evidence`` are verbatim sentences, ``alliance`` a key across documents."""

    alliance: str | None = None
    partners: list[str]
    venture_name: str | None = None
    form: coded("form")
    equity_status: coded("equity_status")
    functions: list[coded("function")]
    value_chain: coded("value_chain")
    stakes: list[Stake] = []
    status: coded("status")
    date: str | None = None
    term_years: float | None = None
    evidence: list[str] = []


class GoldClaim(Record):
    """One reported figure as a reader coded it."""

    measure: coded("measure")
    value: float | None
    value_low: float | None
    value_high: float | None
    unit: str
    period: str | None
    population: str | None
    sample_size: int | None
    cited_source: str | None
    evidence: list[str]


class Gold(BaseModel):
    """A document's gold. ``id`` is the document's id without its corpus.

    Gold made elsewhere may carry further notes; they are read over.
    """

    id: str
    genre: coded("genre") | None = None
    alliances: list[GoldAlliance]
    non_alliance: coded("non_alliance") | None = None
    claims: list[GoldClaim] | None = None
    note: Any = None
