"""JSON: a list of objects like the lines of `entente.readers.jsonl`, or one such object."""

import json

from entente.readers import PLAIN, Refused, jsonl, load


def read(path, how=PLAIN):
    """Yield one record an object, in the file's order; one without an id is told as ``item 3``."""
    try:
        content = json.loads(load(path))
    except (ValueError, RecursionError) as fault:
        raise Refused("malformed", f"not JSON: {fault}") from None
    for number, fields in enumerate(content if isinstance(content, list) else [content], 1):
        yield jsonl.of_object(fields, how, f"item {number}")
