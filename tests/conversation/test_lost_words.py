"""What is said while the interviewer decides, or under its voice, is in the transcript."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import vivavoce
from vivavoce.conversation.conversation import Conversation
from vivavoce.core.floor_rules import FloorRules
from vivavoce.core.transcript import Speaker, TurnKind
from vivavoce.core.wire_messages import ControlOp, Resume

from tests.conversation.rehearsal import Device, HummingSynthesizer, Rehearsal, plan_of
from tests.conversation.virtual_time import run

PHRASES = json.loads((Path(vivavoce.__file__).parent / "phrases" / "en.json").read_text())
Q1 = "What did you build last year?"
Q2 = "Why do you want to join us?"


def rehearsal() -> Rehearsal:
    """Its voice is slow, so that there is time to speak before it begins."""
    stage = Rehearsal(plan_of(Q1, Q2, phrases=PHRASES))
    stage.synthesizer = HummingSynthesizer(delay=1.5)
    return stage


def perform(stage: Rehearsal, play: Callable[[Device, Conversation], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        device = await stage.begin()
        async with asyncio.TaskGroup() as group:
            running = group.create_task(device.conversation.run())
            await device.conversation.begin(Resume.NONE)
            await device.wait_until(lambda: Q1 in stage.said(Speaker.INTERVIEWER))
            await play(device, device.conversation)
            device.conversation.leave()
            await running

    run(all_of_it())


def words(stage: Rehearsal) -> list[str]:
    return " ".join(stage.said(Speaker.CANDIDATE)).split()


def test_what_is_said_between_a_button_and_the_interviewers_answer_is_kept() -> None:
    stage = rehearsal()

    async def play(device: Device, conversation: Conversation) -> None:
        await device.say("I was about to")
        await device.wait(96)
        await conversation.control(ControlOp.SKIP)
        await device.wait(320)
        await device.say("because of the weather")
        await device.wait_for_silence()
        await device.wait(3_000)

    perform(stage, play)
    assert stage.said(Speaker.CANDIDATE) == ["I was about to", "because of the weather"]
    assert Q2 in stage.said(Speaker.INTERVIEWER)


def test_what_is_said_while_a_typed_answer_is_being_read_is_kept() -> None:
    stage = rehearsal()

    async def play(device: Device, conversation: Conversation) -> None:
        await conversation.answer_typed("I rebuilt the billing system")
        await device.wait(320)
        await device.say("sorry my keyboard")
        await device.wait_for_silence()
        await device.wait(3_000)

    perform(stage, play)
    assert stage.said(Speaker.CANDIDATE) == ["I rebuilt the billing system", "sorry my keyboard"]


def test_a_button_in_the_middle_of_a_sentence_waits_for_a_gap_and_splits_no_word() -> None:
    stage = rehearsal()

    async def play(device: Device, conversation: Conversation) -> None:
        frames = stage.vocabulary.frames("I was about to mention migrations")
        for at, frame in enumerate(frames):
            if at == len(frames) - 12:
                await conversation.control(ControlOp.REPEAT)
            await device.hear(frame)
        await device.wait_for_silence()

    perform(stage, play)
    assert stage.said(Speaker.CANDIDATE) == ["I was about to mention migrations"]


def test_two_buttons_pressed_at_once_keep_the_half_answer() -> None:
    stage = rehearsal()

    async def play(device: Device, conversation: Conversation) -> None:
        await device.say("I was about to")
        await device.wait(64)
        await conversation.control(ControlOp.REPEAT)
        await device.wait(64)
        await conversation.control(ControlOp.SKIP)
        await device.wait_for_silence()

    perform(stage, play)
    assert stage.said(Speaker.CANDIDATE) == ["I was about to"]
    assert Q2 in stage.said(Speaker.INTERVIEWER)


def test_whoever_talks_past_every_limit_is_answered_and_still_heard() -> None:
    stage = rehearsal()
    stage.rules = FloorRules(longest_turn_ms=10_000)
    said = [f"word{n}" for n in range(60)]

    async def play(device: Device, conversation: Conversation) -> None:
        await device.say(" ".join(said))
        await device.wait_for_silence()
        await device.wait(12_000)

    perform(stage, play)
    kept = words(stage)
    assert list(dict.fromkeys(kept)) == said  # a limit may fall into a word, which is in both parts
    assert len(kept) <= len(said) + 1
    assert Q2 in stage.said(Speaker.INTERVIEWER)


def test_one_word_with_content_under_the_interviewers_voice_interrupts_nothing_and_is_kept() -> (
    None
):
    stage = rehearsal()

    async def play(device: Device, conversation: Conversation) -> None:
        await conversation.control(ControlOp.REPEAT)
        await device.wait_until(lambda: device.playing)
        await device.wait(320)
        await device.say("Kubernetes")
        await device.wait_for_silence()
        await device.say("mm-hm")
        await device.wait_for_silence()

    perform(stage, play)
    assert words(stage)[0] == "Kubernetes"
    repeated = [turn for turn in stage.journal.kept if turn.kind is TurnKind.REPEAT]
    assert not any(turn.interrupted for turn in repeated)


def test_a_cut_off_utterance_is_taken_up_by_the_pause_that_follows() -> None:
    stage = rehearsal()

    async def play(device: Device, conversation: Conversation) -> None:
        await device.say("I was about to")
        await device.wait(64)
        await conversation.control(ControlOp.SKIP)
        await device.wait(320)
        await device.say("go home")
        await conversation.control(ControlOp.PAUSE)
        await device.wait(1_000)

    perform(stage, play)
    assert words(stage) == ["I", "was", "about", "to", "go", "home"]
    assert Q2 not in stage.said(Speaker.INTERVIEWER)


def test_thanks_under_the_closing_words_are_kept() -> None:
    stage = rehearsal()

    async def play(device: Device, conversation: Conversation) -> None:
        await conversation.control(ControlOp.END)
        await device.wait_until(lambda: device.playing)
        await device.wait(320)
        await device.say("goodbye")
        await device.wait_until(lambda: device.over)

    perform(stage, play)
    assert words(stage) == ["goodbye"]
    assert stage.journal.duration_ms is not None
