"""Tell which names mean one organisation, over all corpora."""

import re
from collections import defaultdict
from functools import cache
from itertools import combinations, permutations

from babel import Locale

from entente import lexicon
from entente.names import normal, plain
from entente.well_known import canonical, data, known

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


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
    """Return the words and groups of words in *rest*."""
    words = rest.split()
    spans = combinations(range(len(words) + 1), 2)
    return {" ".join(words[start:end]) for start, end in spans}


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
