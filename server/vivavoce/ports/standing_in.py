"""Who takes over while a role's server is spared. Each side of it is in another layer."""

from typing import Protocol

from vivavoce.core.circuit_breaker import Permit
from vivavoce.core.errors import EngineFailure


class ServerWatch(Protocol):
    """Asked before a call, told of its outcome; probes a server that is spared by itself."""

    def permit(self) -> Permit | None:
        """None: let the stand-in do it."""
        ...

    def succeeded(self, permit: Permit) -> None: ...

    def failed(self, permit: Permit, failure: EngineFailure) -> None: ...

    def served(self, session: str, *, by_server: bool) -> None:
        """Notes for the session's ledger whose work was used."""
        ...
