"""Groups of two deployments, each behind a network that can be made to fail."""

from __future__ import annotations

from typing import Any

from multiplexer import ConfigurationOptions, GroupOptions, Member
from multiplexer.asyncio import ConnectionGroup
from multiplexer.retry import ConstantBackoff
from tests.servers import FaultProxy

#: Options of members in which all that is waited for comes soon, and none who is only busy is taken for one who hangs.
QUICK = {"heartbeat_interval": 0.05, "reconnect_backoff": ConstantBackoff(0.05)}
EAGER = GroupOptions(probe_interval=0.1, probe_timeout=10, failback_delay=0.3, good_probes=1)
HASTY = GroupOptions(probe_interval=0.1, probe_timeout=0.3, failback_delay=0.3, good_probes=1)


def member(proxy: FaultProxy, name: str, weight: float, **changes: Any) -> Member:
    options = ConfigurationOptions.parse(f"{proxy.host}:{proxy.port}")
    return Member(options.with_changes(**{**QUICK, **changes}), name, weight)


async def connect(east: FaultProxy, west: FaultProxy, options: GroupOptions = EAGER, **changes: Any) -> ConnectionGroup:
    return await ConnectionGroup.connect(
        [member(east, "east", 10, **changes), member(west, "west", 5, **changes)], options
    )


def down(proxy: FaultProxy) -> None:
    proxy.refuse()
    proxy.reset()


def up(proxy: FaultProxy) -> None:
    proxy.accept()
    proxy.restore()
