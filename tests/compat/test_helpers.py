"""Small helpers that applications import."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from multiplexer.compat import utils
from multiplexer.errors import DataError
from multiplexer.retry import NoBackoff, Retry
from multiplexer.version import __version__


def test_dicts_and_texts() -> None:
    assert utils.dict_merge({"a": 1, "b": 1}, {}, {"b": 2}) == {"a": 1, "b": 2}
    assert utils.list_keys_to_dict(["A", "B"], len) == {"A": len, "B": len}
    assert sorted(utils.merge_result("KEYS", {"one": [1, 2], "two": [2, 3]})) == [1, 2, 3]
    assert (utils.str_if_bytes(b"\xc3\xa4"), utils.str_if_bytes(b"\xff"), utils.str_if_bytes(3)) == ("ä", "�", 3)
    assert (utils.safe_str(b"a"), utils.safe_str(3)) == ("a", "3")
    assert (utils.ensure_string(b"a"), utils.ensure_string("b")) == ("a", "b")
    with pytest.raises(TypeError, match="int"):
        utils.ensure_string(1)
    assert utils.truncate_text("short") == "short"
    assert utils.truncate_text("one two three", 10) == "one two..."
    assert utils.format_error_message("h:1", OSError(111, "refused")) == "Error 111 connecting to h:1. refused."
    assert utils.format_error_message("h:1", OSError("odd")) == "Error odd connecting to h:1."
    assert utils.format_error_message("h:1", OSError()) == "Error connecting to h:1."


def test_versions() -> None:
    assert utils.get_lib_version() == __version__
    assert utils.compare_versions("7.0.15", "7.0.9") == -1
    assert utils.compare_versions("7.0.9", "7.2") == 1
    assert utils.compare_versions("7", "7.0.0") == 0
    assert utils.check_protocol_version(None)
    assert utils.check_protocol_version("3")
    assert utils.check_protocol_version(2, 2)
    assert not utils.check_protocol_version(2)
    assert not utils.check_protocol_version(None, 2)
    assert utils.DEFAULT_RESP_VERSION == 3
    assert utils.HIREDIS_AVAILABLE
    assert utils.SSL_AVAILABLE
    assert isinstance(utils.CRYPTOGRAPHY_AVAILABLE, bool)


def test_expiry() -> None:
    at = datetime(2030, 1, 1, tzinfo=UTC)
    assert utils.extract_expire_flags() == []
    assert utils.extract_expire_flags(ex=timedelta(minutes=1)) == ["EX", 60]
    assert utils.extract_expire_flags(px=timedelta(seconds=1.5)) == ["PX", 1500]
    assert utils.extract_expire_flags(exat=at) == ["EXAT", 1893456000]
    assert utils.extract_expire_flags(pxat=at) == ["PXAT", 1893456000000]
    assert utils.extract_expire_flags(ex="7") == ["EX", 7]
    for bad in (1.5, True, "soon"):
        with pytest.raises(DataError, match="ex"):
            utils.extract_expire_flags(ex=bad)


def test_doing_nothing_about_failures() -> None:
    retry = Retry(NoBackoff(), 2, (ValueError,))
    calls = []

    def fail() -> None:
        calls.append(1)
        raise ValueError("again")

    with pytest.raises(ValueError, match="again"):
        retry.call_with_retry(fail, utils.dummy_fail)
    assert len(calls) == 3
    assert asyncio.run(utils.dummy_fail_async()) is None


def test_warnings_about_functions() -> None:
    @utils.deprecated_function(reason="use g", version="2.0")
    def old(value: int) -> int:
        """Return it."""
        return value

    with pytest.warns(DeprecationWarning, match=r"old is deprecated \(use g\) -- deprecated since version 2.0") as seen:
        assert old(3) == 3
    assert seen[0].filename == __file__
    assert (old.__name__, old.__doc__) == ("old", "Return it.")

    @utils.experimental_method()
    def new() -> int:
        return 1

    with pytest.warns(UserWarning, match="new is experimental") as seen:
        assert new() == 1
    assert seen[0].filename == __file__

    @utils.experimental
    class Fresh:
        def __init__(self, value: int) -> None:
            self.value = value

    with pytest.warns(UserWarning, match="Fresh is experimental") as seen:
        assert Fresh(2).value == 2
    assert seen[0].filename == __file__


def test_warnings_about_arguments(recwarn: pytest.WarningsRecorder) -> None:
    class Owner:
        @utils.deprecated_args(args_to_warn=["a"], reason="nobody needs it", version="2.0")
        def some(self, a: int = 1, b: int = 2) -> Any:
            return a, b

        @utils.deprecated_args(allowed_args=["b"])
        def all_but_b(self, a: int = 1, b: int = 2) -> Any:
            return a, b

    assert Owner().some(b=3) == (1, 3)
    assert Owner().all_but_b(b=3) == (1, 3)
    assert not recwarn
    with pytest.warns(DeprecationWarning, match=r"some: argument 'a' is deprecated \(nobody needs it\)") as seen:
        assert Owner().some(5) == (5, 2)
    assert seen[0].filename == __file__
    with pytest.warns(DeprecationWarning, match="all_but_b: argument 'a'"):
        assert Owner().all_but_b(a=5, b=6) == (5, 6)
