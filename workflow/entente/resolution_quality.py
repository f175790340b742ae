"""How well mentions are resolved: same-alliance and same-organisation decisions against gold.

Two records are one alliance in gold if they have one key. Two names are one organisation in gold if they are partners
of one agreement in two documents and can be paired off (`paired`); of names in different agreements gold tells nothing.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import yaml

from entente import cli, corpora
from entente.bootstrap import MINIMUM_CLUSTERS, limits, refused
from entente.clusters import scripts
from entente.errors import EntenteError
from entente.evaluate import coded_documents, share
from entente.matching import Coded, assigned, match
from entente.names import normal, same
from entente.records import GoldAlliance, Mention, Organisation
from entente.resolve import resolve

SCOPES = ("all", "within_language", "across_languages", "across_scripts")
MEASURES = ("precision", "recall", "f")


@dataclass(frozen=True, slots=True)
class Reported:
    """A gold record, and the mention that stands for it."""

    gold: GoldAlliance
    mention: str
    document: str
    language: str
    names: tuple  # of each partner in gold, what the mention calls it; None if it has no such partner


@dataclass(frozen=True, slots=True)
class Item:
    """What is decided on: a mention or a name, in gold's agreement, and in the cluster where it was put."""

    agreement: str
    language: str
    text: str
    found: str


def as_mention(gold, document, number):
    """Return the `Mention` that finds in *document* just what *gold* has."""
    codes = ("venture_name", "form", "equity_status", "functions", "value_chain", "stakes", "status")
    return Mention(
        id=f"{document.id}@{number}",
        document=document.id,
        partners=[{"name": name, "start": None, "end": None} for name in gold.partners],
        evidence=[],
        confidence=1.0,
        language=document.language,
        **{name: getattr(gold, name) for name in (*codes, "date", "term_years")},
    )


def aligned(names, gold):
    """Return for each name in *gold* the one of *names* that is paired with it, one to one, None if none is.

    >>> aligned(["Toyota", "GM"], ["General Motors", "Toyota Motor", "Suzuki"])
    ('GM', 'Toyota', None)
    """
    pairs = assigned([[same(a, b) * (1 + (normal(a) == normal(b))) for b in names] for a in gold])
    found = {i: names[j] for i, j in pairs}
    return tuple(found.get(i) for i in range(len(gold)))


def reported(study):
    """Return ({records: list of Reported}, alliances, organisations) for ``gold`` and ``extracted`` records.

    Returns
    -------
    dict
        By kind of records, (list of `Reported`, list of Alliance, list of Organisation). ``gold`` are all records with
        a key, resolved as if they had been extracted; ``extracted`` are the mentions that match one, as resolved in
        the run. Documents that repeat another are left out.
    """
    copies = {copy.document for copy in study.duplicates()}
    by_age = sorted(map(corpora.load, study.corpora), key=lambda corpus: (str(corpus.retrieved), corpus.name))
    mentions, documents = [], {}
    gold, extracted = [], []
    found = sorted(coded_documents(study.interim, study.corpora), key=lambda case: case[0].id)
    for document, met, _, coded in found:
        if document.id in copies:
            continue
        documents[document.id] = document.corpus, document.date
        pairs = {
            j: met[i] for i, j in match([Coded.of(m) for m in met], [Coded.of(a) for a in coded.alliances])
        }
        for number, alliance in enumerate(coded.alliances):
            mentions.append(as_mention(alliance, document, number + 1))
            where = document.id, document.language
            if alliance.alliance:
                gold.append(Reported(alliance, mentions[-1].id, *where, tuple(alliance.partners)))
            if alliance.alliance and number in pairs:
                names = [partner.name for partner in pairs[number].partners]
                called = aligned(names, alliance.partners)
                extracted.append(Reported(alliance, pairs[number].id, *where, called))
    ranks = {corpus.name: rank for rank, corpus in enumerate(by_age)}
    alliances, organisations = resolve(mentions, documents, ranks)
    stored = list(cli.read(study.interim / "organisations.jsonl", Organisation))
    return {
        "gold": (gold, list(alliances), organisations),
        "extracted": (extracted, study.alliances(), stored),
    }


