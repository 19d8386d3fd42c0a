from dataclasses import dataclass

from vivavoce.services.engine_times import MOST_SESSIONS, EngineTimes


@dataclass(frozen=True)
class Job:
    lane: str
    session: str
    queued_ms: float = 1.0
    ran_ms: float = 2.0


@dataclass(frozen=True)
class Use:
    role: str
    session: str
    engine: str


def test_jobs_of_one_exchange_are_summed_and_the_next_begins_at_nothing() -> None:
    times = EngineTimes()
    for job in (Job("transcriber", "a"), Job("transcriber", "a"), Job("transcriber", "b")):
        times.observe(job)
    times.observe(Job("synthesizer", ""))  # speech that any interview may use
    assert times.take("a")[0] == {"transcriber.queued": 2.0, "transcriber.ran": 4.0}
    assert times.take("a")[0] == {}
    assert times.take("b")[0] == {"transcriber.queued": 1.0, "transcriber.ran": 2.0}


def test_who_stood_in_is_named_for_that_exchange_only() -> None:
    times = EngineTimes()
    times.cast({"transcriber": "whisper at gpu", "language_model": "qwen at gpu"})
    times.used(Use("transcriber", "a", "pocketsphinx"))
    assert times.take("a")[1] == {"transcriber": "pocketsphinx", "language_model": "qwen at gpu"}
    assert times.take("a")[1]["transcriber"] == "whisper at gpu"
    assert times.take("b")[1]["transcriber"] == "whisper at gpu"


def test_interviews_that_end_without_another_exchange_are_forgotten() -> None:
    times = EngineTimes()
    for number in range(MOST_SESSIONS + 1):
        times.observe(Job("transcriber", str(number)))
    assert times.take("0")[0] == {}
    assert times.take("1")[0]
