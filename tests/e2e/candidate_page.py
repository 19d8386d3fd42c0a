"""The candidate's browser: a real Chromium whose microphone is a sound file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Page, WebSocket, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
PATIENCE_MS = 30_000
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


@dataclass
class CandidatePage:
    page: Page
    received: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def open(self, careers_origin: str) -> None:
        self.page.on("websocket", self._listen)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.goto(careers_origin)
        self.page.locator("viva-interview").scroll_into_view_if_needed()

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._keep)

    def _keep(self, payload: str | bytes) -> None:
        if isinstance(payload, str):
            self.received.append(json.loads(payload))

    @property
    def frame(self) -> Frame:
        element = self.page.locator("viva-interview iframe").element_handle()
        frame = element.content_frame()
        assert frame is not None
        return frame

    def press(self, name: str) -> None:
        """By the keyboard: a click right after a scroll can miss a frame of another origin."""
        button = self.frame.get_by_role("button", name=name)
        expect(button).to_be_enabled(timeout=PATIENCE_MS)
        button.press("Enter")

    def begin(self) -> None:
        """From the first screen to the first word of the interviewer."""
        for name in ("Begin", "I agree", "Start interview"):
            self.press(name)
        self.wait_for_phase("live")

    def wait_for_phase(self, phase: str, seconds: float = 30) -> None:
        self.frame.locator(f"body[data-phase={phase}]").wait_for(timeout=seconds * 1000)

    @property
    def phase(self) -> str:
        phase: str = self.frame.evaluate("document.body.dataset.phase")
        return phase

    def captions(self) -> list[str]:
        """What the candidate reads of both sides, in order."""
        return self.frame.locator(".captions-list .caption-text").all_inner_texts()

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.received if message["t"] == kind]

    def wait_for(self, type_: str, seconds: float = 60, **facts: object) -> dict[str, Any]:
        """The next message of a kind with these facts, counted from now."""
        known = len(self.received)
        for _ in range(int(seconds * 20)):
            for message in self.received[known:]:
                if message["t"] == type_ and facts.items() <= message.items():
                    return message
            self.page.wait_for_timeout(50)
        raise AssertionError(f"no {type_} came in time")


@contextmanager
def candidate_page(microphone: Path) -> Iterator[CandidatePage]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[*FLAGS, f"--use-file-for-fake-audio-capture={microphone}%noloop"],
        )
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(PATIENCE_MS)
            yield CandidatePage(page)
        finally:
            browser.close()
