"""Sound in a real browser, in the world as it is: bad networks, other devices, sleeping pages."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.candidate_page import CHROMIUM, FLAGS
from tests.e2e.ear import ListeningPage
from tests.e2e.house import House, careers_site, free_port
from tests.e2e.proxy import Proxy, Weather
from tests.e2e.tone_voice import tone_voice
from tests.e2e.voice import microphone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

QUESTIONS = (
    "Please describe one project that you led from its first idea to the day when it was used",
    "Please tell me what you would do differently if you had to begin again with other colleagues",
)
AUDIBLE_GAP = 0.06  # seconds; clauses are 40 ms apart
Open = Callable[..., ListeningPage]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Proxy, House, str]]:
    data = tmp_path_factory.mktemp("audio") / "data"
    relay = free_port()
    with tone_voice() as voice:
        house = House.found(data, origin=f"http://127.0.0.1:{relay}")
        house.questions = QUESTIONS
        house.settings["VIVAVOCE_SYNTHESIZER"] = voice
        with house, Proxy(relay, house.port) as proxy, careers_site(house) as origin:
            yield proxy, house, origin


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    hiss = microphone((), tmp_path_factory.mktemp("microphone") / "hiss.wav", 30.0)
    with sync_playwright() as playwright:
        flags = [*FLAGS, f"--use-file-for-fake-audio-capture={hiss}"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def open_page(network: tuple[Proxy, House, str], browser: Browser) -> Iterator[Open]:
    proxy, _, origin = network
    opened: list[ListeningPage] = []

    def open_page(setup: str = "") -> ListeningPage:
        page = ListeningPage.in_browser(browser, setup)
        opened.append(page)
        page.open(origin)
        return page

    proxy.weather = Weather()
    yield open_page
    proxy.weather = Weather()
    for page in opened:
        assert page.problems == []
        page.page.context.close()


def gaps(spells: list[list[float]]) -> list[float]:
    """Silences within what was heard, longer than one between two clauses."""
    silences = [later[0] - earlier[1] for earlier, later in pairwise(spells)]
    return [round(silence, 3) for silence in silences if silence > AUDIBLE_GAP]


def longest(spells: list[list[float]]) -> float:
    """The longest speech without a gap."""
    runs = [spells[0][:]]
    for begin, end in spells[1:]:
        if begin - runs[-1][1] > AUDIBLE_GAP:
            runs.append([begin, end])
        runs[-1][1] = end
    return max(end - begin for begin, end in runs)


def test_speech_is_continuous_over_a_slow_and_uneven_network(
    network: tuple[Proxy, House, str], open_page: Open
) -> None:
    proxy, *_ = network
    page = open_page()
    for name in ("Begin", "I agree"):
        page.press(name)
    expect(page.frame.get_by_role("button", name="Start interview")).to_be_enabled()
    proxy.weather = Weather(delay_ms=(100, 200))  # each way
    page.page.wait_for_timeout(4_000)  # somebody reads; meanwhile the way is measured
    page.press("Start interview")
    page.wait_for_phase("live")
    spells = page.hear(11)
    assert page.told("gap") == []
    assert longest(spells) > 4.0, gaps(spells)


def test_a_gap_that_is_heard_is_in_the_ledger_of_its_turn(
    network: tuple[Proxy, House, str], open_page: Open
) -> None:
    proxy, house, _ = network
    page = open_page()
    page.begin()
    page.press("Type instead")
    page.frame.get_by_role("textbox", name="Your answer").fill("I led a migration for a year.")
    page.press("Send")
    page.wait_for("utt", seconds=30)
    page.page.wait_for_timeout(700)
    proxy.stall(2.5)
    stage_times: list[dict[str, Any]] = []
    page.wait_for("state", seconds=30, phase="listening")  # then the exchange is complete
    for _ in range(10):
        if stage_times := house.session()["stage_times"]:
            break
        page.page.wait_for_timeout(1_000)
    (row,) = stage_times
    (gap,) = page.told("gap")
    assert row["audio_gaps"] == 1
    assert row["audio_gap_ms"] == gap["ms"] > 500
    assert page.told("lead")[-1]["ms"] > 1_500, "more is kept in store from now on"


def test_a_page_that_is_busy_hidden_or_frozen_goes_on(open_page: Open) -> None:
    page = open_page()
    page.begin()
    page.in_frame("{ window.setTimeout = () => 0; window.setInterval = () => 0; }")
    page.in_frame("Object.defineProperty(document, 'visibilityState', { value: 'hidden' })")
    page.in_frame("document.dispatchEvent(new Event('visibilitychange'))")
    since, marks, pings = len(page.mic), len(page.told("played")), len(page.told("ping"))
    page.hear(2)
    page.in_frame("{ const end = performance.now() + 300; while (performance.now() < end); }")
    page.hear(4)
    assert page.told("gap") == []
    assert len(page.mic) - since > 5 * 31
    page.assert_frames_follow(since)
    assert len(page.told("played")) - marks > 40
    assert len(page.told("ping")) > pings
    since = len(page.mic)
    chrome = page.page.context.new_cdp_session(page.page)
    chrome.send("Page.setWebLifecycleState", {"state": "frozen"})
    page.page.wait_for_timeout(1_500)
    chrome.send("Page.setWebLifecycleState", {"state": "active"})
    page.hear(1)
    assert len(page.mic) - since > 2 * 31
    page.assert_frames_follow(since)
    assert page.phase == "live"


def test_an_interrupted_sentence_is_silent_within_its_fade(open_page: Open) -> None:
    page = open_page()
    page.begin()
    page.hear(1)
    page.press("Repeat")
    page.until("probe.cancelledAt > 0")
    page.hear(0.4)
    at = page.in_frame("probe.cancelledAt")
    silent = next(end for begin, end in page.spells if begin < at <= end + 0.02)
    # The fade takes 15 ms, which is tested to the sample; a busy machine passes messages slowly.
    assert silent - at < 0.1, f"{silent - at:.3f} s"
    (answer,) = page.told("cancelled")
    assert answer["pts"] > 12_000


def test_a_context_that_dies_is_replaced_at_any_rate_and_loses_no_place(open_page: Open) -> None:
    page = open_page("probe.microphone = async () => probe.constant(0.1, 8_000);")
    page.begin()
    page.hear(0.4)
    page.in_frame("probe.contexts.at(-1).suspend()")
    page.until("probe.contexts.at(-1).state === 'running'", seconds=5)
    assert page.in_frame("probe.contexts.length") == 1
    since = len(page.mic)
    for rate in (8_000, 96_000):
        before = len(page.mic)
        page.in_frame(f"{{ probe.rate = {rate}; probe.contexts.at(-1).close(); }}")
        page.until(f"probe.contexts.at(-1).sampleRate === {rate}", seconds=5)
        page.spells.clear()
        assert sum(end - begin for begin, end in page.hear(1.5)) > 0.5
        assert len(page.mic) - before > 31
    page.assert_frames_follow(since)
    assert page.phase == "live"


def test_a_microphone_that_is_pulled_out_or_forbidden_is_explained_and_comes_back(
    open_page: Open,
) -> None:
    page = open_page()
    page.begin()
    since = len(page.mic)
    page.in_frame("probe.pull()")
    page.until("probe.streams.length === 2 && probe.track().readyState === 'live'", seconds=1)
    expect(page.frame.locator(".mic-help")).to_be_hidden()
    refuse = "async () => { throw new DOMException('', 'NotAllowedError'); }"
    page.in_frame(f"{{ probe.microphone = {refuse}; probe.pull(); }}")
    help_panel = page.frame.locator(".mic-help")
    expect(help_panel).to_contain_text("The microphone is not allowed.")
    expect(page.frame.get_by_role("textbox", name="Your answer")).to_be_visible()
    page.in_frame("probe.microphone = null")
    page.press("Allow microphone")
    expect(help_panel).to_be_hidden()
    page.hear(0.4)
    page.assert_frames_follow(since)
    assert [each["state"] for each in page.told("mic")][-2:] == ["denied", "granted"]


def test_a_microphone_that_carries_nothing_is_asked_about_before_and_told_in_the_interview(
    open_page: Open,
) -> None:
    page = open_page("probe.microphone = async () => probe.constant(0);")
    for name in ("Begin", "I agree"):
        page.press(name)
    expect(page.frame.locator(".check-status")).to_contain_text("We hear nothing.")
    page.press("Start interview")
    page.wait_for_phase("live")
    page.page.wait_for_timeout(3_500)
    help_panel = page.frame.locator(".mic-help")
    expect(help_panel).to_be_hidden()  # zeros may be a silent person behind noise suppression
    page.in_frame("{ probe.microphone = async () => probe.constant(0.2); probe.pull(); }")
    expect(help_panel).to_contain_text("We hear nothing.")
    page.in_frame("{ probe.microphone = null; }")
    page.press("Try again")
    expect(help_panel).to_be_hidden()
