"""A running application shows the state of its multiplexer to whoever attaches."""

from __future__ import annotations

import gc
import os
import socket
import stat
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from multiplexer import Member
from multiplexer.asyncio import ConnectionGroup, ConnectionMultiplexer, Database
from multiplexer.errors import ConfigurationError, DataError, MultiplexerClosedError, RedisConnectionError
from tests.attached import MOST_VIEWERS, STUCK_AFTER, StatusServer, View
from tests.servers import RealServer

from ._world import gather, until
from .connecting import connect


async def test_a_viewer_is_told_the_state_each_time_it_asks(
    mux: ConnectionMultiplexer, db: Database[bytes], tmp_path: Path
) -> None:
    where = tmp_path / "mux.sock"
    server = mux.serve_status(where)
    assert server.address == str(where)
    assert stat.S_IMODE(where.stat().st_mode) == 0o600
    with View(str(where)) as view:
        before = view.take()
        assert before["pid"] == os.getpid()
        await gather(*[partial(db.incr, "n")] * 100)
        after = view.take()
        assert after["at"] > before["at"]
        counted = [each["status"]["servers"][0]["interactive"]["operation_count"] for each in (before, after)]
        assert counted[1] - counted[0] >= 100
        server.close()
        with pytest.raises(RedisConnectionError, match="has ended"):
            view.take()
    assert not where.exists()
    server.close()
    assert repr(server) == f"<StatusServer {where} closed>"


async def test_it_ends_with_its_multiplexer(server: RealServer, tmp_path: Path) -> None:
    where = tmp_path / "mux.sock"
    async with await connect(server) as mux:
        mux.serve_status(where)
        with View(str(where)) as view:
            view.take()
    assert not where.exists()
    with pytest.raises(RedisConnectionError, match="nobody shows anything at"):
        View(str(where))
    with pytest.raises(MultiplexerClosedError, match="serve_status"):
        mux.serve_status(where)


async def test_a_port_is_one_on_loopback(mux: ConnectionMultiplexer) -> None:
    served = mux.serve_status(0)
    host, port = served.address.split(":")
    assert host == "127.0.0.1"
    with View(port) as view, View(int(port)) as other:
        assert view.take()["status"]["servers"]
        assert other.take()["status"]["servers"]
    with pytest.raises(ConfigurationError, match=f"port {port}: Address already in use"):
        mux.serve_status(int(port))


async def test_no_secrets_are_shown(own_server: RealServer, tmp_path: Path) -> None:
    own_server.command("ACL", "SETUSER", "viewed", "on", ">sesame", "+@all", "~*")
    where = str(tmp_path / "mux.sock")
    async with await connect(own_server, username="viewed", password="sesame") as mux:
        await mux.get_database().set("sesame-key", "sesame-value")
        mux.serve_status(where)
        with View(where) as view:
            assert "sesame" not in str(view.take())


async def test_a_group_shows_all_of_its_members(server: RealServer, own_server: RealServer, tmp_path: Path) -> None:
    where = tmp_path / "group.sock"
    members = [Member(f"{each.host}:{each.port}", f"m{n}") for n, each in enumerate((server, own_server))]
    async with await ConnectionGroup.connect(members) as group:
        group.serve_status(where)
        with View(str(where)) as view:
            assert [member["name"] for member in view.take()["status"]["members"]] == ["m0", "m1"]
    assert not where.exists()
    with pytest.raises(MultiplexerClosedError, match="serve_status: the group is closed"):
        group.serve_status(where)


