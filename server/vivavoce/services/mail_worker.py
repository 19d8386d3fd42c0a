"""Sends mail: whatever is due, once, until it is sent or has been tried for two days.

An attempt has two halves. Until the message leaves, a crash costs nothing but time: the lease runs
out and the next attempt begins. From the moment it leaves, which is written down first, only an
answer of the server lets it be tried again; without one the mail is uncertain and waits for a
person. So no mail is sent twice, and none is lost without a trace.
"""

import logging
from datetime import datetime, timedelta
from typing import assert_never

from vivavoce.core.mail import Letter, Mail, MailKind, MailStatus, SendOutcome, is_address
from vivavoce.core.mail_rules import retry_delay
from vivavoce.ports.mail import LetterWriter, MailTransport
from vivavoce.ports.stores import Tables
from vivavoce.services.apply_codes import ApplyCodes
from vivavoce.services.foundation import Foundation
from vivavoce.services.launch_tokens import LaunchTokens, Place
from vivavoce.services.leased_work import LeasedWorker, Observe, Pace

log = logging.getLogger(__name__)

LEASE_MARGIN = timedelta(seconds=30)


class Correspondence:
    """The letter that a mail becomes. Its link counts from `issued`; from when the mail is due, so
    that it is the same at every attempt.
    """

    def __init__(self, writer: LetterWriter, tokens: LaunchTokens, codes: ApplyCodes) -> None:
        self._writer = writer
        self._tokens = tokens
        self._codes = codes

    def letter(self, mail: Mail, issued: datetime | None = None) -> Letter:
        code = None
        if mail.apply_request_id is not None:
            code = self._codes.code(mail.apply_request_id, mail.facts.code_number)
        return self._writer.write(mail, self.join_url(mail, issued or mail.due_at), code)

    def join_url(self, mail: Mail, issued: datetime) -> str | None:
        if mail.kind not in {MailKind.INVITATION, MailKind.REMINDER} or not mail.facts.slug:
            return None
        place = Place(mail.facts.slug, mail.facts.stage_id)
        return self._tokens.join_url(place, mail.session_id or "", issued)


class MailWorker(LeasedWorker[Mail]):
    work = "mail"
    at_once = 4

    def __init__(
        self,
        foundation: Foundation,
        correspondence: Correspondence,
        transport: MailTransport,
        pace: Pace | None = None,
        observe: Observe | None = None,
    ) -> None:
        super().__init__(foundation, pace, observe)
        self._correspondence = correspondence
        self._transport = transport

    async def _next_due(self, now: datetime) -> datetime | None:
        return await self._at.stores.read.mail.next_due()

    async def _begin(self, write: Tables, now: datetime, limit: int) -> tuple[Mail, ...]:
        lease = timedelta(seconds=self._transport.longest_attempt_seconds) + LEASE_MARGIN
        return await write.mail.claim(now, now + lease, limit)

    async def _attempt(self, mail: Mail) -> None:
        async def hand_over() -> bool:
            async with self._at.stores.transaction() as write:
                return await write.mail.hand_over(mail, self._at.now())

        outcome = SendOutcome.REFUSED
        if is_address(mail.recipient.address):
            outcome = await self._transport.send(self._correspondence.letter(mail), hand_over)
        async with self._at.stores.transaction() as write:
            await self._settle(write, mail, outcome)
        self._observe(outcome)
        facts = {"mail": mail.id, "kind": mail.kind, "attempt": mail.attempts, "outcome": outcome}
        log.info("mail attempt", extra=facts)

    async def _settle(self, write: Tables, mail: Mail, outcome: SendOutcome) -> None:
        now = self._at.now()
        match outcome:
            case SendOutcome.SENT:
                await write.mail.settle(mail, MailStatus.SENT, outcome, now)
            case SendOutcome.REFUSED:
                await write.mail.settle(mail, MailStatus.FAILED, outcome, now)
            case SendOutcome.UNCERTAIN | SendOutcome.INTERRUPTED:
                await write.mail.settle(mail, MailStatus.UNCERTAIN, outcome, now)
            case SendOutcome.OVERTAKEN:
                await write.mail.try_later(mail, outcome, now, now)
            case (
                SendOutcome.DEFERRED
                | SendOutcome.UNREACHABLE
                | SendOutcome.TIMED_OUT
                | SendOutcome.UNAUTHENTICATED
            ):
                await self._try_later(write, mail, outcome)
            case _:
                assert_never(outcome)

    async def _try_later(self, write: Tables, mail: Mail, outcome: SendOutcome) -> None:
        now = self._at.now()
        delay = retry_delay(mail.failures + 1, self._pace.random())
        if delay is None:
            await write.mail.settle(mail, MailStatus.FAILED, outcome, now)
        else:
            await write.mail.try_later(mail, outcome, now, now + delay)
