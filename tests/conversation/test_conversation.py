"""Whole conversations on virtual time."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import vivavoce
from vivavoce.core.transcript import Speaker, TurnKind
from vivavoce.core.wire_messages import Resume

from tests.conversation.rehearsal import Device, Rehearsal, ScriptedInterviewer, plan_of
from tests.conversation.virtual_time import run

PHRASES = json.loads((Path(vivavoce.__file__).parent / "phrases" / "en.json").read_text())
Q1 = "What did you build last year?"
Q2 = "Why do you want to join us?"


def rehearsal(*probes: str, minutes: int = 30) -> Rehearsal:
    return Rehearsal(
        plan_of(Q1, Q2, phrases=PHRASES, minutes=minutes), ScriptedInterviewer(*probes)
    )


def perform(stage: Rehearsal, play: Callable[[Device], Awaitable[None]]) -> Device:
    """Run one conversation from start until `play` returns."""

    async def all_of_it() -> Device:
        device = await stage.begin()
        async with asyncio.TaskGroup() as group:
            running = group.create_task(device.conversation.run())
            await device.conversation.begin(Resume.NONE)
            await play(device)
            device.conversation.leave()
            await running
        return device

    return run(all_of_it())


async def answer(device: Device, text: str) -> None:
    await device.wait_for_silence()
    await device.wait(600)
    await device.say(text)


def kinds(stage: Rehearsal) -> list[str]:
    return [str(turn.kind) for turn in stage.journal.kept]


def test_an_interview_runs_from_welcome_to_closing() -> None:
    stage = rehearsal("What was the result?")

    async def play(device: Device) -> None:
        await answer(device, "I rebuilt the billing system.")
        await answer(device, "Errors dropped by half.")
        await answer(device, "Because I like clocks.")
        await answer(device, "No that was all.")
        await device.wait_until(lambda: device.over)

    perform(stage, play)
    assert stage.said(Speaker.CANDIDATE) == [
        "I rebuilt the billing system.",
        "Errors dropped by half.",
        "Because I like clocks.",
        "No that was all.",
    ]
    asked = [t.text for t in stage.journal.kept if t.kind is TurnKind.QUESTION]
    assert asked[:2] == [Q1, Q2]
    assert [t.text for t in stage.journal.kept if t.kind is TurnKind.FOLLOW_UP] == [
        "What was the result?"
    ]
    assert stage.journal.kept[-1].kind is TurnKind.CLOSING
    assert stage.journal.duration_ms is not None
    assert [t.number for t in stage.journal.kept] == list(range(1, len(stage.journal.kept) + 1))
    times = [(t.start_ms, t.end_ms) for t in stage.journal.kept]
    assert all(start <= end for start, end in times)
    assert times == sorted(times)
