"""What the doctor says about engines that are servers."""

from pathlib import Path

import pytest
from vivavoce.cli.doctor import Verdict, examine_engines
from vivavoce.core.settings import Settings

from tests.engines.openai_server import OpenAIServer, Refusal

pytestmark = pytest.mark.anyio


def settings(tmp_path: Path, url: str, fallback: str = "embedded") -> Settings:
    return Settings(
        data=str(tmp_path),
        models_dir=str(tmp_path),
        transcriber="embedded",
        language_model=url,
        synthesizer="embedded",
        turn_detector="embedded",
        remote_fallback=fallback,
        remote_retry_budget_ms=0,
    )


async def test_a_server_that_answers_is_ready(tmp_path: Path) -> None:
    async with OpenAIServer().running() as server:
        findings = await examine_engines(settings(tmp_path, server.url))
    (model,) = (each for each in findings if each.subject == "Language model")
    assert model.verdict is Verdict.READY
    assert "127.0.0.1 answered in" in model.words
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "advice"),
    [(401, "API key"), (404, "end in /v1"), (500, "Its own log")],
)
async def test_a_refusal_comes_with_what_to_do(tmp_path: Path, status: int, advice: str) -> None:
    server = OpenAIServer()
    server.will(Refusal(status))
    async with server.running():
        findings = await examine_engines(settings(tmp_path, server.url))
    (model,) = (each for each in findings if each.subject == "Language model")
    assert model.verdict is Verdict.BROKEN
    assert str(status) in model.words
    assert advice in model.words
    assert "rule-based interviewer stands in for it" in model.words


async def test_a_server_that_is_not_there_is_broken_with_and_without_a_stand_in(
    tmp_path: Path,
) -> None:
    for fallback in ("embedded", "none"):
        findings = await examine_engines(settings(tmp_path, "http://127.0.0.1:9/v1", fallback))
        (model,) = (each for each in findings if each.subject == "Language model")
        assert model.verdict is Verdict.BROKEN
        assert "Is it running" in model.words
        assert ("stands in" in model.words) is (fallback == "embedded")
