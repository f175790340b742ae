"""Another workflow uses this one as a module, with its own config and folders; and Snakemake's report explains it all."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
RULE = """
rule count:
    input:
        rules.entente_publish.output.page,
    output:
        "lines.txt",
    shell:
        "wc -l {input} > {output}"
"""


def recipe():
    """Return the Snakefile that README.md tells to write."""
    tokens = MarkdownIt("commonmark").parse((ROOT / "README.md").read_text(encoding="utf-8"))
    [code] = [t.content for t in tokens if t.content.startswith("# Snakefile of your workflow")]
    return code


def snakemake(folder, *arguments):
    """Run Snakemake in a folder, to its end."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "2", *arguments],
        cwd=folder,
        env=os.environ | {"PATH": path, "PYTHONPATH": str(ROOT / "workflow")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """Return the folder of a workflow that follows the recipe, with the corpus of .test elsewhere, after its run."""
    home = tmp_path_factory.mktemp("used")
    (home / "entente").symlink_to(ROOT)
    shutil.copytree(ROOT / ".test/corpus", home / "texts")
    (home / "Snakefile").write_text(recipe() + RULE, encoding="utf-8")
    (home / "config").mkdir()
    config = (ROOT / ".test/config/config.yaml").read_text(encoding="utf-8")
    config = config.replace("corpora: corpus", "corpora: texts")
    (home / "config/alliances.yaml").write_text(config, encoding="utf-8")
    stale = home / "alliances/results/interim/tiny/7/documents.jsonl"  # a part that is no more
    stale.parent.mkdir(parents=True)
    stale.write_text("not a record\n", encoding="utf-8")
    snakemake(home, "lines.txt")
    return home


def test_results_are_made_below_the_prefix(used):
    """And nowhere else; what the texts report is in them, and a rule of one's own may go on from there."""
    alliances = (used / "alliances/results/alliances.csv", used / "alliances/results/package/alliances.csv")
    [text] = [path.read_text(encoding="utf-8") for path in alliances if path.exists()]

    assert re.search(r"Harrow Engineering.*joint_venture.*2011-03-14", text)
    assert (used / "lines.txt").read_text(encoding="utf-8").endswith(" alliances/results/README.md\n")
    assert not (used / "results").exists()
    assert not (used / "alliances/results/interim/tiny/7").exists()


@pytest.fixture(scope="module")
def report(used):
    """Return the report of that run."""
    snakemake(used, "--report", "report.html")
    return used / "report.html"


def test_the_report_has_captions_and_categories(report):
    """Of figures, tables and the page that explains them."""
    text = report.read_text(encoding="utf-8")

    for words in (
        '"Figures"',
        '"Tables"',
        '"Results"',
        "equity_share_by_year",
        "explains every published file",
    ):
        assert words in text, words


def test_the_report_opens_offline_and_without_a_fault(report, chromium):
    """In a real browser: nothing on the console, nothing asked of the network, the categories there to be seen."""
    page, asked, faults = chromium.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda fault: faults.append(str(fault)))

    page.goto(report.as_uri())
    page.get_by_text("Tables").first.wait_for()

    assert not faults
    assert not [url for url in asked if url.startswith(("http:", "https:", "ws:"))]
