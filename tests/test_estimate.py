"""Shares, their intervals, and what they count."""

import pytest
from entente import cli, estimate, tables
from entente import study as studies
from entente.codebook import equity_status
from entente.errors import EntenteError
from entente.records import Alliance, Document, Duplicate, Mention, Organisation, Rejected
from hypothesis import given
from hypothesis import strategies as st

CORPUS = """\
title: Wire news
language: en
licence: CC0-1.0
source: https://example.org/wire_news
retrieved: 2026-01-31
citation: None needed.
drawn: Every report on a made-up market, written for the test.
random: false
"""


def alliance(number=1, **changes):
    """Return an alliance of Sony and Ericsson that differs as *changes* say."""
    values = {
        "id": f"a-{number}",
        "mentions": [f"wire/{number}.txt@1"],
        "partners": ["o-sony", "o-ericsson"],
        "partner_names": ["Sony", "Ericsson"],
        "venture_name": None,
        "form": "joint_venture",
        "functions": [],
        "value_chain": "unclear",
        "stakes": [],
        "status": "signed",
        "date": "2001-04-24",
        "year": 2001,
        "term_years": None,
        "languages": ["en"],
        "corpora": ["wire"],
        "confidence": 0.9,
    } | changes
    return Alliance(equity_status=equity_status(values["form"]), **values)


def document(name="1.txt", corpus="wire", **changes):
    """Return a document that differs as *changes* say."""
    values = {
        "title": "Sony and Ericsson",
        "text": "Sony and Ericsson formed a joint venture.",
        "language": "en",
        "language_probability": 0.98765,
        "date": "2001-04-24",
        "date_source": "metadata",
        "genre": "announcement",
        "sha256": "",
        "signature": "",
    } | changes
    return Document(id=f"{corpus}/{name}", corpus=corpus, source=name, **values)


def mention(name="1.txt", corpus="wire", **changes):
    """Return a mention in the document *name* that differs as *changes* say."""
    values = {
        "id": f"{corpus}/{name}@1",
        "document": f"{corpus}/{name}",
        "partners": [{"name": "Sony", "start": 0, "end": 4}],
        "venture_name": None,
        "form": "joint_venture",
        "equity_status": "equity",
        "functions": [],
        "value_chain": "unclear",
        "stakes": [],
        "status": "signed",
        "date": "2001-04-24",
        "term_years": None,
        "evidence": [{"start": 0, "end": 41}],
        "confidence": 0.9,
        "language": "en",
    } | changes
    return Mention(**values)


def store(root, documents=(), corpus="wire", part="0", **records):
    """Write a part of a corpus below *root*, with a file for each of its documents and rejections."""
    folder = root / "corpus" / corpus
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    (folder / "corpus.yaml").write_text(CORPUS, encoding="utf-8")
    for item in [*documents, *records.get("rejected", ())]:
        (folder / "documents" / item.source.partition("#")[0]).touch()
    for name in ("mentions", "claims", "rejected"):
        cli.write(root / "interim" / corpus / part / f"{name}.jsonl", records.pop(name, ()))
    cli.write(root / "interim" / corpus / part / "documents.jsonl", documents)
    for name in ("alliances", "organisations", "duplicates"):
        cli.write(root / "interim" / f"{name}.jsonl", records.pop(name, ()))
    return folder


def study(root, *corpora, minimum_confidence=0.5):
    """Return the study of the *corpora* stored below *root*."""
    folders = tuple(root / "corpus" / name for name in corpora or ("wire",))
    return studies.Study(root / "interim", folders, 5, 0.95, minimum_confidence)


def rows(table, *args, **kwargs):
    """Return the rows of *table* for a study."""
    return list(estimate.TABLES[table](study(*args, **kwargs)))


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_interval_is_the_published_one(count, n, low, high):
    """Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3."""
    assert studies.wilson(count, n, 0.95)[1:] == (low, high)


