"""What the simulated candidate hears, and when."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.wire import Codec, Frame, FrameFlag, FrameKind
from vivavoce.services.bench.playback import Playback

RATE = 24_000
FRAME = 960


def frame(pts: int, pcm: np.ndarray, utt: int = 1) -> Frame:
    payload = pcm.astype("<i2").tobytes()
    return Frame(FrameKind.AGENT, Codec.PCM16, FrameFlag(0), RATE, 0, utt, pts, payload)


def speech(silent: int, loud: int) -> np.ndarray:
    return np.concatenate([np.zeros(silent), np.full(loud, 5000)])


def playing(pcm: np.ndarray, now: float) -> Playback:
    """All of `pcm` handed over at once, as frames."""
    playback = Playback()
    playback.begin(1, "question")
    for pts in range(0, len(pcm), FRAME):
        playback.receive(frame(pts, pcm[pts : pts + FRAME]), now)
    return playback


@given(st.integers(0, 20_000))
def test_leading_silence_is_waited_for_although_it_is_handed_over_early(silent: int) -> None:
    playback = playing(speech(silent, FRAME), 5.0)

    assert playback.audible_at is not None
    assert abs(playback.audible_at - (5.0 + silent / RATE)) < 1e-6
    assert playback.began_at == 5.0


def test_audio_that_comes_after_a_pause_is_audible_when_it_comes() -> None:
    playback = playing(np.zeros(FRAME), 1.0)
    brought = playback.receive(frame(FRAME, speech(0, FRAME)), 3.0)

    assert brought
    assert playback.audible_at == 3.0


def test_what_never_gets_loud_is_never_audible() -> None:
    assert playing(np.full(FRAME, 300), 0.0).audible_at is None


@given(st.lists(st.floats(0.0, 0.2), max_size=30))
def test_playback_never_passes_what_arrived(steps: list[float]) -> None:
    playback = playing(speech(0, 5 * FRAME), 0.0)
    now, before = 0.0, 0
    for step in steps:
        now += step
        playback.advance(now)
        assert before <= playback.position <= 5 * FRAME
        assert playback.position <= now * RATE + 1
        before = playback.position


def test_held_playback_stands_still() -> None:
    playback = playing(speech(0, 5 * FRAME), 0.0)
    playback.held = True
    playback.advance(1.0)

    assert playback.position == 0


def test_frames_of_another_utterance_are_not_played() -> None:
    playback = playing(speech(0, FRAME), 0.0)
    playback.begin(2, "question")

    assert not playback.receive(frame(FRAME, speech(0, FRAME), utt=1), 0.1)
    assert not playback.playing


def test_a_frame_that_comes_late_does_not_turn_the_loudspeaker_back() -> None:
    playback = playing(speech(0, RATE), 5.0)

    playback.advance(4.9)
    assert playback.position == 0
    playback.advance(5.25)

    assert playback.position == RATE // 4
