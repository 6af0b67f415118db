"""Modules of redis-py that hold a few classes or helpers: they do what they say."""

from __future__ import annotations

from typing import Any

import pytest

import multiplexer.compat as compat
from multiplexer.compat.commands.json.decoders import bulk_of_jsons, decode_list, unstring
from multiplexer.compat.commands.timeseries import utils
from multiplexer.compat.data_structure import WeightedList
from multiplexer.compat.event import (
    AfterConnectionReleasedEvent,
    AsyncAfterConnectionReleasedEvent,
    AsyncEventListenerInterface,
    EventDispatcher,
    EventListenerInterface,
    OnCommandsFailEvent,
)
from multiplexer.compat.maint_notifications import EndpointType, MaintNotificationsConfig
from multiplexer.errors import ConfigurationError


class Listener(EventListenerInterface):
    def __init__(self) -> None:
        self.heard: list[Any] = []

    def listen(self, event: Any) -> None:
        self.heard.append(event)


class AsyncListener(Listener, AsyncEventListenerInterface):
    async def listen(self, event: Any) -> None:  # type: ignore[override]
        self.heard.append(event)


def test_events() -> None:
    first, second = Listener(), Listener()
    dispatcher = EventDispatcher({AfterConnectionReleasedEvent: [first]})
    dispatcher.register_listeners({AfterConnectionReleasedEvent: [first, second], OnCommandsFailEvent: [second]})
    event = AfterConnectionReleasedEvent("a connection")
    dispatcher.dispatch(event)
    assert first.heard == second.heard == [event]
    assert event.connection == "a connection"
    dispatcher.unregister_listeners({AfterConnectionReleasedEvent: [first]})
    dispatcher.dispatch(AsyncAfterConnectionReleasedEvent("another"))  # nobody listens to these
    failed = OnCommandsFailEvent(("GET", "k"), ValueError())
    dispatcher.dispatch(failed)
    assert first.heard == [event]
    assert second.heard == [event, failed]


def test_a_listener_may_register_others() -> None:
    class Registers(Listener):
        def listen(self, event: Any) -> None:
            dispatcher.register_listeners({str: [later]})
            dispatcher.dispatch("from within")

    later = Listener()
    dispatcher = EventDispatcher({int: [Registers()]})
    dispatcher.dispatch(1)
    assert later.heard == ["from within"]


async def test_events_in_a_loop() -> None:
    listener = AsyncListener()
    dispatcher = EventDispatcher()
    dispatcher.register_listeners({AfterConnectionReleasedEvent: [listener]})
    event = AfterConnectionReleasedEvent(1)
    await dispatcher.dispatch_async(event)
    assert listener.heard == [event]


def test_weights() -> None:
    items: WeightedList[str] = WeightedList()
    for item, weight in (("a", 1.0), ("b", 3.0), ("c", 2.0), ("d", 2.0)):
        items.add(item, weight)
    assert list(items) == [("b", 3.0), ("c", 2.0), ("d", 2.0), ("a", 1.0)]
    assert (len(items), items[1]) == (4, ("c", 2.0))
    assert items.get_top_n(2) == [("b", 3.0), ("c", 2.0)]
    assert items.get_by_weight_range(1, 2) == [("c", 2.0), ("d", 2.0), ("a", 1.0)]
    assert items.update_weight("a", 5) == 1
    assert items.remove("b") == 3
    assert list(items) == [("a", 5), ("c", 2.0), ("d", 2.0)]
    with pytest.raises(ValueError, match="not found"):
        items.remove("b")


def test_helpers_of_documents() -> None:
    assert bulk_of_jsons(int)(["1", None]) == [1, None]
    assert [unstring(each) for each in ("12", "1.5", "a1", "1x5")] == [12, 1.5, "a1", "1x5"]
    assert decode_list([b"a", b"1"]) == ["a", "1"]
    assert (decode_list(b"1"), decode_list("1.5"), decode_list(b"null"), decode_list(7)) == (1, 1.5, None, 7)


def test_helpers_of_series() -> None:
    assert utils.list_to_dict([[b"a", b"b"]]) == {"a": "b"}
    assert utils.parse_get([1, b"2.5"]) == (1, 2.5)
    assert utils.parse_get([]) is None
    assert utils.parse_range([[1, b"2"], [2, b"3"]]) == [(1, 2.0), (2, 3.0)]
    assert utils.parse_m_get([[b"k", [[b"a", b"b"]], [1, b"2"]]]) == [{"k": [{"a": "b"}, 1, 2.0]}]
    assert utils.parse_m_range([[b"k", [], [[1, b"2"]]]]) == [{"k": [{}, [(1, 2.0)]]}]
    assert utils.parse_n_range([[1, [b"2", b"nan"]]])[0][1][0] == 2.0
    assert utils.parse_query_labels(None) == set()


@pytest.mark.parametrize("enabled", [False, "auto"])
def test_notifications_that_need_not_be_are_let_pass(enabled: Any) -> None:
    config = MaintNotificationsConfig(enabled=enabled, endpoint_type=EndpointType.EXTERNAL_IP)
    compat.Redis(maint_notifications_config=config).close()
    assert "external-ip" in repr(config)
    assert str(EndpointType.NONE) == "none"
    assert config.is_relaxed_timeouts_enabled()
    assert not MaintNotificationsConfig(relaxed_timeout=-1).is_relaxed_timeouts_enabled()


def test_notifications_that_are_asked_for_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="maint_notifications_config"):
        compat.Redis(maint_notifications_config=MaintNotificationsConfig(enabled=True))
