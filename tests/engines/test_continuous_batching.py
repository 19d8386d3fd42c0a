"""Continuous batching over a backend that checks what a real context would break on."""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from vivavoce.core.errors import EngineFailure
from vivavoce.engines.continuous_batching import Batcher, Request
from vivavoce.engines.llama_model import BatchToken
from vivavoce.engines.prefill_sharing import SLICE_TOKENS
from vivavoce.engines.sampling import Sampler

END = 99
CONTEXT = 400


@dataclass
class CountingBackend:
    """Holds sequences as a context does; after token n comes n + 1, until 99."""

    room: int = 10_000
    cuts: bool = True
    sequences: dict[int, list[int]] = field(default_factory=dict)
    steps: list[list[BatchToken]] = field(default_factory=list)
    hurried: list[bool] = field(default_factory=list)
    shared: int = 0

    def decode(self, batch: list[BatchToken], *, hurried: bool) -> bool:
        held = {s: len(tokens) for s, tokens in self.sequences.items()}
        if sum(held.values()) + len(batch) > self.room:
            return False
        self.steps.append(batch)
        self.hurried.append(hurried)
        for entry in batch:
            tokens = self.sequences.setdefault(entry.sequence, [])
            assert entry.position == len(tokens), "positions have no gaps"
            tokens.append(entry.token)
        return True

    def logits(self, index: int) -> np.ndarray:
        entry = self.steps[-1][index]
        assert entry.wants_logits
        scores = np.zeros(100, np.float32)
        scores[min(entry.token + 1, END)] = 1
        return scores

    def piece(self, token: int) -> bytes:
        return f"{token} ".encode()

    def ends_reply(self, token: int) -> bool:
        return token == END

    def share_prefix(self, source: int, target: int, length: int) -> bool:
        if not self.cuts:
            return False
        assert not self.sequences.get(target)
        self.sequences[target] = self.sequences[source][:length]
        self.shared += length
        return True

    def truncate(self, sequence: int, length: int) -> bool:
        kept = length if self.cuts else 0
        self.sequences[sequence] = self.sequences.get(sequence, [])[:kept]
        return self.cuts

    @property
    def decoded(self) -> int:
        return sum(len(step) for step in self.steps)


@dataclass
class Caller:
    text: str = ""
    ends: list[EngineFailure | None] = field(default_factory=list)

    def request(
        self,
        session: str,
        tokens: list[int],
        max_tokens: int = 0,
        draft: tuple[int, ...] = (),
    ) -> Request:
        return Request(
            session,
            list(tokens),
            self._hear,
            self.ends.append,
            Sampler(0, 0, None) if max_tokens else None,
            max_tokens,
            list(draft),
        )

    def _hear(self, piece: str) -> None:
        self.text += piece


def run(batcher: Batcher) -> None:
    for _ in range(2000):
        if batcher.idle:
            return
        batcher.step()
    raise AssertionError("it never ends")


def asked(
    batcher: Batcher,
    session: str,
    tokens: list[int],
    max_tokens: int = 0,
    draft: tuple[int, ...] = (),
) -> Caller:
    caller = Caller()
    batcher.submit(caller.request(session, tokens, max_tokens, draft))
    return caller


def test_a_reply_streams_until_its_end() -> None:
    batcher = Batcher(CountingBackend(), 2, CONTEXT)
    caller = asked(batcher, "a", [95], 20)
    run(batcher)
    assert caller.text == "96 97 98 "
    assert caller.ends == [None]


def test_a_reply_stops_at_its_limit() -> None:
    batcher = Batcher(CountingBackend(), 2, CONTEXT)
    caller = asked(batcher, "a", [1], 3)
    run(batcher)
    assert caller.text == "2 3 4 "


def test_only_the_end_of_a_prompt_whose_reply_is_waited_for_is_read_in_a_hurry() -> None:
    backend = CountingBackend()
    batcher = Batcher(backend, 2, CONTEXT)
    asked(batcher, "a", list(range(40)))
    run(batcher)
    assert len(backend.hurried) == 2
    assert not any(backend.hurried)
    asked(batcher, "a", list(range(80)), 3)
    run(batcher)
    assert backend.hurried[2:] == [False, True, False, False]


