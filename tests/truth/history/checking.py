"""Decides whether a history is linearizable, key by key.

It is, where there is an order of its operations in which a server that does one thing at a time would have told every
caller what it was told, and in which none comes before one that had ended when it began. The search is Wing and Gong's,
which tries what may come next, with Lowe's memory of where it has been.

Operations of unknown outcome may come at any place from their beginning on, or nowhere, and would each double the
search. Every order can be brought into a form that needs few of them, and only orders of that form are tried:

* one that has no effect where it stands, or whose effect the next operation undoes, is left out;
* one that the next operation does not need is put off behind that one;
* of two alike, the one that began first comes first; so does it of two that can change places.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from .models import Model, model_of
from .recording import History, Operation

#: Places the search looks at before it gives up on a key.
BUDGET = 300_000


class Undecided(Exception):
    """A history takes too long to check: too many operations of one key at a time, or of unknown outcome."""


class _Place(NamedTuple):
    """How far an order has come.

    Attributes:
        base: All known operations before this one have their places.
        ahead: Which of those behind it have, as bits.
        used: Which operations of unknown outcome have, as bits.
        state: What the server has then.
    """

    base: int
    ahead: int
    used: int
    state: Any


class _Aided(NamedTuple):
    """Operations of unknown outcome in front of a known one: which were used, with the last of them and before it."""

    used: int
    state: Any
    before: Any
    last: int


class Search:
    """The search for an order of one key's operations.

    Attributes:
        deepest: The place that had the most known operations.
    """

    def __init__(self, model: Model, operations: list[Operation], budget: int = BUDGET) -> None:
        self.model = model
        self.sure = sorted((each for each in operations if each.known), key=lambda each: each.invoked)
        effective = [each for each in operations if not each.known and each.kind not in model.reads]
        self.unsure = sorted(effective, key=lambda each: each.invoked)
        self.deepest = _Place(0, 0, 0, model.initial)
        self._budget = budget
        latest: dict[Any, int] = {}
        self._twin_before: list[int] = []
        for index, each in enumerate(self.unsure):
            name = (each.kind, each.argument)
            self._twin_before.append(latest.get(name, -1))
            latest[name] = index

    def succeeds(self) -> bool:
        """Return whether there is such an order.

        Raises:
            Undecided: That takes too long to find out.
        """
        start = self.deepest
        seen = {start}
        stack = [self._next(start)]
        while stack:
            place = next(stack[-1], None)
            if place is None:
                stack.pop()
            elif place not in seen:
                seen.add(place)
                if len(seen) > self._budget:
                    raise Undecided(f"{len(self.sure)} known and {len(self.unsure)} unknown operations")
                if self._depth(place) > self._depth(self.deepest):
                    self.deepest = place
                stack.append(self._next(place))
            if self.deepest.base == len(self.sure):
                return True
        return not self.sure

    def _depth(self, place: _Place) -> int:
        return place.base + place.ahead.bit_count()

    def candidates(self, place: _Place) -> tuple[list[int], float]:
        """Return which known operations may come next, the most urgent first, and until when others must have begun."""
        found: list[int] = []
        horizon = math.inf
        for index in range(place.base, len(self.sure)):
            if place.ahead >> (index - place.base) & 1:
                continue
            operation = self.sure[index]
            if operation.invoked > horizon:
                break
            found.append(index)
            horizon = min(horizon, operation.ended)
        found.sort(key=lambda index: self.sure[index].ended)
        return found, horizon

    def _next(self, place: _Place) -> Iterator[_Place]:
        found, horizon = self.candidates(place)
        step = self.model.step
        for index in found:
            fits, state = step(place.state, self.sure[index])
            if fits:
                yield self._taken(place, index, place.used, state)
        for aided in self._aided(place, horizon):
            for index in found:
                fits, state = step(aided.state, self.sure[index])
                if fits and self._is_needed(aided, index, state):
                    yield self._taken(place, index, aided.used, state)

    def _taken(self, place: _Place, index: int, used: int, state: Any) -> _Place:
        base, ahead = place.base, place.ahead | 1 << (index - place.base)
        while ahead & 1:
            ahead >>= 1
            base += 1
        return _Place(base, ahead, used, state)

    def _aided(self, place: _Place, horizon: float) -> Iterator[_Aided]:
        """Yield what some operations of unknown outcome, one after the other, may have brought about first."""
        waiting = [_Aided(place.used, place.state, None, -1)]
        seen = set(waiting)
        while waiting:
            current = waiting.pop()
            if current.last >= 0:
                yield current
            for index, operation in enumerate(self.unsure):
                if operation.invoked > horizon:
                    break
                twin = self._twin_before[index]
                if current.used >> index & 1 or (twin >= 0 and not current.used >> twin & 1):
                    continue
                state = self._applied(current.state, index)
                aided = _Aided(current.used | 1 << index, state, current.state, index)
                if state == current.state or aided in seen or self._is_idle(current, index, state):
                    continue
                seen.add(aided)
                waiting.append(aided)

    def _applied(self, state: Any, index: int) -> Any:
        operation = self.unsure[index]
        return self.model.apply(state, operation.kind, operation.argument)[0]

    def _is_idle(self, current: _Aided, index: int, state: Any) -> bool:
        """Whether the one before could be left out, or come behind this one."""
        if current.last < 0:
            return False
        alone = self._applied(current.before, index)
        return bool(alone == state or (index < current.last and self._applied(alone, current.last) == state))

    def _is_needed(self, aided: _Aided, index: int, state: Any) -> bool:
        """Whether a known operation needs the one of unknown outcome that is right before it."""
        fits, alone = self.model.step(aided.before, self.sure[index])
        return not fits or not (alone == state or self._applied(alone, aided.last) == state)

    def story(self) -> str:
        """Tell how far the best order came and what did not fit there."""
        place = self.deepest
        found, horizon = self.candidates(place)
        lines = [
            f"{self._depth(place)} of {len(self.sure)} operations fit one order; the state is then {place.state!r}"
        ]
        lines.append("what had to come next, and does not fit:")
        lines += [f"  {self.sure[index]}" for index in found]
        unused = [
            each for index, each in enumerate(self.unsure) if not place.used >> index & 1 and each.invoked <= horizon
        ]
        lines += ["what might have been done at any time:", *(f"  {each}" for each in unused[-10:])] if unused else []
        lines += ["what came before:", *(f"  {each}" for each in self.sure[max(place.base - 10, 0) : place.base])]
        return "\n".join(lines)


def explain(history: History) -> str | None:
    """Return why a history is not linearizable, or None where it is.

    Raises:
        Undecided: That takes too long to find out.
    """
    for key, operations in sorted(history.by_key().items()):
        search = Search(model_of(key), operations)
        try:
            if not search.succeeds():
                return f"{key} is not linearizable: {search.story()}"
        except Undecided as error:
            raise Undecided(f"{key}: {error}\n{search.story()}") from None
    return None


def check(history: History, name: str) -> None:
    """Claim that a history is linearizable.

    Raises:
        AssertionError: It is not; the message names the run and the operations that do not fit.
    """
    wrong = explain(history)
    assert wrong is None, f"{name}: {wrong}"


def overlapping(holdings: list[tuple[float, float, str]]) -> list[str]:
    """Return who held a lock while somebody else did.

    Args:
        holdings: ``(from, to, holder)``: times by the server's clock between which the lock surely was its holder's.
    """
    wrong = []
    latest, whose = -math.inf, ""
    for since, until, holder in sorted(each for each in holdings if each[0] < each[1]):
        if since < latest:
            wrong.append(f"{holder} at {since} held what was {whose}'s until {latest}")
        if until > latest:
            latest, whose = until, holder
    return wrong
