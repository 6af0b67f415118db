"""bench.instructions tells what has changed, and says where it cannot tell."""

from __future__ import annotations

import json
from math import inf
from pathlib import Path

import pytest

from bench.instructions import FILE, CannotCountError, build, changes, known, main, total_of


def test_what_has_changed() -> None:
    assert changes({"same": 100.0, "more": 104.0, "new": 1.0}, {"same": 100, "more": 100, "gone": 7}) == {
        "same": 0,
        "more": pytest.approx(0.04),
        "new": inf,
        "gone": inf,
    }


def test_a_build_of_which_nothing_is_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "instructions.json"
    file.write_text(json.dumps({"another build": {"GET": 1}}))
    assert main(["--check", "--file", str(file)]) == 3
    assert "Nothing was counted for" in capsys.readouterr().out


def test_without_valgrind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "instructions.json"
    file.write_text(json.dumps({build(): {"GET": 1}}))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["--check", "--file", str(file)]) == 3


def test_a_python_without_symbols(tmp_path: Path) -> None:
    with pytest.raises(CannotCountError, match="no symbols"):
        total_of(tmp_path / "counted.1")
    (tmp_path / "counted.1").write_text("events: Ir\nsummary: 1234\n")
    assert total_of(tmp_path / "counted.1") == 1234


def test_what_is_written_down_is_of_all_work() -> None:
    (names,) = {tuple(sorted(figures)) for figures in known(FILE).values()}
    assert "GET, 100 tasks" in names
    assert len(names) == 9
