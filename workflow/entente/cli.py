"""The command line of a stage, and the one place that opens, checks and writes files of records.

A file is written whole or not at all: under another name first, then renamed.
"""

import argparse
import contextlib
import os
import sys
from pathlib import Path

from pydantic import ValidationError

from entente.errors import EntenteError


def read(paths, record):
    """Yield the *record*s of JSON Lines files, one file or several, in the files' order.

    Raises
    ------
    EntenteError
        If a line is not a *record*; the message names file, line, field and fault.
    """
    for path in [paths] if isinstance(paths, str | Path) else paths:
        with Path(path).open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield record.model_validate_json(line)
                except ValidationError as fault:
                    raise EntenteError(f"{path}:{number}: {describe(fault)}") from None


def describe(fault):
    """Return the first fault of a validation error in one line: where in the record, what is wrong, what was found."""
    first = fault.errors()[0]
    found = first["input"].decode(errors="replace") if isinstance(first["input"], bytes) else first["input"]
    where = ".".join(str(part) for part in first["loc"]) or "record"
    return f"{where}: {first['msg']}; found {str(found)[:80]!r}"


@contextlib.contextmanager
def replacing(path):
    """Open *path* for writing; it appears, complete, only when the block ends without an error."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            yield file
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write(path, records):
    """Write *records* to *path* as JSON Lines, each as soon as it comes."""
    with replacing(path) as file:
        for record in records:
            file.write(record.model_dump_json() + "\n")


def main(description, add_arguments, run, arguments=None):
    """Parse *arguments*, call *run* with them by name, and exit; a fault of the input is told in one line."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_arguments(parser)
    finish(run, vars(parser.parse_args(arguments)))


def finish(run, options):
    """Call *run* with *options* by name and exit; a fault of the input or of a file is told in one line, without a trace."""
    try:
        sys.exit(run(**options) or 0)
    except EntenteError as fault:
        sys.exit(f"error: {fault}")
    except BrokenPipeError:
        raise
    except OSError as fault:
        path = fault.filename2 or fault.filename  # the second is what a file was to be renamed to
        sys.exit(f"error: {path}: {fault.strerror}; check the path, and that it may be read or written")
