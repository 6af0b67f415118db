"""Imports made late, in whatever thread first needs them, that a fork must not cut in half.

A module is locked while it is being imported. Where the process forks just then, the lock stays behind in the child,
owned by a thread that is not there, and whoever imports the module in the child waits for ever. So a fork waits until
what the package imports late has been imported. ``scripts/check_layers.py`` sees that no import in a function does
without::

    with importing:
        from random import uniform
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from sys import modules
from typing import Any

__all__ = ["importing", "late"]

#: Guards the imports in functions against forks. Re-entrant: what is imported may import late itself, and a signal
#: handler that forks may come in between.
importing = threading.RLock()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=importing.acquire, after_in_parent=importing.release, after_in_child=importing.release)


def late(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Have a package import some of its names only when they are first asked for.

    Args:
        package: The package's name.
        homes: Names, and the module each comes from, seen from the package.

    Returns:
        The package's ``__getattr__`` and ``__dir__``.
    """

    def get(name: str) -> Any:
        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        with importing:
            from importlib import import_module  # only now: it is a file of its own

            value = getattr(import_module(home, package), name)
        setattr(modules[package], name, value)  # asked for once
        return value

    def names() -> list[str]:
        return sorted({*vars(modules[package]), *homes})

    return get, names
