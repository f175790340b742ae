"""The well-known organisations of organisations.yaml, and the names that they bear in many languages."""

from functools import cache
from importlib.resources import files

import yaml

from entente.names import normal

DATA = ("organisations.yaml",)


@cache
def data():
    """Return the content of organisations.yaml."""
    return yaml.safe_load(files("entente").joinpath("organisations.yaml").read_text(encoding="utf-8"))


@cache
def names():
    """Return all names of the well-known organisations, as a tuple."""
    return tuple(name for first, others in data()["organisations"].items() for name in (first, *others))


@cache
def canonical():
    """Return {normal form: name} of the organisations by the names that they are called by."""
    return {normal(name): name for name in data()["organisations"]}


@cache
def known():
    """Return {normal form: normal form of what it is called} of all names of the organisations."""
    organisations = data()["organisations"].items()
    return {normal(name): normal(first) for first, others in organisations for name in (first, *others)}
