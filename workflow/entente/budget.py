"""The error budget of the equity share: by how many points sampling, extraction and choices may move it."""

import math
import textwrap
from collections import defaultdict
from statistics import NormalDist

import numpy as np

from entente import coverage, evaluate
from entente.bootstrap import redrawn
from entente.definitions import DEFINITIONS, UNITS, Units, share
from entente.study import choices

HEADLINES = {
    "joint_venture": "Equity = joint venture only",
    "joint_venture_or_stake": "Equity = joint venture or minority stake",
}
COMPONENTS = ("sampling", "extraction", "resolution", "coverage", "definition")
CONFIDENCES = tuple(round(0.1 * tenth, 1) for tenth in range(1, 10))
MINIMUM_DOCUMENTS = 20  # coded by hand; with fewer, a percentile bootstrap interval is too short

TITLE = "Error budget of the equity share"
INTERVAL = {"facecolor": "#7FC3EA", "edgecolor": "#0072B2", "linewidth": 0.6}
RANGE = {"facecolor": "w", "edgecolor": "#555555", "hatch": "/////", "linewidth": 0.6}
SHIFT = {"color": "k", "marker": "D", "markersize": 4, "markerfacecolor": "w", "linestyle": ""}


def rms_of_interval(shift, low, high, level):
    """Return the root mean square error that a shift with a normal interval stands for.

    sqrt(shift^2 + s^2), where s = (high - low) / (2 z) is the standard error.

    >>> round(rms_of_interval(3, 3 - 4 * 1.959964, 3 + 4 * 1.959964, 0.95), 4)
    5.0
    """
    error = (high - low) / (2 * NormalDist().inv_cdf((1 + level) / 2))
    return math.hypot(shift, error)


def rms_of_range(low, high):
    """Return the root mean square error where all values from *low* to *high* are as likely.

    sqrt((low^2 + low high + high^2) / 3); of a range -a to a, this is a / sqrt(3).

    References
    ----------
    JCGM 100:2008. Guide to the expression of uncertainty in measurement: section 4.3.7, rectangular distribution.

    >>> rms_of_range(-3, 3), rms_of_range(0, 3)
    (1.7320508075688772, 1.7320508075688772)
    """
    return math.sqrt((low * low + low * high + high * high) / 3)


def extraction_error(counts, level):
    """Return how far the share by hand lies from the share by machine, over the same documents.

    Parameters
    ----------
    counts : array of int, shape (documents, 4)
        Of each document: equity and counted alliances by machine, then by hand.
    level : float
        Nominal coverage of the interval, in (0, 1).

    Returns
    -------
    dict
        ``shift``, by hand less by machine, and ``low`` and ``high``, the percentile limits, documents being drawn with
        replacement 1,000 times; proportions. Or ``refused``, why there is none.

    References
    ----------
    Davison & Hinkley (1997). Bootstrap methods and their application. Cambridge: section 2.4.

    The machine finds half of the contracts, and all ventures: 2 in 3 in place of 1 in 2.

    >>> found = extraction_error([[2, 3, 2, 4]] * 30 + [[0, 0, 0, 0]] * 9, 0.95)
    >>> [round(found[name], 4) for name in ("shift", "low", "high")]
    [-0.1667, -0.1667, -0.1667]
    """
    counts = np.asarray(counts, dtype=int).reshape(-1, 4)
    counts = counts[(counts[:, 1] > 0) | (counts[:, 3] > 0)]
    if len(counts) < MINIMUM_DOCUMENTS:
        return {
            "refused": f"{len(counts)} documents coded by hand report an alliance, {MINIMUM_DOCUMENTS} needed"
        }
    shifts = np.array([difference(sums) for sums in redrawn(counts)])
    shift = difference(counts.sum(axis=0))
    if np.isnan([shift, *shifts]).any():
        return {"refused": "too few alliances of known form, by machine or by hand"}
    low, high = np.quantile(shifts, [(1 - level) / 2, (1 + level) / 2])
    return {"shift": shift, "low": float(low), "high": float(high)}


def difference(sums):
    """Return the second share less the first, of (equity, counted, equity, counted); NaN if one is over nothing.

    >>> difference([2, 4, 3, 4])
    0.25
    """
    equity, counted, wanted, there = map(int, sums)
    return wanted / there - equity / counted if counted and there else math.nan


