"""What happens in the child of a fork."""

from __future__ import annotations

import os
from collections.abc import Callable


def after_fork_in_child(call: Callable[[], None]) -> None:
    """Have something called in the child of every fork, before anything else runs there."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=call)
