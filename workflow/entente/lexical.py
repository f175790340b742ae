"""Find reports of alliances by the lexicon alone, without the encoder.

For each passage with a cue: which of its organisations are partners, does it report an alliance (logistic regressions
over what the lexicon says, ``features.py``); then passages about one alliance are gathered.
"""

from entente import decisions
from entente.reports import Report

# Tuned on the training documents by cross-validation: what is dropped here is not seen again.
PASSAGE_THRESHOLD = 0.2
PARTNER_THRESHOLD = 0.35
FURTHER_THRESHOLD = 0.5
LOOK_BACK = 20  # reports of the same document that a new passage may continue


def reports(parsed):
    """Return the Reports of a parsed document, in order of their first passage."""
    found = []
    for passage in parsed.passages:
        scored = score(passage)
        likely = decisions.probability("passage", passage.features)
        if likely >= PASSAGE_THRESHOLD:
            partners = chosen(scored)
            entities, certainties = [c.entity for _, c in partners], [p for p, _ in partners]
            attach(found, Report([passage], entities, certainties, venture(scored, entities), likely))
    return [report for report in found if report.partners]


def confidence(report, language):
    """Return the probability that a Report made here is of an alliance between these partners."""
    decision = "mention" if decisions.seen(language) else "mention:unseen"
    return decisions.probability(decision, report.features())


def score(passage):
    """Return (probability of being a partner, candidate) of a passage's candidates; the passage learns the two highest."""
    scored = [(decisions.probability("partner", c.features), c) for c in passage.candidates]
    passage.features = {f for f in passage.features if not f.startswith(("best=", "second="))}
    passage.features |= second_best(scored)
    return scored


def second_best(scored):
    """Return the features that say how sure the two likeliest partners of a passage are."""
    ranked = [*sorted((p for p, _ in scored), reverse=True), 0, 0]
    return {f"{rank}={int(ranked[i] * 5)}" for i, rank in enumerate(("best", "second"))}


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