def coded_counts(coded, definition, minimum_confidence):
    """Return the rows that ``extraction_error`` takes, of (Document, Mentions, Claims, Gold) of each document."""
    rows = []
    for _, mentions, _, gold in coded:
        found = [m for m in mentions if m.confidence >= minimum_confidence]
        told = [
            [v for v in map(DEFINITIONS[definition], side) if v is not None]
            for side in (found, gold.alliances)
        ]
        rows.append([count for values in told for count in (sum(values), len(values))])
    return rows


def joined(alliances):
    """Return the *alliances* with all of the same partners as one, the most confident of them.

    Resolving joins reports that are near in time; this is what it would be without asking for that.
    """
    groups = defaultdict(list)
    for unit in alliances:
        groups[tuple(sorted(unit.records[0].partners))].append(unit)
    return [max(group, key=lambda unit: unit.records[0].confidence) for group in groups.values()]


def error_budget(study):
    """Error budget of the equity share of alliances over all years: what may move it, in percentage points.

    Columns
    -------
    headline : definition of the share; see equity_share_by_definition
    share : the share, a proportion
    component : ``sampling``: the alliances are a sample: limits of the interval, which is the cluster bootstrap's where
        there is one, else Wilson's. ``extraction``: the share coded by hand less that found by the machine, in
        the same documents, with its bootstrap interval; it holds as far as they are like the others, and the machine did
        not learn from them. ``resolution``: from the lowest to the highest share of documents, of mentions, which is of
        alliances if nothing were joined, of the alliances, and of these with all of the same partners as one.
        ``coverage``: from the share if all alliances that no corpus saw (coverage_by_recapture) were contractual, to that
        if all were equity. ``definition``: from the lowest to the highest share under the six definitions
    kind : ``interval``: of a statistic, at the level; ``range``: of choices or bounds, no probability goes with it
    n : what the component rests on: alliances, documents coded by hand, or choices compared
    shift : by how many percentage points the statistic moves the share; empty for a range
    low, high : limits of the interval or range, in percentage points from the share
    error : root mean square error in percentage points: of an interval, of its shift and standard error; of
        a range, of a rectangular distribution over it (JCGM 100:2008, 4.3.7)
    part : error squared / sum of the errors squared of the headline's components that are there; an order of size, as
        the components are not independent, and nothing of those refused is in it
    refused : why the component is not there
    level : nominal coverage of the intervals
    minimum_confidence : records with a lower confidence are not counted
    """
    units = Units(study)
    by_unit = {unit: units.of(unit, study.minimum_confidence) for unit in UNITS}
    coded = sorted(evaluate.coded_documents(study.interim, study.corpora), key=lambda case: case[0].id)
    unseen = best(coverage.coverage_by_recapture(study))
    for headline in HEADLINES:
        whole = share(by_unit["alliance"], headline, study.level)
        if whole["share"] is None:
            rows = [
                {"component": component, "n": 0, "refused": "no alliance of known form"}
                for component in COMPONENTS
            ]
        else:
            counts = coded_counts(coded, headline, study.minimum_confidence)
            rows = [
                sampling(whole),
                {"component": "extraction", "kind": "interval", "n": sum(any(row) for row in counts)}
                | extraction_error(counts, study.level),
                resolution(by_unit, headline, study.level),
                unseen_alliances(whole, unseen),
                spread(
                    "definition",
                    [share(by_unit["alliance"], name, study.level)["share"] for name in DEFINITIONS],
                ),
            ]
        for row in finished(rows, whole["share"], study.level):
            yield {"headline": headline, "share": whole["share"]} | row | choices(study)


def sampling(whole):
    """Return the row of sampling, from the columns of the share."""
    prefix = "" if whole["cluster_low"] is None else "cluster_"
    low, high = (whole[f"{prefix}{limit}"] - whole["share"] for limit in ("low", "high"))
    return {
        "component": "sampling",
        "kind": "interval",
        "n": whole["n"],
        "shift": 0.0,
        "low": low,
        "high": high,
    }


