"""A founded installation with one interview and one embed, on a clock that tests move."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from vivavoce.core.embed import EmbedKey
from vivavoce.core.mail import Mailbox
from vivavoce.core.template import Template
from vivavoce.engines.document_reader import ProcessDocumentReader
from vivavoce.mail.letters import Letters
from vivavoce.ports.clock import Clock
from vivavoce.services.bundle import Adapters, Services, build_services
from vivavoce.services.organizations import Founded, Founding
from vivavoce.services.outside_tokens import OutsideIssuer
from vivavoce.storage.stores import SqliteStores, open_stores

INSTANCE = "https://interviews.test"
SENDER = Mailbox("", "interviews@interviews.test")
SITE = "https://careers.test"
START = datetime(2026, 6, 2, 7, 48, 31, tzinfo=UTC)


class FixedClock:
    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)

    @property
    def unix(self) -> int:
        return int(self._now.timestamp())


_clock: Clock = FixedClock()


@dataclass(frozen=True)
class World:
    clock: FixedClock
    stores: SqliteStores
    services: Services
    founded: Founded
    template: Template
    slug: str
    embed: EmbedKey

    @property
    def organization_id(self) -> str:
        return self.founded.organization.id

    def claims(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
        """Valid launch claims; a change to None removes the claim."""
        claims = {
            "aud": INSTANCE,
            "sub": "candidate-7",
            "jti": "link-1",
            "iat": self.clock.unix,
            "exp": self.clock.unix + 600,
            "name": "Robin Vale",
            "email": "robin@example.org",
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, **changes: Any) -> str:  # noqa: ANN401
        return self.sign(self.claims(**changes))

    def sign(self, claims: dict[str, Any], key: str = "", **header: str) -> str:
        headers = {"typ": "vv-launch+jwt", "kid": self.embed.id, **header}
        algorithm = headers.pop("alg", "HS256")
        return jwt.encode(claims, key or self.embed.signing_keys[0], algorithm, headers)

    async def events(self) -> list[str]:
        return [event.name for event in await self.stores.read.outbox.waiting()]


def interview_fields(profile_id: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "name": "Backend engineer",
        "location": "remote",
        "interview_template_id": profile_id,
        "mojito_language_code": "en",
        "description": "Runs our services.",
        "status": "active",
        "type": "interview",
        "visibility": "merchant_public",
        "questions": [
            {"question": "What did you build last?"},
            {"question": "How do you find the cause of a fault?"},
        ],
        **changes,
    }


def services_over(
    stores: SqliteStores, clock: FixedClock, outside_issuer: OutsideIssuer | None = None
) -> Services:
    adapters = Adapters(Letters(SENDER), ProcessDocumentReader(), outside_issuer)
    return build_services(stores, clock, INSTANCE, adapters=adapters)


@asynccontextmanager
async def open_world(
    folder: Path, outside_issuer: OutsideIssuer | None = None
) -> AsyncIterator[World]:
    clock = FixedClock()
    async with open_stores(folder / "data") as stores:
        services = services_over(stores, clock, outside_issuer)
        founded = await services.organizations.initialize(
            Founding("Lantern Works", "owner@lantern.test")
        )
        fields = interview_fields(founded.profile_ids[0], is_embedded=True)
        created = await services.interviews.create_from_questions(
            founded.organization.id, fields, [SITE]
        )
        assert created.embed is not None
        yield World(clock, stores, services, founded, created.template, created.slug, created.embed)
