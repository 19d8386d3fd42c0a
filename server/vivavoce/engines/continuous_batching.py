"""One context serves every session: each step decodes one token for all who speak, and a slice of
the prompts of all who wait, so that nobody's long prompt makes another's reply stutter.

Pure bookkeeping over a small backend; the thread that runs it lives in `language_model_llama`.
"""

import codecs
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from vivavoce.core.errors import EngineFailure
from vivavoce.engines.llama_model import BatchToken
from vivavoce.engines.prefill_sharing import Prompt, Speaking, share_prefill
from vivavoce.engines.sampling import Sampler

STEP_TOKENS = 512


class Backend(Protocol):
    def decode(self, batch: list[BatchToken], *, hurried: bool) -> bool: ...
    def logits(self, index: int) -> np.ndarray: ...
    def piece(self, token: int) -> bytes: ...
    def ends_reply(self, token: int) -> bool: ...
    def share_prefix(self, source: int, target: int, length: int) -> bool: ...
    def truncate(self, sequence: int, length: int) -> bool: ...


def _tell_nobody() -> None:
    return


@dataclass(eq=False)
class Request:
    """A prompt to put into the cache and, with a sampler, to continue.

    `draft` is how the reply probably begins. It is read with the end of the prompt, and costs one
    step instead of one for each of its tokens if the reply does begin like that.

    `on_seat`, when it has a sequence and waits no more, `on_piece` and `on_end` are called from the
    decoding thread; `on_end` exactly once.
    """

    session: str
    tokens: list[int]
    on_piece: Callable[[str], None]
    on_end: Callable[[EngineFailure | None], None]
    sampler: Sampler | None = None
    max_tokens: int = 0
    draft: list[int] = field(default_factory=list)
    cancelled: bool = False
    on_seat: Callable[[], None] = _tell_nobody
    slot: "Slot | None" = None
    generated: int = 0
    number: int = 0  # in order of arrival
    text: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace")
    )

    @property
    def pending(self) -> list[int]:
        """Tokens that the cache still lacks."""
        return self.tokens[len(self.slot.tokens) :] if self.slot else self.tokens


@dataclass(eq=False)
class Slot:
    """A sequence of the context; `tokens` are those whose state it holds."""

    sequence: int
    session: str | None = None
    tokens: list[int] = field(default_factory=list)
    used_at: int = 0
    busy: bool = False


