"""The embedded ear hears the embedded voice, streams, queues, and survives its processes."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
from vivavoce.core.errors import EngineFailure
from vivavoce.engines.sphinx_worker import spelled
from vivavoce.engines.transcriber_sphinx import SphinxStream, SphinxTranscriber

from tests.e2e.voice import speak
from tests.engines.speaking import frames, room_noise, said, silence

pytestmark = pytest.mark.anyio
SENTENCE = "I was responsible for the new payment system."


@pytest.fixture
async def ear() -> AsyncIterator[SphinxTranscriber]:
    transcriber = await SphinxTranscriber.start(1)
    yield transcriber
    await transcriber.close()


def hear(stream: SphinxStream, pcm: bytes) -> None:
    for frame in frames(pcm):
        stream.feed(frame)


async def test_a_spoken_sentence_is_understood(ear: SphinxTranscriber) -> None:
    stream = ear.open("a", "en")
    hear(stream, silence(0.3) + await said(SENTENCE) + silence(0.3))
    heard = await stream.final()
    expected = set(SENTENCE.lower().strip(".").split())
    assert len(expected & set(heard.text.lower().split())) >= len(expected) - 2
    await stream.close()


async def test_words_carry_times_in_order_and_probabilities(ear: SphinxTranscriber) -> None:
    stream = ear.open("a", "en")
    pcm = await said(SENTENCE)
    hear(stream, silence(1) + pcm)
    words = (await stream.final()).words
    assert words[0].start_ms >= 700
    assert words[-1].end_ms <= 1000 + len(pcm) // 32 + 200
    assert all(a.end_ms <= b.start_ms + 10 for a, b in pairwise(words))
    assert all(0 <= word.probability <= 1 for word in words)
    await stream.close()


async def test_words_arrive_while_somebody_speaks_and_settled_ones_stay(
    ear: SphinxTranscriber, tmp_path: Path
) -> None:
    # In flite's voice, which never varies: espeak-ng's breath is random noise.
    stream = ear.open("a", "en")
    hear(stream, speak("One two three four five.", tmp_path).tobytes())
    hear(stream, silence(0.5))
    first = await stream.final()
    hear(stream, speak("Six seven eight nine ten.", tmp_path).tobytes())
    partial = await stream.partial()
    assert partial.stable >= len(first.words) - 1
    assert partial.words[: partial.stable] == first.words[: partial.stable]
    last = await stream.final()
    assert last.text == "one two three four five six seven eight nine ten"
    assert last.words[: len(first.words) - 1] == first.words[:-1]
    await stream.close()


async def test_a_final_without_new_audio_is_answered_at_once(ear: SphinxTranscriber) -> None:
    stream = ear.open("a", "en")
    hear(stream, await said("Yes."))
    assert await stream.final() is await stream.final()
    await stream.close()


async def test_silence_and_noise_are_no_words_that_matter(ear: SphinxTranscriber) -> None:
    stream = ear.open("a", "en")
    hear(stream, silence(1) + room_noise(2))
    assert len((await stream.final()).words) <= 2
    await stream.close()


async def test_a_stream_with_nothing_fed_has_no_words(ear: SphinxTranscriber) -> None:
    stream = ear.open("a", "en")
    assert (await stream.partial()).words == ()
    assert (await stream.final()).words == ()
    await stream.close()


async def test_a_stream_waits_its_turn_and_loses_nothing(ear: SphinxTranscriber) -> None:
    first, second = ear.open("a", "en"), ear.open("b", "en")
    hear(second, await said(SENTENCE))
    assert (await second.partial()).words == ()
    async with asyncio.TaskGroup() as tasks:
        final = tasks.create_task(second.final())
        await asyncio.sleep(0)
        await first.close()
    assert "responsible" in final.result().text
    await second.close()


async def test_a_cancelled_request_does_not_disturb_the_next(ear: SphinxTranscriber) -> None:
    stream = ear.open("a", "en")
    hear(stream, await said(SENTENCE))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await stream.final()
    assert "responsible" in (await stream.final()).text
    await stream.close()


async def test_a_crashed_process_fails_its_stream_and_is_replaced(ear: SphinxTranscriber) -> None:
    stream = ear.open("a", "en")
    hear(stream, await said("Hello."))
    os.kill(ear.process_ids[0], signal.SIGKILL)
    with pytest.raises(EngineFailure) as failure:
        await stream.final()
    assert failure.value.code == "transcriber_crashed"
    await stream.close()
    again = ear.open("a", "en")
    hear(again, await said(SENTENCE))
    assert "responsible" in (await again.final()).text
    await again.close()


async def test_closing_frees_whoever_waits() -> None:
    transcriber = await SphinxTranscriber.start(1)
    first, waiting = transcriber.open("a", "en"), transcriber.open("b", "en")
    async with asyncio.TaskGroup() as tasks:
        refused = tasks.create_task(code_of(waiting))
        await asyncio.sleep(0)
        await transcriber.close()
    assert refused.result() == "engine_closed"
    await first.close()
    await waiting.close()
    with pytest.raises(EngineFailure, match="shut down"):
        transcriber.open("c", "en")


async def code_of(stream: SphinxStream) -> str:
    try:
        await stream.final()
    except EngineFailure as failure:
        return failure.code
    return ""


async def test_other_languages_are_refused(ear: SphinxTranscriber) -> None:
    with pytest.raises(EngineFailure) as failure:
        ear.open("a", "de")
    assert failure.value.code == "language_unsupported"


@pytest.mark.parametrize(
    ("entry", "written"),
    [("what(2)", "what"), ("i", "I"), ("i'm", "I'm"), ("in", "in"), ("it's(3)", "it's")],
)
def test_dictionary_entries_are_written_as_words(entry: str, written: str) -> None:
    assert spelled(entry) == written
