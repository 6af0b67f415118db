"""How a handle runs a script: by its digest where the server knows it, else from its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from ..core.commands.scripts import SCRIPT_LOAD, ScriptSource, is_unknown_script
from ..core.types import Encodable, Key
from ..errors import NoScriptError

if TYPE_CHECKING:
    from ..drivers.eventloop import Bridge
    from .handle import Handle


async def run_script(
    handle: Handle[Any],
    script: ScriptSource,
    keys: Sequence[Key],
    args: Iterable[Encodable],
    decode: bool | None = None,
) -> Any:
    """Run a script and return its reply; a server that does not know it is given it on the way.

    Redis commands: EVALSHA, EVAL (EVALSHA_RO and EVAL_RO for read-only scripts)

    Raises:
        RedisError: It could not be sent, or it failed.
    """
    args = tuple(args)
    bridge = _bridge_of(handle, script, script.words(keys, args, True))
    started = monotonic()
    # Nobody would see that a script was not known to the server if nobody waits for the reply.
    if script.digest in bridge.scripts and not handle.forgets:
        try:
            return await handle._execute(script.by_digest, script.words(keys, args, True), None, decode)
        except NoScriptError as error:
            if not is_unknown_script(error):
                raise
            # Flushed or evicted, or another server answered. It was not run, so it can be run from its source.
            bridge.scripts.discard(script.digest)
            handle = handle.with_time_left(started)
    reply = await handle._execute(script.by_text, script.words(keys, args, False), None, decode)
    bridge.scripts.add(script.digest)
    return reply


async def load_missing(handle: Handle[Any], scripts: Iterable[ScriptSource]) -> None:
    """Load scripts that the server is not known to have, so that one it refuses is refused before it is used.

    Redis command: SCRIPT LOAD

    Raises:
        ResponseError: The server refused one: it cannot be compiled, say.
    """
    for script in scripts:
        bridge = _bridge_of(handle, script)
        if script.digest not in bridge.scripts:
            await handle._execute(SCRIPT_LOAD, script.loading(), None, False)
            bridge.scripts.add(script.digest)


def _bridge_of(handle: Handle[Any], script: ScriptSource, words: Sequence[Encodable] = ()) -> Bridge:
    """Return the connection a call will most likely take: what is known of its server spares a round trip."""
    return handle._strategy.only or handle._strategy.select(script.by_digest, handle._options, words)
