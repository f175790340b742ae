"""Package the data set, so that its folder can be deposited and used as it is.

Every table is CSV and Parquet, and a table of one SQLite file; datapackage.json (Data Package v2) and
csv-metadata.json (CSV on the Web) say what its columns hold, by the one data dictionary. The records go through
in batches, sorted on the disk, so that documents need no memory; of mentions their ids are kept.
"""

import csv
import hashlib
import json
import re
import shutil
from importlib.resources import files
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from entente import __version__, cli, database, dictionary, estimate, tables
from entente.codebook import CODEBOOK
from entente.corpora import load
from entente.dataset import FILES, NAME, QUOTE
from entente.errors import EntenteError

DATA = ("package.sql",)

BATCH = 5_000
"""Rows that are Python objects at a time."""
GROUP = 50_000
"""Rows of a group of a Parquet file, whose columns are compressed as one."""
TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "list": pa.list_(pa.string()),
}
KEYS = {
    "alliances": ("id",),
    "alliance_partners": ("alliance", "position"),
    "alliance_functions": ("alliance", "function"),
    "stakes": ("alliance", "position"),
    "organisations": ("id",),
    "organisation_names": ("organisation", "language", "name"),
    "mentions": ("id",),
    "mention_evidence": ("mention", "position"),
    "claims": ("id",),
    "claim_evidence": ("claim", "position"),
    "documents": ("id",),
    "corpora": ("name",),
    "codebook": ("attribute", "code"),
}  # what tells the rows of a table apart
ORDER = {
    "mentions": ("document",),  # and in it as they stand in the text
    "mention_evidence": ("document",),
    "claims": ("document",),
    "claim_evidence": ("document",),
    "rejected": ("corpus", "source"),
    "codebook": (),
}  # of the rows, where it is not that of the key
LINKS = {
    "alliance": ("alliances", "id"),
    "organisation": ("organisations", "id"),
    "mention": ("mentions", "id"),
    "claim": ("claims", "id"),
    "document": ("documents", "id"),
    "duplicate_of": ("documents", "id"),
    "corpus": ("corpora", "name"),
}  # column of a table of the data set: the table and the column that it points to
OPEN = {("mentions", "alliance"), ("stakes", "organisation"), ("documents", "duplicate_of")}  # may be empty
DATE = r"\d{4}(-\d{2}(-\d{2})?)?"  # ISO 8601, whole or in part
SPDX = re.compile(r"[A-Za-z0-9.+_-]+")

# ---- a table in columns ----------------------------------------------------------------------------


def identifier(text):
    r"""Return an identifier as it is published: as it is, with what cannot be printed escaped.

    Two files whose names differ in a blank or a control character are two documents still.

    >>> identifier("wire/a  b.txt"), identifier("wire/a\nb.txt")
    ('wire/a  b.txt', 'wire/a\\nb.txt')
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def keeper(name, column):
    """Return the function that makes a record's value one of a *column* of the table *name*."""
    if column.type == "list":
        return lambda found: [text for text in map(tables.clean, found or ()) if text]
    if column.type != "string":
        return lambda found: found
    told = identifier if column.name in LINKS or column.name in KEYS.get(name, ()) else tables.clean
    return lambda found: (told(found) if found else None) or None  # an empty text is a missing one


def columnar(name, rows, columns):
    """Yield *rows*, dicts, as Arrow batches with the dictionary's *columns*, in the order of the table *name*.

    Raises
    ------
    EntenteError
        If a row has other columns.
    """
    schema, keep = schema_of(columns), {column.name: keeper(name, column) for column in columns}

    def kept(row):
        if odd := row.keys() ^ keep.keys():
            raise EntenteError(
                f"table {name}: the rows and the docstring do not have the same columns ({', '.join(sorted(odd))});"
                " correct the section 'Columns' of its function"
            )
        return {own: told(row[own]) for own, told in keep.items()}

    rows = database.ordered(map(kept, rows), ORDER.get(name, KEYS.get(name, ())))
    while chunk := list(islice(rows, BATCH)):
        yield pa.RecordBatch.from_pylist(chunk, schema)


def schema_of(columns):
    """Return the dictionary's *columns* as an Arrow schema."""
    return pa.schema([(column.name, TYPES[column.type]) for column in columns])


def batch_of(path, columns):
    """Return a published CSV file as one Arrow batch with the dictionary's *columns*."""
    rows = tables.read(path)
    arrays = [pa.array([dictionary.value(row[c.name], c) for row in rows], TYPES[c.type]) for c in columns]
    return pa.record_batch(arrays, schema=schema_of(columns))


# ---- files -----------------------------------------------------------------------------------------


