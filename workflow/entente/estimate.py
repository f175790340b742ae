"""Estimate one table of statistics from the resolved alliances.

A table is one function that returns rows, with its name in TABLES. Its docstring says what the table is and,
in the section *Columns*, what each column means: the published data dictionary is made from it.

Alliances below the minimum confidence are not counted. Shares have Wilson intervals, which express that the
alliances are a sample; errors of extraction are not in them. All shares are proportions with four decimals.
"""

import argparse
import os
import re
from collections import Counter
from pathlib import Path

from entente import (
    agreement,
    blocking_growth,
    budget,
    cli,
    corpora,
    corrected,
    coverage,
    definitions,
    duplicates_and_shares,
    register,
    resolution_quality,
    tables,
    trends,
)
from entente.codebook import codes, equity_status
from entente.errors import EntenteError
from entente.lexicon import languages
from entente.records import Document, Mention, Rejected
from entente.study import EQUITY_FORMS, Study, by_period, choices, wilson


def equity_shares(alliances, years, level):
    """Yield the rows of an equity share table: one a period of *years* years and definition."""
    for name, group in by_period(alliances, years).items():
        unknown = sum(equity_status(a.form) == "unknown" for a in group)
        for definition, forms in EQUITY_FORMS.items():
            equity = sum(a.form in forms for a in group)
            share, low, high = wilson(equity, len(group) - unknown, level)
            yield {
                "period": name,
                "definition": definition,
                "alliances": len(group),
                "equity": equity,
                "contractual": len(group) - unknown - equity,
                "unknown": unknown,
                "share": share,
                "low": low,
                "high": high,
                "share_low_bound": round(equity / len(group), 4) if group else None,
                "share_high_bound": round((equity + unknown) / len(group), 4) if group else None,
            }


def equity_share_by_year(study):
    """Equity share of alliances, by year.

    Columns
    -------
    year : year in which the alliances were announced; ``unknown``: none could be told; ``all``: all of them
    definition : what counts as equity. ``joint_venture``: joint ventures only, so that minority stakes stand
        on the contractual side; ``joint_venture_or_stake``: joint ventures and minority stakes
    alliances : number of alliances (equity + contractual + unknown)
    equity : alliances that are equity under the definition
    contractual : alliances of a known form that are not equity under the definition
    unknown : alliances whose form the texts leave open
    share : equity / (equity + contractual), a proportion; empty if both are 0
    low, high : limits of the share's Wilson interval; errors of extraction are not in it
    share_low_bound : share if all unknown alliances were contractual
    share_high_bound : share if all unknown alliances were equity
    level : nominal coverage of the interval
    minimum_confidence : alliances with a lower confidence are not counted
    """
    for row in equity_shares(study.counted(), 1, study.level):
        yield {"year": row.pop("period"), **row, **choices(study)}


def equity_share_by_period(study):
    """Equity share of alliances, by period.

    Columns
    -------
    period : first and last year of the period in which the alliances were announced; ``unknown``: no year
        could be told; ``all``: all of them
    """
    for row in equity_shares(study.counted(), study.period_years, study.level):
        yield row | choices(study)


def count_share(count, n, study):
    """Return the columns of a simple share."""
    share, low, high = wilson(count, n, study.level)
    return {"count": count, "share": share, "low": low, "high": high, **choices(study)}


def forms_by_period(study):
    """Forms of alliances, by period.

    Columns
    -------
    form : form of alliance, a code of the codebook
    alliances : number of alliances in the period
    count : how many of them have this form
    share : count / alliances, a proportion; empty if there are none
    """
    for name, group in by_period(study.counted(), study.period_years).items():
        for form in codes("form"):
            count = sum(a.form == form for a in group)
            yield {
                "period": name,
                "form": form,
                "alliances": len(group),
                **count_share(count, len(group), study),
            }


