"""The two shapes of a successful answer."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import JSONResponse

_PRIVATE = {"cache-control": "no-store"}


def single(value: dict[str, Any], status: int = 200) -> JSONResponse:
    return JSONResponse({"data": value}, status, headers=_PRIVATE)


def listing(
    values: Sequence[dict[str, Any]], *, page: int, page_size: int, total: int
) -> JSONResponse:
    meta = {
        "page": page,
        "pageSize": page_size,
        "total": total,
        "totalPages": -(-total // page_size),
    }
    return JSONResponse({"data": list(values), "meta": meta}, headers=_PRIVATE)
