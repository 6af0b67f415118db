"""What several databases of which one is used consist of and go by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any

from ....configuration import ConfigurationOptions
from ....configuration.hidden import hide_secrets
from ....core.availability.group_options import GroupOptions
from ....errors import ConfigurationError
from ....pools.cluster_nodes import endpoint_of
from ....retry import AsyncRetry
from ...event import EventDispatcher, EventDispatcherInterface
from ...multidb.circuit import DEFAULT_GRACE_PERIOD
from ...multidb.failover import DEFAULT_FAILOVER_ATTEMPTS, DEFAULT_FAILOVER_DELAY, WeightBasedFailoverStrategy
from ...multidb.failure_detector import (
    DEFAULT_FAILURE_RATE_THRESHOLD,
    DEFAULT_FAILURES_DETECTION_WINDOW,
    DEFAULT_MIN_NUM_FAILURES,
)
from ...multidb.healthcheck import (
    DEFAULT_HEALTH_CHECK_DELAY,
    DEFAULT_HEALTH_CHECK_INTERVAL,
    DEFAULT_HEALTH_CHECK_POLICY,
    DEFAULT_HEALTH_CHECK_PROBES,
    DEFAULT_HEALTH_CHECK_TIMEOUT,
    HealthCheck,
    HealthCheckPolicies,
    PingHealthCheck,
)
from ..client_options import DEFAULT_RETRY
from ..connection import ConnectionPool
from ..standalone import Redis

__all__ = [
    "DEFAULT_AUTO_FALLBACK_INTERVAL",
    "DatabaseConfig",
    "InitialHealthCheck",
    "MultiDbConfig",
]

DEFAULT_AUTO_FALLBACK_INTERVAL = 120
#: Arguments of clients that a group of databases sees to itself.
_GROUPS = ("retry", "maint_notifications_config")
#: Arguments of a cluster's client that say nothing of its connections.
_CLUSTERS = (
    "cluster_error_retry_attempts",
    "dynamic_startup_nodes",
    "load_balancing_strategy",
    "max_connections_per_node",
    "read_from_replicas",
    "readonly",
    "reinitialize_steps",
    "require_full_coverage",
)


class InitialHealthCheck(Enum):
    """How many databases must be well at the beginning."""

    ALL_AVAILABLE = "all_available"
    MAJORITY_AVAILABLE = "majority_available"
    ONE_AVAILABLE = "one_available"

    def least(self, count: int) -> int:
        """Return how many of so many."""
        if self is InitialHealthCheck.ALL_AVAILABLE:
            return count
        return count // 2 + 1 if self is InitialHealthCheck.MAJORITY_AVAILABLE else 1


@dataclass
class DatabaseConfig:
    """How one of several databases is reached.

    Attributes:
        weight: Of those that are well, the one with the most is used.
        client_kwargs: Arguments of the client. ``retry`` has no meaning here: see :attr:`MultiDbConfig.command_retry`.
        from_url: Its URL; ``client_kwargs`` say the rest.
        from_pool: A pool that reaches it; its connections are not used.
        circuit: None: it is the group that knows whether it is well.
        grace_period: Taken, and told by its circuit; see :class:`~multiplexer.compat.multidb.circuit.MemberCircuit`.
        health_check_url: Taken, and told by the database, for health checks of the application's.
    """

    weight: float = 1.0
    client_kwargs: dict[str, Any] = field(default_factory=dict, repr=False)  # there may be a password
    from_url: str | None = field(default=None, repr=False)
    from_pool: ConnectionPool | None = None
    circuit: Any = None
    grace_period: float = DEFAULT_GRACE_PERIOD
    health_check_url: str | None = field(default=None, repr=False)

    def options(self, client_class: type[Any]) -> tuple[ConfigurationOptions, dict[str, Any]]:
        """Return how a multiplexer reaches it, and what a client goes by that concerns text and the form of results.

        Raises:
            ConfigurationError: Something is asked for that cannot be; the message names it.
        """
        if self.circuit is not None:
            raise ConfigurationError("DatabaseConfig: circuit cannot be one's own; the group knows who is well")
        kwargs = {name: value for name, value in hide_secrets(self.client_kwargs).items() if name not in _GROUPS}
        is_cluster = not issubclass(client_class, Redis)
        nodes, remap = None, None
        if is_cluster:
            nodes, remap = kwargs.pop("startup_nodes", None), kwargs.pop("address_remap", None)
            kwargs = {name: value for name, value in kwargs.items() if name not in _CLUSTERS}
        if self.from_pool is not None:
            pool: Any = self.from_pool
        elif self.from_url is not None:
            pool = Redis.from_url(self.from_url, multiplexed=True, **kwargs).connection_pool
        else:
            pool = Redis(multiplexed=True, **kwargs).connection_pool
        options: ConfigurationOptions = pool._shared_options()
        if nodes:
            options = options.with_changes(endpoints=[*map(endpoint_of, nodes)])
        if remap is not None:
            options = options.with_changes(address_remap=remap)
        encoder = pool.get_encoder()
        names = ("encoding", "encoding_errors", "decode_responses")
        own = {name: getattr(encoder, name) for name in names}
        own["protocol"] = 3 if options.protocol == 3 else None  # named or not, it says which form results have
        return options, {**own, "legacy_responses": pool.connection_kwargs.get("legacy_responses", True)}


@dataclass
class MultiDbConfig:
    """Several databases, and when which one is used. Times are in seconds.

    Attributes:
        databases_config: The databases.
        client_class: :class:`Redis`, or :class:`RedisCluster` where they are clusters.
        command_retry: How often a call is made again that failed because a connection was lost or the time was up, and
            after what waits. Only what was certainly not applied is, and what only reads.
        failure_detectors: Told of every call that fails or does not, beside the group's own counting.
        min_num_failures: Outcomes of commands below which that counting says nothing.
        failure_rate_threshold: Share of failures among them at which a database is given up.
        failures_detection_window: Time that an outcome counts for.
        health_checks: How databases without traffic are asked whether they are well; by default by PING.
        health_check_interval: Time in which ``health_check_probes`` probes are made, spread over it.
        health_check_probes, health_check_delay, health_check_timeout: See
            :class:`~multiplexer.compat.multidb.healthcheck.HealthCheck`.
        health_check_policy: How many probes must be good.
        failover_strategy: The one with the most weight of those that are well; None for the same.
        failover_attempts, failover_delay: Once no database has been well for so many times that long, calls fail with
            NoValidDatabaseException instead of TemporaryUnavailableException.
        auto_fallback_interval: Time that a preferred database has been well again before it is used; not positive for
            never.
        event_dispatcher: Dispatches ActiveDatabaseChanged, and OnCommandsFailEvent (in asyncio
            AsyncOnCommandsFailEvent).
        initial_health_check_policy: How many databases must be well at the beginning.
    """

    databases_config: Sequence[DatabaseConfig]
    client_class: type[Any] = Redis
    command_retry: AsyncRetry = field(default_factory=partial(deepcopy, DEFAULT_RETRY))
    failure_detectors: Sequence[Any] | None = None
    min_num_failures: int = DEFAULT_MIN_NUM_FAILURES
    failure_rate_threshold: float = DEFAULT_FAILURE_RATE_THRESHOLD
    failures_detection_window: float = DEFAULT_FAILURES_DETECTION_WINDOW
    health_checks: Sequence[HealthCheck] | None = None
    health_check_interval: float = DEFAULT_HEALTH_CHECK_INTERVAL
    health_check_probes: int = DEFAULT_HEALTH_CHECK_PROBES
    health_check_delay: float = DEFAULT_HEALTH_CHECK_DELAY
    health_check_timeout: float = DEFAULT_HEALTH_CHECK_TIMEOUT
    health_check_policy: HealthCheckPolicies = DEFAULT_HEALTH_CHECK_POLICY
    failover_strategy: WeightBasedFailoverStrategy | None = None
    failover_attempts: int = DEFAULT_FAILOVER_ATTEMPTS
    failover_delay: float = DEFAULT_FAILOVER_DELAY
    auto_fallback_interval: float = DEFAULT_AUTO_FALLBACK_INTERVAL
    event_dispatcher: EventDispatcherInterface = field(default_factory=EventDispatcher)
    initial_health_check_policy: InitialHealthCheck = InitialHealthCheck.ALL_AVAILABLE

    def checks(self) -> list[HealthCheck]:
        """Return the health checks."""
        return list(self.health_checks or ()) or [
            PingHealthCheck(self.health_check_probes, self.health_check_delay, self.health_check_timeout)
        ]

    def group_options(self, probe: str | Callable[[Any], Any]) -> GroupOptions:
        """Return what the group of the databases goes by.

        Args:
            probe: How members are asked.

        Raises:
            ConfigurationError: A value makes no sense.
        """
        if not isinstance(self.failover_strategy, WeightBasedFailoverStrategy | None):
            raise ConfigurationError("MultiDbConfig: failover_strategy must be WeightBasedFailoverStrategy or None")
        checks = self.checks()
        probes = max(check.health_check_probes for check in checks)
        return GroupOptions(
            probe=probe,
            probe_interval=max(self.health_check_interval / probes, *(check.health_check_delay for check in checks)),
            probe_timeout=max(check.health_check_timeout / check.health_check_probes for check in checks),
            probes=probes,
            bad_probes=self.health_check_policy.bad_probes(probes),
            good_probes=probes,
            window=self.failures_detection_window,
            failure_share=self.failure_rate_threshold,
            least_outcomes=self.min_num_failures,
            failback_delay=self.auto_fallback_interval if self.auto_fallback_interval > 0 else None,
        )
