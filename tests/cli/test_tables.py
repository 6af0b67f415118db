"""Tables fit into any width: nothing is cut off unsaid."""

from __future__ import annotations

import re

import pytest
from rich.console import Console, Group, RenderableType

from multiplexer.cli.tables import Column, FittedTable, Frame, Shape, address, number

ADDRESSES = ("127.0.0.1:6379", "[2001:db8::ff00:42:8329]:6380", "cache-0001-001.abcdef.euw1.cache.example.com:6379")
SENTENCE = "the server is loading its data from its file, which may take a while"


def shown(content: RenderableType, width: int, height: int = 100) -> list[str]:
    """Return the lines of something on a console."""
    console = Console(width=width, height=height, color_system=None)
    with console.capture() as capture:
        console.print(content)
    lines = capture.get().splitlines()
    assert all(len(line) <= width for line in lines)
    return [line.rstrip() for line in lines]


def make(**options: bool) -> FittedTable:
    table = FittedTable(
        "Title", address("where"), Column("role"), number("figure", 2), Column("why", 1, Shape.WORDS), **options
    )
    for each in ADDRESSES:
        table.add_row(each, "primary", "1,234,567", SENTENCE)
    return table


@pytest.mark.parametrize("width", range(28, 160, 3))
def test_whatever_is_not_shown_is_named(width: int) -> None:
    lines = shown(make(), width)
    text = "".join(lines)
    assert "…" not in text
    [header] = [line.split() for line in lines if line.startswith("where")]
    left_out = re.search(r"not shown: ([\w, ]+)", " ".join(lines))
    names = [] if left_out is None else left_out[1].strip().split(", ")
    assert sorted([*header, *names]) == ["figure", "role", "where", "why"]
    if "why" in names:
        assert "figure" in names  # which is less important
    if "figure" not in names:
        assert text.count("1,234,567") == len(ADDRESSES)


@pytest.mark.parametrize("width", range(28, 160, 3))
def test_addresses_go_on_in_the_next_line(width: int) -> None:
    first_cells = [re.split(r"\s{2,}", line)[0] for line in shown(make(), width)[3:]]
    assert "".join(ADDRESSES) in "".join(cell for cell in first_cells if not cell.startswith("not shown"))


def test_an_address_is_parted_in_front_of_its_port() -> None:
    table = FittedTable("", address("where"), Column("x" * 20))
    table.add_row("192.168.100.1:6379", "y")
    assert [line.split()[0] for line in shown(table, 38)[2:]] == ["192.168.100.1:", "6379"]


def test_columns_without_anything_are_not_shown() -> None:
    table = FittedTable("", Column("a"), Column("b"))
    table.add_row("1", "")
    table.add_row("2", "")
    assert shown(table, 80)[0].split() == ["a"]


def test_parts_leave_nothing_out() -> None:
    table = FittedTable("Counters", Column("counter"), *(number(f"server{n}") for n in range(9)), in_parts=True)
    table.add_row("operations", *map(str, range(100, 109)))
    lines = shown(table, 40)
    rows = [line.split() for line in lines if line.startswith("operations")]
    assert [cell for _, *cells in rows for cell in cells] == [str(n) for n in range(100, 109)]
    assert len(rows) == 3
    assert lines.count("Counters") == 1


def test_the_end_of_a_curve_is_what_is_kept() -> None:
    table = FittedTable("", Column("what"), Column("curve", shape=Shape.END))
    table.add_row("ops", "x" * 20 + "y" * 30)
    assert shown(table, 40)[-1].split() == ["ops", "xxxx" + "y" * 30]


@pytest.mark.parametrize(
    ("height", "last"), [(20, "line 9"), (10, "line 9"), (9, "not shown: 2 lines"), (3, "8 lines")]
)
def test_a_frame_says_how_much_is_missing(height: int, last: str) -> None:
    lines = shown(Frame(Group(*(f"line {number}" for number in range(10)))), 60, height)
    assert len(lines) == min(height, 10)
    assert last in lines[-1]
