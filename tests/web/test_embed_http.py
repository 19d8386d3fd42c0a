import json
import re
from typing import Any

import pytest
from vivavoce.core.languages import LANGUAGES
from vivavoce.core.signing import simple_signature

from tests.services.backend import INSTANCE, SITE, interview_fields
from tests.web.native_client import Native
from tests.web.served import Served
from tests.web.test_native_api import call

SESSIONS = "/api/v1/embed/sessions"


def config(html: str) -> dict[str, Any]:
    found = re.search(r'id="vv-config">(.*)</script>', html)
    assert found is not None
    value: dict[str, Any] = json.loads(found[1])
    return value


def test_the_frame_page_says_who_may_frame_it_and_what_it_loads(served: Served) -> None:
    answer = served.client.get(f"/embed?embed_id={served.world.embed.id}", follow_redirects=False)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "media-src 'self' blob:; img-src 'self' data:; font-src 'self'; worker-src 'self'; "
        f"base-uri 'none'; form-action 'self'; frame-ancestors {SITE}"
    )
    assert answer.headers["cache-control"] == "no-store"
    assert "x-frame-options" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert "microphone=(self)" in answer.headers["permissions-policy"]


def test_the_frame_is_told_about_the_interview(served: Served) -> None:
    embed_id = served.world.embed.id
    told = config(served.client.get(f"/embed?embed_id={embed_id}&locale=de&theme=dark").text)
    assert told["instance"] == INSTANCE
    assert told["embed_id"] == embed_id
    assert told["allowed_origins"] == [SITE]
    assert told["job_title"] == "Backend engineer"
    assert told["company"] == "Lantern Works"
    assert (told["minutes"], told["questions"]) == (6, 2)
    assert all(item["required"] for item in told["consent"]["items"])
    assert told["consent"]["text"].startswith("In diesem Interview")
    assert (told["locale"], told["theme"]) == ("de", "dark")
    assert (told["standalone"], told["launch"]) == (False, None)


def test_a_wish_that_cannot_be_met_is_left_to_the_browser(served: Served) -> None:
    query = {"embed_id": served.world.embed.id, "locale": "<x>", "theme": "neon"}
    told = config(served.client.get("/embed", params=query).text)
    assert (told["locale"], told["theme"], told["display_name"]) == ("auto", "auto", "")


def test_a_title_cannot_leave_its_script_element(served: Served) -> None:
    name = "</script><script>alert(1)</script><!--"
    fields = interview_fields(served.world.founded.profile_ids[0], name=name, is_embedded=True)
    made = served.client.post(
        "/functions/v1/job-interview-create-from-array", json=fields, headers=served.key
    ).json()
    answer = served.client.get(f"/embed?embed_id={made['embed_id']}")
    assert answer.text.count("</script>") == 1
    assert config(answer.text)["job_title"] == name
    assert answer.headers["content-security-policy"].endswith("frame-ancestors *")


def test_the_standalone_page_is_the_same_application_outside_any_frame(served: Served) -> None:
    answer = served.client.get("/i/backend-engineer")
    assert answer.status_code == 200
    assert config(answer.text)["standalone"] is True
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/i/other", f"/i/backend-engineer?stage={'x' * 65}"])
def test_a_link_to_no_interview_is_a_page_for_people(served: Served, path: str) -> None:
    answer = served.client.get(path, headers={"accept-language": "ar, en;q=0.5"})
    assert answer.status_code in {400, 404}
    assert answer.headers["content-type"].startswith("text/html")
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert '<html lang="ar" dir="rtl">' in answer.text
    assert "انتهت صلاحيته" in answer.text
    assert "<script" not in answer.text
    separator = "&" if "?" in path else "?"
    german = served.client.get(f"{path}{separator}locale=de")
    assert "Dieser Link ist ungültig" in german.text


@pytest.mark.parametrize(
    "query", ["", "?embed_id=vvem_none", f"?embed_id={'x' * 101}", "?embed_id=%00"]
)
def test_a_frame_without_an_interview_is_a_page_for_people(served: Served, query: str) -> None:
    answer = served.client.get(f"/embed{query}", headers={"accept-language": "ar, en;q=0.5"})
    assert answer.status_code == (400 if len(query) > 100 else 404)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-security-policy"].endswith("frame-ancestors *")
    assert answer.headers["cache-control"] == "no-store"
    assert '<html lang="ar" dir="rtl">' in answer.text
    assert "لا توجد مقابلة مفتوحة هنا" in answer.text
    assert "<script" not in answer.text
    separator = "&" if query else "?"
    german = served.client.get(f"/embed{query}{separator}locale=de&theme=dark")
    assert "Hier gibt es kein offenes Interview" in german.text
    assert 'data-theme="dark"' in german.text


