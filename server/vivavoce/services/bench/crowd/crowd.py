"""A process full of candidates, told over a pipe whom to let in and asked what they have seen."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TypeAlias

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from vivavoce.engines.lanes import Lane
from vivavoce.engines.synthesizer_espeak import EspeakSynthesizer
from vivavoce.ports.engines import HEARD_RATE
from vivavoce.services.bench.crowd.caller import FRAME_SAMPLES, FRAME_SECONDS, GREETING, Caller
from vivavoce.services.bench.crowd.tally import Take, Tally
from vivavoce.services.bench.script import ANSWERS, Shape
from vivavoce.services.bench.voice import Microphone, Utterance, fluent, speak

ROOM_FRAMES = 250
LEAST_SLEEP_SECONDS = 0.001


@dataclass(frozen=True)
class Entrance:
    """What lets one candidate in."""

    ws_url: str
    ticket: str
    origin: str


# None: tell what was seen, and begin a new tally.
Order: TypeAlias = Sequence[Entrance] | None
END: Sequence[Entrance] = ()


@dataclass
class _Line:
    caller: Caller
    socket: ClientConnection


class Crowd:
    def __init__(self, takes: tuple[Take, ...], room: tuple[bytes, ...]) -> None:
        self._takes = takes
        self._room = room
        self._lines: list[_Line] = []
        self._came = 0
        self.tally = Tally()

    def take_tally(self) -> Tally:
        seen, self.tally = self.tally, Tally()
        seen.connected = len(self._lines)
        return seen

    async def visit(self, entrance: Entrance) -> None:
        """Be interviewed until the connection ends."""
        self._came += 1
        protocols = [Subprotocol("vv.v1"), Subprotocol(f"vv.ticket.{entrance.ticket}")]
        socket = await connect(
            entrance.ws_url,
            subprotocols=protocols,
            origin=Origin(entrance.origin),
            compression=None,
            proxy=None,
        )
        caller = Caller(self._came, self._takes, self._room)
        line = _Line(caller, socket)
        self._lines.append(line)
        try:
            for message in GREETING:
                await socket.send(message)
            await self._listen(line)
        except ConnectionClosed:
            self.tally.lost.append(socket.close_code or 0)
        finally:
            self._lines.remove(line)

    async def _listen(self, line: _Line) -> None:
        loop = asyncio.get_running_loop()
        async for content in line.socket:
            if isinstance(content, bytes):
                line.caller.heard(content, loop.time(), self.tally)
            elif (answer := line.caller.told(content, loop.time())) is not None:
                await line.socket.send(answer)
        self.tally.lost.append(line.socket.close_code or 0)

    async def stream(self) -> None:
        """Every microphone, each at a moment of its own within the length of a frame."""
        loop = asyncio.get_running_loop()
        begin = loop.time()
        while True:
            lines = tuple(self._lines)
            for place, line in enumerate(lines):
                due = begin + place * FRAME_SECONDS / len(lines)
                if due - loop.time() > LEAST_SLEEP_SECONDS:
                    await asyncio.sleep(due - loop.time())
                self.tally.late_ms.append((loop.time() - due) * 1000)
                await self._send(line, due)
            begin += FRAME_SECONDS
            await asyncio.sleep(max(0.0, begin - loop.time()))

    async def _send(self, line: _Line, due: float) -> None:
        try:
            for message in line.caller.tick(due, self.tally):
                await line.socket.send(message)
        except ConnectionClosed:
            return  # whoever listens to it notes why


async def _takes() -> tuple[Take, ...]:
    """Answers of the script, told without a pause that anybody could take for the end."""
    lane = Lane("crowd")
    synthesizer = await EspeakSynthesizer.open(lane)
    try:
        spoken = [await speak(each, synthesizer) for each in ANSWERS if each.shape != Shape.PAUSED]
    finally:
        await lane.close()
    return tuple(_take(fluent(utterance)) for utterance in spoken)


def _take(utterance: Utterance) -> Take:
    microphone = Microphone(1, FRAME_SAMPLES)
    microphone.say(utterance)
    frames: list[bytes] = []
    while microphone.speaking:
        frames.append(microphone.next_frame())
    return Take(tuple(frames), utterance.end_sample / HEARD_RATE)


def _room() -> tuple[bytes, ...]:
    microphone = Microphone(int(np.random.default_rng().integers(1000)), FRAME_SAMPLES)
    return tuple(microphone.next_frame() for _ in range(ROOM_FRAMES))


async def _run(orders: Connection) -> None:
    crowd = Crowd(await _takes(), _room())
    orders.send(None)  # ready
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(crowd.stream())]
        while (order := await asyncio.to_thread(_next_order, orders)) is not END:
            if order is None:
                orders.send(crowd.take_tally())
            else:
                tasks += [group.create_task(crowd.visit(each)) for each in order]
        for task in tasks:
            task.cancel()


def _next_order(orders: Connection) -> Order:
    try:
        order: Order = orders.recv()
    except EOFError:
        return END
    return order


def run_crowd(orders: Connection) -> None:
    """The whole life of the process, until the other end of `orders` is closed."""
    asyncio.run(_run(orders))