def functions_by_form(study):
    """Functions of alliances, by form. An alliance may have any number of functions, also none.

    Columns
    -------
    form : form of alliance, a code of the codebook; ``all``: all forms
    function : function of the alliance, a code of the codebook
    alliances : number of alliances of the form
    count : how many of them have this function
    share : count / alliances, a proportion; empty if there are none
    """
    alliances = study.counted()
    for form in (*codes("form"), "all"):
        group = [a for a in alliances if form in (a.form, "all")]
        for function in codes("function"):
            count = sum(function in a.functions for a in group)
            yield {
                "form": form,
                "function": function,
                "alliances": len(group),
                **count_share(count, len(group), study),
            }


def coverage_by_language(study):
    """Coverage by language: what was read and found in each, and whether it has a lexicon.

    Columns
    -------
    language : language as identified (BCP 47); ``und``: none could be told
    coverage : ``covered``: the language has a lexicon; ``not covered``: it has none, and what is found there,
        if anything, is no measure of what the documents report
    documents : documents, duplicates apart
    duplicates : documents that repeat another
    mentions : reports of an alliance in these documents and duplicates, of any confidence
    alliances : alliances that are reported in this language; one reported in two languages counts in both
    minimum_confidence : alliances with a lower confidence are not counted
    """
    repeats = {duplicate.document for duplicate in study.duplicates()}
    documents, duplicates = Counter(), Counter()
    for _, document in study.records("documents", Document):
        (duplicates if document.id in repeats else documents)[document.language] += 1
    mentions = Counter(mention.language for _, mention in study.records("mentions", Mention))
    alliances = Counter(language for alliance in study.counted() for language in alliance.languages)
    for language in sorted({*documents, *duplicates, *mentions, *alliances}):
        yield {
            "language": language,
            "coverage": "covered" if language in languages() else "not covered",
            "documents": documents[language],
            "duplicates": duplicates[language],
            "mentions": mentions[language],
            "alliances": alliances[language],
            "minimum_confidence": study.minimum_confidence,
        }


def sources(study):
    """Account of what was read, by corpus: records = documents + duplicates + rejected, which is checked.

    Columns
    -------
    corpus : name of the corpus; ``all``: all corpora
    files : files in the corpus's folder
    records : records read from them: one a file, or one an entry where a file has several
    documents : documents, duplicates apart
    duplicates : documents that repeat another
    rejected : files or records that did not become a document; ``rejected.csv`` says why
    """
    counts = {folder.name: Counter() for folder in sorted(study.corpora, key=lambda folder: folder.name)}
    ids, silent = set(), {}
    for folder in study.corpora:
        files = [
            os.fsencode(path).decode("utf-8", "backslashreplace")
            for path in corpora.files(corpora.load(folder))
        ]
        counts[folder.name]["files"] = len(files)
        silent[folder.name] = dict.fromkeys(files)  # that gave no record; a dict keeps their order
    for kind, record in (("rejected", Rejected), ("documents", Document)):
        for corpus, item in study.records(kind, record):
            counts[corpus]["records"] += 1
            counts[corpus]["rejected"] += kind == "rejected"
            ends = [hit.start() for hit in re.finditer("#|$", item.source)]
            for end in ends:
                silent[corpus].pop(item.source[:end], None)
            if kind == "documents":
                ids.add(item.id)
    repeats = [duplicate.document for duplicate in study.duplicates()]
    for kind, found in (("documents", ids.difference(repeats)), ("duplicates", repeats)):
        for document in found:
            counts[document.partition("/")[0]][kind] += 1
    for folder in study.corpora:
        require_all(folder.name, counts[folder.name], list(silent[folder.name]))
    names = ("files", "records", "documents", "duplicates", "rejected")
    for corpus, count in (*counts.items(), ("all", sum(counts.values(), Counter()))):
        yield {"corpus": corpus} | {name: count[name] for name in names}


