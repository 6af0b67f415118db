"""valkey-glide for threads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from . import Blocking, Setting
from .valkey_glide import REQUEST_TIMEOUT

DISTRIBUTION = "valkey-glide-sync"
IMPORTS = "glide_sync"
ASYNCIO = None


@contextmanager
def BLOCKING(setting: Setting) -> Iterator[Blocking]:
    """Open a ``GlideClient``."""
    import glide_sync

    address = glide_sync.NodeAddress(setting.host, setting.port)
    client = glide_sync.GlideClient.create(
        glide_sync.GlideClientConfiguration([address], request_timeout=REQUEST_TIMEOUT)
    )

    def queue(keys: Sequence[str]) -> Any:
        commands = glide_sync.Batch(is_atomic=False)
        for key in keys:
            commands.get(key)
        return commands

    def execute(commands: Any) -> Any:
        return client.exec(commands, raise_on_error=True)

    try:
        yield Blocking(client.get, client.set, queue, execute)
    finally:
        client.close()
