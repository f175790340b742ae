"""The data set: the records of a run as tables, each one function that returns rows.

Its docstring says what the table is and, in the section *Columns*, what each column means. How much of a
document's words stands in a row is decided here, by the rights of the document: see `quotes` in the codebook.
"""

import sys
from collections import Counter

from entente import cli, tables
from entente.codebook import CODEBOOK, meanings
from entente.corpora import load
from entente.errors import EntenteError
from entente.lexicon import languages
from entente.records import Alliance, Claim, Document, Mention, Organisation, Rejected

QUOTE = 300
"""Longest quotation, in characters: more than a sentence, less than a text."""
NAME = 100
"""Longest name or period, in characters: a fact, not a sentence."""
LONGEST = {"full": sys.maxsize, "cut": QUOTE, "offsets": NAME}
"""Longest text of a document in one cell, by its rights; a quotation is none of ``offsets``."""


def alliances(data):
    """Alliances: one a row, as all documents that report it tell it together.

    Columns
    -------
    id : identifier of the alliance; it stays when a corpus is added
    partners : names of the partners
    venture_name : name of the joint entity
    form : form of alliance, a code of the codebook
    equity_status : whether partners own something together, a code of the codebook
    functions : what the alliance is for, codes of the codebook, any number
    value_chain : place of the partners in the value chain, a code of the codebook
    stakes : who holds how much of what; ``venture`` is the joint entity
    status : how far the alliance is, a code of the codebook
    date : date of announcement, ISO 8601, whole or in part (``2001-04``)
    year : year of announcement
    term_years : agreed duration in years
    languages : languages of the documents that report it (BCP 47)
    corpora : corpora with a document that reports it
    mentions : number of mentions
    confidence : estimated probability that the record is right, 0 to 1
    """
    for alliance in resolved(data):
        yield {
            "id": alliance.id,
            "partners": [named(name) for name in alliance.partner_names],
            **codes(alliance),
            "date": alliance.date,
            "year": alliance.year,
            "term_years": alliance.term_years,
            "languages": alliance.languages,
            "corpora": alliance.corpora,
            "mentions": len(alliance.mentions),
            "confidence": round(alliance.confidence, 4),
        }


def resolved(data):
    """Yield the alliances that a document of the corpora reports, as they come: 100,000 need no memory."""
    names = {folder.name for folder in data.corpora}
    found = cli.read(data.interim / "alliances.jsonl", Alliance)
    return (alliance for alliance in found if names.intersection(alliance.corpora))


def codes(record):
    """Return the columns that an alliance and a mention share."""
    names = ("form", "equity_status", "functions", "value_chain")
    return {
        "venture_name": named(record.venture_name),
        **{name: getattr(record, name) for name in names},
        "stakes": [f"{named(s.holder)} {s.percent:g} % of {named(s.target)}" for s in record.stakes],
        "status": record.status,
    }


def named(text):
    """Return a name on one line, cut where it is so long that it is none; None stays None."""
    return text if text is None else cut(text, NAME)


def cut(text, longest):
    """Return *text* on one line, with an ellipsis where it goes on after *longest* - 1 characters.

    >>> cut("Sony Ericsson", 20), cut("Sony Ericsson", 5)
    ('Sony Ericsson', 'Sony…')
    """
    text = tables.clean(text)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def alliance_partners(data):
    """Partners of alliances: one organisation in one alliance a row.

    Columns
    -------
    alliance : id of the alliance
    position : 1 for the first in the alliance's list, and so on
    organisation : id of the organisation
    name : name of the partner
    """
    for alliance in resolved(data):
        partners = zip(alliance.partners, alliance.partner_names, strict=False)
        for position, (organisation, name) in enumerate(partners, 1):
            yield {
                "alliance": alliance.id,
                "position": position,
                "organisation": organisation,
                "name": named(name),
            }


def alliance_functions(data):
    """Functions of alliances: one function of one alliance a row; an alliance without one has no row.

    Columns
    -------
    alliance : id of the alliance
    function : what the alliance is for, a code of the codebook
    """
    for alliance in resolved(data):
        for function in sorted(set(alliance.functions)):
            yield {"alliance": alliance.id, "function": function}


def stakes(data):
    """Stakes: one holding of one alliance a row.

    Columns
    -------
    alliance : id of the alliance
    position : 1 for the first in the alliance's list, and so on
    holder : who holds it
    organisation : id of the organisation that holds it; empty if the holder is not named like a partner
    target : what it is a part of: ``venture``, the joint entity, or the name of an organisation
    percent : how much of the target is held; 25 percent is 25
    """
    for alliance in resolved(data):
        ids = dict(zip(alliance.partner_names, alliance.partners, strict=False))
        for position, stake in enumerate(alliance.stakes, 1):
            yield {
                "alliance": alliance.id,
                "position": position,
                "holder": named(stake.holder),
                "organisation": ids.get(stake.holder),
                "target": named(stake.target),
                "percent": stake.percent,
            }


