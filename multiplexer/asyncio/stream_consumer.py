"""Consumers of streams: entries are handled at least once, whoever dies meanwhile.

Four kinds of parts work side by side. A reader for each set of streams that one command may read is the only one that
brings entries: new ones, its own that it knows nothing of, and those that others have left. Workers pass them to the
handler. An acknowledger says to the server what was handled, and a keeper that what is not shall not be taken away.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextvars import Context
from inspect import isawaitable
from time import monotonic
from typing import Any, Generic, Protocol, Self

from ..configuration.hidden import shown
from ..core.coding.conversion import Codec, decoded
from ..core.commands.arguments import finite
from ..core.commands.consuming import LEAVE, ConsumerStatistics, Name, StreamEntry, Terms, Value, called
from ..core.logging import logger
from ..core.pubsub.overflow import Overflow
from ..core.results.streams import PendingEntry
from ..core.types import Key, Pending
from ..core.wire.resp import decode
from ..drivers.eventloop import Queue
from ..drivers.eventloop.background import start
from ..drivers.eventloop.waiting import Waiter
from ..errors import BusyGroupError, DataError, MultiplexerClosedError, NoGroupError, RedisError
from ..retry import EqualJitterBackoff
from ..snapshots import snapshot
from .database import Database
from .handle import sent_once
from .script_calls import run_script

#: Between attempts at what the server did not do.
_BACKOFF = EqualJitterBackoff(cap=1.0, base=0.02)
#: Seconds that somebody waits who waits for as long as it takes, before looking once more.
_LONG = 60.0
#: Seconds that are given at least to what is left to do at the end.
_LAST_MOMENT = 1.0
#: Entries named in one command.
_MOST_NAMED = 256
#: Entries that a worker hands out before others have their turn, where nothing has to be awaited.
_TURN = 64
#: Queues here are bounded by those who fill them.
_UNBOUNDED = 1 << 60


class HasFields(Protocol[Name, Value]):
    """A database's handle, which says what its names and values are: bytes, text, or what its codec makes of them."""

    def hgetall(self, name: Key) -> Pending[dict[Name, Value]]: ...


class _Signal:
    """Wakes those who wait for a condition, once something has changed that it may depend on."""

    __slots__ = ("_waiters",)

    def __init__(self) -> None:
        self._waiters: set[Waiter] = set()

    async def wait_for(self, condition: Callable[[], Any], seconds: float) -> bool:
        """Wait until ``condition()`` holds; return whether it does."""
        deadline = monotonic() + seconds
        while not condition():
            left = deadline - monotonic()
            if left <= 0:
                return False
            waiter = Waiter()
            self._waiters.add(waiter)
            try:
                if not condition():  # it may have come true before the waiter could be seen
                    await waiter.wait(left)
            finally:
                self._waiters.discard(waiter)
        return True

    def notify(self) -> None:
        """Have all look at their conditions."""
        for waiter in snapshot(self._waiters):
            try:
                self._waiters.remove(waiter)
            except KeyError:
                continue  # another thread wakes it, or it has gone
            waiter.give(None)


class _Held:
    """An entry that the consumer has: since it came, and until it is acknowledged or left to others."""

    __slots__ = ("deliveries", "fields", "id", "since", "stream")

    def __init__(self, stream: _Stream, id: bytes, fields: dict[bytes, bytes], deliveries: int) -> None:
        self.stream = stream
        self.id = id
        self.fields = fields
        self.deliveries = deliveries
        self.since = monotonic()


class _Stream:
    """One stream.

    Attributes:
        source: What reads it.
        name: Its key.
        held: What the consumer has of it, by id.
        last: The id of the last entry that came as a new one, or None.
        cursor: From where on the consumer may own entries that it knows nothing of, or None where it does not.
    """

    __slots__ = ("cursor", "held", "last", "name", "source")

    def __init__(self, source: _Source, name: bytes) -> None:
        self.source = source
        self.name = name
        self.held: dict[bytes, _Held] = {}
        self.last: bytes | None = None
        self.cursor: bytes | None = b"-"  # of whoever had the same name before


