"""Our remote language model against a real server: llama-cpp-python's own, with a small model."""

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from vivavoce.conversation.model_interviewer import ModelInterviewer
from vivavoce.core.errors import EngineFailure
from vivavoce.core.prompts import move_grammar
from vivavoce.core.situation import Move, split_reply
from vivavoce.engines.remote import RemoteAccess, RemoteLimits, RemoteServer
from vivavoce.engines.remote_client import RemoteClient
from vivavoce.engines.remote_language_model import RemoteLanguageModel

from tests.core.test_rule_interviewer import SITUATION
from tests.model_makers.chat_gguf import write_chat_model

pytestmark = [pytest.mark.anyio, pytest.mark.models]
STARTED = re.compile(r"running on (http://127\.0\.0\.1:\d+)")
LIMITS = RemoteLimits(10.0, 60.0, 30.0, 120.0)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    model = write_chat_model(tmp_path_factory.mktemp("chat") / "chat.gguf")
    options = ("--n_ctx", "4096", "--host", "127.0.0.1", "--port", "0", "--n_threads", "1")
    process = subprocess.Popen(
        [sys.executable, "-m", "llama_cpp.server", "--model", str(model), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    try:
        assert process.stderr is not None
        found = next(filter(None, map(STARTED.search, process.stderr)), None)
        assert found is not None, "the server did not start"
        yield f"{found[1]}/v1"
    finally:
        process.terminate()
        process.communicate()


@pytest.fixture
async def model(url: str) -> AsyncIterator[RemoteLanguageModel]:
    client = RemoteClient(RemoteServer(url, RemoteAccess("chat"), LIMITS))
    yield RemoteLanguageModel(client)
    await client.close()


async def written(model: RemoteLanguageModel, prompt: str, grammar: str | None) -> str:
    pieces = model.generate("s", prompt, grammar=grammar, max_tokens=24, temperature=0.7, seed=3)
    return "".join([piece async for piece in pieces])


async def test_it_writes_under_our_grammar(model: RemoteLanguageModel) -> None:
    prompt = model.chat_prompt((("system", "Be brief."), ("user", "I built a clock.")))
    reply = await written(model, prompt, move_grammar(frozenset({Move.PROBE, Move.NEXT}), "en"))
    assert split_reply(reply)[0] in (Move.PROBE, Move.NEXT)


async def test_it_writes_freely_without_one(model: RemoteLanguageModel) -> None:
    assert await written(model, model.chat_prompt((("user", "I built a clock."),)), None)


async def test_it_streams_and_its_connection_is_used_again(
    model: RemoteLanguageModel, url: str
) -> None:
    prompt = model.chat_prompt((("user", "I built a clock."),))
    pieces = [piece async for piece in model.generate("s", prompt, max_tokens=12)]
    assert len(pieces) > 1
    await model.greet()
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{url}/models")).status_code == 200


async def test_an_interview_that_outgrows_its_context_goes_on_with_less(
    model: RemoteLanguageModel,
) -> None:
    long = model.chat_prompt((("user", "clock " * 20_000),))
    with pytest.raises(EngineFailure) as failure:
        await written(model, long, None)
    assert failure.value.code == "prompt_too_long"
    pieces = [piece async for piece in ModelInterviewer(model).propose("s", SITUATION)]
    assert "".join(pieces)
