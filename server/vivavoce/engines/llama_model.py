"""llama.cpp behind blocking calls: one model, one context, many sequences.

This is the low-level interface on purpose: the library's own `Llama` object holds one sequence, and
sessions that take turns on it destroy each other's cache. One thread may use an instance.
"""

import ctypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vivavoce.core.errors import EngineFailure
from vivavoce.engines.model_files import first_bytes, truncated, wrong_kind

GGUF_START = b"GGUF"
KIND = "a GGUF model"
LONGEST_PIECE_BYTES = 256
ALL_LAYERS = 999
NO_FLASH_ATTENTION = 0  # LLAMA_FLASH_ATTN_TYPE_DISABLED; the default chooses by the model
NO_ROOM = 1  # of llama_decode: no place in the cache for the batch
TOKEN_DATA = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])


@dataclass(frozen=True)
class LlamaLimits:
    """`sequences` sessions of up to `context_tokens` each; a step takes `batch_tokens` at most.

    `hurried_threads` read the end of a prompt whose reply is waited for; 0: no more than `threads`.
    """

    threads: int
    hurried_threads: int = 0
    sequences: int = 8
    context_tokens: int = 4096
    batch_tokens: int = 512


@dataclass(frozen=True)
class BatchToken:
    token: int
    position: int
    sequence: int
    wants_logits: bool


class LlamaModel:
    def __init__(self, path: Path, limits: LlamaLimits) -> None:
        self._library = quiet_library()
        self.limits = limits
        start = first_bytes(path, len(GGUF_START))
        if start != GGUF_START:
            raise truncated(path) if GGUF_START.startswith(start) else wrong_kind(path, KIND)
        self._model = self._load(path)
        self._has_running_state = bool(
            self._library.llama_model_is_recurrent(self._model)
            or self._library.llama_model_is_hybrid(self._model)
        )
        self._context = self._open_context(path)
        self._memory = self._library.llama_get_memory(self._context)
        self._vocabulary = self._library.llama_model_get_vocab(self._model)
        self._vocabulary_size = int(self._library.llama_vocab_n_tokens(self._vocabulary))
        self._batch = self._library.llama_batch_init(limits.batch_tokens, 0, 1)
        self.control_texts = self._find_control_texts()

    def close(self) -> None:
        self._library.llama_batch_free(self._batch)
        self._library.llama_free(self._context)
        self._library.llama_model_free(self._model)

    @property
    def chat_template(self) -> str | None:
        """The Jinja source inside the file."""
        found = self._library.llama_model_chat_template(self._model, None)
        return found.decode() if found else None

    def tokenize(self, text: str) -> list[int]:
        """Tokens of a rendered prompt; the texts of control tokens become those tokens."""
        data = text.encode()
        room = len(data) + 8
        tokens = (ctypes.c_int32 * room)()
        count = self._library.llama_tokenize(
            self._vocabulary, data, len(data), tokens, room, True, True
        )
        if count < 0:
            raise EngineFailure("prompt_unreadable", "The model cannot read the prompt.")
        return tokens[:count]

    def piece(self, token: int) -> bytes:
        """The bytes of a token; a character may span several."""
        buffer = ctypes.create_string_buffer(LONGEST_PIECE_BYTES)
        length = self._library.llama_token_to_piece(
            self._vocabulary, token, buffer, LONGEST_PIECE_BYTES, 0, False
        )
        return buffer.raw[: max(length, 0)]

    def ends_reply(self, token: int) -> bool:
        return bool(self._library.llama_vocab_is_eog(self._vocabulary, token))

    def decode(self, batch: list[BatchToken], *, hurried: bool = False) -> bool:
        """Run one step; False when the cache has no room. Raises `EngineFailure` when it breaks."""
        usual = self.limits.threads
        several = self.limits.hurried_threads if hurried else 0
        self._library.llama_set_n_threads(self._context, usual, several or usual)
        for index, entry in enumerate(batch):
            self._batch.token[index] = entry.token
            self._batch.pos[index] = entry.position
            self._batch.n_seq_id[index] = 1
            self._batch.seq_id[index][0] = entry.sequence
            self._batch.logits[index] = entry.wants_logits
        self._batch.n_tokens = len(batch)
        code = self._library.llama_decode(self._context, self._batch)
        if code == NO_ROOM:
            return False
        if code != 0:
            raise EngineFailure("language_model_failed", "The language model failed to compute.")
        return True

    def logits(self, index: int) -> np.ndarray:
        """Float32 [vocabulary] after the batch's entry `index`; a copy."""
        pointer = self._library.llama_get_logits_ith(self._context, index)
        return np.ctypeslib.as_array(pointer, (self._vocabulary_size,)).copy()

    def share_prefix(self, source: int, target: int, length: int) -> bool:
        """Let the empty sequence `target` begin with `length` tokens of `source`, at no cost.

        False on models whose state cannot be cut at a token.
        """
        if self._has_running_state:
            return False
        self._library.llama_memory_seq_cp(self._memory, source, target, 0, length)
        return True

    def truncate(self, sequence: int, length: int) -> bool:
        """Keep the first `length` tokens; False where only the whole can be dropped (and was)."""
        if self._library.llama_memory_seq_rm(self._memory, sequence, length, -1):
            return True
        self._library.llama_memory_seq_rm(self._memory, sequence, -1, -1)
        return False

    def compile_grammar(self, source: str) -> "Grammar":
        pointer = self._library.llama_sampler_init_grammar(
            self._vocabulary, source.encode(), b"root"
        )
        if not pointer:
            raise EngineFailure("grammar_invalid", "The grammar for the reply is not valid GBNF.")
        return Grammar(self._library, pointer)

    def _load(self, path: Path) -> Any:  # noqa: ANN401 - C pointer
        parameters = self._library.llama_model_default_params()
        parameters.n_gpu_layers = ALL_LAYERS if self._library.llama_supports_gpu_offload() else 0
        model = self._library.llama_model_load_from_file(str(path).encode(), parameters)
        if not model:
            raise truncated(path)
        if not self._library.llama_model_has_decoder(model):
            self._library.llama_model_free(model)
            raise wrong_kind(path, "a GGUF model that writes text")
        return model

    def _open_context(self, path: Path) -> Any:  # noqa: ANN401 - C pointer
        parameters = self._library.llama_context_default_params()
        parameters.n_ctx = self.limits.context_tokens * self.limits.sequences
        parameters.n_batch = parameters.n_ubatch = self.limits.batch_tokens
        parameters.n_seq_max = self.limits.sequences
        parameters.n_threads = parameters.n_threads_batch = self.limits.threads
        parameters.kv_unified = True  # so that a shared prefix is shared, not copied
        parameters.swa_full = True  # so that a prefix can be kept on sliding-window models
        if not self._library.llama_supports_gpu_offload():
            # On processors it goes through the cache key by key: at 1,200 tokens of context, 24
            # more take 1,420 ms with it and 210 ms without.
            parameters.flash_attn_type = NO_FLASH_ATTENTION
        context = self._library.llama_init_from_model(self._model, parameters)
        if not context:
            self._library.llama_model_free(self._model)
            message = f"There is not enough memory for the context of {path}."
            raise EngineFailure("model_too_large", message)
        return context

    def _find_control_texts(self) -> tuple[str, ...]:
        texts = (
            self._library.llama_vocab_get_text(self._vocabulary, token)
            for token in range(self._vocabulary_size)
            if self._library.llama_vocab_is_control(self._vocabulary, token)
        )
        return tuple(text.decode(errors="replace") for text in texts if text)


