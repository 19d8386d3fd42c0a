"""Reports: the scorecard of an interview, from the moment on which one is to be expected."""

from enum import StrEnum

from vivavoce.core.errors import NotFound
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.services.sessions import SessionRecord, Sessions


class ReportStatus(StrEnum):
    NONE = "NONE"
    GENERATING = "GENERATING"
    READY = "READY"


def report_status(record: SessionRecord) -> ReportStatus:
    if record.scorecard is not None:
        return ReportStatus.READY
    expected = record.session.status is SessionStatus.COMPLETED
    if expected and not record.session.scoring_waived:
        return ReportStatus.GENERATING
    return ReportStatus.NONE


class Reports:
    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def read(self, organization_id: str, session_id: str) -> SessionRecord:
        """Raises `NotFound` code `report_not_found`."""
        try:
            record = await self._sessions.read(organization_id, session_id)
        except NotFound:
            raise _unknown() from None
        if report_status(record) is ReportStatus.NONE:
            raise _unknown()
        return record


def _unknown() -> NotFound:
    return NotFound("report_not_found", "There is no such report.")
