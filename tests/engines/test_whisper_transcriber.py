"""Whisper through faster-whisper's real code, with a model whose words are known."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.errors import EngineFailure
from vivavoce.engines.lanes import Lane
from vivavoce.engines.silero import SileroSession
from vivavoce.engines.transcriber_whisper import WhisperStream, WhisperTranscriber
from vivavoce.engines.whisper_decoding import window_seconds

from tests.engines.broken_files import code_of, cut
from tests.engines.speaking import frames, room_noise, said, silence
from tests.model_makers.whisper import spelled, write_whisper

pytestmark = [pytest.mark.anyio, pytest.mark.models]
WORDS = tuple(spelled(number) for number in range(1, 6))


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_whisper(tmp_path_factory.mktemp("whisper") / "faster-whisper-nano", len(WORDS))


@pytest.fixture
async def ear(weights: Path) -> AsyncIterator[WhisperTranscriber]:
    lane = Lane("whisper")
    yield await WhisperTranscriber.load(weights, lane, SileroSession(), 1)
    await lane.close()


def hear(stream: WhisperStream, pcm: bytes) -> None:
    for frame in frames(pcm):
        stream.feed(frame)


async def test_an_utterance_gets_the_models_words_with_times_and_probabilities(
    ear: WhisperTranscriber,
) -> None:
    stream = ear.open("a", "en")
    pcm = await said("I have worked with databases for ten years.")
    hear(stream, pcm)
    heard = await stream.final()
    assert tuple(word.text for word in heard.words) == WORDS
    assert all(0 <= w.start_ms <= w.end_ms <= len(pcm) // 32 for w in heard.words)
    assert all(0 <= w.probability <= 1 for w in heard.words)
    await stream.close()


async def test_words_become_stable_when_two_hypotheses_agree_and_stay(
    ear: WhisperTranscriber,
) -> None:
    stream = ear.open("a", "en")
    pcm = await said("I have worked with databases for ten years, mostly in payments.")
    third = len(pcm) // 3
    hear(stream, pcm[:third])
    assert (await stream.partial()).stable == 0
    hear(stream, pcm[third : 2 * third])
    second = await stream.partial()
    assert second.stable == len(WORDS)
    hear(stream, pcm[2 * third :])
    last = await stream.final()
    assert last.words[: second.stable] == second.words[: second.stable]
    await stream.close()


async def test_silence_and_a_noisy_room_are_not_transcribed(ear: WhisperTranscriber) -> None:
    stream = ear.open("a", "en")
    hear(stream, silence(1) + room_noise(2))
    assert (await stream.final()).words == ()
    await stream.close()


async def test_a_very_long_utterance_keeps_its_window_and_its_words(
    ear: WhisperTranscriber,
) -> None:
    stream = ear.open("a", "en")
    pcm = await said("I have worked with databases for ten years, mostly in payments.")
    before = await stream.partial()
    for _ in range(12):
        hear(stream, pcm)
        before = await stream.partial()
    after = await stream.final()
    assert after.words[: before.stable] == before.words[: before.stable]
    assert len(after.words) >= len(WORDS)
    await stream.close()


async def test_a_final_without_new_audio_needs_no_decoding(ear: WhisperTranscriber) -> None:
    stream = ear.open("a", "en")
    hear(stream, await said("Yes."))
    first = await stream.final()
    assert await stream.final() == first
    await stream.close()


async def test_sessions_share_the_lane_and_get_their_own_words(ear: WhisperTranscriber) -> None:
    pcm = await said("I have worked with databases.")
    streams = [ear.open(name, "en") for name in "abc"]
    for stream in streams:
        hear(stream, pcm)
    async with asyncio.TaskGroup() as tasks:
        asked = [tasks.create_task(stream.final()) for stream in streams]
        tasks.create_task(streams[0].partial())
    assert all(len(task.result().words) == len(WORDS) for task in asked)


async def test_a_cancelled_partial_does_not_disturb_the_final(ear: WhisperTranscriber) -> None:
    stream = ear.open("a", "en")
    hear(stream, await said("I have worked with databases."))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.0001):
            await stream.partial()
    assert len((await stream.final()).words) == len(WORDS)


async def test_a_language_the_model_lacks_is_refused(ear: WhisperTranscriber) -> None:
    with pytest.raises(EngineFailure) as failure:
        ear.open("a", "tlh")
    assert code_of(failure) == "language_unsupported"


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json", "config.json"])
async def test_a_missing_file_is_named_and_never_downloaded(
    weights: Path, tmp_path: Path, name: str
) -> None:
    folder = shutil.copytree(weights, tmp_path / "w")
    (folder / name).unlink()
    assert await refusal(folder) == "model_missing"


async def test_damaged_weights_have_a_code(weights: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(weights, tmp_path / "w")
    cut(folder / "model.bin")
    assert await refusal(folder) == "model_truncated"
    (folder / "model.bin").write_bytes(b"")
    assert await refusal(folder) == "model_truncated"
    (folder / "model.bin").write_bytes(b"GGUF and something else entirely")
    assert await refusal(folder) == "model_wrong_kind"
    assert await refusal(tmp_path / "nowhere") == "model_missing"


async def refusal(folder: Path) -> str:
    lane = Lane("whisper")
    try:
        with pytest.raises(EngineFailure) as failure:
            await WhisperTranscriber.load(folder, lane, SileroSession(), 1)
        return code_of(failure)
    finally:
        await lane.close()


@given(st.floats(0, 29))
def test_the_window_is_the_audio_and_at_least_a_second_of_silence(seconds: float) -> None:
    window = window_seconds(seconds)
    assert 10 <= window <= 30
    assert min(seconds + 1, 30) <= window <= max(10, seconds + 2)
    assert window_seconds(seconds, full=True) == 30
