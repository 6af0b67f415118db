"""Commands about connections."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from multiplexer.errors import DataError, ResponseError

from .._world import until
from .requirements import requires


@contextmanager
def other_client(server) -> Iterator[tuple[socket.socket, int, str]]:
    """Connect without the package's help; yields the socket, the client's number and its address."""
    with socket.create_connection((server.host, server.port), timeout=10) as connection:
        connection.sendall(b"CLIENT ID\r\n")
        number = int(connection.recv(100)[1:])
        host, port = connection.getsockname()
        yield connection, number, f"{host}:{port}"


async def test_ping_and_echo(db, db_str):
    assert await db.ping() is True
    assert await db.echo("wörld") == "wörld".encode()
    assert await db_str.echo(1.5) == "1.5"


async def test_the_own_connection(db):
    number = await db.client_id()
    assert number > 0
    info = await db.client_info()
    assert info["id"] == number
    assert info["cmd"] == "client|info"
    assert info["user"] == "default"
    assert await db.client_getredir() == -1
    assert (await db.client_getname() or "") == info["name"]


async def test_client_list(db, server):
    number = await db.client_id()
    with other_client(server) as (_, other, address):
        clients = {client["id"]: client for client in await db.client_list()}
        assert clients[str(other)]["addr"] == address
        assert str(number) in clients
        assert [client["id"] for client in await db.client_list(client_id=[other])] == [str(other)]
        assert [client["id"] for client in await db.client_list(client_id=other)] == [str(other)]
        assert str(other) in {client["id"] for client in await db.client_list("normal")}
        assert await db.client_list("replica") == []
    with pytest.raises(DataError, match="CLIENT LIST: _type must be one of NORMAL"):
        db.client_list("odd")
    with pytest.raises(DataError, match="CLIENT LIST: _type and client_id contradict each other"):
        db.client_list("normal", [number])


async def test_client_kill(db, server):
    with other_client(server) as (connection, _, address):
        assert await db.client_kill(address) is True
        assert connection.recv(1) == b""
    with pytest.raises(ResponseError, match="No such client"):
        await db.client_kill("127.0.0.1:1")


async def test_client_kill_filter(db, server):
    with other_client(server) as (connection, number, address):
        assert await db.client_kill_filter(_id=number, addr="127.0.0.1:1") == 0
        assert await db.client_kill_filter(_type="normal", addr=address, user="default", skipme=True) == 1
        assert connection.recv(1) == b""
    with pytest.raises(DataError, match="CLIENT KILL: a filter must be given"):
        db.client_kill_filter()
    with pytest.raises(DataError, match="CLIENT KILL: _type must be one of NORMAL"):
        db.client_kill_filter(_type="odd")


@requires(valkey=(8, 0), redis=(7, 4))
async def test_client_kill_by_age(db):
    assert await db.client_kill_filter(maxage=1_000_000) == 0


async def test_client_trackinginfo(db):
    assert await db.client_trackinginfo() == {"flags": ["off"], "redirect": -1, "prefixes": []}


async def test_client_pause(db, server):
    with other_client(server) as (connection, _, _):
        assert await db.client_pause(60_000, all=False) is True
        try:
            connection.sendall(b"SET k v\r\n")
            await until(lambda: server.info("clients")["blocked_clients"] == "1")
        finally:
            assert await db.client_unpause() is True
        assert connection.recv(100) == b"+OK\r\n"
    assert await db.client_pause(1) is True
    assert await db.ping() is True
    with pytest.raises(DataError, match="CLIENT PAUSE: timeout must not be negative"):
        db.client_pause(-1)


async def test_client_unblock(db, server):
    with other_client(server) as (connection, number, _):
        assert await db.client_unblock(number) is False
        connection.sendall(b"BLPOP none 0\r\n")
        await until(lambda: db.client_unblock(number))
        assert connection.recv(100) == b"*-1\r\n"
        connection.sendall(b"BLPOP none 0\r\n")
        await until(lambda: db.client_unblock(number, error=True))
        assert connection.recv(100).startswith(b"-UNBLOCKED")


@requires(valkey=(9, 0), redis=None)
async def test_further_conditions_for_clients(db, server):
    with other_client(server):
        own = await db.client_id()
        assert own in [int(client["id"]) for client in await db.client_list()]
        assert [int(client["id"]) for client in await db.client_list(filters={"not-id": own})] != []
        assert own not in [int(client["id"]) for client in await db.client_list(filters={"not-id": own})]
        assert await db.client_list(filters={"lib-name": "nobody's", "skipme": "no"}) == []
        assert await db.client_kill_filter(filters={"lib-name": "nobody's"}) == 0
