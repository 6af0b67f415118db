from __future__ import annotations

import time
from collections.abc import Iterator

import hiredis
import pytest

from tests.servers import SentinelGroup, require_kind
from tests.servers.real import KINDS


# One kind will do: what differs between them shows in the tests that use these groups.
@pytest.fixture(scope="module", params=KINDS[:1])
def group(request: pytest.FixtureRequest) -> Iterator[SentinelGroup]:
    require_kind(request.param)
    began = time.monotonic()
    with SentinelGroup(request.param) as started:
        assert time.monotonic() - began < 10
        yield started


def test_start(group: SentinelGroup):
    assert group.primary is group.members[0]
    assert group.replicas == group.members[1:]
    assert [group.named_by(sentinel) for sentinel in group.sentinels] == [group.primary.port] * 3
    assert group.primary.command("ROLE")[0] == b"master"
    assert group.sentinels[0].command("ROLE") == [b"sentinel", [b"mymaster"]]
    assert group.sentinels[2].command("SENTINEL", "CKQUORUM", "mymaster").startswith(b"OK 3 usable")


def test_manual_failover(group: SentinelGroup):
    old = group.primary
    new = group.failover()
    assert new is not old
    assert old in group.replicas
    assert new.command("SET", "k", "v") == b"OK"
    assert old.command("ROLE")[2] == new.port


def test_a_killed_primary_comes_back_as_a_replica(group: SentinelGroup):
    old = group.primary
    old.kill()
    new = group.wait_for_new_primary(old)
    assert new.command("ROLE")[0] == b"master"
    group.restart(old)
    group.wait_until(group.is_settled)
    assert old in group.replicas


def test_a_paused_primary_is_replaced_and_settles(group: SentinelGroup):
    old = group.primary
    old.pause()
    assert group.wait_for_new_primary(old) is not old
    group.sentinels[0].kill()
    group.settle()
    assert group.primary is not old


def test_credentials():
    with SentinelGroup(
        replicas=1,
        sentinels=2,
        username="app",
        password="p w",
        sentinel_username="watcher",
        sentinel_password="other",
    ) as group:
        for server in (group.primary, group.sentinels[0]):
            server.username = server.password = None
            with pytest.raises(hiredis.ReplyError, match="NOAUTH"):
                server.command("PING")