class Grammar:
    """The state of one constrained reply."""

    def __init__(self, library: Any, pointer: Any) -> None:  # noqa: ANN401 - C library
        self._library = library
        self._pointer = pointer

    def allows(self, token: int) -> bool:
        return bool(np.isfinite(self.restrict(np.zeros(1, np.float32), first=token)[0]))

    def restrict(self, logits: np.ndarray, first: int = 0) -> np.ndarray:
        """The logits of tokens `first`, `first + 1`, ... with those not allowed at -infinity."""
        data = np.zeros(len(logits), TOKEN_DATA)
        data["id"] = np.arange(first, first + len(logits))
        data["logit"] = logits
        array = self._library.llama_token_data_array(
            data=data.ctypes.data_as(self._library.llama_token_data_p),
            size=len(data),
            selected=-1,
            sorted=False,
        )
        self._library.llama_sampler_apply(self._pointer, ctypes.byref(array))
        return data["logit"]

    def accept(self, token: int) -> None:
        self._library.llama_sampler_accept(self._pointer, token)

    def close(self) -> None:
        self._library.llama_sampler_free(self._pointer)


_QUIET: list[Any] = []  # the log callback, kept because C holds a bare pointer to it


def quiet_library() -> Any:  # noqa: ANN401 - untyped library
    """The llama.cpp bindings, initialised once and silent: its log would print prompts."""
    try:
        from llama_cpp import llama_cpp
    except (ImportError, OSError) as error:
        message = "llama-cpp-python is not installed; `vivavoce models pull` installs it."
        raise EngineFailure("engine_missing", message) from error
    if not _QUIET:
        callback = llama_cpp.llama_log_callback(lambda _level, _text, _data: None)
        llama_cpp.llama_log_set(callback, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        _QUIET.append(callback)
    return llama_cpp