def resolution(by_unit, headline, level):
    """Return the row of resolution: the shares of documents, mentions, alliances, and alliances joined by partners."""
    ways = [*by_unit.values(), joined(by_unit["alliance"])]
    return spread("resolution", [share(way, headline, level)["share"] for way in ways])


def unseen_alliances(whole, unseen):
    """Return the row of coverage, from the best row of coverage_by_recapture."""
    found = {"component": "coverage", "kind": "range", "n": unseen["seen"]}
    if unseen["refused"]:
        return found | {"refused": unseen["refused"]}
    least = whole["share"] * unseen["coverage"]
    return found | {"bounds": [least, least + 1 - unseen["coverage"]]}


def best(rows):
    """Return the row of coverage_by_recapture to go by: the chosen model, else the pair that saw most, else a refusal."""
    rows = list(rows)
    told = [row for row in rows if not row["refused"]]
    none = {"seen": 0, "refused": "one corpus: nothing to compare it with"}
    chosen = [row for row in told if row["chosen"]]
    return chosen[0] if chosen else max(told, key=lambda row: row["seen"]) if told else (rows or [none])[-1]


def spread(component, shares):
    """Return the row of a component that is the range of *shares*, those that are there."""
    there = [value for value in shares if value is not None]
    return {"component": component, "kind": "range", "n": len(there), "bounds": there}


def finished(rows, whole, level):
    """Yield the rows of one headline in points, with their errors and parts; *whole* is the share."""
    errors = {}
    for row in rows:
        if "bounds" in row:
            bounds = [value - whole for value in row.pop("bounds")]
            row |= {"low": min(bounds), "high": max(bounds)}
        for name in ("shift", "low", "high"):
            row[name] = None if row.get(name) is None else round(100 * row[name], 2)
        if row["low"] is not None:
            limits = row["low"], row["high"]
            errors[row["component"]] = (
                rms_of_range(*limits)
                if row["shift"] is None
                else rms_of_interval(row["shift"], *limits, level)
            )
    total = sum(error * error for error in errors.values())
    for row in rows:
        error = errors.get(row["component"])
        yield {
            "component": row["component"],
            "kind": row.get("kind"),
            "n": row["n"],
            "shift": row["shift"],
            "low": row["low"],
            "high": row["high"],
            "error": None if error is None else round(error, 2),
            "part": round(error * error / total, 4) if error is not None and total else None,
            "refused": row.get("refused"),
        }


def specification_curve(study):
    """Equity share under every combination of definition, minimum confidence, unit and treatment of duplicates.

    References
    ----------
    Simonsohn, Simmons & Nelson (2020). Specification curve analysis. Nature Human Behaviour 4:1208-1214.

    Columns
    -------
    rank : place of the combination, by share; those without a share come last
    definition : what counts as equity; see equity_share_by_definition
    minimum_confidence : records with a lower confidence are not counted
    unit : what is counted: ``document``, ``mention`` or ``alliance``
    duplicates : whether documents that repeat others count, ``in`` or ``out``. Alliances rest on the others alone, and
        on mentions of at least the study's minimum confidence, so that they have no rows with a lower one or with ``in``
    headline : whether the study reports this share of alliances
    n : units counted under the definition
    equity : how many of them are equity
    left_out : units that the definition does not count
    share : equity / n, a proportion; empty if n is 0
    low, high : limits of the share's Wilson interval; errors of extraction are not in it
    clusters : number of clusters
    cluster_low, cluster_high : limits of the percentile bootstrap interval, clusters drawn with replacement 1,000 times
    refused : why there is no cluster interval
    level : nominal coverage of the intervals
    """
    units, rows = Units(study), []
    for unit in UNITS:
        for confidence in sorted({*CONFIDENCES, study.minimum_confidence}):
            if unit == "alliance" and confidence < study.minimum_confidence:
                continue
            for duplicates in ("out",) if unit == "alliance" else ("out", "in"):
                counted = units.of(unit, confidence, duplicates == "in")
                choice = {"minimum_confidence": confidence, "unit": unit, "duplicates": duplicates}
                reported = unit == "alliance" and confidence == study.minimum_confidence
                rows += [
                    {"definition": definition}
                    | choice
                    | {"headline": reported and definition in HEADLINES}
                    | share(counted, definition, study.level)
                    for definition in DEFINITIONS
                ]
    rows.sort(key=lambda row: math.inf if row["share"] is None else row["share"])
    for rank, row in enumerate(rows, 1):
        yield {"rank": rank} | row | {"level": study.level}


