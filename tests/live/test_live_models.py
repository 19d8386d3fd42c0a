"""A whole interview on the real model libraries, with small models in the true formats.

What such models say is noise; that everything holds together around them is not.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.candidate import candidate
from tests.live.serving import Server, running
from tests.model_makers.chat_gguf import write_chat_model
from tests.model_makers.onnx_graphs import write_kokoro, write_smart_turn, write_voices
from tests.model_makers.whisper import write_whisper

pytestmark = [pytest.mark.anyio, pytest.mark.models]

ANSWER = "I rebuilt the billing service, and errors dropped by half within two weeks."


@pytest.fixture
def model_server(tmp_path: Path) -> Iterator[Server]:
    voices = write_kokoro(tmp_path / "kokoro.onnx")
    write_voices(tmp_path / "voices.bin")
    with running(
        tmp_path,
        transcriber=str(write_whisper(tmp_path / "whisper")),
        language_model=str(write_chat_model(tmp_path / "chat.gguf")),
        synthesizer=str(voices),
        turn_detector=str(write_smart_turn(tmp_path / "turn.onnx")),
    ) as made:
        yield made


async def test_an_interview_led_heard_spoken_and_rated_by_models(model_server: Server) -> None:
    async with candidate(model_server) as person:
        await person.begin()
        await person.finish(ANSWER, ANSWER, ANSWER)
        session = await person.server_says(lambda found: found["scored_at"])
    assert session["status"] == "completed"
    assert person.errors == []
    answers = [turn["text"] for turn in session["transcript"] if turn["speaker"] == "participant"]
    assert ANSWER in answers
    assert session["evidence"]["model_file_hash"]
    for dimension in session["evaluation_breakdown"]:
        assert dimension["level"] is None or 1 <= dimension["level"] <= 5
        for citation in dimension["citations"]:
            assert citation["quote"] in ANSWER
