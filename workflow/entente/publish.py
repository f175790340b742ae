"""Publish the data set, the figure, and the page that explains every file.

A file of records is one function that returns rows, with its name in FILES; its docstring says what the file
is and, in the section *Columns*, what each column means. What is published depends on the records alone: no
time, no place, no machine is in it.
"""

import os
import re
from collections import Counter, defaultdict
from pathlib import Path
from string import Template

from entente import __version__, budget, cli, estimate, figures, tables
from entente.codebook import CODEBOOK
from entente.corpora import load
from entente.errors import EntenteError
from entente.lexicon import languages
from entente.markdown import escaped, grid
from entente.records import Claim, Document, Mention, Organisation, Rejected

QUOTE = 300
"""Longest quotation, in characters: more than a sentence, less than a text."""

# ---- the records as rows ---------------------------------------------------------------------------


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
    for alliance in data.alliances():
        yield {
            "id": alliance.id,
            "partners": alliance.partner_names,
            **codes(alliance),
            "date": alliance.date,
            "year": alliance.year,
            "term_years": alliance.term_years,
            "languages": alliance.languages,
            "corpora": alliance.corpora,
            "mentions": len(alliance.mentions),
            "confidence": round(alliance.confidence, 4),
        }


def codes(record):
    """Return the columns that an alliance and a mention share."""
    stakes = [f"{stake.holder} {stake.percent:g} % of {stake.target}" for stake in record.stakes]
    names = ("venture_name", "form", "equity_status", "functions", "value_chain")
    return {name: getattr(record, name) for name in names} | {"stakes": stakes, "status": record.status}


def organisations(data):
    """Organisations: the partners of the alliances.

    Columns
    -------
    id : identifier of the organisation
    name : its name
    names : names met, by language (BCP 47)
    alliances : number of alliances of which it is a partner
    """
    number = Counter(partner for alliance in data.alliances() for partner in alliance.partners)
    found = cli.read(data.interim / "organisations.jsonl", Organisation)
    for organisation in sorted(found, key=lambda organisation: organisation.id):
        if number[organisation.id]:
            by_language = sorted(organisation.names.items())
            yield {
                "id": organisation.id,
                "name": organisation.name,
                "names": [f"{language}: {', '.join(names)}" for language, names in by_language],
                "alliances": number[organisation.id],
            }


def mentions(data):
    """Mentions: one document's report of one alliance a row, with the sentences that it rests on.

    Columns
    -------
    id : identifier of the mention
    document : id of the document
    alliance : id of the alliance; empty if the mention belongs to none, being unsure or in a duplicate
    partners : partners as the document names them
    language : language of the document (BCP 47)
    evidence : sentences of the document that support the record, joined by " | ", as far as its rights allow
    offsets : places of these in the document's normalised text: first code point-code point after the last
    """
    alliance_of = {mention: alliance.id for alliance in data.alliances() for mention in alliance.mentions}
    rows = []
    for mention, document in quoted(data, "mentions", Mention):
        rows.append(
            {
                "id": mention.id,
                "document": mention.document,
                "alliance": alliance_of.get(mention.id),
                "partners": [partner.name for partner in mention.partners],
                **codes(mention),
                "date": mention.date,
                "term_years": mention.term_years,
                "language": mention.language,
                "confidence": round(mention.confidence, 4),
                "evidence": quotes(mention, document),
                "offsets": offsets(mention),
            }
        )
    return sorted(rows, key=lambda row: row["document"])


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
    rows = [
        claim.model_dump(exclude={"evidence"}) | {"quote": quotes(claim, document), "offsets": offsets(claim)}
        for claim, document in quoted(data, "claims", Claim)
    ]
    return sorted(rows, key=lambda row: row["document"])


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
    if document.quotes == "offsets":
        return ""
    longest = QUOTE if document.quotes == "cut" else len(document.text)
    found = (tables.clean(document.text[span.start : span.end]) for span in record.evidence)
    return " | ".join(quote if len(quote) <= longest else f"{quote[: longest - 1]}…" for quote in found)


def offsets(record):
    """Return the places of the evidence of a record."""
    return [f"{span.start}-{span.end}" for span in record.evidence]


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
    duplicate_of = {duplicate.document: duplicate.duplicate_of for duplicate in data.duplicates()}
    names = ("id", "corpus", "language", "language_probability", "date", "date_source", "genre", "title")
    rights = ("licence", "quotes", "remarks")
    rows = [
        {name: getattr(document, name) for name in names + rights}
        | {
            "title": "" if document.quotes == "offsets" else document.title,
            "language_probability": round(document.language_probability, 4),
            "characters": len(document.text),
            "duplicate_of": duplicate_of.get(document.id),
            "covered": document.language in languages(),
        }
        for _, document in data.records("documents", Document)
    ]
    return sorted(rows, key=lambda row: row["id"])


