"""Lua scripts that are sent in full only where the server does not know them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from ...core.types import Encodable, Key
from ...errors import NoScriptError


class RunsScripts(Protocol):
    """What is asked of a client or pipeline that runs scripts."""

    def get_encoder(self) -> Any:
        """Return what turns the script's text into bytes."""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command, or collect it."""


class Script:
    """A Lua script; call it to run it. Get it from :meth:`Redis.register_script`.

    Attributes:
        registered_client: The client it was registered at.
        script: Its text.
        sha: The digest by which servers know it.
    """

    def __init__(self, registered_client: RunsScripts, script: str | bytes) -> None:
        self.registered_client = registered_client
        self.script = script
        text = registered_client.get_encoder().encode(script) if isinstance(script, str) else script
        self.sha = hashlib.sha1(text, usedforsecurity=False).hexdigest()

    async def __call__(
        self,
        keys: Sequence[Key] | None = None,
        args: Iterable[Encodable] | None = None,
        client: RunsScripts | None = None,
    ) -> Any:
        """Run the script.

        Redis commands: EVALSHA, SCRIPT LOAD

        Args:
            keys: The keys it uses.
            args: Its other arguments.
            client: What to run it with, such as a pipeline, instead of the client it was registered at.

        Raises:
            ResponseError: The script failed.
        """
        names = tuple(keys or ())
        words = (self.sha, len(names), *names, *(args or ()))
        target: Any = self.registered_client if client is None else client
        if getattr(target, "_collects_commands", False):
            target.scripts.add(self)
        try:
            return await target.execute_command("EVALSHA", *words)
        except NoScriptError:
            self.sha = await target.execute_command("SCRIPT LOAD", self.script)
            return await target.execute_command("EVALSHA", self.sha, *words[1:])

    def get_encoder(self) -> Any:
        """Return what turns the script's text into bytes."""
        return self.registered_client.get_encoder()
