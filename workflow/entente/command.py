"""The command `entente`: the pipeline's stages on any text, without a workflow."""

import argparse
import contextlib
import json
import os
import sys
from functools import partial
from pathlib import Path

from entente import __version__
from entente.errors import EntenteError
from entente.lazy import lazy

# What a sub-command needs is loaded when it is used: all of it takes seconds, `entente explain` a fraction of one.
baseline = lazy("entente.baseline")
cli = lazy("entente.cli")
coding_command = lazy("entente.coding_command")
compare_command = lazy("entente.compare_command")
corpora = lazy("entente.corpora")
corpus_command = lazy("entente.corpus_command")
crate = lazy("entente.crate")
evaluate = lazy("entente.evaluate")
explain = lazy("entente.explain")
extract = lazy("entente.extract")
ingest = lazy("entente.ingest")
records = lazy("entente.records")
replication = lazy("entente.replication")
text = lazy("entente.text")
jsonl = lazy("entente.readers.jsonl")

EXAMPLES = """\
examples:
  entente extract release.txt news/ archive.jsonl --output alliances.jsonl
  echo '{"id": "1", "text": "Acme Corp and Beta Ltd formed a joint venture."}' | entente extract -
  entente evaluate documents.jsonl --gold documents.gold.jsonl
  entente explain equity_share_by_year 1999 share

The whole pipeline, on the corpora in corpus/, is `make run`.
"""


def raw_records(inputs):
    """Yield (source, record) for all records of files, folders and `-`, in their order; see ``readers``."""
    for name in inputs:
        if name == "-":
            yield from (("-", raw) for raw in jsonl.records(sys.stdin.buffer))
        elif Path(name).is_dir():
            found = ingest.apart(partial(ingest.records, name), corpora.files_below(name))
            yield from (((Path(name) / path).as_posix(), raw) for path, raw in found)
        elif Path(name).exists():
            path = Path(name)
            found = ingest.apart(partial(ingest.records, path.parent), [path.name])
            yield from ((path.as_posix(), raw) for _, raw in found)
        else:
            raise EntenteError(
                f"{name}: no such file or folder; give files, folders, or - for standard input"
            )


def documents(inputs, hint=None):
    """Yield (id, record, Document or Rejected) of each record; the id is its own, else its path as given."""
    for source, raw in raw_records(inputs):
        identifier = raw.id or source
        yield identifier, raw, ingest.document(raw, "input", identifier, hint=hint)


def line(identifier, raw, document, minimum_confidence):
    """Return what `entente extract` says of one document: a dict, as README.md describes it.

    Offsets are into the text as it was given: of a JSON line its ``text``, of a file the text that its
    reader takes from it (of a .txt, what follows its title line; a line ends in one line feed).
    """
    if isinstance(document, records.Rejected):
        return {"id": identifier, "error": f"{document.reason}: {document.detail}"}
    mentions, claims = extract.extract(document)
    kept = [m for m in mentions if m.confidence >= minimum_confidence]
    places = text.origins(raw.text, document.text) if kept or claims else []
    return {
        "id": identifier,
        "language": document.language,
        "genre": document.genre,
        "alliances": [alliance(m, raw.text, places) for m in kept],
        "claims": [quoted(c.model_dump(exclude={"id", "document"}), raw.text, places) for c in claims],
    }


def alliance(mention, text, places):
    """Return a mention as it is shown outside the pipeline: names for partners, quotes with the evidence."""
    shown = mention.model_dump(exclude={"id", "document", "language"})
    return quoted(shown | {"partners": [p.name for p in mention.partners]}, text, places)


def quoted(record, text, places):
    """Return *record* with its evidence as it stands in *text*; *places* are those of `entente.text.origins`."""
    spans = [(places[span["start"]][0], places[span["end"] - 1][1]) for span in record["evidence"]]
    return record | {"evidence": [{"start": s, "end": e, "text": text[s:e]} for s, e in spans]}


def run_extract(inputs, output, minimum_confidence, language):
    """Write one JSON line a document; return 1 if a record could not be read."""
    failed = False
    with output_file(output) as file:
        for identifier, raw, document in documents(inputs, language):
            found = line(identifier, raw, document, minimum_confidence)
            failed |= "error" in found
            file.write(json.dumps(found, ensure_ascii=False) + "\n")
    return int(failed)


def output_file(output):
    """Return the file to write to: standard output, or *output*, which appears only when all is written."""
    if output is None:
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
        return contextlib.nullcontext(sys.stdout)
    return cli.replacing(output)