def test_a_share_of_nothing_is_missing_not_zero():
    """No alliance of known form: no share and no interval, and no error."""
    assert studies.wilson(0, 0, 0.95) == (None, None, None)


def test_periods_start_at_multiples_of_their_length():
    """The last year of one period and the first of the next are apart."""
    labels = [studies.period(year, 5) for year in (1999, 2000, 2004, 2005)]

    assert labels == ["1995-1999", "2000-2004", "2000-2004", "2005-2009"]


FORMS = ["joint_venture"] * 3 + ["minority_equity"] * 2 + ["contractual"] * 4 + ["unspecified"]


def test_both_definitions_are_counted_and_unknowns_are_shown():
    """Of 3 joint ventures, 2 stakes, 4 contracts and 1 unknown: 3 of 9, and 5 of 9, are equity."""
    alliances = [alliance(n, form=form) for n, form in enumerate(FORMS)]

    *_, ventures, both = estimate.equity_shares(alliances, 5, 0.95)

    counts = ("alliances", "equity", "contractual", "unknown", "share", "share_low_bound", "share_high_bound")
    assert [ventures[name] for name in counts] == [10, 3, 6, 1, 0.3333, 0.3, 0.4]
    assert [both[name] for name in counts] == [10, 5, 4, 1, 0.5556, 0.5, 0.6]
    assert (ventures["definition"], both["definition"]) == ("joint_venture", "joint_venture_or_stake")


def test_alliances_without_a_year_have_a_row_of_their_own(tmp_path):
    """They are in `all` too, and are not given a year."""
    store(tmp_path, alliances=[alliance(1), alliance(2, year=None, date=None), alliance(3, year=1999)])

    by_year = {row["year"]: row["alliances"] for row in rows("equity_share_by_year", tmp_path)}
    by_period = {row["period"]: row["alliances"] for row in rows("equity_share_by_period", tmp_path)}

    assert list(by_year.items()) == [("1999", 1), ("2001", 1), ("unknown", 1), ("all", 3)]
    assert list(by_period.items()) == [("1995-1999", 1), ("2000-2004", 1), ("unknown", 1), ("all", 3)]


@given(st.lists(st.tuples(st.sampled_from(FORMS), st.none() | st.integers(1900, 2030)), max_size=30))
def test_every_alliance_is_counted_once(drawn):
    """Equity, contractual and unknown add up to the alliances of a row, and rows to the row `all`."""
    alliances = [alliance(n, form=form, year=year) for n, (form, year) in enumerate(drawn)]
    table = list(estimate.equity_shares(alliances, 5, 0.95))

    for row in table:
        assert row["equity"] + row["contractual"] + row["unknown"] == row["alliances"]
    for definition in studies.EQUITY_FORMS:
        *parts, whole = (row["alliances"] for row in table if row["definition"] == definition)
        assert sum(parts) == whole == len(alliances)


def test_an_unsure_alliance_is_not_counted(tmp_path):
    """One at the minimum confidence is; each row tells the minimum."""
    store(tmp_path, alliances=[alliance(1, confidence=0.5), alliance(2, confidence=0.49)])

    *_, last = rows("equity_share_by_period", tmp_path)

    assert (last["alliances"], last["minimum_confidence"]) == (1, 0.5)


def test_a_corpus_that_is_not_given_is_not_read(tmp_path):
    """Its alliances and documents lie in the same folder; an alliance that both report is counted."""
    store(tmp_path, [document("old.txt", "old")], corpus="old")
    both = alliance(1, corpora=["old", "wire"])
    store(tmp_path, [document()], alliances=[both, alliance(2, corpora=["old"])])

    assert rows("equity_share_by_year", tmp_path)[-1]["alliances"] == 1
    assert [row["corpus"] for row in rows("sources", tmp_path)] == ["wire", "all"]


