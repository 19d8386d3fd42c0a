"""Somebody applies with a résumé, is approved, and comes into the interview: in a real browser."""

import email
import re
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.candidate_page import CHROMIUM, FLAGS, PATIENCE_MS
from tests.e2e.house import House
from tests.e2e.test_screens import DESK, FLAWS, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

POSITION = {
    "template_name": "Tide engineer",
    "use_case": "hiring",
    "objective": "Can this person keep a service boring?",
    "description": "Keeps the prediction service of a maker of tide clocks boring.",
    "description_long": "What you will do\n\nMeasure.\n\n- Move storage.\n- Explain things.",
    "visibility": "merchant_public",
    "location": "Harbour workshop",
    "questions": [{"question": "What did you build last?"}],
}
CODE = r"^\d{6}"  # begins the subject


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House.found(tmp_path_factory.mktemp("applying") / "data") as house:
        yield house


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def opened(browser: Browser, *, script: bool = True) -> Page:
    page = browser.new_page(java_script_enabled=script)
    page.set_default_timeout(PATIENCE_MS)
    return page


def mailed(house: House, address: str, page: Page, pattern: str) -> str:
    """What matches in somebody's letters in the outbox folder, once something does."""
    for _ in range(200):
        found = [
            email.message_from_bytes(file.read_bytes(), policy=policy.default)
            for file in sorted((house.data / "outbox").glob("*.eml"))
        ]
        texts = [
            f"{letter['subject']}\n{body.get_content()}"
            for letter in found
            if address in str(letter["to"]) and (body := letter.get_body(("plain",))) is not None
        ]
        if match := re.search(pattern, "\n".join(texts), re.MULTILINE):
            return match[0]
        page.wait_for_timeout(50)
    raise AssertionError("no letter came in time")


def fill_in(page: Page, address: str, resume: Path) -> None:
    page.get_by_label("Full name").fill("Robin Vale")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Résumé").set_input_files(resume)
    for box in page.get_by_role("checkbox").all():
        box.check()


def assert_no_flaw(page: Page, place: str) -> None:
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(
                color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
            )
            flaws = page.evaluate(FLAWS, size is PHONE)
            assert flaws == [], f"{place} in the {scheme}, {size['width']} px"


def tell_the_code(page: Page, code: str) -> None:
    """Wrong at first."""
    field = page.get_by_label("Code", exact=True)
    expect(field).to_be_focused()
    field.fill("000000" if code != "000000" else "111111")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not the code")
    assert_no_flaw(page, "the wrong code")
    page.get_by_label("Code", exact=True).fill(f"{code[:3]} {code[3:]}")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Your application has arrived")).to_be_visible()


def approve_the_only_one(house: House) -> None:
    (application,) = house.api("GET", "/api/v1/applications")["data"]
    assert application["status"] == "applied"
    address = f"/api/v1/participants/{application['candidate_id']}/resume"
    assert house.api("GET", address)["data"]["document"]["name"] == "resume.txt"
    approve = f"/api/v1/applications/{application['id']}/approve"
    assert house.api("POST", approve, {"decided_by": "Ada Quill"})["data"]["status"] == "scheduled"


def begin_by_the_mailed_link(house: House, page: Page) -> None:
    page.goto(mailed(house, "Robin Vale", page, r"http\S+/i/\S+#t=\S+"))
    expect(page.get_by_role("heading", name="Interview for Tide engineer")).to_be_visible()
    page.get_by_role("button", name="Begin").press("Enter")
    page.locator("body[data-phase=consent]").wait_for()


def test_somebody_applies_is_approved_and_begins(
    house: House, browser: Browser, tmp_path: Path
) -> None:
    template = house.api("POST", "/api/v1/evaluation-templates", POSITION)["data"]
    resume = tmp_path / "resume.txt"
    resume.write_text("Robin Vale. Wound clocks by the sea for nine years.")
    page = opened(browser)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(template["apply_url"])
    assert_no_flaw(page, "the position")
    fill_in(page, "robin@example.org", resume)
    page.get_by_role("button", name="Send me the code").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    assert_no_flaw(page, "the code")
    tell_the_code(page, mailed(house, "robin@example.org", page, CODE))
    assert_no_flaw(page, "the end")
    approve_the_only_one(house)
    page.reload()
    expect(page.get_by_role("link", name="Begin the interview")).to_be_visible()
    begin_by_the_mailed_link(house, page)
    assert [text for text in problems if "400" not in text] == []


def test_without_script_and_from_right_to_left_it_is_the_same_way(
    house: House, browser: Browser
) -> None:
    position = {**POSITION, "template_name": "Harbour pilot", "apply_mode": "interview"}
    template = house.api("POST", "/api/v1/evaluation-templates", position)["data"]
    page = opened(browser, script=False)
    page.goto(template["apply_url"] + "?lang=ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("#name").fill("ليلى")
    page.locator("#email").fill("layla@example.org")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.locator(".apply button[type=submit]").click()
    code = mailed(house, "layla@example.org", page, CODE)
    page.locator("#code").fill(code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))
    page.locator(".code-form button").click()
    expect(page.locator("main a.primary")).to_have_attribute("href", re.compile("#t="))


def test_what_is_wrong_is_said_where_it_is_and_takes_the_focus(
    house: House, browser: Browser
) -> None:
    position = {**POSITION, "template_name": "Lamp keeper"}
    template = house.api("POST", "/api/v1/evaluation-templates", position)["data"]
    page = opened(browser)
    page.goto(template["apply_url"])
    page.locator("form").evaluate("(form) => { form.noValidate = true; }")
    page.get_by_role("button", name="Send me the code").click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(page.get_by_label("Full name")).to_have_attribute("aria-invalid", "true")
    assert_no_flaw(page, "the form with errors")
    alert.get_by_role("link", name="Please enter your name.").click()
    expect(page.get_by_label("Full name")).to_be_in_viewport()
