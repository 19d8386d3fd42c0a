"""Watches over one role's server: spares it while it fails, and tells everybody who has to know."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic

from vivavoce.core.circuit_breaker import Circuit, CircuitBreaker, Permit
from vivavoce.core.errors import EngineFailure
from vivavoce.core.model_manifest import Role
from vivavoce.engines.remote import RemoteFailure

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EngineUse:
    """Whose work a session got from a role that two engines may play."""

    role: str
    session: str
    engine: str


@dataclass(frozen=True)
class CircuitChange:
    role: str
    circuit: Circuit


def _nobody(_: object) -> None:
    return


@dataclass(frozen=True)
class Observers:
    """Told at once, on the event loop."""

    used: Callable[[EngineUse], None] = field(default=_nobody)
    changed: Callable[[CircuitChange], None] = field(default=_nobody)


@dataclass(frozen=True)
class Pair:
    """The names of a role's server and of the engine that stands in for it."""

    role: Role
    server: str
    stand_in: str


class RemoteWatch:
    """`ServerWatch`. `run` it beside the calls; `probe` is a request as small as they come."""

    def __init__(
        self,
        pair: Pair,
        probe: Callable[[], Awaitable[None]],
        observers: Observers,
        breaker: CircuitBreaker | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.pair = pair
        self._probe = probe
        self._observers = observers
        self._breaker = breaker or CircuitBreaker()
        self._clock = clock
        self._opened = asyncio.Event()
        self._tell()

    @property
    def circuit(self) -> Circuit:
        return self._breaker.circuit

    def permit(self) -> Permit | None:
        return self._breaker.permit()

    def succeeded(self, permit: Permit) -> None:
        self._breaker.succeeded(permit)

    def failed(self, permit: Permit, failure: EngineFailure) -> None:
        if isinstance(failure, RemoteFailure) and failure.server_is_well:
            self._breaker.succeeded(permit)
            return
        slow = isinstance(failure, RemoteFailure) and failure.is_slow
        before = self._breaker.circuit
        # Somebody has waited as long as anybody may; nobody else is to.
        self._breaker.failed(permit, self._clock(), at_once=slow)
        if self._breaker.circuit is not before:
            self._tell(failure.code)
            self._opened.set()

    def served(self, session: str, *, by_server: bool) -> None:
        name = self.pair.server if by_server else self.pair.stand_in
        self._observers.used(EngineUse(self.pair.role, session, name))

    async def run(self) -> None:
        """Probe the server whenever it has rested, for as long as this runs."""
        while True:
            await self._opened.wait()
            self._opened.clear()
            while (rest := self._breaker.rest_left(self._clock())) is not None:
                await asyncio.sleep(rest)
                await self._probe_once()

    async def _probe_once(self) -> None:
        permit = self._breaker.probe(self._clock())
        if permit is None:
            return
        self._tell()
        try:
            await self._probe()
        except EngineFailure as failure:
            self._breaker.failed(permit, self._clock())
            self._tell(failure.code)
        else:
            self._breaker.succeeded(permit)
            self._tell()
        finally:
            self._breaker.abandoned(permit)  # cancelled; settled ones take no notice

    def _tell(self, code: str = "") -> None:
        self._observers.changed(CircuitChange(self.pair.role, self._breaker.circuit))
        if self._breaker.circuit is Circuit.HALF_OPEN:
            return
        facts = {"role": str(self.pair.role), "circuit": str(self._breaker.circuit)}
        if self._breaker.circuit is Circuit.OPEN:
            log.warning("stand-in takes over", extra={**facts, "code": code})
        else:
            log.info("model server is used", extra=facts)
