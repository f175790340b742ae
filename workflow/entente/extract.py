"""Extract the alliances and the claims that documents report.

For each passage with a cue: which of its organisations are partners, does it report an alliance; then passages
about one alliance are gathered, and its codes are decided from all of them.
"""

import re
from dataclasses import dataclass

from entente import claims, cli, dates, decisions, figures_in_text, lexicon, passages
from entente.codebook import codes, equity_status
from entente.features import of_report
from entente.records import Document, Mention, Partner, Span

# Where the F of alliances is highest, by cross-validation on the training documents; by theory, at half of that F.
MINIMUM_CONFIDENCE = 0.3

# Tuned on the training documents by cross-validation: what is dropped here is not seen again.
PASSAGE_THRESHOLD = 0.2
PARTNER_THRESHOLD = 0.35
FURTHER_THRESHOLD = 0.5
FUNCTION_THRESHOLD = 0.3
LOOK_BACK = 20  # reports of the same document that a new passage may continue

# A year by itself: no part of a longer number, no amount, no share.
_YEAR = re.compile(r"(?<![\d.,/$€£¥\-])(?:19|20)\d\d(?![\d%/\-]|[.,]\d)")


@dataclass
class Report:
    """What is gathered of one alliance within a document."""

    passages: list
    partners: list  # organisations.Entity
    certainties: list  # the partners' probabilities, in the same order
    venture: object
    probability: float

    def features(self):
        """Return the features from which the report's confidence is decided."""
        weakest = sorted(self.certainties, reverse=True)[:2][-1]
        features = {f"partners={min(len(self.partners), 5)}", f"passages={min(len(self.passages), 4)}"}
        features |= {f"probability>{step / 10}" for step in range(1, 10) if self.probability > step / 10}
        features |= {f"weakest>{step / 10}" for step in range(1, 10) if weakest > step / 10}
        return features | {"venture"} if self.venture else features


def reports(parsed):
    """Return the Reports of a parsed document, in order of their first passage."""
    found = []
    for passage in parsed.passages:
        scored = [(decisions.probability("partner", c.features), c) for c in passage.candidates]
        passage.features |= second_best(scored)
        probability = decisions.probability("passage", passage.features)
        if probability >= PASSAGE_THRESHOLD:
            partners = chosen(scored)
            entities, certainties = [c.entity for _, c in partners], [p for p, _ in partners]
            attach(found, Report([passage], entities, certainties, venture(scored, entities), probability))
    return [report for report in found if report.partners]


def chosen(scored):
    """Return those of the (probability, candidate) that are partners, in their order.

    An alliance has two partners as a rule, so the two likeliest need less than any further one.
    """
    ranked = sorted(range(len(scored)), key=lambda i: -scored[i][0])
    needed = {i: PARTNER_THRESHOLD if rank < 2 else FURTHER_THRESHOLD for rank, i in enumerate(ranked)}
    return [item for i, item in enumerate(scored) if item[0] >= needed[i]]


def venture(scored, partners):
    """Return the entity that names the joint entity, or None."""
    others = [c for _, c in scored if c.entity not in partners]
    likeliest = max(others, key=lambda c: decisions.probability("venture", c.features), default=None)
    if likeliest is None or decisions.probability("venture", likeliest.features) < 0.5:
        return None
    return likeliest.entity


def second_best(scored):
    """Return the features that say how sure the two likeliest partners of a passage are."""
    ranked = [*sorted((p for p, _ in scored), reverse=True), 0, 0]
    return {f"{rank}={int(ranked[i] * 5)}" for i, rank in enumerate(("best", "second"))}


def attach(found, new):
    """Let a report of one passage continue the latest report that it belongs to, or stand for itself.

    It belongs to another if all partners of the one are the other's too, or two of them.
    """
    for report in reversed(found[-LOOK_BACK:]):
        common = [e for e in new.partners if e in report.partners]
        if len(common) > 1 or len(common) == min(len(new.partners), len(report.partners)):
            report.passages += new.passages
            for entity, certainty in zip(new.partners, new.certainties, strict=True):
                if entity not in common:
                    report.partners.append(entity)
                    report.certainties.append(certainty)
            report.venture = report.venture or new.venture
            report.probability = max(report.probability, new.probability)
            return
    found.append(new)


