"""What a change costs: nothing touched, 1 % more documents, an edit of one language's lexicon.

    python benchmarks/increment.py DATA --documents 10000

Jobs, seconds and processor seconds of each, beside those of the clean run, and whether the results are, byte for byte, those
of a clean run of the same. tests/test_workflow.py holds the last to it on a small corpus.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

import make_documents
import measure


def published(project):
    """Return {path: content} of what a project publishes."""
    results = project / "results"
    return {
        path.relative_to(results).as_posix(): path.read_bytes()
        for path in sorted(results.rglob("*"))
        if path.is_file() and path.relative_to(results).parts[0] not in {"interim", "logs"}
    }


def edit_lexicon(project, language):
    """Change one language's lexicon in a way that changes no result: by a comment."""
    lexicon = project / "workflow" / "entente" / "lexicon" / f"{language}.yaml"
    with lexicon.open("a", encoding="utf-8") as file:
        file.write("# edit\n")


def row(what, run, clean=None, same=None):
    """Return what a run cost, beside the *clean* one."""
    seconds, jobs, _ = run
    cpu = sum(job["cpu"] for job in jobs)
    return {
        "change": what,
        "jobs": len(jobs),
        "of them read or extract": sum(job["stage"] in {"ingest", "extract"} for job in jobs),
        "seconds": seconds,
        "processor seconds": cpu,
        "share of a clean run": cpu / clean if clean else 1.0,
        "same bytes as a clean run": same,
    }


def changes(place, pool, number):
    """Run and rerun a project of *number* documents, each a file, and yield the rows."""
    project = measure.project(place / "project")
    measure.describe(project)
    documents = project / "corpus" / "bench" / "documents"
    everything, more = place / "everything", number // 100
    make_documents.write(everything, pool, number + 2 * more, per_file=1)
    files = sorted(everything.rglob("*.txt"), key=lambda path: path.stem.rpartition("-")[2])
    for path in files[:number]:
        move(path, documents / path.relative_to(everything))
    clean = row("clean run", measure.snakemake(project))
    yield clean
    cost = clean["processor seconds"]
    yield row("nothing", measure.snakemake(project), cost)
    for path in files[number : number + more]:
        move(path, documents / path.relative_to(everything).with_name(f"2030-{path.name}"))
    yield row("1 % more documents, all later", measure.snakemake(project), cost)
    for path in files[number + more :]:
        move(path, documents / path.relative_to(everything))
    scattered = measure.snakemake(project)
    again = measure.project(place / "again")
    measure.describe(again)
    shutil.copytree(documents, again / "corpus" / "bench" / "documents", dirs_exist_ok=True)
    measure.snakemake(again)
    yield row("1 % more, of any date", scattered, cost, same=published(project) == published(again))
    edit_lexicon(project, "da")
    edited = measure.snakemake(project)
    yield row(
        "the Danish lexicon, no document in Danish", edited, cost, published(project) == published(again)
    )
    edit_lexicon(project, "en")
    edited = measure.snakemake(project)
    yield row("the English lexicon", edited, cost, published(project) == published(again))


def move(path, place):
    """Move a file, with the folders it needs."""
    place.parent.mkdir(parents=True, exist_ok=True)
    path.rename(place)


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder of the real documents, such as corpus/")
    parser.add_argument("--documents", type=int, default=10_000, help="documents of the clean run [10000]")
    options = parser.parse_args()
    root = options.data / "reuters" if (options.data / "reuters").is_dir() else options.data
    with tempfile.TemporaryDirectory(prefix="entente-increment-") as place:
        rows = list(changes(Path(place), make_documents.templates(root), options.documents))
    measure.report(
        "increment", rows, f"{options.documents:,} documents in the clean run, each a file of its own."
    )


if __name__ == "__main__":
    main()
