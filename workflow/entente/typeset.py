r"""Typeset every table as a paper prints it: LaTeX, Markdown, HTML; and all in full in one workbook.

The CSV files are the tables. What is made of them is for readers: the columns that a paper would print, under
headings in words, an interval in one cell, and notes that say what is counted, how many, with which interval
and what no number covers. Which columns, headings and rows is data, `typeset.yaml`; the notes are the meanings
of these columns in the data dictionary.

A LaTeX fragment is read with ``\input``. It needs the packages booktabs, longtable and array, and it says in its
first line which engines set it: any, or, if it holds letters that are not Latin, those that have fonts for them.
"""

import html
import re
import textwrap
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from importlib.resources import files
from pathlib import Path
from string import Template

import yaml

from entente import budget, cli, dictionary, estimate, figures, tables, workbook
from entente.codebook import CODEBOOK
from entente.corpora import load
from entente.markdown import escaped

DATA = ("typeset.yaml", "typeset.tex")
LAYOUT = yaml.safe_load(files("entente").joinpath("typeset.yaml").read_text(encoding="utf-8"))
DOCUMENT = files("entente").joinpath("typeset.tex").read_text(encoding="utf-8")

FIGURES = {"equity_share": figures.TITLE, "error_budget": budget.TITLE}
MISSING = "–"
FIT = 8
"""Columns that are printed of a table that has no entry in typeset.yaml."""
LONG = 36
"""Rows up to which a table stays on one page."""
LINE = 104
"""Characters on a line of 16 cm, which is \\linewidth; \\scriptsize has a seventh more."""

# ---- numbers ---------------------------------------------------------------------------------------

ROUNDING = (
    "CSV files and workbook hold four decimals. The typeset tables are rounded from these, half to even:"
    " proportions to two decimals, p-values to three, percentage points to one, other measures to two; counts are"
    " whole. Figures that others report stand as reported."
)
PLACES = {
    "proportion": 2,
    "percentage points": 1,
    "": 2,
    "count": 0,
    "years": 1,
    "points a year": 2,
    "year": 0,
}


def number(text, column, unit=""):
    """Return the cell *text* of a Column of numbers as it is printed; ROUNDING is the rule.

    Parameters
    ----------
    unit : str
        The row's own unit, of a column whose unit is ``see unit``.

    >>> share, p = (dictionary.column("trends", name, "") for name in ("share", "p"))
    >>> number("0.125", share), number("-0.004", share), number("0.0001", p), number("0.0414", p)
    ('0.12', '0.00', '<0.001', '0.041')
    >>> number("128401", dictionary.column("trends", "n", ""))
    '128,401'
    """
    value = Decimal(text)
    if column.name in ("p", "p_holm"):
        return "<0.001" if value < Decimal("0.001") else rounded(value, 3)
    if column.name in ("level", "minimum_confidence"):
        return text
    unit = unit if column.unit == "see unit" else column.unit
    if unit in ("calendar year", "rank", "year"):
        return rounded(value, 0).replace(",", "")
    if column.unit == "see unit":
        return rounded(value, 2 if unit == "points a year" else None)
    return rounded(value, PLACES[unit])


def rounded(value, places):
    """Return a Decimal with *places* decimals, half to even, and thousands apart; None leaves it as it is.

    >>> rounded(Decimal("-1234.5"), 0), rounded(Decimal("0.3470"), None)
    ('−1,234', '0.347')
    """
    if places is None:
        text = f"{value:,f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN):,f}"
    return text.lstrip("-") if not text.strip("-0.,") else text.replace("-", "−")


# ---- a table as it is printed ------------------------------------------------------------------------


@dataclass(frozen=True)
class Printed:
    """A table as text: cells with no markup, and how each column is aligned."""

    name: str
    title: str
    headings: list
    numeric: list
    rows: list
    notes: list


