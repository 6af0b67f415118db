"""The families of results: a client has one of them, by what it is told of protocol and responses.

Every command has one result in each family, whatever the connection speaks and whichever way the command takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .forms import FORMS, Form
from .result_table import CLUSTER_RESULTS, RESULTS


class Family(NamedTuple):
    """What is made of replies.

    Attributes:
        forms: For methods: by command, what stands in the place of a method's own conversion.
        results: For commands that are given word by word: what makes their results, by name.
        cluster_results: The same for a cluster's client.
        casts_text: Whether conversions of scores are given text, and not floats.
    """

    forms: Mapping[str, Form]
    results: Mapping[str, Callable[..., Any]]
    cluster_results: Mapping[str, Callable[..., Any]]
    casts_text: bool


#: Of clients that ask for nothing else: the forms that results have had since there was only RESP2.
LEGACY = Family(FORMS, RESULTS, {**RESULTS, **CLUSTER_RESULTS}, True)
