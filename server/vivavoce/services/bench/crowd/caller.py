"""One candidate of a crowd: a browser's side of the interview socket, at as little cost as can be.

The person behind it listens, thinks for a moment, answers from the script, and waits for the reply.
"""

import json
from enum import Enum, auto

from vivavoce.core.consent import POLICY_VERSION, REQUIRED_ITEMS
from vivavoce.core.wire import HEADER, MIC_RATE, Codec, FrameKind, unpack
from vivavoce.services.bench.crowd.tally import Take, Tally
from vivavoce.services.bench.playback import Playback

FRAME_SAMPLES = 512
FRAME_SECONDS = FRAME_SAMPLES / MIC_RATE
MARK_SECONDS = 0.1
THINKING_FRAMES = (12, 25, 18, 38)  # 0.4 to 1.2 s before an answer, in turn
PATIENCE_SECONDS = 10.0
LONGEST_U32 = 0xFFFF_FFFF


class _Doing(Enum):
    ENTERING = auto()
    LISTENING = auto()
    THINKING = auto()
    SPEAKING = auto()
    AWAITING = auto()


HELLO = {"t": "hello", "ver": "1", "locale": "en", "tz": "UTC", "caps": [], "resume": "none"}
CONSENT = {"t": "consent", "policy_version": POLICY_VERSION, "items": list(REQUIRED_ITEMS)}
START = {"t": "control", "op": "start"}
GREETING = tuple(json.dumps(each) for each in (HELLO, CONSENT, START))


class Caller:
    """Gives the bytes to send; is given what arrives. Knows no socket and no clock."""

    def __init__(self, number: int, takes: tuple[Take, ...], room: tuple[bytes, ...]) -> None:
        self._takes = takes
        self._room = room
        self._given = number
        self._doing = _Doing.ENTERING
        self._invited = False
        self._playback = Playback()
        self._marked_at = 0.0
        self._seq = 0
        self._thinking_frames = 0
        self._take = takes[0]
        self._at_frame = 0
        self._answer_ends_at = 0.0

    def tick(self, now: float, tally: Tally) -> list[bytes | str]:
        """What the device sends for one frame of its microphone."""
        if self._doing is _Doing.ENTERING:
            return []
        pcm = self._next_pcm(now, tally)
        header = HEADER.pack(FrameKind.MIC, Codec.PCM16, 0, 16, self._seq, 0, self._pts)
        self._seq += 1
        tally.frames += 1
        mark = self._mark(now)
        return [header + pcm] if mark is None else [header + pcm, mark]

    def heard(self, data: bytes, now: float, tally: Tally) -> None:
        """An audio frame of the interviewer."""
        if self._playback.receive(unpack(data), now):
            self._hear_interviewer(tally)

    def told(self, text: str, now: float) -> str | None:
        """A message; returns an answer that it wants at once."""
        message = json.loads(text)
        match message["t"]:
            case "state":
                self._invited = message["phase"] in ("listening", "hold")
            case "utt":
                if self._doing is _Doing.ENTERING:  # begun: from here on every frame counts
                    self._doing = _Doing.LISTENING
                self._invited = False
                self._playback.advance(now)
                self._playback.begin(message["utt"], message["kind"])
            case "utt_end" if message["utt"] == self._playback.utt:
                self._playback.end(message["pts_total"])
            case "cancel" if message["utt"] == self._playback.utt:
                self._playback.advance(now)
                self._playback.drop()
                return self._report("cancelled")
            case _:
                pass
        return None

    @property
    def _pts(self) -> int:
        return self._seq * FRAME_SAMPLES & LONGEST_U32

    def _next_pcm(self, now: float, tally: Tally) -> bytes:
        if self._doing is _Doing.SPEAKING:
            tally.speech_frames += 1
            frame = self._take.frames[self._at_frame]
            self._at_frame += 1
            if self._at_frame == len(self._take.frames):
                self._doing = _Doing.AWAITING
            return frame
        self._consider(now, tally)
        return self._room[self._seq % len(self._room)]

    def _consider(self, now: float, tally: Tally) -> None:
        if self._doing is _Doing.AWAITING:
            if now - self._answer_ends_at > PATIENCE_SECONDS:
                tally.unheard += 1
                self._doing = _Doing.LISTENING
        elif not self._invited or self._playback.playing:
            self._doing = _Doing.LISTENING
        elif self._doing is _Doing.LISTENING:
            self._doing = _Doing.THINKING
            self._thinking_frames = THINKING_FRAMES[self._given % len(THINKING_FRAMES)]
        elif self._thinking_frames > 0:
            self._thinking_frames -= 1
        else:
            self._begin_answer(now)

    def _begin_answer(self, now: float) -> None:
        self._take = self._takes[self._given % len(self._takes)]
        self._given += 1
        self._at_frame = 0
        self._doing = _Doing.SPEAKING
        # The frame of this tick was the room's; the answer begins with the next one.
        self._answer_ends_at = now + FRAME_SECONDS + self._take.audible_seconds

    def _hear_interviewer(self, tally: Tally) -> None:
        audible_at = self._playback.audible_at
        if self._doing not in (_Doing.SPEAKING, _Doing.AWAITING) or audible_at is None:
            return
        if audible_at < self._answer_ends_at:
            tally.cut_off += 1
        else:
            tally.voice_to_voice_ms.append(round((audible_at - self._answer_ends_at) * 1000))
        self._doing = _Doing.LISTENING

    def _mark(self, now: float) -> str | None:
        heard = self._playback.position
        self._playback.advance(now)
        due = now - self._marked_at >= MARK_SECONDS or self._playback.finished
        if self._playback.position == heard or not due:
            return None
        self._marked_at = now
        return self._report("played")

    def _report(self, kind: str) -> str:
        utt, pts = self._playback.utt, self._playback.position
        return f'{{"t":"{kind}","utt":{utt},"pts":{pts}}}'
