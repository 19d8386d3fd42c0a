"""The simulated candidate's loudspeaker: plays what arrives at the speed of time."""

import numpy as np

from vivavoce.core.wire import Frame
from vivavoce.ports.engines import SPOKEN_RATE
from vivavoce.services.bench.voice import first_audible


class Playback:
    """One utterance after the other, without a buffer of its own; times are in seconds."""

    def __init__(self) -> None:
        self.utt = 0
        self.kind = ""
        self.began_at: float | None = None  # its first frame was handed over
        self.audible_at: float | None = None  # its first audible sample sounds
        self.held = False
        self._arrived = 0
        self._position = 0.0
        self._advanced_at = 0.0
        self._total: int | None = None

    @property
    def position(self) -> int:
        return int(self._position)

    @property
    def playing(self) -> bool:
        return self._position < self._arrived

    @property
    def finished(self) -> bool:
        return self._total is not None and self._position >= self._total

    def begin(self, utt: int, kind: str) -> None:
        if utt == self.utt:
            return
        self.utt, self.kind = utt, kind
        self.began_at = self.audible_at = None
        self._arrived, self._position, self._total = 0, 0.0, None
        self.held = False

    def receive(self, frame: Frame, now: float) -> bool:
        """Take a frame; True when it brings the first audible sample of its utterance."""
        if frame.utt != self.utt:
            return False
        self.advance(now)
        if self.began_at is None:
            self.began_at = now
        self._arrived = frame.pts + len(frame.payload) // 2
        if self.audible_at is not None:
            return False
        offset = first_audible(np.frombuffer(frame.payload, "<i2"))
        if offset is None:
            return False
        self.audible_at = now + max(0.0, frame.pts + offset - self._position) / SPOKEN_RATE
        return True

    def end(self, total: int) -> None:
        self._total = total

    def advance(self, now: float) -> None:
        # A microphone's frame that is late carries the time at which it was due.
        now = max(now, self._advanced_at)
        if not self.held:
            reached = self._position + (now - self._advanced_at) * SPOKEN_RATE
            self._position = min(float(self._arrived), reached)
        self._advanced_at = now

    def drop(self) -> None:
        """Stop, as asked; what has not been heard never will be."""
        self._arrived = self.position
        self._position = float(self._arrived)
        self.held = False
