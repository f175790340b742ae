"""Register the figures that texts report on alliances: each once, normalised, and with what speaks for or against it.

A figure is compared where the other one measures the same, in about the same years, of a population that may be the
same. What cannot be compared is said to be so: a share of other years or under another definition is no evidence.
"""

import math
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import yaml

from entente import corpora, dataset
from entente.codebook import codes
from entente.records import Claim, Record, coded
from entente.study import EQUITY_FORMS, choices, wilson

DATA = ("literature.yaml",)

OF_CASES = {"equity_share", "failure_rate"}  # shares of counted alliances: their n implies an interval
SHARES = OF_CASES | {"revenue_share"}
CHANGES = {"growth", "acquisition_change"}
# ASSUME: what fails or how long it takes is told for any time; the other measures move too much without their years.
TIMELESS = {"failure_rate", "time_to_operate"}
LARGEST = 10**10  # n: there are fewer people, firms and alliances; what is larger was misread
UNITS = {"percent": ("proportion", 100), "months": ("years", 12)}

BACKWARDS, ONE_YEAR = "ends before it starts", "a span of one year"
OPEN, DECADE, UNREAD = "no end", "part of a decade, taken whole", "not read as years"
UNTOLD = "without n it cannot be told whether they differ"
SPAN = re.compile(r"(?:from |between )?(\d{4})\s?(?:[-–—~～]|to|and)\s?(\d{4})")


class Known(Record):
    """A figure of the literature; literature.yaml says what its fields are."""

    id: str
    measure: coded("measure")
    quantity: str | None = None
    definition: str | None = None
    value: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    unit: str
    period: str | None = None
    population: str
    sample_size: int | None = None
    source: str
    via: str
    note: str | None = None


@dataclass(frozen=True)
class Figure:
    """A figure in the units that can be compared; a bound or a year that is None is open or not told.

    ``flag`` is what is odd about its period.
    """

    measure: str
    low: float | None
    high: float | None
    unit: str
    start: int | None
    end: int | None
    flag: str | None
    n: int | None


@cache
def known():
    """Return the figures of the literature, a tuple of `Known`, as literature.yaml has them."""
    text = files("entente").joinpath("literature.yaml").read_text(encoding="utf-8")
    return tuple(Known(**entry) for entry in yaml.safe_load(text))


def years(period):
    """Return (first year, last year, what is odd or None) of a printed period; nothing is mended.

    >>> years("1990-2000"), years("1990s"), years("2010"), years(None)
    ((1990, 2000, None), (1990, 1999, None), (2010, 2010, None), (None, None, None))
    >>> years("1997-1997"), years("since 2000"), years("2002-2000")
    ((1997, 1997, 'a span of one year'), (2000, None, 'no end'), (2002, 2000, 'ends before it starts'))
    """
    text = (period or "").strip().casefold()
    if not text:
        return None, None, None
    if span := SPAN.fullmatch(text):
        first, last = int(span[1]), int(span[2])
        return first, last, BACKWARDS if last < first else ONE_YEAR if last == first else None
    if decade := re.fullmatch(r"(\D*)(\d{3}0)s", text):
        first = int(decade[2])
        return first, first + 9, DECADE if decade[1] else None
    if since := re.fullmatch(r"(?:>=|since )\s?(\d{4})", text):
        return int(since[1]), None, OPEN
    if re.fullmatch(r"\d{4}", text):
        return int(text), int(text), None
    return None, None, UNREAD


def figure(record):
    """Return the `Figure` of a `Claim` or a `Known`: 25 percent is the proportion 0.25, 6 months are 0.5 years.

    >>> figure(known()[1])  # doctest: +NORMALIZE_WHITESPACE
    Figure(measure='equity_share', low=0.145, high=0.145, unit='proportion', start=2019, end=2019, flag=None,
        n=11000)
    """
    unit, divisor = UNITS.get(record.unit, (record.unit, 1))
    bounds = (record.value_low, record.value_high) if record.value is None else (record.value, record.value)
    low, high = (None if bound is None else round(bound / divisor, 4) for bound in bounds)
    return Figure(record.measure, low, high, unit, *years(record.period), record.sample_size)


