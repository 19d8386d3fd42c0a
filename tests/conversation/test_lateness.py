"""When the engines are late, the candidate hears that somebody is there, and nothing is lost."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import vivavoce
from vivavoce.core.interview_plan import InterviewPlan
from vivavoce.core.transcript import Speaker, Turn, TurnKind
from vivavoce.core.wire_messages import Cancel, ControlOp, Resume, State, Transcript
from vivavoce.ports.engines import Speech

from tests.conversation.rehearsal import Device, HummingSynthesizer, Rehearsal, SlowModel, plan_of
from tests.conversation.virtual_time import run

PHRASES = json.loads((Path(vivavoce.__file__).parent / "phrases" / "en.json").read_text())
Q1 = "What did you build last year?"
Q2 = "Why do you want to join us?"
ANSWER = "I rebuilt the billing system."


def was_asked(stage: Rehearsal, question: str) -> bool:
    return question in stage.said(Speaker.INTERVIEWER)


def perform(stage: Rehearsal, play: Callable[[Device], Awaitable[None]]) -> Device:
    """`play` begins when the first question has been asked."""

    async def all_of_it() -> Device:
        device = await stage.begin()
        async with asyncio.TaskGroup() as group:
            running = group.create_task(device.conversation.run())
            await device.conversation.begin(Resume.NONE)
            for question in stage.plan.questions:
                await device.wait_until(partial(was_asked, stage, question.text))
                if question.text not in BEFORE:
                    break
                for part in BEFORE[question.text]:
                    await device.say(part)
                    await device.wait(600)
            await play(device)
            device.conversation.leave()
            await running
        return device

    return run(all_of_it())


# Answers with a pause inside, by which a detector shows that it tells pauses from ends.
BEFORE = {
    "Where do you live?": ("I live in a", "small town by the sea."),
    "How did you hear of us?": ("I heard of you from a", "friend who works here."),
    "When could you begin?": ("I could begin in the", "second week of May."),
    "Do you like to travel?": ("I like to travel by", "train and by bicycle."),
}


def with_known_voice(stage: Rehearsal) -> Rehearsal:
    """Some questions come first, after which the detector is trusted."""
    plan = plan_of(*BEFORE, Q1, Q2, phrases=PHRASES)
    stage.plan = replace(
        plan,
        questions=tuple(
            replace(question, follow_ups=0) if question.text in BEFORE else question
            for question in plan.questions
        ),
    )
    return stage


def with_slow_transcriber(seconds: float) -> Rehearsal:
    stage = Rehearsal(plan_of(Q1, Q2, phrases=PHRASES))
    stage.transcriber.delay = seconds
    return stage


def with_slow_model(seconds: float, *probes: str) -> Rehearsal:
    return Rehearsal(plan_of(Q1, Q2, phrases=PHRASES), SlowModel(seconds, *probes))


def without_follow_ups(plan: InterviewPlan) -> InterviewPlan:
    questions = tuple(replace(planned, follow_ups=0) for planned in plan.questions)
    return replace(plan, questions=questions)


class SlowToAsk(HummingSynthesizer):
    """Has every text in its cache but the follow-up."""

    async def synthesize(
        self,
        text: str,
        *,
        language: str,
        voice: str | None = None,
        speed: float = 1.0,
        ahead: bool = False,
    ) -> Speech:
        await asyncio.sleep(2.0 if text == "What was the result?" else 0.0)
        return await super().synthesize(text, language=language, ahead=ahead)


def after_question(stage: Rehearsal) -> list[Turn]:
    asked = [turn.text for turn in stage.journal.kept].index(Q1)
    return stage.journal.kept[asked + 1 :]


def moments(stage: Rehearsal) -> list[Turn]:
    return [turn for turn in stage.journal.kept if turn.move == "one_moment"]


def phases(device: Device) -> list[str]:
    return [message.phase for message in device.sent if isinstance(message, State)]


def test_a_late_transcript_is_bridged_once_and_stands_before_what_bridged_it() -> None:
    stage = with_slow_transcriber(16)

    async def play(device: Device) -> None:
        await device.say(ANSWER)
        spoken_at = device.conversation.at_ms
        await device.wait_until(lambda: device.playing)
        assert device.conversation.at_ms - spoken_at < 4_000
        await device.wait_until(lambda: Q2 in stage.said(Speaker.INTERVIEWER))

    device = perform(stage, play)
    answer, moment, *_ = after_question(stage)
    assert answer.text == ANSWER
    assert moment.text in PHRASES["one_moment"]
    assert len(moments(stage)) == 1
    captions = [m.text for m in device.sent if isinstance(m, Transcript) and m.final]
    assert moment.text in captions
    assert "deciding" in phases(device)[phases(device).index("speaking") + 2 :]
    assert [turn.number for turn in stage.journal.kept] == list(
        range(1, len(stage.journal.kept) + 1)
    )


LONG_ANSWER = "Last year I rebuilt the whole billing system of a very large bakery."
# Two words are said after the last look at the words.
REQUEST = "I rebuilt the whole billing system. Repeat please."
THINKING = "I rebuilt the whole billing system. Hold on."


def test_an_answer_is_acknowledged_before_its_last_words_are_known() -> None:
    stage = with_known_voice(with_slow_transcriber(2.0))

    async def play(device: Device) -> None:
        await device.say(LONG_ANSWER)
        spoken_at = device.conversation.at_ms
        await device.wait_until(lambda: device.playing)
        assert device.conversation.at_ms - spoken_at < 500
        await device.wait_until(lambda: Q2 in stage.said(Speaker.INTERVIEWER))

    perform(stage, play)
    answer, acknowledgement, question = after_question(stage)
    assert answer.text == LONG_ANSWER
    assert acknowledgement.text in PHRASES["noted"]
    assert question.text == Q2
    assert not moments(stage)


def test_the_next_question_follows_what_was_noted_without_another_acknowledgement() -> None:
    stage = with_slow_transcriber(2.0)
    stage.plan = without_follow_ups(stage.plan)

    async def play(device: Device) -> None:
        await device.say(LONG_ANSWER)
        await device.wait_until(lambda: Q2 in stage.said(Speaker.INTERVIEWER))

    perform(stage, play)
    assert [turn.move for turn in after_question(stage)[1:]] == ["acknowledge", "next"]


def test_a_request_in_the_last_words_is_granted_after_it_was_noted() -> None:
    stage = with_slow_transcriber(2.0)

    async def play(device: Device) -> None:
        await device.say(REQUEST)
        await device.wait_until(lambda: stage.said(Speaker.INTERVIEWER).count(Q1) == 2)

    perform(stage, play)
    answer, acknowledgement, *lines = after_question(stage)
    assert answer.text == REQUEST
    assert acknowledgement.text in PHRASES["noted"]
    assert [line.move for line in lines] == ["repeat", "repeat"]


def test_whoever_wants_to_think_after_being_noted_is_waited_for() -> None:
    stage = with_slow_transcriber(2.0)

    async def play(device: Device) -> None:
        await device.say(THINKING)
        await device.wait(15_000)
        await device.say("And then the clocks of the town hall with two friends.")
        await device.wait_until(lambda: Q2 in stage.said(Speaker.INTERVIEWER))

    perform(stage, play)
    answer, acknowledgement, *since = after_question(stage)
    assert answer.text == THINKING
    assert acknowledgement.text in PHRASES["noted"]
    said = [turn.move for turn in since if turn.speaker is Speaker.INTERVIEWER]
    assert said[: said.index("next")] in (["acknowledge"], ["hold", "acknowledge"])


def test_whoever_goes_on_over_what_was_noted_is_heard_as_one_answer() -> None:
    stage = with_slow_transcriber(8.0)

    async def play(device: Device) -> None:
        await device.say("Last year I rebuilt the whole billing system")
        await device.wait_until(lambda: device.playing)
        await device.say("and then the clocks of the town hall.")
        await device.wait_until(lambda: Q2 in stage.said(Speaker.INTERVIEWER))

    perform(stage, play)
    assert stage.said(Speaker.CANDIDATE) == [
        "Last year I rebuilt the whole billing system and then the clocks of the town hall."
    ]


def test_a_model_reads_ahead_before_the_candidate_says_a_word() -> None:
    model = SlowModel(0.0, "What was the result?")
    stage = Rehearsal(plan_of(Q1, Q2, phrases=PHRASES), model)
    read: list[int] = []

    async def play(device: Device) -> None:
        await device.wait_until(lambda: device.quiet)
        read.append(model.prepared)

    perform(stage, play)
    assert read == [2]  # its instructions under the welcome, the question once it was asked


def test_a_transcript_in_time_is_not_bridged() -> None:
    stage = with_slow_transcriber(0.4)

    async def play(device: Device) -> None:
        await device.say(ANSWER)
        await device.wait_until(lambda: Q2 in stage.said(Speaker.INTERVIEWER))

    perform(stage, play)
    assert not moments(stage)


def test_whoever_goes_on_while_the_transcript_is_late_is_heard_as_one_answer() -> None:
    stage = with_slow_transcriber(6)

    async def play(device: Device) -> None:
        await device.say("I rebuilt the billing")
        await device.wait_until(lambda: device.playing)
        await device.wait(320)
        await device.say("system and then the clocks of the town hall.")
        await device.wait_until(lambda: Q2 in stage.said(Speaker.INTERVIEWER))

    device = perform(stage, play)
    assert [m.reason for m in device.sent if isinstance(m, Cancel)] == ["barge_in"]
    assert stage.said(Speaker.CANDIDATE) == [
        "I rebuilt the billing system and then the clocks of the town hall."
    ]


def test_an_interruption_between_two_lines_does_not_leave_the_voice_held() -> None:
    stage = with_slow_transcriber(8)

    async def play(device: Device) -> None:
        await device.say("I rebuilt the billing")
        await device.wait_until(lambda: device.playing)
        await device.wait_until(lambda: device.quiet)
        await device.say("system and then the clocks of the town hall.")
        await device.wait_until(lambda: Q2 in stage.said(Speaker.INTERVIEWER))

    perform(stage, play)
    assert len(stage.said(Speaker.CANDIDATE)) == 1


def test_a_noise_that_is_transcribed_late_returns_the_floor() -> None:
    stage = with_slow_transcriber(8)

    async def play(device: Device) -> None:
        await device.say("*cough*")
        await device.wait_for_silence()
        await device.wait(8_000)
        stage.transcriber.delay = 0.15
        await device.say(ANSWER)
        await device.wait_until(lambda: Q2 in stage.said(Speaker.INTERVIEWER))

    perform(stage, play)
    assert stage.said(Speaker.CANDIDATE) == [ANSWER]
    assert len(moments(stage)) == 1


def test_a_button_while_the_transcript_is_late_keeps_the_answer() -> None:
    stage = with_slow_transcriber(6)

    async def play(device: Device) -> None:
        await device.say(ANSWER)
        await device.wait_until(lambda: device.playing)
        await device.conversation.control(ControlOp.SKIP)
        await device.wait_until(lambda: Q2 in stage.said(Speaker.INTERVIEWER))

    perform(stage, play)
    assert stage.said(Speaker.CANDIDATE) == [ANSWER]


def test_a_pause_while_the_transcript_is_late_keeps_the_answer() -> None:
    stage = with_slow_transcriber(6)

    async def play(device: Device) -> None:
        await device.say(ANSWER)
        await device.wait_until(lambda: device.playing)
        await device.conversation.control(ControlOp.PAUSE)
        await device.wait(10_000)

    perform(stage, play)
    assert stage.said(Speaker.CANDIDATE) == [ANSWER]


def test_an_acknowledgement_carries_the_turn_while_a_model_makes_the_follow_up() -> None:
    stage = with_known_voice(with_slow_model(1.5, "What was the result?"))

    async def play(device: Device) -> None:
        await device.say(ANSWER)
        spoken_at = device.conversation.at_ms
        await device.wait_until(lambda: device.playing)
        assert device.conversation.at_ms - spoken_at < 600
        await device.wait_until(lambda: "What was the result?" in stage.said(Speaker.INTERVIEWER))

    device = perform(stage, play)
    answer, acknowledgement, follow_up = after_question(stage)
    assert answer.text == ANSWER
    assert acknowledgement.kind is TurnKind.ACKNOWLEDGEMENT
    assert acknowledgement.text in PHRASES["acknowledgements"]
    assert "move on" not in acknowledgement.text
    assert follow_up.kind is TurnKind.FOLLOW_UP
    assert "speaking deciding speaking" in " ".join(phases(device))


def test_words_that_take_long_to_be_spoken_are_led_as_well() -> None:
    stage = with_known_voice(with_slow_model(0.0, "What was the result?"))
    stage.synthesizer = SlowToAsk()

    async def play(device: Device) -> None:
        await device.say(ANSWER)
        spoken_at = device.conversation.at_ms
        await device.wait_until(lambda: device.playing)
        assert device.conversation.at_ms - spoken_at < 600
        await device.wait_until(lambda: "What was the result?" in stage.said(Speaker.INTERVIEWER))

    perform(stage, play)
    assert [turn.kind for turn in after_question(stage)] == [
        TurnKind.ANSWER,
        TurnKind.ACKNOWLEDGEMENT,
        TurnKind.FOLLOW_UP,
    ]


def test_an_acknowledgement_that_carried_the_turn_is_not_said_twice() -> None:
    stage = with_slow_model(1.5)

    async def play(device: Device) -> None:
        await device.say(ANSWER)
        await device.wait_until(lambda: Q2 in stage.said(Speaker.INTERVIEWER))

    perform(stage, play)
    assert [turn.kind for turn in after_question(stage)] == [
        TurnKind.ANSWER,
        TurnKind.ACKNOWLEDGEMENT,
        TurnKind.QUESTION,
    ]


def test_a_follow_up_that_is_ready_is_spoken_at_once() -> None:
    stage = with_slow_model(0.0, "What was the result?")

    async def play(device: Device) -> None:
        await device.say("I rebuilt the billing system")  # without a full stop: a longer pause
        await device.wait_until(lambda: "What was the result?" in stage.said(Speaker.INTERVIEWER))

    perform(stage, play)
    assert [turn.kind for turn in after_question(stage)] == [TurnKind.ANSWER, TurnKind.FOLLOW_UP]


def test_whoever_interrupts_the_carrying_words_is_heard_before_the_follow_up() -> None:
    stage = with_slow_model(3.0, "What was the result?")

    async def play(device: Device) -> None:
        await device.say(ANSWER)
        await device.wait_until(lambda: device.playing)
        await device.say("and I also repaired the clock of the town hall")
        await device.wait_until(lambda: "What was the result?" in stage.said(Speaker.INTERVIEWER))

    perform(stage, play)
    answers = [turn.text for turn in after_question(stage) if turn.kind is TurnKind.ANSWER]
    assert answers == [ANSWER, "and I also repaired the clock of the town hall"]
    assert stage.journal.kept[-1].kind is TurnKind.FOLLOW_UP
