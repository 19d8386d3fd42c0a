import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest
from vivavoce.conversation.playout import Playout
from vivavoce.conversation.spoken_line import SpokenLine
from vivavoce.core.transcript import TurnKind
from vivavoce.core.wire import Frame
from vivavoce.core.wire_messages import CloseCode, ServerMessage
from vivavoce.ports.engines import SPOKEN_RATE, Speech

Scene = Callable[["Room"], Coroutine[Any, Any, None]]


@dataclass
class Spool:
    candidate_samples: int = 0

    def append_interviewer(self, at: int, pcm: bytes) -> None:
        """The recording is tested with the whole conversation."""


@dataclass
class Device:
    """The candidate's, which keeps what it is sent."""

    frames: list[Frame] = field(default_factory=list)

    def send(self, message: ServerMessage) -> None:
        """Captions and the like."""

    def send_audio(self, frame: Frame) -> None:
        self.frames.append(frame)

    def close(self, code: CloseCode, reason: str) -> None:
        raise AssertionError("nobody closes")

    @property
    def sent_ms(self) -> int:
        last = self.frames[-1]
        return (last.pts + last.samples) * 1000 // SPOKEN_RATE


class Room:
    def __init__(self) -> None:
        self.device = Device()
        self.playout = Playout(Spool(), lambda _: None)  # type: ignore[arg-type]
        self.playout.attach(self.device)
        self.line = SpokenLine(TurnKind.QUESTION, 0, "ask")

    def speak(self, seconds: float) -> None:
        self.line.add("Some words.", Speech(bytes(int(seconds * SPOKEN_RATE) * 2)))

    async def settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    async def hear(self, ms: int) -> None:
        self.playout.played(1, ms * SPOKEN_RATE // 1000)
        await self.settle()


def play(scene: Scene) -> None:
    async def run() -> None:
        room = Room()
        async with asyncio.TaskGroup() as group:
            playing = group.create_task(room.playout.play(room.line, 1))
            await scene(room)
            room.line.finish()
            while not playing.done():
                await room.hear(room.line.samples * 1000 // SPOKEN_RATE)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("wish_ms", "ahead_ms"), [(0, 400), (400, 400), (1_200, 1_200), (60_000, 4_000)]
)
def test_as_much_is_sent_ahead_as_the_device_asks_for_within_bounds(
    wish_ms: int, ahead_ms: int
) -> None:
    async def scene(room: Room) -> None:
        room.speak(10)
        await room.settle()
        assert room.device.sent_ms == 400
        room.playout.lead(wish_ms)
        await room.settle()
        assert room.device.sent_ms == ahead_ms
        await room.hear(100)
        assert ahead_ms + 60 <= room.device.sent_ms <= ahead_ms + 140

    play(scene)


def test_a_gap_within_what_was_said_is_counted_until_it_is_taken() -> None:
    async def scene(room: Room) -> None:
        room.speak(2)
        await room.settle()
        room.playout.gap(1, SPOKEN_RATE // 2, 300)
        room.playout.gap(1, SPOKEN_RATE, 200)
        room.playout.gap(7, SPOKEN_RATE, 1_000)  # of no line that is being said
        taken = room.playout.take_gaps()
        assert (taken.count, taken.ms) == (2, 500)
        assert room.playout.take_gaps().count == 0

    play(scene)


def test_a_pause_in_which_the_next_clause_was_being_made_is_no_gap() -> None:
    async def scene(room: Room) -> None:
        room.speak(0.2)
        await room.settle()
        made = room.line.samples
        await room.hear(made * 1000 // SPOKEN_RATE)
        room.speak(1)
        await room.settle()
        room.playout.gap(1, made, 700)
        assert room.playout.take_gaps().count == 0

    play(scene)
