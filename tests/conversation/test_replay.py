"""What an earlier run recorded is heard again: all of it, once, and with others in between."""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path

import vivavoce
from vivavoce.core.transcript import Speaker
from vivavoce.core.wire_messages import Resume

from tests.conversation.rehearsal import Device, HearingVad, Rehearsal, plan_of
from tests.conversation.virtual_time import run

PHRASES = json.loads((Path(vivavoce.__file__).parent / "phrases" / "en.json").read_text())
FRAMES_AT_ONCE = 50


@dataclass
class CountingVad(HearingVad):
    frames: int = 0
    hears: asyncio.Event = field(default_factory=asyncio.Event)

    def speech_probability(self, frame: bytes) -> float:
        self.frames += 1
        self.hears.set()
        return super().speech_probability(frame)


def interrupted_after(words: str) -> Rehearsal:
    """An interview whose process ended while the candidate spoke."""
    stage = Rehearsal(plan_of("What did you build last year?", phrases=PHRASES))

    async def first() -> None:
        device = await stage.begin()
        async with asyncio.TaskGroup() as group:
            running = group.create_task(device.conversation.run())
            await device.conversation.begin(Resume.NONE)
            await device.wait_for_silence()
            await device.say(words)
            device.conversation.leave()
            await running

    run(first())
    return stage


async def finish(device: Device, words: str) -> None:
    await device.say(words)
    await device.wait_for_silence()
    device.conversation.leave()


def test_a_long_recording_is_heard_again_without_keeping_others_waiting() -> None:
    """A turn of the loop is what another interview has; it may come between any fifty frames."""
    stage = interrupted_after("well " * 200)

    async def most_frames_in_a_turn_of_the_loop() -> int:
        stage.vad = vad = CountingVad()
        device = await stage.begin(Resume.RING)
        most = 0
        async with asyncio.TaskGroup() as group:
            group.create_task(device.conversation.run())
            beginning = group.create_task(device.conversation.begin(Resume.RING))
            await vad.hears.wait()
            most = before = vad.frames
            while not beginning.done():
                await asyncio.sleep(0)
                most, before = max(most, vad.frames - before), vad.frames
            assert before > 1000
            await finish(device, "that was it.")
        return most

    assert run(most_frames_in_a_turn_of_the_loop()) <= FRAMES_AT_ONCE
    (kept,) = stage.said(Speaker.CANDIDATE)
    assert kept.startswith("well")
    assert kept.endswith("that was it.")


def test_a_connection_that_breaks_meanwhile_does_not_have_it_heard_twice() -> None:
    words = "I rebuilt the billing system with a team of nine in two years"
    stage = interrupted_after(words)

    async def second() -> None:
        stage.vad = vad = CountingVad()
        device = await stage.begin(Resume.RING)
        async with asyncio.TaskGroup() as group:
            group.create_task(device.conversation.run())
            broken = group.create_task(device.conversation.begin(Resume.RING))
            await vad.hears.wait()
            broken.cancel()
            assert not device.conversation.begun
            await device.conversation.begin(Resume.RING)
            await finish(device, "in Rust.")

    run(second())
    assert stage.said(Speaker.CANDIDATE) == [f"{words} in Rust."]
