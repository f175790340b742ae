"""Load a module when something of it is first asked for, so that a command starts with what it needs."""

from importlib import import_module


class lazy:  # noqa: N801 - it is called as a function, and stands for a module
    """A module by its full name, which is imported when an attribute of it is read.

    >>> lazy("entente.names").normal("Sony Corp.")
    'sony'
    """

    def __init__(self, name):
        self._name = name

    def __getattr__(self, attribute):
        """Return the attribute of the module."""
        return getattr(import_module(self._name), attribute)
