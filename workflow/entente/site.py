"""Make the site: a page that shows every number, and every alliance with its evidence, without a network.

``index.html`` has style and script in it. What it shows lies beside it in ``data/*.js``, since a page that is opened
from a folder may load scripts and nothing else; each hands one value of JSON to the page. The list of alliances is in
chunks, newest first, so that the first table is there as soon as the first chunk is; quotations and details are in
smaller ones, which are loaded when they are asked for. The same records give the same bytes.
"""

import argparse
import json
import os
import re
from collections import Counter
from dataclasses import asdict
from importlib.resources import files
from itertools import chain, pairwise
from pathlib import Path

from entente import __version__, cli, dataset, estimate, tables
from entente.codebook import CODEBOOK
from entente.corpora import load
from entente.definitions import DEFINITIONS
from entente.policy import policy
from entente.records import Claim, Mention
from entente.text import REPLACEMENTS

DATA = ("site",)

SCRIPTS = ("base.js", "share.js", "alliances.js", "pages.js")
LISTED = 5000  # alliances in a chunk of the list: the first is read before the page shows one
BLOCK = 500  # alliances in a chunk of quotations, or of details; claims in one of theirs
CONTEXT = 280
"""Most characters shown before and after evidence, where a text may be quoted whole: a sentence or two."""

DEFINITION_TITLES = {
    "joint_venture": (
        "Joint ventures only",
        "Joint ventures are equity; minority stakes are not. Unknown forms are left out.",
    ),
    "joint_venture_or_stake": (
        "With minority stakes",
        "Joint ventures and minority stakes are equity. Unknown forms are left out.",
    ),
    "unknown_as_contractual": (
        "Unknown as contractual",
        "Joint ventures and minority stakes are equity; unknown forms are not: a lower bound. Nothing is left out.",
    ),
    "unknown_as_equity": (
        "Unknown as equity",
        "Joint ventures, minority stakes and unknown forms are equity: an upper bound. Nothing is left out.",
    ),
    "like_sdc": (
        "Like SDC Platinum",
        "Joint ventures are equity; stakes and unknown forms are not. Rumours and ended deals are left out.",
    ),
    "like_merit_cati": (
        "Like MERIT-CATI",
        "Joint ventures and stakes are equity. Only research, technology transfer and licensing; no unknown forms.",
    ),
}
ESTIMATORS = {
    "naive": ("Naive", "What extraction found, as if it never erred"),
    "gold_only": ("Coded by hand", "The documents coded by hand, alone"),
    "ppi": ("Prediction-powered", "Extraction, corrected for what is missed, invented and miscoded"),
    "rogan_gladen": ("Rogan and Gladen", "Extraction, corrected for miscoded forms alone"),
}
COMPONENTS = {
    "sampling": "The alliances are a sample",
    "extraction": "Found by the machine less coded by hand",
    "resolution": "How reports are joined to alliances",
    "coverage": "Alliances that no document reports",
    "definition": "The six definitions of equity",
}
SHOWN = (
    "equity_share_by_year",
    "equity_share_by_period",
    "equity_share_by_definition",
    "corrected_shares",
    "error_budget",
    "sources",
    "coverage_by_language",
    "evaluation",
    "literature",
)
CLAIM = (
    "measure value value_low value_high unit period period_flag population n cited_source low high no_interval"
    " estimate_years joint_venture_n joint_venture_or_stake_n joint_venture_share joint_venture_or_stake_share"
    " joint_venture_low joint_venture_or_stake_low joint_venture_high joint_venture_or_stake_high verdict reason"
)

# ---- evidence --------------------------------------------------------------------------------------


def visible(text):
    r"""Return *text* without control and invisible characters; its lines stay.

    >>> visible("Sony\u202e\x00\nEricsson")
    'Sony\nEricsson'
    """
    return text.translate(REPLACEMENTS)


