"""The one exception that users see without a trace."""


class EntenteError(Exception):
    """A fault of the input, its message saying where, what was found, what was expected, and what to do."""
