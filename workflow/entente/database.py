"""Write the data set as one SQLite file, with keys and a search of the quotations, for Datasette and others."""

import contextlib
import json
import os
import sqlite3
from itertools import chain
from pathlib import Path

from entente.errors import EntenteError

SQL = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "list": "TEXT"}
SEARCHED = {"mention_evidence": "quote", "claim_evidence": "quote"}
INDEXED = {
    "alliances": ("year", "form"),
    "documents": ("corpus", "language"),
    "alliance_functions": ("function",),
}


@contextlib.contextmanager
def placed(path):
    """Yield another path to write to; what lies there becomes *path* when the block ends without an error."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def quoted(name):
    """Return *name* as an SQL identifier.

    >>> quoted('a"b')
    '"a""b"'
    """
    return '"{}"'.format(name.replace('"', '""'))


def listed(names):
    """Return *names* as SQL identifiers with commas."""
    return ", ".join(map(quoted, names))


def definition(name, columns, key, links):
    """Return the SQL that creates a table.

    Parameters
    ----------
    name : str
    columns : list of dictionary.Column
    key : sequence of str
        The columns of the primary key, none or some.
    links : list of (str, str, str)
        A column, and the table and column that it points to.
    """
    lines = []
    for column in columns:
        line = f"{quoted(column.name)} {SQL[column.type]}"
        if column.name in key:
            line += " NOT NULL"
        if column.codes and column.type == "string":
            codes = ", ".join("'{}'".format(code.replace("'", "''")) for code in column.codes)
            line += f" CHECK ({quoted(column.name)} IN ({codes}))"
        lines.append(line)
    lines += [f"PRIMARY KEY ({listed(key)})"] if key else []
    lines += [
        f"FOREIGN KEY ({quoted(own)}) REFERENCES {quoted(other)} ({quoted(its)})" for own, other, its in links
    ]
    return f"CREATE TABLE {quoted(name)} (\n  " + ",\n  ".join(lines) + "\n)"


class Database:
    """A database that is being written; it appears, complete, when the ``with`` block ends without an error."""

    def __init__(self, path):
        self.path = path
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        place = self.stack.enter_context(placed(self.path))
        self.connection = self.stack.enter_context(contextlib.closing(sqlite3.connect(place)))
        # One writer, and a file that counts only when whole: no journal, and nothing is forced to the disk.
        self.connection.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096"
        )
        return self

    def __exit__(self, *fault):
        try:
            if fault[0] is None:
                self.finish()
                self.connection.commit()
        except BaseException as late:
            self.stack.__exit__(type(late), late, late.__traceback__)
            raise
        return self.stack.__exit__(*fault)

    def add(self, name, batches, columns, key, links):
        """Add a table of Arrow *batches* and return how many rows it has; the other arguments are those of `definition`.

        Raises
        ------
        EntenteError
            If two rows have one key, or a code is none of its column's.
        """
        self.connection.execute(definition(name, columns, key, links))
        places = ", ".join("?" * len(columns))
        try:
            added = self.connection.executemany(
                f"INSERT INTO {quoted(name)} VALUES ({places})",  # noqa: S608 (a name of ours, quoted)
                chain.from_iterable(rows(batch, columns) for batch in batches),
            )
        except sqlite3.IntegrityError as fault:
            raise EntenteError(
                f"{self.path}: table {name}: {fault}; two records have one key, or a code is none of the"
                " codebook: delete the interim folder and run again"
            ) from None
        for column in dict.fromkeys([own for own, _, _ in links] + list(INDEXED.get(name, ()))):
            if column != (key or (None,))[0]:
                self.connection.execute(
                    f"CREATE INDEX {quoted(f'{name}_{column}')} ON {quoted(name)} ({quoted(column)})"
                )
        if name in SEARCHED:
            self.search(name, SEARCHED[name])
        return added.rowcount

    def search(self, name, column):
        """Index the words of a column: parts of three characters, which every script has."""
        index = quoted(f"{name}_fts")
        self.connection.execute(
            f"CREATE VIRTUAL TABLE {index} USING fts5({quoted(column)}, content={quoted(name)}, tokenize='trigram')"
        )
        self.connection.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")  # noqa: S608

    def finish(self):
        """Check that what points to a row of another table finds it."""
        lost = self.connection.execute("PRAGMA foreign_key_check").fetchone()
        if lost:
            raise EntenteError(
                f"{self.path}: row {lost[1]} of {lost[0]} points to a row that {lost[2]} lacks; the records are of"
                " several runs: delete the interim folder and run again"
            )


def ordered(found, names):
    """Yield the rows *found*, dicts of what JSON can hold, by the columns *names*; those alike as they came.

    They are sorted on the disk, texts by code point, so that any number needs no memory. Without names nothing is sorted.
    """
    if not names:
        yield from found
        return
    keys = [f"key{number}" for number in range(len(names))]
    with contextlib.closing(sqlite3.connect("")) as store:  # a file without a name, gone when it is closed
        store.execute(f"CREATE TABLE waiting ({listed([*keys, 'row'])})")
        store.executemany(
            f"INSERT INTO waiting VALUES ({', '.join('?' * (len(keys) + 1))})",  # noqa: S608 (places alone)
            ((*(row[name] for name in names), json.dumps(row, ensure_ascii=False)) for row in found),
        )
        for (row,) in store.execute(f"SELECT row FROM waiting ORDER BY {listed([*keys, 'rowid'])}"):  # noqa: S608
            yield json.loads(row)


def rows(batch, columns):
    """Yield the rows of an Arrow batch as SQLite takes them; a list is JSON."""
    found = [
        [json.dumps(value, ensure_ascii=False) for value in array.to_pylist()]
        if column.type == "list"
        else array.to_pylist()
        for column, array in zip(columns, batch.columns, strict=True)
    ]
    return zip(*found, strict=True)


def metadata(described, title, licences, questions):
    """Return what Datasette shows of the file: titles, columns, licences, and the questions as queries.

    Parameters
    ----------
    described : list of (path, list of dictionary.Column, str)
        Of each table its file, its columns and what it is.
    title : str
    licences : list of dict
        As in a Data Package.
    questions : dict
        Queries by title.
    """
    return {
        "title": title,
        "license": "; ".join(told["title"] for told in licences),
        "source": "Made by Entente; see README.md",
        "databases": {
            "entente": {
                "tables": {
                    path.stem: {
                        "description": meaning,
                        "columns": {column.name: column.meaning for column in columns},
                    }
                    for path, columns, meaning in described
                },
                "queries": {
                    f"question-{number}": {"title": asked, "sql": query}
                    for number, (asked, query) in enumerate(questions.items(), 1)
                },
            }
        },
    }
