"""Whisper base with random weights in its true shape, as a CTranslate2 folder.

What a decoding costs depends on how many tokens it writes. Random weights would write until they
are stopped, so the output layer is made from the embeddings: each token calls for the next of a
chain, and the chain is about as long as what a real model writes between two partial transcripts.
Its tokens are all white space, so that no hypothesis has words and nothing is settled: the whole
chain is written every time.
"""

# ruff: noqa: ANN401 (the specification of CTranslate2 is untyped)

import json
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import whisper_spec

LAYERS, WIDTH, HEADS, MELS = 6, 512, 8, 80
TEXT_TOKENS, VOCABULARY = 50257, 51865
LANGUAGE_CODES = (
    "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th "
    "ur hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr "
    "pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt "
    "haw ln ha ba jw su"
)
LANGUAGES = LANGUAGE_CODES.split()
NO_TIMESTAMPS = "<|notimestamps|>"
# No-break and other wide spaces, as byte-level tokenizers write their three bytes.
SPACES = [f"\u00e2\u0122{chr(code)}" for code in range(0x0122, 0x012C)]


def vocabulary() -> list[str]:
    """Whisper's multilingual layout, the chain of spaces first."""
    special = ["<|endoftext|>", "<|startoftranscript|>", *(f"<|{code}|>" for code in LANGUAGES)]
    special += ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>"]
    special += ["<|nospeech|>", NO_TIMESTAMPS]
    special += [f"<|{n * 0.02:.2f}|>" for n in range(VOCABULARY - TEXT_TOKENS - len(special))]
    words = [f"\u0120word{n}" for n in range(TEXT_TOKENS - len(SPACES))]
    return [*SPACES, *words, *special]


class _Weights:
    def __init__(self) -> None:
        self._random = np.random.default_rng(0)

    def matrix(self, *size: int, spread: float = 0.02) -> np.ndarray:
        return self._random.standard_normal(size, dtype=np.float32) * np.float32(spread)

    def linear(self, layer: Any, rows: int, columns: int) -> None:
        layer.weight, layer.bias = self.matrix(rows, columns), np.zeros(rows, np.float32)

    def attention(self, layer: Any, sizes: tuple[int, ...]) -> None:
        _norm(layer.layer_norm)
        for part, rows in zip(layer.linear, sizes, strict=True):
            self.linear(part, rows, WIDTH)

    def feed_forward(self, layer: Any) -> None:
        _norm(layer.layer_norm)
        self.linear(layer.linear_0, 4 * WIDTH, WIDTH)
        self.linear(layer.linear_1, WIDTH, 4 * WIDTH)


def _norm(layer: Any) -> None:
    layer.gamma, layer.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)


def write_whisper(folder: Path) -> None:
    spec = whisper_spec.WhisperSpec(LAYERS, HEADS, LAYERS, HEADS)
    names, weights = vocabulary(), _Weights()
    _fill_encoder(spec.encoder, weights)
    _fill_decoder(spec.decoder, weights, names)
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [], []
    spec.config.lang_ids = list(range(TEXT_TOKENS + 2, TEXT_TOKENS + 2 + len(LANGUAGES)))
    spec.config.alignment_heads = [[3, 1], [4, 2], [4, 3], [4, 7], [5, 1], [5, 2], [5, 4], [5, 6]]
    spec.register_vocabulary(names)
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True)
    spec.save(str(folder))
    _write_tokenizer(folder, names)


def _fill_encoder(encoder: Any, weights: _Weights) -> None:
    encoder.conv1.weight, encoder.conv1.bias = weights.matrix(WIDTH, MELS, 3), np.zeros(WIDTH, "f4")
    encoder.conv2.weight, encoder.conv2.bias = (
        weights.matrix(WIDTH, WIDTH, 3),
        np.zeros(WIDTH, "f4"),
    )
    encoder.position_encodings.encodings = weights.matrix(1500, WIDTH)
    _norm(encoder.layer_norm)
    for layer in encoder.layer:
        weights.attention(layer.self_attention, (3 * WIDTH, WIDTH))
        weights.feed_forward(layer.ffn)


def _fill_decoder(decoder: Any, weights: _Weights, names: list[str]) -> None:
    decoder.embeddings.weight = weights.matrix(VOCABULARY, WIDTH, spread=1.0)
    decoder.projection.weight = weights.matrix(VOCABULARY, WIDTH)
    chain = [*SPACES, "<|endoftext|>"]
    for before, after in zip([NO_TIMESTAMPS, *SPACES], chain, strict=True):
        called = decoder.embeddings.weight[names.index(before)]
        decoder.projection.weight[names.index(after)] = called / np.linalg.norm(called)
    decoder.position_encodings.encodings = weights.matrix(448, WIDTH)
    decoder.scale_embeddings = False
    _norm(decoder.layer_norm)
    for layer in decoder.layer:
        weights.attention(layer.self_attention, (3 * WIDTH, WIDTH))
        weights.attention(layer.attention, (WIDTH, 2 * WIDTH, WIDTH))
        weights.feed_forward(layer.ffn)


def _write_tokenizer(folder: Path, names: list[str]) -> None:
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    bytewise = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": number, "content": name, "special": True, **plain}
            for number, name in enumerate(names)
            if number >= TEXT_TOKENS
        ],
        "normalizer": None,
        "pre_tokenizer": {**bytewise, "use_regex": True},
        "post_processor": None,
        "decoder": {**bytewise, "use_regex": True},
        "model": {
            "type": "WordLevel",
            "vocab": {name: number for number, name in enumerate(names[:TEXT_TOKENS])},
            "unk_token": names[len(SPACES)],
        },
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    features = {"feature_size": MELS, "sampling_rate": 16000, "hop_length": 160, "n_fft": 400}
    (folder / "preprocessor_config.json").write_text(json.dumps({**features, "chunk_length": 30}))
