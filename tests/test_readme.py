"""What the documentation says is so: recipes work, figures are those of the files, links lead somewhere.

Parts of it are made from the files that they tell of. ``python tests/test_readme.py`` writes them anew.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import textwrap
from collections import Counter
from pathlib import Path

import pytest
import yaml
from entente import __version__, schema
from entente.records import Gold, GoldAlliance, GoldClaim, Stake
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
PAGES = [
    *ROOT.glob("*.md"),
    *ROOT.glob("corpus/*.md"),
    *ROOT.glob("corpus/*/README.md"),
    *(page for folder in ("config", "results", "workflow") for page in ROOT.glob(f"{folder}/**/*.md")),
]
ENVIRONMENT = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
STORY = """\
<REUTERS NEWID="{}">
<DATE>26-FEB-1987 15:01:01.79</DATE>
<TEXT><TITLE>{}</TITLE><BODY>{}</BODY></TEXT>
</REUTERS>
"""
STORIES = (
    ("GM AND TOYOTA", "General Motors Corp and Toyota Motor Corp formed a joint venture to build cars."),
    (
        "COCOA REVIEW",
        "Showers continued throughout the week in the Bahia cocoa zone, alleviating the drought.",
    ),
    (
        "COCOA REVIEW",
        "Showers continued throughout the week in the Bahia cocoa zone, alleviating the drought.",
    ),
)
TEXTS = {
    "one.txt": "Sony\n\nPhilips and Sony Corp formed a joint venture; they will train mechanics together.\n",
    "two/zwei.txt": "Ein Abkommen\n\nSiemens AG und Bosch GmbH gründen ein Gemeinschaftsunternehmen.\n",
}

# ---- the parts that are made ------------------------------------------------------------------------


def table(header, rows):
    """Return a Markdown table."""
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in (header, ["---"] * len(header), *rows))


def equity_share():
    """Return the shares over all years, as the run published them."""
    columns = ("definition", "alliances", "equity", "contractual", "unknown", "share", "low", "high")
    with (ROOT / "results/tables/equity_share_by_period.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["period"] == "all"]
    return table(columns, [[row[column] for column in columns] for row in rows])


def entente_extract():
    """Return what the README's call of `entente extract` writes."""
    [call] = [code for kind, code in blocks(ROOT / "README.md") if code.startswith("entente extract")]
    done = subprocess.run(
        ["bash", "-c", call], capture_output=True, encoding="utf-8", env=ENVIRONMENT, check=True
    )
    lines = [
        textwrap.fill(line, 120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
        for line in done.stdout.splitlines()
    ]
    return "```text\n" + "\n".join(lines) + "\n```"


def corpus_keys():
    """Return the keys of corpus.yaml, as the schema describes them."""
    properties = yaml.safe_load((schema.SCHEMAS / "corpus.schema.yaml").read_text(encoding="utf-8"))[
        "properties"
    ]
    return table(
        ("key", "what it is"), [(f"`{key}`", rule["description"]) for key, rule in properties.items()]
    )


def counts(corpus):
    """Return the counts of a corpus's gold, one row a question."""
    lines = (ROOT / "corpus" / corpus / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    gold = [json.loads(line) for line in lines]
    alliances = [alliance for document in gold for alliance in document["alliances"]]
    claims = [claim for document in gold for claim in document["claims"]]
    languages = {(a["alliance"], g["id"].split("/")[0]) for g in gold for a in g["alliances"]}
    spread = Counter(alliance for alliance, _ in languages)
    rows = {
        "documents": [len(gold)],
        "by language": Counter(g["id"].split("/")[0] for g in gold),
        "by genre": Counter(g["genre"] for g in gold),
        "by ending": Counter(g["id"].partition("#")[0].rpartition(".")[2] for g in gold),
        "without an alliance, by kind": Counter(g["non_alliance"] for g in gold if not g["alliances"]),
        "alliances reported": [len(alliances)],
        "agreements": [len(spread)],
        "agreements in two or more languages": [sum(number > 1 for number in spread.values())],
        "by form": Counter(a["form"] for a in alliances),
        "by status": Counter(a["status"] for a in alliances),
        "by function": Counter(function for a in alliances for function in a["functions"]),
        "by decade announced": dict(sorted(Counter(decade(a["date"]) for a in alliances).items())),
        "figures reported, by measure": Counter(claim["measure"] for claim in claims),
    }
    return table(("what", "number"), [(what, told(number)) for what, number in rows.items()])


def decade(date):
    """Return the decade of an ISO date."""
    return f"{date[:3]}0s" if date else "undated"


def told(number):
    """Return counts as words, the most frequent first where they have no order of their own."""
    if isinstance(number, Counter):
        number = dict(sorted(number.items(), key=lambda item: (-item[1], item[0])))
    return ", ".join(f"{name} {n}" for name, n in number.items()) if isinstance(number, dict) else number[0]


def second_coding():
    """Return how far the two coders of the announcements agree, as the run published it."""
    columns = ("field", "units", "agreement", "alpha", "low", "high")
    with (ROOT / "results/tables/agreement.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["corpus"] == "announcements"]
    return table(columns, [[row[column] for column in columns] for row in rows])


def model_languages():
    """Return the languages for which the model has weights of their own."""
    model = json.loads((ROOT / "workflow/entente/model/decisions.json").read_text(encoding="utf-8"))
    own = {feature.split("&")[0] for weights in model.values() for feature in weights if "&" in feature}
    return f"Languages with training documents: {', '.join(sorted(own & {p.stem for p in LEXICONS}))}."


LEXICONS = list((ROOT / "workflow/entente/lexicon").glob("*.yaml"))
MADE = {
    "equity_share": equity_share,
    "entente_extract": entente_extract,
    "corpus_keys": corpus_keys,
    "announcements_counts": lambda: counts("announcements"),
    "reference_counts": lambda: counts("reference"),
    "second_coding": second_coding,
    "model_languages": model_languages,
}
PART = re.compile(
    r"(<!-- (\w+): written by `python tests/test_readme.py` -->\n)(.*?)(<!-- end -->)", re.DOTALL
)


def parts():
    """Return (page, name, text) of every part that is made."""
    return [
        (page, name, text)
        for page in PAGES
        for _, name, text, _ in PART.findall(page.read_text(encoding="utf-8"))
    ]


def write():
    """Write all parts anew."""
    for page in {page for page, _, _ in parts()}:
        text = page.read_text(encoding="utf-8")
        page.write_text(
            PART.sub(lambda part: f"{part[1]}\n{MADE[part[2]]()}\n\n{part[4]}", text), encoding="utf-8"
        )


# ---- what a page holds ------------------------------------------------------------------------------


def blocks(page):
    """Yield (language, code) of the fenced code of a page."""
    for token in MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8")):
        if token.type == "fence":
            yield token.info, token.content


def section(page, heading):
    """Return the part of a page under a heading."""
    level, _, _ = heading.partition(" ")
    text = page.read_text(encoding="utf-8").partition(f"\n{heading}\n")[2]
    return re.split(rf"^#{{1,{len(level)}}} ", text, flags=re.MULTILINE)[0]


def anchors(page):
    """Return the names by which GitHub reaches the headings of a page."""
    found = MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8"))
    titles = (found[i + 1].content for i, token in enumerate(found) if token.type == "heading_open")
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def links(page):
    """Yield the targets of the links and images of a page."""
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")):
        for inner in token.children or ():
            yield from (value for name, value in inner.attrs.items() if name in ("href", "src"))


# ---- recipes ----------------------------------------------------------------------------------------


FILE = re.compile(r"(?:#|//) ([\w./]+)(?:, (below|above) `(.*)`)?\n")


def follow(project, code, path, place, line):
    """Write a block of code to the file that it names, or add it there below or above a line."""
    content = code.partition("\n")[2]
    file = project / path
    if place:
        text = file.read_text(encoding="utf-8")
        assert f"\n{text}".count(f"\n{line}\n") == 1, f"{path}: not one line is {line!r}"
        both = f"{content}{line}\n" if place == "above" else f"{line}\n{content}"
        content = f"\n{text}".replace(f"\n{line}\n", f"\n{both}")[1:]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")


def write_inputs(home):
    """Write what the recipes start from: texts of one's own, and the archive of Reuters-21578."""
    for path, text in TEXTS.items():
        (home / "texts" / path).parent.mkdir(parents=True, exist_ok=True)
        (home / "texts" / path).write_text(text, encoding="utf-8")
    stories = "".join(STORY.format(number, *story) for number, story in enumerate(STORIES, 1))
    (home / "reut2-000.sgm").write_text(stories + '<REUTERS NEWID="4">\n', encoding="utf-8")
    (home / "README.txt").write_text("Reuters-21578\n", encoding="utf-8")
    (home / "Downloads").mkdir()
    with tarfile.open(home / "Downloads/reuters21578.tar.gz", "w:gz") as archive:
        for name in ("reut2-000.sgm", "README.txt"):
            archive.add(home / name, name)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Return a copy of the project in which the recipes were followed, after its run."""
    home, copy = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("copy")
    write_inputs(home)
    shutil.copy2(ROOT / "Snakefile", copy)
    for name in ("config", "workflow"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    environment = ENVIRONMENT | {"HOME": str(home), "PYTHONPATH": str(copy / "workflow")}
    recipes = [block for block in blocks(ROOT / "corpus/RECIPES.md") if "reuters" in block[1]]
    for kind, code in (*blocks(ROOT / "README.md"), *recipes):
        commands = "".join(
            line
            for line in code.splitlines(keepends=True)
            if line not in ("make run\n", "entente corpus new reuters ~/data/reuters-21578\n")  # it would ask
        )
        if named := FILE.match(code):
            follow(copy, code, *named.groups())
        elif kind == "sh" and code.startswith(("mkdir", "entente corpus")):
            subprocess.run(["bash", "-euc", commands], cwd=copy, env=environment, check=True)
    run = [sys.executable, "-m", "snakemake", "--profile", "workflow/profiles/default"]
    done = subprocess.run(run, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


def rows(project, path):
    """Return the rows of a published table."""
    with (project / "results" / path).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_an_added_corpus_appears_in_the_results(project):
    """Its documents, its row in the account, and its description."""
    documents = {row["id"] for row in rows(project, "package/documents.csv") if row["corpus"] == "mine"}

    assert documents == {f"mine/{path}" for path in TEXTS}
    assert {"mine", "reuters", "all"} == {row["corpus"] for row in rows(project, "tables/sources.csv")}
    assert "### mine: My press releases" in (project / "results/README.md").read_text(encoding="utf-8")


def test_an_external_corpus_adds_up(project):
    """Three stories, of which one is a copy, and one that breaks off, in one file outside the project."""
    [row] = [row for row in rows(project, "tables/sources.csv") if row["corpus"] == "reuters"]

    assert [row[name] for name in ("files", "records", "documents", "duplicates", "rejected")] == list(
        "14211"
    )


def test_an_added_code_is_found_and_explained(project):
    """The function comes out of a text with the phrase, and stands in the data dictionary."""
    functions = {
        row["id"].partition("@")[0]: row["functions"] for row in rows(project, "package/mentions.csv")
    }

    assert "training" in functions["mine/one.txt"].split("; ")
    assert "- `training`: joint training of staff" in (project / "results/README.md").read_text(
        encoding="utf-8"
    )


def test_an_added_table_is_published_and_explained(project):
    """It counts each alliance once, and its columns stand in the data dictionary."""
    counted = sum(int(row["alliances"]) for row in rows(project, "tables/alliances_by_status.csv"))

    assert counted == len(rows(project, "package/alliances.csv")) > 0
    assert "number of alliances of this status" in (project / "results/README.md").read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="pdflatex is not installed")
def test_a_paper_reads_a_table_as_told(tmp_path):
    """With any engine, and no package but those of the recipe."""
    [paper] = [code for kind, code in blocks(ROOT / "README.md") if kind == "latex"]
    (tmp_path / "paper.tex").write_text(paper, encoding="utf-8")
    (tmp_path / "results").symlink_to(ROOT / "results")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert "Overfull" not in done.stdout


# ---- pages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("page", "name", "text"), parts(), ids=[name for _, name, _ in parts()])
def test_what_is_made_from_files_is_as_the_files_are(page, name, text):
    """The shares, the output of `entente extract`, the keys, the counts of the datasheets, the languages."""
    assert text.strip() == MADE[name](), f"{page.relative_to(ROOT)} is stale; run python tests/test_readme.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(page):
    """Links to the web are not followed."""
    for link in links(page):
        path, _, anchor = link.partition("#")
        if not re.match(r"\w+:", link):
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_of_yaml_and_json_is_valid(page):
    """A corpus.yaml by its schema, an entry of gold by its record, all others as YAML and JSON."""
    for kind, code in blocks(page):
        if kind == "yaml" and "corpus.yaml" in code.partition("\n")[0]:
            content = schema.Loader(code).get_single_data()
            assert not schema.faults(content, "corpus")
        elif kind == "yaml":
            assert yaml.safe_load(code)
        elif kind == "json":
            assert Gold.model_validate_json(code).alliances


def test_the_format_of_gold_names_every_field():
    """A field more in the record is a field more on the page."""
    told_of = set(re.findall(r"`(\w+)`", section(ROOT / "corpus/README.md", "## gold.jsonl")))

    for record in (Gold, GoldAlliance, GoldClaim, Stake):
        assert set(record.model_fields) <= told_of


def test_every_stage_of_the_workflow_is_told():
    """In the order of the Snakefile."""
    told_of = re.findall(
        r"^\| `(\w+)` \|", section(ROOT / "README.md", "## How a result is made"), re.MULTILINE
    )

    included = re.findall(
        r'include: "workflow/rules/(\w+).smk"', (ROOT / "Snakefile").read_text(encoding="utf-8")
    )
    assert told_of == included


def test_the_citation_is_of_this_version():
    """With the keys that the format 1.2.0 demands."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))

    assert citation["cff-version"] == "1.2.0"
    assert citation.keys() >= {"message", "title", "authors"}
    assert citation["version"] == __version__
    assert __version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


if __name__ == "__main__":
    write()
