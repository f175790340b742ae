"""Extract the alliances and the claims that documents report.

The encoder says which organisations of a document are allied (``linking.py``), or the lexicon alone does
(``lexical.py``); what is coded of each alliance is decided here, from what both say.
"""

import contextlib
import math
import re

from entente import (
    cache,
    claims,
    cli,
    contracts,
    dates,
    decisions,
    encoder,
    figures_in_text,
    lexical,
    lexicon,
    linking,
    passages,
)
from entente.codebook import codes, equity_status
from entente.features import of_report
from entente.records import Document, Mention, Partner, Span

# Where the F of alliances is highest, by cross-validation on the training documents; by theory, at half of that F.
MINIMUM_CONFIDENCE = 0.3
FUNCTION_ODDS = math.log(0.25 / 0.75)  # log odds from which on a function is coded
# How much the lexicon's log odds of a code count beside the encoder's; tuned on documents that neither was fitted on.
LEXICON_WEIGHT = 0.3

# A year by itself: no part of a longer number, no amount, no share.
_YEAR = re.compile(r"(?<![\d.,/$€£¥\-])(?:19|20)\d\d(?![\d%/\-]|[.,]\d)")


def code_features(parsed, report, title):
    """Return the features from which a report's codes are decided."""
    surest = max(report.passages, key=lambda p: decisions.probability("passage", p.features))
    return of_report(parsed, report, title, surest, figures_in_text.stakes(parsed, report))


def supported_forms(report, features):
    """Return the forms that may be coded: all if the encoder read the text, else those that the phrases speak for."""
    if report.codes:
        return codes("form")
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
    form = best(report, "form", supported_forms(report, features), features)
    status = best(report, "status", codes("status"), features)
    stakes = figures_in_text.stakes(parsed, report, form)
    return Mention(
        id=f"{document.id}@{number}",
        document=document.id,
        partners=[partner(entity) for entity in report.partners],
        venture_name=report.venture.name if report.venture and form == "joint_venture" else None,
        form=form,
        equity_status=equity_status(form),
        functions=[f for f in codes("function") if odds(report, "function", f, features) >= FUNCTION_ODDS],
        value_chain=best(report, "value_chain", codes("value_chain"), features),
        stakes=stakes,
        status=status,
        date=announced(document, report, status),
        term_years=figures_in_text.term(parsed, report),
        evidence=[Span(start=p.start, end=p.end) for p in report.passages],
        confidence=round(confidence(report, document.language), 2),
        language=document.language,
    )


def odds(report, attribute, code, features):
    """Return the log odds of a *code*: the lexicon's, or the weighted mean of the encoder's and the lexicon's."""
    probability = decisions.probability(f"{attribute}:{code}", features)
    by_lexicon = math.log(max(probability, 1e-6) / max(1 - probability, 1e-6))
    read = report.codes.get(attribute, {}).get(code)
    if read is None:  # no encoder, or a code that it was not fitted to
        return by_lexicon
    return (1 - LEXICON_WEIGHT) * read + LEXICON_WEIGHT * by_lexicon


def best(report, attribute, options, features):
    """Return the likeliest of the codes *options*; of equals, the first."""
    return max(options, key=lambda code: odds(report, attribute, code, features))


def announced(document, report, status):
    """Return when an alliance was announced: the document's date, or of an older one the earliest that its passages give."""
    if document.date and status != "in_force":
        return document.date
    passages_text = "\n".join(document.text[p.start : p.end] for p in report.passages)
    found = [date.iso for date in dates.find(passages_text, document.language)] + _YEAR.findall(passages_text)
    return min((d for d in found if d < (document.date or "9")), default=document.date)


def confidence(report, language):
    """Return the probability that a report is of an alliance between these partners."""
    if report.codes:
        return decisions.probability("link", report.features())
    return lexical.confidence(report, language)


def partner(entity):
    """Return an entity as a Partner: its fullest name, where that stands."""
    name = entity.fullest
    return Partner(name=name.text, start=name.start, end=name.end)


def extract(document, lexicon_only=False):
    """Return what a document reports: the list of its Mentions, and the list of its Claims.

    A document in a language without a lexicon yields nothing: it is reported as not covered.

    Parameters
    ----------
    lexicon_only : bool
        Decide without the encoder.
    """
    if document.language not in lexicon.languages():
        return [], []
    if document.genre == "contract" and contracts.covers(document.language):
        return contracts.find(document), claims.find(document)
    parsed, found = reports(document.text, document.title, document.language, lexicon_only)
    alliances = [mention(document, parsed, report, number) for number, report in enumerate(found, 1)]
    return alliances, claims.find(document)


def reports(text, title, language, lexicon_only=False):
    """Return a text Parsed and the Reports of it, in order; None and no report of what is not worth reading."""
    if lexicon_only:
        parsed = passages.parse(text, title, language)
        return parsed, lexical.reports(parsed)
    read = encoder.read(text, title, language)
    return (read[0], linking.reports(*read)) if read else (None, [])


def add_arguments(parser):
    """Add what extraction takes."""
    parser.add_argument("documents", help="documents, JSON Lines")
    parser.add_argument("--mentions", required=True, help="output, JSON Lines")
    parser.add_argument("--claims", required=True, help="output, JSON Lines")
    parser.add_argument(
        "--known", help="file of what was found before, which is taken from it, and kept in it [none]"
    )


def run(documents, mentions, claims, known=None):
    """Write the mentions and the claims of all documents, document by document."""
    before = cache.load(known)
    with contextlib.ExitStack() as files:
        written = [files.enter_context(cli.replacing(path)) for path in (mentions, claims)]
        kept = files.enter_context(cli.replacing(known)) if known else None
        for document in cli.read(documents, Document):
            key = cache.key(document) if known else None
            found = before.get(key) or [
                [r.model_dump_json() for r in records] for records in extract(document)
            ]
            for file, lines in zip(written, found, strict=True):
                file.writelines(line + "\n" for line in lines)
            if known:
                kept.write(cache.dump(key, found))


if __name__ == "__main__":
    cli.main(__doc__, add_arguments, run)
