"""Read XML files as streams, without what makes XML dangerous: entities are not expanded, nothing else is loaded."""

import html
from pathlib import Path

from lxml import etree

from entente.readers import Refused

SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
LARGEST = 16_000_000  # bytes of an element that is wanted, or before one: all of them are held
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def elements(path, wanted):
    """Yield elements of a file one by one; each is emptied when the next one is asked for.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    wanted : dict of str to tuple of str
        The names of the elements by the name of the file's root, which may be one itself. If one lies in another,
        both are yielded, the inner one first. Names are without namespaces, and so are those in what is yielded.

    Raises
    ------
    Refused
        If the root is another, it declares entities, an element is too large, or the file is no XML or cut off.
    """
    names, start = None, 0
    with Path(path).open("rb") as file:
        events = etree.iterparse(
            file, ("start", "end"), remove_comments=True, remove_pis=True, collect_ids=False, **SAFE
        )
        try:
            for event, element in events:
                if names is None:
                    names = wanted_of(element, wanted)
                if event == "end" and local(element) in names:
                    yield plain(element)
                    release(element)
                    start = file.tell()
                elif file.tell() - start > LARGEST:
                    raise Refused("too_large", f"more than {LARGEST:,} bytes in one record, or before it")
        except etree.XMLSyntaxError as fault:
            raise Refused("malformed", f"not XML, cut off, or too large: {fault.msg}") from None


def wanted_of(root, wanted):
    """Return the names of the elements that are wanted of a file with this root, of which the start is read."""
    names = wanted.get(local(root))
    if names is None:
        expected = ", ".join(f"<{name}>" for name in wanted)
        raise Refused("unsupported", f"XML whose root is <{local(root)}>; expected {expected}")
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(declared.iterentities()):
        raise Refused("malformed", "declares entities, which are not expanded; write out what they stand for")
    return names


def local(element):
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def plain(element):
    """Return an element with all names in it without namespaces, and the entities of HTML as text.

    An entity that HTML does not know stays as it is written.
    """
    parents = {}
    for node in element.iter():
        if node.tag is etree.Entity:
            parents[node.getparent()] = None
        else:
            node.tag = local(node)
    for parent in parents:
        texts, kept = [[parent.text]], []
        for child in list(parent):
            if child.tag is etree.Entity:
                texts[-1] += [html.unescape(child.text), child.tail]
                parent.remove(child)
            else:
                kept.append(child)
                texts.append([child.tail])
        parent.text, *tails = ("".join(filter(None, pieces)) for pieces in texts)
        for child, child.tail in zip(kept, tails, strict=True):  # noqa: B007
            pass
    return element


def release(element):
    """Empty an element, and take out what stands before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
