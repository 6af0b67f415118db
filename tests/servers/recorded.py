"""What servers said once; :mod:`.recording` has written it down."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from .actions import DEFAULT, Pieces

FOLDER = Path(__file__).parent.parent / "core" / "recorded"
NAMES = sorted(file.stem for file in FOLDER.glob("*.txt"))
HANDSHAKES = [name for name in NAMES if name.startswith("handshake")]
#: Pushes of any connection under RESP3: short, long, and with nothing a program expects.
PUSHES = (
    b">2\r\n+invalidate\r\n*1\r\n$3\r\nk|1\r\n",
    b">1\r\n$0\r\n\r\n",
    b">3\r\n:1\r\n_\r\n%1\r\n+a\r\n,1.5\r\n",
    b">4\r\n$6\r\nMOVING\r\n:1\r\n:15\r\n$9\r\nh.io:6379\r\n",
    b">3\r\n+SMIGRATED\r\n:2\r\n*1\r\n*3\r\n$3\r\na:1\r\n$3\r\nb:2\r\n$3\r\n1-5\r\n",
)
#: What was to be echoed when handshakes were written down.
_TRACE = b"$5\r\ntrace\r\n"


@lru_cache
def conversation(name: str) -> list[tuple[str, bytes]]:
    """Return the replies and pushes of a conversation, each as it came, with what was asked last before it."""
    question, told = "", []
    for line in (FOLDER / f"{name}.txt").read_text().splitlines():
        if line.startswith("#"):
            question = line.removeprefix("# ")
        else:
            told.append((question, ast.literal_eval(line)))
    return told


def items(name: str) -> list[bytes]:
    """Return the replies and pushes of a conversation, each as it came."""
    return [item for _, item in conversation(name)]


def cut(stream: bytes, places: Sequence[int]) -> list[bytes]:
    """Return bytes in pieces, cut at some places in ascending order."""
    return [stream[begin:end] for begin, end in pairwise([0, *places, len(stream)])]


def answers(name: str, size: int) -> Callable[[Any, tuple[bytes, ...]], Any]:
    """Return what answers a handshake as a server did, in pieces of some size: ``server.on("*", answers(…))``."""
    told = {question.upper().encode(): item for question, item in conversation(name)}
    known = {b" ".join(question.split()[:words]): item for words in (1, 2) for question, item in told.items()} | told

    def answer(connection: Any, args: tuple[bytes, ...]) -> Any:
        for words in (3, 2, 1):
            item = known.get(b" ".join(args[:words]).upper())
            if item is not None:
                item = item.replace(_TRACE, b"$%d\r\n%b\r\n" % (len(args[-1]), args[-1]))
                return Pieces(*cut(item, range(size, len(item), size)))
        return DEFAULT

    return answer
