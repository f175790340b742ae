"""Documents in; coded alliances, tables and a figure out. One rule a stage, in the order of the includes."""

import os
import shutil
from pathlib import Path

from entente import corpora, schema
from entente.digest import source

# Jobs run the package that is imported here; a conda environment (workflow/envs) has its dependencies alone.
if (PACKAGE := Path(schema.__file__).parents[1]).name == "workflow":
    path = filter(None, [str(PACKAGE), os.environ.get("PYTHONPATH")])
    os.environ.update(PYTHONPATH=os.pathsep.join(path))

# Another workflow that uses this one as a module brings its own config.
if workflow.modifier.is_main_snakefile():
    schema.load("config/config.yaml", "config")


configfile: "config/config.yaml"


schema.check(config, "config", "--config")

# The functions of `entente.estimate`, one a table; importing it here would slow down every call.
TABLES = [
    "equity_share_by_year",
    "equity_share_by_period",
    "forms_by_period",
    "functions_by_form",
    "coverage_by_language",
    "sources",
    "evaluation",
    "agreement",
    "equity_share_by_definition",
    "equity_share_by_group",
    "trends",
    "change_over_periods",
    "coverage_by_recapture",
    "error_budget",
    "specification_curve",
    "register",
    "corrected_shares",
    "literature",
    "resolution_quality",
    "duplicates_and_shares",
    "blocking_growth",
]

# Every folder with a corpus.yaml is a corpus. Its files fall into parts, and a part is what one job reads.
FOLDERS = [
    path.parent for path in sorted(Path(config["corpora"]).glob("*/corpus.yaml"))
]
if not FOLDERS:
    raise WorkflowError(
        f"{config['corpora']}/: no folder in it has a corpus.yaml; add one, or name another folder in config/config.yaml"
    )
CORPORA = {folder.name: corpora.load(folder) for folder in FOLDERS}
STATES = {
    f"{name}/{part}": corpora.state(corpus, paths)
    for name, corpus in CORPORA.items()
    for part, paths in corpora.parts(corpus, **config["part"]).items()
}
PARTS = list(STATES)
# What lies beside the workflow stays where it is when a module's prefix moves all other paths.
DESCRIPTIONS = local([folder / "corpus.yaml" for folder in FOLDERS])
# What readers coded by hand: once, some documents a second time by another reader, and which names are one partner's.
GOLD, SECOND, NAMES = (
    local([folder / name for folder in FOLDERS if (folder / name).exists()])
    for name in ("gold.jsonl", "second.jsonl", "names.yaml")
)


wildcard_constraints:
    corpus="[^/]+",
    part="[0-9a-f]{12}",
    table="|".join(TABLES),


rule all:
    input:
        "results/README.md",
        "results/site/index.html",


report: "workflow/report/workflow.rst"


include: "workflow/rules/ingest.smk"
include: "workflow/rules/extract.smk"
include: "workflow/rules/resolve.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/estimate.smk"
include: "workflow/rules/typeset.smk"
include: "workflow/rules/package.smk"
include: "workflow/rules/publish.smk"
include: "workflow/rules/site.smk"


INTERIM = Path(rules.resolve.output.alliances).parent


onstart:
    # The stages after `extract` read every part that they find, so a part that is no more must go.
    for file in INTERIM.glob("*/*/documents.jsonl"):
        if "/".join(file.parts[-3:-1]) not in STATES:
            shutil.rmtree(file.parent)
