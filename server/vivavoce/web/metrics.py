"""Counters for Prometheus. Labels hold route templates, never paths: those contain ids."""

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from vivavoce.services.delivery_figures import Kind, Snapshot

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """One registry per application; other parts add their own figures to `registry`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "vivavoce_http_requests",
            "HTTP requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "vivavoce_http_request_seconds",
            "Time until the answer was sent.",
            ("method", "route"),
            registry=self.registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def exposition(self, deliveries: Snapshot) -> bytes:
        """`deliveries` are counted elsewhere, and read anew for each look."""
        looked_up = CollectorRegistry(auto_describe=False)
        looked_up.register(_Deliveries(deliveries))
        return generate_latest(self.registry) + generate_latest(looked_up)


class _Deliveries(Collector):
    def __init__(self, deliveries: Snapshot) -> None:
        self._deliveries = deliveries

    def collect(self) -> Iterator[Metric]:
        attempts = CounterMetricFamily(
            "vivavoce_delivery_attempts",
            "Attempts to deliver a webhook or a mail, since the start.",
            labels=("kind", "outcome"),
        )
        for (kind, outcome), count in self._deliveries.attempts.items():
            attempts.add_metric((kind, outcome), count)
        yield attempts
        yield _by_kind(
            "vivavoce_delivery_waiting",
            "What is due, or waits for another attempt.",
            self._deliveries.waiting,
        )
        yield _by_kind(
            "vivavoce_delivery_oldest_waiting_seconds",
            "For how long the oldest of it has waited; 0 for nothing.",
            self._deliveries.oldest_seconds,
        )


def _by_kind(name: str, meaning: str, values: Mapping[Kind, float]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, meaning, labels=("kind",))
    for kind, value in values.items():
        gauge.add_metric((kind,), value)
    return gauge
