"""One run side by side: reading alone, each stage, the whole workflow, and what an afternoon's script would take.

    python benchmarks/bench.py DATA

reads the documents below DATA/reuters, else all below DATA.
"""

import argparse
import itertools
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measure
import spacy
from entente import baseline, cli, corpora, ingest
from entente.errors import EntenteError
from entente.readers import PLAIN, Raw
from entente.records import Document
from entente.text import normalise

STAGES = ("ingest", "extract", "resolve", "evaluate", "estimate", "publish")
# What en_core_web_sm 3.8 is made of, by its published config.cfg; its lemmatizer and rules are left out.
WIDTH, DEPTH = 96, 4
ROWS = {"NORM": 5000, "PREFIX": 1000, "SUFFIX": 2500, "SHAPE": 2500, "SPACY": 50, "IS_SPACE": 50}
LABELS = {"ner": 18, "parser": 45, "tagger": 50}


def clocked(function):
    """Call *function*; return what it returns, the seconds it took, and those of this process on a processor."""
    begun, used = time.perf_counter(), time.process_time()
    result = function()
    return result, time.perf_counter() - begun, time.process_time() - used


def read_and_normalise(root):
    """Read the documents below *root* and normalise their text; return how many, and how many characters."""
    number = characters = 0
    for path in corpora.files_below(root):
        for raw in ingest.records(root, path, PLAIN):
            if isinstance(raw, Raw):
                number += 1
                characters += len(normalise(raw.text))
    return number, characters


def embedding(names):
    """Return the configuration of a network of en_core_web_sm's size, on these attributes of a word."""
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": WIDTH,
            "attrs": names,
            "rows": [ROWS[name] for name in names],
            "include_static_vectors": False,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": WIDTH,
            "depth": DEPTH,
            "window_size": 1,
            "maxout_pieces": 3,
        },
    }


def transitions(state, tok2vec):
    """Return the configuration of a parser or a recogniser of names."""
    return {
        "model": {
            "@architectures": "spacy.TransitionBasedParser.v2",
            "state_type": state,
            "extra_state_tokens": False,
            "hidden_width": 64,
            "maxout_pieces": 2,
            "use_upper": True,
            "nO": None,
            "tok2vec": tok2vec,
        }
    }


def like_small(ner_only):
    """Return an English pipeline of en_core_web_sm's architecture with random weights: good for its time, not its output.

    A trained one does the same arithmetic for each word: its networks are of the same size, and its recogniser of names
    takes one step a word, whatever it decides.
    """
    spacy.util.fix_random_seed(0)
    nlp = spacy.blank("en")
    if not ner_only:
        shared = {"@architectures": "spacy.Tok2VecListener.v1", "width": WIDTH}
        nlp.add_pipe("tok2vec", config={"model": embedding(list(ROWS))})
        nlp.add_pipe(
            "tagger", config={"model": {"@architectures": "spacy.Tagger.v2", "nO": None, "tok2vec": shared}}
        )
        nlp.add_pipe("parser", config=transitions("parser", shared))
    nlp.add_pipe("ner", config=transitions("ner", embedding(list(ROWS)[:4])))
    for name in set(nlp.pipe_names) & set(LABELS):
        for number in range(LABELS[name]):
            nlp.get_pipe(name).add_label(f"L{number}")
    nlp.initialize()
    return nlp


def pipelines(installed):
    """Yield (name, pipeline, why it stands here) of what spaCy offers; *installed* is a pipeline's name, or None."""
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    yield "spaCy, words and sentences only", blank, "the least that any script does"
    yield (
        "spaCy, names only, as en_core_web_sm",
        like_small(ner_only=True),
        "random weights, only its time counts",
    )
    yield (
        "spaCy, whole, as en_core_web_sm",
        like_small(ner_only=False),
        "random weights, only its time counts",
    )
    if installed:
        yield f"spaCy, {installed}", baseline.load(installed), "installed"


def piped(nlp, texts, processes):
    """Send *texts* through a pipeline, and forget what it says."""
    for _ in nlp.pipe(texts, n_process=processes, batch_size=64):
        pass


def script(documents, pipeline):
    """Do what the afternoon's script does with documents, and return its mentions."""
    return [mention for document in documents for mention in baseline.extract(document, pipeline)[0]]


def imports(module):
    """Return the processor's seconds that importing a module takes in a process of its own, the least of three."""
    code = f"import time, entente.{module}; print(time.process_time())"
    return min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    )


