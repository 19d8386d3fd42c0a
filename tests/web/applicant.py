"""Somebody who applies on the public page, as a browser without script does it."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from vivavoce.core.consent import POLICY_VERSION
from vivavoce.core.mail import MailKind

from tests.services.backend import INSTANCE
from tests.web.native_client import Native
from tests.web.served import Served

EMAIL = "robin@example.org"
FORM = {
    "name": "Robin Vale",
    "email": EMAIL,
    "phone": "+49 30 123456",
    "language": "en",
    "policy_version": POLICY_VERSION,
    "consent_ai_interview": "yes",
    "consent_recording": "yes",
}
FILE = ("resume.txt", b"Robin Vale. Wound clocks by the sea for nine years.", "text/plain")


@dataclass
class Applicant:
    served: Served
    slug: str = "tide-engineer"
    template_id: str = ""
    form: dict[str, str] = field(default_factory=lambda: dict(FORM))
    address: str = ""  # of the request

    def get(self, path: str = "", **headers: str) -> Any:  # noqa: ANN401
        return self.served.client.get(path or self.address, headers=headers)

    def page(self, query: str = "", **headers: str) -> Any:  # noqa: ANN401
        return self.get(f"/apply/{self.slug}{query}", **headers)

    def send(
        self, file: tuple[str, bytes, str] | None = None, query: str = "", **changes: str | None
    ) -> Any:  # noqa: ANN401
        """The answer to the form; a change to None leaves the field out."""
        fields = {name: text for name, text in {**self.form, **changes}.items() if text is not None}
        parts: dict[str, Any] = {name: (None, text) for name, text in fields.items()}
        if file is not None:
            parts["resume"] = file
        return self.post(f"/apply/{self.slug}{query}", files=parts)

    def post(self, path: str, origin: str | None = INSTANCE, **body: Any) -> Any:  # noqa: ANN401
        headers = {"origin": origin} if origin else {}
        return self.served.client.post(path, headers=headers, follow_redirects=False, **body)

    def begin(self, file: tuple[str, bytes, str] | None = None, **changes: str) -> "Applicant":
        answer = self.send(file, **changes)
        assert answer.status_code == 303, sentences(answer)
        self.address = answer.headers["location"]
        return self

    def tell(self, code: str) -> Any:  # noqa: ANN401
        return self.post(self.address, data={"code": code})

    def ask_again(self) -> Any:  # noqa: ANN401
        return self.post(self.address + "/code")

    def apply(self, file: tuple[str, bytes, str] | None = None, **changes: str) -> Any:  # noqa: ANN401
        """All of it; the page that comes last."""
        self.begin(file, **changes)
        answer = self.tell(mailed_codes(self.served)[-1])
        assert answer.status_code == 303, sentences(answer)
        return self.get()


POSTING = {
    "template_name": "Tide engineer",
    "use_case": "hiring",
    "objective": "Can this person keep a prediction service boring?",
    "description": "Keeps the prediction service of a maker of tide clocks boring.",
    "visibility": "merchant_public",
    "location": "Harbour workshop",
}


def post_position(served: Served, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """A position that anybody may apply for."""
    return Native(served).template(**{**POSTING, **changes})


def mailed_codes(served: Served, email: str | None = None) -> list[str]:
    """The codes that are on their way, the oldest first."""
    texts = [
        mail["subject"]
        for mail in reversed(mails(served, MailKind.CODE))
        if email in {None, mail["to"]["email"]}
    ]
    return [text.split()[0] for text in texts]


def mails(served: Served, kind: MailKind | None = None, most: int = 100) -> list[dict[str, Any]]:
    """What is or was mailed, the newest first, as its reader would see it."""
    address = f"/api/v1/outbox?pageSize={most}" + (f"&kind={kind}" if kind else "")
    listed = served.client.get(address, headers=served.key).json()["data"]
    return [
        served.client.get(f"/api/v1/outbox/{mail['id']}", headers=served.key).json()["data"]
        for mail in listed
    ]


def applications(served: Served) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = served.client.get(
        "/api/v1/applications?pageSize=100", headers=served.key
    ).json()["data"]
    return listed


def sentences(answer: Any) -> str:  # noqa: ANN401
    """The words of a page."""
    text = re.sub(
        r"<(?:head|ul class=\"langs\").*?</(?:head|ul)>", " ", answer.text, flags=re.DOTALL
    )
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())
