"""How well mentions are resolved: same-alliance and same-organisation decisions against gold, and what they cost.

Two records are one alliance in gold if they have one key. Two names are one organisation in gold if they are partners
of one agreement in two documents and can be paired off (`paired`); of names in different agreements gold tells nothing.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import scipy  # its parts load when they are used
import yaml

from entente import cli, corpora, definitions
from entente.clusters import Clusters, Report, scripts
from entente.errors import EntenteError
from entente.evaluate import DRAWS, SEED, Coded, coded_documents, match, share
from entente.names import normal, same
from entente.parties import Names, key
from entente.records import Document, GoldAlliance, Mention, Organisation, Partner
from entente.resolve import resolve

SCOPES = ("all", "within_language", "across_languages", "across_scripts")
MEASURES = ("precision", "recall", "f")
SIZES = (1000, 2000, 4000, 8000)  # mentions
FIXED = 200  # organisations
WORDS = 2000  # of the partners' names, of which as many pairs as there are words squared are put in a random order
HEADLINES = ("joint_venture", "joint_venture_or_stake")
UNITS = {  # row of the table: unit, and whether documents that repeat others count
    "document_with_duplicates": ("document", True),
    "document": ("document", False),
    "mention_with_duplicates": ("mention", True),
    "mention": ("mention", False),
    "alliance": ("alliance", False),
}


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
    fit = np.array([[same(a, b) * (1 + (normal(a) == normal(b))) for b in names] for a in gold])
    pairs = zip(*scipy.optimize.linear_sum_assignment(-fit), strict=True)
    found = {int(i): names[j] for i, j in pairs if fit[i, j]}
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


def limits(rows, statistic, level):
    """Return the percentile limits of each of *statistic*'s values, agreements drawn with replacement 1,000 times.

    Parameters
    ----------
    rows : array, shape (agreements, k)
    statistic : function of an array of sums, shape (draws, k), that returns arrays of shape (draws,)
    level : float
        Nominal coverage, in (0, 1).

    Returns
    -------
    list of (low, high)
        (None, None) where all draws agree, or are over nothing. Agreements with equal rows are one kind, and the number
        of each kind in a draw is multinomial, so that the order of agreements does not matter.

    References
    ----------
    Field & Welsh (2007). Bootstrapping clustered data. JRSS B 69:369-390.

    >>> limits(np.array([[1, 1]] * 30 + [[0, 1]] * 70), lambda sums: [sums[:, 0] / sums[:, 1]], 0.95)
    [(0.21, 0.39)]
    """
    kinds, times = np.unique(np.round(rows, 9), axis=0, return_counts=True)
    drawn = np.random.default_rng(SEED).multinomial(len(rows), times / len(rows), DRAWS) @ kinds
    found = []
    for values in statistic(drawn):
        told = values[~np.isnan(values)]
        if told.size and np.ptp(told) > 1e-9:  # what adds up to the same in another order is the same
            bounds = np.quantile(told, [(1 - level) / 2, (1 + level) / 2])
            found.append(tuple(round(float(bound), 4) for bound in bounds))
        else:
            found.append((None, None))
    return found


def refused(rows, bounds, what):
    """Return why there is no interval, None if there is one; *bounds* are the (low, high) of *what*."""
    if len(rows) < definitions.MINIMUM_CLUSTERS:
        return f"intervals: {len(rows)} {what}, {definitions.MINIMUM_CLUSTERS} needed"
    return "interval: all draws agree" if (None, None) in bounds else None


def quality(counts, level):
    """Return precision, recall and F with their intervals, as columns; *counts* are of `pairwise` or `bcubed`."""
    rows = np.array([counts[key] for key in sorted(counts) if counts[key].any()]).reshape(-1, 4)
    few = len(rows) < definitions.MINIMUM_CLUSTERS
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


class Counting(Clusters):
    """Clusters that count the pairs that they compare."""

    def __init__(self):
        super().__init__()
        self.compared = 0

    def place(self, cluster):
        """Count the clusters that share a place with *cluster*, then join it to one of them or none."""
        self.compared += len(self.near(cluster))
        super().place(cluster)


def recombined(alliances, size, organisations, unequal, seed=SEED):
    """Return *size* reports: those of alliances drawn from *alliances*, each with partners of its own.

    Parameters
    ----------
    alliances : list of list of (Mention, str or None)
        Of each alliance its mentions, with the dates of their documents.
    size, organisations : int
        Number of reports, and of partners to draw from. Their names are pairs of words of names in *alliances*.
    unequal : float
        How often a partner is drawn falls with its rank to this power. With 0 all are drawn as often; with 1 (Zipf
        1949) few are in most alliances.
    """
    names = [partner.name for alliance in alliances for m, _ in alliance for partner in m.partners]
    words = thinned(sorted({word for name in names for word in normal(name).split()}), WORDS)
    rng = np.random.default_rng(seed)
    drawn = rng.permutation(len(words) ** 2)[:organisations]
    pool = np.array([f"{words[n // len(words)]} {words[n % len(words)]}" for n in drawn])
    weight = np.arange(1, len(pool) + 1) ** -float(unequal)
    reports = []
    while len(reports) < size:
        alliance = alliances[rng.integers(len(alliances))]
        keys = list(dict.fromkeys(key(partner.name) for m, _ in alliance for partner in m.partners))
        new = dict(zip(keys, rng.choice(pool, len(keys), p=weight / weight.sum()).tolist(), strict=True))
        for model, date in alliance:
            document = f"recombined/{len(reports)}"
            changes = {
                "id": f"{document}@1",
                "document": document,
                "partners": [Partner(name=new[key(p.name)], start=None, end=None) for p in model.partners],
                "venture_name": f"{new[keys[0]]} venture" if model.venture_name else None,
            }
            reports.append(Report.of(model.model_copy(update=changes), 0, "recombined", date))
    return reports[:size]


def thinned(items, most):
    """Return at most *most* of a list's items, evenly spread; all of them if they are no more.

    >>> thinned("abc", 3), thinned("abcdefg", 3)
    ('abc', 'adg')
    """
    return items[:: max(1, -(-len(items) // most))]


def compared(reports):
    """Return how many pairs of clusters the resolver compares to resolve *reports*, of one corpus."""
    names, clusters = Names(), Counting()
    names.learn(reports)
    names.tell(reports)
    clusters.add(reports)
    return clusters.compared


def blocking_growth(study):
    """Growth of the pairs that resolving compares with the number of mentions, on recombined mentions.

    Columns
    -------
    partners : ``alike``: one organisation for every two mentions, all in as many alliances; ``unequal``: as many, but
        few are in most alliances, as Zipf's law has it; ``fixed``: unequal, and 200 however many mentions
    mentions : number of mentions, those of the run's alliances with other partners
    pairs : all pairs of mentions
    compared : pairs of clusters that resolving compares; others share neither two partners, nor a partner and the
        venture
    exponent : slope of log compared on log mentions over the sizes: 1 is linear, 2 quadratic
    exponent_low, exponent_high : limits of its t interval, of four sizes: how straight the line is, and no more
    refused : why there is no exponent
    level : nominal coverage of the interval
    """
    found = thinned(study.alliances(), SIZES[-1])  # by id, which is a hash: as good as drawn
    wanted = {mention for alliance in found for mention in alliance.mentions}
    mentions = {m.id: m for _, m in study.records("mentions", Mention) if m.id in wanted}
    reporting = {mention.document for mention in mentions.values()}
    dates = {d.id: d.date for _, d in study.records("documents", Document) if d.id in reporting}
    alliances = [
        met
        for alliance in found
        if (met := [(mentions[m], dates[mentions[m].document]) for m in alliance.mentions if m in mentions])
    ]
    if len(alliances) < definitions.MINIMUM_CLUSTERS:
        return  # to draw from a few alliances is to repeat them
    for kind, unequal, organisations in (
        ("alike", 0, [size // 2 for size in SIZES]),
        ("unequal", 1, [size // 2 for size in SIZES]),
        ("fixed", 1, [FIXED] * len(SIZES)),
    ):
        counts = [
            compared(recombined(alliances, size, number, unequal))
            for size, number in zip(SIZES, organisations, strict=True)
        ]
        told = dict.fromkeys(("exponent", "exponent_low", "exponent_high"))
        if min(counts):
            line = scipy.stats.linregress(np.log(SIZES), np.log(counts))
            half = scipy.stats.t.ppf((1 + study.level) / 2, len(SIZES) - 2) * line.stderr
            values = (line.slope, line.slope - half, line.slope + half)
            told = {name: round(float(value), 3) for name, value in zip(told, values, strict=True)}
        for size, count in zip(SIZES, counts, strict=True):
            yield {
                "partners": kind,
                "mentions": size,
                "pairs": size * (size - 1) // 2,
                "compared": count,
                **told,
                "refused": None if min(counts) else "exponent: of some number of mentions none are compared",
                "level": study.level,
            }


def excess(units, alliances, definition, level):
    """Return by how much the equity share of *units* exceeds that of *alliances*, with its limits, as columns.

    Parameters
    ----------
    units, alliances : list of `definitions.Unit`
    definition : str
        A key of `definitions.DEFINITIONS`.
    level : float
        Nominal coverage, in (0, 1).

    Notes
    -----
    The same alliances are drawn for both shares, each with all units that report it.
    """
    sums = defaultdict(lambda: np.zeros(4, dtype=int))
    for place, group in enumerate((units, alliances)):
        for unit in group:
            equity = unit.equity(definitions.DEFINITIONS[definition])
            if equity is not None:
                cluster = unit.cluster if group is units else unit.records[0].id
                sums[cluster][2 * place : 2 * place + 2] += (equity, 1)
    rows = np.array(list(sums.values())).reshape(-1, 4)

    def difference(drawn):
        return [share(drawn[..., 0], drawn[..., 1]) - share(drawn[..., 2], drawn[..., 3])]

    few = len(rows) < definitions.MINIMUM_CLUSTERS
    bounds = [(None, None)] if few else limits(rows, difference, level)
    value = float(difference(rows.sum(axis=0))[0])
    return {
        "excess": None if np.isnan(value) else round(value, 4),
        "excess_low": bounds[0][0],
        "excess_high": bounds[0][1],
        "excess_refused": refused(rows, bounds, "alliances"),
    }


def duplicates_and_shares(study):
    """Equity share by what is counted: documents and mentions with and without duplicates, and alliances.

    Columns
    -------
    unit : what is counted. ``document``: one that reports an alliance, equity if any that it reports is; ``mention``:
        one document's report of one alliance; ``*_with_duplicates``: also those of documents that repeat another;
        ``alliance``: each agreement once
    definition : what counts as equity. ``joint_venture``: joint ventures; ``joint_venture_or_stake``: joint ventures
        and minority stakes; each of known forms
    n : units counted under the definition
    equity : how many of them are equity
    left_out : units of unknown form
    share : equity / n, a proportion; empty if n is 0
    low, high : limits of the share's Wilson interval, which takes the units for independent; errors of extraction are
        not in it
    clusters : number of clusters: for alliances, documents with the first mention; for mentions and documents, alliances
    cluster_low, cluster_high : limits of the percentile bootstrap interval, clusters drawn with replacement 1,000 times
    refused : why there is no cluster interval
    excess : share less that of alliances: what counting an alliance as often as it is reported adds
    excess_low, excess_high : limits of its percentile bootstrap interval, alliances drawn with replacement 1,000 times
    excess_refused : why there is no interval of the excess
    level : nominal coverage of the intervals
    minimum_confidence : records with a lower confidence are not counted
    """
    units = definitions.Units(study)
    alliances = units.of("alliance", study.minimum_confidence)
    nothing = dict.fromkeys(("excess", "excess_low", "excess_high", "excess_refused"))
    for name, (unit, duplicates) in UNITS.items():
        group = units.of(unit, study.minimum_confidence, duplicates)
        for definition in HEADLINES:
            yield {
                "unit": name,
                "definition": definition,
                **definitions.share(group, definition, study.level),
                **(nothing if unit == "alliance" else excess(group, alliances, definition, study.level)),
                "level": study.level,
                "minimum_confidence": study.minimum_confidence,
            }
