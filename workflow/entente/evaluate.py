"""Score mentions against gold: who is allied with whom, how, and with which stakes (codebook, section 6)."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from entente import cli
from entente.errors import EntenteError
from entente.names import same
from entente.records import Claim, Document, Gold, Mention

MEASURES = ("document", "alliance", "partner", "strict", "stake", "function", "claim")


def common(first, second):
    """Return how many of the names in *first* have a partner of their own in *second*.

    >>> common(["GM", "Toyota Motor Corp"], ["Toyota", "General Motors Corp"])
    2
    """
    return pairs(first, second, same)


def affinity(mention, gold):
    """Return how well two records match: 0 if they do not, more the more they share."""
    shared = common(mention.partners, gold.partners)
    needed = min(2, len(gold.partners), len(mention.partners))
    venture = bool(mention.venture_name and gold.venture_name) and same(
        mention.venture_name, gold.venture_name
    )
    return shared + venture if shared and (shared >= needed or venture) else 0


def match(mentions, gold):
    """Return the pairs (i, j) of *mentions* and *gold* that match, each in one pair at most, sharing most in all."""
    score = np.array([[affinity(m, g) for g in gold] for m in mentions], dtype=float)
    if not score.size:
        return []
    rows, columns = linear_sum_assignment(-score)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if score[i, j]]


@dataclass
class Coded:
    """What scoring needs of a record, whoever coded it."""

    partners: list
    venture_name: str | None
    form: str
    equity_status: str
    functions: list
    stakes: list

    @classmethod
    def of(cls, record):
        """Return the scored part of a mention or of a gold record."""
        names = [p if isinstance(p, str) else p.name for p in record.partners]
        return cls(
            names, record.venture_name, record.form, record.equity_status, record.functions, record.stakes
        )


@dataclass
class Counts:
    """Counts over documents: right, found and wanted by measure, and correct codes over matches."""

    right: dict = field(default_factory=lambda: defaultdict(int))
    found: dict = field(default_factory=lambda: defaultdict(int))
    wanted: dict = field(default_factory=lambda: defaultdict(int))
    documents: int = 0
    matches: int = 0
    form: int = 0
    equity: int = 0

    def add(self, measure, right, found, wanted):
        """Count one document's, or one alliance's, results."""
        self.right[measure] += right
        self.found[measure] += found
        self.wanted[measure] += wanted

    def row(self):
        """Return the scores as a flat dict; a score over nothing is NaN."""
        row = {"documents": self.documents, "matches": self.matches}
        for measure in MEASURES:
            right, found, wanted = self.right[measure], self.found[measure], self.wanted[measure]
            row |= {
                f"{measure}_n": wanted,
                f"{measure}_precision": right / found if found else np.nan,
                f"{measure}_recall": right / wanted if wanted else np.nan,
                f"{measure}_f": 2 * right / (found + wanted) if found + wanted else np.nan,
            }
        for code in ("form", "equity"):
            row[f"{code}_accuracy"] = getattr(self, code) / self.matches if self.matches else np.nan
        return row


def same_stake(a, b):
    """Tell whether two stakes agree: holder, target and percentage (to half a point)."""
    target = a.target == b.target or (("venture" not in (a.target, b.target)) and same(a.target, b.target))
    return target and same(a.holder, b.holder) and abs(a.percent - b.percent) <= 0.5


def same_claim(claim, gold, text):
    """Tell whether two claims agree: measure and values, and sentences that overlap."""
    values = [(c.value, c.value_low, c.value_high) for c in (claim, gold)]
    places = [(text.find(quote), len(quote)) for quote in gold.evidence]
    overlap = any(0 <= at < s.end and at + size > s.start for at, size in places for s in claim.evidence)
    return claim.measure == gold.measure and values[0] == values[1] and overlap


def pairs(first, second, equal):
    """Return how many of *first* and *second* can be paired off, one to one, by *equal*."""
    agree = np.array([[equal(a, b) for b in second] for a in first], dtype=float)
    if not agree.size:
        return 0
    rows, columns = linear_sum_assignment(-agree)
    return int(agree[rows, columns].sum())


def score(counts, mentions, claims, gold, text):
    """Add one document's *mentions* and *claims*, compared with its *gold*, to *counts*."""
    mentions, wanted = [Coded.of(m) for m in mentions], [Coded.of(g) for g in gold.alliances]
    matched = match(mentions, wanted)
    counts.documents += 1
    counts.matches += len(matched)
    counts.add("document", bool(mentions and wanted), bool(mentions), bool(wanted))
    counts.add("alliance", len(matched), len(mentions), len(wanted))
    right = dict.fromkeys(("partner", "strict", "stake", "function"), 0)
    for i, j in matched:
        m, g = mentions[i], wanted[j]
        shared = common(m.partners, g.partners)
        counts.form += m.form == g.form
        counts.equity += m.equity_status == g.equity_status
        right["partner"] += shared
        right["strict"] += shared == len(m.partners) == len(g.partners) and m.equity_status == g.equity_status
        right["stake"] += pairs(m.stakes, g.stakes, same_stake)
        right["function"] += len(set(m.functions) & set(g.functions))
    counts.add("strict", right["strict"], len(mentions), len(wanted))
    for measure, items in (("partner", "partners"), ("stake", "stakes"), ("function", "functions")):
        found, gold_items = (sum(len(getattr(r, items)) for r in side) for side in (mentions, wanted))
        counts.add(measure, right[measure], found, gold_items)
    if gold.claims is not None:
        agree = pairs(claims, gold.claims, lambda claim, other: same_claim(claim, other, text))
        counts.add("claim", agree, len(claims), len(gold.claims))


