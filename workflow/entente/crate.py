"""Tell a run as a Workflow Run RO-Crate: what was published, by which job, of which inputs, by which code and versions.

The crate is of the profile Provenance Run Crate 0.5, as far as Snakemake keeps what that asks for. It holds what was
published, the workflow, its configuration, the lock file, and the descriptions of the corpora. Documents are not copied,
as their rights may forbid that: each is named by its SHA-256, and ``inputs/<corpus>.sha256`` lists all of a corpus in the
form that ``sha256sum --check`` reads. Who ran the workflow is not known, and so not told.
"""

import hashlib
import platform
import re
import shutil
import tempfile
from pathlib import Path

import yaml
from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from entente import __version__, corpora
from entente.errors import EntenteError
from entente.jobs import jobs, megabytes, moment, sha256

FEW = 1000  # inputs of a corpus that are told one by one; of more, the list and its digest are
PROFILES = {
    "process": "Process Run Crate",
    "workflow": "Workflow Run Crate",
    "provenance": "Provenance Run Crate",
}
LICENCES = {"MIT": "https://spdx.org/licenses/MIT"}
TERMS = "https://w3id.org/ro/terms/workflow-run"
WORKFLOW = "Snakefile"
MEDIA = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".yaml": "application/yaml",
}


def make(project, folder):
    """Return the `ROCrate` of the run in *project*; files that it makes by itself are written to *folder*."""
    project = Path(project)
    citation = yaml.safe_load((project / "CITATION.cff").read_text(encoding="utf-8"))
    done = jobs(project)
    crate = ROCrate(version="1.1")  # which the profiles build on
    crate.metadata.extra_terms.update({name: f"{TERMS}#{name}" for name in ("sha256", "resourceUsage")})
    crate.name = f"Results of a run of Entente {__version__}"
    crate.description = f"{citation['abstract'].strip()} This is what one run made, and how it was made."
    crate.license = LICENCES.get(citation["license"], citation["license"])
    crate.root_dataset["datePublished"] = moment(max(job.end for job in done))
    authors = [author(crate, number, told) for number, told in enumerate(citation["authors"], 1)]
    crate.root_dataset["author"] = authors

    workflow = the_workflow(crate, project, citation, authors)
    settings = [
        file(crate, project, path)
        for path in ("config/config.yaml", "requirements.lock")
        if (project / path).exists()
    ]
    weights = [file(crate, project, p) for p in sorted((project / "workflow/entente/model").glob("*"))]
    inputs = [part for path in described(project) for part in of_corpus(crate, project, path, folder)]
    run = action(crate, "#run", f"Run of Entente {__version__}", workflow, done)
    run["object"] = [*inputs, *settings, *weights]
    outputs = {
        path: output(crate, project, path) for job in done for path in job.outputs if path_is_published(path)
    }
    run["result"] = list(outputs.values())
    controls = []
    for number, rule in enumerate(
        dict.fromkeys(job.rule for job in sorted(done, key=lambda job: job.start)), 1
    ):
        controls.append(
            step(crate, project, workflow, rule, number, [j for j in done if j.rule == rule], outputs)
        )
    engine = add(
        crate, "#snakemake", "SoftwareApplication", name="Snakemake", softwareVersion=version("snakemake")
    )
    whole = add(crate, "#organised", "OrganizeAction", name="Snakemake calls the rules", instrument=engine)
    whole["object"], whole["result"] = controls, run
    whole["startTime"], whole["endTime"] = run["startTime"], run["endTime"]
    crate.root_dataset["mentions"] = [run]
    crate.root_dataset["conformsTo"] = [
        add(crate, f"https://w3id.org/ro/wfrun/{key}/0.5", "CreativeWork", name=name, version="0.5")
        for key, name in PROFILES.items()
    ] + [
        add(
            crate,
            "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
            "CreativeWork",
            name="Workflow RO-Crate",
            version="1.0",
        )
    ]
    return crate


def add(crate, identifier, kind, **properties):
    """Add an entity that is no file, and return it."""
    return crate.add(ContextEntity(crate, identifier, properties={"@type": kind} | properties))


