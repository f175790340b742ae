"""Tell which reports are of one alliance: put them into clusters, one corpus after another."""

import hashlib
import math
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations

from entente.names import normal
from entente.parties import acronyms, beginnings, key

# ASSUME: partners seldom conclude a second agreement within three years, other sets of partners within one.
WINDOW, WINDOW_OF_OTHERS = 3, 1  # years
# Years. Announcements that may be of one alliance lie in one such period or in two that follow each other: they begin
# up to WINDOW and the year that a date may span apart, and one year more is for the rounding of fractions.
PERIOD = WINDOW + 2
NEWS = ("rumoured", "planned", "signed")  # statuses that report a beginning


@dataclass(slots=True)
class Report:
    """A mention with what is known of its document; lean, because all of them are in memory."""

    place: tuple  # rank of the corpus, document, number in the document
    mention: str
    corpus: str
    document_date: str | None
    names: tuple
    keys: tuple
    venture_name: str | None
    form: str
    functions: tuple
    value_chain: str
    stakes: tuple  # (holder, target, percent)
    status: str
    date: str | None
    term_years: float | None
    confidence: float
    language: str
    organisations: tuple = ()  # one a name

    @classmethod
    def of(cls, mention, rank, corpus, document_date):
        """Return the report that *mention* is."""
        names = tuple(dict.fromkeys(partner.name for partner in mention.partners))
        codes = {
            name: getattr(mention, name) for name in ("venture_name", "form", "value_chain", "status", "date")
        }
        return cls(
            place=(rank, mention.document, int(mention.id.rpartition("@")[2])),
            mention=mention.id,
            corpus=corpus,
            document_date=document_date,
            names=names,
            keys=tuple(map(key, names)),
            functions=tuple(mention.functions),
            stakes=tuple((stake.holder, stake.target, stake.percent) for stake in mention.stakes),
            term_years=mention.term_years,
            confidence=mention.confidence,
            language=mention.language,
            **codes,
        )

    def dated_itself(self):
        """Tell whether the text gives the date, rather than the document's own being taken for it."""
        return self.date is not None and not (self.document_date or "").startswith(self.date)

    def seen(self):
        """Return the date at which the status holds: the document's, else the mention's, else empty."""
        return self.document_date or self.date or ""


