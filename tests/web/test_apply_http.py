"""Applying on the public page, from the form to the interview, as a stranger does it."""

from datetime import timedelta
from typing import Any

import pytest
from vivavoce.core.applying import (
    CODE_LIFE,
    CODES_TO_ADDRESS,
    MOST_CODES,
    MOST_FAILURES,
    REQUEST_LIFE,
)
from vivavoce.core.mail import MailKind
from vivavoce.core.timestamps import to_text
from vivavoce.services.apply_uptake import SOURCE
from vivavoce.services.organizations import Founding

from tests.web.applicant import (
    EMAIL,
    FILE,
    Applicant,
    applications,
    mailed_codes,
    mails,
    post_position,
    sentences,
)
from tests.web.native_client import Native
from tests.web.served import Served
from tests.web.test_native_api import call

ARRIVED, READY, CLOSED = "Your application has arrived", "Your interview is ready", "is closed"


@pytest.fixture
def robin(served: Served) -> Applicant:
    return Applicant(served, template_id=post_position(served)["id"])


def decide(served: Served, decision: str) -> Any:  # noqa: ANN401
    (application,) = applications(served)
    return Native(served).post(
        f"/applications/{application['id']}/{decision}", {"decided_by": "Kim Lee"}
    )


def events(served: Served) -> list[str]:
    return list(call(served, served.world.events))


def test_the_page_of_a_template_is_named_by_it(served: Served) -> None:
    shown = post_position(served)
    assert shown["apply_mode"] == "approval"
    assert shown["apply_url"] == f"https://interviews.test/apply/{shown['slug']}"
    for changes in (
        {"visibility": "merchant_invite"},
        {"visibility": "merchant_unlisted"},
        {"apply_mode": "closed"},
        {"status": "draft"},
    ):
        assert post_position(served, **changes)["apply_url"] is None


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"visibility": "merchant_invite", "apply_mode": "interview"}, 404, "no such position"),
        ({"visibility": "merchant_unlisted"}, 404, "no such position"),
        ({"apply_mode": "closed"}, 404, "no such position"),
        ({"status": "draft"}, 410, CLOSED),
    ],
)
def test_what_takes_no_applications_says_so(
    served: Served, changes: dict[str, str], status: int, words: str
) -> None:
    applicant = Applicant(served, post_position(served, **changes)["slug"])
    for answer in (applicant.page(), applicant.send()):
        assert answer.status_code == status
        assert words in sentences(answer)
        assert "Tide engineer" not in sentences(answer)
    assert not mails(served)


@pytest.mark.parametrize("slug", ["none", "..%2f..", "%00", "a" * 500, "'%20or%201=1--"])
def test_an_unknown_position_is_a_clear_page(served: Served, slug: str) -> None:
    answer = Applicant(served, slug).page()
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith(("text/html", "application/json"))


def test_an_interview_of_an_embed_has_no_page_unless_somebody_opens_it(served: Served) -> None:
    applicant = Applicant(served, served.world.slug)
    assert applicant.page().status_code == 404
    address = f"/evaluation-templates/{served.world.template.id}"
    assert Native(served).patch(address, {"apply_mode": "approval"}).status_code == 200
    assert applicant.page().status_code == 200


def test_a_removed_position_is_closed(served: Served) -> None:
    shown = post_position(served)
    Native(served).send("DELETE", f"/evaluation-templates/{shown['id']}")
    assert Applicant(served).page().status_code == 410


def campaign(served: Served, begins: int, ends: int) -> None:
    """Days from now."""
    now = served.world.clock.now()
    (template,) = [
        one
        for one in Native(served).get("/evaluation-templates").json()["data"]
        if one["slug"] == "tide-engineer"
    ]
    Native(served).made(
        "/campaigns",
        {
            "name": "Spring",
            "jobId": template["id"],
            "status": "ACTIVE",
            "startsAt": to_text(now + timedelta(days=begins)),
            "endsAt": to_text(now + timedelta(days=ends)),
        },
    )


