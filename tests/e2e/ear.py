"""What the candidate hears, measured to the sample, and what their page sends meanwhile."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, WebSocket

from tests.e2e.candidate_page import PATIENCE_MS, CandidatePage

HERE = Path(__file__).parent
LOOK_EVERY_MS = 200
TICKS = 1000 // LOOK_EVERY_MS
MIC_HEADER_SEQ = slice(4, 8)


@dataclass
class ListeningPage(CandidatePage):
    """A candidate's page whose loudspeaker is listened to by `probe.js`."""

    said: list[dict[str, Any]] = field(default_factory=list)
    mic: list[int] = field(default_factory=list)  # numbers of the frames sent
    spells: list[list[float]] = field(default_factory=list)  # of sound, in seconds of its context

    @classmethod
    def in_browser(cls, browser: Browser, setup: str = "") -> "ListeningPage":
        """`setup` runs in every frame once the probe is there."""
        # The probe is a worklet of the test's own; that the policy forbids it is tested elsewhere.
        context = browser.new_context(bypass_csp=True, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        worklet = (HERE / "probe-worklet.js").read_text()
        page.add_init_script(f"window.PROBE_WORKLET = {json.dumps(worklet)};")
        page.add_init_script((HERE / "probe.js").read_text())
        page.add_init_script(f"if (window.probe) {{ {setup} }}")
        return cls(page)

    def _listen(self, socket: WebSocket) -> None:
        super()._listen(socket)
        socket.on("framesent", self._note)

    def _note(self, payload: str | bytes) -> None:
        if isinstance(payload, str):
            self.said.append(json.loads(payload))
        else:
            self.mic.append(int.from_bytes(payload[MIC_HEADER_SEQ], "little"))

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.said if message["t"] == kind]

    def in_frame(self, script: str) -> Any:  # noqa: ANN401
        return self.frame.evaluate(script)

    def until(self, script: str, seconds: float = 20) -> None:
        """The policy of the frame forbids what a browser driver would wait with."""
        for _ in range(int(seconds * TICKS)):
            if self.in_frame(script):
                return
            self.page.wait_for_timeout(LOOK_EVERY_MS)
        raise AssertionError(f"never came true: {script}")

    def hear(self, seconds: float) -> list[list[float]]:
        """Listen for so long; all spells of sound since the context began."""
        self.until("!!probe.taps.at(-1)?.ear")
        for _ in range(int(seconds * TICKS)):
            self.page.wait_for_timeout(LOOK_EVERY_MS)
            for spell in self.in_frame("probe.heard()"):
                if self.spells and self.spells[-1][0] == spell[0]:
                    self.spells[-1] = spell
                else:
                    self.spells.append(spell)
        return self.spells

    def assert_frames_follow(self, since: int) -> None:
        """From that entry of `mic` on, no number is missing and none comes twice."""
        numbers = self.mic[since:]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
