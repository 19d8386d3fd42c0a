"""What a crowd says, and what it sees."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Take:
    """An answer as microphone frames; its last audible sample is `audible_seconds` from the
    first.
    """

    frames: tuple[bytes, ...]
    audible_seconds: float


@dataclass
class Tally:
    """Of a crowd since it was last asked. Times in ms."""

    voice_to_voice_ms: list[int] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)  # frames, behind the microphone's clock
    cut_off: int = 0
    unheard: int = 0
    frames: int = 0
    speech_frames: int = 0
    connected: int = 0
    lost: list[int] = field(default_factory=list)  # close codes of connections that ended
