"""The embedded voice: clear, level, trimmed, in many languages."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest
from vivavoce.core.errors import EngineFailure
from vivavoce.engines.lanes import Lane
from vivavoce.engines.synthesizer_espeak import EspeakSynthesizer
from vivavoce.engines.waveforms import finish_speech
from vivavoce.ports.engines import SPOKEN_RATE, Speech

pytestmark = pytest.mark.anyio


@pytest.fixture
async def voice() -> AsyncIterator[EspeakSynthesizer]:
    lane = Lane("voice")
    yield await EspeakSynthesizer.open(lane)
    await lane.close()


def samples(speech: Speech) -> np.ndarray:
    return np.frombuffer(speech.pcm, "<i2").astype(np.float64) / 32768


async def test_a_sentence_has_a_natural_length_and_level(voice: EspeakSynthesizer) -> None:
    speech = await voice.synthesize("Could you tell me about a recent project?", language="en")
    assert 1.5 < speech.samples / SPOKEN_RATE < 4
    assert -22 < 20 * np.log10(np.sqrt(np.mean(samples(speech) ** 2))) < -18


async def test_silence_around_the_words_is_trimmed(voice: EspeakSynthesizer) -> None:
    speech = samples(await voice.synthesize("Welcome.", language="en"))
    loud = np.flatnonzero(np.abs(speech) > 0.01)
    assert loud[0] < 0.04 * SPOKEN_RATE
    assert len(speech) - loud[-1] < 0.06 * SPOKEN_RATE


async def test_speed_changes_the_length(voice: EspeakSynthesizer) -> None:
    text = "This sentence is spoken at three different speeds."
    lengths = [
        (await voice.synthesize(text, language="en", speed=speed)).samples
        for speed in (1.4, 1.0, 0.7)
    ]
    assert lengths == sorted(lengths)


@pytest.mark.parametrize("language", ["de", "fr", "es", "it", "br", "pt", "ja", "zh", "no", "hi"])
async def test_many_languages_are_spoken(voice: EspeakSynthesizer, language: str) -> None:
    speech = await voice.synthesize("Radio 123", language=language)
    assert speech.samples > 0.5 * SPOKEN_RATE


async def test_a_word_is_as_long_as_the_last_time(voice: EspeakSynthesizer) -> None:
    lengths = [(await voice.synthesize("Information", language="de")).samples for _ in range(20)]
    assert max(lengths) - min(lengths) < 0.02 * SPOKEN_RATE


async def test_voices_do_not_leak_between_requests(voice: EspeakSynthesizer) -> None:
    async def speak(language: str) -> int:
        return (await voice.synthesize("Information", language=language)).samples

    alone = [await speak("en"), await speak("fr"), await speak("de")]
    async with asyncio.TaskGroup() as tasks:
        together = [tasks.create_task(speak(language)) for language in ("en", "fr", "de")]
    assert [task.result() for task in together] == pytest.approx(alone, rel=0.05)


async def test_what_is_spoken_ahead_lets_everybody_pass_who_waits_to_hear() -> None:
    lane, order = Lane("voice"), list[str]()
    voice = await EspeakSynthesizer.open(lane)

    async def speak(text: str, *, ahead: bool) -> None:
        await voice.synthesize(text, language="en", ahead=ahead)
        order.append(text)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(speak("Welcome.", ahead=True))  # has begun when the others come
        tasks.create_task(speak("Goodbye.", ahead=True))
        tasks.create_task(speak("What did you do?", ahead=False))
    assert order == ["Welcome.", "What did you do?", "Goodbye."]
    await lane.close()


async def test_nothing_to_say_is_no_speech(voice: EspeakSynthesizer) -> None:
    assert (await voice.synthesize("", language="en")).samples == 0


@pytest.mark.parametrize(
    ("language", "name", "code"),
    [("tlh", None, "language_unsupported"), ("en", "nobody", "voice_unknown")],
)
async def test_what_cannot_be_spoken_is_refused(
    voice: EspeakSynthesizer, language: str, name: str | None, code: str
) -> None:
    with pytest.raises(EngineFailure) as failure:
        await voice.synthesize("Hello", language=language, voice=name)
    assert failure.value.code == code


def test_a_silent_waveform_is_no_speech() -> None:
    assert finish_speech(np.zeros(24000), 24000).samples == 0
    assert finish_speech(np.zeros(3), 24000).samples == 0


def test_a_loud_waveform_is_not_clipped() -> None:
    spike = np.zeros(24000)
    spike[12000:12100] = 5.0
    heard = samples(finish_speech(spike, 24000))
    assert 0.1 < np.abs(heard).max() <= 0.96
