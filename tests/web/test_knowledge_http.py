from typing import Any

import pytest
from vivavoce.core.knowledge import MOST_DOCUMENT_BYTES
from vivavoce.core.transcript import Source, Speaker, Turn, TurnKind

from tests.engines.documents import pdf, word_document
from tests.web.native_client import Native, paths
from tests.web.served import Served
from tests.web.test_native_api import call

PDF, DOCX = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)


@pytest.fixture
def native(served: Served) -> Native:
    return Native(served)


def store(native: Native, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return native.made("/knowledge-stores", {"name": "Handbook", **changes})


def upload(native: Native, path: str, content: bytes, media_type: str = "text/plain") -> Any:  # noqa: ANN401
    headers = {**native.headers, "content-type": media_type}
    method = "PUT" if path.split("?")[0].endswith("/resume") else "POST"
    return native.served.client.request(method, f"/api/v1{path}", content=content, headers=headers)


def test_a_knowledge_store_is_made_changed_and_removed_with_its_tag(native: Native) -> None:
    made = native.post("/knowledge-stores", {"name": "Handbook"})
    path = f"/knowledge-stores/{made.json()['data']['id']}"
    assert made.status_code == 201
    assert made.headers["etag"] == '"1"'

    changed = native.patch(path, {"description": "For drivers"}, if_match='"1"')
    assert changed.json()["data"]["name"] == "Handbook"
    assert changed.json()["data"]["description"] == "For drivers"
    assert native.patch(path, {"name": "Other"}, if_match='"1"').status_code == 409
    assert paths(native.patch(path, {"nmae": "Typo"})) == [["nmae"]]
    assert native.get("/knowledge-stores").json()["meta"]["total"] == 1

    assert native.send("DELETE", path, if_match='"2"').status_code == 204
    assert native.get(path).status_code == 404
    assert native.get("/knowledge-stores").json()["data"] == []


@pytest.mark.parametrize(
    ("content", "media_type", "kind"),
    [
        (pdf("Pallets are weighed."), PDF, "pdf"),
        (word_document("Pallets are weighed."), DOCX, "docx"),
        (b"Pallets are weighed.", "text/plain; charset=utf-8", "txt"),
        (pdf("Pallets are weighed."), "application/octet-stream", "pdf"),
    ],
)
def test_a_document_is_read_searched_and_removed(
    native: Native, content: bytes, media_type: str, kind: str
) -> None:
    path = f"/knowledge-stores/{store(native)['id']}"
    made = upload(native, f"{path}/documents?name=pallets", content, media_type)
    assert made.status_code == 201, made.text
    document = made.json()["data"]
    assert (document["name"], document["kind"], document["pages"]) == ("pallets", kind, 1)

    read = native.get(f"{path}/documents/{document['id']}").json()["data"]
    assert read["chunks"][0]["text"].strip() == "Pallets are weighed."
    (passage,) = native.get(f"{path}/search?q=pallet+pallets").json()["data"]
    assert (passage["document_id"], passage["page"]) == (document["id"], 1)
    assert passage["found_by"] == ["words"]

    assert native.get(f"{path}/documents").json()["meta"]["total"] == 1
    assert native.send("DELETE", f"{path}/documents/{document['id']}").status_code == 204
    assert native.get(f"{path}/search?q=pallets").json()["data"] == []


def test_a_file_may_come_in_a_form(native: Native) -> None:
    url = f"/api/v1/knowledge-stores/{store(native)['id']}/documents"
    post = native.served.client.post
    made = post(url, files={"file": ("..\\dir/notes\n.txt", b"Notes")}, headers=native.headers)
    assert made.status_code == 201, made.text
    assert made.json()["data"]["name"].startswith("notes")

    wrong = post(url, files={"document": ("notes.txt", b"Notes")}, headers=native.headers)
    assert (wrong.status_code, wrong.json()["code"]) == (400, "form")
    two = post(url, files=[("file", b"a"), ("file", b"b")], headers=native.headers)
    assert two.status_code == 400
    headers = {**native.headers, "content-type": "multipart/form-data; boundary=x"}
    assert post(url, content=b"no form", headers=headers).status_code == 400


def test_what_is_no_document_is_refused_with_a_code(native: Native) -> None:
    path = f"/knowledge-stores/{store(native)['id']}/documents"

    def refused(content: bytes, media_type: str = "application/octet-stream") -> tuple[int, str]:
        answer = upload(native, path, content, media_type)
        return answer.status_code, answer.json()["code"]

    assert refused(b"%PDF-1.4 broken") == (422, "document_unreadable")
    assert refused(b"\x89PNG\x00") == (422, "document_type")
    assert refused(b"") == (422, "document_empty")
    assert refused(b"{}", "application/json") == (415, "media_type")
    assert refused(bytes(MOST_DOCUMENT_BYTES + 1)) == (413, "document_too_large")
    assert native.get(path).json()["meta"]["total"] == 0


def test_a_resume_is_given_replaced_and_erased(native: Native) -> None:
    participant = native.participant(native.template()["id"])
    path = f"/participants/{participant['id']}/resume"
    waiting = native.get(path).json()["data"]
    assert (waiting["state"], waiting["url"]) == ("waiting", participant["resume_url"])

    first = upload(native, f"{path}?name=cv.pdf", pdf("Led the billing team."), PDF)
    assert first.status_code == 200, first.text
    second = upload(native, path, b"Led another team.").json()["data"]
    assert (second["state"], second["url"]) == ("ready", None)
    assert second["document"]["name"] == "resume"
    assert second["document"]["id"] != first.json()["data"]["document"]["id"]
    read = native.get(path).json()["data"]["document"]
    assert (read["id"], read["pages"]) == (second["document"]["id"], 1)
    assert [piece["text"] for piece in read["chunks"]] == ["Led another team."]

    assert native.send("DELETE", path).status_code == 204
    assert native.get(path).json()["data"]["state"] == "none"
    assert upload(native, "/participants/nobody/resume", b"x").status_code == 404


def test_a_turn_says_which_passages_the_interviewer_had(native: Native) -> None:
    session_id = native.served.open_session()["session_id"]
    journal = native.served.world.services.journals.of(session_id)
    call(native.served, journal.started)
    source = Source("document-1", 2, 310, 335)
    turn = Turn(1, Speaker.INTERVIEWER, TurnKind.FOLLOW_UP, "How?", 0, 9, 0, sources=(source,))
    call(native.served, journal.append, turn)

    (shown,) = native.get(f"/sessions/{session_id}").json()["data"]["transcript"]
    assert shown["sources"] == [{"document_id": "document-1", "page": 2, "start": 310, "end": 335}]
