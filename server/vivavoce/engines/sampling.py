"""Choosing the next token of a reply from the model's logits."""

from typing import Protocol

import numpy as np

TOP_TOKENS = 40
TOP_SHARE = 0.95
COLDEST = 1e-3  # below it, the likeliest token


class Constraint(Protocol):
    """A grammar's state: what may follow, and what did."""

    def allows(self, token: int) -> bool: ...

    def restrict(self, logits: np.ndarray) -> np.ndarray: ...

    def accept(self, token: int) -> None: ...

    def close(self) -> None: ...


class Sampler:
    """Of one reply; the same seed, temperature and logits give the same tokens."""

    def __init__(self, temperature: float, seed: int, grammar: Constraint | None) -> None:
        self._temperature = temperature
        self._random = np.random.default_rng(seed)
        self._grammar = grammar

    def choose(self, logits: np.ndarray) -> int:
        """A grammar judges the likeliest token first: judging all of them costs far more."""
        token = self._draw(logits)
        if self._grammar is not None and not self._grammar.allows(token):
            token = self._draw(self._grammar.restrict(logits))
        return token

    def accept(self, token: int) -> None:
        if self._grammar is not None:
            self._grammar.accept(token)

    def close(self) -> None:
        if self._grammar is not None:
            self._grammar.close()
            self._grammar = None

    def _draw(self, logits: np.ndarray) -> int:
        if self._temperature < COLDEST:
            return int(np.argmax(logits))
        count = min(TOP_TOKENS, len(logits))
        best = np.argpartition(logits, -count)[-count:]
        best = best[np.argsort(-logits[best], kind="stable")]
        scaled = (logits[best] - logits[best[0]]).astype(np.float64) / self._temperature
        shares = np.exp(scaled)
        shares /= shares.sum()
        kept = int(np.searchsorted(np.cumsum(shares), TOP_SHARE)) + 1
        kept_shares = shares[:kept] / shares[:kept].sum()
        return int(self._random.choice(best[:kept], p=kept_shares))
