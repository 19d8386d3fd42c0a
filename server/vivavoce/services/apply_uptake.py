"""A form whose code was told becomes an application, or is the newest word on one that is there.

The application comes into being together with its participant, their résumé, the events and, where
the template says so, the first interview.
"""

from dataclasses import replace

from vivavoce.core.applying import CONSIDERED, ApplyRequest, Uptake, uptake_beside
from vivavoce.core.session import Application, ApplicationStatus, Participant, Session
from vivavoce.core.template import ApplyMode
from vivavoce.ports.stores import Tables
from vivavoce.services.apply_mail import arrival_mail
from vivavoce.services.enrolment import announce_participant, open_first_session
from vivavoce.services.foundation import Foundation
from vivavoce.services.knowledge import add_resume, forget_resume
from vivavoce.services.postings import Posting

SOURCE = "apply page"


async def take_up(
    foundation: Foundation, write: Tables, posting: Posting, request: ApplyRequest
) -> None:
    """Raises as `open_first_session` does."""
    participant = await write.participants.by_email(request.template_id, request.form.email)
    if participant is None:
        participant = await _enrol(foundation, write, request)
    application = await _application_for(write, request, participant)
    uptake = uptake_beside(request, application) if application else Uptake.FIRST
    if application is None:
        application = _new_application(foundation, posting, request, participant)
        await write.participants.ensure_application(application)
        await write.mail.add(arrival_mail(foundation, posting, participant))
    elif uptake is Uptake.RENEWED:
        await _renew(write, request, participant, application)
    if application.status in CONSIDERED:
        await _keep_resume(foundation, write, participant.id, request, uptake)
    done = replace(request, application_id=application.id, uptake=uptake, resume=None)
    await write.apply_requests.change(done)
    if uptake is Uptake.RENEWED:
        await write.apply_requests.overtake(done)
    await write.mail.withdraw_codes(request.id, foundation.now())
    await write.mail.give_codes(request.id, participant.id)
    at_once = posting.template.apply_mode is ApplyMode.INTERVIEW
    is_uninvited = await latest_session(write, application) is None
    if at_once and is_uninvited and application.status in CONSIDERED:
        await open_first_session(foundation, write, application)


async def latest_session(tables: Tables, application: Application) -> Session | None:
    """The newest session of an application."""
    sessions = await tables.sessions.of_participant(application.participant_id)
    own = [each for each in sessions if each.template_id == application.template_id]
    return own[-1] if own else None


async def _application_for(
    write: Tables, request: ApplyRequest, participant: Participant
) -> Application | None:
    applications = await write.applications.of_participant(participant.id)
    return next((each for each in applications if each.template_id == request.template_id), None)


async def _renew(
    write: Tables, request: ApplyRequest, participant: Participant, application: Application
) -> None:
    """What the form leaves out stays as the one before it had it."""
    form = request.form
    renewed = replace(
        participant,
        name=form.name,
        phone=form.phone or participant.phone,
        locale=request.language,
        revision=participant.revision + 1,
    )
    await write.participants.change(renewed)
    await write.mail.readdress(renewed.id, renewed.name, renewed.email)
    await write.applications.change(
        replace(application, consent=form.consent, revision=application.revision + 1)
    )


async def _keep_resume(
    foundation: Foundation,
    write: Tables,
    participant_id: str,
    request: ApplyRequest,
    uptake: Uptake,
) -> None:
    """The one that is there stays, unless the form is the newest word; where there is none, what
    was sent now is not lost, although the same person was known before.
    """
    if request.resume is None:
        return
    if uptake is Uptake.RENEWED:
        await forget_resume(foundation, write, participant_id)
    if await write.knowledge.resume_of(participant_id) is None:
        await add_resume(write, participant_id, request.resume)


async def _enrol(foundation: Foundation, write: Tables, request: ApplyRequest) -> Participant:
    form = request.form
    participant = Participant(
        id=foundation.new_id(),
        organization_id=request.organization_id,
        template_id=request.template_id,
        name=form.name,
        created_at=foundation.now(),
        email=form.email,
        phone=form.phone,
        locale=request.language,
        source=SOURCE,
    )
    await write.participants.add(participant)
    await announce_participant(foundation, write, participant)
    return participant


def _new_application(
    foundation: Foundation, posting: Posting, request: ApplyRequest, participant: Participant
) -> Application:
    now = foundation.now()
    return Application(
        id=foundation.new_id(),
        organization_id=request.organization_id,
        participant_id=participant.id,
        template_id=request.template_id,
        status=ApplicationStatus.APPLIED,
        created_at=now,
        applied_at=now,
        campaign_id=posting.campaign.id if posting.campaign else None,
        consent=request.form.consent,
    )
