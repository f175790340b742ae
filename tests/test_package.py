"""The package is valid, typed, linked, the same in every form, and quotes no more than each document allows."""

import json
import re
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from entente import database, dataset, dictionary, estimate, package, tables
from entente.codebook import CODEBOOK
from entente.errors import EntenteError
from entente.records import Claim, Duplicate, Organisation, Rejected
from hypothesis import given
from hypothesis import strategies as st
from test_estimate import CORPUS, alliance, document, mention, store

README = Path(__file__).parents[1] / "README.md"
CITATION = "authors:\n  - {given-names: Grace, family-names: Hopper, orcid: https://orcid.org/0000-0001}\n"
# One sentence a corpus, which nothing else has; a paragraph is one sentence longer than a quotation may be.
SECRET = {
    "full": "Vermilion otters negotiated quietly beneath the lighthouse of the harbour.",
    "cut": f"Saffron badgers deliberated {'and deliberated ' * 30}until the cobalt evening ended.",
    "offsets": "Indigo lynxes whispered about seven porcelain kettles in the attic.",
}
ZH = "丰田汽车与比亚迪签署合资协议，双方将各出资百分之五十成立研发公司。"
MADE = {"equity_share_by_year", "forms_by_period", "sources", "register"}
"""The tables that are made; the others are empty here."""
CLAIM = {
    "measure": "growth",
    "value": 25,
    "value_low": None,
    "value_high": None,
    "unit": "percent",
    "period": None,
    "sample_size": None,
}


def records(corpus):
    """Return what a corpus whose rights bear its name holds: one document, with its words wherever words can be."""
    text = f"Sony and Ericsson formed a joint venture. {SECRET[corpus]}"
    whole = [{"start": 0, "end": len(text)}, {"start": 42, "end": len(text)}]
    words = {"population": SECRET[corpus], "cited_source": SECRET[corpus]}
    return {
        "documents": [
            document("1.txt", corpus, text=text, title=SECRET[corpus], quotes=corpus, licence="Own")
        ],
        "mentions": [
            mention(
                "1.txt", corpus, evidence=whole, venture_name=SECRET[corpus], stakes=stake(SECRET[corpus])
            )
        ],
        "claims": [
            Claim(id=f"{corpus}/1.txt#c1", document=f"{corpus}/1.txt", evidence=whole[1:], **CLAIM, **words)
        ],
        "rejected": [Rejected(source="2.txt", reason="malformed", detail=f"found {SECRET[corpus]!r}"[:300])],
    }


def stake(holder):
    """Return the stakes of a record: 60 % of the venture are the holder's."""
    return [{"holder": holder, "target": "venture", "percent": 60}]


def stored(root):
    """Store a corpus of each kind of rights, with three alliances, and return the corpora's folders."""
    kinds = {corpus: records(corpus) for corpus in SECRET}
    kinds["full"]["documents"] += [
        document("zh.txt", "full", text=ZH, language="zh", quotes="full"),
        document("copy.txt", "full", quotes="full"),
    ]
    kinds["full"]["mentions"] += [
        mention("zh.txt", "full", language="zh", evidence=[{"start": 0, "end": len(ZH)}])
    ]
    told = [
        alliance(1, mentions=["full/1.txt@1", "full/zh.txt@1"], corpora=["full"], stakes=stake("Sony")),
        alliance(
            2, mentions=["cut/1.txt@1"], corpora=["cut"], form="contractual", functions=["rnd", "supply"]
        ),
        alliance(3, mentions=["offsets/1.txt@1"], corpora=["offsets"], venture_name=SECRET["offsets"]),
        alliance(
            4, mentions=[], corpora=["full"], form="unspecified", year=2002, partner_names=["=1+1", "A\n B"]
        ),
    ]
    partners = [
        Organisation(id="o-sony", name="Sony", names={"en": ["Sony"], "ja": ["ソニー"]}),
        Organisation(id="o-ericsson", name="Ericsson", names={"en": [SECRET["offsets"] * 2, "Ericsson"]}),
    ]
    copies = [Duplicate(document="full/copy.txt", duplicate_of="full/1.txt", similarity=1)]
    for corpus, kind in kinds.items():
        last = {"alliances": told, "organisations": partners, "duplicates": copies}
        folder = store(root, kind.pop("documents"), corpus, **kind, **last)
        (folder / "corpus.yaml").write_text(f"{CORPUS}quotes: {corpus}\n", encoding="utf-8")
    return [root / "corpus" / corpus for corpus in SECRET]