def faults(told):
    """Return what is wrong with a `Figure` in itself, as a list of words; empty if nothing is.

    >>> faults(Figure("equity_share", 1.2, 1.2, "proportion", 2002, 2000, BACKWARDS, None))
    ['its period ends before it starts', 'a share above 100 %']
    """
    found = []
    bounds = [bound for bound in (told.low, told.high) if bound is not None]
    if told.flag in (BACKWARDS, ONE_YEAR):
        found.append(f"its period {told.flag}" if told.flag == BACKWARDS else f"its period is {told.flag}")
    if not bounds:
        found.append("it has no value")
    elif bounds[0] > bounds[-1]:
        found.append("its range ends below its start")
    if told.measure in SHARES and told.unit != "proportion":
        found.append(f"a share in {told.unit}")
    elif told.measure in SHARES and any(bound > 1 for bound in bounds):
        found.append("a share above 100 %")
    if told.measure not in CHANGES and any(bound < 0 for bound in bounds):
        found.append("less than nothing")
    if told.measure in CHANGES:
        # ASSUME: a change told for one year is that from the year before.
        missing = [name for name, year in (("base", told.start), ("end", told.end)) if year is None]
        if missing:
            found.append(f"a change without its {' and '.join(missing)}")
        if told.unit == "proportion" and any(bound < -1 for bound in bounds):
            found.append("a fall by more than 100 %")
    if told.n is not None and not 1 <= told.n <= LARGEST:
        found.append(f"an n of {told.n}")
    return found


def interval(told, level):
    """Return (low, high, why there is none) of the interval that a `Figure`'s own n implies if it is a share of it.

    Wilson's, of the number of cases that is nearest to the share; of a range, from the lower limit of its start to
    the upper limit of its end.

    >>> interval(Figure("equity_share", 0.62, 0.62, "proportion", 2000, 2002, None, 2500), 0.95)
    (0.6008, 0.6388, None)
    """
    if told.measure == "revenue_share":
        return None, None, "a share of revenue, not of counted cases"
    if told.unit != "proportion" or told.measure not in OF_CASES | {"other"}:
        return None, None, "not a share"
    low, high = told.low or 0, 1 if told.high is None else told.high
    if not 0 <= low <= high <= 1:
        return None, None, "not a share between 0 and 1"
    if told.n is None or not 1 <= told.n <= LARGEST:
        return None, None, "no n is told" if told.n is None else f"an n of {told.n}"
    limits = [wilson(round(share * told.n), told.n, level) for share in (low, high)]
    return 0.0 if told.low is None else limits[0][1], 1.0 if told.high is None else limits[1][2], None


def spread(told, level, definition=None):
    """Return (lowest, highest, kind) that a `Figure` allows; ``point``: what it may miss by is not known."""
    low, high, missing = interval(told, level)
    kind = "interval"
    if missing:
        low, high = told.low, told.high
        kind = "point" if low == high else "range"
    most = 1 if told.measure in SHARES else math.inf
    if high is None or definition == "joint_venture":
        high = most
    least = -math.inf if told.measure in CHANGES else 0
    return least if low is None else low, high, kind


def compared(one, two):
    """Return ``agrees``, ``disagrees`` or ``apart`` of two spreads (lowest, highest, kind).

    A point without an interval differs from an interval or a point by it is not known how much.

    >>> compared((0.6, 1, "range"), (0.51, 0.58, "interval")), compared((0.4, 0.4, "point"), (0.5, 0.6, "interval"))
    ('disagrees', 'apart')
    """
    if one[0] <= two[1] and two[0] <= one[1]:
        return "agrees"
    kinds = {one[2], two[2]}
    return "apart" if "point" in kinds and "range" not in kinds else "disagrees"


def concurrent(one, two):
    """Return whether the years of two `Figure` are about the same: half of the longer stretch is in both.

    An open end reaches as far as the other's. None if the years of one are not told.
    """
    if one.start is None or two.start is None:
        return None
    last = max(year for year in (one.start, one.end, two.start, two.end) if year is not None)
    ends = [last if told.end is None else told.end for told in (one, two)]
    longer = max(end - told.start + 1 for end, told in zip(ends, (one, two), strict=True))
    return min(ends) - max(one.start, two.start) + 1 >= longer / 2


def source_year(source):
    """Return the first year in a cited source, or None.

    >>> source_year("哈里根（Harrigan，1988）"), source_year(None)
    ('1988', None)
    """
    found = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", source or "")
    return found and found.group()


def repeats(told, sources, entry):
    """Tell whether a claim is a figure of the literature told again: its value, and its n, years or source's year."""
    other = figure(entry)
    if told.measure not in (other.measure, "other") or (told.low, told.high, told.unit) != (
        other.low,
        other.high,
        other.unit,
    ):
        return False
    same_n = told.n is not None and told.n == other.n
    same_years = told.start is not None and (told.start, told.end) == (other.start, other.end)
    return same_n or same_years or source_year(entry.source) in {source_year(s) for s in sources} - {None}


