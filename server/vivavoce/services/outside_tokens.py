"""Bearer tokens of another issuer: its keys are fetched, kept for a while, and followed when they
change.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from vivavoce.core.errors import EngineFailure, Forbidden
from vivavoce.core.outside_issuer import (
    KEY_KINDS,
    TrustedIssuer,
    acting,
    bad_token,
    check_times,
    fits,
)
from vivavoce.core.roles import SCOPES_OF
from vivavoce.core.scopes import Principal
from vivavoce.ports.clock import Clock
from vivavoce.ports.key_sets import KeySetSource
from vivavoce.services.foundation import Foundation

FRESH = timedelta(minutes=10)
# Tokens with invented key ids must not make us ask the issuer each time.
COOLDOWN = timedelta(seconds=30)
STALE = timedelta(hours=24)  # how long the last keys serve while the issuer cannot be reached
LONGEST_TOKEN = 8192
_LEAST_RSA_BITS = 2048
_MOST_KEYS = 100


@dataclass(frozen=True)
class OutsideIssuer:
    trusted: TrustedIssuer
    keys: KeySetSource


class OutsideTokens:
    def __init__(self, foundation: Foundation, issuer: OutsideIssuer) -> None:
        self._at = foundation
        self._trusted = issuer.trusted
        self._keys = _KeySet(issuer.keys, foundation.clock)

    def is_one(self, token: str) -> bool:
        """Whether the token says that it is signed as only another issuer signs."""
        return _header(token).get("alg") in KEY_KINDS

    async def authenticate(self, token: str) -> Principal:
        """Raises `Unauthenticated` code `access_token`, `Forbidden` code `token_claims`,
        `EngineFailure` code `key_set`.
        """
        header = _header(token)
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in KEY_KINDS or not isinstance(kid, str) or len(token) > LONGEST_TOKEN:
            raise bad_token()
        claims = self._verified(token, algorithm, await self._keys.find(kid, algorithm))
        check_times(claims, self._at.now())
        name, role = acting(claims, self._trusted)
        organizations = self._at.stores.read.organizations
        organization = await organizations.get(name) or await organizations.by_slug(name)
        if organization is None:
            raise Forbidden("token_claims", "The token names no organization or no role.")
        return Principal(organization.id, "", SCOPES_OF[role])

    def _verified(self, token: str, algorithm: str, key: jwt.PyJWK) -> dict[str, Any]:
        options: jwt.types.Options = {
            "require": ["iss", "aud", "sub", "exp"],
            # The times are compared with the injected clock.
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        }
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self._trusted.audience,
                issuer=self._trusted.issuer,
                options=options,
            )
        except jwt.PyJWTError:
            raise bad_token() from None
        return claims


class _KeySet:
    """The issuer's keys as they were last published."""

    def __init__(self, source: KeySetSource, clock: Clock) -> None:
        self._source = source
        self._clock = clock
        self._lock = asyncio.Lock()
        self._keys: tuple[Mapping[str, Any], ...] = ()
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None

    async def find(self, kid: str, algorithm: str) -> jwt.PyJWK:
        """Raises `Unauthenticated` code `access_token`, `EngineFailure` code `key_set`."""
        if self._age() >= FRESH:
            await self._refresh()
        found = self._of(kid, algorithm)
        if found is None:
            await self._refresh()
            found = self._of(kid, algorithm)
        if found is None:
            raise bad_token()
        try:
            key = jwt.PyJWK(dict(found), algorithm)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            raise bad_token() from None  # a key that is not written as it should be
        if getattr(key.key, "key_size", _LEAST_RSA_BITS) < _LEAST_RSA_BITS and algorithm == "RS256":
            raise bad_token()
        return key

    def _of(self, kid: str, algorithm: str) -> Mapping[str, Any] | None:
        return next((key for key in self._keys if fits(key, kid, algorithm)), None)

    def _age(self) -> timedelta:
        return self._clock.now() - self._fetched_at if self._fetched_at else STALE

    async def _refresh(self) -> None:
        async with self._lock:
            now = self._clock.now()
            if self._tried_at is None or now - self._tried_at >= COOLDOWN:
                self._tried_at = now
                await self._fetch(now)
        if self._age() >= STALE:
            raise EngineFailure("key_set", "The keys of the token's issuer cannot be read now.")

    async def _fetch(self, now: datetime) -> None:
        try:
            self._keys = _keys_of(await self._source.fetch())
        except (EngineFailure, ValueError):
            return  # the keys before serve on, for a while
        self._fetched_at = now


def _keys_of(published: bytes) -> tuple[Mapping[str, Any], ...]:
    """Raises `ValueError` for what is no key set."""
    document = json.loads(published)
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list):
        raise ValueError("no key set")
    return tuple(key for key in keys[:_MOST_KEYS] if isinstance(key, dict))


def _header(token: str) -> dict[str, Any]:
    try:
        return jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        return {}
