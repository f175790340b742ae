"""Read the figures that belong to an alliance: stakes and terms."""

from itertools import groupby, pairwise
from typing import NamedTuple

from entente import lexicon, numerals
from entente.codebook import equity_status
from entente.records import Stake
from entente.sentence import Sentence

DATA = ("lexicon", "codebook.yaml")

# Characters, tuned on the training documents.
_BESIDE = 45  # between a term and the word for an agreement; likewise
_CLAUSE = 90  # between a holder and its share
_NEAR = 30  # between a share and "each", a pronoun, or what the share was before
_OF = 30  # between a share and what it is a share of
_OWNING = 60  # between a share and a word for owning
_CLOSE = 25  # between a share and a word for owning that overrules one for growth
_RATIO = 5  # between the numbers of "60-40" and "60 to 40"
_MOST = 5  # shares that make up a whole


class Share(NamedTuple):
    """A percentage of what is owned: ``text[start:end]``."""

    start: int
    end: int
    percent: float


class Named(NamedTuple):
    """A partner where a sentence names it, or where a pronoun means it."""

    start: int
    end: int
    entity: object


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

    In a sentence a share is the partner's named right before it, or after it with "by" and the like; "each" and
    "equally" give several the same. What the others leave is the last partner's, if the text speaks of it. A *form*
    without ownership has no stakes.
    """
    if not report.partners or (form is not None and equity_status(form) != "equity"):
        return []
    known = lexicon.load(parsed.language)
    held = {}
    spans = {s for p in report.passages for s in parsed.sentences[p.index : p.index + 3]}
    for start, end in sorted(spans):
        sentence = Sentence(parsed.text, start, end, known)
        for holder, target, percent in stated(sentence, report, held, form):
            held.setdefault((holder.name, target), percent)
    return [Stake(holder=h, target=t, percent=round(p, 2)) for (h, t), p in held.items()]


def stated(sentence, report, held, form):
    """Return the (holder, target, percent) that a sentence states.

    *held* are the percentages that earlier sentences state, by holder's name and target.
    """
    found = [(e, "venture", percent) for e, percent in equal_holders(sentence, report)]
    figures = shares(sentence)
    named = mentions(sentence, report, figures)
    objects = owned(sentence, named, figures, form)
    named = [n for n in named if n not in objects.values()]
    for holder, share in assigned(sentence, report, held, named, figures, form):
        other = objects[share].entity if share in objects else None
        # What is owned is not its owner, even if a pronoun seems to mean it.
        owner = next((e for e in (holder, *report.partners) if e is not other), None)
        if owner is not None:
            found.append((owner, target(report, owner, other, named, share, form), share.percent))
    if form != "minority_equity":
        return found + the_rest(sentence, report, held, found, figures)
    if len(report.partners) == 2 and len(found) == 1 and sentence.find("exchange", "each"):
        (one, two), percent = report.partners, found[0][2]
        return [(one, two.name, percent), (two, one.name, percent)]
    return found


# ---- shares ----------------------------------------------------------------------------------------


def shares(sentence):
    """Return the Shares that a sentence states, in order.

    They are percentages near a word for owning, a ratio ("60-40"), or figures that together make up the whole.
    """
    stretch = sentence.text, sentence.start, sentence.end, sentence.known
    equal = sentence.find("equal")
    found = [Share(*f) for f in percentages(*stretch) if f[2] < 100 and not overlaps(f, equal)]
    bare = [
        Share(*n) for n in numerals.numbers(*stretch) if 0 < n[2] < 100 and not overlaps(n, equal + found)
    ]
    for parts in (found, found + bare if sentence.find("holding") else []):
        if 1 < len(parts) <= _MOST and abs(sum(s.percent for s in parts) - 100) < 0.2:
            return sorted(parts)
    for one, two in pairwise(bare):
        if two.start - one.end <= _RATIO and one.percent + two.percent == 100:
            return [one, two]
    return without_former(sentence, [share for share in found if is_holding(sentence, share)])


def overlaps(stretch, others):
    """Tell whether a (start, end, value) overlaps one of *others*, hits or Shares."""
    return any(stretch[0] < other.end and other.start < stretch[1] for other in others)


def is_holding(sentence, share):
    """Tell whether a word for owning stands near a percentage, or "with" right before it.

    A rise or a decline is none if it stands nearer, nor is a share of what no one owns, such as output.
    """

    def around(distance, *keys):
        return sentence.find(*keys, start=share.start - distance, end=share.end + distance)

    grown = sentence.before(share.start, 8, "rise", "decline") or sentence.after(
        share.end, 8, "rise", "decline"
    )
    if grown and not around(_CLOSE, "holding", "owned_by"):
        return False
    if sentence.find("no_holding", start=share.end, end=share.end + _OF) and not around(_CLOSE, "owned_by"):
        return False
    led = sentence.before(share.start, 2, "with")
    return bool(led or around(_OWNING, "holding", "owned_by", "each", "rest"))


def without_former(sentence, found):
    """Return the Shares without those that a holder had before: "from 50 pct to 75 pct"."""
    return [
        share
        for share in found
        if not (sentence.before(share.start, 2, "former") or sentence.after(share.end, 2, "former_after"))
        or not any(0 < o.start - share.end < _NEAR or 0 < share.start - o.end < _NEAR for o in found)
    ]


# ---- holders ---------------------------------------------------------------------------------------


def equal_holders(sentence, report):
    """Return the (partner, percent) of "50-50" and the like: the partners that the sentence names if it names two.

    Else "50" means the two surest of the report, and "equally" means all.
    """
    hits = sentence.find("equal")
    if not hits:
        return []
    halves = any(
        percent == 50
        for hit in hits
        for _, _, percent in numerals.numbers(sentence.text, hit.start, hit.end, sentence.known)
    )
    holders = [e for e in report.partners if e.within(sentence.start, sentence.end)]
    if len(holders) < 2:
        surest = sorted(zip(report.certainties, report.partners, strict=True), key=lambda item: -item[0])
        holders = [e for _, e in surest[:2]] if halves else report.partners
    if halves:
        return [(e, 50) for e in holders]
    return [(e, 100 / len(holders)) for e in holders] if len(holders) > 1 else []


def mentions(sentence, report, figures):
    """Return the partners Named in a sentence, in order; a pronoun right before a share means the first partner."""
    named = [
        Named(n.start, n.end, e) for e in report.partners for n in e.within(sentence.start, sentence.end)
    ]
    named.sort(key=lambda n: n.start)
    cues = sentence.known.phrases("cues").find(sentence.text, sentence.start, sentence.end)
    pronouns = []
    for hit in sentence.find("self"):
        inside = any(other.start <= hit.start < other.end for other in (*cues, *named))
        follows = any(0 <= share.start - hit.end <= _NEAR for share in figures)
        if follows and not inside and not sentence.before(hit.start, 2, "by", "with"):
            subject = next((n.entity for n in named if n.end <= hit.start), report.partners[0])
            pronouns.append(Named(hit.start, hit.end, subject))
    return sorted(named + pronouns, key=lambda n: n.start)


def owned(sentence, named, figures, form):
    """Return the partners that a share is a share of, by Share: "20 pct of Beta"."""
    links = ("of", "in", "to") if form == "minority_equity" else ("of", "in")
    found = {}
    for share, following in pairwise(sorted([*named, *figures], key=lambda token: token.start)):
        if not isinstance(share, Share) or not isinstance(following, Named):
            continue
        link = sentence.before(following.start, 5, *links)
        clause = max(share.end, sentence.opening(following.start))
        # Where "by" means "of" too, as in Danish, and somebody is named before the share, it means that.
        of = {hit.start for hit in sentence.find("of")} if named[0].start < share.start else set()
        by = sentence.find("owner", "owned_by", "is", start=share.end, end=following.start)
        by += [h for h in sentence.find("by", start=share.end, end=following.start) if h.start not in of]
        if following.start - share.end <= _OF and link and link.start >= clause and not by:
            found[share] = following
    return found


def assigned(sentence, report, held, named, figures, form):
    """Yield the (holder, Share) of a sentence, in which runs of partners and runs of shares alternate."""
    tokens = sorted([*named, *figures], key=lambda token: token.start)
    runs = [list(run) for _, run in groupby(tokens, key=type)]
    shares_first = bool(tokens) and isinstance(tokens[0], Share) and isinstance(tokens[-1], Named)
    taken = None  # the run of partners that has its shares already
    for left, run, right in zip([[], *runs], runs, [*runs[1:], []], strict=False):
        if isinstance(run[0], Named):
            continue
        before = left if left and left is not taken and run[0].start - left[-1].end <= _CLAUSE else []
        after = right if right and right[0].start - run[-1].end <= _CLAUSE else []
        if after and (by_between(sentence, run, after[0], before) or (shares_first and not before)):
            taken, holders = after, distinct(after)
            pairs = list(zip(holders, run[-len(holders) :], strict=False))
        elif len(run) > 1:
            holders = distinct(before)
            pairs = list(zip(holders[-len(run) :], run, strict=False))
        else:
            holders = distinct(before)
            pairs = [(subject(sentence, before, form), run[0])] if before else []
        for share in run:
            if is_each(sentence, share, figures):
                pairs = [pair for pair in pairs if pair[1] != share]
                so_far = held | {(e.name, "venture"): s.percent for e, s in pairs}
                pairs += [(e, share) for e in each_of(report, so_far, holders, share, len(run) == 1)]
        yield from pairs


def distinct(named):
    """Return the entities of *named*, each once, in order."""
    return list(dict.fromkeys(n.entity for n in named))


def subject(sentence, before, form):
    """Return which of the partners before a single share holds it: the last that no preposition makes an object."""
    free = [n for n in before if not sentence.before(n.start, 2, "of", "in")] or before
    # Where the verb stands last, what is bought stands right before the share.
    return free[0 if form == "minority_equity" and sentence.known.script != "words" else -1].entity


def by_between(sentence, run, following, before):
    """Tell whether "by" stands between a run of shares and the partner after it, in the same clause.

    Where "by" means "of" too, as in Danish, and a partner stands before the shares, it means that; where it is an
    ending (Korean), it does not stand before a name.
    """
    if sentence.known.script == "stems":
        return False
    clause = max(run[-1].start, sentence.opening(following.start))
    of = {hit.start for hit in sentence.find("of")} if before else set()
    found = [
        hit
        for hit in sentence.find("by", "owner", "owned_by", start=clause, end=following.start)
        if hit.end >= run[-1].end and not (hit.code == "by" and hit.start in of)
    ]
    return bool(found) and not sentence.find("in", start=run[-1].end, end=following.start)


def is_each(sentence, share, figures):
    """Tell whether "each" stands beside a share, before it or nearer to it than to the next."""
    last = max((f.end for f in figures if f.end <= share.start), default=sentence.start - _NEAR)
    following = min((f.start for f in figures if f.start >= share.end), default=sentence.end + _NEAR)
    before = sentence.find("each", start=max(last, share.start - _NEAR), end=share.start)
    after = sentence.find("each", start=share.end, end=min(following, share.end + _NEAR))
    return any(h.start - last >= share.start - h.end for h in before) or any(
        h.start - share.end < following - h.end for h in after
    )


def each_of(report, held, holders, share, alone):
    """Return who holds a *share* each: the *holders* beside it, or all partners or all others if it adds up."""
    if alone and len(holders) > 1 and len(holders) * share.percent <= 101:
        return holders
    free = [e for e in report.partners if (e.name, "venture") not in held]
    for partners, whole in ((report.partners, 100), (free, 100 - sum(held.values()))):
        if abs(len(partners) * share.percent - whole) <= 1:
            return partners
    return holders[-1:] if alone else []


def target(report, holder, other, named, share, form):
    """Return what a stake is in: the *other* partner that it is a share of, if known, or the venture.

    In minority equity it is the partner named next, else any other.
    """
    if other is not None:
        return other.name
    if form != "minority_equity":
        return "venture"
    following = [n.entity for n in named if n.start >= share.end]
    others = [e for e in (*following, *report.partners) if e is not holder]
    return others[0].name if others else "venture"


def the_rest(sentence, report, held, found, figures):
    """Return what is left to the one partner without a share, if the sentence speaks of it: "and Beta the rest"."""
    known = {holder: percent for (holder, target), percent in held.items() if target == "venture"}
    known |= {holder.name: percent for holder, target, percent in found if target == "venture"}
    without = [e for e in report.partners if e.name not in known]
    rest = 100 - sum(known.values())
    if len(without) != 1 or not 0 < rest < 100:
        return []
    numbers = numerals.numbers(sentence.text, sentence.start, sentence.end, sentence.known)
    words = [h for h in sentence.find("rest") if not any(0 <= n[0] - h.end < _NEAR for n in numbers)]
    here = figures or without[0].within(sentence.start, sentence.end)
    used = {percent for _, _, percent in found}
    figured = any(abs(s.percent - rest) < 0.5 for s in figures if s.percent not in used)
    left = figured or (words and here) or (figures and sentence.find("not_owned"))
    return [(without[0], "venture", rest)] if left else []


# ---- terms -----------------------------------------------------------------------------------------


def term(parsed, report):
    """Return for how many years an agreement runs, or None.

    Its passages say so beside the word for it, or with a word for a duration: "for a period of ten years".
    """
    known = lexicon.load(parsed.language)
    for passage in report.passages:
        sentence = Sentence(parsed.text, passage.start, passage.end, known)
        agreements = [h for s in ("cues", "hints") for h in passage.hits[s] if h.code == "contractual"]
        gap = 2 if sentence.spaced else 1
        for hit in sentence.find("term", "month"):
            number = number_of(sentence, hit)
            if number is None or not 0 < number[2] < 100:
                continue
            if sentence.before(number[0], gap, "past") or sentence.after(hit.end, gap, "past"):
                continue
            beside = any(h.start - _BESIDE <= hit.start and hit.end <= h.end + _BESIDE for h in agreements)
            lasting = sentence.before(number[0], gap, "lasting") or sentence.after(hit.end, gap, "lasting")
            if beside or lasting:
                return round(number[2] / 12, 2) if hit.code == "month" else number[2]
    return None


def number_of(sentence, hit):
    """Return the number (start, end, value) that a unit of time begins with ("zehnjährig"), or right before it."""
    word = sentence.text[hit.start : hit.end].casefold()
    begun = max(
        (w for w in sentence.known.numbers if word.startswith(w) and w != word), key=len, default=None
    )
    if begun:
        return hit.start, hit.start + len(begun), sentence.known.numbers[begun]
    numbers = numerals.numbers(sentence.text, sentence.start, hit.end, sentence.known)
    within = next((n for n in numbers if n[0] == hit.start), None)
    return within or numerals.before(sentence.text, hit.start, numbers)
