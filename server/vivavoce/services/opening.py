"""Opening an installation's services over its data folder: for the server and for each command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from vivavoce.core.errors import Invalid
from vivavoce.core.mail import Mailbox
from vivavoce.core.mail_settings import parse_sender
from vivavoce.core.outside_issuer import TrustedIssuer
from vivavoce.core.settings import Settings
from vivavoce.engines.document_reader import ProcessDocumentReader
from vivavoce.mail.letters import Letters
from vivavoce.network.guarded_http import Reach
from vivavoce.network.key_set_source import HttpKeySetSource
from vivavoce.services.bundle import Adapters, Services, build_services
from vivavoce.services.outside_tokens import OutsideIssuer
from vivavoce.storage.stores import open_stores


class SystemClock:
    """The one place that asks the machine for the time of day."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    async with open_stores(Path(settings.data)) as stores:
        yield build_services(
            stores,
            SystemClock(),
            settings.origin,
            grace_seconds=settings.grace_seconds,
            private_networks=settings.allow_private_networks,
            adapters=Adapters(
                Letters(_mail_sender(settings)), ProcessDocumentReader(), outside_issuer(settings)
            ),
        )


def outside_issuer(settings: Settings) -> OutsideIssuer | None:
    """Raises `Invalid` code `setting_value`."""
    if not settings.jwks_url:
        return None
    if not settings.jwt_issuer:
        raise Invalid("setting_value", "VIVAVOCE_JWKS_URL needs VIVAVOCE_JWT_ISSUER.")
    # Who can change the keys on their way may sign anything.
    schemes = ("https://", "http://") if settings.allow_private_networks else ("https://",)
    if not settings.jwks_url.startswith(schemes):
        raise Invalid("setting_value", "VIVAVOCE_JWKS_URL must be an https address.")
    trusted = TrustedIssuer(
        settings.jwt_issuer,
        settings.jwt_audience or settings.origin,
        settings.jwt_organization_claim,
        settings.jwt_role_claim,
    )
    reach = Reach(private_allowed=settings.allow_private_networks)
    return OutsideIssuer(trusted, HttpKeySetSource(settings.jwks_url, reach))


def _mail_sender(settings: Settings) -> Mailbox:
    if settings.smtp_from:
        return parse_sender(settings.smtp_from)
    return Mailbox("", f"interviews@{urlsplit(settings.origin).hostname}")