def organisations(data):
    """Organisations: the partners of the alliances.

    Columns
    -------
    id : identifier of the organisation
    name : its name
    names : names met, by language (BCP 47)
    alliances : number of alliances of which it is a partner
    """
    for organisation, number in partners(data):
        by_language = sorted(organisation.names.items())
        yield {
            "id": organisation.id,
            "name": named(organisation.name),
            "names": [f"{language}: {', '.join(map(named, names))}" for language, names in by_language],
            "alliances": number,
        }


def partners(data):
    """Yield (organisation, number of its alliances) of those that are partners."""
    number = Counter(partner for alliance in resolved(data) for partner in alliance.partners)
    for organisation in cli.read(data.interim / "organisations.jsonl", Organisation):
        if number[organisation.id]:
            yield organisation, number[organisation.id]


def organisation_names(data):
    """Names of organisations: one name met in one language a row.

    Columns
    -------
    organisation : id of the organisation
    language : language of the documents that name it so (BCP 47)
    name : name as met
    """
    for organisation, _ in partners(data):
        for language, names in organisation.names.items():
            for name in dict.fromkeys(map(named, names)):
                yield {"organisation": organisation.id, "language": language, "name": name}


def mentions(data):
    """Mentions: one document's report of one alliance a row, with the sentences that it rests on.

    Columns
    -------
    id : identifier of the mention
    document : id of the document
    alliance : id of the alliance; empty if the mention belongs to none, being unsure or in a duplicate
    partners : partners as the document names them
    venture_name : name of the joint entity
    form : form of alliance, a code of the codebook
    equity_status : whether partners own something together, a code of the codebook
    functions : what the alliance is for, codes of the codebook, any number
    value_chain : place of the partners in the value chain, a code of the codebook
    stakes : who holds how much of what; ``venture`` is the joint entity
    status : how far the alliance is, a code of the codebook
    date : date of announcement, ISO 8601, whole or in part (``2001-04``)
    term_years : agreed duration in years
    language : language of the document (BCP 47)
    confidence : estimated probability that the record is right, 0 to 1
    evidence : sentences of the document that support the record, joined by " | ", as far as its rights allow
    offsets : places of these in the document's normalised text: first code point-code point after the last
    """
    alliance_of = {mention: alliance.id for alliance in resolved(data) for mention in alliance.mentions}
    for mention, document in quoted(data, "mentions", Mention):
        yield {
            "id": mention.id,
            "document": mention.document,
            "alliance": alliance_of.get(mention.id),
            "partners": [named(partner.name) for partner in mention.partners],
            **codes(mention),
            "date": mention.date,
            "term_years": mention.term_years,
            "language": mention.language,
            "confidence": round(mention.confidence, 4),
            "evidence": quotes(mention, document),
            "offsets": offsets(mention),
        }


def claims(data):
    """Claims: one figure on alliances that a document reports a row; others' figures, not estimates.

    Columns
    -------
    id : identifier of the claim
    document : id of the document
    measure : what is measured, a code of the codebook
    value : the figure; 25 percent is 25
    value_low, value_high : its limits, where the text gives a range
    unit : its unit
    period : the time that it is for, as the text has it
    population : what it is a figure of, as the text has it
    sample_size : number of cases that it rests on, as the text has it
    cited_source : the source that the text names
    quote : the sentences with the figure, joined by " | ", as far as the document's rights allow
    offsets : places of these in the document's normalised text: first code point-code point after the last
    """
    printed = ("unit", "period", "population", "cited_source")
    for claim, document in quoted(data, "claims", Claim):
        row = claim.model_dump(exclude={"evidence"})
        row |= {name: row[name] and cut(row[name], LONGEST[document.quotes]) for name in printed}
        yield row | {"quote": quotes(claim, document), "offsets": offsets(claim)}


def quoted(data, name, record):
    """Yield (record, its Document) from the files *name*.jsonl, one part in memory at a time."""
    for _, folder in data.parts():
        known = {document.id: document for document in cli.read(folder / "documents.jsonl", Document)}
        for item in cli.read(folder / f"{name}.jsonl", record):
            if item.document not in known:
                raise EntenteError(
                    f"{folder / name}.jsonl: {item.id} is of document {item.document}, which"
                    " documents.jsonl beside it lacks; run extract again"
                )
            yield item, known[item.document]


def quotes(record, document):
    """Return the evidence of a record as text, as far as the rights of its document allow; see the codebook."""
    found = (quote(span, document) for span in record.evidence)
    return " | ".join(text for text in found if text is not None)


def quote(span, document):
    """Return the words of a span as far as the rights of its document allow; None if no words are published."""
    if document.quotes == "offsets":
        return None
    return cut(document.text[span.start : span.end], LONGEST[document.quotes])


