"""What is published: every record, explained, harmless, and the same on every run."""

import csv
import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from entente import cli, dataset, dictionary, estimate, evaluate, figures, package, publish, tables
from entente.errors import EntenteError
from entente.records import Claim, Duplicate, Gold, Organisation, Rejected
from markdown_it import MarkdownIt
from test_estimate import alliance, command, document, mention, store

PNG = b"\x89PNG\r\n\x1a\n"
STAKES = [{"holder": "Sony", "target": "venture", "percent": 50}]
ALLIANCE = {
    "partners": ["Sony", "Ericsson"],
    "form": "joint_venture",
    "equity_status": "equity",
    "functions": [],
    "value_chain": "unclear",
    "status": "signed",
}
PARTNERS = [
    Organisation(id="o-ericsson", name="Ericsson", names={"sv": ["Ericsson"]}),
    Organisation(id="o-sony", name="Sony", names={"en": ["Sony"]}),
]
HOSTILE = '=cmd|"/c calc"!A1\n<script>alert(1)</script> | [x](javascript:alert(1)) `*_'
LONG = f"Sony and Ericsson {'agreed and ' * 50}signed."


def claim(**changes):
    """Return a claim that differs as *changes* say."""
    values = {
        "id": "wire/1.txt#c1",
        "document": "wire/1.txt",
        "measure": "growth",
        "value": -65.0,
        "value_low": None,
        "value_high": None,
        "unit": "percent",
        "period": "since 2000",
        "population": None,
        "sample_size": None,
        "cited_source": None,
        "evidence": [{"start": 0, "end": 4}],
    } | changes
    return Claim(**values)


def stored(root, records):
    """Store *records* below *root*; of a kind that is not given, one alliance and what belongs to it."""
    store(
        root,
        **{
            "documents": [document()],
            "mentions": [mention()],
            "alliances": [alliance(mentions=["wire/1.txt@1"])],
            "organisations": PARTNERS,
        }
        | records,
    )


def file(root, name, **records):
    """Return the rows of the published file *name*, as a reader of the file sees them."""
    stored(root, records)
    columns = dictionary.columns(dataset.FILES[name])
    found = dataset.FILES[name](tables.Interim(root / "interim", (root / "corpus" / "wire",)))
    list(package.into_csv(root / f"{name}.csv", package.columnar(name, found, columns), columns))
    return tables.read(root / f"{name}.csv")


def published(root, **records):
    """Run the stages on *records*, and return the folder of what they publish."""
    stored(root, records)
    for stage, arguments in stages(root):
        run(stage, arguments)
    return root / "results"


def stages(root):
    """Yield each stage after `evaluate` with its arguments."""
    for table in estimate.TABLES:
        yield estimate, [*command(root, table), "--output", f"{root}/results/tables/{table}.csv"]
    common = ["--corpora", f"{root}/corpus/wire", "--tables", f"{root}/results/tables"]
    yield package, [f"{root}/interim", *common, "--output", f"{root}/results/package"]
    yield publish, [f"{root}/results/package", *common, "--output", f"{root}/results"]


def publishing(root):
    """Return the arguments of the last stage."""
    return list(stages(root))[-1][1]


def run(stage, arguments):
    """Run a stage's command; it must succeed."""
    with pytest.raises(SystemExit, match=r"^0$"):
        cli.main("", stage.add_arguments, stage.run, arguments)


def test_an_alliance_is_a_readable_row(tmp_path):
    """Lists are joined, stakes read as a phrase, numbers are plain, what is not known is empty."""
    told = alliance(
        mentions=["wire/1.txt@1", "wire/2.txt@1"],
        stakes=STAKES,
        functions=["rnd", "marketing"],
        term_years=10.0,
        confidence=0.87654321,
        languages=["en", "sv"],
    )

    (row,) = file(tmp_path, "alliances", alliances=[told])

    assert row == {
        "id": "a-1",
        "partners": "Sony; Ericsson",
        "venture_name": "",
        "form": "joint_venture",
        "equity_status": "equity",
        "functions": "rnd; marketing",
        "value_chain": "unclear",
        "stakes": "Sony 50 % of venture",
        "status": "signed",
        "date": "2001-04-24",
        "year": "2001",
        "term_years": "10",
        "languages": "en; sv",
        "corpora": "wire",
        "mentions": "2",
        "confidence": "0.8765",
    }


