"""One structured line per request, and the request id that it shares with the answer.

A line has the route's template and never the query, because queries hold names and signatures.
"""

import logging
import uuid
from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("vivavoce.requests")

UNMATCHED = "(none)"


class RequestLog:
    """Pure ASGI, so that it neither buffers a recording nor hides a cancellation."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Always our own: a stranger's id in our log would be a stranger's text in our log.
        request_id = uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        began, status = perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                headers.setdefault("x-content-type-options", "nosniff")
                headers.setdefault("referrer-policy", "no-referrer")
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            _report(scope, request_id, status, perf_counter() - began)


def _report(scope: Scope, request_id: str, status: int, seconds: float) -> None:
    route = scope.get("route")
    template = getattr(route, "path", UNMATCHED)
    metrics = scope["state"].get("metrics")
    if metrics is not None:
        metrics.answered(scope["method"], template, status, seconds)
    line = {
        "request_id": request_id,
        "method": scope["method"],
        "route": template,
        "status": status,
        "ms": round(seconds * 1000, 1),
    }
    log.info("request", extra=line)
