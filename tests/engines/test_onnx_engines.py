"""Kokoro and Smart Turn through their real libraries, with graphs of the same signature."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from vivavoce.core.errors import EngineFailure
from vivavoce.engines.lanes import Lane
from vivavoce.engines.synthesizer_kokoro import KokoroSynthesizer, voices_beside
from vivavoce.engines.turn_detector_rules import RuleTurnDetector
from vivavoce.engines.turn_detector_smart import SmartTurnDetector
from vivavoce.ports.engines import SPOKEN_RATE

from tests.engines.broken_files import code_of, cut
from tests.engines.speaking import said, silence
from tests.model_makers.onnx_graphs import write_kokoro, write_smart_turn, write_voices

pytestmark = [pytest.mark.anyio, pytest.mark.models]


@pytest.fixture(scope="module")
def kokoro_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("kokoro")
    return write_kokoro(folder / "kokoro.onnx"), write_voices(folder / "voices-v1.0.bin")


@pytest.fixture
async def lane() -> AsyncIterator[Lane]:
    opened = Lane("onnx")
    yield opened
    await opened.close()


async def test_kokoro_speaks_a_clause_in_each_language_of_its_voices(
    kokoro_files: tuple[Path, Path], lane: Lane
) -> None:
    voice = await KokoroSynthesizer.open(*kokoro_files, lane, 1)
    assert voice.languages == {"en", "fr"}
    for language, text in (("en-US", "Welcome to the interview."), ("fr", "Bonjour à tous.")):
        speech = await voice.synthesize(text, language=language)
        assert 0.5 < speech.samples / SPOKEN_RATE < 4


async def test_kokoro_says_nothing_for_signs_alone(
    kokoro_files: tuple[Path, Path], lane: Lane
) -> None:
    voice = await KokoroSynthesizer.open(*kokoro_files, lane, 1)
    assert (await voice.synthesize("  ", language="en")).samples == 0


async def test_kokoro_refuses_what_it_cannot_speak(
    kokoro_files: tuple[Path, Path], lane: Lane
) -> None:
    voice = await KokoroSynthesizer.open(*kokoro_files, lane, 1)
    with pytest.raises(EngineFailure) as failure:
        await voice.synthesize("Hallo", language="de")
    assert code_of(failure) == "language_unsupported"
    with pytest.raises(EngineFailure) as failure:
        await voice.synthesize("Hello", language="en", voice="nobody")
    assert code_of(failure) == "voice_unknown"


async def test_damaged_kokoro_files_have_a_code(tmp_path: Path, lane: Lane) -> None:
    network, voices = tmp_path / "kokoro.onnx", tmp_path / "voices-v1.0.bin"
    assert await kokoro_refusal(network, lane) == "model_missing"
    write_kokoro(network)
    assert await kokoro_refusal(network, lane) == "model_missing"
    write_voices(voices, ("jf_alpha",))
    assert await kokoro_refusal(network, lane) == "model_wrong_kind"
    voices.write_bytes(b"no archive")
    assert await kokoro_refusal(network, lane) == "model_wrong_kind"
    cut(write_voices(voices))
    assert await kokoro_refusal(network, lane) == "model_truncated"
    write_voices(voices)
    cut(network)
    assert await kokoro_refusal(network, lane) == "model_truncated"
    network.write_bytes(b"GGUF")
    assert await kokoro_refusal(network, lane) == "model_wrong_kind"
    write_smart_turn(network)
    assert await kokoro_refusal(network, lane) == "model_wrong_kind"


async def kokoro_refusal(network: Path, lane: Lane) -> str:
    with pytest.raises(EngineFailure) as failure:
        await KokoroSynthesizer.open(network, voices_beside(network), lane, 1)
    return code_of(failure)


async def test_smart_turn_tells_a_pause_from_speech_that_goes_on(
    tmp_path: Path, lane: Lane
) -> None:
    detector = await SmartTurnDetector.open(write_smart_turn(tmp_path / "turn.onnx"), lane)
    speech = await said("I worked in a warehouse for many years before that.")
    ended = await detector.completion_probability(speech + silence(0.8))
    going_on = await detector.completion_probability(speech)
    assert ended is not None
    assert going_on is not None
    assert 0 <= going_on < ended <= 1
    for pcm in (speech * 6, b""):
        anything = await detector.completion_probability(pcm)
        assert anything is not None
        assert 0 <= anything <= 1


async def test_damaged_smart_turn_files_have_a_code(tmp_path: Path, lane: Lane) -> None:
    path = tmp_path / "turn.onnx"
    codes = []
    for make in (
        lambda: None,
        lambda: cut(write_smart_turn(path)),
        lambda: path.write_bytes(b""),
        lambda: path.write_bytes(b"GGUF"),
        lambda: write_kokoro(path),
    ):
        make()
        with pytest.raises(EngineFailure) as failure:
            await SmartTurnDetector.open(path, lane)
        codes.append(code_of(failure))
    truncated, wrong = "model_truncated", "model_wrong_kind"
    assert codes == ["model_missing", truncated, truncated, wrong, wrong]


async def test_the_embedded_detector_leaves_the_judgement_to_the_words() -> None:
    assert await RuleTurnDetector().completion_probability(silence(0.8)) is None
