"""Whatever breaks in the middle of a word: what was acknowledged is kept, once."""

import asyncio
import resource
import signal
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.live.candidate import FRAME_BYTES, Candidate, candidate
from tests.live.serving import Server, running
from tests.live.speech import spoken

pytestmark = pytest.mark.anyio

ANSWER = (
    "The last thing that I built was a service that moves invoices between two banks. "
    "One night the queue was full, and I found the cause by reading the logs."
)
HURRY = 12.0  # for a while, as a minute of audio may come at once
HASTE = 4.0  # for as long as one likes
DECODED_WITHIN = 120  # seconds; the recognizer has a machine that is busy with much else
SPEECH_PACE = 1.5  # as fast as the embedded recognizer follows on a small machine


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path, grace_seconds="2") as made:
        yield made


def assert_recorded_once(person: Candidate) -> None:
    """The recording is what was said, from the first sample to the last acknowledged, and on."""
    kept = person.server.recorded(person.session_id)
    assert len(kept) >= (person.acknowledged + 1) * FRAME_BYTES
    assert kept == person.captured[: len(kept)]


def assert_nothing_said_twice(person: Candidate) -> None:
    turns = person.server.session(person.session_id)["transcript"]
    assert [turn["turn"] for turn in turns] == list(range(1, len(turns) + 1))
    spoken_turns = [t for t in turns if t["speaker"] == "participant" and not t["typed"]]
    assert spoken_turns
    for before, after in pairwise(spoken_turns):
        assert before["end_ms"] <= after["start_ms"]
    said = " ".join(turn["text"] for turn in spoken_turns).split()
    assert 0.5 < len(said) / len(ANSWER.split()) < 1.3
    asked = Counter(turn["text"] for turn in turns if turn["kind"] == "question")
    assert max(asked.values()) <= 2  # asked again after an interruption, but not more


async def be_asked(person: Candidate) -> None:
    person.in_time = True
    person.pace = HURRY
    await person.begin()
    await person.asked()
    person.pace = SPEECH_PACE


async def speak_halfway(person: Candidate) -> None:
    await be_asked(person)
    pcm = spoken(ANSWER)
    person.say(pcm)
    heard = len(person.captured) + len(pcm) // 2
    await person.until(lambda: len(person.captured) >= heard)


async def speak_to_the_end(person: Candidate) -> None:
    await person.until(lambda: person.silent)
    person.pace = 1  # what is silence to us has to be heard to its end by the recognizer
    await person.until(
        lambda: any(m["final"] for m in person.of("transcript") if theirs(m)), DECODED_WITHIN
    )
    person.pace = HASTE
    await person.asked()


def theirs(message: dict[str, object]) -> bool:
    return message["who"] == "candidate"


async def test_a_torn_connection_costs_no_sample_and_repeats_no_word(server: Server) -> None:
    async with candidate(server) as person:
        await be_asked(person)
        person.say(spoken(ANSWER))
        while not person.silent:
            mark = len(person.captured) + 3 * 32_000  # three seconds of speech
            await person.until(lambda mark=mark: len(person.captured) >= mark)  # type: ignore[misc]
            person.drop()
            mark = len(person.captured) + 16_000
            await person.until(lambda mark=mark: len(person.captured) >= mark)  # type: ignore[misc]
            await person.resume()
        await speak_to_the_end(person)
        await person.leave()
        assert_recorded_once(person)
        assert_nothing_said_twice(person)


async def test_a_killed_server_takes_the_interview_up_where_it_was(own_server: Server) -> None:
    own_server.limits.clear()
    async with candidate(own_server) as person:
        await speak_halfway(person)
        await person.until(lambda: person.acknowledged > 0)
        await asyncio.to_thread(own_server.kill)
        acknowledged = person.acknowledged
        kept = own_server.recorded(person.session_id)
        assert len(kept) >= (acknowledged + 1) * FRAME_BYTES
        await asyncio.to_thread(own_server.start)
        ready = await person.resume()
        assert (ready["state"], ready["phase"]) == ("in_progress", "live")
        assert ready["mic_ack"] >= acknowledged
        await speak_to_the_end(person)
        await person.leave()
        assert_recorded_once(person)
        assert_nothing_said_twice(person)
        await person.server_says(lambda session: session["scored_at"])
        assert own_server.events(person.session_id) == [
            "session.created",
            "session.started",
            "session.completed",
            "session.scored",
        ]


async def test_a_restart_is_announced_and_survived(own_server: Server) -> None:
    own_server.limits.clear()
    async with candidate(own_server) as person:
        await speak_halfway(person)
        status = await asyncio.to_thread(own_server.stop, signal.SIGTERM)
        assert status == 0
        assert [message["reason"] for message in person.of("goaway")] == ["restart"]
        assert await person.closed() == 4500
        assert not person.errors
        await asyncio.to_thread(own_server.start)
        await person.resume()
        await speak_to_the_end(person)
        await person.leave()
        assert_recorded_once(person)
        assert_nothing_said_twice(person)


async def test_a_full_disk_pauses_the_interview_and_loses_nothing(own_server: Server) -> None:
    own_server.limits.clear()
    async with candidate(own_server) as person:
        await be_asked(person)
        size = len(own_server.recorded(person.session_id))
        _, most = resource.prlimit(own_server.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(own_server.pid, resource.RLIMIT_FSIZE, (size + 100_000, most))
        person.say(spoken(ANSWER))
        assert await person.closed(30) == 4500
        assert person.errors[-1] == "disk_full"
        assert person.of("error")[-1]["retryable"] is True
        kept = own_server.recorded(person.session_id)
        assert len(kept) >= (person.acknowledged + 1) * FRAME_BYTES
        assert kept == person.captured[: len(kept)]
        resource.prlimit(own_server.pid, resource.RLIMIT_FSIZE, (most, most))
        await person.resume()
        await speak_to_the_end(person)
        await person.leave()
        assert_recorded_once(person)


async def test_who_stays_away_too_long_fails_with_what_was_said(own_server: Server) -> None:
    async with candidate(own_server) as person:
        await person.begin()
        await person.asked()
        await person.answer("I built a queue that moves invoices between two banks.")
        person.drop()
        silent = await gone(own_server)
        found = await person.server_says(lambda session: session["status"] != "in_progress")
        assert found["status"] == "failed"
        texts = [turn["text"] for turn in found["transcript"]]
        assert "I built a queue that moves invoices between two banks." in texts
        assert (found["score"], found["scored_at"], found["evaluation_breakdown"]) == (
            None,
            None,
            [],
        )
        with pytest.raises(AssertionError, match="session_ended"):
            await person.renew()
        assert own_server.events(person.session_id)[-1] == "session.failed"
        assert own_server.session(silent)["status"] == "failed"
        assert "conversation failed" not in own_server.log.read_text()
        async with candidate(own_server) as another:  # nobody else was disturbed
            await another.begin()


async def gone(server: Server) -> str:
    """Somebody who starts and leaves before a word was heard."""
    async with candidate(server) as person:
        person.plays = False
        await person.begin(microphone=False)
        return person.session_id
