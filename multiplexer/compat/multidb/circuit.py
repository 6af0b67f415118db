"""Whether a database is used, in the terms of a circuit breaker."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Protocol

    class Judged(Protocol):
        """What is asked of a member of a group."""

        @property
        def is_well(self) -> bool: ...
        def reset(self) -> None: ...
        def give_up(self) -> None: ...


__all__ = ["DEFAULT_GRACE_PERIOD", "CircuitBreaker", "MemberCircuit", "State"]

#: Seconds that redis-py has a circuit open for.
DEFAULT_GRACE_PERIOD = 60


class State(Enum):
    """Whether commands pass."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


#: Called with a circuit, the state it was in and the one it is in.
StateChanged = Callable[["CircuitBreaker", State, State], None]


class CircuitBreaker(ABC):
    """Whether a database is used; see :class:`MemberCircuit`.

    Attributes:
        grace_period: Seconds that an open circuit stays so.
    """

    grace_period: float

    @property
    @abstractmethod
    def state(self) -> State:
        """Whether commands pass."""

    @abstractmethod
    def on_state_changed(self, cb: StateChanged) -> None:
        """Have something called at each change."""


class MemberCircuit(CircuitBreaker):
    """Says of a member of a group whether it is well: closed where it is, else open.

    To set its state to ``OPEN`` is to give the member up until health checks have found it well; ``CLOSED`` takes it
    for well as far as it can be reached. ``HALF_OPEN`` says nothing new: members that were given up are always asked.

    Attributes:
        database: Whose it is.
        grace_period: As it was given. It closes by health checks alone, as redis-py's does in effect.
    """

    def __init__(self, member: Judged, grace_period: float) -> None:
        self._member = member
        self._listeners: tuple[StateChanged, ...] = ()
        self._known = State.CLOSED
        self.grace_period = grace_period
        self.database: Any = None

    @property
    def state(self) -> State:
        """Whether commands pass."""
        return State.CLOSED if self._member.is_well else State.OPEN

    @state.setter
    def state(self, state: State) -> None:
        if state is State.OPEN:
            self._member.give_up()
        elif state is State.CLOSED:
            self._member.reset()

    def on_state_changed(self, cb: StateChanged) -> None:
        """Have something called at each change with the circuit, the state before and the new one."""
        self._listeners = (*self._listeners, cb)

    def tell(self) -> None:
        """Call those who are to be told where the state has changed."""
        before, self._known = self._known, self.state
        if before is not self._known:
            for listener in self._listeners:
                listener(self, before, self._known)