class _Source:
    """Streams that are read together.

    Attributes:
        streams: The streams.
        limit: Entries that may be held of all of them.
        freed: Told when fewer are held.
        done: What was handled and is to be acknowledged.
        look_at: When to look next for what others have left, in seconds of ``time.monotonic``.
        lacks_group: Whether the group has to be made again.
        settled: Whether nothing is held any more, and nothing will be.
    """

    def __init__(self, names: Sequence[bytes], limit: int) -> None:
        self.streams = [_Stream(self, name) for name in names]
        self.limit = max(limit, len(names))
        self.freed = _Signal()
        self.done: Queue = Queue(_UNBOUNDED, Overflow.CLOSE)
        self.look_at = 0.0
        self.lacks_group = False
        self.settled = False

    @property
    def room(self) -> int:
        """How many more entries may be held."""
        return self.limit - sum(len(stream.held) for stream in self.streams)

    def doubt(self) -> None:
        """Look for entries whose delivery was lost on its way: ids grow, so they come after the last one seen."""
        for stream in self.streams:
            if stream.cursor is None:
                stream.cursor = b"-" if stream.last is None else b"(" + stream.last

    def forget(self) -> None:
        """The group is a new one: ids may begin anew."""
        for stream in self.streams:
            stream.last = stream.cursor = None


