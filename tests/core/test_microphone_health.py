import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.microphone_health import (
    FrameLevel,
    MicrophoneFinding,
    MicrophoneHealth,
    measure_frame,
)

ZERO = FrameLevel(-120.0, 0, 32)
FAINT = FrameLevel(-80.0, 3, 32)
PAUSE = FrameLevel(-60.0, 90, 32)
HUM = FrameLevel(-30.0, 3000, 32)
SPEECH = FrameLevel(-25.0, 9000, 32)
CLIPPED = FrameLevel(-3.0, 32_767, 32)


def findings(*spans: tuple[FrameLevel, float, int]) -> list[MicrophoneFinding]:
    """Of spans of (frame, speech probability, length in ms) one after the other."""
    health = MicrophoneHealth()
    return [
        finding
        for frame, speech, length_ms in spans
        for _ in range(length_ms // frame.duration_ms)
        for finding in health.observe(frame, speech)
    ]


def test_exact_zeros_are_noticed_after_three_seconds_and_not_called_silence_too() -> None:
    assert findings((ZERO, 0.0, 2_900)) == []
    assert findings((ZERO, 0.0, 60_000)) == [MicrophoneFinding.ZERO_AUDIO]


def test_silence_is_noticed_after_eight_seconds() -> None:
    assert findings((FAINT, 0.0, 7_900)) == []
    assert findings((FAINT, 0.0, 60_000)) == [MicrophoneFinding.SILENT]


def test_a_quiet_room_is_not_silent() -> None:
    assert findings((PAUSE, 0.0, 60_000)) == []


def test_what_stopped_and_came_back_is_reported_again() -> None:
    assert findings((ZERO, 0.0, 4_000), (SPEECH, 0.9, 320), (ZERO, 0.0, 4_000)) == [
        MicrophoneFinding.ZERO_AUDIO,
        MicrophoneFinding.ZERO_AUDIO,
    ]


def test_a_single_clipped_frame_is_forgiven_and_a_shouted_sentence_is_not() -> None:
    assert findings((CLIPPED, 0.9, 32), (SPEECH, 0.9, 5_000)) == []
    assert findings((CLIPPED, 0.9, 1_000)) == [MicrophoneFinding.CLIPPING]


def test_constant_noise_is_noticed_but_not_speech_with_pauses() -> None:
    assert findings((HUM, 0.05, 20_000)) == [MicrophoneFinding.NOISY]
    talking = [(SPEECH, 0.9, 3_000), (HUM, 0.1, 320), (PAUSE, 0.0, 320)] * 40
    assert findings(*talking) == []


def test_noise_is_noticed_between_words_too() -> None:
    assert findings(*[(SPEECH, 0.9, 640), (HUM, 0.1, 640)] * 20) == [MicrophoneFinding.NOISY]


FRAMES = st.sampled_from([ZERO, FAINT, PAUSE, HUM, SPEECH, CLIPPED])


@given(st.lists(st.tuples(FRAMES, st.floats(0, 1), st.integers(32, 20_000)), max_size=4))
def test_a_finding_is_not_repeated_without_a_change(
    spans: list[tuple[FrameLevel, float, int]],
) -> None:
    found = findings(*spans)
    for finding in MicrophoneFinding:
        assert found.count(finding) <= len(spans)


@pytest.mark.parametrize(
    ("samples", "level_dbfs", "peak"),
    [
        ([0] * 512, -120.0, 0),
        ([-32_768] * 512, 0.0, 32_768),
        ([16_384, -16_384] * 256, -6.02, 16_384),
    ],
)
def test_a_frame_is_measured_in_decibels_of_full_scale(
    samples: list[int], level_dbfs: float, peak: int
) -> None:
    frame = measure_frame(struct.pack("<512h", *samples))
    assert frame.level_dbfs == pytest.approx(level_dbfs, abs=0.01)
    assert (frame.peak, frame.duration_ms) == (peak, 32)