class Batcher:
    def __init__(
        self,
        backend: Backend,
        sequences: int,
        context_tokens: int,
        step_tokens: int = STEP_TOKENS,
    ) -> None:
        """`step_tokens` is what a batch of the backend can hold, more than `sequences`."""
        self._backend = backend
        self._step_tokens = step_tokens
        self._context_tokens = context_tokens
        self._slots = [Slot(sequence) for sequence in range(sequences)]
        self._waiting: deque[Request] = deque()
        self._active: list[Request] = []
        self._steps = 0
        self._submitted = 0
        self._drafts = True

    @property
    def idle(self) -> bool:
        return not self._waiting and not self._active

    def submit(self, request: Request) -> None:
        room = self._context_tokens - len(request.tokens) - request.max_tokens
        if room < 0:
            self._end(request, EngineFailure("prompt_too_long", "The prompt exceeds the context."))
        elif not request.tokens:
            self._end(request, EngineFailure("prompt_empty", "The prompt is empty."))
        else:
            self._submitted += 1
            request.number = self._submitted
            self._waiting.append(request)

    def release(self, session: str) -> None:
        """Forget a session: its requests end, its cache is free."""
        for request in (*self._waiting, *self._active):
            if request.session == session:
                request.cancelled = True
        self._drop_cancelled()
        for slot in self._slots:
            if slot.session == session:
                self._vacate(slot)

    def fail_all(self, failure: EngineFailure) -> None:
        for request in (*self._waiting, *self._active):
            self._end(request, failure)
        self._waiting.clear()
        self._active.clear()
        for slot in self._slots:
            slot.busy = False
            self._vacate(slot)

    def step(self) -> None:
        """Admit who can be, decode one batch, hand out what it brought."""
        self._drop_cancelled()
        self._admit()
        batch, owners = self._build_batch()
        if not batch:
            return
        hurried = any(_ends_reading(request, count) for request, count, _ in owners)
        if not self._backend.decode(batch, hurried=hurried):
            self._make_room()
            return
        self._steps += 1
        for request, count, last in owners:
            self._advance(request, count, last)
        self._active = [request for request in self._active if request.slot is not None]

    def _drop_cancelled(self) -> None:
        for request in (*self._waiting, *self._active):
            if request.cancelled:
                self._finish(request)
        self._waiting = deque(request for request in self._waiting if not request.cancelled)
        self._active = [request for request in self._active if not request.cancelled]

    def _admit(self) -> None:
        """Give slots in order of arrival; a session has one request at a time."""
        held_back: deque[Request] = deque()
        while self._waiting:
            request = self._waiting.popleft()
            active = {other.session for other in self._active}
            blocked = active | {other.session for other in held_back}
            slot = None if request.session in blocked else self._slot_for(request.session)
            if slot is None:
                held_back.append(request)
            else:
                self._seat(request, slot)
        self._waiting = held_back

    def _slot_for(self, session: str) -> Slot | None:
        """The session's own, else an empty one, else the one unused for longest."""
        for slot in self._slots:
            if slot.session == session:
                return slot
        free = [slot for slot in self._slots if not slot.busy]
        if not free:
            return None
        chosen = min(free, key=lambda slot: (slot.session is not None, slot.used_at))
        self._vacate(chosen)
        return chosen

    def _seat(self, request: Request, slot: Slot) -> None:
        self._reuse_prefix(request, slot)
        slot.session, slot.busy, request.slot = request.session, True, slot
        slot.used_at = self._steps
        request.on_seat()
        self._active.append(request)
        if not request.pending:
            self._finish(request)
            self._active.remove(request)

    def _reuse_prefix(self, request: Request, slot: Slot) -> None:
        """Keep what the slot shares with the prompt, or take more of it from another slot."""
        # The last token is always decoded again when a reply follows: its logits are needed.
        usable = len(request.tokens) - (1 if request.sampler else 0)
        own = min(common_prefix(slot.tokens, request.tokens), usable)
        donor = max(self._slots, key=lambda other: common_prefix(other.tokens, request.tokens))
        shared = min(common_prefix(donor.tokens, request.tokens), usable)
        if shared > own:
            self._backend.truncate(slot.sequence, 0)
            taken = self._backend.share_prefix(donor.sequence, slot.sequence, shared)
            slot.tokens = donor.tokens[:shared] if taken else []
        elif own < len(slot.tokens):
            kept = self._backend.truncate(slot.sequence, own)
            slot.tokens = slot.tokens[:own] if kept else []

    def _build_batch(self) -> tuple[list[BatchToken], list[tuple[Request, int, int]]]:
        """Tokens of this step; and per request, how many of them and the index of its last."""
        batch: list[BatchToken] = []
        owners: list[tuple[Request, int, int]] = []
        counts = self._counts()
        for request in self._active:
            slot, count = request.slot, counts.get(request.number, 0)
            if slot is None or count == 0:
                continue
            pending = request.pending
            whole = count == len(pending) and request.sampler is not None
            start = len(slot.tokens)
            for index, token in enumerate(pending[:count]):
                wants = whole and index == count - 1
                batch.append(BatchToken(token, start + index, slot.sequence, wants))
            owners.append((request, count, len(batch) - 1))
            draft = self._draft_of(request) if whole else []
            for index, token in enumerate(draft, start=start + count):
                batch.append(BatchToken(token, index, slot.sequence, True))
        return batch, owners

    def _counts(self) -> dict[int, int]:
        """How many tokens of each request the step takes; who speaks always comes along."""
        speaking = [request for request in self._active if _speaks(request)]
        prompts = [
            Prompt(request.number, len(request.pending), request.sampler is not None)
            for request in self._active
            if not _speaks(request)
        ]
        drafted = sum(len(self._draft_of(request)) for request in self._active)
        room = self._step_tokens - len(speaking) - drafted
        replies = [Speaking(request.generated) for request in speaking]
        spoken = {request.number: 1 for request in speaking}
        return spoken | share_prefill(prompts, replies, room)

    def _advance(self, request: Request, count: int, last: int) -> None:
        slot = request.slot
        if slot is None:
            return
        slot.tokens += request.pending[:count]
        slot.used_at = self._steps
        if request.pending:
            return
        if request.sampler is None:
            self._finish(request)
            return
        draft = self._draft_of(request)
        read = len(slot.tokens) + len(draft)
        for index, guess in enumerate((*draft, None), start=last):
            token = self._continue(request, request.sampler, index)
            if token is None or token != guess:
                break
            slot.tokens.append(token)  # the step has read it
        if len(slot.tokens) < read:
            self._forget_beyond(slot)

    def _draft_of(self, request: Request) -> list[int]:
        return request.draft if self._drafts and not request.generated else []

    def _continue(self, request: Request, sampler: Sampler, index: int) -> int | None:
        """Choose the next token by the logits at `index`; None when the reply is over."""
        token = sampler.choose(self._backend.logits(index))
        if self._backend.ends_reply(token):
            self._finish(request)
            return None
        sampler.accept(token)
        request.generated += 1
        if piece := request.text.decode(self._backend.piece(token)):
            request.on_piece(piece)
        if request.generated >= request.max_tokens:
            self._finish(request)
            return None
        request.tokens.append(token)
        return token

    def _forget_beyond(self, slot: Slot) -> None:
        """The part of a draft that the reply did not follow."""
        if not self._backend.truncate(slot.sequence, len(slot.tokens)):
            # A model that cannot forget a part reads all again, and is given no more drafts.
            self._backend.truncate(slot.sequence, 0)
            slot.tokens = []
            self._drafts = False

    def _make_room(self) -> None:
        """The cache is full: forget who has been silent longest, or fail who came last."""
        idle = [slot for slot in self._slots if slot.tokens and not slot.busy]
        if idle:
            self._vacate(min(idle, key=lambda slot: slot.used_at))
            return
        newest = max(self._active, key=lambda request: request.number)
        self._active.remove(newest)
        slot = newest.slot
        self._finish(newest, EngineFailure("context_full", "The model's context is full."))
        if slot is not None:
            self._vacate(slot)

    def _vacate(self, slot: Slot) -> None:
        self._backend.truncate(slot.sequence, 0)
        slot.session, slot.tokens = None, []

    def _finish(self, request: Request, failure: EngineFailure | None = None) -> None:
        if request.slot is not None:
            request.slot.busy = False
            request.slot = None
        self._end(request, failure)

    def _end(self, request: Request, failure: EngineFailure | None) -> None:
        if request.sampler is not None:
            request.sampler.close()
        request.on_end(failure)


def _ends_reading(request: Request, count: int) -> bool:
    """Whether so many tokens are the end of a prompt to which somebody waits for the reply."""
    reads = request.sampler is not None and not _speaks(request)
    return reads and count == len(request.pending)


def _speaks(request: Request) -> bool:
    """Rather than reads: the cache has all but the newest token of its reply."""
    return bool(request.generated) and len(request.pending) == 1


def common_prefix(first: list[int], second: list[int]) -> int:
    for index, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return index
    return min(len(first), len(second))