def text_of(kind):
    """Return the function that writes a value of a type of the dictionary as a cell; see `tables.cell`."""
    return {
        "string": guarded,
        "integer": str,
        "number": lambda found: np.format_float_positional(found, trim="-"),
        "boolean": lambda found: str(found).lower(),
        "list": lambda found: guarded(dictionary.SEPARATOR.join(found)),
    }[kind]


def guarded(text):
    """Return *text* with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(tables.FORMULA) else text


def into_csv(path, batches, columns):
    """Yield Arrow *batches*, written as CSV by the end; nothing of the cells is cleaned, for `columnar` did."""
    kinds = [text_of(column.type) for column in columns]
    with cli.replacing(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in columns])
        for batch in batches:
            found = [
                ["" if value is None else told(value) for value in array.to_pylist()]
                for told, array in zip(kinds, batch.columns, strict=True)
            ]
            writer.writerows(zip(*found, strict=True))
            yield batch


def into_parquet(path, batches, columns):
    """Yield Arrow *batches*, written as Parquet with zstd by the end, with the same bytes for a version of pyarrow."""
    with (
        database.placed(path) as place,
        pq.ParquetWriter(place, schema_of(columns), compression="zstd") as writer,
    ):
        held = []
        for batch in batches:
            held.append(batch)
            if sum(map(len, held)) >= GROUP:
                writer.write_table(pa.Table.from_batches(held))
                held = []
            yield batch
        if held:
            writer.write_table(pa.Table.from_batches(held))


def write_json(path, content):
    """Write *content* as JSON that people can read."""
    with cli.replacing(path) as file:
        file.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")


# ---- what describes them ---------------------------------------------------------------------------


def links(name, columns):
    """Return [(column, table, its column)] of what a table of the data set points to."""
    own = FILES.keys() & {name}
    return [(c.name, *LINKS[c.name]) for c in columns if own and c.name in LINKS]


def dated(name, column):
    """Tell whether a column of a table of the data set holds dates, whole or in part."""
    return name in FILES and column.name == "date"


def field(name, column):
    """Return a column as a field of Table Schema."""
    told = {"name": column.name, "type": column.type}
    if column.type == "list":
        told |= {"delimiter": dictionary.SEPARATOR, "itemType": "string"}
    told["description"] = column.meaning
    if column.unit:
        told["unit"] = column.unit
    constraints = {}
    if column.name in KEYS.get(name, ()):
        constraints["required"] = True
    if (column.name,) == KEYS.get(name):
        constraints["unique"] = True
    if dated(name, column):
        constraints["pattern"] = DATE
    if column.codes and column.type == "string":
        constraints["enum"] = list(column.codes)
        told["categories"] = [{"value": code, "label": text} for code, text in column.codes.items()]
    return told | ({"constraints": constraints} if constraints else {})


def resource(folder, path, columns, rows):
    """Return the file *path* in *folder* as a resource of a Data Package."""
    name = path.stem
    with (folder / path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    schema = {"fields": [field(name, column) for column in columns], "missingValues": [""]}
    if name in KEYS:
        schema["primaryKey"] = list(KEYS[name])
    if found := links(name, columns):
        # The table itself is named by the empty string in version 1 and by no name in version 2.
        schema["foreignKeys"] = [
            {"fields": [own], "reference": {"resource": other, "fields": [its]}}
            if other != name
            else {"fields": [own], "reference": {"fields": [its]}}
            for own, other, its in found
        ]
    return {
        "name": name,
        "type": "table",
        "path": path.as_posix(),
        "title": tables.summary(functions()[name]),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": (folder / path).stat().st_size,
        "hash": f"sha256:{digest}",
        "rows": rows,
        "schema": schema,
    }


def functions():
    """Return {name: function} of all tables."""
    return FILES | estimate.TABLES


def licences(corpora):
    """Return the terms of the corpora as licences of a Data Package, each once."""
    named = {}
    for corpus in corpora:
        named.setdefault(tables.clean(corpus.licence), []).append(tables.clean(corpus.name))
    return [
        ({"name": terms} if SPDX.fullmatch(terms) else {"path": "README.md"})
        | {"title": f"{terms} (corpus {', '.join(names)})"}
        for terms, names in named.items()
    ]


def source_of(corpus):
    """Return a corpus as a source of a Data Package."""
    told = {"title": tables.clean(corpus.title)}
    if re.fullmatch(r"https?://\S+", corpus.source):
        told["path"] = corpus.source
    return told | {
        "version": str(corpus.retrieved),
        "description": tables.clean(f"{corpus.source}. {corpus.drawn}"),
        "citation": tables.clean(corpus.citation),
        "licence": tables.clean(corpus.licence),
        "quotes": corpus.quotes,
    }


def contributors(citation):
    """Return the authors of a CITATION.cff as contributors of a Data Package; nothing without a file.

    Raises
    ------
    EntenteError
        If it is no YAML with authors.
    """
    if citation is None:
        return []
    try:
        authors = yaml.safe_load(Path(citation).read_text(encoding="utf-8"))["authors"]
        return [person(author) for author in authors]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as fault:
        raise EntenteError(
            f"{citation}: no authors can be read from it ({type(fault).__name__}); expected a CITATION.cff"
        ) from None


def person(author):
    """Return an author of a CITATION.cff as a contributor.

    >>> person({"given-names": "Ada", "family-names": "Lovelace", "affiliation": "London"})
    {'title': 'Ada Lovelace', 'organization': 'London', 'roles': ['author']}
    """
    parts = ("name", "given-names", "name-particle", "family-names", "name-suffix")
    told = {"title": " ".join(author[part] for part in parts if part in author)}
    told |= {"path": author["orcid"]} if "orcid" in author else {}
    told |= {"organization": author["affiliation"]} if "affiliation" in author else {}
    return told | {"roles": ["author"]}


def title_of(corpora):
    """Return the title of the data set."""
    return f"Strategic alliances reported in {', '.join(tables.clean(corpus.title) for corpus in corpora)}"


def datapackage(resources, corpora, citation):
    """Return the descriptor by Data Package v2."""
    told = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "entente",
        "title": title_of(corpora),
        "description": "Made by Entente; README.md says what each file is, and which words are quoted.",
        "version": __version__,
        "keywords": ["strategic alliances", "joint ventures", "text mining"],
        "licenses": licences(corpora),
        "sources": [source_of(corpus) for corpus in corpora],
    }
    authors = contributors(citation)
    return told | ({"contributors": authors} if authors else {}) | {"resources": resources}


def datatype(name, column):
    """Return the datatype of a column, or of the items of its lists, by CSV on the Web."""
    if column.codes:
        return {"base": "string", "format": "|".join(map(re.escape, column.codes))}
    if dated(name, column):
        return {"base": "string", "format": DATE}
    return "string" if column.type == "list" else column.type


def web_table(path, columns):
    """Return the file *path* as a table of CSV on the Web."""
    name = path.stem
    schema = {"columns": []}
    for column in columns:
        told = {"name": column.name, "titles": column.name, "dc:description": column.meaning}
        if column.unit:
            told["schema:unitText"] = column.unit
        told["datatype"] = datatype(name, column)
        if column.type == "list":
            told["separator"] = dictionary.SEPARATOR
        if column.name in KEYS.get(name, ()):
            told["required"] = True
        schema["columns"].append(told)
    if name in KEYS:
        schema["primaryKey"] = list(KEYS[name])
    # A link that may be empty is none by CSV on the Web; Data Package and SQLite have it.
    if found := [link for link in links(name, columns) if (name, link[0]) not in OPEN]:
        schema["foreignKeys"] = [
            {
                "columnReference": [own],
                "reference": {"resource": f"{other}.csv", "columnReference": [its]},
            }
            for own, other, its in found
        ]
    return {
        "url": path.as_posix(),
        "dc:title": tables.summary(functions()[name]),
        "tableSchema": schema,
    }


def web_metadata(described, corpora):
    """Return the descriptor by CSV on the Web; *described* is [(path, columns, what it is)]."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": title_of(corpora),
        "dc:source": [tables.clean(corpus.citation) for corpus in corpora],
        "dc:rights": [told["title"] for told in licences(corpora)],
        "tables": [web_table(path, columns) for path, columns, _ in described],
    }


