"""What is mailed when, and what becomes of it when servers and programs fail."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from vivavoce.core.errors import Conflict, NotFound, Unprocessable
from vivavoce.core.mail import Letter, Mail, MailFilter, MailKind, MailStatus, SendOutcome
from vivavoce.core.mail_rules import LINK_LIFE, RETRY_GAPS
from vivavoce.core.scorecard import DimensionResult, Scorecard
from vivavoce.core.session import Session, Stage
from vivavoce.mail.letters import Letters
from vivavoce.ports.mail import HandOver, MailTransport
from vivavoce.services import session_changes
from vivavoce.services.apply_codes import ApplyCodes
from vivavoce.services.foundation import Foundation
from vivavoce.services.leased_work import Pace, working
from vivavoce.services.mail_worker import LEASE_MARGIN, Correspondence, MailWorker
from vivavoce.services.scheduling import InterviewOrder
from vivavoce.services.session_orders import SessionOrder
from vivavoce.storage.sessions import SessionTable
from vivavoce.storage.stores import open_stores

from tests.services.backend import INSTANCE, SENDER, World

pytestmark = pytest.mark.anyio

SENT, PENDING, WITHDRAWN = MailStatus.SENT, MailStatus.PENDING, MailStatus.WITHDRAWN
FAILED, UNCERTAIN = MailStatus.FAILED, MailStatus.UNCERTAIN
INVITATION, REMINDER = MailKind.INVITATION, MailKind.REMINDER
CANCELLATION, RESULT = MailKind.CANCELLATION, MailKind.RESULT


class Postman:
    """Answers in turn; the last answer stays. Keeps what it has handed over."""

    longest_attempt_seconds = 10.0

    def __init__(self, *outcomes: SendOutcome) -> None:
        self._outcomes = list(outcomes) or [SendOutcome.SENT]
        self.letters: list[Letter] = []

    async def send(self, letter: Letter, hand_over: HandOver) -> SendOutcome:
        if not await hand_over():
            return SendOutcome.OVERTAKEN
        self.letters.append(letter)
        return self._outcomes.pop(0) if len(self._outcomes) > 1 else self._outcomes[0]


class Stuck:
    """Never comes back; `hands_over` says on which side of the moment that counts."""

    longest_attempt_seconds = 10.0

    def __init__(self, *, hands_over: bool) -> None:
        self.reached = asyncio.Event()
        self._hands_over = hands_over

    async def send(self, letter: Letter, hand_over: HandOver) -> SendOutcome:
        if self._hands_over:
            assert await hand_over()
        self.reached.set()
        await asyncio.Event().wait()
        return SendOutcome.SENT


@dataclass
class Office:
    world: World

    @property
    def foundation(self) -> Foundation:
        return Foundation(self.world.stores, self.world.clock, INSTANCE)

    def worker(self, transport: MailTransport) -> MailWorker:
        tokens, codes = self.world.services.launch_tokens, ApplyCodes(self.foundation)
        correspondence = Correspondence(Letters(SENDER), tokens, codes)
        return MailWorker(self.foundation, correspondence, transport, Pace(lambda: 0.0))

    async def deliver(self, *outcomes: SendOutcome) -> list[Letter]:
        postman = Postman(*outcomes)
        await self.worker(postman).deliver_due()
        return postman.letters

    async def invite(self, email: str = "robin@example.org", name: str = "Robin Vale") -> str:
        services, organization = self.world.services, self.world.organization_id
        template = self.world.template.id
        record = await services.sessions.schedule(organization, template, name, email)
        return record.session.id

    async def mails(self) -> list[Mail]:
        page, _ = await self.world.services.mail_outbox.page(
            self.world.organization_id, MailFilter(page_size=100)
        )
        return [record.mail for record in reversed(page)]

    async def states(self) -> list[tuple[MailKind, MailStatus]]:
        return [(mail.kind, mail.status) for mail in await self.mails()]

    async def session(self, session_id: str) -> Session:
        session = await self.world.stores.read.sessions.get(session_id)
        assert session is not None
        return session

    async def move(self, change: Callable[..., Awaitable[object]], *arguments: object) -> None:
        session_id, *rest = arguments
        assert isinstance(session_id, str)
        session = await self.session(session_id)
        async with self.world.stores.transaction() as write:
            await change(self.foundation, write, session, *rest)

    async def participant_id(self, session_id: str) -> str:
        return (await self.session(session_id)).participant_id

    async def template_shows(self, result_view: str) -> None:
        async with self.world.stores.transaction() as write:
            stored = await write.templates.get(self.world.template.id)
            assert stored is not None
            template = replace(
                stored.template, result_view=result_view, revision=stored.template.revision + 1
            )
            await write.templates.change(replace(stored, template=template))

    @asynccontextmanager
    async def killed_while(self, transport: Stuck) -> AsyncIterator[None]:
        """A program that dies while `transport` is at work, as its database sees it."""
        task = asyncio.Task(self.worker(transport).deliver_due())
        await transport.reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        yield


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


async def test_an_invitation_goes_out_at_once_and_a_reminder_a_day_before_the_link_ends(
    office: Office,
) -> None:
    await office.invite()
    (letter,) = await office.deliver()
    assert letter.recipient.address == "robin@example.org"
    assert "/i/backend-engineer?stage=" in letter.text
    assert await office.states() == [(INVITATION, SENT), (REMINDER, PENDING)]
    reminder = (await office.mails())[1]
    assert reminder.due_at == office.world.clock.now() + LINK_LIFE - timedelta(days=1)
    office.world.clock.advance((LINK_LIFE - timedelta(days=1)).total_seconds())
    (reminded,) = await office.deliver()
    assert reminded.message_id == reminder.message_id
    token = reminded.text.partition("#t=")[2].split()[0]
    office.world.clock.advance(3 * 24 * 3600)
    admission = await office.world.services.launches.exchange_invitation(token)
    assert admission.session_id == reminder.session_id


async def test_what_is_rolled_back_is_never_mailed(office: Office) -> None:
    await office.invite()
    await office.deliver()
    session = await office.session((await office.mails())[0].session_id or "")

    async def cancelled_in_vain() -> None:
        async with office.world.stores.transaction() as write:
            await session_changes.cancel(office.foundation, write, session)
            raise Conflict("changed_meanwhile", "Somebody was faster.")

    with pytest.raises(Conflict):
        await cancelled_in_vain()
    assert await office.deliver() == []
    assert await office.states() == [(INVITATION, SENT), (REMINDER, PENDING)]


async def test_a_withheld_invitation_waits_until_somebody_asks_for_it(office: Office) -> None:
    services, organization = office.world.services, office.world.organization_id
    participant = await office.participant_id(await office.invite("kim@example.org"))
    order = InterviewOrder(participant, office.world.template.id, withhold_invitation=True)
    session = await services.scheduling.order(organization, order)
    assert session.id not in {mail.session_id for mail in await office.mails()}
    record = await services.mail_outbox.invite(organization, session.id)
    assert record.mail.session_id == session.id
    assert record.join_url is not None


async def test_a_reminder_keeps_to_the_end_of_the_invitation(office: Office) -> None:
    services, organization = office.world.services, office.world.organization_id
    participant = await office.participant_id(await office.invite())
    order = InterviewOrder(participant, office.world.template.id)
    session = await services.scheduling.order(organization, order)
    assert session.expires_at is not None
    reminder = (await office.mails())[-1]
    assert (reminder.kind, reminder.due_at) == (REMINDER, session.expires_at - timedelta(days=1))
    office.world.clock.advance(timedelta(days=8).total_seconds())
    await office.deliver()
    assert [mail.status for mail in (await office.mails())[-2:]] == [WITHDRAWN, WITHDRAWN]


async def test_an_appointment_is_told_in_its_zone_with_a_calendar_file(office: Office) -> None:
    services, organization = office.world.services, office.world.organization_id
    participant = await office.participant_id(await office.invite())
    order = SessionOrder(
        participant,
        office.world.template.id,
        "screen",
        scheduled_at=datetime(2026, 6, 5, 9, 0, tzinfo=UTC),
        timezone="Asia/Tokyo",
        force=True,
    )
    await services.session_orders.place(organization, order)
    letter = (await office.deliver())[-1]
    assert "2026-06-05 18:00 (Asia/Tokyo)" in letter.text
    assert letter.calendar is not None
    assert "DTSTART:20260605T090000Z\r\n" in letter.calendar.text


async def test_who_comes_through_a_site_is_not_mailed(office: Office) -> None:
    await office.world.services.launches.exchange_launch(office.world.token())
    assert await office.mails() == []


@pytest.mark.parametrize("email", ["robin", "a@b, c@d", "x@y\r\nBcc: z@example.org"])
async def test_nobody_is_mailed_at_what_is_no_address(office: Office, email: str) -> None:
    await office.invite(email)
    assert await office.mails() == []


async def test_a_stage_that_people_hold_invites_nobody(office: Office) -> None:
    session_id = await office.invite()
    template = office.world.template
    stage = Stage(
        "st1", template.id, "Final", "final", template.agent_profile_id, 7, "final_review"
    )
    async with office.world.stores.transaction() as write:
        await write.stages.add(stage)
    participant = await office.participant_id(session_id)
    order = SessionOrder(participant, template.id, "final", stage_id="st1", force=True)
    session, _ = await office.world.services.session_orders.place(
        office.world.organization_id, order
    )
    assert session.id not in {mail.session_id for mail in await office.mails()}


async def test_who_has_begun_is_not_reminded(office: Office) -> None:
    session_id = await office.invite()
    await office.deliver()
    await office.move(session_changes.start, session_id)
    assert await office.states() == [(INVITATION, SENT), (REMINDER, WITHDRAWN)]
    office.world.clock.advance(LINK_LIFE.total_seconds())
    assert await office.deliver() == []


async def test_who_was_invited_hears_of_the_cancellation(office: Office) -> None:
    session_id = await office.invite()
    await office.deliver()
    await office.world.services.sessions.cancel(office.world.organization_id, session_id)
    (letter,) = await office.deliver()
    assert letter.subject.startswith("Cancelled")
    assert letter.calendar is not None
    assert letter.calendar.method == "CANCEL"
    assert f"UID:{session_id}@interviews.test" in letter.calendar.text


async def test_who_was_not_invited_yet_hears_nothing(office: Office) -> None:
    session_id = await office.invite()
    await office.world.services.sessions.cancel(office.world.organization_id, session_id)
    assert await office.deliver() == []
    assert await office.states() == [(INVITATION, WITHDRAWN), (REMINDER, WITHDRAWN)]


CARD = Scorecard(
    score=8.2,
    passed=False,
    recommendation="no_hire",
    coverage=1.0,
    ai_feedback="What to probe next.",
    dimensions=(DimensionResult("Design", 100, 4, 8.2, "Named the trade-offs."),),
)


async def completed(office: Office) -> str:
    session_id = await office.invite()
    await office.deliver()
    await office.move(session_changes.start, session_id)
    await office.move(session_changes.complete, session_id, 60_000)
    return session_id


@pytest.mark.parametrize(
    ("view", "told", "untold"),
    [
        ("minimal", ["evaluated"], ["8.2", "Design", "trade-offs"]),
        ("minimal_with_score", ["8.2 out of 10"], ["Design", "trade-offs"]),
        ("advanced", ["8.2 out of 10", "Design: 8.2"], ["trade-offs"]),
        ("full", ["8.2 out of 10", "Design: 8.2", "Named the trade-offs."], []),
    ],
)
async def test_a_result_tells_what_the_template_shows_and_never_a_verdict(
    office: Office, view: str, told: list[str], untold: list[str]
) -> None:
    await office.template_shows(view)
    session_id = await completed(office)
    scorecards = office.world.services.scorecard_store
    await scorecards.save(session_id, CARD, office.world.clock.now())
    await scorecards.save(session_id, CARD, office.world.clock.now())
    (letter,) = await office.deliver()
    assert all(text in letter.text for text in told)
    verdicts = ["no_hire", "hire", "probe", "failed", "passed"]
    assert not [text for text in [*untold, *verdicts] if text in letter.text]


async def test_no_result_is_mailed_unless_the_template_says_so(office: Office) -> None:
    session_id = await completed(office)
    await office.world.services.scorecard_store.save(session_id, CARD, office.world.clock.now())
    assert await office.deliver() == []


async def test_a_new_address_gets_what_still_waits(office: Office) -> None:
    participant_id = await office.participant_id(await office.invite())
    await office.world.services.participants.change(
        office.world.organization_id,
        participant_id,
        None,
        lambda before: replace(before, email="new@example.org"),
    )
    (letter,) = await office.deliver()
    assert letter.recipient.address == "new@example.org"


async def test_of_a_deleted_participant_nothing_is_kept_and_nothing_is_sent(
    office: Office,
) -> None:
    session_id = await office.invite()
    await office.deliver()
    await office.invite("kim@example.org")
    participants = office.world.services.participants
    participant_id = await office.participant_id(session_id)
    await participants.remove(office.world.organization_id, participant_id, None)
    letters = await office.deliver()
    assert [letter.recipient.address for letter in letters] == ["kim@example.org"]
    kept = [mail for mail in await office.mails() if mail.participant_id == participant_id]
    assert kept
    assert not [mail for mail in kept if mail.recipient.address or mail.recipient.name]
    outbox = office.world.services.mail_outbox
    record = await outbox.read(office.world.organization_id, kept[0].id)
    assert (record.subject, record.text, record.join_url) == (None, None, None)


LATER = [
    SendOutcome.DEFERRED,
    SendOutcome.UNREACHABLE,
    SendOutcome.TIMED_OUT,
    SendOutcome.UNAUTHENTICATED,
]


@pytest.mark.parametrize("outcome", LATER)
async def test_what_may_work_later_is_tried_on_the_schedule_and_then_given_up(
    office: Office, outcome: SendOutcome
) -> None:
    await office.invite()
    ids = {(await office.deliver(outcome))[0].message_id}
    for gap in RETRY_GAPS:
        office.world.clock.advance(gap.total_seconds() - 1)
        assert await office.deliver(outcome) == []
        office.world.clock.advance(1)
        ids.add((await office.deliver(outcome))[0].message_id)
    office.world.clock.advance(30 * 24 * 3600)
    assert await office.deliver(outcome) == []
    mail = (await office.mails())[0]
    assert (mail.status, mail.outcome, mail.attempts) == (FAILED, outcome, len(RETRY_GAPS) + 1)
    assert len(ids) == 1


async def test_what_is_refused_for_good_is_not_tried_again(office: Office) -> None:
    await office.invite()
    await office.deliver(SendOutcome.REFUSED)
    office.world.clock.advance(3 * 24 * 3600)
    assert await office.deliver() == []
    assert (await office.states())[0] == (INVITATION, FAILED)


async def test_what_may_have_arrived_waits_for_a_person(office: Office) -> None:
    organization, outbox = office.world.organization_id, office.world.services.mail_outbox
    await office.invite()
    (first,) = await office.deliver(SendOutcome.UNCERTAIN)
    office.world.clock.advance(3 * 24 * 3600)
    assert await office.deliver() == []
    mail = (await office.mails())[0]
    assert mail.status is UNCERTAIN
    await outbox.retry(organization, mail.id)
    (second,) = await office.deliver()
    assert second.message_id == first.message_id
    with pytest.raises(Conflict, match="sent"):
        await outbox.retry(organization, mail.id)


async def test_killed_before_the_message_left_it_is_sent_when_the_lease_is_over(
    office: Office,
) -> None:
    await office.invite()
    async with office.killed_while(Stuck(hands_over=False)):
        assert await office.deliver() == []
        office.world.clock.advance(10 + LEASE_MARGIN.total_seconds())
        assert len(await office.deliver()) == 1
    assert (await office.states())[0] == (INVITATION, SENT)


async def test_killed_between_sending_and_writing_it_down_it_is_not_sent_twice(
    office: Office,
) -> None:
    await office.invite()
    async with office.killed_while(Stuck(hands_over=True)):
        office.world.clock.advance(10 + LEASE_MARGIN.total_seconds())
        assert await office.deliver() == []
    mail = (await office.mails())[0]
    assert (mail.status, mail.outcome) == (UNCERTAIN, SendOutcome.INTERRUPTED)


async def test_what_is_cancelled_while_the_server_is_reached_does_not_leave(
    office: Office,
) -> None:
    session_id = await office.invite()

    class Slow(Postman):
        async def send(self, letter: Letter, hand_over: HandOver) -> SendOutcome:
            sessions, organization = office.world.services.sessions, office.world.organization_id
            await sessions.cancel(organization, session_id)
            return await super().send(letter, hand_over)

    slow = Slow()
    assert await office.worker(slow).deliver_due() == 1
    assert slow.letters == []
    assert await office.states() == [(INVITATION, WITHDRAWN), (REMINDER, WITHDRAWN)]


class Meanwhile:
    """While the server has the message, something else happens here; then it says "later"."""

    longest_attempt_seconds = 10.0

    def __init__(self, happens: Callable[[], Awaitable[object]]) -> None:
        self._happens = happens

    async def send(self, letter: Letter, hand_over: HandOver) -> SendOutcome:
        assert await hand_over()
        await self._happens()
        return SendOutcome.DEFERRED


async def test_what_is_cancelled_while_the_server_defers_it_is_not_tried_again(
    office: Office,
) -> None:
    session_id = await office.invite()

    async def cancel() -> None:
        await office.move(session_changes.cancel, session_id)

    claimed = office.worker(Meanwhile(cancel))
    await claimed.deliver_due()
    office.world.clock.advance(RETRY_GAPS[0].total_seconds() * 2)
    await office.deliver()

    assert (await office.states())[0] == (INVITATION, WITHDRAWN)


async def test_who_is_deleted_while_the_server_defers_it_is_not_mailed_again(
    office: Office,
) -> None:
    participant_id = await office.participant_id(await office.invite())

    async def forget() -> None:
        async with office.world.stores.transaction() as write:
            await write.mail.forget(participant_id, office.world.clock.now())

    await office.worker(Meanwhile(forget)).deliver_due()

    assert (await office.states())[0] == (INVITATION, WITHDRAWN)


async def test_nobody_is_invited_again_while_an_invitation_is_handed_over(
    office: Office,
) -> None:
    session_id = await office.invite()
    codes: list[str] = []

    async def invite_again() -> None:
        with pytest.raises(Conflict) as caught:
            await office.world.services.mail_outbox.invite(office.world.organization_id, session_id)
        codes.append(caught.value.code)

    await office.worker(Meanwhile(invite_again)).deliver_due()

    assert codes == ["mail_state"]
    assert (INVITATION, PENDING) in await office.states()


async def test_an_attempt_that_fails_leaves_its_neighbours_alone(office: Office) -> None:
    class OneBreaks(Postman):
        def __init__(self, failure: Exception) -> None:
            super().__init__()
            self._failure = failure
            self._broken = asyncio.Event()

        async def send(self, letter: Letter, hand_over: HandOver) -> SendOutcome:
            if letter.recipient.address == "broken@example.org":
                self._broken.set()
                raise self._failure
            await self._broken.wait()
            await asyncio.sleep(0)
            return await super().send(letter, hand_over)

    for failure in (Unprocessable("letter", "It cannot be written."), OSError("disk")):
        await office.invite("robin@example.org")
        await office.invite("broken@example.org")
        await office.invite("noor@example.org")
        postman = OneBreaks(failure)
        await office.worker(postman).deliver_due()

        assert len(postman.letters) == 2


async def test_two_programs_on_one_file_send_once(office: Office) -> None:
    await office.invite()
    first, second = Postman(), Postman()
    async with asyncio.TaskGroup() as group:
        group.create_task(office.worker(first).deliver_due())
        group.create_task(office.worker(second).deliver_due())
    assert len(first.letters) + len(second.letters) == 1


async def test_a_running_worker_sends_what_is_written_while_it_rests(office: Office) -> None:
    arrived = asyncio.Event()

    class Awaited(Postman):
        async def send(self, letter: Letter, hand_over: HandOver) -> SendOutcome:
            outcome = await super().send(letter, hand_over)
            arrived.set()
            return outcome

    async with working(office.worker(Awaited())):
        await office.invite()
        async with asyncio.timeout(10):
            await arrived.wait()


async def test_no_log_line_holds_a_name_or_an_address(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        await office.invite()
        await office.deliver(SendOutcome.DEFERRED)
    told = [str(vars(record)) for record in caplog.records]
    assert any("mail attempt" in line for line in told)
    assert not [line for line in told if "robin" in line.lower() or "#t=" in line]


async def test_mail_survives_the_program(office: Office) -> None:
    await office.invite()
    async with open_stores(office.world.stores.data_dir) as stores:
        found = await stores.read.mail.page(office.world.organization_id, MailFilter())
    assert [mail.kind for mail in found] == [REMINDER, INVITATION]


async def test_only_open_sessions_of_the_organization_are_invited_to(office: Office) -> None:
    outbox, organization = office.world.services.mail_outbox, office.world.organization_id
    session_id = await office.invite()
    with pytest.raises(NotFound):
        await outbox.invite("another", session_id)
    await outbox.invite(organization, session_id)
    assert await office.states() == [
        (INVITATION, WITHDRAWN),
        (REMINDER, WITHDRAWN),
        (INVITATION, PENDING),
        (REMINDER, PENDING),
    ]
    await office.world.services.sessions.cancel(organization, session_id)
    with pytest.raises(Conflict):
        await outbox.invite(organization, session_id)
    embedded = await office.world.services.launches.exchange_launch(office.world.token())
    with pytest.raises(Unprocessable):
        await outbox.invite(organization, embedded.session_id)


async def test_a_page_of_mail_reads_its_sessions_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.invite("robin@example.org")
    await office.invite("noor@example.org")
    one_by_one: list[str] = []
    get = SessionTable.get

    async def counted(table: SessionTable, session_id: str) -> Session | None:
        one_by_one.append(session_id)
        return await get(table, session_id)

    monkeypatch.setattr(SessionTable, "get", counted)
    page, _ = await office.world.services.mail_outbox.page(
        office.world.organization_id, MailFilter()
    )

    assert one_by_one == []
    assert all(record.join_url for record in page)
