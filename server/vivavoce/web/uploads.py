"""A file in a request: as the body itself, or as the one file of a form."""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import PurePosixPath
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from vivavoce.core.errors import Invalid, Issue, TooLarge
from vivavoce.core.knowledge import MOST_DOCUMENT_BYTES
from vivavoce.services.knowledge import NewFile
from vivavoce.web.bodies import MediaTypeError

FORM_BYTES = 64 * 1024  # around the file
LONGEST_NAME = 200
FIELD = "file"
_RAW = frozenset(
    {
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/octet-stream",
        "text/plain",
        "text/markdown",
    }
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]")


async def read_file(request: Request[Any], name: str) -> NewFile:
    """`name` is that of a file which brings none.

    Raises `MediaTypeError`, `TooLarge` code `document_too_large` and `Invalid` code `form`.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        return await _from_form(request, name)
    if media_type not in _RAW:
        message = "The body must be a document (PDF, DOCX, text) or multipart/form-data."
        raise MediaTypeError("media_type", message)
    return NewFile(_plain(name, name), await _bytes(request, MOST_DOCUMENT_BYTES))


async def read_form(
    request: Request[Any], file_field: str, most_fields: int
) -> tuple[dict[str, str], NewFile | None]:
    """The fields of a page's form, each once, and its file, if one was chosen.

    Raises `MediaTypeError`, `TooLarge` code `document_too_large` and `Invalid` code `form`.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise MediaTypeError("media_type", "The body must be multipart/form-data.")
    fields: dict[str, str] = {}
    file = None
    async with _parsed(request, most_fields) as form:
        for name, value in form.multi_items():
            if name in fields or (isinstance(value, UploadFile) and name != file_field):
                raise Invalid("form", "The form cannot be read.")
            if isinstance(value, str):
                fields[name] = value
            elif value.filename or value.size:
                file = NewFile(_plain(value.filename or "", file_field), await value.read())
    return fields, file


async def _from_form(request: Request[Any], name: str) -> NewFile:
    async with _parsed(request, most_fields=1) as form:
        file = form.get(FIELD)
        if len(form) != 1 or not isinstance(file, UploadFile):
            raise _not_a_form()
        return NewFile(_plain(file.filename or "", name), await file.read())


@asynccontextmanager
async def _parsed(request: Request[Any], most_fields: int) -> AsyncIterator[FormData]:
    body = await _bytes(request, MOST_DOCUMENT_BYTES + FORM_BYTES)
    parser = MultiPartParser(request.headers, _once(body), max_files=1, max_fields=most_fields)
    try:
        yield await parser.parse()
    except (MultiPartException, KeyError):
        raise _not_a_form() from None
    finally:
        # The parser itself forgets a file that was never finished.
        for unfinished in parser._files_to_close_on_error:
            unfinished.close()


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body
    yield b""


async def _bytes(request: Request[Any], most: int) -> bytes:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise _too_large()
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                raise _too_large()
    except ClientDisconnect:
        raise Invalid("body", "The body ended early.") from None
    return bytes(body)


def _plain(name: str, otherwise: str) -> str:
    """The last part of a path, on one line."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return _CONTROL.sub(" ", last).strip()[:LONGEST_NAME] or otherwise


def _too_large() -> TooLarge:
    message = f"A document may hold at most {MOST_DOCUMENT_BYTES} bytes."
    return TooLarge("document_too_large", message)


def _not_a_form() -> Invalid:
    issue = Issue((FIELD,), "The form must have this one field, with a file.")
    return Invalid("form", "The form cannot be read.", (issue,))
