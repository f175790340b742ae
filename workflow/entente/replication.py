"""Write the README of a replication package in the social-science data editors' form, from what a run left.

What is told of a corpus is what its corpus.yaml says, and what is told of time and memory is what Snakemake measured:
the latter differ from run to run, so that the page is a product of one run, and git does not have it.
"""

import platform
from collections import defaultdict
from pathlib import Path
from string import Template

import yaml

from entente import __version__, cli, corpora, estimate, tables
from entente.crate import described, locked, sha256
from entente.jobs import jobs, megabytes
from entente.markdown import escaped, grid, linked

PAGE = Template("""\
# README of the replication package

$title, version $version. The headings are those of the template README of the social-science data editors (version 1.1).

## Overview

The code in this package makes all tables and figures from the documents in `$corpora`, by one command, `make run`; its
jobs took $minutes together on the machine named below. It uses no network, once it is installed, and no chance that is
not seeded.

## Data availability and provenance statements

### Statement about rights

$rights

### Details on each data source

$sources

## Dataset list

$datasets

## Computational requirements

### Software requirements

- Python $python (3.11 to 3.13 will do)
- $packages packages, all named with version and hash in `requirements.lock`; `make run` installs them into `.venv`
- make

### Controlled randomness

Bootstrap draws have a seed of their own in the module that draws, as a constant `SEED`. Two runs give the same bytes.

### Memory, runtime, storage requirements

Measured in the run that made these results, on $machine:

$measured

The interim records take $storage MB.

## Description of programs/code

$programs

### Licence for code

$licence

## Instructions to replicators

1. Put the documents of the corpora in place, where the table above says that they are not part of the package.
2. Run `make run`. It makes what is missing, or what an edit concerns, and nothing else.
3. Compare `results/` with what was published: all files are the same to the byte.

One table alone is made by the command in the list below, in the environment of `.venv` (`source .venv/bin/activate`).
`entente explain TABLE ROW COLUMN` leads from a cell to the documents behind it.

## List of tables and programs

$outputs

## References

$references
""")
FIGURES = {"equity_share": "figures.draw", "error_budget": "budget.draw_budget"}


def page(project):
    """Return the text of the README of the run in *project*."""
    project = Path(project)
    done = jobs(project)
    config = yaml.safe_load((project / "config/config.yaml").read_text(encoding="utf-8"))
    citation = yaml.safe_load((project / "CITATION.cff").read_text(encoding="utf-8"))
    read = [(folder, corpora.load(folder)) for folder in described(project)]
    interim = sum(path.stat().st_size for path in (project / "results/interim").rglob("*") if path.is_file())
    seconds = sum(job.end - job.start for job in done)  # jobs may be of several calls, and run side by side
    return PAGE.substitute(
        title=escaped(citation["title"]),
        version=__version__,
        corpora=config["corpora"],
        minutes=f"{max(1, round(seconds / 60))} min",
        rights="\n".join(rights(corpus) for _, corpus in read),
        sources="\n\n".join(source(corpus) for _, corpus in read),
        datasets=datasets(project, read),
        python=platform.python_version(),
        packages=len(locked(project)),
        machine=f"{platform.system()} {platform.machine()}",
        measured=measured(project, done),
        storage=round(interim / 1e6, 1),
        programs=programs(done),
        licence=escaped(citation["license"]),
        outputs=outputs(done),
        references="\n".join(f"- {linked(corpus.citation)}" for _, corpus in read),
    )


def rights(corpus):
    """Return the statement about the rights in a corpus, as far as its description has one."""
    published = {"full": "sentences whole", "cut": "sentences, long ones cut", "offsets": "no words"}
    return f"- **{escaped(corpus.name)}**: {escaped(corpus.licence)}. Published of it: {published[corpus.quotes]}."


def source(corpus):
    """Return where a corpus is from, and how it was drawn."""
    items = {
        "Source": corpus.source,
        "Retrieved": corpus.retrieved,
        "Drawn": corpus.drawn,
        "Random sample": "yes" if corpus.random else "no",
        "How to get it": f"entente corpus fetch {corpus.name}" if corpus.urls else "it is in the folder",
    }
    lines = [f"- {key}: {linked(str(told))}" for key, told in items.items()]
    return "\n".join([f"#### {escaped(corpus.name)}: {escaped(corpus.title)}", "", *lines])


