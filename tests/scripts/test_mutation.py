"""What scripts/mutation changes."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from .loading import ROOT, load_script

script: Any = load_script("mutation")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = a < b", ["x = (a <= b)"]),
        ("x = a is not None", ["x = (a is None)"]),
        ("x = a in b", ["x = (a not in b)"]),
        ("x = a and b", ["x = (a or b)"]),
        ("x = not a", ["x = (a)"]),
        ("x = a + 1", ["x = (a - 1)", "x = a + (2)"]),
        ("x = True", ["x = (False)"]),
        ("x = b if a else c", ["x = (c if a else b)"]),
        ("self.x = a", ["pass"]),
        ("call(a)", ["pass"]),
        ("x += a", ["pass"]),
        ("def f():\n    return a", ["def f():\n    return None"]),
        ("for a in b:\n    break", ["for a in b:\n    continue"]),
        ("# ä\nx = 'ä' if a else b  # ü", ["# ä\nx = (b if a else 'ä')  # ü"]),
    ],
)
def test_a_place_is_changed_and_nothing_else(before: str, after: list[str]) -> None:
    assert [mutant.text for mutant in script.mutants(before)] == after


@pytest.mark.parametrize(
    "text",
    ["'a text'", "x = f'{a + 1}'", "__slots__ = ('a',)", "raise E(a + 1)", "def f(a: int | None) -> X[1]: ..."],
)
def test_texts_types_and_errors_stay_as_they_are(text: str) -> None:
    assert script.mutants(text) == []


def test_a_mutant_has_a_name_that_outlives_other_lines() -> None:
    text = "class A:\n    def f(self):\n        x = a < 1\n"
    names = [mutant.name for mutant in script.mutants(text)]
    assert names == ["A.f: a < 1  ->  x = (a <= 1)", "A.f: 1  ->  x = a < (2)"]
    assert [mutant.name for mutant in script.mutants(f"import b\n\n{text}")] == names


def test_every_survivor_that_is_known_is_a_mutant_and_has_a_cause() -> None:
    names = {
        f"{module} {mutant.name}"
        for module in script.MODULES
        for mutant in script.mutants((ROOT / script.CORE / f"{module}.py").read_text())
    }
    reasons = script.known()
    assert reasons.keys() - names == set()
    assert all(reasons.values())


@pytest.mark.parametrize("module", script.MODULES)
def test_every_mutant_is_python_and_has_tests_near_it(module: str) -> None:
    text = (ROOT / script.CORE / f"{module}.py").read_text()
    made = script.mutants(text)
    assert len(made) > 10
    for mutant in made[:: len(made) // 10]:
        ast.parse(mutant.text)
        assert mutant.text != text
    for name in script.MODULES[module]:
        assert (ROOT / "tests" / "core" / f"test_{name}.py").exists()
