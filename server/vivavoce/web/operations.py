"""What an address promises, written on the endpoint that keeps it; the API reference is made of it.

    @Operation(
        "Add a person to be evaluated.",
        opened_by=Scope.CANDIDATES_WRITE,
        body=ParticipantBody,
        answer=one(ParticipantShape, 201),
        errors={409: "participant_exists"},
    )
    async def create_participant(request: Request[State]) -> Response: ...

The endpoint's docstring becomes the description. What follows from the fields is not said again:
401 and 403 from `opened_by`, 400, 413 and 415 from `body`, 400 from `query`, 404 from a parameter
in the path, 409 `changed_meanwhile` from `revised`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from starlette.responses import Response

from vivavoce.core.scopes import Scope

_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Awaitable[Response]])
_KEPT_AS = "operation"


class Credential(StrEnum):
    """What opens an address that needs no scope."""

    NOTHING = "nothing"
    API_KEY = "an API key"
    SIGNED_LINK = "a signed link"
    AGENT_SECRET = "the agent secret"  # noqa: S105 (its name)
    AGENT = "the agent secret or a session token"
    PASSWORD = "a password"  # noqa: S105 (its name)
    INVITATION = "an invitation"
    COOKIE = "the dashboard's cookie"
    ANY = "an API key, an access token or the dashboard's cookie"


class Shape(BaseModel):
    """What an answer looks like: every field is always there."""

    model_config = ConfigDict(extra="forbid")


class CamelShape(Shape):
    model_config = ConfigDict(alias_generator=to_camel)


class Envelope(StrEnum):
    ONE = "one"  # {"data": {...}}
    MANY = "many"  # {"data": [...], "meta": {...}}
    BARE = "bare"  # {...}


@dataclass(frozen=True)
class Answer:
    status: int = 200
    shape: type[BaseModel] | None = None
    envelope: Envelope = Envelope.ONE
    media_type: str = "application/json"


def one(shape: type[BaseModel], status: int = 200) -> Answer:
    return Answer(status, shape)


def many(shape: type[BaseModel]) -> Answer:
    return Answer(shape=shape, envelope=Envelope.MANY)


def bare(shape: type[BaseModel], status: int = 200) -> Answer:
    return Answer(status, shape, Envelope.BARE)


def file(media_type: str) -> Answer:
    return Answer(media_type=media_type)


GONE = Answer(204)


@dataclass(frozen=True)
class Operation:
    """`errors` are codes by status, several codes with blanks between them."""

    summary: str
    opened_by: Scope | Credential
    answer: Answer
    body: type[BaseModel] | None = None
    unfit: int = 400  # the status where the body does not fit
    partial: bool = False  # of the body only what is to change
    document: bool = False  # its body is a file, as `web.uploads` reads it
    form: Mapping[str, str] = field(default_factory=dict)  # a page's form: examples by field
    optional: frozenset[str] = frozenset()  # fields of the form that may be left out
    pages: bool = False  # what it refuses is said on a page
    json_too: bool = False  # and in JSON to whoever asks for that
    query: type[BaseModel] | None = None
    revised: bool = False  # takes If-Match
    also: tuple[int, ...] = ()  # further statuses with the same answer
    errors: Mapping[int, str] = field(default_factory=dict)

    def __call__(self, endpoint: _Endpoint) -> _Endpoint:
        vars(endpoint)[_KEPT_AS] = self
        return endpoint


def operation_of(endpoint: Callable[..., Any]) -> Operation | None:
    found = vars(endpoint).get(_KEPT_AS)
    return found if isinstance(found, Operation) else None
