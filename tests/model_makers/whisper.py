"""A CTranslate2 Whisper that says `waaab waaac waaad ...`, whatever it hears.

Everything but the positions is zero: position p of the decoder makes word p the likeliest, and the
end of the text comes after `words` words. So the transcript is known, and so is what a forced
prefix does to it.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import whisper_spec

TEXT_TOKENS = 50257
VOCABULARY = 51866
WIDTH, HEADS, LAYERS = 64, 2, 1
PROMPT_LENGTH = 2  # start, no timestamps: CTranslate2 takes it for an English-only model
_CODES = (
    "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th "
    "ur hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr "
    "pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt "
    "haw ln ha ba jw su yue"
)
LANGUAGES = _CODES.split()


def vocabulary() -> list[str]:
    """Whisper's layout: text tokens, then the special ones at their true ids."""
    special = ["<|endoftext|>", "<|startoftranscript|>", *(f"<|{code}|>" for code in LANGUAGES)]
    special += ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>"]
    special += ["<|nospeech|>", "<|notimestamps|>"]
    times = VOCABULARY - TEXT_TOKENS - len(special)
    special += [f"<|{step * 0.02:.2f}|>" for step in range(times)]
    return [*(f"\u0120{spelled(number)}" for number in range(TEXT_TOKENS)), *special]


def spelled(number: int) -> str:
    """A word of four letters; `wbaa` is word 26."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return "w" + "".join(letters[number // 26**power % 26] for power in (3, 2, 1, 0))


def write_whisper(folder: Path, words: int = 5) -> Path:
    spec = whisper_spec.WhisperSpec(LAYERS, HEADS, LAYERS, HEADS)
    _fill_encoder(spec.encoder)
    _fill_decoder(spec.decoder, words)
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [], []
    spec.config.lang_ids = list(range(TEXT_TOKENS + 2, TEXT_TOKENS + 2 + len(LANGUAGES)))
    spec.config.alignment_heads = [[0, 0]]
    spec.register_vocabulary(vocabulary())
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    _write_tokenizer(folder)
    return folder


def _zeros(*size: int) -> np.ndarray:
    return np.zeros(size, np.float32)


def _linear(layer: Any, rows: int, columns: int) -> None:  # noqa: ANN401 - untyped specification
    layer.weight, layer.bias = _zeros(rows, columns), _zeros(rows)


def _norm(layer: Any) -> None:  # noqa: ANN401 - untyped specification
    layer.gamma, layer.beta = np.ones(WIDTH, np.float32), _zeros(WIDTH)


def _attention(layer: Any, sizes: tuple[int, ...]) -> None:  # noqa: ANN401 - untyped specification
    _norm(layer.layer_norm)
    for part, rows in zip(layer.linear, sizes, strict=True):
        _linear(part, rows, WIDTH)


def _feed_forward(layer: Any) -> None:  # noqa: ANN401 - untyped specification
    _norm(layer.layer_norm)
    _linear(layer.linear_0, 4 * WIDTH, WIDTH)
    _linear(layer.linear_1, WIDTH, 4 * WIDTH)


def _fill_encoder(encoder: Any) -> None:  # noqa: ANN401 - untyped specification
    encoder.conv1.weight, encoder.conv1.bias = _zeros(WIDTH, 80, 3), _zeros(WIDTH)
    encoder.conv2.weight, encoder.conv2.bias = _zeros(WIDTH, WIDTH, 3), _zeros(WIDTH)
    encoder.position_encodings.encodings = _zeros(1500, WIDTH)
    _norm(encoder.layer_norm)
    for layer in encoder.layer:
        _attention(layer.self_attention, (3 * WIDTH, WIDTH))
        _feed_forward(layer.ffn)


def _fill_decoder(decoder: Any, words: int) -> None:  # noqa: ANN401 - untyped specification
    decoder.embeddings.weight = _zeros(VOCABULARY, WIDTH)
    decoder.projection.weight = _zeros(VOCABULARY, WIDTH)
    positions = _zeros(448, WIDTH)
    for word in range(1, min(words, WIDTH - 1) + 1):
        positions[PROMPT_LENGTH + word - 2, word] = 1
        decoder.projection.weight[word, word] = 8
    positions[PROMPT_LENGTH + words - 1 :, 0] = 1
    decoder.projection.weight[TEXT_TOKENS, 0] = 8
    decoder.position_encodings.encodings = positions
    decoder.scale_embeddings = False
    _norm(decoder.layer_norm)
    for layer in decoder.layer:
        _attention(layer.self_attention, (3 * WIDTH, WIDTH))
        _attention(layer.attention, (WIDTH, 2 * WIDTH, WIDTH))
        _feed_forward(layer.ffn)


def _write_tokenizer(folder: Path) -> None:
    names = vocabulary()
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    added = [
        {"id": number, "content": name, "special": True, **plain}
        for number, name in enumerate(names)
        if number >= TEXT_TOKENS
    ]
    words = {name: number for number, name in enumerate(names[:TEXT_TOKENS])}
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": {
            "type": "ByteLevel",
            "add_prefix_space": False,
            "trim_offsets": True,
            "use_regex": True,
        },
        "post_processor": None,
        "decoder": {
            "type": "ByteLevel",
            "add_prefix_space": False,
            "trim_offsets": True,
            "use_regex": True,
        },
        "model": {"type": "WordLevel", "vocab": words, "unk_token": f"\u0120{spelled(0)}"},
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    features = {"feature_size": 80, "sampling_rate": 16000, "hop_length": 160, "chunk_length": 30}
    (folder / "preprocessor_config.json").write_text(json.dumps({**features, "n_fft": 400}))
