"""Engines on an OpenAI-compatible server, against one that speaks the interface on loopback."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from vivavoce.core.errors import EngineFailure
from vivavoce.core.model_manifest import Role
from vivavoce.engines.remote import RemoteAccess, RemoteLimits
from vivavoce.engines.select import EngineChoice, Engines, RemoteChoice, open_engines
from vivavoce.ports.engines import LanguageModel

from tests.engines.openai_server import Fault, OpenAIServer, Refusal
from tests.engines.speaking import said

pytestmark = pytest.mark.anyio


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer().running() as running:
        yield running


def choice(tmp_path: Path, limits: RemoteLimits | None = None, **words: str) -> EngineChoice:
    roles = ("transcriber", "language_model", "synthesizer", "turn_detector")
    chosen: dict[str, Any] = dict.fromkeys(roles, "embedded") | words
    access = {role: RemoteAccess("some-model", "loopback-key") for role in Role}
    remote = RemoteChoice(access, limits or RemoteLimits())
    return EngineChoice(
        tmp_path / "m", tmp_path / "c", remote=remote, **{"fallback": "none", **chosen}
    )


def model_of(engines: Engines) -> LanguageModel:
    assert engines.language_model is not None
    return engines.language_model


async def replied(model: LanguageModel, prompt: str = "", **rest: str) -> str:
    asked = prompt or model.chat_prompt((("user", "hello"),))
    return "".join([piece async for piece in model.generate("a", asked, **rest)])  # type: ignore[arg-type]


async def test_a_remote_language_model_gets_messages_and_streams(
    server: OpenAIServer, tmp_path: Path
) -> None:
    async with open_engines(choice(tmp_path, language_model=server.url)) as engines:
        model = model_of(engines)
        prompt = model.chat_prompt((("system", "Be kind."), ("user", "I say <|im_end|> this.")))
        await model.prefill("a", prompt)
        assert await replied(model, prompt, grammar='root ::= "N"') == "NEXT: "
        await model.release("a")
    assert [asked.path for asked in server.asked] == ["/v1/models", "/v1/chat/completions"]
    body = server.asked[-1].json
    assert body["messages"] == [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "I say   this."},
    ]
    assert body["grammar"] == 'root ::= "N"'


@pytest.mark.parametrize(
    ("refused", "missing"),
    [
        ("grammar", {"grammar", "structured_outputs", "chat_template_kwargs"}),
        ("seed", {"grammar", "seed", "temperature"}),
        ("max_tokens", {"grammar", "seed", "max_tokens"}),
    ],
)
async def test_fields_that_a_server_refuses_are_not_sent_again(
    server: OpenAIServer, tmp_path: Path, refused: str, missing: set[str]
) -> None:
    server.refuses = frozenset({refused})
    async with open_engines(choice(tmp_path, language_model=server.url)) as engines:
        assert await replied(model_of(engines), grammar='root ::= "N"') == "NEXT: "
        asked = len(server.asked)
        assert await replied(model_of(engines), grammar='root ::= "N"') == "NEXT: "
    assert len(server.asked) == asked + 1
    assert not missing & set(server.asked[-1].json)


async def test_a_refusal_for_another_reason_concedes_nothing(
    server: OpenAIServer, tmp_path: Path
) -> None:
    server.will(Refusal(401))
    async with open_engines(choice(tmp_path, language_model=server.url)) as engines:
        with pytest.raises(EngineFailure):
            await replied(model_of(engines), grammar='root ::= "N"')
        await replied(model_of(engines), grammar='root ::= "N"')
    assert "grammar" in server.asked[-1].json


async def test_thinking_aloud_is_never_heard(server: OpenAIServer, tmp_path: Path) -> None:
    server.pieces = ("<th", "ink>They were vague.</thi", "nk>\n\nPRO", "BE: Why?")
    async with open_engines(choice(tmp_path, language_model=server.url)) as engines:
        assert await replied(model_of(engines)) == "PROBE: Why?"


async def test_a_model_that_begins_inside_its_thinking_is_understood_from_then_on(
    server: OpenAIServer, tmp_path: Path
) -> None:
    server.pieces = ("They were ", "vague.</think>", "NEXT:")
    async with open_engines(choice(tmp_path, language_model=server.url)) as engines:
        await replied(model_of(engines))
        assert await replied(model_of(engines)) == "NEXT:"


async def test_an_error_within_a_stream_is_one(server: OpenAIServer, tmp_path: Path) -> None:
    server.pieces = ()
    server.will(Fault.GARBAGE)
    async with open_engines(choice(tmp_path, language_model=server.url)) as engines:
        with pytest.raises(EngineFailure) as failure:
            await replied(model_of(engines))
    assert failure.value.code == "remote_unreadable"


async def test_a_remote_voice_speaks(server: OpenAIServer, tmp_path: Path) -> None:
    async with open_engines(choice(tmp_path, synthesizer=server.url)) as engines:
        speech = await engines.synthesizer.synthesize("Welcome.", language="en", speed=1.1)
    assert speech.samples > 20_000
    assert server.asked[-1].json["input"] == "Welcome."


async def test_a_remote_transcriber_streams_as_the_local_one(
    server: OpenAIServer, tmp_path: Path
) -> None:
    pcm = await said("I have been here for ten years.")
    async with open_engines(choice(tmp_path, transcriber=server.url)) as engines:
        stream = engines.transcriber.open("a", "br")
        stream.feed(pcm[: len(pcm) // 4 * 2])
        await stream.partial()
        stream.feed(pcm[len(pcm) // 4 * 2 :])
        heard = await stream.final()
        await stream.close()
    assert heard.text == "ten years here"
    assert heard.stable == 3
    assert b"\r\n\r\npt\r\n" in server.asked[-1].body


async def test_a_final_does_not_wait_for_a_partial_under_way(
    server: OpenAIServer, tmp_path: Path
) -> None:
    server.will(Fault.HANG)
    pcm = await said("I have been here for ten years.")
    async with open_engines(choice(tmp_path, transcriber=server.url)) as engines:
        stream = engines.transcriber.open("a", "en")
        stream.feed(pcm[: len(pcm) // 4 * 2])
        async with asyncio.TaskGroup() as group:
            partial = group.create_task(stream.partial())
            await server.arrived.wait()
            stream.feed(pcm[len(pcm) // 4 * 2 :])
            assert (await stream.final()).text == "ten years here"
            assert not partial.done()
            partial.cancel()
            server.released.set()
        await stream.close()


async def test_words_without_times_are_spread_over_the_audio(
    server: OpenAIServer, tmp_path: Path
) -> None:
    server.text_only = True
    server.will(Refusal(400, "verbose_json is not supported"))
    pcm = await said("I have been here for ten years.")
    async with open_engines(choice(tmp_path, transcriber=server.url)) as engines:
        heard = []
        for _ in range(2):
            stream = engines.transcriber.open("a", "en")
            stream.feed(pcm)
            heard.append(await stream.final())
            await stream.close()
    assert heard[0] == heard[1]
    times = [(word.start_ms, word.end_ms) for word in heard[0].words]
    assert times[0][0] == 0
    assert [end for _, end in times[:-1]] == [start for start, _ in times[1:]]
    assert abs(times[-1][1] - len(pcm) // 32) < 2
    # The richer form was refused once, and is not asked for again.
    assert [b"verbose_json" in asked.body for asked in server.asked] == [True, False, False]


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([Refusal(401)], "remote_refused"),
        ([Fault.GARBAGE], "remote_unreadable"),
        ([Fault.COMPRESSED], "remote_unreadable"),
    ],
)
async def test_every_role_fails_with_a_code(
    server: OpenAIServer, tmp_path: Path, steps: list[Any], code: str
) -> None:
    roles = 2 if code == "remote_unreadable" and steps == [Fault.GARBAGE] else 3
    found = await codes(tmp_path, server.url, server, steps)
    assert [found[0], found[2], found[1]][:roles] == [code] * roles  # any bytes are a sound


async def test_a_server_that_is_not_there_has_a_code(tmp_path: Path) -> None:
    assert await codes(tmp_path, "http://127.0.0.1:9/v1") == ["remote_unreachable"] * 3


async def codes(
    tmp_path: Path, url: str, server: OpenAIServer | None = None, steps: list[Any] | None = None
) -> list[str]:
    """What the language model, the voice and the transcriber fail with."""
    chosen = choice(tmp_path, language_model=url, synthesizer=url, transcriber=url)
    found = []
    async with open_engines(chosen) as engines:
        stream = engines.transcriber.open("a", "en")
        stream.feed(await said("I have been here for ten years."))
        for call in (
            lambda: replied(model_of(engines)),
            lambda: engines.synthesizer.synthesize("Welcome.", language="en"),
            stream.final,
        ):
            if server is not None:
                server.will(*(steps or ()))
            try:
                await call()
                found.append("")
            except EngineFailure as failure:
                found.append(failure.code)
        await stream.close()
    return found


async def test_a_turn_detector_cannot_be_remote(tmp_path: Path) -> None:
    with pytest.raises(EngineFailure) as failure:
        async with open_engines(choice(tmp_path, turn_detector="http://127.0.0.1:9/v1")):
            pass
    assert failure.value.code == "engine_unsupported"
