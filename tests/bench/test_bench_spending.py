"""What engines spend during a bench stands in its ledgers, as in those of a server."""

from vivavoce.engines.lanes import JobKind, JobTimes
from vivavoce.services.bench.latency import Spending
from vivavoce.services.engine_times import EngineTimes


def test_the_installation_that_is_measured_learns_what_its_sessions_spent() -> None:
    spending, before, now = Spending(), EngineTimes(), EngineTimes()
    job = JobTimes("transcriber", "a", JobKind.FINAL, queued_ms=2.5, ran_ms=40.0)
    for times in (before, now):
        spending.of(times)
        spending.observe(job)
    for times in (before, now):
        assert times.take("a")[0] == {"transcriber.queued": 2.5, "transcriber.ran": 40.0}
