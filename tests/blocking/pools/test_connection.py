# Generated from tests/asyncio/pools/test_connection.py by scripts/generate_blocking.py; change that file instead.
"""A connection used alone."""

from __future__ import annotations

import gc
import socket
from collections.abc import Iterator
from errno import ECONNREFUSED
from typing import Any

import pytest

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
from multiplexer.pools.blocking import (
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


@pytest.fixture
def connection(options: dict[str, Any]) -> Iterator[Connection]:
    connection = Connection(**options)
    yield connection
    connection.disconnect()


def test_connects_when_first_used(connection: Connection, target: Target) -> None:
    assert connection._sock is None
    assert not connection.is_connected
    assert ask(connection, "SET", "key", 1.5) == b"OK"
    assert ask(connection, "GET", "key") == b"1.5"
    assert isinstance(connection._sock, socket.socket)
    assert connection.get_protocol() == target.protocol
    assert ask(connection, "CLIENT ID") == connection.client_id
    number = connection._sock.fileno()
    connection.connect()
    assert connection._sock.fileno() == number
    connection.disconnect()
    connection.disconnect()
    assert connection._sock is None
    assert ask(connection, "GET", "key") == b"1.5"


def test_introduces_itself(options: dict[str, Any], server: RealServer) -> None:
    connection = Connection(**options, db=3, client_name="worker-7", lib_name="lib", lib_version="1.2")
    connection.connect()
    (client,) = [client for client in server.clients() if client["name"] == "worker-7"]
    assert client["db"] == "3"
    assert client["id"] == str(connection.client_id)
    if server.version >= (7, 2):
        assert (client["lib-name"], client["lib-ver"]) == ("lib", "1.2")
    assert repr(connection).endswith(f"Connection(host=127.0.0.1,port={server.port},db=3,client_name=worker-7)>")
    assert (connection.host, connection.port, connection.db) == ("127.0.0.1", server.port, 3)
    connection.disconnect()


def test_takes_resp3_by_default_where_the_server_has_it(server: RealServer) -> None:
    connection = Connection(host=server.host, port=server.port)
    assert ask(connection, "HGETALL", "nothing") == {}
    assert connection.get_protocol() == 3
    connection.disconnect()
    with ScriptedServer(resp3=False) as old:
        connection = Connection(host=old.host, port=old.port)
        connection.connect()
        assert connection.get_protocol() == 2
        connection.disconnect()
        connection = Connection(host=old.host, port=old.port, protocol=3)
        with pytest.raises(RedisConnectionError, match="RESP3"):
            connection.connect()
        assert connection._sock is None


def test_authenticates_before_anything_else() -> None:
    with ScriptedServer(password="secret") as server:
        connection = Connection(host=server.host, port=server.port, username="default", password="secret", db=1)
        assert ask(connection, "PING") == b"PONG"
        assert server.commands()[0] == (b"AUTH", b"default", b"secret")
        assert "secret" not in repr(connection)
        connection.disconnect()


@pytest.mark.parametrize("password", ["wrong", None])
def test_wrong_credentials(password: str | None) -> None:
    with RealServer.start(password="secret") as server:
        connection = Connection(host=server.host, port=server.port, password=password)
        with pytest.raises(RedisConnectionError) as caught:
            connection.connect()
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
def test_asks_a_provider_for_credentials_each_time(credentials: tuple[str, ...]) -> None:
    provider = Provider(*credentials)
    with RealServer.start(password="secret") as server:
        connection = Connection(host=server.host, port=server.port, credential_provider=provider)
        assert ask(connection, "PING") == b"PONG"
        connection.disconnect()
        assert ask(connection, "PING") == b"PONG"
        assert provider.calls == 2
        connection.disconnect()
    with pytest.raises(DataError, match="credential_provider"):
        Connection(credential_provider=provider, password="x")


def test_a_database_that_is_not_there(options: dict[str, Any]) -> None:
    with pytest.raises(RedisConnectionError, match="database 999"):
        Connection(**options, db=999).connect()


def test_errors_are_raised_and_the_connection_goes_on(connection: Connection) -> None:
    connection.send_command("NO-SUCH-COMMAND")
    with pytest.raises(ResponseError, match="unknown command") as caught:
        connection.read_response()
    assert caught.value.was_sent
    assert ask(connection, "PING") == b"PONG"


def test_a_refused_argument_leaves_nothing_behind(connection: Connection) -> None:
    for argument in (None, True, [1], object()):
        with pytest.raises(DataError, match="SET: argument 2"):
            connection.send_command("SET", "key", argument)
    assert ask(connection, "EXISTS", "key") == 0
    assert not connection.has_unread()


def test_names_of_several_words_and_odd_arguments(connection: Connection) -> None:
    assert ask(connection, "CONFIG GET", "maxmemory-policy")
    assert ask(connection, "ECHO", bytearray(b"abc")) == b"abc"
    assert ask(connection, "ECHO", memoryview(b"abc")) == b"abc"
    assert ask(connection, "ECHO", "é") == "é".encode()
    large = b"x" * 1_000_000
    assert ask(connection, "ECHO", large) == large


def test_packs_and_sends_several_commands(connection: Connection) -> None:
    packed = connection.pack_commands([("SET", "a", b"x" * 20_000), ("STRLEN", "a"), ("DEL", "a")])
    assert isinstance(packed, list)
    assert all(isinstance(chunk, bytes) for chunk in packed)
    connection.send_packed_command(packed)
    assert [connection.read_response() for _ in range(3)] == [b"OK", 20_000, 1]
    assert not connection.has_unread()
    joined = b"".join(connection.pack_command("PING")) * 2
    for form in (joined, joined.decode(), [joined], [joined[:5], joined[5:]]):
        connection.send_packed_command(form)
        assert connection.has_unread()
        assert [connection.read_response() for _ in range(2)] == [b"PONG", b"PONG"]
        assert not connection.has_unread()


def test_bytes_of_which_nobody_can_tell_how_many_replies_they_bring(connection: Connection) -> None:
    connection.send_packed_command(b"PING\r\nPING\r\n")
    assert connection.read_response() == b"PONG"
    assert connection.read_response() == b"PONG"
    assert connection.has_unread()  # for all anybody knows


def test_decodes_replies(options: dict[str, Any]) -> None:
    connection = Connection(**options, decode_responses=True)
    ask(connection, "HSET", "hash", "field", "wért")
    assert ask(connection, "HGETALL", "hash") in ({"field": "wért"}, ["field", "wért"])
    assert ask(connection, "HGET", "hash", "field") == "wért"
    connection.send_command("HGET", "hash", "field")
    assert connection.read_response(disable_decoding=True) == "wért".encode()
    ask(connection, "SET", "binary", b"\xff")
    connection.send_command("GET", "binary")
    with pytest.raises(UnicodeDecodeError):
        connection.read_response()
    assert ask(connection, "PING") == "PONG"
    connection.disconnect()
    connection = Connection(**options, encoding="latin-1", decode_responses=True)
    assert ask(connection, "ECHO", "é") == "é"
    assert ask(connection, "GET", "binary") == "ÿ"
    assert connection.pack_command("ECHO", "é") == [b"*2\r\n$4\r\nECHO\r\n$1\r\n\xe9\r\n"]
    connection.disconnect()
    connection = Connection(**options, encoding_errors="replace", decode_responses=True)
    assert ask(connection, "MGET", "binary", "none") == ["\ufffd", None]
    connection.disconnect()


def test_a_timeout_closes_the_connection(connection: Connection) -> None:
    connection.connect()
    connection.socket_timeout = 0.05
    connection.send_command("BLPOP", "list", 0)
    with pytest.raises(RedisTimeoutError, match=r"Timeout reading from 127\.0\.0\.1:") as caught:
        connection.read_response()
    assert caught.value.was_sent
    assert connection._sock is None
    with pytest.raises(RedisConnectionError, match="closed"):
        connection.read_response()
    connection.socket_timeout = 5
    assert ask(connection, "PING") == b"PONG"


def test_a_timeout_for_one_reply(connection: Connection) -> None:
    connection.send_command("BLPOP", "list", 0)
    with pytest.raises(RedisTimeoutError):
        connection.read_response(timeout=0.02, disconnect_on_error=False)
    assert connection.has_unread()
    other = Connection(host=connection.host, port=connection.port)
    ask(other, "RPUSH", "list", "item")
    other.disconnect()
    assert connection.read_response(timeout=None) == [b"list", b"item"]
    assert not connection.has_unread()


def test_the_deadline_is_that_of_the_whole_reply(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        connection = Connection(host=proxy.host, port=proxy.port, socket_timeout=0.3)
        ask(connection, "SET", "key", "x" * 1000)
        proxy.dribble(pause=0.01, direction="to_client")
        connection.send_command("GET", "key")
        with pytest.raises(RedisTimeoutError):
            connection.read_response()
        assert connection._sock is None


def test_a_request_the_server_does_not_take_in_time(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        connection = Connection(host=proxy.host, port=proxy.port, socket_timeout=0.2)
        connection.connect()
        proxy.stall("to_server")
        with pytest.raises(RedisTimeoutError, match="writing to"):
            connection.send_command("SET", "key", b"x" * 50_000_000)
        assert connection._sock is None


def test_large_requests_in_parts(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        connection = Connection(host=proxy.host, port=proxy.port)
        proxy.limit(40_000)
        value = bytes(range(256)) * 20_000
        connection.send_packed_command(connection.pack_commands([("SET", "key", value), ("GET", "key")]))
        assert connection.read_response() == b"OK"
        assert connection.read_response() == value
        connection.disconnect()


@pytest.mark.parametrize("reset", [False, True])
def test_a_connection_cut_within_a_reply(server: RealServer, reset: bool) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        connection = Connection(host=proxy.host, port=proxy.port)
        ask(connection, "SET", "key", "x" * 1000)
        proxy.cut(after_bytes=100, reset=reset)
        connection.send_command("GET", "key")
        with pytest.raises(RedisConnectionError) as caught:
            connection.read_response()
        assert caught.value.was_sent
        assert ask(connection, "GET", "key") == b"x" * 1000
        connection.disconnect()


def test_a_server_that_is_not_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        refused = rf"^Error {ECONNREFUSED} connecting to 127\.0\.0\.1:{port}\. Connection refused\.$"
        with pytest.raises(RedisConnectionError, match=refused):
            Connection(host="127.0.0.1", port=port).connect()


def test_a_server_that_never_answers() -> None:
    with ScriptedServer() as server:
        server.on("*", Silence())
        connection = Connection(host=server.host, port=server.port, socket_connect_timeout=0.05)
        with pytest.raises(RedisTimeoutError):
            connection.connect()
        assert connection._sock is None


def test_connecting_is_tried_again_as_asked() -> None:
    with ScriptedServer() as server:
        attempts: list[int] = []

        class Unlucky(Connection):
            def _connect(self) -> socket.socket:
                attempts.append(1)
                if len(attempts) < 2:
                    raise TimeoutError
                return super()._connect()

        connection = Unlucky(host=server.host, port=server.port, retry_on_timeout=True)
        assert ask(connection, "PING") == b"PONG"
        assert len(attempts) == 2
        connection.disconnect()
        attempts.clear()
        with pytest.raises(RedisTimeoutError):
            Unlucky(host=server.host, port=server.port).connect()


def test_a_server_that_is_loading() -> None:
    with ScriptedServer() as server:
        connection = Connection(host=server.host, port=server.port)
        connection.connect()
        server.on("GET", Error("LOADING dataset in memory"))
        connection.send_command("GET", "key")
        with pytest.raises(BusyLoadingError):
            connection.read_response()
        assert connection._sock is None


def test_what_is_no_resp_ends_the_connection() -> None:
    with ScriptedServer() as server:
        connection = Connection(host=server.host, port=server.port)
        connection.connect()
        server.on("GET", Raw(b"nonsense\r\n"))
        connection.send_command("GET", "key")
        with pytest.raises(ProtocolError):
            connection.read_response(disconnect_on_error=False)
        assert connection._sock is None


def test_attributes_are_no_replies() -> None:
    with ScriptedServer() as server:
        connection = Connection(host=server.host, port=server.port, decode_responses=True)
        connection.connect()
        server.on("GET", Raw(b"|1\r\n+ttl\r\n:3600\r\n$4\r\na|\n|\r\n|1\r\n+ttl\r\n:1\r\n"))
        server.on("PING", Raw(b"+PONG\r\n"))
        assert ask(connection, "GET", "key") == "a|\n|"
        assert ask(connection, "PING") == "PONG"
        connection.disconnect()


def test_pushes_are_no_replies() -> None:
    with ScriptedServer() as server:
        connection = Connection(host=server.host, port=server.port)
        connection.connect()
        server.on("GET", Many(Push("invalidate", ["key"]), "value"))
        assert ask(connection, "GET", "key") == b"value"
        pushes: list[Any] = []
        connection.set_push_handler(pushes.append)
        assert ask(connection, "GET", "key") == b"value"
        assert pushes == [[b"invalidate", [b"key"]]]
        connection.send_command("GET", "key")
        assert connection.read_response(push_request=True) == [b"invalidate", [b"key"]]
        assert connection.read_response(push_request=True) == b"value"
        assert not connection.has_unread()
        connection.disconnect()


def test_can_read(connection: Connection, own_server: RealServer) -> None:
    assert not connection.can_read()
    assert not connection.can_read(timeout=0.01)
    connection.send_command("PING")
    assert connection.can_read(timeout=5)
    assert connection.read_response() == b"PONG"
    assert not connection.can_read()
    connection.send_packed_command(connection.pack_commands([("PING",), ("PING",)]))
    connection.read_response()
    assert connection.can_read(timeout=None)
    connection.read_response()
    ended = Connection(host=own_server.host, port=own_server.port)
    ended.connect()
    own_server.kill()
    assert ended.can_read(timeout=5)
    with pytest.raises(RedisConnectionError):
        ended.read_response()


def test_health_is_checked_before_a_command() -> None:
    with ScriptedServer() as server:
        connection = Connection(host=server.host, port=server.port, health_check_interval=30)
        ask(connection, "GET", "key")
        assert server.commands("PING") == []
        connection.next_health_check = 0
        ask(connection, "GET", "key")
        assert [name for (name, *_) in server.commands()][-2:] == [b"PING", b"GET"]
        ask(connection, "GET", "key")
        assert len(server.commands("PING")) == 1
        connection.next_health_check = 0
        connection.send_command("GET", "key", check_health=False)
        connection.read_response()
        assert len(server.commands("PING")) == 1
        server.on("PING", Close())
        connection.next_health_check = 0
        with pytest.raises(RedisConnectionError):
            connection.send_command("GET", "key")
        assert connection._sock is None


def test_health_is_checked_again_where_retries_are_asked_for() -> None:
    with ScriptedServer() as server:
        connection = Connection(
            host=server.host, port=server.port, health_check_interval=30, retry_on_error=[RedisConnectionError]
        )
        connection.connect()
        server.close_connections()
        connection.next_health_check = 0
        assert ask(connection, "ECHO", "x") == b"x"
        assert server.accepted == 2
        connection.disconnect()


class Owner:
    def __init__(self) -> None:
        self.seen: list[Any] = []

    def on_connect(self, connection: Any) -> None:
        self.seen.append(ask(connection, "PING"))


def test_callbacks_on_connecting(connection: Connection) -> None:
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
        connection.connect()
        connection.disconnect()
    assert owner.seen == [b"PONG", b"PONG"]
    assert taken_back.seen == []
    assert plain == [connection, connection]


def test_a_connect_function_of_ones_own(options: dict[str, Any]) -> None:
    def introduce(connection: Any) -> None:
        connection.on_connect()
        ask(connection, "CLIENT SETNAME", "mine")

    connection = Connection(**options, redis_connect_func=introduce)
    assert ask(connection, "CLIENT GETNAME") == b"mine"
    connection.disconnect()

    def fail(connection: Any) -> None:
        raise LookupError

    connection = Connection(**options, redis_connect_func=fail)
    with pytest.raises(LookupError):
        connection.connect()
    assert connection._sock is None


def test_subclasses(options: dict[str, Any]) -> None:
    calls: list[str] = []

    class Mine(Connection):
        def __init__(self, *, your_arg: str, **options: Any) -> None:
            super().__init__(**options)
            self.your_arg = your_arg

        def on_connect(self) -> None:
            super().on_connect()
            calls.append("on_connect")
            ask(self, "CLIENT SETNAME", self.your_arg)

        def disconnect(self, *args: Any, **kwargs: Any) -> None:
            calls.append("disconnect")
            super().disconnect(*args, **kwargs)

    connection = Mine(your_arg="me", **options)
    assert ask(connection, "CLIENT GETNAME") == b"me"
    connection.send_command("BLPOP", "nothing", 0)
    with pytest.raises(RedisTimeoutError):
        connection.read_response(timeout=0.01)
    assert calls == ["on_connect", "disconnect"]
    assert connection._sock is None


def test_a_connection_class_of_ones_own(server: RealServer) -> None:
    class Paired(BaseConnection):
        def _connect(self) -> socket.socket:
            sock = socket.socket(socket.AF_UNIX)
            sock.connect(server.unixsocket)
            return sock

    connection = Paired()
    assert ask(connection, "PING") == b"PONG"
    connection.disconnect()
    with pytest.raises(TypeError, match="abstract"):
        AbstractConnection()  # type: ignore[abstract]


def test_unix_sockets(server: RealServer, target: Target) -> None:
    connection = UnixDomainSocketConnection(path=server.unixsocket, db=2, protocol=target.protocol)
    assert ask(connection, "ECHO", b"x" * 300_000) == b"x" * 300_000
    assert f"path={server.unixsocket},db=2" in repr(connection)
    connection.disconnect()
    with pytest.raises(RedisConnectionError, match="/nowhere/socket"):
        UnixDomainSocketConnection(path="/nowhere/socket").connect()


def test_parser_packer_and_encoder_of_ones_own(options: dict[str, Any]) -> None:
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
    assert ask(connection, "ECHO", "ABC") == b"cba"
    connection.disconnect()
    connection.set_parser(HiredisParser)
    assert ask(connection, "ECHO", "ABC") == b"CBA"
    connection.disconnect()


def test_socket_options(server: RealServer) -> None:
    keepalive = {socket.TCP_KEEPIDLE: 7, "TCP_KEEPINTVL": 3, socket.TCP_KEEPCNT: 5}
    documented = {1: 7, 2: 3, 3: 5}
    for given in (keepalive, documented):
        connection = Connection(host=server.host, port=server.port, socket_keepalive_options=given)
        connection.connect()
        sock = connection._sock
        assert sock is not None
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        probes = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
        assert [sock.getsockopt(socket.IPPROTO_TCP, probe) for probe in probes] == [7, 3, 5]
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        connection.disconnect()
    connection = Connection(host="localhost", port=server.port, socket_keepalive=False, socket_type=socket.AF_INET)
    connection.connect()
    assert connection._sock is not None
    assert connection._sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 0
    assert connection._sock.family == socket.AF_INET
    connection.disconnect()


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
def test_options_that_cannot_be(given: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        Connection(**given)


def test_options_that_ask_for_nothing_are_taken() -> None:
    Connection(event_dispatcher=None, maint_notifications_config=None, ssl_disable_dev_restrictions=False)


def test_a_small_buffer_does(options: dict[str, Any]) -> None:
    connection = Connection(**options, socket_read_size=3)
    assert ask(connection, "ECHO", "x" * 100) == b"x" * 100
    connection.disconnect()


def test_a_forgotten_connection_is_closed(options: dict[str, Any], server: RealServer) -> None:
    connection = Connection(**options, client_name="forgotten")
    connection.connect()
    del connection
    gc.collect()
    until(lambda: not [client for client in server.clients() if client["name"] == "forgotten"])