def rejected(data):
    """Rejected: the files, and the records of files, that did not become a document, and why.

    Columns
    -------
    corpus : name of the corpus
    source : path in the corpus's folder, with the inner id of a record
    reason : why, a code of the codebook
    detail : what was found
    """
    rows = [{"corpus": corpus, **item.model_dump()} for corpus, item in data.records("rejected", Rejected)]
    return sorted(rows, key=lambda row: (row["corpus"], row["source"]))


FILES = {file.__name__: file for file in (alliances, organisations, mentions, claims, documents, rejected)}

# ---- the page --------------------------------------------------------------------------------------


def linked(text):
    r"""Return *text* for Markdown; a web address as a link.

    >>> linked("https://example.org/a_b"), linked("a_b")
    ('<https://example.org/a_b>', 'a\\_b')
    """
    return f"<{text}>" if re.fullmatch(r"https?://[^\s<>]+", text) else escaped(text)


def caution(described):
    """Return what a reader must know of the samples, a list item; nothing if all are random."""
    names = ", ".join(escaped(corpus.name) for corpus in described if not corpus.random)
    return names and (
        f"- **Not a random sample: {names}.** How the documents were written or chosen stands\n"
        "  under *Corpora*. Shares of such documents illustrate what the pipeline does; they do not\n"
        "  estimate a share in any population."
    )


def reasons(rows):
    """Return how many of the rejected there are for each reason, a table."""
    number = Counter(row["reason"] for row in rows)
    meanings = CODEBOOK["rejection"]
    counted = [{"reason": code, "number": number[code], "meaning": meanings[code]} for code in sorted(number)]
    return grid(counted, ["reason", "number", "meaning"])


def uncovered(rows):
    """Return a sentence that names the languages that are not covered."""
    languages_met = [
        f"{escaped(row['language'])} ({row['documents']})" for row in rows if row["coverage"] != "covered"
    ]
    if not languages_met:
        return "All languages met are covered."
    return f"**Not covered** (documents): {', '.join(languages_met)}. No number says anything of them."


def credit(corpus):
    """Return what a corpus is, whence, and on which terms."""
    keys = ("licence", "source", "retrieved", "citation", "drawn")
    items = [f"- {key}: {linked(str(getattr(corpus, key)))}" for key in keys]
    items.append(f"- random sample: {'yes' if corpus.random else 'no'}")
    return "\n".join([f"### {escaped(corpus.name)}: {escaped(corpus.title)}", "", *items])


def dictionary(functions, contents, place=""):
    """Return what each file is and what its columns mean, from the functions' docstrings."""
    blocks = []
    for name, function in functions.items():
        columns = defaultdict(list)
        for column in tables.header(function, contents[name]):
            columns[tables.meaning(column, function, functions.values())].append(f"`{column}`")
        items = [f"- {', '.join(names)}: {meaning}" for meaning, names in columns.items()]
        path = f"{place}{name}.csv"
        blocks.append("\n".join([f"### [{path}]({path})", "", tables.summary(function), "", *items]))
    return "\n\n".join(blocks)


def code_lists():
    """Return what each code of the codebook means."""
    blocks = []
    for attribute, meanings in CODEBOOK.items():
        texts = {code: text if isinstance(text, str) else text["meaning"] for code, text in meanings.items()}
        blocks.append(
            f"### {attribute}\n\n" + "\n".join(f"- `{code}`: {text}" for code, text in texts.items())
        )
    return "\n\n".join(blocks)


