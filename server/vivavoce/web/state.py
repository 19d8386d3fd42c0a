"""What the application hands to every request, typed: `request.state["services"]`."""

from collections.abc import Callable
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
    finish: Callable[[str], None]


def web_state(
    services: Services, widget_dir: Path, finish: Callable[[str], None] = lambda _: None
) -> State:
    """What the lifespan yields. `finish` begins what follows the end of a session; without it the
    next process does so.
    """
    return State(
        services=services,
        widget_dir=widget_dir,
        metrics=Metrics(),
        rate_limits=RateLimits(services.clock),
        finish=finish,
    )
