"""What Prometheus reads at /metrics: requests, analyses, workers and jobs."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily

SECONDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Figures:
    """The figures of one server. Labels are routes' patterns, methods, statuses and outcomes: few, and nobody's secrets."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "sourcing_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "sourcing_request_seconds", "Time to the end of the answer.", ("method", "route"), buckets=SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self.analyses = Counter(
            "sourcing_analyses", "Analyses by what came of them.", ("outcome",), registry=self.registry
        )
        self.analysis_seconds = Histogram(
            "sourcing_analysis_seconds", "Time of an analysis, the wait for a worker included.", buckets=SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self.at_work = Gauge("sourcing_analyses_in_progress", "Analyses at work or waiting.", registry=self.registry)

    def watch(self, name: str, about: str, read: Callable[[], Mapping[str, float]], label: str) -> None:
        """Add a figure that is asked for when it is read: a value for each label."""
        self.registry.register(_Asked(name, about, read, label))

    def text(self) -> bytes:
        """All of them in Prometheus's text format."""
        return generate_latest(self.registry)


class _Asked:
    def __init__(self, name: str, about: str, read: Callable[[], Mapping[str, float]], label: str) -> None:
        self._name, self._about, self._read, self._label = name, about, read, label

    def collect(self) -> Iterator[Any]:
        """The values of now."""
        family = GaugeMetricFamily(self._name, self._about, labels=[self._label])
        for label, value in self._read().items():
            family.add_metric([label], value)
        yield family

    def describe(self) -> list[Any]:
        """Nothing: so that registering does not ask for values."""
        return []
