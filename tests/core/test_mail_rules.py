from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.errors import Invalid
from vivavoce.core.mail import Mailbox, MailFacts, is_address, one_line
from vivavoce.core.mail_rules import (
    LINK_LIFE,
    RETRY_GAPS,
    deadline,
    mail_language,
    reminder_at,
    retry_delay,
)
from vivavoce.core.mail_settings import Security, SmtpServer, parse_sender, parse_smtp_url

NOW = datetime(2026, 6, 2, 7, 48, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["robin@example.org", "r.o'bin+x@sub.example.org", "ü@exämple.org", "a" * 64 + "@b.example"],
)
def test_what_people_have_is_an_address(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "robin",
        "@example.org",
        "robin@",
        "robin@.org",
        "robin@example..org",
        "robin@example.org.",
        "a@b@c",
        "robin@example.org\r\nBcc: other@example.org",
        "robin@example.org\n",
        "robin\0@example.org",
        "robin@exam\x7fple.org",
        "robin\u2028@example.org",
        "Robin <robin@example.org>",
        "robin@example.org,other@example.org",
        "robin@example.org;other@example.org",
        "ro bin@example.org",
        "a" * 65 + "@example.org",
        "a@" + "b" * 254,
    ],
)
def test_what_could_be_read_as_more_than_one_address_is_none(text: str) -> None:
    assert not is_address(text)


@given(st.text())
def test_no_text_breaks_out_of_its_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in line)
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("ahead", "lead"),
    [
        (timedelta(days=7), timedelta(hours=24)),
        (timedelta(hours=28), timedelta(hours=24)),
        (timedelta(hours=27), timedelta(hours=2)),
        (timedelta(hours=6), timedelta(hours=2)),
    ],
)
def test_a_reminder_comes_before_the_deadline_and_not_on_the_heels_of_the_invitation(
    ahead: timedelta, lead: timedelta
) -> None:
    assert reminder_at(NOW, NOW + ahead) == NOW + ahead - lead


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_a_reminder_always_lies_between_invitation_and_deadline(ahead: timedelta) -> None:
    at = reminder_at(NOW, NOW + ahead)
    assert at is None or NOW < at < NOW + ahead


def test_what_is_due_soon_needs_no_reminder() -> None:
    assert reminder_at(NOW, NOW + timedelta(hours=5)) is None


def test_the_deadline_is_the_appointment_or_the_end_of_the_invitation_or_of_the_link() -> None:
    first, second = NOW + timedelta(days=2), NOW + timedelta(days=7)
    assert deadline(MailFacts(scheduled_at=first, expires_at=second), NOW) == first
    assert deadline(MailFacts(expires_at=second), NOW) == second
    assert deadline(MailFacts(), NOW) == NOW + LINK_LIFE


def test_attempts_grow_sparser_and_end_after_two_days() -> None:
    delays = [retry_delay(failures, 0.0) for failures in range(1, len(RETRY_GAPS) + 2)]
    assert delays == [*RETRY_GAPS, None]
    assert list(RETRY_GAPS) == sorted(RETRY_GAPS)
    assert timedelta(days=1) < sum(RETRY_GAPS, timedelta()) < timedelta(days=3)


@given(st.integers(1, len(RETRY_GAPS)), st.floats(0, 1))
def test_jitter_makes_an_attempt_later_and_never_earlier(failures: int, random: float) -> None:
    delay = retry_delay(failures, random)
    assert delay is not None
    assert RETRY_GAPS[failures - 1] <= delay <= RETRY_GAPS[failures - 1] * 1.1


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        (None, "de"),
        ("", "de"),
        ("fr", "fr"),
        ("fr-CA", "fr"),
        ("pt_BR", "br"),
        ("pt-PT", "pt"),
        ("nb-NO", "no"),
        ("zh-Hant-TW", "zh"),
        ("xx", "de"),
        ("../en", "de"),
    ],
)
def test_mail_is_in_the_candidates_language_where_the_platform_speaks_it(
    locale: str | None, language: str
) -> None:
    assert mail_language(locale, "de") == language


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("smtp://mail.example.org", SmtpServer("mail.example.org", 587, Security.STARTTLS)),
        ("smtps://mail.example.org/", SmtpServer("mail.example.org", 465, Security.TLS)),
        ("smtp+plain://localhost:2525", SmtpServer("localhost", 2525, Security.NONE)),
        (
            "smtp://jobs%40example.org:p%3Aw%2F@mail.example.org:2587",
            SmtpServer("mail.example.org", 2587, Security.STARTTLS, "jobs@example.org", "p:w/"),
        ),
        ("smtp+plain://a:b@127.0.0.1", SmtpServer("127.0.0.1", 25, Security.NONE, "a", "b")),
    ],
)
def test_a_mail_server_is_one_url(text: str, server: SmtpServer) -> None:
    assert parse_smtp_url(text) == server


@pytest.mark.parametrize(
    "text",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://mail.example.org:x",
        "smtp://mail.example.org:99999",
        "smtp://mail.example.org/inbox",
        "smtp://mail.example.org?starttls=0",
        "smtp://user@mail.example.org",
        "smtp+plain://user:password@mail.example.org",
        "smtp://mail example",
    ],
)
def test_a_url_that_says_too_little_or_too_much_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_smtp_url(text)
    assert refusal.value.code == "smtp_url"
    assert "password@" not in refusal.value.message


def test_a_server_does_not_show_its_password() -> None:
    assert "secret" not in repr(parse_smtp_url("smtp://user:secret@mail.example.org"))


def test_a_sender_has_an_address_and_maybe_a_name() -> None:
    assert parse_sender("jobs@example.org") == Mailbox("", "jobs@example.org")
    assert parse_sender("Our company <jobs@example.org>") == Mailbox(
        "Our company", "jobs@example.org"
    )


@pytest.mark.parametrize("text", ["", "jobs", "Our company", "a@b.org, c@d.org", "ü@example.org"])
def test_a_sender_without_one_address_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_sender(text)
    assert refusal.value.code == "smtp_from"
