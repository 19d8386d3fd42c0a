"""The main job: a candidate speaks inside a job page, and a recruiter reads the result."""

import io
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import pytest

from tests.e2e.candidate_page import CandidatePage, candidate_page
from tests.e2e.house import QUESTIONS, House, careers_site, free_port
from tests.e2e.proxy import Proxy
from tests.e2e.seams import STEP_MS, drifts_ms
from tests.e2e.voice import RATE, microphone, speak

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

FIRST = (
    "I led the migration of a payment service to another database. "
    "We reduced latency by forty percent."
)
SECOND = "We copied the old table in small steps and compared the numbers every night."
# Inside their sentences: the recognizer of the embedded engines may take a last word for another.
DISTINCT = ("migration", "payment", "latency", "forty", "copied", "table", "steps", "compared")
LAST = "No that was all."
LONG_QUESTION = (
    "Now imagine that the table is ten times as large, that customers write to it all day, "
    "that nobody may notice anything, and that you have only two weeks and one colleague. "
    "How would you move it to another database?"
)
# Seconds after the browser opened the microphone: each falls into the interviewer's silence.
TIMELINE = ((25.0, FIRST), (44.0, SECOND), (61.0, LAST), (72.0, LAST))
SECONDS = 150.0
A_FRAME_MS = 32  # the least that we could lose; a busy browser itself slips by 10 ms


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    return microphone(TIMELINE, tmp_path / "microphone.wav", SECONDS)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House.found(tmp_path / "data") as house:
        yield house


def scored(house: House, page: CandidatePage, seconds: int = 30) -> dict[str, Any]:
    """The session once its scorecard is final."""
    for _ in range(seconds * 2):
        session = house.session()
        if session["scored_at"] is not None:
            return session
        page.page.wait_for_timeout(500)
    raise AssertionError("the scorecard did not come in time")


def channels(session: dict[str, Any], house: House) -> tuple[np.ndarray, np.ndarray, float]:
    """Candidate, interviewer (48 kHz, -1 to 1) and the length in seconds."""
    path = session["recording_url"].split("/", 3)[3]
    answer = httpx.get(f"http://127.0.0.1:{house.port}/{path}", timeout=30)
    answer.raise_for_status()
    with av.open(io.BytesIO(answer.content), "r") as ogg:
        frames = [frame.to_ndarray() for frame in ogg.decode(audio=0)]
    stereo = np.concatenate(frames, axis=1)
    if stereo.shape[0] == 1:  # packed samples
        stereo = stereo.reshape(-1, 2).T
    return stereo[0], stereo[1], stereo.shape[1] / 48_000


def loudness(track: np.ndarray, turn: dict[str, Any]) -> float:
    span = track[turn["start_ms"] * 48 : turn["end_ms"] * 48]
    return float(np.sqrt(np.mean(np.square(span.astype(np.float64)))))


def spoken(session: dict[str, Any], speaker: str) -> list[str]:
    return [turn["text"] for turn in session["transcript"] if turn["speaker"] == speaker]


def assert_complete_and_in_order(session: dict[str, Any]) -> None:
    transcript = session["transcript"]
    assert [turn["turn"] for turn in transcript] == list(range(1, len(transcript) + 1))
    assert all(a["start_ms"] <= b["start_ms"] for a, b in pairwise(transcript))
    interviewer = spoken(session, "ai")
    for question in QUESTIONS:
        assert interviewer.count(question) == 1
    assert interviewer.index(QUESTIONS[0]) < interviewer.index(QUESTIONS[1])
    answers = spoken(session, "participant")
    said = " ".join(answers).split()
    assert {word: said.count(word) for word in DISTINCT} == dict.fromkeys(DISTINCT, 1), answers


def assert_recorded_whole(answers: tuple[str, ...], track: np.ndarray, folder: Path) -> None:
    """Nothing of the answers is missing in the recording, nothing is in it twice or moved."""
    for answer in answers:
        drifts = drifts_ms(np.array(speak(answer, folder)), RATE, track, 48_000)
        assert max(map(abs, drifts)) < A_FRAME_MS - STEP_MS, drifts


