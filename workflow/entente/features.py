"""Features: what speaks for and against a candidate being a partner, and a passage reporting an alliance.

Their names are the same in every language: the lexicon says what a phrase of a language means, so that one small
model (``decisions.py``) serves them all.
"""

import re
from collections import Counter
from dataclasses import dataclass

from entente import lexicon
from entente.codebook import codes

DATA = ("lexicon",)

NEAR = {"words": 30, "stems": 30, "characters": 12}  # characters between a name and a word that relates to it
DISTANCES = (5, 15, 40, 80, 160)  # characters between a name and a cue, upper bounds
ACQUIRED = 25  # characters between a name and a word for a takeover
TITLE = 1000  # characters of a title in which names are looked for: each name takes time with its length


@dataclass(frozen=True)
class Setting:
    """What the document's title says: the numbers of the entities in it, and features of its phrases."""

    titled: frozenset
    features: frozenset

    @classmethod
    def of(cls, title, parsed):
        """Return the Setting of a document."""
        known, folded = lexicon.load(parsed.language), title[:TITLE].casefold()
        titled = (
            i for i, e in enumerate(parsed.entities) if any(n.text.casefold() in folded for n in e.names)
        )
        cues = {f"title:{hit.code}" for hit in known.phrases("cues").find(title)}
        contrary = {f"title:contrary:{hit.code}" for hit in known.phrases("contrary").find(title)}
        return cls(frozenset(titled), frozenset(cues | contrary))


def describe(setting, parsed, passage):
    """Give a passage and its candidates their features."""
    inside = [candidate for candidate in passage.candidates if candidate.name]
    for order, candidate in enumerate(inside):
        found = {"inside"} | around(parsed, passage, inside, order) | of_cue(passage, inside, order)
        candidate.features = adapted(found | of_entity(setting, candidate), parsed.language)
    for candidate in passage.candidates[len(inside) :]:
        found = {f"outside:{f}" for f in of_entity(setting, candidate)}
        found |= of_context(parsed, passage, candidate, len(inside))
        candidate.features = adapted(found, parsed.language)
    passage.features = adapted(setting.features | of_passage(parsed, passage, len(inside)), parsed.language)


def adapted(features, language):
    """Return *features* and a copy of each for its language alone: shared weights, and what a language adds to them.

    References
    ----------
    Daume III (2007). Frustratingly easy domain adaptation. ACL.
    """
    return features | {f"{language}&{feature}" for feature in features}


def of_entity(setting, candidate):
    """Return what the document as a whole says of an organisation."""
    entity, i = candidate.entity, candidate.number
    traits = entity.traits
    features = {f"trait:{trait}" for trait in traits} | {f"count={min(len(entity.names), 4)}"}
    flags = {
        "first_in_document": i == 0,
        "in_title": i in setting.titled,
        "early": entity.names[0].start < 200,
        "company": "legal_form" in traits and "common" not in traits,
        "bare_once": not traits & {"legal_form", "head", "ticker", "bracketed"} and len(entity.names) == 1,
    }
    return features | {flag for flag, holds in flags.items() if holds}


def of_context(parsed, passage, candidate, inside):
    """Return what speaks for a pronoun of the passage meaning an organisation named before it."""
    features = {"outside", f"outside:inside={min(inside, 3)}"}
    if any(hit.code == "self" for hit in passage.hits["relations"]):
        features.add("outside:self")
    if passage.index:
        previous, _ = parsed.sentences[passage.index - 1]
        near = candidate.entity.within(0, passage.start)[-1].start
        if near >= previous:
            features.add("outside:previous_sentence")
        if near == previous:
            features.add("outside:opens_previous_sentence")
    return features