def offsets(record):
    """Return the places of the evidence of a record."""
    return [f"{span.start}-{span.end}" for span in record.evidence]


def mention_evidence(data):
    """Evidence of mentions: one sentence that one mention rests on a row.

    Columns
    -------
    mention : id of the mention
    position : 1 for the first in the mention's list, and so on
    document : id of the document
    start : place of its first code point in the document's normalised text, from 0
    end : place after its last code point
    quote : the sentence, as far as the document's rights allow; empty if no words of it may be published
    """
    return evidence(data, "mentions", Mention)


def claim_evidence(data):
    """Evidence of claims: one sentence that one claim rests on a row.

    Columns
    -------
    claim : id of the claim
    position : 1 for the first in the claim's list, and so on
    document : id of the document
    start : place of its first code point in the document's normalised text, from 0
    end : place after its last code point
    quote : the sentence, as far as the document's rights allow; empty if no words of it may be published
    """
    return evidence(data, "claims", Claim)


def evidence(data, name, record):
    """Yield the rows of `mention_evidence` or `claim_evidence`."""
    for item, document in quoted(data, name, record):
        for position, span in enumerate(item.evidence, 1):
            yield {
                name.removesuffix("s"): item.id,
                "position": position,
                "document": item.document,
                "start": span.start,
                "end": span.end,
                "quote": quote(span, document),
            }


def documents(data):
    """Documents: one a row, duplicates included.

    Columns
    -------
    id : identifier of the document: corpus, and path in the corpus's folder, with the inner id of a record
    corpus : name of the corpus
    language : language as identified (BCP 47); ``und``: none could be told
    language_probability : how sure that is, 0 to 1
    date : date of the document, ISO 8601, whole or in part
    date_source : where the date is from: ``metadata``, ``dateline``, ``text``, ``filename`` or ``none``
    genre : kind of text, a code of the codebook
    title : its title; empty if no words of it may be published
    licence : terms on which it may be used
    quotes : how much of it is published, a code of the codebook
    remarks : what reading it met, such as garbled letters, or pages without text
    characters : length of the normalised text in code points
    duplicate_of : id of the document that this one repeats
    covered : whether the language has a lexicon; if not, alliances were not looked for
    """
    published = {folder.name for folder in data.corpora}
    duplicate_of = {
        duplicate.document: duplicate.duplicate_of
        for duplicate in data.duplicates()
        if duplicate.duplicate_of.partition("/")[0] in published
    }
    names = ("id", "corpus", "language", "language_probability", "date", "date_source", "genre", "title")
    rights = ("licence", "quotes", "remarks")
    for _, document in data.records("documents", Document):
        yield {name: getattr(document, name) for name in names + rights} | {
            "title": None if document.quotes == "offsets" else cut(document.title, LONGEST[document.quotes]),
            "language_probability": round(document.language_probability, 4),
            "characters": len(document.text),
            "duplicate_of": duplicate_of.get(document.id),
            "covered": document.language in languages(),
        }


def corpora(data):
    """Corpora: what was read, whence, and on which terms.

    Columns
    -------
    name : name of the corpus
    title : its title
    licence : terms on which its documents may be used; those of one document stand with the document
    quotes : how much of its documents is published, a code of the codebook
    source : where the documents are from
    retrieved : day on which they were fetched or written
    citation : how to cite the corpus
    drawn : how the documents were drawn, from which population
    random : whether they are a random sample of that population
    """
    names = ("name", "title", "licence", "quotes", "source", "retrieved", "citation", "drawn", "random")
    for folder in data.corpora:
        corpus = load(folder, fetched=False)
        yield {name: getattr(corpus, name) for name in names}


def rejected(data):
    """Rejected: the files, and the records of files, that did not become a document, and why.

    Columns
    -------
    corpus : name of the corpus
    source : path in the corpus's folder, with the inner id of a record
    reason : why, a code of the codebook
    detail : what was found; empty if no words of the corpus may be published
    """
    closed = {folder.name for folder in data.corpora if load(folder, fetched=False).quotes == "offsets"}
    for corpus, item in data.records("rejected", Rejected):
        yield {
            "corpus": corpus,
            **item.model_dump(),
            "detail": None if corpus in closed else item.detail,
        }


def codebook(data):  # noqa: ARG001 (as all functions of a table)
    """Codebook: each code of each attribute, and what it means.

    Columns
    -------
    attribute : what is coded
    code : the code
    meaning : what it means
    """
    for attribute in CODEBOOK:
        for code, meaning in meanings(attribute).items():
            yield {"attribute": attribute, "code": code, "meaning": meaning}


FILES = {
    file.__name__: file
    for file in (
        alliances,
        alliance_partners,
        alliance_functions,
        stakes,
        organisations,
        organisation_names,
        mentions,
        mention_evidence,
        claims,
        claim_evidence,
        documents,
        corpora,
        rejected,
        codebook,
    )
}
