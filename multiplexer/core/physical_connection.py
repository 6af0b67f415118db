"""One socket's worth of protocol: which messages it carries, and which reply belongs to which.

Nothing here touches the socket. A driver asks :meth:`PhysicalConnection.take` what to write and hands what
it read to :meth:`PhysicalConnection.receive`. Two rules keep replies and requests matched:

* ``sent`` grows only in ``take``, which one writer at a time calls, and before the bytes go out;
* ``sent`` shrinks only in ``receive`` and ``drain``, which one reader at a time calls.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, cast

from ..errors import ProtocolError, RedisError
from .call_options import ANY_DATABASE, PreparedOptions, database_of, is_asking, is_kept
from .commands.command_table import COMMANDS
from .connection_counters import ConnectionCounters
from .message import ANSWERED, WRITTEN, InternalMessage, Message, Unit
from .types import Reply
from .wire.resp import NO_REPLY, PushNotification, RespReader, announces_many, pack_command

#: So many bytes are much: the parser keeps their place.
MUCH = 64 * 1024
#: Most messages of one write; the writer comes back for the rest.
BATCH_LIMIT = 8192

_CONFIRMATIONS = frozenset(
    (b"subscribe", b"unsubscribe", b"psubscribe", b"punsubscribe", b"ssubscribe", b"sunsubscribe")
)
_RESP2_PUSHES = _CONFIRMATIONS | {b"message", b"pmessage", b"smessage"}

_SELECT = COMMANDS["SELECT"]
_ASKING = COMMANDS["ASKING"]
_PACKED_ASKING = b"*1\r\n$6\r\nASKING\r\n"

_LINE_FEED = ord("\n")

#: What :meth:`PhysicalConnection._mark` never returns: nothing has begun to arrive yet, or a push came since.
_NOTHING, PUSHED = (-1, 0), (-1, 1)


class SubscriptionMessage(InternalMessage):
    """SUBSCRIBE or one of its kin: answered by one push per channel instead of one reply."""

    __slots__ = ("awaited", "kind")

    multi = True

    def __init__(
        self,
        kind: str,
        channels: Sequence[bytes],
        then: Callable[[Reply], None] | None = None,
        deadline: float = float("inf"),
    ) -> None:
        super().__init__(COMMANDS[kind], pack_command((kind, *channels)), ANY_DATABASE, then, deadline)
        self.kind = kind.lower().encode()
        self.awaited = set(channels)


class PhysicalConnection:
    """The protocol state of one connection.

    Attributes:
        sent: Messages written and unanswered, oldest first.
        database: Index of the database the server has selected for this connection.
        holding: While True nothing is taken: a database is being entered for the first time.
        resume: Set when holding ended during ``receive``; the driver then flushes.
        pushes_are_replies: True on a connection that subscribes: under RESP2 its pushes look like replies.
        reads_only: Whether the server was told READONLY, or READWRITE; None where neither.
        last_read, last_write: Times of the driver's clock.
        client_id: The server's number for this connection, or None.
        server: The server it leads to, from the moment it takes commands.
        fieldsets: What HIMPORT SET may name on it; see :mod:`.preparation`.
        tracking: What is known of a connection that is told of changes; not there on others. See :mod:`.cache`.
    """

    __slots__ = (
        "_began_at",
        "_lasting",
        "_marked",
        "_on_push",
        "_reader",
        "_refused_databases",
        "_verified_databases",
        "client_id",
        "counters",
        "database",
        "fieldsets",
        "holding",
        "last_read",
        "last_write",
        "pushes_are_replies",
        "reads_only",
        "resume",
        "sent",
        "server",
        "tracking",
    )

    tracking: Any
    _reader: RespReader

    def __init__(self, counters: ConnectionCounters, on_push: Callable[[list[Any]], None], now: float) -> None:
        self.counters = self._lasting = counters
        self.sent: deque[Message] = deque()
        self.database = 0
        self.holding = False
        self.resume = False
        self.pushes_are_replies = False
        self.reads_only: bool | None = None
        self.last_read = now
        self.last_write = now
        self.client_id: int | None = None
        self.server: Any = None
        self.fieldsets: set[Any] = set()
        self._on_push = on_push
        self._verified_databases = {0}
        self._refused_databases: dict[int, RedisError] = {}
        #: After which reply the one that is not whole began to arrive, and how many bytes had come by then.
        self._marked = _NOTHING
        self._began_at = 0
        counters.socket_count += 1

    def read_with(self, reader: RespReader) -> None:
        """Take a reader, before anything is received."""
        self._reader = reader

    @property
    def has_reader(self) -> bool:
        """Whether it has a reader yet: a class of somebody's own may have one of its own."""
        return hasattr(self, "_reader")

    def enter(self, client_id: int | None, database: int) -> None:
        """Note what the handshake brought about; from now on it is counted what happens."""
        self.counters = self._lasting
        self._marked = _NOTHING  # it was told by the counters of the handshake
        self.client_id = client_id
        self.database = database
        self._verified_databases.add(database)

    def send_first(self, messages: Sequence[Message], now: float) -> None:
        """Note messages of the handshake, which pass the backlog by and are about to be written.

        Until :meth:`enter` nothing counts on either side: nobody asked for any of it.
        """
        if self.counters is self._lasting:
            self.counters = ConnectionCounters("handshake")
        for message in messages:
            message.phase = WRITTEN
            message.sent_at = now
        self.sent.extend(messages)

    # -- writing ---------------------------------------------------------------------------------------

    def take(self, backlog: deque[Message], now: float, most: int = BATCH_LIMIT) -> list[bytes]:
        """Move queued messages to ``sent``.

        Args:
            backlog: The bridge's queue; others may append to it meanwhile.
            now: Time of the driver's clock.
            most: Take no more messages than this (a unit counts as one).

        Returns:
            What must now be written, whole and in this order; empty where there is nothing to write.
        """
        if self.holding:
            return []
        buffers: list[bytes] = []
        small: list[bytes] = []
        sent = self.sent
        taken = more = 0
        while taken < most:
            try:
                message = backlog.popleft()
            except IndexError:
                break
            if message.phase >= ANSWERED:  # cancelled or expired while it was queued: never sent
                continue
            if message.options.database != self.database and not self._enter_database(message, small, now):
                if not self.holding:
                    continue  # refused
                backlog.appendleft(message)
                break
            taken += 1
            payload = message.payload
            message.phase = WRITTEN
            message.sent_at = now
            sent.append(message)
            if payload.__class__ is bytes:
                small.append(payload)
            else:
                if message.multi:
                    more += message.wanted - 1  # type: ignore[attr-defined]
                small = self._take_parts(message, buffers, small)
        if small:
            buffers.append(small[0] if len(small) == 1 else b"".join(small))
        if buffers:
            self._count_write(buffers, taken + more, now)
        return buffers

    def put(self, message: Message, now: float) -> bool:
        """Note a single small message that is about to be written, past an empty backlog.

        Returns:
            False where it must go through the backlog: it needs another database, or has several parts.
        """
        payload = message.payload
        if self.holding or payload.__class__ is not bytes or message.options.database != self.database:
            return False
        message.phase = WRITTEN
        message.sent_at = self.last_write = now
        self.sent.append(message)
        counters = self.counters
        counters.operation_count += 1
        counters.flushes += 1
        counters.bytes_sent += len(payload)
        return True

    def _take_parts(self, message: Message, buffers: list[bytes], small: list[bytes]) -> list[bytes]:
        """Take the payload of a message whose large values travel uncopied; return the open list of small ones."""
        *large, tail = self._parts_of(message)
        if large:
            if small:
                buffers.append(b"".join(small))
            buffers += large
            return [tail]
        small.append(tail)
        return small

    def _parts_of(self, message: Message) -> tuple[bytes, ...]:
        return cast("tuple[bytes, ...]", message.payload)

    def _count_write(self, buffers: list[bytes], messages: int, now: float) -> None:
        counters = self.counters
        counters.operation_count += messages
        counters.flushes += 1
        if messages > counters.largest_batch:
            counters.largest_batch = messages
        for buffer in buffers:
            counters.bytes_sent += len(buffer)
        self.last_write = now

    def _enter_database(self, message: Message, small: list[bytes], now: float) -> bool:
        """Bring the connection to the message's database; return whether the message may follow at once.

        The first time a database is entered on a connection, everything waits for the server's consent:
        a refused SELECT would otherwise let the commands behind it run in the wrong database.
        """
        options = message.options
        if isinstance(options, PreparedOptions):
            return self._prepare(options, message, small, now)
        if is_asking(options):
            return self._ask_first(message, small, now)
        if is_kept(options):
            return self._lead_in(message, small, now)
        return options.database < 0 or self._select(options.database, message, small, now)

    def _prepare(self, options: PreparedOptions, message: Message, small: list[bytes], now: float) -> bool:
        """Do what a message needs before it, last of all ASKING, behind which nothing may come but the message."""
        database = database_of(options)
        if database != self.database and not self._select(database, message, small, now):
            return False
        if not options.preparation.lead_in(self, message, small, now):
            return False
        return not is_asking(options) or self._ask_first(message, small, now)

    def _ask_first(self, message: Message, small: list[bytes], now: float) -> bool:
        """Put ASKING right before a message, for which a server then serves a slot that is on its way to it."""
        database = database_of(message.options)
        if database != self.database and not self._select(database, message, small, now):
            return False
        self.put_before(InternalMessage(_ASKING, _PACKED_ASKING, ANY_DATABASE), _PACKED_ASKING, small, now)
        return True

    def put_before(self, own: InternalMessage, packed: bytes, small: list[bytes], now: float) -> None:
        """Have a message of the package's own written right before the one that is being taken."""
        own.phase = WRITTEN
        own.sent_at = now
        self.sent.append(own)
        self.counters.operation_count += 1
        small.append(packed)

    def _lead_in(self, message: Message, small: list[bytes], now: float) -> bool:
        """Prepare for a message whose reply is kept: a connection that is not tracked only enters its database."""
        database = database_of(message.options)
        return database == self.database or self._select(database, message, small, now)

    def _select(self, database: int, message: Message, small: list[bytes], now: float) -> bool:
        if database in self._refused_databases:
            message.phase = ANSWERED
            message.finish(self._refused_databases[database])
            return False
        known = database in self._verified_databases
        if known:
            self.database = database

        def selected(reply: Reply) -> None:
            if isinstance(reply, RedisError):
                self._refused_databases[database] = reply
            else:
                self._verified_databases.add(database)
                self.database = database
            self.holding = False
            self.resume = True

        def entered(reply: Reply) -> None:
            if isinstance(reply, RedisError) and reply.phase is None:  # the server's word, not a lost connection
                raise ProtocolError(f"the server refused database {database}, which it had given before: {reply}")

        packed = pack_command(("SELECT", database))
        self.holding = not known
        self.put_before(
            InternalMessage(_SELECT, packed, ANY_DATABASE, entered if known else selected), packed, small, now
        )
        return known

    # -- reading ---------------------------------------------------------------------------------------

    def receive(self, data: bytes | bytearray, size: int, now: float) -> None:
        """Take bytes that arrived and hand every whole reply to its message.

        Args:
            data: A buffer; it may be used again afterwards.
            size: How many of its bytes count.
            now: Time of the driver's clock.

        Raises:
            ProtocolError: They cannot be RESP, or a reply came that nobody asked for. The connection
                must then be closed: what follows cannot be trusted.
        """
        counters = self.counters
        counters.reads += 1
        counters.bytes_received += size
        reader = self._reader
        if data[0] in b"*%~" and announces_many(data):
            self._look_at_head(data, size)  # before hiredis makes room for as many elements
        # One byte of the 256 announces an attribute; where it does not occur there is none.
        if data.find(b"|", 0, size) < 0 and not reader.cut and not reader.inside:
            reader.feed(data, 0, size)
            if not self._answer(now):
                self._go_on(data, size)
        elif reader.may_hold_attributes(data, size):
            begins = True
            for piece in reader.without_attributes(data, size):
                reader.feed(piece, 0, len(piece))
                if not self._answer(now):
                    self._go_on(piece, len(piece), begins)
                begins = False  # a value may lie in several pieces
        else:
            reader.feed(data, 0, size)
            if not self._answer(now):
                self._go_on(data, size)
        reader.line_ended = data[size - 1] == _LINE_FEED
        self.last_read = now

    def _go_on(self, data: bytes | bytearray, size: int, begins: bool = True) -> None:
        """Look at a reply that is not whole, once for each read in which none came to its end.

        Args:
            data: What arrived.
            size: How many bytes of it.
            begins: Whether what was read begins here.

        Raises:
            ProtocolError: It is larger than a reply may be, or is going to be.
        """
        received, reader, mark = self.counters.bytes_received, self._reader, self._mark()
        if self._marked == PUSHED:
            self._marked, self._began_at = mark, received
        elif self._marked != mark:
            self._marked, self._began_at = mark, received - size
            if begins:
                self._look_at_head(data, size)
        reader.check_length(received - self._began_at)

    def _look_at_head(self, data: bytes | bytearray, size: int) -> None:
        """Look at what the reply announces that has begun to arrive, where it is known to begin here.

        Raises:
            ProtocolError: It is more than a reply may have.
        """
        # Where the command was sent since the last read, this is the reply's beginning and not the middle of a value.
        # On a connection that subscribes it may be the middle of a publication.
        if self.sent and self.sent[0].sent_at > self.last_read and not self.pushes_are_replies:
            self._reader.look_at_head(data, size)

    def _mark(self) -> tuple[int, int]:
        """Return what changes with each reply that ends."""
        counters = self.counters
        try:
            head = self.sent[0]
        except IndexError:  # also where the reader took it meanwhile
            gathered = 0
        else:
            gathered = len(head.replies) if isinstance(head, Unit) else 0
        return counters.answered, gathered

    def _answer(self, now: float) -> int:
        """Hand out whole replies; return 0 where there was none."""
        gets = self._reader.gets
        sent = self.sent
        pushes_are_replies = self.pushes_are_replies
        since = -1.0
        run = 0
        pushed = False
        try:
            while (reply := gets()) is not NO_REPLY:
                if reply.__class__ is PushNotification or (pushes_are_replies and _is_push(reply)):
                    pushed = True
                    self._push(reply, sent[0] if sent else None)
                    continue
                try:
                    message = sent.popleft()
                except IndexError:
                    raise ProtocolError(f"the server sent a reply nobody asked for: {shape_of(reply)}") from None
                count = 1
                if message.multi:
                    # Back to its place while it gathers: should that fail, it is among those that are lost. Nobody but
                    # the reader takes from this end.
                    sent.appendleft(message)
                    if not self._gather(message, reply):
                        continue
                    sent.popleft()
                    if isinstance(message, Unit):
                        count = message.wanted
                        reply = message.replies
                if message.sent_at != since:
                    if run:
                        self._count_answers(now - since, run)
                    since = message.sent_at
                    run = 0
                run += count
                message.phase = ANSWERED
                message.finish(reply)
        except (TypeError, ValueError, IndexError, OverflowError, MemoryError) as error:
            raise unrepresentable(error) from error
        finally:
            if run:
                self._count_answers(now - since, run)
        if pushed:
            self._marked = PUSHED
        return run

    def _count_answers(self, seconds: float, count: int) -> None:
        counters = self.counters
        counters.latency.buckets[int(seconds * 1e6).bit_length()] += count  # LatencyHistogram.add, without the call
        counters.completed_asynchronously += count

    def _gather(self, message: Message, reply: Reply) -> bool:
        """Give one more reply to a message that takes several; return whether it has them all.

        Raises:
            ProtocolError: A subscription was answered with something else than an error.
        """
        if not isinstance(message, Unit):
            if isinstance(reply, RedisError):
                return True
            raise ProtocolError(f"the server answered a subscription with {shape_of(reply)}")
        append = message.replies.append
        append(reply)
        gets = self._reader.gets
        pushes_are_replies = self.pushes_are_replies
        left = message.wanted - len(message.replies)
        while left:
            another = gets()
            if another is NO_REPLY:
                return False
            if another.__class__ is PushNotification or (pushes_are_replies and _is_push(another)):
                self._push(another, message)
                self._marked = PUSHED
            else:
                append(another)
                left -= 1
        return True

    def _push(self, push: list[Any], head: Message | None) -> None:
        """Take an out-of-band message, which may be what ``head``, the next to be answered, waits for."""
        kind = push[0]
        if (
            head is not None
            and kind in _CONFIRMATIONS
            and isinstance(head, SubscriptionMessage)
            and head.kind == kind
            and push[1] in head.awaited
        ):
            head.awaited.discard(push[1])
            if not head.awaited:
                self._confirmed(head)
            return
        self._on_push(push)

    def _confirmed(self, message: SubscriptionMessage) -> None:
        """Answer the oldest message, which has all its confirmations."""
        self.sent.popleft()
        self._count_answers(self.last_read - message.sent_at, 1)
        message.phase = ANSWERED
        message.finish(None)

    def expect(self, probe: Message, texts: tuple[Reply, ...]) -> None:
        """Look for a reply that nobody but ``probe`` can have, until :meth:`expect_nothing`.

        Where it comes for another message, a reply before it is missing: ``receive`` raises ProtocolError.

        Args:
            probe: A message that was not written yet.
            texts: The forms the reply may have.
        """
        gets, sent = self._reader.parse, self.sent

        def looked_at() -> Any:
            reply = gets()
            if reply in texts and (not sent or sent[0] is not probe):
                raise ProtocolError("a reply is missing: the heartbeat's text came in its place")
            return reply

        # In place of the parser's own, so that nothing is looked at while nothing is expected.
        self._reader.gets = looked_at

    def expect_nothing(self) -> None:
        """Take every reply as it comes; called while the one that was expected is handed over."""
        reader = self._reader
        reader.gets = reader.parse
        if not reader.has_data():
            reader.let_go()  # that reply was whole and the last, so nothing is held

    def let_go_by_itself(self) -> None:
        """Let go of the place of large replies with the reply that ends them: nothing is asked that would do so."""
        reader, counters = self._reader, self.counters
        received = counters.bytes_received

        def letting_go() -> Any:
            nonlocal received
            reply = reader.parse()
            if counters.bytes_received - received > MUCH and reply is not NO_REPLY and not reader.has_data():
                received = counters.bytes_received
                reader.let_go()  # that reply was whole and the last, so nothing is held
                reader.gets = letting_go
            return reply

        reader.gets = letting_go

    def drain(self) -> list[Message]:
        """Give up every unanswered message, oldest first: the connection is lost."""
        left = []
        while True:
            try:
                left.append(self.sent.popleft())
            except IndexError:
                return left

    def unfinished_bytes(self) -> int:
        """Bytes of a reply that has begun to arrive and has not ended."""
        arrived = self.counters.bytes_received - self._began_at if self._marked == self._mark() else 0
        return max(arrived, self._reader.unfinished_bytes())


def unrepresentable(error: Exception) -> ProtocolError:
    """Make the error for a reply the parser could not build (a map with an unhashable key, say): its state is lost."""
    return ProtocolError(f"the server sent a reply that cannot be represented: {error}")


def _is_push(reply: Any) -> bool:
    """Whether a reply on a connection that subscribes is a push of RESP2."""
    return reply.__class__ is list and bool(reply) and reply[0].__class__ is bytes and reply[0] in _RESP2_PUSHES


def shape_of(reply: Reply) -> str:
    """Name a stray reply without showing what it holds."""
    if isinstance(reply, RedisError):
        return f"the error {reply}"
    if isinstance(reply, bytes | list | dict):
        return f"{type(reply).__name__} of length {len(reply)}"
    return type(reply).__name__
