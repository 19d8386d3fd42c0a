"""What somebody sent on the public page is there, whatever came between the form and the code."""

from typing import Any

import pytest
from vivavoce.core.mail import MailKind

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

THIS_COUNTS, LAST_COUNTS = "This one counts", "The one confirmed last counts"
OTHER_FILE = ("cv.txt", b"Robin Vale. Tends lamps.", "text/plain")


@pytest.fixture
def position(served: Served) -> dict[str, Any]:
    return post_position(served)


def resume_of_the_only_one(served: Served) -> str | None:
    (application,) = applications(served)
    address = f"/participants/{application['candidate_id']}/resume"
    document = Native(served).get(address).json()["data"]["document"]
    return str(document["chunks"][0]["text"]) if document else None


def test_a_resume_is_kept_although_the_form_without_one_was_confirmed_first(
    served: Served, position: dict[str, Any]
) -> None:
    without = Applicant(served).begin()
    again = Applicant(served).begin(FILE)
    first, second = mailed_codes(served)
    assert without.tell(first).status_code == 303
    assert resume_of_the_only_one(served) is None
    assert again.tell(second).status_code == 303
    assert "Your application has arrived" in sentences(again.get())
    assert resume_of_the_only_one(served) == FILE[1].decode()


def test_a_resume_that_is_there_is_not_replaced(served: Served, position: dict[str, Any]) -> None:
    Applicant(served).apply(FILE)
    served.world.clock.advance(3600)
    Applicant(served).apply(OTHER_FILE)
    assert resume_of_the_only_one(served) == FILE[1].decode()


def person_of_the_only_one(served: Served) -> dict[str, Any]:
    (application,) = applications(served)
    found: dict[str, Any] = (
        Native(served).get(f"/participants/{application['candidate_id']}").json()["data"]
    )
    return found


def forms_on_their_way(served: Served) -> list[tuple[Applicant, str]]:
    """Two of the same person, the older one first, each with the code that proves it."""
    older = Applicant(served).begin(FILE)
    served.world.clock.advance(60)
    newer = Applicant(served).begin(
        OTHER_FILE, name="Robin Vale-Moss", phone="+49 30 654321", language="de"
    )
    return list(zip((older, newer), mailed_codes(served), strict=True))


@pytest.mark.parametrize("last", [0, 1])
def test_of_two_forms_on_their_way_the_one_that_is_told_last_counts(
    served: Served, position: dict[str, Any], last: int
) -> None:
    forms = forms_on_their_way(served)
    (first, first_code), (second, second_code) = forms[1 - last], forms[last]
    assert first.tell(first_code).status_code == 303
    assert "counts" not in sentences(first.get())
    served.world.clock.advance(60)
    assert second.tell(second_code).status_code == 303

    person = person_of_the_only_one(served)
    (application,) = applications(served)
    assert (person["name"], person["phone"], application["consent"]["language"]) == [
        ("Robin Vale", "+49 30 123456", "en"),
        ("Robin Vale-Moss", "+49 30 654321", "de"),
    ][last]
    assert resume_of_the_only_one(served) == (FILE, OTHER_FILE)[last][1].decode()
    assert THIS_COUNTS in sentences(second.get())
    assert LAST_COUNTS in sentences(first.get())
    assert second.tell(second_code).status_code == 303
    assert first.tell(first_code).status_code == 303  # again, which changes nothing
    assert person_of_the_only_one(served) == person
    assert len(mails(served, MailKind.APPLICATION)) == 1


def test_what_the_form_that_counts_leaves_out_stays(
    served: Served, position: dict[str, Any]
) -> None:
    full = Applicant(served).begin(FILE)
    bare = Applicant(served).begin(phone="", name="R. Vale")
    for form, code in zip((full, bare), mailed_codes(served), strict=True):
        assert form.tell(code).status_code == 303

    person = person_of_the_only_one(served)
    assert (person["name"], person["phone"]) == ("R. Vale", "+49 30 123456")
    assert resume_of_the_only_one(served) == FILE[1].decode()


@pytest.mark.parametrize("has_begun", [False, True])
def test_the_form_that_is_told_last_counts_until_the_interview_begins(
    served: Served, has_begun: bool
) -> None:
    post_position(served, apply_mode="interview")
    (older, code), (newer, newer_code) = forms_on_their_way(served)
    assert older.tell(code).status_code == 303
    (session,) = applications(served)[0]["sessions"]
    if has_begun:
        call(served, served.world.services.journals.of(session["session_id"]).started)
    assert newer.tell(newer_code).status_code == 303

    told = sentences(newer.get())
    assert ("What you sent then counts" if has_begun else THIS_COUNTS) in told
    kept = FILE if has_begun else OTHER_FILE
    assert resume_of_the_only_one(served) == kept[1].decode()
    assert len(mails(served, MailKind.INVITATION)) == 1


def test_what_the_organization_entered_meanwhile_stays(
    served: Served, position: dict[str, Any]
) -> None:
    robin = Applicant(served).begin(FILE)
    served.world.clock.advance(60)
    added = Native(served).participant(
        position["id"], email=EMAIL, name="Robin V.", external_id=None, resume_url=None
    )
    assert robin.tell(mailed_codes(served)[0]).status_code == 303
    assert person_of_the_only_one(served)["name"] == added["name"] == "Robin V."
    assert resume_of_the_only_one(served) == FILE[1].decode()
    assert "What you sent then counts" in sentences(robin.get())


def test_who_was_added_by_the_organization_brings_a_resume(
    served: Served, position: dict[str, Any]
) -> None:
    Native(served).participant(position["id"], email=EMAIL, external_id=None, resume_url=None)
    Applicant(served).apply(FILE)
    assert resume_of_the_only_one(served) == FILE[1].decode()


def test_nothing_more_is_kept_of_who_was_refused(served: Served, position: dict[str, Any]) -> None:
    Applicant(served).apply()
    (application,) = applications(served)
    reject = f"/applications/{application['id']}/reject"
    assert Native(served).post(reject, {"decided_by": "Kim Lee"}).status_code == 200
    served.world.clock.advance(3600)
    Applicant(served).apply(FILE)
    assert resume_of_the_only_one(served) is None


def test_to_ask_for_a_code_too_soon_makes_no_wrong_code_of_the_field(
    served: Served, position: dict[str, Any]
) -> None:
    robin = Applicant(served).begin()
    page = robin.ask_again()
    assert "wait a minute" in sentences(page)
    assert 'role="alert"' in page.text
    assert "aria-invalid" not in page.text
    assert "aria-invalid" in robin.tell("000000").text
