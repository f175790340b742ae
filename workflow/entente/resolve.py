"""Resolve mentions to alliances, and names to organisations, over all corpora.

Corpora are taken in the order in which they were retrieved. What the earlier ones have shown stays: a later
corpus adds to alliances and organisations, and neither joins nor parts those that are there. So identifiers
stay too.
"""

import hashlib
import math
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations, groupby, permutations
from pathlib import Path

import yaml
from babel import Locale

from entente import cli, lexicon
from entente.codebook import codes, equity_status
from entente.corpora import load
from entente.duplicates import Key, find
from entente.names import normal, plain, same
from entente.records import Alliance, Document, Mention, Organisation
from entente.tables import Interim

DATA = ("organisations.yaml",)

# ASSUME: partners seldom conclude a second agreement within three years, other sets of partners within one.
WINDOW, WINDOW_OF_OTHERS = 3, 1  # years
NEWS = ("rumoured", "planned", "signed")  # statuses that report a beginning
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

# ---- names ---------------------------------------------------------------------------------------


@cache
def data():
    """Return the content of organisations.yaml."""
    return yaml.safe_load(files("entente").joinpath("organisations.yaml").read_text(encoding="utf-8"))


@cache
def canonical():
    """Return {key: name} of the well-known organisations."""
    return {normal(name): name for name in data()["organisations"]}


@cache
def known():
    """Return {normal form: key} of all names of the well-known organisations."""
    organisations = data()["organisations"].items()
    return {normal(name): normal(first) for first, others in organisations for name in (first, *others)}


@cache
def key(name):
    """Return what stands for *name*: its normal form, or the canonical one of a well-known organisation.

    >>> key("ソニー"), key("Sony Corp."), key("米ゼロックス"), key("Acme Widgets Inc.")
    ('sony', 'sony', 'xerox', 'acme widgets')
    """
    own = normal(name)
    bare = (own.removeprefix(country).strip() for country in data()["countries"])
    return next((known()[form] for form in (own, *bare) if form in known()), own)


@cache
def beginnings(form):
    """Return the shorter forms that *form* begins with: by words; by characters, where words are not spaced.

    >>> sorted(beginnings("general motors of canada")), sorted(beginnings("三菱重工"))
    (['general', 'general motors', 'general motors of'], ['三菱', '三菱重'])
    """
    words = form.split()
    found = {" ".join(words[:end]) for end in range(1, len(words))}
    if _UNSPACED.match(form):
        found |= {form[:end].strip() for end in range(2, len(form))}
    return found


@cache
def acronyms(name):
    """Return the acronyms of *name*, with and without its legal form.

    >>> sorted(acronyms("Mediterranean Shipping Company"))
    ['ms', 'msc']
    """
    letters = ("".join(word[0] for word in form.split()) for form in (normal(name), plain(name)))
    return {acronym for acronym in letters if len(acronym) > 1}


@cache
def territories():
    """Return the plain names of countries and continents in the languages that have a lexicon."""
    return {
        plain(name)
        for language in lexicon.languages()
        for name in Locale.parse(language, sep="-").territories.values()
    }


def runs(rest):
    """Return the words and groups of words in *rest*; its beginnings, where words are not spaced."""
    words = rest.split()
    spans = combinations(range(len(words) + 1), 2)
    return {" ".join(words[start:end]) for start, end in spans} | beginnings(rest)


