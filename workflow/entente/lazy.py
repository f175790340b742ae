"""Load a module when something of it is first asked for, so that a command starts with what it needs."""

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec


def lazy(name):
    """Return the module of a full *name*; it is run only when an attribute of it is first read.

    >>> lazy("entente.names").__name__
    'entente.names'
    """
    if name not in sys.modules:
        spec = find_spec(name)
        spec.loader = LazyLoader(spec.loader)
        module = sys.modules[name] = module_from_spec(spec)
        spec.loader.exec_module(module)
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)
    return sys.modules[name]
