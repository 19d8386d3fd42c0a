"""What the engines on OpenAI-compatible servers share: the address, the key, and how it fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from vivavoce.core.errors import EngineFailure
from vivavoce.core.languages import LANGUAGES
from vivavoce.engines.languages import iso_language

TIMEOUT = httpx.Timeout(30, connect=5)
REFUSED_STATUS = 400

# The interface does not tell what a server speaks; it is expected to know the platform's languages.
EXPECTED_LANGUAGES = frozenset(iso_language(code) for code in LANGUAGES)


@dataclass(frozen=True)
class RemoteAccess:
    """Which model a server is asked for, and the key that it wants."""

    model: str = ""
    api_key: str = ""


@dataclass(frozen=True)
class RemoteServer:
    """`url` ends in `/v1`."""

    url: str
    access: RemoteAccess

    def address(self, path: str) -> str:
        return f"{self.url.rstrip('/')}/{path}"

    @property
    def headers(self) -> dict[str, str]:
        key = self.access.api_key
        return {"Authorization": f"Bearer {key}"} if key else {}

    @property
    def name(self) -> str:
        return f"{self.access.model or 'model'} at {httpx.URL(self.url).host}"


@contextmanager
def remote_failures() -> Iterator[None]:
    """Translate what a connection raises. Messages name neither the request nor the answer."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise EngineFailure("remote_slow", "The model server did not answer in time.") from error
    except httpx.HTTPError as error:
        raise EngineFailure("remote_unreachable", "The model server cannot be reached.") from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        message = "The model server answers in another format."
        raise EngineFailure("remote_unreadable", message) from error


def require_success(response: httpx.Response) -> None:
    if response.status_code >= REFUSED_STATUS:
        message = f"The model server refused with status {response.status_code}."
        raise EngineFailure("remote_refused", message)
