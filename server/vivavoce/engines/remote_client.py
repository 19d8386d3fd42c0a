"""Requests to one model server: timed in their parts, retried where that is safe, never endless.

Every limit counts on the event loop's clock. A request that may be sent again is one of which
nothing has been used: a transcription and a speech until they are complete, a chat until its first
piece. Connections are kept, because a turn comes every half minute and a handshake costs one to
three round trips.
"""

import asyncio
import json
import random
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from copy import copy
from dataclasses import dataclass
from typing import Any

import certifi
import httpx

from vivavoce.core.errors import EngineFailure
from vivavoce.core.retrying import wait_before_retry
from vivavoce.engines.event_stream import EventStream
from vivavoce.engines.remote import (
    LARGEST_REFUSAL_BYTES,
    RemoteFailure,
    RemoteServer,
    readable,
    refusal,
    remote_failures,
    too_large,
    unreadable,
)
from vivavoce.ports.interviewer import BROKEN_OFF

LARGEST_ANSWER_BYTES = 16 << 20  # five minutes of speech, or a hundred books of chat
KEPT_CONNECTIONS = 64
MOST_CONNECTIONS = 512
KEPT_SECONDS = 120.0
FRESH_SECONDS = 4.0  # most servers keep an idle connection for five
LAST_BYTES_SECONDS = 0.1
OK = 200
_RANDOM = random.SystemRandom()


@dataclass(frozen=True)
class Sent:
    """A request's body: JSON, or the fields and files of a form."""

    json: Any = None
    data: dict[str, str] | None = None
    files: dict[str, tuple[str, bytes, str]] | None = None

    def content(self) -> dict[str, Any]:
        if self.json is not None:
            return {"json": self.json}
        return {"data": self.data, "files": self.files}


