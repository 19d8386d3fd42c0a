"""HTTP to addresses that strangers chose: no way into this machine or the network around it.

The name is looked up once, every address of it is judged, and the connection goes to one of exactly
those: a name that answers differently the next time gains nothing. The request still speaks of the
name, in its Host header and in TLS. Redirects are not followed, proxies are not asked, the time is
limited as a whole, and of the answer's body no more than a share is read.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeAlias, cast
from urllib.parse import urlsplit

import httpcore
import httpx

from vivavoce.core.errors import Forbidden
from vivavoce.core.network_addresses import is_public

# The numeric addresses of a name. Raises OSError when there are none.
Resolve: TypeAlias = Callable[[str, int], Awaitable[tuple[str, ...]]]
# What can go wrong on the way, apart from the address being forbidden.
NETWORK_ERRORS = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    OSError,
    UnicodeError,
)
TIMEOUT_ERRORS = (TimeoutError, httpcore.TimeoutException)


@dataclass(frozen=True)
class Limits:
    seconds: float = 15.0
    body_bytes: int = 64 * 1024


@dataclass(frozen=True)
class Fetched:
    """`body` ends at the limit; `complete` says whether that was its end too."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    complete: bool


@dataclass(frozen=True)
class Reach:
    """How far requests go. `tls` is the public authorities unless told otherwise."""

    private_allowed: bool = False
    resolve: Resolve | None = None
    tls: ssl.SSLContext | None = None


class GuardedHttp:
    def __init__(self, reach: Reach) -> None:
        self._tls = reach.tls or httpx.create_ssl_context()
        self._backend = _JudgedAddresses(reach.resolve or resolve, reach.private_allowed)

    async def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, limits: Limits
    ) -> Fetched:
        """Raises `Forbidden` code `private_address`, and `TIMEOUT_ERRORS`, `NETWORK_ERRORS`."""
        fields = [("host", urlsplit(url).netloc), *headers.items()]
        encoded = [(name.encode("ascii"), value.encode("ascii")) for name, value in fields]
        async with (
            asyncio.timeout(limits.seconds),
            httpcore.AsyncConnectionPool(
                ssl_context=self._tls, max_keepalive_connections=0, network_backend=self._backend
            ) as pool,
            pool.stream(method, url, headers=encoded, content=body) as response,
        ):
            received, complete = await _read(response, limits.body_bytes)
            return Fetched(
                status=response.status,
                headers={
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in response.headers
                },
                body=received,
                complete=complete,
            )


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """Ask the system's resolver."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


async def _read(response: httpcore.Response, most_bytes: int) -> tuple[bytes, bool]:
    received = bytearray()
    stream = cast("AsyncGenerator[bytes]", response.aiter_stream())
    async with aclosing(stream) as chunks:
        async for chunk in chunks:
            received += chunk
            if len(received) > most_bytes:
                return bytes(received[:most_bytes]), False
    return bytes(received), True


class _JudgedAddresses(httpcore.AsyncNetworkBackend):
    """Connects to the address that was judged, never to the name."""

    def __init__(self, resolve: Resolve, private_allowed: bool) -> None:
        self._resolve = resolve
        self._private_allowed = private_allowed
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (the library's interface)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._judged(host, port)
        for address in addresses[:-1]:
            try:
                return await self._sockets.connect_tcp(address, port, timeout)
            except httpcore.ConnectError:
                continue  # a name may have several; the last one's failure is told
        return await self._sockets.connect_tcp(addresses[-1], port, timeout)

    async def _judged(self, host: str, port: int) -> tuple[str, ...]:
        addresses = await self._resolve(host, port)
        if not addresses:
            raise httpcore.ConnectError("the name has no address")
        if not self._private_allowed and not all(map(is_public, addresses)):
            raise Forbidden("private_address", "The address is not on the public internet.")
        return addresses
