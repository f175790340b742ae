"""Draw the equity and the contractual share of alliances over time, with intervals and numbers.

The file depends on the table alone: the fonts are matplotlib's own, and nothing of the day, the machine or
the program's version is written to it.
"""

import io
import math
import re
from itertools import pairwise
from statistics import median
from xml.sax.saxutils import escape

import matplotlib.style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, MultipleLocator, PercentFormatter

from entente import cli

TITLE = "Equity and contractual share of alliances over time"
# A share of fewer alliances says too little to stand alone: years are then drawn as periods.
FEW = 10
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "hatch.linewidth": 0.5,
    "svg.hashsalt": "entente",
    "svg.fonttype": "path",
    "pdf.compression": 0,  # how it is packed varies with the library
}
# Blues and vermilion after Okabe and Ito, told apart by every reader; in grey by lightness, of which neighbours
# have at least 18 of 100 (CIE L*) more or less, and by marker, line and hatch.
EQUITY = {
    "color": "#00507D",
    "marker": "o",
    "markersize": 4.5,
    "linestyle": "-",
    "linewidth": 1,
    "label": "equity share",
}
CONTRACTUAL = {
    "color": "#D55E00",
    "marker": "s",
    "markersize": 4.5,
    "markerfacecolor": "w",
    "linestyle": (0, (4, 2)),
    "linewidth": 1,
    "label": "contractual share",
}
OPEN = {"color": "#D0D0D0", "linewidth": 6, "solid_capstyle": "butt", "zorder": 1}
BARS = {
    "joint venture": {"facecolor": "#00507D"},
    "minority stake": {"facecolor": "#56B4E9"},
    "contractual": {"facecolor": "#F9DEC9"},
    "form unknown": {"facecolor": "w", "hatch": "/////"},
}
for bar in BARS.values():
    bar |= {"edgecolor": "#555555", "linewidth": 0.5}
PANELS = {
    "joint_venture_or_stake": "Equity = joint venture or minority stake",
    "joint_venture": "Equity = joint venture only",
}


def series(by_year, by_period):
    """Return (name of the time unit, rows that bear a date) of the table to draw.

    Years, if the median year has at least FEW alliances of known form, else periods.
    """
    years, periods = (
        [row for row in table if re.fullmatch(r"\d+(-\d+)?", row[column])]
        for table, column in ((by_year, "year"), (by_period, "period"))
    )
    known = [int(row["equity"]) + int(row["contractual"]) for row in years]
    return ("year", years) if known and median(known) >= FEW else ("period", periods)


def span(label):
    """Return the first and the last year of a row's label.

    >>> span("2000-2004"), span("1987")
    ((2000, 2004), (1987, 1987))
    """
    first, _, last = label.partition("-")
    return int(first), int(last or first)


def draw(unit, rows, level):
    """Return the figure of the *rows* of an equity share table; *unit* names their column, year or period."""
    panels = [[row for row in rows if row["definition"] == definition] for definition in PANELS]
    spans = [span(row[unit]) for row in panels[0]]
    middles = [(first + last) / 2 for first, last in spans]
    width = spans[0][1] - spans[0][0] + 1 if spans else 1
    with matplotlib.style.context(["default", STYLE]):
        figure = Figure(figsize=(7.2, 7.6), layout="constrained")
        FigureCanvasAgg(figure)
        *shares, counts = figure.subplots(3, 1, sharex=True, height_ratios=(1, 1, 0.7))
        for axes, panel, title in zip(shares, panels, PANELS.values(), strict=True):
            draw_shares(axes, panel, middles, width)
            axes.set_title(title, loc="left", fontweight="bold", pad=17)
        draw_counts(counts, *panels, middles, width)
        label_time(counts, unit, [row[unit] for row in panels[0]], middles, width)
        handles = shares[0].get_legend_handles_labels()
        figure.legend(*handles, loc="outside upper left", ncols=3, frameon=False, handlelength=3)
        figure.supxlabel(note(level), x=0.01, ha="left", fontsize=6.5, color="#444444")
    return figure


