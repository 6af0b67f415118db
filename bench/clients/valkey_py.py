"""valkey-py, with libvalkey as its parser."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, AbstractContextManager

from . import Asynchronous, Blocking, Setting, redis_like

DISTRIBUTION = "valkey"
IMPORTS = "valkey"


def BLOCKING(setting: Setting) -> AbstractContextManager[Blocking]:
    """Open a ``Valkey``."""
    import valkey

    return redis_like.blocking(valkey.Valkey, setting)


def ASYNCIO(setting: Setting) -> AbstractAsyncContextManager[Asynchronous]:
    """Open an asyncio ``Valkey``."""
    import valkey.asyncio

    return redis_like.asynchronous(valkey.asyncio.Valkey, valkey.asyncio.BlockingConnectionPool, setting)
