"""A connection used alone."""

from __future__ import annotations

import gc
import socket
from collections.abc import AsyncIterator
from errno import ECONNREFUSED
from typing import Any

import pytest
import pytest_asyncio

from multiplexer.errors import (
    AuthenticationError,
    BusyLoadingError,
    ConfigurationError,
    DataError,
    ProtocolError,
    RedisConnectionError,
    RedisTimeoutError,
    ResponseError,
)
from multiplexer.pools.asyncio import (
    AbstractConnection,
    BaseConnection,
    Connection,
    Encoder,
    HiredisParser,
    UnixDomainSocketConnection,
)
from tests.conftest import Target
from tests.servers import Close, Error, FaultProxy, Many, Push, Raw, RealServer, ScriptedServer, Silence

from .._world import until
from .using import ask


@pytest_asyncio.fixture
async def connection(options: dict[str, Any]) -> AsyncIterator[Connection]:
    connection = Connection(**options)
    yield connection
    await connection.disconnect()


async def test_connects_when_first_used(connection: Connection, target: Target) -> None:
    assert connection._sock is None
    assert not connection.is_connected
    assert await ask(connection, "SET", "key", 1.5) == b"OK"
    assert await ask(connection, "GET", "key") == b"1.5"
    assert isinstance(connection._sock, socket.socket)
    assert connection.get_protocol() == target.protocol
    assert await ask(connection, "CLIENT ID") == connection.client_id
    number = connection._sock.fileno()
    await connection.connect()
    assert connection._sock.fileno() == number
    await connection.disconnect()
    await connection.disconnect()
    assert connection._sock is None
    assert await ask(connection, "GET", "key") == b"1.5"


async def test_introduces_itself(options: dict[str, Any], server: RealServer) -> None:
    connection = Connection(**options, db=3, client_name="worker-7", lib_name="lib", lib_version="1.2")
    await connection.connect()
    (client,) = [client for client in server.clients() if client["name"] == "worker-7"]
    assert client["db"] == "3"
    assert client["id"] == str(connection.client_id)
    if server.version >= (7, 2):
        assert (client["lib-name"], client["lib-ver"]) == ("lib", "1.2")
    assert repr(connection).endswith(f"Connection(host=127.0.0.1,port={server.port},db=3,client_name=worker-7)>")
    assert (connection.host, connection.port, connection.db) == ("127.0.0.1", server.port, 3)
    await connection.disconnect()


async def test_takes_resp3_by_default_where_the_server_has_it(server: RealServer) -> None:
    connection = Connection(host=server.host, port=server.port)
    assert await ask(connection, "HGETALL", "nothing") == {}
    assert connection.get_protocol() == 3
    await connection.disconnect()
    with ScriptedServer(resp3=False) as old:
        connection = Connection(host=old.host, port=old.port)
        await connection.connect()
        assert connection.get_protocol() == 2
        await connection.disconnect()
        connection = Connection(host=old.host, port=old.port, protocol=3)
        with pytest.raises(RedisConnectionError, match="RESP3"):
            await connection.connect()
        assert connection._sock is None


async def test_authenticates_before_anything_else() -> None:
    with ScriptedServer(password="secret") as server:
        connection = Connection(host=server.host, port=server.port, username="default", password="secret", db=1)
        assert await ask(connection, "PING") == b"PONG"
        assert server.commands()[0] == (b"AUTH", b"default", b"secret")
        assert "secret" not in repr(connection)
        await connection.disconnect()


@pytest.mark.parametrize("password", ["wrong", None])
async def test_wrong_credentials(password: str | None) -> None:
    with RealServer.start(password="secret") as server:
        connection = Connection(host=server.host, port=server.port, password=password)
        with pytest.raises(RedisConnectionError) as caught:
            await connection.connect()
        assert password is None or isinstance(caught.value, AuthenticationError)
        assert connection._sock is None


