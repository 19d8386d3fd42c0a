"""All stores over one database file, and the transaction that spans them."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from anyio import to_thread

from vivavoce.ports.stores import Tables
from vivavoce.storage.admissions import AdmissionTable
from vivavoce.storage.agent_profiles import AgentProfileTable
from vivavoce.storage.applications import ApplicationTable
from vivavoce.storage.apply_requests import ApplyRequestTable
from vivavoce.storage.campaigns import CampaignTable
from vivavoce.storage.database import Database, Rows, open_database
from vivavoce.storage.deliveries import DeliveryTable
from vivavoce.storage.embeds import EmbedTable
from vivavoce.storage.knowledge import KnowledgeRows
from vivavoce.storage.mail import MailTable
from vivavoce.storage.members import MemberTable, SignInTable
from vivavoce.storage.organizations import ApiKeyTable, OrganizationTable
from vivavoce.storage.outbox import OutboxTable
from vivavoce.storage.participants import ParticipantTable
from vivavoce.storage.resumes import ResumeFetchTable
from vivavoce.storage.scorecards import ScorecardTable
from vivavoce.storage.sessions import SessionTable
from vivavoce.storage.stages import StageTable
from vivavoce.storage.templates import TemplateTable
from vivavoce.storage.transcripts import TranscriptTable
from vivavoce.storage.webhook_endpoints import WebhookEndpointTable

DATABASE_FILE = "vivavoce.db"
_INSTANCE_SECRET_BYTES = 32


class _Notice:
    """Whether a transaction has written something that a worker waits for."""

    given = False

    def __call__(self) -> None:
        self.given = True


class SqliteStores:
    def __init__(self, database: Database, data_dir: Path, instance_secret: bytes) -> None:
        self._database = database
        self.data_dir = data_dir.absolute()
        self.instance_secret = instance_secret
        self._wakes: list[Callable[[], None]] = []
        self.read = _tables(database.read, _Notice())

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tables]:
        notice = _Notice()
        async with self._database.transaction() as rows:
            yield _tables(rows, notice)
        if notice.given:
            for wake in self._wakes:
                wake()

    def watch_outbox(self, wake: Callable[[], None]) -> Callable[[], None]:
        self._wakes.append(wake)
        return lambda: self._wakes.remove(wake)

    def kept_path(self, path: str) -> str:
        absolute = Path(path).absolute()
        inside = absolute.is_relative_to(self.data_dir)
        return str(absolute.relative_to(self.data_dir) if inside else absolute)

    def path_of(self, kept: str) -> str:
        return str(self.data_dir / kept)


@asynccontextmanager
async def open_stores(data_dir: Path) -> AsyncIterator[SqliteStores]:
    """Open, creating what is missing. Only this account may read the folder: it holds secrets and
    voices.
    """
    await to_thread.run_sync(partial(data_dir.mkdir, mode=0o700, parents=True, exist_ok=True))
    async with open_database(data_dir / DATABASE_FILE) as database:
        yield SqliteStores(database, data_dir, await _instance_secret(database))


async def _instance_secret(database: Database) -> bytes:
    async with database.transaction() as rows:
        await rows.run(
            "INSERT INTO instance (name, value) VALUES ('secret', ?) ON CONFLICT (name) DO NOTHING",
            (secrets.token_bytes(_INSTANCE_SECRET_BYTES),),
        )
        value: bytes = await rows.value("SELECT value FROM instance WHERE name = 'secret'")
        return value


def _tables(rows: Rows, notice: _Notice) -> Tables:
    return Tables(
        organizations=OrganizationTable(rows),
        members=MemberTable(rows),
        sign_ins=SignInTable(rows),
        api_keys=ApiKeyTable(rows),
        agent_profiles=AgentProfileTable(rows),
        templates=TemplateTable(rows),
        stages=StageTable(rows),
        participants=ParticipantTable(rows),
        applications=ApplicationTable(rows),
        campaigns=CampaignTable(rows),
        sessions=SessionTable(rows),
        transcripts=TranscriptTable(rows),
        scorecards=ScorecardTable(rows),
        embeds=EmbedTable(rows),
        admissions=AdmissionTable(rows),
        outbox=OutboxTable(rows, notice),
        webhook_endpoints=WebhookEndpointTable(rows, notice),
        deliveries=DeliveryTable(rows, notice),
        knowledge=KnowledgeRows(rows),
        resumes=ResumeFetchTable(rows),
        mail=MailTable(rows, notice),
        apply_requests=ApplyRequestTable(rows),
    )