def draw_budget(rows):
    """Return the figure of the *rows* of the table error_budget: a panel a headline, a bar a component.

    Parameters
    ----------
    rows : list of dict
        As the function yields them, or as `tables.read` returns them from the file.
    """
    import matplotlib.style  # noqa: PLC0415 - the tables do without, and it takes a second
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.lines import Line2D  # noqa: PLC0415
    from matplotlib.patches import Patch  # noqa: PLC0415

    from entente.figures import STYLE  # noqa: PLC0415

    headlines = list(dict.fromkeys(row["headline"] for row in rows))
    with matplotlib.style.context(["default", STYLE]):
        figure = Figure(figsize=(7.2, 1.3 + 1.6 * max(1, len(headlines))), layout="constrained")
        FigureCanvasAgg(figure)
        panels = figure.subplots(max(1, len(headlines)), 1, sharex=True, squeeze=False)[:, 0]
        for axes, headline in zip(panels, headlines, strict=False):
            draw_components(axes, [row for row in rows if row["headline"] == headline])
        panels[-1].set_xlabel("Percentage points from the share")
        marks = [
            Patch(label="interval", **INTERVAL),
            Patch(label="range of choices or bounds", **RANGE),
            Line2D([], [], label="shift", **SHIFT),
        ]
        figure.legend(handles=marks, loc="outside upper left", ncols=3, frameon=False)
    return figure


def draw_components(axes, rows):
    """Draw the components of one headline, the first on top; what was refused is said in its place."""
    small = {"va": "center", "fontsize": 6.5}
    for place, row in enumerate(rows):
        if missing(row["low"]):
            reason = f"refused: {textwrap.shorten(row['refused'], 90, placeholder=' ...')}"
            axes.text(0.02, place, reason, transform=axes.get_yaxis_transform(), **small)
            continue
        low, high = float(row["low"]), float(row["high"])
        axes.barh(place, high - low, 0.5, low, **INTERVAL if row["kind"] == "interval" else RANGE)
        if not missing(row["shift"]) and float(row["shift"]):
            axes.plot(float(row["shift"]), place, **SHIFT)
        words = f"{low:+.1f} to {high:+.1f}"
        axes.annotate(words, (high, place), (4, 0), textcoords="offset points", **small)
    axes.axvline(0, color="k", linewidth=0.6)
    axes.set_yticks(range(len(rows)), [f"{row['component']} ({number(row)})" for row in rows])
    axes.invert_yaxis()
    axes.use_sticky_edges = False
    axes.margins(x=0.15)
    axes.grid(axis="x", color="#E6E6E6", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_title(heading(rows[0]), loc="left", fontweight="bold")


def number(row):
    """Return what a component rests on, in words.

    >>> number({"component": "definition", "n": 6}), number({"component": "sampling", "n": 157})
    ('6 choices', 'n = 157')
    """
    return f"{row['n']} choices" if row["component"] in ("resolution", "definition") else f"n = {row['n']}"


def heading(row):
    """Return what a panel shows, in words.

    >>> heading({"headline": "joint_venture", "share": 0.4904})
    'Equity = joint venture only: 49.0 %'
    """
    told = "no share" if missing(row["share"]) else f"{100 * float(row['share']):.1f} %"
    return f"{HEADLINES[row['headline']]}: {told}"


def missing(value):
    """Tell whether a cell is empty, in a row or in the file."""
    return value is None or value == ""


def describe_budget(rows):
    """Return the figure in words, for readers who cannot see it."""
    told = defaultdict(list)
    for row in rows:
        numbers = (
            f"refused, {row['refused']}"
            if missing(row["low"])
            else f"{row['low']} to {row['high']} points, {row['kind']}, {number(row)}"
        )
        told[heading(row)].append(f"{row['component']} {numbers}")
    panels = ". ".join(f"{title}. {'; '.join(parts)}" for title, parts in told.items())
    return f"{TITLE} of alliances, by component, in percentage points from the share. {panels or 'No share'}."