@pytest.mark.parametrize(
    ("days", "status", "words"),
    [((-3, -1), 410, CLOSED), ((1, 3), 409, "opens soon"), ((-1, 1), 200, "Tide engineer")],
)
def test_a_campaign_opens_and_closes_the_page(
    served: Served, robin: Applicant, days: tuple[int, int], status: int, words: str
) -> None:
    campaign(served, *days)
    page = robin.page()
    assert page.status_code == status
    assert words in sentences(page)


def test_a_position_that_closes_meanwhile_takes_no_code(served: Served, robin: Applicant) -> None:
    campaign(served, -1, 1)
    robin.begin()
    (code,) = mailed_codes(served)
    Native(served).patch(f"/evaluation-templates/{robin.template_id}", {"status": "draft"})
    answer = robin.tell(code)
    assert answer.status_code == 410
    assert not applications(served)


def test_somebody_applies_and_waits_for_a_person(served: Served, robin: Applicant) -> None:
    page = robin.apply(FILE)
    assert ARRIVED in sentences(page)
    (application,) = applications(served)
    assert application["status"] == "applied"
    assert application["applied_at"] is not None
    assert application["consent"] == {
        "policy_version": robin.form["policy_version"],
        "items": ["ai_interview", "recording"],
        "language": "en",
    }
    native = Native(served)
    participant = native.get(f"/participants/{application['candidate_id']}").json()["data"]
    assert (participant["name"], participant["email"]) == ("Robin Vale", EMAIL)
    assert participant["phone"] == "+49 30 123456"
    candidate = native.get(f"/candidates/{application['candidate_id']}").json()["data"]
    assert candidate["source"] == SOURCE
    resume = native.get(f"/participants/{application['candidate_id']}/resume").json()["data"]
    assert (resume["state"], resume["document"]["name"]) == ("ready", "resume.txt")
    assert events(served) == ["participant.created"]
    assert not mails(served, MailKind.INVITATION)


def test_what_has_arrived_is_confirmed_by_mail_with_what_follows(
    served: Served, robin: Applicant
) -> None:
    robin.begin(FILE)
    assert not mails(served, MailKind.APPLICATION)
    robin.tell(mailed_codes(served)[-1])
    (mail,) = mails(served, MailKind.APPLICATION)
    (application,) = applications(served)
    assert mail["to"] == {"name": "Robin Vale", "email": EMAIL}
    assert mail["candidate_id"] == application["candidate_id"]
    assert (mail["session_id"], mail["join_url"]) == (None, None)
    assert mail["subject"] == "Your application has arrived: Tide engineer"
    assert "A person at Lantern Works will read it." in mail["text"]
    told = mail["subject"] + mail["text"]
    handle = robin.address.rpartition("/")[2]
    for kept in ("123456", "Wound clocks", handle, application["id"]):
        assert kept not in told


def test_the_mail_of_an_arrival_speaks_as_the_applicant_read_the_page(
    served: Served, robin: Applicant
) -> None:
    robin.address = robin.send(query="?lang=fr", language="fr").headers["location"]
    robin.tell(mailed_codes(served)[-1])
    (mail,) = mails(served, MailKind.APPLICATION)
    assert mail["subject"] == "Votre candidature est arrivée : Tide engineer"


@pytest.mark.parametrize(
    ("stage", "sentence", "kinds"),
    [
        (
            "ai_interview",
            "The first step is an interview.",
            [MailKind.CODE, MailKind.APPLICATION, MailKind.INVITATION],
        ),
        (
            "manual_review",
            "The next step is being arranged.",
            [MailKind.CODE, MailKind.APPLICATION],
        ),
    ],
)
def test_the_mail_of_an_arrival_comes_first_and_says_what_was_opened(
    served: Served, stage: str, sentence: str, kinds: list[MailKind]
) -> None:
    shown = post_position(served, apply_mode="interview")
    Native(served).stage(shown["id"], stage_type=stage)
    Applicant(served).apply()
    assert sentence in mails(served, MailKind.APPLICATION)[0]["text"]
    written = [mail["kind"] for mail in reversed(mails(served))]
    assert [kind for kind in written if kind != MailKind.REMINDER] == kinds


