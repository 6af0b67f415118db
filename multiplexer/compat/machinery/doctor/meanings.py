"""What an expression of a program stands for, as far as that can be told: a module of redis-py, a class, an object."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from ....pools.blocking.transports import Connection, SSLConnection, UnixDomainSocketConnection

_FACADE = "multiplexer.compat"

#: What methods make, by the class's name in the module of clients.
_MADE = {"pipeline": "Pipeline", "pubsub": "PubSub", "register_script": "Script", "monitor": "Monitor"}
_CLUSTERED = {"pipeline": "ClusterPipeline", "pubsub": "ClusterPubSub"}
#: What makes another of its own class.
_ITSELF = ("from_url", "from_pool", "__enter__", "__aenter__", "initialize", "client")
_PIPES = ("Pipeline", "ClusterPipeline")


class Meaning(NamedTuple):
    """What a name stands for.

    Attributes:
        label: Its name, from ``redis`` on.
        thing: The façade's module, class or function; None where the façade has none.
        is_made: Whether it is an object of that class.
        owner: The object whose attribute or method it is, or None.
    """

    label: str
    thing: Any
    is_made: bool = False
    owner: Any = None

    @property
    def member(self) -> str:
        """The last part of the name."""
        return self.label.rpartition(".")[2]


def module(name: str) -> Meaning:
    """Return the meaning of a module of redis-py, or valkey-py, by its name."""
    rest = name.partition(".")[2]
    label = f"redis.{rest}" if rest else "redis"
    try:
        return Meaning(label, importlib.import_module(f"{_FACADE}.{rest}" if rest else _FACADE))
    except ModuleNotFoundError:
        return Meaning(label, None)


def attribute(of: Meaning, name: str) -> Meaning:
    """Return the meaning of an attribute, whether or not there is one."""
    label = f"{of.label}.{name}"
    if isinstance(of.thing, ModuleType):
        found = getattr(of.thing, name, None)
        return module(label) if found is None or isinstance(found, ModuleType) else Meaning(label, found)
    if not isinstance(of.thing, type):
        return Meaning(label, None, owner=of)
    if name == "connection_pool" and _member(of.thing, name) is not None:
        return Meaning(label, importlib.import_module(_world_of(of.thing)).ConnectionPool, True, of)
    return Meaning(label, _member(of.thing, name), owner=of)


def _world_of(kind: type[Any]) -> str:
    return f"{_FACADE}.asyncio" if ".asyncio" in kind.__module__ else _FACADE


def _member(kind: type[Any], name: str) -> Any:
    found = getattr(kind, name, None)
    if found is not None:
        return found
    # object: there is something, and nothing else is known of it.
    if name in _set_by_themselves(kind.__mro__):
        return object
    return object if hasattr(kind, name) or hasattr(kind, "__getattr__") else None


@cache
def _set_by_themselves(bases: tuple[type, ...]) -> frozenset[str]:
    """Return the attributes that objects of a class with such bases, itself the first, are given by its methods."""
    names: set[str] = set()
    for base in bases:
        names.update(inspect.get_annotations(base))
        if not base.__module__.startswith("multiplexer."):
            continue
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(base)))):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.ctx, ast.Store)
                and ast.unparse(node.value) == "self"
            ):
                names.add(node.attr)
    return frozenset(names)


def result(called: Meaning) -> Meaning | None:
    """Return the meaning of what a call returns, or None where that is not known."""
    if isinstance(called.thing, type) and not called.is_made:
        return called._replace(is_made=True) if called.owner is None else None
    if called.label in ("redis.from_url", "redis.asyncio.from_url", "redis.utils.from_url"):
        name = called.label.replace("utils.", "").replace("from_url", "Redis")
        return attribute(module(name.rpartition(".")[0]), "Redis")._replace(is_made=True)
    owner: Meaning | None = called.owner
    if owner is None or called.thing is None:
        return None
    if called.member in _ITSELF or (owner.member in _PIPES and called.member != "execute"):
        return owner._replace(is_made=True)
    return _product(owner.thing, called.member)


def _product(kind: type[Any], method: str) -> Meaning | None:
    world = _world_of(kind).replace(_FACADE, "redis")
    if method == "lock":
        return attribute(module(f"{world}.lock"), "Lock")._replace(is_made=True)
    if method in ("master_for", "slave_for"):
        return attribute(module(world), "Redis")._replace(is_made=True)
    if method in _CLUSTERED and "Cluster" in kind.__name__:
        return attribute(module(f"{world}.cluster"), _CLUSTERED[method])._replace(is_made=True)
    if method in _MADE:
        return attribute(module(f"{world}.client"), _MADE[method])._replace(is_made=True)
    return None


def arguments(called: Meaning) -> frozenset[str] | None:
    """Return the names of the arguments that a call may be given; None where that is not known."""
    if called.thing is object:
        return None
    makes = isinstance(called.thing, type) or called.member == "from_url"
    try:
        parameters = inspect.signature(called.thing).parameters.values()
    except (TypeError, ValueError):
        return None
    names = {parameter.name for parameter in parameters}
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        if not makes:
            return None
        of = called.owner.thing if called.owner is not None else called.thing
        names |= _of_constructors(of if isinstance(of, type) else type(None)) | _of_connections()
    return frozenset(names)


@cache
def _of_connections() -> frozenset[str]:
    kinds = (Connection, SSLConnection, UnixDomainSocketConnection)
    client = attribute(module("redis"), "Redis").thing
    return frozenset().union(*(_of_constructors(kind) for kind in (*kinds, client)))


def _of_constructors(kind: type[Any]) -> frozenset[str]:
    functions = [
        base.__dict__["__init__"] for base in kind.__mro__ if "__init__" in base.__dict__ and base is not object
    ]
    return frozenset(name for function in functions for name in inspect.signature(function).parameters)
