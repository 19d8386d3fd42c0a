"""What the application hands to every request, typed: `request.state["services"]`."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TypedDict

from vivavoce.core.engine_note import EngineNote
from vivavoce.services.admission import Admission
from vivavoce.services.bundle import Services
from vivavoce.web.metrics import Metrics
from vivavoce.web.rate_limits import RateLimits


class State(TypedDict):
    services: Services
    widget_dir: Path
    metrics: Metrics
    rate_limits: RateLimits
    finish: Callable[[str], None]
    admission: Admission
    engines: tuple[EngineNote, ...]


def open_doors() -> Admission:
    """Where nothing is said about places, there is one for everybody."""
    return Admission(lambda taken: taken + 1, monotonic)


def web_state(
    services: Services,
    widget_dir: Path,
    finish: Callable[[str], None] = lambda _: None,
    admission: Admission | None = None,
    metrics: Metrics | None = None,
    engines: tuple[EngineNote, ...] = (),
) -> State:
    """What the lifespan yields. `finish` begins what follows the end of a session; without it the
    next process does so. `admission` decides who may come in. `engines` are those that are open.
    """
    return State(
        services=services,
        widget_dir=widget_dir,
        metrics=metrics or Metrics(),
        rate_limits=RateLimits(services.clock),
        finish=finish,
        admission=admission or open_doors(),
        engines=engines,
    )