def joined(spans):
    """Return the (start, end) of *spans* in order, those that overlap or touch as one.

    >>> joined([(8, 12), (0, 4), (3, 6)])
    [(0, 6), (8, 12)]
    """
    found = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def passages(text, spans, rights):
    """Return what may be shown of a document's *text* around *spans* of evidence.

    Parameters
    ----------
    text : str
    spans : list of (int, int)
    rights : str
        A code of ``quotes``: ``full`` gives evidence in its context, ``cut`` evidence alone, cut where it is long,
        ``offsets`` nothing.

    Returns
    -------
    quotes : list of str
    shown : list of list
        Passages, apart in the text. Each is made of context (str) and of places in *quotes* (int), in turn.

    >>> passages("Talks ended. Sony and Ericsson agreed. Shares rose.", [(13, 38)], "full")
    (['Sony and Ericsson agreed.'], [['Talks ended. ', 0, ' Shares rose.']])
    >>> passages("Talks ended. Sony and Ericsson agreed. Shares rose.", [(13, 38)], "cut")
    (['Sony and Ericsson agreed.'], [[0]])
    """
    spans = joined(spans)
    if rights == "offsets" or not spans:
        return [], []
    quotes = [visible(text[start:end]) for start, end in spans]
    if rights != "full":
        quotes = [q if len(q) <= dataset.QUOTE else f"{q[: dataset.QUOTE - 1]}…" for q in quotes]
        return quotes, [[number] for number in range(len(quotes))]
    shown = [[before(text, spans[0][0]), 0]]
    for number, ((_, end), (start, _)) in enumerate(pairwise(spans), 1):
        if start - end <= 2 * CONTEXT:
            shown[-1] += [visible(text[end:start]), number]
        else:
            shown[-1].append(after(text, end))
            shown.append([before(text, start), number])
    shown[-1].append(after(text, spans[-1][1]))
    return quotes, [[part for part in passage if part != ""] for passage in shown]


def before(text, start):
    """Return the context before *start*, from a blank on where there is one; "…" says that more stands before it."""
    cut = start - CONTEXT
    if cut <= 0:
        return visible(text[:start])
    return "…" + visible(re.sub(r"^\S{0,30}\s+", "", text[cut:start]))


def after(text, end):
    """Return the context after *end*, as `before`."""
    cut = end + CONTEXT
    if cut >= len(text):
        return visible(text[end:])
    return visible(re.sub(r"\s+\S{0,30}$", "", text[end:cut])) + "…"


def of_document(document):
    """Return what is told of a document beside its evidence; its title only if words of it may be published."""
    return {
        "document": tables.clean(document.id),
        "title": "" if document.quotes == "offsets" else tables.clean(document.title),
        "language": document.language,
        "date": document.date,
        "url": document.url,
        "licence": document.licence,
        "quotes": document.quotes,
    }


def reports(data, alliances):
    """Return {mention id: (its quotations, what else is told of it)} of the mentions that belong to *alliances*."""
    wanted = {mention for alliance in alliances for mention in alliance.mentions}
    found = {}
    for mention, document in dataset.quoted(data, "mentions", Mention):
        if mention.id in wanted:
            spans = [(span.start, span.end) for span in mention.evidence]
            quotes, shown = passages(document.text, spans, document.quotes)
            found[mention.id] = (
                quotes,
                of_document(document)
                | {
                    "id": tables.clean(mention.id),
                    "partners": [tables.clean(partner.name) for partner in mention.partners],
                    **coded(mention),
                    "reported": mention.date,
                    "passages": shown,
                    "offsets": dataset.offsets(mention),
                },
            )
    return found


# ---- chunks ----------------------------------------------------------------------------------------


def coded(record):
    """Return the codes that a mention and an alliance share; text is on one line."""
    return {
        "venture": tables.clean(record.venture_name or ""),
        "form": record.form,
        "functions": record.functions,
        "value_chain": record.value_chain,
        "status": record.status,
        "stakes": [[tables.clean(s.holder), s.percent, tables.clean(s.target)] for s in record.stakes],
        "term_years": record.term_years,
        "confidence": round(record.confidence, 4),
    }


def ordered(alliances):
    """Return *alliances* as the site lists them: newest first, those without a year last."""
    return sorted(
        sorted(alliances, key=lambda a: a.id), key=lambda a: (a.year or 0, a.date or ""), reverse=True
    )


