"""Identifiers: sortable by the time of their making, and readable slugs for links."""

import re
import unicodedata
import uuid

RANDOM_BYTES = 10
SLUG_LIMIT = 60


def uuid7(unix_ms: int, random: bytes) -> str:
    """A version 7 UUID (RFC 9562) from a time and `RANDOM_BYTES` random bytes."""
    if len(random) != RANDOM_BYTES or not 0 <= unix_ms < 1 << 48:
        raise ValueError("uuid7 needs a 48-bit time in ms and 10 random bytes")
    tail = int.from_bytes(random)
    value = unix_ms << 80
    value |= 0x7 << 76
    value |= (tail >> 62 & 0xFFF) << 64
    value |= 0b10 << 62
    value |= tail & ((1 << 62) - 1)
    return str(uuid.UUID(int=value))


def is_uuid(text: str) -> bool:
    """Whether it is written as our identifiers are, so that no slug should be."""
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) is not None


def slugify(text: str) -> str:
    """Lower-case ASCII words joined by hyphens; empty without any Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:SLUG_LIMIT].strip("-")
