"""How many interviews a machine is said to hold, and when it is said to be behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.capacity import (
    Capacity,
    CapacityMeasured,
    Machine,
    parse_measured,
    plan_capacity,
    render_measured,
)
from vivavoce.core.errors import Invalid
from vivavoce.core.overload import Answers, is_overloaded, overload_bar_ms

HERE = Machine("box", 4)
ENGINES = {"transcriber": "whisper base"}
MEASURED = CapacityMeasured(3, 700, 800, "2026-11-30", HERE, ENGINES)
MODELS = dict.fromkeys(("transcriber", "language_model", "synthesizer"), "model")


def planned(
    wanted: int = 0,
    measured: CapacityMeasured | None = MEASURED,
    machine: Machine = HERE,
    kinds: dict[str, str] = MODELS,
) -> Capacity:
    return plan_capacity(wanted, measured, machine, ENGINES, kinds)


def test_what_was_measured_here_with_these_engines_counts() -> None:
    found = planned()
    assert found.interviews == 3
    assert "2026-11-30" in found.why


def test_what_was_set_wins() -> None:
    assert planned(wanted=7).interviews == 7


@pytest.mark.parametrize("cores", [1, 2, 8])
def test_a_measurement_of_another_machine_is_only_an_occasion_for_advice(cores: int) -> None:
    found = planned(machine=Machine("other", cores))
    assert found.interviews == max(1, cores // 2)
    assert "another machine" in found.why
    assert "bench capacity" in found.why


def test_without_a_measurement_the_costliest_role_decides() -> None:
    remote = dict.fromkeys(MODELS, "remote")
    mixed = {**remote, "synthesizer": "model"}
    embedded = {**remote, "transcriber": "embedded"}
    limits = [planned(0, None, HERE, kinds).interviews for kinds in (mixed, embedded, remote)]
    assert limits == [2, 16, 80]


def test_a_machine_that_does_not_hold_even_one_admits_one() -> None:
    none = CapacityMeasured(0, 2000, 800, "2026-11-30", HERE, ENGINES)
    assert planned(measured=none).interviews == 1


def test_a_measurement_survives_its_file() -> None:
    assert parse_measured(render_measured(MEASURED)) == MEASURED


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"machine": 1}', "null"])
def test_a_file_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_measured(text)
    assert refusal.value.code == "capacity_file"


def test_it_is_behind_when_answers_of_the_last_minutes_were_slow() -> None:
    answers = Answers()
    for second in range(8):
        answers.note(second, 500)
    assert answers.p95_ms(8) == 500
    answers.note(9, 5000)
    assert answers.p95_ms(9) == 5000
    assert answers.p95_ms(600) is None, "that is over"


def test_few_answers_tell_nothing() -> None:
    answers = Answers()
    answers.note(0, 9000)
    assert answers.p95_ms(1) is None


def test_a_late_event_loop_is_overload_too() -> None:
    assert is_overloaded(None, 800, [0.2] * 250)
    assert not is_overloaded(None, 800, [0.001] * 18 + [0.2]), "a start is no overload"
    assert not is_overloaded(None, 800, [0.001] * 99 + [0.5])
    assert not is_overloaded(700, 800, [])
    assert is_overloaded(900, 800, [])


@given(st.integers(1, 5000))
def test_the_bar_leaves_room_above_what_the_machine_does_at_its_best(p95_ms: int) -> None:
    assert overload_bar_ms(800, p95_ms) >= max(800, p95_ms)