def author(crate, number, told):
    """Add an author as CITATION.cff tells of one."""
    person = "family-names" in told
    name = f"{told.get('given-names', '')} {told['family-names']}".strip() if person else told["name"]
    return add(
        crate, told.get("orcid", f"#author-{number}"), "Person" if person else "Organization", name=name
    )


def file(crate, project, path, **properties):
    """Add a file of the project, with its digest and size."""
    path = path if isinstance(path, Path) else Path(project, path)
    there = path.relative_to(Path(project)).as_posix() if path.is_relative_to(project) else path.name
    told = {"name": there, "sha256": sha256(path), "contentSize": str(path.stat().st_size)}
    if path.suffix in MEDIA:
        told["encodingFormat"] = MEDIA[path.suffix]
    return crate.add_file(path, there, properties=told | properties)


def the_workflow(crate, project, citation, authors):
    """Add the workflow, with the files that it is made of, and the versions of what it runs on."""
    main = crate.add_workflow(
        project / WORKFLOW,
        WORKFLOW,
        main=True,
        lang="snakemake",
        properties={
            "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
            "name": citation["title"],
            "version": str(citation["version"]),
            "license": LICENCES.get(citation["license"], citation["license"]),
            "sha256": sha256(project / WORKFLOW),
        },
    )
    main["creator"] = authors
    for path in sorted((project / "workflow/rules").glob("*.smk")):
        file(crate, project, path)
    python = add(
        crate, "#python", "SoftwareApplication", name="Python", softwareVersion=platform.python_version()
    )
    packages = [
        add(crate, f"#package-{name}", "SoftwareApplication", name=name, softwareVersion=number)
        for name, number in locked(project)
    ]
    main["softwareRequirements"] = [python, *packages]
    return main


def locked(project):
    """Return [(name, version)] of the packages that the lock file has, none if it is not there."""
    path = Path(project, "requirements.lock")
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE)


def version(package):
    """Return the version of an installed package."""
    from importlib import metadata  # noqa: PLC0415

    return metadata.version(package)


def described(project):
    """Return the folders of the project's corpora."""
    config = yaml.safe_load((project / "config/config.yaml").read_text(encoding="utf-8"))
    return sorted(path.parent for path in (project / config["corpora"]).glob("*/corpus.yaml"))


def of_corpus(crate, project, path, folder):
    """Add a corpus: its description, gold, and the list of its files with their digests; return what a run reads of it."""
    corpus = corpora.load(path)
    parts = [
        file(crate, project, path / name)
        for name in ("corpus.yaml", "gold.jsonl", "second.jsonl", "names.yaml")
        if (path / name).exists()
    ]
    digests = [
        (sha256(corpus.documents / name), name)
        for name in corpora.files(corpus)
        if (corpus.documents / name).is_file()
    ]
    listing = "".join(f"{digest}  {name}\n" for digest, name in digests)
    there = folder / f"{corpus.name}.sha256"
    there.write_text(listing, encoding="utf-8", errors="backslashreplace", newline="\n")
    parts.append(
        crate.add_file(
            there,
            f"inputs/{corpus.name}.sha256",
            properties={
                "name": f"SHA-256 of the {len(digests)} files of the corpus {corpus.name}",
                "encodingFormat": "text/plain",
                "sha256": hashlib.sha256(there.read_bytes()).hexdigest(),
                "description": f"{corpus.title}. Source: {corpus.source}. Licence: {corpus.licence}",
            },
        )
    )
    if len(digests) <= FEW:
        names = {}
        for digest, name in digests:
            names.setdefault(digest, []).append(name)
        for digest, same in names.items():
            parts.append(by_digest(crate, digest, f"{corpus.name}/{same[0]}", same[1:]))
    return parts


def path_is_published(path):
    """Tell whether a file of a run is published, and no record between stages."""
    return path.startswith("results/") and not path.startswith(("results/interim/", "results/logs/"))


