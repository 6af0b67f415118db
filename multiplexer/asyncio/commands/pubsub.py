"""Publishing, and questions about who listens; subscriptions are a handle of their own."""

from __future__ import annotations

from ...core.commands.command_table import COMMANDS
from ...core.results.server import channel_counts
from ...core.types import AnyStr, Encodable, Key, Pattern, Pending
from .surface import CommandSurface

_PUBLISH = COMMANDS["PUBLISH"]
_PUBSUB_CHANNELS = COMMANDS["PUBSUB CHANNELS"]
_PUBSUB_NUMPAT = COMMANDS["PUBSUB NUMPAT"]
_PUBSUB_NUMSUB = COMMANDS["PUBSUB NUMSUB"]
_PUBSUB_SHARDCHANNELS = COMMANDS["PUBSUB SHARDCHANNELS"]
_PUBSUB_SHARDNUMSUB = COMMANDS["PUBSUB SHARDNUMSUB"]
_SPUBLISH = COMMANDS["SPUBLISH"]


class PubSubCommands(CommandSurface[AnyStr]):
    """Typed methods for the publish/subscribe commands that any connection may send."""

    __slots__ = ()

    def publish(self, channel: Key, message: Encodable) -> Pending[int]:
        """Send ``message`` to everyone who listens to ``channel``.

        Redis command: PUBLISH

        Returns:
            How many clients of this server received it.
        """
        return self._execute(_PUBLISH, ("PUBLISH", channel, message))

    def pubsub_channels(self, pattern: Pattern = "*") -> Pending[list[AnyStr]]:
        """Return the channels that have subscribers and match ``pattern``.

        Redis command: PUBSUB CHANNELS
        """
        return self._execute(_PUBSUB_CHANNELS, ("PUBSUB", "CHANNELS", pattern))

    def pubsub_numpat(self) -> Pending[int]:
        """Return how many distinct patterns clients are subscribed to.

        Redis command: PUBSUB NUMPAT
        """
        return self._execute(_PUBSUB_NUMPAT, ("PUBSUB", "NUMPAT"))

    def pubsub_numsub(self, *args: Key) -> Pending[list[tuple[AnyStr, int]]]:
        """Return each of the channels with the number of its subscribers.

        Redis command: PUBSUB NUMSUB
        """
        return self._execute(_PUBSUB_NUMSUB, ("PUBSUB", "NUMSUB", *args), channel_counts)

    def pubsub_shardchannels(self, pattern: Pattern = "*") -> Pending[list[AnyStr]]:
        """Return the shard channels that have subscribers and match ``pattern``.

        Redis command: PUBSUB SHARDCHANNELS
        """
        return self._execute(_PUBSUB_SHARDCHANNELS, ("PUBSUB", "SHARDCHANNELS", pattern))

    def pubsub_shardnumsub(self, *args: Key) -> Pending[list[tuple[AnyStr, int]]]:
        """Return each of the shard channels with the number of its subscribers.

        Redis command: PUBSUB SHARDNUMSUB
        """
        return self._execute(_PUBSUB_SHARDNUMSUB, ("PUBSUB", "SHARDNUMSUB", *args), channel_counts)

    def spublish(self, shard_channel: Key, message: Encodable) -> Pending[int]:
        """Send ``message`` to everyone who listens to ``shard_channel`` within its shard.

        Redis command: SPUBLISH

        Returns:
            How many clients of this server received it.
        """
        return self._execute(_SPUBLISH, ("SPUBLISH", shard_channel, message))