def around(parsed, passage, inside, order):
    """Return what stands around a candidate's name, as far as its neighbours."""
    text, name = parsed.text, inside[order].name
    near = NEAR[lexicon.load(parsed.language).script]
    left = inside[order - 1].name.end if order else passage.start
    right = inside[order + 1].name.start if order + 1 < len(inside) else passage.end
    features = {f"here:{trait}" for trait in name.traits}
    features |= {f"order={min(order, 4)}", f"inside={min(len(inside), 5)}"}
    features.add(f"order={min(order, 2)}:of={min(len(inside), 4)}")
    before = [h for h in passage.hits["relations"] if left <= h.start and h.end <= name.start <= h.end + near]
    after = [
        h for h in passage.hits["relations"] if h.end <= right and name.end <= h.start <= name.end + near
    ]
    features |= {f"after:{h.code}" for h in before}
    features |= {f"just_after:{h.code}" for h in before if name.start - h.end <= 2}
    features |= {f"before:{h.code}" for h in after}
    features |= {f"just_before:{h.code}" for h in after if h.start - name.end <= 4}
    if order and re.fullmatch(r"\W{1,3}", text[left : name.start]):
        features.add("listed")
    if order + 1 < len(inside):
        if re.fullmatch(r"\W{1,3}", text[name.end : right]):
            features.add("listing")
        # "Alpha AG unit Beta GmbH", and "Alpha's Beta unit": the unit is the party, not its owner.
        if right - name.end <= near and any(h.code == "unit" for h in after):
            features.add("owner_of_next")
        end = inside[order + 1].name.end
        units = (h.start for h in passage.hits["relations"] if h.code == "unit")
        if (
            "possessive" in name.traits
            and right - name.end <= near
            and any(end <= u <= end + 4 for u in units)
        ):
            features.add("owner_of_unit")
    if order and name.start - left <= near and any(h.code == "unit" for h in before):
        features.add("unit_of_previous")
    takeovers = [h for h in passage.hits["contrary"] if h.code == "acquisition"]
    if any(name.end <= h.start <= name.end + ACQUIRED for h in takeovers):
        features.add("before:acquisition")
    if any(name.start - ACQUIRED <= h.end <= name.start for h in takeovers):
        features.add("after:acquisition")
    return features


def of_cue(passage, inside, order):
    """Return where the cue nearest to a candidate's name stands, which form it means, and how many names are between."""
    name = inside[order].name
    if not passage.hits["cues"]:
        return {"no_cue"}
    cue = min(passage.hits["cues"], key=lambda c: min(abs(c.start - name.end), abs(name.start - c.end)))
    if name.start >= cue.end:
        side, left, right = "cue_left", cue.end, name.start
    elif name.end <= cue.start:
        side, left, right = "cue_right", name.end, cue.start
    else:
        side, left, right = "cue_over", name.start, name.start
    bucket = next((bound for bound in DISTANCES if right - left <= bound), "far")
    between = sum(left <= other.name.start < right for other in inside)
    return {side, f"{side}:{bucket}", f"{side}:{cue.code}", f"between={min(between, 3)}:{side}"}


def of_passage(parsed, passage, inside):
    """Return what speaks for and against an alliance in a passage."""
    hits = passage.hits
    features = {f"sentence={min(passage.index, 5)}", f"named={min(inside, 4)}"}
    for section in ("cues", "hints"):
        found = Counter(hit.code for hit in hits[section])
        features |= {f"{section}:{code}" for code in found}
        features |= {f"{section}:{code}:2" for code, n in found.items() if n > 1}
        features |= {f"{parsed.language}:{hit.phrase}" for hit in hits[section]}
    figures = Counter(hit.code for hit in hits["figures"])
    features |= {f"figure:{code}={min(n, 3)}" for code, n in figures.items()}
    contrary = {hit.code for hit in hits["contrary"]}
    features |= {f"contrary:{code}" for code in contrary} | {f"status:{hit.code}" for hit in hits["statuses"]}
    forms = [form for form in codes("form") if f"cues:{form}" in features]
    features |= {f"cues:{form}&contrary:{code}" for form in forms for code in contrary}
    return features if hits["cues"] else features | {"hint_only"}


def of_report(parsed, report, title, surest, stakes):
    """Return the features from which the codes of what is gathered of one alliance are decided.

    *surest* is the passage that most likely reports it, *stakes* are those that the passages state.
    """
    known = lexicon.load(parsed.language)
    features = set()
    for section in ("cues", "hints", "statuses", "functions", "contrary"):
        for passage in report.passages:
            hits = passage.hits.get(section)
            if hits is None:
                hits = known.phrases(section).find(parsed.text, passage.start, passage.end)
            for hit in hits:
                features |= {f"{section}:{hit.code}", f"{parsed.language}:{section}:{hit.phrase}"}
        features |= {f"title:{section}:{hit.code}" for hit in known.phrases(section).find(title)}
    explicit = {hit.code for hit in surest.hits["cues"]}
    features |= {f"best:{code}" for code in explicit}
    features |= {f"best:hint:{hit.code}" for hit in surest.hits["hints"]}
    features.add(f"explicit={next((code for code in codes('form') if code in explicit), None)}")
    first = report.passages[0]
    features |= {f"first:{hit.code}" for hit in first.hits["statuses"]}
    features |= {f"sentence={min(first.index, 3)}", f"partners={min(len(report.partners), 3)}"}
    features.add(f"stakes={min(len(stakes), 3)}")
    features |= {"stake_in_venture" for stake in stakes if stake.target == "venture"}
    if report.venture:
        features.add("venture_named")
    return adapted(features, parsed.language)
