"""What the mail worker asks at every wake, and what lists ask, is answered by an index."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiosqlite
import pytest
from vivavoce.core.mail import MailFilter, MailKind, MailStatus
from vivavoce.storage.database import open_database
from vivavoce.storage.mail import MailTable

from tests.storage.test_delivery_plans import Explaining, no_notice

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 6, 2, tzinfo=UTC)


@pytest.fixture
async def rows(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Explaining]:
    path = tmp_path / "vivavoce.db"
    async with open_database(path), aiosqlite.connect(path) as connection:
        connection.row_factory = aiosqlite.Row
        yield Explaining(connection)


async def test_the_worker_reads_only_what_is_pending_or_leased(rows: Explaining) -> None:
    mail = MailTable(rows, no_notice)
    await mail.claim(NOW, NOW + timedelta(seconds=20), 4)
    await mail.next_due()
    for step in (step for plan in rows.plans for step in plan if "mail" in step):
        assert "mail_pending" in step or "mail_leased" in step, step


@pytest.mark.parametrize(
    ("chosen", "index"),
    [
        (MailFilter(), "mail_by_"),
        (MailFilter(status=MailStatus.FAILED), "mail_by_status"),
        (MailFilter(kind=MailKind.RESULT), "mail_by_kind"),
        (MailFilter(status=MailStatus.SENT, kind=MailKind.RESULT), "mail_by_status_and_kind"),
        (MailFilter(session_id="s"), "mail_by_its_session"),
        (MailFilter(participant_id="p"), "mail_by_its_participant"),
    ],
)
async def test_each_filter_has_an_index_in_the_order_of_the_list(
    rows: Explaining, chosen: MailFilter, index: str
) -> None:
    mail = MailTable(rows, no_notice)
    await mail.count("o", chosen)
    await mail.page("o", chosen)
    for step in (step for plan in rows.plans for step in plan):
        assert step.startswith("SEARCH"), step
        assert index in step, step
