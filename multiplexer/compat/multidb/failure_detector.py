"""Finds out by commands that fail that a database is of no use."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import deque
from time import monotonic
from typing import Any

from .circuit import State

__all__ = [
    "DEFAULT_FAILURES_DETECTION_WINDOW",
    "DEFAULT_FAILURE_RATE_THRESHOLD",
    "DEFAULT_MIN_NUM_FAILURES",
    "CommandFailureDetector",
    "FailureDetector",
]

DEFAULT_MIN_NUM_FAILURES = 1000
DEFAULT_FAILURE_RATE_THRESHOLD = 0.1
DEFAULT_FAILURES_DETECTION_WINDOW = 2


class FailureDetector(ABC):
    """Is told what comes of every call, and may open the circuit of the database that is used."""

    @abstractmethod
    def register_failure(self, exception: Exception, cmd: tuple[Any, ...]) -> None:
        """Take note of a call that failed: its connection was lost, or the time was up."""

    @abstractmethod
    def register_command_execution(self, cmd: tuple[Any, ...]) -> None:
        """Take note of a call that did not fail."""

    @abstractmethod
    def set_command_executor(self, command_executor: Any) -> None:
        """Take what knows the database that is used, by ``command_executor.active_database``."""


class CommandFailureDetector(FailureDetector):
    """Opens the circuit where enough of the latest calls failed, and a large enough share of them.

    Args:
        min_num_failures: Failures below which that says nothing.
        failure_rate_threshold: Their share of all calls, from 0 to 1.
        failure_detection_window: Seconds that a call counts for.
        error_types: Classes of errors that count, exactly; None for all.

    Raises:
        ValueError: A number makes no sense.
    """

    def __init__(
        self,
        min_num_failures: int = DEFAULT_MIN_NUM_FAILURES,
        failure_rate_threshold: float = DEFAULT_FAILURE_RATE_THRESHOLD,
        failure_detection_window: float = DEFAULT_FAILURES_DETECTION_WINDOW,
        error_types: list[type[Exception]] | None = None,
    ) -> None:
        if min_num_failures < 1 or not 0 <= failure_rate_threshold <= 1 or not failure_detection_window > 0:
            raise ValueError(
                "min_num_failures must be 1 or more, failure_rate_threshold from 0 to 1, and "
                "failure_detection_window more than 0"
            )
        self._min_num_failures = min_num_failures
        self._share = failure_rate_threshold
        self._window = failure_detection_window
        self._error_types = error_types
        self._lock = threading.Lock()
        self._calls: deque[tuple[float, bool]] = deque()
        self._failures = 0
        self._executor: Any = None

    def set_command_executor(self, command_executor: Any) -> None:
        self._executor = command_executor

    def register_command_execution(self, cmd: tuple[Any, ...]) -> None:
        self._note(False)

    def register_failure(self, exception: Exception, cmd: tuple[Any, ...]) -> None:
        if self._error_types and type(exception) not in self._error_types:
            return
        if self._note(True):
            self._executor.active_database.circuit.state = State.OPEN

    def _note(self, failed: bool) -> bool:
        """Count a call; return whether there are too many failures, which are then forgotten."""
        now = monotonic()
        with self._lock:
            self._calls.append((now, failed))
            self._failures += failed
            while self._calls[0][0] < now - self._window:
                self._failures -= self._calls.popleft()[1]
            if self._failures < max(self._min_num_failures, self._share * len(self._calls)):
                return False
            self._calls.clear()
            self._failures = 0
        return True
