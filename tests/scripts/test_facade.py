"""What ``scripts/facade`` makes of outcomes of redis-py's tests, and how the façade comes into redis-py's modules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from .loading import load_script

facade = load_script("facade")
graft = load_script("facade_graft")

KNOWN = """
# What it is.
= A cause
both test_a.py::test_both
facade test_a.py::test_own
= Another
shared test_a.py::TestClass::*
"""


def outcome(test: str, outcome: str, error: str | None = None) -> str:
    return json.dumps({"test": f"tests/{test}", "outcome": outcome, "error": error})


def test_the_list_of_known_failures_can_be_read() -> None:
    causes = facade.read_causes(facade.KNOWN.read_text())
    assert all(cause.text and cause.test for cause in causes)


def test_known_failures_have_a_lane_and_a_cause() -> None:
    causes = facade.read_causes(KNOWN)
    assert [cause.text for cause in causes] == ["A cause", "A cause", "Another"]
    assert causes[0].explains("facade", "test_a.py::test_both")
    assert causes[0].explains("shared", "test_a.py::test_both")
    assert not causes[0].explains("shared", "test_a.py::test_both_others")
    assert not causes[1].explains("shared", "test_a.py::test_own")
    assert causes[2].explains("shared", "test_a.py::TestClass::test[x]")


@pytest.mark.parametrize("text", ["both test_a.py::test", "= A cause\nelsewhere test_a.py::test", "= A cause\nboth"])
def test_lines_that_are_not_understood(text: str) -> None:
    with pytest.raises(ValueError, match="not understood"):
        facade.read_causes(text)


def test_a_test_that_failed_once_has_failed() -> None:
    lines = [outcome("a", "failed", "why"), outcome("a", "passed"), outcome("b", "skipped"), outcome("c", "passed")]
    run = facade.read_run([outcome("c", "begun"), outcome("d", "begun"), *lines])
    assert run.outcomes == {"a": "failed", "b": "skipped", "c": "passed", "d": "failed"}
    assert run.errors == {"a": "why"}
    assert not run.ended
    assert facade.read_run([*lines, outcome("", "finished")]).ended
    assert run.passed() == {"c"}


def test_what_is_recorded_of_tests(tmp_path: Path) -> None:
    """A test that was skipped has not passed; where the process is interrupted that is not the end of all tests."""
    (tmp_path / "test_some.py").write_text(
        "import pytest\n"
        "def test_passes(): pass\n"
        "def test_is_skipped(): pytest.skip()\n"
        "@pytest.mark.skip\n"
        "def test_is_not_begun(): pass\n"
        "def test_fails(): assert False, 'so'\n"
        "def test_interrupts(): raise KeyboardInterrupt\n"
    )
    outcomes = tmp_path / "outcomes"
    outcomes.touch()
    for is_over in (False, True):
        subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "facade_graft", "-p", "no:cacheprovider", "-q", "test_some.py"],
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONPATH": str(Path(graft.__file__).parent),
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                "FACADE_LANE": "redis",
                "FACADE_OUTCOMES": str(outcomes),
            },
            stdout=subprocess.DEVNULL,
            timeout=50,
        )
        run = facade.read_run(outcomes.read_text().splitlines())
        assert run.ended is is_over
    made = {test.rpartition("::")[2]: outcome for test, outcome in run.outcomes.items()}
    assert made == {
        "test_passes": "passed",
        "test_is_skipped": "skipped",
        "test_is_not_begun": "skipped",
        "test_fails": "failed",
        "test_interrupts": "failed",
    }


def runs_of(file: str, **lanes: list[str]) -> dict[tuple[str, str], Any]:
    return {(file, lane): facade.read_run([*lanes.get(lane, []), outcome("", "finished")]) for lane in facade.LANES}


def test_new_failures_are_told_and_known_ones_are_not() -> None:
    file, tests = "test_a.py", ("test_both", "test_own", "test_new", "test_good")
    passed = [outcome(f"{file}::{test}", "passed") for test in tests]
    failed = [outcome(f"{file}::{test}", "failed", "because") for test in tests[:3]]
    theirs = [*passed, outcome(f"{file}::test_theirs", "failed")]
    runs = runs_of(file, redis=theirs, facade=[*failed, passed[3]], shared=[passed[1], passed[2]])
    wrong = facade.judge([file], runs, facade.read_causes(KNOWN))
    assert wrong == [
        "facade test_a.py::test_new  # because",
        "shared test_a.py::test_good  # it did not end",
    ]
    assert facade.judge([file], runs_of(file, redis=passed, facade=passed, shared=passed), []) == []
    assert facade.outdated([file], runs, facade.read_causes(KNOWN)) == ["shared test_a.py::TestClass::*"]
    assert facade.outdated(["test_b.py"], runs_of("test_b.py"), facade.read_causes(KNOWN)) == []
    runs[file, "redis"].ended = False
    assert "redis-py does not get through test_a.py" in facade.judge([file], runs, [])


def test_the_table_counts_what_redis_py_passes() -> None:
    file = "test_a.py"
    passed = [outcome(f"{file}::{number}", "passed") for number in range(4)]
    rows = list(facade.table([file], runs_of(file, redis=passed, facade=passed[:3], shared=passed[:1])))
    assert rows[1].split()[:6] == [file, "4", "3", "(75%)", "1", "(25%)"]
    assert rows[-1].split()[:6] == ["together", "4", "3", "(75%)", "1", "(25%)"]


def test_files_of_groups_are_named_once() -> None:
    files = [file for group in facade.GROUPS.values() for file in group]
    assert len(files) == len(set(files))
    assert set(facade.QUICK) <= set(files)


def test_sources_that_are_there_are_not_fetched(tmp_path: Path) -> None:
    there = tmp_path / f"redis-{facade.VERSION}"
    (there / "tests").mkdir(parents=True)
    assert facade.fetch(tmp_path) == there


def test_grafting_replaces_what_both_have_wherever_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with classes named like the façade's gets those, in the modules that have taken them over, too."""
    folder = tmp_path / "likeredis"
    folder.mkdir()
    (folder / "exceptions.py").write_text("class DataError(Exception): pass\nclass OnlyThere(Exception): pass\n")
    (folder / "__init__.py").write_text("from .exceptions import DataError, OnlyThere\nfrom json import dumps\n")
    (folder / "broken.py").write_text("import no_such_package_anywhere\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    package: Any = __import__("likeredis")
    theirs = package.OnlyThere
    assert graft.graft(package) == 1
    from multiplexer.compat.exceptions import DataError

    assert package.DataError is package.exceptions.DataError is DataError
    assert package.OnlyThere is theirs
    assert package.dumps is json.dumps
    for name in [name for name in sys.modules if name.startswith("likeredis")]:
        monkeypatch.delitem(sys.modules, name)


def test_what_is_no_module_of_the_facade_has_no_counterpart() -> None:
    found: ModuleType | None = graft.counterpart("redis.asyncio.client")
    assert found is not None
    assert found.__name__ == "multiplexer.compat.asyncio.client"
    assert graft.counterpart("redis.no_such_module") is None