class Names:
    """Which names mean one organisation. An organisation is the key of the name by which it was first met.

    1. Names with one key are one organisation's: equal in normal form, or of one entry of organisations.yaml.
    2. A short form, that is the beginning or the acronym of fuller names, means the one such name among the
       partners in the same document; else the one that is allied with the same partner in any document.
    3. Else the beginning of a name is joined to it if all names that begin so continue the shortest of them
       (Acme, Acme Motor, Acme Motor Credit; but not Acme, Acme Motor, Acme Tsusho). An acronym is not.

    Not a fuller name is one that adds a territory (IBM Japan) or another organisation (Sony Ericsson), or
    that is allied with the short one. A name of organisations.yaml is no short form: what it means is known.
    """

    def __init__(self):
        self.organisation = {}  # key: the organisation it means where nothing tells more
        self.members = {}  # organisation: its keys
        self.rank = {}  # key: when it was first met
        self.settled = 0  # keys of a lower rank are from earlier corpora
        self.begun = defaultdict(set)  # short form: keys of names that begin with it
        self.abbreviated = defaultdict(set)  # acronym: keys of names
        self.apart = set()  # (short, fuller) that were partners of one alliance
        self.allied = defaultdict(set)  # organisation: keys of its partners
        self.ventures = set()

    def learn(self, reports):
        """Take in the names of one corpus, and join those that are one organisation's."""
        self.settled = len(self.rank)
        for report in reports:
            if report.venture_name:
                self.ventures.add(key(report.venture_name))
            for name, own in zip(report.names, report.keys, strict=True):
                if own not in self.rank:
                    self.organisation[own], self.members[own], self.rank[own] = own, [own], len(self.rank)
                for short in beginnings(normal(name)):
                    self.begun[short].add(own)
                for short in acronyms(name):
                    self.abbreviated[short].add(own)
            self.apart |= {
                (short, full)
                for short, full in permutations(report.keys, 2)
                if full in self.begun.get(short, ()) or full in self.abbreviated.get(short, ())
            }
        for short in list(self.rank):
            self.join(short)
        for report in reports:
            for own in report.keys:
                self.allied[self.organisation[own]] |= set(report.keys) - {own}

    def join(self, short):
        """Join *short* with its fuller name if that is unambiguous and new."""
        full = [name for name in self.begun.get(short, ()) if self.fuller(short, name)]
        shortest = min(full, key=lambda name: (len(name), name), default=None)
        if not full or not all(name in self.begun.get(shortest, ()) for name in full if name != shortest):
            return
        older, newer = sorted((self.organisation[short], self.organisation[shortest]), key=self.rank.get)
        pairs = {pair for a in self.members[older] for b in self.members[newer] for pair in ((a, b), (b, a))}
        if older == newer or self.rank[newer] < self.settled or pairs & self.apart:
            return
        for own in self.members[newer]:
            self.organisation[own] = older
        self.members[older] += self.members.pop(newer)
        self.allied[older] |= self.allied.pop(newer, set())

    def fuller(self, short, full):
        """Tell whether *full*, which begins with *short*, may be its fuller name."""
        if short in canonical() or short in territories() or (short, full) in self.apart:
            return False
        added = runs(full.removeprefix(short).strip())
        other = any(words in territories() or words in self.rank for words in added)
        return not other and full not in self.ventures

    def tell(self, reports):
        """Set the organisations that the names in *reports* mean: all those of each document."""
        together = defaultdict(set)
        for report in reports:
            together[report.place[1]].update(report.keys)
        for report in reports:
            document = together[report.place[1]]
            report.organisations = tuple(
                self.meant(own, {*report.keys} - {own}, document) for own in report.keys
            )

    def meant(self, own, partners, document):
        """Return the organisation that a name with the key *own* means where it stands.

        *partners* are the keys of the other partners, *document* those of all partners in the document.
        """
        if own in canonical():
            return self.organisation[own]
        begun, abbreviated = self.begun.get(own, set()), self.abbreviated.get(own, set())
        others = {self.organisation[partner] for partner in partners}
        for contexts in ([document], [self.allied[other] for other in others]):
            means = {
                self.organisation[name]
                for context in contexts
                for name in (begun & context) | (abbreviated & context)
                if (self.fuller(own, name) if name in begun else (own, name) not in self.apart)
            }
            if len(means - others) == 1:
                return (means - others).pop()
        return self.organisation[own]


# ---- time ----------------------------------------------------------------------------------------


def years(date):
    """Return the start and the end of a date, which may be partial, in years.

    >>> years("1984"), years("1984-04")[0]
    ((1984.0, 1985.0), 1984.25)
    """
    year, month, day = [*map(int, date.split("-")), 0, 0][:3]
    start = year + max(month - 1, 0) / 12 + max(day - 1, 0) / 372
    return start, start + (1 / 372 if day else 1 / 12 if month else 1)


def precise(dates):
    """Return the earliest of *dates*, in the most precise form that they have it; None of none.

    >>> precise(["2001-05-02", "2001-04", "2001-04-24", "2003"]), precise(["1999", "1998-12"])
    ('2001-04-24', '1998-12')
    """
    earliest = min(dates, default=None)
    while earliest and (longer := [d for d in dates if d.startswith(earliest + "-")]):
        earliest = min(longer)
    return earliest