def listed(folders):
    """Return {normal name: entry} of the names that a reader listed by hand, from names.yaml beside the gold.

    The file has a name for each organisation, and a list of its other names in gold; a corpus need not have it.

    Raises
    ------
    EntenteError
        If a name stands with two organisations.
    """
    found = {}
    for path in (folder / "names.yaml" for folder in folders):
        listing = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
        for name, others in listing.items():
            for other in (name, *others):
                if found.setdefault(normal(other), normal(name)) != normal(name):
                    raise EntenteError(
                        f"{path}: {other!r} stands with {name!r} and, maybe in a form that is the same, with another"
                        " organisation; a name is of one"
                    )
    return found


def paired(first, second, entries):
    """Return {i: j} of the names in *first* and *second*, partners of one agreement, that are one organisation's.

    Names are equal if a reader listed them together, else if `names.same` holds. A pair is taken if neither name
    equals a third; and, of two lists equally long in which all others are paired, the two that remain, unless
    the reader listed them apart.

    Parameters
    ----------
    first, second : sequence of str
    entries : dict
        What `listed` returns.

    >>> paired(["BMW", "トヨタ自動車"], ["Toyota", "BMW Group"], {})
    {0: 1, 1: 0}
    >>> paired(["日産自動車", "ルノー"], ["Renault", "Nissan"], {})
    {}
    """
    entry = [[entries.get(normal(name)) for name in names] for names in (first, second)]

    def equal(i, j):
        a, b = entry[0][i], entry[1][j]
        return a == b if a and b else same(first[i], second[j])

    agree = np.array([[equal(i, j) for j in range(len(second))] for i in range(len(first))], dtype=bool)
    alone = agree & (agree.sum(axis=0) == 1) & (agree.sum(axis=1) == 1)[:, None]
    pairs = {int(i): int(j) for i, j in np.argwhere(alone)}
    left = [
        sorted(set(range(len(names))).difference(taken))
        for names, taken in ((first, pairs), (second, pairs.values()))
    ]
    if len(left[0]) == len(left[1]) == 1:
        i, j = left[0][0], left[1][0]
        if not (entry[0][i] and entry[1][j]):
            pairs[i] = j
    return pairs


def alliance_links(records, alliances):
    """Return (items, links, left out): mentions, and the pairs of them that gold or the resolver takes for one alliance.

    Returns
    -------
    items : list of Item
    links : list of (int, int, bool, bool)
        Two items, whether they are one in gold, and whether they were found to be. Pairs that are neither are not
        listed.
    left_out : int
        Pairs of which gold tells nothing: none.
    """
    place = {mention: alliance.id for alliance in alliances for mention in alliance.mentions}
    items = [
        Item(r.gold.alliance, r.language, "".join(r.gold.partners), place[r.mention])
        for r in records
        if r.mention in place
    ]
    groups = defaultdict(list)
    for number, item in enumerate(items):
        groups["gold", item.agreement].append(number)
        groups["found", item.found].append(number)
    pairs = sorted({pair for group in groups.values() for pair in combinations(group, 2)})
    links = [
        (i, j, items[i].agreement == items[j].agreement, items[i].found == items[j].found) for i, j in pairs
    ]
    return items, links, 0


