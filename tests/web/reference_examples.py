"""The examples of the three references as one table: what is sent, and what every field answers.

`{names}` stand for ids that earlier examples, or the world they run in, have made; `keeps` gives
one to later examples.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.web.native_client import PARTICIPANT, PROFILE, STAGES, TEMPLATE
from tests.web.reference_fields import (
    CAMPAIGN,
    CANDIDATE,
    CREATE,
    EVALUATION,
    JOB,
    META,
    MOJITO_REQUIRED,
    MOJITO_WHOLE,
    NEW_INTERVIEW,
    PROFILE_ANSWER,
    RATING,
    REPORT,
    SESSION_READ,
    SUMMARY,
    TEMPLATE_ANSWER,
    TURN,
    maybe,
)


@dataclass(frozen=True)
class Example:
    """`partial` says only some fields of an answer that another example has whole."""

    reference: str
    shows: str
    method: str
    path: str
    answer: dict[str, Any]
    body: dict[str, Any] | None = None
    query: dict[str, str] = field(default_factory=dict)
    status: int = 200
    at: dict[str, str] = field(default_factory=dict)  # which id a part of the path stands for
    keeps: str = ""
    partial: bool = False


INTERVYO_CONCEPTS, INTERVYO_SESSIONS = "intervyo-concepts", "intervyo-sessions"
EVALYO, JOBMOJITO = "evalyo-interviews", "jobmojito-create-from-questions"
CONTRACT = "the HTTP contracts"  # what no reference shows an example of

# fmt: off
EXAMPLES = (
    Example(
        INTERVYO_CONCEPTS, "an agent profile", "POST", "/api/v1/agent-profiles",
        PROFILE_ANSWER, PROFILE, status=201, keeps="profile", partial=True,
    ),
    Example(
        INTERVYO_CONCEPTS, "an evaluation template", "POST", "/api/v1/evaluation-templates",
        TEMPLATE_ANSWER, TEMPLATE, status=201, keeps="template", partial=True,
    ),
    *(
        Example(
            INTERVYO_CONCEPTS, f"the stage {stage['stage_name']}", "POST",
            "/api/v1/evaluation-stages",
            {**stage, "id": str, "stage_order": order, "agent_profile_id": "{profile}",
             "allow_retake": False, "automation_rule": stage.get("automation_rule", "none")},
            {**stage, "evaluation_template_id": "{template}", "agent_profile_id": "{profile}"},
            status=201, keeps=f"stage_{order}", partial=True,
        )
        for order, stage in enumerate(STAGES)
    ),
    Example(
        INTERVYO_CONCEPTS, "a participant", "POST", "/api/v1/participants",
        {**PARTICIPANT, "profile": {**PARTICIPANT["profile"], "organization": None,
                                    "location": None},
         "background": {"skills": [], "education": None, "languages": []}, "id": str},
        {**PARTICIPANT, "evaluation_template_id": "{template}"},
        status=201, keeps="participant", partial=True,
    ),
    Example(
        INTERVYO_SESSIONS, "a session is scheduled", "POST", "/api/v1/sessions",
        {"id": str, "status": "scheduled", "candidate_id": "{participant}",
         "evaluation_template_id": "{template}", "stage": "screen", "join_url": str,
         "score": None, "recommendation": None, "transcript": []},
        {"candidate_id": "{participant}", "evaluation_template_id": "{template}",
         "stage": "screen"},
        status=201, keeps="session", partial=True,
    ),
    Example(
        INTERVYO_SESSIONS, "reading a session that was scored", "GET",
        "/api/v1/sessions/{session_id}", SESSION_READ, at={"session_id": "finished"},
        partial=True,
    ),
    Example(
        CONTRACT, "a candidate of an applicant system", "POST", "/api/v1/candidates", CANDIDATE,
        {name: value for name, value in CANDIDATE.items() if name not in {"id", "createdAt"}},
        status=201, keeps="candidate",
    ),
    Example(
        CONTRACT, "the same candidate", "GET", "/api/v1/candidates/{candidate_id}", CANDIDATE
    ),
    Example(
        CONTRACT, "a candidate with another source", "PATCH",
        "/api/v1/candidates/{candidate_id}",
        {**CANDIDATE, "source": "fair"}, {"source": "fair"},
    ),
    Example(
        CONTRACT, "candidates by address and job", "GET", "/api/v1/candidates",
        {"data": list, "meta": {**META, "total": 0, "totalPages": 0}},
        query={"email": "mira@example.org", "jobId": "{template}"},
    ),
    Example(
        CONTRACT, "a job", "POST", "/api/v1/jobs", JOB,
        {"title": "Platform engineer", "questions": ["What did you build last?"],
         "description": "Keeps services up.", "location": "remote", "language": "en",
         "status": "ACTIVE", "seniority": "senior", "configId": "{config}"},
        status=201, keeps="job",
    ),
    Example(CONTRACT, "the same job", "GET", "/api/v1/jobs/{job_id}", JOB),
    Example(
        CONTRACT, "a job with another title", "PATCH", "/api/v1/jobs/{job_id}",
        {**JOB, "title": "Reliability engineer"}, {"title": "Reliability engineer"},
    ),
    Example(
        CONTRACT, "jobs in use", "GET", "/api/v1/jobs",
        {"data": [{**JOB, "title": str, "seniority": str, "configId": str,
                   "location": maybe(str), "questions": list}], "meta": META},
        query={"status": "ACTIVE"},
    ),
    Example(
        CONTRACT, "a hiring process", "POST", "/api/v1/campaigns", CAMPAIGN,
        {"name": "Autumn hiring", "jobId": "{job}", "description": "Two places",
         "status": "ACTIVE", "startsAt": "2026-06-01T00:00:00Z",
         "endsAt": "2026-09-01T00:00:00Z"},
        status=201, keeps="campaign",
    ),
    Example(
        CONTRACT, "the same hiring process", "GET", "/api/v1/campaigns/{campaign_id}", CAMPAIGN
    ),
    Example(
        CONTRACT, "a hiring process with another end", "PATCH",
        "/api/v1/campaigns/{campaign_id}",
        {**CAMPAIGN, "endsAt": "2026-10-01T00:00:00.000Z"}, {"endsAt": "2026-10-01T00:00:00Z"},
    ),
    Example(
        CONTRACT, "open hiring processes of a job", "GET", "/api/v1/campaigns",
        {"data": [CAMPAIGN], "meta": {**META, "total": 1, "totalPages": 1}},
        query={"status": "ACTIVE", "jobId": "{job}"},
    ),
    Example(
        EVALYO, "an interview of the required fields", "POST", "/api/v1/interviews",
        {**NEW_INTERVIEW, "expiresAt": "2026-06-09T07:48:31.000Z", "campaignId": None},
        {"candidateId": "{candidate}", "jobId": "{job}"}, status=201, keeps="plain",
    ),
    Example(
        EVALYO, "an interview of all fields", "POST", "/api/v1/interviews",
        {**NEW_INTERVIEW, "status": "DRAFT", "expiresAt": "2026-06-20T23:59:59.000Z",
         "campaignId": "{campaign}", "configId": "{config}"},
        {"candidateId": "{candidate}", "jobId": "{job}", "campaignId": "{campaign}",
         "stageId": "{job_stage}", "configId": "{config}", "sendInvite": False,
         "expiresAt": "2026-06-20T23:59:59Z"},
        status=201, keeps="interview",
    ),
    Example(
        EVALYO, "a list of interviews", "GET", "/api/v1/interviews",
        {"data": [SUMMARY], "meta": META},
    ),
    Example(
        EVALYO, "a list by status, job and hiring process", "GET", "/api/v1/interviews",
        {"data": [{**SUMMARY, "id": "{interview}"}], "meta": {**META, "pageSize": 1}},
        query={"page": "1", "pageSize": "1", "status": "DRAFT", "jobId": "{job}",
               "campaignId": "{campaign}"},
    ),
    Example(
        CONTRACT, "a token for one interview", "POST", "/api/interviews/{interview_id}/token",
        {"token": str, "interviewId": "{interview}", "expiresAt": str}, {}, status=201,
    ),
    Example(
        EVALYO, "the agent's question", "POST", "/api/interviews/{interview_id}/turns",
        {**TURN, "turnNumber": 1, "role": "agent", "isPendingQuestion": True,
         "audioUrl": "https://files.example.org/1.ogg", "evaluation": None},
        {"turnNumber": 1, "role": "agent", "content": "What did you build last?",
         "audioUrl": "https://files.example.org/1.ogg", "isPendingQuestion": True},
        status=201,
    ),
    Example(
        EVALYO, "the candidate's answer, in progress", "POST",
        "/api/interviews/{interview_id}/turns",
        {**TURN, "turnNumber": 2, "role": "candidate", "content": "", "audioUrl": None,
         "isPendingQuestion": False, "evaluation": RATING},
        {"turnNumber": 2, "role": "candidate", "evaluation": RATING}, status=201,
    ),
    Example(
        EVALYO, "the answer's final words", "PATCH",
        "/api/interviews/{interview_id}/turns/{turn_number}",
        {**TURN, "turnNumber": 2, "content": "A scheduler.",
         "audioUrl": "https://files.example.org/2.ogg", "evaluation": {"scores": {"clarity": 5}}},
        {"content": "A scheduler.", "audioUrl": "https://files.example.org/2.ogg",
         "evaluation": {"scores": {"clarity": 5}}},
    ),
    Example(
        EVALYO, "the history of turns", "GET", "/api/interviews/{interview_id}/history",
        {"interviewId": "{interview}", "status": "IN_PROGRESS", "turns": [TURN]},
    ),
    Example(
        EVALYO, "finalizing", "POST", "/api/interviews/{interview_id}/finalize",
        {**NEW_INTERVIEW, "status": "COMPLETED", "campaignId": "{campaign}",
         "interviewUrl": None, "startedAt": str, "endedAt": "2026-06-02T07:48:31.000Z",
         "durationSeconds": int, "transcript": [TURN], "reportId": "{interview}",
         "audioUrl": "https://files.example.org/all.ogg", "reportStatus": "GENERATING"},
        {"endedAt": "2026-06-02T07:48:31Z", "audioUrl": "https://files.example.org/all.ogg",
         "generateReport": True},
    ),
    Example(
        EVALYO, "an interview with evaluation and transcript", "GET",
        "/api/v1/interviews/{interview_id}",
        {**SUMMARY, "id": "{finished}", "status": "COMPLETED", "overallScore": 8.2,
         "recommendation": "hire", "reportId": "{finished}", "startedAt": str, "endedAt": str,
         "durationSeconds": 61, "evaluation": EVALUATION, "transcript": [TURN],
         "audioUrl": maybe(str)},
        at={"interview_id": "finished"},
    ),
    Example(
        EVALYO, "the report of an interview", "GET", "/api/v1/reports/{report_id}", REPORT,
        at={"report_id": "finished"},
    ),
    Example(
        JOBMOJITO, "an interview of the required fields", "POST", CREATE,
        {"interview_def_set_id": str}, MOJITO_REQUIRED, status=201, keeps="def_set",
    ),
    Example(
        JOBMOJITO, "an embedded interview of all fields", "POST", CREATE,
        {"interview_def_set_id": str, "embed_id": str, "embed_signing_key": str},
        MOJITO_WHOLE, status=201, keeps="whole",
    ),
    Example(
        CONTRACT, "the interviewers to choose from", "GET", "/functions/v1/merchant-avatar-list",
        {"data": [{"id": str, "interview_template_id": str, "name": str, "description": str}]},
    ),
    *(
        Example(CONTRACT, f"removing a {name}", "DELETE", path, {}, status=204)
        for name, path in {
            "hiring process": "/api/v1/campaigns/{campaign_id}",
            "job": "/api/v1/jobs/{job_id}",
            "candidate": "/api/v1/candidates/{candidate_id}",
        }.items()
    ),
)
# fmt: on
