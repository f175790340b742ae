"""Behind each cell stand as many records as the cell counts, whatever the table."""

import csv
import json
from pathlib import Path

import pytest
from entente import behind, estimate, explain
from entente.study import Study
from reports import mention, resolved

COUNTED = {
    "alliances", "equity", "contractual", "unknown", "left_out", "count", "n", "n_before", "documents", "duplicates",
    "mentions", "rejected", "records", "files", "matches", "units", "seen", "recaptured", "gold_documents",
    "gold_pairs", "found_pairs", "right_pairs", "items", "claims",
}  # fmt: skip
# Columns of these names that count what is no record: cases that a text tells of, choices, documents with a report.
OTHERS = {
    "register": {"n", "claims", "documents"},
    "literature": {"n"},
    "error_budget": {"n"},
    "corrected_shares": {"n"},
    "resolution_quality": {"left_out"},
    "blocking_growth": {"mentions"},
    "agreement": set(),
}
CORPUS = """\
title: Reports
language: en
licence: CC0-1.0
source: written for a test
retrieved: 2001-04-24
citation: none
drawn: All there is.
random: true
"""
FORMS = ("joint_venture", "minority_equity", "contractual", "unspecified")


def write(path, records):
    """Write records as JSON Lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (r if isinstance(r, dict) else json.loads(r.model_dump_json()) for r in records)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return a study of a run over 32 reports in two corpora, a copy among them, coded by two readers."""
    root = tmp_path_factory.mktemp("project")
    mentions, texts, gold = {"c": [], "d": []}, {"c": [], "d": []}, {"c": [], "d": []}
    for number in range(32):
        corpus = "cd"[number % 2]
        source = f"{number}.txt"
        pair = f"Alpha{number // 3} Corp", f"Beta{number // 3} Ltd"
        found = mention(
            f"{corpus}/{source}",
            *pair,
            form=FORMS[number // 3 % 4],
            functions=["rnd"] if number % 5 else [],
            date=f"{1990 + number // 6}-04-24",
            language="de" if number % 7 == 0 else "en",
        )
        mentions[corpus].append(found)
        texts[corpus].append(
            {
                "id": f"{corpus}/{source}",
                "corpus": corpus,
                "source": source,
                "sha256": "0",
                "title": "",
                "text": f"{pair[0]} and {pair[1]} agreed.",
                "language": found.language,
                "language_probability": 1.0,
                "date": found.date,
                "date_source": "metadata",
                "genre": "announcement",
                "signature": "",
            }
        )
        coded = {
            name: getattr(found, name)
            for name in ("form", "equity_status", "functions", "value_chain", "status")
        }
        coded |= {"partners": list(pair), "alliance": f"k{number // 3}", "date": found.date, "evidence": []}
        if number % 4 == 0:
            coded |= {"form": "contractual", "equity_status": "contractual"}
        alliances = [] if number % 9 == 0 else [coded]
        gold[corpus].append({"id": source, "genre": "announcement", "alliances": alliances, "claims": []})
        place = root / "corpus" / corpus / "documents" / source
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("text")
    for corpus in "cd":
        folder = root / "corpus" / corpus
        (folder / "corpus.yaml").write_text(CORPUS)
        write(folder / "gold.jsonl", gold[corpus])
        write(folder / "second.jsonl", [g | {"genre": "other"} for g in gold[corpus][:4]])
        for name, records in {"documents": texts, "mentions": mentions}.items():
            write(root / "results/interim" / corpus / f"0/{name}.jsonl", records[corpus])
        for name in ("claims", "rejected"):
            write(root / "results/interim" / corpus / f"0/{name}.jsonl", [])
    copy = mentions["d"][-1]
    kept = [m for corpus in "cd" for m in mentions[corpus] if m is not copy]
    alliances, organisations = resolved(*kept)
    write(root / "results/interim/alliances.jsonl", alliances)
    write(root / "results/interim/organisations.jsonl", organisations)
    repeated = {"document": copy.document, "duplicate_of": "d/29.txt", "similarity": 1.0}
    write(root / "results/interim/duplicates.jsonl", [repeated])
    scores = root / "results/interim"
    made = Study(scores, (root / "corpus/c", root / "corpus/d"), 5, 0.95, 0.3)
    from entente import evaluate  # noqa: PLC0415

    coded = sorted(evaluate.coded_documents(scores, made.corpora), key=lambda case: case[0].id)
    evaluate.evaluate(coded, 0.3).to_csv(scores / "evaluation.csv", index=False)
    return made


def test_every_table_says_what_stands_behind_it():
    """The entries are those of `estimate`."""
    assert behind.TABLES.keys() == estimate.TABLES.keys()


def rows_of(study, table):
    """Return the rows of a table as they are published."""
    path = Path(study.interim.parent, "tables", f"{table}.csv")
    rows = list(estimate.TABLES[table](study))
    estimate.tables.write(path, rows, estimate.tables.header(estimate.TABLES[table], rows))
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "table", [name for name in behind.TABLES if name not in ("trends", "blocking_growth")]
)
def test_behind_a_count_stand_as_many_records_as_it_says(study, table):
    """Of every row; and the key columns name each row."""
    entry = behind.TABLES[table]
    rows = rows_of(study, table)
    names = [tuple(row[key] for key in entry.keys) for row in rows]

    assert len(set(names)) == len(names)
    for row in rows:
        selected = entry.select(study, row)
        replayed = behind.Behind(entry.keys, lambda *_, found=selected: found, entry.columns)
        for column in (COUNTED & row.keys()) - OTHERS.get(table, set()):
            if row[column].isdigit():
                found = replayed.groups(study, row, column)
                assert sum(map(len, found.values())) == int(row[column]), (row, column, found.keys())


def test_a_row_is_named_by_any_of_its_columns(study):
    """By place or by name; and no other row is shown."""
    rows_of(study, "equity_share_by_year")
    folders = study.corpora
    text = explain.explain(
        ["equity_share_by_year", "definition=joint_venture", "1990", "equity"], study.interim, folders
    )

    assert text.count("table equity_share_by_year") == 1
    assert "* a-" in text
    assert "[[" not in text  # these mentions have no evidence to mark


def test_a_table_of_ones_own_is_followed_by_the_names_of_its_columns(study):
    """A column with an alliance's field selects by it."""
    rows = [{"status": "signed", "alliances": "11"}, {"status": "ended", "alliances": "0"}]
    entry = behind.behind("mine", rows)

    assert entry.keys == ("status",)
    assert len(entry.groups(study, rows[0], "alliances")["alliances"]) == len(study.alliances())
    assert entry.groups(study, rows[1], "alliances") == {"alliances": []}
