"""Score mentions against gold: who is allied with whom, how, and with which stakes (codebook, section 6)."""

from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from entente import cli
from entente.bootstrap import DRAWS, SEED
from entente.errors import EntenteError
from entente.matching import Coded, common, match, pairs, same_claim, same_stake
from entente.records import Claim, Document, Gold, Mention

MEASURES = ("document", "alliance", "partner", "strict", "stake", "function", "claim")
SIDES = ("right", "found", "wanted")
CODES = ("form", "equity")
COUNTERS = (*(f"{measure}_{side}" for measure in MEASURES for side in SIDES), "matches", *CODES)

# What a reader of scores looks at first: heading, score, and the number that it rests on.
TARGETS = {
    "alliance F": ("alliance_f", "alliance_n"),
    "partner F": ("partner_f", "partner_n"),
    "strict F": ("strict_f", "strict_n"),
    "equity accuracy": ("equity_accuracy", "matches"),
    "stake F": ("stake_f", "stake_n"),
    "function F": ("function_f", "function_n"),
    "document F": ("document_f", "document_n"),
    "top fifth precision": ("top_fifth_precision", "mentions"),
    "calibration error": ("calibration_error", "mentions"),
    "calibration error by chance": ("calibration_error_by_chance", "mentions"),
}

BINS = 10
SIMULATIONS = 200  # of which mentions might be right


def count(mentions, claims, gold, text):
    """Return how one document's *mentions* and *claims* compare with its *gold*.

    Returns
    -------
    counts : list of int
        Numbers in the order of COUNTERS: ``right``, ``found`` and ``wanted`` of each measure, the matches,
        and how many of these have the ``form`` and the ``equity`` status right.
    matched : set
        The places of the mentions that match a gold alliance.
    """
    mentions, wanted = [Coded.of(m) for m in mentions], [Coded.of(g) for g in gold.alliances]
    matched, number = match(mentions, wanted), Counter()

    def add(measure, found, there):
        number[f"{measure}_found"] += found
        number[f"{measure}_wanted"] += there

    add("document", bool(mentions), bool(wanted))
    number["document_right"] = bool(mentions and wanted)
    number["alliance_right"] = number["matches"] = len(matched)
    for i, j in matched:
        m, g = mentions[i], wanted[j]
        shared = common(m.partners, g.partners)
        whole = shared == len(m.partners) == len(g.partners)
        number["form"] += m.form == g.form
        number["equity"] += m.equity_status == g.equity_status
        number["partner_right"] += shared
        number["strict_right"] += whole and m.equity_status == g.equity_status
        number["stake_right"] += len(pairs(m.stakes, g.stakes, same_stake))
        number["function_right"] += len(set(m.functions) & set(g.functions))
    for measure in ("alliance", "strict"):
        add(measure, len(mentions), len(wanted))
    for measure, items in (("partner", "partners"), ("stake", "stakes"), ("function", "functions")):
        add(measure, *(sum(len(getattr(r, items)) for r in side) for side in (mentions, wanted)))
    if gold.claims is not None:
        add("claim", len(claims), len(gold.claims))
        found = pairs(claims, gold.claims, lambda claim, g: same_claim(claim, g, text))
        number["claim_right"] = len(found)
    return [int(number[name]) for name in COUNTERS], {i for i, _ in matched}


def share(part, whole):
    """Return *part* / *whole*, arrays of one shape; NaN where *whole* is 0."""
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=np.asarray(whole) > 0)


def scores(counts):
    """Return the scores of sums of documents' counts; a score over nothing is NaN.

    Parameters
    ----------
    counts : array, shape (..., COUNTERS)

    Returns
    -------
    dict
        By score, an array of shape (...): precision, recall and F of each measure, accuracy of each code.
    """
    number = dict(zip(COUNTERS, np.moveaxis(counts, -1, 0), strict=True))
    found = {}
    for measure in MEASURES:
        right, returned, wanted = (number[f"{measure}_{side}"] for side in SIDES)
        found[f"{measure}_precision"] = share(right, returned)
        found[f"{measure}_recall"] = share(right, wanted)
        found[f"{measure}_f"] = share(2 * right, returned + wanted)
    return found | {f"{code}_accuracy": share(number[code], number["matches"]) for code in CODES}


def intervals(counts):
    """Return the 95 % percentile bootstrap interval of each score, documents being drawn with replacement.

    A draw in which a score is over nothing does not count for it. Where all draws agree, as they do for a
    single document, or for 0 of 9, they say nothing of what other documents would give: the bounds are NaN. With few
    documents, say ten, the interval is too short as a rule.

    Parameters
    ----------
    counts : array, shape (documents, COUNTERS)

    Returns
    -------
    dict
        By score, (low, high).
    """
    documents = len(counts)
    if not documents:
        return dict.fromkeys(scores(counts.sum(axis=0)), (np.nan, np.nan))
    counts = counts[np.lexsort(counts.T)]  # the order of the documents must not decide who is drawn
    drawn = np.random.default_rng(SEED).multinomial(documents, np.full(documents, 1 / documents), DRAWS)
    return {name: bounds(values[~np.isnan(values)]) for name, values in scores(drawn @ counts).items()}


