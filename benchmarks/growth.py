"""How time, memory and disk of each stage grow with the corpus, and how many jobs a corpus of many documents is.

    python benchmarks/growth.py DATA --sizes 2000,20000,200000

The documents are recombined from those below DATA (`make_documents.py`). Up to --extract documents, all stages run; beyond,
`ingest` and `extract`, which read one part at a time, are left out, and mentions are made up, so that only the
stages that read everything are measured. An exponent of 1 is growth in proportion: it is the slope of log time on log
documents, imports taken off, for they are most of a short job.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import bench
import make_documents
import measure
import numpy as np
import yaml
from entente import corpora

READING_ALL = ("resolve", "evaluate", "estimate", "typeset", "package", "publish", "site", "all")


def grown(folder, pool, number, extract):
    """Run the workflow on *number* documents in a project *folder*; return rows, one a stage or table."""
    project = measure.project(folder)
    measure.describe(project)
    documents = project / "corpus" / "bench" / "documents"
    make_documents.write(documents, pool, number)
    if number <= extract:
        _, jobs, _ = measure.snakemake(project)
    else:
        parts = corpora.parts(corpora.load(documents.parent), **settings(project)["part"])
        make_documents.write_records(project / "results" / "interim" / "bench", documents, parts)
        _, jobs, _ = measure.snakemake(project, "--allowed-rules", *READING_ALL)
    made = project / "results" / "interim"
    for job in jobs:
        if job["stage"] == "estimate":
            job["stage"] = f"estimate {job['arguments'][0]}"
    common = {
        "documents": number,
        "mentions": measure.lines(made, "*/*/mentions.jsonl"),
        "alliances": measure.lines(made, "alliances.jsonl"),
        "duplicates": measure.lines(made, "duplicates.jsonl"),
        "interim bytes a document": measure.size(made) // number,
    }
    return [{"stage": name, **common, **stage} for name, stage in measure.stages(jobs).items()]


def settings(project):
    """Return the configuration of a project."""
    return yaml.safe_load((project / "config" / "config.yaml").read_text(encoding="utf-8"))


def exponent(rows, fixed):
    """Return the slope of log processor time, without the *fixed* part of each job, on log documents; None of one size."""
    points = [(row["documents"], row["cpu"] - fixed * row["jobs"]) for row in rows]
    points = [(number, cpu) for number, cpu in points if cpu > 0.05]
    if len(points) < 2:
        return None
    return float(np.polyfit(*np.log(np.array(points)).T, 1)[0])


def table(rows, fixed):
    """Return a row for each stage: its speed at the largest size, its exponent, its memory and how that grows."""
    found = []
    for name in dict.fromkeys(row["stage"] for row in rows):
        own = sorted((row for row in rows if row["stage"] == name), key=lambda row: row["documents"])
        first, last = own[0], own[-1]
        more = (last["documents"] - first["documents"]) / 100_000
        found.append(
            {
                "stage": name,
                "documents": " ".join(f"{row['documents']:,}" for row in own),
                "jobs": " ".join(str(row["jobs"]) for row in own),
                "processor seconds": " ".join(measure.rounded(row["cpu"]) for row in own),
                "exponent": exponent(own, fixed.get(name.split()[0], 0.0)),
                "peak MB": " ".join(measure.rounded(row["megabytes"]) for row in own),
                "MB / 100,000 documents": (last["megabytes"] - first["megabytes"]) / more if more else None,
                "interim bytes a document": last["interim bytes a document"],
            }
        )
    return found


def planned(folder, pool, number, per_file):
    """Return how many jobs *number* documents are, *per_file* a file, and how long a dry run takes."""
    project = measure.project(folder)
    measure.describe(project)
    documents = project / "corpus" / "bench" / "documents"
    make_documents.write(documents, pool, number, per_file)
    seconds, _, said = measure.snakemake(project, "--dry-run")
    total = [line.split()[1] for line in said.splitlines() if line.startswith("total")]
    return {
        "stage": f"plan, {per_file:,} document{'s' * (per_file > 1)} a file",
        "documents": f"{number:,}",
        "jobs": total[0] if total else None,
        "seconds of a dry run": seconds,
    }


def main():
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder of the real documents, such as corpus/")
    parser.add_argument(
        "--sizes", default="2000,20000,200000", help="numbers of documents [2000,20000,200000]"
    )
    parser.add_argument("--extract", type=int, default=20_000, help="extract from at most so many [20000]")
    parser.add_argument(
        "--plan", type=int, default=100_000, help="documents of the dry run; 0: none [100000]"
    )
    options = parser.parse_args()
    sizes = sorted(map(int, options.sizes.split(",")))
    root = options.data / "reuters" if (options.data / "reuters").is_dir() else options.data
    pool = make_documents.templates(root)
    if not pool:
        sys.exit(f"error: {root}: no documents in a language with a lexicon; name a folder that has some")
    rows, plans = [], []
    with tempfile.TemporaryDirectory(prefix="entente-growth-") as place:
        for size in sizes:
            rows += grown(Path(place) / "project", pool, size, options.extract)
            shutil.rmtree(Path(place) / "project")
        for per_file in (1, 1000) if options.plan else ():
            plans.append(planned(Path(place) / "project", pool, options.plan, per_file))
            shutil.rmtree(Path(place) / "project")
    fixed = {stage: bench.imports(stage) for stage in bench.STAGES}
    made = max(rows, key=lambda row: row["documents"])
    notes = [
        f"Largest: {', '.join(f'{made[k]:,} {k}' for k in ('documents', 'mentions', 'alliances', 'duplicates'))}."
    ]
    if plans:
        notes.append(measure.markdown(plans))
    measure.report("growth", table(rows, fixed), *notes)


if __name__ == "__main__":
    main()
