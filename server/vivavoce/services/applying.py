"""Applying by the public page: a request, the proof of its address, and the application it becomes.

The application comes into being in the transaction that takes the right code, and telling the code
again finds what is there.
"""

import secrets
from dataclasses import dataclass, replace

from vivavoce.core.api_keys import secret_hash
from vivavoce.core.applying import (
    ADDRESS_SPAN,
    CODES_TO_ADDRESS,
    ApplyForm,
    ApplyRequest,
    Standing,
    require_open_code,
    standing,
    with_next_code,
    wrong_code,
)
from vivavoce.core.errors import NotFound, VivavoceError
from vivavoce.core.knowledge import ReadDocument
from vivavoce.core.session import Application
from vivavoce.ports.stores import StoredTemplate, Tables
from vivavoce.services.apply_codes import ApplyCodes
from vivavoce.services.apply_mail import code_mail
from vivavoce.services.apply_uptake import latest_session, take_up
from vivavoce.services.foundation import Foundation
from vivavoce.services.knowledge import Knowledge, NewFile
from vivavoce.services.launch_tokens import LaunchTokens, Place
from vivavoce.services.mailing import is_by_link
from vivavoce.services.postings import Posting, find_posting, shown_posting

_HANDLE_BYTES = 32


@dataclass(frozen=True)
class Progress:
    """Where a request has got to. `standing` is None until the address is proved; `join_url` leads
    to the interview that waits.
    """

    posting: Posting
    request: ApplyRequest
    standing: Standing | None = None
    join_url: str | None = None


class Applying:
    def __init__(
        self, foundation: Foundation, knowledge: Knowledge, tokens: LaunchTokens, codes: ApplyCodes
    ) -> None:
        self._at = foundation
        self._knowledge = knowledge
        self._tokens = tokens
        self._codes = codes

    async def posting(self, slug: str) -> Posting:
        """Raises as `find_posting` does."""
        return await find_posting(self._at, self._at.stores.read, slug)

    async def begin(self, slug: str, form: ApplyForm, language: str, file: NewFile | None) -> str:
        """The handle of a new request; its code is on the way.

        Raises as `find_posting` does, and for the résumé as `Knowledge.add_document`.
        """
        posting = await self.posting(slug)
        resume = await self._read(posting, file)
        handle = secrets.token_urlsafe(_HANDLE_BYTES)
        async with self._at.stores.transaction() as write:
            posting = await find_posting(self._at, write, slug)
            request = ApplyRequest(
                id=self._at.new_id(),
                handle_hash=secret_hash(handle),
                organization_id=posting.stored.organization_id,
                template_id=posting.template.id,
                form=form,
                language=language,
                created_at=self._at.now(),
                resume=resume,
            )
            await write.apply_requests.add(await self._send_code(write, posting, request))
        return handle

    async def send_again(self, slug: str, handle: str) -> None:
        """Another code; the one before it is good no longer.

        Raises `NotFound` code `request_not_found`, `RateLimited` codes `codes_used_up` and
        `code_too_soon`, and as `find_posting` does.
        """
        async with self._at.stores.transaction() as write:
            request, _ = await self._own(write, slug, handle)
            if request.application_id is None:
                posting = await find_posting(self._at, write, slug)
                await write.apply_requests.change(await self._send_code(write, posting, request))

    async def confirm(self, slug: str, handle: str, told: str) -> None:
        """Take the code, once; afterwards there is an application.

        Raises `Invalid` code `code_wrong`, `Gone` code `code_expired`, `RateLimited` code
        `code_used_up`, `NotFound` code `request_not_found`, and as `find_posting` does.
        """
        refusal: VivavoceError | None = None
        async with self._at.stores.transaction() as write:
            request, _ = await self._own(write, slug, handle)
            if request.application_id is not None:
                return
            require_open_code(request, self._at.now())
            if self._codes.fits(request, told):
                await take_up(self._at, write, await find_posting(self._at, write, slug), request)
            else:
                # Counted whatever the answer: a refusal that undoes it could be had without end.
                failed = replace(request, failures=request.failures + 1)
                await write.apply_requests.change(failed)
                refusal = wrong_code()
        if refusal is not None:
            raise refusal
        if request.resume is not None:
            self._knowledge.index_soon()

    async def progress(self, slug: str, handle: str) -> Progress:
        """Raises `NotFound` code `request_not_found`."""
        read = self._at.stores.read
        request, stored = await self._own(read, slug, handle)
        posting = await shown_posting(read, stored)
        if request.application_id is None:
            return Progress(posting, request)
        application = await read.applications.get(request.organization_id, request.application_id)
        if application is None:
            raise _no_request()
        return await self._confirmed(read, Progress(posting, request), application)

    async def _confirmed(
        self, read: Tables, progress: Progress, application: Application
    ) -> Progress:
        latest = await latest_session(read, application)
        joinable = latest is not None and await is_by_link(read, latest)
        told = standing(application.status, latest, joinable=joinable)
        if latest is not None and latest.has_expired(self._at.now()):
            told = Standing.CLOSED
        join_url = None
        if latest is not None and told is Standing.INVITED:
            place = Place(progress.posting.stored.slug, latest.stage_id)
            join_url = self._tokens.join_url(place, latest.id)
        return replace(progress, standing=told, join_url=join_url)

    async def _own(
        self, tables: Tables, slug: str, handle: str
    ) -> tuple[ApplyRequest, StoredTemplate]:
        request = await tables.apply_requests.by_handle(secret_hash(handle))
        if request is None or request.ends_at <= self._at.now():
            raise _no_request()
        stored = await tables.templates.get(request.template_id)
        if stored is None or stored.slug != slug:
            raise _no_request()
        return request, stored

    async def _read(self, posting: Posting, file: NewFile | None) -> ReadDocument | None:
        if file is None:
            return None
        return await self._knowledge.read(posting.stored.organization_id, file)

    async def _send_code(
        self, write: Tables, posting: Posting, request: ApplyRequest
    ) -> ApplyRequest:
        now = self._at.now()
        email = request.form.email
        sent = await write.apply_requests.codes_sent(email, now - ADDRESS_SPAN)
        coded = with_next_code(request, now, is_mailed=sent < CODES_TO_ADDRESS)
        await write.mail.withdraw_codes(request.id, now)
        if coded.is_code_mailed:
            await write.mail.add(code_mail(self._at, posting, coded))
        return coded


def _no_request() -> NotFound:
    return NotFound("request_not_found", "This application is not known, or its time is over.")
