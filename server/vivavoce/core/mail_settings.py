"""How an installation sends mail, as two settings say it."""

import re
from dataclasses import dataclass
from email.utils import getaddresses
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from vivavoce.core.errors import Invalid
from vivavoce.core.mail import Mailbox, is_address, one_line

_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Security(StrEnum):
    TLS = "smtps"  # from the first byte on
    STARTTLS = "smtp"  # demanded before anything else is said
    NONE = "smtp+plain"


_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


@dataclass(frozen=True)
class SmtpServer:
    host: str
    port: int
    security: Security
    username: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"SmtpServer({self.security}, {self.port})"


def parse_smtp_url(text: str) -> SmtpServer:
    """`smtps://user:password@mail.example.org`. Raises `Invalid` code `smtp_url`."""
    try:
        parts = urlsplit(text)
        port = parts.port
        security = Security(parts.scheme)
    except ValueError:
        raise _bad_url("begin with smtps://, smtp:// or smtp+plain://") from None
    host = parts.hostname or ""
    if not _HOST.fullmatch(host) or parts.path.strip("/") or parts.query or parts.fragment:
        raise _bad_url("name a server and nothing after it")
    username = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    if (username is None) != (password is None):
        raise _bad_url("have a user and a password, or neither")
    if security is Security.NONE and username is not None and host not in _LOOPBACK:
        raise _bad_url("not send a password without encryption")
    return SmtpServer(host, port or _PORTS[security], security, username, password)


def parse_sender(text: str) -> Mailbox:
    """`Our company <jobs@example.org>` or the address alone. Raises `Invalid` code `smtp_from`."""
    found = getaddresses([text])
    name, address = found[0] if len(found) == 1 else ("", "")
    if not is_address(address) or not address.isascii():
        message = "VIVAVOCE_SMTP_FROM must be an address, or a name and an address in <>."
        raise Invalid("smtp_from", message)
    return Mailbox(one_line(name), address)


def _bad_url(rule: str) -> Invalid:
    return Invalid("smtp_url", f"VIVAVOCE_SMTP_URL must {rule}.")
