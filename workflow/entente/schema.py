"""Read a YAML file that people write, and say where and how it departs from its schema."""

from difflib import get_close_matches
from pathlib import Path
from typing import ClassVar

import yaml
from jsonschema import Draft202012Validator

from entente.errors import EntenteError

DATA = ("schemas",)
SCHEMAS = Path(__file__).parent / "schemas"


class Loader(yaml.SafeLoader):
    """YAML 1.2's plain scalars: ``no`` and ``2001-04-24`` are strings, only true and false are booleans."""

    yaml_implicit_resolvers: ClassVar = {
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag != "tag:yaml.org,2002:timestamp"
            and not (tag == "tag:yaml.org,2002:bool" and first not in "tTfF")
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def load(path, schema):
    """Return the content of the YAML file *path*, checked against workflow/entente/schemas/*schema*.schema.yaml.

    Raises
    ------
    EntenteError
        If the file cannot be read, or departs from the schema; one line a fault, in the file's order,
        each with the file's line, what was found, and what was expected.
    """
    try:
        loader = Loader(Path(path).read_text(encoding="utf-8-sig"))
        node = loader.get_single_node()
        lines = dict(key_lines(node, path))
        content = loader.construct_document(node) if node else None
    except FileNotFoundError:
        raise EntenteError(
            f"{path}: no such file; write it with the keys of workflow/entente/schemas/{schema}.schema.yaml"
        ) from None
    except UnicodeDecodeError as fault:
        raise EntenteError(f"{path}: byte {fault.start} is not UTF-8; save the file as UTF-8") from None
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise EntenteError(f"{path}{line}: not YAML: {getattr(fault, 'problem', fault)}") from None
    found = sorted((line_of(key, lines), message) for key, message in faults(content, schema))
    if found:
        raise EntenteError("\n".join(f"{path}:{number}: {message}" for number, message in found))
    return content


def check(content, schema, where):
    """Raise EntenteError unless *content*, which no one file holds, fits the schema; *where* names it."""
    found = sorted(message for _, message in faults(content, schema))
    if found:
        raise EntenteError("\n".join(f"{where}: {message}" for message in found))


def key_lines(node, path, above=()):
    """Yield (key path, line) of every key and list item below a YAML *node*; refuse a key given twice."""
    if isinstance(node, yaml.MappingNode):
        seen = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                raise EntenteError(
                    f"{path}:{line}: key {key.value!r} stands on line {seen[key.value]} too; keep one of them"
                )
            seen[key.value] = line
            yield (*above, key.value), line
            yield from key_lines(value, path, (*above, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield (*above, str(number)), item.start_mark.line + 1
            yield from key_lines(item, path, (*above, str(number)))


def faults(content, schema):
    """Return {(path of keys, what is wrong and what to do), ...}, empty if *content* fits the schema."""
    rules = yaml.safe_load((SCHEMAS / f"{schema}.schema.yaml").read_text(encoding="utf-8"))
    errors = Draft202012Validator(rules).iter_errors(content)
    return {fault for error in errors for fault in explanations(error)}


def line_of(key, lines):
    """Return the line of *key*, a path of keys; of what holds it if the file does not spell it out.

    >>> line_of(("level", "low"), {("level",): 4})
    4
    """
    while key and key not in lines:
        key = key[:-1]
    return lines[key] if key else 1


def explanations(error):
    """Return [(key path, what is wrong and what to do), ...] of one error of the validator."""
    at = tuple(str(part) for part in error.absolute_path)
    if error.validator == "additionalProperties":
        known = sorted(error.schema["properties"])
        return [((*at, str(key)), unknown_key(key, known)) for key in error.instance if key not in known]
    if error.validator == "required":
        keys = [key for key in error.validator_value if key not in error.instance]
        return [(at, f"no key {key!r}; add it: {meaning(error.schema['properties'][key])}") for key in keys]
    return [(at, f"{'.'.join(at) or 'file'}: {error.message}; expected: {meaning(error.schema)}")]


def unknown_key(key, known):
    """Return what to say of a key that the schema lacks.

    >>> unknown_key("form", ["forms", "level"])
    "unknown key 'form'; expected one of forms, level; did you mean 'forms'?"
    """
    close = get_close_matches(str(key), known, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    return f"unknown key {key!r}; expected one of {', '.join(known)}{hint}"


def meaning(rules):
    """Return a schema's description as one line."""
    return " ".join(rules.get("description", rules.get("title", "see the schema")).split())
