"""Choosing engines: the real one when it verifies, else the embedded one with a note."""

import hashlib
import json
from contextlib import aclosing
from pathlib import Path

import pytest
from vivavoce.core.errors import EngineFailure
from vivavoce.core.model_manifest import Role
from vivavoce.engines.openers import ThreadBudget
from vivavoce.engines.select import EngineChoice, Engines, open_engines, plan_threads

from tests.engines.speaking import said
from tests.model_makers.chat_gguf import write_chat_model
from tests.model_makers.embedding_gguf import write_embedding_model
from tests.model_makers.onnx_graphs import write_kokoro, write_smart_turn, write_voices
from tests.model_makers.whisper import write_whisper

pytestmark = [pytest.mark.anyio, pytest.mark.models]

MANIFEST = """
[sets]
small = ["ear", "mind", "voice", "turn", "meaning"]
[[model]]
name = "ear"
role = "transcriber"
languages = ["en"]
licence = "MIT"
files = [
    { path = "config.json", url = "https://example.org/c", size_bytes = 1 },
    { path = "model.bin", url = "https://example.org/m", size_bytes = 1 },
    { path = "tokenizer.json", url = "https://example.org/t", size_bytes = 1 },
]
[[model]]
name = "mind"
role = "language_model"
languages = ["en"]
licence = "MIT"
files = [{ path = "nano.gguf", url = "https://example.org/g", size_bytes = 1 }]
[[model]]
name = "voice"
role = "synthesizer"
languages = ["en"]
licence = "MIT"
files = [
    { path = "kokoro.onnx", url = "https://example.org/k", size_bytes = 1 },
    { path = "voices.bin", url = "https://example.org/v", size_bytes = 1 },
]
[[model]]
name = "turn"
role = "turn_detector"
languages = ["en"]
licence = "MIT"
files = [{ path = "turn.onnx", url = "https://example.org/s", size_bytes = 1 }]
[[model]]
name = "meaning"
role = "embedder"
languages = ["en"]
licence = "MIT"
files = [{ path = "meaning.gguf", url = "https://example.org/e", size_bytes = 1 }]
"""


def write_all(models_dir: Path) -> None:
    for name in ("mind", "voice", "turn", "meaning"):
        (models_dir / name).mkdir(parents=True)
    (models_dir / "manifest.toml").write_text(MANIFEST)
    write_whisper(models_dir / "ear")
    write_chat_model(models_dir / "mind" / "nano.gguf")
    write_kokoro(models_dir / "voice" / "kokoro.onnx")
    write_voices(models_dir / "voice" / "voices.bin")
    write_smart_turn(models_dir / "turn" / "turn.onnx")
    write_embedding_model(models_dir / "meaning" / "meaning.gguf")


def choice(tmp_path: Path, **words: str) -> EngineChoice:
    return EngineChoice(tmp_path / "models", tmp_path / "cache", sessions=2, **words)  # type: ignore[arg-type]


def embedded(engines: Engines) -> dict[Role, bool]:
    return {note.role: note.embedded for note in engines.notes}


async def test_without_files_everything_is_embedded_and_says_what_to_do(tmp_path: Path) -> None:
    async with open_engines(choice(tmp_path)) as engines:
        assert all(embedded(engines).values())
        assert len(engines.notes) == 5
        assert engines.embedder is None
        assert engines.notes[-1].engine == "words alone"
        assert all("models pull" in note.what_to_do for note in engines.notes)
        assert engines.language_model is None
        speech = await engines.synthesizer.synthesize("Hello.", language="en")
        assert speech.samples > 0
        stream = engines.transcriber.open("a", "en")
        stream.feed(await said("one two three"))
        assert "two" in (await stream.final()).text
        await stream.close()
        assert engines.new_vad().speech_probability(bytes(1024)) < 0.5


