"""The command `entente`, called by the tests as a user calls it, and texts to give it."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from entente import command

ROOT = Path(__file__).parents[1]
SENTENCE = "Acme Corp and Beta Ltd formed a joint venture to develop mobile phones in London."
FIGURE = "More than half of all strategic alliances fail within five years, a study of 3,000 alliances found."
NOTHING = "The museum in London will open at nine and close at five, as it has done for many years."


def lines(*records):
    """Return records, or texts with a number for an id, as JSON Lines; bytes are taken as they are."""
    made = [{"id": str(n), "text": r} if isinstance(r, str) else r for n, r in enumerate(records, 1)]
    return b"\n".join(r if isinstance(r, bytes) else json.dumps(r).encode() for r in made) + b"\n"


def run(*arguments, given=b""):
    """Return exit status, standard output and standard error of `entente`, run in this process."""
    out, error = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8")),
        mock.patch("sys.stdout", out),
        mock.patch("sys.stderr", error),
    ):
        try:
            command.main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code
        if isinstance(status, str):  # as the interpreter does with it
            error.write(status + "\n")
            status = 1
        out.flush()
        error.flush()
    return status, out.buffer.getvalue().decode(), error.buffer.getvalue().decode()


def extracted(*arguments, given=b""):
    """Return exit status and parsed lines of `entente extract`, everything it is unsure of included."""
    status, out, error = run("extract", *arguments, "--minimum-confidence", "0", given=given)
    assert error == ""
    assert out == "" or out.endswith("\n")
    return status, [json.loads(line) for line in out.split("\n")[:-1]]


def evidence(found):
    """Return the evidence of all that was found in a document."""
    return [span for record in found["alliances"] + found["claims"] for span in record["evidence"]]


def process(*arguments, given=b"", **environment):
    """Return the finished process of `entente`, run as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "entente", *map(str, arguments)],
        input=given,
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(ROOT / "workflow")} | environment,
        timeout=120,
        check=False,
    )