def test_a_candidate_finishes_a_spoken_interview_inside_a_job_page(
    house: House, voice: Path, tmp_path: Path
) -> None:
    with careers_site(house) as origin, candidate_page(voice) as candidate:
        candidate.open(origin)
        candidate.begin()
        candidate.wait_for("utt", seconds=140, kind="closing")
        captions = candidate.captions()
        candidate.wait_for_phase("done", seconds=30)
        session = scored(house, candidate)

        assert session["status"] == "completed"
        assert_complete_and_in_order(session)
        left, right, seconds = channels(session, house)
        assert_recorded_whole((FIRST, SECOND), left, tmp_path)
        assert abs(seconds - session["duration_seconds"]) < 1.0
        for turn in session["transcript"]:
            own, other = (left, right) if turn["speaker"] == "participant" else (right, left)
            assert loudness(own, turn) > 8 * loudness(other, turn)

        texts = [turn["text"] for turn in session["transcript"]]
        assert captions == texts[: len(captions)]
        assert len(captions) >= len(texts) - 1, "all but the closing line was captioned by then"

        assert session["recommendation"] == "needs_human_review"
        cited = [c for each in session["evaluation_breakdown"] for c in each["citations"]]
        assert cited
        answers = {turn["turn"]: turn for turn in session["transcript"]}
        for citation in cited:
            turn = answers[citation["turn"]]
            assert turn["speaker"] == "participant"
            assert citation["quote"] in turn["text"]
            assert turn["start_ms"] <= citation["start_ms"] < citation["end_ms"] <= turn["end_ms"]
            assert loudness(left, citation) > 0.01
        assert candidate.problems == []


def test_a_torn_network_and_a_killed_server_lose_and_repeat_nothing(tmp_path: Path) -> None:
    # The restart takes some seconds of the first answer's time, and on a busy machine many.
    last = tuple((at, LAST) for at in (80.0, 92.0, 104.0, 116.0, 128.0))
    timeline = ((25.0, FIRST), (61.0, SECOND), *last)
    voice = microphone(timeline, tmp_path / "microphone.wav", SECONDS)
    relay = free_port()
    with (
        House.found(tmp_path / "data", origin=f"http://127.0.0.1:{relay}") as house,
        Proxy(relay, house.port) as network,
        careers_site(house) as origin,
        candidate_page(voice) as candidate,
    ):
        candidate.open(origin)
        candidate.begin()
        candidate.wait_for("vad", speaking=True)
        candidate.page.wait_for_timeout(2_000)
        house.kill()  # in the middle of the first answer
        house.start()
        cuts = 0
        for _ in range(18):
            candidate.page.wait_for_timeout(6_000)
            if candidate.phase == "done":
                break
            cuts += network.cut() > 0
        candidate.wait_for_phase("done", seconds=60)
        session = scored(house, candidate)
        assert cuts >= 4
        assert_complete_and_in_order(session)
        left, _, seconds = channels(session, house)
        assert_recorded_whole((FIRST, SECOND), left, tmp_path)
        assert abs(seconds - session["duration_seconds"]) < 1.0
        for turn in session["transcript"]:
            if turn["speaker"] == "participant":
                assert loudness(left, turn) > 0.01
        assert candidate.problems == []


def test_a_candidate_who_speaks_over_the_interviewer_is_heard_at_once(
    house: House, tmp_path: Path
) -> None:
    house.questions = (QUESTIONS[0], LONG_QUESTION)
    interruption = "Sorry one more thing about the project. It took two years."
    # The long question begins between 34 and 36, after an acknowledgement of one or two seconds.
    timeline = ((25.0, FIRST), (39.0, interruption), (70.0, SECOND), (86.0, LAST), (98.0, LAST))
    voice = microphone(timeline, tmp_path / "microphone.wav", SECONDS)
    with careers_site(house) as origin, candidate_page(voice) as candidate:
        candidate.open(origin)
        candidate.begin()
        cancel = candidate.wait_for("cancel", reason="barge_in")
        (line,) = {m["text"] for m in candidate.of("utt") if m["utt"] == cancel["utt"]}
        assert LONG_QUESTION.endswith(line)
        candidate.wait_for_phase("done", seconds=140)
        session = scored(house, candidate)
        cut = [t["text"] for t in session["transcript"] if t["speaker"] == "ai"]
        heard = [text for text in cut if line.startswith(text) and text != line]
        assert heard, "what was heard of the line is kept, and nothing else of it"
        said = " ".join(spoken(session, "participant"))
        assert "project" in said
        assert "two years" in said