# ---- reports and groups of them ------------------------------------------------------------------


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
class Group:
    """Reports of one alliance. One report is a group too, so that joining is one rule."""

    reports: list
    organisations: set
    ventures: dict  # key of the venture's name: its acronyms
    documents: dict  # document: keys of the ventures that it names there, None among them where it names none
    announced: tuple | None  # years of the earliest announcement
    known: tuple | None  # years of the earliest report that the alliance, of unknown age, exists
    changed: bool  # whether a report has it changed: a member may have joined
    id: str | None = None

    @classmethod
    def of(cls, report):
        """Return the group of one report."""
        venture = key(report.venture_name) if report.venture_name else None
        when = years(report.date or report.document_date) if report.date or report.document_date else None
        new = report.status in NEWS or (report.status == "in_force" and report.dated_itself())
        return cls(
            reports=[report],
            organisations=set(report.organisations),
            ventures={venture: acronyms(report.venture_name)} if venture else {},
            documents={report.place[1]: {venture}},
            announced=when if new else None,
            known=None if new else when,
            changed=report.status == "changed",
        )

    def places(self):
        """Yield what a group that may report the same alliance has one of in common with this one."""
        yield from combinations(sorted(self.organisations), 2)
        for venture, short in self.ventures.items():
            for name in (venture, *short):
                yield from ((organisation, "venture", name) for organisation in self.organisations)

    def first(self):
        """Return the place of the first report."""
        return min(report.place for report in self.reports)

    def absorb(self, other):
        """Take in the reports of *other*."""
        self.reports += other.reports
        self.organisations |= other.organisations
        self.ventures |= other.ventures
        for document, ventures in other.documents.items():
            self.documents[document] = self.documents.get(document, set()) | ventures
        self.announced = min(filter(None, (self.announced, other.announced)), default=None)
        self.known = min(filter(None, (self.known, other.known)), default=None)
        self.changed |= other.changed


def one_venture(first, second):
    """Tell whether two groups name the same venture, one of them maybe by its acronym."""
    return any(
        a == b or a in short_b or b in short_a
        for a, short_a in first.ventures.items()
        for b, short_b in second.ventures.items()
    )


def scripts(name):
    """Return the scripts of the letters of *name*.

    >>> sorted(scripts("LG필립스")), scripts("Sony 3")
    (['HANGUL', 'LATIN'], {'LATIN'})
    """
    return {re.split("[ -]", unicodedata.name(c, "?"))[0] for c in name if c.isalpha()}


def pieces(name):
    """Return the words of *name*; pairs of characters, where words are not spaced."""
    return {name[at : at + 2] for at in range(len(name) - 1)} if _UNSPACED.search(name) else set(name.split())


def other_venture(first, second):
    """Tell whether two groups name ventures that cannot be one: in one script, most words different."""
    pairs = [(a, b) for a in first.ventures for b in second.ventures if scripts(a) == scripts(b)]
    return bool(pairs) and not any(
        a in beginnings(b) or b in beginnings(a) or jaccard(pieces(a), pieces(b)) >= 0.5 for a, b in pairs
    )


def jaccard(first, second):
    """Return the share of the members of two sets that are in both."""
    return len(first & second) / len(first | second)


