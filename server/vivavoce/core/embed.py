"""An embed: permission for named sites to show one interview, and what signed links may say."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from vivavoce.core.api_keys import KeyMode
from vivavoce.core.errors import Invalid, Issue

EMBED_ID = re.compile(r"emb_(live|test)_[A-Za-z0-9_-]{16,64}")
ANY_ORIGIN = "*"
_HOST = re.compile(r"((?:\*\.)?[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")


@dataclass(frozen=True)
class EmbedKey:
    """`signing_keys` are the live secrets, newest first: one, or two while rotating."""

    id: str
    organization_id: str
    template_id: str
    mode: KeyMode
    allowed_origins: tuple[str, ...]
    signing_keys: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None = None
    revision: int = 1  # counts every change, for optimistic concurrency


@dataclass(frozen=True)
class LaunchClaims:
    """What a verified link says about its candidate. `issuer` and `jti` name the link itself."""

    issuer: str
    jti: str
    subject: str
    expires_at: int
    name: str | None = None
    email: str | None = None
    language: str | None = None
    origins: tuple[str, ...] = ()
    return_url: str | None = None
    attempts: int | None = None
    meta: dict[str, Any] = field(default_factory=dict)


def parse_origin(text: str) -> str:
    """Normalise `https://Host:443` to `https://host`; `https://*.host` stands for its subdomains.

    Raises `Invalid` code `origin`.
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        raise _not_an_origin() from None
    bare = parts.path in {"", "/"} and not parts.query and not parts.fragment
    if parts.scheme not in {"http", "https"} or not bare or not _HOST.fullmatch(parts.netloc):
        raise _not_an_origin()
    default = ":443" if parts.scheme == "https" else ":80"
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(default)}"


def is_allowed(origin: str, allowed: tuple[str, ...]) -> bool:
    """Whether `allowed` holds the origin, a wildcard for its subdomain, or `ANY_ORIGIN`."""
    for each in allowed:
        scheme, _, domain = each.partition("*.")
        if domain and origin.startswith(scheme) and origin.endswith("." + domain):
            return True
    return origin in allowed or ANY_ORIGIN in allowed


def _not_an_origin() -> Invalid:
    issue = Issue(("allowed_origins",), "An origin is a scheme, a host and perhaps a port.")
    return Invalid("origin", "An allowed origin is not an origin.", (issue,))