@dataclass(eq=False, slots=True)
class Cluster:
    """Reports of one alliance, or one report, so that joining is one rule."""

    reports: list
    organisations: set
    ventures: dict  # key of the venture's name: its acronyms
    documents: set
    announced: tuple | None  # years of the earliest announcement
    known: tuple | None  # years of the earliest report that the alliance, of unknown age, exists
    changed: bool  # whether a report has it changed: a member may have joined
    id: str | None = None

    @classmethod
    def of(cls, report):
        """Return the cluster of one report."""
        venture = key(report.venture_name) if report.venture_name else None
        when = years(report.date or report.document_date) if report.date or report.document_date else None
        new = report.status in NEWS or (report.status == "in_force" and report.dated_itself())
        return cls(
            reports=[report],
            organisations=set(report.organisations),
            ventures={venture: acronyms(report.venture_name)} if venture else {},
            documents={report.place[1]},
            announced=when if new else None,
            known=None if new else when,
            changed=report.status == "changed",
        )

    def places(self):
        """Yield what a cluster that may report the same alliance has one of in common with this one, and since when.

        Two partners, with the period of the announcement if there was one; or one and the venture, at any time: None.
        """
        period = int(self.announced[0] // PERIOD) if self.announced else None
        yield from ((pair, period) for pair in combinations(sorted(self.organisations), 2))
        for venture, short in self.ventures.items():
            for name in (venture, *short):
                yield from (((organisation, "venture", name), None) for organisation in self.organisations)

    def first(self):
        """Return the place of the first report."""
        return min(report.place for report in self.reports)

    def absorb(self, other):
        """Take in the reports of *other*."""
        self.reports += other.reports
        self.organisations |= other.organisations
        self.ventures |= other.ventures
        self.documents |= other.documents
        self.announced = min(filter(None, (self.announced, other.announced)), default=None)
        self.known = min(filter(None, (self.known, other.known)), default=None)
        self.changed |= other.changed


class Clusters:
    """The clusters found so far, by what they can be recognised from."""

    def __init__(self):
        self.clusters = []
        self.at = defaultdict(dict)  # place: {period: numbers of clusters}
        self.used = Counter()  # identifiers without the number that tells equal ones apart

    def near(self, cluster):
        """Return the numbers of the clusters that may fit *cluster*: `affinity` of all others is None."""
        found = set()
        for place, period in cluster.places():
            there = self.at.get(place, {})
            asked = there if period is None else (None, period - 1, period, period + 1)
            found.update(*(there[other] for other in asked if other in there))
        return found

    def place(self, cluster):
        """Join *cluster* to the one that it fits best, or keep it as one of its own."""
        numbers = self.near(cluster)
        fits = [(fit, -number) for number in numbers if (fit := affinity(cluster, self.clusters[number]))]
        (venture, _, nearness), number = max(fits, default=((False, 0, 0), 0))
        if not fits or (len(fits) > 1 and not venture and nearness == -math.inf):
            number = -len(self.clusters)  # undated, it could be any of several: not guessed
            self.clusters.append(cluster)
        else:
            self.clusters[-number].absorb(cluster)
        for place, period in self.clusters[-number].places():
            self.at[place].setdefault(period, set()).add(-number)

    def add(self, reports):
        """Take in the reports of one corpus, and give identifiers to what is new."""
        for cluster in sorted(map(Cluster.of, reports), key=turn):
            self.place(cluster)
        for cluster in sorted((cluster for cluster in self.clusters if not cluster.id), key=Cluster.first):
            base = identifier(min(cluster.reports, key=lambda report: report.place))
            self.used[base] += 1
            cluster.id = base if self.used[base] == 1 else f"{base}-{self.used[base]}"


def turn(cluster):
    """Return when a report has its turn: announcements by date, what exists by date, the undated."""
    when = cluster.announced or cluster.known
    return cluster.announced is None, when is None, when or (), cluster.first()


def identifier(report):
    """Return the identifier that an alliance has from its first report."""
    text = "|".join([*sorted(map(normal, report.names)), (report.date or "")[:4]])
    return f"a-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def affinity(first, second):
    """Return how well two clusters fit, as a tuple to compare by; None if they do not report one alliance.

    They must share two partners, or one and the venture. Without one venture, also

    - no two of their reports stand in one document, and their ventures may be one;
    - all partners of one are the other's, or half of all are shared, or a change is reported, for then
      members may have come and gone;
    - they are near in time (``gap``).
    """
    shared = len(first.organisations & second.organisations)
    venture = one_venture(first, second)
    if not (shared >= 2 or (shared and venture)):
        return None
    fit = shared / len(first.organisations | second.organisations)
    between = gap(first, second, WINDOW if fit == 1 else WINDOW_OF_OTHERS)
    if venture:
        return True, fit, -(between or 0)
    within = shared == min(len(first.organisations), len(second.organisations))
    alike = within or fit >= 0.5 or first.changed or second.changed
    if not alike or between is None or first.documents & second.documents or other_venture(first, second):
        return None
    return False, fit, -between


def gap(first, second, window):
    """Return the years between two clusters, infinite if one is undated; None if time tells them apart.

    Announcements may lie *window* years apart. What is known to exist may have been announced any time
    before; but if it has more partners than were announced, again at most *window* before.
    """
    if first.announced and second.announced:
        earlier, later = sorted((first.announced, second.announced))
        between = max(0, later[0] - earlier[1])
        return between if between <= window else None
    old, new = (first, second) if first.announced else (second, first)
    if old.announced and new.known:
        between = new.known[0] - old.announced[0]
        larger = len(new.organisations) > len(old.organisations)
        return None if old.announced[0] > new.known[1] or (larger and between > window) else between
    return 0 if first.known and second.known else math.inf


def one_venture(first, second):
    """Tell whether two clusters name the same venture, one of them maybe by its acronym."""
    return any(
        a == b or a in short_b or b in short_a
        for a, short_a in first.ventures.items()
        for b, short_b in second.ventures.items()
    )


def other_venture(first, second):
    """Tell whether two clusters name ventures that cannot be one: in one script, and none begins another."""
    pairs = [(a, b) for a in first.ventures for b in second.ventures if scripts(a) == scripts(b)]
    return bool(pairs) and not any(a in beginnings(b) or b in beginnings(a) for a, b in pairs)


def scripts(name):
    """Return the scripts of the letters of *name*.

    >>> sorted(scripts("LG필립스")), scripts("Sony 3")
    (['HANGUL', 'LATIN'], {'LATIN'})
    """
    return {re.split("[ -]", unicodedata.name(c, "?"))[0] for c in name if c.isalpha()}


def years(date):
    """Return the start and the end of a date, which may be partial, in years.

    >>> years("1984"), years("1984-04")[0]
    ((1984.0, 1985.0), 1984.25)
    """
    year, month, day = [*map(int, date.split("-")), 0, 0][:3]
    start = year + max(month - 1, 0) / 12 + max(day - 1, 0) / 372
    return start, start + (1 / 372 if day else 1 / 12 if month else 1)
