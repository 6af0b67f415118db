"""The forms of results that clients ask for with ``protocol=3`` and with ``legacy_responses=False``.

With ``protocol=3`` said in so many words, results are RESP3's own: mostly the replies as they are. Without legacy
responses they are like these, but the same under both protocols. Only what differs from the legacy forms is here; the
module is imported by clients that ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ...core.results import common, search, server, sorted_sets
from .families import LEGACY, Family
from .forms import Convert, Form, Words, instead

Callback = Callable[..., Any]


# -- in the place of the command's own conversion, or after it ---------------------------------------------------------


def _after(change: Callable[[Any], Any], decode: bool | None = None) -> Form:
    """Change what the command's own conversion makes; where it has none, nothing."""

    def form(convert: Convert, words: Words) -> tuple[Convert, bool | None]:
        if convert is None:
            return None, None
        make = convert
        return lambda reply: change(make(reply)), decode

    return form


def _rather(convert: Convert) -> Form:
    """Take another conversion where the command has one."""
    return lambda own, _: (None if own is None else convert, None)


#: The reply is the result.
_RAW = instead(None)


# -- tuples as lists ---------------------------------------------------------------------------------------------------


def _as_list(result: Any) -> Any:
    return list(result) if isinstance(result, tuple) else result


def _lists_of_tuples(result: Any) -> Any:
    return list(map(_as_list, result)) if isinstance(result, list) else result


def _page(result: tuple[int, Any]) -> tuple[int, Any]:
    cursor, items = result
    return cursor, _lists_of_tuples(items)


_LIST = _after(_as_list)
_LISTS = _after(_lists_of_tuples)


# -- servers' data -----------------------------------------------------------------------------------------------------


def _popped(reply: Any) -> Any:
    """``ZMPOP`` and ``BZMPOP``: the key, and pairs of member and score as lists."""
    popped = sorted_sets.popped_from_key(reply)
    return popped if popped is None else [popped[0], _lists_of_tuples(popped[1])]


def _count_or_score(reply: Any) -> Any:
    """``ZADD``: how many; with ``INCR`` the score."""
    return float(reply) if isinstance(reply, bytes | str) else reply


def _fields_in_pairs(reply: Any) -> Any:
    """``HRANDFIELD … WITHVALUES``: pairs of field and value."""
    return [list(pair) for pair in common.pairs(reply)]


def _by_stream(result: list[list[Any]]) -> dict[Any, Any]:
    return dict(map(tuple, result))


def _by_stream_in_lists(result: list[list[Any]]) -> dict[Any, Any]:
    """As redis-py has it: the entries in one more list."""
    return {name: [entries] for name, entries in result}


def _matches(reply: Any) -> Any:
    """``LCS … IDX`` with text keys; the text and the length as they are."""
    return common.text_keyed(reply) if isinstance(reply, dict | list) else reply


# -- what servers tell of themselves -----------------------------------------------------------------------------------


def _selectors(user: dict[str, Any] | None) -> dict[str, Any] | None:
    """``ACL GETUSER``: selectors as dicts."""
    if user is not None and "selectors" in user:
        user["selectors"] = [dict(common.pairs(selector)) for selector in user["selectors"]]
    return user


def _denials(reply: Any) -> Any:
    """``ACL LOG``: everything as the server tells it, text as text; whether OK of its RESET."""
    return [common.text_dict(entry) for entry in reply] if isinstance(reply, list) else common.ok(reply)


def _commands(reply: Any, categories_as_set: bool = False) -> dict[str, dict[str, Any]]:
    """``COMMAND``: by name, with tips, keys and subcommands as the server describes them."""
    told = server.commands(reply)
    for words in filter(None, reply):
        command = told[common.text(words[0])]
        command["flags"] = set(command["flags"])
        command |= dict(zip(("acl_categories", "tips", "key_specifications", "subcommands"), words[6:], strict=False))
        if categories_as_set and len(words) > 6:
            command["acl_categories"] = set(common.texts(words[6]))
    return told


def _libraries(reply: Any) -> list[dict[Any, Any]]:
    """``FUNCTION LIST``: libraries and their functions as dicts."""
    found: list[dict[Any, Any]] = [dict(common.pairs(library)) for library in reply]
    for library in found:
        for name in library.keys() & {"functions", b"functions"}:
            library[name] = [dict(common.pairs(function)) for function in library[name]]
    return found


