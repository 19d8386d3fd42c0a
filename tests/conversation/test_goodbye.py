"""What is done under the interviewer's goodbye: no word of it is lost, and the interview ends."""

from collections.abc import Awaitable, Callable

import pytest
from vivavoce.core.transcript import Speaker, Turn, TurnKind
from vivavoce.core.wire_messages import Cancel, ControlOp, Resume, Transcript, Utt

from tests.conversation import test_killed_wishes as killed
from tests.conversation.rehearsal import Device, Rehearsal
from tests.conversation.test_conversation import answer, perform, rehearsal

LAST_WORDS = "One more thing, I also speak Estonian"
During = Callable[[Device], Awaitable[None]]


async def reach_the_goodbye(device: Device) -> None:
    await answer(device, "I rebuilt the billing system.")
    await answer(device, "Because I like clocks.")
    await answer(device, "No that was all.")
    await device.wait_until(lambda: goodbyes(device) > 0 and device.playing)
    await device.wait(640)


def goodbyes(device: Device) -> int:
    """How often one was begun."""
    return sum(isinstance(each, Utt) and each.kind == "closing" for each in device.sent)


def cancelled(device: Device) -> int:
    return sum(isinstance(each, Cancel) for each in device.sent)


def closings(stage: Rehearsal) -> list[Turn]:
    return [turn for turn in stage.journal.kept if turn.kind is TurnKind.CLOSING]


def typed(stage: Rehearsal) -> list[str]:
    return [turn.text for turn in stage.journal.kept if turn.typed]


def perform_goodbye(during: During) -> tuple[Rehearsal, Device]:
    stage = rehearsal()

    async def play(device: Device) -> None:
        await reach_the_goodbye(device)
        await during(device)
        await device.wait_until(lambda: device.over)

    return stage, perform(stage, play)


@pytest.mark.parametrize("often", [1, 3])
def test_what_is_typed_under_the_goodbye_is_kept_and_the_goodbye_goes_on(often: int) -> None:
    texts = [f"{LAST_WORDS} {number}" for number in range(often)]

    async def types(device: Device) -> None:
        for text in texts:
            assert await device.conversation.answer_typed(text)
            await device.wait(96)

    stage, device = perform_goodbye(types)
    assert (goodbyes(device), cancelled(device)) == (1, 0)
    (closing,) = closings(stage)
    assert not closing.interrupted
    assert closing.text == stage.plan.closing
    assert typed(stage) == texts
    told = [each.text for each in device.sent if isinstance(each, Transcript) and each.final]
    assert [text for text in told if text in texts] == texts
    assert stage.journal.duration_ms is not None


def test_what_is_typed_after_the_last_word_is_refused_or_kept() -> None:
    taken = []

    async def types(device: Device) -> None:
        await device.wait_until(lambda: not device.playing)
        taken.append(await device.conversation.answer_typed(LAST_WORDS))

    stage, device = perform_goodbye(types)
    assert goodbyes(device) == 1
    assert typed(stage) == [LAST_WORDS] * sum(taken)


def test_whoever_wants_to_end_hears_no_second_goodbye() -> None:
    async def ends(device: Device) -> None:
        assert await device.conversation.control(ControlOp.END)

    stage, device = perform_goodbye(ends)
    assert (goodbyes(device), cancelled(device)) == (1, 0)
    assert [turn.interrupted for turn in closings(stage)] == [False]


def test_whoever_types_and_then_speaks_is_heard_before_the_goodbye_is_said_again() -> None:
    async def types_and_speaks(device: Device) -> None:
        await device.conversation.answer_typed(LAST_WORDS)
        await device.say("oh and thank you for your time.")
        await device.wait_for_silence()
        await device.say("No that was all.")

    stage, _ = perform_goodbye(types_and_speaks)
    assert [turn.interrupted for turn in closings(stage)] == [True, False]
    assert typed(stage) == [LAST_WORDS]
    assert "oh and thank you for your time." in stage.said(Speaker.CANDIDATE)


def test_whoever_types_and_then_makes_a_noise_loses_no_word() -> None:
    async def types_and_coughs(device: Device) -> None:
        await device.conversation.answer_typed(LAST_WORDS)
        await device.say("*cough* *cough* *cough* *cough* *cough*")
        await device.wait_for_silence()
        if not device.over:
            await device.say("No that was all.")

    stage, _ = perform_goodbye(types_and_coughs)
    assert typed(stage) == [LAST_WORDS]
    assert not closings(stage)[-1].interrupted


@pytest.mark.parametrize("typing", [False, True])
@pytest.mark.parametrize("heard_ms", [96, 640])
def test_a_page_that_is_loaded_anew_under_the_goodbye_hears_it_from_its_beginning(
    heard_ms: int, typing: bool
) -> None:
    stage, pages = killed.rehearsal(), list[Device]()

    async def ends(device: Device) -> None:
        await killed.pressing(ControlOp.END)(device)
        await device.wait_until(lambda: goodbyes(device) > 0 and device.playing)
        await device.wait(heard_ms)
        if typing:
            await device.conversation.answer_typed(LAST_WORDS)
        fresh = Device(device.conversation, device.vocabulary)
        pages.append(fresh)
        device.conversation.detach(device)
        device.conversation.attach(fresh, Resume.FRESH)
        await fresh.wait_until(lambda: fresh.over)

    killed.perform(stage, ends)
    assert goodbyes(pages[0]) > 0
    assert closings(stage)[-1].text == stage.plan.closing
    assert typed(stage) == [LAST_WORDS] * typing


@pytest.mark.parametrize("how", [Resume.RING, Resume.FRESH])
def test_what_was_typed_under_a_goodbye_outlives_a_kill(how: Resume) -> None:
    stage = killed.rehearsal()

    async def types(device: Device) -> None:
        await killed.pressing(ControlOp.END)(device)
        await device.wait_until(lambda: goodbyes(device) > 0 and device.playing)
        assert await device.conversation.answer_typed(LAST_WORDS)

    async def is_over(device: Device) -> None:
        await device.wait_until(lambda: device.over)

    killed.perform(stage, types, is_over, how=how)
    assert typed(stage) == [LAST_WORDS]
    assert not closings(stage)[-1].interrupted
    assert stage.journal.duration_ms is not None
