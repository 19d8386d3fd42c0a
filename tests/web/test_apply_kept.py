"""What somebody sent on the public page is there, whatever came between the form and the code."""

from typing import Any

import pytest

from tests.web.applicant import (
    EMAIL,
    FILE,
    Applicant,
    applications,
    mailed_codes,
    post_position,
    sentences,
)
from tests.web.native_client import Native
from tests.web.served import Served

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
