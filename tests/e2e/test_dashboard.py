"""The pages for members in a real browser: each kind of work once, and how each page looks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.e2e.candidate_page import CHROMIUM, FLAGS, PATIENCE_MS
from tests.e2e.office import ACCOUNT, OWNER, PASSWORD, Office, office
from tests.e2e.test_screens import DESK, FLAWS, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

# What a browser says by itself about an answer that a test wants.
EXPECTED = re.compile(r"status of (401|403|404|409)")


@dataclass
class Desk:
    """One browser window of one person, who may be signed in."""

    office: Office
    page: Page
    problems: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        separator = "&" if "?" in path else "?"
        self.page.goto(f"{self.office.origin}{path}{separator}accountSlug={ACCOUNT}")

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.press("Sign in")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def row(self, name: str) -> "Row":
        return Row(self.page, name)

    def is_told(self, words: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible()


class Row:
    def __init__(self, page: Page, name: str) -> None:
        self.locator = page.get_by_role("row").filter(has_text=name)
        self._name = name

    def press(self, label: str) -> None:
        self.locator.get_by_role("button", name=f"{label}: ").first.click()


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("office") / "data") as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        expect.set_options(timeout=PATIENCE_MS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def cookie(works: Office) -> str:
    """The owner signs in once: who does so all the time is taken for somebody guessing."""
    return works.sign_in(OWNER)


@pytest.fixture
def desk(works: Office, browser: Browser, cookie: str) -> Iterator[Desk]:
    """Of the owner, who is signed in."""
    with_owner = new_desk(works, browser)
    name, _, value = cookie.partition("=")
    with_owner.page.context.add_cookies([{"name": name, "value": value, "url": works.origin}])
    yield with_owner
    assert with_owner.problems == []
    with_owner.page.context.close()


def new_desk(works: Office, browser: Browser) -> Desk:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    desk = Desk(works, context.new_page())

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            desk.problems.append(message.text)

    desk.page.on("console", note)
    desk.page.on("pageerror", lambda error: desk.problems.append(str(error)))
    return desk


def test_a_wrong_password_is_said_and_the_right_one_leads_to_what_was_asked_for(
    works: Office, browser: Browser
) -> None:
    desk = new_desk(works, browser)
    desk.open("/dashboard/mail")
    desk.sign_in(OWNER, "a wrong password")
    expect(desk.page.get_by_role("alert")).to_contain_text("is wrong")
    desk.sign_in(OWNER)
    expect(desk.page.get_by_role("heading", name="Mail")).to_be_visible()
    desk.press("Sign out")
    expect(desk.page.get_by_role("heading", name="Sign in")).to_be_visible()
    desk.open("/dashboard/mail")
    expect(desk.page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert desk.problems == []
    desk.page.context.close()


def test_somebody_interviewed_is_approved_after_a_look_at_the_result(desk: Desk) -> None:
    desk.open("/dashboard")
    desk.page.get_by_role("link", name="Screen · 8.2 · Hire").first.click()
    expect(desk.page.get_by_role("heading", name="Sam Okafor")).to_be_visible()
    desk.page.get_by_role("link", name="All interviews").click()
    expect(desk.page.get_by_role("heading", name="Interviews")).to_be_visible()

    desk.open("/dashboard/applications")
    desk.row("Sam Okafor").press("Approve")
    dialog = desk.page.get_by_role("dialog", name="Approve Sam Okafor?")
    dialog.get_by_label("Note").fill("Knows the tides.")
    dialog.get_by_role("button", name="Approve").click()
    desk.is_told("Sam Okafor is approved.")
    row = desk.row("Sam Okafor").locator
    expect(row).to_contain_text("Approved")
    expect(row).to_contain_text("by Ada Quill: Knows the tides.")


def test_from_an_interview_that_is_not_there_one_gets_back(desk: Desk) -> None:
    desk.open("/results/none")
    expect(desk.page.get_by_role("heading", name="This page cannot be shown")).to_be_visible()
    assert_no_flaw(desk, "a result that is not there")
    desk.page.get_by_role("link", name="Interviews").click()
    expect(desk.page.get_by_role("heading", name="Interviews")).to_be_visible()


def test_an_application_is_read_before_anything_is_decided(desk: Desk, works: Office) -> None:
    works.give_resume("quinn@example.org", "Quinn Moss\n\nWound clocks by the sea.")
    desk.open("/dashboard/applications")
    desk.row("Quinn Moss").press("Read")
    dialog = desk.page.get_by_role("dialog", name="Quinn Moss")
    expect(dialog.get_by_role("link", name="quinn@example.org")).to_be_visible()
    expect(dialog).to_contain_text("resume.txt · 1 page")
    resume = dialog.get_by_label("Text of the résumé")
    assert resume.inner_text() == "Quinn Moss\n\nWound clocks by the sea."
    assert_no_flaw(desk, "an application")
    desk.press("Close")
    desk.row("Noor Haddad").press("Read")
    expect(desk.page.get_by_role("dialog", name="Noor Haddad")).to_contain_text("None was sent.")
    desk.press("Close")


def test_somebody_new_is_invited_and_the_link_is_there_to_pass_on(desk: Desk) -> None:
    desk.open("/dashboard/sessions")
    desk.press("Invite a candidate")
    dialog = desk.page.get_by_role("dialog", name="Invite a candidate")
    dialog.get_by_label("Name").fill("Alex Poe")
    dialog.get_by_label("E-mail address").fill("alex@example.org")
    dialog.get_by_role("button", name="Invite").click()
    link = desk.page.get_by_role("dialog", name="Alex Poe is invited").get_by_role("textbox")
    expect(link).to_have_value(re.compile(r"/i/backend-engineer\S*#t="))
    desk.press("Close")
    row = desk.row("Alex Poe")
    expect(row.locator).to_contain_text("Not started")
    row.press("Cancel")
    desk.page.get_by_role("dialog").get_by_role("button", name="Cancel interview").click()
    expect(row.locator).to_contain_text("Cancelled")


def test_who_was_cut_off_is_invited_to_another_interview(desk: Desk, works: Office) -> None:
    desk.open("/dashboard/applications")
    chip = desk.row("Toni Marsh").locator.locator("td.status .chip")
    expect(chip).to_have_text("Interview cut off")
    desk.row("Toni Marsh").press("Read")
    expect(desk.page.get_by_role("dialog", name="Toni Marsh")).to_contain_text("Interview cut off")
    assert_no_flaw(desk, "an application whose interview broke off")
    desk.press("Close")
    desk.open("/dashboard/sessions?status=failed")
    desk.row("Toni Marsh").press("Invite anew")
    dialog = desk.page.get_by_role("dialog", name="Invite Toni Marsh to a new interview?")
    dialog.get_by_role("button", name="Send invitation").click()
    desk.is_told("An invitation to Toni Marsh is on its way.")
    desk.row("Toni Marsh").press("Invite anew")
    dialog.get_by_role("button", name="Send invitation").click()
    expect(dialog.get_by_role("alert")).to_contain_text("that is not over")
    dialog.get_by_role("button", name="Cancel").click()
    (waiting,) = [
        each
        for each in works.api("GET", "/outbox?kind=invitation&status=pending")
        if each["to"]["email"] == "toni@example.org"
    ]
    assert waiting["join_url"]
    desk.open("/dashboard/applications")
    expect(chip).to_have_text("Interview ahead")


def test_nobody_is_rejected_without_a_reason(desk: Desk) -> None:
    desk.open("/dashboard/applications")
    desk.row("Robin Vale").press("Reject")
    dialog = desk.page.get_by_role("dialog", name="Reject Robin Vale?")
    reject = dialog.get_by_role("button", name="Reject")
    reject.click()
    expect(dialog).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(desk.row("Robin Vale").locator.get_by_role("button", name="Reject")).to_be_focused()


def test_the_link_of_an_invitation_is_copied_from_the_outbox(desk: Desk, works: Office) -> None:
    desk.open("/dashboard/mail?kind=invitation")
    row = desk.row("robin@example.org")
    row.press("Copy link")
    expect(row.locator).to_contain_text("Copied")
    copied = desk.page.evaluate("navigator.clipboard.readText()")
    sent = works.api("GET", "/outbox?kind=invitation")
    (mail,) = [each for each in sent if each["to"]["email"] == "robin@example.org"]
    assert copied.partition("#")[0] == mail["join_url"].partition("#")[0]

    row.press("Read")
    dialog = desk.page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox", name="Link into the interview")).to_have_value(
        re.compile(r"/i/backend-engineer\S*#t=")
    )
    expect(dialog).to_contain_text("Hello Robin Vale")


def test_a_mail_that_may_have_arrived_is_sent_again_by_somebody(desk: Desk) -> None:
    desk.open("/dashboard/mail?status=uncertain")
    desk.row("Noor Haddad").press("Send again")
    dialog = desk.page.get_by_role("dialog")
    expect(dialog).to_contain_text("The candidate could get it twice")
    dialog.get_by_role("button", name="Send again").click()
    desk.is_told("It is sent again in a moment.")
    expect(desk.page.get_by_text("No mails like that")).to_be_visible()


def test_a_delivery_shows_its_attempts_and_is_sent_again(desk: Desk) -> None:
    desk.open("/dashboard/webhooks?event=session.scored")
    row = desk.row("session.scored")
    row.press("Attempts")
    dialog = desk.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Refused, 503")
    expect(dialog).to_contain_text("Down for maintenance.")
    dialog.get_by_role("button", name="Close").click()
    row.press("Send again")
    desk.page.get_by_role("dialog").get_by_role("button", name="Send again").click()
    desk.is_told("It is sent again in a moment.")


def test_somebody_invited_chooses_a_password_and_is_offered_what_a_viewer_may(
    desk: Desk, works: Office, browser: Browser
) -> None:
    desk.open("/dashboard/members")
    desk.press("Invite somebody")
    dialog = desk.page.get_by_role("dialog", name="Invite somebody")
    dialog.get_by_label("E-mail address").fill("kim@example.org")
    dialog.get_by_label("Name").fill("Kim Lee")
    dialog.get_by_label("Role").select_option("viewer")
    dialog.get_by_role("button", name="Make invitation").click()
    link = desk.page.get_by_role("textbox", name="Invitation link").input_value()
    desk.press("Close")
    expect(desk.row("kim@example.org").locator).to_contain_text("Invited")

    guest = new_desk(works, browser)
    guest.page.goto(link)
    guest.page.get_by_label("New password").fill("a few unrelated words")
    guest.press("Accept and sign in")
    expect(guest.page.get_by_role("heading", name="Home")).to_be_visible()
    expect(guest.page.get_by_role("link", name="Members")).to_have_count(0)
    guest.open("/dashboard/applications")
    expect(guest.row("Quinn Moss").locator).to_be_visible()
    expect(
        guest.page.get_by_role("button", name=re.compile("Approve|Reject|Invite"))
    ).to_have_count(0)
    guest.open("/dashboard/members")
    expect(guest.page.get_by_role("heading", name="This page is not open to you")).to_be_visible()
    guest.page.goto(link)
    guest.page.get_by_label("New password").fill("a few unrelated words")
    guest.press("Accept and sign in")
    expect(guest.page.get_by_role("alert")).to_contain_text("used, too old or unknown")
    assert guest.problems == []
    guest.page.context.close()

    desk.row("kim@example.org").press("Deactivate")
    desk.page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    expect(desk.row("kim@example.org").locator).to_contain_text("Deactivated")


def test_the_only_owner_is_offered_nothing_that_is_refused(
    desk: Desk, works: Office, browser: Browser
) -> None:
    desk.open("/dashboard/members")
    own = desk.row("(you)").locator
    expect(own).to_contain_text("the only one")
    expect(own.get_by_role("button")).to_have_text(["New link"])
    assert_no_flaw(desk, "the only owner")

    link = works.invite_member("owner", "second@example.org")
    desk.page.reload()
    expect(own.get_by_role("button")).to_have_text(["New link"])  # nobody has accepted yet
    works.accept(link, PASSWORD)
    desk.page.reload()
    expect(own.get_by_role("button")).to_have_text(["Change role", "New link", "Deactivate"])
    expect(own).not_to_contain_text("the only one")

    desk.row("second@example.org").press("Deactivate")
    desk.page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    expect(own.get_by_role("button")).to_have_text(["New link"])


def test_a_list_keeps_its_filters_in_the_address_and_turns_its_pages(
    desk: Desk, works: Office
) -> None:
    for number in range(20):
        works.apply(f"Applicant {number:02}", f"applicant-{number}@example.org")
    desk.open("/dashboard/participants")
    expect(desk.page.get_by_role("status").first).to_have_text(re.compile("page 1 of 2"))
    desk.press("Next")
    expect(desk.page.get_by_role("status").first).to_have_text(re.compile("page 2 of 2"))
    expect(desk.row("Quinn Moss").locator).to_be_visible()
    desk.page.get_by_label("E-mail address").fill("applicant-7@example.org")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("status").first).to_have_text("1 candidate")
    desk.page.reload()
    expect(desk.page.get_by_label("E-mail address")).to_have_value("applicant-7@example.org")
    desk.page.go_back()
    expect(desk.page.get_by_role("status").first).to_have_text(re.compile("page 2 of 2"))


def test_a_server_that_is_away_is_said_and_asked_again(desk: Desk) -> None:
    desk.page.route("**/api/v1/sessions**", lambda route: route.abort())
    desk.open("/dashboard/sessions")
    expect(desk.page.get_by_role("alert").filter(has_text="cannot be reached")).to_be_visible()
    desk.page.unroute("**/api/v1/sessions**")
    desk.press("Try again")
    expect(desk.row("Sam Okafor").locator).to_be_visible()
    desk.problems.clear()  # the browser speaks of each request that was cut off


def test_another_password_signs_other_browsers_out(works: Office, browser: Browser) -> None:
    email = "sasha@example.org"
    works.accept(works.invite_member("recruiter", email), PASSWORD)
    here, there = new_desk(works, browser), new_desk(works, browser)
    for desk in (there, here):
        desk.open("/dashboard/account")
        desk.sign_in(email)
        expect(desk.page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(here.page.get_by_role("button", name=re.compile("Sign out: "))).to_have_count(1)
    form = here.page.get_by_role("region", name="Change your password")
    form.get_by_label("Password until now").fill("not it at all")
    form.get_by_label("New password").fill("another good password")
    here.press("Change password")
    expect(form.get_by_role("alert")).to_contain_text("current password is wrong")
    form.get_by_label("Password until now").fill(PASSWORD)
    here.press("Change password")
    here.is_told("Your password is changed")
    expect(here.page.get_by_role("button", name=re.compile("Sign out: "))).to_have_count(0)
    there.page.reload()
    expect(there.page.get_by_role("heading", name="Sign in")).to_be_visible()
    for desk in (here, there):
        assert desk.problems == []
        desk.page.context.close()


PAGES = (
    "",
    "applications",
    "sessions",
    "participants",
    "templates",
    "mail",
    "webhooks",
    "members",
    "engines",
    "account",
    "nowhere",
)


def test_every_page_fits_reads_and_can_be_pressed(desk: Desk) -> None:
    for name in PAGES:
        desk.open(f"/dashboard/{name}" if name else "/dashboard")
        expect(desk.page.locator(".rows-box[aria-busy=true]")).to_have_count(0)
        assert_no_flaw(desk, name)
    desk.open("/dashboard/members")
    desk.press("Invite somebody")
    assert_no_flaw(desk, "a dialog")
    desk.page.keyboard.press("Escape")
    desk.page.set_viewport_size(PHONE)
    desk.press("Menu")
    expect(desk.page.get_by_role("navigation", name="Pages")).to_be_visible()
    assert_no_flaw(desk, "the menu")
    desk.page.context.clear_cookies()
    desk.open("/dashboard")
    assert_no_flaw(desk, "signing in")
    desk.open("/dashboard/invitation")
    assert_no_flaw(desk, "an invitation")


# Tables that are wider than their box, and labels that are wider than what is pressed.
STICKS_OUT = """() => [...document.querySelectorAll(".rows-box > .table, td.actions .button")]
    .filter((each) => each.scrollWidth > each.clientWidth ||
        (each.matches(".table") && each.offsetWidth > each.parentElement.clientWidth))
    .map((each) => each.textContent.slice(0, 60))"""


BETWEEN = (768, 820, 1001, 1024, 1081, 1181, 1240)  # tablets, windows side by side


def assert_no_flaw(desk: Desk, place: str) -> None:
    for width in BETWEEN:
        desk.page.set_viewport_size({"width": width, "height": 900})
        assert desk.page.evaluate(STICKS_OUT) == [], f"{place or 'home'}, {width} px"
    for size in (PHONE, DESK):
        desk.page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            desk.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            flaws = desk.page.evaluate(FLAWS, size is PHONE)
            assert flaws == [], f"{place or 'home'}, {scheme}, {size['width']} px"
        assert desk.page.evaluate(STICKS_OUT) == [], f"{place or 'home'}, {size['width']} px"