def beside(told, sources, entry, level):
    """Return (state, why) of a claim set beside a figure of the literature.

    Parameters
    ----------
    told : Figure
        The claim.
    sources : list of str
        Whom it cites.
    entry : Known
    level : float

    Returns
    -------
    state : str
        ``repeats``, ``agrees``, ``disagrees`` or ``apart``.
    why : str or None
        Why they are not compared.
    """
    if repeats(told, sources, entry):
        return "repeats", None
    other = figure(entry)
    together = concurrent(told, other)
    untold = together is None and told.measure not in TIMELESS
    reasons = {
        f"it measures another quantity, {entry.quantity}": entry.quantity,
        "other units": told.unit != other.unit,
        "other years": together is False,
        "the claim's years are not told": untold and told.start is None,
        "its years are not told": untold,
        "a count is of its own population": told.measure == "alliance_count",
    }
    if why := next((words for words, holds in reasons.items() if holds), None):
        return "apart", why
    state = compared(spread(told, level), spread(other, level, entry.definition))
    return state, UNTOLD if state == "apart" else None


def estimate(alliances, start, end, level):
    """Return (years, {definition: (n, share, low, high)}): our equity share in the years from *start* to *end*.

    Over all years if *start* is None, or no alliance of known form is of these years. An *end* of None is open.
    """
    known_form = [a for a in alliances if a.equity_status != "unknown"]
    last = math.inf if end is None else end
    group = [a for a in known_form if None not in (start, a.year) and start <= a.year <= last]
    period = f"since {start}" if end is None else str(start) if start == end else f"{start}-{end}"
    named = period if group else "all"
    group = group or known_form
    counts = {name: sum(a.form in forms for a in group) for name, forms in EQUITY_FORMS.items()}
    return named, {name: (len(group), *wilson(count, len(group), level)) for name, count in counts.items()}


def ours(told, named, shares, chosen, level):
    """Return {name: (state, why)} of a claim set beside our estimates; *chosen* are corpora that are no random sample.

    Where it agrees under one definition, it may be told under that one, and does not disagree under the others.
    """
    if told.measure != "equity_share":
        return {"our estimate": ("apart", "we have none of this measure")}
    reasons = {
        "we have no alliance of known form": not next(iter(shares.values()))[0],
        f"our corpora ({', '.join(chosen)}) are no random sample of any population": bool(chosen),
        "the claim's years are not told": told.start is None,
        "we have no alliance of its years": named == "all",
    }
    if why := next((words for words, holds in reasons.items() if holds), None):
        return {"our estimate": ("apart", why)}
    states = {
        f"our estimate ({name})": compared(spread(told, level), (low, high, "interval"))
        for name, (_, _, low, high) in shares.items()
    }
    if "agrees" in states.values():
        states = {name: state for name, state in states.items() if state == "agrees"}
    return {name: (state, UNTOLD if state == "apart" else None) for name, state in states.items()}


def details(claim):
    """Return what a claim says besides its value: its years, its n, and the year of its source; each may be None."""
    told = figure(claim)
    period = None if told.start is None and told.flag is None else (told.start, told.end, told.flag)
    return period, told.n, source_year(claim.cited_source)


def grouped(claims):
    """Return [(list of claims, their details together)]: one a claim, in however many documents it stands.

    The same claim has the same measure and value, and nothing said of its years, n and source's year differs; of
    the measure ``other``, which may be anything, something must be said, and the same.

    >>> from types import SimpleNamespace as C
    >>> told = dict(measure="failure_rate", value=54.7, unit="percent", cited_source="Harrigan (1988)")
    >>> claims = [C(id="b", **told, period=None, sample_size=None), C(id="a", **told, period=None, sample_size=895)]
    >>> [([c.id for c in group], known) for group, known in grouped(claims)]
    [(['a', 'b'], (None, 895, '1988'))]
    """
    buckets = defaultdict(list)
    fullest = sorted(claims, key=lambda c: (-sum(x is not None for x in details(c)), c.id))
    for claim in fullest:
        told, said = figure(claim), details(claim)
        other = claim.measure == "other" and (said if any(said) else claim.id)
        groups = buckets[told.measure, told.low, told.high, told.unit, other]
        for group in groups:
            if all(a is None or b is None or a == b for a, b in zip(said, group[1], strict=True)):
                group[0].append(claim)
                group[1] = tuple(a if a is not None else b for a, b in zip(group[1], said, strict=True))
                break
        else:
            groups.append([[claim], said])
    found = [
        (sorted(group, key=lambda c: c.id), said) for groups in buckets.values() for group, said in groups
    ]
    measures = codes("measure")
    return sorted(found, key=lambda item: (measures.index(item[0][0].measure), item[0][0].id))