def _shards(reply: Any) -> list[dict[str, Any]]:
    """``CLUSTER SHARDS``: ranges of slots as tuples, nodes as dicts with text keys."""
    shards = []
    for shard in map(common.text_keyed, reply):
        slots = iter(shard["slots"])
        ranges = [(first, next(slots)) if not isinstance(first, list) else tuple(first) for first in slots]
        shards.append({"slots": ranges, "nodes": [common.text_keyed(node) for node in shard["nodes"]]})
    return shards


def _dicts(reply: Any) -> list[dict[Any, Any]]:
    return [dict(common.pairs(item)) for item in reply or ()]


def _flags_as_set(state: dict[str, Any]) -> dict[str, Any]:
    return {**state, "flags": set(state.get("flags", "").split(","))}


def _flags_as_sets(states: Any) -> Any:
    if isinstance(states, dict):
        return {name: _flags_as_set(state) for name, state in states.items()}
    return list(map(_flags_as_set, states))


# -- modules -----------------------------------------------------------------------------------------------------------


def _in_list(result: Any) -> Any:
    """New numbers in a list, also of a path that matches one place at most."""
    return result if result is None or isinstance(result, list) else [result]


def _types(convert: Convert, words: Words) -> tuple[Convert, bool | None]:
    """``JSON.TYPE`` in one more list than RESP2 has it, None where there is nothing."""
    of_many = len(words) > 2 and str(words[2]).startswith("$")

    def types(reply: Any) -> Any:
        if reply in (None, [None]):
            return None
        is_wrapped = isinstance(reply, list) and (not of_many or (reply and isinstance(reply[0], list)))
        return reply if is_wrapped else [reply]

    return types, None


def _in_own_types(reply: Any) -> Any:
    """``JSON.RESP``: numbers as numbers, and text on the first level as text."""
    return common.texts(reply) if isinstance(reply, list) else common.text(reply)


def _sample(reply: Any) -> list[Any]:
    return [reply[0], *map(float, reply[1:])] if reply else []


def _newest_by_key(reply: Any) -> dict[Any, list[Any]]:
    """``TS.MGET``: by key, labels and the newest sample, an empty list where there is none."""
    if isinstance(reply, dict):
        return {key: [parts[0], _sample(parts[-1])] for key, parts in reply.items()}
    return {key: [dict(common.pairs(labels)), _sample(sample)] for key, labels, sample in reply or ()}


def _samples_by_key(convert: Convert, words: Words) -> tuple[Convert, bool | None]:
    """``TS.MRANGE``: by key, labels, how it was aggregated, which RESP2 does not tell, and samples."""
    names = [word.upper() if isinstance(word, str) else word for word in words]
    asked = words[names.index("AGGREGATION") + 1] if "AGGREGATION" in names else ""
    aggregators = [name.lower() for name in str(asked).split(",") if name]

    def by_key(reply: Any) -> dict[Any, list[Any]]:
        if isinstance(reply, dict):
            return {
                key: [parts[0], parts[1] if len(parts) > 2 else [], list(map(_sample, parts[-1]))]
                for key, parts in reply.items()
            }
        return {
            key: [dict(common.pairs(labels)), {"aggregators": aggregators}, list(map(_sample, samples))]
            for key, labels, samples in reply or ()
        }

    return by_key, None


def _found(convert: Convert, words: Words) -> tuple[Convert, bool | None]:
    """``FT.SEARCH``: the server's mapping, with the fields of documents as :class:`search.Result` has them."""
    assert convert is not None
    make = convert

    def found(reply: Any) -> Any:
        if not isinstance(reply, dict):
            return reply
        told = common.text_keyed(reply)
        items = list(map(common.text_keyed, told.get("results", ())))
        for item, document in zip(items, make(reply).docs, strict=True):
            item["id"] = document.id
            if isinstance(item.get("extra_attributes"), dict):
                item["extra_attributes"] = {
                    name: common.text(value) if name in _OF_DOCUMENTS else document["json" if name == "$" else name]
                    for name, value in common.text_keyed(item["extra_attributes"]).items()
                }
        return {**told, "results": items, **_texts_of("warning", told)}

    return found, False


