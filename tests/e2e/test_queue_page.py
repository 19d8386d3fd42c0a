"""One place and three candidates: they wait on a page, and go in by turn."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.candidate_page import CHROMIUM, FLAGS, PATIENCE_MS, CandidatePage
from tests.e2e.house import House, careers_site
from tests.e2e.test_screens import assert_no_flaw

LOOKED_AWAY = "Object.defineProperty(document, 'visibilityState', { value: 'hidden' })"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def careers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("VIVAVOCE_MAX_CONVERSATIONS", "1")
    with House.found(tmp_path / "data") as house, careers_site(house) as origin:
        yield origin


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visitor(browser: Browser, careers: str) -> Iterator[CandidatePage]:
    """With a browser profile of their own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    candidate = CandidatePage(context.new_page())
    try:
        candidate.open(careers)
        yield candidate
    finally:
        context.close()


def leave_for_good(candidate: CandidatePage) -> None:
    candidate.press("End interview")
    dialog = candidate.frame.get_by_role("dialog", name="End the interview now?")
    dialog.get_by_role("button", name="End interview").press("Enter")
    candidate.wait_for_phase("done", 60)


def test_who_finds_no_place_waits_on_a_page_and_goes_in_by_turn(
    careers: str, browser: Browser
) -> None:
    with ExitStack() as stack:
        one, two, three = (stack.enter_context(visitor(browser, careers)) for _ in range(3))
        one.begin()
        two.press("Begin")
        two.wait_for_phase("queue", 60)
        three.press("Begin")
        three.wait_for_phase("queue", 60)
        expect(two.frame.locator(".queue-place")).to_have_text("1 of 2", timeout=60_000)
        expect(three.frame.locator(".queue-place")).to_have_text("2 of 2", timeout=60_000)
        expect(three.frame.get_by_text("Up to about")).to_be_visible()
        assert_no_flaw(three, "queue")
        three.page.reload()
        three.page.locator("viva-interview").scroll_into_view_if_needed()
        three.press("Begin")  # a frame without storage has forgotten that it waited
        three.wait_for_phase("queue", 60)
        expect(three.frame.locator(".queue-place")).to_have_text("2 of 2", timeout=60_000)
        three.frame.evaluate(LOOKED_AWAY)
        leave_for_good(one)
        two.wait_for_phase("consent", 60)  # by itself: the sound was unlocked before the wait
        two.page.close()
        enter = three.frame.get_by_role("button", name="Enter interview")
        expect(enter).to_be_focused(timeout=60_000)
        assert_no_flaw(three, "queue")
        enter.press("Enter")
        three.wait_for_phase("consent")
        assert [each for page in (one, two, three) for each in page.problems] == []
