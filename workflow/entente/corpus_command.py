"""The command `entente corpus`: describe a new corpus, fetch its files, check it."""

import sys
from pathlib import Path

from entente import corpora, describe, readers
from entente.codebook import codes


def say(line):
    """Print a line at once: what is long may be watched."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run_new(name, path, folder, columns, **given):
    """Look at files, and write the description of a corpus of them."""
    ask = input if sys.stdin.isatty() else None
    given |= {"columns": describe.columns_given(columns)}
    describe.new(name, Path(path), folder, given, ask, say)


def run_check(name, folder, sample):
    """Read a corpus and its gold; return 1 if something is wrong."""
    corpus = corpora.load(Path(folder, name))
    return int(describe.check(corpus, Path(folder, name), say, sample) > 0)


def run_fetch(name, folder):
    """Download the files that a corpus names; what downloads is loaded only here."""
    from entente import fetch  # noqa: PLC0415

    fetch.fetch(corpora.load(Path(folder, name), fetched=False), told=say)


def add(commands):
    """Add `corpus` and its own commands to a parser's *commands*."""
    sub = commands.add_parser("corpus", help="add a corpus: describe, fetch and check it")
    actions = sub.add_subparsers(required=True, metavar="ACTION")

    new = actions.add_parser(
        "new", help="look at files, guess how they are read, write corpus/NAME/corpus.yaml"
    )
    new.add_argument("name", metavar="NAME", help="of the corpus")
    new.add_argument(
        "path", metavar="PATH", help="the folder of the documents, or the one file that has them"
    )
    for key, text in {
        "title": "its name as tables show it (default NAME)",
        "language": "BCP 47 code of most documents (default that of most of a sample)",
        "licence": "terms of use; asked for if not given",
        "source": "where the documents are from; asked for if not given",
        "drawn": "how they were drawn, from which population; asked for if not given",
        "retrieved": "day on which they were fetched, YYYY-MM-DD (default today)",
        "citation": "how to cite it (default title and source)",
    }.items():
        new.add_argument(f"--{key}", help=text)
    new.add_argument(
        "--random", action="store_true", help="the documents are a random sample of the population"
    )
    new.add_argument(
        "--quotes", choices=codes("quotes"), help="how much may be published (default by licence)"
    )
    new.add_argument(
        "--reader", choices=readers.names(), help="reader of all files (default by what they hold)"
    )
    new.add_argument(
        "--columns",
        nargs="+",
        default=[],
        metavar="FIELD=COLUMN",
        help="columns or keys that hold the fields, as in text=lead+body date=published (default by their names)",
    )
    new.set_defaults(run=run_new)

    check = actions.add_parser("check", help="read a corpus, tell what is in it and what is wrong")
    check.add_argument("name", metavar="NAME")
    check.add_argument("--sample", type=int, metavar="N", help="read so many records only, and no gold")
    check.set_defaults(run=run_check)

    fetched = actions.add_parser(
        "fetch", help="download the files that corpus.yaml names in `urls`, verified"
    )
    fetched.add_argument("name", metavar="NAME")
    fetched.set_defaults(run=run_fetch)
    for action in (new, check, fetched):
        action.add_argument(
            "--corpora", default="corpus", dest="folder", help="the folder of the corpora (default corpus)"
        )