def line(alliance, languages, corpora):
    """Return the list's entry of an alliance: an array, codes being places in the codebook, in *languages* and *corpora*."""
    places = {name: list(CODEBOOK[name]) for name in ("form", "function")}
    return [
        alliance.id,
        [tables.clean(name) for name in alliance.partner_names],
        tables.clean(alliance.venture_name or ""),
        alliance.year,
        places["form"].index(alliance.form),
        [places["function"].index(code) for code in alliance.functions],
        [languages.index(code) for code in alliance.languages],
        [corpora.index(name) for name in alliance.corpora if name in corpora],
        len(alliance.mentions),
        round(alliance.confidence, 4),
    ]


def detail(alliance, told):
    """Return (quotations, details) of an alliance; *told* is of `reports`. Mentions count on in the quotations."""
    quotes, mentions = [], []
    for mention in alliance.mentions:
        if mention in told:
            its, entry = told[mention]
            first = len(quotes)
            moved = [
                [part + first if isinstance(part, int) else part for part in passage]
                for passage in entry["passages"]
            ]
            quotes += its
            mentions.append(entry | {"passages": moved})
    return quotes, coded(alliance) | {"date": alliance.date, "mentions": mentions}


def claims(data, register):
    """Return the rows of the *register*, with the quotations of the documents that they stand in."""
    found = {}
    for claim, document in dataset.quoted(data, "claims", Claim):
        quotes, shown = passages(document.text, [(s.start, s.end) for s in claim.evidence], document.quotes)
        found[tables.clean(claim.id)] = of_document(document) | {
            "quotations": quotes,
            "passages": shown,
            "offsets": dataset.offsets(claim),
        }
    rows = []
    for row in register:
        stand = [found[name] for name in row["claims"].split("; ") if name in found]
        rows.append({name: row[name] for name in CLAIM.split()} | {"documents": stand})
    return rows


def chunks(data, alliances, register):
    """Yield (name, value) of every chunk of records: the list, quotations and details of *alliances*, and claims."""
    told = reports(data, alliances)
    languages, corpora = dimensions(alliances, data)
    for number, group in batched(alliances, LISTED):
        yield f"list-{number}", [line(alliance, languages, corpora) for alliance in group]
    for number, group in batched(alliances, BLOCK):
        quotes, details = zip(*(detail(alliance, told) for alliance in group), strict=True)
        yield f"quotes-{number}", quotes
        yield f"details-{number}", details
    for number, group in batched(claims(data, register), BLOCK):
        yield f"claims-{number}", group


def batched(items, size):
    """Yield (number, list) of each run of *size* items.

    >>> list(batched("abc", 2))
    [(0, 'ab'), (1, 'c')]
    """
    for number, start in enumerate(range(0, len(items), size)):
        yield number, items[start : start + size]


def dimensions(alliances, data):
    """Return the languages and the corpora that the list's entries point to."""
    languages = sorted({language for alliance in alliances for language in alliance.languages})
    return languages, sorted(folder.name for folder in data.corpora)


# ---- what the page has from the start --------------------------------------------------------------


def overview(data, alliances, estimates, described, downloads):
    """Return what the page needs before any chunk: tables, codebook, corpora, and how many there are of each.

    Parameters
    ----------
    data : tables.Interim
    alliances : list of Alliance
    estimates : dict
        Rows of the tables, by name.
    described : list of corpora.Corpus
    downloads : list of dict
    """
    languages, corpora = dimensions(alliances, data)
    known = set(corpora)
    return {
        "version": __version__,
        "chunk": {"list": LISTED, "block": BLOCK},
        "counts": {
            "alliances": len(alliances),
            "mentions": number(data, "mentions"),
            "joined": sum(len(alliance.mentions) for alliance in alliances),
            "claims": number(data, "claims"),
            "register": len(estimates["register"]),
        },
        "languages": languages,
        "corpora": corpora,
        "facets": {
            "form": Counter(a.form for a in alliances),
            "equity_status": Counter(a.equity_status for a in alliances),
            "function": Counter(code for a in alliances for code in a.functions),
            "language": Counter(code for a in alliances for code in a.languages),
            "corpus": Counter(name for a in alliances for name in a.corpora if name in known),
        },
        "codebook": CODEBOOK,
        "definitions": {name: DEFINITION_TITLES[name] for name in DEFINITIONS},
        "estimators": ESTIMATORS,
        "components": COMPONENTS,
        "described": [
            {
                name: value
                for name, value in asdict(corpus).items()
                if name in {"name", "title", "licence", "source", "retrieved", "citation", "drawn", "random"}
            }
            | {"quotes": corpus.quotes}
            for corpus in described
        ],
        "tables": {name: table(estimates[name]) for name in SHOWN},
        "downloads": downloads,
    }