def packed(root, folders):
    """Make the tables and the package of what is stored, and return the package's folder."""
    study = {"interim": root / "interim", "corpora": folders, "period_years": 5, "level": 0.95}
    for name, function in estimate.TABLES.items():
        if name in MADE:
            estimate.run(name, root / f"tables/{name}.csv", **study, minimum_confidence=0.3)
        else:  # as of a study for which it has no row
            tables.write(root / f"tables/{name}.csv", [], tables.header(function, []))
    (root / "CITATION.cff").write_text(CITATION, encoding="utf-8")
    package.run(root / "interim", folders, root / "tables", root / "package", root / "CITATION.cff")
    return root / "package"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folder of a package of three corpora, one of each kind of rights."""
    root = tmp_path_factory.mktemp("made")
    return packed(root, stored(root))


@pytest.fixture
def lake(made):
    """Return a DuckDB connection with the package's views."""
    with duckdb.connect(config={"file_search_path": str(made)}) as connection:
        connection.execute((made / "duckdb.sql").read_text(encoding="utf-8"))
        yield connection


@pytest.fixture
def base(made):
    """Return a connection to the package's SQLite file."""
    with closing(sqlite3.connect(made / "entente.sqlite")) as connection:
        yield connection


def descriptor(folder):
    """Return the descriptor of a package, and its resources by name."""
    told = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return told, {resource["name"]: resource for resource in told["resources"]}


