"""The ASGI application: routes, error answers, the log of requests."""

from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Lifespan

from vivavoce.web.errors import EXCEPTION_HANDLERS
from vivavoce.web.request_log import RequestLog
from vivavoce.web.routes import routes


def build_application(
    lifespan: Lifespan[Starlette], widget_dir: Path, extra: Sequence[BaseRoute] = ()
) -> ASGIApp:
    """`lifespan` yields a `State`. The log stands outside, so that it sees the 500s too."""
    application = Starlette(
        routes=routes(widget_dir, extra), lifespan=lifespan, exception_handlers=EXCEPTION_HANDLERS
    )
    return RequestLog(application)