def test_an_arrival_is_confirmed_once(served: Served, robin: Applicant) -> None:
    robin.apply()
    robin.tell(mailed_codes(served)[-1])
    served.world.clock.advance(3600)
    Applicant(served).apply()
    assert len(mails(served, MailKind.APPLICATION)) == 1


def test_a_person_approves_and_the_interview_is_open(served: Served, robin: Applicant) -> None:
    robin.apply()
    assert decide(served, "approve").json()["data"]["status"] == "scheduled"
    (invitation,) = mails(served, MailKind.INVITATION)
    assert invitation["to"] == {"name": "Robin Vale", "email": EMAIL}
    page = robin.get()
    assert READY in sentences(page)
    assert f'href="{invitation["join_url"]}"' in page.text
    assert events(served) == ["participant.created", "application.approved", "session.created"]


def test_approving_twice_invites_once(served: Served, robin: Applicant) -> None:
    robin.apply()
    decide(served, "approve")
    decide(served, "approve")
    assert len(mails(served, MailKind.INVITATION)) == 1


def test_who_was_rejected_and_is_approved_after_all_is_invited(
    served: Served, robin: Applicant
) -> None:
    robin.apply()
    decide(served, "approve")
    decide(served, "reject")
    assert decide(served, "approve").json()["data"]["status"] == "scheduled"
    assert [mail["status"] for mail in mails(served, MailKind.INVITATION)].count("pending") == 1


def test_nobody_is_invited_to_what_is_closed_by_now(served: Served, robin: Applicant) -> None:
    robin.apply()
    Native(served).patch(f"/evaluation-templates/{robin.template_id}", {"status": "draft"})
    answer = decide(served, "approve")
    assert (answer.status_code, answer.json()["code"]) == (409, "interview_closed")
    assert applications(served)[0]["status"] == "applied"


def test_where_the_template_says_so_the_interview_opens_at_once(served: Served) -> None:
    shown = post_position(served, apply_mode="interview")
    Native(served).stage(shown["id"], duration=12)
    robin = Applicant(served)
    first = sentences(robin.page())
    assert "About 12 min" in first
    assert "A person at Lantern Works reads" not in first
    page = robin.apply()
    (invitation,) = mails(served, MailKind.INVITATION)
    assert READY in sentences(page)
    assert f'href="{invitation["join_url"]}"' in page.text
    (application,) = applications(served)
    assert (application["status"], len(application["sessions"])) == ("scheduled", 1)


def test_what_people_hold_is_not_opened_by_a_link(served: Served) -> None:
    shown = post_position(served, apply_mode="interview")
    Native(served).stage(shown["id"], stage_type="manual_review")
    page = Applicant(served).apply()
    assert "The next step is being arranged" in sentences(page)
    assert not mails(served, MailKind.INVITATION)


def test_the_session_belongs_to_the_campaign_in_whose_time_it_was_applied(
    served: Served, robin: Applicant
) -> None:
    campaign(served, -1, 1)
    robin.apply()
    assert decide(served, "approve").status_code == 200
    (running,) = Native(served).get("/campaigns").json()["data"]
    listed = Native(served).get(f"/interviews?campaignId={running['id']}").json()
    assert listed["meta"]["total"] == 1


def test_nobody_is_invited_to_a_campaign_that_is_over(served: Served, robin: Applicant) -> None:
    campaign(served, -1, 1)
    robin.apply()
    served.world.clock.advance(5 * 24 * 3600)
    answer = decide(served, "approve")
    assert (answer.status_code, answer.json()["code"]) == (409, "campaign_closed")


def test_applying_again_finds_the_same_application(served: Served, robin: Applicant) -> None:
    robin.apply(FILE)
    served.world.clock.advance(3600)
    page = Applicant(served).apply(name="Somebody Else", phone="+49 30 999999")
    assert ARRIVED in sentences(page)
    assert "You had applied before" in sentences(page)
    (application,) = applications(served)
    participant = Native(served).get(f"/participants/{application['candidate_id']}").json()["data"]
    assert (participant["name"], participant["phone"]) == ("Robin Vale", "+49 30 123456")
    assert events(served) == ["participant.created"]


