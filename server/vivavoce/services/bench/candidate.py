"""The simulated candidate: a person with a device, who listens, thinks, speaks and waits."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import assert_never

from vivavoce.conversation.conversation import Conversation
from vivavoce.conversation.listening import FRAME_SAMPLES
from vivavoce.core.transcript import TurnKind
from vivavoce.core.wire import Frame
from vivavoce.core.wire_messages import (
    Cancel,
    CloseCode,
    ControlOp,
    PausePlayback,
    ServerMessage,
    State,
    Transcript,
    Utt,
    UttEnd,
)
from vivavoce.ports.engines import HEARD_RATE
from vivavoce.services.bench.figures import Exchange, Outcome
from vivavoce.services.bench.playback import Playback
from vivavoce.services.bench.prompter import Prompter
from vivavoce.services.bench.voice import Microphone, Utterance

FRAME_SECONDS = FRAME_SAMPLES / HEARD_RATE
MARK_SECONDS = 0.1
FADE_SECONDS = 0.015  # the widget's, when it is told to stop
THINKING_FRAMES = (12, 25, 18, 38)  # 0.4 to 1.2 s before an answer, in turn
PATIENCE_SECONDS = 25.0  # longer than the interviewer's first nudge takes


class Budget:
    """How many answers are still to be given, over all conversations."""

    def __init__(self, exchanges: int) -> None:
        self.left = exchanges

    def take(self) -> bool:
        if self.left <= 0:
            return False
        self.left -= 1
        return True


@dataclass
class Findings:
    """`progress` is told how many exchanges are known, after each."""

    progress: Callable[[int], None]
    exchanges: list[Exchange] = field(default_factory=list)
    late_ms: list[int] = field(default_factory=list)  # how late each frame was taken in


class _Doing(Enum):
    LISTENING = auto()
    THINKING = auto()
    SPEAKING = auto()
    AWAITING = auto()  # the answer is over, the reply is not yet heard
    DONE = auto()


class Candidate:
    """An `Outlet` on one side, a person on the other. Use `converse` once."""

    def __init__(
        self,
        conversation: Conversation,
        answers: Iterator[Utterance],
        budget: Budget,
        findings: Findings,
        prompter: Prompter,
    ) -> None:
        self._conversation = conversation
        self._answers = answers
        self._budget = budget
        self._findings = findings
        self._prompter = prompter
        self._playback = Playback()
        self._microphone = Microphone(len(findings.exchanges), FRAME_SAMPLES)
        self._doing = _Doing.LISTENING
        self._invited = False  # the interviewer has said everything and waits
        self._paused = False
        self._given = 0
        self._thinking_frames = 0
        self._answer: Utterance | None = None
        self._answer_ends_at = 0.0
        self._turn: int | None = None
        self._latest: int | None = None  # the exchange that is not told to its end yet
        self._began_at = 0.0
        self._marked_at = 0.0

    async def converse(self) -> None:
        """Be interviewed at the speed of time until the interview or the budget is over."""
        loop = asyncio.get_running_loop()
        self._began_at = loop.time()
        while self._doing is not _Doing.DONE and self._conversation.ended_reason is None:
            due = self._began_at + (self._microphone.frames + 1) * FRAME_SECONDS
            await asyncio.sleep(max(0.0, due - loop.time()))
            now = loop.time()
            self._findings.late_ms.append(round((now - due) * 1000))
            self._listen(now)
            self._stream()
            await self._consider(loop.time())

    # The device

    def send(self, message: ServerMessage) -> None:
        now = asyncio.get_running_loop().time()
        match message:
            case Utt(utt, kind):
                self._playback.advance(now)
                self._playback.begin(utt, kind)
                self._invited = False
            case UttEnd(utt, pts_total) if utt == self._playback.utt:
                self._playback.end(pts_total)
            case PausePlayback(on):
                self._playback.advance(now)
                self._playback.held = on
            case Cancel(utt):
                self._cancel(utt, now)
            case State(phase):
                self._invited = phase in ("listening", "hold")
                self._paused = phase == "paused"
            case Transcript("candidate", turn, final=True):
                self._hear_of_turn(turn)
            case _:
                pass

    def send_audio(self, frame: Frame) -> None:
        if self._playback.receive(frame, asyncio.get_running_loop().time()):
            self._hear_interviewer()

    def close(self, code: CloseCode, reason: str) -> None:
        self._doing = _Doing.DONE

    def _cancel(self, utt: int, now: float) -> None:
        if utt == self._playback.utt:
            self._playback.advance(now)
            self._playback.drop()
            loop = asyncio.get_running_loop()
            reached = self._playback.position
            loop.call_later(FADE_SECONDS, self._conversation.playout.cancelled, utt, reached)

    def _listen(self, now: float) -> None:
        heard = self._playback.position
        self._playback.advance(now)
        due = now - self._marked_at >= MARK_SECONDS or self._playback.finished
        if self._playback.position > heard and due:
            self._marked_at = now
            self._conversation.playout.played(self._playback.utt, self._playback.position)

    def _stream(self) -> None:
        frame = self._microphone.next_frame()
        self._prompter.heard(self._conversation.session, self._microphone.samples)
        self._conversation.hear(frame)

    # The person

    async def _consider(self, now: float) -> None:
        match self._doing:
            case _Doing.LISTENING | _Doing.THINKING:
                await self._prepare()
            case _Doing.SPEAKING:
                if not self._microphone.speaking:
                    self._doing = _Doing.AWAITING
            case _Doing.AWAITING:
                if now - self._answer_ends_at > PATIENCE_SECONDS:
                    self._conclude(Outcome.UNHEARD)
            case _Doing.DONE:
                pass
            case _:
                assert_never(self._doing)

    async def _prepare(self) -> None:
        if self._paused:  # unheard too often
            self._paused = False
            await self._conversation.control(ControlOp.RESUME)
        if not self._invited or self._playback.playing:
            self._doing = _Doing.LISTENING
        elif self._doing is _Doing.LISTENING:
            self._think()
        elif self._thinking_frames > 0:
            self._thinking_frames -= 1
        else:
            self._speak()

    def _think(self) -> None:
        if not (self._answer or self._budget.take()):
            self._doing = _Doing.DONE
            return
        if self._answer is None:
            self._answer = next(self._answers)
        self._doing = _Doing.THINKING
        self._thinking_frames = THINKING_FRAMES[self._given % len(THINKING_FRAMES)]

    def _speak(self) -> None:
        answer = self._answer
        if answer is None:
            return
        self._doing = _Doing.SPEAKING
        self._turn = self._latest = None
        begin = self._microphone.samples
        self._answer_ends_at = self._began_at + (begin + answer.end_sample) / HEARD_RATE
        self._prompter.says(self._conversation.session, begin, answer.words)
        self._microphone.say(answer)

    def _hear_interviewer(self) -> None:
        """The first audible sample of an utterance has arrived."""
        audible_at = self._playback.audible_at
        if audible_at is None:
            return
        if self._doing not in (_Doing.SPEAKING, _Doing.AWAITING):
            self._hear_more()
        elif audible_at < self._answer_ends_at:
            self._microphone.stop()  # a polite person, who gives way
            self._conclude(Outcome.CUT_OFF)
        elif self._playback.kind == TurnKind.NUDGE:
            self._conclude(Outcome.UNHEARD)
        else:
            self._conclude(Outcome.ANSWERED)

    def _hear_more(self) -> None:
        """What an acknowledgement led to."""
        kind, found = self._playback.kind, self._findings.exchanges
        if self._latest is None or kind == TurnKind.ACKNOWLEDGEMENT:
            return
        if found[self._latest].content is None:
            at_ms = self._after_answer_ms(self._playback.audible_at, True)
            found[self._latest] = replace(found[self._latest], content_ms=at_ms, content=kind)

    def _hear_of_turn(self, turn: int) -> None:
        """An answer may be acknowledged before its words are known, and become a turn then."""
        self._turn, found = turn, self._findings.exchanges
        if self._latest is not None and found[self._latest].turn is None:
            found[self._latest] = replace(found[self._latest], turn=turn)

    def _conclude(self, outcome: Outcome) -> None:
        answer, self._answer = self._answer, None
        if answer is None:
            return
        self._given += 1
        replied = outcome is not Outcome.UNHEARD
        kind = self._playback.kind if replied else None
        heard_ms = self._after_answer_ms(self._playback.audible_at, replied)
        led = kind == TurnKind.ACKNOWLEDGEMENT
        self._latest = len(self._findings.exchanges) if replied else None
        self._findings.exchanges.append(
            Exchange(
                session=self._conversation.session,
                position=self._given,
                shape=answer.shape,
                outcome=outcome,
                voice_to_voice_ms=heard_ms,
                reply_sent_ms=self._after_answer_ms(self._playback.began_at, replied),
                reply=kind,
                content_ms=None if led else heard_ms,
                content=None if led else kind,
                turn=self._turn if replied else None,
            )
        )
        self._doing = _Doing.LISTENING
        self._findings.progress(len(self._findings.exchanges))

    def _after_answer_ms(self, at: float | None, replied: bool) -> int | None:
        if at is None or not replied:
            return None
        return round((at - self._answer_ends_at) * 1000)