def gap(first, second, window):
    """Return the years between two groups, infinite if one is undated; None if time tells them apart.

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


def affinity(first, second):
    """Return how well two groups fit, as a tuple to compare by; None if they do not report one alliance.

    They must share two partners, or one and the venture. Without one venture, also

    - no two of their reports stand in one document, and their ventures may be one;
    - all partners of one are the other's, or half of all are shared, or members come and go: both have
      more than two, and a change is reported;
    - they are near in time (``gap``).
    """
    shared = len(first.organisations & second.organisations)
    venture = one_venture(first, second)
    if not (shared >= 2 or (shared and venture)):
        return None
    for document in first.documents.keys() & second.documents.keys():
        if None in first.documents[document] | second.documents[document] or not venture:
            return None
    fit = jaccard(first.organisations, second.organisations)
    between = gap(first, second, WINDOW if fit == 1 or venture else WINDOW_OF_OTHERS)
    if venture:
        close = shared >= 2 or between is not None
        return (True, fit, -(between or 0)) if close else None
    smaller = min(len(first.organisations), len(second.organisations))
    alike = shared == smaller or fit >= 0.5 or (smaller > 2 and (first.changed or second.changed))
    if not alike or between is None or other_venture(first, second):
        return None
    return False, fit, -between


class Groups:
    """The groups found so far, by what they can be recognised from."""

    def __init__(self):
        self.groups = []
        self.at = defaultdict(set)  # place: numbers of groups
        self.used = Counter()  # identifiers without the number that tells equal ones apart

    def place(self, group):
        """Join *group* to the one that it fits best, or keep it as one of its own."""
        numbers = set().union(*(self.at.get(place, ()) for place in group.places()))
        fits = [(fit, -number) for number in numbers if (fit := affinity(group, self.groups[number]))]
        (venture, _, nearness), number = max(fits, default=((False, 0, 0), 0))
        if not fits or (len(fits) > 1 and not venture and nearness == -math.inf):
            number = -len(self.groups)  # undated, it could be any of several: not guessed
            self.groups.append(group)
        else:
            self.groups[-number].absorb(group)
        for place in self.groups[-number].places():
            self.at[place].add(-number)

    def add(self, reports):
        """Take in the reports of one corpus, and give identifiers to what is new."""
        for group in sorted(map(Group.of, reports), key=turn):
            self.place(group)
        for group in sorted((group for group in self.groups if not group.id), key=Group.first):
            base = identifier(min(group.reports, key=lambda report: report.place))
            self.used[base] += 1
            group.id = base if self.used[base] == 1 else f"{base}-{self.used[base]}"


def turn(group):
    """Return when a report has its turn: announcements by date, what exists by date, the undated."""
    when = group.announced or group.known
    return group.announced is None, when is None, when or (), group.first()


def identifier(report):
    """Return the identifier that an alliance has from its first report."""
    text = "|".join([*sorted(map(normal, report.names)), (report.date or "")[:4]])
    return f"a-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


# ---- records -------------------------------------------------------------------------------------


def vote(reports, attribute, open_code):
    """Return the code with the highest sum of confidences; *open_code* only if no report has another.

    Of equals, the first in the codebook: the most explicit form.
    """
    votes = {
        code: sum(r.confidence for r in reports if getattr(r, attribute) == code)
        for code in codes(attribute)
        if code != open_code
    }
    code = max(votes, key=votes.get)
    return code if votes[code] or not any(getattr(r, attribute) == open_code for r in reports) else open_code


def announcement(reports):
    """Return the date of an alliance: the earliest at which a report has it signed or planned.

    Without such, one that the text itself gives for an alliance in force, changed or ended, for the
    document's own date tells nothing then; last, that of a rumour.
    """
    for dates in (
        [r.date for r in reports if r.status in ("signed", "planned") and r.date],
        [r.date for r in reports if r.status not in NEWS and r.dated_itself()],
        [r.date for r in reports if r.status == "rumoured" and r.date],
    ):
        if dates:
            return precise(dates)
    return None


def stakes(reports, names):
    """Return the stakes of the report that has most, of equals the most confident one's."""
    report = max(reports, key=lambda r: (len(r.stakes), r.confidence))
    partners = list(zip(report.names, report.organisations, strict=True))

    def renamed(name):
        equal = [o for partner, o in partners if partner == name] or [o for p, o in partners if same(p, name)]
        return names[equal[0]].name if equal and name != "venture" else name

    return [
        {"holder": renamed(holder), "target": renamed(target), "percent": percent}
        for holder, target, percent in report.stakes
    ]


def alliance(group, names):
    """Return the `Alliance` that *group* reports. *names* is {organisation: Organisation}."""
    reports = sorted(group.reports, key=lambda report: report.place)
    best = max(reports, key=lambda report: report.confidence)
    form = vote(reports, "form", "unspecified")
    partners = sorted((names[o].name, names[o].id) for o in group.organisations)
    date = announcement(reports)
    ventures = [report for report in reports if report.venture_name]
    terms = [report for report in reports if report.term_years]
    latest = max(reports, key=lambda report: (report.seen(), codes("status").index(report.status)))
    return Alliance(
        id=group.id,
        mentions=[report.mention for report in reports],
        partners=[organisation for _, organisation in partners],
        partner_names=[name for name, _ in partners],
        venture_name=max(ventures, key=lambda r: r.confidence).venture_name if ventures else None,
        form=form,
        equity_status=equity_status(form),
        functions=[
            function
            for function in codes("function")
            if function in best.functions or 3 * sum(function in r.functions for r in reports) >= len(reports)
        ],
        value_chain=vote(reports, "value_chain", "unclear"),
        stakes=stakes(reports, names),
        status=latest.status,
        date=date,
        year=int(date[:4]) if date else None,
        term_years=max(terms, key=lambda r: r.confidence).term_years if terms else None,
        languages=sorted({report.language for report in reports}),
        corpora=sorted({report.corpus for report in reports}),
        confidence=round(1 - math.prod(1 - report.confidence for report in reports), 6),
    )


