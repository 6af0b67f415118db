"""Tables for terminals of any size: what does not fit is folded or left out, and that is said.

- Addresses fold, in front of the port if that does, and sentences between words, before anything is left out.
- Columns have ranks: those of the highest are left out first, and a line below names them.
- What is shown in place ends with how many lines there is no room for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Literal, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

#: Spaces between two columns.
_GAP = 2
#: Columns that an address or a text is left at least, if it is that long.
_LEAST_ADDRESS, _LEAST_WORDS = 16, 24


class Shape(Enum):
    """What becomes of a cell in a column that is narrower than it."""

    WHOLE = "it is not: such a column stays as wide as its cells"
    ADDRESS = "it goes on in the next line, after a colon or a dot"
    WORDS = "it goes on in the next line, after a space"
    END = "its end is shown"


class Column(NamedTuple):
    """One column of a table.

    Attributes:
        name: What it is called.
        rank: Columns of the highest rank are left out first, and those of rank 0 never.
        shape: What becomes of cells that do not fit.
        justify: Where its cells stand; numbers to the right.
        room: The least width, so that figures that grow do not move what is beside them.
    """

    name: str
    rank: int = 0
    shape: Shape = Shape.WHOLE
    justify: Literal["left", "right"] = "left"
    room: int = 0


def address(name: str, rank: int = 0) -> Column:
    """Return a column for addresses."""
    return Column(name, rank, Shape.ADDRESS)


def number(name: str, rank: int = 0, room: int = 0) -> Column:
    """Return a column for numbers."""
    return Column(name, rank, justify="right", room=room)


class FittedTable:
    """A table that is laid out for the width it is shown in. A column whose cells are all empty is not shown."""

    def __init__(
        self, title: str, *columns: Column, elsewhere: str = "wider terminal or --json", in_parts: bool = False
    ) -> None:
        """Make one without rows.

        Args:
            title: What stands above it.
            columns: Its columns.
            elsewhere: What shows columns that are left out.
            in_parts: Whether to leave none out, but to go on with them in further tables below, each of which begins
                with the first column.
        """
        self.title = title
        self.columns = list(columns)
        self._elsewhere = elsewhere
        self._in_parts = in_parts
        self._rows: list[list[Text]] = []

    def add_row(self, *cells: str | Text) -> None:
        """Add a row, with a cell for each column."""
        self._rows.append([cell if isinstance(cell, Text) else Text(cell) for cell in cells])

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        if self._in_parts:
            for number_of_part, part in enumerate(self._parts(width)):
                yield self._laid_out(part, width, "" if number_of_part else self.title)
            return
        shown, left_out = self._chosen(width)
        yield self._laid_out(shown, width, self.title)
        if left_out:
            names = ", ".join(self.columns[index].name for index in left_out)
            yield Text(f"not shown: {names} ({self._elsewhere})", style="dim italic")

    def _chosen(self, width: int) -> tuple[list[int], list[int]]:
        """Return the columns that fit, and those that are left out."""
        shown, left_out = self._filled(), list[int]()
        while _total([self._least(index) for index in shown]) > width:
            last = max(shown, key=lambda index: (self.columns[index].rank, index))
            if not self.columns[last].rank:
                break
            shown.remove(last)
            left_out.append(last)
        return shown, sorted(left_out)

    def _parts(self, width: int) -> Iterator[list[int]]:
        """Yield the columns of one table after the other."""
        first, *others = self._filled()
        part = [first]
        for index in others:
            if len(part) > 1 and _total([self._least(each) for each in (*part, index)]) > width:
                yield part
                part = [first]
            part.append(index)
        yield part

    def _filled(self) -> list[int]:
        return [index for index, _ in enumerate(self.columns) if not self._rows or any(self._cells(index))]

    def _cells(self, index: int) -> list[Text]:
        return [row[index] for row in self._rows]

    def _natural(self, index: int) -> int:
        column = self.columns[index]
        return max(_width(Text(column.name)), column.room, *(_width(cell) for cell in self._cells(index)), 0)

    def _least(self, index: int) -> int:
        column, natural = self.columns[index], self._natural(index)
        if column.shape is Shape.WHOLE:
            return natural
        if column.shape is Shape.ADDRESS:
            parts = [part for text in (Text(column.name), *self._cells(index)) for part in _host_and_port(text.plain)]
            return min(max(map(len, parts)), _LEAST_ADDRESS, natural)
        return min(_LEAST_WORDS, natural)

    def _laid_out(self, shown: Sequence[int], width: int, title: str) -> Table:
        widths = [self._natural(index) for index in shown]
        least = [self._least(index) for index in shown]
        while _total(widths) > width and any(now > small for now, small in zip(widths, least, strict=True)):
            _, place = max((now, place) for place, now in enumerate(widths) if now > least[place])
            widths[place] -= 1
        table = Table(
            title=Text(title, "bold") if title else None,
            title_justify="left",
            box=SIMPLE_HEAD,
            show_edge=False,
            pad_edge=False,
            padding=(0, 1, 0, 0),
        )
        for index, columns in zip(shown, widths, strict=True):
            table.add_column(
                _folded(Text(self.columns[index].name), columns, self.columns[index].shape),
                justify=self.columns[index].justify,
                width=columns,
                overflow="fold",
            )
        for row in self._rows:
            cells = zip(shown, widths, strict=True)
            table.add_row(*(_folded(row[index], columns, self.columns[index].shape) for index, columns in cells))
        return table


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _width(text: Text) -> int:
    return max((line.cell_len for line in text.split()), default=0)


def _host_and_port(text: str) -> Iterator[str]:
    for line in text.splitlines():
        host, colon, port = line.rpartition(":")
        yield host + colon
        yield port


def _folded(text: Text, width: int, shape: Shape) -> Text:
    """Return a cell, no wider than a column."""
    if shape is Shape.ADDRESS:
        return Text("\n".join(part for line in text.plain.splitlines() for part in _pieces(line, width)), text.style)
    if shape is Shape.END:
        return text[-width:] if text else text
    return text


def _pieces(line: str, width: int) -> Iterator[str]:
    """Yield an address in parts that end after a colon or a dot, if they can."""
    part = ""
    for piece in re.findall(r"[^.:]*[.:]|[^.:]+", line):
        if part and len(part) + len(piece) > width:
            yield part
            part = ""
        part += piece
    yield part


class Frame:
    """Something that is shown in place: as many lines as there is room for, and how many there is none for."""

    def __init__(self, content: RenderableType) -> None:
        self._content = content

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = console.render_lines(self._content, options.update(height=None), pad=False)
        missing = len(lines) - options.max_height
        if missing > 0:
            told = Text(f"not shown: {missing + 1} lines (taller terminal or --json)", "dim italic")
            lines[options.max_height - 1 :] = console.render_lines(told, options.update(height=1), pad=False)
        for line in lines:
            yield from line
            yield Segment.line()
