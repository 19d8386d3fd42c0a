"""A chat model on an OpenAI-compatible server: vLLM, llama-server and the like.

The server keeps its own cache of prefixes, so appending to a prompt is as cheap as it makes it.
"""

import re
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from time import perf_counter
from typing import Any

from vivavoce.core.errors import EngineFailure
from vivavoce.core.reasoning import ReasoningFilter
from vivavoce.engines.chat_template import ChatTemplate, Messages
from vivavoce.engines.lanes import JobKind, JobTimes
from vivavoce.engines.remote import RemoteFailure, readable
from vivavoce.engines.remote_client import RemoteClient, Sent

MESSAGE = re.compile(r"<\|im_start\|>(\w+)\n(.*?)<\|im_end\|>\n", re.DOTALL)
LANE = "language_model"
PATH = "chat/completions"
GREETING: tuple[dict[str, str], ...] = ({"role": "user", "content": "Hello."},)


class RemoteLanguageModel:
    """`LanguageModel`. Prompts are ChatML here, and become messages again on the way out, so that
    the server applies the template of its model.

    Fields that a server refuses are remembered and not sent again: first those that are not part
    of the interface (the grammar, the wish not to think aloud), then those that some models do not
    take. Without a grammar a model is free in its form, which is why any reply can be understood.
    """

    file_hash = ""

    def __init__(
        self, client: RemoteClient, observe: Callable[[JobTimes], None] | None = None
    ) -> None:
        self.name = client.server.name
        self._model = client.server.access.model
        self._client = client
        self._observe = observe
        self._template = ChatTemplate(None, ())
        self._concessions = 0
        self._thinks_unopened = False

    def chat_prompt(self, messages: Messages, *, open_reply: bool = True) -> str:
        return self._template.prompt(messages, open_reply=open_reply)

    async def prefill(self, session: str, prompt: str) -> None:
        """Only the connection is prepared: a prompt cannot be without paying for a reply."""
        with suppress(EngineFailure):
            await self._client.warm()

    async def release(self, session: str) -> None:
        """Nothing is held here for a session."""

    async def generate(
        self,
        session: str,
        prompt: str,
        *,
        grammar: str | None = None,
        max_tokens: int = 160,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> AsyncGenerator[str]:
        asked = {
            "model": self._model,
            "messages": [{"role": role, "content": text} for role, text in MESSAGE.findall(prompt)],
            "max_tokens": max_tokens,
            "temperature": temperature,
            "seed": seed,
            "stream": True,
        }
        began, first = perf_counter(), None
        try:
            async with aclosing(self._conceding(asked, grammar)) as pieces:
                async for piece in pieces:
                    first = first or perf_counter()
                    yield piece
        finally:
            self._tell(session, began, first or perf_counter())

    def _tell(self, session: str, began: float, first: float) -> None:
        """What passes until the first piece counts as waiting."""
        if self._observe is not None:
            waited, ran = (first - began) * 1e3, (perf_counter() - first) * 1e3
            self._observe(JobTimes(LANE, session, JobKind.FINAL, waited, ran))

    async def greet(self) -> None:
        """A request as small as they come, to find out whether the server answers."""
        asked = {"model": self._model, "messages": list(GREETING), "max_tokens": 1, "stream": True}
        async with aclosing(self._conceding(asked, None)) as pieces:
            async for _ in pieces:
                pass

    async def _conceding(self, asked: dict[str, Any], grammar: str | None) -> AsyncGenerator[str]:
        """Leave out more of the request each time it is refused for its form."""
        bodies = bodies_of(asked, grammar)
        for concessions in range(self._concessions, len(bodies)):
            try:
                async with aclosing(self._reply(bodies[concessions])) as pieces:
                    async for piece in pieces:
                        self._concessions = concessions
                        yield piece
                self._concessions = concessions
                return
            except RemoteFailure as failure:
                if failure.broke:
                    await self._learn_why(bodies[concessions])
                if not failure.dislikes_fields or concessions + 1 == len(bodies):
                    raise

    async def _learn_why(self, body: dict[str, Any]) -> None:
        """Some servers begin a stream before they look at the prompt, and break it without a word.

        Asked for one token in one piece they tell. Raises `RemoteFailure` when they do.
        """
        await self._client.fetch(PATH, Sent(json={**body, "stream": False, "max_tokens": 1}))

    async def _reply(self, body: dict[str, Any]) -> AsyncGenerator[str]:
        reasoning = ReasoningFilter(begins_inside=self._thinks_unopened)
        async with aclosing(self._client.events(PATH, Sent(json=body))) as events:
            async for event in events:
                if kept := reasoning.feed(text_of(event)):
                    yield kept
        if kept := reasoning.finish():
            yield kept
        self._thinks_unopened |= reasoning.ends_unopened


def bodies_of(asked: dict[str, Any], grammar: str | None) -> tuple[dict[str, Any], ...]:
    """The request in all that we would like to say, then with less and less of it."""
    # The switch of thinking models; llama-server's name of a grammar, and vLLM's.
    extras: dict[str, Any] = {"chat_template_kwargs": {"enable_thinking": False}}
    if grammar:
        extras |= {"grammar": grammar, "structured_outputs": {"grammar": grammar}}
    plain = {name: asked[name] for name in ("model", "messages", "stream")}
    return (asked | extras, asked, plain | {"max_completion_tokens": asked["max_tokens"]})


def text_of(event: dict[str, Any]) -> str:
    """What an event adds to the reply. Raises `RemoteFailure` for an error that is sent as one."""
    if "error" in event:
        raise RemoteFailure("remote_refused", "The model server broke off its reply.")
    with readable():
        choices = event["choices"]
        return str(choices[0]["delta"].get("content") or "") if choices else ""
