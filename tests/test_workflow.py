"""The real workflow in a folder of its own: what it makes, what an edit makes anew, what a kill leaves."""

import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STAGES = ("ingest", "extract", "resolve", "evaluate", "estimate", "typeset", "package", "publish", "site")

CORPUS = """\
title: Six reports
language: en
licence: CC0-1.0
source: written for a test
retrieved: 2001-04-24
citation: none
drawn: All there is.
random: false
"""
DOCUMENTS = {
    "en/sony.txt": """\
Sony and Ericsson form a joint venture

TOKYO, 24 April 2001 - Sony Corporation and Ericsson will form a 50-50 joint venture for mobile phones.
""",
    "en/renault.txt": """\
Renault and Nissan sign alliance

TOKYO, 27 March 1999 - Renault will take a 36.8 percent stake in Nissan Motor under an alliance signed today.
""",
    "en/takeover.txt": """\
Vodafone buys Mannesmann

LONDON, 4 February 2000 - Vodafone AirTouch agreed to buy all of Mannesmann, the companies said.
""",
    "de/star.txt": """\
Star Alliance startet

FRANKFURT, 14. Mai 1997 - Lufthansa, United Airlines und Air Canada vereinbarten eine strategische Allianz.
""",
    "ja/nummi.txt": """\
トヨタとGMが合弁会社

（東京、1984年2月21日）トヨタ自動車とゼネラル・モーターズは合弁会社を設立した。
""",
    "da/share.txt": """\
Alliancer i tal

Omkring 25 procent af alle strategiske alliancer er joint ventures.
""",
}
GOLD = {
    "id": "en/sony.txt",
    "genre": "announcement",
    "alliances": [
        {
            "partners": ["Sony Corporation", "Ericsson"],
            "form": "joint_venture",
            "equity_status": "equity",
            "functions": ["other"],
            "value_chain": "horizontal",
            "stakes": [],
            "status": "planned",
            "date": "2001-04-24",
        }
    ],
}


def add_corpus(project, name, documents):
    """Write a corpus into a project."""
    folder = project / "corpus" / name
    for path, text in documents.items():
        (folder / "documents" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "documents" / path).write_text(text, encoding="utf-8")
    (folder / "corpus.yaml").write_text(CORPUS, encoding="utf-8")


def new_project(folder):
    """Return a folder with the real Snakefile, rules, package and config, and a corpus of six documents."""
    shutil.copy2(ROOT / "Snakefile", folder)
    shutil.copytree(ROOT / "config", folder / "config")
    shutil.copytree(ROOT / "workflow", folder / "workflow", ignore=shutil.ignore_patterns("__pycache__"))
    add_corpus(folder, "reports", DOCUMENTS)
    (folder / "corpus" / "reports" / "gold.jsonl").write_text(json.dumps(GOLD) + "\n", encoding="utf-8")
    return folder


def start(project, *arguments):
    """Return Snakemake's process, started in a project with the project's own package."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", "--profile", "workflow/profiles/default", *arguments],
        cwd=project,
        env=os.environ | {"PATH": path, "PYTHONPATH": str(project / "workflow")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def snakemake(project, *arguments):
    """Run Snakemake to its end and return what it said."""
    process = start(project, *arguments)
    said, _ = process.communicate()
    assert process.returncode == 0, said
    return said


def jobs(said):
    """Return {stage: number of jobs} from what Snakemake says that it runs."""
    counts = re.findall(r"^(\w+) +(\d+)$", said, re.MULTILINE)
    return {rule: int(number) for rule, number in counts if rule in STAGES}


def planned(project, *arguments):
    """Return {stage: number of jobs} that a run would make."""
    return jobs(snakemake(project, "--dry-run", *arguments))


def published(project):
    """Return {path: content} of what is published."""
    results = project / "results"
    paths = [path.relative_to(results) for path in sorted(results.rglob("*")) if path.is_file()]
    return {
        str(path): (results / path).read_bytes() for path in paths if path.parts[0] not in {"interim", "logs"}
    }


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Return a project after its run; tests that edit take a copy."""
    project = new_project(tmp_path_factory.mktemp("finished"))
    snakemake(project)
    return project


