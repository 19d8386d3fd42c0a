import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.errors import Invalid
from vivavoce.core.wire import Codec, Frame, FrameFlag, FrameKind, pack, pcm16, unpack

U32 = st.integers(0, 2**32 - 1)
FLAGS = st.integers(0, 31).map(FrameFlag)
MIC = st.builds(
    Frame,
    kind=st.just(FrameKind.MIC),
    codec=st.just(Codec.PCM16),
    flags=FLAGS,
    rate=st.just(16_000),
    seq=U32,
    utt=U32,
    pts=U32,
    payload=st.integers(1, 1600).map(lambda samples: b"\x01\x02" * samples),
)
AGENT = st.builds(
    Frame,
    kind=st.just(FrameKind.AGENT),
    codec=st.just(Codec.PCM16),
    flags=FLAGS,
    rate=st.just(24_000),
    seq=U32,
    utt=U32,
    pts=U32,
    payload=st.integers(1, 2400).map(lambda samples: b"\x01\x02" * samples),
)
QUIET = b"\0\0" * 512


def header(kind: int = 1, codec: int = 0, flags: int = 0, kilohertz: int = 16) -> bytes:
    return struct.pack("<BBBBIII", kind, codec, flags, kilohertz, 7, 0, 3584)


@given(MIC | AGENT)
def test_a_frame_survives_the_wire(frame: Frame) -> None:
    assert unpack(pack(frame)) == frame


@given(st.binary(max_size=64) | st.binary(max_size=48).map(lambda tail: header() + tail))
def test_any_bytes_are_a_frame_or_are_refused(data: bytes) -> None:
    with suppress(Invalid):
        assert pack(unpack(data)) == data


def test_the_header_is_the_one_that_is_documented() -> None:
    frame = unpack(header(flags=5) + QUIET)
    assert (frame.kind, frame.rate, frame.seq, frame.utt, frame.pts) == (1, 16_000, 7, 0, 3584)
    assert frame.flags == FrameFlag.FIRST | FrameFlag.MUTED
    assert frame.samples == 512


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "frame_too_short"),
        (header()[:15], "frame_too_short"),
        (header(kind=0) + QUIET, "frame_kind"),
        (header(kind=3) + QUIET, "frame_kind"),
        (header(codec=1) + QUIET, "frame_codec"),
        (header(codec=9) + QUIET, "frame_codec"),
        (header(kind=2, codec=2, kilohertz=24) + QUIET, "frame_codec"),
        (header(flags=32) + QUIET, "frame_flags"),
        (header(kilohertz=48) + QUIET, "frame_rate"),
        (header(kind=2) + QUIET, "frame_rate"),
        (header(), "frame_length"),
        (header() + b"\0\0\0", "frame_length"),
        (header() + b"\0\0" * 1601, "frame_length"),
        (header(codec=2) + b"\xff" * 1601, "frame_length"),
    ],
)
def test_a_broken_frame_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        unpack(data)
    assert refused.value.code == code


def test_mu_law_is_expanded_as_the_recommendation_says() -> None:
    frame = unpack(header(codec=2) + bytes([0xFF, 0x7F, 0x80, 0x00, 0xF0, 0x70]))
    assert frame.samples == 6
    assert struct.unpack("<6h", pcm16(frame)) == (0, 0, 32124, -32124, 120, -120)


def test_pcm_passes_unchanged() -> None:
    assert pcm16(unpack(header() + b"\x34\x12")) == b"\x34\x12"
