"""Who stalls, who never stops talking and who waits for a slow model is no trouble to anybody else.

Times are compared with those of the same interview a moment before, when it was alone.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic

import pytest
from vivavoce.services.bench.crowd.server_figures import ServerReading, lag_within, read_server
from websockets.exceptions import ConnectionClosed

from tests.engines.openai_server import Fault, OpenAIServer
from tests.live.candidate import Candidate, candidate
from tests.live.serving import Server, free_port, running
from tests.live.speech import spoken

pytestmark = pytest.mark.anyio

QUESTIONS = [{"question": f"What did you build in year {n}?"} for n in range(1, 31)]
EXCHANGES = 4
# Room for a machine that has other work: whoever is held up waits for seconds, or for good.
TIMES_SLOWER, SLACK_SECONDS = 5, 2.0
LATER_SECONDS = 0.25
END_OF_LINE = 0xFFFF_FFFF


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("server")) as made:
        made.seed(questions=QUESTIONS)
        yield made


async def reply_seconds(person: Candidate) -> float:
    """From an answer to the first sound of what is said to it."""
    lines, began = len(person.heard), monotonic()
    await person.send("answer_text", text="I built a billing system, and it ran for years.")
    await person.until(lambda: len(person.heard) > lines, seconds=60)
    replied = monotonic() - began
    await person.asked()
    return replied


async def slowest_reply(person: Candidate) -> float:
    return max([await reply_seconds(person) for _ in range(EXCHANGES)])


async def reading(server: Server) -> ServerReading:
    return await asyncio.to_thread(read_server, server.pid, server.origin)


class Comparison:
    """What an interview and the event loop were like while it was alone, and what they are now."""

    def __init__(self, person: Candidate) -> None:
        self._person = person

    async def alone(self) -> None:
        self._begun = await reading(self._person.server)
        self._reply = await slowest_reply(self._person)
        self._ended = await reading(self._person.server)

    async def beside(self) -> None:
        before = await reading(self._person.server)
        reply = await slowest_reply(self._person)
        after = await reading(self._person.server)
        assert reply < TIMES_SLOWER * self._reply + SLACK_SECONDS
        late_alone = lag_within(self._begun, self._ended, 0.9)
        assert lag_within(before, after, 0.9) <= late_alone + LATER_SECONDS


@asynccontextmanager
async def compared(server: Server) -> AsyncIterator[Comparison]:
    """An interview that is under way, and was measured alone."""
    async with candidate(server) as person:
        await person.begin()
        await person.asked()
        comparison = Comparison(person)
        await comparison.alone()
        yield comparison


async def test_a_client_that_takes_nothing_holds_nobody_up(server: Server) -> None:
    async with compared(server) as others, candidate(server) as stalled:
        stalled.plays = False
        await stalled.begin(microphone=False)
        deaf = stalled.stop_reading()

        async def ask_for_more() -> None:
            """As if all had been played, so that line after line is sent to nobody."""
            with suppress(ConnectionClosed):
                while True:
                    for utt in range(1, 6):
                        mark = f'{{"t": "played", "utt": {utt}, "pts": {END_OF_LINE}}}'
                        await deaf.send(mark)
                    await deaf.send('{"t": "control", "op": "repeat"}')
                    await asyncio.sleep(0.05)

        asking = stalled.group.create_task(ask_for_more())
        await others.beside()
        asking.cancel()
        deaf.transport.abort()


async def test_somebody_who_never_stops_talking_holds_nobody_up(server: Server) -> None:
    async with compared(server) as others, candidate(server, pace=1.0) as talker:
        await talker.begin()
        await talker.asked()
        story = spoken("Well, I built a service, and then I built another one, and then ")
        talker.say(story * 40)
        await talker.until(lambda: any(each["speaking"] for each in talker.of("vad")), seconds=30)
        await others.beside()
        assert not talker.silent
        assert talker.errors == []


@pytest.fixture
def models() -> OpenAIServer:
    return OpenAIServer(port=free_port())


@pytest.fixture
def served(tmp_path: Path, models: OpenAIServer) -> Iterator[Server]:
    url = f"http://127.0.0.1:{models.port}/v1"
    limits = {"remote_first_byte_timeout_ms": "20000", "remote_timeout_ms": "30000"}
    with running(tmp_path, language_model=url, **limits) as made:
        made.seed(questions=QUESTIONS)
        yield made


async def test_a_model_that_reads_one_prompt_for_twenty_seconds_holds_nobody_up(
    served: Server, models: OpenAIServer
) -> None:
    async with models.running(), compared(served) as others, candidate(served) as waiting:
        await waiting.begin()
        await waiting.asked()
        asked = len(models.asked)
        models.will(Fault.HANG)
        await waiting.send("answer_text", text="I built a billing system, and it ran for years.")
        await waiting.until(lambda: len(models.asked) > asked, seconds=20)
        await others.beside()
        assert waiting.errors == []
