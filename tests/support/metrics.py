"""What /metrics of a real server tells, read by Prometheus' own parser."""

from __future__ import annotations

import httpx
from prometheus_client.parser import text_string_to_metric_families


class Scraped:
    """One answer."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.values: dict[tuple[str, frozenset[tuple[str, str]]], float] = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                self.values[(sample.name, frozenset(sample.labels.items()))] = sample.value

    def value(self, name: str, **labels: str) -> float:
        """Return a value; 0 for what was not counted yet."""
        return self.values.get((name, frozenset(labels.items())), 0.0)

    @property
    def names(self) -> set[str]:
        """The names that queries may use."""
        return {name for name, _ in self.values}

    def labels(self, name: str) -> set[str]:
        """Return the names of the labels that values of this name have."""
        return {label for known, pairs in self.values if known == name for label, _ in pairs}


def scraped(url: str, token: str | None = None) -> Scraped:
    """Ask a server."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = httpx.get(f"{url}/metrics", headers=headers)
    answer.raise_for_status()
    return Scraped(answer.text)
