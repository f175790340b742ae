"""Fit the logistic regressions of ``decisions.py``, from documents with gold. Deterministic: no random draws."""

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from entente import decisions, extract, lexical, matching, passages
from entente.codebook import codes
from entente.gold import overlaps
from entente.names import same

# Inverse strength of the regularisation, by decision: chosen by five-fold cross-validation on the training documents.
STRENGTH = {"mention": 0.05, "venture": 0.1, "link": 0.1}
USUAL_STRENGTH = 0.3
FOLDS = 5
SMALLEST = 0.03  # weights nearer to zero are left out of the file


class Samples:
    """Feature sets with their labels, by decision."""

    def __init__(self):
        self.features, self.labels = {}, {}

    def add(self, decision, features, label):
        """Add one case of a *decision*."""
        self.features.setdefault(decision, []).append(set(features))
        self.labels.setdefault(decision, []).append(bool(label))

    def fitted(self):
        """Return {decision: {feature: weight}}."""
        return {
            d: fit_one(self.features[d], self.labels[d], STRENGTH.get(d, USUAL_STRENGTH))
            for d in self.features
        }


def fit_one(features, labels, strength):
    """Return the weights of one logistic regression, ``bias`` among them, rounded to 3 decimals."""
    if len(set(labels)) < 2:
        return {"bias": 5.0 if labels[0] else -5.0}
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(sorted(f), 1.0) for f in features])
    model = LogisticRegression(C=strength, max_iter=5000).fit(matrix, labels)
    named = zip(vectorizer.feature_names_, model.coef_[0], strict=True)
    weights = {name: round(float(w), 3) for name, w in named if abs(w) >= SMALLEST}
    return {"bias": round(float(model.intercept_[0]), 3)} | dict(sorted(weights.items()))


def passage_samples(samples, parsed, gold):
    """Add a document's cases of partner, venture and passage; the first two only from passages that report an alliance."""
    for passage in parsed.passages:
        reported = [
            a for a in gold.alliances if overlaps(parsed.text, passage.start, passage.end, a.evidence)
        ]
        if reported:
            partners = [name for a in reported for name in a.partners]
            ventures = [a.venture_name for a in reported if a.venture_name]
            for candidate in passage.candidates:
                named = [n.text for n in candidate.entity.names]
                is_partner = any(same(p, n) for p in partners for n in named)
                samples.add("partner", candidate.features, is_partner)
                if not is_partner:
                    samples.add(
                        "venture", candidate.features, any(same(v, n) for v in ventures for n in named)
                    )
        samples.add("passage", passage.features, reported)


def code_samples(samples, document, parsed, gold):
    """Add a document's cases of the codes, from reports that match a gold alliance, and of ``mention`` from all."""
    found = lexical.reports(parsed)
    matched = matches(found, gold)
    for i, report in enumerate(found):
        samples.add("mention", report.features(), i in matched)
        if i not in matched:
            continue
        alliance = gold.alliances[matched[i]]
        features = extract.code_features(parsed, report, document["title"] or "")
        for attribute in ("form", "status", "value_chain"):
            for code in codes(attribute):
                samples.add(f"{attribute}:{code}", features, getattr(alliance, attribute) == code)
        for code in codes("function"):
            samples.add(f"function:{code}", features, code in alliance.functions)


def member_samples(samples, found, gold):
    """Add the cases of ``member``: the partners of those of the encoder's Reports *found* that match a gold alliance."""
    for number, alliance in matches(found, gold).items():
        for entity, features in zip(found[number].partners, found[number].standing, strict=True):
            is_partner = any(same(entity.name, name) for name in gold.alliances[alliance].partners)
            samples.add("member", features, is_partner)


def link_samples(samples, found, gold):
    """Add the cases of ``link``: whether each of the encoder's Reports *found* matches a gold alliance."""
    matched = matches(found, gold)
    for number, report in enumerate(found):
        samples.add("link", report.features(), number in matched)


def matches(reports, gold):
    """Return which of some Reports match which alliance of the gold, as {number: number}."""
    coded = [
        matching.Coded([e.name for e in r.partners], r.venture and r.venture.name, "", "", [], [])
        for r in reports
    ]
    return dict(matching.match(coded, [matching.Coded.of(a) for a in gold.alliances]))


def fit(cases):
    """Return the weights of all decisions.

    The decisions that build on others (codes, confidence) are fitted on what those others
    make of documents that they were not fitted on, fold by fold.

    Parameters
    ----------
    cases : list of (document, Gold)
        Documents as dicts with ``id``, ``title``, ``text``, ``language``.
    """
    parse = [passages.parse(d["text"], d["title"] or "", d["language"]) for d, _ in cases]
    languages = [d["language"] for d, _ in cases]

    def fitted_on(indices):
        decisions.use(first_decisions([(parse[i], cases[i][1]) for i in indices]))

    later = Samples()
    for train, held_out in GroupKFold(FOLDS).split(cases, groups=[d["id"] for d, _ in cases]):
        fitted_on(train)
        for i in held_out:
            code_samples(later, cases[i][0], parse[i], cases[i][1])
    # How sure one can be in a language without training documents is learned from languages left out in turn.
    unseen = Samples()
    for language in sorted(set(languages)):
        fitted_on([i for i, known in enumerate(languages) if known != language])
        for i in (i for i, known in enumerate(languages) if known == language):
            code_samples(unseen, cases[i][0], parse[i], cases[i][1])
    weights = first_decisions([(p, g) for p, (_, g) in zip(parse, cases, strict=True)]) | later.fitted()
    weights["mention:unseen"] = fit_one(
        unseen.features["mention"], unseen.labels["mention"], STRENGTH["mention"]
    )
    return {"languages": dict.fromkeys(sorted(set(languages)), 1)} | weights


def first_decisions(cases):
    """Return the weights of partner and venture, then of passage, which looks at the partners."""
    samples = Samples()
    for parsed, gold in cases:
        passage_samples(samples, parsed, gold)
    fitted = samples.fitted()
    decisions.use(fitted)
    samples = Samples()
    for parsed, gold in cases:
        for passage in parsed.passages:
            lexical.score(passage)
        passage_samples(samples, parsed, gold)
    return fitted | {
        "passage": fit_one(samples.features["passage"], samples.labels["passage"], USUAL_STRENGTH)
    }