class RemoteClient:
    def __init__(self, server: RemoteServer, chance: Callable[[], float] = _RANDOM.random) -> None:
        self.server = server
        self._limits = server.limits
        self._chance = chance
        self._used_at = float("-inf")
        self._client = httpx.AsyncClient(
            headers=server.headers,
            timeout=httpx.Timeout(None, connect=self._limits.connect_seconds),
            limits=httpx.Limits(
                max_connections=MOST_CONNECTIONS,
                max_keepalive_connections=KEPT_CONNECTIONS,
                keepalive_expiry=KEPT_SECONDS,
            ),
            verify=_trust(server),
            trust_env=False,
        )

    def patient(self) -> "RemoteClient":
        """Over the same connections, with the limits of work that nobody waits for."""
        other = copy(self)
        other._limits = self._limits.patient()
        return other

    async def fetch(self, path: str, sent: Sent) -> bytes:
        """The whole answer. Raises `RemoteFailure`."""
        began, attempt = _now(), 1
        while True:
            try:
                return await self._fetch_once(path, sent)
            except RemoteFailure as failure:
                await self._wait_or_raise(failure, attempt, _now() - began)
                attempt += 1

    async def events(self, path: str, sent: Sent) -> AsyncGenerator[dict[str, Any]]:
        """The payloads of a stream of events; ends when the stream says so.

        Raises `RemoteFailure`, with code `BROKEN_OFF` once something was given.
        """
        began, attempt, given = _now(), 1, False
        while True:
            try:
                async with aclosing(self._events_once(path, sent)) as payloads:
                    async for payload in payloads:
                        given = True
                        yield payload
                return
            except RemoteFailure as failure:
                if given:
                    message = "The model server broke off its reply."
                    raise RemoteFailure(BROKEN_OFF, message) from failure
                await self._wait_or_raise(failure, attempt, _now() - began)
                attempt += 1

    async def warm(self) -> None:
        """Have a connection ready for the next request, unless one was used a moment ago."""
        if _now() - self._used_at < FRESH_SECONDS:
            return
        self._used_at = _now()
        with remote_failures():
            async with asyncio.timeout(self._limits.first_byte_seconds):
                await self.ask("models")

    async def ask(self, path: str) -> bytes:
        """What is at an address, whatever its status; for nothing that matters. May raise httpx's
        errors.
        """
        address = self.server.address(path)
        async with (
            self._client.stream("GET", address) as response,
            aclosing(self._pieces(response, _now())) as pieces,
        ):
            return b"".join([piece async for piece in pieces])

    async def close(self) -> None:
        await self._client.aclose()

    async def _wait_or_raise(self, failure: RemoteFailure, attempt: int, spent: float) -> None:
        wait = wait_before_retry(
            self._limits.retry, attempt, spent, self._chance(), failure.told_seconds
        )
        if wait is None or not failure.again:
            raise failure
        await asyncio.sleep(wait)

    async def _fetch_once(self, path: str, sent: Sent) -> bytes:
        with remote_failures():
            async with self._answer(path, sent) as pieces:
                return b"".join([piece async for piece in pieces])

    async def _events_once(self, path: str, sent: Sent) -> AsyncGenerator[dict[str, Any]]:
        stream = EventStream()
        with remote_failures():
            async with self._answer(path, sent) as pieces:
                async for piece in pieces:
                    for payload in stream.feed(piece):
                        yield _object(payload)
                    if stream.done:
                        await _drained(pieces)
                        return
            raise httpx.RemoteProtocolError("The stream has no end.")

    @asynccontextmanager
    async def _answer(self, path: str, sent: Sent) -> AsyncIterator[AsyncGenerator[bytes]]:
        """The pieces of an answer that is a success."""
        self._used_at = began = _now()
        request = self._client.build_request("POST", self.server.address(path), **sent.content())
        limits = self._limits
        async with asyncio.timeout_at(began + min(limits.first_byte_seconds, limits.whole_seconds)):
            response = await self._client.send(request, stream=True)
        try:
            if response.status_code != OK:
                raise refusal(response.status_code, response.headers, await self._why(response))
            async with aclosing(self._pieces(response, began)) as pieces:
                yield pieces
        finally:
            await response.aclose()

    async def _why(self, response: httpx.Response) -> bytes:
        """The beginning of a refusal's body."""
        body = b""
        async with aclosing(self._pieces(response, _now())) as pieces:
            async for piece in pieces:
                body += piece
                if len(body) >= LARGEST_REFUSAL_BYTES:
                    break
        return body[:LARGEST_REFUSAL_BYTES]

    async def _pieces(self, response: httpx.Response, began: float) -> AsyncGenerator[bytes]:
        """As they arrive, uncompressed, each within its time and all within the whole's."""
        if response.headers.get("content-encoding", "identity") != "identity":
            raise unreadable()  # it was not asked for, and a small one may be a large one inside
        limits, length = self._limits, 0
        due = began + limits.first_byte_seconds
        pieces = response.aiter_raw()
        while True:
            async with asyncio.timeout_at(min(due, began + limits.whole_seconds)):
                piece = await anext(pieces, None)
            if piece is None:
                return
            length += len(piece)
            if length > LARGEST_ANSWER_BYTES:
                raise too_large()
            yield piece
            due = _now() + limits.between_seconds


async def _drained(pieces: AsyncGenerator[bytes]) -> None:
    """Read what follows the last event: a connection is kept when its answer was read whole."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LAST_BYTES_SECONDS):
            async for _ in pieces:
                pass


def _trust(server: RemoteServer) -> ssl.SSLContext:
    """The usual authorities, and the installation's own."""
    context = ssl.create_default_context(cafile=certifi.where())
    if server.limits.ca_file is not None:
        try:
            context.load_verify_locations(cafile=server.limits.ca_file)
        except (OSError, ssl.SSLError) as error:
            message = "The certificates of VIVAVOCE_REMOTE_CA_FILE cannot be read."
            raise EngineFailure("remote_ca_file", message) from error
    return context


def _object(payload: bytes) -> dict[str, Any]:
    with readable():
        event = json.loads(payload)
        if not isinstance(event, dict):
            raise TypeError
        return event


def _now() -> float:
    return asyncio.get_running_loop().time()
