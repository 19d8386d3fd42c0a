"""Reading a request's body and query: size, form, and every field that does not belong, by name."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from starlette.requests import ClientDisconnect, Request

from vivavoce.core.errors import Invalid, Issue, TooLarge, VivavoceError
from vivavoce.core.strict_json import parse_json
from vivavoce.web.cookies import ACCOUNT, speaks_as_member

MAX_BODY_BYTES = 1 << 20


class Body(BaseModel):
    """A field that is not declared is an error, so that a typo never silently vanishes."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Query(BaseModel):
    """Query values are text; numbers are read from it."""

    model_config = ConfigDict(extra="forbid")


class MediaTypeError(VivavoceError):
    status = 415


Parsed = TypeVar("Parsed", bound=BaseModel)


async def read_body(request: Request[Any], model: type[Parsed]) -> Parsed:
    """Raises `MediaTypeError`, `TooLarge` or `Invalid`."""
    return validated(await read_object(request), model)


async def read_object(request: Request[Any]) -> dict[str, Any]:
    """The JSON object itself, for a change that says only what is different."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise MediaTypeError("media_type", "The body must be application/json.")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise MediaTypeError("media_type", "The body must not be compressed.")
    value = parse_json(await _bytes(request))
    if not isinstance(value, dict):
        raise Invalid("body", "The body must be a JSON object.")
    return value


def validated(value: Mapping[str, Any], model: type[Parsed]) -> Parsed:
    """Raises `Invalid` code `body` that names every field that is missing, wrong or unknown."""
    try:
        # From text again: only pydantic's JSON mode reads enumerations and tuples when strict.
        return model.model_validate_json(json.dumps(value))
    except ValidationError as error:
        raise _refusal("body", "The body has fields that are missing or wrong.", error) from None


def changed(known: Mapping[str, Any], sent: Mapping[str, Any], model: type[Parsed]) -> Parsed:
    """What is `known` with what was sent; of an object only the fields that it names.

    Raises `Invalid` code `body` for what was sent only. The rest was accepted when it was stored,
    perhaps through another view with wider limits, and is no reason to refuse a change.
    """
    value = {**known, **{name: _merged(known.get(name), new) for name, new in sent.items()}}
    try:
        return model.model_validate_json(json.dumps(value))
    except ValidationError as error:
        names = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
    accepted = frozenset(names & (known.keys() - sent.keys()))
    return validated(value, _taking(model, accepted))


def _merged(before: object, value: object) -> object:
    if isinstance(before, dict) and isinstance(value, dict):
        return {**before, **value}
    return value


def _taking(model: type[Parsed], names: frozenset[str]) -> type[Parsed]:
    """`model` with fields of these names taken as they are."""
    fields = {
        name: (Any, Field(alias=field.alias))
        for name, field in model.model_fields.items()
        if (field.alias or name) in names
    }
    taking: type[Parsed] = create_model(model.__name__, __base__=model, **fields)  # type: ignore[call-overload]
    return taking


def read_query(request: Request[Any], model: type[Parsed]) -> Parsed:
    """Raises `Invalid` code `query`; a name that comes twice is refused."""
    pairs = request.query_params.multi_items()
    if speaks_as_member(request):
        pairs = [(name, value) for name, value in pairs if name != ACCOUNT]
    if len({name for name, _ in pairs}) != len(pairs):
        raise Invalid("query", "A query parameter appears twice.")
    try:
        return model.model_validate(dict(pairs))
    except ValidationError as error:
        raise _refusal("query", "A query parameter is unknown or wrong.", error) from None


async def _bytes(request: Request[Any]) -> bytes:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > MAX_BODY_BYTES:
        raise _too_large()
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise _too_large()
    except ClientDisconnect:
        raise Invalid("body", "The body ended early.") from None
    return bytes(body)


def _too_large() -> TooLarge:
    return TooLarge("body_too_large", f"A body may hold at most {MAX_BODY_BYTES} bytes.")


def _refusal(code: str, sentence: str, error: ValidationError) -> Invalid:
    # Pydantic's own texts are kept, its echo of the input is not.
    details = error.errors(include_url=False, include_context=False, include_input=False)
    issues = tuple(
        Issue(tuple(str(step) for step in detail["loc"]), detail["msg"]) for detail in details
    )
    return Invalid(code, sentence, issues)
