"""What is gathered of one alliance within a document, before it is coded."""

from dataclasses import dataclass, field

from entente import decisions


@dataclass
class Report:
    """The passages that report an alliance, and who is a partner in it.

    ``certainties`` are the partners' probabilities, in the same order; ``probability`` says how sure it is that there
    is an alliance. Of the encoder only: ``codes`` has its log odds of the codes, {attribute: {code: log odds}}, and
    ``standing`` the partners' features beside each other (``membership.py``).
    """

    passages: list
    partners: list  # organisations.Entity
    certainties: list
    venture: object
    probability: float
    weakest: float | None = None  # of the ties between two partners
    codes: dict = field(default_factory=dict)
    standing: list = field(default_factory=list)

    def features(self):
        """Return the features from which the report's confidence is decided."""
        weakest = self.weakest if self.codes else sorted(self.certainties, reverse=True)[:2][-1]
        features = {f"partners={min(len(self.partners), 5)}", f"passages={min(len(self.passages), 4)}"}
        features |= steps("probability", self.probability) | steps("weakest", weakest)
        if self.codes:
            features |= steps(
                "lexicon", max(decisions.probability("passage", p.features) for p in self.passages)
            )
        return features | {"venture"} if self.venture else features


def steps(name, value):
    """Return *value*, in [0, 1], as features: one for each tenth that it exceeds.

    >>> sorted(steps("p", 0.25))
    ['p>0.1', 'p>0.2']
    """
    return {f"{name}>{step / 10}" for step in range(1, 10) if value > step / 10}
