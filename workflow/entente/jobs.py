"""What Snakemake keeps of a run in the project's folder: which rule made which file, from what, by which command, when."""

import base64
import csv
import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from entente.errors import EntenteError


@dataclass(frozen=True)
class Job:
    """One call of a rule. ``start`` and ``end`` are seconds since 1970; files are paths below the project."""

    rule: str
    inputs: tuple
    outputs: tuple
    command: str
    start: float
    end: float
    log: str | None

    @property
    def memory(self):
        """Return the name below results/logs by which the job's benchmark goes."""
        return (self.log or "").removeprefix("results/logs/").removesuffix(".log")


def jobs(project):
    """Return the list of jobs that made the files that are there, by rule and first output.

    Raises
    ------
    EntenteError
        If Snakemake left nothing in *project*.
    """
    folder = Path(project, ".snakemake", "metadata")
    groups = defaultdict(list)
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if not path.is_file():
            continue
        # A long path is cut into folders, whose names open with @.
        output = base64.b64decode(
            "".join(part.lstrip("@") for part in path.relative_to(folder).parts)
        ).decode()
        kept = json.loads(path.read_text(encoding="utf-8"))
        if not kept.get("incomplete") and Path(project, output).exists():
            # The times that are kept of one job's outputs differ by a little; the command tells jobs apart.
            groups[kept["rule"], kept.get("shellcmd") or output].append((output, kept))
    if not groups:
        raise EntenteError(
            f"{folder}: nothing is known of a run; run the workflow in this folder first: make run"
        )
    found = [
        Job(
            rule,
            tuple(same[0][1].get("input") or ()),
            tuple(sorted(output for output, _ in same)),
            command,
            min(kept["starttime"] for _, kept in same),
            max(kept["endtime"] for _, kept in same),
            next(iter(same[0][1].get("log") or ()), None),
        )
        for (rule, command), same in groups.items()
    ]
    return sorted(found, key=lambda job: (job.rule, job.outputs))


def megabytes(project, job):
    """Return the most memory that a job took, in MB, as Snakemake measured it; None if it did not."""
    path = Path(project, "results/logs/benchmark", f"{job.memory}.tsv")
    if not job.memory or not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        told = [row["max_rss"] for row in csv.DictReader(file, delimiter="\t")]
    numbers = [float(text) for text in told if text not in ("-", "NA", "")]
    return max(numbers, default=None)


def moment(seconds):
    """Return a time as ISO 8601 has it, to the second, in UTC.

    >>> moment(0)
    '1970-01-01T00:00:00+00:00'
    """
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()


def sha256(path):
    """Return the hexadecimal SHA-256 of a file."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
