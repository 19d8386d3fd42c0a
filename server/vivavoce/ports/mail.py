"""What sending mail needs from a mail server and from durable storage."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

from vivavoce.core.delivery_schedule import Waiting
from vivavoce.core.mail import Letter, Mail, MailFilter, MailStatus, SendOutcome

HandOver = Callable[[], Awaitable[bool]]


class LetterWriter(Protocol):
    def write(self, mail: Mail, join_url: str | None, code: str | None = None) -> Letter: ...


class MailTransport(Protocol):
    longest_attempt_seconds: float

    async def send(self, letter: Letter, hand_over: HandOver) -> SendOutcome:
        """One attempt; every way to fail is an outcome, none an exception.

        Where repeating would deliver twice, `hand_over` is awaited right before the message leaves;
        when it answers False nothing is sent, and the outcome is `OVERTAKEN`.
        """
        ...


class MailStore(Protocol):
    async def add(self, mail: Mail) -> None: ...
    async def claim(self, now: datetime, leased_until: datetime, limit: int) -> tuple[Mail, ...]:
        """Begin what is due, the longest due first; `attempts` counts the one that begins.

        What has lost its point is withdrawn, what was being sent when its lease ran out is
        uncertain.
        """
        ...

    async def next_due(self) -> datetime | None:
        """When `claim` may find something, if nothing is written until then."""
        ...

    async def waiting(self, now: datetime) -> Waiting:
        """What is due by now and not settled."""
        ...

    async def hand_over(self, mail: Mail, at: datetime) -> bool:
        """From here on it may arrive. False when the attempt has lost its right to go on."""
        ...

    async def settle(
        self, mail: Mail, status: MailStatus, outcome: SendOutcome, at: datetime
    ) -> None:
        """The end of an attempt, and of the mail; without effect when the lease was lost."""
        ...

    async def try_later(
        self, mail: Mail, outcome: SendOutcome, at: datetime, next_attempt_at: datetime
    ) -> None:
        """Withdrawn at once when it has lost its point, or its recipient, meanwhile."""
        ...

    async def withdraw(self, session_id: str, at: datetime) -> None:
        """Invitation and reminder of this session have lost their point."""
        ...

    async def withdraw_codes(self, apply_request_id: str, at: datetime) -> None:
        """Those that have not gone out yet: another one is good now, or none any more."""
        ...

    async def was_invited(self, session_id: str) -> bool:
        """Whether an invitation has, or may have, reached the candidate."""
        ...

    async def readdress(self, participant_id: str, name: str, address: str | None) -> None:
        """What waits goes to the new address, or nowhere without one."""
        ...

    async def forget(self, participant_id: str, at: datetime) -> None:
        """Withdraw what waits, and keep neither name, address nor result."""
        ...

    async def give_codes(self, apply_request_id: str, participant_id: str) -> None:
        """The codes of this request were for somebody who has become this participant."""
        ...

    async def forget_codes(self, apply_request_ids: Sequence[str], at: datetime) -> None:
        """As `forget`, for codes that were never told."""
        ...

    async def repeat(self, mail_id: str, at: datetime) -> None:
        """Let a settled mail begin again, under the same message id."""
        ...

    async def get(self, organization_id: str, mail_id: str) -> Mail | None: ...
    async def count(self, organization_id: str, chosen: MailFilter) -> int: ...
    async def page(self, organization_id: str, chosen: MailFilter) -> tuple[Mail, ...]:
        """One page, newest first."""
        ...