def words(told):
    """Return a `Figure`'s value in words.

    >>> words(figure(known()[0])), words(Figure("failure_rate", 0.6, None, "proportion", *[None] * 4))
    ('34.7 %', 'over 60 %')
    """
    unit, factor = (
        (" %", 100) if told.unit == "proportion" else ("" if told.unit == "count" else f" {told.unit}", 1)
    )
    low, high = (
        None if bound is None else f"{round(factor * bound, 2):.12g}" for bound in (told.low, told.high)
    )
    if low == high:
        return f"{low}{unit}" if low else "no value"
    if low is None or high is None:
        return f"over {low}{unit}" if low else f"under {high}{unit}"
    return f"{low} to {high}{unit}"


def shown(entry, level):
    """Return a figure of the literature on one line, with its interval, n and period."""
    told = figure(entry)
    low, high, _ = interval(told, level)
    limits = f" [{words(replace(told, low=low, high=high))}]" if low is not None else ""
    n = f"n {told.n}" if told.n else "n not told"
    return f"{entry.id}: {words(told)}{limits}, {n}, {entry.period or 'years not told'}"


def verdict(wrong, states):
    """Return (verdict, reason) from what is wrong with a claim, and from {name: (state, why)} of what is beside it.

    >>> verdict([], {"harrigan-1988": ("disagrees", None), "our estimate": ("apart", "we have none")})
    ('contested', 'disagrees with harrigan-1988; not compared with our estimate: we have none')
    """
    found = {state for state, _ in states.values()}
    if wrong:
        code = "malformed"
    elif "disagrees" in found:
        code = "contested"
    else:
        code = "consistent" if found & {"agrees", "repeats"} else "not_comparable"
    parts, apart = list(wrong), defaultdict(list)
    for state, text in (
        ("disagrees", "disagrees with {}"),
        ("agrees", "agrees with {}"),
        ("repeats", "repeats {}, which is no second witness"),
    ):
        names = [name for name in states if states[name][0] == state]
        parts += [text.format(", ".join(names))] if names else []
    for name, (state, why) in states.items():
        if state == "apart":
            apart[why].append(name)
    parts += [f"not compared with {', '.join(names)}: {why}" for why, names in apart.items()]
    return code, "; ".join(parts)


def register(study):
    """Register of the figures on alliances that the documents report, each with what speaks for or against it.

    Columns
    -------
    claim : id of the claim; the first of those that tell the same
    measure : what it measures, a code of the codebook
    value : its value; shares and changes are proportions: 0.25 is 25 %, -0.65 a fall by 65 %. Empty for a range
    value_low, value_high : limits of its range; empty if open, or if it is one value
    unit : ``proportion``, ``years`` or ``count``; months are told in years
    period : its period as printed; each way in which it is printed
    start, end : first and last year of the period; empty if it names none
    period_flag : what is odd about the period; it is kept as it is
    population : what it is said to be of, as printed
    n : number of cases that it rests on; empty if no document tells
    cited_source : whom the documents cite for it
    claims : ids of the claims that tell the same: measure and value are equal, and nothing that they say of years,
        n and the year of the source differs; of the measure ``other``, all of these are equal
    documents : the documents that they stand in, without those that repeat another
    low, high : limits of the Wilson interval that its n implies, if it is a share of these n
    no_interval : why there is no such interval
    estimate_years : years over which our estimates are; ``all`` if it names none, or we have none of these
    joint_venture_n, joint_venture_or_stake_n : alliances of known form in these years, under the definition
    joint_venture_share, joint_venture_or_stake_share : our equity share, a proportion; for other measures empty, as we
        have no estimate
    joint_venture_low, joint_venture_or_stake_low : lower limit of our share's Wilson interval; errors of extraction
        are not in it
    joint_venture_high, joint_venture_or_stake_high : upper limit of our share's Wilson interval
    literature : figures of the literature on the same measure, with intervals and n; the table ``literature`` has them
    agrees, disagrees : what agrees with it, or does not: the intervals overlap or not, of about the same years
    verdict : ``malformed``: wrong in itself; ``contested``: something comparable disagrees; ``consistent``: something
        comparable agrees, and nothing disagrees; ``not_comparable``: nothing is comparable
    reason : why, and why what is beside it is not compared
    level : nominal coverage of the intervals
    minimum_confidence : alliances with a lower confidence are not counted
    """
    copies = {copy.document for copy in study.duplicates()}
    claims = [claim for _, claim in study.records("claims", Claim) if claim.document not in copies]
    alliances = study.counted()
    estimated = cache(lambda start, end: estimate(alliances, start, end, study.level))
    chosen = sorted(folder.name for folder in study.corpora if not corpora.load(folder, fetched=False).random)
    for group, (period, n, _) in grouped(claims):
        start, end, flag = period or (None, None, None)
        told = replace(figure(group[0]), start=start, end=end, flag=flag, n=n)
        named, shares = None, dict.fromkeys(EQUITY_FORMS, (None,) * 4)
        if told.measure == "equity_share":
            named, shares = estimated(start, end)
        states = ours(told, named, shares, chosen, study.level)
        yield row(told, group, named, shares, states, study.level) | choices(study)


