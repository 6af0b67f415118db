"""Each guard of the driver against a race, and what is found once it is removed.

A guard is removed in the tests alone: the text of its function is changed, and compiled again.
"""

from __future__ import annotations

import importlib
import inspect
import re
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from .exploring import Outcome, draw, length_of
from .scenes import SCENES

#: A guard whose removal so many schedules do not find is not needed, or the scenes are too weak.
ENOUGH = 3000


@dataclass(frozen=True)
class Guard:
    """A guard, and how to remove it.

    Attributes:
        what: What it sees to, in words.
        where: Module, class and method.
        old: A part of the method's text, and
        new: what stands there without the guard.
        scenes: Where to look for what happens then, one after the other.
        lines: Whether that takes a change of turns between two lines, and not only between operations; None for either.
        struck: Whether it takes Ctrl-C.
        seed: The first with which something is found, for who has no time to look.
        also: What else is removed: where, what stands there, and what stands there without it.
    """

    what: str
    where: str
    old: str
    new: str
    scenes: tuple[str, ...]
    lines: bool | None = False
    struck: bool = False
    also: tuple[tuple[str, str, str], ...] = ()
    seed: int = 0

    def remove(self) -> list[tuple[Any, str, Any]]:
        """Remove it; return the methods as they were, each with its class and name."""
        real = []
        for where, old, new in ((self.where, self.old, self.new), *self.also):
            module_name, class_name, name = where.split(":")
            module = importlib.import_module(f"multiplexer.{module_name}")
            owner = getattr(module, class_name)
            method = getattr(owner, name)
            real.append((owner, name, method))
            text = _changed(textwrap.dedent(inspect.getsource(method)), old, new)
            made: dict[str, Any] = {}
            # Future annotations, as in every module: names that are there for type checkers only are not looked up.
            exec(
                compile(f"from __future__ import annotations\n{text}", inspect.getfile(method), "exec"),
                vars(module),
                made,
            )
            setattr(owner, name, made[name])
        return real

    @contextmanager
    def removed(self) -> Iterator[None]:
        """Do without it for a while."""
        real = self.remove()
        try:
            yield
        finally:
            for owner, name, method in real:
                setattr(owner, name, method)

    def hunt(self, most: int = ENOUGH, first: int = 0) -> tuple[int, Outcome, str] | None:
        """Look for what happens without it.

        Args:
            most: In so many schedules at most.
            first: The first seed.

        Returns:
            After how many something did, what, and which schedule that was; None if nothing happened.
        """
        seeds = range(first, first + most)
        runs = (draw(seed, scene, self.lines, self.struck) for seed in seeds for scene in self.scenes)
        for scene in self.scenes:  # as long as runs are with all guards, so that seeds stay what they are
            length_of(SCENES[scene], False)
            length_of(SCENES[scene], True)
        with self.removed():
            for count, drawn in enumerate(runs, 1):
                outcome = drawn.run()
                if outcome.wrong or count >= most:
                    return (count, outcome, str(drawn)) if outcome.wrong else None
        return None


def _changed(text: str, old: str, new: str) -> str:
    """Return a text with other lines in the place of some, which it has once, however they are indented."""
    first = old.partition("\n")[0]
    found = []
    for line in dict.fromkeys(line for line in text.splitlines() if line.strip() == first):
        indent = line[: len(line) - len(line.lstrip())]
        found += [(textwrap.indent(old, indent), textwrap.indent(new, indent))] * f"\n{text}\n".count(
            f"\n{textwrap.indent(old, indent)}\n"
        )
    if len(found) != 1:
        raise ValueError(f"there are {len(found)} such places: {old}")
    return text.replace(*found[0])


_BRIDGE = "drivers.threads.bridge:ThreadBridge:"
_CONNECTOR = "drivers.threads.connector:Connector:"
_LOST = ("crowd-lost", "reset", "end")