class Provider:
    def __init__(self, *credentials: str) -> None:
        self.credentials = credentials
        self.calls = 0

    def get_credentials(self) -> tuple[str, ...]:
        self.calls += 1
        return self.credentials


@pytest.mark.parametrize("credentials", [("secret",), ("default", "secret")])
async def test_asks_a_provider_for_credentials_each_time(credentials: tuple[str, ...]) -> None:
    provider = Provider(*credentials)
    with RealServer.start(password="secret") as server:
        connection = Connection(host=server.host, port=server.port, credential_provider=provider)
        assert await ask(connection, "PING") == b"PONG"
        await connection.disconnect()
        assert await ask(connection, "PING") == b"PONG"
        assert provider.calls == 2
        await connection.disconnect()
    with pytest.raises(DataError, match="credential_provider"):
        Connection(credential_provider=provider, password="x")


async def test_a_database_that_is_not_there(options: dict[str, Any]) -> None:
    with pytest.raises(RedisConnectionError, match="database 999"):
        await Connection(**options, db=999).connect()


async def test_errors_are_raised_and_the_connection_goes_on(connection: Connection) -> None:
    await connection.send_command("NO-SUCH-COMMAND")
    with pytest.raises(ResponseError, match="unknown command") as caught:
        await connection.read_response()
    assert caught.value.was_sent
    assert await ask(connection, "PING") == b"PONG"


async def test_a_refused_argument_leaves_nothing_behind(connection: Connection) -> None:
    for argument in (None, True, [1], object()):
        with pytest.raises(DataError, match="SET: argument 2"):
            await connection.send_command("SET", "key", argument)
    assert await ask(connection, "EXISTS", "key") == 0
    assert not connection.has_unread()


async def test_names_of_several_words_and_odd_arguments(connection: Connection) -> None:
    assert await ask(connection, "CONFIG GET", "maxmemory-policy")
    assert await ask(connection, "ECHO", bytearray(b"abc")) == b"abc"
    assert await ask(connection, "ECHO", memoryview(b"abc")) == b"abc"
    assert await ask(connection, "ECHO", "é") == "é".encode()
    large = b"x" * 1_000_000
    assert await ask(connection, "ECHO", large) == large


async def test_packs_and_sends_several_commands(connection: Connection) -> None:
    packed = connection.pack_commands([("SET", "a", b"x" * 20_000), ("STRLEN", "a"), ("DEL", "a")])
    assert isinstance(packed, list)
    assert all(isinstance(chunk, bytes) for chunk in packed)
    await connection.send_packed_command(packed)
    assert [await connection.read_response() for _ in range(3)] == [b"OK", 20_000, 1]
    assert not connection.has_unread()
    joined = b"".join(connection.pack_command("PING")) * 2
    for form in (joined, joined.decode(), [joined], [joined[:5], joined[5:]]):
        await connection.send_packed_command(form)
        assert connection.has_unread()
        assert [await connection.read_response() for _ in range(2)] == [b"PONG", b"PONG"]
        assert not connection.has_unread()


async def test_bytes_of_which_nobody_can_tell_how_many_replies_they_bring(connection: Connection) -> None:
    await connection.send_packed_command(b"PING\r\nPING\r\n")
    assert await connection.read_response() == b"PONG"
    assert await connection.read_response() == b"PONG"
    assert connection.has_unread()  # for all anybody knows


async def test_decodes_replies(options: dict[str, Any]) -> None:
    connection = Connection(**options, decode_responses=True)
    await ask(connection, "HSET", "hash", "field", "wért")
    assert await ask(connection, "HGETALL", "hash") in ({"field": "wért"}, ["field", "wért"])
    assert await ask(connection, "HGET", "hash", "field") == "wért"
    await connection.send_command("HGET", "hash", "field")
    assert await connection.read_response(disable_decoding=True) == "wért".encode()
    await ask(connection, "SET", "binary", b"\xff")
    await connection.send_command("GET", "binary")
    with pytest.raises(UnicodeDecodeError):
        await connection.read_response()
    assert await ask(connection, "PING") == "PONG"
    await connection.disconnect()
    connection = Connection(**options, encoding="latin-1", decode_responses=True)
    assert await ask(connection, "ECHO", "é") == "é"
    assert await ask(connection, "GET", "binary") == "ÿ"
    assert connection.pack_command("ECHO", "é") == [b"*2\r\n$4\r\nECHO\r\n$1\r\n\xe9\r\n"]
    await connection.disconnect()
    connection = Connection(**options, encoding_errors="replace", decode_responses=True)
    assert await ask(connection, "MGET", "binary", "none") == ["\ufffd", None]
    await connection.disconnect()


