"""A candidate's device in a room: plays the interviewer, and streams what its microphone hears."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from vivavoce.conversation.conversation import Conversation
from vivavoce.conversation.listening import FRAME_SAMPLES
from vivavoce.core.transcript import Word
from vivavoce.core.wire import Frame
from vivavoce.core.wire_messages import (
    Cancel,
    CloseCode,
    PausePlayback,
    ServerMessage,
    State,
    Transcript,
    Utt,
    UttEnd,
)
from vivavoce.ports.engines import HEARD_RATE, SPOKEN_RATE
from vivavoce.services.bench.playback import Playback
from vivavoce.services.bench.prompter import Prompter

FRAME_SECONDS = FRAME_SAMPLES / HEARD_RATE
MARK_FRAMES = 3  # about every 100 ms
HOLD_FADE_SECONDS = 0.020  # the widget's
CANCEL_FADE_SECONDS = 0.015
ROOM_RMS = 0.0008  # about -62 dBFS
ROOM_SECONDS = 8


@dataclass
class Room:
    """What is heard all the time, and what comes back from the loudspeaker; float at 16 kHz."""

    background: np.ndarray
    echo: np.ndarray | None = None  # the room's answer to an impulse; None: headphones

    @classmethod
    def quiet(cls, random: np.random.Generator) -> "Room":
        return cls(random.normal(0.0, ROOM_RMS, ROOM_SECONDS * HEARD_RATE).astype(np.float32))

    def with_noise(self, noise: np.ndarray) -> "Room":
        length = max(len(noise), len(self.background))
        return Room(np.resize(self.background, length) + np.resize(noise, length), self.echo)


@dataclass
class Hearing:
    """When the interviewer was heard to stop and to go on, in seconds."""

    silent_at: float | None = None
    resumed_at: float | None = None
    cancelled_at: float | None = None


@dataclass
class Device:
    """An `Outlet`. `step` is one frame of time; everything else happens between steps."""

    conversation: Conversation
    room: Room
    prompter: Prompter
    hearing: Hearing = field(default_factory=Hearing)
    playback: Playback = field(default_factory=Playback)
    text: str = ""  # of the utterance that is played
    invited: bool = False
    closed: bool = False
    last_turn: int | None = None  # the candidate's last one that became durable
    _frames: int = 0
    _marked: int = 0
    _began_at: float | None = None
    _ahead: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    _pcm: bytearray = field(default_factory=bytearray)

    # What the server says

    def send(self, message: ServerMessage) -> None:
        now = asyncio.get_running_loop().time()
        match message:
            case Utt(utt, kind, text):
                self.playback.advance(now)
                if utt != self.playback.utt:
                    self._pcm.clear()
                self.playback.begin(utt, kind)
                self.text = text
                self.invited = False
            case UttEnd(utt, total) if utt == self.playback.utt:
                self.playback.end(total)
            case PausePlayback(on):
                self._hold(on, now)
            case Cancel(utt) if utt == self.playback.utt:
                self._cancel(utt, now)
            case State(phase):
                self.invited = phase in ("listening", "hold")
            case Transcript("candidate", turn, final=True):
                self.last_turn = turn
            case _:
                pass

    def send_audio(self, frame: Frame) -> None:
        if frame.utt == self.playback.utt:
            self._pcm[2 * frame.pts :] = frame.payload
        self.playback.receive(frame, asyncio.get_running_loop().time())

    def close(self, code: CloseCode, reason: str) -> None:
        self.closed = True

    def _hold(self, on: bool, now: float) -> None:
        self.playback.advance(now)
        if on and self.playback.playing and self.hearing.silent_at is None:
            self.hearing.silent_at = now + HOLD_FADE_SECONDS
        if not on and self.playback.held and self.hearing.silent_at is not None:
            self.hearing.resumed_at = now
        self.playback.held = on

    def _cancel(self, utt: int, now: float) -> None:
        self.playback.advance(now)
        if self.hearing.silent_at is None:
            self.hearing.silent_at = now + CANCEL_FADE_SECONDS
        self.hearing.cancelled_at = now
        self.playback.drop()
        loop = asyncio.get_running_loop()
        reached = self.playback.position
        loop.call_later(CANCEL_FADE_SECONDS, self.conversation.playout.cancelled, utt, reached)

    # Time

    @property
    def samples(self) -> int:
        """How much was streamed; what is said next begins there."""
        return self._frames * FRAME_SAMPLES

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time()

    @property
    def over(self) -> bool:
        return self.closed or self.conversation.ended_reason is not None

    @property
    def waits(self) -> bool:
        """The interviewer has finished and it is the candidate's turn."""
        return self.invited and not self.playback.playing

    def time_of(self, sample: int) -> float:
        return (self._began_at or 0.0) + sample / HEARD_RATE

    async def step(self) -> None:
        if self._began_at is None:
            self._began_at = self.now
        due = self.time_of((self._frames + 1) * FRAME_SAMPLES)
        await asyncio.sleep(max(0.0, due - self.now))
        self._play()
        frame = self._next_frame()
        self.prompter.heard(self.conversation.session, self.samples)
        self.conversation.hear(frame)

    async def wait(self, seconds: float) -> None:
        for _ in range(round(seconds / FRAME_SECONDS)):
            await self.step()

    async def wait_until(self, condition: Callable[[], bool], limit_seconds: float) -> bool:
        for _ in range(round(limit_seconds / FRAME_SECONDS)):
            if condition() or self.over:
                break
            await self.step()
        return condition()

    # The room

    def say(self, samples: np.ndarray, words: tuple[Word, ...] = ()) -> int:
        """Let float samples at 16 kHz sound from the next frame on; returns where they begin."""
        self.prompter.says(self.conversation.session, self.samples, words)
        self._mix(samples)
        return self.samples

    def hush(self) -> None:
        self._ahead = self._ahead[:0]

    def _mix(self, samples: np.ndarray) -> None:
        length = max(len(samples), len(self._ahead))
        mixed = np.zeros(length, np.float32)
        mixed[: len(self._ahead)] += self._ahead
        mixed[: len(samples)] += samples
        self._ahead = mixed

    def _play(self) -> None:
        before = self.playback.position
        self.playback.advance(self.now)
        reached = self.playback.position
        if reached == before:
            return
        if self.room.echo is not None:
            played = bytes(self._pcm[2 * before : 2 * reached])
            self._mix(_echo(played, self.room.echo))
        if self.playback.finished or self._frames - self._marked >= MARK_FRAMES:
            self._marked = self._frames
            self.conversation.playout.played(self.playback.utt, reached)

    def _next_frame(self) -> bytes:
        background = self.room.background
        at = np.arange(self.samples, self.samples + FRAME_SAMPLES) % len(background)
        frame = background[at].copy()
        voice, self._ahead = np.split(self._ahead, [FRAME_SAMPLES])
        frame[: len(voice)] += voice
        self._frames += 1
        return bytes((np.clip(frame, -1, 1) * 32767).astype("<i2").tobytes())


def _echo(pcm: bytes, response: np.ndarray) -> np.ndarray:
    played = np.frombuffer(pcm, "<i2").astype(np.float32) / 32768
    times = np.arange(0, len(played), SPOKEN_RATE / HEARD_RATE)
    heard = np.interp(times, np.arange(len(played)), played)
    return np.convolve(heard, response).astype(np.float32)
