"""Where the public keys of another issuer come from."""

from typing import Protocol


class KeySetSource(Protocol):
    async def fetch(self) -> bytes:
        """A JSON Web Key Set as it is published now. Raises `EngineFailure` code `key_set`."""
        ...