def test_a_mention_names_its_document_its_alliance_and_its_sentences(tmp_path):
    """The offsets are those of the quotation, in Danish, German and Japanese as in English."""
    texts = {
        "da.txt": "Æblet faldt. Sony og Ericsson går sammen.",
        "de.txt": "Börse. Sony und Ericsson gründen ein Gemeinschaftsunternehmen.",
        "ja.txt": "市況。ソニーとエリクソンは合弁会社を設立した。",
    }
    spans = {name: {"start": len(text) - 10, "end": len(text)} for name, text in texts.items()}

    rows = file(
        tmp_path,
        "mentions",
        documents=[document(name, text=text) for name, text in texts.items()],
        mentions=[mention(name, evidence=[span]) for name, span in spans.items()],
        alliances=[alliance(mentions=["wire/ja.txt@1"])],
    )

    assert [row["document"] for row in rows] == ["wire/da.txt", "wire/de.txt", "wire/ja.txt"]
    assert [row["alliance"] for row in rows] == ["", "", "a-1"]
    for row, text in zip(rows, texts.values(), strict=True):
        start, end = map(int, row["offsets"].split("-"))
        assert row["evidence"] == text[start:end]


def test_a_long_quotation_is_cut(tmp_path):
    """300 characters at most, the cut shown; the offsets are those of the whole sentence."""
    (row,) = file(
        tmp_path,
        "mentions",
        documents=[document(text=LONG)],
        mentions=[mention(evidence=[{"start": 0, "end": len(LONG)}])],
    )

    assert row["evidence"] == f"{LONG[:299]}…"
    assert row["offsets"] == f"0-{len(LONG)}"


def test_a_claim_keeps_its_figure(tmp_path):
    """A negative number is a number, and the quotation stands beside it."""
    (row,) = file(tmp_path, "claims", claims=[claim()])

    assert (row["value"], row["value_low"], row["period"]) == ("-65", "", "since 2000")
    assert (row["quote"], row["offsets"]) == ("Sony", "0-4")


def test_every_document_is_published_duplicates_and_uncovered_too(tmp_path):
    """Each with what it repeats, and whether its language has a lexicon."""
    results = published(
        tmp_path,
        documents=[document(), document("2.txt"), document("is.txt", language="is")],
        duplicates=[Duplicate(document="wire/2.txt", duplicate_of="wire/1.txt", similarity=1)],
    )

    rows = tables.read(results / "package/documents.csv")
    assert [(row["id"], row["duplicate_of"], row["covered"]) for row in rows] == [
        ("wire/1.txt", "", "true"),
        ("wire/2.txt", "wire/1.txt", "true"),
        ("wire/is.txt", "", "false"),
    ]
    assert (rows[0]["characters"], rows[0]["language_probability"]) == ("41", "0.9877")
    assert "**Not covered** (documents): is (1)." in (results / "README.md").read_text(encoding="utf-8")


def test_what_was_rejected_is_listed_and_counted_by_reason(tmp_path):
    """Two files of one reason, one of another."""
    refused = [Rejected(source=f"{n}.pdf", reason="unsupported", detail="no reader") for n in (2, 1)]
    refused.append(Rejected(source="0.txt", reason="no_text", detail="empty"))

    results = published(tmp_path, rejected=refused)

    assert [row["source"] for row in tables.read(results / "package/rejected.csv")] == [
        "0.txt",
        "1.pdf",
        "2.pdf",
    ]
    page = (results / "README.md").read_text(encoding="utf-8")
    assert r"| no\_text | 1 | nothing is left after normalisation |" in page
    assert "| unsupported | 2 | no reader for this kind of file |" in page


def test_an_organisation_has_its_names_and_the_number_of_its_alliances(tmp_path):
    """One that is a partner of no alliance of these corpora is left out."""
    found = [
        Organisation(id="o-sony", name="Sony", names={"ja": ["ソニー"], "en": ["Sony", "Sony Corp"]}),
        Organisation(id="o-nokia", name="Nokia", names={"fi": ["Nokia"]}),
    ]

    (row,) = file(tmp_path, "organisations", organisations=found)

    assert list(row.values()) == ["o-sony", "Sony", "en: Sony, Sony Corp; ja: ソニー", "1"]


def test_no_cell_runs_as_a_formula_or_breaks_its_line(tmp_path):
    """Names, titles and ids come from anybody's documents."""
    results = published(
        tmp_path,
        documents=[document(title=HOSTILE, text=HOSTILE)],
        mentions=[mention(partners=[{"name": HOSTILE, "start": 0, "end": 5}])],
        alliances=[alliance(partner_names=[HOSTILE, "Sony\r\n\x07"], venture_name="@SUM(A1)")],
        organisations=[PARTNERS[0], Organisation(id="o-sony", name="+Sony", names={"en": [HOSTILE]})],
        rejected=[Rejected(source="-1.txt", reason="no_text", detail="=1\t2")],
    )

    for path in results.rglob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = list(csv.reader(lines, strict=True))
        assert len({len(row) for row in rows}) == 1, path
        texts = [cell for row in rows for cell in row if not re.fullmatch(r"-\d+(\.\d+)?(e-\d+)?", cell)]
        assert not [text for text in texts if text.startswith(("=", "+", "-", "@"))], path