def parts(shown):
    """Return (column, low, high) of a column of typeset.yaml; None for what it lacks.

    >>> parts("n"), parts("share [low, high]"), parts("[low, high]")
    (('n', None, None), ('share', 'low', 'high'), (None, 'low', 'high'))
    """
    column, low, high = re.fullmatch(r"(\w+)?(?: ?\[(\w+), (\w+)\])?", shown).groups()
    return column, low, high


def layout(name, columns):
    """Return the entry of a table in typeset.yaml; without one, its first columns, an interval in one cell."""
    if name in LAYOUT["tables"]:
        return LAYOUT["tables"][name]
    names = [column.name for column in columns if column.name not in ("level", "minimum_confidence")]
    shown = [each for each in names if each not in ("low", "high")]
    if {"share", "low", "high"} <= set(names):
        shown[shown.index("share")] = "share [low, high]"
    return {"columns": shown[:FIT]}


def words(code):
    """Return a code in words.

    >>> words("joint_venture_or_stake"), words("technology_transfer")
    ('joint venture or stake', 'technology transfer')
    """
    return LAYOUT["words"].get(code, code.replace("_", " "))


def plain(text):
    """Return one cell that is no number as it is printed; years from and to have a dash.

    >>> plain("1987-1991"), plain("'=A")
    ('1987–1991', '=A')
    """
    text = text[1:] if text.startswith("'") and text[1:].startswith(tables.FORMULA) else text
    return re.sub(r"^(\d{4})-(\d{4})$", r"\1–\2", tables.clean(text))


def cell(row, shown, known):
    """Return the cell of a row that a column of typeset.yaml prints; *known* is {name: Column}."""
    column, low, high = parts(shown)
    told = [
        number(row[name], known[name], row.get("unit", ""))
        if name and row[name] and known[name].type in ("integer", "number")
        else None
        for name in (column, low, high)
    ]
    value, *limits = told
    if low and None not in limits:
        return f"{value} [{', '.join(limits)}]" if value else " to ".join(limits)
    if low and not value:
        return f"≥ {limits[0]}" if limits[0] else f"≤ {limits[1]}" if limits[1] else MISSING
    if value or not row[column]:
        return value or MISSING
    if known[column].codes or column in LAYOUT["coded"] or row[column] in CODEBOOK.get(row.get("factor"), ()):
        return words(row[column])
    return plain(row[column])


def printed(table, rows, facts, others=()):
    """Return a table as Printed.

    Parameters
    ----------
    table : function
        One of `estimate.TABLES`.
    rows : list of dict
        Its rows, as `tables.read` returns them.
    facts : list of str
        What a reader must know of all tables, for the notes; see `facts_of`.
    others : iterable of function
        Functions whose docstrings explain what that of *table* leaves out.
    """
    columns = dictionary.columns(table, rows, others)
    known = {column.name: column for column in columns}
    asked = layout(table.__name__, columns)
    shown = [each for each in asked["columns"] if {*parts(each)} - {None} <= known.keys()]
    kept = [row for row in rows if all(row[name] in values for name, values in asked.get("rows", {}).items())]
    level = levels(rows, asked)
    headings = [heading(each, asked.get("headings", {}), known, level) for each in shown]
    return Printed(
        name=table.__name__,
        title=tables.summary(table).rstrip("."),
        headings=headings,
        numeric=[known[next(filter(None, parts(each)))].type in ("integer", "number") for each in shown],
        rows=[[cell(row, each, known) for each in shown] for row in kept],
        notes=[
            *explained(shown, headings, known, others),
            *told_of(rows, kept, shown, asked, level),
            *facts,
            f"All columns and rows: {table.__name__}.csv.",
        ],
    )


def levels(rows, asked):
    """Return the level of the intervals in words, empty if there is none: ``95 %``."""
    found = sorted({row["level"] for row in rows if row.get("level")} or {str(asked.get("level", ""))})
    return ", ".join(f"{100 * Decimal(level):f}".rstrip("0").rstrip(".") + " %" for level in found if level)


def heading(shown, own, known, level):
    """Return the heading of a column, with the level where an interval stands in its cells."""
    column, low, _ = parts(shown)
    bare = (column or low).replace("_", " ").capitalize()
    title = own.get(shown, LAYOUT["headings"].get(shown, bare))
    if not low or not column:
        return title
    return f"{title} [{level} CI]" if level and is_interval(known[low]) else f"{title} [low, high]"


