"""The candidate of a scene: answers when invited, or makes a sound under the questions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vivavoce.ports.engines import HEARD_RATE
from vivavoce.services.bench.turns.answers import Answer
from vivavoce.services.bench.turns.device import Device, Hearing
from vivavoce.services.bench.turns.figures import Given, Reaction
from vivavoce.services.bench.turns.memory import MemoryJournal
from vivavoce.services.bench.turns.scenes import Interruption, Surroundings
from vivavoce.services.bench.voice import AUDIBLE
from vivavoce.services.phrasebooks import phrasebook

THINKING_SECONDS = 0.6
PATIENCE_SECONDS = 6.0  # beyond every limit of the interviewer's
INVITATION_SECONDS = 60.0
AFTERMATH_SECONDS = 3.0  # longer than an interruption that was none takes to be forgotten
QUESTION_SECONDS = 15.0
LONGEST_GREETING_WORDS = 20  # a question that is interrupted is longer


_CONSOLATIONS = phrasebook("en").hold_on


@dataclass
class _Replied:
    """An answer that got a reply; its ledger is written when the reply has been spoken."""

    answer: Answer
    turn: int | None
    ends_at: float
    sent_at: float
    audible_at: float


class AnsweringGuest:
    def __init__(self, device: Device, journal: MemoryJournal, surroundings: Surroundings) -> None:
        self._device = device
        self._journal = journal
        self._surroundings = surroundings
        self._replied: list[_Replied] = []
        self._unheard: list[Answer] = []

    async def converse(self, answers: Sequence[Answer]) -> list[Given]:
        for number, answer in enumerate(answers):
            if not await self._device.wait_until(lambda: self._device.waits, INVITATION_SECONDS):
                self._unheard += answers[number:]
                break
            await self._device.wait(THINKING_SECONDS)
            await self._give(answer)
        await self._device.wait_until(lambda: self._device.waits, INVITATION_SECONDS)
        return [
            *(self._given(each) for each in self._replied),
            *(
                Given(each.kind, each.speaker, self._surroundings, each.text)
                for each in self._unheard
            ),
        ]

    async def _give(self, answer: Answer) -> None:
        device = self._device
        before = device.playback.utt
        device.last_turn = None
        begin = device.say(answer.audio, answer.words)
        ends_at = device.time_of(begin + answer.end_sample)

        def replied() -> bool:
            playback = device.playback
            consoled = device.text in _CONSOLATIONS  # who asks for time is told to take it
            return playback.utt != before and playback.audible_at is not None and not consoled

        length = len(answer.samples) / HEARD_RATE
        if not await device.wait_until(replied, length + PATIENCE_SECONDS):
            self._unheard.append(answer)
            return
        sent_at, audible_at = device.playback.began_at, device.playback.audible_at
        if sent_at is None or audible_at is None:
            raise RuntimeError("A reply that is heard was sent.")
        if audible_at < ends_at:
            device.hush()  # a polite person, who gives way
        self._replied.append(_Replied(answer, device.last_turn, ends_at, sent_at, audible_at))

    def _given(self, replied: _Replied) -> Given:
        entry = self._journal.ledgers.get(replied.turn or 0)
        committed = None
        if entry and entry.commit_ms is not None and entry.first_audio_sent_ms is not None:
            before_ms = entry.first_audio_sent_ms - entry.commit_ms
            committed = round((replied.sent_at - replied.ends_at) * 1000) - before_ms
        return Given(
            replied.answer.kind,
            replied.answer.speaker,
            self._surroundings,
            replied.answer.text,
            reason=entry.commit_reason if entry else "",
            committed_ms=committed,
            audible_ms=round((replied.audible_at - replied.ends_at) * 1000),
        )


class InterruptingGuest:
    def __init__(self, device: Device, reply: Answer) -> None:
        """`reply` is what is said to whatever is asked."""
        self._device = device
        self._reply = reply

    async def listen(self, interruptions: Sequence[Interruption]) -> list[Reaction]:
        reactions = []
        for interruption in interruptions:
            if not await self._a_question(interruption.after_seconds):
                raise RuntimeError("The interviewer asks nothing any more.")
            reactions.append(await self._interrupt(interruption))
        return reactions

    async def _a_question(self, after_seconds: float) -> bool:
        """Wait until one has been heard for that long; say something when it is over too soon."""
        device = self._device

        def long_enough() -> bool:
            audible_at = device.playback.audible_at
            asking = len(device.text.split()) > LONGEST_GREETING_WORDS and device.playback.playing
            return asking and audible_at is not None and device.now - audible_at >= after_seconds

        def asked() -> bool:
            return long_enough() or device.waits

        while not device.over:
            if not await device.wait_until(asked, INVITATION_SECONDS):
                return False
            if long_enough():
                return True
            await device.wait(THINKING_SECONDS)
            device.say(self._reply.audio, self._reply.words)
            await device.wait(len(self._reply.samples) / HEARD_RATE)
            await device.wait_until(lambda: not device.waits, PATIENCE_SECONDS)
        return False

    async def _interrupt(self, interruption: Interruption) -> Reaction:
        device = self._device
        device.hearing = Hearing()
        utt = device.playback.utt
        begin = device.say(interruption.samples, interruption.words)
        onset = device.time_of(begin + _onset(interruption.samples))
        length = len(interruption.samples) / HEARD_RATE
        # An echo has no end of its own: the question is heard out.
        await device.wait_until(
            lambda: device.playback.utt != utt or device.playback.finished,
            QUESTION_SECONDS if interruption.echoes else length + AFTERMATH_SECONDS,
        )
        return _reaction(interruption, device.hearing, onset)


def _reaction(interruption: Interruption, heard: Hearing, onset: float) -> Reaction:
    def after_ms(at: float | None) -> int | None:
        return None if at is None else round((at - onset) * 1000)

    return Reaction(
        interruption.heard,
        interruption.label,
        silent_ms=after_ms(heard.silent_at),
        cancelled_ms=after_ms(heard.cancelled_at),
        resumed_ms=after_ms(heard.resumed_at),
    )


def _onset(samples: np.ndarray) -> int:
    loud = np.flatnonzero(np.abs(samples) * 32767 > AUDIBLE)
    return int(loud[0]) if loud.size else 0
