"""What threads meet in, and what they wait by: locks, queues, sockets that are ready, clocks, and threads themselves.

These are the standard library's own. The driver takes them from here, so that there is one place where
``tests/interleavings`` puts others: with those, threads run one at a time, and a scheduler says whose turn it is.
"""

from __future__ import annotations

import select
from _thread import TIMEOUT_MAX, allocate_lock
from collections import OrderedDict, deque
from threading import Event, Lock, RLock, Thread, current_thread, local
from time import monotonic, sleep
from typing import Any

__all__ = [
    "TIMEOUT_MAX",
    "Event",
    "Lock",
    "OrderedDict",
    "RLock",
    "Thread",
    "allocate_lock",
    "current_thread",
    "deque",
    "local",
    "monotonic",
    "poll",
    "sleep",
]

#: Waits for sockets; None where eventlet has taken it away, see :func:`.sockets.require_poll`.
poll: Any = getattr(select, "poll", None)
