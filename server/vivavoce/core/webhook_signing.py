"""Signing webhooks as the Standard Webhooks specification says, so that any library verifies."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

from vivavoce.core.session import Event
from vivavoce.core.timestamps import to_text

SECRET_PREFIX = "whsec_"  # noqa: S105 (the beginning of every secret, not one)
SECRET_BYTES = 32


def mint_secret(random: bytes) -> str:
    return SECRET_PREFIX + base64.b64encode(random).decode()


def envelope(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "event": event.name,
        "occurred_at": to_text(event.occurred_at),
        "data": event.payload,
    }


def body_of(event: Event) -> bytes:
    """The same bytes at every attempt."""
    return json.dumps(envelope(event), ensure_ascii=False, separators=(",", ":")).encode()


def signed_headers(
    secrets: Iterable[str], message_id: str, unix_seconds: int, body: bytes
) -> dict[str, str]:
    """One signature per live secret, so that a receiver may hold any of them."""
    signatures = (signature(secret, message_id, unix_seconds, body) for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(unix_seconds),
        "webhook-signature": " ".join(signatures),
    }


def signature(secret: str, message_id: str, unix_seconds: int, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = b".".join((message_id.encode(), str(unix_seconds).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