def organisation_links(records, alliances, organisations, entries):
    """Return (items, links, left out) as `alliance_links` does, of the names of partners within each agreement.

    Of two names, gold tells that they are one organisation's if they are paired, and that they are not if one of
    them is paired with another, or if both stand in one record. Other pairs are left out.
    """
    of_mention = {mention: alliance for alliance in alliances for mention in alliance.mentions}
    by_id = {organisation.id: organisation for organisation in organisations}
    items, number, groups = [], {}, defaultdict(list)
    for record in records:
        alliance = of_mention.get(record.mention)
        groups[record.gold.alliance].append(record)
        for place, name in enumerate(record.names if alliance else ()):
            met = [o for o in alliance.partners if name in by_id[o].names.get(record.language, ())]
            if len(met) == 1:
                number[record.mention, place] = len(items)
                items.append(Item(record.gold.alliance, record.language, record.gold.partners[place], met[0]))
    links, left_out = [], 0

    def link(first, i, second, j, equal):
        a, b = number.get((first.mention, i)), number.get((second.mention, j))
        if a is None or b is None:
            return 0
        if equal is not None:
            links.append((a, b, equal, items[a].found == items[b].found))
        return equal is None

    for group in groups.values():
        for record in group:
            for i, j in combinations(range(len(record.names)), 2):
                link(record, i, record, j, False)
        for first, second in combinations(group, 2):
            if first.document == second.document:
                continue
            pairs = paired(first.gold.partners, second.gold.partners, entries)
            for i in range(len(first.names)):
                for j in range(len(second.names)):
                    told = i in pairs or j in pairs.values()
                    left_out += link(first, i, second, j, pairs.get(i) == j if told else None)
    return items, links, left_out


def scope(first, second):
    """Return the scope of a pair of items.

    >>> names = (("en", "Renault"), ("fr", "Renault"), ("zh", "雷诺"))
    >>> en, fr, zh = (Item("k", language, name, "o") for language, name in names)
    >>> scope(en, en), scope(en, fr), scope(fr, zh)
    ('within_language', 'across_languages', 'across_scripts')
    """
    if first.language == second.language:
        return "within_language"
    return "across_languages" if scripts(first.text) == scripts(second.text) else "across_scripts"


def ratios(sums):
    """Return precision, recall and F from sums over agreements, arrays of one shape.

    Parameters
    ----------
    sums : array, shape (..., 4)
        What is right of what was found, what was found, what is right of what gold has, what gold has.
    """
    precision = share(sums[..., 0], sums[..., 1])
    recall = share(sums[..., 2], sums[..., 3])
    return precision, recall, share(2 * precision * recall, precision + recall)


def pairwise(items, links):
    """Return {agreement: [right, found, right, gold]} of *links*, pairs of items.

    A pair between two agreements, which can only be wrong, counts half for each.

    References
    ----------
    Binette et al. (2023). Estimating the performance of entity resolution algorithms: lessons learned through
    PatentsView.org. The American Statistician 77:370-380.

    >>> from types import SimpleNamespace as Item
    >>> items = [Item(agreement="a"), Item(agreement="a"), Item(agreement="b")]
    >>> counted = pairwise(items, [(0, 1, True, True), (1, 2, False, True)])  # one pair right, one wrong
    >>> {agreement: row.tolist() for agreement, row in counted.items()}
    {'a': [1.0, 1.5, 1.0, 1.0], 'b': [0.0, 0.5, 0.0, 0.0]}
    """
    counts = defaultdict(lambda: np.zeros(4))
    for i, j, gold, found in links:
        for item in (items[i], items[j]):
            counts[item.agreement] += np.array([gold and found, found, gold and found, gold]) / 2
    return counts