def test_the_form_answers_alike_whether_or_not_somebody_has_applied(
    served: Served, robin: Applicant
) -> None:
    new = robin.begin()
    first = sentences(new.get())
    new.tell(mailed_codes(served)[-1])
    served.world.clock.advance(120)
    known = Applicant(served).begin()
    assert sentences(known.get()) == first
    assert known.tell("000000").status_code == 400
    kinds = [mail["kind"] for mail in mails(served)]
    assert kinds == ["code", "application", "code"]


@pytest.mark.parametrize(
    ("decision", "words"),
    [("reject", "This application is closed"), ("withdraw", "This application was withdrawn")],
)
def test_who_was_refused_or_withdrew_is_told(
    served: Served, robin: Applicant, decision: str, words: str
) -> None:
    robin.apply()
    decide(served, decision)
    served.world.clock.advance(3600)
    again = Applicant(served).apply()
    assert again.status_code == 200
    assert words in sentences(again)
    assert "You had applied before" not in sentences(again)
    assert applications(served)[0]["status"] in {"rejected", "withdrawn"}


def test_who_was_added_by_the_organization_finds_the_invitation(served: Served) -> None:
    shown = post_position(served)
    native = Native(served)
    person = native.participant(shown["id"], email=EMAIL, external_id=None, resume_url=None)
    assert native.order(shown["id"], person["id"]).status_code == 201
    page = Applicant(served).apply()
    assert READY in sentences(page)
    assert len(applications(served)) == 1
    assert not mails(served, MailKind.APPLICATION)


def test_a_wrong_code_can_be_told_a_few_times(served: Served, robin: Applicant) -> None:
    robin.begin()
    (code,) = mailed_codes(served)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(MOST_FAILURES):
        answer = robin.tell(wrong)
        assert answer.status_code == 400
        assert "not the code" in sentences(answer)
    assert robin.tell(code).status_code == 429
    assert not applications(served)
    served.world.clock.advance(60)
    assert robin.ask_again().status_code == 303
    assert robin.tell(mailed_codes(served)[-1]).status_code == 303
    assert len(applications(served)) == 1


def test_an_old_code_is_good_no_longer(served: Served, robin: Applicant) -> None:
    robin.begin()
    served.world.clock.advance(CODE_LIFE.total_seconds())
    answer = robin.tell(mailed_codes(served)[0])
    assert answer.status_code == 410
    assert "too old" in sentences(answer)


def test_another_code_ends_the_one_before_it(served: Served, robin: Applicant) -> None:
    robin.begin()
    (first,) = mailed_codes(served)
    assert robin.ask_again().status_code == 429
    served.world.clock.advance(60)
    assert robin.ask_again().headers["location"].endswith("?sent=1")
    assert "Another code is on its way" in sentences(robin.get(robin.address + "?sent=1"))
    second = mailed_codes(served)[-1]
    statuses = [mail["status"] for mail in mails(served, MailKind.CODE)]
    assert statuses == ["pending", "withdrawn"]
    assert robin.tell(first).status_code == (400 if first != second else 303)
    assert robin.tell(second).status_code == 303


def test_codes_are_not_sent_without_end(served: Served, robin: Applicant) -> None:
    robin.begin()
    for _ in range(MOST_CODES - 1):
        served.world.clock.advance(60)
        assert robin.ask_again().status_code == 303
    served.world.clock.advance(60)
    answer = robin.ask_again()
    assert answer.status_code == 429
    assert "apply once more" in sentences(answer)


def test_a_mailbox_is_not_filled_and_nobody_learns_that_it_was(
    served: Served, robin: Applicant
) -> None:
    pages = set()
    for _ in range(CODES_TO_ADDRESS + 3):
        pages.add(sentences(Applicant(served).begin().get()))
    assert len(pages) == 1
    assert len(mailed_codes(served, EMAIL)) == CODES_TO_ADDRESS
    silent = Applicant(served).begin()
    assert all(silent.tell(code).status_code == 400 for code in mailed_codes(served)[:2])
    served.world.clock.advance(3601)
    Applicant(served).begin()
    assert len(mailed_codes(served, EMAIL)) == CODES_TO_ADDRESS + 1


