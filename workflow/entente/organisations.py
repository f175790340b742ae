"""Find what may be an organisation in a text: candidate names, gathered to entities.

Candidates, not decisions: recall first, and with each name what speaks for and against it.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from entente import capitals, lexicon, unbroken, well_known
from entente.names import IDEOGRAPHIC, normal, same

LONGEST = 12  # words, or ideographs, of a name that a shorter one may be the beginning of; no list grows with a name
_LATIN = re.compile(r"[a-z0-9]+(?=[^\x00-\u02ff ])")  # before another script: NTTドコモ is ドコモ, too
FINDERS = {"words": capitals.find, "characters": unbroken.find, "stems": unbroken.find_spaced}


@dataclass(eq=False)
class Entity:
    """The occurrences of one organisation in a document; ``name`` is what the text calls it."""

    names: list

    @property
    def name(self):
        """Return what the text calls it."""
        return self.fullest.text

    @cached_property
    def fullest(self):
        """Return the longest form with a legal form, else the first: later and longer is often a unit or a product.

        An acronym that comes first stands for the longest form.
        """
        first = self.names[0]
        full = [name for name in self.names if "legal_form" in name.traits]
        if not full and "acronym" in first.traits:
            full = [name for name in self.names if not normal(name.text).startswith(normal(first.text))]
        return max(full or [first], key=lambda n: (len(n.text), -n.start))

    @cached_property
    def traits(self):
        """Return the traits of all occurrences together."""
        return set().union(*(n.traits for n in self.names))

    @cached_property
    def starts(self):
        """Return where the occurrences start, in order."""
        return [name.start for name in self.names]

    def within(self, start, end):
        """Return the occurrences that start in ``[start, end)``, in order."""
        return self.names[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def find(text, language):
    """Return the candidate names of *text* as a list of Name, in order.

    >>> [n.text for n in find("Acme Corp said it and Japan's Beta Motor Co Ltd <BTA.T> will meet.", "en")]
    ['Acme Corp', 'Japan', 'Beta Motor Co Ltd']
    """
    return FINDERS[lexicon.load(language).script](text, language)


def entities(names, text=""):
    """Return the names gathered to entities, in order of first occurrence.

    A short form joins the one longer name that it can stand for: the other's beginning, its acronym, its last word, what
    it goes on with after Latin letters, or what *text* has in brackets right after it. Time grows with the number of
    names, not with its square.
    """
    alias = {
        normal(following.text): normal(name.text)
        for name, following in pairwise(names)
        if "bracketed" in name.traits | following.traits
        and text[name.end : following.start].strip() in {"(", "（"}
    }
    groups, beginnings, acronyms, endings = {}, defaultdict(list), defaultdict(list), defaultdict(list)
    famous = defaultdict(list)  # VW is Volkswagen
    for name in sorted(names, key=lambda n: (-len(normal(n.text)), "legal_form" not in n.traits, n.start)):
        key = normal(name.text)
        if key not in groups:
            # 中国 is not 中国石化, nor Japan its airline; Shell Canada Ltd is whole, and no Shell Canada Products Ltd.
            longer = () if "legal_form" in name.traits and key.isascii() else beginnings[key]
            like = () if "place" in name.traits else dict.fromkeys([*longer, *acronyms[key]])
            owners = [alias[key]] if alias.get(key) in groups else [g for g in like if same(g, key)]
            if not owners and not name.traits & {"common", "legal_form", "place"}:
                owners = [g for g in endings[key] if groups[g][0].start < name.start]
            called = well_known.known().get(key, key)
            whole = "legal_form" in name.traits  # BYD Auto Co Ltd is no BYD
            owners = owners or [g for g in famous[called] if not (whole and same(g, key))]
            owner = min(owners, key=len, default=None)  # of a firm and its units the firm
            if owner and all(same(owner, other) for other in owners):
                key = owner
            else:
                groups[key] = []
                famous[called].append(key)
                for start in _beginnings(key):
                    beginnings[start].append(key)
                for letters in _acronyms(key):
                    acronyms[letters].append(key)
                latin = _LATIN.match(key)
                endings[key[latin.end() :] if latin else key.split()[-1]].append(key)
        groups[key].append(name)
    found = [Entity(sorted(members, key=lambda n: n.start)) for members in groups.values() if members]
    return sorted(found, key=lambda e: e.names[0].start)


def _beginnings(key):
    """Return what a name may be shortened to: its first words or, of ideographs, its first characters."""
    words = key.split()[:LONGEST]
    whole = {" ".join(words[:number]) for number in range(1, len(words) + 1)}
    return whole | {key[:number] for number in range(2, LONGEST) if IDEOGRAPHIC.match(key)}


def _acronyms(key):
    """Return the acronyms that a name may have: the first letters of its words, three at least or all, or of the large."""
    words = key.split()[:LONGEST]
    letters = "".join(word[0] for word in words)
    large = "".join(word[0] for word in words if len(word) > 3)
    return {letters, large} | {letters[:number] for number in range(3, len(letters))}