class StreamConsumer(Generic[Name, Value]):
    """One consumer of a group: has a handler called with each entry of some streams.

    ::

        consumer = StreamConsumer(db, "orders", "packers", pack)
        await consumer.run()

    Each entry is handled at least once, and acknowledged after its handler has returned. What was not acknowledged
    comes again, to this consumer or another one of the group: after an exception of the handler, after this process was
    killed, after connection or server were lost. So handlers must bear to be called twice.

    Attributes:
        name: The consumer's name.
        error: What ended it, other than :meth:`stop`; None otherwise.
    """

    def __init__(
        self,
        database: HasFields[Name, Value],
        streams: Key | Iterable[Key],
        groupname: Key,
        handler: Callable[[StreamEntry[Name, Value]], Any],
        *,
        consumername: Key | None = None,
        concurrency: int = 1,
        prefetch: int = 16,
        claim_after: float = 60.0,
        max_deliveries: int | None = None,
        dead_letter: Callable[[StreamEntry[bytes, bytes]], Any] | None = None,
        create_group: bool = True,
        start_id: str | bytes | int = "0",
        block: float = 1.0,
        stop_timeout: float = 30.0,
    ) -> None:
        """Make a consumer; nothing is sent before it is started.

        Args:
            database: The handle, a :class:`Database`; its ``decode`` or codec says what entries consist of. An entry
                that cannot be decoded is one that its handler fails with.
            streams: The stream, or several. In a cluster those of each slot are read by a reader of their own.
            groupname: The group.
            handler: Called with each :class:`StreamEntry`; in asyncio it may be a coroutine function. What it raises is
                logged, and the entry comes again once ``claim_after`` has passed.
            consumername: Who in the group this is. Two that are at work at the same time must not share one. By default
                a new name each time, which leaves the group at the end unless something is left pending under it.
            concurrency: How many entries are handled at the same time, by as many tasks or threads. With one they are
                handled in the order of the stream.
            prefetch: How many entries may have been read beside these, and wait. Nothing more is read than that, but of
                several streams one entry each.
            claim_after: Seconds after which an entry that nobody keeps is taken to be a dead consumer's. While its
                handler runs it is kept, however long that takes. The same for all consumers of a group.
            max_deliveries: How often an entry is given to handlers; None for as often as it takes.
            dead_letter: Called in the handler's place with an entry that was delivered more often than that, as it
                stands on the server. It is acknowledged once this has returned.
            create_group: Whether to make group and streams where they do not exist, and once more where they have gone,
                say after FLUSHALL: then from the beginning, as nobody knows what was done.
            start_id: Id after which a group begins that is made at the start: ``"0"`` for all entries of the stream,
                ``"$"`` for those to come.
            block: Seconds for which the server holds back a reply when there is nothing to read; stopping may take as
                long.
            stop_timeout: Seconds that :meth:`stop` gives those handlers that have begun.

        Raises:
            DataError: An argument makes no sense; the message names it.
        """
        if not isinstance(database, Database):
            raise DataError(f"StreamConsumer: database must be a Database, not {type(database).__name__}")
        self._terms = Terms(streams, groupname, consumername, concurrency, prefetch, claim_after, block, max_deliveries)
        called("handler", handler)
        if (max_deliveries is None) != (dead_letter is None):
            raise DataError("StreamConsumer: max_deliveries and dead_letter go together")
        if dead_letter is not None:
            called("dead_letter", dead_letter)
        self.name = self._terms.consumer.decode(errors="backslashreplace")
        self.error: Exception | None = None
        self._handler = handler
        self._dead_letter = dead_letter
        self._creates = create_group
        self._start_id = start_id
        self._stop_timeout = finite("StreamConsumer", "stop_timeout", stop_timeout, 0, "a number of seconds")
        self._decodes = database.decodes
        self._codec: Codec[Any] | None = getattr(database, "codec", None)
        options = sent_once(database._options)  # what a second attempt at a read has brought, nobody would know of
        self._database: Database[bytes] = Database(database._driver, database._strategy, database._guard, options)
        self._counts = dict.fromkeys(("delivered", "acknowledged", "failed", "claimed", "dead", "lost"), 0)
        self._guard = self._database._driver.make_guard()  # of what is counted
        self._sources: list[_Source] = []
        self._entries: Queue = Queue(_UNBOUNDED, Overflow.CLOSE)
        #: What was read and not begun when the consumer was stopped.
        self._left: list[_Held] = []
        self._changed = _Signal()
        self._process = 0
        self._stopping = False
        self._abandoned = False
        self._live = self._readers = self._workers = 0
        if True:  # ASYNC
            self._tasks: set[asyncio.Task[Any]] = set()

    @shown
    def __repr__(self) -> str:
        return f"<StreamConsumer {self.name} {'running' if self.is_running else 'not running'}>"

    @property
    def is_running(self) -> bool:
        """Whether it has been started and not ended."""
        return bool(self._live) and self._process == os.getpid()

    def statistics(self) -> ConsumerStatistics:
        """Return what it has done so far."""
        pending = sum(len(stream.held) for source in self._sources for stream in source.streams)
        return ConsumerStatistics(**self._counts, pending=pending)

    def _count(self, what: str, number: int = 1) -> None:
        with self._guard:
            self._counts[what] += number

    # -- beginning and ending --------------------------------------------------------------------------

    async def run(self) -> None:
        """Start, and work until the consumer is stopped or this call is cancelled or interrupted; then stop.

        Raises:
            MultiplexerClosedError: The multiplexer was closed.
            RedisError: As :meth:`start`.
        """
        await self.start()
        try:
            while self._live and not self._abandoned:
                await self._changed.wait_for(lambda: not self._live or self._abandoned, _LONG)
        finally:
            await self.stop()
        if self.error is not None:
            raise self.error

    async def start(self) -> None:
        """Make the group where that is wanted, and begin to work, in tasks or daemon threads beside the caller.

        Redis commands: XGROUP CREATE, XREADGROUP, XPENDING, XCLAIM, XACK

        Raises:
            DataError: It was started before.
            RedisError: The group could not be made.
        """
        if self._process:
            raise DataError("start: a StreamConsumer is started once")
        self._process = os.getpid()
        terms, database = self._terms, self._database
        if self._creates:
            try:
                await self._make_groups(terms.streams, self._start_id)
            except BaseException:
                self._process = 0
                raise
        shares = terms.shares(database.key_prefix, database.is_routed)
        limit = terms.concurrency + terms.prefetch
        self._sources = sources = [_Source(names, -(-limit // len(shares))) for names in shares]
        self._readers, self._workers = len(sources), terms.concurrency
        try:
            for _ in range(terms.concurrency):
                self._begin("worker", self._work)
            for source in sources:
                self._begin("acknowledger", self._acknowledge, source)
                self._begin("keeper", self._keep, source)
                self._begin("reader", self._read, source)
        except BaseException:
            self._abandon()  # no thread to be had, say
            raise

    def _begin(self, part: str, work: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
        name = f"multiplexer-stream-{part}"
        with self._guard:
            self._live += 1
        try:
            if True:  # ASYNC
                task = self._database._driver.spawn(self._part(work, *args), Context())
                task.set_name(name)
                self._tasks.add(task)
                task.add_done_callback(self._ended, context=Context())
            else:
                start(self._database._driver, name, self._part, work, *args)
        except BaseException:
            with self._guard:
                self._live -= 1
            raise

    async def _part(self, work: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
        """Run one of the parts; where one ends, all end."""
        try:
            await work(*args)
        except MultiplexerClosedError as error:
            self.error = error
        except Exception as error:
            logger().exception("a stream consumer failed")
            self.error = error
        finally:
            if True:  # ASYNC
                pass  # its task tells, also where it was cancelled before it began
            else:
                self._ended()

    def _ended(self, *task: Any) -> None:
        """Note that a part has ended."""
        if True:  # ASYNC
            self._tasks.difference_update(task)
        with self._guard:
            self._live -= 1
        self._stopping = True
        self._tell()

    def _tell(self) -> None:
        """Have all parts see that the consumer ends."""
        self._changed.notify()
        for source in self._sources:
            source.freed.notify()

    async def stop(self, timeout: float | None = None) -> bool:
        """Read nothing more, let handlers that have begun return, and acknowledge what they have handled.

        What was read and not begun is left pending, for other consumers to claim at once. In threads, handlers that
        have not returned in time go on, and are acknowledged once they do; in asyncio they are cancelled. Not to be
        called by a handler, which would wait for itself.

        Redis commands: XCLAIM, XGROUP DELCONSUMER

        Args:
            timeout: Seconds to wait for handlers, other than ``stop_timeout``.

        Returns:
            Whether all that had begun has ended in time.

        Raises:
            DataError: ``timeout`` is no number of seconds.
        """
        patience = self._stop_timeout
        if timeout is not None:
            patience = finite("stop", "timeout", timeout, 0, "a number of seconds")
        self._stopping = True
        if self._process != os.getpid():
            return True  # never started, or it is the parent's: the child of a fork has none of its threads
        self._tell()
        until = monotonic() + patience
        try:
            ended = await self._changed.wait_for(lambda: not self._live, patience)
            if not ended:
                self._abandon()
                if True:  # ASYNC
                    await self._changed.wait_for(lambda: not self._live, _LAST_MOMENT)
            await self._hand_back(max(until - monotonic(), _LAST_MOMENT))
        except BaseException:
            self._abandon()
            raise
        return ended

    def _abandon(self) -> None:
        """Wait for nobody any longer."""
        self._stopping = self._abandoned = True
        self._entries.close()
        if True:  # ASYNC
            for task in tuple(self._tasks):
                task.cancel()
        self._tell()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.stop()

    async def _hand_back(self, seconds: float) -> None:
        """Have others claim at once what was not begun, and leave the group where the name was for once."""
        terms, database = self._terms, self._database.with_time_left(monotonic(), seconds)
        left: dict[tuple[bytes, int], list[bytes]] = {}
        while self._left:
            held = self._left.pop()
            left.setdefault((held.stream.name, held.deliveries - 1), []).append(held.id)
        try:
            for (stream, deliveries), ids in left.items():
                await database.xclaim(
                    stream,
                    terms.group,
                    terms.consumer,
                    0,
                    ids,
                    idle=terms.claim_after,
                    retrycount=deliveries,
                    justid=True,
                )
            if not terms.has_own_name and not self._live:
                for stream in terms.streams:
                    await run_script(database, LEAVE, (stream,), (terms.group, terms.consumer))
        except RedisError as error:  # they are claimed all the same, later
            logger().info("stream consumer %s: not everything was handed back: %s", self.name, error)

    # -- reading ---------------------------------------------------------------------------------------

    async def _read(self, source: _Source) -> None:
        """Bring entries as long as there is room for them."""
        failures = 0
        try:
            while not self._stopping:
                try:
                    await self._bring(source)
                    failures = 0
                except MultiplexerClosedError:
                    raise
                except RedisError as error:
                    failures += 1
                    source.doubt()
                    source.lacks_group = self._creates and isinstance(error, NoGroupError)
                    self._failed(error, failures)
                    await self._changed.wait_for(lambda: self._stopping, _BACKOFF.compute(failures))
        finally:
            with self._guard:
                self._readers -= 1
                last = not self._readers
            if last:
                self._entries.close()
                await self._put_aside()

    async def _put_aside(self) -> None:
        """Leave what was not begun: all workers may be busy, or would take it yet."""
        try:
            while True:
                self._leave(await self._entries.get())
        except StopAsyncIteration:
            pass

    def _leave(self, held: _Held) -> None:
        self._let_go(held)
        self._left.append(held)

    def _failed(self, error: RedisError, failures: int) -> None:
        """Note that the server could not be asked."""
        self._count("lost")
        if failures == 1:  # the first of a row
            logger().warning("stream consumer %s: %s", self.name, error)

    async def _bring(self, source: _Source) -> None:
        """Bring what comes first: entries that were delivered before, or else new ones."""
        if source.lacks_group:
            await self._make_groups([stream.name for stream in source.streams], "0")
            source.forget()
            source.lacks_group = False
        # As many that another command is worth it, while there is still something for the handlers to do.
        wanted = max(len(source.streams), min(self._terms.prefetch, source.limit) // 2)
        if not await source.freed.wait_for(lambda: self._stopping or source.room >= wanted, _LONG) or self._stopping:
            return
        for stream in source.streams:
            if stream.cursor is not None:
                await self._take_up(stream, source.room)
                return
        if monotonic() >= source.look_at:
            await self._take_over(source)
        else:
            await self._take_new(source)

    async def _make_groups(self, streams: Sequence[bytes], start_id: str | bytes | int) -> None:
        for stream in streams:
            try:
                await self._database.xgroup_create(stream, self._terms.group, start_id, mkstream=True)
            except BusyGroupError:
                pass  # another consumer was first

    async def _take_new(self, source: _Source) -> None:
        """Read entries that nobody got yet, or wait for some."""
        terms = self._terms
        left = max(source.look_at - monotonic(), 0.001)
        found = await self._database.xreadgroup(
            terms.group,
            terms.consumer,
            {stream.name: ">" for stream in source.streams},
            count=source.room // len(source.streams),
            block=max(min(terms.block, round(left * 1000)), 1),
        )
        by_name = {stream.name: stream for stream in source.streams}
        for name, entries in found:
            stream = by_name[name]
            stream.last = entries[-1][0]
            for id, fields in entries:
                self._hold(stream, id, fields, 1)

    async def _take_up(self, stream: _Stream, room: int) -> None:
        """Go on with what is pending under the consumer's own name: from before, or because a reply was lost."""
        terms = self._terms
        pending = await self._database.xpending_range(
            stream.name, terms.group, stream.cursor or "-", "+", room, terms.consumer
        )
        await self._claim(stream, pending, 0)
        stream.cursor = b"(" + pending[-1]["message_id"] if len(pending) == room else None

    async def _take_over(self, source: _Source) -> None:
        """Take entries that nobody keeps any more: those of the dead, and its own that its handler failed with."""
        terms = self._terms
        more = False
        for stream in source.streams:
            room = source.room
            if room <= 0:
                more = True
                break
            pending = await self._database.xpending_range(
                stream.name, terms.group, "-", "+", room, idle=terms.claim_after
            )
            taken = await self._claim(stream, pending, terms.claim_after)
            more = more or (taken > 0 and len(pending) == room)
        if not more:
            source.look_at = monotonic() + terms.claim_after / 2000

    async def _claim(self, stream: _Stream, pending: list[PendingEntry[bytes]], idle: int) -> int:
        """Claim entries that are idle still, and return how many; XAUTOCLAIM would not say how often they came."""
        deliveries = {
            entry["message_id"]: entry["times_delivered"] for entry in pending if entry["message_id"] not in stream.held
        }
        if not deliveries:
            return 0
        terms = self._terms
        claimed = await self._database.xclaim(stream.name, terms.group, terms.consumer, idle, list(deliveries))
        found = [entry for entry in claimed if entry[0] in deliveries]  # others were removed from the stream
        for id, fields in found:
            self._hold(stream, id, fields, deliveries[id] + 1)
        self._count("claimed", len(found))
        return len(found)

    def _hold(self, stream: _Stream, id: bytes, fields: dict[bytes, bytes], deliveries: int) -> None:
        held = stream.held[id] = _Held(stream, id, fields, deliveries)
        self._entries.put(held)

    def _let_go(self, held: _Held) -> None:
        """Hold an entry no longer."""
        held.stream.held.pop(held.id, None)
        held.stream.source.freed.notify()

    # -- handling --------------------------------------------------------------------------------------

    async def _work(self) -> None:
        """Pass entries to the handler, one after the other."""
        handled = 0
        try:
            while True:
                try:
                    held = await self._entries.get()
                except StopAsyncIteration:
                    return
                if self._stopping:
                    self._leave(held)
                    continue
                await self._handle(held)
                handled += 1
                if handled % _TURN == 0:
                    await self._database._driver.let_others()
        finally:
            with self._guard:
                self._workers -= 1
                last = not self._workers
            if last:
                for source in self._sources:
                    source.done.close()

    async def _handle(self, held: _Held) -> None:
        """Call the handler, or ``dead_letter``, and see to the acknowledgement; what they raise is logged."""
        terms = self._terms
        is_dead = terms.max_deliveries is not None and held.deliveries > terms.max_deliveries
        try:
            if True:  # ASYNC
                result = self._pass(held, is_dead)
                if isawaitable(result):
                    await result
            else:
                self._pass(held, is_dead)
        except BaseException as error:
            self._let_go(held)
            if True:  # ASYNC
                # Its own task is cancelled, or the program ends; a handler may also raise CancelledError by itself.
                task = asyncio.current_task()
                cancelled = isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling()
                if cancelled or not isinstance(error, Exception | asyncio.CancelledError):
                    raise
            self._count("failed")
            logger().error("a handler raised", exc_info=error)
            return
        if is_dead:
            self._count("dead")
        held.stream.source.done.put(held)

    def _pass(self, held: _Held, is_dead: bool) -> Any:
        if is_dead and self._dead_letter is not None:
            return self._dead_letter(StreamEntry(held.stream.name, held.id, held.fields, held.deliveries))
        self._count("delivered")
        return self._handler(self._entry(held))

    def _entry(self, held: _Held) -> StreamEntry[Any, Any]:
        """Return an entry as the handle has it.

        Raises:
            DecodeError: A value cannot be decoded by the handle's codec.
            UnicodeDecodeError: Something of it is not UTF-8.
        """
        codec, fields = self._codec, held.fields
        if codec is not None:
            values = {decode(name): decoded(codec, value, "XREADGROUP") for name, value in fields.items()}
            return StreamEntry(decode(held.stream.name), decode(held.id), values, held.deliveries)
        if self._decodes:
            return StreamEntry(decode(held.stream.name), decode(held.id), decode(fields), held.deliveries)
        return StreamEntry(held.stream.name, held.id, fields, held.deliveries)

    # -- acknowledging, and keeping --------------------------------------------------------------------

    async def _acknowledge(self, source: _Source) -> None:
        """Acknowledge what was handled: as much at once as there is."""
        try:
            while some := await self._handled(source):
                for stream, entries in some.items():
                    await self._settle(stream, entries)
        finally:
            source.settled = True
            self._changed.notify()

    async def _handled(self, source: _Source) -> dict[_Stream, list[_Held]]:
        """Wait for something that was handled; empty once nothing more will be."""
        found: dict[_Stream, list[_Held]] = {}
        try:
            while not found or len(source.done):
                held = await source.done.get()
                found.setdefault(held.stream, []).append(held)
        except StopAsyncIteration:
            pass
        return found

    async def _settle(self, stream: _Stream, entries: list[_Held]) -> None:
        """Acknowledge entries of a stream. They are kept until the server has said that they are: twice is as good."""
        failures = 0
        while True:
            try:
                await self._database.xack(stream.name, self._terms.group, *[held.id for held in entries])
            except MultiplexerClosedError:
                raise
            except RedisError as error:
                failures += 1
                self._failed(error, failures)
                if self._abandoned:
                    break
                await self._changed.wait_for(lambda: self._abandoned, _BACKOFF.compute(failures))
            else:
                self._count("acknowledged", len(entries))
                break
        for held in entries:
            stream.held.pop(held.id, None)
        stream.source.freed.notify()

    async def _keep(self, source: _Source) -> None:
        """Say again and again that what is held is not dead; JUSTID, or each time would count as a delivery."""
        terms = self._terms
        interval = terms.claim_after / 3000
        failures = 0
        while not await self._changed.wait_for(lambda: source.settled, min(interval, _LONG)):
            since = monotonic() - interval / 2
            for stream in source.streams:
                ids = [held.id for held in snapshot(stream.held.values()) if held.since < since]
                for first in range(0, len(ids), _MOST_NAMED):
                    some = ids[first : first + _MOST_NAMED]
                    try:
                        await self._database.xclaim(stream.name, terms.group, terms.consumer, 0, some, justid=True)
                        failures = 0
                    except MultiplexerClosedError:
                        return
                    except RedisError as error:
                        failures += 1
                        self._failed(error, failures)