def organisation(own, met):
    """Return the `Organisation` of the key *own*; *met* are (language, name) in the order of the reports.

    Its name is the fullest in Latin script, of several spellings the most frequent; else the one that
    organisations.yaml has; else the first met.
    """
    counts = Counter(name for _, name in met)
    latin = [name for name in counts if scripts(name) == {"LATIN"}]
    if latin:
        name = max(latin, key=lambda name: (len(normal(name)), counts[name], -len(name), name))
    else:
        name = next((canonical()[key(name)] for name in counts if key(name) in canonical()), met[0][1])
    languages = defaultdict(set)
    for language, other in met:
        languages[language].add(other)
    return Organisation(
        id=f"o-{hashlib.sha256(own.encode()).hexdigest()[:10]}",
        name=name,
        names={language: sorted(languages[language]) for language in sorted(languages)},
    )


def resolve(mentions, documents, ranks, minimum_confidence=0):
    """Return an iterator of the alliances in *mentions* and the list of their organisations, both by id.

    Parameters
    ----------
    mentions : iterable of Mention
        In any order. Those whose document is not in *documents*, and the less confident, are left out.
    documents : dict
        {id: (corpus, date)} of the documents that count.
    ranks : dict
        {corpus: place in the order in which the corpora were retrieved}.
    """
    reports = []
    for mention in mentions:
        if mention.document in documents and mention.confidence >= minimum_confidence:
            corpus, date = documents[mention.document]
            reports.append(Report.of(mention, ranks[corpus], corpus, date))
    reports.sort(key=lambda report: report.place)
    names, groups = Names(), Groups()
    for _, group in groupby(reports, lambda report: report.place[0]):
        of_corpus = list(group)
        names.learn(of_corpus)
        names.tell(of_corpus)
        groups.add(of_corpus)
    met = defaultdict(list)
    for report in reports:
        for organisation_key, name in zip(report.organisations, report.names, strict=True):
            met[organisation_key].append((report.language, name))
    organisations = {own: organisation(own, met[own]) for own in met}
    by_id = sorted(groups.groups, key=lambda group: group.id)
    alliances = (alliance(group, organisations) for group in by_id)
    return alliances, sorted(organisations.values(), key=lambda organisation: organisation.id)


# ---- command line --------------------------------------------------------------------------------


def repeats(keys, ranks):
    """Return the duplicates among documents: of two, the copy is the one in the corpus retrieved later.

    *keys* is {document: (corpus, Key)}. ``find`` takes the first id for the original, so ids get their rank.
    """
    ranked = [
        key._replace(document=f"{ranks[corpus]:06} {document}") for document, (corpus, key) in keys.items()
    ]
    duplicates = [
        duplicate.model_copy(
            update={"document": duplicate.document[7:], "duplicate_of": duplicate.duplicate_of[7:]}
        )
        for duplicate in find(ranked)
    ]
    return sorted(duplicates, key=lambda duplicate: duplicate.document)


def run(interim, corpora, minimum_confidence, **outputs):
    """Resolve the mentions of the corpora in the folders *corpora*; *outputs* are paths by name."""
    source = Interim(interim, tuple(corpora))
    by_age = sorted(map(load, corpora), key=lambda corpus: (str(corpus.retrieved), corpus.name))
    ranks = {corpus.name: rank for rank, corpus in enumerate(by_age)}
    keys, documents = {}, {}
    for corpus, document in source.records("documents", Document):
        keys[document.id] = corpus, Key(document.id, document.sha256, document.signature)
        documents[document.id] = corpus, document.date
    copies = repeats(keys, ranks)
    for copy in copies:
        del documents[copy.document]
    mentions = (mention for _, mention in source.records("mentions", Mention))
    found, partners = resolve(mentions, documents, ranks, minimum_confidence)
    cli.write(outputs["duplicates"], copies)
    cli.write(outputs["organisations"], partners)
    cli.write(outputs["alliances"], found)


def add_arguments(parser):
    """Add what resolving takes."""
    parser.add_argument("interim", type=Path, help="folder of the records of ingest and extract")
    parser.add_argument(
        "--corpora", type=Path, nargs="+", required=True, help="folders of corpora; no other is read"
    )
    parser.add_argument(
        "--minimum-confidence", type=float, default=0, help="less confident mentions are left out, in [0, 1]"
    )
    parser.add_argument("--alliances", type=Path, required=True, help="alliances, JSON Lines")
    parser.add_argument("--organisations", type=Path, required=True, help="organisations, JSON Lines")
    parser.add_argument("--duplicates", type=Path, required=True, help="duplicate documents, JSON Lines")


if __name__ == "__main__":
    cli.main(__doc__, add_arguments, run)