def test_who_waits_again_because_all_was_read_anew_is_not_kept_waiting_longer() -> None:
    backend = CountingBackend(cuts=False)
    batcher = Batcher(backend, 2, CONTEXT)
    asked(batcher, "a", [1, 2], 3, draft=(50, 51))  # the reply does not begin like that
    run(batcher)
    assert backend.hurried == [True, True, False]


def test_a_reply_that_begins_as_drafted_comes_in_one_step() -> None:
    backend = CountingBackend()
    batcher = Batcher(backend, 2, CONTEXT)
    caller = asked(batcher, "a", [1, 2], 20, draft=(3, 4, 5))
    batcher.step()
    assert caller.text == "3 4 5 6 "
    assert len(backend.steps) == 1


@given(
    st.lists(st.integers(0, 98), min_size=1, max_size=40),
    st.lists(st.integers(0, 99), max_size=6).map(tuple) | st.just((91, 92, 93)),
    st.integers(1, 12),
    st.booleans(),
)
def test_what_is_said_does_not_depend_on_the_draft(
    prompt: list[int], draft: tuple[int, ...], limit: int, cuts: bool
) -> None:
    plain, drafted = CountingBackend(cuts=cuts), CountingBackend(cuts=cuts)
    callers = []
    for backend, guess in ((plain, ()), (drafted, draft)):
        batcher = Batcher(backend, 2, CONTEXT)
        for tokens in (prompt, [*prompt, 90]):
            callers.append(asked(batcher, "a", tokens, limit, draft=guess))
            run(batcher)
    assert [each.text for each in callers[:2]] == [each.text for each in callers[2:]]
    assert all(each.ends == [None] for each in callers)


def test_a_longer_prompt_pays_only_for_its_tail() -> None:
    backend = CountingBackend()
    batcher = Batcher(backend, 2, CONTEXT)
    asked(batcher, "a", [7] * 50)
    run(batcher)
    before = backend.decoded
    asked(batcher, "a", [*[7] * 50, 8, 9], 1)
    run(batcher)
    assert backend.decoded - before == 2


def test_what_was_speculated_wrongly_is_dropped_from_the_first_difference() -> None:
    backend = CountingBackend()
    batcher = Batcher(backend, 2, CONTEXT)
    asked(batcher, "a", [1, 2, 3, 4, 5])
    run(batcher)
    asked(batcher, "a", [1, 2, 9])
    run(batcher)
    assert backend.sequences[0] == [1, 2, 9]


def test_sessions_share_the_prefix_of_their_template() -> None:
    backend = CountingBackend()
    batcher = Batcher(backend, 4, CONTEXT)
    asked(batcher, "a", [*[7] * 60, 1])
    run(batcher)
    asked(batcher, "b", [*[7] * 60, 2])
    run(batcher)
    assert backend.shared == 60
    assert backend.decoded == 62


def test_a_model_whose_state_cannot_be_cut_starts_again_and_is_right() -> None:
    backend = CountingBackend(cuts=False)
    batcher = Batcher(backend, 2, CONTEXT)
    asked(batcher, "a", [1, 2, 3])
    run(batcher)
    caller = asked(batcher, "b", [1, 2, 4], 1)
    run(batcher)
    assert caller.text == "5 "
    assert backend.shared == 0


def test_a_cancelled_request_stops_at_the_next_step_and_keeps_its_cache() -> None:
    backend = CountingBackend()
    batcher = Batcher(backend, 2, CONTEXT)
    caller = Caller()
    request = caller.request("a", [1] * 200)
    batcher.submit(request)
    batcher.step()
    request.cancelled = True
    run(batcher)
    assert backend.decoded == SLICE_TOKENS
    asked(batcher, "a", [1] * 200)
    run(batcher)
    assert backend.decoded == 200


def test_more_sessions_than_slots_wait_and_take_the_least_recently_used() -> None:
    batcher = Batcher(CountingBackend(), 2, CONTEXT)
    callers = [asked(batcher, name, [10 * i], 3) for i, name in enumerate("abcde", start=1)]
    run(batcher)
    assert [caller.ends for caller in callers] == [[None]] * 5
    assert callers[4].text == "51 52 53 "


