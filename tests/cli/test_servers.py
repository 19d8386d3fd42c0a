"""The reader of a connection: it waits for its conversation, and a client waits for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from vivavoce.cli.servers import Site, _Server, listen
from websockets.asyncio.client import ClientConnection, connect

MESSAGE = bytes(32 * 1024)
MORE_THAN_BUFFERS_HOLD = 2_000  # 64 MB

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def serving(answer: WebSocketRoute) -> AsyncIterator[str]:
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    server = _Server(Site(Starlette(routes=[answer]), "127.0.0.1", port))
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[listener]))
        yield f"ws://127.0.0.1:{port}/"
        server.should_exit = True


async def sent_within(seconds: float, client: ClientConnection) -> int:
    """How many messages the client could send before it had to wait."""
    sent = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while sent < MORE_THAN_BUFFERS_HOLD:
                await client.send(MESSAGE)
                sent += 1
    return sent


async def test_a_conversation_that_does_not_listen_holds_its_client_up() -> None:
    heard: list[bytes] = []
    listens = asyncio.Event()

    async def answer(websocket: WebSocket) -> None:
        await websocket.accept()
        await listens.wait()
        heard.extend([message async for message in websocket.iter_bytes()])

    async with serving(WebSocketRoute("/", answer)) as address, connect(address) as client:
        sent = await sent_within(3, client)
        assert sent < MORE_THAN_BUFFERS_HOLD
        listens.set()
        await client.send(b"last")
        await client.close()
    assert heard[-1] == b"last"
    assert len(heard) - 1 in (sent, sent + 1)  # the one that was being sent may have arrived
