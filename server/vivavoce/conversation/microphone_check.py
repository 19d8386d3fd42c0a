"""Tells the candidate when the microphone is the problem, instead of nudging a silent person."""

from collections.abc import Callable

from vivavoce.core.microphone_health import (
    QUIET_DBFS,
    SPEECH_PROBABILITY,
    FrameLevel,
    MicrophoneFinding,
    MicrophoneHealth,
    measure_frame,
)
from vivavoce.core.wire_messages import ServerMessage, Warn

# A level every 128 ms is enough, and leaves the event loop to those who speak.
MEASURE_EVERY_FRAMES = 4
DEAD = frozenset({MicrophoneFinding.ZERO_AUDIO, MicrophoneFinding.SILENT})

MESSAGES = {
    MicrophoneFinding.ZERO_AUDIO: "Your microphone sends no sound at all. Is it muted?",
    MicrophoneFinding.SILENT: "Your microphone is almost silent.",
    MicrophoneFinding.CLIPPING: "Your microphone is too loud and distorts.",
    MicrophoneFinding.NOISY: "There is a constant noise around you.",
}


class MicrophoneCheck:
    def __init__(self, tell: Callable[[ServerMessage], None]) -> None:
        self._tell = tell
        self._health = MicrophoneHealth()
        self._frames = 0
        self._dead: MicrophoneFinding | None = None
        self._trusted = False

    def dead(self) -> bool:
        """Whether nothing at all has been heard lately; the candidate's page is told if so.

        Asked only when an answer is awaited: noise suppression makes zeros of a quiet room, which
        are no reason to alarm somebody who is listening. Nor somebody who thinks: a microphone
        that carried a voice before is doubted only when asked about again.
        """
        if self._dead is None:
            return False
        if self._trusted:
            self._trusted = False
            return False
        self._warn(self._dead)
        return True

    def observe(self, frame: bytes, speech_probability: float) -> None:
        """A frame of 512 samples from a microphone that the candidate did not mute."""
        self._frames += 1
        if self._frames % MEASURE_EVERY_FRAMES:
            return
        level = measure_frame(frame)
        for finding in self._health.observe(
            FrameLevel(level.level_dbfs, level.peak, level.duration_ms * MEASURE_EVERY_FRAMES),
            speech_probability,
        ):
            if finding in DEAD:
                self._dead = finding
            else:
                self._warn(finding)
        if level.level_dbfs > QUIET_DBFS:
            self._dead = None
        if speech_probability >= SPEECH_PROBABILITY:
            self._trusted = True

    def _warn(self, finding: MicrophoneFinding) -> None:
        self._tell(Warn(f"microphone_{finding}", MESSAGES[finding]))
