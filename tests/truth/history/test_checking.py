"""The checker accepts what one server could have said, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations, permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multiplexer.errors import DataError, RedisConnectionError

from .checking import Search, Undecided, check, explain, overlapping
from .models import FORGET, MODELS, UNSAID, model_of
from .recording import History, Operation


def history(key: str, *operations: tuple[Any, ...]) -> History:
    """Make a history of ``(kind, argument, result, from, to)``, or without the end where the outcome is unknown."""
    made = History()
    for number, (kind, argument, result, *times) in enumerate(operations):
        invoked, ended = times if len(times) == 2 else (*times, math.inf)
        made.operations.append(Operation(f"c{number}", kind, key, argument, result, invoked, ended))
    return made


GOOD: dict[str, tuple[tuple[Any, ...], ...]] = {
    "register:in order": (("set", 1, True, 1, 2), ("get", None, 1, 3, 4)),
    "register:at the same time": (("set", 1, True, 1, 6), ("get", None, 1, 2, 3), ("set", 2, True, 4, 5)),
    "register:what is unknown was done": (("set", 1, None, 1), ("get", None, 1, 2, 3)),
    "register:what is unknown was done late": (
        ("set", 1, None, 1),
        ("get", None, None, 2, 3),
        ("get", None, 1, 4, 5),
    ),
    "register:what is unknown was never done": (("set", 1, None, 1), ("get", None, None, 2, 3)),
    "register:several that are unknown": (
        ("nx", 1, None, 1),
        ("delete", None, None, 2),
        ("nx", 2, None, 3),
        ("get", None, 1, 4, 5),
        ("get", None, 2, 6, 7),
    ),
    "register:conditions": (
        ("nx", 1, True, 1, 2),
        ("nx", 2, None, 3, 4),
        ("ifeq", (1, 3), True, 5, 6),
        ("ifeq", (1, 4), None, 7, 8),
        ("getdel", None, 3, 9, 10),
        ("delete", None, 0, 11, 12),
    ),
    "register:a unit": (("unit", (("set", 1), ("get", None)), (True, 1), 1, 2), ("set", 2, True, 1, 2)),
    "register:a failover forgets": (("set", 1, True, 1, 2), (FORGET, None, None, 3, 4), ("get", None, None, 5, 6)),
    "counter:unknown additions": (
        ("incr", 1, 1, 1, 2),
        ("incr", 1, None, 3),
        ("incr", 1, None, 4),
        ("incr", 1, 3, 5, 6),
        ("get", None, 4, 7, 8),
    ),
    "list:lengths": (("push", "a", 2, 1, 4), ("push", "b", 1, 2, 3), ("read", None, ("b", "a"), 5, 6)),
    "set:members": (("add", 1, 1, 1, 2), ("add", 1, 0, 3, 4), ("remove", 1, 1, 5, 6), ("has", 1, False, 7, 8)),
    "queue:one each": (("push", "a", 1, 1, 2), ("pop", None, "a", 3, 4), ("pop", None, None, 5, 6)),
    "queue:an unknown one took it": (("push", "a", 1, 1, 2), ("pop", None, None, 3), ("pop", None, None, 5, 6)),
    "lock:one after the other": (
        ("acquire", "a", True, 1, 2),
        ("acquire", "b", False, 3, 4),
        ("release", "a", None, 5),
        ("acquire", "b", True, 6, 7),
    ),
}
BAD: dict[str, tuple[tuple[Any, ...], ...]] = {
    "register:an old value": (("set", 1, True, 1, 2), ("set", 2, True, 3, 4), ("get", None, 1, 5, 6)),
    "register:from nowhere": (("set", 1, True, 1, 2), ("get", None, 7, 3, 4)),
    "register:two readers disagree": (
        ("set", 1, True, 1, 2),
        ("set", 2, True, 3, 10),
        ("get", None, 2, 4, 5),
        ("get", None, 1, 6, 7),
    ),
    "register:an unknown one comes back": (
        ("set", 1, None, 1),
        ("get", None, 1, 2, 3),
        ("set", 2, True, 4, 5),
        ("get", None, 1, 6, 7),
    ),
    "register:before it began": (("get", None, 1, 1, 2), ("set", 1, None, 3)),
    "register:twice": (("nx", 1, True, 1, 3), ("nx", 2, True, 2, 4)),
    "register:a torn unit": (("unit", (("set", 1), ("get", None)), (True, 2), 1, 2), ("set", 2, True, 1, 2)),
    "register:remembered after all": (
        (FORGET, None, None, 1, 2),
        ("get", None, None, 3, 4),
        ("get", None, 1, 5, 6),
    ),
    "counter:applied twice": (("incr", 1, 1, 1, 2), ("incr", 1, 3, 3, 4)),
    "counter:one reply for two": (("incr", 1, 1, 1, 3), ("incr", 1, 1, 2, 4)),
    "list:lost": (("push", "a", 1, 1, 2), ("read", None, (), 3, 4)),
    "list:out of order": (("push", "a", 1, 1, 2), ("push", "b", 2, 3, 4), ("read", None, ("b", "a"), 5, 6)),
    "set:lost": (("add", 1, 1, 1, 2), ("has", 1, False, 3, 4)),
    "queue:delivered twice": (("push", "a", 1, 1, 2), ("pop", None, "a", 3, 4), ("pop", None, "a", 5, 6)),
    "lock:two holders": (("acquire", "a", True, 1, 2), ("acquire", "b", True, 3, 4)),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_one_server_could_have_said(name: str) -> None:
    assert explain(history(name, *GOOD[name])) is None


@pytest.mark.parametrize("name", BAD)
def test_what_no_server_could_have_said(name: str) -> None:
    told = explain(history(name, *BAD[name]))
    assert told is not None
    assert name in told
    with pytest.raises(AssertionError, match="seed 7"):
        check(history(name, *BAD[name]), "seed 7")


def orders(operations: list[Operation]) -> Iterator[tuple[Operation, ...]]:
    """Yield every order there is of all known operations and some of the others."""
    sure = [each for each in operations if each.known]
    unsure = [each for each in operations if not each.known]
    for count in range(len(unsure) + 1):
        for some in combinations(unsure, count):
            for order in permutations([*sure, *some]):
                if all(not (b.ended < a.invoked) for i, a in enumerate(order) for b in order[i + 1 :]):
                    yield order


def is_told(key: str, order: tuple[Operation, ...]) -> bool:
    """Whether one server that does all in this order tells everybody what they were told."""
    model = model_of(key)
    state = model.initial
    for operation in order:
        fits, state = (
            model.step(state, operation)
            if operation.known
            else (True, model.apply(state, operation.kind, operation.argument)[0])
        )
        if not fits:
            return False
    return True


CALLS: dict[str, list[tuple[str, Any]]] = {
    "register": [
        ("set", 1),
        ("set", 2),
        ("get", None),
        ("delete", None),
        ("nx", 3),
        ("getdel", None),
        ("ifeq", (1, 4)),
    ],
    "counter": [("incr", 1), ("incr", 2), ("get", None)],
    "list": [("push", "a"), ("push", "b"), ("read", None)],
    "set": [("add", 1), ("add", 2), ("remove", 1), ("has", 1)],
    "queue": [("push", "a"), ("push", "b"), ("pop", None)],
    "lock": [("acquire", "a"), ("release", "a"), ("acquire", "b"), ("release", "b")],
}


@settings(max_examples=250)
@given(st.sampled_from(sorted(CALLS)), st.integers(0, 10**9))
def test_it_says_what_trying_every_order_says(kind: str, seed: int) -> None:
    """Histories that came about by chance, some of which were changed afterwards."""
    chance, key = Random(seed), f"{kind}:1"
    model, state = MODELS[kind], MODELS[kind].initial
    made = History()
    for moment in range(10, 60, 10):
        name, argument = chance.choice(CALLS[kind])
        known = chance.random() < 0.6
        # Done at its moment, so what is told is right, except where it is made up.
        if known or chance.random() < 0.5:
            state, result = model.apply(state, name, argument)
        else:
            result = None
        if chance.random() < 0.2:
            result = chance.choice([None, 1, 2, True, False, "a", ()])
        begin, end = moment - chance.uniform(0, 25), moment + chance.uniform(0, 25)
        made.operations.append(Operation("c", name, key, argument, result, begin, end if known else math.inf))
    expected = any(is_told(key, order) for order in orders(made.operations))
    assert (explain(made) is None) is expected


def test_many_of_unknown_outcome_take_no_time() -> None:
    made = [("incr", 1, None, number + 0.5) for number in range(40)]
    told = [("incr", 1, 2 * number + 1, number, number + 0.4) for number in range(40)]
    assert explain(history("counter:1", *told, *made)) is None
    writes = [("set", number, None, 0.1 + number / 100) for number in range(40)]
    reads = [("get", None, number, 50 + number, 50.5 + number) for number in range(0, 40, 3)]
    assert explain(history("register:1", *reads, *writes)) is None
    assert explain(history("register:1", *reads, ("get", None, 0, 200, 201), *writes)) is not None


def test_a_search_gives_up_in_time() -> None:
    same = [Operation("c", "add", "set:1", number, 1, 0, 10) for number in range(30)]
    same.append(Operation("c", "all", "set:1", None, frozenset({-1}), 0, 10))
    with pytest.raises(Undecided, match="31 known and 0 unknown"):
        Search(MODELS["set"], same, budget=1000).succeeds()


def test_a_history_keeps_what_became_of_each_call() -> None:
    made = History()
    with made.call("a", "get", "register:1") as call:
        call.result = b"v"
    sent, unsent = RedisConnectionError("lost"), RedisConnectionError("lost")
    sent.phase, unsent.phase = "written", "queued"
    for error in (sent, unsent):
        with made.call("a", "set", "register:1", b"w"):
            raise error
    with made.event(FORGET, ["register:1"]):
        pass
    assert [str(each) for each in made.operations] == [
        "[1..2] a: get -> b'v'",
        "[3..] a: set b'w' -> ?",
        "[5..6] event: forget -> None",
    ]
    assert (made.begun, made.failed, made.unknown) == (4, 1, 1)


def test_errors_that_no_fault_explains_are_not_swallowed() -> None:
    made = History()
    with pytest.raises(AssertionError, match="does not say how far it came"), made.call("a", "get", "register:1"):
        raise RedisConnectionError("lost")
    with pytest.raises(AssertionError, match="no fault explains"), made.call("a", "get", "register:1"):
        raise DataError("no")


def test_holdings_overlap_or_do_not() -> None:
    assert overlapping([(1, 2, "a"), (2, 3, "b"), (5, 4, "c")]) == []
    assert overlapping([(1, 5, "a"), (2, 3, "b"), (4, 6, "c")]) == [
        "b at 2 held what was a's until 5",
        "c at 4 held what was a's until 5",
    ]


def test_anything_can_be_in_a_key_whose_server_forgot() -> None:
    for kind, calls in CALLS.items():
        model = MODELS[kind]
        state, result = model.apply(model.initial, FORGET, None)
        assert result is None
        for name, argument in calls:
            assert model.apply(state, name, argument)[1] is UNSAID
