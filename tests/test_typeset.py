"""The typeset tables: what a reader of a paper needs, numbers rounded by one rule, and every cell as it is."""

import csv
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from entente import cli, dictionary, estimate, tables, typeset
from lxml import html
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
LUALATEX, PDFLATEX = shutil.which("lualatex"), shutil.which("pdflatex")
HOSTILE = (
    r"\input{/etc/passwd} $x^2$ & 50 % #1 _a_ ~ {b} \\",
    "<script>alert(1)</script> & <b>",
    "=HYPERLINK(1) | *a* [x](y) `c`",
    "[2cm] -- ''q'' \"r\" >> http://a.example",
    "合資企業は五割を出資する、提携と合弁と共同開発",
    "المشروع المشترك 50 بالمئة",
    "מיזם משותף 2001",
    "Ελληνικά, Русский, Łódź",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folder of the tables as published, typeset, with hostile cells in two of them."""
    root = tmp_path_factory.mktemp("results")
    shutil.copytree(ROOT / "results/figures", root / "figures")
    (root / "tables").mkdir()
    for name, table in estimate.TABLES.items():
        rows = tables.read(ROOT / f"results/tables/{name}.csv")
        for text, row in zip(HOSTILE, rows, strict=False):
            if name == "literature":
                row |= {"population": tables.cell(text), "source": tables.cell(text)}
            if name == "sources":
                row["corpus"] = tables.cell(text)
        with (root / "tables" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, tables.header(table, rows))
            writer.writeheader()
            writer.writerows(rows)
    run(root)
    return root / "tables"


def run(root):
    """Typeset the tables below *root*."""
    corpora = ["--corpora", str(ROOT / "corpus/announcements"), str(ROOT / "corpus/reference")]
    with pytest.raises(SystemExit, match=r"^0$"):
        cli.main(
            "",
            typeset.add_arguments,
            typeset.run,
            [f"{root}/tables", *corpora, "--output", f"{root}/tables.xlsx"],
        )


def rows_of(page):
    """Return the texts of the cells of a page's table, the header first."""
    return [[cell.text_content() for cell in row.iter("th", "td")] for row in page.iter("tr")]


def read_page(made, name):
    """Return the page of a table, as a browser would read it."""
    return html.document_fromstring((made / f"{name}.html").read_text(encoding="utf-8"))


# ---- what is printed --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", estimate.TABLES)
def test_the_notes_tell_interval_errors_coverage_and_the_full_table(made, name):
    """Where there is an interval, its level, and whether errors of extraction are in it."""
    page = read_page(made, name)
    notes = page.find(".//figcaption").text_content()
    heads = " ".join(rows_of(page)[0])

    assert "274 documents in 15 languages were read; all languages met are covered" in notes
    assert f"All columns and rows: {name}.csv." in notes
    if "CI]" in heads or "nterval" in heads:
        assert "Level of the intervals: 95 %." in notes
        assert re.search("[Ee]rrors of extraction|extracted by the pipeline", notes)


def test_a_share_is_one_cell_with_its_interval(made):
    """The shares over all years, as the file has them, to two decimals."""
    [row] = [
        row
        for row in tables.read(made / "equity_share_by_period.csv")
        if (row["period"], row["definition"]) == ("all", "joint_venture")
    ]
    [line] = [
        r for r in rows_of(read_page(made, "equity_share_by_period")) if r[:2] == ["all", "joint venture"]
    ]

    share, low, high = (f"{float(row[name]):.2f}" for name in ("share", "low", "high"))
    assert f"{share} [{low}, {high}]" in line


def test_languages_that_are_not_covered_are_named():
    """With the number of their documents."""
    rows = [
        {"language": "en", "coverage": "covered", "documents": "1200"},
        {"language": "fi", "coverage": "not covered", "documents": "7"},
    ]

    [fact] = typeset.facts_of({"coverage_by_language": rows}, [])

    assert fact == "1,207 documents in 2 languages were read; not covered (documents): fi (7)."


@pytest.mark.parametrize(
    ("table", "column", "unit", "text", "expected"),
    [
        ("trends", "p", "", "0.0004", "<0.001"),
        ("forms_by_period", "share", "", "0.4950", "0.50"),
        ("forms_by_period", "share", "", "0.4850", "0.48"),
        ("error_budget", "shift", "", "-8.25", "−8.2"),
        ("sources", "files", "", "1234567", "1,234,567"),
        ("trends", "p", "", "0.0005", "<0.001"),
        ("trends", "low", "year", "1991", "1991"),
        ("trends", "statistic", "year", "12.7199", "12.72"),
        ("register", "value", "proportion", "0.347", "0.347"),
        ("register", "start", "", "1985", "1985"),
        ("agreement", "alpha", "", "-0.001", "0.00"),
    ],
)
def test_numbers_are_rounded_half_to_even_by_their_unit(table, column, unit, text, expected):
    """Shares to two decimals, points to one; years have no comma; reported figures stand as they are."""
    assert typeset.number(text, dictionary.column(table, column, ""), unit) == expected


def test_a_long_table_tells_what_is_cut(made):
    """The specification curve is printed for alliances alone, and the note counts the rows."""
    rows = tables.read(made / "specification_curve.csv")
    page = read_page(made, "specification_curve")
    kept = [row for row in rows if row["unit"] == "alliance"]

    assert f"Shown are {len(kept)} of {len(rows)} rows: unit alliance." in page.text_content()
    assert len(rows_of(page)) == 1 + len(kept)


def test_a_table_of_ones_own_needs_no_entry():
    """Its columns are printed under their names, an interval in one cell."""

    def visits(study):
        """Visits, by partner.

        Columns
        -------
        partner : who came
        visits : number of visits
        share : visits / all, a proportion
        low, high : limits of its interval
        level : nominal coverage of the interval
        """

    row = {"partner": "Sony", "visits": "1200", "share": "0.5", "low": "0.25", "high": "0.75", "level": "0.9"}
    of = typeset.printed(visits, [row], [])

    assert of.headings == ["Partner", "Visits", "Share [90 % CI]"]
    assert of.rows == [["Sony", "1,200", "0.50 [0.25, 0.75]"]]


# ---- every cell as it is ----------------------------------------------------------------------------


def test_html_shows_every_cell_and_runs_none(made):
    """Caption, header cells with a scope, notes that the table names; a hostile cell is text."""
    page = read_page(made, "literature")
    table = page.find(".//table")
    shown = [cell for row in rows_of(page) for cell in row]

    assert table.findtext("caption").startswith("Figures of the literature")
    assert {cell.get("scope") for cell in table.iter("th")} == {"col", "row"}
    assert page.get_element_by_id(table.get("aria-describedby")).tag == "figcaption"
    assert not list(page.iter("script"))
    assert set(HOSTILE) <= set(shown)


def test_markdown_shows_every_cell_and_runs_none(made):
    """As GitHub reads it: a table, and no HTML, link or emphasis from a cell."""
    text = (made / "literature.md").read_text(encoding="utf-8")
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    cells = [token.children for before, token in pairwise(tokens) if before.type in ("td_open", "th_open")]

    assert {child.type for cell in cells for child in cell} <= {"text", "text_special"}
    assert set(HOSTILE) <= {"".join(child.content for child in cell) for cell in cells}
    assert not [token for token in tokens if token.type.startswith("html")]


def test_the_workbook_has_typed_cells_no_formula_and_the_codebook(made):
    """A sheet a table, as the first sheet lists; every column and code of them explained."""
    book = openpyxl.load_workbook(made.parent / "tables.xlsx")
    listed = [row[0].value for row in book["contents"].iter_rows(2, 1 + len(estimate.TABLES))]
    sheet = book["literature"]
    heads = [cell.value for cell in sheet[1]]
    sources = {row[heads.index("source")].value for row in sheet.iter_rows(2)}
    explained = {(row[1].value, row[2].value) for row in book["codebook"].iter_rows(2)}

    assert book.sheetnames == ["contents", *listed, "codebook"]
    assert listed == list(estimate.TABLES)
    assert not [c for page in book for row in page.iter_rows() for c in row if c.data_type == "f"]
    assert set(HOSTILE) <= sources
    assert isinstance(sheet.cell(2, 1 + heads.index("value")).value, float)
    assert ("trends", "p_holm") in explained
    assert ("form", "minority_equity") in explained


def test_the_same_tables_give_the_same_bytes(made, tmp_path):
    """The workbook too, whatever packs it: its members are stored."""
    shutil.copytree(made, tmp_path / "tables")
    run(tmp_path)

    files = sorted(path.name for path in made.iterdir())
    assert files == sorted(path.name for path in (tmp_path / "tables").iterdir())
    assert all((made / name).read_bytes() == (tmp_path / "tables" / name).read_bytes() for name in files)
    assert (made.parent / "tables.xlsx").read_bytes() == (tmp_path / "tables.xlsx").read_bytes()


# ---- LaTeX ------------------------------------------------------------------------------------------


def compiled(engine, folder, name):
    """Set a document with LaTeX, and return the text of its PDF and what the engine told."""
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", name]
    for _ in range(2):  # longtable needs a second run
        done = subprocess.run(
            command, cwd=folder, capture_output=True, encoding="utf-8", errors="replace", check=False
        )
        assert done.returncode == 0, done.stdout[-3000:]
    log = (folder / name).with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    pdf = pypdfium2.PdfDocument((folder / name).with_suffix(".pdf"))
    text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    pdf.close()
    return text, log


@pytest.mark.skipif(not LUALATEX, reason="lualatex is not installed")
def test_the_document_of_all_tables_and_figures_compiles(made, tmp_path):
    """Each table has its caption, hostile cells are as they are, and only an unbroken one hangs over the margin."""
    shutil.copytree(made.parent, tmp_path / "results")
    text, log = compiled(LUALATEX, tmp_path / "results/tables", "all.tex")
    packed = re.sub(r"\s|-", "", text)

    for number in range(1, 1 + len(estimate.TABLES)):
        assert f"Table{number}:" in packed
    assert "Figure2:" in packed
    assert not [
        float(points) for points in re.findall(r"Overfull \\hbox \((\S+)pt", log) if float(points) > 10
    ]
    for cell in HOSTILE[:2]:
        assert re.sub(r"\s|-", "", cell) in packed
    fonts = subprocess.run(["fc-list"], capture_output=True, encoding="utf-8", check=False).stdout
    east_asian = "NotoSansCJK" in fonts or ("DroidSansFallback" in fonts and "NanumGothic.ttf" in fonts)
    if "DejaVuSans.ttf" in fonts and east_asian:
        assert "Missing character" not in log
        assert "共同開発" in packed


@pytest.mark.skipif(not PDFLATEX, reason="pdflatex is not installed")
def test_a_latin_table_compiles_with_any_engine(made, tmp_path):
    """A paper that reads one table, long or not, with pdflatex and the three packages named."""
    names = [n for n in estimate.TABLES if "Engine: any." in (made / f"{n}.tex").read_text(encoding="utf-8")]
    for name in names:
        shutil.copy2(made / f"{name}.tex", tmp_path)
    inputs = "\n".join(rf"\input{{{name}.tex}}\clearpage" for name in names)
    paper = rf"\documentclass{{article}}\usepackage{{array, booktabs, longtable}}\begin{{document}}{inputs}\end{{document}}"
    (tmp_path / "paper.tex").write_text(paper, encoding="utf-8")
    text, _ = compiled(PDFLATEX, tmp_path, "paper.tex")

    assert {"equity_share_by_year", "evaluation"} <= set(names)
    assert "literature" not in names
    assert "Equity share of alliances, by year" in text


def test_right_to_left_is_marked_and_its_numbers_are_not_turned():
    """Between Latin words, a stretch from its first to its last right-to-left letter."""
    assert typeset.latex("a מיזם 20.5 משותף 2001 b") == (
        r"a \ententertl{מיזם \ententeltr{20.5} משותף \ententeltr{2001}} b"
    )
