"""What every service stands on: the stores, the time, and the address of this installation."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vivavoce.core.identifiers import RANDOM_BYTES, uuid7
from vivavoce.core.session import Event
from vivavoce.core.signing import derived_secret
from vivavoce.core.timestamps import unix_ms
from vivavoce.ports.clock import Clock
from vivavoce.ports.stores import Stores


@dataclass(frozen=True)
class Foundation:
    """`instance_url` is an origin, without a slash at its end."""

    stores: Stores
    clock: Clock
    instance_url: str

    def now(self) -> datetime:
        return self.clock.now()

    def new_id(self) -> str:
        return uuid7(unix_ms(self.now()), secrets.token_bytes(RANDOM_BYTES))

    def secret_for(self, purpose: str) -> bytes:
        return derived_secret(self.stores.instance_secret, purpose)

    def event(self, organization_id: str, name: str, payload: dict[str, Any]) -> Event:
        return Event("evt_" + self.new_id(), organization_id, name, self.now(), payload)
