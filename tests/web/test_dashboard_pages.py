"""The pages for members, with every kind of credential, and what the server writes into them."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from vivavoce.core.roles import SCOPES_OF, Role
from vivavoce.core.scopes import Principal
from vivavoce.services.organizations import Founding
from vivavoce.web.dashboard.navigation import GROUPS, PAGES, Page

from tests.web.dashboard_client import PASSWORD, SLUG, Dashboard, cookie_of, member, owner
from tests.web.native_client import Native
from tests.web.served import Served
from tests.web.test_native_api import call, interviewed

ADDRESSES = [f"/dashboard/{name}" if name else "/dashboard" for name in PAGES]
OF_PAGE = dict(zip(ADDRESSES, PAGES.values(), strict=True))
FILES = ("/staff/static/staff.css", "/staff/static/mark.svg", "/dashboard/static/dashboard.css")


def show(served: Served, path: str, headers: dict[str, str], slug: str = SLUG) -> Any:  # noqa: ANN401
    served.client.cookies.clear()
    return served.client.get(path, params={"accountSlug": slug}, headers=headers)


def opened(dashboard: Dashboard, path: str) -> Any:  # noqa: ANN401
    return show(dashboard.served, path, {"cookie": dashboard.cookie})


def is_sign_in(answer: Any) -> bool:  # noqa: ANN401
    return answer.status_code == 401 and 'id="sign-in"' in answer.text


@pytest.fixture
def stranger(served: Served) -> Any:  # noqa: ANN401
    organizations = served.world.services.organizations
    founding = Founding("Other", "other@other.test", owner_password=PASSWORD)
    return call(served, organizations.initialize, founding)


@pytest.fixture
def strangers_cookie(served: Served, stranger: Any) -> str:  # noqa: ANN401
    served.client.cookies.clear()
    body = {"accountSlug": "other", "email": "other@other.test", "password": PASSWORD}
    return cookie_of(served.client.post("/api/v1/auth/sign-in", json=body))


def test_whoever_is_not_signed_in_is_asked_to_be(served: Served) -> None:
    key = served.key
    token = call(served, served.world.services.credentials.access_token, key["x-api-key"])
    for path in (*ADDRESSES, "/dashboard/nowhere", "/results", "/results/none"):
        for headers in ({}, key, {"authorization": f"Bearer {token}"}):
            answer = show(served, path, headers)
            assert is_sign_in(answer), path
            assert f'value="{SLUG}"' in answer.text
            assert "Lantern Works" not in answer.text


def test_another_accounts_cookie_opens_nothing(served: Served, strangers_cookie: str) -> None:
    secret = strangers_cookie.partition("=")[2]
    renamed = f"__Host-vv-{SLUG}={secret}"
    for path in (*ADDRESSES, "/results", "/results/none"):
        for cookie in (strangers_cookie, renamed):
            assert is_sign_in(show(served, path, {"cookie": cookie})), path


def test_a_role_opens_the_pages_that_its_scopes_open(served: Served) -> None:
    for role in Role:
        dashboard = member(served, role)
        principal = Principal("", "", SCOPES_OF[role])
        in_menu = [page for _, pages in GROUPS for page in pages if page.is_open_to(principal)]
        for path, page in OF_PAGE.items():
            answer = opened(dashboard, path)
            assert answer.status_code == (200 if page.is_open_to(principal) else 403), (role, path)
            assert menu_of(answer.text) == [each.title for each in in_menu]


def menu_of(page: str) -> list[str]:
    menu = page.partition('<nav aria-label="Pages">')[2].partition("</nav>")[0]
    return re.findall(r"<span>([^<]+)</span>", menu)


def test_a_viewer_has_no_way_to_members_and_webhooks(served: Served) -> None:
    dashboard = member(served, Role.VIEWER)
    assert not {"Members", "Webhooks"} & set(menu_of(opened(dashboard, "/dashboard").text))
    closed = opened(dashboard, "/dashboard/members")
    assert closed.status_code == 403
    assert "As viewer you cannot see" in closed.text


def test_an_unknown_page_is_a_page_not_found(served: Served) -> None:
    answer = opened(owner(served), "/dashboard/nowhere")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_without_an_account_the_browser_is_led_to_its_own(served: Served) -> None:
    dashboard = owner(served)
    stale = "__Host-vv-gone=vvsi_none"
    answer = served.client.get(
        "/dashboard/mail",
        headers={"cookie": f"{stale}; {dashboard.cookie}"},
        follow_redirects=False,
    )
    assert answer.headers["location"] == f"/dashboard/mail?accountSlug={SLUG}"
    served.client.cookies.clear()
    assert is_sign_in(served.client.get("/dashboard"))
    assert served.client.get("/", follow_redirects=False).headers["location"] == "/dashboard"


def test_other_accounts_of_the_browser_are_offered(served: Served, strangers_cookie: str) -> None:
    dashboard = owner(served)
    both = {"cookie": f"{dashboard.cookie}; {strangers_cookie}"}
    assert 'href="/dashboard?accountSlug=other"' in show(served, "/dashboard", both).text
    assert "accountSlug=other" not in opened(dashboard, "/dashboard").text


class _Inline(HTMLParser):
    """Finds what a strict policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        is_inline = tag == "style" or (tag == "script" and "src" not in names)
        if is_inline or "style" in names or any(name.startswith("on") for name in names):
            self.found.append(f"<{tag} {sorted(names)}>")


