"""Publish the figures, and the page that explains every file.

What is published depends on the records alone: no time, no place, no machine is in it.
"""

import json
import os
import re
from collections import Counter, defaultdict
from pathlib import Path
from string import Template

from entente import __version__, budget, cli, estimate, figures, tables
from entente.codebook import CODEBOOK, meanings
from entente.corpora import load
from entente.dataset import FILES
from entente.markdown import escaped, grid, linked


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
    means = meanings("rejection")
    counted = [{"reason": code, "number": number[code], "meaning": means[code]} for code in sorted(number)]
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


def formats(stem):
    """Return links to the forms in which `typeset` prints a table.

    >>> formats("tables/trends")
    '[LaTeX](tables/trends.tex), [Markdown](tables/trends.md), [HTML](tables/trends.html)'
    """
    endings = {"LaTeX": "tex", "Markdown": "md", "HTML": "html"}
    return ", ".join(f"[{name}]({stem}.{ending})" for name, ending in endings.items())


def dictionary(functions, contents, place=""):
    """Return what each file is and what its columns mean, from the functions' docstrings."""
    blocks = []
    for name, function in functions.items():
        columns = defaultdict(list)
        for column in tables.header(function, contents[name]):
            columns[tables.meaning(column, function, functions.values())].append(f"`{column}`")
        items = [f"- {', '.join(names)}: {meaning}" for meaning, names in columns.items()]
        path = f"{place}{name}.csv"
        also = f"\n\nTypeset: {formats(f'{place}{name}')}." if name in estimate.TABLES else ""
        blocks.append("\n".join([f"### [{path}]({path})", "", tables.summary(function) + also, "", *items]))
    return "\n\n".join(blocks)


def code_lists():
    """Return what each code of the codebook means."""
    blocks = []
    for attribute in CODEBOOK:
        items = [f"- `{code}`: {text}" for code, text in meanings(attribute).items()]
        blocks.append(f"### {attribute}\n\n" + "\n".join(items))
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
and text that a spreadsheet would take for a formula has an apostrophe before it. The data set with these tables
can be deposited as it is: [$package]($package/README.md) has it as Parquet and SQLite too, described for machines.
All tables in one workbook, with the codebook: [tables.xlsx](tables.xlsx); in one LaTeX document, with the figures:
[all.tex]($folder/all.tex).

$files

### [figures/equity_share.svg](figures/equity_share.svg)

Also as [PNG](figures/equity_share.png) and [PDF](figures/equity_share.pdf), and in [words](figures/equity_share.txt).

The equity and the contractual share by year, or by period where the years are thin, from the tables of that
name.

### [figures/error_budget.svg](figures/error_budget.svg)

Also as [PNG](figures/error_budget.png) and [PDF](figures/error_budget.pdf), and in [words](figures/error_budget.txt).

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


def page(numbers, rejected, estimates, described, folder, package):
    """Return the text of README.md.

    Parameters
    ----------
    numbers : dict
        How many rows the tables of the data set have, by name.
    rejected : list of dict
        The rows of the table of that name.
    estimates : dict
        Rows of the tables, by name.
    described : list of corpora.Corpus
    folder, package : str
        Where the tables and the data set lie, relative to the page.
    """
    total = [row for row in estimates["equity_share_by_period"] if row["period"] == "all"]
    return PAGE.substitute(
        numbers,
        version=__version__,
        headline=grid(total, HEADLINE.split()),
        percent=f"{100 * float(total[0]['level']):g}",
        minimum_confidence=total[0]["minimum_confidence"],
        title=figures.TITLE,
        budget=budget.TITLE,
        caution=caution(described),
        sources=grid(estimates["sources"], list(estimates["sources"][0])),
        reasons=reasons(rejected),
        coverage=grid(estimates["coverage_by_language"], COVERAGE.split()),
        uncovered=uncovered(estimates["coverage_by_language"]),
        scores=grid(
            [{k: score(k, v) for k, v in row.items()} for row in estimates["evaluation"]], SCORES.split()
        ),
        folder=folder,
        package=package,
        credits="\n\n".join(map(credit, described)),
        files=f"{dictionary(FILES, dict.fromkeys(FILES, ()), f'{package}/')}\n\n"
        f"{dictionary(estimate.TABLES, estimates, f'{folder}/')}",
        codes=code_lists(),
    )


# ---- command line ----------------------------------------------------------------------------------


def run(corpora, package, tables_folder, output):
    """Write all files, the page last."""
    described = sorted(map(load, corpora), key=lambda corpus: corpus.name)
    estimates = {name: tables.read(tables_folder / f"{name}.csv") for name in estimate.TABLES}
    resources = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    numbers = {told["name"]: told["rows"] for told in resources if told["name"] in FILES}
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
        file.write(
            page(
                numbers,
                tables.read(package / "rejected.csv"),
                estimates,
                described,
                *(Path(os.path.relpath(folder, output)).as_posix() for folder in (tables_folder, package)),
            )
        )


def add_arguments(parser):
    """Add the arguments of the stage."""
    parser.add_argument("package", type=Path, help="folder of the data set, as package makes it")
    parser.add_argument(
        "--corpora", type=Path, nargs="+", required=True, metavar="FOLDER", help="corpora that were read"
    )
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