def is_interval(column):
    """Tell whether a Column is the limit of an interval, and not of a range."""
    return "interval" in column.meaning and "interval or range" not in column.meaning


def explained(shown, headings, known, others):
    """Yield what each printed column means, one sentence for all that mean the same."""
    meanings = defaultdict(list)
    for each, title in zip(shown, headings, strict=True):
        column, low, _ = parts(each)
        if column:
            meanings[resolved(known[column], others)].append(title.partition(" [")[0])
        if low:
            meanings[resolved(known[low], others)].append("In brackets" if column else title)
    for meaning, titles in meanings.items():
        yield f"{', '.join(dict.fromkeys(titles))}: {meaning}."


def resolved(column, others):
    """Return the meaning of a Column as a reader of the one table needs it: in words, without a reference."""
    text = column.meaning
    reference = re.search(r"(?:; see|, as in) `*(\w+)`*$", text)
    for table in others:
        if reference and table.__name__ == reference[1]:
            name = "definition" if column.name == "headline" else column.name
            text = tables.meaning(name, table, others)
    return re.sub(r"``(.+?)``", lambda code: words(code[1]), text).rstrip(".")


def told_of(rows, kept, shown, asked, level):
    """Yield what the notes say of this table alone: its interval, what is not counted, what is not shown."""
    if asked.get("note"):
        yield asked["note"]
    if level:
        yield f"Level of the intervals: {level}."
    confidence = sorted({row["minimum_confidence"] for row in rows if row.get("minimum_confidence")})
    if len(confidence) == 1:
        yield f"Minimum confidence of what is counted: {confidence[0]}."
    reasons = sorted({row["refused"] for row in kept if row.get("refused")})
    if reasons and "refused" not in shown:
        some = f"such as: {reasons[0]}" if len(reasons) > 1 else reasons[0]
        yield f"{MISSING}: none, or refused ({plain(some)}); the column refused says why."
    elif any(MISSING in (row[name] or MISSING) for row in kept for name in row):
        yield f"{MISSING}: none."
    if len(kept) < len(rows):
        chosen = "; ".join(
            f"{name.replace('_', ' ')} {' or '.join(map(words, values))}"
            for name, values in asked["rows"].items()
        )
        yield f"Shown are {len(kept)} of {len(rows)} rows: {chosen}."


def facts_of(estimates, corpora):
    """Return what the notes of all tables say: what was read, what is not covered, and of what it is no sample.

    Parameters
    ----------
    estimates : dict
        Rows of the tables, by name.
    corpora : list of corpora.Corpus
    """
    languages = estimates["coverage_by_language"]
    documents = sum(int(row["documents"]) for row in languages)
    missed = [f"{row['language']} ({row['documents']})" for row in languages if row["coverage"] != "covered"]
    yield (
        f"{documents:,} documents in {len(languages)} languages were read;"
        + (f" not covered (documents): {', '.join(missed)}." if missed else " all languages met are covered.")
    )
    chosen = [corpus.name for corpus in corpora if not corpus.random]
    if chosen:
        yield f"No random sample, so that shares estimate nothing beyond it: {', '.join(chosen)}."


# ---- LaTeX -----------------------------------------------------------------------------------------

