"""Plays the interviewer's lines: paced by the candidate's own marks, exact when interrupted.

400 ms of audio are ahead of what the candidate's device reports as played, or as much more as it
asks for on a network that falters. So there is little to take back on an interruption and nothing
to measure with a clock: each mark releases the next frames.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from vivavoce.conversation.outlet import Outlet
from vivavoce.conversation.spoken_line import SpokenLine
from vivavoce.core.microphone_health import roughly_dbfs
from vivavoce.core.wire import Codec, Frame, FrameFlag, FrameKind
from vivavoce.core.wire_messages import Cancel, Duck, PausePlayback, Transcript, Utt, UttEnd
from vivavoce.ports.engines import HEARD_RATE, SPOKEN_RATE
from vivavoce.ports.recording import RecordingSpool

FRAME_SAMPLES = SPOKEN_RATE * 40 // 1000
LEAST_AHEAD_MS = 400
MOST_AHEAD_MS = 4_000
ECHOING_FRAMES = 10  # that a room may still give back
CANCEL_PATIENCE_SECONDS = 1.0
# Marks and microphone frames share one path, so a larger step is a real stall, not jitter.
ANCHOR_DRIFT_SAMPLES = HEARD_RATE * 150 // 1000


@dataclass
class Gaps:
    """How often, and for how long, the candidate's device had nothing to play within a line."""

    count: int = 0
    ms: int = 0


@dataclass(frozen=True)
class Played:
    """What became of a line. `text` is what was heard; times are ms on the recording's clock."""

    text: str
    interrupted: bool
    start_ms: int
    end_ms: int


