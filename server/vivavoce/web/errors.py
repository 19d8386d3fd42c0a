"""The one shape of an error answer, and the one place where domain errors become HTTP."""

import logging
from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ExceptionHandler

from vivavoce.core.errors import AtCapacity, EngineFailure, Issue, VivavoceError
from vivavoce.web.rate_limits import TooManyRequests

log = logging.getLogger("vivavoce.web")

RETRY_SECONDS = "30"  # when there is no place, or an engine is broken

_SENTENCES = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
    416: ("range", "The requested range does not exist."),
}


def error_answer(
    status: int,
    code: str,
    sentence: str,
    issues: tuple[Issue, ...] = (),
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    body: dict[str, Any] = {"error": sentence, "code": code}
    body["issues"] = [{"path": list(issue.path), "message": issue.message} for issue in issues]
    return JSONResponse(body, status, headers={"cache-control": "no-store", **(headers or {})})


def refusal(error: VivavoceError) -> JSONResponse:
    headers = {}
    if isinstance(error, TooManyRequests):
        headers["retry-after"] = str(error.retry_after)
    if isinstance(error, AtCapacity | EngineFailure):
        headers["retry-after"] = RETRY_SECONDS
    if error.status == 401:
        headers["www-authenticate"] = "Bearer"
    return error_answer(error.status, error.code, error.message, error.issues, headers)


async def _domain_error(_: Request, error: VivavoceError) -> Response:
    return refusal(error)


async def _http_error(_: Request, error: HTTPException) -> Response:
    code, sentence = _SENTENCES.get(error.status_code, ("http", "The request cannot be answered."))
    return error_answer(error.status_code, code, sentence, headers=dict(error.headers or {}))


async def _unexpected_error(request: Request, error: Exception) -> Response:
    # The text of an exception may quote what a person said or sent; its type and place may not.
    log.error("unexpected error", extra={"error": type(error).__name__})
    return error_answer(500, "internal", "Something went wrong on our side.")


EXCEPTION_HANDLERS: dict[Any, ExceptionHandler] = {
    VivavoceError: cast("ExceptionHandler", _domain_error),
    HTTPException: cast("ExceptionHandler", _http_error),
    Exception: _unexpected_error,
}