def with_gold(inputs, known):
    """Yield (key of its gold, Document) of the documents of *inputs* for which *known* has gold.

    Gold knows a document by the record's own id, by its path as given, or as a corpus's gold does: by its
    path below the folder given, with ``#`` and the record's own id if it has one.
    """
    for name in inputs:
        for source, raw in raw_records([name]):
            below = source.removeprefix(f"{Path(name).as_posix()}/")
            ids = (source, below) if raw.id is None else (raw.id, f"{below}#{raw.id}", f"{source}#{raw.id}")
            key = next((i for i in ids if i in known), None)
            document = ingest.document(raw, "input", key) if key is not None else None
            if isinstance(document, records.Document):
                yield key, document


def read(document, how, pipeline=None):
    """Return the Mentions and Claims of a document as the extractor *how* finds them: model, lexicon or baseline."""
    if how == "baseline":
        return baseline.extract(document, pipeline)
    return extract.extract(document, lexicon_only=True) if how == "lexicon" else extract.extract(document)


def run_evaluate(inputs, gold, minimum_confidence, lexicon_only, with_baseline, pipeline, output):
    """Print the scores of the documents of *inputs* that have gold, by language and genre."""
    import pandas as pd  # noqa: PLC0415

    known = {g.id: g for path in gold for g in cli.read(path, records.Gold)}
    found = list(with_gold(inputs, known))
    if not found:
        raise EntenteError(
            f"{', '.join(gold)}: no gold for any document of {', '.join(inputs)}; their ids must agree"
        )
    if missing := sorted(known.keys() - {key for key, _ in found}):
        sys.stderr.write(f"not scored: gold for {len(missing)} documents not read, such as {missing[0]!r}\n")
    names = baseline.load(pipeline) if pipeline else None
    hows = ["lexicon" if lexicon_only else "model", *(["baseline"] if with_baseline or pipeline else [])]
    tables = []
    for how in hows:
        coded = [(document, *read(document, how, names), known[key]) for key, document in found]
        tables.append(evaluate.evaluate(coded, minimum_confidence).assign(extractor=how))
    scores = pd.concat(tables).sort_index(kind="stable")  # each group's extractors one below the other
    scores = scores[scores["factor"] != "corpus"]
    labels = scores[["factor", "value", "extractor"]]
    if output is not None:
        with cli.replacing(output) as file:
            scores[[*labels, *scores.columns.difference(labels.columns, sort=False)]].to_csv(
                file, index=False, lineterminator="\n"
            )
    shown = evaluate.readable(scores).set_axis(labels.agg(" ".join, axis=1))
    widths = {heading: len(heading) + 1 for heading in shown}
    sys.stdout.write(shown.to_string(line_width=130, col_space=widths) + "\n")


def fit_arguments(sub):
    """Add what `entente fit` takes."""
    sub.add_argument("--data", required=True, help="folder of the documents that the description names")
    sub.add_argument("--base", help="folder of the base encoder; without it only the decisions are fitted")
    sub.add_argument("--config", help="description of the fit (default workflow/training/fit.yaml)")
    sub.add_argument("--output", help="folder to write to (default the package's model/)")


def run_fit(**options):
    """Fit the model; torch and scikit-learn are loaded only here."""
    try:
        from entente import fit  # noqa: PLC0415
    except ImportError as missing:
        raise EntenteError(f"{missing}: fitting needs more packages; pip install 'entente[train]'") from None
    return fit.run(**options)


def run_explain(identifier, interim, corpus, whole):
    """Print where a result comes from."""
    marks = explain.BOLD if sys.stdout.isatty() and "NO_COLOR" not in os.environ else explain.PLAIN
    folders = sorted(path.parent for path in Path(corpus).glob("*/corpus.yaml"))
    sys.stdout.write(explain.explain(identifier, Path(interim), folders, marks, whole=whole))


def add_extract(commands):
    """Add `extract` to a parser's *commands*."""
    sub = commands.add_parser("extract", help="read texts, write one JSON line a document")
    sub.add_argument(
        "inputs", nargs="+", metavar="INPUT", help="a file, a folder, or - for JSON Lines on standard input"
    )
    sub.add_argument("--output", help="file to write; standard output if not given")
    add_minimum_confidence(sub)
    sub.add_argument("--language", help="BCP 47 code to fall back on where a text does not tell its language")
    sub.set_defaults(run=run_extract)


