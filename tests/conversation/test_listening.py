"""What is heard belongs to the utterance it was said in, however late the engine answers."""

import asyncio

import pytest
from vivavoce.conversation.listening import Listening
from vivavoce.conversation.utterance import Utterance
from vivavoce.core.transcript import Word
from vivavoce.ports.engines import Hypothesis

from tests.conversation.rehearsal import SILENCE, HearingVad, MemorySpool

SAID = Hypothesis((Word("yesterday", 0, 300, 0.9),))


class SlowStream:
    def __init__(self) -> None:
        self.decoded = asyncio.Event()
        self.closed = False
        self.finals = 0

    def feed(self, pcm: bytes) -> None:
        return None

    async def partial(self) -> Hypothesis:
        await self.decoded.wait()
        return SAID

    async def final(self) -> Hypothesis:
        self.finals += 1
        return await self.partial()

    async def close(self) -> None:
        self.closed = True


class SlowTranscriber:
    name = "slow"
    languages = frozenset({"en"})

    def __init__(self) -> None:
        self.streams: list[SlowStream] = []

    def open(self, session: str, language: str) -> SlowStream:
        self.streams.append(SlowStream())
        return self.streams[-1]


def listening_with(transcriber: SlowTranscriber) -> Listening:
    listening = Listening(MemorySpool(), HearingVad(), transcriber, "session", "en")
    listening.hear(SILENCE)
    listening.open_utterance(32)
    return listening


@pytest.mark.anyio
async def test_words_of_an_ended_utterance_are_not_taken_for_those_of_the_next() -> None:
    transcriber = SlowTranscriber()
    listening = listening_with(transcriber)
    async with asyncio.TaskGroup() as group:
        late = group.create_task(listening.partial())
        await asyncio.sleep(0)
        listening.end_utterance()
        listening.open_utterance(listening.at_ms)
        transcriber.streams[0].decoded.set()
    assert late.result() is None
    await listening.close()


@pytest.mark.anyio
async def test_a_cut_utterance_hears_nothing_more_and_is_given_back_with_its_last_word() -> None:
    transcriber = SlowTranscriber()
    listening = listening_with(transcriber)
    words = listening.cut()
    assert not listening.listening
    assert await listening.final() is None
    transcriber.streams[0].decoded.set()
    heard = await words
    assert heard is not None
    assert [word.text for word in heard.words] == ["yesterday"]
    assert transcriber.streams[0].closed


class CountingStream(SlowStream):
    def __init__(self) -> None:
        super().__init__()
        self.fed_ms = 0
        self.heard: list[Word] = []

    def feed(self, pcm: bytes) -> None:
        self.fed_ms += len(pcm) // 32

    async def final(self) -> Hypothesis:
        return Hypothesis(tuple(self.heard))


@pytest.mark.anyio
async def test_a_long_pause_is_not_sent_and_words_keep_their_place_in_the_recording() -> None:
    stream = CountingStream()
    utterance = Utterance(stream, from_sample=160_000)  # ten seconds in
    for speech, frames in ((True, 10), (False, 1_000), (True, 10)):
        for _ in range(frames):
            utterance.hear(SILENCE, speech=speech)
    assert stream.fed_ms < 320 + 1_000 + 400 + 320
    stream.heard = [Word("one", 0, 320, 0.9), Word("two", stream.fed_ms - 320, stream.fed_ms, 0.9)]
    first, last = (await utterance.final()).words
    assert (first.start_ms, first.end_ms) == (10_000, 10_320)
    assert (last.start_ms, last.end_ms) == (10_000 + 1_010 * 32, 10_000 + 1_020 * 32)


@pytest.mark.anyio
async def test_who_asks_again_before_more_is_said_shares_the_words() -> None:
    transcriber = SlowTranscriber()
    listening = listening_with(transcriber)
    async with asyncio.TaskGroup() as group:
        first = group.create_task(listening.final())
        await asyncio.sleep(0)
        listening.hear(SILENCE)
        second = group.create_task(listening.cut())
        await asyncio.sleep(0)
        transcriber.streams[0].decoded.set()

    assert first.result() is not None
    assert first.result() == second.result()
    assert transcriber.streams[0].finals == 1


@pytest.mark.anyio
async def test_who_shares_the_words_of_somebody_who_gives_up_asks_for_them() -> None:
    transcriber = SlowTranscriber()
    listening = listening_with(transcriber)
    async with asyncio.TaskGroup() as group:
        first = group.create_task(listening.final())
        await asyncio.sleep(0)
        second = group.create_task(listening.cut())
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        transcriber.streams[0].decoded.set()

    heard = second.result()
    assert heard is not None
    assert heard.text == SAID.text
    assert transcriber.streams[0].finals == 2
