"""What a group of deployments consists of and goes by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from ...errors import ConfigurationError

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions

#: Kinds of probes that are named; any other one is called.
PROBES = ("ping", "write", "connected")


@dataclass(frozen=True)
class Member:
    """A deployment that a group may use: a server, a cluster, or what sentinels watch.

    Attributes:
        configuration: As for :meth:`ConnectionMultiplexer.connect`.
        name: What it is called in status, events and the log; by default ``member1``, ``member2`` and so on.
        weight: Of those that are well, the one with the most is used.
    """

    configuration: str | ConfigurationOptions = field(repr=False)  # it may hold a password
    name: str | None = None
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class GroupOptions:
    """When a member of a group counts as lost, and when it is used again. Times are in seconds.

    Attributes:
        probe: How a member without traffic is asked whether it is well: ``"ping"``; ``"write"``, which sets a key that
            expires at once and so finds out that a server takes no writes; ``"connected"``, which sends nothing; or
            something that is called with the member and returns True, False, or None for "cannot say". In asyncio it
            may be a coroutine function.
        probe_interval: Time between two probes of a member; each is early or late by up to a tenth.
        probe_timeout: Time within which a probe must be answered.
        window: Time over which outcomes of commands are counted.
        failure_share: Share of failures among these outcomes, from 0 to 1, at which the member is given up.
        least_outcomes: Outcomes below which that says nothing.
        failed_connects: Connections that are lost again, or are not made, in a row, at which a member is given up.
        good_probes: Good probes in a row after which a member that was given up counts as well again.
        failback_delay: Time without a failure after which a preferred member is used again; doubled each time it fails
            soon after. None: only :meth:`ConnectionGroup.failover_to` goes back.
    """

    probe: str | Callable[[Any], Any] = "ping"
    probe_interval: float = 2.0
    probe_timeout: float = 1.0
    window: float = 2.0
    failure_share: float = 0.5
    least_outcomes: int = 20
    failed_connects: int = 5
    good_probes: int = 3
    failback_delay: float | None = 60.0

    def __post_init__(self) -> None:
        if not callable(self.probe) and self.probe not in PROBES:
            raise ConfigurationError(f"GroupOptions: probe must be one of {', '.join(PROBES)} or be callable")
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name == "probe" or (each.name == "failback_delay" and value is None):
                continue
            whole = each.type == "int"
            if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or not value > 0:
                raise ConfigurationError(f"GroupOptions: {each.name} must be a positive {'whole ' * whole}number")
        if self.failure_share > 1:
            raise ConfigurationError("GroupOptions: failure_share must be from 0 to 1")
