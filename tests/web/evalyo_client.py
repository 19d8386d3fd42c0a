"""A client of the Evalyo contract, in which only the base address and the credentials are ours."""

from dataclasses import dataclass
from typing import Any

from tests.web.served import Served
from tests.web.test_native_api import call


@dataclass(frozen=True)
class Evalyo:
    served: Served

    @property
    def secret(self) -> dict[str, str]:
        return {"x-agent-secret": self.served.world.founded.agent_secret}

    @property
    def job_id(self) -> str:
        return self.served.world.template.id

    def get(self, path: str, **query: Any) -> Any:  # noqa: ANN401
        return self.served.client.get(path, params=query, headers=self.served.key)

    def post(self, path: str, body: Any) -> Any:  # noqa: ANN401
        return self.served.client.post(path, json=body, headers=self.served.key)

    def patch(self, path: str, body: Any) -> Any:  # noqa: ANN401
        return self.served.client.patch(path, json=body, headers=self.served.key)

    def candidate_id(self, email: str = "alex@example.org") -> str:
        schedule = self.served.world.services.sessions.schedule
        organization_id = self.served.world.organization_id
        record = call(self.served, schedule, organization_id, self.job_id, "Alex Moreau", email)
        participant_id: str = record.session.participant_id
        return participant_id

    def interview(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
        candidate_id = changes.pop("candidateId", None) or self.candidate_id()
        body = {"candidateId": candidate_id, "jobId": self.job_id, **changes}
        answer = self.post("/api/v1/interviews", body)
        assert answer.status_code == 201, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    def turn(self, interview_id: str, number: int, role: str, content: str, **more: Any) -> Any:  # noqa: ANN401
        body = {"turnNumber": number, "role": role, "content": content, **more}
        return self.tell(interview_id, body)

    def tell(self, interview_id: str, body: Any) -> Any:  # noqa: ANN401
        path = f"/api/interviews/{interview_id}/turns"
        return self.served.client.post(path, json=body, headers=self.secret)

    def correct(self, interview_id: str, number: int | str, body: Any) -> Any:  # noqa: ANN401
        path = f"/api/interviews/{interview_id}/turns/{number}"
        return self.served.client.patch(path, json=body, headers=self.secret)

    def history(self, interview_id: str) -> Any:  # noqa: ANN401
        path = f"/api/interviews/{interview_id}/history"
        return self.served.client.get(path, headers=self.secret)

    def finalize(self, interview_id: str, **body: Any) -> Any:  # noqa: ANN401
        path = f"/api/interviews/{interview_id}/finalize"
        return self.served.client.post(path, json=body, headers=self.secret)
