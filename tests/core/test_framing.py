from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.errors import Invalid, RateLimited
from vivavoce.core.framing import FloodGuard, MicSequence, Reframer
from vivavoce.core.wire import Codec, Frame, FrameFlag, FrameKind

NONE = FrameFlag(0)


def samples_of(first: int, count: int) -> bytes:
    """PCM in which every sample says where it stands, so that order and loss are visible."""
    return b"".join((index % 60_000).to_bytes(2, "little") for index in range(first, first + count))


def mic(seq: int, pts: int, count: int = 512, flags: FrameFlag = NONE) -> Frame:
    pcm = samples_of(pts, count)
    return Frame(FrameKind.MIC, Codec.PCM16, flags, 16_000, seq, 0, pts, pcm)


@given(st.lists(st.integers(160, 1600), max_size=30))
def test_reframing_loses_and_invents_nothing(chunk_samples: list[int]) -> None:
    reframer, position = Reframer(), 0
    frames: list[bytes] = []
    for count in chunk_samples:
        frames += reframer.feed(samples_of(position, count))
        position += count
    assert all(len(frame) == 1024 for frame in frames)
    assert b"".join(frames) == samples_of(0, position // 512 * 512)
    assert reframer.waiting_samples == position % 512


def test_frames_in_order_are_appended_as_they_are() -> None:
    sequence = MicSequence()
    assert sequence.accept(mic(0, 0)) == (samples_of(0, 512),)
    assert sequence.accept(mic(1, 512)) == (samples_of(512, 512),)
    assert (sequence.last_seq, sequence.appended_samples) == (1, 1024)


@given(st.integers(1, 8), st.lists(st.integers(0, 7), max_size=30))
def test_whatever_is_retransmitted_is_heard_once(length: int, again_from: list[int]) -> None:
    frames = [mic(seq, seq * 512) for seq in range(length)]
    sequence, heard = MicSequence(), b""
    for frame in frames:
        heard += b"".join(sequence.accept(frame))
        for start in again_from:
            for repeated in frames[start : frame.seq + 1]:
                heard += b"".join(sequence.accept(repeated))
    assert heard == samples_of(0, length * 512)


@given(st.lists(st.integers(1, 1600), min_size=1, max_size=10), st.integers(0, 4000))
def test_frames_cut_anew_after_a_reconnect_add_only_what_is_missing(
    counts: list[int], already: int
) -> None:
    sequence, heard, position = MicSequence(appended_samples=already, last_seq=99), b"", 0
    for seq, count in enumerate(counts, start=100):
        if position + count > already >= position or heard:
            heard += b"".join(sequence.accept(mic(seq, position, count)))
        position += count
    assert heard == samples_of(already, max(0, position - already))


def test_a_gap_is_refused_when_nobody_admits_it() -> None:
    sequence = MicSequence()
    sequence.accept(mic(0, 0))
    with pytest.raises(Invalid) as refused:
        sequence.accept(mic(2, 1024))
    assert refused.value.code == "frame_out_of_order"
    assert sequence.accept(mic(1, 512)) == (samples_of(512, 512),)


def test_new_audio_under_an_old_number_is_refused() -> None:
    sequence = MicSequence()
    sequence.accept(mic(5, 0))
    with pytest.raises(Invalid) as refused:
        sequence.accept(mic(5, 512))
    assert refused.value.code == "frame_out_of_order"


def test_an_admitted_gap_becomes_silence_of_its_length() -> None:
    sequence = MicSequence()
    sequence.accept(mic(0, 0))
    gap, heard = sequence.accept(mic(4, 2048, flags=FrameFlag.DISCONTINUITY))
    assert gap == bytes(1536 * 2)
    assert heard == samples_of(2048, 512)
    assert sequence.appended_samples == 2560


@given(st.integers(1, 15 * 60 * 16_000))
def test_after_a_lost_connection_a_frame_still_lies_at_its_own_sample(gap_samples: int) -> None:
    sequence = MicSequence()
    sequence.accept(mic(0, 0))
    pieces = sequence.accept(mic(9, 512 + gap_samples, flags=FrameFlag.DISCONTINUITY))
    assert sum(map(len, pieces[:-1])) == gap_samples * 2
    assert sequence.appended_samples == 1024 + gap_samples


def test_a_laptop_that_slept_for_an_hour_leaves_a_quarter_of_silence() -> None:
    sequence = MicSequence()
    *gap, _ = sequence.accept(mic(0, 3600 * 16_000, flags=FrameFlag.DISCONTINUITY))
    assert sum(map(len, gap)) == 15 * 60 * 32_000
    assert sequence.accept(mic(1, 3600 * 16_000 + 512)) == (samples_of(3600 * 16_000 + 512, 512),)


def test_mu_law_frames_are_appended_as_pcm() -> None:
    frame = Frame(FrameKind.MIC, Codec.ULAW, NONE, 16_000, 0, 0, 0, b"\xff" * 160)
    assert MicSequence().accept(frame) == (bytes(320),)


def test_an_agent_frame_is_no_microphone() -> None:
    frame = Frame(FrameKind.AGENT, Codec.PCM16, NONE, 24_000, 0, 1, 0, b"\0\0")
    with pytest.raises(Invalid) as refused:
        MicSequence().accept(frame)
    assert refused.value.code == "frame_kind"


@given(st.integers(0, 60), st.integers(1, 300))
def test_live_audio_and_a_minute_of_retransmission_pass(burst_s: int, live_s: int) -> None:
    guard = FloodGuard(now_ms=5000)
    guard.accept(burst_s * 16_000, now_ms=5000)
    for second in range(1, live_s + 1):
        guard.accept(16_000, now_ms=5000 + second * 1000)


@given(st.lists(st.tuples(st.integers(1, 400_000), st.integers(-500, 2000)), max_size=20))
def test_no_pattern_gets_more_than_its_burst_and_four_times_real_time(
    sent: list[tuple[int, int]],
) -> None:
    guard, now_ms, latest_ms, accepted = FloodGuard(now_ms=0), 0, 0, 0
    for samples, step_ms in sent:
        now_ms += step_ms
        latest_ms = max(latest_ms, now_ms)
        with suppress(RateLimited):
            guard.accept(samples, now_ms)
            accepted += samples
    assert accepted <= 960_000 + latest_ms * 64


def test_a_flood_is_refused() -> None:
    guard = FloodGuard(now_ms=0)
    guard.accept(960_000, now_ms=0)
    with pytest.raises(RateLimited) as refused:
        guard.accept(16_000, now_ms=249)
    assert refused.value.code == "audio_flood"
    guard.accept(16_000, now_ms=250)
