"""Opening an installation's services over its data folder: for the server and for each command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from vivavoce.core.mail import Mailbox
from vivavoce.core.mail_settings import parse_sender
from vivavoce.core.settings import Settings
from vivavoce.engines.document_reader import ProcessDocumentReader
from vivavoce.mail.letters import Letters
from vivavoce.services.bundle import Adapters, Services, build_services
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
            adapters=Adapters(Letters(_mail_sender(settings)), ProcessDocumentReader()),
        )


def _mail_sender(settings: Settings) -> Mailbox:
    if settings.smtp_from:
        return parse_sender(settings.smtp_from)
    return Mailbox("", f"interviews@{urlsplit(settings.origin).hostname}")
