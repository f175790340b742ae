"""Tell the partners of an alliance from who is only tied to them: a partner's parent, a rival, a customer."""

import math

from entente import decisions
from entente.reports import steps

# Of the features and steps here, those that told held-out documents' partners from others best, by cross-validation.
NEEDED = 0.5  # probability of a member being a partner, below which it is left out
# Steps of how much weaker a member's ties are than those of all, and how much less sure it is a partner than the surest.
BEHIND = (0.01, 0.05, 0.1, 0.2, 0.3)
LESS_SURE = (0.05, 0.1, 0.2, 0.4)


def standing(members, ties, certainty, evident):
    """Return the features of each of the *members* of an alliance, beside the others: a list of sets, in their order.

    Parameters
    ----------
    members : list of int
        Numbers of entities.
    ties : dict
        The probability that i and j are allied, by (i, j), i <= j; 0 for those that it lacks.
    certainty : dict
        The probability that an entity is a partner in any alliance, by number.
    evident : set of int
        Numbers of the entities that the evidence names.
    """
    tied = {m: _mean(ties.get((min(m, o), max(m, o)), 0.0) for o in members if o != m) for m in members}
    usual, surest = _mean(tied.values()), max(certainty[m] for m in members)
    found = []
    for member in members:
        features = {f"partners={min(len(members), 5)}"} | steps("tie", tied[member])
        features |= {f"behind>{step}" for step in BEHIND if usual - tied[member] > step}
        features |= {f"less_sure>{step}" for step in LESS_SURE if surest - certainty[member] > step}
        found.append(features if member in evident else features | {"not_in_evidence"})
    return found


def _mean(values):
    """Return the mean of some numbers; of none, 0."""
    values = list(values)
    return math.fsum(values) / max(1, len(values))


def partners(members, described):
    """Return those of *members* that are partners, by their features: the two likeliest, and whoever else is likely.

    Parameters
    ----------
    members : list
    described : list of set
        Their `standing`, in the same order.
    """
    likely = [decisions.probability("member", own) for own in described]
    second = sorted(likely, reverse=True)[:2][-1]
    return [m for m, own in zip(members, likely, strict=True) if own >= min(NEEDED, second)]
