"""Meaning through the real llama.cpp, with a small model of random weights."""

import asyncio
import math
from collections.abc import AsyncIterator
from pathlib import Path

import gguf
import pytest
from vivavoce.core.errors import EngineFailure
from vivavoce.engines.embedder_llama import LlamaEmbedder
from vivavoce.engines.embedding_prompts import prompts_of
from vivavoce.engines.lanes import Lane

from tests.engines.broken_files import code_of, cut
from tests.model_makers.chat_gguf import write_chat_model
from tests.model_makers.embedding_gguf import write_embedding_model

pytest.importorskip("llama_cpp")
pytestmark = [pytest.mark.anyio, pytest.mark.models]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_embedding_model(tmp_path_factory.mktemp("embedder") / "nano.gguf")


@pytest.fixture
async def lane() -> AsyncIterator[Lane]:
    opened = Lane("embedder")
    yield opened
    await opened.close()


async def test_each_text_becomes_a_vector_of_length_one_whatever_is_beside_it(
    weights: Path, lane: Lane
) -> None:
    embedder = await LlamaEmbedder.open(weights, lane, threads=1)
    together = await embedder.embed(["A pallet is weighed.", "請求書", "A pallet is weighed."])
    (alone,) = await embedder.embed(["請求書"])
    assert [len(vector) for vector in together] == [64] * 3
    assert all(math.isclose(math.hypot(*vector), 1, rel_tol=1e-4) for vector in together)
    assert together[0] == together[2] != together[1]
    assert alone == pytest.approx(together[1], abs=1e-5)
    await embedder.close()


async def test_whoever_looks_for_something_passes_those_who_index(
    weights: Path, lane: Lane
) -> None:
    embedder = await LlamaEmbedder.open(weights, lane, threads=1)
    ended: list[str] = []

    async def embed(name: str, count: int, *, query: bool) -> None:
        await embedder.embed(["Some words to read. " * 20] * count, query=query)
        ended.append(name)

    async with asyncio.TaskGroup() as group:
        group.create_task(embed("document", 12, query=False))
        group.create_task(embed("question", 1, query=True))
    assert ended == ["question", "document"]
    await embedder.close()


async def test_a_text_longer_than_the_model_reads_is_read_as_far_as_it_goes(
    weights: Path, lane: Lane
) -> None:
    embedder = await LlamaEmbedder.open(weights, lane, threads=1)
    ((one,), (other,)) = [await embedder.embed(["word " * count]) for count in (400, 4000)]
    assert len(one) == len(other) == 64
    await embedder.close()


async def test_other_weights_under_the_same_name_are_another_model(
    tmp_path: Path, lane: Lane
) -> None:
    names = set()
    for seed in (1, 2):
        path = write_embedding_model(tmp_path / "same.gguf", seed=seed)
        embedder = await LlamaEmbedder.open(path, lane, threads=1)
        names.add(embedder.name)
        await embedder.close()
    assert len(names) == 2
    assert all(name.startswith("same ") for name in names)


async def test_a_file_that_is_no_embedding_model_says_so(tmp_path: Path, lane: Lane) -> None:
    chat = write_chat_model(tmp_path / "chat.gguf")
    rank = write_embedding_model(tmp_path / "rank.gguf", pooling=gguf.PoolingType.RANK)
    noise = tmp_path / "noise.gguf"
    noise.write_bytes(b"noise")
    damaged = write_embedding_model(tmp_path / "damaged.gguf")
    cut(damaged)
    for path, code in (
        (chat, "model_wrong_kind"),
        (rank, "model_wrong_kind"),
        (noise, "model_wrong_kind"),
        (damaged, "model_truncated"),
        (tmp_path / "nowhere.gguf", "model_missing"),
    ):
        with pytest.raises(EngineFailure) as failure:
            await LlamaEmbedder.open(path, lane, threads=1)
        assert code_of(failure) == code, path.name


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [
        ("granite-embedding-107m-multilingual-Q8_0", "", ""),
        ("multilingual-e5-small", "query: ", "passage: "),
        ("Qwen3-Embedding-0.6B-Q8_0", "Instruct: ", ""),
    ],
)
async def test_families_that_want_words_before_a_text_get_them(
    name: str, query: str, passage: str
) -> None:
    prompts = prompts_of(name)
    assert prompts.of("text", query=True).startswith(query)
    assert prompts.of("text", query=False) == passage + "text"
