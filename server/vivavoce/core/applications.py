"""What a person may decide about an application, and when.

    applied, approved, scheduled, completed ──approve──► approved (scheduled stays scheduled)
    applied, approved, scheduled, completed ──reject───► rejected ──approve──► approved
    applied, approved, scheduled, completed ──withdraw─► withdrawn

While an interview is in progress nothing is decided. Sessions move the other states.
"""

from enum import StrEnum

from vivavoce.core.errors import Conflict
from vivavoce.core.session import ApplicationStatus

_OPEN = frozenset(
    {
        ApplicationStatus.APPLIED,
        ApplicationStatus.APPROVED,
        ApplicationStatus.SCHEDULED,
        ApplicationStatus.COMPLETED,
    }
)
CLOSED = frozenset({ApplicationStatus.REJECTED, ApplicationStatus.WITHDRAWN})


class Decision(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


_FROM = {
    Decision.APPROVE: _OPEN | {ApplicationStatus.REJECTED},
    Decision.REJECT: _OPEN,
    Decision.WITHDRAW: _OPEN,
}
_TO = {
    Decision.APPROVE: ApplicationStatus.APPROVED,
    Decision.REJECT: ApplicationStatus.REJECTED,
    Decision.WITHDRAW: ApplicationStatus.WITHDRAWN,
}


def decided(status: ApplicationStatus, decision: Decision) -> ApplicationStatus:
    """The status after the decision. Raises `Conflict` code `application_state`."""
    if status not in _FROM[decision]:
        message = f"An application that is {status} cannot become {_TO[decision]}."
        raise Conflict("application_state", message)
    if decision is Decision.APPROVE and status is ApplicationStatus.SCHEDULED:
        return status
    return _TO[decision]
