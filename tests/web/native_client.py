"""The native API as a recruiter's system calls it."""

from dataclasses import dataclass
from typing import Any

from tests.web.served import Served

PROFILE: dict[str, Any] = {
    "name": "Senior Backend Interviewer",
    "persona": "Alex, a staff engineer assessing backend depth.",
    "useCase": "hiring",
    "evaluationDimensions": [
        {"name": "System Design", "description": "Scalable architecture", "weight": 50},
        {"name": "Coding", "description": "Correctness & clarity", "weight": 30},
        {"name": "Communication", "description": "Explains trade-offs", "weight": 20},
    ],
    "interaction": {"tone": "professional", "difficulty": "hard", "probingDepth": "high"},
}
TEMPLATE: dict[str, Any] = {
    "template_name": "Senior Backend Engineer",
    "use_case": "hiring",
    "objective": "Assess whether the candidate can own backend system design.",
    "skills": ["Go", "PostgreSQL", "Distributed Systems"],
    "soft_skills": ["Communication", "Ownership"],
}
STAGES: list[dict[str, Any]] = [
    {
        "stage_name": "Phone Screen",
        "stage_type": "ai_interview",
        "pass_threshold": 60,
        "automation_rule": "auto_advance",
    },
    {
        "stage_name": "Technical",
        "stage_type": "ai_interview",
        "pass_threshold": 75,
        "automation_rule": "require_reviewer_approval",
    },
    {"stage_name": "Final", "stage_type": "final_review", "pass_threshold": 80},
]
PARTICIPANT: dict[str, Any] = {
    "name": "Jane Smith",
    "email": "jane@example.com",
    "external_id": "greenhouse-8821",
    "profile": {"title": "Software Engineer", "experienceLevel": "senior"},
    "resume_url": "https://files.example.com/jane-resume.pdf",
    "tags": ["senior", "backend"],
}


@dataclass(frozen=True)
class Native:
    served: Served
    key: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"x-api-key": self.key} if self.key else self.served.key

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:  # noqa: ANN401
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.served.client.request(
            method, f"/api/v1{path}", json=body, headers={**self.headers, **names}
        )

    def get(self, path: str) -> Any:  # noqa: ANN401
        return self.send("GET", path)

    def post(self, path: str, body: Any = None) -> Any:  # noqa: ANN401
        return self.send("POST", path, body)

    def patch(self, path: str, body: Any, **headers: str) -> Any:  # noqa: ANN401
        return self.send("PATCH", path, body, **headers)

    def made(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.post(path, body)
        assert answer.status_code == 201, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    def profile(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
        return self.made("/agent-profiles", {**PROFILE, **changes})

    def template(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
        return self.made("/evaluation-templates", {**TEMPLATE, **changes})

    def stage(self, template_id: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
        body = {**STAGES[0], "evaluation_template_id": template_id, **changes}
        return self.made("/evaluation-stages", body)

    def participant(self, template_id: str | None, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
        body = {**PARTICIPANT, "evaluation_template_id": template_id, **changes}
        return self.made("/participants", body)

    def order(self, template_id: str, candidate_id: str, **changes: Any) -> Any:  # noqa: ANN401
        """The answer to ordering a session."""
        body = {
            "candidate_id": candidate_id,
            "evaluation_template_id": template_id,
            "stage": "screen",
            **changes,
        }
        return self.post("/sessions", body)


def paths(answer: Any) -> list[list[str]]:  # noqa: ANN401
    return [issue["path"] for issue in answer.json()["issues"]]
