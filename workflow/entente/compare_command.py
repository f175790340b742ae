"""The command `entente diff`: what changed between two published releases."""

import json
import sys
from pathlib import Path


def run(old, new, as_json, limit, exit_code):
    """Print in what two releases differ; with *exit_code*, return 1 if they do. What compares is loaded only here."""
    from entente import compare, compare_report, release  # noqa: PLC0415

    found = compare.compare(release.read(old), release.read(new))
    told = f"{json.dumps(found, ensure_ascii=False, indent=1)}\n"
    text = told if as_json else compare_report.report(found, limit)
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    sys.stdout.write(text)
    return int(exit_code and found["differ"])


def add(commands):
    """Add `diff` to a parser's *commands*."""
    sub = commands.add_parser(
        "diff", help="compare two published releases: what changed, what it does to the shares"
    )
    place = "folder of results, its package/, or a ZIP or tar archive of one"
    sub.add_argument("old", metavar="OLD", type=Path, help=place)
    sub.add_argument("new", metavar="NEW", type=Path, help="the same")
    sub.add_argument("--json", action="store_true", dest="as_json", help="write all of it as JSON, uncut")
    sub.add_argument("--limit", type=int, default=20, metavar="N", help="longest list (default 20)")
    sub.add_argument("--exit-code", action="store_true", help="exit with 1 if the releases differ, 0 if not")
    sub.set_defaults(run=run)
