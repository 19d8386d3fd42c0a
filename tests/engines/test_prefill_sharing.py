"""Prompts are read in slices so small that nobody's reply stutters, and none stands still."""

from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.engines.continuous_batching import Batcher
from vivavoce.engines.llama_model import BatchToken
from vivavoce.engines.prefill_sharing import (
    BESIDE_FIRST_CLAUSE_TOKENS,
    FIRST_CLAUSE_TOKENS,
    SLICE_TOKENS,
    Prompt,
    Speaking,
    share_prefill,
)

from tests.engines.test_continuous_batching import Caller, CountingBackend, asked, run

# As measured with Qwen2.5-0.5B in four bits on one core: a step, and each token that it has.
STEP_MS, TOKEN_MS = 10.0, 5.0
CONTEXT = 10_000


@dataclass
class TimedBackend(CountingBackend):
    """Takes as long as a real model would."""

    now_ms: float = 0.0
    slowest_ms: float = 0.0

    def decode(self, batch: list[BatchToken], *, hurried: bool) -> bool:
        took = STEP_MS + TOKEN_MS * len(batch)
        self.now_ms += took
        self.slowest_ms = max(self.slowest_ms, took)
        return super().decode(batch, hurried=hurried)


@dataclass
class Stopwatch(Caller):
    """Notes when each piece arrives."""

    backend: TimedBackend = field(default_factory=TimedBackend)
    at_ms: list[float] = field(default_factory=list)

    def _hear(self, piece: str) -> None:
        super()._hear(piece)
        self.at_ms.append(self.backend.now_ms)


def reply_ms(*, beside: int, tokens: int, read_ahead: bool, speaks_first: bool) -> list[float]:
    """When the pieces of a reply come whose prompt lacks 20 tokens, beside a prompt of others."""
    backend = TimedBackend(room=20_000)
    batcher = Batcher(backend, 4, CONTEXT)
    asked(batcher, "a", [1] * 300)
    run(batcher)
    began = backend.now_ms
    watch = Stopwatch(backend=backend)
    if speaks_first:
        batcher.submit(watch.request("a", [1] * 320, tokens))
        batcher.step()
    if beside:
        asked(batcher, "b", [7] * beside, 0 if read_ahead else 5)
        batcher.step()
    if not speaks_first:
        batcher.submit(watch.request("a", [1] * 320, tokens))
    run(batcher)
    return [at - began for at in watch.at_ms]


TWENTY_SECONDS = 4000  # tokens


@pytest.mark.parametrize("read_ahead", [True, False])
@pytest.mark.parametrize("speaks_first", [True, False])
def test_a_prompt_of_twenty_seconds_hardly_delays_anothers_first_clause(
    read_ahead: bool, speaks_first: bool
) -> None:
    how = {"read_ahead": read_ahead, "speaks_first": speaks_first}
    alone = reply_ms(beside=0, tokens=12, **how)
    beside = reply_ms(beside=TWENTY_SECONDS, tokens=12, **how)
    one_slice_ms = STEP_MS + TOKEN_MS * SLICE_TOKENS
    few_ms = TOKEN_MS * BESIDE_FIRST_CLAUSE_TOKENS
    assert beside[0] <= alone[0] + one_slice_ms + few_ms, "at most the step under way"
    spoken_alone, spoken = alone[-1] - alone[0], beside[-1] - beside[0]
    assert spoken <= 2.5 * spoken_alone
    assert beside[-1] - alone[-1] < 500


def test_a_long_reply_beside_it_stays_far_ahead_of_its_own_voice() -> None:
    at_ms = reply_ms(beside=TWENTY_SECONDS, tokens=40, read_ahead=True, speaks_first=True)
    slowest = max(later - earlier for earlier, later in pairwise(at_ms))
    assert slowest < 100, "a spoken token lasts about 250 ms"


def test_the_long_prompt_goes_on_all_the_same() -> None:
    """It takes its twenty seconds and what the others cost, not more."""
    backend = TimedBackend(room=20_000)
    batcher = Batcher(backend, 4, CONTEXT)
    long = asked(batcher, "b", [7] * TWENTY_SECONDS)
    replies = [asked(batcher, "a", [1] * 20, 30)]
    while not long.ends:
        if replies[-1].ends:
            replies.append(asked(batcher, "a", [1] * 20, 30))
        batcher.step()
    assert len(replies) > 10
    assert backend.now_ms < 60_000


def test_several_long_prompts_all_end_and_the_shorter_ones_first() -> None:
    batcher = Batcher(TimedBackend(room=20_000), 4, CONTEXT)
    callers = {n: asked(batcher, f"s{n}", [n] * n * 300) for n in (3, 1, 2)}
    order: list[int] = []
    while not batcher.idle:
        batcher.step()
        order += [n for n, caller in callers.items() if caller.ends and n not in order]
    assert order == [1, 2, 3]


prompts = st.lists(st.tuples(st.integers(1, 2000), st.booleans()), min_size=1, max_size=8).map(
    lambda drawn: [Prompt(n, pending, reply) for n, (pending, reply) in enumerate(drawn)]
)
speakers = st.lists(st.integers(1, 100).map(Speaking), max_size=6)


@given(prompts, speakers, st.integers(1, 500))
def test_a_step_is_never_long_and_never_stands_still(
    waiting: list[Prompt], speaking: list[Speaking], room: int
) -> None:
    shares = share_prefill(waiting, speaking, room)
    by_number = {prompt.number: prompt for prompt in waiting}
    assert 1 <= sum(shares.values()) <= min(SLICE_TOKENS, room)
    assert all(1 <= count <= by_number[number].pending for number, count in shares.items())


@given(prompts, speakers)
def test_the_oldest_prompt_gets_on_unless_replies_that_are_about_to_begin_fill_the_step(
    waiting: list[Prompt], speaking: list[Speaking]
) -> None:
    shares = share_prefill(waiting, speaking, 500)
    ends = sum(each.pending for each in waiting if each.reply and each.pending <= SLICE_TOKENS)
    assert waiting[0].number in shares or ends >= SLICE_TOKENS


@given(prompts)
def test_beside_a_first_clause_long_prompts_get_almost_nothing(waiting: list[Prompt]) -> None:
    shares = share_prefill(waiting, [Speaking(FIRST_CLAUSE_TOKENS - 1)], 500)
    short = {prompt.number for prompt in waiting if prompt.reply and prompt.pending <= SLICE_TOKENS}
    assert sum(count for number, count in shares.items() if number not in short) <= 2
