"""What the forms of the pages send, and where it may come from."""

from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from vivavoce.core.applying import FIELDS
from vivavoce.core.errors import Forbidden, Invalid, Issue, TooLarge
from vivavoce.services.knowledge import NewFile
from vivavoce.web.bodies import MediaTypeError
from vivavoce.web.cookies import is_own_origin
from vivavoce.web.uploads import read_form

RESUME = "resume"
CODE = "code"
_SMALL_FORM_BYTES = 4096


def require_own_form(request: Request[Any]) -> None:
    """There is no cookie that another page could misuse; but nobody should apply for a position by
    opening somebody else's page. Raises `Forbidden` code `foreign_origin`.
    """
    origin = request.headers.get("origin")
    comes_from = request.headers.get("sec-fetch-site", "same-origin")
    if comes_from != "same-origin" or (origin is not None and not is_own_origin(request, origin)):
        raise Forbidden("foreign_origin", "This form was sent from another page.")


async def read_application(request: Request[Any]) -> tuple[dict[str, str], NewFile | None]:
    """Raises `MediaTypeError`, `TooLarge`, and `Invalid` code `form`, which names other fields."""
    fields, file = await read_form(request, RESUME, len(FIELDS) + 1)
    if not fields.get(RESUME, "-"):
        del fields[RESUME]  # some programs send a file that was not chosen as an empty text
    strange = sorted(fields.keys() - FIELDS)
    if strange:
        issues = tuple(Issue((name[:100],), "There is no such field.") for name in strange)
        raise Invalid("form", "The form has a field that it should not have.", issues)
    return fields, file


async def read_code(request: Request[Any]) -> str:
    """Raises `MediaTypeError`, `TooLarge` code `body_too_large` and `Invalid` code `form`."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/x-www-form-urlencoded":
        message = "The body must be application/x-www-form-urlencoded."
        raise MediaTypeError("media_type", message)
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _SMALL_FORM_BYTES:
                raise TooLarge("body_too_large", "This form holds one short field.")
    except ClientDisconnect:
        raise Invalid("body", "The body ended early.") from None
    try:
        ((name, code),) = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict"
        )
    except ValueError:
        raise _not_a_code() from None
    if name != CODE:
        raise _not_a_code()
    return code


def _not_a_code() -> Invalid:
    return Invalid("form", "The form must have one field: code.")