def faults(folder):
    """Return the kinds of fault that frictionless finds in a package."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own
        from frictionless import validate  # noqa: PLC0415

        return {kind for [kind] in validate(str(folder / "datapackage.json")).flatten(["type"])}


# ---- described for machines ------------------------------------------------------------------------


def test_the_data_package_is_valid_and_every_key_is_checked(made, tmp_path):
    """By frictionless, descriptor and data; and what is broken on purpose is told."""
    assert faults(made) == set()

    for path in made.rglob("*.*"):
        (tmp_path / path.relative_to(made)).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path.relative_to(made)).write_bytes(path.read_bytes())
    for name, old, new in (
        ("alliance_partners", "o-sony", "o-none"),
        ("documents", ",full/1.txt,", ",full/9.txt,"),
        ("alliances", "joint_venture", "marriage"),
        ("mentions", "2001-04-24", "April"),
    ):
        path = tmp_path / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert faults(tmp_path) >= {"hash-count", "foreign-key", "constraint-error"}


def test_the_descriptor_is_of_version_2(made):
    """What frictionless does not ask for: the schema, codes as categories, sources, licences, who made it."""
    told, resources = descriptor(made)

    assert told["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert told["contributors"] == [
        {"title": "Grace Hopper", "path": "https://orcid.org/0000-0001", "roles": ["author"]}
    ]
    assert told["licenses"] == [{"name": "CC0-1.0", "title": "CC0-1.0 (corpus cut, full, offsets)"}]
    assert [(source["quotes"], source["path"]) for source in told["sources"]] == [
        (quotes, "https://example.org/wire_news") for quotes in ("cut", "full", "offsets")
    ]
    form = next(field for field in resources["alliances"]["schema"]["fields"] if field["name"] == "form")
    assert form["constraints"]["enum"] == list(CODEBOOK["form"])
    assert form["categories"][2] == {
        "value": "contractual",
        "label": CODEBOOK["form"]["contractual"]["meaning"],
    }
    links = {
        (key["fields"][0], key["reference"].get("resource"))
        for key in resources["documents"]["schema"]["foreignKeys"]
    }
    assert links == {("corpus", "corpora"), ("duplicate_of", None)}
    assert resources.keys() == dataset.FILES.keys() | estimate.TABLES.keys()
    assert all(resource["type"] == "table" and resource["bytes"] for resource in resources.values())


def test_csv_on_the_web_is_valid(made):
    """By csvw, strictly: types, codes, keys, and what points to other tables."""
    import csvw  # noqa: PLC0415 (slow to import, and needed here only)

    found = csvw.CSVW(str(made / "csv-metadata.json"), validate=True)

    assert found.is_valid, found.warnings
    assert len(found.tables) == len(dataset.FILES) + len(estimate.TABLES)


# ---- the same in every form ------------------------------------------------------------------------


@pytest.mark.parametrize("name", dataset.FILES | estimate.TABLES)
def test_csv_parquet_and_sqlite_hold_the_same(made, base, name):
    """Value by value, read by the types of the dictionary; a formula has its apostrophe in CSV alone."""
    _, resources = descriptor(made)
    path = made / resources[name]["path"]
    rows = tables.read(path)
    columns = dictionary.columns((dataset.FILES | estimate.TABLES)[name], rows, package.functions().values())
    wanted = [[dictionary.value(row[c.name], c) for c in columns] for row in rows]

    found = [list(row.values()) for row in pq.read_table(path.with_suffix(".parquet")).to_pylist()]
    stored = [list(row) for row in base.execute(f'SELECT * FROM "{name}" ORDER BY rowid')]

    assert [[None if value == [] else value for value in row] for row in found] == wanted
    assert [
        [
            None if value == "[]" else json.loads(value) if column.type == "list" and value else value
            for column, value in zip(columns, row, strict=True)
        ]
        for row in stored
    ] == wanted
    assert resources[name]["rows"] == len(rows)


def test_long_tables_need_no_parsing(made):
    """A partner, a function, a stake, a name and a sentence each have a row; the holder is a partner."""

    def cells(name, *names):
        return [tuple(row[n] for n in names) for row in tables.read(made / f"{name}.csv")]

    assert cells("alliance_functions", "alliance", "function") == [("a-2", "rnd"), ("a-2", "supply")]
    assert cells("stakes", "alliance", "holder", "organisation", "target", "percent") == [
        ("a-1", "Sony", "o-sony", "venture", "60")
    ]
    assert cells("alliance_partners", "alliance", "position", "name")[-2:] == [
        ("a-4", "1", "'=1+1"),
        ("a-4", "2", "A B"),
    ]
    assert ("o-sony", "ja", "ソニー") in cells("organisation_names", "organisation", "language", "name")
    assert ("full/zh.txt@1", "0", str(len(ZH)), ZH) in cells(
        "mention_evidence", "mention", "start", "end", "quote"
    )


def test_the_database_keeps_its_keys_and_finds_words_in_any_script(base):
    """Words of English, and parts of Chinese, which has no blanks."""
    assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    found = {
        word: base.execute(
            "SELECT mention FROM mention_evidence WHERE rowid IN (SELECT rowid FROM mention_evidence_fts(?))",
            (f'"{word}"',),
        ).fetchall()
        for word in ("vermilion otters", "合资协议", "indigo lynxes")
    }
    assert found["合资协议"] == [("full/zh.txt@1",)]
    assert found["vermilion otters"] == [("full/1.txt@1",)] * 2
    assert found["indigo lynxes"] == []
    with pytest.raises(sqlite3.IntegrityError):
        base.execute("UPDATE alliances SET form = 'marriage'")


def test_datasette_is_told_what_everything_is(made, base):
    """Each table with its columns, and each question with a query that the file answers."""
    told = json.loads((made / "metadata.json").read_text(encoding="utf-8"))["databases"]["entente"]

    names = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert told["tables"].keys() == {name for name in names if "_fts" not in name}
    assert told["tables"]["stakes"]["columns"]["percent"].startswith("how much of the target is held")
    for query in told["queries"].values():
        base.execute(query["sql"]).fetchall()


# ---- questions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", package.questions())
def test_a_question_has_the_same_answer_in_duckdb_and_in_sqlite(lake, base, asked):
    """As it stands in the file that comes along."""
    query = package.questions()[asked]

    assert lake.execute(query).fetchall() == base.execute(query).fetchall()


def test_the_answers_are_right(made, lake):
    """The equity share is the published one; the others are told by what was stored."""
    queries = list(package.questions().values())
    share, firm, held, functions, languages = (lake.execute(query).fetchall() for query in queries[:5])

    published = [
        (int(row["year"]), *(number(row[name]) for name in COUNTS))
        for row in tables.read(made / "tables/equity_share_by_year.csv")
        if row["year"].isdigit() and row["definition"] == "joint_venture_or_stake"
    ]
    assert share == published == [(2001, 3, 2, 0, 0.6667, 0.6667, 0.6667), (2002, 1, 0, 1, None, 0, 1)]
    assert firm == []
    assert held == [("a-1", 2001, "Sony", 60.0, "venture")]
    assert functions == [("contractual", "rnd", 1, 1.0), ("contractual", "supply", 1, 1.0)]
    assert languages == [("a-1", 2, 2)]


COUNTS = ("alliances", "equity", "unknown", "share", "share_low_bound", "share_high_bound")


def number(text):
    """Return a cell's number, None if it is empty."""
    return float(text) if text else None