GUARDS = {
    "writer-looks-again": Guard(
        "Who has written looks at the backlog once more after it let go",
        f"{_BRIDGE}flush",
        "if held and connection.holding:\n    return  # looked at twice: whoever ended it meanwhile found this thread "
        "writing and left",
        "return",
        ("callers",),
        seed=130,
    ),
    "lone-writer-looks-again": Guard(
        "So does who has sent its own command past the backlog",
        f"{_BRIDGE}submit",
        "if backlog:\n    self.flush(now, message.deadline)",
        "",
        ("callers",),
    ),
    "sleeper-looks-again": Guard(
        "Who is about to sleep looks at its reply and tries the role once its lock can be seen",
        f"{_BRIDGE}wait",
        "message.waiter = waiter\ncontinue",
        "message.waiter = waiter\nmessage.waiter.acquire(True, min(max(message.deadline - monotonic(), 0), _SLEEP))",
        ("callers",),
    ),
    "reply-before-waiter": Guard(
        "`finish` stores the reply, and looks at the waiter after that",
        "drivers.threads.message:ThreadMessage:finish",
        "self.reply = reply\nif self.waiter is not None:\n    self.wake()",
        "if self.waiter is not None:\n    self.wake()\nself.reply = reply",
        ("callers",),
        True,
    ),
    "reader-passes-on": Guard(
        "Who leaves the reader's role wakes the owner of the oldest message",
        f"{_BRIDGE}wait",
        "if connection is not None and connection.sent:\n    self.promote()",
        "",
        ("callers",),
    ),
    "answered-writer-passes-on": Guard(
        "Who was answered while it wrote for others sees that somebody reads",
        f"{_BRIDGE}call",
        "self.promote()",
        "pass",
        ("callers", "batch"),
        None,
        seed=131,
    ),
    "given-up-passes-on": Guard(
        "So does who has given up",
        f"{_BRIDGE}interrupted",
        "self.flush(monotonic())\nself.promote()",
        "self.flush(monotonic())",
        ("late-reader", "timeouts"),
    ),
    "pump": Guard(
        "Where the oldest message is nobody's, the pump reads",
        f"{_BRIDGE}promote",
        "else:\n    self.pump.start()",
        "",
        ("forgotten",),
    ),
    "pump-passes-on": Guard(
        "The pump, too, wakes the owner of the oldest message as it leaves",
        "drivers.threads.pump:Pump:_read",
        "bridge.promote()",
        "",
        ("forgotten", "timeouts", "late-reader"),
        None,
        seed=95,
    ),
    "pump-looks-again": Guard(
        "The pump's thread does not end while it is wanted",
        "drivers.threads.pump:Pump:_is_done",
        "return self._stopped or not self._wanted.rings()",
        "return True",
        ("lingering", "forgotten"),
    ),
    "attended": Guard(
        "Who has only looked whether there is something to read passes the role on, too",
        f"{_BRIDGE}attend",
        "self.promote()  # somebody may have tried the role just now",
        "",
        ("beat",),
        seed=168,
    ),
    "leader-looks-first": Guard(
        "Who gets the reader's role looks at its reply first",
        f"{_BRIDGE}_lead",
        "if message.reply is not PENDING:\n    return  # answered by the reader before, just as it left",
        "",
        ("callers",),
    ),
    "leader-looks-again": Guard(
        "Who reads looks each second whether it was answered by a writer",
        f"{_BRIDGE}_lead",
        "if message.reply is not PENDING:\n    return  # by nobody who read: it was refused as it was to be sent",
        "",
        ("refused-database",),
    ),
    "stranded": Guard(
        "A writer settles what it has taken for a connection that was lost meanwhile",
        f"{_BRIDGE}_write",
        "if self.connection is not connection:\n    self._settle_stranded(connection)",
        "",
        _LOST,
        None,
        seed=109,
    ),
    "lone-stranded": Guard(
        "So does who has sent its own command past the backlog",
        f"{_BRIDGE}_send_alone",
        "if self.connection is not connection:\n    self._settle_stranded(connection)",
        "",
        _LOST,
        None,
    ),
    "as-if-not-taken": Guard(
        "What was taken since then was not sent, and is not counted as sent again",
        f"{_BRIDGE}_settle_stranded",
        "message.phase = QUEUED",
        "message.restart()",
        _LOST,
        None,
        seed=109,
    ),
    "connection-under-lock": Guard(
        "Who sends past the backlog looks at the connection under the writer's role",
        f"{_BRIDGE}_send_alone",
        "if self.connection is not connection or not self.accepting or self._flush_delay:",
        "if self._flush_delay:",
        _LOST,
    ),
    "lost-once": Guard(
        "A connection is given up once, whoever notices",
        f"{_BRIDGE}lose",
        "if self.connection is not connection:\n    return  # somebody noticed before",
        "",
        (*_LOST, "broken"),
        None,
    ),
    "channel-first": Guard(
        "Who gives a connection up takes its socket before it looks whether it is the bridge's",
        f"{_BRIDGE}break_connection",
        "channel = self.channel  # before the look at the connection, or it might be the next one's\n"
        "if channel is not None and self.connection is connection:",
        "is_current = self.connection is connection\nlen(connection.sent)\nchannel = self.channel\n"
        "if channel is not None and is_current:",
        ("broken",),
    ),
    "freed-by-connector": Guard(
        "The next connection frees the socket of the one before under the writer's role",
        f"{_CONNECTOR}_take_over",
        "with bridge.write_lock:",
        "if True:",
        _LOST,
        None,
        also=((f"{_CONNECTOR}_come_to", "with bridge.write_lock:", "if True:"),),
    ),
    "freed-by-closing": Guard(
        "So does closing",
        f"{_BRIDGE}_free",
        "with self.write_lock:",
        "if True:",
        ("close",),
    ),
    "loser-has-left": Guard(
        "The next connection is the bridge's only once whoever lost the one before has left the reader's role",
        f"{_CONNECTOR}_take_over",
        "with bridge.read_lock:",
        "if True:",
        _LOST,
        True,
    ),
    "one-attempt-counts": Guard(
        "An attempt to connect says how far it has come only where no other has succeeded",
        f"{_CONNECTOR}_come_to",
        "if bridge.connection is None:",
        "if True:",
        ("no-threads",),
    ),
    "connects-again": Guard(
        "Who waits sees to a connection again and again, where no thread can be had for it",
        f"{_BRIDGE}wait",
        "if self.connection is None:\n"
        "    self.connector.start_or_connect()  # whoever lost it may have found no thread to do so",
        "",
        ("no-threads",),
    ),
    "closed-needs-none": Guard(
        "A bridge that is closed needs no connection",
        f"{_CONNECTOR}_is_needed",
        "if bridge.state is BridgeState.CLOSED:\n    return False  # and stop() is about to say so",
        "",
        ("close-unconnected",),
    ),
    "not-while-swapping": Guard(
        "No connection is missing while one takes another's place",
        f"{_CONNECTOR}_is_needed",
        "return bridge.connection is None and not self._is_swapping"
        "  # where that has just ended, it is looked at again",
        "return bridge.connection is None",
        ("renewed",),
        None,
    ),
    "swap-without-reader": Guard(
        "One connection takes another's place while nobody reads",
        f"{_CONNECTOR}_swap",
        "with bridge.read_lock:",
        "if True:",
        ("renewed",),
        None,
    ),
    "queued-before-look": Guard(
        "Who has queued a message looks whether the bridge still takes any",
        f"{_BRIDGE}submit",
        "if not self.accepting and self.withdraw(message):\n    raise self.rejection(message)",
        "",
        ("close", "close-unconnected"),
        None,
    ),
    "room-looked-at-twice": Guard(
        "Who waits for room looks once more when its gate can be seen",
        f"{_BRIDGE}_wait_for_room",
        "if self.is_full():  # the room may have come before the gate could be seen",
        "if True:",
        ("full",),
    ),
    "held-looked-at-twice": Guard(
        "Who finds that the connection takes nothing looks again after it let go",
        f"{_BRIDGE}flush",
        "if held and connection.holding:",
        "if held:",
        ("databases", "refused-database"),
    ),
    "resumed": Guard(
        "Who reads that a database was entered sends what waits for it",
        f"{_BRIDGE}_after_receiving",
        "self.flush(now, min(deadline, now + READ_SLICE))",
        "pass",
        ("databases",),
    ),
    "writer-reads": Guard(
        "A writer whose socket is full reads meanwhile",
        f"{_BRIDGE}_write_rest",
        "reads = not self.read_lock._is_owned() and self.read_lock.acquire(False)",
        "reads = False",
        ("stuffed-batch",),
    ),
    "nothing-between": Guard(
        "Nothing is sent between the parts of a command whose caller had no more time",
        f"{_BRIDGE}_leave_rest",
        "connection.holding = True",
        "",
        ("half-written",),
    ),
    "rest-of-the-lost": Guard(
        "The thread that ends a write looks whether the connection is still the bridge's",
        f"{_BRIDGE}_leave_rest",
        "if self.connection is not connection:\n"
        "    return  # lost before this thread came, and perhaps replaced: the channel may be closed",
        "",
        ("half-written-lost",),
    ),
    "interrupted-leaves-roles": Guard(
        "Who is interrupted leaves the roles it has, and gives the connection up",
        f"{_BRIDGE}interrupted",
        "if self.write_lock._is_owned() or self.read_lock._is_owned():",
        "if False:",
        ("callers",),
        struck=True,
    ),
    "wish-under-lock": Guard(
        "A thread decides under the lock of those who want it that it ends",
        "drivers.threads.worker:Worker:_run",
        "with self._lock:",
        "if True:",
        ("worker",),
        True,
        seed=152,
    ),
    "chores-look-again": Guard(
        "The thread of what is done later does not end while there is some",
        "drivers.threads.chores:Chores:_is_done",
        "return self._stopped or not (self._due or self._new)",
        "return True",
        ("chores",),
    ),
    "queue-looked-at-twice": Guard(
        "Who waits for a queue looks once more when its gate can be seen",
        "drivers.threads.queue:Queue:_wait",
        "if not self._items and not self._closed:",
        "if True:",
        ("queue",),
    ),
    "queue-wakes-another": Guard(
        "Who was to be woken and gives up wakes another",
        "drivers.threads.queue:Queue:_leave",
        "if self._items:\n    self._wake()",
        "pass",
        ("interrupted-queue",),
        struck=True,
    ),
    "crew-looks-before-sleep": Guard(
        "A handlers' thread looks once more when its gate can be seen",
        "drivers.threads.handlers:Crew:_sleep",
        "if not self._ready and not self._stopped:",
        "if True:",
        ("handlers",),
        None,
    ),
    "crew-looks-before-end": Guard(
        "And once it is none of the crew",
        "drivers.threads.handlers:Crew:_run",
        "if not self._ready:\n    return",
        "return",
        ("late-handlers",),
        True,
    ),
    "crew-looks-after-turn": Guard(
        "And at a queue whose turn is over",
        "drivers.threads.handlers:Crew:_turn",
        "if len(queue):\n    self._ready[queue] = None",
        "",
        ("handlers",),
        None,
    ),
    "closed-stays-closed": Guard(
        "Nobody who was held up opens a bridge again that was closed",
        "drivers.threads.bridge:ThreadBridge:_set_accepting",
        "with self._state_lock:",
        "if True:",
        ("close-unconnected",),
        True,
        also=(("drivers.threads.bridge:ThreadBridge:set_state", "with self._state_lock:", "if True:"),),
    ),
    "latch-for-the-next": Guard(
        "Who passes a latch lets the next one through",
        "drivers.threads.waiting:Latch:wait",
        "self._bell.ring()  # for the next one who waits",
        "pass",
        ("latch",),
    ),
}


def show(is_quick: bool) -> int:
    """Remove each guard, and print the table of the documentation; return the exit code.

    Args:
        is_quick: Whether to begin where something is known to be found.
    """
    began, missed = time.process_time(), []
    print("| Guard | In | Without it | Schedules |\n|---|---|---|---|")
    for name, guard in GUARDS.items():
        found = guard.hunt(first=guard.seed if is_quick else 0)
        if found is None:
            missed.append(name)
            continue
        count, outcome, _ = found
        _, owner, method = guard.where.split(":")
        print(f"| {guard.what} | `{owner}.{method}` | {_brief(outcome.wrong[0])} | {count} |", flush=True)
    print(
        f"\n{len(GUARDS)} guards in {time.process_time() - began:.1f} s of the processor", *missed, sep="\nnot found: "
    )
    return 1 if missed else 0


def _brief(complaint: str) -> str:
    """Shorten what went wrong to what fits into a table."""
    said = re.sub(r"caller-[A-G]|the last caller", "a caller", complaint)
    said = re.sub(r"Error\(.*", "Error", said)
    return said.partition(": interactive")[0][:90]
