"""Mentions as the tests of parties, clusters and resolve write them, and what they are resolved to."""

from entente import resolve
from entente.records import Mention


def mention(document, *partners, number=1, **changes):
    """Return a mention in *document* of an alliance of *partners*."""
    values = {
        "venture_name": None,
        "form": "unspecified",
        "functions": [],
        "value_chain": "unclear",
        "stakes": [],
        "status": "signed",
        "date": "2001-04-24",
        "term_years": None,
        "confidence": 0.5,
        "language": "en",
    } | changes
    equity = {"joint_venture": "equity", "minority_equity": "equity", "contractual": "contractual"}
    return Mention(
        id=f"{document}@{number}",
        document=document,
        partners=[{"name": name, "start": None, "end": None} for name in partners],
        evidence=[],
        equity_status=equity.get(values["form"], "unknown"),
        **values,
    )


def resolved(*mentions, dates=None):
    """Return the alliances and organisations of *mentions*; a document is of the corpus that opens its id.

    *dates* are the dates of documents; without, a document has that of its first mention.
    """
    documents = {}
    for m in mentions:
        documents.setdefault(
            m.document, (m.document.partition("/")[0], (dates or {}).get(m.document, m.date))
        )
    alliances, organisations = resolve.resolve(mentions, documents, {"c": 0, "d": 1})
    return list(alliances), organisations


def together(*mentions, **options):
    """Return which mentions report one alliance, as a set of sets of documents."""
    return {frozenset(id_.partition("@")[0] for id_ in a.mentions) for a in resolved(*mentions, **options)[0]}


def names(*mentions):
    """Return the names of each organisation, as a set of sets."""
    return {frozenset(n for found in o.names.values() for n in found) for o in resolved(*mentions)[1]}