def test_a_session_has_one_request_at_a_time_in_order() -> None:
    batcher = Batcher(CountingBackend(), 4, CONTEXT)
    first, second = asked(batcher, "a", [1, 2], 2), asked(batcher, "a", [1, 2, 3, 4], 2)
    run(batcher)
    assert (first.text, second.text) == ("3 4 ", "5 6 ")


def test_a_full_cache_forgets_the_idle_and_then_fails_the_newest() -> None:
    backend = CountingBackend(room=150)
    batcher = Batcher(backend, 3, CONTEXT)
    asked(batcher, "idle", [5] * 60)
    run(batcher)
    one = asked(batcher, "a", [1] * 70, 3)
    run(batcher)
    assert one.ends == [None]
    keeps, fails = asked(batcher, "a", [1] * 20, 90), asked(batcher, "b", [2] * 28, 90)
    run(batcher)
    codes = [end.code for caller in (keeps, fails) for end in caller.ends if end]
    assert codes == ["context_full"]
    assert len(keeps.ends) == len(fails.ends) == 1


def test_a_full_cache_fails_who_came_last_whoever_has_the_turn() -> None:
    for room in range(200, 290, 10):
        batcher = Batcher(CountingBackend(room=room), 3, CONTEXT)
        callers = [asked(batcher, name, [i] * 30, 66) for i, name in enumerate("abc")]
        run(batcher)
        ends = [[end.code if end else None for end in caller.ends] for caller in callers]
        assert ends == [[None], [None], ["context_full"]]


def test_impossible_prompts_are_refused() -> None:
    batcher = Batcher(CountingBackend(), 2, CONTEXT)
    codes = [
        end.code
        for tokens in ([1] * CONTEXT, [])
        for end in asked(batcher, "a", tokens, 10).ends
        if end
    ]
    assert codes == ["prompt_too_long", "prompt_empty"]
    assert batcher.idle


def test_a_release_ends_the_sessions_requests_and_frees_its_slot() -> None:
    backend = CountingBackend()
    batcher = Batcher(backend, 1, CONTEXT)
    caller = asked(batcher, "a", [1] * 100)
    batcher.step()
    batcher.release("a")
    assert caller.ends == [None]
    assert backend.sequences[0] == []
    assert batcher.idle


def test_a_broken_step_fails_everybody_once() -> None:
    batcher = Batcher(CountingBackend(), 1, CONTEXT)
    callers = [asked(batcher, name, [1] * 100) for name in "ab"]
    batcher.step()
    batcher.fail_all(EngineFailure("language_model_failed", "It broke."))
    assert all(len(caller.ends) == 1 and caller.ends[0] for caller in callers)
    after = asked(batcher, "a", [95], 9)
    run(batcher)
    assert after.text == "96 97 98 "


requests = st.tuples(
    st.sampled_from("abcd"),
    st.lists(st.integers(1, 3), min_size=1, max_size=90),
    st.integers(0, 6),
    st.integers(0, 3),
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(requests, max_size=12), st.integers(1, 4))
def test_whatever_is_asked_every_request_ends_once_and_every_reply_follows_its_own_prompt(
    wanted: list[tuple[str, list[int], int, int, bool]], sequences: int
) -> None:
    batcher = Batcher(CountingBackend(), sequences, CONTEXT)
    callers: list[tuple[Caller, list[int], int, bool]] = []
    for session, tokens, max_tokens, steps, cancelled in wanted:
        caller = Caller()
        request = caller.request(session, tokens, max_tokens)
        batcher.submit(request)
        for _ in range(steps):
            batcher.step()
        request.cancelled = cancelled
        callers.append((caller, tokens, max_tokens, cancelled))
    run(batcher)
    for caller, tokens, max_tokens, cancelled in callers:
        assert caller.ends == [None]
        expected = "".join(f"{tokens[-1] + 1 + i} " for i in range(max_tokens))
        assert caller.text == expected or (cancelled and expected.startswith(caller.text))