def code_features(parsed, report, title):
    """Return the features from which a report's codes are decided."""
    surest = max(report.passages, key=lambda p: decisions.probability("passage", p.features))
    return of_report(parsed, report, title, surest, figures_in_text.stakes(parsed, report))


def supported_forms(features):
    """Return the forms that the phrases found speak for; ``unspecified`` is always one of them."""
    sections = ("cues",) if any(f.startswith("cues:") for f in features) else ("hints",)
    stakes = "stakes=0" not in features
    return [
        form
        for form in codes("form")
        if form == "unspecified"
        or any(f"{section}:{form}" in features for section in sections)
        or (stakes and equity_status(form) == "equity")
    ]


def mention(document, parsed, report, number):
    """Return the Mention that a report amounts to."""
    features = code_features(parsed, report, document.title)
    form = decisions.best("form", supported_forms(features), features)
    status = decisions.best("status", codes("status"), features)
    stakes = figures_in_text.stakes(parsed, report, form)
    functions = [
        f for f in codes("function") if decisions.probability(f"function:{f}", features) >= FUNCTION_THRESHOLD
    ]
    return Mention(
        id=f"{document.id}@{number}",
        document=document.id,
        partners=[partner(entity) for entity in report.partners],
        venture_name=report.venture.name if report.venture and form == "joint_venture" else None,
        form=form,
        equity_status=equity_status(form),
        functions=functions,
        value_chain=decisions.best("value_chain", codes("value_chain"), features),
        stakes=stakes,
        status=status,
        date=announced(document, report, status),
        term_years=figures_in_text.term(parsed, report),
        evidence=[Span(start=p.start, end=p.end) for p in report.passages],
        confidence=round(confidence(report, document.language), 4),
        language=document.language,
    )


def announced(document, report, status):
    """Return when an alliance was announced: the document's date, or of an older one the earliest that its passages give."""
    if document.date and status != "in_force":
        return document.date
    passages_text = "\n".join(document.text[p.start : p.end] for p in report.passages)
    found = [date.iso for date in dates.find(passages_text, document.language)] + _YEAR.findall(passages_text)
    return min((d for d in found if d < (document.date or "9")), default=document.date)


def confidence(report, language):
    """Return the probability that a report is of an alliance between these partners."""
    decision = "mention" if decisions.seen(language) else "mention:unseen"
    return decisions.probability(decision, report.features())


def partner(entity):
    """Return an entity as a Partner: its fullest name, where that stands."""
    name = max(entity.names, key=lambda n: (len(n.text), -n.start))
    return Partner(name=name.text, start=name.start, end=name.end)


def extract(document):
    """Return what a document reports: the list of its Mentions, and the list of its Claims.

    A document in a language without a lexicon yields nothing: it is reported as not covered.
    """
    if document.language not in lexicon.languages():
        return [], []
    parsed = passages.parse(document.text, document.title, document.language)
    found = [mention(document, parsed, report, n) for n, report in enumerate(reports(parsed), 1)]
    return found, claims.find(document)


def add_arguments(parser):
    """Add what extraction takes."""
    parser.add_argument("documents", help="documents, JSON Lines")
    parser.add_argument("--mentions", required=True, help="output, JSON Lines")
    parser.add_argument("--claims", required=True, help="output, JSON Lines")


def run(documents, mentions, claims):
    """Write the mentions and the claims of all documents, document by document."""
    with cli.replacing(mentions) as mention_file, cli.replacing(claims) as claim_file:
        for document in cli.read(documents, Document):
            for file, records in zip((mention_file, claim_file), extract(document), strict=True):
                file.writelines(record.model_dump_json() + "\n" for record in records)


if __name__ == "__main__":
    cli.main(__doc__, add_arguments, run)
