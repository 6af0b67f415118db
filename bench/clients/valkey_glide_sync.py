"""valkey-glide for threads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from . import Blocking, Setting, valkey_glide

DISTRIBUTION = "valkey-glide-sync"
IMPORTS = "glide_sync"
ASYNCIO = None
OFFERS = valkey_glide.OFFERS


@contextmanager
def BLOCKING(setting: Setting) -> Iterator[Blocking]:
    """Open a ``GlideClient``, or that for clusters."""
    import glide_sync

    address = glide_sync.NodeAddress(setting.host, setting.port)
    client_class: Any = glide_sync.GlideClusterClient if setting.cluster else glide_sync.GlideClient
    configuration_class = (
        glide_sync.GlideClusterClientConfiguration if setting.cluster else glide_sync.GlideClientConfiguration
    )
    client = client_class.create(configuration_class([address], request_timeout=valkey_glide.REQUEST_TIMEOUT))

    def queue(keys: Sequence[str]) -> Any:
        commands = glide_sync.Batch(is_atomic=False)
        for key in keys:
            commands.get(key)
        return commands

    def execute(commands: Any) -> Any:
        return client.exec(commands, raise_on_error=True)

    try:
        commands = valkey_glide.commands(glide_sync, client)
        yield Blocking(client.get, client.set, queue, execute, commands=commands)
    finally:
        client.close()
