"""How links, signatures and recording addresses are signed. Comparisons take constant time."""

import base64
import hashlib
import hmac


def urlsafe_text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def derived_secret(secret: bytes, purpose: str) -> bytes:
    """One key per purpose, so that a signature for one can never serve another."""
    return hmac.digest(secret, b"vivavoce:" + purpose.encode(), hashlib.sha256)


def same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode("utf-8", "replace"), right.encode("utf-8", "replace"))


def simple_signature(signing_key: str, fields: tuple[str, str, str, str, str]) -> str:
    """Hex HMAC-SHA256 over `"v1\\n"` and (embed_id, expires, email, name, external_id), one per
    line.
    """
    text = "v1\n" + "\n".join(fields)
    return hmac.new(signing_key.encode(), text.encode(), hashlib.sha256).hexdigest()


def path_signature(secret: bytes, path: str, expires: int) -> str:
    """What makes a recording's address valid until `expires` (seconds of Unix time)."""
    return urlsafe_text(hmac.digest(secret, f"{path}\n{expires}".encode(), hashlib.sha256))


def short_code(secret: bytes, text: str) -> str:
    """Six digits for a person to type, which are kept nowhere: they can be worked out again."""
    number = int.from_bytes(hmac.digest(secret, text.encode(), hashlib.sha256)[:8])
    return f"{number % 1_000_000:06d}"
