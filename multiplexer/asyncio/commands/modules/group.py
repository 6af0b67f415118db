"""What the modules' groups of commands stand on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Self, cast

from ....configuration.hidden import shown
from ....core.commands.command import Command
from ....core.types import AnyStr, Encodable, Pending
from ..surface import CommandSurface

if TYPE_CHECKING:
    from ..chained import ChainedModuleGroup


class Collecting:
    """What a group over a pipeline of its own does that no command is."""

    __slots__ = ("_client",)

    _client: Any

    def execute(self, raise_on_error: bool = True) -> Pending[list[Any]]:
        """Send what this group's :meth:`pipeline` collected; return the results in the order of the calls.

        Raises:
            RedisError: The pipeline could not be sent, or a command failed.
        """
        results: Pending[list[Any]] = self._client.execute(raise_on_error)
        return results


class ModuleGroup(Collecting, Generic[AnyStr]):
    """The commands of one module, sent through the handle, batch or pipeline they were asked of."""

    __slots__ = ("_collects",)

    def __init__(self, client: CommandSurface[Any]) -> None:
        self._client = client
        self._collects = False

    @shown
    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> ChainedModuleGroup[AnyStr]:
        """Return this group over a new pipeline; send what it collects with :meth:`execute`.

        Args:
            transaction: Whether the commands run between MULTI and EXEC.
            shard_hint: Not used.
        """
        group: Any = self._over(self._client.pipeline(transaction))
        group._collects = True
        return cast("ChainedModuleGroup[AnyStr]", group)

    def _over(self, client: Any) -> Self:
        return type(self)(client)

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Pending[Any]:
        # A pipeline returns itself, so that calls can be chained; a group of its own goes on with the group.
        result: Pending[Any] = self._client._execute(command, args, convert, decode)
        if self._collects:
            result = cast("Any", self)
        return result

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_") or not self._collects:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            return getattr(self._client, name)  # commands of other groups, in the same pipeline