def _texts_of(name: str, told: dict[str, Any]) -> dict[str, Any]:
    return {name: common.texts(told[name])} if name in told else {}


#: Attributes of documents that their fields may be called.
_OF_DOCUMENTS = frozenset(("id", "payload", "score"))


def _found_by_both(reply: Any) -> Any:
    """``FT.HYBRID``: the server's mapping, or numbers of cursors, with values of fields in bytes."""
    told = common.text_keyed(reply)
    if "results" not in told:
        return told
    results = list(map(common.text_keyed, told["results"]))
    return {**told, "results": results, **_texts_of("warnings", told)}


def _index_info(reply: Any) -> dict[str, Any]:
    """``FT.INFO``: everything as the server tells it, attributes as dicts and text as text."""
    told = common.text_dict(reply)
    told["attributes"] = [_attribute(each) if isinstance(each, list) else each for each in told.get("attributes", ())]
    return told


def _attribute(words: list[Any]) -> dict[str, Any]:
    """An attribute as RESP3 tells it: those of RESP2's words that no value follows are flags."""
    told: dict[str, Any] = {}
    left = iter(words)
    flags = [word for word in left if word not in _WITH_VALUE or told.update({word: next(left)})]
    return {**told, "flags": flags}


_WITH_VALUE = frozenset(("identifier", "attribute", "type", "WEIGHT", "SEPARATOR", "PHONETIC"))


def _profiled(convert: Convert, words: Words) -> tuple[Convert, bool | None]:
    """``FT.PROFILE``: since Redis 8 a mapping tells how the server went about it."""
    assert convert is not None
    make = convert

    def both(reply: Any) -> Any:
        result, profile = make(reply)
        if isinstance(reply, dict):
            told = {common.text(name).lower(): part for name, part in reply.items()}.get("profile")
            by_shard = common.deep_text(told) if isinstance(told, dict) else {}
        else:
            by_shard = dict(common.pairs(profile.info)) if profile.info and isinstance(profile.info[0], str) else {}
        return result, search.ProfileInformation(by_shard) if by_shard.keys() & _OF_SHARDS else profile

    return both, False if str(words[2]).upper() == "SEARCH" else None


_OF_SHARDS = frozenset(("Shards", "Coordinator"))


# -- the table ---------------------------------------------------------------------------------------------------------


#: A command's form with ``protocol=3``, and with ``legacy_responses=False``; None for the legacy form.
_Row = tuple[Form | None, Form | None]


def _each(names: str, with_resp3: Form | None, without_legacy: Form | None) -> dict[str, _Row]:
    return dict.fromkeys(names.split(","), (with_resp3, without_legacy))


