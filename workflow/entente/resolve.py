"""Resolve mentions to alliances, and names to organisations, over all corpora.

Corpora are taken in the order in which they were retrieved. What the earlier ones have shown stays: a later
corpus adds to alliances and organisations, and neither joins nor parts those that are there. So identifiers
stay too.
"""

import hashlib
import math
from collections import Counter, defaultdict
from itertools import groupby
from pathlib import Path

from entente import cli
from entente.clusters import NEWS, Clusters, Report, scripts
from entente.codebook import codes, equity_status
from entente.corpora import load
from entente.duplicates import Key, find
from entente.names import normal, same
from entente.parties import Names, key
from entente.records import Alliance, Document, Mention, Organisation
from entente.tables import Interim
from entente.well_known import canonical


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
    return code if votes[code] else open_code


def precise(dates):
    """Return the earliest of *dates*, in the most precise form that they have it; None of none.

    >>> precise(["2001-05-02", "2001-04", "2001-04-24", "2003"]), precise(["1999", "1998-12"])
    ('2001-04-24', '1998-12')
    """
    earliest = min(dates, default=None)
    while earliest and (longer := [d for d in dates if d.startswith(earliest + "-")]):
        earliest = min(longer)
    return earliest


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


def alliance(cluster, names):
    """Return the `Alliance` that *cluster* reports. *names* is {organisation: Organisation}."""
    reports = sorted(cluster.reports, key=lambda report: report.place)
    best = max(reports, key=lambda report: report.confidence)
    form = vote(reports, "form", "unspecified")
    partners = sorted((names[o].name, names[o].id) for o in cluster.organisations)
    date = announcement(reports)
    ventures = [report for report in reports if report.venture_name]
    terms = [report for report in reports if report.term_years]
    latest = max(reports, key=lambda report: (report.seen(), codes("status").index(report.status)))
    return Alliance(
        id=cluster.id,
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
    names, clusters = Names(), Clusters()
    for _, same_corpus in groupby(reports, lambda report: report.place[0]):
        of_corpus = list(same_corpus)
        names.learn(of_corpus)
        names.tell(of_corpus)
        clusters.add(of_corpus)
    met = defaultdict(list)
    for report in reports:
        for organisation_key, name in zip(report.organisations, report.names, strict=True):
            met[organisation_key].append((report.language, name))
    organisations = {own: organisation(own, met[own]) for own in met}
    by_id = sorted(clusters.clusters, key=lambda cluster: cluster.id)
    alliances = (alliance(cluster, organisations) for cluster in by_id)
    return alliances, sorted(organisations.values(), key=lambda organisation: organisation.id)


def repeats(keys):
    """Return the duplicates among documents: of two, the copy is the one in the corpus retrieved later.

    *keys* are (rank of the corpus, Key). ``find`` takes the first id for the original, so ids get their rank.
    """
    ranked = (key._replace(document=f"{rank:06} {key.document}") for rank, key in keys)
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
    reporting = {mention.document for _, mention in source.records("mentions", Mention)}
    documents = {}

    def keys():
        for corpus, document in source.records("documents", Document):
            if document.id in reporting:  # of the others nothing more is needed
                documents[document.id] = corpus, document.date
            yield ranks[corpus], Key(document.id, document.sha256, document.signature)

    copies = repeats(keys())
    for copy in copies:
        documents.pop(copy.document, None)
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
