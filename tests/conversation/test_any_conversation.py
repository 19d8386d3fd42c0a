"""Whatever is pressed, said, dropped or killed: no word is lost, and the interview leads on."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import vivavoce
from hypothesis import given, settings
from hypothesis import strategies as st
from vivavoce.core.floor_rules import FloorRules
from vivavoce.core.transcript import Speaker, Turn, TurnKind
from vivavoce.core.wire_messages import ControlOp, Resume, State

from tests.conversation.rehearsal import Device, Rehearsal, SlowModel, plan_of
from tests.conversation.virtual_time import run

PHRASES = json.loads((Path(vivavoce.__file__).parent / "phrases" / "en.json").read_text())
QUESTIONS = ("What did you build last year?", "Why do you want to join us?", "What comes next?")
PROBES = ("What was the result of that?", "How did you measure it?")
RESTING = ("paused", "closing")
Step = tuple[str, object]

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(1, 7)),
        st.tuples(st.just("answer"), st.integers(1, 7)),
        st.tuples(st.just("wait"), st.sampled_from([32, 96, 320, 1_000, 3_000, 13_000])),
        st.tuples(st.just("press"), st.sampled_from([op for op in ControlOp if op != "start"])),
        st.tuples(st.sampled_from(["hum", "type", "type twice", "wait for"]), st.none()),
        st.tuples(st.sampled_from(["drop", "fresh", "kill", "leave"]), st.none()),
        # Killed before the answer was written down, and before that could be told.
        st.tuples(st.just("type and be killed"), st.sampled_from([0.002, 0.006])),
    ),
    max_size=12,
)


class Performance:
    """Plays the steps, over as many runs of the conversation as they ask for."""

    def __init__(self, stage: Rehearsal) -> None:
        self.stage = stage
        self.sure: list[str] = []  # said while the microphone was surely on
        self.perhaps: list[str] = []
        self.typed: list[str] = []
        self._unacknowledged: list[str] = []  # typed, and sent again until it was taken
        self.device: Device
        self._phase = ""

    async def play(self, steps: list[Step]) -> None:
        self.device = await self.stage.begin()
        await self._run(iter(steps), Resume.NONE, b"")

    async def _run(self, steps: Iterator[Step], resume: Resume, ring: bytes) -> None:
        conversation = self.device.conversation
        running = asyncio.get_running_loop().create_task(conversation.run())
        await conversation.begin(resume)
        if ring:
            conversation.hear(ring)
        if self._phase == "paused":  # and nothing is said about it by the page
            assert self.phase == "paused"
        for text in self._unacknowledged[:]:
            await self._type(text)
        killed = await self._steps(steps)
        durable = self.stage.spool.durable
        if killed == "kill":
            running.cancel()
        else:
            conversation.leave()
        with suppress(asyncio.CancelledError):
            await running
        if killed is not None:
            await self._again(steps, durable if killed == "kill" else None)

    async def _steps(self, steps: Iterator[Step]) -> str | None:
        """How the run is to end, when it does not end by itself."""
        for name, value in steps:
            if self.device.over:
                return None
            if name in ("kill", "leave"):
                return name
            if isinstance(value, float):
                await self._type_and_be_killed(value)
                return "kill"
            await self._step(name, value)
        await self._finish()
        return None

    async def _again(self, steps: Iterator[Step], durable: int | None) -> None:
        spool = self.stage.spool
        begin = spool.durable if durable is None else durable
        ring = spool.candidate[2 * begin :]
        spool.lose(begin)
        spool.durable = begin
        self._phase = self.phase
        self.device = await self.stage.begin(Resume.RING)
        await self._run(steps, Resume.RING, ring)

    @property
    def phase(self) -> str:
        told = [message.phase for message in self.device.sent if isinstance(message, State)]
        return told[-1] if told else self._phase

    async def _step(self, name: str, value: object) -> None:
        match name, value:
            case "say", int(count):
                await self._say(count, "")
            case "answer", int(count):
                await self._say(count, ".")
            case "wait", int(milliseconds):
                await self.device.wait(milliseconds)
            case "press", ControlOp() as op:
                await self.device.conversation.control(op)
            case "hum", _:
                await self.device.say("mm-hm")
            case (("type" | "type twice"), _):
                await self._type(self._next_answer(), times=1 + (name == "type twice"))
            case "wait for", _:
                await self.device.wait_until(lambda: self._settled)
            case _:
                await self._reconnect(fresh=name == "fresh")

    def _next_answer(self) -> str:
        self.typed.append(f"typed {len(self.typed) + 1}")
        self._unacknowledged.append(self.typed[-1])
        return self.typed[-1]

    async def _type(self, text: str, times: int = 1) -> None:
        taken = False
        for _ in range(times):
            taken = await self.device.conversation.answer_typed(text, text)
            assert taken or self.device.over
        self._unacknowledged.remove(text)
        if not taken:
            self.typed.remove(text)

    async def _type_and_be_killed(self, seconds: float) -> None:
        text = self._next_answer()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.device.conversation.answer_typed(text, text)

    async def _reconnect(self, *, fresh: bool) -> None:
        conversation = self.device.conversation
        conversation.detach(self.device)
        if fresh:
            self.device = Device(conversation, self.device.vocabulary)
        else:
            await asyncio.sleep(0.7)
        conversation.attach(self.device, Resume.FRESH if fresh else Resume.RING)

    async def _say(self, count: int, end: str) -> None:
        for number in range(count):
            word = f"w{len(self.stage.vocabulary.words)}" + (end if number == count - 1 else "")
            before = self.phase
            await self.device.say(word)
            on = before not in RESTING and self.phase not in RESTING and not self.device.over
            (self.sure if on else self.perhaps).append(word)

    @property
    def _settled(self) -> bool:
        return self.phase in ("listening", "hold", "paused") or self.device.over

    async def _finish(self) -> None:
        if self.phase == "paused":
            await self.device.conversation.control(ControlOp.RESUME)
        await self.device.wait(6_000)
        await self.device.wait_until(lambda: self._settled)


def perform(steps: list[Step], transcribing: float, thinking: float) -> Performance:
    plan = plan_of(*QUESTIONS, phrases=PHRASES)
    # As long as four words: a claim that cannot wait for a gap falls between two of them.
    stage = Rehearsal(plan, SlowModel(thinking, *PROBES), rules=FloorRules(claim_patience_ms=1_024))
    stage.transcriber.delay = transcribing
    performance = Performance(stage)
    run(performance.play(steps))
    return performance


def words_of(turns: list[Turn]) -> list[str]:
    words = [word.text for turn in turns for word in turn.words if word.text != "mm-hm"]
    # A word in which an utterance was cut is in both parts.
    return [word for before, word in pairwise(["", *words]) if word != before]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(STEPS, st.sampled_from([0.15, 5.0]), st.sampled_from([0.0, 2.0]))
def test_no_word_is_lost_and_nothing_is_asked_twice(
    steps: list[Step], transcribing: float, thinking: float
) -> None:
    performance = perform(steps, transcribing, thinking)
    turns = performance.stage.journal.kept
    said = [turn for turn in turns if turn.speaker is Speaker.CANDIDATE]
    kept = words_of(said)
    assert [word for word in kept if word not in performance.perhaps] == performance.sure
    assert len(set(kept)) == len(kept)
    assert [turn.text for turn in said if turn.typed] == performance.typed
    asked = [turn.text for turn in turns if turn.kind is TurnKind.QUESTION and not turn.interrupted]
    assert len(set(asked)) == len(asked)
    questions = [turn.question for turn in turns if turn.kind is TurnKind.QUESTION]
    assert len(set(questions)) == len(questions)
    assert [turn.number for turn in turns] == list(range(1, len(turns) + 1))
    assert all(0 <= turn.start_ms <= turn.end_ms for turn in turns)
    for speaker in Speaker:  # both may speak at once, and what was typed is no sound
        times = [turn.start_ms for turn in turns if turn.speaker is speaker and not turn.typed]
        assert times == sorted(times)
