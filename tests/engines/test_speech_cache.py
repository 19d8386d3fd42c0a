"""The speech cache: one synthesis per text, for everybody and across restarts."""

import asyncio
from pathlib import Path

import pytest
from vivavoce.core.errors import EngineFailure
from vivavoce.engines.speech_cache import CachedSynthesizer
from vivavoce.ports.engines import Speech

pytestmark = pytest.mark.anyio


class CountingVoice:
    name = "counting"
    languages = frozenset({"en"})

    def __init__(self, file_hash: str = "one", failures: int = 0) -> None:
        self.file_hash = file_hash
        self.asked: list[str] = []
        self._failures = failures
        self.was_asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.may_prepare = asyncio.Event()

    async def synthesize(
        self,
        text: str,
        *,
        language: str,
        voice: str | None = None,
        speed: float = 1.0,
        ahead: bool = False,
    ) -> Speech:
        self.asked.append(text)
        self.was_asked.set()
        await (self.may_prepare if ahead else self.may_answer).wait()
        if self._failures:
            self._failures -= 1
            raise EngineFailure("synthesizer_failed", "It broke.")
        return Speech(f"{text} {language} {voice} {speed}".encode().ljust(100, b"."))


def held(folder: Path) -> dict[str, int]:
    """Sizes of the files by name."""
    return {path.name: path.stat().st_size for path in folder.iterdir()}


async def test_a_text_is_synthesized_once_even_after_a_restart(tmp_path: Path) -> None:
    voice = CountingVoice()
    first = await CachedSynthesizer(voice, tmp_path).synthesize("Welcome.", language="en")
    again = await CachedSynthesizer(voice, tmp_path).synthesize("Welcome.", language="en")
    assert first == again
    assert voice.asked == ["Welcome."]


async def test_everything_that_changes_the_sound_is_part_of_the_key(tmp_path: Path) -> None:
    voice = CountingVoice()
    cache = CachedSynthesizer(voice, tmp_path)
    await cache.synthesize("Hello", language="en")
    await cache.synthesize("Hello", language="de")
    await cache.synthesize("Hello", language="en", voice="v")
    await cache.synthesize("Hello", language="en", speed=1.1)
    await CachedSynthesizer(CountingVoice("two"), tmp_path).synthesize("Hello", language="en")
    assert len(voice.asked) == 4
    assert len(held(tmp_path)) == 5


async def test_concurrent_requests_share_one_synthesis(tmp_path: Path) -> None:
    voice = CountingVoice()
    cache = CachedSynthesizer(voice, tmp_path)
    async with asyncio.TaskGroup() as tasks:
        asked = [tasks.create_task(cache.synthesize("Hi", language="en")) for _ in range(5)]
    assert len({task.result() for task in asked}) == 1
    assert voice.asked == ["Hi"]


async def test_when_the_first_is_cancelled_the_next_one_synthesizes(tmp_path: Path) -> None:
    voice = CountingVoice()
    voice.may_answer.clear()
    cache = CachedSynthesizer(voice, tmp_path)
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(cache.synthesize("Hi", language="en"))
        await voice.was_asked.wait()
        second = tasks.create_task(cache.synthesize("Hi", language="en"))
        await asyncio.sleep(0)
        first.cancel()
        voice.may_answer.set()
    assert second.result().samples == 50
    assert voice.asked == ["Hi", "Hi"]


async def test_who_is_to_be_heard_now_does_not_wait_for_what_is_only_prepared(
    tmp_path: Path,
) -> None:
    voice = CountingVoice()
    cache = CachedSynthesizer(voice, tmp_path)
    async with asyncio.TaskGroup() as tasks:
        prepared = tasks.create_task(cache.synthesize("Hi", language="en", ahead=True))
        await voice.was_asked.wait()
        assert (await cache.synthesize("Hi", language="en")).samples == 50
        assert not prepared.done()
        voice.may_prepare.set()
    assert voice.asked == ["Hi", "Hi"]


async def test_what_is_prepared_first_serves_who_is_to_be_heard_now(tmp_path: Path) -> None:
    voice = CountingVoice()
    voice.may_answer.clear()
    cache = CachedSynthesizer(voice, tmp_path)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(cache.synthesize("Hi", language="en", ahead=True))
        await voice.was_asked.wait()
        voice.was_asked.clear()
        live = tasks.create_task(cache.synthesize("Hi", language="en"))
        await voice.was_asked.wait()
        voice.may_prepare.set()
    assert live.result().samples == 50
    assert (await cache.synthesize("Hi", language="en")).samples == 50
    assert voice.asked == ["Hi", "Hi"]


async def test_a_failure_is_not_remembered(tmp_path: Path) -> None:
    cache = CachedSynthesizer(CountingVoice(failures=1), tmp_path)
    with pytest.raises(EngineFailure):
        await cache.synthesize("Hi", language="en")
    assert (await cache.synthesize("Hi", language="en")).samples == 50


async def test_the_folder_stays_within_its_limit_and_keeps_what_is_used(tmp_path: Path) -> None:
    voice = CountingVoice()
    cache = CachedSynthesizer(voice, tmp_path, limit_bytes=1000)
    await cache.synthesize("keep", language="en")
    for number in range(20):
        await cache.synthesize(f"text {number}", language="en")
        await cache.synthesize("keep", language="en")
    assert sum(held(tmp_path).values()) <= 1000
    assert voice.asked.count("keep") == 1


async def test_a_cache_that_cannot_be_written_does_not_cost_the_speech(tmp_path: Path) -> None:
    folder = tmp_path / "speech"
    cache = CachedSynthesizer(CountingVoice(), folder)
    folder.rmdir()
    assert (await cache.synthesize("Hi", language="en")).samples == 50


async def test_file_names_tell_nothing_about_the_text(tmp_path: Path) -> None:
    await CachedSynthesizer(CountingVoice(), tmp_path).synthesize("secret", language="en")
    assert all("secret" not in name for name in held(tmp_path))