def test_forms_are_counted_by_period(tmp_path):
    """Two of three alliances of a period are contractual; forms that none has are rows with 0."""
    forms = ["contractual", "contractual", "unspecified"]
    store(tmp_path, alliances=[alliance(n, form=form) for n, form in enumerate(forms)])

    counted = [row for row in rows("forms_by_period", tmp_path) if row["period"] == "2000-2004"]

    assert [(row["form"], row["count"], row["alliances"]) for row in counted] == [
        ("joint_venture", 0, 3),
        ("minority_equity", 0, 3),
        ("contractual", 2, 3),
        ("unspecified", 1, 3),
    ]


def test_an_alliance_counts_for_each_of_its_functions(tmp_path):
    """One joint venture has two functions, the other none."""
    store(tmp_path, alliances=[alliance(1, functions=["rnd", "marketing"]), alliance(2)])

    counted = {(row["form"], row["function"]): row for row in rows("functions_by_form", tmp_path)}

    for form in ("joint_venture", "all"):
        assert [counted[form, name]["count"] for name in ("rnd", "marketing", "supply")] == [1, 1, 0]
    assert counted["joint_venture", "rnd"]["share"] == 0.5
    assert counted["contractual", "rnd"]["share"] is None


def test_a_language_without_a_lexicon_is_not_covered(tmp_path):
    """Icelandic has none; an alliance in two languages counts in both; a duplicate is counted apart."""
    found = [
        document(),
        document("2.txt"),
        document("de.txt", language="de"),
        document("is.txt", language="is"),
    ]
    store(
        tmp_path,
        found,
        mentions=[mention(), mention("de.txt", language="de")],
        alliances=[alliance(languages=["de", "en"])],
        duplicates=[Duplicate(document="wire/2.txt", duplicate_of="wire/1.txt", similarity=1)],
    )

    table = [tuple(row.values())[:6] for row in rows("coverage_by_language", tmp_path)]

    assert table == [
        ("de", "covered", 1, 0, 1, 1),
        ("en", "covered", 1, 1, 1, 1),
        ("is", "not covered", 1, 0, 0, 0),
    ]


REPEAT = Duplicate(document="wire/2.txt", duplicate_of="wire/1.txt", similarity=0.9)
REFUSED = Rejected(source="4.pdf", reason="unsupported", detail="no reader for .pdf")


def test_all_that_was_read_is_accounted_for(tmp_path):
    """Five records of four files: three documents, a duplicate, a rejection."""
    names = ("1.txt", "2.txt", "3.jsonl#a", "3.jsonl#b")
    store(tmp_path, [document(name) for name in names], rejected=[REFUSED], duplicates=[REPEAT])

    assert rows("sources", tmp_path) == [
        {"corpus": name, "files": 4, "records": 5, "documents": 3, "duplicates": 1, "rejected": 1}
        for name in ("wire", "all")
    ]


def test_a_sum_that_does_not_add_up_is_refused(tmp_path):
    """A duplicate of another run is of no document that was read."""
    store(tmp_path, [document()], duplicates=[REPEAT])

    with pytest.raises(EntenteError, match=r"corpus wire: 1 records read, but 1 documents \+ 1 duplicates"):
        rows("sources", tmp_path)


def test_a_document_in_two_parts_is_refused(tmp_path):
    """It would count twice."""
    store(tmp_path, [document()], part="0")
    store(tmp_path, [document()], part="1")

    with pytest.raises(EntenteError, match="corpus wire: 2 records read, but 1 documents"):
        rows("sources", tmp_path)


def test_a_file_without_a_record_is_refused(tmp_path):
    """Nothing disappears: it was neither read nor rejected."""
    folder = store(tmp_path, [document()])
    (folder / "documents" / "forgotten.txt").touch()

    with pytest.raises(EntenteError, match=r"1 of 2 files gave no record, the first is forgotten\.txt; run"):
        rows("sources", tmp_path)


