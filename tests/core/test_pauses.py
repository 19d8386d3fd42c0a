from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.pauses import PauseMemory

MIGHT_BE_OVER, DANGLING = 0.5, 0.12


def conversed(in_pauses: float, at_ends: float, *, turns: int = 8) -> PauseMemory:
    """A speaker who paused once in every turn, and what a detector heard in it and at its end."""
    pauses = PauseMemory()
    for _ in range(turns):
        pauses.learn(900, MIGHT_BE_OVER, in_pauses)
        pauses.end_turn(at_ends)
        pauses.confirm_end()
    return pauses


def test_a_detector_that_tells_ends_from_pauses_earns_trust() -> None:
    assert PauseMemory().trust == 0.0
    assert conversed(0.05, 0.95, turns=1).trust < 0.1
    assert conversed(0.05, 0.95, turns=3).trust > 0.3
    assert conversed(0.05, 0.95, turns=20).trust > 0.9


def test_a_detector_that_hears_the_same_in_both_is_not_trusted() -> None:
    for sound in (0.02, 0.5, 0.98):
        assert conversed(sound, sound).trust == 0.0
    assert conversed(0.95, 0.05).trust == 0.0


def test_an_end_at_which_the_speaker_went_on_is_none() -> None:
    pauses = PauseMemory()
    for _ in range(20):
        pauses.learn(900, MIGHT_BE_OVER, 0.05)
        pauses.end_turn(0.95)
        pauses.end_turn(None)  # interrupted
        pauses.confirm_end()
    assert pauses.trust < 0.1


def test_a_pause_memory_comes_to_know_its_speaker() -> None:
    pauses = PauseMemory()
    assert pauses.usual_pause_ms == PauseMemory.UNKNOWN_MS
    for _ in range(30):
        pauses.learn(900, MIGHT_BE_OVER)
    assert 890 <= pauses.usual_pause_ms <= 900


def test_neither_articulation_nor_a_pause_after_because_says_how_long_sentences_are_apart() -> None:
    pauses = PauseMemory()
    pauses.learn(60, MIGHT_BE_OVER)
    pauses.learn(2_000, DANGLING)
    pauses.learn(200, None)
    assert (pauses.usual_pause_ms, pauses.expected_ms) == (PauseMemory.UNKNOWN_MS, 0)


def test_a_turn_is_expected_to_go_on_after_a_silence_like_its_longest() -> None:
    pauses = PauseMemory()
    pauses.learn(800, MIGHT_BE_OVER)
    pauses.learn(500, MIGHT_BE_OVER)
    assert pauses.expected_ms == 960
    pauses.end_turn(None)
    assert pauses.expected_ms == 0


@given(st.lists(st.tuples(st.integers(0, 100_000), st.none() | st.floats(0, 1)), max_size=40))
def test_what_is_learned_stays_within_what_was_heard(
    heard: list[tuple[int, float | None]],
) -> None:
    pauses = PauseMemory()
    for pause_ms, score in heard:
        pauses.learn(pause_ms, score, score)
    assert PauseMemory.SHORTEST_MS <= pauses.usual_pause_ms <= PauseMemory.LONGEST_MS
    assert 0 <= pauses.expected_ms <= PauseMemory.LONGEST_EXPECTED_MS
    assert 0.0 <= pauses.trust <= 1.0
