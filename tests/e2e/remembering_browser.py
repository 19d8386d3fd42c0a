"""A Chromium as people have it: pages that were left are kept, and a frame has its storage."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, Playwright, sync_playwright

from tests.e2e.candidate_page import CHROMIUM, FLAGS, PATIENCE_MS
from tests.e2e.house import free_port

# The driver switches both off, the second by one feature of a list that any other list replaces.
AS_PEOPLE_HAVE_IT = "--disable-back-forward-cache", "--disable-features=Translate"


@dataclass
class RememberingBrowser:
    page: Page
    _playwright: Playwright
    _port: int

    def look_anew(self) -> Page:
        """A driver loses the frames of a page that comes from the cache; a new one finds them."""
        browser = self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self._port}")
        (page,) = browser.contexts[0].pages
        page.set_default_timeout(PATIENCE_MS)
        return page


@contextmanager
def remembering_browser(microphone: Path, profile: Path) -> Iterator[RememberingBrowser]:
    port = free_port()
    cache, features = AS_PEOPLE_HAVE_IT
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            ignore_default_args=[cache],
            args=[
                *FLAGS,
                features,
                f"--remote-debugging-port={port}",
                f"--use-file-for-fake-audio-capture={microphone}%noloop",
            ],
            viewport={"width": 1280, "height": 900},
        )
        try:
            (page,) = context.pages
            page.set_default_timeout(PATIENCE_MS)
            yield RememberingBrowser(page, playwright, port)
        finally:
            context.close()
