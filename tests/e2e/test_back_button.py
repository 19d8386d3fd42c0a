"""A candidate follows a link in the middle of an answer, and comes back with the back button."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocket

from tests.e2e.candidate_page import CandidatePage
from tests.e2e.house import House, careers_site
from tests.e2e.remembering_browser import remembering_browser
from tests.e2e.voice import microphone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

QUESTION = "Tell me about a project that you led."
BEFORE = "I led the migration of a payment service to another database."
AFTER = "We copied the old table in small steps and compared the numbers every night."
DISTINCT = ("migration", "payment", "copied", "table", "steps", "compared")
# In every document, before its own scripts.
WATCH = """
  addEventListener('pageshow', ({ persisted }) => (window.shown ??= []).push(persisted));
  window.tracks ??= []; // the driver may run this twice
  window.sockets ??= [];
  const devices = navigator.mediaDevices;
  const ask = devices?.getUserMedia.bind(devices);
  if (ask) devices.getUserMedia = async (wishes) => {
    const stream = await ask(wishes);
    tracks.push(...stream.getTracks());
    return stream;
  };
  window.WebSocket = class extends WebSocket {
    constructor(...parts) {
      super(...parts);
      sockets.push(this);
    }
  };
"""
# Behind everything that the page itself does when it is left.
NOTE_WHAT_IS_LEFT = """
  addEventListener('pagehide', () => sessionStorage.setItem('left', JSON.stringify({
    tracks: tracks.map((track) => track.readyState),
    sockets: sockets.map((socket) => socket.readyState >= WebSocket.CLOSING),
  })));
"""


def go_back(page: Page) -> None:
    page.evaluate("void setTimeout(() => history.back())")
    page.wait_for_function("window.shown?.length > 1")


@dataclass
class ReturnedPage(CandidatePage):
    """The page as it came back, and what it opens from then on."""

    sockets: list[WebSocket] = field(default_factory=list)

    @classmethod
    def watched(cls, page: Page) -> "ReturnedPage":
        candidate = cls(page)
        page.on("websocket", candidate._listen)
        return candidate

    def _listen(self, socket: WebSocket) -> None:
        self.sockets.append(socket)
        super()._listen(socket)


def wait_until_heard(word: str, page: CandidatePage) -> None:
    """Frames that are on their way when a page is left go with it; this one has arrived."""
    for _ in range(100):
        heard = page.of("transcript")
        if any(each["who"] == "candidate" and word in each["text"] for each in heard):
            return
        page.page.wait_for_timeout(100)
    raise AssertionError(f"{word} was not heard")


def leave_in_the_middle_of_an_answer(page: CandidatePage, origin: str, voice: Path) -> None:
    page.page.add_init_script(WATCH)
    page.open(origin)
    page.begin()
    page.wait_for("vad", speaking=True)
    wait_until_heard("payment", page)
    page.frame.evaluate(NOTE_WHAT_IS_LEFT)
    # The microphone is opened anew on return, and plays its file from the start.
    microphone(((14.0, AFTER),), voice, 60.0)
    page.page.get_by_role("link", name="Apply with your").click()
    page.page.wait_for_url("**/login")


def said_until(word: str, house: House, page: Page) -> list[str]:
    """The candidate's words in the transcript, in one answer or in two, once this one is there."""
    said: list[str] = []
    for _ in range(10):
        page.wait_for_timeout(5_000)  # each look takes tokens, of which there are few in a minute
        turns = house.session()["transcript"]
        said = " ".join(turn["text"] for turn in turns if turn["speaker"] == "participant").split()
        if word in said:
            return said
    raise AssertionError(f"{word} was not heard: {said}")


def test_a_page_from_the_back_forward_cache_goes_on_with_one_press_and_one_socket(
    tmp_path: Path,
) -> None:
    voice = microphone(((25.0, BEFORE),), tmp_path / "microphone.wav", 60.0)
    with House.found(tmp_path / "data") as house:
        house.questions = (QUESTION,)
        with (
            careers_site(house, apply_url=f"{house.origin}/login") as origin,
            remembering_browser(voice, tmp_path / "profile") as browser,
        ):
            leaving = CandidatePage(browser.page)
            leave_in_the_middle_of_an_answer(leaving, origin, voice)
            go_back(leaving.page)

            page = browser.look_anew()
            assert page.evaluate("shown") == [False, True], "it was in the cache"
            candidate = ReturnedPage.watched(page)
            left = json.loads(candidate.frame.evaluate("sessionStorage.left"))
            assert set(left["tracks"]) == {"ended"}
            assert set(left["sockets"]) == {True}, "closing or closed"
            candidate.press("Continue interview")
            candidate.wait_for_phase("live")
            (ready,) = candidate.of("ready")
            assert ready["phase"] != "paused"

            said = said_until(DISTINCT[-1], house, page)
            assert {word: said.count(word) for word in DISTINCT} == dict.fromkeys(DISTINCT, 1)
            assert len(candidate.sockets) == 1
            assert candidate.phase == "live"
            assert leaving.problems == []