def datasets(project, read):
    """Return the data files of the corpora, a table."""
    rows = []
    for folder, corpus in read:
        there = Path(corpus.documents)
        place = (
            there.relative_to(project).as_posix() if there.is_relative_to(project) else "outside the package"
        )
        provided = "yes" if place != "outside the package" else "no"
        rows.append(
            {"file": place, "what": f"{len(corpora.files(corpus))} documents' files", "provided": provided}
        )
        for name, what in (
            ("corpus.yaml", "description"),
            ("gold.jsonl", "documents as a reader coded them"),
            ("second.jsonl", "documents as a second reader coded them"),
        ):
            if (folder / name).exists():
                digest = sha256(folder / name)[:12]
                path = (folder / name).relative_to(project).as_posix()
                rows.append({"file": path, "what": f"{what}; SHA-256 {digest}...", "provided": "yes"})
    return grid(rows, ["file", "what", "provided"])


def measured(project, done):
    """Return how long the rules took and how much memory, a table."""
    groups = defaultdict(list)
    for job in done:
        groups[job.rule].append(job)
    rows = []
    for rule, same in groups.items():
        most = [m for m in (megabytes(project, job) for job in same) if m is not None]
        rows.append(
            {
                "rule": rule,
                "jobs": len(same),
                "seconds in all": round(sum(job.end - job.start for job in same)),
                "longest, seconds": round(max(job.end - job.start for job in same)),
                "most memory, MB": round(max(most)) if most else "not measured",
            }
        )
    return grid(rows, list(rows[0]))


def programs(done):
    """Return the rules with their programs, in the order in which they first ran."""
    lines = []
    for rule in dict.fromkeys(job.rule for job in sorted(done, key=lambda job: job.start)):
        command = next(job.command for job in done if job.rule == rule)
        module = command.partition("python -m ")[2].split(" ")[0]
        path = f"workflow/{module.replace('.', '/')}.py" if module else command[:80]
        lines.append(f"- `{rule}`: `{path}`")
    return "\n".join(lines)


def outputs(done):
    """Return each table and figure with the rule, function and command that make it, and its inputs; a table."""
    rows = []
    for job in done:
        for path in job.outputs:
            kind, stem = Path(path).parent.name, Path(path).stem
            if kind not in ("tables", "figures") or not path.startswith("results/"):
                continue
            table = estimate.TABLES.get(stem) if kind == "tables" else None
            function = (
                f"{table.__module__.removeprefix('entente.')}.{table.__name__}"
                if table
                else FIGURES.get(stem, "")
            )
            rows.append(
                {
                    "file": path,
                    "what": tables.summary(table) if table else "figure",
                    "rule": job.rule,
                    "function": function,
                    "command": f"snakemake --profile workflow/profiles/default {path}",
                    "inputs": inputs(job),
                }
            )
    return grid(
        sorted(rows, key=lambda row: row["file"]), ["file", "what", "rule", "function", "command", "inputs"]
    )


def inputs(job):
    """Return what a job reads, the parts of corpora counted.

    >>> from entente.jobs import Job
    >>> paths = ("results/interim/a/0/mentions.jsonl", "results/interim/a/1/mentions.jsonl", "corpus/a/gold.jsonl")
    >>> inputs(Job("estimate", paths, (), "", 0, 0, None))
    'corpus/a/gold.jsonl; results/interim/*/*/mentions.jsonl (2)'
    """
    number = defaultdict(int)
    for path in job.inputs:
        parts = path.split("/")
        part_of_corpus = path.startswith("results/interim/") and len(parts) == 5
        number["/".join((*parts[:2], "*", "*", parts[4])) if part_of_corpus else path] += 1
    return "; ".join(f"{path} ({n})" if n > 1 else path for path, n in sorted(number.items()))


def run(output, project="."):
    """Write the page."""
    text = page(project)
    with cli.replacing(output) as file:
        file.write(text)