def test_a_frame_without_an_interview_says_so_in_every_language(served: Served) -> None:
    said = set()
    for language in LANGUAGES:
        answer = served.client.get(f"/embed?embed_id=none&locale={language}")
        assert answer.status_code == 404
        (paragraph,) = re.findall(r'<p class="lead">(.+)</p>', answer.text)
        said.add(paragraph)
    assert len(said) == len(LANGUAGES)


def test_a_revoked_embed_and_a_closed_interview_are_such_a_page_too(served: Served) -> None:
    native, address = Native(served), f"/embed?embed_id={served.world.embed.id}"
    closed = native.patch(f"/evaluation-templates/{served.world.template.id}", {"status": "draft"})
    assert closed.status_code == 200
    assert "There is no open interview here" in served.client.get(address).text
    assert native.send("DELETE", f"/embeds/{served.world.embed.id}").status_code == 204
    answer = served.client.get(address)
    assert answer.status_code == 404
    assert "There is no open interview here" in answer.text


@pytest.mark.parametrize(
    ("path", "code"),
    [("/embed?embed_id=none", "embed_not_found"), ("/i/other", "interview_not_found")],
)
def test_a_program_that_asks_for_json_gets_the_code(served: Served, path: str, code: str) -> None:
    answer = served.client.get(path, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (404, code)
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for accept in (browser, "*/*", "text/html, application/json"):
        page = served.client.get(path, headers={"accept": accept})
        assert page.headers["content-type"].startswith("text/html")


def test_the_page_says_for_how_long_the_stage_of_the_link_takes(served: Served) -> None:
    native = Native(served)
    template = native.template(default_duration_minutes=30)
    native.stage(template["id"], duration=20)
    second = native.stage(template["id"], stage_name="Panel", duration=45)
    candidate = native.participant(template["id"])
    ordered = native.order(template["id"], candidate["id"], interview_id=second["id"])

    def minutes(link: str) -> int:
        told = config(served.client.get(link.partition("#")[0]).text)
        assert isinstance(told["minutes"], int)
        return told["minutes"]

    assert minutes(ordered.json()["data"]["join_url"]) == 45
    # A link of a site does not tell the page at which stage its candidate is.
    assert minutes(f"/i/{template['slug']}") == 20
    assert minutes(f"/i/{template['slug']}?stage=of-another-template") == 0


def test_an_embed_says_how_long_its_first_stage_takes(served: Served) -> None:
    native = Native(served)
    embed = native.made("/embeds", {"evaluation_template_id": native.template()["id"]})
    template_id, address = embed["evaluation_template_id"], f"/embed?embed_id={embed['id']}"

    def minutes() -> int:
        return int(config(served.client.get(address).text)["minutes"])

    assert minutes() == 30  # the template's own
    native.stage(template_id, duration=20)
    assert minutes() == 20
    native.stage(template_id, stage_name="Panel", duration=45)
    assert minutes() == 20


def test_an_embed_says_how_long_the_stage_of_its_candidate_takes(served: Served) -> None:
    native, world = Native(served), served.world
    for stage in native.get("/evaluation-stages").json()["data"]:
        native.send("DELETE", f"/evaluation-stages/{stage['id']}")
    first = native.stage(world.template.id, duration=20)
    second = native.stage(world.template.id, stage_name="Panel", duration=45)
    person = native.participant(world.template.id, email="robin@example.org", external_id="site-7")
    for stage in (first, second):
        ordered = native.order(world.template.id, person["id"], interview_id=stage["id"])
        assert ordered.status_code == 201
        if stage is first:
            session_id = ordered.json()["data"]["id"]
            call(served, world.services.journals.of(session_id).started)
            call(served, world.services.journals.of(session_id).completed, 60_000)

    def minutes(**query: str) -> int:
        answer = served.client.get("/embed", params={"embed_id": world.embed.id, **query})
        assert answer.status_code == 200
        return int(config(answer.text)["minutes"])

    signed = {"email": "robin@example.org", "expires": str(world.clock.unix + 600), "name": ""}
    fields = (world.embed.id, signed["expires"], signed["email"], "", "")
    signature = simple_signature(world.embed.signing_keys[0], fields)
    assert minutes() == 20
    assert minutes(launch_token=world.token(sub="site-7")) == 45
    assert minutes(launch_token=world.token(sub="somebody", email="new@example.org")) == 20
    assert minutes(launch_token="no token") == 20
    assert minutes(**signed, signature=signature) == 45
    assert minutes(**signed, signature="forged") == 20
    assert served.open_session(sub="site-7")  # nothing was bound by looking


def test_a_link_is_exchanged_for_a_session_and_its_socket(served: Served) -> None:
    data = served.open_session()
    assert set(data) == {"session_id", "resume_handle", "ticket", "ws_url", "expires_in"}
    assert data["ws_url"] == f"wss://interviews.test/ws/v1/{data['session_id']}"
    resumed = served.client.post(
        SESSIONS,
        json={"session_id": data["session_id"], "resume_handle": data["resume_handle"]},
    )
    assert resumed.status_code == 201
    assert resumed.json()["data"]["session_id"] == data["session_id"]
    assert resumed.json()["data"]["ticket"] != data["ticket"]


def test_a_second_browser_is_told_that_the_link_is_in_use(served: Served) -> None:
    served.open_session()
    answer = served.client.post(SESSIONS, json={"launch_token": served.world.token()})
    assert answer.status_code == 409
    assert answer.json()["code"] == "launch_in_use"


@pytest.mark.parametrize("body", [{}, {"embed_id": "emb_live_aaaaaaaaaaaaaaaaaaaaaaaa"}])
def test_an_unsigned_visit_is_forbidden(served: Served, body: dict[str, str]) -> None:
    answer = served.client.post(SESSIONS, json=body)
    assert answer.status_code == 403
    assert answer.json()["code"] == "unsigned_not_allowed"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"launch_token": "x"}, 401),
        ({"launch_token": "a.b.c"}, 401),
        ({"launch_token": 7}, 400),
        ({"launch_tokens": "x"}, 400),
        ({"invitation": "x"}, 401),
        ({"code": "x"}, 401),
        ({"launch_token": "a.b.c", "invitation": "a.b.c"}, 400),
        ({"session_id": "x", "resume_handle": "y"}, 401),
        ({"session_id": "x" * 65, "resume_handle": "y"}, 400),
    ],
)
def test_a_bad_credential_opens_nothing(served: Served, body: dict[str, Any], status: int) -> None:
    assert served.client.post(SESSIONS, json=body).status_code == status


