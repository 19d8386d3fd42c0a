"""A chat model on an OpenAI-compatible server: vLLM, llama-server and the like.

The server keeps its own cache of prefixes, so appending to a prompt is as cheap as it makes it.
"""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx

from vivavoce.core.errors import EngineFailure
from vivavoce.engines.chat_template import ChatTemplate, Messages
from vivavoce.engines.remote import TIMEOUT, RemoteServer, remote_failures, require_success

MESSAGE = re.compile(r"<\|im_start\|>(\w+)\n(.*?)<\|im_end\|>\n", re.DOTALL)
EVENT, DONE = "data:", "[DONE]"


class RemoteLanguageModel:
    """`LanguageModel`. Prompts are ChatML here, and become messages again on the way out, so that
    the server applies the template of its model."""

    file_hash = ""

    def __init__(self, server: RemoteServer) -> None:
        self.name = server.name
        self._server = server
        self._template = ChatTemplate(None, ())
        self._client = httpx.AsyncClient(timeout=TIMEOUT, headers=server.headers)

    def chat_prompt(self, messages: Messages, *, open_reply: bool = True) -> str:
        return self._template.prompt(messages, open_reply=open_reply)

    async def prefill(self, session: str, prompt: str) -> None:
        """Nothing: the interface has no way to prepare a prompt without paying for a reply."""

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
    ) -> AsyncIterator[str]:
        body: dict[str, Any] = {
            "model": self._server.access.model,
            "messages": [{"role": role, "content": text} for role, text in MESSAGE.findall(prompt)],
            "max_tokens": max_tokens,
            "temperature": temperature,
            "seed": seed,
            "stream": True,
        }
        if grammar:
            # llama-server's name of it, and vLLM's.
            body |= {"grammar": grammar, "structured_outputs": {"grammar": grammar}}
        address = self._server.address("chat/completions")
        with remote_failures():
            async with self._client.stream("POST", address, json=body) as response:
                require_success(response)
                async for line in response.aiter_lines():
                    if piece := piece_of(line):
                        yield piece

    async def close(self) -> None:
        await self._client.aclose()


def piece_of(line: str) -> str:
    """The text in one line of a stream of server-sent events; empty for all other lines."""
    if not line.startswith(EVENT):
        return ""
    data = line.removeprefix(EVENT).strip()
    if data == DONE:
        return ""
    event = json.loads(data)
    if "error" in event:
        raise EngineFailure("remote_refused", "The model server broke off its reply.")
    choices = event["choices"]
    return str(choices[0]["delta"].get("content") or "") if choices else ""
