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

__all__ = ["importing"]

#: Guards the imports in functions against forks. Re-entrant: what is imported may import late itself, and a signal
#: handler that forks may come in between.
importing = threading.RLock()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=importing.acquire, after_in_parent=importing.release, after_in_child=importing.release)
