"""Running one or more sites in this process, each on its port, until somebody presses Ctrl-C."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from vivavoce.cli.logs import configure_logs
from vivavoce.core.errors import Conflict

LONGEST_MESSAGE_BYTES = 64 * 1024
PING_SECONDS = 20
# Of one connection, that its conversation has not taken yet; one in hand is what is usual.
UNREAD_MESSAGES = 16
LAST_WORDS_SECONDS = 1.0
SHUTDOWN_SECONDS = 10


async def _leave_silently() -> None:
    return


@dataclass(frozen=True)
class Site:
    """`farewell` is awaited before the sockets are closed."""

    app: ASGIApp
    host: str
    port: int
    farewell: Callable[[], Awaitable[None]] = _leave_silently


class _Reader(WebSocketsSansIOProtocol):
    """Stops reading when messages pile up, not at each one: that costs two system calls a frame.

    And lets whoever sent what may not be sent read why it is closed: a socket that is closed before
    all was read from it takes back what it has not delivered.
    """

    def send_receive_event_to_app(self) -> None:
        if self.read_paused or self.queue.qsize() >= UNREAD_MESSAGES:
            super().send_receive_event_to_app()
            return
        self.read_paused = True  # so that this message pauses nothing
        super().send_receive_event_to_app()
        self.read_paused = False

    def handle_parser_exception(self) -> None:
        refusal = self.conn.close_sent
        if self.close_sent or refusal is None:
            return  # more of what was refused
        ended = {"type": "websocket.disconnect", "code": refusal.code, "reason": refusal.reason}
        self.queue.put_nowait(ended)  # type: ignore[arg-type]
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(LAST_WORDS_SECONDS, self.transport.close)


class _Server(uvicorn.Server):
    """Leaves the signals to whoever runs several servers at once."""

    def __init__(self, site: Site) -> None:
        super().__init__(_config(site))
        self._farewell = site.farewell

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._farewell()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """Raises `Conflict` code `port_in_use` or `address`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)  # also refuses a port that another program listens on
    except OSError as error:
        listener.close()
        if isinstance(error, socket.gaierror):
            raise Conflict("address", f"This machine has no address {host}.") from error
        message = f"Port {port} of {host} cannot be used: {error.strerror}. Choose another port."
        raise Conflict("port_in_use", message) from error
    return listener


def run(sites: list[Site], log_level: str) -> None:
    """Serve all sites until SIGINT or SIGTERM, then let open requests finish."""
    configure_logs(log_level)
    listeners = [listen(site.host, site.port) for site in sites]
    try:
        with asyncio.Runner(loop_factory=_config(sites[0]).get_loop_factory()) as runner:
            runner.run(_serve_all(sites, listeners))
    finally:
        for listener in listeners:
            listener.close()


async def _serve_all(sites: list[Site], listeners: list[socket.socket]) -> None:
    servers = [_Server(site) for site in sites]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    async with asyncio.TaskGroup() as group:
        for server, listener in zip(servers, listeners, strict=True):
            group.create_task(_serve(server, listener, stop))


async def _serve(
    server: uvicorn.Server, listener: socket.socket, stop_all: Callable[[], None]
) -> None:
    await server.serve(sockets=[listener])
    stop_all()  # a site that could not start takes the others with it


def _config(site: Site) -> uvicorn.Config:
    return uvicorn.Config(
        site.app,
        host=site.host,
        port=site.port,
        log_config=None,
        access_log=False,  # addresses hold signatures; the application writes its own lines
        server_header=False,
        ws=_Reader,
        ws_max_size=LONGEST_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
