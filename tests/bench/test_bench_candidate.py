"""The simulated candidate in whole conversations on virtual time, where every delay is known."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import numpy as np
import vivavoce
from vivavoce.conversation.brief import Brief, Engines
from vivavoce.conversation.conversation import Conversation
from vivavoce.core.transcript import Speaker
from vivavoce.core.wire_messages import Resume
from vivavoce.ports.engines import Hypothesis, Speech
from vivavoce.services.bench.candidate import Budget, Candidate, Findings
from vivavoce.services.bench.figures import Exchange, Outcome
from vivavoce.services.bench.prompter import PromptedTranscriber, Prompter
from vivavoce.services.bench.script import Part, Shape
from vivavoce.services.bench.voice import Utterance, audible_end, timed_words

from tests.conversation.rehearsal import (
    MemoryJournal,
    MemorySpool,
    ScriptedInterviewer,
    plan_of,
)
from tests.conversation.virtual_time import run

PHRASES = json.loads((Path(vivavoce.__file__).parent / "phrases" / "en.json").read_text())
TRANSCRIPTION_SECONDS = 0.15
SYNTHESIS_SECONDS = 0.05


class LoudnessVad:
    async def foresee(self, frame: bytes) -> None:
        return

    def speech_probability(self, frame: bytes) -> float:
        return float(np.abs(np.frombuffer(frame, "<i2").astype(np.int32)).max() > 1_000)

    def reset(self) -> None:
        return None


class DeafStream:
    """Takes its time and understands nothing."""

    def feed(self, pcm: bytes) -> None:
        return None

    async def partial(self) -> Hypothesis:
        return Hypothesis(())

    async def final(self) -> Hypothesis:
        await asyncio.sleep(TRANSCRIPTION_SECONDS)
        return Hypothesis(())

    async def close(self) -> None:
        return None


class DeafTranscriber:
    name = "deaf"
    languages = frozenset({"en"})

    def open(self, session: str, language: str) -> DeafStream:
        return DeafStream()


@dataclass
class SlowStarter:
    """A voice whose every text begins with silence."""

    silent_ms: int
    name = "slow starter"
    file_hash = ""
    languages = frozenset({"en"})

    async def synthesize(
        self,
        text: str,
        *,
        language: str,
        voice: str | None = None,
        speed: float = 1.0,
        ahead: bool = False,
    ) -> Speech:
        await asyncio.sleep(SYNTHESIS_SECONDS)
        return Speech(bytes(2 * 24 * self.silent_ms) + b"\x00\x20" * 24_000)


@dataclass
class Detector:
    probability: float
    name = "constant"

    async def completion_probability(self, pcm: bytes) -> float | None:
        return self.probability


@dataclass
class Stage:
    """One conversation with one candidate."""

    utterances: Sequence[Utterance]
    probability: float = 0.99
    silent_ms: int = 0
    journal: MemoryJournal = field(default_factory=MemoryJournal)

    def perform(self, exchanges: int) -> list[Exchange]:
        return run(self._perform(exchanges))

    async def _perform(self, exchanges: int) -> list[Exchange]:
        prompter, told = Prompter(), list[int]()
        engines = Engines(
            PromptedTranscriber(DeafTranscriber(), prompter),
            SlowStarter(self.silent_ms),
            ScriptedInterviewer("What came of it?"),
            Detector(self.probability),
            LoudnessVad(),
        )
        plan = plan_of("What did you build?", "And why?", phrases=PHRASES)
        conversation = await Conversation.load(
            Brief("session", plan), engines, self.journal, MemorySpool()
        )
        findings = Findings(told.append)
        candidate = Candidate(
            conversation, cycle(self.utterances), Budget(exchanges), findings, prompter
        )
        conversation.attach(candidate, Resume.NONE)
        async with asyncio.TaskGroup() as group:
            group.create_task(conversation.run())
            await conversation.begin(Resume.NONE)
            await candidate.converse()
            conversation.leave()
        assert told == list(range(1, len(findings.exchanges) + 1))
        return findings.exchanges


def said(*texts: str, pause_ms: int = 0) -> Utterance:
    """A loud tone of a second for each text."""
    tone = np.tile(np.array([9000, -9000], np.int16), 8_000)
    pause = np.zeros(pause_ms * 16, np.int16)
    samples = np.concatenate([piece for _ in texts for piece in (tone, pause)])
    words = tuple(
        word
        for n, text in enumerate(texts)
        for word in timed_words(Part(text), n * (1000 + pause_ms), 1000)
    )
    return Utterance(Shape.SHORT, samples, audible_end(samples), words)


def test_every_answer_becomes_a_turn_and_is_timed() -> None:
    stage = Stage([said("I built a bridge.")])
    exchanges = stage.perform(2)

    assert [exchange.outcome for exchange in exchanges] == [Outcome.ANSWERED] * 2
    spoken = [turn.text for turn in stage.journal.kept if turn.speaker is Speaker.CANDIDATE]
    assert spoken == ["I built a bridge."] * 2
    assert [exchange.reply for exchange in exchanges] == ["follow_up", "acknowledgement"]
    assert [exchange.content for exchange in exchanges] == ["follow_up", "question"]
    assert {exchange.turn for exchange in exchanges} == {
        ledger.turn for ledger in stage.journal.ledgers
    }


def test_a_confident_turn_takes_as_long_as_its_work() -> None:
    answer = "I built a bridge over the river behind our house with my brother and his friends."
    (exchange,) = Stage([said(answer)]).perform(1)

    # Eleven silent frames, within which everything else is done, and the journal.
    expected_ms = 352 + 4
    assert exchange.voice_to_voice_ms is not None
    assert abs(exchange.voice_to_voice_ms - expected_ms) < 100


def test_an_acknowledgement_and_what_it_leads_to_are_timed_apart() -> None:
    follow_up, led = Stage([said("I built a bridge.")]).perform(2)

    assert follow_up.content_ms == follow_up.voice_to_voice_ms
    assert led.voice_to_voice_ms is not None
    assert led.content_ms is not None
    assert led.content_ms >= led.voice_to_voice_ms + 1_000  # the acknowledgement is that long


def test_leading_silence_of_the_reply_counts() -> None:
    (prompt,) = Stage([said("I built a bridge.")]).perform(1)
    (slow,) = Stage([said("I built a bridge.")], silent_ms=200).perform(1)

    assert prompt.voice_to_voice_ms is not None
    assert slow.voice_to_voice_ms == prompt.voice_to_voice_ms + 200
    assert slow.reply_sent_ms == prompt.reply_sent_ms


def test_an_impatient_interviewer_is_caught() -> None:
    (exchange,) = Stage(
        [said("I built a bridge behind the house for my sister.", "And a road.", pause_ms=1_500)]
    ).perform(1)

    assert exchange.outcome is Outcome.CUT_OFF
    assert exchange.voice_to_voice_ms is not None
    assert exchange.voice_to_voice_ms < 0


def test_a_patient_interviewer_lets_a_pause_pass() -> None:
    stage = Stage([said("I built a bridge and", "a road to", pause_ms=1_500)], probability=0.01)
    (exchange,) = stage.perform(1)

    assert exchange.outcome is Outcome.ANSWERED
    assert exchange.voice_to_voice_ms is not None
    assert exchange.voice_to_voice_ms > 2_400  # the hard limit


def test_an_answer_without_a_word_is_unheard_and_the_interview_goes_on() -> None:
    silent = said("x")
    wordless = Utterance(Shape.SHORT, silent.samples, silent.end_sample, ())
    exchanges = Stage([wordless, said("I built a bridge.")]).perform(2)

    assert [exchange.outcome for exchange in exchanges] == [Outcome.UNHEARD, Outcome.ANSWERED]


def test_the_interview_may_end_before_the_budget_does() -> None:
    stage = Stage([said("I built a bridge."), said("No, that was all.")])
    exchanges = stage.perform(50)

    assert len(exchanges) < 50
    assert stage.journal.duration_ms is not None
