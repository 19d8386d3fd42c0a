"""Fetches the résumés whose addresses were given, so that they are there before the interview."""

import logging
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from vivavoce.core.errors import EngineFailure, VivavoceError
from vivavoce.core.resumes import ResumeClaim, retry_after
from vivavoce.ports.documents import DocumentFetcher
from vivavoce.ports.stores import Tables
from vivavoce.services.foundation import Foundation
from vivavoce.services.knowledge import Knowledge, NewFile
from vivavoce.services.leased_work import LeasedWorker, Pace

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)  # most attempts end sooner; a later one comes to nothing
LONGEST_NAME = 200


class ResumeWorker(LeasedWorker[ResumeClaim]):
    work = "resumes"
    at_once = 4

    def __init__(
        self,
        foundation: Foundation,
        knowledge: Knowledge,
        fetcher: DocumentFetcher,
        pace: Pace | None = None,
    ) -> None:
        super().__init__(foundation, pace)
        self._knowledge = knowledge
        self._fetcher = fetcher

    async def _next_due(self, now: datetime) -> datetime | None:
        return await self._at.stores.read.resumes.next_due(now)

    async def _begin(self, write: Tables, now: datetime, limit: int) -> tuple[ResumeClaim, ...]:
        return await write.resumes.claim(now, now + LEASE, limit)

    async def _attempt(self, claim: ResumeClaim) -> None:
        try:
            content = await self._fetcher.fetch(claim.url)
            file = NewFile(_name(claim.url), content, claim.url)
            await self._knowledge.keep_fetched(claim, file)
        except VivavoceError as error:
            await self._note(claim, error)
            log.info("resume not fetched", extra={"code": error.code})

    async def _note(self, claim: ResumeClaim, error: VivavoceError) -> None:
        delay = retry_after(claim.failures + 1) if isinstance(error, EngineFailure) else None
        async with self._at.stores.transaction() as write:
            if delay is None:
                await write.resumes.failed(claim, error.code)
            else:
                await write.resumes.retry(claim, error.code, self._at.now() + delay)


def _name(url: str) -> str:
    try:
        path = urlsplit(url).path
    except ValueError:
        path = ""
    return unquote(PurePosixPath(path).name)[:LONGEST_NAME] or "resume"