class Playout:
    """`played`, `cancelled`, `lead` and `gap` are what the candidate's device tells."""

    def __init__(self, spool: RecordingSpool, on_audible: Callable[[bool], None]) -> None:
        """`on_audible(first_of_line)` is called when a mark shows that audio was heard."""
        self._spool = spool
        self._on_audible = on_audible
        self._outlet: Outlet | None = None
        self._line: SpokenLine | None = None
        self._utt = 0
        self._turn = 0
        self._seq = 0
        self._sent = 0
        self._played = 0
        self._end_sent = False
        self._captioned = ""
        self._cancel_reason: str | None = None
        self._cancelled_at: int | None = None
        self._anchor: int | None = None
        self._start: int | None = None
        self._recorded_to = 0
        self._ducked = False
        self._held = False
        self._gaps = Gaps()
        self._awaited: set[int] = set()  # samples up to which the line was made when all was sent
        self._levels: deque[float] = deque()
        self.lead(LEAST_AHEAD_MS)

    @property
    def level_db(self) -> float | None:
        """The loudest of what the candidate's device may just have played; None before anything."""
        return max(self._levels, default=None)

    def number_from(self, utt: int) -> None:
        """Number the next utterances after `utt`, above all that earlier runs may have used."""
        self._utt = max(self._utt, utt)

    def attach(self, outlet: Outlet) -> None:
        """Continue on a new connection from the last sample that was heard."""
        self._outlet = outlet
        # What changed last may have been lost with the connection before.
        outlet.send(Duck(self._ducked))
        outlet.send(PausePlayback(self._held))
        if self._line is None or self._cancel_reason is not None:
            return
        self._sent = self._played
        self._end_sent = False
        self._announce()
        self._line.changed.set()

    def detach(self) -> None:
        self._outlet = None
        if self._line is not None:
            self._line.changed.set()

    async def play(self, line: SpokenLine, turn: int) -> Played:
        """Play `line` as turn number `turn` until it was heard to the end or cancelled."""
        self._begin(line, turn)
        while not self._over(line):
            line.changed.clear()
            self._pump(line)
            if self._over(line):
                break
            await line.changed.wait()
        if self._cancel_reason is not None:
            await self._settle(line)
        return self._finish(line)

    def cancel(self, reason: str) -> None:
        if self._line is None:  # between two lines; the next one is not to begin held or ducked
            self._let_go()
            return
        if self._cancel_reason is not None:
            return
        self._cancel_reason = reason
        self._ducked = self._held = False
        if self._outlet is not None:
            self._outlet.send(Cancel(self._utt, reason))
        self._line.changed.set()

    def _let_go(self) -> None:
        if self._ducked:
            self.duck(False)
        if self._held:
            self.hold(False)

    def duck(self, on: bool) -> None:
        self._ducked = on
        if self._outlet is not None:
            self._outlet.send(Duck(on))

    def hold(self, on: bool) -> None:
        self._held = on
        if self._outlet is not None:
            self._outlet.send(PausePlayback(on))

    def lead(self, ms: int) -> None:
        """The candidate's device wants this much in store."""
        self._ahead = max(LEAST_AHEAD_MS, min(ms, MOST_AHEAD_MS)) * SPOKEN_RATE // 1000
        frames = self._ahead // FRAME_SAMPLES + ECHOING_FRAMES
        self._levels = deque(self._levels, maxlen=frames)
        if self._line is not None:
            self._line.changed.set()

    def gap(self, utt: int, pts: int, ms: int) -> None:
        """The candidate heard nothing for a while; counted unless it was us who had no more."""
        if self._line is not None and utt == self._utt and pts not in self._awaited:
            self._gaps.count += 1
            self._gaps.ms += ms

    def take_gaps(self) -> Gaps:
        """Those since the last time."""
        taken, self._gaps = self._gaps, Gaps()
        return taken

    def played(self, utt: int, pts: int) -> None:
        """The candidate has heard the utterance up to sample `pts`."""
        line = self._line
        if line is None or utt != self._utt or pts <= self._played:
            return
        first = self._start is None
        self._record(line, min(pts, self._sent))
        self._played = min(pts, self._sent)
        self._on_audible(first)
        line.changed.set()

    def cancelled(self, utt: int, pts: int) -> None:
        """The candidate's device stopped at sample `pts`, as asked."""
        if self._line is None or utt != self._utt or self._cancel_reason is None:
            return
        self.played(utt, pts)
        self._cancelled_at = self._played
        self._line.changed.set()

    def _begin(self, line: SpokenLine, turn: int) -> None:
        self._line = line
        self._turn = turn
        self._utt += 1
        self._sent = self._played = 0
        self._end_sent = False
        self._awaited.clear()
        self._captioned = ""
        self._cancel_reason = None
        self._cancelled_at = None
        self._anchor = self._start = None
        self._announce()

    def _announce(self) -> None:
        line = self._line
        if self._outlet is not None and line is not None:
            self._outlet.send(Utt(self._utt, str(line.kind), line.text))

    def _over(self, line: SpokenLine) -> bool:
        return self._cancel_reason is not None or (line.finished and self._played >= line.samples)

    def _pump(self, line: SpokenLine) -> None:
        outlet = self._outlet
        if outlet is None:
            return
        while self._sent < line.samples and self._sent - self._played < self._ahead:
            self._send_frame(outlet, line)
        if self._sent == line.samples and not line.finished:
            self._awaited.add(line.samples)
        if line.finished and self._sent >= line.samples and not self._end_sent:
            self._end_sent = True
            outlet.send(UttEnd(self._utt, line.samples))
        if line.text != self._captioned:
            self._captioned = line.text
            outlet.send(Transcript("interviewer", self._turn, line.text, final=False))

    def _send_frame(self, outlet: Outlet, line: SpokenLine) -> None:
        end = min(self._sent + FRAME_SAMPLES, line.samples)
        flags = FrameFlag(0)
        if self._sent == 0:
            flags |= FrameFlag.FIRST
        if line.finished and end == line.samples:
            flags |= FrameFlag.LAST
        payload = bytes(line.pcm[2 * self._sent : 2 * end])
        outlet.send_audio(
            Frame(
                FrameKind.AGENT,
                Codec.PCM16,
                flags,
                SPOKEN_RATE,
                self._seq,
                self._utt,
                self._sent,
                payload,
            )
        )
        self._levels.append(roughly_dbfs(payload))
        self._seq += 1
        self._sent = end

    def _record(self, line: SpokenLine, pts: int) -> None:
        """Write what was heard since the last mark where the candidate's clock heard it."""
        now = self._spool.candidate_samples
        length = (pts - self._played) * HEARD_RATE // SPOKEN_RATE
        due = now - length if self._anchor is None else self._anchor
        if abs(now - length - due) > ANCHOR_DRIFT_SAMPLES:
            due = now - length
        begin = max(due, self._recorded_to)
        self._spool.append_interviewer(begin, bytes(line.pcm[2 * self._played : 2 * pts]))
        if self._start is None:
            self._start = begin
        self._recorded_to = self._anchor = begin + length

    async def _settle(self, line: SpokenLine) -> None:
        """Wait for the exact sample reached; a lost connection leaves the last mark to go by."""
        try:
            async with asyncio.timeout(CANCEL_PATIENCE_SECONDS):
                while self._cancelled_at is None and self._outlet is not None:
                    line.changed.clear()
                    await line.changed.wait()
        except TimeoutError:
            self._cancelled_at = self._played

    def _finish(self, line: SpokenLine) -> Played:
        interrupted = self._cancel_reason is not None and self._played < line.samples
        text = line.heard.heard(self._played) if interrupted else line.text
        if self._outlet is not None:
            self._outlet.send(Transcript("interviewer", self._turn, text, final=True))
        self._line = None
        start = self._spool.candidate_samples if self._start is None else self._start
        return Played(
            text,
            interrupted,
            start * 1000 // HEARD_RATE,
            max(self._recorded_to, start) * 1000 // HEARD_RATE,
        )
