"""A run is told as a Workflow Run RO-Crate that its validator accepts; the README of a replication package is complete."""

import base64
import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from entente import crate, jobs, replication
from entente.errors import EntenteError

ROOT = Path(__file__).parents[1]
CORPUS = """\
title: Two reports
language: en
licence: CC0-1.0
source: written for a test
retrieved: 2001-04-24
citation: none
drawn: All there is.
random: false
"""
TABLE = "results/tables/sources.csv"
FIGURE = "results/figures/equity_share.svg"
RECORDS = "results/interim/news/0/documents.jsonl"
COMMAND = "python -m entente.estimate sources results/interim --output results/tables/sources.csv"


def keep(project, output, rule, inputs, command, start, end):
    """Write what Snakemake keeps of one output of a job."""
    folder = project / ".snakemake/metadata"
    folder.mkdir(parents=True, exist_ok=True)
    kept = {"rule": rule, "input": inputs, "shellcmd": command, "starttime": start, "endtime": end}
    kept |= {"log": [f"results/logs/{rule}.log"], "incomplete": False}
    (folder / base64.b64encode(output.encode()).decode()).write_text(json.dumps(kept))


@pytest.fixture
def project(tmp_path):
    """Return the folder of a project after a small run, its records of provenance included."""
    files = {
        "corpus/news/corpus.yaml": CORPUS,
        "corpus/news/documents/one.txt": "Sony\n\nSony and Ericsson form a joint venture.\n",
        "corpus/news/documents/<two>.txt": "A copy.\n",
        "corpus/news/documents/three.txt": "A copy.\n",
        "config/config.yaml": "corpora: corpus\n",
        "requirements.lock": "numpy==2.4.6 \\\n    --hash=sha256:00\npandas==3.1.1\n",
        "workflow/rules/estimate.smk": "rule estimate:\n",
        "Snakefile": 'include: "workflow/rules/estimate.smk"\n',
        "CITATION.cff": (ROOT / "CITATION.cff").read_text(encoding="utf-8"),
        RECORDS: "{}\n",
        TABLE: "corpus,files\nnews,3\n",
        FIGURE: "<svg/>",
        "results/logs/benchmark/estimate.tsv": "s\th:m:s\tmax_rss\n1.5\t0:00:01\t123.4\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    keep(
        tmp_path,
        RECORDS,
        "ingest",
        ["corpus/news/corpus.yaml", "corpus/news/documents/one.txt"],
        "python -m entente.ingest",
        0,
        10,
    )
    keep(tmp_path, TABLE, "estimate", [RECORDS], COMMAND, 10, 40)
    keep(tmp_path, FIGURE, "publish", [TABLE], "python -m entente.publish", 40, 70)
    keep(tmp_path, "results/gone.csv", "estimate", [], "python -m entente.estimate gone", 0, 1)
    return tmp_path


def entities(folder):
    """Return {id: entity} of a crate."""
    graph = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    return {entity["@id"]: entity for entity in graph}


def referred(entity, name):
    """Return the ids to which a property of an entity refers."""
    told = entity.get(name, [])
    return [one["@id"] for one in (told if isinstance(told, list) else [told])]


def test_a_crate_tells_what_made_each_published_file_and_from_what(project, tmp_path):
    """The job with its rule, command and times; inputs by digest; what is no more is not told."""
    crate.run(tmp_path / "crate", project)
    told = entities(tmp_path / "crate")

    [job] = [e for e in told.values() if TABLE in referred(e, "result") and e["@id"] != "#run"]
    assert job["description"] == COMMAND
    assert referred(job, "instrument") == ["#rule-estimate"]
    assert (job["startTime"], job["endTime"]) == ("1970-01-01T00:00:10+00:00", "1970-01-01T00:00:40+00:00")
    assert referred(job, "object") == [f"urn:hash::sha256:{hashlib.sha256(b'{}' + bytes([10])).hexdigest()}"]
    assert told[referred(job, "resourceUsage")[0]]["value"] == "123.4"
    assert told[TABLE]["sha256"] == hashlib.sha256((project / TABLE).read_bytes()).hexdigest()
    assert (tmp_path / "crate" / TABLE).read_bytes() == (project / TABLE).read_bytes()
    assert told["#package-numpy"]["softwareVersion"] == "2.4.6"
    assert not [identifier for identifier in told if "gone" in identifier]