def test_the_recipe_of_the_readme_works(made, tmp_path, monkeypatch, capsys):
    """Its code, in a folder where a run left this package."""
    text = README.read_text(encoding="utf-8").partition("\n## Use the data set\n")[2].partition("\n## ")[0]
    codes = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (tmp_path / "results").mkdir()
    (tmp_path / "results/package").symlink_to(made)
    monkeypatch.chdir(tmp_path)

    for code in codes:
        exec(compile(code, "README.md", "exec"), {})

    said = capsys.readouterr().out
    assert len(codes) == 2
    assert "joint_venture" in said
    assert "Vermilion otters" in said


# ---- rights ----------------------------------------------------------------------------------------


def texts(folder):
    """Yield (file, all its text) of every file of a package; of Parquet and SQLite, what their cells hold."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix == ".parquet":
            yield path.name, json.dumps(pq.read_table(path).to_pylist(), ensure_ascii=False)
        elif path.suffix == ".sqlite":
            with closing(sqlite3.connect(path)) as connection:
                yield path.name, "\n".join(connection.iterdump())
            yield path.name, path.read_bytes().decode("utf-8", errors="replace")
        else:
            yield path.name, path.read_text(encoding="utf-8")


def longest(secret, text):
    """Return how many characters of *secret*, from its beginning, stand in *text*."""
    return next((n for n in range(len(secret), 0, -1) if secret[:n] in text), 0)


def test_no_file_holds_more_of_a_document_than_its_rights_allow(made):
    """Whole where it may be; 299 characters of a sentence; and of what may not be quoted, no more than a name."""
    held = {}
    for name, text in texts(made):
        for quotes, secret in SECRET.items():
            held[quotes, name] = max(held.get((quotes, name), 0), longest(secret, text))

    for ending in ("csv", "parquet"):
        assert held["full", f"mention_evidence.{ending}"] == len(SECRET["full"])
        assert held["cut", f"mention_evidence.{ending}"] == dataset.QUOTE - 1
    assert held["full", "entente.sqlite"] == len(SECRET["full"])
    assert max(n for (quotes, _), n in held.items() if quotes == "cut") == dataset.QUOTE - 1
    quoting = ("mentions", "mention_evidence", "claim_evidence", "documents", "rejected")
    for name in quoting:
        columns = {"venture_name", "stakes", "partners"}
        rows = tables.read(made / f"{name}.csv")
        found = [row[c] for row in rows for c in row if c not in columns]
        assert not [text for text in found if "Indigo lynxes" in text], name
    # names, which are no quotations, are no longer than a name
    assert max(n for (quotes, _), n in held.items() if quotes == "offsets") < dataset.NAME
    offsets = [row for row in tables.read(made / "mentions.csv") if row["document"] == "offsets/1.txt"]
    assert offsets[0]["offsets"] == "0-109; 42-109"


def test_the_page_says_of_each_corpus_what_is_quoted_and_on_which_terms(made):
    """With the licence as it is, in words that nothing of the corpus can turn into markup."""
    page = (made / "README.md").read_text(encoding="utf-8")

    for name, words in package.WORDS.items():
        section = page.partition(f"### {name}: Wire news\n")[2].partition("\n### ")[0]
        assert "- licence: CC0-1.0" in section
        assert words in section


# ---- records of all kinds --------------------------------------------------------------------------


def table(name, *rows):
    """Return rows of a table of the data set as they are packaged."""
    batches = package.columnar(name, rows, dictionary.columns(dataset.FILES[name]))
    return [row for batch in batches for row in batch.to_pylist()]


WORD = st.text(st.characters(codec="utf-8"), max_size=3)


@given(st.lists(st.fixed_dictionaries({"id": WORD, "position": st.integers(0, 12), "names": st.lists(WORD)})))
def test_rows_are_sorted_on_the_disk_as_python_sorts_them(rows):
    """By one column, by two, and by none; with every script and control character, and those alike as they came."""
    assert list(database.ordered(rows, ("id",))) == sorted(rows, key=lambda row: row["id"])
    assert list(database.ordered(rows, ("id", "position"))) == sorted(
        rows, key=lambda row: (row["id"], row["position"])
    )
    assert list(database.ordered(rows, ())) == rows


@pytest.mark.parametrize("group", [1, 3, 100])
def test_a_table_of_many_batches_is_whole_in_every_form(tmp_path, monkeypatch, group):
    """Of two rows a batch, whatever the rows of a group of the Parquet file."""
    monkeypatch.setattr(package, "BATCH", 2)
    monkeypatch.setattr(package, "GROUP", group)
    columns = dictionary.columns(dataset.codebook)
    rows = [{"attribute": "form", "code": f"c{n}", "meaning": f"m{n}"} for n in range(7)]

    batches = package.columnar("codebook", iter(rows), columns)
    batches = package.into_csv(tmp_path / "codebook.csv", batches, columns)
    batches = package.into_parquet(tmp_path / "codebook.parquet", batches, columns)
    with database.Database(tmp_path / "one.sqlite") as store:
        number = store.add("codebook", batches, columns, ("attribute", "code"), ())

    with closing(sqlite3.connect(tmp_path / "one.sqlite")) as found:
        stored = found.execute("SELECT * FROM codebook").fetchall()
    assert number == 7
    assert stored == [tuple(row.values()) for row in rows]
    assert tables.read(tmp_path / "codebook.csv") == rows
    assert pq.read_table(tmp_path / "codebook.parquet").to_pylist() == rows


def test_documents_whose_names_differ_in_a_blank_stay_two():
    """Or in a character that cannot be seen; what is no identifier is cleaned."""
    row = dict.fromkeys(tables.columns(dataset.documents)) | {"title": "A\u202e  B", "remarks": []}
    ids = ["wire/a b.txt", "wire/a  b.txt", "wire/a\u200bb.txt", "wire/a\nb.txt"]

    found = table("documents", *(row | {"id": own} for own in ids))

    assert len({row["id"] for row in found}) == 4
    assert all(row["id"].isprintable() for row in found)
    assert {row["title"] for row in found} == {"A B"}


def test_a_study_without_records_is_packaged_with_all_columns(tmp_path):
    """And valid; nothing is asked of rows that are not there."""
    folder = store(tmp_path, [])

    made = packed(tmp_path, [folder])

    assert tables.read(made / "mentions.csv") == []
    assert "equity_status" in (made / "mentions.csv").read_text(encoding="utf-8")
    assert faults(made) == set()


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ({}, "alliance_partners points to a row that organisations lacks"),
        ({"alliances": [alliance()] * 2}, r"table alliances: UNIQUE constraint failed"),
    ],
)
def test_records_of_several_runs_are_refused(tmp_path, records, message):
    """The message says what is wrong and what to do, and no database is left."""
    folder = store(tmp_path, [], **{"alliances": [alliance()], "organisations": []} | records)

    with pytest.raises(EntenteError, match=message):
        packed(tmp_path, [folder])

    assert not list((tmp_path / "package").glob("*entente.sqlite*"))
    assert not (tmp_path / "package/datapackage.json").exists()


def test_a_column_that_its_docstring_lacks_is_refused():
    """The message names it."""
    with pytest.raises(EntenteError, match=r"table codebook: .* \(colour\)"):
        table("codebook", {"attribute": "form", "code": "x", "meaning": "y", "colour": "red"})


def test_a_citation_without_authors_is_refused(tmp_path):
    """The message names the file."""
    path = tmp_path / "CITATION.cff"
    path.write_text("title: none\n", encoding="utf-8")

    with pytest.raises(EntenteError, match=r"CITATION\.cff: no authors can be read"):
        package.contributors(path)
