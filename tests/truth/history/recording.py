"""Writes down what callers ask and are told.

::

    history = History()
    with history.call("caller-3", "incr", "counter:1", 1) as call:
        call.result = await db.incr("counter:1")

Each call ends in one of three ways. *ok*: there is a reply. *fail*: the error says that the server never saw the
command (``was_sent`` is False), which counts as if it had never been made, and shows where that is not so. *unknown*:
sent, and no reply; it may take effect at any time from its beginning on, or never.
"""

from __future__ import annotations

import itertools
import math
from asyncio import CancelledError
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from multiplexer.errors import (
    BacklogFullError,
    ClusterDownError,
    ExecAbortError,
    LockError,
    ReadOnlyError,
    RedisConnectionError,
    RedisError,
    RedisTimeoutError,
    TryAgainError,
)

#: Errors that faults explain.
_EXPECTED = (RedisConnectionError, RedisTimeoutError, BacklogFullError)
#: Answers of servers that did not do what they were asked.
_REFUSALS = (ReadOnlyError, ClusterDownError, TryAgainError)


@dataclass(slots=True)
class Operation:
    """One call of one caller.

    Attributes:
        process: Who made it.
        kind: What a model calls it, such as ``"incr"``.
        key: On which key; those of different keys are checked apart.
        argument: With what.
        result: What the caller was told; nothing where that is unknown.
        invoked: When it began: a number that only grows, of this history.
        ended: When its caller knew; infinity where it never will.
    """

    process: str
    kind: str
    key: str
    argument: Any = None
    result: Any = None
    invoked: float = 0.0
    ended: float = math.inf

    @property
    def known(self) -> bool:
        """Whether there was a reply."""
        return self.ended < math.inf

    def __str__(self) -> str:
        told = f"-> {_short(self.result)}" if self.known else "-> ?"
        ended = f"{self.ended:.0f}" if self.known else ""
        asked = "" if self.argument is None else f" {_short(self.argument)}"
        return f"[{self.invoked:.0f}..{ended}] {self.process}: {self.kind}{asked} {told}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:28]}..{text[-28:]}"


@dataclass
class History:
    """The calls of any number of callers, threads or tasks.

    Attributes:
        operations: Those that may have had an effect, in no order.
        failed: How many were certainly never sent.
    """

    operations: list[Operation] = field(default_factory=list)
    failed: int = 0

    def __post_init__(self) -> None:
        # One step of the interpreter: two callers never get the same number, and none a smaller one later.
        self._clock = itertools.count(1)

    @property
    def begun(self) -> int:
        """How many calls came to an end of either kind."""
        return len(self.operations) + self.failed

    @property
    def unknown(self) -> int:
        """How many calls nobody knows the outcome of."""
        return sum(not operation.known for operation in self.operations)

    @contextmanager
    def call(
        self, process: str, kind: str, key: str, argument: Any = None, *, whole: bool = True
    ) -> Iterator[Operation]:
        """Enter one call; the block makes it and sets its ``result``.

        Errors that faults explain end here; any other is the test's failure.

        Args:
            process: Who makes it.
            kind: What a model calls it; ``"unit"`` for several, which are then the argument, as pairs.
            key: On which key.
            argument: With what.
            whole: Whether a unit that failed was done as a whole if at all.
        """
        operation = Operation(process, kind, key, argument, invoked=next(self._clock))
        try:
            yield operation
        except CancelledError:
            self._add_unknown(operation, whole)
            raise
        except LockError:
            self._add_unknown(operation, whole)  # an attempt before the one that tells so may have been the right one
        except ExecAbortError:
            self.failed += 1  # nothing of the transaction was run
        except _REFUSALS:
            if operation.kind == "unit":
                self._add_unknown(operation, whole)  # one part was refused; others may have been done
            else:
                self.failed += 1
        except _EXPECTED as error:
            if error.phase is None:
                raise AssertionError(f"the error of {operation} does not say how far it came") from error
            if error.was_sent:
                self._add_unknown(operation, whole)
            else:
                self.failed += 1
        except RedisError as error:
            raise AssertionError(f"{operation} got an error no fault explains") from error
        else:
            operation.ended = next(self._clock)
            self.operations.append(operation)

    def _add_unknown(self, operation: Operation, whole: bool) -> None:
        if operation.kind != "unit" or whole:
            self.operations.append(operation)
            return
        parts = [
            Operation(operation.process, kind, operation.key, argument, None, operation.invoked)
            for kind, argument in operation.argument
        ]
        self.operations += parts

    @contextmanager
    def event(self, kind: str, keys: Iterable[str]) -> Iterator[None]:
        """Note something that happens to keys by itself, such as the loss of what a server had not passed on."""
        invoked = next(self._clock)
        yield
        ended = next(self._clock)
        self.operations += [Operation("event", kind, key, None, None, invoked, ended) for key in keys]

    def by_key(self) -> dict[str, list[Operation]]:
        """Return the operations of each key."""
        found: dict[str, list[Operation]] = {}
        for operation in self.operations:
            found.setdefault(operation.key, []).append(operation)
        return found
