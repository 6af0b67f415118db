"""valkey-py, with libvalkey as its parser."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, AbstractContextManager

from . import Asynchronous, Blocking, Setting, redis_like

DISTRIBUTION = "valkey"
IMPORTS = "valkey"
OFFERS = redis_like.OFFERS


def BLOCKING(setting: Setting) -> AbstractContextManager[Blocking]:
    """Open a ``Valkey``."""
    import valkey

    return redis_like.blocking(valkey.Valkey, valkey.ValkeyCluster, setting)


def ASYNCIO(setting: Setting) -> AbstractAsyncContextManager[Asynchronous]:
    """Open an asyncio ``Valkey``."""
    import valkey.asyncio

    client = valkey.asyncio
    return redis_like.asynchronous(client.Valkey, client.BlockingConnectionPool, client.ValkeyCluster, setting)
