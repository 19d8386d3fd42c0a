"""The lateness of the event loop, for Prometheus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Histogram

NAME = "vivavoce_event_loop_lag_seconds"
BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 1.0)


def loop_lag_histogram(registry: CollectorRegistry) -> Callable[[float], None]:
    """What takes each lateness in seconds."""
    histogram = Histogram(
        NAME, "How late the event loop came to what was due.", registry=registry, buckets=BUCKETS
    )
    return histogram.observe