def row(told, group, named, shares, states, level):
    """Return a row of the register.

    Parameters
    ----------
    told : Figure
    group : list of Claim
        Those that tell it.
    named, shares : str or None, dict
        Our estimates, as `estimate` returns them.
    states : dict
        What `ours` says of these.
    level : float
    """
    low, high, missing = interval(told, level)
    sources = distinct(claim.cited_source for claim in group)
    near = [entry for entry in known() if entry.measure == told.measure or repeats(told, sources, entry)]
    states = {entry.id: beside(told, sources, entry, level) for entry in near} | states
    code, reason = verdict(faults(told), states)
    single = told.low == told.high
    return {
        "claim": group[0].id,
        "measure": told.measure,
        "value": told.low if single else None,
        "value_low": None if single else told.low,
        "value_high": None if single else told.high,
        "unit": told.unit,
        "period": distinct(dataset.named(claim.period) for claim in group),
        "start": told.start,
        "end": told.end,
        "period_flag": told.flag,
        "population": distinct(dataset.named(claim.population) for claim in group),
        "n": told.n,
        "cited_source": distinct(map(dataset.named, sources)),
        "claims": [claim.id for claim in group],
        "documents": distinct(claim.document for claim in group),
        "low": low,
        "high": high,
        "no_interval": missing,
        "estimate_years": named,
        **{
            f"{name}_{column}": values[index]
            for index, column in enumerate(("n", "share", "low", "high"))
            for name, values in shares.items()
        },
        "literature": [shown(entry, level) for entry in near],
        "agrees": [name for name, (state, _) in states.items() if state in ("agrees", "repeats")],
        "disagrees": [name for name, (state, _) in states.items() if state == "disagrees"],
        "verdict": code,
        "reason": reason if near else f"the literature table has no figure of this measure; {reason}",
    }


def distinct(texts):
    """Return the texts that are not None, each once, in order."""
    return list(dict.fromkeys(text for text in texts if text is not None))


def literature(study):
    """Figures of the literature on alliances, that reported figures are set beside.

    Columns
    -------
    figure : its name
    measure : what it measures, or is near to, a code of the codebook
    quantity : what it measures, where that is not the measure; such a figure is shown and not compared
    definition : ``joint_venture``: stakes are not counted, so that it is a lower bound of the equity share
    value : its value; shares and changes are proportions. Empty for a range
    value_low, value_high : limits of its range; empty if open, or if it is one value
    unit : ``proportion``, ``years``, ``count`` or ``ratio``
    period : its period
    population : what it is of
    n : number of cases that it rests on; empty if not told
    low, high : limits of the Wilson interval that its n implies, if it is a share of these n
    no_interval : why there is no such interval
    source : where it stands
    via : how it was checked: ``read`` in the source or in the one that tells it; ``computed`` from counts read there
    note : what else to know of it
    level : nominal coverage of the intervals
    """
    for item in known():
        told = figure(item)
        low, high, missing = interval(told, study.level)
        single = told.low == told.high
        yield {
            "figure": item.id,
            "measure": item.measure,
            "quantity": item.quantity,
            "definition": item.definition,
            "value": told.low if single else None,
            "value_low": None if single else told.low,
            "value_high": None if single else told.high,
            "unit": told.unit,
            "period": item.period,
            "population": item.population,
            "n": told.n,
            "low": low,
            "high": high,
            "no_interval": missing,
            "source": item.source,
            "via": item.via,
            "note": item.note,
            "level": study.level,
        }
