"""JSON Lines of ``{"id", "text"}`` and, if known, ``"title"``, ``"date"``, ``"language"``, ``"url"``.

Keys of other names are told in corpus.yaml, as ``columns``; further keys are read over.
"""

import json
from pathlib import Path

from entente.readers import PLAIN, Refused, _fields


def read(path, how=PLAIN):
    """Yield one record a line; a line that is none is refused, and the others go on."""
    with Path(path).open("rb") as lines:
        yield from records(lines, how)


def records(lines, how=PLAIN):
    """Yield one record for each of *lines* of bytes, blank ones apart; one without an id is told as ``line 3``."""
    for number, content in enumerate(lines, 1):
        if content.strip():
            yield record(content, how, f"line {number}")


def record(content, how, place):
    """Return the record of one line, or why it is refused."""
    try:
        fields = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        return Refused("unreadable", f"byte {fault.start} is not UTF-8", place)
    except (ValueError, RecursionError) as fault:
        says = getattr(fault, "msg", fault)  # without the place, which is within this line
        return Refused("malformed", f"not JSON: {says}", place)
    return of_object(fields, how, place)


def of_object(fields, how, place):
    """Return the record of a JSON object, or why it is refused."""
    if not isinstance(fields, dict):
        return Refused("malformed", f"found {type(fields).__name__}; expected an object", place)
    return _fields.raw(fields, how, place)