PAGE = Template("""\
# Results

Made by a run of Entente $version; do not edit. $documents documents, $mentions mentions, $claims claims,
$alliances alliances, $organisations organisations.

## Equity share

$headline

`share` = equity / (equity + contractual), with its $percent % Wilson interval from `low` to `high`, of the
alliances with a confidence of $minimum_confidence or more. Under `joint_venture`, joint ventures alone are
equity, and minority stakes stand on the contractual side; under `joint_venture_or_stake`, both are equity.
Alliances of `unknown` form are not in the share: `share_low_bound` and `share_high_bound` are the shares if
all of them were contractual, or equity. By year and by period: [$folder]($folder).

![$title](figures/equity_share.png)

### What these numbers do not say

- **Errors of extraction are not in these intervals**, which express only that the alliances are a sample.
  Shares corrected for them by documents coded by hand: [corrected_shares.csv]($folder/corrected_shares.csv). What
  sampling, extraction, resolution, coverage and definition may each do to a share: the error budget below.
- An alliance that no document reports, or that was missed, is in no number.
$caution

![$budget](figures/error_budget.png)

## What was read

$sources

Rejected, by reason:

$reasons

## Coverage by language

$coverage

$uncovered

## How good the extraction is

$scores

Against documents coded by hand, where a corpus has any. These report `alliance_n` alliances; where they are
few, scores say little: of ten alliances, one is ten points. All scores: [evaluation.csv]($folder/evaluation.csv).

## Corpora

$credits

## Files and columns

All are UTF-8 CSV with a header. Decimals have a point, an empty cell is missing, lists are joined by "; ",
and text that a spreadsheet would take for a formula has an apostrophe before it.

$files

### [figures/equity_share.svg](figures/equity_share.svg), [figures/equity_share.png](figures/equity_share.png)

The equity and the contractual share by year, or by period where the years are thin, from the tables of that
name.

### [figures/error_budget.svg](figures/error_budget.svg), [figures/error_budget.png](figures/error_budget.png)

What may move each headline share, and by how many points, from the table of that name.

## Codes

$codes
""")
HEADLINE = "definition alliances equity contractual unknown share low high share_low_bound share_high_bound"
COVERAGE = "language coverage documents duplicates mentions alliances"
SCORES = (
    "factor value documents document_f alliance_n alliance_precision alliance_recall alliance_f alliance_f_low"
    " alliance_f_high partner_f strict_f form_accuracy equity_accuracy stake_f function_f claim_f"
)


def score(name, text):
    """Return a cell of the scores as the page shows it: a score with two decimals.

    >>> score("alliance_f", "0.6667"), score("alliance_n", "12"), score("claim_f", "")
    ('0.67', '12', '')
    """
    return (
        f"{float(text):.2f}"
        if text and re.search("_(precision|recall|f|accuracy|error|low|high)$", name)
        else text
    )


def page(rows, estimates, described, folder):
    """Return the text of README.md.

    Parameters
    ----------
    rows, estimates : dict
        Rows of the files of records and of the tables, by name.
    described : list of corpora.Corpus
    folder : str
        Where the tables lie, relative to the page.
    """
    total = [row for row in estimates["equity_share_by_period"] if row["period"] == "all"]
    return PAGE.substitute(
        {name: len(content) for name, content in rows.items()},
        version=__version__,
        headline=grid(total, HEADLINE.split()),
        percent=f"{100 * float(total[0]['level']):g}",
        minimum_confidence=total[0]["minimum_confidence"],
        title=figures.TITLE,
        budget=budget.TITLE,
        caution=caution(described),
        sources=grid(estimates["sources"], list(estimates["sources"][0])),
        reasons=reasons(rows["rejected"]),
        coverage=grid(estimates["coverage_by_language"], COVERAGE.split()),
        uncovered=uncovered(estimates["coverage_by_language"]),
        scores=grid(
            [{k: score(k, v) for k, v in row.items()} for row in estimates["evaluation"]], SCORES.split()
        ),
        folder=folder,
        credits="\n\n".join(map(credit, described)),
        files=f"{dictionary(FILES, rows)}\n\n{dictionary(estimate.TABLES, estimates, f'{folder}/')}",
        codes=code_lists(),
    )


# ---- command line ----------------------------------------------------------------------------------


def run(interim, corpora, tables_folder, output):
    """Write all files, the page last."""
    data = tables.Interim(interim, tuple(corpora))
    described = sorted(map(load, corpora), key=lambda corpus: corpus.name)
    estimates = {name: tables.read(tables_folder / f"{name}.csv") for name in estimate.TABLES}
    rows = {name: list(file(data)) for name, file in FILES.items()}
    for name, file in FILES.items():
        tables.write(output / f"{name}.csv", rows[name], tables.header(file, rows[name]))
    level = float(estimates["equity_share_by_period"][0]["level"])
    drawn = figures.series(estimates["equity_share_by_year"], estimates["equity_share_by_period"])
    figures.save(
        figures.draw(*drawn, level), output / "figures/equity_share", figures.describe(*drawn, level)
    )
    budgeted = estimates["error_budget"]
    figures.save(
        budget.draw_budget(budgeted),
        output / "figures/error_budget",
        budget.describe_budget(budgeted),
        budget.TITLE,
    )
    with cli.replacing(output / "README.md") as file:
        file.write(page(rows, estimates, described, Path(os.path.relpath(tables_folder, output)).as_posix()))


def add_arguments(parser):
    """Add the arguments of the stage."""
    tables.add_arguments(parser)
    parser.add_argument(
        "--tables",
        type=Path,
        required=True,
        dest="tables_folder",
        metavar="FOLDER",
        help="the tables of estimate",
    )
    parser.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="where to publish")


if __name__ == "__main__":
    cli.main(__doc__, add_arguments, run)
