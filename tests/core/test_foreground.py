from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.foreground import FAR_AFTER_MS, FURTHER_DB, Foreground

EVERY_MS = 128  # as they are measured
VOICE = (-30.0, -16.0, -22.0, -35.0, -18.0, -25.0, -28.0, -20.0)
RADIO = (-40.0, -38.0, -44.0, -37.0, -41.0, -47.0, -39.0, -40.0)


class Heard:
    def __init__(self, *levels: Iterable[float]) -> None:
        self._foreground = Foreground()
        self._at_ms = 0
        for each in levels:
            self.hold(each)

    def hold(self, levels: Iterable[float | None], every_ms: int = EVERY_MS) -> list[bool]:
        held = []
        for level_db in levels:
            self._at_ms += every_ms
            held.append(self._foreground.holds(self._at_ms, level_db))
        return held

    def begin(self) -> None:
        self._foreground.begin()

    def pause(self, milliseconds: int) -> None:
        self._at_ms += milliseconds


def test_who_speaks_softly_all_the_time_is_the_candidate() -> None:
    assert all(Heard().hold(level_db - 30 for level_db in VOICE * 40))


def test_a_radio_does_not_prolong_an_answer() -> None:
    held = Heard(VOICE * 2).hold(RADIO * 3)
    first_far = held.index(False)
    assert FAR_AFTER_MS <= (first_far + 1) * EVERY_MS < FAR_AFTER_MS + EVERY_MS
    assert not any(held[first_far:])


def test_how_often_levels_are_measured_makes_no_difference() -> None:
    sparse, dense = Heard(VOICE * 2), Heard(VOICE * 2)
    measured: list[float | None] = [each for level in RADIO for each in (level, None, None, None)]
    assert not sparse.hold(measured, every_ms=32)[-1]
    assert not dense.hold([level for level in RADIO for _ in range(4)], every_ms=32)[-1]


def test_the_silence_between_two_words_of_the_room_is_not_counted() -> None:
    heard = Heard(VOICE * 2)
    heard.pause(2_000)
    assert all(heard.hold(RADIO[:6]))


def test_who_sinks_the_voice_is_still_heard() -> None:
    assert all(Heard(VOICE * 3).hold(level_db - 12 for level_db in VOICE * 3))


def test_a_knock_on_the_table_does_not_make_the_candidate_the_room() -> None:
    assert all(Heard(VOICE * 2, [-3.0]).hold(VOICE * 4))


def test_one_loud_sound_brings_the_candidate_back_at_once() -> None:
    heard = Heard(VOICE * 2, RADIO * 2)
    assert heard.hold([-20.0, None]) == [True, True]


def test_who_leans_back_is_the_candidate_again_after_a_while() -> None:
    heard = Heard(VOICE * 3)
    held = heard.hold(level_db - 22 for level_db in VOICE * 10)
    assert not all(held)
    assert all(held[-8:])


def test_every_answer_begins_with_the_candidate() -> None:
    heard = Heard(VOICE * 2, RADIO * 2)
    heard.begin()
    assert heard.hold([None, -40.0]) == [True, True]


@given(st.lists(st.floats(-60, 0), max_size=60), st.floats(0, FURTHER_DB - 1))
def test_what_is_nearly_as_loud_as_ever_is_never_the_room(
    before: list[float], below_db: float
) -> None:
    assert Heard(before).hold([max(before, default=-60.0) - below_db]) == [True]