@pytest.fixture
def copy(finished, tmp_path):
    """Return a copy of the finished project, times and provenance included."""
    return shutil.copytree(finished, tmp_path / "copy")


def test_a_run_publishes_the_data_the_tables_and_the_figure(finished):
    """One table for each function of `estimate`; every document read is published or rejected."""
    from entente.dataset import FILES  # noqa: PLC0415 (slow to import, and needed here only)
    from entente.estimate import TABLES  # noqa: PLC0415

    files = published(finished)

    assert {path for path in files if path.startswith("tables/")} == {
        f"tables/{name}.{ending}" for name in TABLES for ending in ("csv", "tex", "md", "html")
    } | {"tables/all.tex"}
    assert {path for path in files if "/" not in path} == {"README.md", "tables.xlsx"}
    assert {path for path in files if path.endswith(".csv")} - {f"tables/{name}.csv" for name in TABLES} == {
        f"package/{place}.csv" for place in [*FILES, *(f"tables/{name}" for name in TABLES)]
    }
    assert {f"package/{name}" for name in ("datapackage.json", "csv-metadata.json", "entente.sqlite")} <= set(
        files
    )
    assert files["figures/equity_share.png"].startswith(b"\x89PNG")
    assert files["figures/equity_share.svg"].startswith(b"<?xml")
    assert files["figures/equity_share.pdf"].startswith(b"%PDF")
    assert files["tables.xlsx"].startswith(b"PK")
    for path in DOCUMENTS:
        assert f"reports/{path}" in (files["package/documents.csv"] + files["package/rejected.csv"]).decode()


def test_a_second_run_has_nothing_to_do(finished):
    """Nothing is made anew without a cause."""
    assert planned(finished) == {}


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("extract.py", "extract resolve evaluate estimate typeset package publish site"),
        ("resolve.py", "resolve estimate typeset package publish site"),
        ("evaluate.py", "evaluate estimate typeset package publish site"),
        ("dataset.py", "estimate typeset package publish site"),  # the register rests on it
        ("publish.py", "publish site"),
        ("cli.py", "ingest extract resolve evaluate estimate typeset package publish site"),
        (
            "lexicon/en.yaml",
            "ingest extract resolve evaluate estimate typeset package publish site",
        ),  # genres rest on it
        ("command.py", ""),
    ],
)
def test_an_edit_reruns_the_stages_that_it_concerns_and_no_others(copy, name, stages):
    """Of a stage, of what all stages import, of the data of a language, and of no stage's code."""
    with (copy / "workflow" / "entente" / name).open("a", encoding="utf-8") as file:
        file.write("# edit\n")

    assert set(planned(copy)) == set(stages.split())


def test_a_document_put_in_the_place_of_another_is_read_though_it_is_older(copy):
    """As when a file comes back out of an archive, with its time."""
    document = copy / "corpus" / "reports" / "documents" / "en" / "renault.txt"
    document.write_text("Late\n\nNothing was signed.\n", encoding="utf-8")
    os.utime(document, (0, 0))

    assert {"ingest", "extract", "resolve"} <= set(planned(copy))


def test_another_choice_reruns_what_depends_on_it(finished):
    """The level of the intervals concerns the tables, and no record."""
    assert set(planned(finished, "--config", "level=0.9")) == {
        "estimate",
        "typeset",
        "package",
        "publish",
        "site",
    }


def test_an_added_corpus_alone_is_read(copy):
    """The stages that see all corpora follow."""
    add_corpus(
        copy,
        "second",
        {"en/new.txt": "Fujitsu and Siemens\n\nFujitsu and Siemens founded a joint venture.\n"},
    )

    said = snakemake(copy, "--dry-run")

    assert re.findall(r"Reading (\w+)", said) == ["second"]
    assert re.findall(r"Extracting from (\w+)", said) == ["second"]
    assert set(jobs(said)) == set(STAGES)


