"""Digest the source of a stage, so that a workflow sees an edit of any file behind its command.

What counts is found without importing anything: the module, every module of this package that it imports,
directly or not, and the package data that these declare in a constant, as paths below the package::

    DATA = ("lexicon", "codebook.yaml")
"""

import ast
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from entente.errors import EntenteError

PACKAGE = Path(__file__).parent


def source(module, package=PACKAGE):
    """Return the hexadecimal SHA-256 of all files behind *module*, such as ``entente.extract``.

    It depends on the files' content and on their names below the package, and on nothing else: neither on
    where the package lies, nor on the order in which a file system lists it.
    """
    return of(closure(module, package), package)


def of(paths, package=PACKAGE):
    """Return the hexadecimal SHA-256 of files of the package, by their names and content, in whatever order."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def closure(module, package=PACKAGE):
    """Return the set of files behind *module*: its own, those it imports, and the data they declare."""
    start = module_file(module.split(".")[1:], package)
    if start is None:
        raise EntenteError(f"{module}: no such module in {package}; name a stage, as in 'entente.extract'")
    found, waiting = set(), {start}
    while waiting:
        path = waiting.pop()
        found.add(path)
        if path.suffix == ".py":
            waiting |= (imported(path, package) | data(path, package)) - found
    return found


def imported(path, package):
    """Return the package's files that a module imports anywhere in its code, ``__init__`` files included."""
    above = path.relative_to(package).parts[:-1]
    names = {above}
    for level, module, imports in code(path.read_bytes()).imports:
        if not imports and ours(module, package):
            names.add(tuple(module.split(".")[1:]))
        elif imports and (level or ours(module, package)):
            base = above[: len(above) - level + 1] if level else ()
            base += tuple(module.split(".")[0 if level else 1 :])
            base = tuple(part for part in base if part)
            names |= {base} | {(*base, name) for name in imports}
    files = {module_file(name[:end], package) for name in names for end in range(len(name) + 1)}
    return files - {None}


def ours(name, package):
    """Return whether a dotted name is the package or lies in it."""
    return name.split(".")[0] == package.name


def module_file(parts, package):
    """Return the file of the module whose name has these parts below the package, or None."""
    path = package.joinpath(*parts)
    module = path.with_suffix(".py") if parts else path / "__init__.py"
    return next((file for file in (path / "__init__.py", module) if file.is_file()), None)


def data(path, package):
    """Return the files that a module's constant ``DATA`` names; of a folder, all files in it."""
    files = set()
    for entry in code(path.read_bytes()).declared:
        place = package / entry
        if not place.exists():
            raise EntenteError(f"{path}: DATA names {entry!r}, which {package} lacks; correct the name")
        inside = place.rglob("*") if place.is_dir() else [place]
        files |= {file for file in inside if file.is_file() and "__pycache__" not in file.parts}
    return files


class Code(NamedTuple):
    """What a module's code names: its imports as (level, module, names from it), and the entries of its ``DATA``."""

    imports: list
    declared: tuple


@cache  # many stages import the same modules
def code(content):
    r"""Return the Code of a module's source, as bytes.

    >>> code(b'import ast\nfrom .. import a\nDATA = ("lexicon", "codebook.yaml")')
    Code(imports=[(0, 'ast', ()), (2, '', ('a',))], declared=('lexicon', 'codebook.yaml'))
    """
    tree, imports, declared = ast.parse(content), [], ()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports += [(0, alias.name, ()) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imports.append((node.level, node.module or "", tuple(alias.name for alias in node.names)))
    for node in tree.body:
        if isinstance(node, ast.Assign) and [getattr(name, "id", None) for name in node.targets] == ["DATA"]:
            declared = ast.literal_eval(node.value)
    return Code(imports, declared)
