"""A Qwen2-architecture GGUF chat model of a few kilobytes: random weights, a byte vocabulary."""

from pathlib import Path

import gguf
import numpy as np

LAYERS, WIDTH, FEED_FORWARD, HEADS, KEY_HEADS, VOCABULARY = 2, 64, 128, 4, 2, 512
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def byte_characters() -> list[str]:
    """The printable stand-ins of byte-level tokenizers, in the order of the bytes."""
    plain = {*range(33, 127), *range(161, 173), *range(174, 256)}
    hidden = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(hidden)) for byte in range(256)]


def write_chat_model(path: Path, template: str = CHATML) -> Path:
    out = gguf.GGUFWriter(path, "qwen2")
    add_shape(out)
    add_vocabulary(out)
    out.add_chat_template(template)
    add_weights(out)
    return finish(out, path)


def add_shape(out: gguf.GGUFWriter) -> None:
    out.add_context_length(4096)
    out.add_embedding_length(WIDTH)
    out.add_block_count(LAYERS)
    out.add_feed_forward_length(FEED_FORWARD)
    out.add_head_count(HEADS)
    out.add_head_count_kv(KEY_HEADS)
    out.add_rope_freq_base(1e6)
    out.add_layer_norm_rms_eps(1e-6)


def finish(out: gguf.GGUFWriter, path: Path) -> Path:
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()
    return path


def add_vocabulary(out: gguf.GGUFWriter) -> None:
    unused = VOCABULARY - 256 - len(SPECIAL)
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("qwen2")
    out.add_token_list([*byte_characters(), *(f"<unused{i}>" for i in range(unused)), *SPECIAL])
    out.add_token_types([1] * 256 + [5] * unused + [3] * len(SPECIAL))
    out.add_token_merges(["\u0120 t"])
    out.add_bos_token_id(VOCABULARY - 3)
    out.add_eos_token_id(VOCABULARY - 1)
    out.add_add_bos_token(False)


def add_weights(out: gguf.GGUFWriter, seed: int = 7) -> None:
    random = np.random.default_rng(seed)
    narrow = KEY_HEADS * WIDTH // HEADS

    def matrix(name: str, rows: int, columns: int) -> None:
        weights = random.standard_normal((rows, columns), dtype=np.float32) * 0.2
        out.add_tensor(f"{name}.weight", weights)

    def ones(name: str) -> None:
        out.add_tensor(f"{name}.weight", np.ones(WIDTH, np.float32))

    matrix("token_embd", VOCABULARY, WIDTH)
    ones("output_norm")
    for block in range(LAYERS):
        prefix = f"blk.{block}"
        ones(f"{prefix}.attn_norm")
        ones(f"{prefix}.ffn_norm")
        for name, rows in (("q", WIDTH), ("k", narrow), ("v", narrow)):
            matrix(f"{prefix}.attn_{name}", rows, WIDTH)
            out.add_tensor(f"{prefix}.attn_{name}.bias", np.zeros(rows, np.float32))
        matrix(f"{prefix}.attn_output", WIDTH, WIDTH)
        matrix(f"{prefix}.ffn_gate", FEED_FORWARD, WIDTH)
        matrix(f"{prefix}.ffn_up", FEED_FORWARD, WIDTH)
        matrix(f"{prefix}.ffn_down", WIDTH, FEED_FORWARD)