def bcubed(items, links):
    """Return {agreement: sums of its items' B-cubed precision, 1, recall, 1}.

    An item's precision is the share right of the items found to be one with it, its recall the share found of those
    that are; itself is among both.

    References
    ----------
    Bagga & Baldwin (1998). Algorithms for scoring coreference chains. LREC workshop on linguistic coreference.

    Amigó, Gonzalo, Artiles & Verdejo (2009). A comparison of extrinsic clustering evaluation metrics based on formal
    constraints. Information Retrieval 12:461-486.

    Two alliances of two reports each, found to be one alliance: each report shares it with one right one, itself, and
    two wrong ones.

    >>> items = [Item(key, "en", "", "a") for key in "kkmm"]
    >>> links = [(i, j, items[i].agreement == items[j].agreement, True) for i, j in combinations(range(4), 2)]
    >>> [float(x) for x in ratios(sum(bcubed(items, links).values()))[:2]]
    [0.5, 1.0]
    """
    both, found, gold = np.ones((3, len(items)))
    for i, j, is_gold, is_found in links:
        for item in (i, j):
            both[item] += is_gold and is_found
            found[item] += is_found
            gold[item] += is_gold
    counts = defaultdict(lambda: np.zeros(4))
    for number, item in enumerate(items):
        counts[item.agreement] += [both[number] / found[number], 1, both[number] / gold[number], 1]
    return counts


def quality(counts, level):
    """Return precision, recall and F with their intervals, as columns; *counts* are of `pairwise` or `bcubed`."""
    rows = np.array([counts[key] for key in sorted(counts) if counts[key].any()]).reshape(-1, 4)
    few = len(rows) < MINIMUM_CLUSTERS
    bounds = [(None, None)] * 3 if few else limits(rows, ratios, level)
    columns = {"agreements": len(rows)}
    for name, value, (low, high) in zip(MEASURES, ratios(rows.sum(axis=0)), bounds, strict=True):
        told = None if np.isnan(value) else round(float(value), 4)
        columns |= {name: told, f"{name}_low": low, f"{name}_high": high}
    return columns | {"refused": refused(rows, bounds, "agreements")}


def resolution_quality(study):
    """Precision and recall of same-alliance and same-organisation decisions against gold, within and across languages.

    Columns
    -------
    records : ``gold``: the records coded by hand, resolved as if they had been extracted, so that errors of extraction
        do not count; ``extracted``: the mentions of the run that match one of them
    decision : ``alliance``: whether two records report one agreement, over all pairs of records; ``organisation``:
        whether two partners' names are of one organisation, within each agreement
    method : ``pairwise``: of pairs; ``bcubed``: of records or names, each with all that it was put together with
    scope : ``within_language``: pairs in one language; ``across_languages``: in two, whose names are in the same
        scripts; ``across_scripts``: in two languages and other scripts; ``all``: all of them
    items : records, or names, that pairs are made of
    gold_pairs : pairs that are one in gold
    found_pairs : pairs that the resolver puts together, of those that gold tells of
    right_pairs : pairs that are one in both
    left_out : pairs of names in two documents of one agreement of which gold does not tell whether they are one
    agreements : agreements with a pair in the scope that is one in gold or was put together; of ``bcubed``, all
    precision : share right of what was put together; empty if nothing was
    recall : share put together of what is one in gold; empty if nothing is
    f : harmonic mean of precision and recall
    *_low, *_high : limits of the percentile bootstrap interval, agreements drawn with replacement 1,000 times
    refused : why intervals are missing
    level : nominal coverage of the intervals
    """
    entries = listed(study.corpora)
    for kind, (records, alliances, organisations) in reported(study).items():
        for decision, (items, links, left_out) in {
            "alliance": alliance_links(records, alliances),
            "organisation": organisation_links(records, alliances, organisations, entries),
        }.items():
            for method, name in (*(("pairwise", name) for name in SCOPES), ("bcubed", "all")):
                there = [link for link in links if name in ("all", scope(items[link[0]], items[link[1]]))]
                counts = (bcubed if method == "bcubed" else pairwise)(items, there)
                yield {
                    "records": kind,
                    "decision": decision,
                    "method": method,
                    "scope": name,
                    "items": len(items),
                    "gold_pairs": sum(gold for _, _, gold, _ in there),
                    "found_pairs": sum(found for _, _, _, found in there),
                    "right_pairs": sum(gold and found for _, _, gold, found in there),
                    "left_out": left_out if name == "all" else None,
                    **quality(counts, study.level),
                    "level": study.level,
                }
