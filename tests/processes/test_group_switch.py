"""Threads that have a group use another member at the same time."""

from __future__ import annotations

import logging
import threading

from multiplexer import ConnectionGroup, Member
from tests.blocking._world import spawn
from tests.servers import RealServer


class HoldsUp(logging.Handler):
    """Holds up whoever logs that one member is used instead of another."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go_on = threading.Event(), threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith("west of the group is used"):
            self.reached.set()
            self.go_on.wait(20)


def test_commands_go_where_the_last_switch_says_while_another_is_under_way(
    shared_servers: dict[str, RealServer], own_server: RealServer
) -> None:
    east = next(iter(shared_servers.values()))
    east.command("DEL", "where")
    given = ((east, "east", 10), (own_server, "west", 5))
    handler, log = HoldsUp(), logging.getLogger("multiplexer")
    with ConnectionGroup.connect(
        [Member(f"{server.host}:{server.port}", name, weight) for server, name, weight in given]
    ) as group:
        group.failover_to("east")
        log.addHandler(handler)
        try:
            other = spawn(group.failover_to, "west")
            assert handler.reached.wait(20)
            group.failover_to("east")
            assert group.active.name == "east"
            group.get_database().set("where", "east")
        finally:
            handler.go_on.set()
            log.removeHandler(handler)
        other.result()
        assert group.active.name == "east"
    assert east.command("GET", "where") == b"east"
