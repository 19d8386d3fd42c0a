"""One connection at a time speaks for a session, and none of them holds anybody up."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from vivavoce.web import live
from websockets.exceptions import ConnectionClosed

from tests.live.candidate import FRAME_BYTES, FRAME_SECONDS, candidate, mic_frame
from tests.live.serving import LocalServer, Server, running, running_here
from tests.live.speech import hiss

pytestmark = pytest.mark.anyio


async def test_a_second_connection_takes_over_and_no_sample_is_kept_twice(server: Server) -> None:
    async with candidate(server) as first, candidate(server, pace=1) as second:
        await first.begin()
        await first.asked()
        first.recording = first.greeted = False
        second.grant = await first.renew()
        await second.dial()
        greeting = second.group.create_task(second.greet("ring"))
        for seq in range(len(first.captured) // FRAME_BYTES, 300):
            first.captured += hiss(0.032)
            with suppress(ConnectionClosed, AssertionError):  # both of them talk at once
                await first.send_raw(mic_frame(seq, bytes(first.captured[-FRAME_BYTES:])))
            await asyncio.sleep(0)
        ready = await greeting
        assert await first.closed() == 4409
        second.captured = first.captured
        second.cursor = ready["mic_ack"] + 1
        second.say(hiss(2))
        second.recording = second.greeted = True
        await second.until(lambda: second.silent)
        await second.leave()
        kept = server.recorded(second.session_id)
        assert len(kept) > 300 * FRAME_BYTES
        assert kept == second.captured[: len(kept)]


async def test_what_was_said_before_a_page_was_left_is_heard_to_its_end(server: Server) -> None:
    """The server cannot answer any more, while most of it still waits to be read."""
    async with candidate(server) as person:
        await person.begin(microphone=False)
        said = hiss(1200 * FRAME_SECONDS)
        for seq in range(1200):
            pcm = said[seq * FRAME_BYTES :][:FRAME_BYTES]
            await person.send_raw(mic_frame(seq, pcm))
        assert person.socket is not None
        await person.socket.close()
        ready = await person.resume("fresh")
        assert ready["mic_ack"] == 1199
        await person.leave()
        assert server.recorded(person.session_id)[: len(said)] == said


@pytest.fixture(scope="module")
def small_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("small"), max_conversations="1") as made:
        yield made


async def test_whoever_left_before_the_start_keeps_no_place(small_server: Server) -> None:
    async with candidate(small_server) as gone:
        await gone.exchange()
        await gone.dial()  # and not a word
        gone.drop()
        await gone.renew()
        await gone.dial()
        await gone.greet()
        gone.drop()
        async with candidate(small_server) as here:
            await here.begin()
            await here.asked()
            await here.leave()
        await gone.renew()
        await gone.dial()
        await gone.greet()
        await gone.start()
        await gone.leave()


def narrow_socket(port: int) -> socket.socket:
    """A connection into which little fits when nobody reads from it."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect(("127.0.0.1", port))
    made.setblocking(False)
    return made


@pytest.fixture
def hurried_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    """Its patience is measured in seconds, so that a test can outlast it."""
    monkeypatch.setattr(live, "HELLO_WITHIN_SECONDS", 1.0)
    monkeypatch.setattr(live, "START_WITHIN_SECONDS", 2.0)
    with running_here(tmp_path) as made:
        yield made


async def test_a_page_that_does_nothing_is_sent_away(hurried_server: LocalServer) -> None:
    async with candidate(hurried_server) as person:
        await person.exchange()
        await person.dial()
        assert await person.closed(10) == 4408
        await person.resume("none")
        assert await person.closed(10) == 4408
        await person.resume("none")
        await person.start()
        await person.asked()
        await person.leave()


async def test_a_client_that_does_not_read_is_given_up(hurried_server: LocalServer) -> None:
    async with candidate(hurried_server) as person:
        await person.exchange()
        await person.dial(narrow_socket(hurried_server.port))
        await person.greet()
        resident_before = resident_bytes()
        person.plays = False
        await person.start(microphone=False)
        deaf = person.stop_reading()
        async with asyncio.timeout(20):
            while hurried_server.stored(person.session_id, "disconnected_at") is None:
                with suppress(ConnectionClosed):
                    for utt in (1, 2, 3):
                        await deaf.send(f'{{"t": "played", "utt": {utt}, "pts": 4294967295}}')
                await asyncio.sleep(0.05)
        assert resident_bytes() - resident_before < 64 * 1024 * 1024
        deaf.transport.abort()
        person.plays = True
        await person.resume("none")
        await person.asked()
        await person.leave()


def resident_bytes() -> int:
    status = Path("/proc/self/status").read_text()
    line = next(each for each in status.splitlines() if each.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024
