"""How long to wait between attempts, and how often to try again.

Names and arguments are redis-py's. Every duration is in seconds, ``cap`` is the longest wait and ``base`` the unit
that grows. ``compute(failures)`` is given the number of failures so far, 1 after the first.

Only a wait drawn from zero upwards keeps a herd of clients from arriving together, so reconnecting uses
:class:`FullJitterBackoff`: already its first wait is random.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Generic, TypeVar

from .errors import ConfigurationError, RedisConnectionError, RedisTimeoutError
from .importing import importing

DEFAULT_CAP = 0.512
DEFAULT_BASE = 0.008

# A float can hold 2**1023; reconnecting goes on for ever, so the number of failures has no bound.
_LARGEST_EXPONENT = 1000

_Result = TypeVar("_Result")
_Error = TypeVar("_Error", bound=Exception, covariant=True)
_Backoff = TypeVar("_Backoff", bound="AbstractBackoff")


def _uniform(low: float, high: float) -> float:
    with importing:
        from random import uniform  # imported at the first wait: most programs never get here

    return uniform(low, high)


def _duration(name: str, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
        raise ConfigurationError(f"{name}: expected a finite number of seconds, 0 or more")
    return float(value)


class AbstractBackoff(ABC):
    """How long to wait after a failure."""

    def reset(self) -> None:  # noqa: B027 - most have nothing to forget
        """Forget earlier failures; called before each new operation."""

    @abstractmethod
    def compute(self, failures: int) -> float:
        """Return the seconds to wait after the given number of failures in a row."""

    def clone(self: _Backoff) -> _Backoff:
        """Return an independent copy, for one user each where a back-off remembers its last wait."""
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy.reset()
        return copy


class ConstantBackoff(AbstractBackoff):
    """Always the same wait."""

    def __init__(self, backoff: float) -> None:
        """Wait ``backoff`` seconds each time."""
        self._backoff = _duration("backoff", backoff)

    def compute(self, failures: int) -> float:
        return self._backoff

    def __eq__(self, other: object) -> bool:
        return self._backoff == other._backoff if isinstance(other, ConstantBackoff) else NotImplemented

    def __hash__(self) -> int:
        return hash((ConstantBackoff, self._backoff))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._backoff})"


class NoBackoff(ConstantBackoff):
    """No wait at all."""

    def __init__(self) -> None:
        super().__init__(0)

    def __repr__(self) -> str:
        return "NoBackoff()"


class _GrowingBackoff(AbstractBackoff):
    """What the back-offs with a cap and a base share."""

    def __init__(self, cap: float = DEFAULT_CAP, base: float = DEFAULT_BASE) -> None:
        """Grow from ``base`` to at most ``cap`` seconds."""
        self._cap = _duration("cap", cap)
        self._base = _duration("base", base)

    def _doubled(self, failures: int) -> float:
        factor: float = 2.0 ** min(failures, _LARGEST_EXPONENT)
        return self._base * factor

    def _ceiling(self, failures: int) -> float:
        return min(self._cap, self._doubled(failures))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _GrowingBackoff):
            return NotImplemented
        return type(self) is type(other) and self._cap == other._cap and self._base == other._base

    def __hash__(self) -> int:
        return hash((type(self), self._cap, self._base))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(cap={self._cap}, base={self._base})"


class LinearBackoff(_GrowingBackoff):
    """``base`` more after each failure."""

    def compute(self, failures: int) -> float:
        return min(self._cap, self._base * min(failures, 2**53))


class ExponentialBackoff(_GrowingBackoff):
    """Twice as long after each failure."""

    def compute(self, failures: int) -> float:
        return self._ceiling(failures)


class FullJitterBackoff(_GrowingBackoff):
    """Anything between nothing and the exponential wait."""

    def compute(self, failures: int) -> float:
        return _uniform(0, self._ceiling(failures))


class EqualJitterBackoff(_GrowingBackoff):
    """Half of the exponential wait, and anything up to the other half."""

    def compute(self, failures: int) -> float:
        half = self._ceiling(failures) / 2
        return half + _uniform(0, half)


class ExponentialWithJitterBackoff(_GrowingBackoff):
    """A random part of the uncapped exponential wait, then capped."""

    def compute(self, failures: int) -> float:
        return min(self._cap, _uniform(0, self._doubled(failures)))


class DecorrelatedJitterBackoff(_GrowingBackoff):
    """Anything between ``base`` and three times the wait before; the first wait, too, is random."""

    def __init__(self, cap: float = DEFAULT_CAP, base: float = DEFAULT_BASE) -> None:
        super().__init__(cap, base)
        self._previous = self._base

    def reset(self) -> None:
        self._previous = self._base

    def compute(self, failures: int) -> float:
        self._previous = min(self._cap, _uniform(self._base, self._previous * 3))
        return self._previous


def default_backoff() -> AbstractBackoff:
    """Return the back-off for retried commands: equal jitter from 8 to 512 milliseconds."""
    return EqualJitterBackoff()


class AbstractRetry(ABC, Generic[_Error]):
    """What the blocking and the asyncio retry share."""

    def __init__(self, backoff: AbstractBackoff, retries: int, supported_errors: tuple[type[_Error], ...]) -> None:
        self._backoff = backoff
        self._retries = retries
        self._supported_errors = supported_errors

    def update_supported_errors(self, specified_errors: Iterable[type[Exception]]) -> None:
        """Also retry after the given errors."""
        errors: dict[Any, None] = dict.fromkeys((*self._supported_errors, *specified_errors))
        self._supported_errors = tuple(errors)

    def get_retries(self) -> int:
        """Return how often a failed operation is tried again."""
        return self._retries

    def update_retries(self, value: int) -> None:
        """Set how often a failed operation is tried again; negative for ever."""
        self._retries = value

    def _gives_up(self, failures: int) -> bool:
        return 0 <= self._retries < failures

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AbstractRetry):
            return NotImplemented
        return type(self) is type(other) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[object, ...]:
        return self._backoff, self._retries, frozenset(self._supported_errors)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._backoff!r}, {self._retries})"


class Retry(AbstractRetry[Exception]):
    """Run a blocking operation again where it fails.

    Args:
        backoff: How long to wait between attempts.
        retries: How often to try again; negative for ever.
        supported_errors: Errors after which to try again; any other is raised at once.
    """

    def __init__(
        self,
        backoff: AbstractBackoff,
        retries: int,
        supported_errors: tuple[type[Exception], ...] = (RedisConnectionError, RedisTimeoutError, TimeoutError),
    ) -> None:
        super().__init__(backoff, retries, supported_errors)

    def call_with_retry(
        self,
        do: Callable[[], _Result],
        fail: Callable[..., object],
        is_retryable: Callable[[Exception], bool] | None = None,
        with_failure_count: bool = False,
    ) -> _Result:
        """Return what ``do()`` returns, trying again where it fails.

        Args:
            do: The operation.
            fail: Called after each failure with the error, such as to disconnect.
            is_retryable: Says whether an error of the supported types may be retried.
            with_failure_count: Whether ``fail`` is also given the number of failures.

        Raises:
            Exception: What the last attempt raised.
        """
        self._backoff.reset()
        failures = 0
        while True:
            try:
                return do()
            except self._supported_errors as error:
                if is_retryable is not None and not is_retryable(error):
                    raise
                failures += 1
                _ = fail(error, failures) if with_failure_count else fail(error)
                if self._gives_up(failures):
                    raise
            wait = self._backoff.compute(failures)
            if wait > 0:
                time.sleep(wait)


class AsyncRetry(AbstractRetry[Exception]):
    """Run an asyncio operation again where it fails; the arguments are those of :class:`Retry`."""

    def __init__(
        self,
        backoff: AbstractBackoff,
        retries: int,
        supported_errors: tuple[type[Exception], ...] = (RedisConnectionError, RedisTimeoutError, TimeoutError),
    ) -> None:
        super().__init__(backoff, retries, supported_errors)

    async def call_with_retry(
        self,
        do: Callable[[], Awaitable[_Result]],
        fail: Callable[..., object],
        is_retryable: Callable[[Exception], bool] | None = None,
        with_failure_count: bool = False,
    ) -> _Result:
        """Return what ``await do()`` returns, trying again where it fails.

        Args:
            do: The operation; gives a new awaitable each time.
            fail: Called after each failure with the error, and awaited if it returns an awaitable.
            is_retryable: Says whether an error of the supported types may be retried.
            with_failure_count: Whether ``fail`` is also given the number of failures.

        Raises:
            Exception: What the last attempt raised.
        """
        with importing:
            import asyncio  # here, so that blocking programs never pay for it

        self._backoff.reset()
        failures = 0
        while True:
            try:
                return await do()
            except self._supported_errors as error:
                if is_retryable is not None and not is_retryable(error):
                    raise
                failures += 1
                outcome = fail(error, failures) if with_failure_count else fail(error)
                if isinstance(outcome, Awaitable):
                    await outcome
                if self._gives_up(failures):
                    raise
            wait = self._backoff.compute(failures)
            if wait > 0:
                await asyncio.sleep(wait)