def test_the_page_shows_markup_of_a_corpus_as_text(tmp_path):
    """Nothing in a title or a citation becomes HTML, a link or a new cell."""
    folder = store(tmp_path)
    description = (folder / "corpus.yaml").read_text(encoding="utf-8")
    title = "title: '<img src=x onerror=alert(1)> [x](javascript:alert(1)) | **bold**'"
    results = published(tmp_path)
    (folder / "corpus.yaml").write_text(description.replace("title: Wire news", title), encoding="utf-8")
    run(publish, publishing(tmp_path))

    page = MarkdownIt("commonmark").render((results / "README.md").read_text(encoding="utf-8"))

    heading = "&lt;img src=x onerror=alert(1)&gt; [x](javascript:alert(1)) | **bold**"
    assert f"<h3>wire: {heading}</h3>" in page


def test_the_page_says_what_the_numbers_are_and_are_not(tmp_path):
    """Shares with n, definition and interval; errors of extraction; the sample; each corpus's terms."""
    page = (published(tmp_path) / "README.md").read_text(encoding="utf-8")

    assert r"| joint\_venture | 1 | 1 | 0 | 0 | 1 | 0.2065 | 1 | 1 | 1 |" in page
    assert "95 % Wilson interval" in page
    assert "confidence of 0.5 or more" in page
    assert "**Errors of extraction are not in these intervals**" in page
    assert "**Not a random sample: wire.**" in page
    for text in (
        "CC0-1.0",
        "<https://example.org/wire_news>",
        "None needed.",
        "Every report on a made-up market",
    ):
        assert text in page


def test_scores_are_shown_short_and_with_the_number_that_they_rest_on(tmp_path):
    """One of two alliances found: recall 1/2, F 2/3; what was not scored is empty; the file keeps four decimals."""
    stored(tmp_path, {})
    case = (document(), [mention()], [], Gold(id="1.txt", alliances=[ALLIANCE] * 2))
    evaluate.evaluate([case], 0).to_csv(tmp_path / "interim/evaluation.csv", index=False)

    results = published(tmp_path)

    _, _, scores = (results / "README.md").read_text(encoding="utf-8").partition("## How good")
    names, _, row = ([cell.strip() for cell in line.split("|")[1:-1]] for line in scores.splitlines()[2:5])
    shown = dict(zip((name.replace("\\", "") for name in names), row, strict=True))
    wanted = {"factor": "all", "documents": "1", "alliance_n": "2", "alliance_recall": "0.50"}
    wanted |= {"alliance_f": "0.67", "stake_f": "", "function_f": "", "claim_f": ""}
    assert {name: shown[name] for name in wanted} == wanted
    assert tables.read(results / "tables/evaluation.csv")[0]["alliance_f"] == "0.6667"


def test_a_random_sample_is_not_called_an_illustration(tmp_path):
    """The caution names only the corpora that are no random sample."""
    results = published(tmp_path)
    description = tmp_path / "corpus" / "wire" / "corpus.yaml"
    text = description.read_text(encoding="utf-8").replace("random: false", "random: true")
    description.write_text(text, encoding="utf-8")
    run(publish, publishing(tmp_path))

    assert "Not a random sample" not in (results / "README.md").read_text(encoding="utf-8")


def test_every_file_and_every_column_is_explained(tmp_path):
    """The page links each published file, and names each of its columns in that file's section."""
    results = published(tmp_path, claims=[claim()])
    page = (results / "README.md").read_text(encoding="utf-8")

    for path in [*results.glob("package/*.csv"), *results.glob("tables/*.csv")]:
        name = path.relative_to(results).as_posix()
        section = page.partition(f"### [{name}]({name})\n")[2].partition("\n### ")[0]
        header = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
        assert header, name
        assert [column for column in header if f"`{column}`" not in section] == [], name
    assert (results / "figures/equity_share.svg").exists()
    assert "](figures/equity_share.svg)" in page


