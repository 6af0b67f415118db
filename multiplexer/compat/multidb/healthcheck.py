"""How databases are asked whether they are well."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum
from typing import Any

__all__ = [
    "DEFAULT_HEALTH_CHECK_DELAY",
    "DEFAULT_HEALTH_CHECK_INTERVAL",
    "DEFAULT_HEALTH_CHECK_POLICY",
    "DEFAULT_HEALTH_CHECK_PROBES",
    "DEFAULT_HEALTH_CHECK_TIMEOUT",
    "AbstractHealthCheck",
    "HealthCheck",
    "HealthCheckPolicies",
    "PingHealthCheck",
]

DEFAULT_HEALTH_CHECK_PROBES = 3
DEFAULT_HEALTH_CHECK_INTERVAL = 5
DEFAULT_HEALTH_CHECK_TIMEOUT = 3
DEFAULT_HEALTH_CHECK_DELAY = 0.5


class HealthCheckPolicies(Enum):
    """How many of a database's latest probes must be good."""

    HEALTHY_ALL = "all"
    HEALTHY_MAJORITY = "majority"
    HEALTHY_ANY = "any"

    def bad_probes(self, probes: int) -> int:
        """Return how many bad ones of so many are too many."""
        if self is HealthCheckPolicies.HEALTHY_ALL:
            return 1
        return (probes + 1) // 2 if self is HealthCheckPolicies.HEALTHY_MAJORITY else probes


DEFAULT_HEALTH_CHECK_POLICY = HealthCheckPolicies.HEALTHY_ALL


class HealthCheck(ABC):
    """Asks a database whether it is well."""

    @property
    @abstractmethod
    def health_check_probes(self) -> int:
        """How many of its latest probes count."""

    @property
    @abstractmethod
    def health_check_delay(self) -> float:
        """The least seconds between two probes."""

    @property
    @abstractmethod
    def health_check_timeout(self) -> float:
        """Seconds that so many probes may take together."""

    @abstractmethod
    def check_health(self, database: Any, hc_client: Any) -> Any:
        """Return whether it is well; an error says that it is not. A coroutine function.

        In blocking programs it may be a plain function, which is then given the database's own client.

        Args:
            database: Which one.
            hc_client: A client of asyncio to ask it with.
        """


class AbstractHealthCheck(HealthCheck):
    """A health check that keeps its numbers.

    Args:
        health_check_probes, health_check_delay, health_check_timeout: See :class:`HealthCheck`.

    Raises:
        ValueError: There is to be no probe.
    """

    def __init__(
        self,
        health_check_probes: int = DEFAULT_HEALTH_CHECK_PROBES,
        health_check_delay: float = DEFAULT_HEALTH_CHECK_DELAY,
        health_check_timeout: float = DEFAULT_HEALTH_CHECK_TIMEOUT,
    ) -> None:
        if health_check_probes < 1:
            raise ValueError("health_check_probes must be greater than 0")
        self._probes = health_check_probes
        self._delay = health_check_delay
        self._timeout = health_check_timeout

    @property
    def health_check_probes(self) -> int:
        return self._probes

    @property
    def health_check_delay(self) -> float:
        return self._delay

    @property
    def health_check_timeout(self) -> float:
        return self._timeout


class PingHealthCheck(AbstractHealthCheck):
    """Sends PING, in a cluster to every node. It goes over the connection that commands go over."""

    async def check_health(self, database: Any, hc_client: Any) -> bool:
        return bool(await hc_client.ping())
