"""Qwen2.5-0.5B with random weights in its true shape and quantization, as a GGUF file.

What a prompt and a reply cost depends on their tokens. So the vocabulary has whole words, merged as
byte-pair encoding merges them, for the texts that prompts are made of; and the output layer is made
from the embeddings, so that each token of a follow-up calls for the next one. Which of the
follow-ups is begun depends on everything before it. Their words are invented.
"""

import re
from collections.abc import Iterable
from itertools import chain, count, islice, pairwise, product
from pathlib import Path

import gguf
import numpy as np
import vivavoce
from gguf import GGMLQuantizationType as Quantization
from gguf import quants

from tests.model_makers.chat_gguf import CHATML, SPECIAL, byte_characters

LAYERS, WIDTH, FEED_FORWARD, HEADS, KEY_HEADS, VOCABULARY = 24, 896, 4864, 14, 2, 151936
CONTEXT = 32768
SPACE, LINE_END = "\u0120", "\u010a"  # as byte-level tokenizers write them
TEXTS = (
    "phrases/en.json",
    "core/prompts.py",
    "core/default_profiles.py",
    "services/bench/script.py",
)
MOVE = ("PRO", "BE", ":")
FOLLOW_UPS = 48
FOLLOW_UP_WORDS = 12  # as many as a good follow-up has, half of them of one syllable
SYLLABLES = [a + b for a, b in product("bdfklmnprst", "aeio")]
ENDINGS = "klmnprst"


def write_chat_model(path: Path) -> None:
    out = gguf.GGUFWriter(path, "qwen2")
    out.add_name("random weights in the shape of Qwen2.5-0.5B")
    out.add_context_length(CONTEXT)
    out.add_embedding_length(WIDTH)
    out.add_block_count(LAYERS)
    out.add_feed_forward_length(FEED_FORWARD)
    out.add_head_count(HEADS)
    out.add_head_count_kv(KEY_HEADS)
    out.add_rope_freq_base(1e6)
    out.add_layer_norm_rms_eps(1e-6)
    tokens, merges = vocabulary(known_words())
    _add_vocabulary(out, tokens, merges)
    _add_weights(out, tokens)
    path.parent.mkdir(parents=True)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def known_words() -> list[str]:
    """The words of everything that a prompt is made of."""
    folder = Path(vivavoce.__file__).parent
    text = " ".join((folder / name).read_text(encoding="utf-8") for name in TEXTS)
    return sorted(set(re.findall(r"[A-Za-z]{2,}", text)))


