"""Fetches a document from an address that somebody else chose."""

from urllib.parse import urlsplit

import httpx

from vivavoce.core.errors import EngineFailure, Forbidden, Unprocessable
from vivavoce.core.knowledge import MOST_DOCUMENT_BYTES
from vivavoce.network.guarded_http import (
    NETWORK_ERRORS,
    TIMEOUT_ERRORS,
    GuardedHttp,
    Limits,
    Reach,
)

LIMITS = Limits(seconds=30.0, body_bytes=MOST_DOCUMENT_BYTES)
USER_AGENT = "Vivavoce-Documents/1"
_PASSING = frozenset({408, 425, 429})


class HttpDocumentFetcher:
    """A `ports.documents.DocumentFetcher`."""

    def __init__(self, reach: Reach, limits: Limits = LIMITS) -> None:
        self._http = GuardedHttp(reach)
        self._limits = limits

    async def fetch(self, url: str) -> bytes:
        """Raises `Unprocessable` codes `document_address`, `document_refused` and
        `document_too_large`, `EngineFailure` code `document_unreachable`.
        """
        address = _encoded(url)
        headers = {"user-agent": USER_AGENT, "accept": "*/*"}
        try:
            fetched = await self._http.request("GET", address, headers, b"", self._limits)
        except Forbidden:
            raise Unprocessable(
                "document_address", "The document's address is not on the public internet."
            ) from None
        except (*TIMEOUT_ERRORS, *NETWORK_ERRORS):
            raise _unreachable() from None
        if fetched.status >= 500 or fetched.status in _PASSING:
            raise _unreachable()
        if fetched.status != 200:
            raise Unprocessable("document_refused", "The document's address does not give it out.")
        if not fetched.complete:
            raise Unprocessable("document_too_large", "The document is too large.")
        return fetched.body


def _encoded(url: str) -> str:
    """As it goes over the wire: people paste addresses with the letters of their language."""
    try:
        _ = urlsplit(url).port  # raises for a port that is none
        return str(httpx.URL(url))
    except (ValueError, httpx.InvalidURL):
        raise Unprocessable(
            "document_address", "The document's address is not a web address."
        ) from None


def _unreachable() -> EngineFailure:
    return EngineFailure("document_unreachable", "The document's address cannot be reached now.")
