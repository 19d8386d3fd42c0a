"""The form of an API key: `vv_live_<43 random characters><6 checksum characters>`.

The checksum lets a scanner tell a real key from a look-alike, and a typing error from an unknown
key,
without a look-up.
"""

import base64
import hashlib
import zlib
from enum import StrEnum

KEY_RANDOM_BYTES = 32
PREFIX_LENGTH = 14
_RANDOM_LENGTH = 43
_CHECKSUM_LENGTH = 6


class KeyMode(StrEnum):
    LIVE = "live"
    TEST = "test"


def mint_key(mode: KeyMode, random: bytes) -> str:
    body = f"vv_{mode}_" + base64.urlsafe_b64encode(random).decode().rstrip("=")
    return body + _checksum(body)


def is_well_formed(key: str) -> bool:
    """Whether prefix, length and checksum agree; says nothing about the key being known."""
    if not key.isascii() or not key.startswith(("vv_live_", "vv_test_")):
        return False
    if len(key) != len("vv_live_") + _RANDOM_LENGTH + _CHECKSUM_LENGTH:
        return False
    return _checksum(key[:-_CHECKSUM_LENGTH]) == key[-_CHECKSUM_LENGTH:]


def secret_hash(secret: str) -> bytes:
    """SHA-256 is enough for secrets that are 256 random bits; passwords use argon2 instead."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _checksum(body: str) -> str:
    crc = zlib.crc32(body.encode()).to_bytes(4)
    return base64.urlsafe_b64encode(crc).decode().rstrip("=")
