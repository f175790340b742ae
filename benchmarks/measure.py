"""What the benchmarks share: a project to run the workflow in, its jobs with their time and memory, and the report."""

import csv
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
HERE = ROOT / "benchmarks"
CORPUS = """\
title: Benchmark
language: null
licence: Not for redistribution
source: see benchmarks/README.md
retrieved: "2026-01-01"
citation: none
drawn: All there is.
random: false
{extra}"""

# Rules call `python -m entente.STAGE`; this `python` does so and writes down what it took.
SHIM = """\
#!{python} -IS
import json, os, sys, time
begun = time.time()
child = os.spawnv(os.P_NOWAIT, {python!r}, [{python!r}, *sys.argv[1:]])
_, status, used = os.wait4(child, 0)
job = dict(stage=sys.argv[2].partition(".")[2] if sys.argv[1:2] == ["-m"] else sys.argv[1], arguments=sys.argv[3:],
           begun=begun, seconds=time.time() - begun, cpu=used.ru_utime + used.ru_stime, megabytes=used.ru_maxrss / 1000)
with open({log!r}, "a") as log:
    log.write(json.dumps(job) + "\\n")
sys.exit(os.waitstatus_to_exitcode(status) & 255)
"""


def project(folder, corpus=None, extra=""):
    """Return *folder* with the workflow in it, its code linked, and, if given, the documents of *corpus* as its corpus."""
    folder = Path(folder)
    folder.mkdir(parents=True)
    shutil.copy2(ROOT / "Snakefile", folder)
    for name in ("config", "workflow"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "training"))
    if corpus is not None:
        describe(folder, f"path: {Path(corpus).resolve()}\n{extra}")
    return folder


def describe(folder, extra=""):
    """Write the description of a project's one corpus."""
    described = folder / "corpus" / "bench"
    (described / "documents").mkdir(parents=True, exist_ok=True)
    (described / "corpus.yaml").write_text(CORPUS.format(extra=extra), encoding="utf-8")


def snakemake(folder, *arguments):
    """Run Snakemake in a project: return the seconds it took, its jobs as dicts, and what it said.

    A job has ``stage``, ``arguments``, ``seconds``, ``cpu`` (seconds of processors) and ``megabytes`` (peak).
    """
    tools, log = folder / ".bench", folder / ".bench" / "jobs.jsonl"
    tools.mkdir(exist_ok=True)
    log.write_text("", encoding="utf-8")
    shim = tools / "python"
    shim.write_text(SHIM.format(python=sys.executable, log=str(log)), encoding="utf-8")
    shim.chmod(0o755)
    path = os.pathsep.join([str(tools), str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(folder / "workflow")}
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--profile", "workflow/profiles/default", *arguments],
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    seconds = time.perf_counter() - begun
    if done.returncode:
        sys.exit(f"error: {folder}: Snakemake failed; it said\n{done.stdout}")
    return seconds, [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()], done.stdout


def stages(jobs):
    """Return {stage: dict of jobs, seconds (of all jobs one after the other), cpu, megabytes (of the largest)}, in order."""
    found = {}
    for job in sorted(jobs, key=lambda job: job["begun"]):
        stage = found.setdefault(job["stage"], {"jobs": 0, "seconds": 0.0, "cpu": 0.0, "megabytes": 0.0})
        stage["jobs"] += 1
        stage["seconds"] += job["seconds"]
        stage["cpu"] += job["cpu"]
        stage["megabytes"] = max(stage["megabytes"], job["megabytes"])
    return found


def size(folder, pattern="**/*"):
    """Return the bytes of the files below a folder."""
    return sum(path.stat().st_size for path in Path(folder).glob(pattern) if path.is_file())


def lines(folder, pattern):
    """Return how many lines the files below a folder have."""
    total = 0
    for path in sorted(Path(folder).glob(pattern)):
        with path.open("rb") as file:
            total += sum(1 for _ in file)
    return total


def machine():
    """Return the machine and the software in one line: processor, cores, memory, versions, and how busy it was."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        model = next(
            line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")
        )
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{model}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB, {platform.system()} {platform.release()},"
        f" Python {platform.python_version()}; load {os.getloadavg()[0]:.1f} when it began"
    )


def rounded(value):
    """Return a number with three significant digits, and none after the point from 100 on; anything else as text.

    >>> rounded(0.012345), rounded(1234.5), rounded(None), rounded("a")
    ('0.0123', '1234', '', 'a')
    """
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return "" if value is None else str(value)


def markdown(rows):
    """Return *rows*, dicts of the same keys, as a Markdown table."""
    table = [
        list(rows[0]),
        ["---"] * len(rows[0]),
        *([rounded(value) for value in row.values()] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in table)


def report(name, rows, *notes):
    """Print a table with the machine and *notes*, and keep it: as NAME.md and NAME.csv in this folder."""
    text = "\n\n".join([markdown(rows), *notes, f"Machine: {MACHINE}."]) + "\n"
    print(text)
    (HERE / f"{name}.md").write_text(text, encoding="utf-8")
    with (HERE / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: rounded(value) for key, value in row.items()} for row in rows)


MACHINE = machine()
