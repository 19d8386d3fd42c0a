"""The simulated candidate's voice and microphone."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.services.bench.script import ANSWERS, Part, Shape
from vivavoce.services.bench.voice import (
    AUDIBLE,
    LONGEST_GAP_MS,
    Microphone,
    Utterance,
    audible_end,
    first_audible,
    fluent,
    timed_words,
)

samples = st.lists(st.integers(-32767, 32767), max_size=300).map(lambda v: np.array(v, np.int16))


@given(samples)
def test_only_silence_lies_outside_the_audible_part(pcm: np.ndarray) -> None:
    first, end = first_audible(pcm), audible_end(pcm)
    outside = np.concatenate([pcm[:first], pcm[end:]]).astype(int) if first is not None else pcm

    assert (first is None) == (end == 0)
    assert (np.abs(outside.astype(int)) <= AUDIBLE).all()
    assert first is None or abs(int(pcm[first])) > AUDIBLE < abs(int(pcm[end - 1]))


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(0, 4_000)), min_size=1, max_size=5))
def test_fluent_speech_has_every_sound_and_no_long_gap(runs: list[tuple[int, int]]) -> None:
    parts = [np.repeat(np.array([9_000, 0], np.int16), run) for run in runs]
    samples = np.concatenate(parts)
    told = fluent(Utterance(Shape.LONG, samples, audible_end(samples), ()))
    loud = np.flatnonzero(np.abs(told.samples.astype(int)) > AUDIBLE)

    assert len(loud) == sum(sound for sound, _ in runs)
    assert told.end_sample == loud[-1] + 1
    assert np.diff(loud).max(initial=0) <= LONGEST_GAP_MS * 16 + 1


@given(st.lists(st.text("abc", min_size=1, max_size=9), min_size=1, max_size=12), st.integers(0))
def test_words_follow_one_another_and_fill_the_part(texts: list[str], start_ms: int) -> None:
    words = timed_words(Part(" ".join(texts)), start_ms, 4_000)

    assert [word.text for word in words] == texts
    assert words[0].start_ms == start_ms
    assert words[-1].end_ms == start_ms + 4_000
    assert all(a.end_ms == b.start_ms for a, b in pairwise(words))


def test_a_microphone_streams_an_utterance_over_a_quiet_room() -> None:
    microphone = Microphone(1, 512)
    loud = np.full(700, 9_000, np.int16)
    quiet = microphone.next_frame()
    microphone.say(Utterance(Shape.SHORT, loud, 700, ()))
    heard = np.frombuffer(microphone.next_frame() + microphone.next_frame(), "<i2").astype(int)

    assert np.abs(np.frombuffer(quiet, "<i2").astype(int)).max() < AUDIBLE
    assert audible_end(heard.astype(np.int16)) == 700
    assert not microphone.speaking
    assert microphone.samples == 3 * 512


def test_a_candidate_who_gives_way_is_silent_at_once() -> None:
    microphone = Microphone(1, 512)
    microphone.say(Utterance(Shape.SHORT, np.full(5_000, 9_000, np.int16), 5_000, ()))
    microphone.next_frame()
    microphone.stop()

    assert first_audible(np.frombuffer(microphone.next_frame(), "<i2")) is None


def test_the_script_has_answers_of_every_shape() -> None:
    assert {answer.shape for answer in ANSWERS} == set(Shape)
    assert all(
        (answer.shape is Shape.PAUSED) == any(part.pause_ms for part in answer.parts)
        for answer in ANSWERS
    )
