"""What the application hands to every request, typed: `request.state["services"]`."""

from pathlib import Path
from typing import TypedDict

from vivavoce.services.bundle import Services
from vivavoce.web.metrics import Metrics
from vivavoce.web.rate_limits import RateLimits


class State(TypedDict):
    services: Services
    widget_dir: Path
    metrics: Metrics
    rate_limits: RateLimits


def web_state(services: Services, widget_dir: Path) -> State:
    """What the lifespan yields."""
    return State(
        services=services,
        widget_dir=widget_dir,
        metrics=Metrics(),
        rate_limits=RateLimits(services.clock),
    )
