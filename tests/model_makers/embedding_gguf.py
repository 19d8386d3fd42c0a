"""A GGUF embedding model of a few kilobytes: the chat model's weights, read as a mean."""

from pathlib import Path

import gguf

from tests.model_makers.chat_gguf import add_shape, add_vocabulary, add_weights, finish


def write_embedding_model(
    path: Path, *, seed: int = 7, pooling: gguf.PoolingType = gguf.PoolingType.MEAN
) -> Path:
    out = gguf.GGUFWriter(path, "qwen2")
    add_shape(out)
    out.add_pooling_type(pooling)
    add_vocabulary(out)
    add_weights(out, seed)
    return finish(out, path)
