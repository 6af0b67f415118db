"""What happens in the child of a fork."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

Lock = TypeVar("Lock")


def after_fork_in_child(call: Callable[[], None]) -> None:
    """Have something called in the child of every fork, before anything else runs there."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=call)


#: Locks that the child finds free.
_locks: weakref.WeakSet[Any] = weakref.WeakSet()


def free_in_child(lock: Lock) -> Lock:
    """Return a lock of threads, having seen to it that it is free in the child of a fork.

    One that another of the parent's threads held would never be released there. What it guards must bear being found
    in the middle of a change.
    """
    _locks.add(lock)
    return lock


def _free_all() -> None:
    for lock in tuple(_locks):
        lock._at_fork_reinit()


after_fork_in_child(_free_all)
