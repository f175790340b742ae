"""Read what is published as the records that it was made of, as far as it tells them, where a run's own are not at hand."""

import re
from collections import defaultdict
from pathlib import Path

from entente import tables
from entente.records import Alliance, Claim, Document, Duplicate, Mention, Organisation, Rejected, Span, Stake
from entente.study import Study

LISTS = ("functions", "languages", "corpora", "partners", "remarks")
NUMBERS = {"year": int, "sample_size": int} | dict.fromkeys(
    ("confidence", "language_probability", "term_years", "value", "value_low", "value_high"), float
)


def value(name, text):
    """Return the value that a cell of the column *name* holds.

    >>> value("year", "1999"), value("functions", "rnd; supply"), value("date", ""), value("title", "'=1+1")
    (1999, ['rnd', 'supply'], None, '=1+1')
    """
    text = text[1:] if text.startswith("'") and text[1:].startswith(tables.FORMULA) else text
    if name in LISTS:
        return text.split("; ") if text else []
    if name == "stakes":
        told = (re.fullmatch(r"(.*) ([\d.e+-]+) % of (.*)", one) for one in text.split("; "))
        return [Stake(holder=m[1], percent=float(m[2]), target=m[3]) for m in told if m]
    return NUMBERS.get(name, str)(text) if text else None


def spans(row):
    """Return the spans of a row's evidence."""
    places = (place.split("-") for place in row["offsets"].split("; ") if place)
    return [Span(start=int(start), end=int(end)) for start, end in places]


class Published(Study):
    """The records as far as the files in the folder above ``interim`` tell them.

    A document's text is what is published of it, each quotation in its place.
    """

    @property
    def folder(self):
        """Return the folder of what is published."""
        return Path(self.interim).parent

    def rows(self, name):
        """Return the rows of a file as dicts of values, and as they are."""
        return [
            ({column: value(column, text) for column, text in row.items()}, row)
            for row in tables.read(self.folder / f"{name}.csv")
        ]

    def alliances(self):
        """Return the list of alliances, by id; partners have no identifiers."""
        told = defaultdict(list)
        for _, row in self.rows("mentions"):
            told[row["alliance"]].append(row["id"])
        return [
            Alliance.model_construct(
                **found | {"partner_names": found["partners"], "mentions": told[found["id"]]}
            )
            for found, _ in self.rows("alliances")
        ]

    def duplicates(self):
        """Return the list of duplicates; how similar they are is not told."""
        return [
            Duplicate.model_construct(
                document=row["id"], duplicate_of=row["duplicate_of"], similarity="not told"
            )
            for _, row in self.rows("documents")
            if row["duplicate_of"]
        ]

    def organisations(self):
        """Return the organisations."""
        for found, _ in self.rows("organisations"):
            by_language = (entry.partition(": ") for entry in (found["names"] or "").split("; ") if entry)
            found["names"] = {language: names.split(", ") for language, _, names in by_language}
            yield Organisation.model_construct(**found)

    def records(self, name, _):
        """Yield (corpus, record) of a file."""
        for found, row in self.rows(name):
            if name == "mentions":
                partners = [{"name": n, "start": None, "end": None} for n in found["partners"]]
                record = Mention.model_validate(
                    {k: v for k, v in found.items() if k in Mention.model_fields}
                    | {"partners": partners, "evidence": spans(row)}
                )
            elif name == "claims":
                given = {k: v for k, v in found.items() if k in Claim.model_fields}
                record = Claim.model_validate(given | {"unit": found["unit"] or "", "evidence": spans(row)})
            elif name == "rejected":
                record = Rejected.model_construct(**found)
            else:
                source = found["id"].partition("/")[2]
                record = Document.model_construct(**found | {"source": source, "url": None, "text": ""})
            yield row.get("corpus") or row["document"].partition("/")[0], record

    def mentions(self, wanted):
        """Return the list of the mentions with the ids *wanted*."""
        return [m for _, m in self.records("mentions", Mention) if m.id in wanted]

    def documents(self, wanted):
        """Return {id: Document} of the documents *wanted*, with the quotations of them that are published as text."""
        quotes = defaultdict(dict)
        for name, column in (("mentions", "evidence"), ("claims", "quote")):
            for _, row in self.rows(name):
                if row["document"] in wanted:
                    texts = value(column, row[column]) or ""
                    places = spans(row)
                    parts = texts.split(" | ")
                    parts = parts if len(parts) == len(places) else [texts] + [""] * (len(places) - 1)
                    for place, part in zip(places, parts, strict=True):
                        quotes[row["document"]][place.start, place.end] = part
        found = {d.id: d for _, d in self.records("documents", Document) if d.id in wanted}
        for document in found.values():
            document.text = laid_out(quotes[document.id])
        return found


def laid_out(quotes):
    r"""Return a text that has each of *quotes*, {(start, end): text}, at its place, and is empty elsewhere.

    >>> laid_out({(2, 6): "Sony"})
    '\n\nSony'
    """
    text = ["\n"] * max((end for _, end in quotes), default=0)
    for (start, end), quote in sorted(quotes.items()):
        shown = (quote or "(its words may not be published)")[: end - start]
        text[start : start + len(shown)] = shown
    return "".join(text)