#: By command.
_TABLE: dict[str, _Row] = {
    # Sorted sets, hashes, lists, streams, places, strings.
    **_each("ZRANGE,ZRANGEBYSCORE,ZREVRANGE,ZREVRANGEBYSCORE,ZUNION", _LISTS, _LISTS),
    **_each("ZDIFF,ZINTER,ZRANDMEMBER,ZPOPMAX,ZPOPMIN", _RAW, _LISTS),
    **_each("BZPOPMAX,BZPOPMIN,BLPOP,BRPOP", _LIST, _LIST),
    **_each("ZADD", _RAW, instead(_count_or_score)),
    **_each("ZMPOP,BZMPOP", instead(_popped), instead(_popped)),
    **_each("ZSCAN", None, _after(_page)),
    **_each("HRANDFIELD", _RAW, _rather(_fields_in_pairs)),
    **_each("XREAD,XREADGROUP", _after(_by_stream_in_lists), _after(_by_stream)),
    **_each("GEOPOS", _LISTS, _LISTS),
    **_each("GEOHASH", _RAW, None),
    **_each("LCS", _RAW, instead(_matches)),
    # Servers, users, connections.
    **_each("ACL CAT,ACL GENPASS,ACL HELP,ACL LIST,ACL USERS,ACL WHOAMI,CLIENT GETNAME,RESET", _RAW, None),
    **_each("ACL GETUSER", _after(_selectors, False), _after(_selectors, False)),
    **_each("ACL LOG", instead(_denials, False), None),
    **_each("BGREWRITEAOF,BGSAVE,COMMAND GETKEYS,DEBUG OBJECT,FUNCTION STATS", _RAW, _RAW),
    **_each("CLIENT TRACKINGINFO", _RAW, instead(common.text_dict)),
    **_each("COMMAND", instead(_commands), instead(partial(_commands, categories_as_set=True))),
    **_each("FUNCTION LIST", _RAW, instead(_libraries)),
    **_each("HOTKEYS GET", _RAW, instead(_dicts)),
    **_each("VINFO", _RAW, _rather(common.pairs_to_dict)),
    # Clusters and sentinels.
    **_each("CLUSTER GETKEYSINSLOT", _RAW, _RAW),
    **_each("CLUSTER LINKS", _RAW, instead(common.list_of(common.text_keyed))),
    **_each("CLUSTER SHARDS", _RAW, _rather(_shards)),
    **_each("SENTINEL MASTER", _after(_flags_as_set), _after(_flags_as_set)),
    **_each("SENTINEL MASTERS,SENTINEL SENTINELS,SENTINEL SLAVES", _after(_flags_as_sets), _after(_flags_as_sets)),
    # Modules.
    **_each("BF.ADD,BF.EXISTS,BF.INSERT,BF.MADD,BF.MEXISTS", _RAW, _RAW),
    **_each("CF.ADD,CF.ADDNX,CF.DEL,CF.EXISTS,CF.INSERT,CF.INSERTNX,CF.MEXISTS", _RAW, _RAW),
    **_each("TOPK.ADD,TOPK.INCRBY,TOPK.LIST,TOPK.QUERY", _RAW, _RAW),
    **_each("BF.INFO,CF.INFO,CMS.INFO,TDIGEST.INFO,TOPK.INFO,TS.INFO", _RAW, None),
    **_each("JSON.NUMINCRBY,JSON.NUMMULTBY", _after(_in_list), _after(_in_list)),
    **_each("JSON.OBJKEYS", _RAW, _RAW),
    **_each("JSON.RESP", instead(_in_own_types), instead(_in_own_types)),
    **_each("JSON.TYPE", _RAW, _types),
    **_each("TS.GET", _RAW, _LIST),
    **_each("TS.MGET", _RAW, instead(_newest_by_key)),
    **_each("TS.MRANGE,TS.MREVRANGE", _RAW, _samples_by_key),
    **_each("TS.QUERYINDEX", _RAW, _RAW),
    **_each("TS.RANGE,TS.REVRANGE", _RAW, _LISTS),
    **_each("FT.AGGREGATE,FT.CURSOR READ,FT.SPELLCHECK", _RAW, None),
    **_each("FT.CONFIG GET,FT.SYNDUMP", _RAW, instead(common.text_dict)),
    **_each("FT.HYBRID", instead(_found_by_both, False), None),
    **_each("FT.INFO", _RAW, instead(_index_info)),
    **_each("FT.PROFILE", instead(search.ProfileInformation), _profiled),
    **_each("FT.SEARCH", _found, None),
}

#: Methods of modules know what they asked for, commands that are given word by word do not.
_METHODS_ONLY = ("BF.", "CF.", "CMS.", "FT.", "JSON.", "TDIGEST.", "TOPK.", "TS.")


def _word_by_word(form: Form, own: Callback | None) -> Callback | None:
    """Return what makes the result of a command that is given word by word; None where that is the reply."""
    if form is _RAW:
        return None

    def callback(reply: Any, **options: Any) -> Any:
        convert, _ = form(None if own is None else partial(own, **options), ())
        return reply if convert is None else convert(reply)

    return callback


def _with(forms: Mapping[str, Form], results: Mapping[str, Callback]) -> dict[str, Callback]:
    found = {**results, **dict.fromkeys(("ZDIFF", "ZRANDMEMBER"), results["ZINTER"])}  # no longer in turn
    for name, form in forms.items():
        if not name.startswith(_METHODS_ONLY):
            made = _word_by_word(form, found.pop(name, None))
            if made is not None:
                found[name] = made
    return found


def _family(column: int) -> Family:
    forms = {name: form for name, row in _TABLE.items() if (form := row[column]) is not None}
    return Family(
        {**LEGACY.forms, **forms}, _with(forms, LEGACY.results), _with(forms, LEGACY.cluster_results), casts_text=False
    )


#: With ``protocol=3``.
RESP3 = _family(0)
#: With ``legacy_responses=False``.
UNIFIED = _family(1)