def follow_ups() -> list[list[str]]:
    """The tokens of each, every one used once; the last brings the question mark."""
    short = ("".join(parts) for parts in product(SYLLABLES, ENDINGS))
    longer = ("".join(parts) for parts in product(SYLLABLES, SYLLABLES, ENDINGS))
    pairs = islice(zip(short, longer, strict=False), FOLLOW_UPS * FOLLOW_UP_WORDS // 2)
    words = [SPACE + word for pair in pairs for word in pair]
    starts = range(0, len(words), FOLLOW_UP_WORDS)
    return [
        [*words[start : start + FOLLOW_UP_WORDS - 1], words[start + FOLLOW_UP_WORDS - 1] + "?"]
        for start in starts
    ]


def vocabulary(words: Iterable[str]) -> tuple[list[str], list[str]]:
    """Tokens up to the special ones, and the merges that make one token of each word.

    Every merge adds a letter to the beginning of a word, so none gets in another's way.
    """
    tokens = dict.fromkeys(byte_characters())
    merges: dict[str, None] = {}
    for word in words:
        spelled = SPACE + word
        for end in range(1, len(spelled)):
            merges[f"{spelled[:end]} {spelled[end]}"] = None
            tokens[spelled[: end + 1]] = None
    tokens.update(dict.fromkeys([*MOVE, *chain.from_iterable(follow_ups())]))
    # The rest of a real vocabulary, so that a grammar has as much to look through.
    fillers = ("".join(parts) for size in count(3) for parts in product(SYLLABLES, repeat=size))
    for filler in fillers:
        if len(tokens) == VOCABULARY - len(SPECIAL):
            break
        tokens[SPACE + filler] = None
    return list(tokens), list(merges)


def successors() -> list[tuple[str, str]]:
    """Which token calls for which, but for the end of the tag, after which all may begin."""
    return [(LINE_END, MOVE[0]), *pairwise(MOVE), *chain.from_iterable(map(pairwise, follow_ups()))]


def _add_vocabulary(out: gguf.GGUFWriter, tokens: list[str], merges: list[str]) -> None:
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("qwen2")
    out.add_token_list([*tokens, *SPECIAL])
    out.add_token_types([1] * len(tokens) + [3] * len(SPECIAL))
    out.add_token_merges(merges)
    out.add_bos_token_id(VOCABULARY - 3)
    out.add_eos_token_id(VOCABULARY - 1)
    out.add_add_bos_token(False)
    out.add_chat_template(CHATML)


def _add_weights(out: gguf.GGUFWriter, tokens: list[str]) -> None:
    random = np.random.default_rng(0)
    narrow = KEY_HEADS * WIDTH // HEADS

    def drawn(rows: int, columns: int, spread: float) -> np.ndarray:
        return random.standard_normal((rows, columns), dtype=np.float32) * np.float32(spread)

    def add(name: str, values: np.ndarray, kind: Quantization = Quantization.Q4_0) -> None:
        out.add_tensor(f"{name}.weight", quants.quantize(values, kind), raw_dtype=kind)

    def ones(name: str) -> None:
        out.add_tensor(f"{name}.weight", np.ones(WIDTH, np.float32))

    embeddings = drawn(VOCABULARY, WIDTH, 1.0)
    add("token_embd", embeddings)
    # The published file keeps the output layer apart, in eight bits: 896 is no multiple of 256.
    add("output", output_layer(embeddings, tokens), Quantization.Q8_0)
    ones("output_norm")
    for block in range(LAYERS):
        prefix = f"blk.{block}"
        ones(f"{prefix}.attn_norm")
        ones(f"{prefix}.ffn_norm")
        # Sharp attention that outweighs the rest: a reply depends on all that came before.
        for name, rows, spread in (("q", WIDTH, 0.2), ("k", narrow, 0.2), ("v", narrow, 0.03)):
            add(f"{prefix}.attn_{name}", drawn(rows, WIDTH, spread))
            out.add_tensor(f"{prefix}.attn_{name}.bias", np.zeros(rows, np.float32))
        add(f"{prefix}.attn_output", drawn(WIDTH, WIDTH, 0.03))
        add(f"{prefix}.ffn_gate", drawn(FEED_FORWARD, WIDTH, 0.008))
        add(f"{prefix}.ffn_up", drawn(FEED_FORWARD, WIDTH, 0.008))
        add(f"{prefix}.ffn_down", drawn(WIDTH, FEED_FORWARD, 0.008))


def output_layer(embeddings: np.ndarray, tokens: list[str]) -> np.ndarray:
    """Rows in the direction of the embedding that calls for them, the others random and short."""
    random = np.random.default_rng(1)
    number = {token: index for index, token in enumerate([*tokens, *SPECIAL])}
    rows = random.standard_normal(embeddings.shape, dtype=np.float32) * np.float32(0.01)
    for before, after in successors():
        rows[number[after]] = embeddings[number[before]] / np.sqrt(WIDTH)
    tag_end = embeddings[number[MOVE[-1]]] / np.sqrt(WIDTH)
    for first, *_ in follow_ups():
        leaning = random.standard_normal(WIDTH, dtype=np.float32) / np.float32(np.sqrt(WIDTH))
        leaning -= tag_end * (leaning @ tag_end) / (tag_end @ tag_end)
        rows[number[first]] = tag_end + leaning
    return rows
