"""How many interviews at once count as held, and what a crowd's figures say."""

import anyio
from vivavoce.services.bench.capacity import Held, capacity_of, limit_ms, ramp
from vivavoce.services.bench.crowd.ramp import level
from vivavoce.services.bench.crowd.server_figures import ServerReading, lag_within, parse_lag
from vivavoce.services.bench.crowd.tally import Tally
from vivavoce.services.bench.figures import Row

NOTHING = Row("", 0, None, None, None)


def step(interviews: int, p95: int | None) -> Held:
    row = Row("", 9, p95, p95, p95)
    return Held(interviews, row, 0, 0, NOTHING, NOTHING, 1.0)


def test_the_ramp_ends_with_the_first_number_that_does_not_hold() -> None:
    p95 = {1: 500, 2: 700, 3: 900, 4: 400}

    async def measure(interviews: int) -> Held:
        return step(interviews, p95[interviews])

    steps = anyio.run(ramp, 9, 800, measure)
    assert [each.interviews for each in steps] == [1, 2, 3]
    found = capacity_of(steps, 800)
    assert found is not None
    assert found.interviews == 2


def test_where_one_alone_is_too_slow_those_count_that_are_no_slower() -> None:
    steps = (step(1, 1000), step(2, 1200), step(3, 1300))
    assert limit_ms(steps, 800) == 1250
    found = capacity_of(steps, 800)
    assert found is not None
    assert found.interviews == 2


def test_where_one_alone_keeps_to_the_bar_nothing_slower_counts() -> None:
    steps = (step(1, 671), step(2, 810))
    assert limit_ms(steps, 800) == 800
    found = capacity_of(steps, 800)
    assert found is not None
    assert found.interviews == 1


def test_silence_is_no_capacity() -> None:
    assert capacity_of((step(1, None),), 800) is None


EXPOSITION = """\
# TYPE vivavoce_event_loop_lag_seconds histogram
vivavoce_event_loop_lag_seconds_bucket{le="0.01"} 90.0
vivavoce_event_loop_lag_seconds_bucket{le="0.02"} 99.0
vivavoce_event_loop_lag_seconds_bucket{le="+Inf"} 100.0
vivavoce_event_loop_lag_seconds_count 100.0
"""


def test_the_loops_lateness_is_that_of_the_time_between_two_readings() -> None:
    lag = parse_lag(EXPOSITION)
    assert lag == ((0.01, 90.0), (0.02, 99.0), (float("inf"), 100.0))
    nothing = ServerReading(0, 0, ())
    assert lag_within(nothing, ServerReading(0, 0, lag), 0.99) == 0.02
    later = ServerReading(0, 0, ((0.01, 90.0), (0.02, 199.0), (float("inf"), 200.0)))
    assert lag_within(ServerReading(0, 0, lag), later, 0.99) == 0.02
    assert lag_within(ServerReading(0, 0, lag), later, 1.0) == 0.02


def test_a_level_holds_when_answers_are_quick_and_nobody_was_lost() -> None:
    before = ServerReading(10.0, 0, ())
    after = ServerReading(15.0, 50, ((0.02, 100.0), (float("inf"), 100.0)))
    tally = Tally(voice_to_voice_ms=[500], frames=100, speech_frames=40, connected=2)
    found = level(2, tally, before, after, 10.0)
    assert (found.cpu_share, found.speech_share, found.lost) == (0.5, 0.4, 0)
    assert found.holds(800)
    assert not found.holds(400)
    assert not level(3, tally, before, after, 10.0).holds(800), "one is missing"
