"""What the public page refuses, each time with a page that says why."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from vivavoce.web.rate_limits import APPLY, APPLY_CODE, APPLY_FOR

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
from tests.web.served import Served, serve


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """For what is refused and leaves no trace."""
    with serve(tmp_path_factory.mktemp("shared")) as made:
        post_position(made)
        yield made


@pytest.fixture
def stranger(shared: Served) -> Applicant:
    """Some time after the one before, so that no limit is theirs."""
    shared.world.clock.advance(3600)
    return Applicant(shared)


def traces(shared: Served) -> tuple[int, int]:
    """How many mails and applications there are."""
    native = Native(shared)
    mailed, applied = (
        native.get(f"/{kind}").json()["meta"]["total"] for kind in ("outbox", "applications")
    )
    return mailed, applied


@pytest.fixture
def untouched(shared: Served) -> Iterator[None]:
    """Nothing is mailed and nobody has applied because of it."""
    before = traces(shared)
    yield
    assert traces(shared) == before


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": ""}, "name", "Please enter your name"),
        ({"name": "A\x00B"}, "name", "cannot be used"),
        ({"name": "A\r\nBcc: x@y.zz"}, "name", "cannot be used"),
        ({"email": "robin"}, "email", "not an e-mail address"),
        ({"email": "a@example.org\r\nBcc: x@y.zz"}, "email", "not an e-mail address"),
        ({"phone": "<b>"}, "phone", "phone number"),
        ({"consent_recording": None}, "consent", "agree to both"),
        ({"policy_version": "1999"}, "consent", "has changed"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_rest_stays(
    shared: Served, stranger: Applicant, changes: dict[str, str | None], field: str, words: str
) -> None:
    answer = stranger.send(None, "", **changes)
    assert answer.status_code == 400
    assert words in sentences(answer)
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-problem"' in answer.text
    if field != "email":
        assert f'value="{EMAIL}"' in answer.text


def test_who_has_to_correct_something_is_asked_for_the_file_again(stranger: Applicant) -> None:
    assert "résumé once more" in sentences(stranger.send(FILE, name=""))


def bomb() -> bytes:
    """A small archive that grows to 100 MB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("word/document.xml", b" " * 100_000_000)
    return file.getvalue()


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", 422, "PDF, Word (DOCX) or text file"),
        (b"   \n ", 422, "no text"),
        (b"%PDF-1.7 broken", 422, "damaged"),
        (b"x" * (10 * 2**20 + 1), 422, "too large"),
    ],
)
def test_a_file_that_is_no_resume_is_refused_beside_its_field(
    shared: Served, stranger: Applicant, content: bytes, status: int, words: str
) -> None:
    answer = stranger.send(("cv.pdf", content, "application/pdf"))
    assert answer.status_code in {status, 413}
    assert words in sentences(answer)


@pytest.mark.usefixtures("untouched")
def test_an_archive_that_would_fill_the_memory_is_refused(
    shared: Served, stranger: Applicant
) -> None:
    answer = stranger.send(("cv.docx", bomb(), "application/octet-stream"))
    assert answer.status_code == 422


def test_a_name_of_a_file_leads_nowhere(shared: Served, stranger: Applicant) -> None:
    stranger.apply(("../../etc/\x01pass\nwd.txt", FILE[1], "text/plain"))
    (application,) = applications(shared)
    resume = Native(shared).get(f"/participants/{application['candidate_id']}/resume").json()
    assert "/" not in resume["data"]["document"]["name"]
    assert resume["data"]["document"]["name"].isprintable()


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("field", ["status", "organization_id", "template_id", "code", "a\x00b"])
def test_a_forged_field_is_refused(shared: Served, stranger: Applicant, field: str) -> None:
    answer = stranger.send(None, "", **{field: "approved"})
    assert answer.status_code == 400


def raw(boundary: str, *parts: tuple[str, str]) -> bytes:
    told = [
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n"
        for head, body in parts
    ]
    return ("".join(told) + f"--{boundary}--\r\n").encode()


