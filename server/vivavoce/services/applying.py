"""Applying by the public page: a request, the proof of its address, and the application it becomes.

The application comes into being in the transaction that takes the right code, together with its
participant, their résumé, the events and, where the template says so, the first interview. Telling
the code again, or applying again, finds what is there.
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
from vivavoce.core.session import Application, ApplicationStatus, Participant, Session
from vivavoce.core.template import ApplyMode
from vivavoce.ports.stores import StoredTemplate, Tables
from vivavoce.services.apply_codes import ApplyCodes
from vivavoce.services.apply_mail import arrival_mail, code_mail
from vivavoce.services.enrolment import announce_participant, open_first_session
from vivavoce.services.foundation import Foundation
from vivavoce.services.knowledge import Knowledge, NewFile, add_resume
from vivavoce.services.launch_tokens import LaunchTokens, Place
from vivavoce.services.mailing import is_by_link
from vivavoce.services.postings import Posting, find_posting, shown_posting

SOURCE = "apply page"
_HANDLE_BYTES = 32
_CONSIDERED = frozenset({ApplicationStatus.APPLIED, ApplicationStatus.APPROVED})


@dataclass(frozen=True)
class Progress:
    """Where a request has got to. `standing` is None until the address is proved; `join_url` leads
    to the interview that waits; `is_repeated`: there was an application before this request.
    """

    posting: Posting
    request: ApplyRequest
    standing: Standing | None = None
    join_url: str | None = None
    is_repeated: bool = False


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
                await self._apply(write, await find_posting(self._at, write, slug), request)
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
        latest = await _latest(read, application)
        joinable = latest is not None and await is_by_link(read, latest)
        told = standing(application.status, latest, joinable=joinable)
        if latest is not None and latest.has_expired(self._at.now()):
            told = Standing.CLOSED
        join_url = None
        if latest is not None and told is Standing.INVITED:
            place = Place(progress.posting.stored.slug, latest.stage_id)
            join_url = self._tokens.join_url(place, latest.id)
        is_repeated = application.created_at < progress.request.created_at
        return replace(progress, standing=told, join_url=join_url, is_repeated=is_repeated)

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

    async def _apply(self, write: Tables, posting: Posting, request: ApplyRequest) -> None:
        participant = await write.participants.by_email(request.template_id, request.form.email)
        if participant is None:
            participant = await self._enrol(write, request)
        application = await self._ensure_application(write, posting, request, participant)
        if application.status in _CONSIDERED:
            await _keep_resume(write, participant.id, request)
        done = replace(request, application_id=application.id, resume=None)
        await write.apply_requests.change(done)
        await write.mail.withdraw_codes(request.id, self._at.now())
        await write.mail.give_codes(request.id, participant.id)
        at_once = posting.template.apply_mode is ApplyMode.INTERVIEW
        is_new = await _latest(write, application) is None
        if at_once and is_new and application.status in _CONSIDERED:
            await open_first_session(self._at, write, application)

    async def _ensure_application(
        self, write: Tables, posting: Posting, request: ApplyRequest, participant: Participant
    ) -> Application:
        """What has arrived just now is confirmed by mail; what was there before is not again."""
        new = self._application(posting, request, participant)
        await write.participants.ensure_application(new)
        (application,) = [
            each
            for each in await write.applications.of_participant(participant.id)
            if each.template_id == request.template_id
        ]
        if application.id == new.id:
            await write.mail.add(arrival_mail(self._at, posting, participant))
        return application

    async def _enrol(self, write: Tables, request: ApplyRequest) -> Participant:
        form = request.form
        participant = Participant(
            id=self._at.new_id(),
            organization_id=request.organization_id,
            template_id=request.template_id,
            name=form.name,
            created_at=self._at.now(),
            email=form.email,
            phone=form.phone,
            locale=request.language,
            source=SOURCE,
        )
        await write.participants.add(participant)
        await announce_participant(self._at, write, participant)
        return participant

    def _application(
        self, posting: Posting, request: ApplyRequest, participant: Participant
    ) -> Application:
        now = self._at.now()
        return Application(
            id=self._at.new_id(),
            organization_id=request.organization_id,
            participant_id=participant.id,
            template_id=request.template_id,
            status=ApplicationStatus.APPLIED,
            created_at=now,
            applied_at=now,
            campaign_id=posting.campaign.id if posting.campaign else None,
            consent=request.form.consent,
        )


async def _keep_resume(write: Tables, participant_id: str, request: ApplyRequest) -> None:
    """The one that is there stays; where there is none, what was sent now is not lost, although the
    same person was known before, or told the code of another form first.
    """
    if request.resume is not None and await write.knowledge.resume_of(participant_id) is None:
        await add_resume(write, participant_id, request.resume)


async def _latest(tables: Tables, application: Application) -> Session | None:
    """The newest session of an application."""
    sessions = await tables.sessions.of_participant(application.participant_id)
    own = [each for each in sessions if each.template_id == application.template_id]
    return own[-1] if own else None


def _no_request() -> NotFound:
    return NotFound("request_not_found", "This application is not known, or its time is over.")