def test_every_input_is_named_by_its_digest_and_none_is_copied(project, tmp_path):
    """Rights may forbid a copy; the list is what `sha256sum --check` reads. Equal files are one, with both names."""
    crate.run(tmp_path / "crate", project)
    told = entities(tmp_path / "crate")

    listed = (tmp_path / "crate/inputs/news.sha256").read_text(encoding="utf-8").splitlines()
    files = sorted((project / "corpus/news/documents").iterdir())
    assert listed == [f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}" for f in files]
    copied = [e for e in told.values() if e.get("alternateName")]
    assert [(e["name"], e["alternateName"]) for e in copied] == [("news/<two>.txt", ["three.txt"])]
    assert not (tmp_path / "crate/corpus/news/documents").exists()


def test_of_many_inputs_the_list_and_its_digest_are_told(project, tmp_path, monkeypatch):
    """And not each one."""
    monkeypatch.setattr(crate, "FEW", 2)
    crate.run(tmp_path / "crate", project)
    told = entities(tmp_path / "crate")

    listing = (tmp_path / "crate/inputs/news.sha256").read_bytes()
    assert told["inputs/news.sha256"]["sha256"] == hashlib.sha256(listing).hexdigest()
    assert "news/one.txt" not in {e.get("name") for e in told.values()}
    assert referred(told["#job-ingest-1"], "object") == ["corpus/news/corpus.yaml", "inputs/news.sha256"]


def test_a_crate_may_be_a_zip_and_replaces_only_a_crate(project, tmp_path):
    """A folder with anything else is left as it is."""
    crate.run(tmp_path / "crate.zip", project)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("all of it")

    assert "ro-crate-metadata.json" in zipfile.ZipFile(tmp_path / "crate.zip").namelist()
    with pytest.raises(EntenteError, match="is no crate"):
        crate.run(tmp_path / "mine", project)
    (project / "ro-crate-metadata.json").write_text("{}")
    with pytest.raises(EntenteError, match="the project itself"):
        crate.run(project, project)


def test_without_a_run_nothing_is_told(tmp_path):
    """The message says what to do."""
    with pytest.raises(EntenteError, match="make run"):
        jobs.jobs(tmp_path)


# Without a network the validator lacks the JSON-LD context of RO-Crate 1.1. The package `rocrate` brings that of 1.3, which
# has the same terms; of Bioschemas' they had the addresses without "terms/".
VALIDATE = """
import json
import sys
from importlib.resources import files
from types import SimpleNamespace

from rocrate_validator import models, services
from rocrate_validator.utils.http import HttpRequester

text = files("rocrate").joinpath("data/ro-crate.jsonld").read_text(encoding="utf-8")
text = text.replace("https://bioschemas.org/terms/", "https://bioschemas.org/")
known = SimpleNamespace(
    status_code=200,
    ok=True,
    url="https://w3id.org/ro/crate/1.1/context",
    headers={"Content-Type": "application/ld+json"},
    links={},
    text=text,
    content=text.encode(),
    json=lambda: json.loads(text),
    raise_for_status=lambda: None,
)


def get(self, url, **_):
    assert url == known.url, url
    return known


HttpRequester.get = HttpRequester.fetch_fresh = get
settings = models.ValidationSettings(
    rocrate_uri=sys.argv[1],
    profile_identifier="provenance-run-crate",
    requirement_severity=models.Severity.REQUIRED,
    offline=True,
)
found = services.validate(settings)
print(*(f"{issue.check.identifier}: {issue.message}" for issue in found.get_issues()), sep="\\n")
sys.exit(not found.passed())
"""


def test_the_validator_of_the_profile_accepts_the_crate(project, tmp_path):
    """Provenance Run Crate, and all that it builds on."""
    pytest.importorskip("rocrate_validator")
    crate.run(tmp_path / "crate", project)

    done = subprocess.run(
        [sys.executable, "-c", VALIDATE, str(tmp_path / "crate")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_names_each_table_and_figure_with_what_makes_it(project):
    """Rule, function, the command that makes it alone, and inputs; and what the run measured."""
    text = replication.page(project)

    rows = [line for line in text.splitlines() if line.startswith("| results/")]
    assert len(rows) == 2
    [row] = [line for line in rows if line.startswith(f"| {TABLE}")]
    for part in (
        "estimate.sources",
        "snakemake --profile workflow/profiles/default results/tables/sources.csv",
    ):
        assert part in row
    assert "| estimate | 1 | 30 | 30 | 123 |" in text
    assert "**news**: CC0-1.0" in text


def test_the_readme_has_the_headings_of_the_template():
    """Of the social-science data editors' README, version 1.1."""
    wanted = (
        "Overview",
        "Data availability and provenance statements",
        "Dataset list",
        "Computational requirements",
        "Description of programs/code",
        "Instructions to replicators",
        "List of tables and programs",
        "References",
    )
    headings = [line[3:] for line in replication.PAGE.template.splitlines() if line.startswith("## ")]

    assert tuple(headings) == wanted
