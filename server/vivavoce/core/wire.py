"""The binary frames of `vv.v1`: sixteen bytes that say where some audio belongs, then the audio.

Little-endian: u8 kind, u8 codec, u8 flags, u8 rate in kHz, u32 seq, u32 utt, u32 pts, payload.
"""

import struct
from enum import IntEnum, IntFlag
from typing import NamedTuple

from vivavoce.core.errors import Invalid

HEADER = struct.Struct("<BBBBIII")
HEADER_BYTES = HEADER.size
LONGEST_FRAME_MS = 100
MIC_RATE = 16_000
AGENT_RATE = 24_000


class FrameKind(IntEnum):
    MIC = 1
    AGENT = 2


class Codec(IntEnum):
    PCM16 = 0
    OPUS = 1
    ULAW = 2


class FrameFlag(IntFlag):
    FIRST = 1
    LAST = 2
    MUTED = 4
    DISCONTINUITY = 8
    RETRANSMIT = 16


KNOWN_FLAGS = 0b11111
_RATES: dict[int, int] = {FrameKind.MIC: MIC_RATE, FrameKind.AGENT: AGENT_RATE}
_SAMPLE_BYTES = {Codec.PCM16: 2, Codec.ULAW: 1}
# Looked up for every frame: to make one of these of a number costs as much as the rest of `unpack`.
_KINDS = {int(kind): kind for kind in FrameKind}
_CODECS = {int(codec): codec for codec in Codec}
_FLAGS = tuple(FrameFlag(flags) for flags in range(KNOWN_FLAGS + 1))


class Frame(NamedTuple):
    """Some audio: `rate` in Hz, `pts` the index of its first sample, `utt` 0 for the microphone."""

    kind: FrameKind
    codec: Codec
    flags: FrameFlag
    rate: int
    seq: int
    utt: int
    pts: int
    payload: bytes

    @property
    def samples(self) -> int:
        return len(self.payload) // _SAMPLE_BYTES[self.codec]


def pack(frame: Frame) -> bytes:
    header = HEADER.pack(
        frame.kind,
        frame.codec,
        frame.flags,
        frame.rate // 1000,
        frame.seq,
        frame.utt,
        frame.pts,
    )
    return header + frame.payload


def unpack(data: bytes) -> Frame:
    """Raise `Invalid` with one of the codes

    `frame_too_short|frame_kind|frame_codec|frame_flags|frame_rate|frame_length`.
    """
    if len(data) < HEADER_BYTES:
        raise Invalid("frame_too_short", "An audio frame is shorter than its header.")
    kind, codec, flags, kilohertz, seq, utt, pts = HEADER.unpack_from(data)
    frame = Frame(
        _known_kind(kind),
        _known_codec(kind, codec),
        _known_flags(flags),
        _known_rate(kind, kilohertz),
        seq,
        utt,
        pts,
        data[HEADER_BYTES:],
    )
    _require_length(frame)
    return frame


def pcm16(frame: Frame) -> bytes:
    """The frame's samples as PCM16."""
    if frame.codec is Codec.ULAW:
        return b"".join(_ULAW_SAMPLES[byte] for byte in frame.payload)
    return frame.payload


def _known_kind(kind: int) -> FrameKind:
    known = _KINDS.get(kind)
    if known is None:
        raise Invalid("frame_kind", "An audio frame is neither from a microphone nor an agent.")
    return known


def _known_codec(kind: int, codec: int) -> Codec:
    # μ-law halves the uplink of a thin connection; nothing needs it on the way down.
    allowed = (Codec.PCM16, Codec.ULAW) if kind == FrameKind.MIC else (Codec.PCM16,)
    if codec not in allowed:
        raise Invalid("frame_codec", "An audio frame has a codec that is not spoken here.")
    return _CODECS[codec]


def _known_flags(flags: int) -> FrameFlag:
    if flags & ~KNOWN_FLAGS:
        raise Invalid("frame_flags", "An audio frame sets a reserved flag.")
    return _FLAGS[flags]


def _known_rate(kind: int, kilohertz: int) -> int:
    rate = _RATES[kind]
    if kilohertz * 1000 != rate:
        raise Invalid("frame_rate", f"An audio frame must have {rate} samples per second.")
    return rate


def _require_length(frame: Frame) -> None:
    size = len(frame.payload)
    longest = frame.rate * LONGEST_FRAME_MS // 1000
    if size == 0 or size % _SAMPLE_BYTES[frame.codec] or frame.samples > longest:
        raise Invalid("frame_length", "An audio frame must hold 1 sample to 100 ms of audio.")


def _ulaw_sample(code: int) -> bytes:
    """ITU-T G.711, μ-law expansion of one byte to 16 bits."""
    inverted = ~code & 0xFF
    magnitude = (((inverted & 0x0F) << 3) + 0x84) << ((inverted & 0x70) >> 4)
    sample = magnitude - 0x84
    return struct.pack("<h", -sample if inverted & 0x80 else sample)


_ULAW_SAMPLES = tuple(_ulaw_sample(code) for code in range(256))
