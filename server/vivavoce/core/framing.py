"""The microphone as one gapless run of samples, however its frames were cut, lost or sent twice."""

from vivavoce.core.errors import Invalid, RateLimited
from vivavoce.core.wire import MIC_RATE, Frame, FrameFlag, FrameKind, pcm16

FRAME_SAMPLES = 512  # 32 ms, what the voice activity detector judges at once
SAMPLE_BYTES = 2
# Longer than any client tries to reconnect, so that a pts is a sample of the recording.
LONGEST_GAP_SAMPLES = 15 * 60 * MIC_RATE
_SECOND_OF_SILENCE = bytes(MIC_RATE * SAMPLE_BYTES)


class Reframer:
    """Cuts PCM16 of any lengths into frames of 512 samples; the rest waits for more."""

    def __init__(self, frame_samples: int = FRAME_SAMPLES) -> None:
        self._frame_bytes = frame_samples * SAMPLE_BYTES
        self._waiting = bytearray()

    @property
    def waiting_samples(self) -> int:
        return len(self._waiting) // SAMPLE_BYTES

    def keeps(self, pcm: bytes) -> bool:
        """Whether `feed` would return it as it is, as one frame."""
        return len(pcm) == self._frame_bytes and not self._waiting

    def feed(self, pcm: bytes) -> tuple[bytes, ...]:
        size = self._frame_bytes
        if self.keeps(pcm):  # what a client sends nearly always
            return (pcm,)
        if not self._waiting and len(pcm) % size == 0:
            return tuple(pcm[at : at + size] for at in range(0, len(pcm), size))
        self._waiting += pcm
        whole = len(self._waiting) // size * size
        frames = tuple(bytes(self._waiting[at : at + size]) for at in range(0, whole, size))
        del self._waiting[:whole]
        return frames


def require_place(frame: Frame) -> None:
    """Hold a microphone frame to what makes its number a place in the recording.

    Raises `Invalid` with one of the codes `frame_kind|frame_size|frame_number`.
    """
    if frame.kind is not FrameKind.MIC:
        raise Invalid("frame_kind", "A client sends microphone frames only.")
    if frame.samples != FRAME_SAMPLES:
        raise Invalid("frame_size", "A microphone frame holds 512 samples.")
    if frame.pts != frame.seq * FRAME_SAMPLES:
        raise Invalid("frame_number", "A microphone frame begins at 512 times its number.")


class MicSequence:
    """Puts microphone frames in order.

    `appended_samples` is what was already recorded: the next sample that is expected. `last_seq` is
    the last frame accepted, -1 before the first.
    """

    def __init__(self, appended_samples: int = 0, last_seq: int = -1) -> None:
        self.appended_samples = appended_samples
        self.last_seq = last_seq
        self._next_pts = appended_samples

    def accept(self, frame: Frame) -> tuple[bytes, ...]:
        """The PCM16 to append, empty for what was heard before.

        A gap that the client admits (discontinuity) becomes silence, of 15 minutes at most. Raises
        `Invalid` code `frame_out_of_order` for any other gap, `frame_kind` for an agent's frame.
        """
        if frame.kind is not FrameKind.MIC:
            raise Invalid("frame_kind", "A client sends microphone frames only.")
        known_samples = self._next_pts - frame.pts
        if known_samples >= frame.samples:
            return ()
        self._require_order(frame)
        pcm = pcm16(frame)
        pieces = (pcm,) if known_samples == 0 else _joined(pcm, known_samples)
        self._advance(frame, sum(map(len, pieces)))
        return pieces

    def _require_order(self, frame: Frame) -> None:
        missing = frame.pts > self._next_pts and FrameFlag.DISCONTINUITY not in frame.flags
        if missing or frame.seq <= self.last_seq:
            raise Invalid("frame_out_of_order", "A microphone frame does not follow the last one.")

    def _advance(self, frame: Frame, appended_bytes: int) -> None:
        self.appended_samples += appended_bytes // SAMPLE_BYTES
        self.last_seq = frame.seq
        self._next_pts = frame.pts + frame.samples


def _joined(pcm: bytes, known_samples: int) -> tuple[bytes, ...]:
    """What is new of it; before it, what is missing (then less than nothing of it is known)."""
    if known_samples > 0:
        return (pcm[known_samples * SAMPLE_BYTES :],)
    return (*_silence(min(-known_samples, LONGEST_GAP_SAMPLES)), pcm)


def _silence(samples: int) -> tuple[bytes, ...]:
    """In pieces of a second that share their memory, and what remains."""
    seconds, rest = divmod(samples, MIC_RATE)
    pieces = (_SECOND_OF_SILENCE,) * seconds
    return (*pieces, bytes(rest * SAMPLE_BYTES)) if rest else pieces


class FloodGuard:
    """Bounds how much audio one client may send.

    A minute at once is a retransmission; beyond that the credit grows back at four times real time.
    """

    BURST_SAMPLES = 60 * MIC_RATE
    CREDIT_SAMPLES_PER_MS = 4 * MIC_RATE // 1000

    def __init__(self, now_ms: int) -> None:
        self._credit_samples = self.BURST_SAMPLES
        self._now_ms = now_ms

    def accept(self, samples: int, now_ms: int) -> None:
        """Raise `RateLimited` code `audio_flood` for more than a client can have heard."""
        elapsed_ms = max(0, now_ms - self._now_ms)
        self._now_ms = max(now_ms, self._now_ms)
        grown = self._credit_samples + elapsed_ms * self.CREDIT_SAMPLES_PER_MS
        self._credit_samples = min(grown, self.BURST_SAMPLES)
        if samples > self._credit_samples:
            raise RateLimited("audio_flood", "The microphone sends faster than anybody can speak.")
        self._credit_samples -= samples