def test_the_simple_form_travels_from_the_address_to_a_session(served: Served) -> None:
    world = served.world
    fields = (world.embed.id, str(world.clock.unix + 300), "ada@example.org", "Ada & Co", "")
    query = {
        "embed_id": fields[0],
        "expires": fields[1],
        "email": fields[2],
        "name": fields[3],
        "signature": simple_signature(world.embed.signing_keys[0], fields),
    }
    told = config(served.client.get("/embed", params=query).text)
    assert told["display_name"] == "Ada & Co"
    answer = served.client.post(SESSIONS, json=told["launch"])
    assert answer.status_code == 201


def test_a_token_in_the_address_reaches_the_frame(served: Served) -> None:
    token = served.world.token()
    query = {"embed_id": served.world.embed.id, "launch_token": token}
    told = config(served.client.get("/embed", params=query).text)
    assert told["launch"] == {"launch_token": token}


def test_one_click_opens_the_same_interview_in_its_own_tab(served: Served) -> None:
    data = served.open_session()
    place = {"session_id": data["session_id"], "resume_handle": data["resume_handle"]}
    url = served.client.post("/api/v1/embed/popout", json=place).json()["data"]["url"]
    assert url.startswith(f"{INSTANCE}/i/backend-engineer?stage=")
    code = url.partition("#c=")[2]
    moved = served.client.post(SESSIONS, json={"code": code})
    assert moved.json()["data"]["session_id"] == data["session_id"]
    assert served.client.post(SESSIONS, json={"code": code}).status_code == 401


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/embed/v1.js", "text/javascript; charset=utf-8"),
        ("/embed/app/main.js", "text/javascript; charset=utf-8"),
        ("/embed/worklets/capture.js", "text/javascript; charset=utf-8"),
        ("/embed/style/app.css", "text/css; charset=utf-8"),
        ("/embed/locales/en.json", "application/json"),
    ],
)
def test_the_widgets_files_have_their_types(served: Served, path: str, media_type: str) -> None:
    answer = served.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/embed/app/../../data/vivavoce.db",
        "/embed/app/%2e%2e/%2e%2e/data/vivavoce.db",
        "/embed/app/..%2f..%2fdata/vivavoce.db",
    ],
)
def test_no_path_leads_out_of_the_widgets_folder(served: Served, path: str) -> None:
    assert served.client.get(path).status_code == 404


def test_a_client_that_opens_too_many_sessions_is_slowed_down(served: Served) -> None:
    answers = [served.client.post(SESSIONS, json={}).status_code for _ in range(61)]
    assert answers[-1] == 429
    assert set(answers[:-1]) == {403}