def test_no_page_has_inline_code_or_loads_from_elsewhere(served: Served) -> None:
    dashboard = owner(served)
    answers = [opened(dashboard, path) for path in [*ADDRESSES, "/dashboard/nowhere"]]
    answers += [show(served, "/dashboard", {}), show(served, "/dashboard/invitation", {})]
    for answer in answers:
        parser = _Inline()
        parser.feed(answer.text)
        assert parser.found == []
        assert not re.findall(r'(?:src|href)="(?!/|#)', answer.text)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "form-action 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers


def test_every_file_that_a_page_asks_for_is_there(served: Served) -> None:
    dashboard = owner(served)
    pages = [opened(dashboard, path).text for path in ADDRESSES]
    pages += [show(served, "/dashboard", {}).text, show(served, "/dashboard/invitation", {}).text]
    asked = {path for page in pages for path in re.findall(r'"(/[^"]+/static/[^"]+)"', page)}
    assert asked >= set(FILES)
    for path in asked:
        answer = served.client.get(path)
        assert answer.status_code == 200, path
        if path.endswith(".js"):
            assert answer.headers["content-type"].startswith("text/javascript")


def test_names_are_text_and_never_markup(served: Served) -> None:
    name = "<b>Kim</b>"
    body = {"email": "kim@lantern.test", "name": name, "role": "viewer"}
    invited = Native(served).made("/members", body)
    accepted = {"invitation": invited["invitation"], "password": PASSWORD}
    served.client.post("/api/v1/auth/accept-invitation", json=accepted)
    signing_in = {"accountSlug": SLUG, "email": "kim@lantern.test", "password": PASSWORD}
    cookie = cookie_of(served.client.post("/api/v1/auth/sign-in", json=signing_in))
    assert name not in show(served, "/dashboard", {"cookie": cookie}).text
    assert '"><b>' not in show(served, "/dashboard", {}, '"><b>').text


def test_an_invitation_names_the_page_that_accepts_it(served: Served) -> None:
    body = {"email": "kim@lantern.test", "name": "Kim Lee", "role": "viewer"}
    invited = Native(served).made("/members", body)
    again = Native(served).post(f"/members/{invited['id']}/invite").json()["data"]
    for each in (invited, again):
        address, _, secret = each["invitation_url"].partition("#")
        assert secret == each["invitation"]
        assert 'id="invitation"' in served.client.get(address).text


def test_a_member_of_any_role_reads_a_result_by_the_cookie(served: Served) -> None:
    session_id = interviewed(served)
    for role in Role:
        dashboard = member(served, role)
        answer = opened(dashboard, f"/results/{session_id}")
        assert answer.status_code == 200
        assert "Robin Vale" in answer.text
        assert f'href="/dashboard/sessions?accountSlug={SLUG}"' in answer.text
        listed = opened(dashboard, "/results").text
        assert f'href="/results/{session_id}?accountSlug={SLUG}"' in listed


def test_a_result_is_of_one_organization_alone(served: Served, strangers_cookie: str) -> None:
    session_id = interviewed(served)
    answer = show(served, f"/results/{session_id}", {"cookie": strangers_cookie}, "other")
    assert answer.status_code == 404
    assert "Robin Vale" not in answer.text
    assert (
        '<a class="way" href="/dashboard/sessions?accountSlug=other">Interviews</a>' in answer.text
    )


def test_from_a_result_that_is_not_there_a_member_gets_back(served: Served) -> None:
    for role in Role:
        answer = opened(member(served, role), "/results/none")
        assert answer.status_code == 404
        assert f'href="/dashboard/sessions?accountSlug={SLUG}">Interviews</a>' in answer.text


def test_a_link_leads_back_only_as_far_as_it_is_good(served: Served) -> None:
    """To all interviews, if it opens those; a link that opens nothing leads nowhere."""
    results = served.world.services.results
    visit = results.new_visit(served.world.organization_id)
    missing = served.client.get(results.link(visit, "none"))
    assert missing.status_code == 404
    (way,) = re.findall(r'<a class="way" href="([^"]+)">Interviews</a>', missing.text)
    assert served.client.get(unescape(way)).status_code == 200

    alone = results.link(replace(visit, sees_list=False), "none")
    for link, status in ((alone, 404), (alone + "x", 403)):
        answer = served.client.get(link)
        assert answer.status_code == status
        assert 'class="way"' not in answer.text


def test_every_page_but_your_account_is_in_the_menu_once() -> None:
    named: list[Page] = [page for _, pages in GROUPS for page in pages]
    assert len({page.name for page in named}) == len(named)
    assert set(PAGES) == {page.name for page in named} | {"account"}
