"""Every screen a candidate sees, on a phone and on a desk, in the light and in the dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Route, ViewportSize, expect

from tests.e2e.candidate_page import CandidatePage, candidate_page
from tests.e2e.house import House, careers_site
from tests.e2e.voice import microphone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
SESSIONS = "**/api/v1/embed/sessions"

# Contrast as WCAG 2.2 computes it, over the grounds that the styles put below a text. What is
# disabled or cannot be reached under a cover is exempt.
FLAWS = """
(isPhone) => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const over = ([r, g, b, a = 1], [R, G, B]) =>
    [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a)];
  const ground = (element) => {
    const own = element ? parse(getComputedStyle(element).backgroundColor) : [255, 255, 255];
    return element && (own[3] ?? 1) < 1 ? over(own, ground(element.parentElement)) : own;
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((c) =>
      c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (element) => {
    const below = ground(element);
    const pair = [light(over(parse(getComputedStyle(element).color), below)), light(below)];
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  };
  const isShown = (e) => e.checkVisibility() && !e.closest('[inert], :disabled, .skip-link');
  const shown = [...document.body.querySelectorAll('*')].filter(isShown);
  const words = (e) =>
    [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
  const name = (e) => e.getAttribute('aria-label') ?? e.textContent.trim();
  const { scrollWidth, clientWidth } = document.documentElement;
  const controls = shown.filter((e) => e.matches('button, select, summary, textarea'));
  const small = (e) => isPhone && e.getBoundingClientRect().height < 44;
  return [
    ...(scrollWidth > clientWidth ? [`${scrollWidth} px wide in ${clientWidth}`] : []),
    ...controls.filter(small).map((e) => `too small to tap: ${name(e)}`),
    ...controls.filter((e) => e.matches('button') && !name(e)).map(() => 'a button without name'),
    ...shown.filter((e) => words(e) && contrast(e) < 4.5)
      .map((e) => `contrast ${contrast(e).toFixed(2)}: ${e.className || e.tagName}`),
  ];
}
"""


@pytest.fixture(scope="module")
def careers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("screens") / "data"
    with House.found(data) as house, careers_site(house) as origin:
        yield origin


@pytest.fixture
def candidate(tmp_path: Path) -> Iterator[CandidatePage]:
    with candidate_page(microphone((), tmp_path / "microphone.wav", 60.0)) as candidate:
        candidate.page.on("console", lambda message: note(candidate, message))
        yield candidate


def note(candidate: CandidatePage, message: ConsoleMessage) -> None:
    if message.type == "error":
        candidate.problems.append(message.text)


def assert_no_flaw(candidate: CandidatePage, phase: str) -> None:
    """In both themes and both widths."""
    candidate.wait_for_phase(phase)
    for size in (PHONE, DESK):
        candidate.page.set_viewport_size(size)
        candidate.page.locator("viva-interview").scroll_into_view_if_needed()  # or it sleeps
        candidate.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        assert_readable(candidate, f"{phase} in the light", is_phone=size is PHONE)
        candidate.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert_readable(candidate, f"{phase} in the dark", is_phone=size is PHONE)
        assert_frame_fits(candidate)


def assert_readable(candidate: CandidatePage, place: str, *, is_phone: bool) -> None:
    flaws = candidate.frame.evaluate(FLAWS, is_phone)
    assert flaws == [], f"{place}, on a {'phone' if is_phone else 'desk'}"


def assert_frame_fits(candidate: CandidatePage) -> None:
    """The host has given the frame the height of what is in it, so nothing scrolls inside."""
    candidate.frame.wait_for_function(
        "() => Math.abs(document.getElementById('app').offsetHeight - innerHeight) < 2"
    )


def test_every_screen_fits_reads_and_can_be_pressed(careers: str, candidate: CandidatePage) -> None:
    candidate.open(careers)
    assert_no_flaw(candidate, "intro")
    candidate.press("Begin")
    assert_no_flaw(candidate, "consent")
    candidate.press("I agree")
    assert_no_flaw(candidate, "devicecheck")
    candidate.press("Start interview")
    assert_no_flaw(candidate, "live")
    candidate.press("Type instead")
    answer = candidate.frame.get_by_role("textbox", name="Your answer")
    expect(answer).to_be_focused()
    assert_no_flaw(candidate, "live")
    candidate.press("Pause")
    assert_no_flaw(candidate, "paused")
    expect(candidate.frame.get_by_role("button", name="Continue interview")).to_be_focused()
    candidate.press("Continue interview")
    expect(candidate.frame.get_by_role("button", name="Pause")).to_be_focused()
    candidate.press("End interview")
    dialog = candidate.frame.get_by_role("dialog", name="End the interview now?")
    expect(dialog.get_by_role("button", name="Keep going")).to_be_focused()
    dialog.get_by_role("button", name="End interview").press("Enter")
    assert_no_flaw(candidate, "done")
    assert candidate.problems == []


def hold_down(candidate: CandidatePage, name: str) -> None:
    """A browser keeps the pointer from a frame of another origin that has just moved."""
    button = candidate.frame.get_by_role("button", name=name)
    for _ in range(100):
        button.hover()
        candidate.page.mouse.down()
        if button.evaluate("(button) => button.matches(':active')"):
            return
        candidate.page.mouse.up()
        candidate.page.wait_for_timeout(100)
    raise AssertionError("the frame never heard of the pointer")


@pytest.mark.parametrize("status", [401, 503])
def test_what_went_wrong_is_as_readable(
    careers: str, candidate: CandidatePage, status: int
) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=status, json={"code": "refused", "message": "Not now."})

    candidate.page.route(SESSIONS, refuse)
    candidate.open(careers)
    candidate.press("Begin")
    assert_no_flaw(candidate, "error")


def test_the_next_screen_begins_in_view_and_takes_the_focus(
    careers: str, candidate: CandidatePage
) -> None:
    candidate.page.set_viewport_size(PHONE)
    candidate.open(careers)
    for button, phase in (("Begin", "consent"), ("I agree", "devicecheck")):
        candidate.press(button)
        candidate.wait_for_phase(phase)
        heading = candidate.frame.get_by_role("heading", level=1)
        expect(heading).to_be_focused()
        expect(heading).to_be_in_viewport()


def test_a_press_counts_although_the_page_moves_under_it(
    careers: str, candidate: CandidatePage
) -> None:
    candidate.open(careers)
    hold_down(candidate, "Begin")
    candidate.frame.evaluate("document.getElementById('app').style.paddingTop = '200px'")
    candidate.page.mouse.up()
    candidate.wait_for_phase("consent")


def test_a_press_is_taken_back_by_drawing_the_pointer_away(
    careers: str, candidate: CandidatePage
) -> None:
    candidate.open(careers)
    hold_down(candidate, "Begin")
    candidate.page.mouse.move(5, 5, steps=3)
    candidate.page.mouse.up()
    candidate.frame.evaluate("() => new Promise(requestAnimationFrame)")
    begin = candidate.frame.get_by_role("button", name="Begin")
    assert begin.get_attribute("aria-busy") == "false"
    assert candidate.phase == "intro"
