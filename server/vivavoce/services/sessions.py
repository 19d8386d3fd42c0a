"""Sessions: creating, listing and reading them, and failing those that went silent."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vivavoce.core.consent import check_consent
from vivavoce.core.errors import Conflict, Forbidden, NotFound
from vivavoce.core.scorecard import Scorecard
from vivavoce.core.session import Channel, Conductor, Consent, Participant, Session, SessionFilter
from vivavoce.core.session_lifecycle import is_terminal
from vivavoce.core.signing import path_signature, same
from vivavoce.core.transcript import Signal, Turn, TurnLedger
from vivavoce.services import session_changes
from vivavoce.services.enrolment import add_participant, open_session, stage_in_turn
from vivavoce.services.foundation import Foundation
from vivavoce.services.launch_tokens import LaunchTokens, Place

RECORDING_LINK_SECONDS = 3600


@dataclass(frozen=True)
class SessionRecord:
    """A session with all that belongs to it; a list leaves out what comes last, from `turns` on."""

    session: Session
    join_url: str | None
    recording_url: str | None
    scorecard: Scorecard | None
    scored_at: datetime | None
    turns: tuple[Turn, ...] = ()
    signals: tuple[Signal, ...] = ()
    ledgers: tuple[TurnLedger, ...] = ()


class Sessions:
    def __init__(self, foundation: Foundation, tokens: LaunchTokens, grace_seconds: int) -> None:
        self._at = foundation
        self._tokens = tokens
        self._grace = timedelta(seconds=grace_seconds)
        self._secret = foundation.secret_for("recording-link")

    async def schedule(
        self, organization_id: str, template_id: str, name: str, email: str
    ) -> SessionRecord:
        """A session for a new or known participant; `join_url` is the link to mail."""
        async with self._at.stores.transaction() as write:
            stored = await write.templates.get(template_id)
            if stored is None or stored.organization_id != organization_id:
                raise NotFound("template_not_found", "This template does not exist.")
            participant = await write.participants.by_email(template_id, email.lower())
            if participant is None:
                participant = Participant(
                    id=self._at.new_id(),
                    organization_id=organization_id,
                    template_id=template_id,
                    name=name,
                    created_at=self._at.now(),
                    email=email.lower(),
                )
                await add_participant(self._at, write, participant)
            stage = await stage_in_turn(write, stored, ())
            session = await open_session(self._at, write, stored, participant, stage)
            await session_changes.create(self._at, write, session)
        return await self.read(organization_id, session.id)

    async def read(self, organization_id: str, session_id: str) -> SessionRecord:
        """Raises `NotFound` code `session_not_found`, also for another organization's session."""
        tables = self._at.stores.read
        session = await tables.sessions.get(session_id)
        if session is None or session.organization_id != organization_id:
            raise NotFound("session_not_found", "This session does not exist.")
        return replace(
            (await self._summaries((session,)))[0],
            turns=await tables.transcripts.turns(session_id),
            signals=await tables.transcripts.signals(session_id),
            ledgers=await tables.transcripts.ledgers(session_id),
        )

    async def page(
        self, organization_id: str, chosen: SessionFilter
    ) -> tuple[tuple[SessionRecord, ...], int]:
        """One page, newest first, and how many there are in all."""
        tables = self._at.stores.read.sessions
        total = await tables.count(organization_id, chosen)
        sessions = await tables.page(organization_id, chosen)
        return await self._summaries(sessions), total

    async def participant(self, session_id: str) -> Participant:
        """Who a session is with; for pages that people read, never for the conversation."""
        tables = self._at.stores.read
        session = await session_changes.require_session(tables, session_id)
        participant = await tables.participants.get(session.participant_id)
        if participant is None:
            raise NotFound("participant_not_found", "This participant does not exist.")
        return participant

    async def cancel(self, organization_id: str, session_id: str) -> None:
        async with self._at.stores.transaction() as write:
            session = await session_changes.require_session(write, session_id)
            if session.organization_id != organization_id:
                raise NotFound("session_not_found", "This session does not exist.")
            await session_changes.cancel(self._at, write, session)

    async def fail(self, session_id: str, reason: str) -> None:
        async with self._at.stores.transaction() as write:
            session = await session_changes.require_session(write, session_id)
            await session_changes.fail(self._at, write, session, reason)

    async def fail_expired(self) -> tuple[str, ...]:
        """Fail what was silent for the grace time; returns the ids. Call it now and then."""
        async with self._at.stores.transaction() as write:
            silent = await write.sessions.silent_since(self._at.now() - self._grace)
            for session in silent:
                await session_changes.fail(self._at, write, session, "disconnected")
        return tuple(session.id for session in silent)

    async def connected(self, session_id: str) -> None:
        async with self._at.stores.transaction() as write:
            await write.sessions.set_disconnected(session_id, None)

    async def disconnected(self, session_id: str) -> None:
        """The grace time starts."""
        async with self._at.stores.transaction() as write:
            await write.sessions.set_disconnected(session_id, self._at.now())

    async def all_disconnected(self) -> None:
        """At the start of the program: whoever was talking has lost the connection."""
        async with self._at.stores.transaction() as write:
            await write.sessions.set_all_disconnected(self._at.now())

    async def consent(
        self, session_id: str, policy_version: str, items: tuple[str, ...], locale: str = ""
    ) -> None:
        """Raises `Invalid` codes `consent_version` and `consent_items`."""
        check_consent(policy_version, items)
        async with self._at.stores.transaction() as write:
            session = await session_changes.require_session(write, session_id)
            if is_terminal(session.status):
                raise Conflict("session_state", "This interview has ended.")
            consent = Consent(session_id, policy_version, items, locale, self._at.now())
            await write.sessions.add_consent(consent)

    async def unscored(self) -> tuple[str, ...]:
        """Completed sessions whose scorecard is still to be written."""
        return await self._at.stores.read.sessions.unscored()

    async def unrecorded(self) -> tuple[str, ...]:
        """Sessions that are over, completed or failed, without a finished recording."""
        return await self._at.stores.read.sessions.unrecorded()

    async def recorded(self, session_id: str, path: str) -> None:
        """The recording is finished; `path` is where it lies, as the program sees it."""
        kept = self._at.stores.kept_path(path)
        async with self._at.stores.transaction() as write:
            await write.sessions.set_recording(session_id, kept)

    async def not_recorded(self, session_id: str) -> None:
        """There is nothing to record, so that no later start looks for it again."""
        async with self._at.stores.transaction() as write:
            await write.sessions.set_without_recording(session_id)

    async def recording_file(self, session_id: str, expires: str, signature: str) -> str:
        """Raises `Forbidden` code `recording_link`, `NotFound` code `recording_not_found`."""
        if not (expires.isascii() and expires.isdecimal() and len(expires) <= 12):
            raise _bad_recording_link()
        expected = path_signature(self._secret, _recording_path(session_id), int(expires))
        if not same(expected, signature) or self._at.now().timestamp() > int(expires):
            raise _bad_recording_link()
        session = await self._at.stores.read.sessions.get(session_id)
        if session is None or session.recording_path is None:
            raise NotFound("recording_not_found", "There is no recording of this session.")
        return self._at.stores.path_of(session.recording_path)

    async def _summaries(self, sessions: tuple[Session, ...]) -> tuple[SessionRecord, ...]:
        tables = self._at.stores.read
        cards = await tables.scorecards.of_sessions(session.id for session in sessions)
        joinable = {session.template_id for session in sessions if self._is_joinable(session)}
        slugs = await tables.templates.slugs(joinable)
        return tuple(
            self._summary(session, cards.get(session.id), slugs.get(session.template_id))
            for session in sessions
        )

    def _summary(
        self, session: Session, scored: tuple[Scorecard, datetime] | None, slug: str | None
    ) -> SessionRecord:
        join_url = None
        if self._is_joinable(session):
            place = Place(slug or session.template_id, session.stage_id)
            join_url = self._tokens.join_url(place, session.id)
        return SessionRecord(
            session=session,
            join_url=join_url,
            recording_url=self._recording_url(session),
            scorecard=scored[0] if scored else None,
            scored_at=scored[1] if scored else None,
        )

    def _is_joinable(self, session: Session) -> bool:
        held_elsewhere = session.conductor is not Conductor.BUILT_IN
        over = is_terminal(session.status) or session.has_expired(self._at.now())
        return session.channel is Channel.WEB and not held_elsewhere and not over

    def _recording_url(self, session: Session) -> str | None:
        if session.recording_path is None:
            return session.recording_url
        expires = int(self._at.now().timestamp()) + RECORDING_LINK_SECONDS
        path = _recording_path(session.id)
        signature = path_signature(self._secret, path, expires)
        return f"{self._at.instance_url}{path}?expires={expires}&signature={signature}"


def _recording_path(session_id: str) -> str:
    return f"/recordings/{session_id}.ogg"


def _bad_recording_link() -> Forbidden:
    return Forbidden("recording_link", "This address of a recording is not valid any more.")
