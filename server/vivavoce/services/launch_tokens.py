"""Verifying what sites and mailed links sign. Signatures here, rules in `core.launch_rules`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from vivavoce.core.embed import EMBED_ID, EmbedKey, LaunchClaims
from vivavoce.core.errors import Invalid, NotFound, Unauthenticated
from vivavoce.core.launch_rules import (
    EMBED_LIFE_SECONDS,
    INVITATION_LIFE_SECONDS,
    LAUNCH_TYPE,
    LEEWAY_SECONDS,
    check_origins,
    key_id,
    parse_claims,
)
from vivavoce.core.signing import same, simple_signature
from vivavoce.core.strict_json import parse_json
from vivavoce.services.embeds import Embeds
from vivavoce.services.foundation import Foundation

INSTANCE_KEY_ID = "instance"
_MAX_FIELD = 254


@dataclass(frozen=True)
class SignedLink:
    """The simple form, as it stands in the query of `/embed`. `expires` is seconds of Unix time."""

    embed_id: str
    name: str
    email: str
    expires: str
    signature: str
    external_id: str = ""


@dataclass(frozen=True)
class Place:
    """Where a link leads. Of the session, whose token no server sees before it is exchanged, the
    page learns the stage from here, and so for how long the candidate is asked to stay.
    """

    slug: str
    stage_id: str | None = None

    def __str__(self) -> str:
        return self.slug if self.stage_id is None else f"{self.slug}?stage={self.stage_id}"


class LaunchTokens:
    def __init__(self, foundation: Foundation, embeds: Embeds) -> None:
        self._at = foundation
        self._embeds = embeds
        self._secret = foundation.secret_for("invitation")

    async def verify(self, token: str, life_seconds: int) -> tuple[EmbedKey, LaunchClaims]:
        """A token signed by a site with its embed's key."""
        embed = await self._embed(key_id(token))
        keys = [key.encode() for key in embed.signing_keys]
        claims = self._claims(_payload(token, keys), embed.id, life_seconds)
        check_origins(claims, embed.allowed_origins)
        return embed, claims

    async def verify_launch(self, token: str) -> tuple[EmbedKey, LaunchClaims]:
        return await self.verify(token, EMBED_LIFE_SECONDS)

    def is_own(self, token: str) -> bool:
        """Whether this installation claims to have signed it."""
        return key_id(token) == INSTANCE_KEY_ID

    def verify_invitation(self, token: str) -> LaunchClaims:
        """A token of ours; its subject is a session."""
        payload = _payload(token, [self._secret])
        return self._claims(payload, INSTANCE_KEY_ID, INVITATION_LIFE_SECONDS)

    def invite(self, session_id: str, issued: datetime | None = None) -> str:
        """All invitations of a session are one link, so only one browser can hold it."""
        issued_at = int((issued or self._at.now()).timestamp())
        claims = {
            "aud": self._at.instance_url,
            "sub": session_id,
            "jti": session_id,
            "iat": issued_at,
            "exp": issued_at + INVITATION_LIFE_SECONDS,
        }
        headers = {"typ": LAUNCH_TYPE, "kid": INSTANCE_KEY_ID}
        return jwt.encode(claims, self._secret, algorithm="HS256", headers=headers)

    def join_url(self, place: Place, session_id: str, issued: datetime | None = None) -> str:
        """The link to mail; good for `INVITATION_LIFE_SECONDS` from `issued`, or from now."""
        return f"{self._at.instance_url}/i/{place}#t={self.invite(session_id, issued)}"

    async def verify_signed(self, link: SignedLink) -> tuple[EmbedKey, LaunchClaims]:
        embed = await self._embed(link.embed_id)
        fields = (link.embed_id, link.expires, link.email, link.name, link.external_id)
        # A line break inside a field would let one signature stand for two readings.
        if not all(field.isprintable() and len(field) <= _MAX_FIELD for field in fields):
            raise Unauthenticated("signature", "A signed field holds what it may not.")
        if not any(
            same(simple_signature(key, fields), link.signature) for key in embed.signing_keys
        ):
            raise Unauthenticated("signature", "The signature does not fit the link.")
        expires_at = _expiry(link.expires, self._at.now().timestamp())
        claims = LaunchClaims(
            issuer=embed.id,
            jti="signed:" + link.signature,
            subject=link.external_id or link.email,
            expires_at=expires_at,
            name=link.name,
            email=link.email or None,
        )
        return embed, claims

    async def _embed(self, embed_id: str) -> EmbedKey:
        if not EMBED_ID.fullmatch(embed_id):
            raise Unauthenticated("token_key", "The token names no known key.")
        try:
            return await self._embeds.get(embed_id)
        except NotFound:
            raise Unauthenticated("token_key", "The token names no known key.") from None

    def _claims(self, payload: dict[str, Any], issuer: str, life_seconds: int) -> LaunchClaims:
        return parse_claims(
            payload,
            issuer=issuer,
            audience=self._at.instance_url,
            now=self._at.now().timestamp(),
            life_seconds=life_seconds,
        )


def _payload(token: str, keys: list[bytes]) -> dict[str, Any]:
    for key in keys:
        try:
            body = jwt.PyJWS().decode(token, key, algorithms=["HS256"])
        except jwt.InvalidTokenError:
            continue
        return _object(body)
    raise Unauthenticated("token_signature", "The token's signature does not verify.")


def _object(body: bytes) -> dict[str, Any]:
    try:
        payload = parse_json(body)
    except Invalid:
        payload = None
    if not isinstance(payload, dict):
        raise Unauthenticated("token_malformed", "The token's claims cannot be read.")
    return payload


def _expiry(text: str, now: float) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):
        raise Unauthenticated("token_claims", "The link's expiry must be seconds of Unix time.")
    expires_at = int(text)
    if now > expires_at + LEEWAY_SECONDS:
        raise Unauthenticated("token_expired", "The link has expired.")
    if expires_at > now + EMBED_LIFE_SECONDS + LEEWAY_SECONDS:
        raise Unauthenticated("token_life", "The link lives longer than it may.")
    return expires_at
