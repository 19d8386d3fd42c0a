"""What a recruiter reads about interviews, and the links that lead there.

A link is signed over its path, its organization and its expiry. A link to the list leads on to
every session; a link to one session leads nowhere else, so that it can be passed on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from vivavoce.core.agent_profile import Scale
from vivavoce.core.errors import Forbidden
from vivavoce.core.reply_times import ReplyTimes, reply_times
from vivavoce.core.session import SessionFilter
from vivavoce.core.signing import path_signature, same
from vivavoce.core.transcript import TurnLedger
from vivavoce.services.foundation import Foundation
from vivavoce.services.sessions import SessionRecord, Sessions

LIST_PATH = "/results"
LINK_LIFE = timedelta(days=7)
_NEWEST = 50
_TIMED = 200  # sessions


@dataclass(frozen=True)
class Visit:
    """What a verified link lets its bearer see, until `expires` (seconds of Unix time)."""

    organization_id: str
    expires: int
    sees_list: bool


@dataclass(frozen=True)
class SessionResult:
    """A session with the names that people know it by; the stage times are empty in a list."""

    record: SessionRecord
    candidate_name: str
    template_name: str
    scale: Scale = Scale.TEN
    ledger: tuple[TurnLedger, ...] = ()


class Results:
    def __init__(self, foundation: Foundation, sessions: Sessions) -> None:
        self._at = foundation
        self._sessions = sessions
        self._secret = foundation.secret_for("result-link")

    async def newest(self, organization_id: str) -> tuple[SessionResult, ...]:
        chosen = SessionFilter(page_size=_NEWEST)
        records, _ = await self._sessions.page(organization_id, chosen)
        return tuple([await self._named(record) for record in records])

    async def one(self, organization_id: str, session_id: str) -> SessionResult:
        """Raises `NotFound` code `session_not_found`."""
        record = await self._sessions.read(organization_id, session_id)
        ledger = await self._at.stores.read.transcripts.ledgers(session_id)
        return await self._named(record, ledger)

    async def reply_times(self, organization_id: str) -> tuple[ReplyTimes, ...]:
        """Over the latest sessions: how soon candidates heard an answer."""
        transcripts = self._at.stores.read.transcripts
        return reply_times(await transcripts.newest_ledgers(organization_id, _TIMED))

    def open_link(self, path: str, query: Mapping[str, str]) -> Visit:
        """Raises `Forbidden` code `result_link`."""
        organization, expires = query.get("organization", ""), query.get("expires", "")
        if not (expires.isascii() and expires.isdecimal() and len(expires) <= 12):
            raise _refused()
        visit = Visit(organization, int(expires), sees_list=path == LIST_PATH)
        genuine = same(self._signature(visit, path), query.get("signature", ""))
        if not genuine or self._at.now().timestamp() > visit.expires:
            raise _refused()
        if same(self._signature(visit, LIST_PATH), query.get("list", "")):
            return Visit(visit.organization_id, visit.expires, sees_list=True)
        return visit

    def new_visit(self, organization_id: str) -> Visit:
        """For somebody who has proved to be of the organization."""
        expires = int((self._at.now() + LINK_LIFE).timestamp())
        return Visit(organization_id, expires, sees_list=True)

    def link(self, visit: Visit, session_id: str | None = None) -> str:
        """Path and query of the list, or of one session."""
        path = LIST_PATH if session_id is None else f"{LIST_PATH}/{session_id}"
        query = {
            "organization": visit.organization_id,
            "expires": str(visit.expires),
            "signature": self._signature(visit, path),
        }
        if visit.sees_list and session_id is not None:
            query["list"] = self._signature(visit, LIST_PATH)
        return f"{path}?{urlencode(query)}"

    def _signature(self, visit: Visit, path: str) -> str:
        return path_signature(self._secret, f"{path}\n{visit.organization_id}", visit.expires)

    async def _named(
        self, record: SessionRecord, ledger: tuple[TurnLedger, ...] = ()
    ) -> SessionResult:
        session, read = record.session, self._at.stores.read
        participant = await read.participants.get(session.participant_id)
        stored = await read.templates.get(session.template_id)
        scale = Scale.TEN
        if stored is not None:
            profile_id = session.agent_profile_id or stored.template.agent_profile_id
            profile = await read.agent_profiles.at_version(
                session.organization_id, profile_id, session.rubric_version
            )
            scale = profile.scoring.scale if profile else scale
        return SessionResult(
            record=record,
            candidate_name=participant.name if participant else "",
            template_name=stored.template.name if stored else "",
            scale=scale,
            ledger=ledger,
        )


def _refused() -> Forbidden:
    return Forbidden("result_link", "This link is not valid any more. Ask for a new one.")
