"""The well-known organisations of organisations.yaml, and the names that they bear in many languages."""

from functools import cache
from importlib.resources import files

import yaml

DATA = ("organisations.yaml",)


@cache
def data():
    """Return the content of organisations.yaml."""
    return yaml.safe_load(files("entente").joinpath("organisations.yaml").read_text(encoding="utf-8"))


@cache
def names():
    """Return all names of the well-known organisations, as a tuple."""
    return tuple(name for first, others in data()["organisations"].items() for name in (first, *others))
