"""For the machines that watch this one."""

from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vivavoce.web.metrics import CONTENT_TYPE
from vivavoce.web.operations import Credential, Operation, Shape, bare, file
from vivavoce.web.state import State


class HealthShape(Shape):
    status: Literal["ok"]


@Operation("Tell that the server answers.", Credential.NOTHING, bare(HealthShape))
async def healthz(_: Request[State]) -> Response:
    return JSONResponse({"status": "ok"}, headers={"cache-control": "no-store"})


@Operation("Read the figures for Prometheus.", Credential.NOTHING, file("text/plain"))
async def metrics(request: Request[State]) -> Response:
    deliveries = await request.state["services"].delivery_figures.snapshot()
    text = request.state["metrics"].exposition(deliveries)
    return Response(text, headers={"content-type": CONTENT_TYPE})
