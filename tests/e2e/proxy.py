"""A TCP relay in front of the server: tears, delays, stalls and throttles as a bad network does."""

import asyncio
import random
import threading
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
CHUNK = 65_536
CHUNK_OF_SLOW = 512  # so that a throttled link delivers evenly


@dataclass(frozen=True)
class Weather:
    """What a network does to each direction. TCP keeps the order: what is late delays the rest."""

    delay_ms: tuple[int, int] = (0, 0)  # evenly between the two
    kbit_per_second: float = 0  # 0: as fast as it can

    def delay(self, luck: random.Random) -> float:
        return luck.uniform(*self.delay_ms) / 1000

    def seconds(self, size: int) -> float:
        return size * 8 / (self.kbit_per_second * 1000) if self.kbit_per_second else 0.0


class Proxy:
    """Listens on `port`, relays to `target`; `cut` resets every open connection at once."""

    def __init__(self, port: int, target: int) -> None:
        self.weather = Weather()
        self._stalled_until = 0.0
        self._is_up = True
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

    def stall(self, seconds: float) -> None:
        """Nothing gets through for so long; then all of it."""
        self._loop.call_soon_threadsafe(self._stall, seconds)

    def _stall(self, seconds: float) -> None:
        self._stalled_until = self._loop.time() + seconds

    def go_down(self) -> None:
        """Tear everything and refuse whoever comes, until `come_up`."""
        self._is_up = False
        self.cut()

    def come_up(self) -> None:
        self._is_up = True

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
        if not self._is_up:
            writer.transport.abort()
            return
        try:
            to_server = await asyncio.open_connection("127.0.0.1", self._target)
        except ConnectionError:
            writer.transport.abort()
            return
        self._open |= {writer, to_server[1]}
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, to_server[1]))
                group.create_task(self._pump(to_server[0], writer))
        finally:
            self._open -= {writer, to_server[1]}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Two halves, so that what is under way does not hold up what is being sent."""
        underway: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._deliver(underway, writer))
            luck = random.Random(1)  # noqa: S311 - the same weather in every run
            with suppress(ConnectionError):  # a torn side ends its partner below
                while data := await reader.read(CHUNK_OF_SLOW if self._is_slow else CHUNK):
                    underway.put_nowait((self._loop.time() + self.weather.delay(luck), data))
            underway.put_nowait((0.0, b""))

    @property
    def _is_slow(self) -> bool:
        return self.weather.kbit_per_second > 0

    async def _deliver(
        self, underway: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
    ) -> None:
        free_at = 0.0
        with suppress(ConnectionError):
            while (parcel := await underway.get())[1]:
                due, data = parcel
                free_at = max(free_at, self._loop.time()) + self.weather.seconds(len(data))
                await self._rest_until(max(due, free_at))
                await self._rest_until(self._stalled_until)
                writer.write(data)
                await writer.drain()
        writer.close()

    async def _rest_until(self, at: float) -> None:
        if at > self._loop.time():
            await asyncio.sleep(at - self._loop.time())
