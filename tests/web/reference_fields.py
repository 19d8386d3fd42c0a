"""What the three references say of fields: the objects that are sent, and patterns of the answers.

An expected value is a type, a set of allowed values, `maybe(...)` for one that may be null, a list
of one pattern for all its items, an object of patterns, or the value itself.
"""

from dataclasses import dataclass
from types import NoneType
from typing import Any

from tests.web.native_client import PROFILE, TEMPLATE


@dataclass(frozen=True)
class AnyOf:
    patterns: tuple[Any, ...]


def maybe(pattern: Any) -> AnyOf:  # noqa: ANN401
    return AnyOf((pattern, NoneType))


STATUS = {"DRAFT", "INVITED", "IN_PROGRESS", "COMPLETED", "CANCELLED", "EXPIRED"}
META = {"page": 1, "pageSize": 20, "total": int, "totalPages": int}
NUMBER = AnyOf((int, float))

DIMENSION = {"name": str, "description": str, "weight": NUMBER}
PROFILE_ANSWER = {
    **PROFILE,
    "id": str,
    "evaluationDimensions": [DIMENSION],
    "interaction": {**PROFILE["interaction"], "style": "structured"},
    "scoring": {"scale": "0-10", "scoringMethod": "weighted_average", "recommendationLogic": None},
    "context": {"organizationContext": "", "domainContext": "", "scenarioContext": ""},
    "output": {
        "includeTranscript": True,
        "includeScoreBreakdown": True,
        "includeRecommendation": True,
        "includeImprovementFeedback": True,
    },
}
TEMPLATE_ANSWER = {
    **TEMPLATE,
    "id": str,
    "success_outcome": "hire_no_hire",
    "requirements": str,
    "default_duration_minutes": 30,
    "default_difficulty": "intermediate",
    "default_session_mode": "live_ai_interview",
}
SESSION_READ = {
    "id": str,
    "status": "completed",
    "evaluation_template_id": str,
    "candidate_id": str,
    "stage": str,
    "score": float,
    "passed": True,
    "recommendation": "hire",
    "ai_feedback": str,
    "evaluation_breakdown": [{"name": str, "score": float, "feedback": str}],
    "duration_seconds": int,
    "started_at": str,
    "ended_at": str,
}

TURN = {
    "turnNumber": int,
    "role": {"agent", "candidate"},
    "content": str,
    "audioUrl": maybe(str),
    "isPendingQuestion": bool,
    "evaluation": maybe(dict),
    "startMs": int,
    "endMs": int,
}
CRITERION = {
    "name": str,
    "score": NUMBER,
    "weight": NUMBER,
    "level": int,
    "spread": int,
    "feedback": str,
    "citations": [{"turnNumber": int, "quote": str, "startMs": int, "endMs": int}],
}
EVALUATION = {
    "overallScore": 8.2,
    "passed": True,
    "recommendation": "hire",
    "summary": str,
    "coverage": NUMBER,
    "reasons": list,
    "criteria": [CRITERION],
}
SUMMARY = {
    "id": str,
    "status": STATUS,
    "failureReason": maybe(str),
    "candidateId": str,
    "jobId": str,
    "campaignId": maybe(str),
    "stageId": maybe(str),
    "configId": maybe(str),
    "language": "en",
    "interviewUrl": maybe(str),
    "createdAt": str,
    "scheduledAt": maybe(str),
    "expiresAt": maybe(str),
    "startedAt": maybe(str),
    "endedAt": maybe(str),
    "durationSeconds": maybe(int),
    "overallScore": maybe(float),
    "recommendation": maybe(str),
    "reportId": maybe(str),
}
NEW_INTERVIEW = {
    **SUMMARY,
    "status": "INVITED",
    "candidateId": "{candidate}",
    "jobId": "{job}",
    "evaluation": None,
    "transcript": [],
    "audioUrl": None,
    "reportId": None,
}
JOB = {
    "id": str,
    "title": "Platform engineer",
    "description": str,
    "location": "remote",
    "language": "en",
    "status": "ACTIVE",
    "seniority": "senior",
    "configId": "{config}",
    "durationMinutes": int,
    "questions": [str],
}
CAMPAIGN = {
    "id": str,
    "name": "Autumn hiring",
    "jobId": "{job}",
    "description": "Two places",
    "status": "ACTIVE",
    "startsAt": str,
    "endsAt": str,
    "createdAt": str,
}
CANDIDATE = {
    "id": str,
    "firstName": "Mira",
    "lastName": "Okafor",
    "email": "mira@example.org",
    "phone": "+49 30 901820",
    "locale": "de",
    "cvUrl": "https://files.example.org/mira.pdf",
    "source": "careers page",
    "externalId": "ats-77",
    "createdAt": str,
}
REPORT = {
    **EVALUATION,
    "id": "{finished}",
    "interviewId": "{finished}",
    "candidateId": str,
    "jobId": str,
    "campaignId": None,
    "status": str,
    "turnEvaluations": list,
    "evidence": dict,
    "createdAt": str,
}
RATING = {"scores": {"clarity": 4}, "flags": ["concrete"]}

ALTERNATIVES = ("Unclear aims", "Too few people")
QUESTION_ASKED = {
    "question": "What makes a project late, in your experience?",
    "id": "late",
    "duration": 120,
    "mojito_language_code": "en",
    "label": "Delivery",
    "is_conditional": False,
    "is_without_scoring": False,
    "is_candidate_asking_recruiter": False,
    "is_expert": False,
    "is_multiple_choice": True,
    "question_alternatives": list(ALTERNATIVES),
    "knowledge_base_id": "{store}",
    "external_id": "q-1",
    "external_data": {"sheet": 4},
    "candidate_expectations_json": {"must": ["names a cause"]},
}
QUESTION_AFTER = {
    "question": "And what did you change afterwards?",
    "is_conditional": True,
    "conditional_question_main_id": "late",
}
MOJITO_REQUIRED = {
    "name": "Project manager",
    "location": "remote",
    "interview_template_id": "{config}",
    "mojito_language_code": "en",
    "description": "Leads projects from the first estimate to the handover.",
    "status": "active",
    "type": "interview",
    "visibility": "merchant_public",
    "questions": [{"question": "Which project are you proudest of?"}],
}
MOJITO_WHOLE = {
    **MOJITO_REQUIRED,
    "questions": [QUESTION_ASKED, QUESTION_AFTER],
    "recording": "video_all",
    "recording_full_session": "video_all",
    "interview_type": "pre-screening-with-test-questions",
    "seniority_level": "senior",
    "result_view": "full",
    "candidate_video_introduction": "optional",
    "interview_tone": "professional",
    "interview_attempts": 1,
    "questions_random_subset": 0.5,
    "code": "PM-2026-04",
    "knowledge_base_store_id": "{store}",
    "cover_image_url": "https://files.example.org/cover.png",
    "merchant_id": "{merchant}",
    "description_long": "The longer story of the role.",
    "candidate_expectations": "Plans backwards from the date.",
    "candidate_expectations_json": {"must": ["plans backwards"]},
    "custom_scoring": {"clarity": 30},
    "additional_context": "The team works in two places.",
    "instructional_video": True,
    "instructional_video_custom_text": "How to begin",
    "disable_deduplication": True,
    "welcome_message": "Good that you are here.",
    "thank_you_message": "Thank you for your time.",
    "is_embedded": True,
}
CREATE = "/functions/v1/job-interview-create-from-array"
