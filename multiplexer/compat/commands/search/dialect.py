"""The version of the query language that queries are sent with."""

from __future__ import annotations

DEFAULT_DIALECT = 2