def add_evaluate(commands):
    """Add `evaluate` to a parser's *commands*."""
    sub = commands.add_parser("evaluate", help="score the extraction against gold")
    sub.add_argument("inputs", nargs="+", metavar="INPUT", help="as for extract")
    sub.add_argument("--gold", nargs="+", required=True, help="gold, JSON Lines with the documents' ids")
    add_minimum_confidence(sub)
    sub.add_argument(
        "--lexicon-only", action="store_true", help="score the extraction without its trained model"
    )
    sub.add_argument(
        "--baseline",
        action="store_true",
        dest="with_baseline",
        help="score a simple script beside it: cue words, and the first two names of a sentence",
    )
    sub.add_argument(
        "--pipeline",
        metavar="NAME_OR_PATH",
        help="spaCy pipeline that finds the baseline's names in its language; capitalised runs if not given",
    )
    sub.add_argument("--output", metavar="FILE", help="write all scores to this file too, CSV")
    sub.set_defaults(run=run_evaluate)


def add_fit(commands):
    """Add `fit` to a parser's *commands*."""
    sub = commands.add_parser(
        "fit", help="fit the model anew (needs the extra `train`, data and a base encoder)"
    )
    fit_arguments(sub)
    sub.set_defaults(run=run_fit)


def add_explain(commands):
    """Add `explain` to a parser's *commands*."""
    sub = commands.add_parser(
        "explain", help="show where an alliance, a mention, a claim or a table's cell comes from"
    )
    sub.add_argument(
        "identifier",
        nargs="+",
        metavar="ID",
        help="an id, or TABLE ROW... COLUMN: what the table's key columns hold, or as COLUMN=VALUE",
    )
    sub.add_argument("--all", action="store_true", dest="whole", help="show all that stands behind a cell")
    sub.add_argument(
        "--interim", default="results/interim", help="the run's records (default results/interim)"
    )
    sub.add_argument("--corpus", default="corpus", help="the folder of the corpora (default corpus)")
    sub.set_defaults(run=run_explain)


def run_crate(output):
    """Write the crate of the run in this folder."""
    crate.run(output)


def run_replication(output):
    """Write the README of the replication package of the run in this folder."""
    replication.run(output)


def add_corpus(commands):
    """Add `corpus` to a parser's *commands*."""
    corpus_command.add(commands)


def add_coding(commands):
    """Add `sample` and `code` to a parser's *commands*."""
    coding_command.add(commands)


def add_diff(commands):
    """Add `diff` to a parser's *commands*."""
    compare_command.add(commands)


def add_crate(commands):
    """Add `crate` to a parser's *commands*."""
    sub = commands.add_parser(
        "crate", help="tell the run as a Workflow Run RO-Crate: what made what, from what"
    )
    sub.add_argument(
        "--output",
        default="results/crate",
        metavar="FOLDER_OR_ZIP",
        help="where to write it (default results/crate, which git ignores)",
    )
    sub.set_defaults(run=run_crate)


def add_replication(commands):
    """Add `replication` to a parser's *commands*."""
    sub = commands.add_parser(
        "replication", help="write the README of a replication package: data, programs, tables, times, memory"
    )
    sub.add_argument(
        "--output",
        default="results/REPLICATION.md",
        metavar="FILE",
        help="where to write it (default results/REPLICATION.md, which git ignores)",
    )
    sub.set_defaults(run=run_replication)


ADD = {  # sub-commands: the function that adds them
    ("extract",): add_extract,
    ("corpus",): add_corpus,
    ("sample", "code"): add_coding,
    ("evaluate",): add_evaluate,
    ("fit",): add_fit,
    ("explain",): add_explain,
    ("diff",): add_diff,
    ("crate",): add_crate,
    ("replication",): add_replication,
}


def parser(chosen=None):
    """Return the command's parser; if *chosen* is a sub-command, only that one is in it, and nothing else is loaded."""
    top = argparse.ArgumentParser(
        prog="entente",
        description="Find strategic alliances in texts: who is allied, in which form, with which stakes.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"entente {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    one = [add for names, add in ADD.items() if chosen in names]
    for add in one or (ADD.values() if chosen != "--version" else ()):
        add(commands)
    return top


def add_minimum_confidence(sub):
    """Add the option that leaves out what is less sure."""
    default = extract.MINIMUM_CONFIDENCE
    text = f"leave out alliances that are less sure, in [0, 1] (default {default})"
    sub.add_argument("--minimum-confidence", type=float, default=default, help=text)


def main(arguments=None):
    """Run the command; a fault of the input is told in one line, on standard error."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = vars(parser(*arguments[:1]).parse_args(arguments))
    try:
        cli.finish(options.pop("run"), options)
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