async def test_with_files_the_real_engines_play_every_role(tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp")
    write_all(tmp_path / "models")
    async with open_engines(choice(tmp_path)) as engines:
        assert not any(embedded(engines).values())
        assert engines.transcriber.name == "faster-whisper ear"
        assert engines.synthesizer.name == "kokoro-82m"
        assert engines.turn_detector.name == "smart-turn v3"
        assert engines.embedder is not None
        assert engines.embedder.name.startswith("meaning ")
        mind = engines.language_model
        assert mind is not None
        prompt = mind.chat_prompt((("user", "hello"),))
        async with aclosing(mind.generate("a", prompt, grammar='root ::= "NEXT"')) as pieces:  # type: ignore[type-var]
            assert "".join([piece async for piece in pieces]) == "NEXT"


async def test_a_damaged_file_falls_back_and_says_why(tmp_path: Path) -> None:
    models = tmp_path / "models"
    write_all(models)
    wrong = hashlib.sha256(b"what was fetched").hexdigest()
    (models / "installed.json").write_text(json.dumps({"turn": {"turn.onnx": {"sha256": wrong}}}))
    (models / "voice" / "voices.bin").unlink()
    (models / "ear" / "model.bin").write_bytes(b"rubbish rubbish rubbish")
    words = {"language_model": "embedded", "embedder": "embedded"}
    async with open_engines(choice(tmp_path, **words)) as engines:
        assert all(embedded(engines).values())
        reasons = {note.role: note.reason for note in engines.notes}
        assert "incomplete or damaged" in reasons[Role.TURN_DETECTOR]
        assert "no model file" in reasons[Role.SYNTHESIZER]
        assert "is not" in reasons[Role.TRANSCRIBER]


async def test_a_verified_file_is_taken(tmp_path: Path) -> None:
    models = tmp_path / "models"
    write_all(models)
    right = hashlib.sha256((models / "turn" / "turn.onnx").read_bytes()).hexdigest()
    (models / "installed.json").write_text(json.dumps({"turn": {"turn.onnx": {"sha256": right}}}))
    words = dict.fromkeys(("transcriber", "language_model", "synthesizer"), "embedded")
    async with open_engines(choice(tmp_path, **words)) as engines:
        assert engines.turn_detector.name == "smart-turn v3"


async def test_embedded_is_embedded_even_with_files(tmp_path: Path) -> None:
    write_all(tmp_path / "models")
    roles = ("transcriber", "language_model", "synthesizer", "turn_detector", "embedder")
    async with open_engines(choice(tmp_path, **dict.fromkeys(roles, "embedded"))) as engines:
        assert all(embedded(engines).values())
        assert all(note.reason == "It was chosen." for note in engines.notes)


@pytest.mark.parametrize(
    "role", ["transcriber", "language_model", "synthesizer", "turn_detector", "embedder"]
)
async def test_a_path_that_does_not_work_is_an_error_and_never_another_engine(
    tmp_path: Path, role: str
) -> None:
    if role == "language_model":
        pytest.importorskip("llama_cpp")
    with pytest.raises(EngineFailure) as failure:
        async with open_engines(choice(tmp_path, **{role: str(tmp_path / "nowhere")})):
            pass
    assert failure.value.code == "model_missing"


async def test_a_path_that_works_is_taken(tmp_path: Path) -> None:
    path = write_smart_turn(tmp_path / "mine.onnx")
    async with open_engines(choice(tmp_path, turn_detector=str(path))) as engines:
        assert engines.turn_detector.name == "smart-turn v3"


async def test_a_damaged_manifest_is_a_reason_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "manifest.toml").write_text("[")
    async with open_engines(choice(tmp_path)) as engines:
        assert "manifest" in engines.notes[0].reason


async def test_engine_times_can_be_observed(tmp_path: Path) -> None:
    seen: list[str] = []
    observed = EngineChoice(
        tmp_path / "models", tmp_path / "cache", observe=lambda times: seen.append(times.lane)
    )
    async with open_engines(observed) as engines:
        await engines.synthesizer.synthesize("Hello.", language="en")
    assert set(seen) == {"synthesizer"}


@pytest.mark.parametrize(("cores", "each"), [(1, 1), (2, 1), (8, 4)])
def test_hearing_and_reading_share_the_cores_and_speaking_gets_them_all(
    cores: int, each: int
) -> None:
    planned = plan_threads(ThreadBudget(), cores)
    assert (planned.transcriber, planned.language_model, planned.synthesizer) == (each, each, cores)
    assert planned.language_model_hurried == cores
    assert plan_threads(ThreadBudget(transcriber=3), cores).transcriber == 3
    assert plan_threads(ThreadBudget(language_model=3), cores).language_model_hurried == 3
