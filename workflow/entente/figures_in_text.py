"""Read the figures that belong to an alliance: stakes and terms."""

from entente import lexicon, numerals
from entente.records import Stake

DATA = ("lexicon",)

_BESIDE = 45  # most characters between a term and the word for an agreement; likewise
_CLAUSE = 90  # most characters between a holder and its percentage; tuned on the training documents


def percentages(text, start, end, known):
    """Return the (start, end, percent) of the percentages in a stretch of *text*, in order.

    >>> [p for _, _, p in percentages("It owns 42.5 pct, half of it.", 0, 29, lexicon.load("en"))]
    [42.5, 50.0]
    """
    found = numerals.fractions(text, start, end, known)
    numbers = numerals.numbers(text, start, end, known)
    for hit in known.phrases("figures").find(text, start, end):
        if hit.code == "percent" and (number := numerals.before(text, hit.start, numbers)):
            found.append((number[0], hit.end, number[2]))
    return sorted(f for f in found if 0 < f[2] <= 100)


def stakes(parsed, report, form=None):
    """Return the Stakes that the passages of a report state, or the two sentences after each.

    A percentage is the holding of the partner named right before it, or after it with "by" and the like; "50-50" and
    "equally owned" give each partner the same.
    """
    known = lexicon.load(parsed.language)
    found = {}
    spans = {s for p in report.passages for s in parsed.sentences[p.index : p.index + 3]}
    for start, end in sorted(spans):
        hits = known.phrases("figures").find(parsed.text, start, end)
        named = [(n.start, n.end, e) for e in report.partners for n in e.within(start, end)]
        if any(hit.code == "equal" for hit in hits) and form != "minority_equity":
            equals = _equal_holders(report, named)
            for holder in equals:
                found.setdefault(holder.name, (holder, "venture", 100 / len(equals)))
        if not any(hit.code in {"holding", "owned_by"} for hit in hits):
            continue
        figures = [f for f in percentages(parsed.text, start, end, known) if f[2] < 100]
        by = [
            hit
            for hit in known.phrases("relations").find(parsed.text, start, end)
            if hit.code in {"by", "owner"}
        ]
        for place, (_, right, percent) in enumerate(figures):
            before = figures[place - 1][1] if place else start
            after = figures[place + 1][0] if place + 1 < len(figures) else end
            holder = _holder(named, by, figures[place], (before, after))
            if holder is not None and holder.name not in found:
                found[holder.name] = (holder, _target(report, holder, named, right, form), percent)
    return [Stake(holder=h.name, target=t, percent=round(p, 2)) for h, t, p in found.values()]


def _equal_holders(report, named):
    """Return the partners that hold the same, none or two at least: those that the sentence names, else the two surest."""
    inside = list({id(entity): entity for _, _, entity in sorted(named, key=lambda n: n[0])}.values())
    if len(inside) > 1:
        return inside
    ranked = sorted(
        zip(report.certainties, range(len(report.partners)), strict=True), key=lambda r: (-r[0], r[1])
    )
    return [report.partners[i] for _, i in ranked[:2]] if len(ranked) > 1 else []


def _holder(named, by, percentage, neighbours):
    """Return the partner that holds a *percentage* (start, end, percent), or None.

    *neighbours* are where the percentage before it ends, and where that after it starts.
    """
    (left, right, _), (before, after) = percentage, neighbours
    following = sorted((n for n in named if right <= n[0] <= min(after, right + _CLAUSE)), key=lambda n: n[0])
    if following and any(right <= hit.end <= following[0][0] and hit.start >= left for hit in by):
        return following[0][2]
    preceding = [n for n in named if before <= n[0] and n[1] <= left and left - n[1] <= _CLAUSE]
    # Who "took 20 pct of Beta" is not Beta, even if Beta stands nearest.
    preceding = [n for n in preceding if not following or n[2] is not following[0][2]] or preceding
    return max(preceding, key=lambda n: n[1])[2] if preceding else None


def _target(report, holder, named, right, form):
    """Return what the stake is in: the venture, or in minority equity the partner named after the percentage."""
    if form != "minority_equity":
        return "venture"
    following = [e for start, _, e in sorted(named, key=lambda n: n[0]) if start >= right and e is not holder]
    others = following or [e for e in report.partners if e is not holder]
    return others[0].name if others else "venture"


def term(parsed, report):
    """Return for how many years an agreement runs, if its passages say so beside the word for it, else None."""
    known = lexicon.load(parsed.language)
    for passage in report.passages:
        agreements = [h for s in ("cues", "hints") for h in passage.hits[s] if h.code == "contractual"]
        for hit in passage.hits["figures"]:
            if hit.code not in {"term", "month"}:
                continue
            numbers = numerals.numbers(parsed.text, passage.start, hit.start, known)
            number = numerals.before(parsed.text, hit.start, numbers)
            beside = any(h.start - _BESIDE <= hit.start and hit.end <= h.end + _BESIDE for h in agreements)
            if number and 0 < number[2] < 100 and beside:
                return round(number[2] / 12, 2) if hit.code == "month" else number[2]
    return None
