"""Tokens that somebody else signs: whose they may be, and what their claims make of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from vivavoce.core.errors import Forbidden, Unauthenticated
from vivavoce.core.roles import Role

LEEWAY = timedelta(seconds=60)  # clocks of two houses never agree
# No symmetric ones: a public key must never pass for a shared secret.
KEY_KINDS = {"RS256": ("RSA", None), "ES256": ("EC", "P-256"), "EdDSA": ("OKP", "Ed25519")}


@dataclass(frozen=True)
class TrustedIssuer:
    """Whose tokens count, for whom they must be made, and which claims say who acts."""

    issuer: str
    audience: str
    organization_claim: str = "organization"
    role_claim: str = "role"


def bad_token() -> Unauthenticated:
    return Unauthenticated("access_token", "The access token is not valid.")


def fits(key: Mapping[str, Any], kid: str, algorithm: str) -> bool:
    """Whether a JSON Web Key (RFC 7517) is the one that the token names, and made for this."""
    kind, curve = KEY_KINDS[algorithm]
    operations = key.get("key_ops")
    return (
        key.get("kid") == kid
        and key.get("kty") == kind
        and key.get("crv") == curve
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (operations is None or (isinstance(operations, list) and "verify" in operations))
    )


def check_times(claims: Mapping[str, Any], now: datetime) -> None:
    """Raises `Unauthenticated` code `access_token`."""
    expires = _seconds(claims.get("exp"))
    if expires is None or now.timestamp() >= expires + LEEWAY.total_seconds():
        raise bad_token()
    for name in ("nbf", "iat"):
        if name not in claims:
            continue
        begins = _seconds(claims[name])
        if begins is None or now.timestamp() < begins - LEEWAY.total_seconds():
            raise bad_token()


def acting(claims: Mapping[str, Any], trusted: TrustedIssuer) -> tuple[str, Role]:
    """The organization, by slug or id, and the role. Raises `Forbidden` code `token_claims`."""
    organization = claims.get(trusted.organization_claim)
    role = claims.get(trusted.role_claim)
    if not isinstance(organization, str) or role not in tuple(Role):
        raise Forbidden("token_claims", "The token names no organization or no role.")
    return organization, Role(role)


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value
