"""Whoever says nothing is asked kindly, then waited for; silence never fails anybody."""

from collections.abc import Iterator

import pytest

from tests.live.candidate import WAITING, Candidate, candidate
from tests.live.serving import Server, running
from tests.live.speech import chords, hiss

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def impatient_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("impatient")
    # The second nudge comes when a microphone has had the three seconds in which it is found dead.
    with running(folder, first_word_timeout_ms="1600") as made:
        yield made


SOUNDS = {"a quiet room": hiss(60), "a loud fan": hiss(60, 0.05), "a piano": chords(60)}


def nudges(person: Candidate) -> list[str]:
    return [message["text"] for message in person.of("utt") if message["kind"] == "nudge"]


@pytest.mark.parametrize("sound", SOUNDS.values(), ids=SOUNDS)
async def test_silence_is_met_with_two_nudges_and_then_a_pause(
    impatient_server: Server, sound: bytes
) -> None:
    async with candidate(impatient_server) as person:
        person.say(sound)
        await person.begin()
        await person.until(lambda: person.phase == "paused", 40)
        assert len(set(nudges(person))) == 3  # the last says that the interview waits
        assert impatient_server.session(person.session_id)["status"] == "in_progress"
        await person.send("control", op="resume")
        await person.until(lambda: person.phase in WAITING)
        await person.leave()


async def test_a_microphone_that_gives_nothing_is_warned_of(impatient_server: Server) -> None:
    async with candidate(impatient_server) as person:
        await person.begin()
        await person.until(lambda: person.of("warn"), 40)
        assert person.of("warn")[0]["code"] == "microphone_zero_audio"
        assert impatient_server.session(person.session_id)["status"] == "in_progress"
        await person.until(lambda: person.phase in ("paused", *WAITING))
        await person.leave()