def whole(project):
    """Run the workflow cold; return rows of its stages and of all, and the paths of its documents."""
    seconds, jobs, _ = measure.snakemake(project)
    found = measure.stages(jobs)
    number = measure.lines(project / "results" / "interim", "*/*/documents.jsonl")
    rows = [
        {"what": name, "jobs": found[name]["jobs"], "documents": number, **found[name], "note": ""}
        for name in found
    ]
    cpu = sum(job["cpu"] for job in jobs)
    memory = max(job["megabytes"] for job in jobs)
    rows.append(
        {
            "what": "whole pipeline, cold",
            "jobs": len(jobs),
            "documents": number,
            "seconds": seconds,
            "cpu": cpu,
        }
        | {"megabytes": memory, "note": "seconds: from start to end, on all cores"}
    )
    return rows


def compare(root, installed, few):
    """Return the rows of the table: of each thing done its documents, its seconds, and its speed."""
    (number, characters), seconds, cpu = clocked(lambda: read_and_normalise(root))
    rows = [{"what": "limit: read and normalise", "documents": number, "seconds": seconds, "cpu": cpu}]
    rows[0]["note"] = f"{characters / 1e6:.1f} M characters, one core"
    with tempfile.TemporaryDirectory(prefix="entente-bench-") as place:
        project = measure.project(Path(place) / "project", root)
        rows += whole(project)
        parts = sorted((project / "results" / "interim").glob("*/*/documents.jsonl"))
        sample = list(itertools.islice(cli.read(parts, Document), few))
    texts = [document.text for document in sample]
    _, seconds, cpu = clocked(lambda: script(sample, None))
    rows.append(
        {"what": "afternoon script, capitals", "documents": len(sample), "seconds": seconds, "cpu": cpu}
    )
    for name, nlp, why in pipelines(installed):
        best = min((clocked(lambda n=n, nlp=nlp: piped(nlp, texts, n))[1], n) for n in (1, 2))
        _, _, cpu = clocked(lambda nlp=nlp: piped(nlp, texts, 1))
        rows.append({"what": name, "documents": len(sample), "seconds": best[0], "cpu": cpu})
        rows[-1]["note"] = f"{why}; seconds: of n_process {best[1]}"
    return rows


def table(rows):
    """Return *rows* with speeds and ratios: to the limit by processor time, to the whole pipeline by the clock."""
    limit = rows[0]["documents"] / rows[0]["cpu"]
    [whole_speed] = [row["documents"] / row["seconds"] for row in rows if row["what"].startswith("whole")]
    return [
        {
            "what": row["what"],
            "documents": row["documents"],
            "jobs": row.get("jobs"),
            "seconds": row["seconds"],
            "processor seconds": row["cpu"],
            "documents / processor second": row["documents"] / row["cpu"],
            "share of the limit": row["documents"] / row["cpu"] / limit,
            "documents / second": row["documents"] / row["seconds"],
            "whole pipeline is so many times as fast": whole_speed / (row["documents"] / row["seconds"]),
            "peak MB": row.get("megabytes"),
            "note": row.get("note", ""),
        }
        for row in rows
    ]


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder of documents; its folder 'reuters' if it has one")
    parser.add_argument("--pipeline", help="an installed spaCy pipeline to measure too")
    parser.add_argument("--few", type=int, default=2000, help="documents for spaCy, which is slow [2000]")
    options = parser.parse_args()
    root = options.data / "reuters" if (options.data / "reuters").is_dir() else options.data
    if not root.is_dir():
        sys.exit(f"error: {root}: no such folder; name one with documents")
    with tempfile.TemporaryDirectory(prefix="entente-bench-") as place:
        chosen = sgml_alone(root, Path(place) / "documents")
        rows = compare(chosen, options.pipeline, options.few)
    fixed = {stage: imports(stage) for stage in STAGES}
    measure.report(
        "bench",
        table(rows),
        "Imports of a job, processor seconds: "
        + ", ".join(f"{name} {s:.2f}" for name, s in fixed.items())
        + ".",
    )


def sgml_alone(root, folder):
    """Return a folder with copies of the SGML below *root*, which has other files beside; *root* itself if it has none."""
    stories = sorted(root.glob("*.sgm"))
    if not stories:
        return root
    folder.mkdir()
    for story in stories:
        shutil.copy(story, folder)  # a corpus reads no link that leads out of it
    return folder


if __name__ == "__main__":
    try:
        main()
    except EntenteError as fault:
        sys.exit(f"error: {fault}")
