"""What is said on a new connection before anything of the user's, as one pipelined exchange."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ...errors import (
    AuthenticationError,
    AuthorizationError,
    BusyLoadingError,
    MaxClientsError,
    ProtocolError,
    RedisConnectionError,
    RedisError,
    ResponseError,
)
from ..shapes import as_int, as_text
from ..types import Encodable, Reply
from .conversation import Step, Steps
from .credentials import Credentials
from .server_facts import ServerFacts, facts_from_config, facts_from_hello, facts_from_info

Words = Sequence[Encodable]

#: Valkey's version from which on a replica names its primary to who asks for that.
_FIRST_TO_REDIRECT = (8,)


class Introduction(NamedTuple):
    """What the handshake needs to know.

    Attributes:
        user, password: Credentials, or None; a user without a password has the empty one.
        protocol: 2, 3, or None to take 3 where the server has it.
        client_name: For CLIENT SETNAME, or None.
        library: Name and version for CLIENT SETINFO, or None.
        database: Database the connection starts in.
        learn: Whether to ask what kind of server this is.
        tracer: Text the server must echo.
        command_map: Renamed commands; None marks a disabled one.
        maintenance: What follows CLIENT MAINT_NOTIFICATIONS ON, or None where it is not sent.
        redirects: Whether a replica that is written to shall name its primary, where it can.
        requires_maintenance: Whether a server that refuses it is of no use.
        has_own_credentials: Whether a credential provider has nothing to say about it, as it is for other servers.
    """

    tracer: str
    command_map: Mapping[str, str | None]
    user: str | None = None
    password: str | None = None
    protocol: int | None = None
    client_name: str | None = None
    library: tuple[str, str] | None = None
    database: int = 0
    learn: bool = True
    maintenance: tuple[str, ...] | None = None
    requires_maintenance: bool = False
    redirects: bool = False
    has_own_credentials: bool = False

    def __repr__(self) -> str:
        return f"<Introduction of {self.client_name}>"  # without the password


class _Agenda:
    """The commands of one step, each with what to do with its reply."""

    def __init__(self, command_map: Mapping[str, str | None]) -> None:
        self._map = command_map
        self.words: list[Words] = []
        self._handlers: list[Callable[[Reply], None]] = []

    def add(self, *words: Encodable, then: Callable[[Reply], None] | None = None) -> bool:
        """Add a command; return False where it is disabled."""
        name = self._map.get(str(words[0]), str(words[0]))
        if name is None:
            return False
        self.words.append((name, *words[1:]))
        self._handlers.append(then or (lambda reply: None))
        return True

    def take(self, replies: list[Reply]) -> None:
        """Hand every reply to its handler."""
        for handler, reply in zip(self._handlers, replies, strict=True):
            handler(reply)


class _Handshake:
    def __init__(self, introduction: Introduction) -> None:
        self._intro = introduction
        self._facts = ServerFacts()
        self._refusal: RedisError | None = None
        self._hello_refused: RedisError | None = None
        self._hello_with_auth = False
        # A named user may be allowed little, and what is refused stands in the server's ACL LOG; HELLO is everybody's.
        self._traces_by_hello = bool(introduction.user) and introduction.command_map.get("HELLO", "") is not None
        self._echo: Reply = None

    def first_step(self) -> Step:
        intro = self._intro
        agenda = self._agenda = _Agenda(intro.command_map)
        # AUTH goes first, alone: servers have lost step over a pipelined HELLO whose AUTH failed.
        if intro.user or intro.password is not None:
            password = intro.password or ""  # a user without a password: as anybody else it would have other rights
            credentials = (intro.user, password) if intro.user else (password,)
            self._hello_with_auth = not agenda.add("AUTH", *credentials, then=self._authenticated)
        if intro.protocol != 2 and not self._hello_with_auth:
            self._add_hello(agenda, "HELLO", 3)
        if not self._hello_with_auth:
            self._introduce(agenda)
        else:
            user = intro.user or "default"
            self._add_hello(agenda, "HELLO", intro.protocol or 3, "AUTH", user, intro.password or "")
            self._introduce(agenda)
        return agenda.words

    def _add_hello(self, agenda: _Agenda, *words: Encodable) -> None:
        if not agenda.add(*words, then=self._hello):
            self._hello(ResponseError("HELLO is disabled by the command map"))

    def _introduce(self, agenda: _Agenda) -> None:
        intro = self._intro
        if intro.client_name:
            agenda.add("CLIENT", "SETNAME", intro.client_name)
        if intro.library:
            agenda.add("CLIENT", "SETINFO", "LIB-NAME", intro.library[0])
            agenda.add("CLIENT", "SETINFO", "LIB-VER", intro.library[1])
        if not self._traces_by_hello:  # else HELLO tells
            agenda.add("CLIENT", "ID", then=self._client_id)
        if intro.maintenance is not None:
            agenda.add("CLIENT", "MAINT_NOTIFICATIONS", "ON", *intro.maintenance, then=self._announces)
        if intro.database:
            agenda.add("SELECT", intro.database, then=self._selected)
        if intro.learn:
            agenda.add("INFO", "SERVER", then=self._info)
            agenda.add("INFO", "REPLICATION", then=self._info)
            agenda.add("CONFIG", "GET", "databases", then=self._config)
            agenda.add("CONFIG", "GET", "*replica-read-only", then=self._config)
        trace = ("HELLO", intro.protocol or 3) if self._traces_by_hello else ("ECHO", intro.tracer)
        if not agenda.add(*trace, then=self._traced):
            self._echo = ResponseError(f"{trace[0]} is disabled by the command map")

    # -- replies ---------------------------------------------------------------------------------------

    def _authenticated(self, reply: Reply) -> None:
        if isinstance(reply, RedisError):
            self._refusal = reply if isinstance(reply, RedisConnectionError) else AuthenticationError(str(reply))

    def _hello(self, reply: Reply) -> None:
        if isinstance(reply, RedisError):
            self._hello_refused = reply
            if self._hello_with_auth or isinstance(reply, MaxClientsError):
                self._authenticated(reply)
        else:
            facts_from_hello(self._facts, reply)

    def _client_id(self, reply: Reply) -> None:
        if isinstance(reply, int):
            self._facts.client_id = reply

    def _announces(self, reply: Reply) -> None:
        if isinstance(reply, ResponseError) and self._intro.requires_maintenance:
            self._refusal = RedisConnectionError(f"the server announces no maintenance, as was demanded: {reply}")

    def _selected(self, reply: Reply) -> None:
        if isinstance(reply, ResponseError):
            self._refusal = RedisConnectionError(f"database {self._intro.database} cannot be selected: {reply}")

    def _info(self, reply: Reply) -> None:
        if isinstance(reply, bytes):
            facts_from_info(self._facts, reply.decode(errors="replace"))

    def _config(self, reply: Reply) -> None:
        if not isinstance(reply, RedisError):
            facts_from_config(self._facts, reply)

    def _traced(self, reply: Reply) -> None:
        self._echo = reply

    def _is_traced(self) -> bool:
        """Whether the last reply is that of the last command."""
        if not self._traces_by_hello:
            return bool(self._echo == self._intro.tracer.encode())
        known, told = self._facts.client_id, ServerFacts()
        facts_from_hello(told, self._echo)
        self._facts.client_id = told.client_id
        return told.client_id is not None and known in (None, told.client_id)

    # -- verdict ---------------------------------------------------------------------------------------

    def judge(self, replies: list[Reply]) -> Steps[ServerFacts]:
        """Judge the first step's replies, asking once more where ECHO is not allowed, or HELLO not known.

        Raises:
            RedisConnectionError: The connection cannot be used; the class says why.
        """
        self._agenda.take(replies)
        if self._refusal is not None:
            raise self._refusal
        if isinstance(self._echo, ResponseError):
            yield from self._trace_otherwise()
        elif isinstance(self._echo, AuthorizationError):
            raise AuthorizationError(f"{self._echo} (the server wants a password and none is configured)")
        elif isinstance(self._echo, BusyLoadingError | RedisConnectionError):
            raise self._echo
        elif not self._is_traced():
            raise ProtocolError("the server did not return the tracer it was sent: replies cannot be trusted")
        if self._hello_refused is not None and self._intro.protocol == 3:
            raise RedisConnectionError(f"the server refused RESP3, which was demanded: {self._hello_refused}")
        if self._intro.redirects and self._can_redirect():
            # Only now: others refuse it. A client that can be redirected has to say that it reads from replicas.
            agenda = _Agenda(self._intro.command_map)
            if agenda.add("CLIENT", "CAPA", "redirect"):
                agenda.add("READONLY")
                agenda.take((yield agenda.words))
        self._facts.database = self._intro.database
        return self._facts

    def _can_redirect(self) -> bool:
        facts = self._facts
        if facts.server != "valkey" or facts.mode != "standalone" or facts.version is None:
            return False
        return facts.version >= _FIRST_TO_REDIRECT

    def _trace_otherwise(self) -> Steps[None]:
        """ECHO is forbidden or unknown: any command whose reply is known in advance will do."""
        agenda = _Agenda(self._intro.command_map)
        replies: list[Reply] = []
        if self._traces_by_hello:
            agenda.add("CLIENT", "ID", then=self._client_id)
        agenda.add("PING", then=replies.append)
        agenda.add("EXISTS", self._intro.tracer, then=replies.append)
        if not agenda.words:
            return
        agenda.take((yield agenda.words))
        for reply, expected in zip(replies, (b"PONG", 0), strict=False):
            if not isinstance(reply, RedisError) and reply not in (expected, b"PONG", 0):
                raise ProtocolError("the server answered another command than it was sent")
            if isinstance(reply, RedisConnectionError):
                raise reply


def handshake(introduction: Introduction) -> Steps[ServerFacts]:
    """Introduce a new connection and learn whom it reached.

    Args:
        introduction: Credentials, names and wishes.

    Returns:
        What the server said of itself.

    Raises:
        AuthenticationError: The credentials were refused.
        AuthorizationError: The server wants credentials and there are none.
        BusyLoadingError: The server is loading its data.
        MaxClientsError: The server takes no more clients.
        ProtocolError: The tracer did not come back.
        RedisConnectionError: RESP3 was demanded, or a database asked for, that the server does not have.
    """
    talk = _Handshake(introduction)
    replies = yield talk.first_step()
    return (yield from talk.judge(replies))


def authentication(credentials: Credentials, command_map: Mapping[str, str | None]) -> Steps[None]:
    """Authenticate a connection in use once more; one that is refused goes on as whoever it was.

    Raises:
        RedisError: The server refused the credentials.
    """
    agenda = _Agenda(command_map)
    agenda.add("AUTH", *([credentials.user] if credentials.user else []), credentials.password, then=_raise_refusal)
    if agenda.words:
        agenda.take((yield agenda.words))


def _raise_refusal(reply: Reply) -> None:
    if isinstance(reply, RedisError):
        raise reply


def role_check(command_map: Mapping[str, str | None]) -> Steps[ServerFacts]:
    """Ask a server once more for its role and run id (INFO, or ROLE where INFO is forbidden)."""
    facts = ServerFacts()
    agenda = _Agenda(command_map)
    agenda.add("INFO", "SERVER", then=lambda reply: _take_info(facts, reply))
    agenda.add("INFO", "REPLICATION", then=lambda reply: _take_info(facts, reply))
    agenda.add("ROLE", then=lambda reply: _take_role(facts, reply))
    if agenda.words:
        agenda.take((yield agenda.words))
    return facts


def _take_info(facts: ServerFacts, reply: Reply) -> None:
    if isinstance(reply, bytes):
        facts_from_info(facts, reply.decode(errors="replace"))


def _take_role(facts: ServerFacts, reply: Reply) -> None:
    if isinstance(reply, list) and reply and isinstance(reply[0], bytes) and facts.role is None:
        facts.role = {"master": "primary", "slave": "replica"}.get(reply[0].decode(), reply[0].decode())
        if facts.role == "replica" and len(reply) > 2:
            facts.primary = (as_text(reply[1]), as_int(reply[2]))