async def test_many_viewers_and_stuck_ones(mux: ConnectionMultiplexer, tmp_path: Path) -> None:
    """One that takes nothing costs nobody anything, and has to leave where there is no room for others."""
    where = str(tmp_path / "mux.sock")
    served = mux.serve_status(where)
    with ExitStack() as stack:
        views = [stack.enter_context(View(where)) for _ in range(MOST_VIEWERS)]
        assert all(view.take() for view in views)
        with View(where) as view, pytest.raises(RedisConnectionError, match="has ended"):
            view.take()
        views.pop().close()
        await until(lambda: len(served._viewers) < MOST_VIEWERS)
        stuck = stack.enter_context(socket.socket(socket.AF_UNIX))
        stuck.connect(where)

        def is_stuck() -> bool:
            now = time.monotonic()
            if not any(viewer.left and now - viewer.asked_at > STUCK_AFTER for viewer in tuple(served._viewers)):
                stuck.send(b"more")
                return False
            return True

        await until(is_stuck)
        assert all(view.take() for view in views)
        with View(where) as view:  # for which the stuck one leaves
            assert view.take()
    await until(lambda: not served._viewers)


async def test_one_that_asks_all_the_time_is_answered_twenty_times_a_second(
    mux: ConnectionMultiplexer, tmp_path: Path
) -> None:
    where = str(tmp_path / "mux.sock")
    mux.serve_status(where)
    with View(where) as view:
        times = [view.take()["at"] for _ in range(4)]
    assert times[-1] - times[0] >= 3 * 0.045


async def test_a_socket_that_was_left_behind_is_removed_and_nothing_else(
    mux: ConnectionMultiplexer, tmp_path: Path
) -> None:
    where = tmp_path / "mux.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(where))
    served = mux.serve_status(where)
    with pytest.raises(ConfigurationError, match="somebody else serves at"):
        mux.serve_status(where)
    where.unlink()
    where.write_text("mine")
    served.close()
    assert where.read_text() == "mine"
    with pytest.raises(ConfigurationError, match="is there and is no socket"):
        mux.serve_status(where)
    with pytest.raises(ConfigurationError, match="No such file or directory"):
        mux.serve_status(tmp_path / "nowhere" / "mux.sock")
    with pytest.raises(ConfigurationError, match="too long"):
        mux.serve_status("/tmp/" + "x" * 200)


@pytest.mark.parametrize("where", [None, True, "", 1.5, -1, 65536])
async def test_what_is_no_place(where: Any, mux: ConnectionMultiplexer) -> None:
    with pytest.raises(DataError, match="serve_status: "):
        mux.serve_status(where)


async def test_what_is_there_shows_something_else(own_server: RealServer) -> None:
    with View(own_server.port) as view:
        view._socket.sendall(b"PING")
        with pytest.raises(RedisConnectionError, match="shows no state of a multiplexer"):
            view.take()
    with pytest.raises(RedisConnectionError, match="nobody shows anything at 123456"):
        View("123456")


async def test_a_state_that_changes_meanwhile_is_looked_at_again(tmp_path: Path) -> None:
    where = str(tmp_path / "mux.sock")
    errors = [RuntimeError("dictionary changed size during iteration")] * 2

    class Shown:
        def look(self) -> dict[str, Any]:
            if errors:
                raise errors.pop()
            return {"well": True}

    looked_at = Shown()
    served = StatusServer(looked_at.look, where)
    with View(where) as view:
        assert view.take()["status"] == {"well": True}
        errors += [RuntimeError("again and again")] * 10
        with pytest.raises(RedisConnectionError, match="has ended"):
            view.take()
    errors.clear()
    with View(where) as view:
        assert view.take()["status"] == {"well": True}
    served.close()


async def test_a_multiplexer_that_is_forgotten_is_shown_no_longer(server: RealServer, tmp_path: Path) -> None:
    where = str(tmp_path / "mux.sock")

    class Shown:
        def look(self) -> dict[str, Any]:
            return {}

    looked_at = Shown()
    served = StatusServer(looked_at.look, where)
    with View(where) as view:
        assert view.take()["status"] == {}
    del looked_at
    gc.collect()
    await until(lambda: not Path(where).exists())
    await until(lambda: not served._thread.is_alive())
