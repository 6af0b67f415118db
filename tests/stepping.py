"""Interrupts work at every step at which Ctrl-C may strike."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType

#: Modules in which nothing is struck. Ctrl-C there may leave a lock of the whole process taken, as the interpreter has
#: it, and other tests' threads would wait for that lock for ever.
_SPARED = ("logging", "importlib._bootstrap", "_frozen_importlib")


def interrupted_at(step: int, work: Callable[[], object]) -> bool:
    """Do some work, and interrupt it at a step; return whether it came so far.

    The interpreter looks for signals as it enters a function, and as it comes back from one that is not Python's. It
    does not between taking a lock in a ``with`` statement and the statement's body.
    """
    left = step

    def strike(frame: FrameType, event: str, arg: object) -> None:
        nonlocal left
        if event in ("call", "c_return") and frame.f_globals.get("__name__") not in _SPARED:
            if left == 0:
                left = -1
                raise KeyboardInterrupt
            left -= left > 0

    sys.setprofile(strike)
    try:
        work()
    except KeyboardInterrupt:
        pass
    except RuntimeError as error:  # threading's conditions then release a lock that they do not have
        if not isinstance(error.__context__, KeyboardInterrupt):
            raise
    finally:
        sys.setprofile(None)
    return left < 0


def at_every_step(work: Callable[[], object]) -> Iterator[int]:
    """Interrupt work at its first step, its second one, and so on until it comes to its end; yields after each."""
    step = 0
    while interrupted_at(step, work):
        yield step
        step += 1