def number(data, name):
    """Return how many records the files *name*.jsonl of all parts have, one a line."""
    total = 0
    for _, folder in data.parts():
        with (folder / f"{name}.jsonl").open("rb") as lines:
            total += sum(1 for _ in lines)
    return total


def table(rows):
    """Return *rows*, dicts of text, as {"columns", "rows"}: the names once, then a list a row."""
    return {"columns": list(rows[0]) if rows else [], "rows": [list(row.values()) for row in rows]}


def offered(paths, output):
    """Return what can be downloaded: one entry for each folder and name, with a link for each form that there is.

    >>> paths = [Path(f"results/tables/forms_by_period.{ending}") for ending in ("csv", "md")]
    >>> offered(paths, Path("results/site"))  # doctest: +NORMALIZE_WHITESPACE
    [{'folder': 'tables', 'name': 'forms_by_period', 'says': 'Forms of alliances, by period.',
      'links': [['csv', '../tables/forms_by_period.csv'], ['md', '../tables/forms_by_period.md']]}]
    """
    functions, found = estimate.TABLES | dataset.FILES, {}
    for path in sorted(paths):
        place = Path(os.path.relpath(path, output)).as_posix()
        folder = Path(os.path.relpath(path.parent, output.parent)).as_posix()
        name, _, ending = path.name.partition(".")
        says = (
            tables.summary(functions[name]) if name in functions and folder in {"package", "tables"} else ""
        )
        entry = found.setdefault((folder, name), {"folder": folder, "name": name, "says": says, "links": []})
        entry["links"].append([ending or name, place])
    return [found[key] for key in sorted(found)]


# ---- the page --------------------------------------------------------------------------------------


def page():
    """Return index.html: the markup with style and script in it.

    Its policy lets this script and this style run, told by their digests, and what the script itself loads: nothing
    that stands in a text can be run, and nothing is asked of any other place.
    """
    given = files("entente").joinpath("site")
    style = given.joinpath("style.css").read_text(encoding="utf-8")
    script = "".join(given.joinpath(name).read_text(encoding="utf-8") for name in SCRIPTS)
    template = given.joinpath("index.html").read_text(encoding="utf-8")
    parts = {"policy": policy(script, style, loading=True), "style": style, "script": script}
    for name, content in parts.items():
        template = template.replace(f"{{{{{name}}}}}", content, 1)
    return template


def serialised(name, value):
    """Return the script that hands *value* to the page under *name*; a list has an entry a line."""

    def dump(item):
        return json.dumps(item, ensure_ascii=False, separators=(",", ":"))

    whole = "[\n" + ",\n".join(map(dump, value)) + "\n]" if isinstance(value, list | tuple) else dump(value)
    return f"entente({dump(name)}, {whole});\n"


def write(folder, items):
    """Write (name, value) of *items* as scripts into *folder*, and remove the scripts there that are of another run."""
    names = set()
    for name, value in items:
        names.add(f"{name}.js")
        with cli.replacing(folder / f"{name}.js") as file:
            file.write(serialised(name, value))
    for path in folder.glob("*.js"):
        if path.name not in names:
            path.unlink()


# ---- command line ----------------------------------------------------------------------------------


def run(interim, corpora, tables_folder, downloads, output):
    """Write the site, the page last."""
    data = tables.Interim(interim, tuple(corpora))
    described = sorted(map(load, corpora), key=lambda corpus: corpus.name)
    estimates = {name: tables.read(tables_folder / f"{name}.csv") for name in (*SHOWN, "register")}
    alliances = ordered(data.alliances())
    first = overview(data, alliances, estimates, described, offered(downloads, output))
    write(output / "data", chain([("site", first)], chunks(data, alliances, estimates["register"])))
    with cli.replacing(output / "index.html") as file:
        file.write(page())


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
    parser.add_argument(
        "--downloads",
        type=Path,
        nargs=argparse.ZERO_OR_MORE,
        default=[],
        metavar="FILE",
        help="published files to link",
    )
    parser.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="where to put the site")


if __name__ == "__main__":
    cli.main(__doc__, add_arguments, run)