def require_all(corpus, count, missing):
    """Raise EntenteError unless all records of *corpus* are accounted for, and no file is *missing*."""
    if missing:
        raise EntenteError(
            f"corpus {corpus}: {len(missing)} of {count['files']} files gave no record, the first is"
            f" {missing[0]}; run ingest again"
        )
    parts = [count[name] for name in ("documents", "duplicates", "rejected")]
    if sum(parts) != count["records"]:
        raise EntenteError(
            f"corpus {corpus}: {count['records']} records read, but {parts[0]} documents + {parts[1]}"
            f" duplicates + {parts[2]} rejected = {sum(parts)}; a document stands in two parts, or"
            " duplicates.jsonl is of another run: delete the interim folder and run again"
        )


def evaluation(study):
    """Scores against the documents that were coded by hand; a score over nothing is empty.

    Columns
    -------
    factor : what the documents are grouped by: ``all``, ``language``, ``corpus`` or ``genre``
    value : the group
    documents : documents coded by hand
    matches : alliances found that match one coded by hand
    form_accuracy, equity_accuracy : share of the matches whose code is right
    *_n : how many there are in the documents coded by hand: ``document``: documents that report an alliance;
        ``alliance`` and ``strict``: alliances; ``partner``, ``stake``, ``function``: these, of all alliances;
        ``claim``: reported figures. ``strict`` asks for every partner, no other, and the equity status
    mentions : alliances found
    top_fifth_precision : share right of the 20 % most confident alliances found
    calibration_error : expected calibration error of their confidence, over 10 bins of equally many
    calibration_error_by_chance : what it would be on average if each were right with the probability that its
        confidence states
    *_low, *_high : 95 % percentile bootstrap interval, documents drawn with replacement 1,000 times; empty where
        all draws agree
    *_precision : share of those found that are right
    *_recall : share of those there that are found
    *_f : harmonic mean of precision and recall
    """
    path = study.interim / "evaluation.csv"
    for row in tables.read(path) if path.exists() else []:
        yield {name: rounded(text) for name, text in row.items()}


def rounded(text):
    """Return a cell's text, or the number that it holds with at most four decimals.

    >>> rounded("language"), rounded("12"), rounded("0.66666667"), rounded("")
    ('language', 12, 0.6667, None)
    """
    for kind in (int, float):
        try:
            return round(kind(text), 4)
        except ValueError:
            continue
    return text or None


TABLES = {
    table.__name__: table
    for table in (
        equity_share_by_year,
        equity_share_by_period,
        forms_by_period,
        functions_by_form,
        coverage_by_language,
        sources,
        evaluation,
        agreement.agreement,
        definitions.equity_share_by_definition,
        definitions.equity_share_by_group,
        trends.trends,
        trends.change_over_periods,
        coverage.coverage_by_recapture,
        budget.error_budget,
        budget.specification_curve,
        corrected.corrected_shares,
        register.register,
        register.literature,
        resolution_quality.resolution_quality,
        duplicates_and_shares.duplicates_and_shares,
        blocking_growth.blocking_growth,
    )
}


def run(table, output, **study):
    """Write one table."""
    rows = list(TABLES[table](Study(**study)))
    tables.write(output, rows, tables.header(TABLES[table], rows))


def proportion(text):
    """Return *text* as a number between 0 and 1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1; 95 % is 0.95")
    return value


def years(text):
    """Return *text* as a number of years."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of years; write 1 or more")
    return value


def add_arguments(parser):
    """Add the arguments of the stage."""
    parser.add_argument("table", choices=TABLES)
    tables.add_arguments(parser)
    parser.add_argument("--period-years", type=years, required=True, help="length of a period")
    parser.add_argument("--level", type=proportion, required=True, help="coverage of the intervals, as 0.95")
    parser.add_argument(
        "--minimum-confidence", type=proportion, required=True, help="alliances below it are not counted"
    )
    parser.add_argument("--output", type=Path, required=True, help="the table, CSV")


if __name__ == "__main__":
    cli.main(__doc__, add_arguments, run)
