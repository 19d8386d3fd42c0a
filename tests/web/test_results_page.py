from collections.abc import Mapping
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from vivavoce.core.errors import Forbidden, NotFound
from vivavoce.core.transcript import TurnLedger
from vivavoce.web.results.routes import results_routes
from vivavoce.web.results.view import UNKNOWN, SessionResult, clock, result_page


def spoken(text: str, start_ms: int, end_ms: int) -> list[dict[str, Any]]:
    """Words spread evenly over a turn."""
    words = text.split()
    step = (end_ms - start_ms) / len(words)
    return [
        {
            "text": word,
            "start_ms": round(start_ms + index * step),
            "end_ms": round(start_ms + (index + 1) * step),
        }
        for index, word in enumerate(words)
    ]


def turn(number: int, speaker: str, span: tuple[int, int], text: str) -> dict[str, Any]:
    found = {"turn": number, "speaker": speaker, "text": text}
    times = {"start_ms": span[0], "end_ms": span[1]}
    words = spoken(text, *span) if speaker == "participant" else []
    return {**found, **times, "words": words}


MIGRATION = (
    "We moved billing out of the monolith while it kept running. I wrote every change twice, to "
    "the old tables and to the new ones, and compared them each night. After two weeks without a "
    "difference we switched the readers, one service at a time."
)
ON_CALL = (
    "Mostly before the customers did. I was on call for it, and the nightly comparison paged me "
    "twice; both times a rounding rule was missing on one side."
)
SPANS = {3: (21_000, 39_000), 5: (52_000, 66_000)}
TEXTS = {3: MIGRATION, 5: ON_CALL}


def citation(turn: int, quote: str) -> dict[str, Any]:
    words = spoken(TEXTS[turn], *SPANS[turn])
    first = len(TEXTS[turn].split(quote)[0].split())
    last = first + len(quote.split()) - 1
    times = {"start_ms": words[first]["start_ms"], "end_ms": words[last]["end_ms"]}
    return {"turn": turn, "quote": quote, **times}


COMPARED = citation(3, "compared them each night")

SCORED: dict[str, Any] = {
    "id": "ses_1",
    "status": "completed",
    "evaluation_template_id": "tpl_1",
    "candidate_id": "par_1",
    "external_id": "a-17",
    "stage": "interview",
    "language": "en",
    "channel": "embed",
    "join_url": None,
    "score": None,
    "passed": None,
    "recommendation": "needs_human_review",
    "ai_feedback": "The candidate described a careful move: “compared them each night”.\n\n"
    "Ask next what happened when a comparison failed.",
    "reasons": ["The embedded interviewer collects evidence and gives no ratings."],
    "coverage": 0.6,
    "evaluation_breakdown": [
        {
            "name": "Technical depth",
            "score": 7.5,
            "weight": 40,
            "level": 4,
            "spread": 0,
            "feedback": "Names a method and how it was verified.",
            "citations": [COMPARED],
        },
        {
            "name": "Ownership",
            "score": 7.5,
            "weight": 35,
            "level": 4,
            "spread": 1,
            "feedback": "Describes what the candidate did, not only what the team did.",
            "citations": [citation(5, "I was on call"), citation(3, "I wrote every change")],
        },
        {
            "name": "Working with others",
            "score": None,
            "weight": 25,
            "level": None,
            "spread": 0,
            "feedback": "Nothing in the answers speaks to this.",
            "citations": [],
        },
    ],
    "transcript": [
        turn(
            1, "ai", (0, 9_000), "Welcome. I am an automated interviewer; a person decides later."
        ),
        turn(2, "ai", (9_200, 17_500), "Tell me about a migration that you are proud of."),
        turn(3, "participant", SPANS[3], MIGRATION),
        turn(4, "ai", (39_400, 45_000), "How did you notice when something went wrong?"),
        turn(5, "participant", SPANS[5], ON_CALL),
        turn(6, "ai", (66_300, 74_000), "Thank you. That was my last question."),
    ],
    "recording_url": "http://localhost:8000/recording?expires=1&signature=x",
    "authenticity_signals": {
        "tab_switches": 1,
        "paste_events": 0,
        "voice_spoofing_flags": 0,
        "screen_share_detections": 0,
        "events": [{"kind": "tab_hidden", "at_ms": 47_000}],
    },
    "duration_seconds": 74,
    "scheduled_at": None,
    "started_at": "2025-11-21T09:30:00Z",
    "ended_at": "2025-11-21T09:31:14Z",
    "scored_at": "2025-11-21T09:31:20Z",
    "evidence": {
        "rubric_version": 1,
        "prompt_hash": "9f2c61d0",
        "model": "rule-based interviewer",
        "transcriber": "pocketsphinx",
        "synthesizer": "espeak-ng",
    },
}
WAITING: dict[str, Any] = {
    **SCORED,
    "id": "ses_2",
    "status": "in_progress",
    "transcript": SCORED["transcript"][:2],
    "recommendation": None,
    "ai_feedback": None,
    "reasons": [],
    "coverage": None,
    "evaluation_breakdown": [],
    "recording_url": None,
    "duration_seconds": None,
    "ended_at": None,
    "scored_at": None,
}
BROKEN_OFF: dict[str, Any] = {**WAITING, "id": "ses_3", "status": "failed"}
LEDGER = (
    TurnLedger(3, "smart_turn", 96, 210, 260, 290, 330, 410, 470),
    TurnLedger(5, "silence", 96, 480, 510, None, 520, 590, 640, interruptions=1),
)