def questions():
    """Return {title: query} of the questions that come along, as they stand in package.sql.

    >>> list(questions())[0]
    'Which share of the alliances is equity, by year, if the unknown ones were none, or all?'
    """
    text = files("entente").joinpath("package.sql").read_text(encoding="utf-8")
    found = re.findall(r"^-- (.+\?)\n((?:.+\n)+?.*);$", text, re.MULTILINE)
    return dict(found)


def views(described):
    """Return the SQL by which DuckDB sees the Parquet files, and the CSV of the tables, as tables."""
    lines = ["-- In this folder: duckdb -init duckdb.sql"]
    lines += [f"CREATE VIEW {path.stem} AS FROM '{path.with_suffix('.parquet')}';" for path, *_ in described]
    return "\n".join(lines) + "\n"


# ---- the page --------------------------------------------------------------------------------------

PAGE = """\
# Strategic alliances: the data set

Made by a run of Entente {version}; do not edit. What each column holds stands in
[datapackage.json](datapackage.json), and for readers in the results' own page; each code in [codebook.csv](codebook.csv).

| file | what it is | rows |
| --- | --- | --- |
{files}

The statistics lie in [tables](tables). All of it is described by Data Package v2 (datapackage.json) and by CSV on the
Web ([csv-metadata.json](csv-metadata.json)).

## Forms

- **CSV**: UTF-8 with a header; decimals have a point, an empty cell is missing, lists are joined by "; ", and text
  that a spreadsheet would take for a formula has an apostrophe before it.
- **Parquet**, beside each CSV file: the same with types; lists are lists, and no apostrophe is added.
- **entente.sqlite**: all tables with their keys, for SQLite and Datasette
  (`datasette entente.sqlite --metadata metadata.json`); lists are JSON. The quotations can be searched in any script:
  `SELECT * FROM mention_evidence WHERE rowid IN (SELECT rowid FROM mention_evidence_fts('"joint venture"'))`; words of
  less than three characters by `quote LIKE '%合资%'`.
- **[queries.sql](queries.sql)**: questions that a study asks, for SQLite, and for DuckDB after
  [duckdb.sql](duckdb.sql).

Parquet and SQLite files have other bytes under other versions of the libraries that write them, so
datapackage.json has the hashes of the CSV files alone.

## Rights

Codes, numbers, dates and names are facts that the documents tell; sentences are quoted as evidence, as far as the
documents' terms allow, and where a document's own terms differ from its corpus's, its own count
([documents.csv](documents.csv): `licence`, `quotes`). A name is cut after {name} characters.

{rights}
"""
WORDS = {
    "full": "Sentences are quoted whole.",
    "cut": f"Sentences are quoted, none with more than {QUOTE} characters; so are titles.",
    "offsets": "No sentence and no title is quoted; offsets say where the evidence stands in the text, for who has it.",
}


