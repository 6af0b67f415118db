"""What sentinels answer, for the tests of those who ask them."""

from __future__ import annotations

from typing import Any

from multiplexer import EndPoint

from .engine import ToldBridge

SERVICE = "mymaster"


class SentinelBridge(ToldBridge):
    """A bridge to a sentinel."""

    @property
    def subscribed(self) -> list[bytes]:
        """Channels that were subscribed to."""
        return [channel for message in self.backlog for channel in message.awaited]  # type: ignore[attr-defined]

    def answer(self, *replies: Any) -> None:
        """Answer the oldest question."""
        assert [message.command.name for message in self.posted[:4]] == [
            "SENTINEL MASTER",
            "SENTINEL GET-MASTER-ADDR-BY-NAME",
            "SENTINEL SLAVES",
            "SENTINEL SENTINELS",
        ]
        super().answer(*replies)

    def name(
        self, primary: EndPoint, *replicas: EndPoint, sentinels: tuple[EndPoint, ...] = (), epoch: int = 0
    ) -> None:
        """Answer with these addresses."""
        self.answer(
            state(primary, "master") | {"config-epoch": str(epoch), "num-other-sentinels": "2"},
            [primary.host, str(primary.port)],
            [state(replica, "slave") for replica in replicas],
            [state(sentinel, "sentinel") for sentinel in sentinels],
        )


def state(endpoint: EndPoint, flags: str) -> dict[str, str]:
    return {"name": "x", "ip": endpoint.host, "port": str(endpoint.port), "flags": flags}