class HandmadeResults:
    """Three sessions of one organization; the only valid link ends in `signature=good`."""

    def __init__(self) -> None:
        self.sessions = {
            each["id"]: SessionResult(each, "Backend engineer", name, LEDGER)
            for each, name in (
                (WAITING, "Noor Haddad"),
                (SCORED, "Robin Vale"),
                (BROKEN_OFF, "<b>Sam</b>"),
            )
        }

    async def newest(self, organization_id: str) -> tuple[SessionResult, ...]:
        return tuple(self.sessions.values())

    async def one(self, organization_id: str, session_id: str) -> SessionResult:
        if session_id not in self.sessions:
            raise NotFound("session_not_found", "There is no such session.")
        return self.sessions[session_id]

    def verify(self, path: str, query: Mapping[str, str]) -> str:
        if query.get("signature") != "good":
            raise Forbidden("link_expired", "This link has expired.")
        return "org_1"

    def link(self, path: str, query: Mapping[str, str]) -> str:
        return f"{path}?signature=good"


@pytest.fixture
def pages() -> TestClient:
    return TestClient(Starlette(routes=results_routes(HandmadeResults())))


def shown(pages: TestClient, path: str) -> str:
    answer = pages.get(f"{path}?signature=good")
    assert answer.status_code == 200
    return answer.text


def test_a_page_without_a_valid_link_is_refused(pages: TestClient) -> None:
    for path in ("/results", "/results/ses_1"):
        answer = pages.get(path)
        assert answer.status_code == 403
        assert "This link has expired." in answer.text
        assert "Robin" not in answer.text


def test_the_list_leads_to_every_session(pages: TestClient) -> None:
    page = shown(pages, "/results")

    for session_id in ("ses_1", "ses_2", "ses_3"):
        assert f"/results/{session_id}?signature=good" in page


def test_names_are_text_and_never_markup(pages: TestClient) -> None:
    assert "<b>Sam</b>" not in shown(pages, "/results")
    assert "<b>Sam</b>" not in shown(pages, "/results/ses_3")


def test_pages_forbid_inline_code_foreign_origins_and_caches(pages: TestClient) -> None:
    answer = pages.get("/results/ses_1?signature=good")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "style=" not in answer.text
    assert "<script>" not in answer.text


def test_a_quote_carries_its_audio_span_and_its_turn(pages: TestClient) -> None:
    page = shown(pages, "/results/ses_1")

    assert f'data-turn="3" data-start="{COMPARED["start_ms"]}"' in page
    assert '<li id="turn-3" class="candidate"' in page


def test_cited_words_are_marked_where_they_were_spoken() -> None:
    page = result_page(SessionResult(SCORED, "Backend engineer", "Robin Vale"))

    cited = [run.text for run in page.turns[2].runs if run.cited]
    assert cited == ["I wrote every change", "compared them each night."]
    assert " ".join(run.text for run in page.turns[2].runs) == MIGRATION


def test_a_quote_is_marked_in_a_turn_without_word_times() -> None:
    bare = {**SCORED, "transcript": [{**SCORED["transcript"][2], "words": []}]}

    page = result_page(SessionResult(bare, "Backend engineer", "Robin Vale"))

    runs = page.turns[0].runs
    cited = [run.text for run in runs if run.cited]
    assert cited == ["I wrote every change", "compared them each night"]
    assert "".join(run.text for run in runs) == MIGRATION


def test_what_was_not_observed_is_said_and_not_scored(pages: TestClient) -> None:
    page = shown(pages, "/results/ses_1")

    assert "Not observed" in page
    assert "A person should decide" in page
    assert "No score" in page


def test_the_reasons_for_no_verdict_are_in_plain_words(pages: TestClient) -> None:
    assert "collects evidence and gives no ratings" in shown(pages, "/results/ses_1")


def test_only_a_page_with_more_to_come_looks_again(pages: TestClient) -> None:
    assert "data-refresh" in shown(pages, "/results/ses_2")
    assert "data-refresh" not in shown(pages, "/results/ses_1")
    assert "data-refresh" not in shown(pages, "/results/ses_3")


def test_signals_are_called_neutral(pages: TestClient) -> None:
    page = shown(pages, "/results/ses_1")

    assert "They change no score" in page
    assert "Tab hidden" in page


def test_latencies_are_summed_up_over_the_turns(pages: TestClient) -> None:
    page = result_page(SessionResult(SCORED, "Backend engineer", "Robin Vale", LEDGER))

    assert (page.latencies.median_ms, page.latencies.p95_ms) == (470, 640)
    assert "470 ms" in shown(pages, "/results/ses_1")


def test_the_recording_is_reached_under_the_name_in_the_address_bar() -> None:
    page = result_page(SessionResult(SCORED, "Backend engineer", "Robin Vale"))

    assert page.recording_url == "/recording?expires=1&signature=x"


def test_an_unknown_session_is_a_page_not_found(pages: TestClient) -> None:
    assert pages.get("/results/ses_9?signature=good").status_code == 404


@pytest.mark.parametrize(("ms", "text"), [(0, "0:00"), (65_000, "1:05"), (None, UNKNOWN)])
def test_times_read_like_a_clock(ms: int | None, text: str) -> None:
    assert clock(ms) == text


@pytest.mark.parametrize("name", ["results.css", "results.js", "mark.svg"])
def test_every_file_of_the_pages_is_served(pages: TestClient, name: str) -> None:
    assert pages.get(f"/results/static/{name}").status_code == 200
