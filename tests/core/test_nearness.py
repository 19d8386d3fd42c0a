from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.nearness import (
    EXPECTED_DB,
    HANGOVER_FRAMES,
    LOUDEST_ECHO_DB,
    SOFTEST_ECHO_DB,
    Nearness,
)

PLAYED_DB = -17.0
LEVELS = st.floats(-120, 0)


def listened(seconds: float, returned_db: float, *, speech: bool = True) -> Nearness:
    """The interviewer was heard for so long, and that much of it came back."""
    nearness = Nearness()
    for _ in range(round(seconds / 0.032)):
        nearness.is_near(PLAYED_DB + returned_db, PLAYED_DB, speech=speech)
    return nearness


def near(nearness: Nearness, level_db: float) -> bool:
    return nearness.is_near(level_db, PLAYED_DB, speech=True)


def test_who_speaks_into_the_microphone_is_near_and_a_television_is_not() -> None:
    nearness = Nearness()
    assert nearness.is_near(EXPECTED_DB, None, speech=True)
    far = [nearness.is_near(EXPECTED_DB - 20, None, speech=True) for _ in range(10)]
    assert far == [True] * (HANGOVER_FRAMES - 1) + [False] * (11 - HANGOVER_FRAMES)


def test_a_soft_speaker_is_known_after_an_answer() -> None:
    nearness = Nearness()
    assert not nearness.is_near(-45, None, speech=True)
    for _ in range(200):
        nearness.learn(-45)
    assert nearness.is_near(-45, None, speech=True)


def test_an_echo_at_20_db_is_no_interruption_from_the_first_word_on() -> None:
    nearness = Nearness()
    assert not any(near(nearness, PLAYED_DB - 20) for _ in range(300))


def test_an_echo_whose_loud_syllables_are_rare_is_no_interruption() -> None:
    nearness = Nearness()
    soft, loud = -30.0, -18.5
    syllables = [loud if frame % 60 == 30 else soft for frame in range(600)]
    assert not any(near(nearness, PLAYED_DB + each) for each in syllables)


def test_a_loudspeaker_that_is_turned_up_interrupts_for_a_moment_only() -> None:
    nearness = listened(10, -40)
    interrupts = [near(nearness, PLAYED_DB - 14) for _ in range(120)]
    assert interrupts[0]
    assert not any(interrupts[100:])


def test_the_candidate_is_heard_through_an_echo() -> None:
    nearness = listened(10, -20)
    assert near(nearness, EXPECTED_DB)


def test_with_headphones_a_soft_word_is_near_within_seconds() -> None:
    assert listened(5, -45, speech=False).echo_db < -36


def test_noise_that_is_no_speech_is_not_taken_for_an_echo() -> None:
    assert listened(5, -10, speech=False).echo_db < -36


def test_a_candidate_who_often_interrupts_stays_near() -> None:
    nearness = listened(5, -45, speech=False)
    assert all(near(nearness, EXPECTED_DB) for _ in range(60))


def test_what_is_not_speech_is_never_near() -> None:
    assert not Nearness().is_near(0, None, speech=False)


@given(st.lists(st.tuples(LEVELS, st.none() | LEVELS, st.booleans()), max_size=80))
def test_what_is_learned_stays_within_bounds(
    frames: list[tuple[float, float | None, bool]],
) -> None:
    nearness = Nearness()
    for level_db, played_db, speech in frames:
        nearness.is_near(level_db, played_db, speech=speech)
        nearness.learn(level_db)
    assert SOFTEST_ECHO_DB <= nearness.echo_db <= LOUDEST_ECHO_DB
    assert -60.0 <= nearness.usual_db <= 0.0
