"""An interview on model servers that go away in the middle of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.openai_server import Fault, OpenAIServer
from tests.live.candidate import Candidate, candidate
from tests.live.serving import Server, free_port, running
from tests.live.speech import spoken

pytestmark = pytest.mark.anyio

THERE, HERE = "some-model at 127.0.0.1", "pocketsphinx en-us"


def answers_heard(person: Candidate) -> int:
    said = [each for each in person.of("transcript") if each["who"] == "candidate"]
    return len({each["turn"] for each in said if each["final"]})


async def speak(person: Candidate, text: str) -> None:
    await person.asked()
    before = answers_heard(person)
    person.say(spoken(text))
    await person.until(lambda: answers_heard(person) > before, seconds=60)


@pytest.fixture
def models() -> OpenAIServer:
    return OpenAIServer(pieces=("PROBE: ", "What came ", "of it?"), port=free_port())


@pytest.fixture
def served(tmp_path: Path, models: OpenAIServer) -> Iterator[Server]:
    url = f"http://127.0.0.1:{models.port}/v1"
    with running(
        tmp_path,
        transcriber=url,
        transcriber_model="some-model",
        language_model=url,
        synthesizer=url,
        remote_fallback="embedded",
        remote_first_byte_timeout_ms="3000",
        remote_retry_budget_ms="0",
    ) as made:
        yield made


async def test_a_running_interview_is_heard_led_and_spoken_on_without_its_servers(
    served: Server, models: OpenAIServer
) -> None:
    async with models.running(), candidate(served) as person:
        person.pace = 2.0
        await person.begin()
        await speak(person, "I have been here for ten years, and I built a service.")
        models.will(*[Fault.DROP] * 1000)
        await speak(person, "I read the logs, and then I asked the people who wrote it.")
        await person.finish()
        found = await person.server_says(lambda session: session["status"] == "completed")
        with served.http() as http:
            figures = http.get("/metrics").text
    assert person.errors == []
    heard = [turn["text"] for turn in found["transcript"] if turn["speaker"] == "participant"]
    assert heard[0] == "ten years here"
    assert heard[1] != "ten years here"
    by = [times["engines"]["transcriber"] for times in found["stage_times"]]
    assert by[:2] == [THERE, HERE]
    asked = [turn["text"] for turn in found["transcript"] if turn["kind"] == "follow_up"]
    assert asked[0] == "What came of it?"
    assert 'vivavoce_engine_circuit{role="transcriber",vivavoce_engine_circuit="open"}' in figures
    assert "stand-in takes over" in served.log.read_text()
    assert "ten years" not in served.log.read_text()
