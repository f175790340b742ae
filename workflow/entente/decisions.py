"""The decisions that are learned: is a candidate a partner, does a passage report an alliance, which codes has it.

Each is a logistic regression over a set of features; the weights are data in ``model/``, fitted by ``fit``. At run
time they need no library.
"""

import json
import math
from importlib.resources import files

DATA = ("model",)

_in_use = {}


def weights():
    """Return the weights in use, those that ship unless ``use`` set others: {decision: {feature: weight}}."""
    if not _in_use:
        _in_use.update(
            json.loads(files("entente").joinpath("model", "decisions.json").read_text(encoding="utf-8"))
        )
    return _in_use


def probability(decision, features):
    """Return the probability of a *decision* given a set of features: 0 if it was never fitted, else in (0, 1)."""
    known = weights().get(decision)
    if known is None:
        return 0.0
    # fsum: the same to the last bit in whatever order a set yields its members
    score = math.fsum([known["bias"], *(known[f] for f in features if f in known)])
    return 1 / (1 + math.exp(-max(-700.0, score)))


def fitted(decision):
    """Tell whether there are weights for a *decision*."""
    return decision in weights()


def seen(language):
    """Tell whether the weights were fitted on documents in *language*, among others."""
    return language in weights().get("languages", {})


def best(decision, options, features):
    """Return the one of *options* whose ``decision:option`` is likeliest; of equals, the first."""
    return max(options, key=lambda option: probability(f"{decision}:{option}", features))


def use(others):
    """Decide by *others*' weights from now on, in place of those that ship."""
    others = dict(others)  # they may be those in use
    _in_use.clear()
    _in_use.update(others)
