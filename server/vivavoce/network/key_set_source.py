"""Fetches the key set of an issuer: one address, whose name may lead nowhere private."""

from vivavoce.core.errors import EngineFailure, Forbidden
from vivavoce.network.guarded_http import (
    NETWORK_ERRORS,
    TIMEOUT_ERRORS,
    GuardedHttp,
    Limits,
    Reach,
)

LIMITS = Limits(seconds=5.0, body_bytes=256 * 1024)
_HEADERS = {"accept": "application/json", "user-agent": "Vivavoce-Keys/1"}


class HttpKeySetSource:
    """A `ports.key_sets.KeySetSource`."""

    def __init__(self, url: str, reach: Reach, limits: Limits = LIMITS) -> None:
        self._url = url
        self._http = GuardedHttp(reach)
        self._limits = limits

    async def fetch(self) -> bytes:
        try:
            fetched = await self._http.request("GET", self._url, _HEADERS, b"", self._limits)
        except (Forbidden, *TIMEOUT_ERRORS, *NETWORK_ERRORS):
            raise _failure() from None
        if fetched.status != 200 or not fetched.complete:
            raise _failure()
        return fetched.body


def _failure() -> EngineFailure:
    return EngineFailure("key_set", "The keys of the token's issuer cannot be read now.")
