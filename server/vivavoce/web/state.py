"""What the application hands to every request, typed: `request.state["services"]`."""

from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

from vivavoce.core.engine_note import EngineNote
from vivavoce.services.bundle import Services
from vivavoce.web.metrics import Metrics
from vivavoce.web.rate_limits import RateLimits


class State(TypedDict):
    services: Services
    widget_dir: Path
    metrics: Metrics
    rate_limits: RateLimits
    finish: Callable[[str], None]
    has_place: Callable[[str | None], bool]
    engines: tuple[EngineNote, ...]


def _always(_: str | None) -> bool:
    return True


def web_state(
    services: Services,
    widget_dir: Path,
    finish: Callable[[str], None] = lambda _: None,
    has_place: Callable[[str | None], bool] = _always,
    metrics: Metrics | None = None,
    engines: tuple[EngineNote, ...] = (),
) -> State:
    """What the lifespan yields. `finish` begins what follows the end of a session; without it the
    next process does so. `has_place` tells whether one more interview, or the given session, fits.
    `engines` are those that are open.
    """
    return State(
        services=services,
        widget_dir=widget_dir,
        metrics=metrics or Metrics(),
        rate_limits=RateLimits(services.clock),
        finish=finish,
        has_place=has_place,
        engines=engines,
    )
