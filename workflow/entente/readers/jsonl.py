"""JSON Lines of ``{"id", "text"}`` and, if known, ``"title"``, ``"date"``, ``"language"``, ``"url"``."""

import json
from pathlib import Path

from entente.readers import Raw, Refused

OPTIONAL = ("title", "date", "language", "url")


def read(path):
    """Yield one record a line; a line that is none is refused, and the others go on."""
    with Path(path).open("rb") as lines:
        yield from records(lines)


def records(lines):
    """Yield one record for each of *lines* of bytes, blank ones apart; one without an id is told as ``line 3``."""
    for number, content in enumerate(lines, 1):
        if content.strip():
            yield record(content, number)


def record(content, number):
    """Return the record of one line, or why it is refused; further keys are read over."""
    try:
        fields = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        return Refused("unreadable", f"byte {fault.start} is not UTF-8", f"line {number}")
    except (ValueError, RecursionError) as fault:
        says = getattr(fault, "msg", fault)  # without the place, which is within this line
        return Refused("malformed", f"not JSON: {says}", f"line {number}")
    if not isinstance(fields, dict):
        return Refused("malformed", f"found {type(fields).__name__}; expected an object", f"line {number}")
    own = fields.get("id")
    own = str(own) if isinstance(own, str | int) and str(own) else None
    if own is None:
        return Refused("malformed", "no 'id'; expected a string", f"line {number}")
    wrong = [key for key in OPTIONAL if not isinstance(fields.get(key), str | None)]
    if not isinstance(fields.get("text"), str) or wrong:
        key = "".join(wrong[:1]) or "text"
        return Refused("malformed", f"line {number}: {key!r} is not a string", own)
    given = {key: fields[key] for key in OPTIONAL if fields.get(key)}
    return Raw(id=own, text=fields["text"], **given)
