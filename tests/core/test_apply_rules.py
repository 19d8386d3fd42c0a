"""What somebody may fill in, what a code is good for, and how an application stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.applying import (
    CODE_GAP,
    CODE_LIFE,
    LONGEST_NAME,
    MOST_CODES,
    MOST_FAILURES,
    ApplyForm,
    ApplyRequest,
    Problem,
    Standing,
    plain_code,
    read_form,
    require_open_code,
    standing,
    with_next_code,
)
from vivavoce.core.campaign import Campaign, CampaignStatus, Window, window
from vivavoce.core.consent import POLICY_VERSION, REQUIRED_ITEMS
from vivavoce.core.errors import Gone, RateLimited
from vivavoce.core.languages import LANGUAGES, accepted_language, language_tag, match_language
from vivavoce.core.mail import is_address
from vivavoce.core.session import ApplicationConsent, ApplicationStatus, Channel, Session
from vivavoce.core.session_lifecycle import SessionStatus

NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)
FIELDS = {
    "name": "Robin Vale",
    "email": "Robin@Example.org",
    "phone": "+49 (30) 123-456",
    "language": "de",
    "policy_version": POLICY_VERSION,
    "consent_ai_interview": "yes",
    "consent_recording": "yes",
}
REQUEST = ApplyRequest(
    id="r",
    handle_hash=b"h",
    organization_id="o",
    template_id="t",
    form=ApplyForm("Robin Vale", "robin@example.org", None, ApplicationConsent("1", (), "de")),
    language="de",
    created_at=NOW,
)


def test_a_form_becomes_what_it_says() -> None:
    form = read_form(FIELDS)
    consent = ApplicationConsent(POLICY_VERSION, REQUIRED_ITEMS, "de")
    assert form == ApplyForm("Robin Vale", "robin@example.org", "+49 (30) 123-456", consent)


def test_a_phone_number_can_be_left_out() -> None:
    form = read_form({**FIELDS, "phone": "  "})
    assert isinstance(form, ApplyForm)
    assert form.phone is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": " "}, {"name": Problem.MISSING}),
        ({"name": "x" * (LONGEST_NAME + 1)}, {"name": Problem.TOO_LONG}),
        ({"name": "Robin\r\nBcc: all@example.org"}, {"name": Problem.WRONG}),
        ({"name": "Robin\x00Vale"}, {"name": Problem.WRONG}),
        ({"email": ""}, {"email": Problem.MISSING}),
        ({"email": "robin@example.org\r\nBcc: all@example.org"}, {"email": Problem.WRONG}),
        ({"email": "robin@example.org, other@example.org"}, {"email": Problem.WRONG}),
        ({"email": "robin@localhost"}, {"email": Problem.WRONG}),
        ({"phone": "call me"}, {"phone": Problem.WRONG}),
        ({"phone": "+49 30 1\x0023456"}, {"phone": Problem.WRONG}),
        ({"consent_recording": "no"}, {"consent": Problem.MISSING}),
        ({"policy_version": "2020-01-01"}, {"consent": Problem.WRONG}),
        ({"language": "xx"}, {"consent": Problem.WRONG}),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, str], problem: dict[str, Problem]) -> None:
    assert read_form({**FIELDS, **change}) == problem


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text(max_size=300)))
def test_whatever_is_sent_what_is_taken_fits_into_a_header(sent: dict[str, str]) -> None:
    form = read_form(sent)
    if isinstance(form, ApplyForm):
        assert form.name.isprintable()
        assert is_address(form.email)


def test_a_code_is_good_for_a_while() -> None:
    coded = with_next_code(REQUEST, NOW, is_mailed=True)
    require_open_code(coded, NOW + CODE_LIFE - timedelta(seconds=1))
    with pytest.raises(Gone) as late:
        require_open_code(coded, NOW + CODE_LIFE)
    assert late.value.code == "code_expired"


def test_a_code_is_good_for_some_attempts() -> None:
    coded = with_next_code(REQUEST, NOW, is_mailed=True)
    require_open_code(replace(coded, failures=MOST_FAILURES - 1), NOW)
    with pytest.raises(RateLimited) as guessed:
        require_open_code(replace(coded, failures=MOST_FAILURES), NOW)
    assert guessed.value.code == "code_used_up"


def test_another_code_can_be_asked_for_after_a_moment_and_not_without_end() -> None:
    request, now = REQUEST, NOW
    for number in range(1, MOST_CODES + 1):
        request = with_next_code(replace(request, failures=3), now, is_mailed=True)
        assert (request.code_number, request.failures) == (number, 0)
        if number < MOST_CODES:
            with pytest.raises(RateLimited) as soon:
                with_next_code(request, now, is_mailed=True)
            assert soon.value.code == "code_too_soon"
        now += CODE_GAP
    with pytest.raises(RateLimited) as many:
        with_next_code(request, now, is_mailed=True)
    assert many.value.code == "codes_used_up"


def test_a_code_that_was_not_mailed_is_a_new_one_all_the_same() -> None:
    coded = with_next_code(REQUEST, NOW, is_mailed=True)
    silent = with_next_code(coded, NOW + CODE_GAP, is_mailed=False)
    assert (silent.code_number, silent.codes_mailed, silent.is_code_mailed) == (2, 1, False)


@pytest.mark.parametrize(
    "told",
    [
        "123456",
        " 123 456 ",
        "123-456",
        "\u2067123456\u2069",
        "١٢٣٤٥٦",
        "१२३४५६",
        "\uff11\uff12\uff13\uff14\uff15\uff16",
    ],
)
def test_a_code_is_read_as_people_type_it(told: str) -> None:
    assert plain_code(told) == "123456"


def session(status: SessionStatus) -> Session:
    return Session("s", "o", "t", "p", "en", Channel.WEB, 1, NOW, status=status)


@pytest.mark.parametrize(
    ("status", "latest", "told"),
    [
        (ApplicationStatus.APPLIED, None, Standing.WAITING),
        (ApplicationStatus.APPROVED, None, Standing.WAITING),
        (ApplicationStatus.APPROVED, SessionStatus.CANCELLED, Standing.WAITING),
        (ApplicationStatus.SCHEDULED, SessionStatus.SCHEDULED, Standing.INVITED),
        (ApplicationStatus.SCHEDULED, SessionStatus.FAILED, Standing.WAITING),
        (ApplicationStatus.IN_PROGRESS, SessionStatus.IN_PROGRESS, Standing.UNDER_WAY),
        (ApplicationStatus.COMPLETED, SessionStatus.COMPLETED, Standing.DONE),
        (ApplicationStatus.REJECTED, SessionStatus.COMPLETED, Standing.CLOSED),
        (ApplicationStatus.WITHDRAWN, SessionStatus.SCHEDULED, Standing.WITHDRAWN),
    ],
)
def test_how_an_application_stands(
    status: ApplicationStatus, latest: SessionStatus | None, told: Standing
) -> None:
    newest = session(latest) if latest else None
    assert standing(status, newest, joinable=True) is told


def test_what_people_hold_has_no_link() -> None:
    latest = session(SessionStatus.SCHEDULED)
    told = standing(ApplicationStatus.SCHEDULED, latest, joinable=False)
    assert told is Standing.SCHEDULED


def campaign(**changes: Any) -> Campaign:  # noqa: ANN401
    return replace(Campaign("c1", "o", "t", "Spring", NOW), **changes)


LATER, EARLIER = NOW + timedelta(days=1), NOW - timedelta(days=1)
RUNNING = campaign(starts_at=EARLIER, ends_at=LATER)


@pytest.mark.parametrize(
    ("campaigns", "told"),
    [
        ([], Window(True)),
        ([campaign(status=CampaignStatus.DRAFT)], Window(True)),
        ([RUNNING], Window(True, RUNNING)),
        ([RUNNING, replace(RUNNING, id="c2")], Window(True, replace(RUNNING, id="c2"))),
        ([campaign(ends_at=EARLIER)], Window(False)),
        ([campaign(status=CampaignStatus.CLOSED)], Window(False)),
        ([campaign(starts_at=LATER)], Window(False, None, LATER)),
        ([campaign(ends_at=EARLIER), campaign(starts_at=LATER)], Window(False, None, LATER)),
    ],
)
def test_campaigns_open_and_close_a_position(campaigns: list[Campaign], told: Window) -> None:
    assert window(campaigns, NOW) == told


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("pt-BR", "br"),
        ("nb-NO, nn;q=0.9", "no"),
        ("xx, fr;q=0.4, it;q=0.6", "it"),
        ("zh-Hant-TW", "zh"),
        ("en;q=0, sv;q=0.1", "sv"),
        ("*", None),
        ("", None),
        ("de;q=x, <script>,", None),
        ("de" + ",xx" * 5000, "de"),
    ],
)
def test_a_browser_is_answered_in_the_dearest_language_that_there_is(
    header: str, code: str | None
) -> None:
    assert accepted_language(header) == code


@given(st.text(max_size=200))
def test_any_header_names_a_language_of_ours_or_none(header: str) -> None:
    assert accepted_language(header) in {*LANGUAGES, None}


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_the_tag_of_a_language_leads_back_to_it(code: str) -> None:
    assert match_language(language_tag(code)) == code
