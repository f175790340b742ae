"""Read a contract: whether it is an alliance by the codebook, between whom, and how it is coded.

A contract says in set words what it is: a heading names its kind, a preamble its parties, recitals its purpose.
"""

import math
import re
from dataclasses import dataclass
from functools import cached_property

from entente import dates, lexicon, numerals
from entente.codebook import codes, equity_status
from entente.contract_formulas import languages, load
from entente.contract_opening import heading, is_heading, preamble
from entente.figures_in_text import percentages
from entente.records import Mention, Partner, Span, Stake

PURPOSE = 3_500  # characters after the preamble in which a contract says what it is for
NEAR = 200  # characters around a preamble in which its date stands
# Logistic regression on 119 contracts of CUAD (Hendrycks et al. 2021) whose kind was read by hand.
WEIGHTS = {
    "bias": -1.29,
    "usually": 2.03,
    "often": 0.16,
    "seldom": -2.07,
    "for": 1.32,
    "against": -0.29,
    "two": 1.29,
}
THRESHOLD = 0.5
SOME = 4  # different phrases on the purpose: more say no more
BESIDE = 150  # characters after a word for the term in which its years stand


def covers(language):
    """Tell whether the parties of contracts in *language* can be read.

    >>> covers("en"), covers("und")
    (True, False)
    """
    return language in languages() and language in lexicon.languages() and bool(load(language).openers)


@dataclass
class Contract:
    """A contract, and what its opening says."""

    text: str
    language: str
    heading: str
    start: int
    end: int
    parties: list

    @classmethod
    def of(cls, document):
        """Return the Contract that a document is."""
        text, language = document.text, document.language
        found = heading(text, language)[0]
        return cls(text, language, f"{document.title} {found}".strip(), *preamble(text, language))

    @cached_property
    def known(self):
        """The Formulas of its language."""
        return load(self.language)

    @cached_property
    def organisations(self):
        """The parties that are no natural persons."""
        return [party for party in self.parties if party.organisation]

    @cached_property
    def kinds(self):
        """The kinds that the heading names, in its order."""
        hits = self.known.find("kinds", self.heading)
        return {hit.code: self.known.kinds[hit.code] for hit in hits}

    @cached_property
    def opening(self):
        """The text from the preamble to what it says of its purpose."""
        return self.text[self.start : self.end + PURPOSE]

    def features(self):
        """Return {feature: value in [0, 1]} from which `probability` is worked out."""
        levels = {kind.alliance for kind in self.kinds.values()}
        features = {level: float(level in levels) for level in ("usually", "often", "seldom")}
        hits = self.known.find("purposes", self.opening)
        for side in ("for", "against"):
            features[side] = min(SOME, len({hit.phrase for hit in hits if hit.code == side})) / SOME
        return features | {"two": float(len(self.organisations) > 1)}

    def probability(self):
        """Return the probability that the contract is an alliance."""
        score = WEIGHTS["bias"] + sum(WEIGHTS[name] * value for name, value in self.features().items())
        return 1 / (1 + math.exp(-score))

    def form(self):
        """Return the codebook's form: the heading's, or a stake that is bought together with the cooperation."""
        if any(kind.form == "joint_venture" for kind in self.kinds.values()):
            return "joint_venture"
        return "minority_equity" if self.known.find("equity", self.text) else "contractual"

    def functions(self):
        """Return what contracts of these kinds are for, in the codebook's order."""
        named = {function for kind in self.kinds.values() for function in kind.functions}
        return [function for function in codes("function") if function in named]

    def value_chain(self):
        """Return the value chain if all kinds that tell it agree."""
        told = {kind.value_chain for kind in self.kinds.values()} - {"unclear"}
        return told.pop() if len(told) == 1 else "unclear"

    def status(self):
        """Return the status: the heading's (an amendment, a termination), else ``signed``."""
        return next((hit.code for hit in self.known.find("statuses", self.heading)), "signed")

    def date(self):
        """Return when the contract was made: the first complete date in its preamble, or around it; or None."""
        for start, end in ((self.start - NEAR, self.end + NEAR), (0, self.end)):
            text = re.sub(f"(?i:{self.known.pattern('dates')})", " ", self.text[max(0, start) : end])
            text = re.sub(r"\s*,\s*(?=\d{4})", ", ", re.sub(r"[\s\-]+", " ", text))
            complete = (date.iso for date in dates.dates(text, self.language) if len(date.iso) == 10)
            if date := next(complete, None):
                return date
        return None

    def term(self):
        """Return for how many years the contract is made, if it says so, else None."""
        text = re.sub(r"[()（）\n]", " ", self.text)
        known = lexicon.load(self.language)
        for phrase in self.known.term:
            for hit in re.finditer(f"(?i:{lexicon.compiled(phrase, self.known.script)})", text):
                if years := duration(text, hit.start(), hit.end() + BESIDE, known):
                    return years
        return None

    def stakes(self):
        """Return the Stakes in a joint venture, if those that the text states add up to the whole."""
        found = {}
        for clause in re.finditer(r"[^.;；。]+(?:\.\d[^.;；。]*)*", self.text):
            if not self.known.find("holding", self.text, *clause.span()):
                continue
            shares = percentages(self.text, *clause.span(), lexicon.load(self.language))
            for start, _, percent in shares:
                holder = self.holder(clause.start(), start)
                if holder and percent < 100:
                    found.setdefault(holder.name, percent)
            if found and abs(sum(found.values()) - 100) < 0.5:
                return [Stake(holder=name, target="venture", percent=share) for name, share in found.items()]
            found = found if len(found) < len(self.organisations) else {}
        return []

    def holder(self, start, end):
        """Return the party that is named last in a stretch of the text, or None."""
        stretch = self.text[start:end]
        last = {
            party: max(stretch.rfind(name) for name in (party.name, party.alias or party.name))
            for party in self.organisations
        }
        holder = max(last, key=last.get, default=None)
        return holder if holder and last[holder] >= 0 else None

    def evidence(self):
        """Return the Span of the preamble: from its first line to its last party."""
        start = self.text.rfind("\n", 0, self.start) + 1
        for _ in range(5):
            above = self.text.rfind("\n", 0, max(0, start - 1)) + 1
            line = self.text[above : max(above, start - 1)]
            if not line or line[-1] in ".;:：。；" or is_heading(line, self.known):
                break
            start = above
        last = self.organisations[-1]
        start = min(start, self.organisations[0].start)
        bracket = (
            re.compile(r"[^()（）]{0,300}[(（][^()（）]*[)）]").match(self.text, last.end)
            if last.alias
            else None
        )
        return Span(start=start, end=bracket.end() if bracket else last.end)


