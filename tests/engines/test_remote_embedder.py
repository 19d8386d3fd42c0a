"""An embedding model on an OpenAI-compatible server."""

from pathlib import Path
from typing import Any

import pytest
from vivavoce.core.errors import EngineFailure
from vivavoce.core.model_manifest import Role
from vivavoce.core.retrying import RetryRules
from vivavoce.engines.remote import RemoteAccess, RemoteLimits
from vivavoce.engines.select import EngineChoice, RemoteChoice, open_engines

from tests.engines.openai_server import Fault, OpenAIServer, Refusal, Step

pytestmark = pytest.mark.anyio
AT_ONCE = RemoteLimits(retry=RetryRules(budget_seconds=0))


def choice(tmp_path: Path, url: str) -> EngineChoice:
    roles = ("transcriber", "language_model", "synthesizer", "turn_detector")
    chosen: dict[str, Any] = dict.fromkeys(roles, "embedded")
    remote = RemoteChoice({Role.EMBEDDER: RemoteAccess("some-model", "loopback-key")}, AT_ONCE)
    return EngineChoice(tmp_path / "m", tmp_path / "c", remote=remote, embedder=url, **chosen)


async def test_texts_are_sent_in_batches_and_their_vectors_keep_the_order(tmp_path: Path) -> None:
    async with OpenAIServer().running() as server, open_engines(choice(tmp_path, server.url)) as e:
        assert e.embedder is not None
        assert e.embedder.name == "some-model at 127.0.0.1"
        texts = ["x" * length for length in range(1, 36)]
        vectors = await e.embedder.embed(texts)
    assert [vector[0] for vector in vectors] == [len(text) for text in texts]
    assert [asked.path for asked in server.asked] == ["/v1/embeddings"] * 2
    assert server.asked[0].headers["authorization"] == "Bearer loopback-key"
    assert server.asked[0].json["model"] == "some-model"


@pytest.mark.parametrize("step", [Refusal(500), Fault.GARBAGE, Fault.DROP])
async def test_a_server_that_fails_is_an_engine_failure(tmp_path: Path, step: Step) -> None:
    async with OpenAIServer().running() as server, open_engines(choice(tmp_path, server.url)) as e:
        assert e.embedder is not None
        server.will(step)
        with pytest.raises(EngineFailure):
            await e.embedder.embed(["one"], query=True)
        assert await e.embedder.embed(["one"], query=True) == [[3.0, 0.0]]


async def test_the_doctor_can_ask_whether_it_answers(tmp_path: Path) -> None:
    async with OpenAIServer().running() as server, open_engines(choice(tmp_path, server.url)) as e:
        await e.greetings[Role.EMBEDDER]()
        server.will(Refusal(401))
        with pytest.raises(EngineFailure):
            await e.greetings[Role.EMBEDDER]()


async def test_nobody_stands_in_for_it(tmp_path: Path) -> None:
    """Another model's vectors could not be compared with those that are there."""
    async with open_engines(choice(tmp_path, "http://127.0.0.1:9/v1")) as engines:
        (note,) = [note for note in engines.notes if note.role is Role.EMBEDDER]
    assert (note.engine, note.stand_in) == ("some-model at 127.0.0.1", "")