def evaluate(coded, minimum_confidence):
    """Return a data frame of scores: one row for all documents, if there are any or none, and one a value of each factor.

    Parameters
    ----------
    coded : iterable of (Document, list of Mention, list of Claim, Gold)
    minimum_confidence : float
        Mentions below it do not count as found.
    """
    groups = defaultdict(Counts, {("all", "all"): Counts()})
    for document, mentions, claims, gold in coded:
        kept = [m for m in mentions if m.confidence >= minimum_confidence]
        for key in (
            ("all", "all"),
            ("language", document.language),
            ("corpus", document.corpus),
            ("genre", document.genre),
        ):
            score(groups[key], kept, claims, gold, document.text)
    order = {"all": 0, "language": 1, "corpus": 2, "genre": 3}
    keys = sorted(groups, key=lambda key: (order[key[0]], key[1]))
    columns = ["factor", "value", *Counts().row()]
    return pd.DataFrame([{"factor": f, "value": v} | groups[f, v].row() for f, v in keys], columns=columns)


def coded_documents(interim, folders):
    """Yield (Document, Mentions, Claims, Gold) of the documents of the corpora in *folders* that have gold.

    Raises
    ------
    EntenteError
        If gold names a document that its corpus lacks.
    """
    for folder in map(Path, folders):
        path = folder / "gold.jsonl"
        if not path.exists():
            continue
        gold = {f"{folder.name}/{g.id}": g for g in cli.read(path, Gold)}
        for part in sorted(Path(interim, folder.name).iterdir()):
            mentions, claims = defaultdict(list), defaultdict(list)
            for mention in cli.read(part / "mentions.jsonl", Mention):
                mentions[mention.document].append(mention)
            for claim in cli.read(part / "claims.jsonl", Claim):
                claims[claim.document].append(claim)
            for document in cli.read(part / "documents.jsonl", Document):
                if document.id in gold:
                    yield document, mentions[document.id], claims[document.id], gold.pop(document.id)
        if gold:
            missing = min(gold)
            raise EntenteError(
                f"{path}: gold for {len(gold)} documents that the corpus lacks, such as {missing!r}; "
                "its id is the path below documents/, with '#' and the record's own id if it has one"
            )


def add_arguments(parser):
    """Add what evaluation takes."""
    parser.add_argument("interim", help="folder of the stages' records")
    parser.add_argument("--corpora", nargs="+", required=True, metavar="FOLDER")
    parser.add_argument(
        "--minimum-confidence", type=float, required=True, help="mentions below it do not count"
    )
    parser.add_argument("--output", required=True, help="scores, CSV")


def run(interim, corpora, minimum_confidence, output):
    """Score the corpora that have gold, and write the table."""
    coded = sorted(coded_documents(interim, corpora), key=lambda case: case[0].id)
    with cli.replacing(output) as file:
        evaluate(coded, minimum_confidence).to_csv(file, index=False, lineterminator="\n")


if __name__ == "__main__":
    cli.main(__doc__, add_arguments, run)
