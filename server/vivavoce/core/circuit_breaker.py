"""Whether a server is asked, or spared because it has been failing.

    ┌────────┐  failures in a row   ┌──────┐  rested: `probe`   ┌───────────┐
    │ CLOSED │ ───────────────────► │ OPEN │ ─────────────────► │ HALF_OPEN │
    └────────┘                      └──────┘                    └───────────┘
         ▲                             ▲  the probe failed (rests longer)  │
         │                             └───────────────────────────────────┤
         └─────────────────────────────────── the probe succeeded ─────────┘

Every rule is in this file. It reads no clock: times are seconds on the caller's, which never goes
back. A permit belongs to the state that gave it; an outcome that arrives in a later state, such as
that of a call which outlived the opening, changes nothing.
"""

from dataclasses import dataclass
from enum import StrEnum


class Circuit(StrEnum):
    CLOSED = "closed"  # calls go through
    OPEN = "open"  # none does
    HALF_OPEN = "half_open"  # one probe is under way, and no call goes through


@dataclass(frozen=True)
class BreakerRules:
    """`rest` doubles with every failed probe up to `longest_rest`."""

    failures: int = 2  # in a row
    rest_seconds: float = 5.0
    longest_rest_seconds: float = 120.0


@dataclass(frozen=True)
class Permit:
    epoch: int


class CircuitBreaker:
    def __init__(self, rules: BreakerRules | None = None) -> None:
        self._rules = rules or BreakerRules()
        self._circuit = Circuit.CLOSED
        self._epoch = 0
        self._failures = 0
        self._rest_seconds = self._rules.rest_seconds
        self._rested_at = 0.0

    @property
    def circuit(self) -> Circuit:
        return self._circuit

    def permit(self) -> Permit | None:
        """For one call, to be answered with its outcome; None while the server is spared."""
        return Permit(self._epoch) if self._circuit is Circuit.CLOSED else None

    def probe(self, now: float) -> Permit | None:
        """For the one request that finds out whether the server is back; None before it is due."""
        if self._circuit is not Circuit.OPEN or now < self._rested_at:
            return None
        self._become(Circuit.HALF_OPEN)
        return Permit(self._epoch)

    def succeeded(self, permit: Permit) -> None:
        if permit.epoch != self._epoch:
            return
        self._failures = 0
        if self._circuit is Circuit.HALF_OPEN:
            self._rest_seconds = self._rules.rest_seconds
            self._become(Circuit.CLOSED)

    def rest_left(self, now: float) -> float | None:
        """Seconds until a probe is due; None unless one is to come."""
        return max(0.0, self._rested_at - now) if self._circuit is Circuit.OPEN else None

    def failed(self, permit: Permit, now: float, *, at_once: bool = False) -> None:
        """`at_once`: one such failure is enough to open."""
        if permit.epoch != self._epoch:
            return
        if self._circuit is Circuit.HALF_OPEN:
            self._rest_seconds = min(2 * self._rest_seconds, self._rules.longest_rest_seconds)
            self._open(now)
            return
        self._failures += 1
        if at_once or self._failures >= self._rules.failures:
            self._open(now)

    def abandoned(self, permit: Permit) -> None:
        """The probe ended without an answer, so another one may follow at once."""
        if permit.epoch == self._epoch and self._circuit is Circuit.HALF_OPEN:
            self._become(Circuit.OPEN)

    def _open(self, now: float) -> None:
        self._rested_at = now + self._rest_seconds
        self._failures = 0
        self._become(Circuit.OPEN)

    def _become(self, circuit: Circuit) -> None:
        self._circuit = circuit
        self._epoch += 1
