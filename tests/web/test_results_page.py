import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from vivavoce.core.errors import Forbidden, NotFound
from vivavoce.core.scorecard import Citation, DimensionResult, Scorecard
from vivavoce.core.session import Channel, Session
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.core.transcript import Signal, Speaker, Turn, TurnKind, TurnLedger, Word
from vivavoce.services.results import SessionResult, Visit
from vivavoce.services.sessions import SessionRecord
from vivavoce.web.results.routes import results_routes
from vivavoce.web.results.view import UNKNOWN, clock, result_page

MIGRATION = (
    "We moved billing out of the monolith while it kept running. I wrote every change twice, to "
    "the old tables and to the new ones, and compared them each night. After two weeks without a "
    "difference we switched the readers, one service at a time."
)
ON_CALL = (
    "Mostly before the customers did. I was on call for it, and the nightly comparison paged me "
    "twice; both times a rounding rule was missing on one side."
)


def question(number: int, text: str, span: tuple[int, int]) -> Turn:
    asked = TurnKind.QUESTION
    return Turn(number, Speaker.INTERVIEWER, asked, text, *span, question=(number - 2) // 2)


def answer(number: int, text: str, span: tuple[int, int]) -> Turn:
    """With its words spread evenly over the span."""
    step = (span[1] - span[0]) / len(text.split())
    words = tuple(
        Word(word, round(span[0] + n * step), round(span[0] + (n + 1) * step), 0.9)
        for n, word in enumerate(text.split())
    )
    return Turn(number, Speaker.CANDIDATE, TurnKind.ANSWER, text, *span, words=words)


def citation(turn: Turn, quote: str) -> Citation:
    first = len(turn.text.split(quote)[0].split())
    last = first + len(quote.split()) - 1
    return Citation(turn.number, quote, turn.words[first].start_ms, turn.words[last].end_ms)


WELCOME = Turn(
    1,
    Speaker.INTERVIEWER,
    TurnKind.WELCOME,
    "Welcome. I am an automated interviewer; a person decides later.",
    0,
    9_000,
)
FIRST = question(2, "Tell me about a migration that you are proud of.", (9_200, 17_500))
MOVED = answer(3, MIGRATION, (21_000, 39_000))
SECOND = question(4, "How did you notice when something went wrong?", (39_400, 45_000))
PAGED = answer(5, ON_CALL, (52_000, 66_000))
CLOSING = Turn(6, Speaker.INTERVIEWER, TurnKind.CLOSING, "Thank you. That was all.", 66_300, 74_000)
TURNS = (WELCOME, FIRST, MOVED, SECOND, PAGED, CLOSING)
COMPARED = citation(MOVED, "compared them each night")

CARD = Scorecard(
    score=None,
    passed=None,
    recommendation="needs_human_review",
    coverage=0.75,
    ai_feedback="The candidate described a careful move: “compared them each night”.\n\n"
    "Ask next what happened when a comparison failed.",
    dimensions=(
        DimensionResult(
            "Technical depth",
            40,
            4,
            7.5,
            "Names a method and how it was verified.",
            (COMPARED,),
        ),
        DimensionResult(
            "Ownership",
            35,
            4,
            7.5,
            "Describes what the candidate did, not only what the team did.",
            (citation(PAGED, "I was on call"), citation(MOVED, "I wrote every change")),
            spread=1,
        ),
        DimensionResult("Working with others", 25, None, None, "Nothing speaks to this."),
    ),
    reasons=("low_coverage",),
    evidence={"rubric_version": 1, "prompt_hash": "9f2c61d0", "model": "rule-based interviewer"},
)
BEGUN = datetime(2025, 11, 21, 9, 30, tzinfo=UTC)
SESSION = Session(
    id="ses_1",
    organization_id="org_1",
    template_id="tpl_1",
    participant_id="par_1",
    language="en",
    channel=Channel.EMBED,
    rubric_version=1,
    created_at=BEGUN,
    status=SessionStatus.COMPLETED,
    started_at=BEGUN,
    duration_ms=74_000,
)
RECORDING = "http://localhost:8000/recordings/ses_1.ogg?expires=1&signature=x"
LEDGER = (
    TurnLedger(3, "smart_turn", 96, 210, 260, 290, 330, 410, 470),
    TurnLedger(5, "silence", 96, 480, 510, None, 520, 590, 640, interruptions=1),
)
SCORED = SessionResult(
    SessionRecord(
        session=SESSION,
        join_url=None,
        recording_url=RECORDING,
        scorecard=CARD,
        scored_at=BEGUN,
        turns=TURNS,
        signals=(
            Signal("extra_screen", 0, {"state": "single"}),
            Signal("tab_hidden", 47_000),
        ),
    ),
    candidate_name="Robin Vale",
    template_name="Backend engineer",
    ledger=LEDGER,
)


def unscored(session_id: str, status: SessionStatus, name: str) -> SessionResult:
    session = dataclasses.replace(SESSION, id=session_id, status=status, duration_ms=None)
    record = SessionRecord(session, None, None, None, None, turns=TURNS[:2])
    return SessionResult(record, name, "Backend engineer")


class HandmadeResults:
    """Three sessions of one organization; the only valid link ends in `signature=good`."""

    def __init__(self) -> None:
        self.sessions = (
            unscored("ses_2", SessionStatus.IN_PROGRESS, "Noor Haddad"),
            SCORED,
            unscored("ses_3", SessionStatus.FAILED, "<b>Sam</b>"),
        )

    async def newest(self, organization_id: str) -> tuple[SessionResult, ...]:
        return self.sessions

    async def one(self, organization_id: str, session_id: str) -> SessionResult:
        for each in self.sessions:
            if each.record.session.id == session_id:
                return each
        raise NotFound("session_not_found", "This session does not exist.")

    def open_link(self, path: str, query: Mapping[str, str]) -> Visit:
        if query.get("signature") != "good":
            raise Forbidden("result_link", "This link is not valid any more.")
        return Visit("org_1", 1, sees_list="list" in query)

    def link(self, visit: Visit, session_id: str | None = None) -> str:
        return (
            "/results?signature=good"
            if session_id is None
            else f"/results/{session_id}?signature=good"
        )


HANDMADE = HandmadeResults()


@pytest.fixture
def pages() -> TestClient:
    return TestClient(Starlette(routes=results_routes(lambda _: HandmadeResults())))


def shown(pages: TestClient, path: str) -> str:
    answer = pages.get(f"{path}?signature=good")
    assert answer.status_code == 200
    return answer.text


def test_a_page_without_a_valid_link_is_refused(pages: TestClient) -> None:
    for path in ("/results", "/results/ses_1"):
        answer = pages.get(path)
        assert answer.status_code == 403
        assert "This link is not valid any more." in answer.text
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

    assert f'data-turn="3" data-start="{COMPARED.start_ms}"' in page
    assert '<li id="turn-3" class="candidate"' in page


def test_cited_words_are_marked_where_they_were_spoken() -> None:
    page = result_page(SCORED)

    cited = [run.text for run in page.turns[2].runs if run.is_cited]
    assert cited == ["I wrote every change", "compared them each night."]
    assert " ".join(run.text for run in page.turns[2].runs) == MIGRATION


def test_a_quote_is_marked_in_a_turn_without_word_times() -> None:
    typed = dataclasses.replace(MOVED, words=(), typed=True)
    record = dataclasses.replace(SCORED.record, turns=(typed,))

    page = result_page(dataclasses.replace(SCORED, record=record))

    runs = page.turns[0].runs
    cited = [run.text for run in runs if run.is_cited]
    assert cited == ["I wrote every change", "compared them each night"]
    assert "".join(run.text for run in runs) == MIGRATION


def test_what_was_not_observed_is_said_and_not_scored(pages: TestClient) -> None:
    page = shown(pages, "/results/ses_1")

    assert "Not observed" in page
    assert "A person should decide" in page
    assert "No score" in page


def test_the_reasons_for_no_verdict_are_in_plain_words(pages: TestClient) -> None:
    assert "Too little of the rubric came up." in shown(pages, "/results/ses_1")


def test_only_a_page_with_more_to_come_looks_again(pages: TestClient) -> None:
    assert "data-refresh" in shown(pages, "/results/ses_2")
    assert "data-refresh" not in shown(pages, "/results/ses_1")
    assert "data-refresh" not in shown(pages, "/results/ses_3")


def test_signals_are_called_neutral(pages: TestClient) -> None:
    page = shown(pages, "/results/ses_1")

    assert "They change no score" in page
    assert "Tab hidden" in page


def test_a_candidate_with_one_screen_is_not_said_to_have_another(pages: TestClient) -> None:
    assert "Extra screen" not in shown(pages, "/results/ses_1")

    extended = Signal("extra_screen", 0, {"state": "extended"})
    record = dataclasses.replace(SCORED.record, signals=(extended,))
    assert result_page(dataclasses.replace(SCORED, record=record)).signals == (extended,)


def test_latencies_are_summed_up_over_the_turns(pages: TestClient) -> None:
    page = result_page(SCORED)

    assert (page.latencies.median_ms, page.latencies.p95_ms) == (470, 640)
    assert "470 ms" in shown(pages, "/results/ses_1")


def test_the_recording_is_reached_under_the_name_in_the_address_bar() -> None:
    page = result_page(SCORED)

    assert page.recording == "/recordings/ses_1.ogg?expires=1&signature=x"


def test_an_unknown_session_is_a_page_not_found(pages: TestClient) -> None:
    assert pages.get("/results/ses_9?signature=good").status_code == 404


@pytest.mark.parametrize(("ms", "text"), [(0, "0:00"), (65_000, "1:05"), (None, UNKNOWN)])
def test_times_read_like_a_clock(ms: int | None, text: str) -> None:
    assert clock(ms) == text


@pytest.mark.parametrize("name", ["results.css", "results.js"])
def test_every_file_of_the_pages_is_served(pages: TestClient, name: str) -> None:
    assert pages.get(f"/results/static/{name}").status_code == 200


def test_a_link_to_one_session_shows_no_way_to_the_others(pages: TestClient) -> None:
    assert "All interviews" not in shown(pages, "/results/ses_1")
    assert "All interviews" in pages.get("/results/ses_1?signature=good&list=1").text