def output(crate, project, path):
    """Add a published file or folder."""
    there = Path(project, path)
    return crate.add_directory(there, path) if there.is_dir() else file(crate, project, path)


def action(crate, identifier, name, instrument, done):
    """Add the action that some jobs were."""
    found = add(crate, identifier, "CreateAction", name=name, instrument=instrument)
    found["startTime"] = moment(min(job.start for job in done))
    found["endTime"] = moment(max(job.end for job in done))
    found["actionStatus"] = {"@id": "http://schema.org/CompletedActionStatus"}
    return found


def step(crate, project, workflow, rule, number, done, outputs):
    """Add a rule as a step of the workflow, and its jobs; return the action that called these."""
    tool = add(
        crate, f"#rule-{rule}", "SoftwareApplication", name=f"rule {rule}", softwareVersion=__version__
    )
    workflow.append_to("hasPart", tool)
    how = add(crate, f"#step-{rule}", "HowToStep", name=rule, position=str(number), workExample=tool)
    workflow.append_to("step", how)
    calls = []
    for place, job in enumerate(done, 1):
        made = action(crate, f"#job-{rule}-{place}", f"{rule} {place}", tool, [job])
        made["description"] = job.command
        told = [outputs.get(path) or record(crate, project, path) for path in job.outputs]
        made["result"] = told
        read = [path for path in job.inputs if Path(project, path).is_file()]
        there = [outputs.get(path) or known(crate, project, path, job) for path in read]
        made["object"] = list({entity.id: entity for entity in there}.values())
        if (most := megabytes(project, job)) is not None:
            made["resourceUsage"] = add(
                crate,
                f"#memory-{rule}-{place}",
                "PropertyValue",
                name="max_rss",
                propertyID="https://snakemake.readthedocs.io/en/stable/snakefiles/rules.html#benchmark-rules",
                value=str(most),
                unitText="MB",
            )
        calls.append(made)
    control = add(crate, f"#control-{rule}", "ControlAction", name=f"Snakemake calls {rule}", instrument=how)
    control["object"] = calls
    return control


def known(crate, project, path, job):
    """Return the entity of a file that a job read: by its path, by its digest, or of many inputs their list."""
    if found := crate.dereference(path) or crate.dereference(
        f"urn:hash::sha256:{sha256(Path(project, path))}"
    ):
        return found
    of = [Path(other).parent.name for other in job.inputs if Path(other).name == "corpus.yaml"]
    lists = [crate.dereference(f"inputs/{name}.sha256") for name in of]
    if len(of) == 1 and lists[0] and not path.startswith("results/"):
        return lists[0]
    return record(crate, project, path)


def record(crate, project, path):
    """Return the entity of a file that is not in the crate: it is named by its digest, and added at its first use."""
    digest = sha256(Path(project, path))
    return crate.dereference(f"urn:hash::sha256:{digest}") or by_digest(crate, digest, path)


def by_digest(crate, digest, name, others=()):
    """Add a file that is not in the crate: it is named by its digest; *others* are its other names."""
    found = add(crate, f"urn:hash::sha256:{digest}", "File", name=name, sha256=digest)
    if others:
        found["alternateName"] = list(others)
    crate.root_dataset.append_to("hasPart", found)
    return found


def run(output, project="."):
    """Write the crate of the run in *project* to a new folder, or to a file whose name ends in .zip."""
    output = Path(output)
    if Path(project).resolve().is_relative_to(output.resolve()):
        raise EntenteError(f"{output}: holds the project itself, and would be replaced; name a new folder")
    if output.exists() and not (output / "ro-crate-metadata.json").exists() and output.suffix != ".zip":
        raise EntenteError(f"{output}: is there and is no crate; name a new folder, or one with a crate")
    with tempfile.TemporaryDirectory() as folder:
        crate = make(Path(project), Path(folder))
        output.parent.mkdir(parents=True, exist_ok=True)
        if output.suffix == ".zip":
            crate.write_zip(output)
        else:
            shutil.rmtree(output, ignore_errors=True)
            crate.write(output)
