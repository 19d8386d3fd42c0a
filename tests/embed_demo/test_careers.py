import jwt
import pytest
from starlette.testclient import TestClient

from embed_demo.careers import create_app

INSTANCE = "http://localhost:8000"
EMBED = "emb_test_0123456789abcdef"
KEY = "a signing key that is long enough for HS256"


@pytest.fixture
def site() -> TestClient:
    pages = ("http://localhost:8000/results", "http://localhost:8000/apply/tide")
    return TestClient(create_app(INSTANCE, EMBED, KEY, *pages))


def claims_of(site: TestClient) -> dict[str, object]:
    token = site.post("/api/interview-token").json()["token"]
    assert jwt.get_unverified_header(token) == {
        "alg": "HS256",
        "typ": "vv-launch+jwt",
        "kid": EMBED,
    }
    claims: dict[str, object] = jwt.decode(
        token,
        KEY,
        algorithms=["HS256"],
        audience=INSTANCE,
        options={"require": ["sub", "iat", "exp", "jti", "aud"]},
    )
    return claims


def test_the_page_allows_scripts_and_frames_of_the_instance_and_nothing_inline(
    site: TestClient,
) -> None:
    page = site.get("/")

    policy = page.headers["content-security-policy"]
    assert f"script-src {INSTANCE} 'self'" in policy
    assert f"frame-src {INSTANCE}" in policy
    assert "unsafe" not in policy
    assert f'microphone=(self "{INSTANCE}")' in page.headers["permissions-policy"]
    assert f'embed-id="{EMBED}"' in page.text
    assert "style=" not in page.text
    assert "fictitious" in page.text


def test_the_page_leads_to_the_form_for_those_who_want_to_apply_first(site: TestClient) -> None:
    assert 'href="http://localhost:8000/apply/tide"' in site.get("/").text


def test_the_token_names_the_candidate_and_expires_within_a_quarter_of_an_hour(
    site: TestClient,
) -> None:
    site.get("/")

    claims = claims_of(site)

    assert int(str(claims["exp"])) - int(str(claims["iat"])) <= 15 * 60


def test_a_reloaded_page_is_the_same_candidate_until_the_visitor_starts_over(
    site: TestClient,
) -> None:
    site.get("/")
    first = claims_of(site)["sub"]
    site.get("/")
    assert claims_of(site)["sub"] == first

    site.post("/start-over")
    assert claims_of(site)["sub"] != first


def test_a_stranger_gets_no_token(site: TestClient) -> None:
    assert site.post("/api/interview-token").status_code == 401


def test_the_signing_key_never_reaches_the_browser(site: TestClient) -> None:
    assert KEY not in site.get("/").text


@pytest.mark.parametrize("name", ["job.css", "job.js", "clock.svg", "mark.svg"])
def test_every_file_of_the_page_is_served(site: TestClient, name: str) -> None:
    assert site.get(f"/site/{name}").status_code == 200
