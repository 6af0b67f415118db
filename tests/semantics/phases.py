"""How far a command may have come, and what an error says of that."""

from __future__ import annotations

from typing import NamedTuple


class Phase(NamedTuple):
    """One phase.

    Attributes:
        where: Where the command is.
        was_sent: What an error says that has this phase.
        is_told: Whether there are such errors.
    """

    where: str
    was_sent: bool
    is_told: bool = True


PHASES = {
    "created": Phase(
        "Being checked and packed. An argument that cannot be sent fails here, with `DataError`, before anything is "
        "queued.",
        was_sent=False,
    ),
    "queued": Phase(
        "In the backlog of its server's connection. Nothing of it has left the process.",
        was_sent=False,
    ),
    "written": Phase("Handed to the socket; its reply is due.", was_sent=True),
    "answered": Phase("The server has replied, perhaps with an error.", was_sent=True),
    "dead": Phase(
        "Given up while it was queued: it never was sent and never will be. Its error says `queued`, where it was.",
        was_sent=False,
        is_told=False,
    ),
}


def table() -> str:
    """Return the table as the documentation shows it."""
    lines = ["| Phase | Where the command is | `was_sent` |", "|---|---|---|"]
    lines += [f"| `{name}` | {phase.where} | {phase.was_sent} |" for name, phase in PHASES.items()]
    return "\n".join(lines) + "\n"