SPECIAL = {
    **{c: f"\\{c}" for c in "{}$&#%_"},
    **{c: f"{{{c}}}" for c in "[]*"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    '"': r"\char34{}",
    "−": r"\ensuremath{-}",
    "≥": r"\ensuremath{\geq}",
    "≤": r"\ensuremath{\leq}",
}
WIDE = ("W", "F")
RIGHT = ("R", "AL")


def latex(text):
    r"""Return *text* for LaTeX: it is printed as it is, and nothing in it is a command.

    Right-to-left stretches are marked by ``\ententertl``, and a line may break after a wide character.

    >>> latex("R&D_1 {\\input x} 50%")
    'R\\&D\\_1 \\{\\textbackslash{}input x\\} 50\\%'
    >>> latex("שלום b"), latex("合資")
    ('\\ententertl{שלום} b', '合\\ententebreak{}資\\ententebreak{}')
    """
    text = tables.clean(text)
    strong = [i for i, c in enumerate(text) if unicodedata.bidirectional(c) in ("L", *RIGHT)]
    stretches, start = [], None
    for i in strong:
        right = unicodedata.bidirectional(text[i]) in RIGHT
        if right and start is None:
            start = end = i
        elif right:
            end = i
        elif start is not None:
            stretches.append((start, end + 1))
            start = None
    if start is not None:
        stretches.append((start, end + 1))
    out, done = [], 0
    for start, last in stretches:
        end = last + len(re.match(r"( [\d.,]+\b)*", text[last:])[0])  # numbers after it belong to it
        inner = re.split(r"(\d[\d.,/:]*\d|\d)", text[start:end])
        ltr = [f"\\ententeltr{{{escape(t)}}}" if k % 2 else escape(t) for k, t in enumerate(inner)]
        out += [escape(text[done:start]), r"\ententertl{", *ltr, "}"]
        done = end
    return "".join([*out, escape(text[done:])])


def escape(text):
    r"""Return *text* with the characters that LaTeX takes for markup, or for a ligature, written otherwise.

    >>> escape("a--b, 10 <b>")
    'a-\\kern0pt{}-b, 10 \\textless{}b\\textgreater{}'
    """
    out = (SPECIAL.get(c, c) + r"\ententebreak{}" * (unicodedata.east_asian_width(c) in WIDE) for c in text)
    return re.sub(r"([-',]|\\text(?:less|greater)\{\})(?=\1)", r"\1\\kern0pt{}", "".join(out))


COMMANDS = r"""\providecommand\ententertl[1]{\ifdefined\textdir\bgroup\textdir TRT #1\egroup\else#1\fi}
\providecommand\ententeltr[1]{\ifdefined\textdir\bgroup\textdir TLT #1\egroup\else#1\fi}
\providecommand\ententebreak{\hskip0pt\relax}
"""


def scripts(text):
    """Return the scripts of *text* that are not Latin, by the names of their letters.

    >>> scripts("Toyota トヨタ 丰田")
    ['CJK', 'KATAKANA']
    """
    names = {unicodedata.name(c, "UNKNOWN").partition(" ")[0] for c in text if c.isalpha() and c > "\u02af"}
    return sorted(names - {"LATIN", "MODIFIER", "KELVIN", "ANGSTROM"})


def width(text):
    """Return how many characters wide *text* is; an East Asian one counts two.

    >>> width("BYD 比亚迪")
    10
    """
    return sum(1 + (unicodedata.east_asian_width(c) in WIDE) for c in text)


def broken(title, room):
    """Return a heading in lines; what is in brackets has a line of its own.

    >>> broken("Form unknown [95 % CI]", 10)
    ['Form', 'unknown', '[95 % CI]']
    """
    bare, bracket, rest = title.partition(" [")
    lines = textwrap.wrap(bare, room, break_long_words=False)
    return [*lines, f"[{rest}"] if bracket else lines


def measured(of):
    """Return (headings in lines, column specification, font size) of a Printed table in LaTeX.

    Columns of text give way, the longest first, until all fit a line.
    """
    cells = [max((width(row[i]) for row in of.rows), default=0) for i in range(len(of.headings))]
    lines = [broken(title, max(10, min(cells[i], 18))) for i, title in enumerate(of.headings)]
    natural = [max(cells[i], *map(width, lines[i])) for i in range(len(cells))]
    text = [i for i, numeric in enumerate(of.numeric) if not numeric]
    free = {i for i in text if natural[i] > 16}
    fixed = sum(n for i, n in enumerate(natural) if i not in free)
    room = LINE - 1.4 * len(natural)
    small = sum(natural) > room and room - fixed < 20 * len(free)
    if small:
        room = LINE * 8 / 7 - 1.4 * len(natural)
    shares, left = {}, max(room - fixed, 12 * len(free))
    for done, i in enumerate(sorted(free, key=lambda i: natural[i])):
        shares[i] = min(natural[i], left / (len(free) - done))
        left -= shares[i]
    narrow = {i for i in free if shares[i] < natural[i]}
    marks = [
        rf">{{\raggedright\arraybackslash}}p{{{shares[i] / room:.2f}\linewidth}}"
        if i in narrow
        else "r"
        if of.numeric[i]
        else "l"
        for i in range(len(natural))
    ]
    return lines, "@{}" + "".join(marks) + "@{}", r"\scriptsize" if small else r"\footnotesize"


def latex_table(of):
    """Return a Printed table as a LaTeX fragment: a float, or, if it is long, a longtable."""
    lines, marks, size = measured(of)
    heads = [
        rf"\begin{{tabular}}[b]{{@{{}}{'r' if numeric else 'l'}@{{}}}}"
        + r"\\".join(map(latex, line))
        + r"\end{tabular}"
        for line, numeric in zip(lines, of.numeric, strict=True)
    ]
    head = " &\n".join(heads) + r" \\"
    rows = [" & ".join(map(latex, row)) + r" \\" for row in of.rows]
    body = "\n".join(rows) or rf"\multicolumn{{{len(heads)}}}{{@{{}}l@{{}}}}{{None.}} \\"
    notes = r"\emph{Notes.} " + "\n".join(map(latex, of.notes))
    caption = rf"\caption{{{latex(of.title)}}}\label{{tab:{of.name}}}"
    found = scripts("".join(map("".join, [*of.rows, of.headings, of.notes])))
    engines = f"lualatex or xelatex, with fonts for {', '.join(found)}" if found else "any"
    first = (
        f"% {of.name}: made by Entente; do not edit. Engine: {engines}.\n"
        "% Packages: booktabs, longtable, array.\n"
    )
    if len(rows) <= LONG:
        return (
            f"{first}{COMMANDS}\\begin{{table}}[htbp]\n\\centering{size}\\setlength\\tabcolsep{{3pt}}\n"
            f"\\setlength\\belowcaptionskip{{6pt}}\n{caption}\n"
            f"\\begin{{tabular}}{{{marks}}}\n\\toprule\n{head}\n\\midrule\n{body}\n\\bottomrule\n\\end{{tabular}}\n"
            f"\\par\\smallskip\n\\begin{{minipage}}{{\\linewidth}}\\scriptsize\n{notes}\n\\end{{minipage}}\n"
            "\\end{table}\n"
        )
    again = rf"\multicolumn{{{len(heads)}}}{{@{{}}l@{{}}}}{{\emph{{continued}}}} \\"
    return (
        f"{first}{COMMANDS}\\begingroup{size}\\setlength\\tabcolsep{{3pt}}\n\\begin{{longtable}}{{{marks}}}\n"
        f"{caption}\\\\\n\\toprule\n{head}\n\\midrule\n\\endfirsthead\n{again}\n\\toprule\n{head}\n\\midrule\n\\endhead\n"
        f"\\bottomrule\n\\endfoot\n{body}\n\\end{{longtable}}\n\\par\\vspace{{-\\medskipamount}}\n"
        f"\\noindent\\begin{{minipage}}{{\\linewidth}}\\scriptsize\n{notes}\n\\end{{minipage}}\\par\\endgroup\n"
    )


def document(names):
    """Return the LaTeX document of all tables of these *names* and all figures."""
    inputs = [rf"\input{{{name}.tex}}\clearpage" for name in names]
    drawn = [rf"\ententefigure{{{name}}}{{{latex(title)}}}" for name, title in FIGURES.items()]
    return DOCUMENT.replace("% TABLES\n", "\n".join([*inputs, *drawn]) + "\n")


# ---- Markdown and HTML -------------------------------------------------------------------------------


def markdown(of):
    """Return a Printed table as Markdown."""
    lines = [
        of.headings,
        ["---:" if numeric else "---" for numeric in of.numeric],
        *of.rows,
    ]
    shown = [
        f"| {' | '.join(cell if i == 1 else escaped(cell) for cell in line)} |"
        for i, line in enumerate(lines)
    ]
    return f"**{escaped(of.title)}**\n\n" + "\n".join(shown) + f"\n\n*Notes.* {escaped(' '.join(of.notes))}\n"


PAGE = Template("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.4 system-ui, sans-serif; }
figure { margin: 1rem auto; max-width: 75rem; }
figure > div { overflow-x: auto; }
table { border-collapse: collapse; border-block: 2px solid; }
caption { text-align: start; font-weight: bold; padding-block: .5rem; }
thead { border-block-end: 1px solid; }
th, td { padding: .2rem .6rem; text-align: start; vertical-align: top; font-weight: normal; }
th[scope=col] { vertical-align: bottom; }
.number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
figcaption { font-size: .85rem; margin-block-start: .5rem; }
</style>
</head>
<body>
<figure>
<div role="region" aria-label="$title" tabindex="0">
<table id="$name" aria-describedby="$name-notes">
<caption>$title</caption>
<thead>
$head
</thead>
<tbody>
$body
</tbody>
</table>
</div>
<figcaption id="$name-notes"><em>Notes.</em> $notes</figcaption>
</figure>
</body>
</html>
""")


def webpage(of):
    """Return a Printed table as a page of HTML; to put it into another, take its ``figure``."""
    head = [
        element("th", title, numeric, ' scope="col"')
        for title, numeric in zip(of.headings, of.numeric, strict=True)
    ]
    body = [
        [
            element("td" if i else "th", cell, of.numeric[i], "" if i else ' scope="row"')
            for i, cell in enumerate(row)
        ]
        for row in of.rows
    ]
    return PAGE.substitute(
        name=of.name,
        title=marked(of.title),
        head=f"<tr>{''.join(head)}</tr>",
        body="\n".join(f"<tr>{''.join(row)}</tr>" for row in body),
        notes=marked(" ".join(of.notes)),
    )


def element(tag, text, numeric, attributes):
    """Return a cell of HTML."""
    kind = ' class="number"' if numeric else ""
    return f"<{tag}{attributes}{kind}>{marked(text)}</{tag}>"


def marked(text):
    """Return *text* for HTML; with a right-to-left letter, apart from what is around it.

    >>> marked("<b>"), marked("שלום")
    ('&lt;b&gt;', '<bdi>שלום</bdi>')
    """
    shown = html.escape(text)
    right = any(unicodedata.bidirectional(c) in RIGHT for c in text)
    return f"<bdi>{shown}</bdi>" if right else shown


# ---- command line ----------------------------------------------------------------------------------

FORMATS = {"tex": latex_table, "md": markdown, "html": webpage}


def run(folder, corpora, output):
    """Write every table in every format, the document of all, and the workbook."""
    estimates = {name: tables.read(folder / f"{name}.csv") for name in estimate.TABLES}
    others = estimate.TABLES.values()
    facts = list(facts_of(estimates, sorted(map(load, corpora), key=lambda corpus: corpus.name)))
    for name, table in estimate.TABLES.items():
        of = printed(table, estimates[name], facts, others)
        for ending, written in FORMATS.items():
            with cli.replacing(folder / f"{name}.{ending}") as file:
                file.write(written(of))
    with cli.replacing(folder / "all.tex") as file:
        file.write(document(estimate.TABLES))
    workbook.write(output, estimates, estimate.TABLES, [*facts, ROUNDING])


def add_arguments(parser):
    """Add the arguments of the stage."""
    parser.add_argument("folder", type=Path, help="the tables of estimate; the typeset ones go beside them")
    parser.add_argument(
        "--corpora", type=Path, nargs="+", required=True, metavar="FOLDER", help="corpora that they count"
    )
    parser.add_argument("--output", type=Path, required=True, help="the workbook, XLSX")


if __name__ == "__main__":
    cli.main(__doc__, add_arguments, run)
