"""A scrape as Prometheus makes one, and the names that the files beside the docs use."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from multiplexer.telemetry.prometheus import Collector

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
_NAME = re.compile(r"\bmultiplexer_\w+")
_SELECTED = re.compile(r"\b(multiplexer_\w+)(?:\{([^}]*)\})?")
_LABEL = re.compile(r"(\w+)\s*[=!]~?\s*\"([^\"]*)\"")


class Scraped:
    """Registers a collector and scrapes it."""

    def __init__(self, *multiplexers: Any) -> None:
        self.collector = Collector(*multiplexers)
        self._registry = CollectorRegistry()
        self._registry.register(self.collector)

    def families(self) -> dict[str, Any]:
        """Scrape, and return each metric by its name, counters without ``_total``."""
        text = generate_latest(self._registry).decode()
        return {family.name: family for family in text_string_to_metric_families(text)}

    def names(self) -> set[str]:
        """Scrape, and return the name of every sample there may be: of a family without any, what it would be."""
        found = set()
        for name, family in self.families().items():
            ending = {"counter": "_total", "gauge": ""}.get(family.type)
            found |= (
                {name + ending} if ending is not None else {f"{name}_{part}" for part in ("bucket", "sum", "count")}
            )
        return found

    def value(self, name: str, **labels: str) -> float:
        """Scrape, and return the sum of the samples of a name with these labels."""
        samples = [sample for family in self.families().values() for sample in family.samples if sample.name == name]
        return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())


def expressions() -> list[str]:
    """Return every expression of the alerts and the dashboard."""
    dashboard = json.loads((DOCS / "observability" / "dashboard.json").read_text(encoding="utf-8"))
    shown = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    shown += [variable["query"] for variable in dashboard["templating"]["list"] if variable["type"] == "query"]
    alerts = (DOCS / "observability" / "alerts.yml").read_text(encoding="utf-8")
    return [*shown, *re.findall(r"expr: (?:>-\n)?((?:.|\n)*?)\n +(?:for|labels):", alerts)]


def names_in(text: str) -> set[str]:
    """Return the names of metrics in a text."""
    return set(_NAME.findall(text))


def values_asked_for(expression: str) -> set[tuple[str, str, str]]:
    """Return each metric with a label of an expression, and the value that is asked for."""
    return {
        (name, label, value)
        for name, labels in _SELECTED.findall(expression)
        for label, value in _LABEL.findall(labels)
        if not value.startswith("$")
    }


def documented() -> set[str]:
    """Return the names of the table in the docs."""
    page = (DOCS / "observability.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `(multiplexer_\w+)`", page, re.MULTILINE))
