"""What a group of deployments consists of and goes by."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...errors import ConfigurationError

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions

#: Kinds of probes that are named; any other one is called.
PROBES = ("ping", "write", "connected")
#: What is subscribed with members that are not used.
STANDBY = ("resubscribe", "subscribe")


class Member:
    """A deployment that a group may use: a server, a cluster, or what sentinels watch.

    Attributes:
        configuration: As for :meth:`ConnectionMultiplexer.connect`.
        name: What it is called in status, events and the log; by default ``member1``, ``member2`` and so on.
        weight: Of those that are well, the one with the most is used.
    """

    __slots__ = ("configuration", "name", "weight")

    def __init__(self, configuration: str | ConfigurationOptions, name: str | None = None, weight: float = 1.0) -> None:
        self.configuration = configuration
        self.name = name
        self.weight = weight

    def __repr__(self) -> str:  # without the configuration, which may hold a password
        return f"<Member {self.name or 'without a name'} weight={self.weight:g}>"


class GroupOptions:
    """When a member of a group counts as lost, and when it is used again. Times are in seconds.

    Attributes:
        probe: How a member without traffic is asked whether it is well: ``"ping"``; ``"write"``, which sets a key that
            expires at once and so finds out that a server takes no writes; ``"connected"``, which sends nothing; or
            something that is called with the member and returns True, False, or None for "cannot say". In asyncio it
            may be a coroutine function.
        probe_interval: Time between two probes of a member; each is early or late by up to a tenth.
        probe_timeout: Time within which a probe must be answered.
        probes: How many of a member's latest probes count.
        bad_probes: At how many bad ones among these the member is given up; by default at more than half.
        window: Time over which outcomes of commands are counted.
        failure_share: Share of failures among these outcomes, from 0 to 1, at which the member is given up.
        least_outcomes: Outcomes below which that says nothing.
        failed_connects: Connections that are lost again, or are not made, in a row, at which a member is given up.
        good_probes: Good probes in a row after which a member that was given up counts as well again.
        failback_delay: Time without a failure after which a preferred member is used again; doubled each time it fails
            soon after. None: only :meth:`ConnectionGroup.failover_to` goes back.
        standby: What becomes of subscriptions: ``"resubscribe"`` has them made once another member is used;
            ``"subscribe"`` has them made with all members beforehand, whose messages are passed over as long as they
            are not used, so that a change loses less.
    """

    __slots__ = (
        "bad_probes",
        "failback_delay",
        "failed_connects",
        "failure_share",
        "good_probes",
        "least_outcomes",
        "probe",
        "probe_interval",
        "probe_timeout",
        "probes",
        "standby",
        "window",
    )

    def __init__(
        self,
        *,
        probe: str | Callable[[Any], Any] = "ping",
        probe_interval: float = 2.0,
        probe_timeout: float = 1.0,
        probes: int = 3,
        bad_probes: int | None = None,
        window: float = 2.0,
        failure_share: float = 0.5,
        least_outcomes: int = 20,
        failed_connects: int = 5,
        good_probes: int = 3,
        failback_delay: float | None = 60.0,
        standby: str = "resubscribe",
    ) -> None:
        """Take what is given, checked.

        Raises:
            ConfigurationError: A value makes no sense; the message names it.
        """
        if not callable(probe) and probe not in PROBES:
            raise ConfigurationError(f"GroupOptions: probe must be one of {', '.join(PROBES)} or be callable")
        self.probe = probe
        self.probe_interval = _positive("probe_interval", probe_interval)
        self.probe_timeout = _positive("probe_timeout", probe_timeout)
        self.probes = _positive_whole("probes", probes)
        self.bad_probes = probes // 2 + 1 if bad_probes is None else _positive_whole("bad_probes", bad_probes)
        if self.bad_probes > probes:
            raise ConfigurationError("GroupOptions: bad_probes must not be more than probes")
        self.window = _positive("window", window)
        self.failure_share = _positive("failure_share", failure_share)
        if failure_share > 1:
            raise ConfigurationError("GroupOptions: failure_share must be from 0 to 1")
        self.least_outcomes = _positive_whole("least_outcomes", least_outcomes)
        self.failed_connects = _positive_whole("failed_connects", failed_connects)
        self.good_probes = _positive_whole("good_probes", good_probes)
        if standby not in STANDBY:
            raise ConfigurationError(f"GroupOptions: standby must be one of {', '.join(STANDBY)}")
        self.standby = standby
        self.failback_delay = None if failback_delay is None else _positive("failback_delay", failback_delay)


def _positive(name: str, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise ConfigurationError(f"GroupOptions: {name} must be a positive number")
    return float(value)


def _positive_whole(name: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ConfigurationError(f"GroupOptions: {name} must be a positive whole number")
    return value