def draw_shares(axes, rows, middles, width):
    """Draw the equity and the contractual share of each row at its place; neighbours of weight are joined."""
    apart = 0.1 * width
    points = [(x, row) for x, row in zip(middles, rows, strict=True) if row["share"]]
    for x, row in zip(middles, rows, strict=True):
        ends = [float(row["share_low_bound"]), float(row["share_high_bound"])]
        axes.plot([x - apart] * 2, ends, **OPEN)
    for style, place, of in (
        (EQUITY, -apart, lambda share: share),
        (CONTRACTUAL, apart, lambda share: 1 - share),
    ):
        for (x, row), (later, next_row) in pairwise(points):
            if later - x < 1.5 * width and min(known(row), known(next_row)) >= FEW:
                shares = [of(float(end["share"])) for end in (row, next_row)]
                axes.plot(
                    [x + place, later + place], shares, **style | {"marker": "", "label": None}, alpha=0.6
                )
        for x, row in points:
            limits = [of(float(row[name])) for name in ("low", "high")]
            axes.plot([x + place] * 2, limits, color=style["color"], linewidth=1)
            axes.plot(x + place, of(float(row["share"])), **style | {"label": None}, clip_on=False, zorder=3)
        axes.plot([], [], **style)
    axes.plot([], [], **OPEN, label="range of the equity share that unknown forms leave open")
    number_style = {"xycoords": axes.get_xaxis_transform(), "ha": "center", "va": "bottom"}
    for x, row in zip(middles, rows, strict=True):
        axes.annotate(known(row), (x, 1.03), **number_style, fontsize=6, rotation=90 * (len(middles) > 20))
    axes.annotate("n", (-0.01, 1.03), xycoords="axes fraction", ha="right", va="bottom", fontstyle="italic")
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_locator(MultipleLocator(0.25))
    axes.yaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
    axes.grid(axis="y", color="#E6E6E6", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(axis="x", length=0, labelbottom=False)
    axes.set_ylabel("Share of known forms")


def draw_counts(axes, with_stakes, ventures_only, middles, width):
    """Draw how many alliances of each form stand behind the shares, from the rows of the two definitions."""
    ventures = [int(row["equity"]) for row in ventures_only]
    heights = {
        "joint venture": ventures,
        "minority stake": [int(row["equity"]) - n for row, n in zip(with_stakes, ventures, strict=True)],
        "contractual": [int(row["contractual"]) for row in with_stakes],
        "form unknown": [int(row["unknown"]) for row in with_stakes],
    }
    bottom = [0] * len(middles)
    for name, height in heights.items():
        visible = [n or math.nan for n in height]
        axes.bar(middles, visible, 0.7 * width, bottom, **BARS[name])
        bottom = [low + n for low, n in zip(bottom, height, strict=True)]
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.set_ylim(0, 1.05 * max([1, *bottom]))
    axes.set_ylabel("Alliances")
    axes.set_title("Alliances counted", loc="left", fontweight="bold", pad=8)
    axes.legend(
        handles=[Patch(label=name, **style) for name, style in BARS.items()],
        loc="lower right",
        bbox_to_anchor=(1, 1.03),
        ncols=4,
        frameon=False,
        borderaxespad=0,
        handlelength=1.4,
    )


def label_time(axes, unit, labels, middles, width):
    """Label the time axis, and set its limits."""
    axes.set_xlabel(f"{unit.capitalize()} of announcement")
    if not labels:
        axes.set_xticks([])
        axes.text(0.5, 0.5, "no alliance with a year", ha="center", transform=axes.transAxes)
        return
    axes.set_xticks(middles, [label.replace("-", "–") for label in labels])
    if middles[-1] - middles[0] > 8 * width:
        axes.tick_params(axis="x", rotation=90, labelsize=6.5)
    margin = max(0.7, 3 - len(labels) / 2) * width  # a single bar stays slim
    axes.set_xlim(middles[0] - margin, middles[-1] + margin)


def known(row):
    """Return the number of alliances of known form of a row."""
    return int(row["equity"]) + int(row["contractual"])


def note(level):
    """Return what a reader must know of the marks."""
    return (
        f"Vertical lines: {100 * level:g} % Wilson intervals; errors of extraction are not in them. n:"
        f" alliances of known form; neighbours are joined where both have {FEW} or more.\n"
        "Grey: where the equity share would lie if all alliances of unknown form were contractual (lower end)"
        " or equity (upper end)."
    )


def describe(unit, rows, level):
    """Return the figure in words, for readers who cannot see it."""
    points = [
        f"{row[unit]}: {row['share']} ({row['low']} to {row['high']}; {known(row)})"
        for row in rows
        if row["definition"] == "joint_venture_or_stake" and row["share"]
    ]
    return (
        f"Equity share of alliances (joint ventures and minority stakes) by {unit}, with its"
        f" {100 * level:g} % Wilson interval and the number of alliances of known form."
        f" {'; '.join(points) or 'No alliance with a year'}. The contractual share is the rest to 1."
    )


def save(figure, stem, words, title=TITLE):
    """Write *figure* to *stem*.png, .svg and .pdf, each with its *title*, and *words* that describe it to *stem*.txt.

    The words are in the files too: description of the SVG and of the PNG, subject of the PDF.
    """
    image, drawing, page = io.BytesIO(), io.StringIO(), io.BytesIO()
    with matplotlib.style.context(["default", STYLE]):
        about = {"Software": None, "Title": title, "Description": words}
        figure.savefig(image, format="png", dpi=200, metadata=about)
        figure.savefig(drawing, format="svg", metadata={"Date": None, "Creator": None, "Title": title})
        about = {"CreationDate": None, "Creator": None, "Producer": None, "Title": title, "Subject": words}
        figure.savefig(page, format="pdf", metadata=about)
    with cli.replacing(stem.with_suffix(".svg")) as file:
        file.write(
            drawing.getvalue()
            .replace("<svg ", '<svg role="img" ', 1)
            .replace("</title>", f"</title>\n <desc>{escape(words)}</desc>", 1)
        )
    for ending, content in ((".png", image), (".pdf", page)):
        with cli.replacing(stem.with_suffix(ending)) as file:
            file.buffer.write(content.getvalue())
    with cli.replacing(stem.with_suffix(".txt")) as file:
        file.write(f"{words}\n")