async def test_a_timeout_closes_the_connection(connection: Connection) -> None:
    await connection.connect()
    connection.socket_timeout = 0.05
    await connection.send_command("BLPOP", "list", 0)
    with pytest.raises(RedisTimeoutError, match=r"Timeout reading from 127\.0\.0\.1:") as caught:
        await connection.read_response()
    assert caught.value.was_sent
    assert connection._sock is None
    with pytest.raises(RedisConnectionError, match="closed"):
        await connection.read_response()
    connection.socket_timeout = 5
    assert await ask(connection, "PING") == b"PONG"


async def test_a_timeout_for_one_reply(connection: Connection) -> None:
    await connection.send_command("BLPOP", "list", 0)
    with pytest.raises(RedisTimeoutError):
        await connection.read_response(timeout=0.02, disconnect_on_error=False)
    assert connection.has_unread()
    other = Connection(host=connection.host, port=connection.port)
    await ask(other, "RPUSH", "list", "item")
    await other.disconnect()
    assert await connection.read_response(timeout=None) == [b"list", b"item"]
    assert not connection.has_unread()


async def test_the_deadline_is_that_of_the_whole_reply(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        connection = Connection(host=proxy.host, port=proxy.port, socket_timeout=0.3)
        await ask(connection, "SET", "key", "x" * 1000)
        proxy.dribble(pause=0.01, direction="to_client")
        await connection.send_command("GET", "key")
        with pytest.raises(RedisTimeoutError):
            await connection.read_response()
        assert connection._sock is None


async def test_a_request_the_server_does_not_take_in_time(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        connection = Connection(host=proxy.host, port=proxy.port, socket_timeout=0.2)
        await connection.connect()
        proxy.stall("to_server")
        with pytest.raises(RedisTimeoutError, match="writing to"):
            await connection.send_command("SET", "key", b"x" * 50_000_000)
        assert connection._sock is None


async def test_large_requests_in_parts(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        connection = Connection(host=proxy.host, port=proxy.port)
        proxy.limit(40_000)
        value = bytes(range(256)) * 20_000
        await connection.send_packed_command(connection.pack_commands([("SET", "key", value), ("GET", "key")]))
        assert await connection.read_response() == b"OK"
        assert await connection.read_response() == value
        await connection.disconnect()


@pytest.mark.parametrize("reset", [False, True])
async def test_a_connection_cut_within_a_reply(server: RealServer, reset: bool) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        connection = Connection(host=proxy.host, port=proxy.port)
        await ask(connection, "SET", "key", "x" * 1000)
        proxy.cut(after_bytes=100, reset=reset)
        await connection.send_command("GET", "key")
        with pytest.raises(RedisConnectionError) as caught:
            await connection.read_response()
        assert caught.value.was_sent
        assert await ask(connection, "GET", "key") == b"x" * 1000
        await connection.disconnect()


async def test_a_server_that_is_not_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        refused = rf"^Error {ECONNREFUSED} connecting to 127\.0\.0\.1:{port}\. Connection refused\.$"
        with pytest.raises(RedisConnectionError, match=refused):
            await Connection(host="127.0.0.1", port=port).connect()


async def test_a_server_that_never_answers() -> None:
    with ScriptedServer() as server:
        server.on("*", Silence())
        connection = Connection(host=server.host, port=server.port, socket_connect_timeout=0.05)
        with pytest.raises(RedisTimeoutError):
            await connection.connect()
        assert connection._sock is None


async def test_connecting_is_tried_again_as_asked() -> None:
    with ScriptedServer() as server:
        attempts: list[int] = []

        class Unlucky(Connection):
            async def _connect(self) -> socket.socket:
                attempts.append(1)
                if len(attempts) < 2:
                    raise TimeoutError
                return await super()._connect()

        connection = Unlucky(host=server.host, port=server.port, retry_on_timeout=True)
        assert await ask(connection, "PING") == b"PONG"
        assert len(attempts) == 2
        await connection.disconnect()
        attempts.clear()
        with pytest.raises(RedisTimeoutError):
            await Unlucky(host=server.host, port=server.port).connect()


async def test_a_server_that_is_loading() -> None:
    with ScriptedServer() as server:
        connection = Connection(host=server.host, port=server.port)
        await connection.connect()
        server.on("GET", Error("LOADING dataset in memory"))
        await connection.send_command("GET", "key")
        with pytest.raises(BusyLoadingError):
            await connection.read_response()
        assert connection._sock is None


async def test_what_is_no_resp_ends_the_connection() -> None:
    with ScriptedServer() as server:
        connection = Connection(host=server.host, port=server.port)
        await connection.connect()
        server.on("GET", Raw(b"nonsense\r\n"))
        await connection.send_command("GET", "key")
        with pytest.raises(ProtocolError):
            await connection.read_response(disconnect_on_error=False)
        assert connection._sock is None


async def test_attributes_are_no_replies() -> None:
    with ScriptedServer() as server:
        connection = Connection(host=server.host, port=server.port, decode_responses=True)
        await connection.connect()
        server.on("GET", Raw(b"|1\r\n+ttl\r\n:3600\r\n$4\r\na|\n|\r\n|1\r\n+ttl\r\n:1\r\n"))
        server.on("PING", Raw(b"+PONG\r\n"))
        assert await ask(connection, "GET", "key") == "a|\n|"
        assert await ask(connection, "PING") == "PONG"
        await connection.disconnect()


async def test_pushes_are_no_replies() -> None:
    with ScriptedServer() as server:
        connection = Connection(host=server.host, port=server.port)
        await connection.connect()
        server.on("GET", Many(Push("invalidate", ["key"]), "value"))
        assert await ask(connection, "GET", "key") == b"value"
        pushes: list[Any] = []
        connection.set_push_handler(pushes.append)
        assert await ask(connection, "GET", "key") == b"value"
        assert pushes == [[b"invalidate", [b"key"]]]
        await connection.send_command("GET", "key")
        assert await connection.read_response(push_request=True) == [b"invalidate", [b"key"]]
        assert await connection.read_response(push_request=True) == b"value"
        assert not connection.has_unread()
        await connection.disconnect()


async def test_can_read(connection: Connection, own_server: RealServer) -> None:
    assert not await connection.can_read()
    assert not await connection.can_read(timeout=0.01)
    await connection.send_command("PING")
    assert await connection.can_read(timeout=5)
    assert await connection.read_response() == b"PONG"
    assert not await connection.can_read()
    await connection.send_packed_command(connection.pack_commands([("PING",), ("PING",)]))
    await connection.read_response()
    assert await connection.can_read(timeout=None)
    await connection.read_response()
    ended = Connection(host=own_server.host, port=own_server.port)
    await ended.connect()
    own_server.kill()
    assert await ended.can_read(timeout=5)
    with pytest.raises(RedisConnectionError):
        await ended.read_response()


async def test_health_is_checked_before_a_command() -> None:
    with ScriptedServer() as server:
        connection = Connection(host=server.host, port=server.port, health_check_interval=30)
        await ask(connection, "GET", "key")
        assert server.commands("PING") == []
        connection.next_health_check = 0
        await ask(connection, "GET", "key")
        assert [name for (name, *_) in server.commands()][-2:] == [b"PING", b"GET"]
        await ask(connection, "GET", "key")
        assert len(server.commands("PING")) == 1
        connection.next_health_check = 0
        await connection.send_command("GET", "key", check_health=False)
        await connection.read_response()
        assert len(server.commands("PING")) == 1
        server.on("PING", Close())
        connection.next_health_check = 0
        with pytest.raises(RedisConnectionError):
            await connection.send_command("GET", "key")
        assert connection._sock is None


async def test_health_is_checked_again_where_retries_are_asked_for() -> None:
    with ScriptedServer() as server:
        connection = Connection(
            host=server.host, port=server.port, health_check_interval=30, retry_on_error=[RedisConnectionError]
        )
        await connection.connect()
        server.close_connections()
        connection.next_health_check = 0
        assert await ask(connection, "ECHO", "x") == b"x"
        assert server.accepted == 2
        await connection.disconnect()


class Owner:
    def __init__(self) -> None:
        self.seen: list[Any] = []

    async def on_connect(self, connection: Any) -> None:
        self.seen.append(await ask(connection, "PING"))


async def test_callbacks_on_connecting(connection: Connection) -> None:
    owner, gone, taken_back = Owner(), Owner(), Owner()
    plain: list[Any] = []

    def function(connection: Any) -> None:
        plain.append(connection)

    for callback in (owner.on_connect, owner.on_connect, gone.on_connect, taken_back.on_connect, function):
        connection.register_connect_callback(callback)
    connection.deregister_connect_callback(taken_back.on_connect)
    del gone
    gc.collect()
    for _ in range(2):
        await connection.connect()
        await connection.disconnect()
    assert owner.seen == [b"PONG", b"PONG"]
    assert taken_back.seen == []
    assert plain == [connection, connection]


async def test_a_connect_function_of_ones_own(options: dict[str, Any]) -> None:
    async def introduce(connection: Any) -> None:
        await connection.on_connect()
        await ask(connection, "CLIENT SETNAME", "mine")

    connection = Connection(**options, redis_connect_func=introduce)
    assert await ask(connection, "CLIENT GETNAME") == b"mine"
    await connection.disconnect()

    def fail(connection: Any) -> None:
        raise LookupError

    connection = Connection(**options, redis_connect_func=fail)
    with pytest.raises(LookupError):
        await connection.connect()
    assert connection._sock is None


async def test_subclasses(options: dict[str, Any]) -> None:
    calls: list[str] = []

    class Mine(Connection):
        def __init__(self, *, your_arg: str, **options: Any) -> None:
            super().__init__(**options)
            self.your_arg = your_arg

        async def on_connect(self) -> None:
            await super().on_connect()
            calls.append("on_connect")
            await ask(self, "CLIENT SETNAME", self.your_arg)

        async def disconnect(self, *args: Any, **kwargs: Any) -> None:
            calls.append("disconnect")
            await super().disconnect(*args, **kwargs)

    connection = Mine(your_arg="me", **options)
    assert await ask(connection, "CLIENT GETNAME") == b"me"
    await connection.send_command("BLPOP", "nothing", 0)
    with pytest.raises(RedisTimeoutError):
        await connection.read_response(timeout=0.01)
    assert calls == ["on_connect", "disconnect"]
    assert connection._sock is None


async def test_a_connection_class_of_ones_own(server: RealServer) -> None:
    class Paired(BaseConnection):
        async def _connect(self) -> socket.socket:
            sock = socket.socket(socket.AF_UNIX)
            sock.connect(server.unixsocket)
            return sock

    connection = Paired()
    assert await ask(connection, "PING") == b"PONG"
    await connection.disconnect()
    with pytest.raises(TypeError, match="abstract"):
        AbstractConnection()  # type: ignore[abstract]


async def test_unix_sockets(server: RealServer, target: Target) -> None:
    connection = UnixDomainSocketConnection(path=server.unixsocket, db=2, protocol=target.protocol)
    assert await ask(connection, "ECHO", b"x" * 300_000) == b"x" * 300_000
    assert f"path={server.unixsocket},db=2" in repr(connection)
    await connection.disconnect()
    with pytest.raises(RedisConnectionError, match="/nowhere/socket"):
        await UnixDomainSocketConnection(path="/nowhere/socket").connect()


async def test_parser_packer_and_encoder_of_ones_own(options: dict[str, Any]) -> None:
    class Packer:
        def pack(self, *args: Any) -> list[bytes]:
            return [b"*%d\r\n" % len(args), *(b"$%d\r\n%b\r\n" % (len(arg), arg.encode()) for arg in map(str, args))]

    class Parser(HiredisParser):
        def gets(self) -> Any:
            reply = super().gets()
            return reply.lower() if isinstance(reply, bytes) else reply

    class Reversing(Encoder):
        def decode(self, value: Any, force: bool = False) -> Any:
            return value[::-1]

    connection = Connection(
        **options, command_packer=Packer(), parser_class=Parser, encoder_class=Reversing, decode_responses=True
    )
    assert await ask(connection, "ECHO", "ABC") == b"cba"
    await connection.disconnect()
    connection.set_parser(HiredisParser)
    assert await ask(connection, "ECHO", "ABC") == b"CBA"
    await connection.disconnect()


async def test_socket_options(server: RealServer) -> None:
    keepalive = {socket.TCP_KEEPIDLE: 7, "TCP_KEEPINTVL": 3, socket.TCP_KEEPCNT: 5}
    documented = {1: 7, 2: 3, 3: 5}
    for given in (keepalive, documented):
        connection = Connection(host=server.host, port=server.port, socket_keepalive_options=given)
        await connection.connect()
        sock = connection._sock
        assert sock is not None
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        probes = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
        assert [sock.getsockopt(socket.IPPROTO_TCP, probe) for probe in probes] == [7, 3, 5]
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        await connection.disconnect()
    connection = Connection(host="localhost", port=server.port, socket_keepalive=False, socket_type=socket.AF_INET)
    await connection.connect()
    assert connection._sock is not None
    assert connection._sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 0
    assert connection._sock.family == socket.AF_INET
    await connection.disconnect()


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"no_such_option": 1}, TypeError, "Connection has no option 'no_such_option'"),
        ({"ssl_disable_dev_restrictions": True}, ConfigurationError, "ssl_disable_dev_restrictions: no such"),
        ({"event_dispatcher": object()}, ConfigurationError, "event_dispatcher: "),
        ({"maint_notifications_config": object()}, ConfigurationError, "maint_notifications_config: "),
        ({"client_name": "two words"}, ConfigurationError, "client_name: "),
        ({"protocol": 4}, ConfigurationError, "protocol: "),
        ({"socket_timeout": -1}, ConfigurationError, "socket_timeout: "),
        ({"socket_connect_timeout": "5"}, ConfigurationError, "socket_connect_timeout: "),
        ({"health_check_interval": -1}, ConfigurationError, "health_check_interval: "),
        ({"socket_read_size": 0}, ConfigurationError, "socket_read_size: "),
        ({"socket_keepalive_options": {99: 1}}, ConfigurationError, "socket_keepalive_options: 99"),
    ],
)
async def test_options_that_cannot_be(given: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        Connection(**given)


async def test_options_that_ask_for_nothing_are_taken() -> None:
    Connection(event_dispatcher=None, maint_notifications_config=None, ssl_disable_dev_restrictions=False)


async def test_a_small_buffer_does(options: dict[str, Any]) -> None:
    connection = Connection(**options, socket_read_size=3)
    assert await ask(connection, "ECHO", "x" * 100) == b"x" * 100
    await connection.disconnect()


async def test_a_forgotten_connection_is_closed(options: dict[str, Any], server: RealServer) -> None:
    connection = Connection(**options, client_name="forgotten")
    await connection.connect()
    del connection
    gc.collect()
    await until(lambda: not [client for client in server.clients() if client["name"] == "forgotten"])