def escaped(text):
    """Return *text* as Markdown that shows it as it is."""
    return re.sub(r"([\\`*_\[\]|~$#<>&])", r"\\\1", tables.clean(text))


def page(resources, corpora):
    """Return the text of README.md."""
    listed = [
        f"| [{told['path']}]({told['path']}) | {told['title']} | {told['rows']} |"
        for told in resources
        if told["name"] in FILES
    ]
    rights = [
        "\n".join(
            [
                f"### {escaped(corpus.name)}: {escaped(corpus.title)}",
                "",
                f"- licence: {escaped(corpus.licence)}",
                f"- quoted: {WORDS[corpus.quotes]} (`quotes: {corpus.quotes}`: {CODEBOOK['quotes'][corpus.quotes]})",
                f"- source: {escaped(corpus.source)}",
                f"- citation: {escaped(corpus.citation)}",
            ]
        )
        for corpus in corpora
    ]
    return PAGE.format(version=__version__, files="\n".join(listed), rights="\n\n".join(rights), name=NAME)


# ---- command line ----------------------------------------------------------------------------------


def run(interim, corpora, tables_folder, output, citation=None):
    """Write all files, the descriptor last: a folder with it is whole."""
    data = tables.Interim(interim, tuple(corpora))
    corpora = sorted(map(load, corpora), key=lambda corpus: corpus.name)
    described, resources = [], []
    others = functions().values()
    with database.Database(output / "entente.sqlite") as store:
        for name, function in functions().items():
            if name in FILES:
                path = Path(f"{name}.csv")
                columns = dictionary.columns(function, (), others)
                batches = columnar(name, function(data), columns)
                batches = into_csv(output / path, batches, columns)
            else:
                path = Path(f"tables/{name}.csv")
                columns = dictionary.columns(function, header(tables_folder / path.name), others)
                batches = [batch_of(tables_folder / path.name, columns)]
                (output / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(tables_folder / path.name, output / path)
            batches = into_parquet(output / path.with_suffix(".parquet"), batches, columns)
            rows = store.add(name, batches, columns, KEYS.get(name, ()), links(name, columns))
            described.append((path, columns, tables.summary(function)))
            resources.append(resource(output, path, columns, rows))
    write_json(output / "csv-metadata.json", web_metadata(described, corpora))
    write_json(
        output / "metadata.json",
        database.metadata(described, title_of(corpora), licences(corpora), questions()),
    )
    for name, text in {
        "queries.sql": files("entente").joinpath("package.sql").read_text(encoding="utf-8"),
        "duckdb.sql": views(described),
        "README.md": page(resources, corpora),
    }.items():
        with cli.replacing(output / name) as file:
            file.write(text)
    write_json(output / "datapackage.json", datapackage(resources, corpora, citation))


def header(path):
    """Return a CSV file's header as the one row that `dictionary.columns` needs."""
    with path.open(encoding="utf-8", newline="") as file:
        return [dict.fromkeys(next(csv.reader(file)))]


def add_arguments(parser):
    """Add the arguments of the stage."""
    tables.add_arguments(parser)
    parser.add_argument(
        "--tables",
        type=Path,
        required=True,
        dest="tables_folder",
        metavar="FOLDER",
        help="the tables of estimate",
    )
    parser.add_argument("--citation", type=Path, help="a CITATION.cff that names the authors")
    parser.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="where the package goes")


if __name__ == "__main__":
    cli.main(__doc__, add_arguments, run)
