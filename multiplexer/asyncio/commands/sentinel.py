"""Commands that sentinels take."""

from __future__ import annotations

from typing import Any

from ...core.commands.command_table import COMMANDS
from ...core.results.common import ok
from ...core.results.sentinel_replies import address, starts_with_ok, state, states, states_by_name
from ...core.types import AnyStr, Encodable, Pending
from .surface import CommandSurface

_CKQUORUM = COMMANDS["SENTINEL CKQUORUM"]
_FAILOVER = COMMANDS["SENTINEL FAILOVER"]
_FLUSHCONFIG = COMMANDS["SENTINEL FLUSHCONFIG"]
_GET_MASTER_ADDR_BY_NAME = COMMANDS["SENTINEL GET-MASTER-ADDR-BY-NAME"]
_MASTER = COMMANDS["SENTINEL MASTER"]
_MASTERS = COMMANDS["SENTINEL MASTERS"]
_MONITOR = COMMANDS["SENTINEL MONITOR"]
_REMOVE = COMMANDS["SENTINEL REMOVE"]
_RESET = COMMANDS["SENTINEL RESET"]
_SENTINELS = COMMANDS["SENTINEL SENTINELS"]
_SET = COMMANDS["SENTINEL SET"]
_SLAVES = COMMANDS["SENTINEL SLAVES"]


class SentinelCommands(CommandSurface[AnyStr]):
    """Typed methods for the commands of sentinels.

    A service is known by the name it bears in the sentinels' configuration (``mymaster`` in theirs). States are dicts
    with the names of the server's own fields, numbers as integers, and a bool for each flag: ``is_master``,
    ``is_slave``, ``is_sentinel``, ``is_sdown``, ``is_odown``, ``is_disconnected``, ``is_master_down``.
    """

    __slots__ = ()

    def sentinel_ckquorum(self, new_master_name: str) -> Pending[bool]:
        """Ask whether enough sentinels are reachable to agree on a failover and to authorise it.

        Redis command: SENTINEL CKQUORUM

        Raises:
            ResponseError: There are not, or the service is unknown; the message says which.
        """
        return self._execute(_CKQUORUM, ("SENTINEL", "CKQUORUM", new_master_name), starts_with_ok)

    def sentinel_failover(self, new_master_name: str) -> Pending[bool]:
        """Make a replica the primary, without asking the other sentinels.

        Redis command: SENTINEL FAILOVER

        Raises:
            ResponseError: No replica is good enough, a failover is under way, or the service is unknown.
        """
        return self._execute(_FAILOVER, ("SENTINEL", "FAILOVER", new_master_name), ok)

    def sentinel_flushconfig(self) -> Pending[bool]:
        """Have the sentinel write its configuration, with what it knows by now, to its file.

        Redis command: SENTINEL FLUSHCONFIG
        """
        return self._execute(_FLUSHCONFIG, ("SENTINEL", "FLUSHCONFIG"), ok)

    def sentinel_get_master_addr_by_name(self, service_name: str) -> Pending[tuple[AnyStr, int] | None]:
        """Return host and port of a service's primary, None where the service is unknown.

        Redis command: SENTINEL GET-MASTER-ADDR-BY-NAME
        """
        words: tuple[Encodable, ...] = ("SENTINEL", "GET-MASTER-ADDR-BY-NAME", service_name)
        return self._execute(_GET_MASTER_ADDR_BY_NAME, words, address)

    def sentinel_master(self, service_name: str) -> Pending[dict[str, Any]]:
        """Return the state of a service's primary.

        Redis command: SENTINEL MASTER

        Raises:
            ResponseError: The service is unknown.
        """
        return self._execute(_MASTER, ("SENTINEL", "MASTER", service_name), state)

    def sentinel_masters(self) -> Pending[dict[str, dict[str, Any]]]:
        """Return the states of all services' primaries, by service.

        Redis command: SENTINEL MASTERS
        """
        return self._execute(_MASTERS, ("SENTINEL", "MASTERS"), states_by_name)

    def sentinel_monitor(self, name: str, ip: str, port: int, quorum: int) -> Pending[bool]:
        """Have the sentinel watch a further primary.

        Redis command: SENTINEL MONITOR

        Args:
            name: What the service shall be called.
            ip: Address of its primary.
            port: Port of its primary.
            quorum: Number of sentinels that must agree that the primary is down.

        Raises:
            ResponseError: The name is taken, or an argument is not understood.
        """
        return self._execute(_MONITOR, ("SENTINEL", "MONITOR", name, ip, port, quorum), ok)

    def sentinel_remove(self, name: str) -> Pending[bool]:
        """Have the sentinel watch a service no longer.

        Redis command: SENTINEL REMOVE

        Raises:
            ResponseError: The service is unknown.
        """
        return self._execute(_REMOVE, ("SENTINEL", "REMOVE", name), ok)

    def sentinel_reset(self, pattern: str) -> Pending[int]:
        """Have the sentinel forget what it knows of services: replicas, other sentinels, failovers under way.

        Redis command: SENTINEL RESET

        Args:
            pattern: Names of services, in glob style.

        Returns:
            How many services matched.
        """
        return self._execute(_RESET, ("SENTINEL", "RESET", pattern))

    def sentinel_sentinels(self, service_name: str) -> Pending[list[dict[str, Any]]]:
        """Return the states of the other sentinels that watch a service.

        Redis command: SENTINEL SENTINELS

        Raises:
            ResponseError: The service is unknown.
        """
        return self._execute(_SENTINELS, ("SENTINEL", "SENTINELS", service_name), states)

    def sentinel_set(self, name: str, option: str, value: Encodable) -> Pending[bool]:
        """Change how a service is watched.

        Redis command: SENTINEL SET

        Args:
            name: The service.
            option: Such as ``down-after-milliseconds``, ``failover-timeout``, ``parallel-syncs``, ``quorum``.
            value: The new value.

        Raises:
            ResponseError: The service or the option is unknown.
        """
        return self._execute(_SET, ("SENTINEL", "SET", name, option, value), ok)

    def sentinel_slaves(self, service_name: str) -> Pending[list[dict[str, Any]]]:
        """Return the states of a service's replicas.

        Redis command: SENTINEL SLAVES

        Raises:
            ResponseError: The service is unknown.
        """
        return self._execute(_SLAVES, ("SENTINEL", "SLAVES", service_name), states)