def test_scores_pass_through_with_four_decimals(tmp_path):
    """Counts stay whole, a missing score stays missing, and without gold the table has its header."""
    store(tmp_path)
    assert rows("evaluation", tmp_path) == []

    scores = "factor,value,documents,alliance_f,stake_f\nlanguage,en,12,0.66666667,\n"
    (tmp_path / "interim" / "evaluation.csv").write_text(scores, encoding="utf-8")

    assert rows("evaluation", tmp_path) == [
        {"factor": "language", "value": "en", "documents": 12, "alliance_f": 0.6667, "stake_f": None}
    ]


def command(root, table, *options):
    """Return the arguments of the stage for *table*."""
    stored = [table, f"{root}/interim", "--corpora", f"{root}/corpus/wire", "--output", f"{root}/{table}.csv"]
    return [*stored, "--period-years", "5", "--level", "0.95", "--minimum-confidence", "0.5", *options]


def test_a_table_is_one_function(tmp_path, monkeypatch):
    """Once it is in TABLES, the command makes it: typed, missing values empty, lines end alike everywhere."""

    def mean_term(study):
        """Mean term. Columns as below."""
        yield {"years": 2.5, "note": None, "name": "=SUM(A1)"}

    monkeypatch.setitem(estimate.TABLES, "mean_term", mean_term)
    store(tmp_path)

    with pytest.raises(SystemExit, match="0"):
        cli.main("", estimate.add_arguments, estimate.run, command(tmp_path, "mean_term"))

    assert (tmp_path / "mean_term.csv").read_bytes() == b"years,note,name\n2.5,,'=SUM(A1)\n"


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (("--level", "95"), "95 is not between 0 and 1; 95 % is 0.95"),
        (("--period-years", "0"), "0 is not a number of years; write 1 or more"),
    ],
)
def test_a_choice_out_of_range_is_told(tmp_path, capsys, options, fault):
    """The message says what to write."""
    with pytest.raises(SystemExit, match="2"):
        cli.main("", estimate.add_arguments, estimate.run, command(tmp_path, "sources", *options))

    assert fault in capsys.readouterr().err


@pytest.mark.parametrize("name", estimate.TABLES)
def test_every_table_is_written_and_every_column_explained(tmp_path, name):
    """An empty study too gives a table with a header."""
    store(tmp_path, [document()], organisations=[Organisation(id="o-sony", name="Sony", names={})])

    with pytest.raises(SystemExit, match="0"):
        cli.main("", estimate.add_arguments, estimate.run, command(tmp_path, name))

    header = (tmp_path / f"{name}.csv").read_text(encoding="utf-8").partition("\n")[0].split(",")
    table = estimate.TABLES[name]
    assert all(tables.meaning(column, table, estimate.TABLES.values()) for column in header)


def test_a_column_without_a_meaning_is_refused():
    """The message names the table and the column."""
    with pytest.raises(EntenteError, match="table sources: column 'profit' is not explained"):
        tables.meaning("profit", estimate.sources)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=HYPERLINK(A1)", "'=HYPERLINK(A1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("＝1", "'＝1"),
        ("\u200b=1", "'=1"),
        ("Sony\nEricsson\x1b[0m", "Sony Ericsson[0m"),
        ("a\ud800b", "ab"),
        ("ソニー", "ソニー"),
        (-65.0, "-65"),
        (-1, "-1"),
        (1e-7, "0.0000001"),
        (float("nan"), ""),
    ],
)
def test_a_cell_is_harmless_and_numbers_stay_numbers(text, shown):
    """What a spreadsheet would run is text; no cell has a second line or an invisible character."""
    assert tables.cell(text) == shown


def test_a_missing_table_names_what_makes_it(tmp_path):
    """The message says which table to estimate."""
    with pytest.raises(EntenteError, match=r"sources\.csv: no such table; run estimate for 'sources' first"):
        tables.read(tmp_path / "sources.csv")
