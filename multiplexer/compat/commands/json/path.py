"""Paths into JSON documents."""

from __future__ import annotations


class Path:
    """A path into a JSON document; plain text does as well.

    Attributes:
        strPath: The path as text.
    """

    strPath = ""

    @staticmethod
    def root_path() -> str:
        """Return the path of the whole document."""
        return "."

    def __init__(self, path: str) -> None:
        self.strPath = path

    def __repr__(self) -> str:
        return self.strPath
