"""The equity share of the alliances that documents report, corrected for the errors of extraction by documents with gold."""

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
from pydantic import Field

from entente import cli
from entente.errors import EntenteError
from entente.estimators import gold_only_ratio, naive, ppi_ratio, rogan_gladen
from entente.matching import Coded, match
from entente.records import Document, Gold, Mention
from entente.study import EQUITY_FORMS, choices


class SampledGold(Gold):
    """A document's gold, with the probability with which the document was drawn for coding, if that is known."""

    inclusion_probability: float | None = Field(default=None, gt=0, le=1)


def kinds(reports, forms):
    """Return how many of *reports* (mentions or gold alliances) have one of *forms*, and how many another known form.

    >>> from entente.records import GoldAlliance
    >>> venture = GoldAlliance(partners=[], form="joint_venture", equity_status="equity", functions=[],
    ...     value_chain="unclear", status="signed")
    >>> kinds([venture, venture.model_copy(update={"form": "unspecified", "equity_status": "unknown"})], {"joint_venture"})
    (1, 0)
    """
    known = [report.form for report in reports if report.equity_status != "unknown"]
    equity = sum(form in forms for form in known)
    return equity, len(known) - equity


def matched_forms(mentions, alliances):
    """Return [(form of a mention, form of the gold alliance that it matches)], both forms being known."""
    pairs = match([Coded.of(m) for m in mentions], [Coded.of(a) for a in alliances])
    both = [(mentions[i], alliances[j]) for i, j in pairs]
    return [(m.form, a.form) for m, a in both if "unknown" not in (m.equity_status, a.equity_status)]


@dataclass(frozen=True)
class Coding:
    """The documents of all corpora with gold, duplicates apart: mentions of all, gold of some, and how these were drawn."""

    mentions: list  # of each document, its list of mentions
    places: list  # where the gold documents stand in it
    gold: list  # SampledGold of each of these
    inclusion: list
    corpora: list  # name of each gold document's corpus
    sampling: str


def coding(study):
    """Return the Coding of a study's corpora.

    Raises
    ------
    EntenteError
        If gold names a document that its corpus lacks, or only some gold of a corpus has an inclusion probability.
    """
    known = {}
    for folder in sorted(study.corpora, key=lambda folder: folder.name):
        path = folder / "gold.jsonl"
        if path.exists():
            known[folder.name] = {f"{folder.name}/{gold.id}": gold for gold in cli.read(path, SampledGold)}
    repeats = {duplicate.document for duplicate in study.duplicates()}
    mentions, documents, there = defaultdict(list), defaultdict(list), set()
    for corpus, document in study.records("documents", Document):
        there |= {document.id} & known.get(corpus, {}).keys()
        if corpus in known and document.id not in repeats:
            documents[corpus].append(document.id)
    for corpus, mention in study.records("mentions", Mention):
        if corpus in known and mention.confidence >= study.minimum_confidence:
            mentions[mention.document].append(mention)
    found = Coding([], [], [], [], [], "")
    notes = []
    for corpus, golds in known.items():
        if missing := sorted(golds.keys() - there):
            raise EntenteError(
                f"gold of corpus {corpus}: no document {missing[0]!r}; its id is the path below documents/,"
                " with '#' and the record's own id if it has one"
            )
        ids = sorted(documents[corpus])
        coded = [i for i in ids if i in golds]
        probabilities = [golds[i].inclusion_probability for i in coded]
        if None in probabilities and any(probabilities):
            lacking = coded[probabilities.index(None)]
            raise EntenteError(
                f"gold of corpus {corpus}: {lacking!r} has no inclusion_probability; others have one"
            )
        if not coded:
            continue
        if any(probabilities):
            notes.append(f"{corpus}: {len(coded)} of {len(ids)} with stored probabilities")
        else:
            census = len(coded) == len(ids)
            notes.append(f"{corpus}: {'all' if census else f'{len(coded)} of'} {len(ids)}")
            notes[-1] += "" if census else ", taken as a simple random sample"
            probabilities = [len(coded) / len(ids)] * len(coded)
        start = len(found.mentions)
        found.mentions.extend(mentions[i] for i in ids)
        found.places.extend(start + ids.index(i) for i in coded)
        found.gold.extend(golds[i] for i in coded)
        found.inclusion.extend(probabilities)
        found.corpora.extend([corpus] * len(coded))
    return replace(found, sampling="; ".join(notes))


def corrected_shares(study):
    """Equity share of the alliances that documents report, corrected for errors of extraction.

    Columns
    -------
    definition : what counts as equity. ``joint_venture``: joint ventures only, so that minority stakes stand
        on the contractual side; ``joint_venture_or_stake``: joint ventures and minority stakes
    estimator : ``naive``: what extraction found, as if it never erred; ``gold_only``: the documents coded by hand alone;
        ``ppi``: prediction-powered, extraction of all documents corrected by those coded by hand, for alliances missed,
        invented and miscoded; ``rogan_gladen``: corrected by the sensitivity and specificity of the code of the
        alliances found that match one coded by hand, so for miscoding only
    documents : documents of the corpora that have gold, duplicates apart
    gold_documents : how many of them were coded by hand
    n : what the estimator rests on: alliances found (``naive``), documents coded by hand with an alliance of a known form
        (``gold_only``, ``ppi``), matched alliances (``rogan_gladen``)
    share : equity / (equity + contractual) over the alliances of a known form, each counted once a document that
        reports it; a proportion
    low, high : limits of the share's interval, the documents being taken as a sample of what such sources hold
    refused : why there is no share; empty where there is one
    sampling : how the documents coded by hand were drawn, by corpus
    level : nominal coverage of the interval
    minimum_confidence : alliances found with a lower confidence are not counted
    """
    coded = coding(study)
    if not coded.gold:
        return
    for definition, forms in EQUITY_FORMS.items():
        for estimator, n, result in shares(coded, forms, study.level):
            yield {
                "definition": definition,
                "estimator": estimator,
                "documents": len(coded.mentions),
                "gold_documents": len(coded.gold),
                "n": n,
                **result.row(),
                "sampling": coded.sampling,
                **choices(study),
            }


def shares(coded, forms, level):
    """Yield (estimator, n, Estimate) of a Coding, *forms* being equity."""
    found = np.array([kinds(mentions, forms) for mentions in coded.mentions])
    gold = np.array([kinds(g.alliances, forms) for g in coded.gold])
    count, total = int(found[:, 0].sum()), int(found.sum())
    yield "naive", total, naive(count, total, level)
    reporting = int((gold.sum(axis=1) > 0).sum())
    draw = {"inclusion": coded.inclusion, "level": level, "strata": coded.corpora}
    yield "gold_only", reporting, gold_only_ratio(gold, len(found), **draw)
    yield "ppi", reporting, ppi_ratio(found, gold, coded.places, **draw)
    pairs = [
        pair
        for place, g in zip(coded.places, coded.gold, strict=True)
        for pair in matched_forms(coded.mentions[place], g.alliances)
    ]
    right = [m in forms for m, a in pairs if a in forms], [m not in forms for m, a in pairs if a not in forms]
    table = [number for side in right for number in (sum(side), len(side))]
    yield "rogan_gladen", len(pairs), rogan_gladen(count, total, *table, level)
