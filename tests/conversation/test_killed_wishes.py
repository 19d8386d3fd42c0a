"""What was typed or pressed is owed, whoever kills the process and whichever page comes back."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
import vivavoce
from vivavoce.core.transcript import Speaker, TurnKind
from vivavoce.core.wire_messages import ControlOp, Resume, State

from tests.conversation.rehearsal import Device, Rehearsal, ScriptedInterviewer, plan_of
from tests.conversation.virtual_time import run

PHRASES = json.loads((Path(vivavoce.__file__).parent / "phrases" / "en.json").read_text())
QUESTIONS = ("What did you build last year?", "Why do you want to join us?", "What comes next?")
Q1, Q2, Q3 = QUESTIONS
Act = Callable[[Device], Awaitable[None]]


def rehearsal(*probes: str) -> Rehearsal:
    return Rehearsal(plan_of(*QUESTIONS, phrases=PHRASES), ScriptedInterviewer(*probes))


def perform(stage: Rehearsal, *acts: Act, how: Resume = Resume.RING) -> None:
    """Each act has a process of its own, which is killed when the act is over."""

    async def all_of_them() -> None:
        for number, act in enumerate(acts):
            device = await stage.begin(how if number else Resume.NONE)
            running = asyncio.get_running_loop().create_task(device.conversation.run())
            await device.conversation.begin(how if number else Resume.NONE)
            await act(device)
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            stage.spool.lose(stage.spool.durable)

    run(all_of_them())


def phases(device: Device) -> list[str]:
    return [message.phase for message in device.sent if isinstance(message, State)]


def asked(stage: Rehearsal) -> list[str]:
    return [text for text in stage.said(Speaker.INTERVIEWER) if text in QUESTIONS]


def pressing(op: ControlOp) -> Act:
    async def act(device: Device) -> None:
        await device.wait_for_silence()
        assert await device.conversation.control(op)

    return act


async def listening(device: Device) -> None:
    await device.wait_for_silence()


def test_a_run_that_is_over_acknowledges_nothing() -> None:
    stage = rehearsal()

    async def comes_late(device: Device) -> None:
        device.conversation.leave()
        assert not await device.conversation.answer_typed("I rebuilt the billing system", "a")
        assert not await device.conversation.control(ControlOp.SKIP, "b")

    perform(stage, comes_late)
    assert stage.journal.wished == []


def test_a_typed_answer_is_answered_by_the_next_run() -> None:
    stage = rehearsal()

    async def types(device: Device) -> None:
        await device.wait_for_silence()
        assert await device.conversation.answer_typed("I rebuilt the billing system", "a")

    async def types_again(device: Device) -> None:
        assert await device.conversation.answer_typed("I rebuilt the billing system", "a")
        await device.wait_for_silence()

    perform(stage, types, types_again)
    assert stage.said(Speaker.CANDIDATE) == ["I rebuilt the billing system"]
    assert asked(stage) == [Q1, Q2]


@pytest.mark.parametrize("how", [Resume.RING, Resume.FRESH])
def test_a_question_is_skipped_by_the_next_run(how: Resume) -> None:
    stage = rehearsal()
    perform(stage, pressing(ControlOp.SKIP), listening, how=how)
    assert asked(stage) == [Q1, Q2]


def test_a_question_is_skipped_although_only_the_first_words_of_that_were_heard() -> None:
    stage = rehearsal()

    async def skips(device: Device) -> None:
        await pressing(ControlOp.SKIP)(device)
        await device.wait_until(lambda: stage.journal.kept[-1].move == "skip")

    perform(stage, skips, listening)
    assert asked(stage) == [Q1, Q2]


def test_a_page_that_is_loaded_anew_while_the_next_question_is_asked_skips_no_other() -> None:
    stage = rehearsal()

    async def skips(device: Device) -> None:
        await pressing(ControlOp.SKIP)(device)
        await device.wait_until(lambda: stage.journal.kept[-1].move == "skip")
        await device.wait(1_500)
        fresh = Device(device.conversation, device.vocabulary)
        device.conversation.detach(device)
        device.conversation.attach(fresh, Resume.FRESH)
        await fresh.wait_for_silence()

    perform(stage, skips)
    questions = [turn for turn in stage.journal.kept if turn.kind is TurnKind.QUESTION]
    assert [turn.question for turn in questions] == [0, 1]
    assert questions[-1].interrupted
    assert asked(stage) == [Q1, Q2]


def test_a_button_that_is_sent_twice_under_one_name_is_pressed_once() -> None:
    stage = rehearsal()

    async def skips(device: Device) -> None:
        await device.wait_for_silence()
        for _ in range(2):
            assert await device.conversation.control(ControlOp.SKIP, "a")
            await device.wait(640)
        await device.wait_for_silence()

    perform(stage, skips)
    assert asked(stage) == [Q1, Q2]


def test_a_skipped_question_is_forgotten_once_the_candidate_has_gone_on() -> None:
    stage = rehearsal()

    async def interrupts(device: Device) -> None:
        await device.wait(4_000)  # after the first seconds a voice may interrupt
        await pressing(ControlOp.SKIP)(device)
        await device.wait_until(lambda: device.playing)
        await device.say("wait wait I have built a queue.")
        await device.wait_for_silence()

    perform(stage, interrupts, listening)
    assert "I have built a queue." in stage.said(Speaker.CANDIDATE)[0]
    assert asked(stage)[:2] == [Q1, Q2]
    assert Q3 not in asked(stage)


@pytest.mark.parametrize("how", [Resume.RING, Resume.FRESH])
@pytest.mark.parametrize("heard_ms", [0, 1_000])
def test_who_asked_for_the_end_is_not_asked_anything_else(how: Resume, heard_ms: int) -> None:
    stage = rehearsal()

    async def ends(device: Device) -> None:
        await pressing(ControlOp.END)(device)
        await device.wait(heard_ms)

    async def is_over(device: Device) -> None:
        await device.wait_until(lambda: device.over)

    perform(stage, ends, is_over, how=how)
    assert asked(stage) == [Q1]
    assert stage.journal.duration_ms is not None


def test_the_end_outlasts_a_page_that_is_loaded_anew() -> None:
    stage = rehearsal()

    async def ends(device: Device) -> None:
        await pressing(ControlOp.END)(device)
        await device.wait_until(lambda: device.playing)
        fresh = Device(device.conversation, device.vocabulary)
        device.conversation.detach(device)
        device.conversation.attach(fresh, Resume.FRESH)
        await fresh.wait_until(lambda: fresh.over)

    perform(stage, ends)
    assert asked(stage) == [Q1]


def test_last_words_that_are_typed_after_the_button_do_not_take_its_place() -> None:
    stage = rehearsal()

    async def ends(device: Device) -> None:
        await pressing(ControlOp.END)(device)
        await device.conversation.answer_typed("Thank you, I have to go")
        await device.wait_until(lambda: device.over)

    perform(stage, ends)
    assert stage.said(Speaker.CANDIDATE) == ["Thank you, I have to go"]
    assert asked(stage) == [Q1]


@pytest.mark.parametrize("how", [Resume.RING, Resume.FRESH, Resume.NONE])
def test_a_pause_outlives_the_process_until_the_candidate_goes_on(how: Resume) -> None:
    stage = rehearsal()

    async def pauses(device: Device) -> None:
        await device.wait_for_silence()
        await device.say("I was about to")
        await device.conversation.control(ControlOp.PAUSE)

    async def waits(device: Device) -> None:
        await device.wait(20_000)
        await device.say("secret words")
        assert set(phases(device)) == {"paused"}
        assert device.order == []

    async def goes_on(device: Device) -> None:
        await waits(device)
        await device.conversation.control(ControlOp.RESUME)
        await device.wait_for_silence()
        await device.say("mention the billing system.")
        await device.wait_for_silence()

    perform(stage, pauses, waits, goes_on, how=how)
    assert stage.said(Speaker.CANDIDATE) == ["I was about to", "mention the billing system."]
    assert asked(stage)[-1] == Q2
    recorded = stage.vocabulary.read(stage.spool.candidate)
    assert "secret" not in [stage.vocabulary.words[number - 1] for number in recorded]


def test_a_pause_by_silence_outlives_the_process() -> None:
    stage = rehearsal()

    async def is_silent(device: Device) -> None:
        await device.wait_until(lambda: "paused" in phases(device))

    async def waits(device: Device) -> None:
        await device.wait(20_000)
        assert set(phases(device)) == {"paused"}

    perform(stage, is_silent, waits)


def test_who_went_on_is_not_paused_by_the_next_run() -> None:
    stage = rehearsal()

    async def pauses(device: Device) -> None:
        await pressing(ControlOp.PAUSE)(device)
        await device.wait(1_000)
        await device.conversation.control(ControlOp.RESUME)

    perform(stage, pauses, listening)
    assert asked(stage) == [Q1, Q1]
    assert stage.journal.kept[-2].move == "welcome_back"


@pytest.mark.parametrize("typed", [False, True])
def test_who_asked_for_time_or_types_is_not_hurried_by_the_next_run(typed: bool) -> None:
    stage = rehearsal("What was the result of that?")

    async def thinks(device: Device) -> None:
        await device.wait_for_silence()
        if typed:
            await device.conversation.answer_typed("I rebuilt the billing system")
        else:
            await device.conversation.control(ControlOp.HOLD)
        await device.wait_for_silence()

    async def goes_on_thinking(device: Device) -> None:
        await device.wait(60_000)

    perform(stage, thinks, goes_on_thinking)
    assert not [turn for turn in stage.journal.kept if turn.kind is TurnKind.NUDGE]
