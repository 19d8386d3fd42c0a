"""A rehearsed interview: fakes of our own ports and a candidate's device, on virtual time.

Speech is encoded in the samples: a frame holds the number of the word being said, silence is zero.
What stands between asterisks is heard as a voice but is no word.
"""

import array
import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

from vivavoce.conversation.brief import Brief, Engines
from vivavoce.conversation.conversation import Conversation
from vivavoce.core.agent_profile import AgentProfile, Dimension, UseCase
from vivavoce.core.errors import AtCapacity, Conflict
from vivavoce.core.floor_rules import FloorRules
from vivavoce.core.interview_plan import InterviewPlan, make_plan
from vivavoce.core.phrases import parse_phrasebook
from vivavoce.core.template import Question, Template
from vivavoce.core.transcript import Signal, Speaker, Turn, TurnLedger, Word
from vivavoce.core.wire import Frame
from vivavoce.core.wire_messages import (
    Cancel,
    CloseCode,
    PausePlayback,
    Resume,
    ServerMessage,
    Utt,
    UttEnd,
)
from vivavoce.core.wishes import Wish, late_answer, owed_answers
from vivavoce.ports.engines import Hypothesis, Speech
from vivavoce.ports.interviewer import Situation
from vivavoce.ports.passages import PassageFinder

FRAME_SAMPLES = 512
WORD_MS = 256
MARK_EVERY_FRAMES = 3  # about 100 ms


