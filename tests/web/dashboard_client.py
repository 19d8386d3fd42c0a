"""The native API as the dashboard calls it: with the cookie of a member, from its own origin."""

from dataclasses import dataclass
from typing import Any

from vivavoce.core.roles import Role

from tests.services.backend import INSTANCE
from tests.web.native_client import Native
from tests.web.served import Served

SLUG = "lantern-works"
PASSWORD = "correct horse battery"
OWN_PAGE = {"origin": INSTANCE, "x-vivavoce-request": "1"}


def cookie_of(answer: Any) -> str:  # noqa: ANN401
    """What the browser sends back, out of what it was told to keep."""
    return str(answer.headers["set-cookie"]).partition(";")[0]


@dataclass(frozen=True)
class Dashboard:
    served: Served
    cookie: str
    slug: str = SLUG

    @property
    def headers(self) -> dict[str, str]:
        return {"cookie": self.cookie, **OWN_PAGE}

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:  # noqa: ANN401
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self.served.client.cookies.clear()
        return self.served.client.request(
            method,
            f"/api/v1{path}",
            params={"accountSlug": self.slug},
            json=body,
            headers={**self.headers, **names},
        )

    def get(self, path: str) -> Any:  # noqa: ANN401
        return self.send("GET", path)

    def data(self, path: str) -> Any:  # noqa: ANN401
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]


def try_to_sign_in(served: Served, email: str, password: str, **headers: str) -> Any:  # noqa: ANN401
    served.client.cookies.clear()
    body = {"accountSlug": SLUG, "email": email, "password": password}
    return served.client.post("/api/v1/auth/sign-in", json=body, headers=headers)


def sign_in(served: Served, email: str, password: str = PASSWORD, **headers: str) -> Dashboard:
    answer = try_to_sign_in(served, email, password, **headers)
    assert answer.status_code == 200, answer.text
    return Dashboard(served, cookie_of(answer))


def owner(served: Served) -> Dashboard:
    return sign_in(served, "owner@lantern.test", served.world.founded.owner_password)


def accept(served: Served, invitation: str, password: str = PASSWORD, **more: str) -> Any:  # noqa: ANN401
    body = {"invitation": invitation, "password": password, **more}
    return served.client.post("/api/v1/auth/accept-invitation", json=body)


def invite(served: Served, role: Role, email: str = "") -> dict[str, Any]:
    body = {"email": email or f"the-{role}@lantern.test", "name": "Kim Lee", "role": role}
    return Native(served).made("/members", body)


def member(served: Served, role: Role, email: str = "") -> Dashboard:
    """A new member of that role, signed in."""
    invited = invite(served, role, email)
    assert accept(served, invited["invitation"]).status_code == 200
    return sign_in(served, invited["email"])
