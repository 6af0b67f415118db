"""Where a client of several databases has its connections from: whichever database is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakMethod, WeakSet

from ..lending_pool import MultiplexerPool

if TYPE_CHECKING:
    from ....asyncio.connection_group import ConnectionGroup, GroupMember
    from ....retry import AsyncRetry
    from ..connection import Encoder


class GroupPool(MultiplexerPool):
    """Lends connections to the deployment that is used when they are asked for, and stay with it.

    Args:
        group: The deployments.
        own: How text is encoded and replies are decoded, and which form results have.
    """

    def __init__(self, group: ConnectionGroup, **own: Any) -> None:
        super().__init__(group.active.multiplexer, **own)
        self._multiplexer: Any = group  # which looks like one
        self.group = group


class SubscriberPool:
    """Lends connections for subscriptions, which follow the deployment that is used.

    Args:
        pool: Where they come from.
        retry: How to connect anew.
    """

    def __init__(self, pool: GroupPool, retry: AsyncRetry) -> None:
        self._pool = pool
        self._retry = retry
        self._lent: WeakSet[FollowingConnection] = WeakSet()

    def get_encoder(self) -> Encoder:
        """Return what turns names into bytes and messages into text."""
        return self._pool.get_encoder()

    async def get_connection(self) -> FollowingConnection:
        """Lend one, connected.

        Raises:
            RedisConnectionError: There is none to be had.
            RedisTimeoutError: There was none within the time limit.
        """
        connection = FollowingConnection(self._pool, self._retry)
        await connection.connect()
        self._lent.add(connection)
        return connection

    async def release(self, connection: FollowingConnection) -> None:
        """Take one back."""
        self._lent.discard(connection)
        await connection.give_back()

    def _put_back(self, connection: FollowingConnection) -> None:
        """Take one back that was dropped, from where nothing can be awaited."""
        connection.put_back()

    def follow(self) -> None:
        """Have those that were lent connect to the deployment that is used by now; whoever reads finds out."""
        for connection in tuple(self._lent):
            connection.leave()


class FollowingConnection:
    """A connection to the deployment that is used, in the form that subscriptions want.

    Once another deployment is used it counts as lost, and connecting it anew makes one to the other. All but
    connecting is done by the connection of the moment.
    """

    def __init__(self, pool: GroupPool, retry: AsyncRetry) -> None:
        self.retry = retry
        self._pool = pool
        self._callbacks: tuple[WeakMethod[Callable[[Any], Any]], ...] = ()
        self._now: Any = None
        self._member: GroupMember | None = None
        self._connects = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._now, name)

    @property
    def is_connected(self) -> bool:
        """Whether it has a socket, to the deployment that is used."""
        now = self._now
        return now is not None and now.is_connected and self._member is self._pool.group.active

    def register_connect_callback(self, callback: Callable[[Any], Any]) -> None:
        """Have a method called with the connection each time it has connected; it is held weakly."""
        self._callbacks = (*self._callbacks, WeakMethod(callback))

    def deregister_connect_callback(self, callback: Callable[[Any], Any]) -> None:
        """Take back :meth:`register_connect_callback`."""
        self._callbacks = tuple(each for each in self._callbacks if each() not in (None, callback))

    async def connect(self) -> None:
        """Connect to the deployment that is used, unless it is connected.

        Raises:
            RedisConnectionError: There is no connection to be had.
            RedisTimeoutError: There was none within the time limit.
        """
        if self.is_connected:
            return
        await self.give_back()
        now, member = None, None
        while now is None or member is not self._pool.group.active:
            if now is not None:  # another deployment is used since: nobody knows which one this leads to
                await self._pool.release(now)
            member = self._pool.group.active
            now = await self._pool.get_connection()
        now.register_connect_callback(self._made_anew)
        self._now, self._member = now, member
        try:
            await self._made_anew(now)
        except BaseException:
            await now.disconnect()
            raise

    async def _made_anew(self, connection: Any) -> None:
        self._connects = True
        try:
            for reference in self._callbacks:
                callback = reference()
                if callback is not None:
                    await callback(self)
        finally:
            self._connects = False

    async def send_command(self, *args: Any, **kwargs: Any) -> None:
        """Send a command to the deployment that is used."""
        if not self._connects and not self.is_connected:
            await self.connect()
        await self._now.send_command(*args, **kwargs)

    async def disconnect(self, *args: Any) -> None:
        """Close the socket."""
        if self._now is not None:
            await self._now.disconnect()

    def drop(self) -> None:
        """Close the socket from anywhere, where nothing can be awaited."""
        if self._now is not None:
            self._now.drop()

    def leave(self) -> None:
        """End the connection under its reader, from whichever thread, where another deployment is used by now."""
        now = self._now
        if now is not None and self._member is not self._pool.group.active:
            now.break_off()

    async def give_back(self) -> None:
        """Give the connection of the moment back; there is none any more."""
        now, self._now = self._now, None
        if now is not None:
            now.deregister_connect_callback(self._made_anew)
            await now.disconnect()
            await self._pool.release(now)

    def put_back(self) -> None:
        """Do what :meth:`give_back` does, where nothing can be awaited."""
        now, self._now = self._now, None
        if now is not None:
            self._pool._put_back(now)