class Vocabulary:
    """Numbers words so that they can be carried by samples."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def frames(self, text: str) -> list[bytes]:
        frames: list[bytes] = []
        for word in text.split():
            self.words.append(word)
            frames += [_frame(len(self.words))] * (WORD_MS // 32)
        return frames

    def read(self, pcm: bytes) -> list[int]:
        numbers = list(dict.fromkeys(array.array("h", pcm)[::FRAME_SAMPLES]))
        return [n for n in numbers if 0 < n <= len(self.words)]


def _frame(number: int) -> bytes:
    """A word, about as loud as speech is; 0 is nothing at all."""
    loud = 2_000 if number else 0
    return array.array("h", [number] + [loud, -loud] * (FRAME_SAMPLES // 2))[
        :FRAME_SAMPLES
    ].tobytes()


# A quiet room at about -50 dBFS: nobody speaks, but the microphone lives.
SILENCE = array.array("h", [0] + [100, -100] * (FRAME_SAMPLES // 2))[:FRAME_SAMPLES].tobytes()
DEAD_AIR = _frame(0)


class HearingVad:
    async def foresee(self, frame: bytes) -> None:
        return

    def speech_probability(self, frame: bytes) -> float:
        return 1.0 if frame[:2] != b"\0\0" else 0.0

    def reset(self) -> None:
        return None


class ReadingStream:
    def __init__(self, vocabulary: Vocabulary, delay: float) -> None:
        self._vocabulary = vocabulary
        self._delay = delay
        self._fed_ms = 0
        self._last = 0
        self._words: list[Word] = []
        self.closed = False

    def feed(self, pcm: bytes) -> None:
        for at in range(0, len(pcm), 2 * FRAME_SAMPLES):
            number = int.from_bytes(pcm[at : at + 2], "little")
            if number:
                self._hear(number)
            self._fed_ms += 32

    def _hear(self, number: int) -> None:
        text = self._vocabulary.words[number - 1]
        if text.startswith("*"):
            return
        begin_ms = self._fed_ms
        if number == self._last:
            begin_ms = self._words.pop().start_ms
        self._last = number
        self._words.append(Word(text, begin_ms, self._fed_ms + 32, 0.9))

    async def partial(self) -> Hypothesis:
        return self._hypothesis()

    async def final(self) -> Hypothesis:
        known = self._hypothesis()
        await asyncio.sleep(self._delay)
        return known

    def _hypothesis(self) -> Hypothesis:
        return Hypothesis(tuple(self._words), stable=max(0, len(self._words) - 2))

    async def close(self) -> None:
        assert not self.closed
        self.closed = True


class ReadingTranscriber:
    name = "reading"
    languages = frozenset({"en"})

    def __init__(self, vocabulary: Vocabulary, delay: float = 0.15) -> None:
        self._vocabulary = vocabulary
        self.delay = delay
        self.streams: list[ReadingStream] = []

    def open(self, session: str, language: str) -> ReadingStream:
        self.streams.append(ReadingStream(self._vocabulary, self.delay))
        return self.streams[-1]


class HummingSynthesizer:
    name = "humming"
    file_hash = ""
    languages = frozenset({"en"})

    def __init__(self, delay: float = 0.05) -> None:
        self._delay = delay
        self.prepared: list[str] = []  # what was asked ahead
        self.is_busy = False

    async def synthesize(
        self,
        text: str,
        *,
        language: str,
        voice: str | None = None,
        speed: float = 1.0,
        ahead: bool = False,
    ) -> Speech:
        if ahead:
            self.prepared.append(text)
            if self.is_busy:
                raise AtCapacity("lane_full", "No room for what is not urgent.")
        await asyncio.sleep(self._delay)
        return Speech(b"\x10\x10" * (24 * 50 * len(text.split()) * 5))  # 250 ms a word


class ScriptedInterviewer:
    """Probes as often as `probes` has texts, then moves on."""

    name = "scripted"
    is_model = False

    def __init__(self, *probes: str) -> None:
        self._probes = list(probes)
        self.prepared = 0

    async def prepare(self, session: str, situation: Situation) -> None:
        self.prepared += 1

    async def propose(self, session: str, situation: Situation) -> AsyncGenerator[str, None]:
        if not self._probes:
            yield "NEXT:"
            return
        for piece in ("PRO", "BE: ", *(f"{word} " for word in self._probes.pop(0).split())):
            await asyncio.sleep(0.02)
            yield piece

    async def release(self, session: str) -> None:
        return None


class SlowModel(ScriptedInterviewer):
    """Takes its time before the first word."""

    is_model = True

    def __init__(self, delay: float, *probes: str) -> None:
        super().__init__(*probes)
        self._delay = delay

    async def propose(self, session: str, situation: Situation) -> AsyncGenerator[str, None]:
        await asyncio.sleep(self._delay)
        async for piece in super().propose(session, situation):
            yield piece


class WordingDetector:
    """It hears whether the last word ends in a full stop."""

    name = "wording"

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    async def completion_probability(self, pcm: bytes) -> float | None:
        frames = range(0, len(pcm), 2 * FRAME_SAMPLES)
        numbers = (int.from_bytes(pcm[at : at + 2], "little") for at in reversed(frames))
        last = next(filter(None, numbers), 0)
        return 0.99 if last and self._vocabulary.words[last - 1].endswith(".") else 0.01


class MemoryJournal:
    def __init__(self) -> None:
        self.kept: list[Turn] = []
        self.ledgers: list[TurnLedger] = []
        self.signals: list[Signal] = []
        self.wished: list[Wish] = []
        self.starts = 0
        self.duration_ms: int | None = None

    async def turns(self) -> tuple[Turn, ...]:
        return tuple(self.kept)

    async def append(self, turn: Turn) -> None:
        if turn.number != len(self.kept) + 1:
            raise Conflict("turn_number", "A turn does not follow the last one.")
        await asyncio.sleep(0.004)
        self.kept.append(turn)

    async def wishes(self) -> tuple[Wish, ...]:
        return tuple(self.wished)

    async def wish(self, wish: Wish) -> None:
        await asyncio.sleep(0.004)
        if wish.id not in [kept.id for kept in self.wished]:
            self.wished.append(wish)

    async def started(self) -> None:
        await asyncio.sleep(0.004)
        self.starts += 1

    async def completed(self, duration_ms: int) -> None:
        for answer in owed_answers(self.wished, self.kept):
            self.kept.append(late_answer(answer, self.kept))
        self.duration_ms = duration_ms

    async def signal(self, signal: Signal) -> None:
        self.signals.append(signal)

    async def ledger(self, entry: TurnLedger) -> None:
        self.ledgers.append(entry)


class MemorySpool:
    def __init__(self) -> None:
        self._frames: list[bytes] = []
        self._samples = 0
        self.durable = 0
        self.interviewer: list[tuple[int, int]] = []  # at sample, samples at 16 kHz

    @property
    def candidate_samples(self) -> int:
        return self._samples

    @property
    def durable_samples(self) -> int:
        return self.durable

    @property
    def candidate(self) -> bytes:
        """The recording so far, PCM16."""
        return b"".join(self._frames)

    def lose(self, from_sample: int) -> None:
        """What a kill takes away."""
        self._frames = [self.candidate[: 2 * from_sample]]
        self._samples = len(self._frames[0]) // 2

    def append_candidate(self, pcm: bytes) -> None:
        self._frames.append(pcm)
        self._samples += len(pcm) // 2

    def append_interviewer(self, at_sample: int, pcm: bytes) -> None:
        self.interviewer.append((at_sample, len(pcm) // 2 * 2 // 3))

    async def flush(self) -> int:
        await asyncio.sleep(0.002)
        self.durable = self.candidate_samples
        return self.durable

    async def read_candidate(self, from_sample: int) -> bytes:
        return self.candidate[2 * from_sample : 2 * self.durable]

    async def close(self) -> None:
        await self.flush()


PLAIN_PROFILE = AgentProfile(
    "profile",
    "Plain",
    "A calm interviewer.",
    UseCase.HIRING,
    (Dimension("Experience", "Has done the work", 100.0),),
)


def plan_of(*questions: str, phrases: dict[str, object], minutes: int = 30) -> InterviewPlan:
    template = Template(
        "template",
        "Backend engineer",
        "en",
        tuple(Question(f"q{i}", text) for i, text in enumerate(questions)),
        "profile",
        duration_minutes=minutes,
    )
    return make_plan(template, PLAIN_PROFILE, parse_phrasebook("en", phrases), "seed")


@dataclass
class Device:
    """The candidate's browser: plays at the speed of time, reports marks, streams a microphone."""

    conversation: Conversation
    vocabulary: Vocabulary
    sent: list[ServerMessage] = field(default_factory=list)
    audio: dict[int, int] = field(default_factory=dict)  # utterance -> end of what arrived
    order: list[int] = field(default_factory=list)
    heard_frames: int = 0
    frames_a_message: int = 1
    _captured: list[bytes] = field(default_factory=list)
    closed: CloseCode | None = None
    _played: dict[int, int] = field(default_factory=dict)
    _ends: dict[int, int] = field(default_factory=dict)
    _dead: set[int] = field(default_factory=set)
    _held: bool = False
    audible_log: list[tuple[int, bool]] = field(default_factory=list)

    def send(self, message: ServerMessage) -> None:
        self.sent.append(message)
        match message:
            case Utt(utt):
                if utt not in self.order:
                    self.order.append(utt)
            case UttEnd(utt, pts_total):
                self._ends[utt] = pts_total
            case Cancel(utt):
                self._dead.add(utt)
                self._held = False
                loop = asyncio.get_running_loop()
                reached = self._played.get(utt, 0)
                loop.call_later(0.02, self.conversation.playout.cancelled, utt, reached)
            case PausePlayback(on):
                self._held = on
            case _:
                pass

    def send_audio(self, frame: Frame) -> None:
        assert frame.pts <= self.audio.get(frame.utt, 0), "a hole in the interviewer's audio"
        self.audio[frame.utt] = frame.pts + len(frame.payload) // 2

    def close(self, code: CloseCode, reason: str) -> None:
        self.closed = code

    @property
    def playing(self) -> bool:
        if not self.order or self.order[-1] in self._dead:
            return False
        utt = self.order[-1]
        return self._played.get(utt, 0) < self.audio.get(utt, 0)

    @property
    def quiet(self) -> bool:
        """The interviewer has said everything and waits."""
        utt = self.order[-1]
        return not self.playing and (utt in self._ends or utt in self._dead)

    async def hear(self, frame: bytes) -> None:
        """One 32 ms step of the device; the microphone is sent in pieces of `frames_a_message`."""
        self.heard_frames += 1
        if self.order:
            self._play()
        self._captured.append(frame)
        if len(self._captured) < self.frames_a_message:
            return
        await asyncio.sleep(0.032 * len(self._captured))
        self.conversation.hear(b"".join(self._captured))
        self._captured.clear()

    def _play(self) -> None:
        mark = self.heard_frames % MARK_EVERY_FRAMES == 0
        utt = self.order[-1]  # one line is played to its end before the next one begins
        arrived, played = self.audio.get(utt, 0), self._played.get(utt, 0)
        if utt in self._dead or played >= arrived:
            return
        if not self._held:
            self._played[utt] = min(arrived, played + 768)
        reached = self._played.get(utt, 0)  # nothing, when it began while held
        if mark or reached == self._ends.get(utt):
            self.conversation.playout.played(utt, reached)

    async def say(self, text: str) -> None:
        for frame in self.vocabulary.frames(text):
            await self.hear(frame)

    async def wait(self, milliseconds: int) -> None:
        for _ in range(milliseconds // 32):
            await self.hear(SILENCE)

    async def wait_until(self, condition: Callable[[], bool], limit_ms: int = 120_000) -> None:
        for _ in range(limit_ms // 32):
            if condition():
                return
            await self.hear(SILENCE)
        raise AssertionError("It did not happen in time.")

    async def wait_for_silence(self) -> None:
        """Until the interviewer has spoken and stopped."""
        spoken = len(self.order)
        await self.wait_until(lambda: len(self.order) > spoken or self.playing)
        quiet_frames = 0
        while quiet_frames < 6 and not self.over:
            await self.hear(SILENCE)
            quiet_frames = quiet_frames + 1 if self.quiet else 0

    @property
    def over(self) -> bool:
        return self.conversation.ended_reason is not None


@dataclass
class Rehearsal:
    plan: InterviewPlan
    interviewer: ScriptedInterviewer = field(default_factory=ScriptedInterviewer)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    spool: MemorySpool = field(default_factory=MemorySpool)
    rules: FloorRules = field(default_factory=FloorRules)
    passages: PassageFinder | None = None

    def __post_init__(self) -> None:
        self.transcriber = ReadingTranscriber(self.vocabulary)
        self.synthesizer = HummingSynthesizer()
        self.vad = HearingVad()

    async def conversation(self) -> Conversation:
        engines = Engines(
            self.transcriber,
            self.synthesizer,
            self.interviewer,
            WordingDetector(self.vocabulary),
            self.vad,
        )
        return await Conversation.load(
            Brief("session", self.plan, rules=self.rules, passages=self.passages),
            engines,
            self.journal,
            self.spool,
        )

    async def begin(self, resume: Resume = Resume.NONE) -> Device:
        conversation = await self.conversation()
        device = Device(conversation, self.vocabulary)
        conversation.attach(device, resume)
        return device

    def said(self, speaker: Speaker) -> list[str]:
        return [turn.text for turn in self.journal.kept if turn.speaker is speaker]