def duration(text, start, end, known):
    """Return the first number of years in a stretch of *text*, months as parts of years, or None.

    >>> duration("for an initial term of five 5 years", 0, 35, lexicon.load("en"))
    5.0
    """
    numbers = numerals.numbers(text, start, min(end, len(text)), known)
    for hit in known.phrases("figures", ("term", "month")).find(text, start, min(end, len(text))):
        number = numerals.before(text, hit.start, numbers)
        if number and 0 < number[2] < 100:
            return round(number[2] / 12, 2) if hit.code == "month" else number[2]
    return None


def find(document):
    """Return the alliance that a contract is, as a list of one Mention, or an empty list.

    The document's language has to be one that `covers` knows. ``confidence`` is the probability that the contract is
    an alliance; below `THRESHOLD` nothing is returned, nor where no organisation is named.
    """
    contract = Contract.of(document)
    confidence = contract.probability()
    if not contract.organisations or confidence < THRESHOLD:
        return []
    form = contract.form()
    mention = Mention(
        id=f"{document.id}@1",
        document=document.id,
        partners=[Partner(name=p.name, start=p.start, end=p.end) for p in contract.organisations],
        venture_name=None,
        form=form,
        equity_status=equity_status(form),
        functions=contract.functions(),
        value_chain=contract.value_chain(),
        stakes=contract.stakes() if form == "joint_venture" else [],
        status=contract.status(),
        date=contract.date() or document.date,
        term_years=contract.term(),
        evidence=[contract.evidence()],
        confidence=round(confidence, 4),
        language=document.language,
    )
    return [mention]
