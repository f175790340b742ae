"""Link the partners of one alliance to each other, from what the encoder says of each two of them."""

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from entente import encoder, lexical, membership, passages
from entente.encoder import PARTNER, VENTURE
from entente.names import normal, plain, same
from entente.reports import Report

# Tuned on training documents that the encoder was not fitted on.
PAIR_THRESHOLD = 0.3  # two partners of one alliance
FURTHER_THRESHOLD = 0.7  # two, of whom one is a partner of another alliance already
MEMBER_THRESHOLD = 0.4  # one more, on average over those already linked
WEAKEST = 0.6  # part of it that the weakest tie of one more may not fall below
ALONE_THRESHOLD = 0.1  # the only partner that is named
# Log odds that two lose who are each named with a partner in the evidence, but never with each other.
APART = 6.0
# How much the log odds of an alliance that the lexicon alone finds likely count for the ties of its partners.
FAVOUR = 1.5
EVIDENCE_THRESHOLD = 0.5  # a sentence that reports an alliance
VENTURE_THRESHOLD = 0.3  # a name of the joint entity


def sigmoid(logit):
    """Return the probability that a logit stands for."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, float(logit)))))


@dataclass
class Places:
    """Where a document names its organisations and reports alliances, by numbers of sentences.

    ``naming`` has a set of sentences an entity, ``named`` a set of entities a sentence; ``evident`` are the sentences
    that report an alliance, ``phrased`` those with a phrase of the lexicon, ``joint`` the entities that may be joint
    ones, the likeliest first.
    """

    naming: list
    named: dict
    evident: set
    phrased: set
    joint: list

    @classmethod
    def of(cls, parsed, reading):
        """Return the Places of a parsed document and its Reading."""
        naming = [{parsed.sentence_at(name.start) for name in entity.names} for entity in parsed.entities]
        named = defaultdict(set)
        for i, sentences in enumerate(naming):
            for sentence in sentences:
                named[sentence].add(i)
        evident = {i for i, logit in reading.evidence.items() if sigmoid(logit) >= EVIDENCE_THRESHOLD}
        phrased = {passage.index for passage in parsed.passages}
        joint = {i: read[VENTURE] for i, read in reading.entities.items()}
        likely = [i for i in joint if sigmoid(joint[i]) >= VENTURE_THRESHOLD]
        return cls(naming, named, evident, phrased, sorted(likely, key=lambda i: (-joint[i], i)))


def reports(parsed, reading):
    """Return the Reports of a parsed document, in the order of their first passage.

    Parameters
    ----------
    parsed : passages.Parsed
    reading : encoder.Reading
        Of the same document.
    """
    places = Places.of(parsed, reading)
    ties = tied(reading, places, favoured(parsed))
    names = [entity.name for entity in parsed.entities]
    grouped = groups(ties, names)
    found = [report(parsed, reading, places, members, ties) for members in grouped]
    kept = [membership.partners(m, r.standing) for m, r in zip(grouped, found, strict=True)]
    if kept != grouped:
        found = [report(parsed, reading, places, members, ties) for members in unrepeated(kept, names)]
    return sorted(found, key=lambda known: known.passages[0].index)


def favoured(parsed):
    """Return the log odds of the alliances that the lexicon alone finds likely, by the pairs (i, j) of their partners."""
    numbers = {id(entity): number for number, entity in enumerate(parsed.entities)}
    found = {}
    for known in lexical.reports(parsed):
        likely = lexical.confidence(known, parsed.language)
        if likely > 0.5:
            for pair in pairs_of(sorted(numbers[id(entity)] for entity in known.partners)):
                found[pair] = max(found.get(pair, 0.0), math.log(likely / (1 - likely)))
    return found


def tied(reading, places, favour):
    """Return the probability that i and j are allied, by (i, j).

    What the lexicon says in *favour* of it (`favoured`) counts, unless the evidence names each of the two with others,
    and never with each other: then they are hardly allied.
    """
    logits = {pair: read[0] + FAVOUR * favour.get(pair, 0.0) for pair, read in reading.pairs.items()}
    together = {(i, j) for i, j in logits if i != j and places.naming[i] & places.naming[j] & places.evident}
    placed = {i for pair in together if sigmoid(logits[pair]) >= PAIR_THRESHOLD for i in pair}
    apart = {(i, j) for i, j in logits if i != j and (i, j) not in together and {i, j} <= placed}
    joint = {i for i, read in reading.entities.items() if read[VENTURE] > max(0, read[PARTNER])}
    return {
        pair: sigmoid(reading.pairs[pair][0] - APART if pair in apart else logit)
        for pair, logit in logits.items()
        if not joint & set(pair)
    }


def alike(first, second):
    """Tell whether two names may be one organisation's, which is no partner of itself: Lilly and Eli Lilly and Company.

    >>> alike("Lilly", "Eli Lilly and Company"), alike("Rank Xerox", "Xerox Corp"), alike("Fuji Xerox", "Rank Xerox")
    (True, False, False)
    """
    words = [set(plain(name).split()) for name in (first, second)]
    return same(first, second) or words[0] <= words[1] or words[1] <= words[0]


def groups(ties, names):
    """Return the groups of entities that are partners of one alliance, as lists of their numbers.

    From the surest pair on, each group takes in whoever is tied to all its members; so an organisation can be in
    several alliances, and a pair is in one.

    Parameters
    ----------
    ties : dict
        The probability that i and j are allied, by (i, j), i <= j; (i, i): that i is the only partner named.
    names : list of str
        The entities' names; two that are alike are never each other's partners.
    """
    found, linked, taken, near = [], set(), set(), defaultdict(set)
    for i, j in ties:
        near[i].add(j)
        near[j].add(i)
    for pair in sorted(ties, key=lambda pair: (-ties[pair], pair)):
        i, j = pair
        needed = FURTHER_THRESHOLD if taken & {i, j} else PAIR_THRESHOLD
        if i == j or ties[pair] < needed or pair in linked or alike(names[i], names[j]):
            continue
        members = grown([i, j], ties, near, names)
        linked |= pairs_of(members)
        taken |= set(members)
        found.append(members)
    alone = [i for i, j in ties if i == j and ties[i, i] >= ALONE_THRESHOLD and i not in taken]
    return unrepeated(found + [[i] for i in sorted(alone)], names)


def unrepeated(found, names):
    """Return the groups *found*, less those of which each member bears a name like one in an earlier group.

    They are the same alliance by other names: the text names Xiaomi and, elsewhere, Xiaomi Group. Only groups with words
    in common are compared, or in scripts that may do without blanks, the first two characters.
    """

    def keys_of(name):
        return set(name.split()) if name.isascii() else {*name.split(), name[:2]}

    kept, having = [], defaultdict(set)
    for members in found:
        keys = [keys_of(normal(names[i])) for i in members]
        near = set.intersection(*(set().union(*(having[key] for key in own)) for own in keys))
        if not any(all(any(alike(names[i], names[j]) for j in kept[n]) for i in members) for n in near):
            for key in set().union(*keys):
                having[key].add(len(kept))
            kept.append(members)
    return kept


def grown(members, ties, near, names):
    """Return *members* and whoever else is tied to all of them, in the order of the document.

    *near* are the entities that an entity has a tie with, by its number.
    """

    def to_members(k):
        return [ties[min(k, m), max(k, m)] for m in members]

    others = set.intersection(*(near[m] for m in members)) - set(members)
    for k in sorted(others, key=lambda k: (-sum(to_members(k)), k)):
        if any(k not in near[m] for m in members):
            continue
        tied = to_members(k)
        strong = sum(tied) / len(tied) >= MEMBER_THRESHOLD and min(tied) >= MEMBER_THRESHOLD * WEAKEST
        if strong and not any(alike(names[k], names[m]) for m in members):
            members = [*members, k]
    return sorted(members)


def pairs_of(members):
    """Return the pairs (i, j), i < j, of sorted *members*; of one member, (i, i).

    >>> sorted(pairs_of([1, 2, 5])), pairs_of([3])
    ([(1, 2), (1, 5), (2, 5)], {(3, 3)})
    """
    return {(i, j) for x, i in enumerate(members) for j in members[x + 1 :]} or {(members[0], members[0])}


def report(parsed, reading, places, members, ties):
    """Return the Report of an alliance between *members* (numbers of entities)."""
    known = [pair for pair in sorted(pairs_of(members)) if pair in ties]
    logits = np.mean([reading.pairs[pair] for pair in known], axis=0)
    sentences = evidence(reading, places, members)
    certainty = {i: sigmoid(reading.entities[i][PARTNER]) for i in members}
    evident = set().union(*(places.named[i] for i in sentences))
    return Report(
        passages=[passages.at(parsed, i) for i in sentences],
        partners=[parsed.entities[i] for i in members],
        certainties=list(certainty.values()),
        # The joint entity may be named far from the evidence.
        venture=next((parsed.entities[i] for i in places.joint if i not in members), None),
        probability=sum(ties[pair] for pair in known) / len(known),
        weakest=min(ties[pair] for pair in known),
        codes=encoder.coded(logits),
        standing=membership.standing(members, ties, certainty, evident),
    )


def evidence(reading, places, members):
    """Return the sentences that report an alliance between *members*: those that name one, or that follow such a one.

    A sentence that follows counts if it has a phrase of the lexicon, unless it names a partner of another alliance.
    """
    naming = set().union(*(places.naming[i] for i in members))

    def belongs(i):
        others = places.named.get(i, set()) - set(members)
        return i in naming or not any(
            reading.entities[k][PARTNER] > 0 for k in others & reading.entities.keys()
        )

    nearby = naming | ({i + 1 for i in naming} & places.phrased)
    chosen = sorted(i for i in nearby & places.evident if belongs(i))
    if chosen:
        return chosen
    # None is sure: the sentence that names most of them, the surest of equals.
    read = sorted(naming & reading.evidence.keys())
    return [max(read, key=lambda i: (len(places.named[i] & set(members)), reading.evidence[i]))]
