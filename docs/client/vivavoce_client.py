"""A thin client of the HTTP API: one file for what it does, one for its types. It needs httpx.

    from vivavoce_client import Vivavoce

    with Vivavoce("https://interviews.example.org", api_key) as vivavoce:
        for session in vivavoce.sessions.all(status="completed"):
            print(session["candidate_id"], session["score"])

Every object is a plain dictionary whose fields the types name. Errors are `VivavoceError`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, Self, TypeVar, cast

import httpx
from vivavoce_types import (
    AgentProfile,
    AgentProfileBody,
    AgentProfileChange,
    ApiKey,
    ApiKeyBody,
    Application,
    DecisionBody,
    Embed,
    EmbedBody,
    EndpointBody,
    EndpointPatch,
    EvaluationStage,
    EvaluationTemplate,
    NewApiKey,
    NewEmbed,
    NewWebhookEndpoint,
    OriginsBody,
    Participant,
    ParticipantBody,
    ParticipantChange,
    RejectionBody,
    Session,
    SessionBody,
    SessionSummary,
    StageBody,
    StageChange,
    TemplateBody,
    TemplateChange,
    WebhookDelivery,
    WebhookDeliveryDetails,
    WebhookEndpoint,
)

PAGE_SIZE = 100
Row = TypeVar("Row", bound=Mapping[str, Any])  # in a list
Whole = TypeVar("Whole", bound=Mapping[str, Any])  # alone
Made = TypeVar("Made", bound=Mapping[str, Any])  # just made, with what is shown once
Body = TypeVar("Body", bound=Mapping[str, Any])
Change = TypeVar("Change", bound=Mapping[str, Any])


class VivavoceError(Exception):
    """`code` is for programs, the text for people; `issues` lead to what is wrong."""

    def __init__(self, answer: httpx.Response) -> None:
        told = answer.json()
        super().__init__(f"{answer.status_code} {told['code']}: {told['error']}")
        self.status = answer.status_code
        self.code: str = told["code"]
        self.issues: list[dict[str, Any]] = told["issues"]
        self.request_id = answer.headers["x-request-id"]


class Connection:
    def __init__(self, origin: str, api_key: str, timeout: float) -> None:
        headers = {"x-api-key": api_key}
        self.http = httpx.Client(base_url=f"{origin}/api/v1", headers=headers, timeout=timeout)

    def send(self, method: str, path: str, **request: Any) -> Any:  # noqa: ANN401
        """The answer as JSON; None of an answer without content. Raises `VivavoceError`."""
        answer = self.http.request(method, path, **request)
        if answer.is_error:
            raise VivavoceError(answer)
        return answer.json() if answer.content else None


class Listed(Generic[Row, Whole]):
    """What can be listed and read."""

    def __init__(self, connection: Connection, path: str) -> None:
        self._connection = connection
        self._path = path

    def page(self, number: int = 1, **filters: str) -> tuple[list[Row], int]:
        """One page, and how many there are in all."""
        query = {**filters, "page": str(number), "pageSize": str(PAGE_SIZE)}
        answer = self._connection.send("GET", self._path, params=query)
        return answer["data"], answer["meta"]["total"]

    def all(self, **filters: str) -> Iterator[Row]:
        """All of them, page after page."""
        number, rows = 1, [cast("Row", {})]
        while rows:
            rows, total = self.page(number, **filters)
            yield from rows
            if number * PAGE_SIZE >= total:
                return
            number += 1

    def get(self, identifier: str) -> Whole:
        return cast("Whole", self._data("GET", identifier))

    def _data(self, method: str, place: str = "", **request: Any) -> Any:  # noqa: ANN401
        path = f"{self._path}/{place}" if place else self._path
        answer = self._connection.send(method, path, **request)
        return None if answer is None else answer["data"]


class Editable(Listed[Row, Whole], Generic[Row, Whole, Made, Body, Change]):
    """What can be made, changed and removed too."""

    def create(self, body: Body) -> Made:
        return cast("Made", self._data("POST", json=body))

    def change(self, identifier: str, change: Change, *, seen: str | None = None) -> Whole:
        """What is not named stays. `seen` is an ETag: 409 when somebody was faster."""
        headers = {"if-match": seen} if seen else {}
        return cast("Whole", self._data("PATCH", identifier, json=change, headers=headers))

    def delete(self, identifier: str) -> None:
        self._data("DELETE", identifier)


class Applications(Listed[Application, Application]):
    def approve(self, identifier: str, ruling: DecisionBody) -> Application:
        return cast("Application", self._data("POST", f"{identifier}/approve", json=ruling))

    def reject(self, identifier: str, ruling: RejectionBody) -> Application:
        """Only a person rejects, and is named."""
        return cast("Application", self._data("POST", f"{identifier}/reject", json=ruling))

    def withdraw(self, identifier: str, ruling: DecisionBody) -> Application:
        return cast("Application", self._data("POST", f"{identifier}/withdraw", json=ruling))


class Sessions(Listed[SessionSummary, Session]):
    def create(self, body: SessionBody) -> Session:
        """The same `idempotency_key` answers with the first session."""
        return cast("Session", self._data("POST", json=body))

    def cancel(self, identifier: str) -> Session:
        return cast("Session", self._data("POST", f"{identifier}/cancel"))


class Embeds(Editable[Embed, Embed, NewEmbed, EmbedBody, OriginsBody]):
    def rotate(self, identifier: str) -> NewEmbed:
        return cast("NewEmbed", self._data("POST", f"{identifier}/rotate"))


class ApiKeys(Listed[ApiKey, ApiKey]):
    def create(self, body: ApiKeyBody) -> NewApiKey:
        return cast("NewApiKey", self._data("POST", json=body))

    def revoke(self, identifier: str) -> None:
        self._data("DELETE", identifier)


class WebhookEndpoints(
    Editable[WebhookEndpoint, WebhookEndpoint, NewWebhookEndpoint, EndpointBody, EndpointPatch]
):
    def rotate(self, identifier: str) -> NewWebhookEndpoint:
        return cast("NewWebhookEndpoint", self._data("POST", f"{identifier}/rotate"))


class WebhookDeliveries(Listed[WebhookDelivery, WebhookDeliveryDetails]):
    def replay(self, identifier: str) -> WebhookDeliveryDetails:
        return cast("WebhookDeliveryDetails", self._data("POST", f"{identifier}/replay"))


class Vivavoce:
    """`origin` is the instance, such as `https://interviews.example.org`."""

    def __init__(self, origin: str, api_key: str, *, timeout: float = 30.0) -> None:
        self.connection = connection = Connection(origin, api_key, timeout)
        self.agent_profiles: Editable[
            AgentProfile, AgentProfile, AgentProfile, AgentProfileBody, AgentProfileChange
        ] = Editable(connection, "/agent-profiles")
        self.evaluation_templates: Editable[
            EvaluationTemplate,
            EvaluationTemplate,
            EvaluationTemplate,
            TemplateBody,
            TemplateChange,
        ] = Editable(connection, "/evaluation-templates")
        self.evaluation_stages: Editable[
            EvaluationStage, EvaluationStage, EvaluationStage, StageBody, StageChange
        ] = Editable(connection, "/evaluation-stages")
        self.participants: Editable[
            Participant, Participant, Participant, ParticipantBody, ParticipantChange
        ] = Editable(connection, "/participants")
        self.applications = Applications(connection, "/applications")
        self.sessions = Sessions(connection, "/sessions")
        self.embeds = Embeds(connection, "/embeds")
        self.api_keys = ApiKeys(connection, "/api-keys")
        self.webhook_endpoints = WebhookEndpoints(connection, "/webhook-endpoints")
        self.webhook_deliveries = WebhookDeliveries(connection, "/webhook-deliveries")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.http.close()
