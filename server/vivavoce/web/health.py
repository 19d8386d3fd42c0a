"""For the machines that watch this one."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vivavoce.web.metrics import CONTENT_TYPE
from vivavoce.web.state import State


async def healthz(_: Request[State]) -> Response:
    return JSONResponse({"status": "ok"}, headers={"cache-control": "no-store"})


async def metrics(request: Request[State]) -> Response:
    return Response(request.state["metrics"].exposition(), headers={"content-type": CONTENT_TYPE})
