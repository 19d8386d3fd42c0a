"""Meaning as vectors from an OpenAI-compatible server: `/v1/embeddings`."""

import json
from collections.abc import Sequence
from typing import Any

from vivavoce.engines.embedding_prompts import prompts_of
from vivavoce.engines.remote import readable
from vivavoce.engines.remote_client import RemoteClient, Sent

TEXTS_AT_ONCE = 32


class RemoteEmbedder:
    """An `Embedder`. Its name is the model's and the host's: another model there has another."""

    def __init__(self, client: RemoteClient) -> None:
        self.name = client.server.name
        self._model = client.server.access.model
        self._prompts = prompts_of(self._model)
        self._client = client
        self._patient = client.patient()

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[list[float]]:
        client, vectors = self._client if query else self._patient, []
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            batch = texts[start : start + TEXTS_AT_ONCE]
            asked = [self._prompts.of(text, query=query) for text in batch]
            body = {"model": self._model, "input": asked, "encoding_format": "float"}
            answer = await client.fetch("embeddings", Sent(json=body))
            vectors += _vectors(answer, len(batch))
        return vectors

    async def greet(self) -> None:
        """A request as small as they come, to find out whether the server answers."""
        await self.embed(["Hello."], query=True)


def _vectors(answer: bytes, count: int) -> list[list[float]]:
    with readable():
        items: Any = sorted(json.loads(answer)["data"], key=lambda item: item["index"])
        vectors = [[float(value) for value in item["embedding"]] for item in items]
        if len(vectors) != count or not all(vectors) or len({len(one) for one in vectors}) != 1:
            raise ValueError("so many vectors of one length were expected")
        return vectors
