"""Commands on vector sets: elements that each have a vector, found by how near they are (Redis 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from ...core.commands.arguments import choice, non_empty, number, positive
from ...core.commands.command_table import COMMANDS
from ...core.results.common import to_bool, to_list
from ...core.results.vector_sets import (
    attributes,
    description,
    links_with_scores,
    raw_vector,
    similar_with_attributes,
    similar_with_both,
    similar_with_scores,
    vector,
)
from ...core.types import AnyStr, Encodable, Key, Pending
from ...importing import importing
from .modules.group import ModuleGroup
from .surface import CommandSurface

if TYPE_CHECKING:
    from .chained import ChainedVectorSet

#: A vector: its components, or 32-bit floats, the lowest byte first, as bytes.
Vector: TypeAlias = Sequence[float] | bytes
#: How the server keeps vectors: as they are, as one bit, or as eight bits for each component.
Quantization: TypeAlias = Literal["NOQUANT", "BIN", "Q8"]
#: An element's attributes: JSON text, or what can be turned into it.
Attributes: TypeAlias = Mapping[str, Any] | str | bytes

_VADD = COMMANDS["VADD"]
_VCARD = COMMANDS["VCARD"]
_VDIM = COMMANDS["VDIM"]
_VEMB = COMMANDS["VEMB"]
_VGETATTR = COMMANDS["VGETATTR"]
_VINFO = COMMANDS["VINFO"]
_VISMEMBER = COMMANDS["VISMEMBER"]
_VLINKS = COMMANDS["VLINKS"]
_VRANDMEMBER = COMMANDS["VRANDMEMBER"]
_VRANGE = COMMANDS["VRANGE"]
_VREM = COMMANDS["VREM"]
_VSETATTR = COMMANDS["VSETATTR"]
_VSIM = COMMANDS["VSIM"]

_CONVERTERS = {
    (False, False): to_list,
    (True, False): similar_with_scores,
    (False, True): similar_with_attributes,
    (True, True): similar_with_both,
}


class VectorSet(ModuleGroup[AnyStr]):
    """Typed methods for vector sets; get it from ``db.vset()``. All of them need Redis 8."""

    __slots__ = ()

    if TYPE_CHECKING:

        def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> ChainedVectorSet[AnyStr]: ...

    def vadd(
        self,
        key: Key,
        vector: Vector,
        element: Encodable,
        reduce_dim: int | None = None,
        cas: bool | None = False,
        quantization: Quantization | None = None,
        ef: int | None = None,
        attributes: Attributes | None = None,
        numlinks: int | None = None,
    ) -> Pending[bool]:
        """Add an element, or change its vector.

        Redis command: VADD

        Args:
            key: The vector set.
            vector: The element's vector.
            element: The element.
            reduce_dim: Reduce vectors to this many components.
            cas: Look for neighbours in the background.
            quantization: How to keep vectors; only for a new set.
            ef: How many candidates to consider in building the graph.
            attributes: What to note down about the element.
            numlinks: With how many others each element is linked.

        Returns:
            Whether the element is new.

        Raises:
            DataError: The vector is empty or has a component that is NaN, or a number is below one.
        """
        words: list[Encodable] = ["VADD", key]
        if reduce_dim is not None:
            words += ("REDUCE", positive("VADD", "reduce_dim", reduce_dim))
        words += (*_vector_words("VADD", "vector", vector), element)
        if cas:
            words.append("CAS")
        if quantization is not None:
            words.append(choice("VADD", "quantization", quantization, ("NOQUANT", "BIN", "Q8")))
        if ef is not None:
            words += ("EF", positive("VADD", "ef", ef))
        if attributes is not None:
            words += ("SETATTR", _json(attributes))
        if numlinks is not None:
            words += ("M", positive("VADD", "numlinks", numlinks))
        return self._execute(_VADD, tuple(words), to_bool)

    def vcard(self, key: Key) -> Pending[int]:
        """Return the number of elements.

        Redis command: VCARD
        """
        return self._execute(_VCARD, ("VCARD", key))

    def vdim(self, key: Key) -> Pending[int]:
        """Return how many components the vectors have.

        Redis command: VDIM
        """
        return self._execute(_VDIM, ("VDIM", key))

    @overload
    def vemb(self, key: Key, element: Encodable, raw: Literal[False] | None = False) -> Pending[list[float] | None]: ...
    @overload
    def vemb(self, key: Key, element: Encodable, raw: Literal[True]) -> Pending[dict[str, Any] | None]: ...
    def vemb(self, key: Key, element: Encodable, raw: bool | None = False) -> Pending[Any]:
        """Return an element's vector, or None where it does not exist.

        Redis command: VEMB

        Args:
            key: The vector set.
            element: The element.
            raw: Return it as the server keeps it.

        Returns:
            A list of floats. With ``raw`` a dict of ``quantization``, ``raw`` (bytes), ``l2`` (the length before it
            was normalised) and, for eight bits, ``range``.
        """
        if raw:
            return self._execute(_VEMB, ("VEMB", key, element, "RAW"), raw_vector, False)
        return self._execute(_VEMB, ("VEMB", key, element), vector)

    def vgetattr(self, key: Key, element: Encodable) -> Pending[Any]:
        """Return an element's attributes, read from JSON; None where it has none.

        Redis command: VGETATTR
        """
        return self._execute(_VGETATTR, ("VGETATTR", key, element), attributes)

    def vinfo(self, key: Key) -> Pending[dict[str, Any] | None]:
        """Return what the server says about a vector set, by the server's names; None where there is none.

        Redis command: VINFO
        """
        return self._execute(_VINFO, ("VINFO", key), description)

    def vismember(self, key: Key, element: Encodable) -> Pending[bool]:
        """Tell whether an element is in the set.

        Redis command: VISMEMBER
        """
        return self._execute(_VISMEMBER, ("VISMEMBER", key, element), to_bool)

    @overload
    def vlinks(
        self, key: Key, element: Encodable, with_scores: Literal[False] | None = False
    ) -> Pending[list[list[AnyStr]] | None]: ...
    @overload
    def vlinks(
        self, key: Key, element: Encodable, with_scores: Literal[True]
    ) -> Pending[list[dict[AnyStr, float]] | None]: ...
    def vlinks(self, key: Key, element: Encodable, with_scores: bool | None = False) -> Pending[Any]:
        """Return an element's neighbours in each layer of the graph, or None where it does not exist.

        Redis command: VLINKS

        Args:
            key: The vector set.
            element: The element.
            with_scores: Return a dict of how similar they are for each layer.
        """
        if with_scores:
            return self._execute(_VLINKS, ("VLINKS", key, element, "WITHSCORES"), links_with_scores)
        return self._execute(_VLINKS, ("VLINKS", key, element))

    @overload
    def vrandmember(self, key: Key, count: None = None) -> Pending[AnyStr | None]: ...
    @overload
    def vrandmember(self, key: Key, count: int) -> Pending[list[AnyStr]]: ...
    def vrandmember(self, key: Key, count: int | None = None) -> Pending[Any]:
        """Return elements at random.

        Redis command: VRANDMEMBER

        Args:
            key: The vector set.
            count: How many distinct ones at most; where negative, that many that need not be distinct.

        Returns:
            One element or None; with ``count`` a list.
        """
        if count is None:
            return self._execute(_VRANDMEMBER, ("VRANDMEMBER", key))
        return self._execute(_VRANDMEMBER, ("VRANDMEMBER", key, count), to_list)

    def vrange(self, key: Key, start: str, end: str, count: int | None = None) -> Pending[list[AnyStr]]:
        """Return elements in alphabetical order.

        Redis command: VRANGE (Redis 8.4)

        Args:
            key: The vector set.
            start: ``"[a"`` including it, ``"(a"`` without it, or ``"-"``.
            end: Likewise, or ``"+"``.
            count: How many at most; negative for all.
        """
        words: tuple[Encodable, ...] = ("VRANGE", key, start, end)
        return self._execute(_VRANGE, words if count is None else (*words, count), to_list)

    def vrem(self, key: Key, element: Encodable) -> Pending[bool]:
        """Remove an element; return whether it was there.

        Redis command: VREM
        """
        return self._execute(_VREM, ("VREM", key, element), to_bool)

    def vsetattr(self, key: Key, element: Encodable, attributes: Attributes | None = None) -> Pending[bool]:
        """Set an element's attributes, or take them away where there are none; return whether it exists.

        Redis command: VSETATTR
        """
        words = ("VSETATTR", key, element, "{}" if attributes is None else _json(attributes))
        return self._execute(_VSETATTR, words, to_bool)

    def vsim(
        self,
        key: Key,
        input: Vector | str,
        with_scores: bool | None = False,
        with_attribs: bool | None = False,
        count: int | None = None,
        ef: int | None = None,
        filter: str | None = None,
        filter_ef: int | str | None = None,
        truth: bool | None = False,
        no_thread: bool | None = False,
        epsilon: float | None = None,
    ) -> Pending[list[AnyStr] | dict[AnyStr, Any]]:
        """Return the elements that are most similar to a vector, or to an element.

        Redis command: VSIM

        Args:
            key: The vector set.
            input: A vector, as floats or bytes; or as str an element of the set.
            with_scores: Return how similar they are: 1 is the same direction, 0 the opposite one.
            with_attribs: Return their attributes, read from JSON.
            count: How many at most; 10 by default.
            ef: How many candidates to consider.
            filter: An expression over the attributes that they must meet.
            filter_ef: How many candidates to try against ``filter`` at most.
            truth: Compare with every element.
            no_thread: Search in the server's main thread.
            epsilon: Only elements that are at most this far away, from 0 to 1.

        Returns:
            A list of elements, the most similar first; with ``with_scores`` a dict of floats, with ``with_attribs``
            one of attributes, with both one of dicts of ``score`` and ``attributes``.

        Raises:
            DataError: The vector is empty or has a component that is NaN, or a number is below one.
        """
        words: list[Encodable] = ["VSIM", key]
        words += ("ELE", input) if isinstance(input, str) else _vector_words("VSIM", "input", input)
        if with_scores:
            words.append("WITHSCORES")
        if with_attribs:
            words.append("WITHATTRIBS")
        if count is not None:
            words += ("COUNT", positive("VSIM", "count", count))
        if epsilon is not None:
            words += ("EPSILON", number("VSIM", "epsilon", epsilon))
        if ef is not None:
            words += ("EF", positive("VSIM", "ef", ef))
        if filter is not None:
            words += ("FILTER", filter)
        if filter_ef is not None:
            words += ("FILTER-EF", filter_ef)
        if truth:
            words.append("TRUTH")
        if no_thread:
            words.append("NOTHREAD")
        return self._execute(_VSIM, tuple(words), _CONVERTERS[bool(with_scores), bool(with_attribs)])


class VectorSetCommands(CommandSurface[AnyStr]):
    """The way to the commands on vector sets."""

    __slots__ = ()

    def vset(self) -> VectorSet[AnyStr]:
        """Return the commands on vector sets: ``db.vset().vadd(…)``."""
        return VectorSet(self)


def _vector_words(command: str, argument: str, vector: Vector) -> tuple[Encodable, ...]:
    if isinstance(vector, bytes | bytearray):
        return ("FP32", vector)
    components = [number(command, argument, float(component)) for component in vector]  # an array has no truth value
    return ("VALUES", len(non_empty(command, argument, components)), *components)


def _json(attributes: Attributes) -> str | bytes:
    if isinstance(attributes, str | bytes):
        return attributes
    with importing:
        import json  # only now: few need it

    return json.dumps(attributes)
