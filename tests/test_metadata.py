"""What catalogues and archives are told of Entente is the same everywhere, and that of this version."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CODEMETA, ZENODO = (
    json.loads((ROOT / name).read_text(encoding="utf-8")) for name in ("codemeta.json", ".zenodo.json")
)
AUTHORS = [author["name"] for author in CITATION["authors"]]


def test_every_page_names_the_same_version_and_licence():
    """That of the package."""
    assert {PROJECT["version"], CITATION["version"], CODEMETA["version"], ZENODO["version"]} == {
        PROJECT["version"]
    }
    assert {CITATION["license"], ZENODO["license"], CODEMETA["license"].rpartition("/")[2]} == {
        PROJECT["license"]
    }


def test_every_page_has_the_same_words():
    """Title, description, keywords and authors, as CITATION.cff has them."""
    for page, title, text in (
        (CODEMETA, "name", "description"),
        (ZENODO, "title", "description"),
    ):
        assert (page[title], page[text]) == (CITATION["title"], CITATION["abstract"])
        assert page["keywords"] == CITATION["keywords"]
    assert [author["name"] for author in CODEMETA["author"]] == AUTHORS
    assert [creator["name"] for creator in ZENODO["creators"]] == AUTHORS
    assert CODEMETA["runtimePlatform"] == f"Python {PROJECT['requires-python']}"


def test_the_files_have_the_keys_that_their_forms_demand():
    """CodeMeta 3.0, the deposit of Zenodo, the Citation File Format 1.2.0."""
    assert CODEMETA["@context"] == "https://w3id.org/codemeta/3.0"
    assert CODEMETA["@type"] == "SoftwareSourceCode"
    assert ZENODO.keys() >= {"title", "upload_type", "description", "creators", "access_right", "license"}
    assert CITATION.keys() >= {"cff-version", "message", "title", "authors"}


def test_the_catalogue_finds_what_it_shows():
    """The workflow, its description, its configuration's page, and what deploys its software."""
    shown = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text(encoding="utf-8"))["usage"]
    rules = sorted((ROOT / "workflow/rules").glob("*.smk"))

    assert shown.keys() == {"mandatory-flags", "software-stack-deployment", "report"}
    assert shown["software-stack-deployment"]["conda"] == all(
        '"../envs/entente.yaml"' in rule.read_text(encoding="utf-8") for rule in rules
    )
    for path in ("workflow/Snakefile", "config/README.md", "config/config.yaml", "LICENSE", "README.md"):
        assert (ROOT / path).is_file(), path


def test_the_environment_has_the_packages_of_the_lock():
    """Each with its version and its condition, and no other."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = [line.rstrip("\\ ") for line in re.findall(r"^[a-z0-9].*==.*$", lock, re.MULTILINE)]
    environment = yaml.safe_load((ROOT / "workflow/envs/entente.yaml").read_text(encoding="utf-8"))

    assert environment["dependencies"][-1] == {"pip": locked}, "run make lock"


# ---- cards and data sheets ---------------------------------------------------------------------------


def headings(page):
    """Return the headings of a Markdown page."""
    return re.findall(r"^##+ (.*)$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)


def test_the_model_card_has_every_section_of_its_form():
    """Mitchell et al. (2019), section 4."""
    assert headings("workflow/entente/model/README.md") == [
        "Model details",
        "Intended use",
        "Factors",
        "Metrics",
        "Evaluation data",
        "Training data",
        "Quantitative analyses",
        "Ethical considerations",
        "Caveats and recommendations",
    ]


@pytest.mark.parametrize("corpus", ["announcements", "reference"])
def test_a_data_sheet_has_every_section_of_its_form(corpus):
    """Gebru et al. (2021), section 3."""
    assert headings(f"corpus/{corpus}/README.md") == [
        "Motivation",
        "Composition",
        "Collection process",
        "Preprocessing, cleaning, labelling",
        "Uses",
        "Distribution",
        "Maintenance",
    ]
