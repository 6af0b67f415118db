"""What a server that does one thing at a time does to one key.

A model's states can be compared and hashed. ``apply`` gives the state after an operation and what its caller would be
told. :data:`ANYTHING` is the state after an event in which a server may have lost some of what it had acknowledged, as
a failover without WAIT may: what is seen next says what was left.
"""

from __future__ import annotations

from typing import Any, ClassVar

from .recording import Operation

#: The state of a key that may have any content.
ANYTHING = ("anything",)
#: An event: a server that lost some of its latest writes took over.
FORGET = "forget"
#: What an operation tells its caller where the state does not say.
UNSAID = object()


class Model:
    """A kind of key.

    Attributes:
        initial: The state of a key that does not exist.
        reads: Kinds of operations that change nothing.
    """

    initial: ClassVar[Any] = None
    reads: ClassVar[frozenset[str]] = frozenset({"get"})

    def apply(self, state: Any, kind: str, argument: Any) -> tuple[Any, Any]:
        """Return the state after an operation and its result."""
        if kind == FORGET:
            return ANYTHING, None
        if kind == "unit":
            return self._apply_all(state, argument)
        if state == ANYTHING:
            return self.apply_to_anything(kind, argument), UNSAID
        change: tuple[Any, Any] = getattr(self, f"do_{kind}")(state, argument)
        return change

    def apply_to_anything(self, kind: str, argument: Any) -> Any:
        """Return the state after an operation on a key that may have any content."""
        return ANYTHING

    def see(self, kind: str, argument: Any, result: Any) -> Any:
        """Return the state after an operation on a key of any content, of which there is a result."""
        return self.apply_to_anything(kind, argument)

    def step(self, state: Any, operation: Operation) -> tuple[bool, Any]:
        """Return whether a caller could be told what it was told, and the state afterwards."""
        kind, argument = operation.kind, operation.argument
        if state == ANYTHING and kind not in (FORGET, "unit"):
            return True, self.see(kind, argument, operation.result)
        after, result = self.apply(state, kind, argument)
        return _fits(result, operation.result), after

    def _apply_all(self, state: Any, parts: Any) -> tuple[Any, Any]:
        results = []
        for kind, argument in parts:
            state, result = self.apply(state, kind, argument)
            results.append(result)
        return state, tuple(results)


def _fits(expected: Any, told: Any) -> bool:
    if expected is UNSAID:
        return True
    if isinstance(expected, tuple) and UNSAID in expected:
        return len(expected) == len(told) and all(map(_fits, expected, told))
    return bool(expected == told)


class Register(Model):
    """A string that is written as a whole. States are its value, or None."""

    def do_get(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return state, state

    def do_set(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return argument, True

    def do_delete(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return None, int(state is not None)

    def do_getdel(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return None, state

    def do_nx(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return (argument, True) if state is None else (state, None)

    def do_ifeq(self, state: Any, argument: Any) -> tuple[Any, Any]:
        expected, value = argument
        return (value, True) if state == expected else (state, None)

    def apply_to_anything(self, kind: str, argument: Any) -> Any:
        return {"set": argument, "delete": None, "getdel": None}.get(kind, ANYTHING)

    def see(self, kind: str, argument: Any, result: Any) -> Any:
        if kind == "get":
            return result
        if kind in ("nx", "ifeq") and result:
            return argument if kind == "nx" else argument[1]
        return self.apply_to_anything(kind, argument)


class Counter(Model):
    """A number that is added to. States are its value."""

    initial = 0

    def do_get(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return state, state

    def do_incr(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return state + argument, state + argument

    def see(self, kind: str, argument: Any, result: Any) -> Any:
        return result


class Appends(Model):
    """A list that only grows. States are its elements."""

    initial = ()
    reads = frozenset({"read"})

    def do_push(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return (*state, argument), len(state) + 1

    def do_read(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return state, state

    def see(self, kind: str, argument: Any, result: Any) -> Any:
        return result if kind == "read" else ANYTHING


class Members(Model):
    """A set. States are its members."""

    initial = frozenset()
    reads = frozenset({"has", "all"})

    def do_add(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return state | {argument}, int(argument not in state)

    def do_remove(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return state - {argument}, int(argument in state)

    def do_has(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return state, argument in state

    def do_all(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return state, state

    def see(self, kind: str, argument: Any, result: Any) -> Any:
        return result if kind == "all" else ANYTHING


class Queue(Appends):
    """A list that is taken from at its other end: each element is delivered once at most."""

    def do_pop(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return (state[1:], state[0]) if state else (state, None)


class Mutex(Model):
    """A lock that does not expire. States are its holder's name, or None."""

    reads = frozenset()

    def do_acquire(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return (argument, True) if state is None else (state, False)

    def do_release(self, state: Any, argument: Any) -> tuple[Any, Any]:
        return (None, True) if state == argument else (state, False)


#: The model of a key by what stands before its colon.
MODELS: dict[str, Model] = {
    "register": Register(),
    "counter": Counter(),
    "list": Appends(),
    "set": Members(),
    "queue": Queue(),
    "lock": Mutex(),
}


def model_of(key: str) -> Model:
    """Return the model of a key such as ``"register:3"``."""
    return MODELS[key.partition(":")[0]]
