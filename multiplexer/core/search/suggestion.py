"""Suggestions that complete what somebody types."""

from __future__ import annotations


class Suggestion:
    """One suggestion.

    Attributes:
        string: The text.
        score: How likely it is to be meant.
        payload: What else is stored with it, or None.
    """

    def __init__(self, string: str, score: float = 1.0, payload: str | None = None) -> None:
        self.string = string
        self.score = score
        self.payload = payload

    def __repr__(self) -> str:
        return self.string
