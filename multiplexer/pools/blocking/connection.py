# Generated from multiplexer/pools/asyncio/connection.py by scripts/generate_blocking.py; change that file instead.
"""One connection of its holder's own: a socket, what is said over it, and what is still to be read from it."""

from __future__ import annotations

import copy
import os
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from ...configuration.hidden import hidden, shown
from ...core.handshake.conversation import Steps
from ...core.handshake.handshake import Introduction, handshake
from ...core.wire.resp import NO_REPLY, PushNotification
from ...drivers.threads.background import in_thread
from ...drivers.threads.streams import Stream
from ...errors import (
    ConfigurationError,
    DataError,
    ProtocolError,
    ReadOnlyError,
    RedisConnectionError,
    RedisError,
    RedisTimeoutError,
)
from ...retry import NoBackoff, Retry
from ..encoder import Encoder, PackedCommands, count_commands
from ..options import LIBRARY, check_client_name, check_protocol, check_seconds, refuse_options
from ..parser import DefaultParser

if TYPE_CHECKING:
    import socket
    import ssl

    from ...ocsp import RevocationCheck

#: Stands for an argument that was not given, where None means something.
SENTINEL: Any = object()

_INFINITY = float("inf")


class AbstractConnection(ABC):
    """What connections of every kind share; a subclass says how the socket is opened (:meth:`_connect`).

    A connection belongs to one task at a time. It connects when first used, and again after it was lost. Where
    a deadline passes, or a task is cancelled or interrupted, between a command and its reply, the connection is closed:
    nobody can be given the reply of another.

    Args:
        db: Database to select.
        password, username: Credentials.
        socket_timeout: Seconds within which a command must be written, and within which its reply must arrive;
            None waits for ever.
        socket_connect_timeout: Seconds for connecting, everything included; None takes ``socket_timeout``.
        retry_on_timeout: Whether to try again after a timeout (of connecting and of health checks).
        retry_on_error: Errors after which to try again, likewise.
        encoding, encoding_errors, decode_responses: See :class:`~multiplexer.pools.encoder.Encoder`.
        parser_class: Parses replies; see :class:`~multiplexer.pools.parser.BaseParser`.
        socket_read_size: Bytes to read at once, at most.
        health_check_interval: Seconds after which an unused connection is sent a PING before the next command; 0 for
            never.
        client_name: For CLIENT SETNAME.
        lib_name, lib_version: For CLIENT SETINFO; a name of None sends neither.
        driver_info: An object with ``formatted_name`` and ``lib_version``, instead of these two.
        retry: How to try again; by default not at all, or once where one of the two options above asks for it.
        redis_connect_func: Called with the connection instead of :meth:`on_connect`.
        credential_provider: An object whose ``get_credentials()`` returns user name and password, or a password
            alone, as a tuple; instead of ``username`` and ``password``.
        protocol: 2 or 3; None for 3 where the server has it.
        legacy_responses: Kept for those who turn replies into results.
        command_packer: An object whose ``pack(*args)`` returns chunks to be sent.
        encoder_class: The class of :attr:`encoder`.

    Attributes:
        pid: The process that may use it.
        client_id: The server's number for the connection, or None.
        idle_since: When it was last given back to its pool, by ``time.monotonic``.

    Raises:
        ConfigurationError: An option has a value that cannot be, or is not to be had.
        DataError: Both credentials and a provider of them are given.
        TypeError: An option is unknown.
    """

    def __init__(
        self,
        db: int = 0,
        password: str | None = None,
        username: str | None = None,
        socket_timeout: float | None = None,
        socket_connect_timeout: float | None = None,
        retry_on_timeout: bool = False,
        retry_on_error: Iterable[type[Exception]] | None = None,
        encoding: str = "utf-8",
        encoding_errors: str = "strict",
        decode_responses: bool = False,
        parser_class: type[Any] | None = DefaultParser,
        socket_read_size: int = 65536,
        health_check_interval: float = 0,
        client_name: str | None = None,
        lib_name: str | None = LIBRARY[0],
        lib_version: str | None = LIBRARY[1],
        driver_info: Any = None,
        retry: Retry | None = None,
        redis_connect_func: Callable[[Any], Any] | None = None,
        credential_provider: Any = None,
        protocol: int | str | None = None,
        legacy_responses: bool = True,
        command_packer: Any = None,
        encoder_class: type[Encoder] = Encoder,
        **others: Any,
    ) -> None:
        self._stream: Stream | None = None  # first: the finalizer looks at it
        password = hidden(password)
        refuse_options(others, type(self).__name__)
        if credential_provider is not None and (username or password):
            raise DataError("'username' and 'password' cannot be passed along with 'credential_provider'")
        if isinstance(socket_read_size, bool) or not isinstance(socket_read_size, int) or socket_read_size < 1:
            raise ConfigurationError("socket_read_size: expected a number of bytes, 1 or more")
        self.pid = os.getpid()
        self.db = db
        self.username = username
        self.password = password
        self.credential_provider = credential_provider
        self.client_name = check_client_name(client_name)
        self.lib_name: str | None = driver_info.formatted_name if driver_info is not None else lib_name
        self.lib_version: str | None = driver_info.lib_version if driver_info is not None else lib_version
        self.protocol = check_protocol(protocol)
        self.legacy_responses = legacy_responses
        self.socket_timeout = check_seconds("socket_timeout", socket_timeout)
        self.socket_connect_timeout = check_seconds("socket_connect_timeout", socket_connect_timeout)
        self.socket_read_size = socket_read_size
        self.health_check_interval = check_seconds("health_check_interval", health_check_interval) or 0
        self.redis_connect_func = redis_connect_func
        self.encoder = encoder_class(encoding, encoding_errors, decode_responses)
        self.retry_on_timeout = retry_on_timeout
        self.retry_on_error = [*(retry_on_error or ()), *((RedisTimeoutError,) if retry_on_timeout else ())]
        self.retry = self._make_retry(retry)
        self._command_packer = command_packer
        self._parser_class = parser_class or DefaultParser
        self._be_new()

    def _be_new(self) -> None:
        """Set what changes in its life to what it begins with."""
        self.client_id: int | None = None
        self.idle_since = 0.0
        self.next_health_check = 0.0
        self._parser: Any = None
        self._push_handler: Callable[[Any], Any] | None = None
        self._connect_callbacks: list[Callable[[], Callable[[Any], Any] | None]] = []
        self._re_auth_token: Any = None
        self._connect_deadline = _INFINITY
        self._protocol = self.protocol or 3
        #: Replies still to come; None where nobody can tell.
        self._unanswered: int | None = 0
        #: Whether the server has ever answered what a new connection says first.
        self._was_introduced = False
        #: Set in a child process for a connection that was the parent's.
        self._forsaken = False
        #: Set by a pool that gave up the connection while it was in use.
        self._disowned = False

    def _make_retry(self, retry: Retry | None) -> Retry:
        made = copy.deepcopy(retry) if retry is not None else Retry(NoBackoff(), 1 if self.retry_on_error else 0)
        made.update_supported_errors(self.retry_on_error)
        return made

    @shown
    def __repr__(self) -> str:
        pieces = ",".join(f"{name}={value}" for name, value in self.repr_pieces())
        return f"<{type(self).__module__}.{type(self).__name__}({pieces})>"

    def repr_pieces(self) -> list[tuple[str, Any]]:
        """Return what tells this connection from others, as names and values."""
        pieces: list[tuple[str, Any]] = [("db", self.db)]
        if self.client_name:
            pieces.append(("client_name", self.client_name))
        return pieces

    def __del__(self) -> None:
        if getattr(self, "_stream", None) is not None:
            self.drop()

    # -- connecting ------------------------------------------------------------------------------------

    @property
    def is_connected(self) -> bool:
        """Whether it has a socket; the server may have closed it all the same."""
        return self._stream is not None

    @property
    def _sock(self) -> socket.socket | None:
        stream = self._stream
        return None if stream is None else stream.sock

    @abstractmethod
    def _connect(self) -> socket.socket:
        """Return a new socket that is connected.

        Raises:
            OSError: It cannot be connected, or not within :meth:`_connect_seconds` (TimeoutError).
        """

    def _tls(self) -> tuple[ssl.SSLContext, str | None] | None:
        """Return how to encrypt and the name the server must show; None for not at all."""
        return None

    def _revocation(self) -> RevocationCheck | None:
        """Return what checks whether the server's certificate was revoked; None for nothing."""
        return None

    def _hint(self, error: BaseException) -> str:
        """Return what may be behind a failure to connect, with a colon before it, or nothing."""
        return ""

    def _host_error(self) -> str:
        """Return how errors name the server."""
        return "the server"

    def register_connect_callback(self, callback: Callable[[Any], Any]) -> None:
        """Have something called with the connection each time it has connected; methods are held weakly."""
        self._connect_callbacks = [*self._live_callbacks(callback), _reference(callback)]

    def deregister_connect_callback(self, callback: Callable[[Any], Any]) -> None:
        """Take back :meth:`register_connect_callback`; nothing happens where it was not registered."""
        self._connect_callbacks = self._live_callbacks(callback)

    def _live_callbacks(self, without: Any) -> list[Callable[[], Callable[[Any], Any] | None]]:
        return [reference for reference in self._connect_callbacks if reference() not in (None, without)]

    def set_parser(self, parser_class: type[Any]) -> None:
        """Take another parser, from the next connecting on."""
        self._parser_class = parser_class

    def set_push_handler(self, handler: Callable[[Any], Any] | None) -> None:
        """Have out-of-band messages handed to ``handler`` that arrive while a reply is awaited; else they are lost."""
        self._push_handler = handler

    def connect(self) -> None:
        """Connect, unless it is connected.

        Raises:
            RedisConnectionError: The server cannot be reached, or refuses the connection.
            RedisTimeoutError: It did not answer in time.
        """
        self.connect_check_health(check_health=True)

    def connect_check_health(self, check_health: bool = True, retry_socket_connect: bool = True) -> None:
        """Connect, unless it is connected.

        Args:
            check_health: For subclasses; a connection that was just introduced is known to work.
            retry_socket_connect: Whether to try again as :attr:`retry` says.

        Raises:
            RedisConnectionError: The server cannot be reached, or refuses the connection.
            RedisTimeoutError: It did not answer in time.
        """
        if self._stream is not None:
            return
        self.pid = os.getpid()
        if retry_socket_connect:
            self.retry.call_with_retry(self._open, self._open_failed)
        else:
            self._open()
        try:
            if self.redis_connect_func is None:
                self.on_connect()
            else:
                _call(self.redis_connect_func, self)
            for reference in tuple(self._connect_callbacks):
                callback = reference()
                if callback is not None:
                    _call(callback, self)
        except BaseException:
            self.disconnect()
            raise
        self._was_introduced = True

    def _open_failed(self, error: Exception) -> None:
        self.disconnect()

    def _open(self) -> None:
        timeout = self.socket_connect_timeout
        self._connect_deadline = _deadline(self.socket_timeout if timeout is None else timeout)
        try:
            self._use(self._open_stream())
        except (TimeoutError, RedisTimeoutError) as error:
            because = f". {error}" if isinstance(error, RedisTimeoutError) else ""
            raise RedisTimeoutError(f"Timeout connecting to {self._host_error()}{because}") from None
        except OSError as error:
            text = self._why_not_connected(error)
            because = "" if self._was_introduced else self._hint(error)
            raise RedisConnectionError(text.removesuffix(".") + because if because else text) from error

    def _why_not_connected(self, error: OSError) -> str:
        """Return redis-py's words: programs look for them."""
        if error.errno is None:
            return f"Error connecting to {self._host_error()}. {error}"
        return f"Error {error.errno} connecting to {self._host_error()}. {error.strerror or error}."

    def _open_stream(self) -> Stream:
        stream = Stream(self._connect())
        try:
            tls = self._tls()
            if tls is not None:
                stream.start_tls(*tls, self._connect_deadline)
                self._check_peer(stream, tls[1])
        except BaseException:
            stream.close()
            raise
        return stream

    def _check_peer(self, stream: Stream, name: str | None) -> None:
        check = self._revocation()
        if check is not None:
            second = self._connect() if check.stapled else None
            in_thread("asking by OCSP", check.of(stream.tls, name, second), self._connect_deadline)

    def _use(self, stream: Stream) -> None:
        self._parser = self._parser_class(socket_read_size=self.socket_read_size)
        self._unanswered = 0
        self._stream = stream
        if self.credential_provider is not None:
            self._re_auth_token = None  # it is about to be asked for what is valid now
        self._was_healthy()

    def on_connect(self) -> None:
        """Introduce the new connection to the server: AUTH, HELLO, CLIENT SETNAME and SETINFO, SELECT, in one go.

        Raises:
            AuthenticationError: The credentials were refused.
            RedisConnectionError: The server refuses the connection.
        """
        self.on_connect_check_health(check_health=True)

    def on_connect_check_health(self, check_health: bool = True) -> None:
        """What :meth:`on_connect` does."""
        user, password = self._credentials()
        introduction = Introduction(
            tracer=os.urandom(8).hex(),
            command_map={},
            user=user,
            password=password,
            protocol=self.protocol,
            client_name=self.client_name,
            library=(self.lib_name, self.lib_version or "0") if self.lib_name else None,
            database=self.db,
            learn=False,
        )
        facts = self._converse(handshake(introduction))
        self.client_id = facts.client_id
        self._protocol = facts.protocol

    def _credentials(self) -> tuple[str | None, str | None]:
        provider = self.credential_provider
        if provider is None:
            return self.username or None, self.password or None
        given = provider.get_credentials()
        return (given[0], hidden(given[1])) if len(given) > 1 else (None, hidden(given[0]))

    def _converse(self, steps: Steps[Any]) -> Any:
        """Hold a conversation, and return its result."""
        replies: list[Any] | None = None
        while True:
            try:
                step = steps.send(replies)  # type: ignore[arg-type]
            except StopIteration as stop:
                return stop.value
            packed = self.pack_commands(step)
            self._send(packed, self._connect_deadline)
            replies = [self._answer(self._connect_deadline) for _ in step]

    def _answer(self, deadline: float, push_request: bool = False) -> Any:
        """Read a reply, or an out-of-band message if that comes first and is asked for; error replies are returned."""
        try:
            return self._read(deadline, push_request)
        except BaseException as error:
            self.disconnect()
            raise self._broken(error, "reading from") from error.__cause__

    def get_protocol(self) -> int:
        """Return the protocol that is spoken, or asked for while it is not connected."""
        return self._protocol

    def disconnect(self, *args: Any, **kwargs: Any) -> None:
        """Close the socket; the next command connects again.

        Args:
            args, kwargs: For subclasses; of no meaning here.
        """
        stream, self._stream = self._stream, None
        self._unanswered = 0
        if stream is not None:
            close = stream.close if self.pid == os.getpid() else stream.discard
            close()

    def drop(self) -> None:
        """Close the socket from anywhere, where nothing can be awaited."""
        stream, self._stream = self._stream, None
        if stream is not None:
            close = stream.drop if self.pid == os.getpid() else stream.discard
            close()

    def abandon(self) -> None:
        """Leave the connection to the process that forked: only this process's descriptor is closed."""
        stream, self._stream = self._stream, None
        self._unanswered = 0
        if stream is not None:
            self._forsaken = True
            stream.discard()

    # -- health ----------------------------------------------------------------------------------------

    def check_health(self) -> None:
        """Send a PING if the connection was not used for ``health_check_interval`` seconds.

        Raises:
            RedisConnectionError: It was not answered.
            RedisTimeoutError: It was not answered in time.
        """
        if self.health_check_interval and monotonic() > self.next_health_check:
            self.retry.call_with_retry(self._ping, self._open_failed)

    def _ping(self) -> None:
        self.send_command("PING", check_health=False)
        if self.read_response(disable_decoding=True) not in (b"PONG", [b"pong", b""]):
            self.disconnect()
            raise RedisConnectionError("Bad response from PING health check")

    def _was_healthy(self) -> None:
        if self.health_check_interval:
            self.next_health_check = monotonic() + self.health_check_interval

    # -- sending ---------------------------------------------------------------------------------------

    def pack_command(self, *args: Any) -> PackedCommands:
        """Return the chunks to be sent for a command.

        Raises:
            DataError: An argument cannot be sent.
        """
        if self._command_packer is not None:
            return PackedCommands(self._command_packer.pack(*args), 1)
        return self.encoder.pack(args)

    def pack_commands(self, commands: Iterable[Sequence[Any]]) -> PackedCommands:
        """Return the chunks to be sent for several commands, small ones joined.

        Raises:
            DataError: An argument cannot be sent.
        """
        chunks: list[bytes] = []
        small: list[bytes] = []
        count = 0
        for command in commands:
            packed = self.pack_command(*command)
            count += 1
            if len(packed) == 1:
                small += packed
            else:
                chunks += (b"".join(small), *packed) if small else packed
                small = []
        if small:
            chunks.append(small[0] if len(small) == 1 else b"".join(small))
        return PackedCommands(chunks, count)

    def send_command(self, *args: Any, **kwargs: Any) -> None:
        """Send a command; its reply is to be read with :meth:`read_response`.

        Args:
            args: The command's words.
            kwargs: ``check_health=False`` leaves the health check out.

        Raises:
            DataError: An argument cannot be sent; nothing was.
            RedisConnectionError: It could not be sent.
            RedisTimeoutError: It could not be sent in time.
        """
        self.send_packed_command(self.pack_command(*args), check_health=kwargs.get("check_health", True))

    def send_packed_command(self, command: bytes | str | Iterable[bytes], check_health: bool = True) -> None:
        """Send one or more packed commands.

        Args:
            command: What :meth:`pack_command` or :meth:`pack_commands` returned, or bytes of one's own.
            check_health: Whether to check the connection's health first.

        Raises:
            RedisConnectionError: It could not be sent.
            RedisTimeoutError: It could not be sent in time.
        """
        if self.pid != os.getpid():
            self._leave_to_parent()
        if self._stream is None:
            self.connect_check_health(check_health=False)
        if check_health and self.health_check_interval:
            self.check_health()
        packed = command if isinstance(command, PackedCommands) else _counted(command)
        timeout = self.socket_timeout
        self._send(packed, _INFINITY if timeout is None else monotonic() + timeout)

    def _send(self, packed: PackedCommands, deadline: float) -> None:
        stream, count = self._stream, packed.commands
        # Counted first: whatever happens from here on, the connection is known to owe replies.
        self._unanswered = None if count is None or self._unanswered is None else self._unanswered + count
        try:
            if stream is None:
                raise ConnectionAbortedError("the connection was closed")
            stream.send(packed, deadline)
        except BaseException as error:
            self.disconnect()
            raise self._broken(error, "writing to") from error.__cause__

    def _broken(self, error: BaseException, doing: str) -> BaseException:
        """Return what a failure of the connection is raised as."""
        if isinstance(error, TimeoutError):
            error = RedisTimeoutError(f"Timeout {doing} {self._host_error()}")
        elif isinstance(error, OSError):
            because = "" if self._was_introduced else self._hint(error)
            error = RedisConnectionError(f"Error while {doing} {self._host_error()}. {error}{because}")
        if isinstance(error, RedisError) and error.phase is None:
            error.phase = "written"
        return error

    def _leave_to_parent(self) -> None:
        """Notice a fork: what the parent has begun on this connection cannot be gone on with here.

        Raises:
            RedisConnectionError: It was connected; it may be used again, and will then connect anew.
        """
        self.abandon()
        self.pid = os.getpid()
        if self._forsaken:
            self._forsaken = False
            raise RedisConnectionError("this connection was made before a fork and belongs to the parent process")

    # -- reading ---------------------------------------------------------------------------------------

    def can_read(self, timeout: float | None = 0) -> bool:
        """Whether there is something to read: a reply, a part of one, or the connection's end.

        Args:
            timeout: Seconds to wait for it; None waits for ever.

        Raises:
            RedisConnectionError: The connection is broken.
        """
        if self._stream is None:
            self.connect()
        stream = self._stream
        try:
            if stream is None:
                raise ConnectionAbortedError("the connection was closed")
            return self._parser.has_unread() or stream.wait_readable(_deadline(timeout))
        except OSError as error:
            self.disconnect()
            raise self._broken(error, "reading from") from error.__cause__

    def has_unread(self) -> bool:
        """Whether something arrived that was not read, or is still to come; it must not be handed to anybody else."""
        stream = self._stream
        return stream is not None and (self._unanswered != 0 or self._parser.has_unread() or stream.has_unread())

    def is_reusable(self) -> bool:
        """Whether the next holder can use it as it is."""
        stream = self._stream
        return stream is not None and self._unanswered == 0 and not self._parser.has_unread() and stream.is_quiet()

    def read_response(
        self,
        disable_decoding: bool = False,
        *,
        timeout: float | None = SENTINEL,
        disconnect_on_error: bool = True,
        push_request: bool = False,
    ) -> Any:
        """Read the next reply.

        Args:
            disable_decoding: Whether to return bytes even if replies are decoded.
            timeout: Seconds within which it must arrive; None waits for ever. By default ``socket_timeout``.
            disconnect_on_error: Whether to close the connection where it does not arrive. Whoever says False reads the
                reply later, or closes the connection.
            push_request: Whether to return an out-of-band message if it comes first, instead of handing it to the
                push handler.

        Raises:
            ResponseError: The server answered with an error.
            RedisConnectionError: The connection was lost.
            RedisTimeoutError: The reply did not arrive in time.
        """
        if timeout is SENTINEL:
            timeout = self.socket_timeout
        deadline = _INFINITY if timeout is None else monotonic() + timeout
        try:
            reply = self._read(deadline, push_request)
        except BaseException as error:
            if disconnect_on_error or isinstance(error, ProtocolError):
                self.disconnect()
            raise self._broken(error, "reading from") from error.__cause__
        if self.health_check_interval:
            self._was_healthy()
        if isinstance(reply, RedisError):
            reply.phase = "answered"
            if disconnect_on_error and isinstance(reply, RedisConnectionError):
                self.disconnect()  # it is loading, or takes no more clients
            elif isinstance(reply, ReadOnlyError):
                # The name may lead to another server by now. Not before it is given back: the holder may be watching
                # keys on it, and must not go on unnoticed on a connection that does not.
                self._unanswered = None
            raise reply
        if self.encoder.decode_responses and not disable_decoding:
            return self.encoder.decode(reply)
        return reply

    def read_at_hand(self) -> Any:
        """Return a reply or an out-of-band message that was received already; NO_REPLY (``...``) where there is none.

        Raises:
            ResponseError: The server answered with an error.
            RedisConnectionError: What was received cannot be RESP; the connection is closed.
        """
        if self._stream is None or self.pid != os.getpid():
            return NO_REPLY
        try:
            reply = self._parser.gets()
        except BaseException:
            self.drop()
            raise
        if reply is NO_REPLY:
            return reply
        if reply.__class__ is not PushNotification and self._unanswered is not None:
            self._unanswered -= 1
        if isinstance(reply, RedisError):
            reply.phase = "answered"
            raise reply
        return self.encoder.decode(reply)

    def _read(self, deadline: float, push_request: bool) -> Any:
        if self.pid != os.getpid():
            self._leave_to_parent()
        stream, parser = self._stream, self._parser
        if stream is None:
            raise RedisConnectionError("there is nothing to read: the connection is closed")
        has_waited = False
        while True:
            reply = parser.gets()
            if reply is NO_REPLY:
                if has_waited and monotonic() >= deadline:
                    raise TimeoutError  # although bytes go on coming
                has_waited = True
                size = stream.receive(parser.buffer, deadline)
                if not size:
                    raise RedisConnectionError("Connection closed by server.")
                parser.feed(size)
            elif reply.__class__ is PushNotification:
                if push_request:
                    return reply
                if self._push_handler is not None:
                    _call(self._push_handler, reply)
            else:
                if self._unanswered is not None:
                    self._unanswered -= 1
                return reply

    # -- credentials that change -----------------------------------------------------------------------

    def set_re_auth_token(self, token: Any) -> None:
        """Keep a token for :meth:`re_auth`, which the pool calls when the connection is given back."""
        self._re_auth_token = token

    def re_auth(self) -> None:
        """Authenticate again if a token was set.

        Raises:
            RedisError: The server refuses it, or the connection was lost.
        """
        token = self._re_auth_token
        if token is not None:
            self.send_command("AUTH", token.try_get("oid"), token.get_value())
            self.read_response()
            self._re_auth_token = None


BaseConnection = AbstractConnection


def _deadline(timeout: float | None) -> float:
    return _INFINITY if timeout is None else monotonic() + timeout


def _counted(command: bytes | str | Iterable[bytes]) -> PackedCommands:
    """Find out how many commands packed bytes are."""
    if isinstance(command, str):
        command = command.encode()
    chunks = [command] if isinstance(command, bytes) else list(command)
    return PackedCommands(chunks, count_commands(chunks))


def _reference(callback: Callable[[Any], Any]) -> Callable[[], Callable[[Any], Any] | None]:
    return weakref.WeakMethod(callback) if hasattr(callback, "__self__") else lambda: callback



def _call(function: Callable[..., Any], argument: Any) -> None:
    """Call something of the user's."""
    function(argument)
