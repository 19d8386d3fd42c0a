"""A TCP relay in front of the server, so that a test can tear connections as a bad network does."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


class Proxy:
    """Listens on `port`, relays to `target`; `cut` resets every open connection at once."""

    def __init__(self, port: int, target: int) -> None:
        self._port = port
        self._target = target
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> "Proxy":
        self._thread.start()
        self._wait(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._wait(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self) -> int:
        """Returns how many connections were torn."""
        return self._wait(self._cut())

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", self._port)

    async def _stop(self) -> None:
        self._server.close()
        await self._cut()

    async def _cut(self) -> int:
        torn = len(self._open)
        for writer in list(self._open):
            writer.transport.abort()
        return torn

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            to_server = await asyncio.open_connection("127.0.0.1", self._target)
        except ConnectionError:
            writer.transport.abort()
            return
        self._open |= {writer, to_server[1]}
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_pump(reader, to_server[1]))
                group.create_task(_pump(to_server[0], writer))
        finally:
            self._open -= {writer, to_server[1]}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):  # a torn side ends its partner below
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
