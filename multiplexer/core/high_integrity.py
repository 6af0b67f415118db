"""A connection that has every reply proven: high-integrity mode.

After every command an ECHO of a token is written that no other command has, and after a transaction as a whole. A reply
is taken only once that token came back right behind it. Where anything else comes, a reply was lost, doubled or changed
its place: the connection ends, and whatever was in flight fails.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..errors import ProtocolError, RedisError
from .commands.batching import is_transaction
from .commands.command_table import COMMANDS
from .connection_counters import ConnectionCounters
from .message import ANSWERED, Message, Unit
from .physical_connection import (
    BATCH_LIMIT,
    PUSHED,
    PhysicalConnection,
    SubscriptionMessage,
    shape_of,
    unrepresentable,
)
from .types import Reply
from .wire.resp import LARGE, NO_REPLY, PushNotification

#: Without a token: what follows ASKING must follow at once, and what a connection is prepared for does. Their replies
#: are proven by the token behind that.
_LEADING = frozenset(COMMANDS[name] for name in ("ASKING", "HIMPORT PREPARE", "HIMPORT DISCARD"))

#: Stands for the reply of a message that has none so far.
_NONE: Any = object()


class HighIntegrityConnection(PhysicalConnection):
    """A connection with a token after every command, or transaction.

    The handshake goes without: nothing of a caller's is sent before it is over.
    """

    __slots__ = ("_checked", "_echo", "_expected", "_messages", "_prefix", "_reply", "_written")

    def __init__(self, counters: ConnectionCounters, on_push: Callable[[list[Any]], None], now: float) -> None:
        super().__init__(counters, on_push, now)
        self._prefix = os.urandom(8).hex().encode()
        self.echo_as("ECHO")
        self._checked = False
        # Tokens of either side: what the writer put in order comes to the reader in the same.
        self._written = 0
        self._expected = 0
        #: Messages of the write that is being put together.
        self._messages = 0
        #: Reply of the oldest message, whose token has not come.
        self._reply = _NONE

    def echo_as(self, name: str) -> None:
        """Note what the server calls ECHO."""
        self._echo = b"*2\r\n$%d\r\n%b\r\n$%d\r\n" % (len(name), name.encode(), len(self._token(0)))

    def enter(self, client_id: int | None, database: int) -> None:
        super().enter(client_id, database)
        self._checked = True

    def _token(self, number: int) -> bytes:
        return b"%b-%08x" % (self._prefix, number & 0xFFFFFFFF)

    # -- writing ---------------------------------------------------------------------------------------

    def put(self, message: Message, now: float) -> bool:
        """Have every message go through the backlog: two things are to be written for it."""
        return False

    def take(self, backlog: deque[Message], now: float, most: int = BATCH_LIMIT) -> list[bytes]:
        buffers: list[bytes] = []
        small: list[bytes] = []
        self._messages = 0
        for _ in range(most):
            taken = super().take(backlog, now, 1)
            if not taken:
                break
            *large, tail = taken
            if large:
                buffers += (b"".join((*small, large[0])), *large[1:])
                small = []
            small.append(tail)
            if self.holding:
                break  # it was SELECT alone, whose token is there
            small.append(self._next_echo())
        if small:
            buffers.append(b"".join(small))
        if buffers:
            super()._count_write(buffers, self._messages, now)
        return buffers

    def _select(self, database: int, message: Message, small: list[bytes], now: float) -> bool:
        before = len(small)
        known = super()._select(database, message, small, now)
        if len(small) > before:
            small.append(self._next_echo())
        return known

    def _parts_of(self, message: Message) -> tuple[bytes, ...]:
        parts = super()._parts_of(message)
        if not _is_batch(message):
            return parts
        large: list[bytes] = []
        small: list[bytes] = []
        for ends, part in enumerate_commands(parts):
            if len(part) >= LARGE:
                large += (b"".join(small), part)
                small = []
            else:
                small.append(part)
            if ends:
                small.append(self._next_echo())
        small.pop()  # the last is written behind every message
        self._written -= 1
        return (*large, b"".join(small))

    def _next_echo(self) -> bytes:
        token = self._token(self._written)
        self._written += 1
        return b"%b%b\r\n" % (self._echo, token)

    def _count_write(self, buffers: list[bytes], messages: int, now: float) -> None:
        self._messages += messages

    # -- reading ---------------------------------------------------------------------------------------

    def _answer(self, now: float) -> int:
        if not self._checked:
            return super()._answer(now)
        gets = self._reader.gets
        sent = self.sent
        taken = 0
        try:
            while (reply := gets()) is not NO_REPLY:
                if reply.__class__ is PushNotification:
                    self._push(reply, sent[0] if sent else None)
                    self._marked = PUSHED
                elif not sent:
                    raise ProtocolError(f"the server sent a reply nobody asked for: {shape_of(reply)}")
                elif self._reply is _NONE:
                    self._hold(sent[0], reply, now)
                    taken += 1
                else:
                    self._check(reply)
                    self._release(now)
        except (TypeError, ValueError, IndexError, OverflowError, MemoryError) as error:
            raise unrepresentable(error) from error
        return taken

    def _hold(self, message: Message, reply: Any, now: float) -> None:
        """Keep a command's reply, or a transaction's replies, until the token behind has come."""
        replies = [reply]
        if message.multi and not _is_batch(message):
            if not self._gather(message, reply):
                return
            if isinstance(message, Unit):
                reply = replies = message.replies
        for each in replies:
            # Nobody else knows the tokens: where one comes as a reply, the reply itself is missing.
            if each.__class__ is bytes and each.startswith(self._prefix):
                raise ProtocolError("a reply is missing: the token behind it came in its place (high integrity)")
        self._reply = reply
        if message.command in _LEADING:
            self._release(now)

    def _confirmed(self, message: SubscriptionMessage) -> None:
        self._reply = None

    def _check(self, reply: Reply) -> None:
        """Check what came where a token is due.

        Raises:
            ProtocolError: It is not that token.
        """
        if reply != self._token(self._expected):
            if isinstance(reply, RedisError):
                raise ProtocolError(f"the server refused the ECHO that high integrity needs: {reply}")
            raise ProtocolError(
                f"a reply is missing, or one too many: instead of the token came {shape_of(reply)} (high integrity)"
            )
        self._expected += 1

    def _release(self, now: float) -> None:
        """Hand the kept reply to its message."""
        reply, self._reply = self._reply, _NONE
        message = self.sent[0]
        count = 1
        if isinstance(message, Unit):
            count = message.wanted
            if _is_batch(message):
                message.replies.append(reply)
                if len(message.replies) < count:
                    return
                reply = message.replies
        self.sent.popleft()
        self._count_answers(now - message.sent_at, count)
        message.phase = ANSWERED
        message.finish(reply)


def _is_batch(message: Message) -> bool:
    """Whether it is several commands with a reply of its own to each; inside MULTI there is no room for tokens."""
    return isinstance(message, Unit) and not is_transaction(message.command)


def enumerate_commands(parts: Sequence[bytes]) -> Iterator[tuple[bool, bytes]]:
    """Take packed commands apart.

    Args:
        parts: Their bytes; a value that was too large to be copied is a part of its own.

    Yields:
        Whether a command ends here, and its bytes since the last of these.
    """
    words = skip = 0  # words of the command, and bytes of the word, that are still to come
    for part in parts:
        begin, at, skip = 0, min(skip, len(part)), max(skip - len(part), 0)
        while True:
            if not words and not skip and at:
                yield True, part[begin:at] if begin or at < len(part) else part
                begin = at
            if at == len(part):
                break
            end = part.index(b"\r\n", at) + 2
            number = int(part[at + 1 : end - 2])
            if words:
                words -= 1
                skip = max(end + number + 2 - len(part), 0)
                at = min(end + number + 2, len(part))
            else:
                words = number
                at = end
        if begin < at:
            yield False, part[begin:] if begin else part