def test_a_second_run_elsewhere_is_the_same_to_the_byte(tmp_path):
    """In another process, with other hashes, another locale, time zone and division into parts."""
    found = [document(f"{n}.txt") for n in range(4)]
    told = [mention(f"{n}.txt") for n in range(4)]
    first = published(tmp_path / "first", documents=found, mentions=told)
    second = tmp_path / "second"
    store(second, found[::-2], mentions=told[::-2], part="0")
    summary = {"alliances": [alliance(mentions=["wire/1.txt@1"])]}
    summary["organisations"] = PARTNERS
    store(second, found[::2], mentions=told[::2], part="1", **summary)
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    for stage, arguments in stages(second):
        if stage is estimate:
            run(stage, arguments)
        else:
            subprocess.run([sys.executable, "-m", stage.__name__, *arguments], env=environment, check=True)

    files = {path.relative_to(first): path.read_bytes() for path in first.rglob("*") if path.is_file()}
    again = {
        path.relative_to(second / "results"): path.read_bytes()
        for path in (second / "results").rglob("*")
        if path.is_file()
    }
    assert sorted(files) == sorted(again)
    assert [path for path in files if files[path] != again[path]] == []


def test_a_mention_without_its_document_is_refused(tmp_path):
    """The message says where, and what to run."""
    with pytest.raises(
        EntenteError, match=r"wire/0/mentions\.jsonl: wire/9.txt@1 is of document wire/9\.txt"
    ):
        file(tmp_path, "mentions", mentions=[mention("9.txt")])


def test_a_table_that_was_not_made_is_asked_for(tmp_path):
    """Nothing is published on half the tables."""
    results = published(tmp_path)
    (results / "tables" / "sources.csv").unlink()

    with pytest.raises(SystemExit, match=r"sources\.csv: no such table; run estimate"):
        cli.main("", publish.add_arguments, publish.run, publishing(tmp_path))


# ---- the figure ------------------------------------------------------------------------------------


def shares(column, years, *counts):
    """Return the rows of a table with the label and the (equity, contractual) numbers of each of *counts*."""
    made = []
    for label, equity, contractual in counts:
        forms = ["joint_venture"] * equity + ["contractual"] * contractual
        group = [alliance(n, form=form, year=int(label[:4])) for n, form in enumerate(forms)]
        made += group
    table = estimate.equity_shares(made, years, 0.95)
    return [{column if k == "period" else k: tables.cell(v) for k, v in row.items()} for row in table]


def test_thin_years_are_drawn_as_periods():
    """With ten alliances in the median year, years; with nine, periods; rows without a date are no points."""
    rich = ("1998", 5, 5), ("1999", 6, 5), ("2000", 2, 1)
    thin = ("1998", 5, 4), ("1999", 6, 5), ("2000", 2, 1)

    drawn = [figures.series(shares("year", 1, *c), shares("period", 5, *c)) for c in (rich, thin)]

    assert [(unit, sorted({row[unit] for row in rows})) for unit, rows in drawn] == [
        ("year", ["1998", "1999", "2000"]),
        ("period", ["1995-1999", "2000-2004"]),
    ]


def test_the_figure_shows_both_shares_their_intervals_and_their_n():
    """8 of 20 alliances are equity: 40 %, Wilson 22 % to 61 % by hand; n stands above."""
    _, rows = figures.series(shares("year", 1, ("2001", 8, 12)), [])

    upper = figures.draw("year", rows, 0.95).axes[0]

    heights = [round(float(y), 2) for line in upper.lines for y in line.get_ydata()]
    assert {0.4, 0.22, 0.61, 0.6, 0.39, 0.78} <= set(heights)
    assert "20" in [text.get_text() for text in upper.texts]


def test_the_drawing_tells_itself_to_who_cannot_see_it(tmp_path):
    """The SVG is well formed, its title and description have the numbers, and no date is in it."""
    results = published(tmp_path)

    drawing = ElementTree.parse(results / "figures/equity_share.svg").getroot()

    name = "{http://www.w3.org/2000/svg}"
    assert drawing.get("role") == "img"
    assert drawing.findtext(f"{name}title") == figures.TITLE
    assert "2000-2004: 1 (0.2065 to 1; 1)" in drawing.findtext(f"{name}desc")
    assert "date" not in (results / "figures/equity_share.svg").read_text(encoding="utf-8")
    assert (results / "figures/equity_share.png").read_bytes().startswith(PNG)


def test_a_study_without_alliances_is_published(tmp_path):
    """Empty tables have a header, the figure says that there is nothing, and nothing fails."""
    results = published(tmp_path, alliances=[], mentions=[], organisations=[])

    assert tables.read(results / "package/alliances.csv") == []
    assert "No alliance with a year" in (results / "figures/equity_share.svg").read_text(encoding="utf-8")
