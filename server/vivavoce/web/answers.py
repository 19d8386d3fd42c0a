"""The two shapes of a successful answer."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from vivavoce.core.revisions import entity_tag

_PRIVATE = {"cache-control": "no-store"}


def single(
    value: dict[str, Any], status: int = 200, *, revision: int | None = None
) -> JSONResponse:
    """`revision` becomes the ETag that a change may name in `If-Match`."""
    headers = dict(_PRIVATE)
    if revision is not None:
        headers["etag"] = entity_tag(revision)
    return JSONResponse({"data": value}, status, headers=headers)


def removed() -> Response:
    return Response(status_code=204)


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
