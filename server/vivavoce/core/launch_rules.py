"""What a launch token may look like, apart from its signature.

Times are seconds of Unix time. Every refusal is `Unauthenticated` with a code of its own, because
the site
owner has to find out which rule was broken; no message repeats what the token says.
"""

import base64
import binascii
import json
import re
from typing import Any
from urllib.parse import urlsplit

from vivavoce.core.embed import LaunchClaims, is_allowed, parse_origin
from vivavoce.core.errors import Invalid, Unauthenticated
from vivavoce.core.languages import LANGUAGES
from vivavoce.core.mail import is_address
from vivavoce.core.strict_json import parse_json

LAUNCH_TYPE = "vv-launch+jwt"
LEEWAY_SECONDS = 60
EMBED_LIFE_SECONDS = 15 * 60
INVITATION_LIFE_SECONDS = 45 * 24 * 3600
MAX_TOKEN_LENGTH = 8192
MAX_META_BYTES = 1024
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_MAX_TIME = 1 << 40


def key_id(token: str) -> str:
    """The `kid` of a token whose header is exactly as it must be; nothing is verified yet."""
    if len(token) > MAX_TOKEN_LENGTH or not _COMPACT.fullmatch(token):
        raise _refused("token_malformed", "The token is not a compact JWS.")
    text = token.partition(".")[0]
    try:
        header = parse_json(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, Invalid):
        raise _refused("token_malformed", "The token's header cannot be read.") from None
    if not isinstance(header, dict) or header.get("alg") != "HS256":
        raise _refused("token_algorithm", "The token must be signed with HS256.")
    if header.get("typ") != LAUNCH_TYPE:
        raise _refused("token_type", f"The token's typ must be {LAUNCH_TYPE}.")
    if set(header) != {"alg", "typ", "kid"} or not isinstance(header["kid"], str):
        raise _refused("token_header", "The token's header must hold alg, typ and kid only.")
    return str(header["kid"])


def parse_claims(
    payload: dict[str, Any], *, issuer: str, audience: str, now: float, life_seconds: int
) -> LaunchClaims:
    """Check the claims of a token whose signature holds."""
    if payload.get("aud") != audience:
        raise _refused("token_audience", "The token is made for another address.")
    expires_at = _check_times(payload, now, life_seconds)
    return LaunchClaims(
        issuer=issuer,
        jti=_required_text(payload, "jti"),
        subject=_required_text(payload, "sub"),
        expires_at=expires_at,
        name=_optional_text(payload, "name", 200),
        email=_email(payload),
        language=_language(payload),
        origins=_texts(payload, "org"),
        return_url=_optional_text(payload, "ret", 2000),
        attempts=_attempts(payload),
        meta=_meta(payload),
    )


def check_origins(claims: LaunchClaims, allowed: tuple[str, ...]) -> None:
    """`org` may only narrow the embed's origins, and `ret` must lead back to one of them."""
    if not all(is_allowed(origin, allowed) for origin in claims.origins):
        raise _refused("token_origins", "The token names an origin that the embed does not allow.")
    if claims.return_url is not None:
        origin = _origin(claims.return_url)
        if not origin or not is_allowed(origin, allowed):
            raise _refused("token_return", "The return address is not on an allowed origin.")


def _check_times(payload: dict[str, Any], now: float, life_seconds: int) -> int:
    issued_at, expires_at = _time(payload, "iat"), _time(payload, "exp")
    not_before = _time(payload, "nbf") if "nbf" in payload else issued_at
    if expires_at - issued_at > life_seconds or expires_at <= issued_at:
        raise _refused("token_life", "The token lives longer than it may.")
    if now > expires_at + LEEWAY_SECONDS:
        raise _refused("token_expired", "The token has expired.")
    if max(issued_at, not_before) > now + LEEWAY_SECONDS:
        raise _refused("token_early", "The token is not valid yet.")
    return expires_at


def _time(payload: dict[str, Any], claim: str) -> int:
    value = payload.get(claim)
    if type(value) is not int or not 0 <= value < _MAX_TIME:
        raise _refused("token_claims", f"The claim {claim} must be a whole number of seconds.")
    return value


def _required_text(payload: dict[str, Any], claim: str) -> str:
    value = _optional_text(payload, claim, 255)
    if not value:
        raise _refused("token_claims", f"The claim {claim} is required.")
    return value


def _optional_text(payload: dict[str, Any], claim: str, limit: int) -> str | None:
    value = payload.get(claim)
    if value is not None and not (
        isinstance(value, str) and len(value) <= limit and value.isprintable()
    ):
        raise _refused(
            "token_claims", f"The claim {claim} must be a text of at most {limit} characters."
        )
    return value


def _email(payload: dict[str, Any]) -> str | None:
    value = _optional_text(payload, "email", 254)
    if value is not None and not is_address(value):
        raise _refused("token_claims", "The claim email must be an e-mail address.")
    return value


def _language(payload: dict[str, Any]) -> str | None:
    value = _optional_text(payload, "lang", 16)
    if value is not None and value not in LANGUAGES:
        raise _refused("token_claims", "The claim lang must be a supported language.")
    return value


def _texts(payload: dict[str, Any], claim: str) -> tuple[str, ...]:
    value = payload.get(claim, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _refused("token_claims", f"The claim {claim} must be a list of texts.")
    return tuple(value)


def _attempts(payload: dict[str, Any]) -> int | None:
    value = payload.get("attempts")
    if value is not None and (type(value) is not int or not 1 <= value <= 20):
        raise _refused("token_claims", "The claim attempts must be between 1 and 20.")
    return value


def _meta(payload: dict[str, Any]) -> dict[str, Any]:
    value = payload.get("meta", {})
    if not isinstance(value, dict) or len(json.dumps(value).encode()) > MAX_META_BYTES:
        raise _refused(
            "token_claims", f"The claim meta must be an object of at most {MAX_META_BYTES} bytes."
        )
    return value


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
        return "" if "*" in parts.netloc else parse_origin(f"{parts.scheme}://{parts.netloc}")
    except (ValueError, Invalid):
        return ""


def _refused(code: str, message: str) -> Unauthenticated:
    return Unauthenticated(code, message)