def bounds(values):
    """Return the middle 95 % of *values* as (low, high), NaN if they are all the same or none.

    >>> bounds(np.arange(41.0))
    (1.0, 39.0)
    """
    if not values.size or values.min() == values.max():
        return np.nan, np.nan
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def confidence_scores(confidence, right):
    """Return how far the mentions' confidence can be relied on, NaN without mentions.

    Mentions of equal confidence count as right by the share of them that is, so that their order says nothing.

    Parameters
    ----------
    confidence : list of float
    right : list of bool
        Whether each mention matches a gold alliance.

    Returns
    -------
    dict
        ``top_fifth_precision``, the share right of the 20 % most confident (rounded up);
        ``calibration_error``, the expected calibration error over 10 bins of equally many mentions; and
        ``calibration_error_by_chance``, its mean if each mention is right with the probability that its confidence
        states: far from 0 where there are few.

    >>> confidence_scores([0.9, 0.8, 0.5, 0.5, 0.1], [True, False, True, False, False])["top_fifth_precision"]
    1.0
    """
    if not confidence:
        names = ("top_fifth_precision", "calibration_error", "calibration_error_by_chance")
        return dict.fromkeys(names, np.nan)
    levels, place = np.unique(confidence, return_inverse=True)
    confident, alike = levels[place], np.bincount(place)
    order = np.argsort(-confident, kind="stable")
    bins = np.array_split(order, BINS)

    def shared(right):
        return (np.bincount(place, right) / alike)[place]

    def error(right):
        gaps = confident - shared(right)
        return float(sum(abs(gaps[part].sum()) for part in bins) / len(order))

    draws = np.random.default_rng(SEED).random((SIMULATIONS, len(order))) < confident
    return {
        "top_fifth_precision": float(np.mean(shared(right)[order[: -(-len(order) // 5)]])),
        "calibration_error": error(right),
        "calibration_error_by_chance": float(np.mean([error(drawn) for drawn in draws])),
    }


def row(cases):
    """Return the scores of documents as a flat dict, from a list of (counts, [(confidence, right), ...])."""
    counts = np.array([c for c, _ in cases], dtype=int).reshape(-1, len(COUNTERS))
    total = dict(zip(COUNTERS, counts.sum(axis=0).tolist(), strict=True))
    found, interval = scores(counts.sum(axis=0)), intervals(counts)
    result = {
        "documents": len(cases),
        "matches": total["matches"],
        "mentions": total["alliance_found"],
    }
    for name, value in found.items():
        if name.endswith("_precision"):
            measure = name.removesuffix("_precision")
            result[f"{measure}_n"] = total[f"{measure}_wanted"]
        result[name] = float(value)
        if name.endswith(("_f", "_accuracy")):
            result[f"{name}_low"], result[f"{name}_high"] = interval[name]
    mentions = [mention for _, told in cases for mention in told]
    return result | confidence_scores([c for c, _ in mentions], [r for _, r in mentions])


def evaluate(coded, minimum_confidence):
    """Return a data frame of scores: one row for all documents, if there are any or none, and one a value of each factor.

    Parameters
    ----------
    coded : iterable of (Document, list of Mention, list of Claim, Gold)
    minimum_confidence : float
        Mentions below it do not count as found.
    """
    import pandas as pd  # noqa: PLC0415 - takes half a second, and only tables of scores need it

    groups = defaultdict(list, {("all", "all"): []})
    for document, mentions, claims, gold in coded:
        kept = [m for m in mentions if m.confidence >= minimum_confidence]
        counts, matched = count(kept, claims, gold, document.text)
        case = (counts, [(m.confidence, i in matched) for i, m in enumerate(kept)])
        for key in (
            ("all", "all"),
            ("language", document.language),
            ("corpus", document.corpus),
            ("genre", document.genre),
        ):
            groups[key].append(case)
    order = {"all": 0, "language": 1, "corpus": 2, "genre": 3}
    keys = sorted(groups, key=lambda key: (order[key[0]], key[1]))
    return pd.DataFrame([{"factor": f, "value": v} | row(groups[f, v]) for f, v in keys])


def readable(table):
    """Return the targets' scores as a data frame of text: a score with its interval, and the number that it rests on.

    >>> readable(evaluate([], 0)).loc[0, "alliance F"]
    '-'
    """
    import pandas as pd  # noqa: PLC0415

    shown = {
        heading: [cell(scored, score, number) for scored in table.to_dict("records")]
        for heading, (score, number) in TARGETS.items()
    }
    return pd.DataFrame({"documents": table["documents"]} | shown)


def cell(scored, score, number):
    """Return one score of a row as text, "-" if it is over nothing.

    >>> cell({"f": 0.523, "f_low": 0.44, "f_high": 0.6, "n": 12}, "f", "n"), cell({"e": 0.1, "n": 5}, "e", "n")
    ('0.52 [0.44, 0.60] n=12', '0.10 n=5')
    """
    if np.isnan(scored[score]):
        return "-"
    low, high = (scored.get(f"{score}_{bound}", np.nan) for bound in ("low", "high"))
    interval = "" if np.isnan(low) else f" [{low:.2f}, {high:.2f}]"
    return f"{scored[score]:.2f}{interval} n={scored[number]}"


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
