"""What hears, leads, speaks and takes turns here, as the native API tells it."""

from dataclasses import asdict
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.engine_note import EngineNote
from vivavoce.core.scopes import Scope
from vivavoce.web.answers import single
from vivavoce.web.operations import Operation, Shape, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State


class EngineShape(Shape):
    role: Literal["transcriber", "language_model", "synthesizer", "turn_detector", "embedder"]
    engine: str
    embedded: bool
    reason: str
    advice: str | None
    stand_in: str | None


class ReplyTimesShape(Shape):
    commit_reason: str
    count: int
    p50_ms: int
    p95_ms: int


class EnginesShape(Shape):
    engines: list[EngineShape]
    reply_times: list[ReplyTimesShape]


@Operation(
    "Read which engine plays which role, and how soon candidates heard an answer.",
    Scope.INTERVIEWS_READ,
    one(EnginesShape),
)
async def get_engines(request: Request[State]) -> Response:
    """An embedded engine needs no model. The times are of your latest 200 sessions."""
    principal = await authorize(request, Scope.INTERVIEWS_READ)
    times = await request.state["services"].results.reply_times(principal.organization_id)
    view = {
        "engines": [_view(note) for note in request.state["engines"]],
        "reply_times": [asdict(each) for each in times],
    }
    return single(view)


def _view(note: EngineNote) -> dict[str, Any]:
    return {
        "role": note.role,
        "engine": note.engine,
        "embedded": note.embedded,
        "reason": note.reason,
        "advice": note.what_to_do or None,
        "stand_in": note.stand_in or None,
    }
