"""What the engines on OpenAI-compatible servers share: the address, the limits, and how it fails.

    EngineFailure
    ├── remote_address           what was set is no URL, or the key no text of a header
    └── RemoteFailure
        ├── remote_unreachable   no connection
        ├── remote_broke         one that ended early
        ├── remote_slow          a limit of time passed
        ├── remote_refused       an answer with another status than 200
        ├── remote_unreadable    an answer in another format
        ├── remote_too_large     an answer without an end
        ├── reply_broken_off     a chat that ended after some of it was used
        └── prompt_too_long      the model's context cannot hold what was sent

Messages name neither the request nor the answer, and never the key.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from vivavoce.core.errors import EngineFailure
from vivavoce.core.languages import LANGUAGES
from vivavoce.core.retrying import RetryRules
from vivavoce.engines.languages import iso_language

# The interface does not tell what a server speaks; it is expected to know the platform's languages.
EXPECTED_LANGUAGES = frozenset(iso_language(code) for code in LANGUAGES)

TOO_MANY_REQUESTS, BAD_REQUEST, UNPROCESSABLE, TIMED_OUT = 429, 400, 422, 408
FIRST_OF_SERVER_ERRORS = 500
LARGEST_REFUSAL_BYTES = 16 * 1024
PATIENCE = 5
BREAKS = (httpx.RemoteProtocolError, httpx.ReadError)
CONTEXT_WORDS = ("context_length", "context length", "maximum context", "context size")


@dataclass(frozen=True)
class RemoteAccess:
    """Which model a server is asked for, and the key that it wants."""

    model: str = ""
    api_key: str = field(default="", repr=False)


@dataclass(frozen=True)
class RemoteLimits:
    """How long a request may take in its parts, and how often it is sent.

    `first_byte` is from the moment it is sent to the first piece of an answer's body.
    """

    connect_seconds: float = 2.0
    first_byte_seconds: float = 6.0
    between_seconds: float = 4.0
    whole_seconds: float = 30.0
    retry: RetryRules = field(default_factory=RetryRules)
    ca_file: Path | None = None

    def patient(self) -> "RemoteLimits":
        """For work that nobody waits for in a conversation, such as a scorecard."""
        return replace(
            self,
            first_byte_seconds=PATIENCE * self.first_byte_seconds,
            between_seconds=PATIENCE * self.between_seconds,
            whole_seconds=PATIENCE * self.whole_seconds,
        )


@dataclass(frozen=True)
class RemoteServer:
    """`url` ends in `/v1`."""

    url: str
    access: RemoteAccess
    limits: RemoteLimits = field(default_factory=RemoteLimits)

    def __post_init__(self) -> None:
        try:
            usable = bool(httpx.URL(self.url).host)
        except httpx.InvalidURL:
            usable = False
        key = self.access.api_key
        if not usable or not (key.isascii() and key.isprintable()):
            message = "The address or the key of a model server cannot be used."
            raise EngineFailure("remote_address", message)

    def address(self, path: str) -> str:
        return f"{self.url.rstrip('/')}/{path}"

    @property
    def headers(self) -> dict[str, str]:
        # One connection carries one answer: a compressed one could be larger than any limit.
        plain = {"Accept-Encoding": "identity"}
        key = self.access.api_key
        return {**plain, "Authorization": f"Bearer {key}"} if key else plain

    @property
    def name(self) -> str:
        return f"{self.access.model or 'model'} at {httpx.URL(self.url).host}"


class RemoteFailure(EngineFailure):
    """`again`: the same request may succeed soon. `server_is_well`: it is the request's own fault.

    `told_seconds` is how long the server asked to be left alone.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        again: bool = False,
        server_is_well: bool = False,
        told_seconds: float | None = None,
        status: int = 0,
    ) -> None:
        super().__init__(code, message)
        self.again = again
        self.server_is_well = server_is_well
        self.told_seconds = told_seconds
        self.answered_status = status

    @property
    def is_slow(self) -> bool:
        return self.code == "remote_slow"

    @property
    def broke(self) -> bool:
        return self.code == "remote_broke"

    @property
    def dislikes_fields(self) -> bool:
        """The server may not know something that was sent along."""
        return self.answered_status in (BAD_REQUEST, UNPROCESSABLE) and self.code != (
            "prompt_too_long"
        )


@contextmanager
def remote_failures() -> Iterator[None]:
    """Translate what a connection raises."""
    try:
        yield
    except (TimeoutError, httpx.TimeoutException) as error:
        raise slow() from error
    except httpx.HTTPError as error:
        message = "The model server cannot be reached."
        code = "remote_broke" if isinstance(error, BREAKS) else "remote_unreachable"
        raise RemoteFailure(code, message, again=True) from error


@contextmanager
def readable() -> Iterator[None]:
    """Translate what reading an answer raises that has another form than the interface says."""
    try:
        yield
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise unreadable() from error


def slow() -> RemoteFailure:
    return RemoteFailure("remote_slow", "The model server did not answer in time.", again=True)


def unreadable() -> RemoteFailure:
    return RemoteFailure("remote_unreadable", "The model server answers in another format.")


def too_large() -> RemoteFailure:
    return RemoteFailure("remote_too_large", "The model server's answer has no end.")


def refusal(status: int, headers: httpx.Headers, body: bytes) -> RemoteFailure:
    """What a status other than 200 means for the request and for those after it."""
    if status in (BAD_REQUEST, UNPROCESSABLE) and _speaks_of_context(body):
        message = "The interview is longer than the model server's context."
        return RemoteFailure("prompt_too_long", message, server_is_well=True, status=status)
    return RemoteFailure(
        "remote_refused",
        f"The model server refused with status {status}.",
        again=status in (TOO_MANY_REQUESTS, TIMED_OUT) or status >= FIRST_OF_SERVER_ERRORS,
        told_seconds=_told_seconds(headers.get("retry-after", "")),
        status=status,
    )


def _told_seconds(text: str) -> float | None:
    """Of a `Retry-After` in seconds; a date would need the clocks of both to agree."""
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None


def _speaks_of_context(body: bytes) -> bool:
    try:
        error = json.loads(body)
    except ValueError:
        return False
    said = json.dumps(error).lower()
    return any(words in said for words in CONTEXT_WORDS)
