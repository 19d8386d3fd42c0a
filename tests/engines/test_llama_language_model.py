"""The language model through the real llama.cpp, with a small model of random weights."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
from vivavoce.core.errors import EngineFailure
from vivavoce.engines.lanes import JobKind, JobTimes
from vivavoce.engines.language_model_llama import LlamaLanguageModel, likely_beginning
from vivavoce.engines.llama_model import LlamaLimits

from tests.engines.broken_files import code_of, cut
from tests.model_makers.chat_gguf import write_chat_model

pytest.importorskip("llama_cpp")
pytestmark = [pytest.mark.anyio, pytest.mark.models]
LIMITS = LlamaLimits(threads=1, sequences=3, context_tokens=512)
PREFIX = ("system", "You interview people for a job. Ask one short question at a time.")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_chat_model(tmp_path_factory.mktemp("llama") / "nano.gguf")


@pytest.fixture
async def model(weights: Path) -> AsyncIterator[LlamaLanguageModel]:
    opened = await LlamaLanguageModel.open(weights, LIMITS)
    yield opened
    await opened.close()


def prompt_for(model: LlamaLanguageModel, answer: str) -> str:
    return model.chat_prompt((PREFIX, ("user", answer)))


async def reply(model: LlamaLanguageModel, session: str, prompt: str, **options: object) -> str:
    stream = model.generate(session, prompt, max_tokens=24, **options)  # type: ignore[arg-type]
    return "".join([piece async for piece in stream])


async def test_the_same_prompt_gives_the_same_reply_with_any_cache(
    model: LlamaLanguageModel,
) -> None:
    prompt = prompt_for(model, "I built a warehouse system.")
    fresh = await reply(model, "a", prompt)
    assert await reply(model, "a", prompt) == fresh
    await model.prefill("b", prompt[: len(prompt) // 2])
    assert await reply(model, "b", prompt) == fresh
    await model.prefill("c", prompt_for(model, "Something else that was thrown away."))
    assert await reply(model, "c", prompt) == fresh


async def test_what_is_said_does_not_depend_on_which_form_comes_first(
    model: LlamaLanguageModel,
) -> None:
    prompt = prompt_for(model, "I built a warehouse system.")
    usual, other = 'root ::= "PROBE: " [a-z]+ | "NEXT:"', 'root ::= "NEXT:" | "PROBE: " [a-z]+'
    assert likely_beginning(usual) == "PROBE:"
    assert likely_beginning(other) == "NEXT:"
    assert likely_beginning("root ::= [a-z]+") == likely_beginning(None) == ""
    said = await reply(model, "a", prompt, grammar=usual)
    assert said == await reply(model, "b", prompt, grammar=other)


async def test_replies_side_by_side_are_those_of_each_alone(model: LlamaLanguageModel) -> None:
    prompts = [prompt_for(model, f"Answer number {number}.") for number in range(5)]
    alone = []
    for prompt in prompts:
        alone.append(await reply(model, "x", prompt))
        await model.release("x")
    async with asyncio.TaskGroup() as tasks:
        together = [
            tasks.create_task(reply(model, f"s{number}", prompt))
            for number, prompt in enumerate(prompts)
        ]
    assert [task.result() for task in together] == alone


async def test_a_grammar_shapes_the_reply(model: LlamaLanguageModel) -> None:
    prompt = prompt_for(model, "I built a warehouse system.")
    grammar = 'root ::= ("PROBE" | "NEXT") ": " [a-z]+ "?"'
    said = await reply(model, "a", prompt, grammar=grammar, temperature=0.8, seed=3)
    assert said.startswith(("PROBE: ", "NEXT: "))
    assert await reply(model, "a", prompt, grammar='root ::= "SKIP"') == "SKIP"


async def test_temperature_is_reproducible_by_its_seed(model: LlamaLanguageModel) -> None:
    prompt = prompt_for(model, "I built a warehouse system.")
    grammar = "root ::= [a-z]+"
    one, same, other = [
        await reply(model, "a", prompt, temperature=1.5, seed=seed, grammar=grammar)
        for seed in (1, 1, 2)
    ]
    assert one == same != other


async def test_reading_a_prompt_is_work_and_only_a_full_house_is_waiting(weights: Path) -> None:
    seen: list[JobTimes] = []
    one_seat = LlamaLimits(threads=1, sequences=1, context_tokens=512)
    model = await LlamaLanguageModel.open(weights, one_seat, seen.append)
    prompt = prompt_for(model, "I built a warehouse system.")
    await reply(model, "a", prompt)
    alone = seen.pop()
    assert alone.kind is JobKind.FINAL
    assert alone.queued_ms < alone.ran_ms
    async with asyncio.TaskGroup() as tasks:
        for session in ("a", "b"):
            tasks.create_task(reply(model, session, prompt))
    await model.close()
    first, second = seen
    assert (first.session, second.session) == ("a", "b")
    assert second.queued_ms > first.ran_ms / 2


async def test_leaving_a_reply_early_frees_the_session(model: LlamaLanguageModel) -> None:
    prompt = prompt_for(model, "I built a warehouse system.")
    grammar = "root ::= [a-z]+"
    whole = await reply(model, "a", prompt, grammar=grammar)
    async with aclosing(
        model.generate("a", prompt, grammar=grammar, max_tokens=300)  # type: ignore[type-var]
    ) as pieces:
        async for _ in pieces:
            break
    assert await reply(model, "a", prompt, grammar=grammar) == whole


async def test_what_cannot_be_asked_has_a_code(model: LlamaLanguageModel) -> None:
    with pytest.raises(EngineFailure) as failure:
        await reply(model, "a", prompt_for(model, "hello"), grammar="root ::= (")
    assert code_of(failure) == "grammar_invalid"
    with pytest.raises(EngineFailure) as failure:
        await reply(model, "a", prompt_for(model, "word " * 600))
    assert code_of(failure) == "prompt_too_long"


async def test_a_closed_model_refuses_and_ends_what_runs(weights: Path) -> None:
    model = await LlamaLanguageModel.open(weights, LIMITS)
    prompt = prompt_for(model, "hello")
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(code_of_reply(model, prompt))
        await asyncio.sleep(0)
        await model.close()
    assert running.result() in ("engine_closed", "")
    assert await code_of_reply(model, prompt) == "engine_closed"
    await model.release("a")


async def code_of_reply(model: LlamaLanguageModel, prompt: str) -> str:
    try:
        await reply(model, "a", prompt, grammar="root ::= [a-z]+")
    except EngineFailure as failure:
        return failure.code
    return ""


async def test_the_hash_names_the_weights(model: LlamaLanguageModel) -> None:
    assert len(model.file_hash) == 64
    assert model.name == "llama.cpp nano"


async def test_damaged_weights_have_a_code(weights: Path, tmp_path: Path) -> None:
    broken = tmp_path / "model.gguf"
    assert await refusal(broken) == "model_missing"
    for content, code in ((b"", "model_truncated"), (b"PK zip", "model_wrong_kind")):
        broken.write_bytes(content)
        assert await refusal(broken) == code
    shutil.copy(weights, broken)
    cut(broken, 0.7)
    assert await refusal(broken) == "model_truncated"


async def refusal(path: Path) -> str:
    with pytest.raises(EngineFailure) as failure:
        await LlamaLanguageModel.open(path, LIMITS)
    return code_of(failure)
