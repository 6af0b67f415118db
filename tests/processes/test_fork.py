"""Fork: parent and child both keep working, each on its own connection."""

from __future__ import annotations

import pytest

from tests.servers import Certificates, RealServer, require_kind

from .running import run

BLOCKING = (
    "both_go_on",
    "calls_in_flight",
    "threads_in_the_child",
    "subscriptions",
    "handlers",
    "while_another_thread_imports",
    "locks_of_the_facade",
    "grandchildren",
    "pool",
)


@pytest.mark.parametrize("protocol", [2, 3])
@pytest.mark.parametrize("what", [*BLOCKING, "event_loop"])
def test_parent_and_child_both_keep_working(own_server: RealServer, what: str, protocol: int) -> None:
    outcome = run("forking", f"127.0.0.1:{own_server.port},protocol={protocol}", what, strict=True)
    assert outcome.errors == ""
    assert outcome.code == 0


@pytest.mark.parametrize("what", ["both_go_on", "calls_in_flight", "event_loop"])
def test_the_child_leaves_the_parents_tls_session_alone(certificates: Certificates, what: str) -> None:
    require_kind("redis", tls=True)
    with RealServer.start("redis", tls=certificates) as server:
        configuration = f"localhost:{server.tls_port},ssl=true,sslCaFile={certificates.ca}"
        outcome = run("forking", configuration, what, strict=True)
        assert outcome.errors == ""
        assert outcome.code == 0


def test_the_parents_connection_ends_with_the_parent(own_server: RealServer) -> None:
    """The child must not hold a copy of the parent's socket, or the server would keep the connection."""
    outcome = run("forking", f"127.0.0.1:{own_server.port}", "survived_by_its_child")
    assert outcome.errors == ""
    assert outcome.code == 0
