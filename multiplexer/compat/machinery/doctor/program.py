"""``python -m multiplexer.compat doctor PATH``: what the programs there use of redis-py, and what becomes of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ....importing import importing
from .reading import Use, Verdict, sources, uses

#: Places that are shown of each name.
_SHOWN = 3


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Returns:
        0 where all is there, though some of it may differ; 1 where something is not, is private, or could not be
        read; 2 where there is nothing to look at.
    """
    parser = argparse.ArgumentParser(
        prog="python -m multiplexer.compat doctor",
        description="List what Python files use of redis-py, what runs as it is on multiplexer.compat, what differs, "
        "and what is private. Nothing is run or imported of them.",
        epilog="Exit status: 0 where all is there, 1 where something is not, is private or cannot be read, 2 where "
        "there is nothing to look at. Pages are those of the documentation.",
    )
    parser.add_argument("path", type=Path, help="a file, or a folder and all below it")
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    options = parser.parse_args(arguments)
    files = list(sources(options.path)) if options.path.exists() else []
    if not files:
        print(f"{options.path}: no Python files", file=sys.stderr)
        return 2
    found: list[Use] = []
    unread: dict[str, str] = {}
    for file in files:
        try:
            found += uses(file, str(file))
        except (OSError, SyntaxError, ValueError, RecursionError) as error:
            unread[str(file)] = type(error).__name__
    report = _grouped(found)
    print(_json(report, unread, len(files)) if options.json else _text(report, unread, found, len(files)))
    return int(bool(unread) or any(use.verdict in (Verdict.PRIVATE, Verdict.MISSING) for use in found))


def _grouped(found: Sequence[Use]) -> list[tuple[Use, list[str]]]:
    """Return one use for each name and verdict, with all places; by verdict, then by name."""
    places: dict[tuple[str, Verdict], tuple[Use, list[str]]] = {}
    for use in found:
        places.setdefault((use.name, use.verdict), (use, []))[1].append(f"{use.file}:{use.line}")
    order = list(Verdict)
    return sorted(places.values(), key=lambda entry: (order.index(entry[0].verdict), entry[0].name))


def _text(report: Sequence[tuple[Use, list[str]]], unread: dict[str, str], found: Sequence[Use], files: int) -> str:
    users = len({use.file for use in found})
    lines = [f"{users} of {files} files use redis-py: {len(report)} names, {len(found)} times"]
    for verdict in Verdict:
        entries = [entry for entry in report if entry[0].verdict is verdict]
        if not entries:
            continue
        lines += ["", f"{verdict.value} ({len(entries)})"]
        for use, places in entries:
            more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
            lines.append(f"  {use.name}    {', '.join(places[:_SHOWN])}{more}")
            if use.difference is not None:
                lines.append(f"      {use.difference.why} ({use.difference.page})")
    if unread:
        lines += ["", f"could not be read ({len(unread)})", *(f"  {file}    {why}" for file, why in unread.items())]
    return "\n".join(lines)


def _json(report: Sequence[tuple[Use, list[str]]], unread: dict[str, str], files: int) -> str:
    with importing:
        import json

    entries: list[dict[str, Any]] = []
    for use, places in report:
        entry: dict[str, Any] = {"name": use.name, "verdict": use.verdict.name.lower(), "places": places}
        if use.difference is not None:
            entry |= {"why": use.difference.why, "page": use.difference.page}
        entries.append(entry)
    return json.dumps({"files": files, "uses": entries, "unread": unread}, indent=2)
