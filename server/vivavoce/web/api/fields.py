"""Kinds of fields that several bodies share, and what a change makes of a stored object."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints
from starlette.requests import Request

from vivavoce.core.embed import parse_origin
from vivavoce.core.errors import Invalid
from vivavoce.core.languages import LANGUAGES
from vivavoce.core.mail import is_address
from vivavoce.core.revisions import parse_if_match

_BREAKS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")


# What a pattern can say of the validators below, for the readers of the schema.
_UNBROKEN = r"[^\x00-\x1f\x7f\u0085\u2028\u2029]"
_ATOM = r"[^@\s<>,;:\"()\[\]\\\x00-\x20\x7f-\x9f]"
_LABEL = r"[^@\s<>,;:\"()\[\]\\.\x00-\x20\x7f-\x9f]+"
ADDRESS = rf"^{_ATOM}{{1,64}}@{_LABEL}(\.{_LABEL})*$"


def _one_line(text: str) -> str:
    # Such texts go into mail headers and file names.
    if _BREAKS.search(text):
        raise ValueError("must be one line without control characters")
    return text.strip()


def _email(text: str) -> str:
    if not is_address(text):
        raise ValueError("is not an e-mail address")
    return text.lower()


def _known_language(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError("is not a supported language code")
    return code


def _web_address(text: str) -> str:
    try:
        _ = urlsplit(text).port
    except ValueError as error:
        raise ValueError("is not a web address") from error
    return text


def _moment(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:  # in UTC it is before the first day, or after the last one
        raise ValueError("lies outside of the calendar") from error


def _origin(text: str) -> str:
    try:
        return parse_origin(text)
    except Invalid as error:
        raise ValueError("is not an origin such as https://example.org") from error


Moment = Annotated[AwareDatetime, AfterValidator(_moment)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=300, pattern=r"\S"),
    AfterValidator(_one_line),
    Field(json_schema_extra={"pattern": rf"^{_UNBROKEN}*[^\s\x00-\x1f\x7f]{_UNBROKEN}*$"}),
]
ShortLine = Annotated[
    str,
    StringConstraints(max_length=300),
    AfterValidator(_one_line),
    Field(json_schema_extra={"pattern": rf"^{_UNBROKEN}*$"}),
]
Long = Annotated[str, StringConstraints(max_length=20_000)]
Paragraph = Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=r"\S")]
Url = Annotated[
    str,
    StringConstraints(max_length=2000, pattern=r"^https?://[^\s/@?#\\]+([/?#]\S*)?$"),
    AfterValidator(_one_line),
    AfterValidator(_web_address),
]
Email = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(_email),
    Field(json_schema_extra={"pattern": ADDRESS}),
]
Language = Annotated[
    str,
    AfterValidator(_known_language),
    Field(json_schema_extra={"enum": sorted(LANGUAGES)}),
]
Origin = Annotated[
    str,
    StringConstraints(max_length=300),
    AfterValidator(_origin),
    Field(json_schema_extra={"pattern": r"^https?://(\*\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?/?$"}),
]


def seen_revisions(request: Request[Any]) -> frozenset[int] | None:
    """What the header `If-Match` allows; None when any state may be changed."""
    return parse_if_match(request.headers.get("if-match"))
