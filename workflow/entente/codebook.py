"""The codebook as data: which codes each attribute may take, and what each means."""

from importlib.resources import files

import yaml

DATA = ("codebook.yaml",)

CODEBOOK = yaml.safe_load(files("entente").joinpath("codebook.yaml").read_text(encoding="utf-8"))


def codes(attribute):
    """Return the codes of *attribute*, in the codebook's order.

    >>> codes("equity_status")
    ('equity', 'contractual', 'unknown')
    """
    return tuple(CODEBOOK[attribute])


def meanings(attribute):
    """Return {code: meaning} of *attribute*, in the codebook's order.

    >>> meanings("value_chain")["unclear"]
    'the text does not say'
    """
    return {
        code: text if isinstance(text, str) else text["meaning"] for code, text in CODEBOOK[attribute].items()
    }


def equity_status(form):
    """Return the equity status that *form* implies.

    >>> equity_status("minority_equity")
    'equity'
    """
    return CODEBOOK["form"][form]["equity_status"]
