"""Sampling: greedy, reproducible, and always within the grammar."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.engines.sampling import Sampler


class Only:
    """A grammar that allows some tokens; it counts how often it judged all."""

    def __init__(self, allowed: set[int]) -> None:
        self._allowed = allowed
        self.judged_all = 0

    def allows(self, token: int) -> bool:
        return token in self._allowed

    def restrict(self, logits: np.ndarray) -> np.ndarray:
        self.judged_all += 1
        kept = np.full_like(logits, -np.inf)
        for token in self._allowed:
            kept[token] = logits[token]
        return kept

    def accept(self, token: int) -> None:
        assert token in self._allowed

    def close(self) -> None:
        """Nothing to release."""


LOGITS = np.array([0.1, 3.0, 2.0, 1.0, -1.0], np.float32)


def test_without_temperature_the_likeliest_token_is_chosen() -> None:
    assert Sampler(0, 0, None).choose(LOGITS) == 1


def test_a_grammar_is_only_asked_about_everything_when_the_first_choice_is_forbidden() -> None:
    easy, strict = Only({1, 2}), Only({3, 4})
    assert Sampler(0, 0, easy).choose(LOGITS) == 1
    assert Sampler(0, 0, strict).choose(LOGITS) == 3
    assert (easy.judged_all, strict.judged_all) == (0, 1)


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 2.0))
def test_the_same_seed_gives_the_same_tokens(seed: int, temperature: float) -> None:
    one, other = Sampler(temperature, seed, None), Sampler(temperature, seed, None)
    assert [one.choose(LOGITS) for _ in range(8)] == [other.choose(LOGITS) for _ in range(8)]


@given(st.integers(0, 1000), st.sets(st.integers(0, 4), min_size=1), st.floats(0, 2))
def test_no_token_outside_the_grammar_is_ever_chosen(
    seed: int, allowed: set[int], temperature: float
) -> None:
    sampler = Sampler(temperature, seed, Only(allowed))
    for _ in range(5):
        token = sampler.choose(LOGITS)
        assert token in allowed
        sampler.accept(token)