def test_a_code_counts_once_and_a_repeated_one_changes_nothing(
    served: Served, robin: Applicant
) -> None:
    robin.begin()
    (code,) = mailed_codes(served)
    assert [robin.tell(code).status_code for _ in range(3)] == [303, 303, 303]
    assert len(applications(served)) == 1
    assert events(served) == ["participant.created"]
    assert robin.ask_again().status_code == 303
    assert len(mails(served, MailKind.CODE)) == 1


def test_the_code_is_in_no_table(served: Served, robin: Applicant) -> None:
    robin.begin()
    (code,) = mailed_codes(served)
    kept = served.world.stores.data_dir.joinpath("vivavoce.db").read_bytes()
    wal = served.world.stores.data_dir.joinpath("vivavoce.db-wal").read_bytes()
    assert code.encode() not in kept + wal
    assert robin.address.rpartition("/")[2].encode() not in kept + wal


def test_a_stranger_chooses_no_word_of_the_mail(served: Served, robin: Applicant) -> None:
    robin.begin(name="Visit evil.test now", phone="+49 30 666666")
    (mail,) = mails(served, MailKind.CODE)
    assert mail["to"]["name"] == ""
    assert "evil" not in mail["subject"] + mail["text"]
    assert "666666" not in mail["subject"] + mail["text"]


def test_a_request_ends_with_its_day_and_leaves_nothing(served: Served, robin: Applicant) -> None:
    robin.begin(FILE)
    served.world.clock.advance(REQUEST_LIFE.total_seconds())
    answer = robin.get()
    assert answer.status_code == 404
    assert "expired" in sentences(answer)
    call(served, served.world.services.new_request_remover().deliver_due)
    assert call(served, served.world.stores.read.apply_requests.oldest) is None
    (mail,) = mails(served, MailKind.CODE)
    assert (mail["to"]["email"], mail["status"]) == ("", "withdrawn")


def test_forgetting_a_participant_forgets_what_they_sent_here(
    served: Served, robin: Applicant
) -> None:
    robin.apply(FILE)
    Applicant(served).begin()
    (application,) = applications(served)
    gone = Native(served).send("DELETE", f"/participants/{application['candidate_id']}")
    assert gone.status_code == 204
    assert {mail["to"]["email"] for mail in mails(served)} == {""}
    assert robin.get().status_code == 404


def test_a_request_is_found_under_its_own_position_alone(served: Served, robin: Applicant) -> None:
    robin.begin()
    other = post_position(served, template_name="Other")["slug"]
    handle = robin.address.rpartition("/")[2]
    for address in (f"/apply/{other}/{handle}", f"/apply/tide-engineer/{handle[:-1]}x"):
        assert robin.get(address).status_code == 404
        assert robin.post(address, data={"code": "123456"}).status_code == 404
        assert robin.post(address + "/code").status_code == 404


def test_one_organizations_page_shows_nothing_of_another(served: Served, robin: Applicant) -> None:
    robin.apply()
    organizations = served.world.services.organizations
    stranger = call(served, organizations.initialize, Founding("Other", "other@other.test"))
    header = {"x-api-key": stranger.api_key}
    for path in ("applications", "outbox", "participants"):
        listed = served.client.get(f"/api/v1/{path}", headers=header).json()
        assert listed["meta"]["total"] == 0
    taken = served.client.post(
        "/api/v1/evaluation-templates",
        json={
            "template_name": "Tide engineer",
            "use_case": "hiring",
            "objective": "O",
            "visibility": "merchant_public",
        },
        headers=header,
    ).json()["data"]["slug"]
    assert taken != "tide-engineer"
    applicant = Applicant(served, taken).begin()
    (mail,) = served.client.get("/api/v1/outbox", headers=header).json()["data"]
    letter = served.client.get(f"/api/v1/outbox/{mail['id']}", headers=header).json()["data"]
    assert applicant.tell(letter["subject"].split()[0]).status_code == 303
    assert "A person at Other will read it" in sentences(applicant.get())
    assert len(applications(served)) == 1
