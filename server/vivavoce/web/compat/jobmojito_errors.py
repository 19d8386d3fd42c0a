"""Refusals as JobMojito's clients read them: `{error, name}`, and 422 for a body that does not fit.

Our own `code` and `issues` stand beside them, so that a wrong field can be found here too.
"""

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vivavoce.core.errors import Invalid, VivavoceError
from vivavoce.web.errors import refusal

UNFIT = 422

Endpoint = Callable[[Request[Any]], Awaitable[Response]]


def refused_as_jobmojito(endpoint: Endpoint) -> Endpoint:
    @wraps(endpoint)
    async def answered(request: Request[Any]) -> Response:
        try:
            return await endpoint(request)
        except VivavoceError as error:
            return _named(error)

    return answered


def _named(error: VivavoceError) -> JSONResponse:
    ours = refusal(error)
    status = UNFIT if isinstance(error, Invalid) else ours.status_code
    body = {**json.loads(bytes(ours.body)), "name": error.code}
    kept = {name: value for name, value in ours.headers.items() if name != "content-length"}
    return JSONResponse(body, status, headers=kept)
