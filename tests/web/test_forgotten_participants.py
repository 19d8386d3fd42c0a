"""Somebody who was removed leaves nothing behind that stands in the way of coming back."""

from typing import Any

import pytest

from tests.web.native_client import Native
from tests.web.served import Served

PERSON: dict[str, Any] = {
    "name": "Robin Vale",
    "email": "robin@example.org",
    "external_id": "ats-7",
}
CANDIDATE: dict[str, Any] = {"firstName": "Robin", "lastName": "Vale", "email": "robin@example.org"}


@pytest.mark.parametrize(
    ("path", "body"),
    [("/participants", PERSON), ("/candidates", CANDIDATE)],
    ids=["participant", "candidate"],
)
def test_who_was_removed_without_a_template_can_be_added_again(
    served: Served, path: str, body: dict[str, Any]
) -> None:
    native = Native(served)
    removed = native.made(path, body)
    assert native.send("DELETE", f"/participants/{removed['id']}").status_code == 204

    again = native.made(path, body)

    assert again["id"] != removed["id"]
    assert native.get("/participants?email=robin@example.org").json()["meta"]["total"] == 1
    assert native.post(path, body).status_code == 409


def test_who_was_removed_from_a_template_can_be_added_to_it_again(served: Served) -> None:
    native = Native(served)
    template_id = native.template()["id"]
    removed = native.participant(template_id)
    assert native.send("DELETE", f"/participants/{removed['id']}").status_code == 204

    assert native.participant(template_id)["id"] != removed["id"]
