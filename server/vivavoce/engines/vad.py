"""Voice activity: a cheap spectral gate first, then Silero's small network.

webrtcvad misses no speech but takes noise for speech; Silero tells them apart. The gate spares the
network during silence, which is most of an interview's microphone.
"""

from dataclasses import dataclass

from vivavoce.engines.gathering import Gathering, Judged
from vivavoce.engines.silero import FRESH

FRAME_BYTES = 1024
GATE_BYTES = 960  # webrtcvad judges 10, 20 or 30 ms
GATE_MODE = 1  # permissive: it must miss nothing
GATE_HANGOVER_FRAMES = 16  # about 0.5 s
WARM_UP_FRAMES = 4


@dataclass
class _NextFrame:
    """One that has passed or not passed the gate, and perhaps the network, but not time."""

    frame: bytes
    passes: bool
    judged: Judged | None = None


class GatedSileroDetector:
    """`VoiceActivityDetector` of one conversation."""

    def __init__(self, gathering: Gathering) -> None:
        import webrtcvad

        self._gathering = gathering
        self._gate = webrtcvad.Vad(GATE_MODE)
        self.reset()

    def reset(self) -> None:
        self._memory = FRESH
        self._quiet_frames = GATE_HANGOVER_FRAMES + 1  # closed until something is heard
        self._skipped: list[bytes] = []
        self._next: _NextFrame | None = None

    async def foresee(self, frame: bytes) -> None:
        upcoming = self._gated(frame)
        if upcoming.passes and not self._skipped and upcoming.judged is None:
            upcoming.judged = await self._gathering.judge(self._memory, frame)

    def speech_probability(self, frame: bytes) -> float:
        upcoming, self._next = self._gated(frame), None
        if not upcoming.passes:
            self._skipped = [*self._skipped[1 - WARM_UP_FRAMES :], frame]
            return 0.0
        probability, self._memory = upcoming.judged or self._judge(frame)
        return probability

    def _gated(self, frame: bytes) -> _NextFrame:
        """The gate has a memory too: a frame passes through it once, foreseen or not."""
        if self._next is None or self._next.frame != frame:
            self._next = _NextFrame(frame, self._passes(frame))
        return self._next

    def _passes(self, frame: bytes) -> bool:
        if len(frame) != FRAME_BYTES:
            raise ValueError(f"a frame has {FRAME_BYTES} bytes, not {len(frame)}")
        if self._gate.is_speech(frame[:GATE_BYTES], 16_000):
            self._quiet_frames = 0
        else:
            self._quiet_frames += 1
        return self._quiet_frames <= GATE_HANGOVER_FRAMES

    def _judge(self, frame: bytes) -> Judged:
        """After silence the newest skipped frames first: a word's onset is judged in context."""
        memory, skipped = (FRESH, self._skipped) if self._skipped else (self._memory, [])
        self._skipped = []
        return self._gathering.silero.follow(memory, [*skipped, frame])