def test_part_sizes_and_cores_change_no_byte_of_the_results(copy, finished):
    """Parts of three documents or so, on one core; and then a new file touches its own part alone."""
    (copy / "config" / "config.yaml").write_text(
        (copy / "config" / "config.yaml")
        .read_text(encoding="utf-8")
        .replace("documents: 2000", "documents: 4"),
        encoding="utf-8",
    )
    assert planned(copy)["ingest"] > 1

    snakemake(copy, "--cores", "1")

    assert published(copy) == published(finished)

    add_corpus(copy, "reports", {"en/late.txt": "Late\n\nAlcatel and Fujitsu signed a licence agreement.\n"})
    assert planned(copy)["ingest"] == planned(copy)["extract"] <= 3


def test_a_document_added_later_gives_the_bytes_of_a_clean_run(copy, finished):
    """Taken away, and the results made without it; then given back."""
    document = copy / "corpus" / "reports" / "documents" / "en" / "renault.txt"
    text = document.read_text(encoding="utf-8")
    document.unlink()
    snakemake(copy)
    assert published(copy)["package/documents.csv"] != published(finished)["package/documents.csv"]
    document.write_text(text, encoding="utf-8")

    snakemake(copy)

    assert published(copy) == published(finished)


def add_many(project):
    """Put 2,000 documents in 40 files into a project, to be read in some eight parts; one in twenty reports an alliance."""
    lines = [
        {
            "id": str(number),
            "date": f"{1980 + number % 40}-05-01",
            "text": f"Acme{number % 97} Corp and Beta{number % 89} Ltd formed a joint venture to make tyres."
            if number % 20 == 0
            else f"Acme{number % 97} Corp said that profit of its year {number} rose, as sales of tyres grew.",
        }
        for number in range(2000)
    ]
    files = [lines[start : start + 50] for start in range(0, len(lines), 50)]
    texts = {f"{n}.jsonl": "\n".join(map(json.dumps, file)) for n, file in enumerate(files)}
    add_corpus(project, "many", texts)
    config = project / "config" / "config.yaml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("documents: 2000", "documents: 6"), encoding="utf-8"
    )


def test_a_run_killed_at_ten_moments_goes_on_to_the_same_results(tmp_path):
    """Killed without a chance to tidy up, wherever it is, and started again each time."""
    for name in ("whole", "killed"):
        (tmp_path / name).mkdir()
        add_many(new_project(tmp_path / name))
    begun = time.monotonic()
    snakemake(tmp_path / "whole")
    length = time.monotonic() - begun
    moments = random.Random(4)
    for _ in range(10):
        process = start(tmp_path / "killed")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=moments.uniform(0.02, 0.2) * length)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

    snakemake(tmp_path / "killed")

    files = published(tmp_path / "whole")
    assert published(tmp_path / "killed") == files
    assert files["package/documents.csv"].count(b"\nmany/") == 2000


def test_a_wrong_key_in_the_config_stops_the_run_with_its_line(tmp_path):
    """Before anything is made."""
    project = new_project(tmp_path)
    config = project / "config" / "config.yaml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("period_years", "period_year"), encoding="utf-8"
    )
    process = start(project)

    said, _ = process.communicate()

    assert process.returncode == 1
    assert re.search(
        r"config/config.yaml:\d+: unknown key 'period_year'; .* did you mean 'period_years'\?", said
    )
    assert not (project / "results").exists()


def test_snakemake_finds_nothing_to_say_of_the_rules(finished):
    """Each has a log, an environment, and no path that is written twice."""
    process = start(finished, "--lint")
    said, _ = process.communicate()

    assert process.returncode == 0, said
