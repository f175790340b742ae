"""The commands `entente sample` and `entente code`: draw what is coded by hand, and make gold of what was coded."""

import sys
from pathlib import Path

from entente import cli, coding, coding_check, sample
from entente.agreement import by_field
from entente.errors import EntenteError
from entente.tables import Interim


def folders(corpora):
    """Return the corpora's folders: as given, or all in corpus/."""
    return corpora or sorted(path.parent for path in Path("corpus").glob("*/corpus.yaml"))


def run_sample(interim, corpora, output, n, unit, seed, allocation, years, more, after, coded):
    """Draw a sample, or extend one, and write it with its coding sheets into the folder *output*."""
    corpora = folders(corpora)
    if more is None:
        design, drawn = sample.draw(interim, corpora, n, unit, seed, allocation, years)
        todo = drawn
    else:
        design, drawn, todo = extended(interim, corpora, more, after, coded)
    if (output / "sample.jsonl").exists():
        raise EntenteError(
            f"{output}: it holds a sample, perhaps with codes; give another folder as --output"
        )
    coding.sheet(coding.texts(interim, corpora, todo), output)
    cli.write(output / "design.jsonl", [design])
    cli.write(output / "sample.jsonl", drawn)
    sys.stdout.write(
        f"{output}: {len({one.document for one in todo})} documents to code, in {len(design.strata)} strata\n"
    )


def extended(interim, corpora, more, after, coded):
    """Return (design, the whole sample, what to code next) of a coded sample, and print what it would bring."""
    if after is None or not coded:
        raise EntenteError(
            "--more goes on from a coded sample: give its folder as --after, its files as --coded"
        )
    (design,) = cli.read(after / "design.jsonl", sample.Design)
    before = list(cli.read(after / "sample.jsonl", sample.Drawn))
    records = (one for path in coded for one in coding_check.read(path, before, partial=True))
    gold, _ = coding_check.first_and_second(records)
    found = sample.narrowing(interim, corpora, design, gold, more)
    for row in found.strata:
        if row["more"]:
            sys.stdout.write(f"{row['more']:5} more of {row['population']:6}: {row['stratum']}\n")
    sys.stdout.write(
        f"equity share, half-width of the interval: now {found.half_width:.4f}, then {found.half_width_then:.4f} expected\n"
    )
    whole = sample.frame(Interim(Path(interim), tuple(map(Path, corpora))), "document", design.years)
    return found.design, sample.select(found.design, whole), found.units


def run_import(paths, sample_file, coder, partial, output, replace):
    """Check coded files, and write them as gold: output/CORPUS/gold.jsonl, and second.jsonl of what was coded twice."""
    drawn = list(cli.read(sample_file or paths[0].with_name("sample.jsonl"), sample.Drawn))
    several = partial or len(paths) > 1
    coded, faults = [], []
    for path in paths:
        try:
            coded += coding_check.read(path, drawn, coder, partial=several)
        except EntenteError as fault:
            faults.append(str(fault))
    lacking = {unit.document for unit in drawn} - {f"{gold.corpus}/{gold.id}" for gold in coded}
    if lacking and not partial and not faults:
        faults.append(
            f"{len(lacking)} documents are not coded in any file, such as {min(lacking)}; code them, or give --partial"
        )
    if faults:
        raise EntenteError("\n".join(faults))
    first, second = coding_check.first_and_second(coded)
    for name, found in (("gold", first), ("second", second)):
        for corpus in sorted({gold.corpus for gold in found.values()}):
            path = output / corpus / f"{name}.jsonl"
            if path.exists() and not replace:
                raise EntenteError(
                    f"{path}: is there already; give another --output, or --replace to write it anew"
                )
            cli.write(
                path, [found[document] for document in sorted(found) if found[document].corpus == corpus]
            )
            sys.stdout.write(f"{path}: {sum(gold.corpus == corpus for gold in found.values())} documents\n")
    for row in (
        by_field([(first[document], second[document]) for document in sorted(second)]) if second else ()
    ):
        alpha = f", alpha {row['alpha']:.2f} [{row['low']:.2f}, {row['high']:.2f}]" if "alpha" in row else ""
        sys.stdout.write(f"{row['field']}: {row['units']} units, agreement {row['agreement']:.2f}{alpha}\n")


def add(commands):
    """Add `sample` and `code` to a parser's *commands*."""
    sub = commands.add_parser("sample", help="draw documents to code by hand, and write their coding sheets")
    size = sub.add_mutually_exclusive_group(required=True)
    size.add_argument("--n", type=int, help="units to draw")
    size.add_argument(
        "--more", type=int, help="how many more documents, chosen to narrow the equity share's interval most"
    )
    sub.add_argument(
        "--output",
        type=Path,
        required=True,
        help="new folder for the sample and its sheets; they hold whole texts",
    )
    sub.add_argument(
        "--unit", choices=("document", "mention"), default="document", help="what is drawn (default document)"
    )
    sub.add_argument("--seed", type=int, default=1, help="of the lot (default 1)")
    sub.add_argument(
        "--allocation",
        choices=("proportional", "neyman"),
        default="proportional",
        help="to strata, beyond 2 each: by size (default), or more where the model is less sure",
    )
    sub.add_argument("--years", type=int, default=5, help="length of a period (default 5)")
    sub.add_argument(
        "--after", type=Path, metavar="FOLDER", help="with --more: folder of the sample to go on from"
    )
    sub.add_argument(
        "--coded", type=Path, nargs="+", default=[], metavar="FILE", help="with --more: what was coded of it"
    )
    sub.add_argument(
        "--interim",
        type=Path,
        default=Path("results/interim"),
        help="the run's records (default results/interim)",
    )
    sub.add_argument(
        "--corpora",
        type=Path,
        nargs="+",
        metavar="FOLDER",
        help="corpora to draw from (default all in corpus/)",
    )
    sub.set_defaults(run=run_sample)

    actions = commands.add_parser("code", help="what was coded by hand").add_subparsers(
        required=True, metavar="ACTION"
    )
    sub = actions.add_parser("import", help="check coded sheets and make gold of them")
    sub.add_argument(
        "paths",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="coding.xlsx, the page's or Label Studio's JSON; of one or two coders",
    )
    sub.add_argument(
        "--sample", type=Path, dest="sample_file", help="sample.jsonl (default beside the first FILE)"
    )
    sub.add_argument("--coder", help="who coded (default whom the file names)")
    sub.add_argument("--partial", action="store_true", help="some documents may not be coded yet")
    sub.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="gold is written to FOLDER/CORPUS/gold.jsonl",
    )
    sub.add_argument("--replace", action="store_true", help="write files anew that are there")
    sub.set_defaults(run=run_import)
