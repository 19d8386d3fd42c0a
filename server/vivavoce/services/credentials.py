"""API keys, the access tokens exchanged for them, and the secret of outside agents."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

import jwt

from vivavoce.core.api_keys import (
    KEY_RANDOM_BYTES,
    PREFIX_LENGTH,
    KeyMode,
    is_well_formed,
    mint_key,
)
from vivavoce.core.api_keys import secret_hash as hash_of
from vivavoce.core.errors import Invalid, Issue, Unauthenticated
from vivavoce.core.organization import ApiKey, Organization
from vivavoce.core.scopes import Principal, Scope
from vivavoce.services.foundation import Foundation
from vivavoce.services.outside_tokens import OutsideIssuer, OutsideTokens

ACCESS_TOKEN_SECONDS = 3600
_TOKEN_TYPE = "at+jwt"  # noqa: S105 (a media type)
_LAST_USED_STEP = timedelta(minutes=1)
_REQUIRED = ["iss", "aud", "sub", "iat", "exp", "key"]


class Credentials:
    def __init__(self, foundation: Foundation, outside: OutsideIssuer | None = None) -> None:
        self._at = foundation
        self._outside = OutsideTokens(foundation, outside) if outside else None
        self._secret = foundation.secret_for("access-token")

    async def create_api_key(
        self,
        organization_id: str,
        name: str,
        scopes: Iterable[Scope],
        mode: KeyMode = KeyMode.LIVE,
        expires_at: datetime | None = None,
    ) -> tuple[ApiKey, str]:
        """The stored key and its text, which is never seen again."""
        key, plaintext = new_api_key(
            self._at, organization_id, name, scopes, mode=mode, expires_at=expires_at
        )
        async with self._at.stores.transaction() as write:
            await write.api_keys.add(key)
        return key, plaintext

    async def grant_api_key(
        self,
        by: Principal,
        name: str,
        scopes: Iterable[Scope],
        mode: KeyMode = KeyMode.LIVE,
        expires_at: datetime | None = None,
    ) -> tuple[ApiKey, str]:
        """As `create_api_key`, by somebody who can give no right that is not their own.

        Raises `Forbidden` code `missing_scope`, `Invalid` code `expires_at`.
        """
        scopes = tuple(scopes)
        for scope in scopes:
            by.require(scope)
        if expires_at is not None and expires_at <= self._at.now():
            issue = Issue(("expires_at",), "It must lie ahead.")
            raise Invalid("expires_at", "A key cannot have expired already.", (issue,))
        return await self.create_api_key(by.organization_id, name, scopes, mode, expires_at)

    async def api_keys(
        self, organization_id: str, page: int, page_size: int
    ) -> tuple[tuple[ApiKey, ...], int]:
        """One page, newest first, revoked ones too, and how many there are in all."""
        keys = self._at.stores.read.api_keys
        total = await keys.count(organization_id)
        return await keys.page(organization_id, (page - 1) * page_size, page_size), total

    async def revoke_api_key(self, organization_id: str, key_id: str) -> bool:
        async with self._at.stores.transaction() as write:
            return await write.api_keys.revoke(organization_id, key_id, self._at.now())

    async def authenticate_key(self, text: str) -> Principal:
        """Raises `Unauthenticated` code `api_key`."""
        key = None
        if is_well_formed(text):
            key = await self._at.stores.read.api_keys.by_hash(hash_of(text))
        now = self._at.now()
        if key is None or not key.is_live(now):
            raise Unauthenticated("api_key", "The API key is not valid.")
        if key.last_used_at is None or now - key.last_used_at >= _LAST_USED_STEP:
            async with self._at.stores.transaction() as write:
                await write.api_keys.used(key.id, now)
        return Principal(key.organization_id, key.id, key.scopes)

    async def access_token(self, api_key: str) -> str:
        """A bearer token with the rights of the key, for `ACCESS_TOKEN_SECONDS`."""
        principal = await self.authenticate_key(api_key)
        issued_at = int(self._at.now().timestamp())
        claims = {
            "iss": self._at.instance_url,
            "aud": self._at.instance_url,
            "sub": principal.organization_id,
            "key": principal.key_id,
            "iat": issued_at,
            "exp": issued_at + ACCESS_TOKEN_SECONDS,
        }
        return jwt.encode(claims, self._secret, algorithm="HS256", headers={"typ": _TOKEN_TYPE})

    async def authenticate_token(self, token: str) -> Principal:
        """Raises `Unauthenticated` code `access_token`; revoking the key ends its tokens too.

        What another issuer signed raises as `OutsideTokens.authenticate` does.
        """
        if self._outside is not None and self._outside.is_one(token):
            return await self._outside.authenticate(token)
        claims = self._verified(token)
        key = await self._at.stores.read.api_keys.get(str(claims["key"]))
        if key is None or not key.is_live(self._at.now()):
            raise _bad_token()
        return Principal(key.organization_id, key.id, key.scopes)

    async def authenticate_agent(self, agent_secret: str) -> Organization:
        """Raises `Unauthenticated` code `agent_secret`."""
        organizations = self._at.stores.read.organizations
        organization = await organizations.by_agent_secret(hash_of(agent_secret))
        if organization is None:
            raise Unauthenticated("agent_secret", "The agent secret is not valid.")
        return organization

    def _verified(self, token: str) -> dict[str, object]:
        # The times are compared with the injected clock below.
        options: jwt.types.Options = {
            "require": _REQUIRED,
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        }
        try:
            complete = jwt.decode_complete(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=self._at.instance_url,
                issuer=self._at.instance_url,
                options=options,
            )
        except jwt.InvalidTokenError:
            raise _bad_token() from None
        claims: dict[str, object] = complete["payload"]
        expires_at = claims["exp"]
        if complete["header"].get("typ") != _TOKEN_TYPE or not isinstance(expires_at, int):
            raise _bad_token()
        if self._at.now().timestamp() >= expires_at:
            raise _bad_token()
        return claims


def new_api_key(
    foundation: Foundation,
    organization_id: str,
    name: str,
    scopes: Iterable[Scope],
    *,
    mode: KeyMode = KeyMode.LIVE,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    plaintext = mint_key(mode, secrets.token_bytes(KEY_RANDOM_BYTES))
    key = ApiKey(
        id=foundation.new_id(),
        organization_id=organization_id,
        name=name,
        prefix=plaintext[:PREFIX_LENGTH],
        hash=hash_of(plaintext),
        mode=mode,
        scopes=frozenset(scopes),
        created_at=foundation.now(),
        expires_at=expires_at,
    )
    return key, plaintext


def _bad_token() -> Unauthenticated:
    return Unauthenticated("access_token", "The access token is not valid.")