def test_a_browser_that_sends_an_empty_file_sends_none(shared: Served, stranger: Applicant) -> None:
    parts = [(f'name="{name}"', text) for name, text in stranger.form.items()]
    body = raw("b", *parts, ('name="resume"; filename=""', ""))
    kind = {"content-type": "multipart/form-data; boundary=b", "origin": "https://interviews.test"}
    answer = shared.client.post(
        "/apply/tide-engineer", content=body, headers=kind, follow_redirects=False
    )
    assert answer.status_code == 303


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("text/plain", b"name=Robin", 415),
        ("multipart/form-data", b"", 400),
        ("multipart/form-data; boundary=b", b"--b", 400),
        ("multipart/form-data; boundary=b", b"no form at all", 400),
        (
            "multipart/form-data; boundary=b",
            raw("b", ('name="name"', "A"), ('name="name"', "B")),
            400,
        ),
        (
            "multipart/form-data; boundary=b",
            raw("b", ('name="name"; filename="a.txt"', "A")),
            400,
        ),
        (
            "multipart/form-data; boundary=b",
            raw("b", *[(f'name="f{n}"', "") for n in range(99)]),
            400,
        ),
    ],
)
def test_what_is_no_form_of_ours_is_a_clear_page(
    shared: Served, stranger: Applicant, kind: str, body: bytes, status: int
) -> None:
    headers = {"content-type": kind, "origin": "https://interviews.test"}
    answer = shared.client.post("/apply/tide-engineer", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("application/x-www-form-urlencoded", b"", 400),
        ("application/x-www-form-urlencoded", b"code=1&code=2", 400),
        ("application/x-www-form-urlencoded", b"code=1&status=approved", 400),
        ("application/x-www-form-urlencoded", b"pin=123456", 400),
        ("application/x-www-form-urlencoded", b"code=%ff%fe", 400),
        ("application/x-www-form-urlencoded", b"code=\xff", 400),
        ("application/x-www-form-urlencoded", b"code=%00", 400),
        ("application/x-www-form-urlencoded", b"code=" + b"1" * 5000, 413),
    ],
)
def test_what_is_no_code_is_a_clear_page(
    shared: Served, stranger: Applicant, kind: str, body: bytes, status: int
) -> None:
    address = stranger.begin().address
    before = traces(shared)
    headers = {"content-type": kind, "origin": "https://interviews.test"}
    answer = shared.client.post(address, content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert traces(shared) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"origin": "https://interviews.test", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_from_another_page_is_refused(
    shared: Served, stranger: Applicant, headers: dict[str, str]
) -> None:
    address = stranger.begin().address
    code, before = mailed_codes(shared)[-1], traces(shared)
    parts = {name: (None, text) for name, text in stranger.form.items()}
    answers = [
        shared.client.post("/apply/tide-engineer", files=parts, headers=headers),
        shared.client.post(address, data={"code": code}, headers=headers),
        shared.client.post(address + "/code", headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert traces(shared) == before


def test_one_sender_cannot_flood_the_form(shared: Served, stranger: Applicant) -> None:
    for number in range(APPLY.burst):
        stranger.begin(email=f"robin{number}@example.org")
    answer = stranger.send()
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "Too many attempts" in sentences(answer)


def test_one_sender_cannot_try_codes_without_end(shared: Served, stranger: Applicant) -> None:
    stranger.begin()
    answers = [stranger.tell("000001").status_code for _ in range(APPLY_CODE.burst + 1)]
    assert answers[-1] == 429
    assert "Too many attempts" in sentences(stranger.ask_again())


def test_one_position_cannot_be_flooded_by_many(shared: Served) -> None:
    limits = shared.client.app_state["rate_limits"]
    flooded, other = (post_position(shared, template_name=name) for name in ("Flooded", "Other"))
    for _ in range(APPLY_FOR.burst):
        limits.take(APPLY_FOR, flooded["id"])
    assert Applicant(shared, flooded["slug"]).send().status_code == 429
    assert Applicant(shared, other["slug"]).send().status_code == 303
