"""What candidates read, in every language, whatever names and titles hold."""

import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from vivavoce.core.languages import LANGUAGES
from vivavoce.core.mail import (
    Letter,
    Mail,
    Mailbox,
    MailFacts,
    MailKind,
    NextStep,
    ResultFacts,
    ResultLine,
    SendOutcome,
)
from vivavoce.mail import letters
from vivavoce.mail.folder import FolderTransport
from vivavoce.mail.letters import Letters, moment_text, texts

FOLDER = Path(letters.__file__).parent / "languages"
LINK = "https://interviews.test/i/backend#t=abc.def"
AT = datetime(2026, 6, 2, 12, 30, tzinfo=UTC)
MAIL = Mail(
    id="mail_1",
    organization_id="o",
    session_id="s1",
    participant_id="p",
    kind=MailKind.INVITATION,
    recipient=Mailbox("Robin Vale", "robin@example.org"),
    language="en",
    facts=MailFacts(
        organization="Lantern Works",
        interview="Backend engineer",
        slug="backend",
        minutes=30,
        scheduled_at=AT,
        timezone="Europe/Berlin",
        expires_at=datetime(2026, 6, 9, tzinfo=UTC),
    ),
    message_id="mail_1@interviews.test",
    created_at=datetime(2026, 6, 1, tzinfo=UTC),
    due_at=datetime(2026, 6, 1, tzinfo=UTC),
)
WRITER = Letters(Mailbox("", "interviews@interviews.test"))


def written(**changes: Any) -> Letter:  # noqa: ANN401
    mail = replace(MAIL, **changes)
    invites = mail.kind in {MailKind.INVITATION, MailKind.REMINDER}
    return WRITER.write(mail, LINK if invites else None)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_language_of_the_platform_has_its_file_and_no_other_has() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == LANGUAGES


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_language_says_everything_with_the_same_facts(language: str) -> None:
    english, own = texts("en"), json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    assert own.keys() == english.keys()
    assert {key: fields(text) for key, text in own.items()} == {
        key: fields(text) for key, text in english.items()
    }
    assert all(text.strip() == text and text for text in own.values())
    if language != "en":
        assert not [key for key, text in own.items() if text == english[key]]


@pytest.mark.parametrize("kind", MailKind)
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_kind_is_written_in_every_language(language: str, kind: MailKind) -> None:
    letter = written(language=language, kind=kind)
    assert "Backend engineer" in letter.subject
    for body in (letter.text, unescape(letter.html)):
        assert "Robin Vale" in body
        assert "Lantern Works" in body
        assert (LINK in body) == (kind in {MailKind.INVITATION, MailKind.REMINDER})
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in letter.html
    assert f'lang="{letter.language_tag}"' in letter.html


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_who_applied_reads_what_follows_in_every_language(language: str) -> None:
    told = set()
    for step in NextStep:
        facts = replace(MAIL.facts, next_step=step)
        letter = written(language=language, kind=MailKind.APPLICATION, facts=facts)
        sentence = texts(language)[f"application.{step}"].format(organization="Lantern Works")
        assert sentence in letter.text
        assert sentence in unescape(letter.html)
        assert letter.calendar is None
        told.add(letter.text)
    assert len(told) == len(NextStep)


def test_the_tag_of_a_language_is_the_one_that_mail_programs_know() -> None:
    assert written(language="br").language_tag == "pt-BR"
    assert written(language="no").language_tag == "nb"
    assert written(language="de").language_tag == "de"


def test_times_are_told_in_the_zone_of_the_session() -> None:
    letter = written()
    assert "2026-06-02 14:30 (Europe/Berlin)" in letter.text
    assert "2026-06-09 02:00 (Europe/Berlin)" in letter.text


@pytest.mark.parametrize("zone", [None, "Nowhere/City", "../../etc", ""])
def test_without_a_zone_times_are_in_utc(zone: str | None) -> None:
    assert moment_text(AT, zone) == "2026-06-02 12:30 (UTC)"


def test_the_organization_sends_unless_the_installation_has_a_name() -> None:
    named = Letters(Mailbox("Our company", "jobs@example.org")).write(MAIL, LINK)
    assert written().sender == Mailbox("Lantern Works", "interviews@interviews.test")
    assert named.sender == Mailbox("Our company", "jobs@example.org")


def test_an_appointment_and_its_cancellation_are_one_event() -> None:
    invited, cancelled = written().calendar, written(kind=MailKind.CANCELLATION).calendar
    assert invited is not None
    assert cancelled is not None
    (before,) = Calendar.from_ical(invited.text).walk("VEVENT")
    (after,) = Calendar.from_ical(cancelled.text).walk("VEVENT")
    assert (invited.method, cancelled.method) == ("REQUEST", "CANCEL")
    assert before["UID"] == after["UID"] == "s1@interviews.test"
    assert before.decoded("DTSTART") == AT
    assert before["URL"] == LINK
    assert written(kind=MailKind.REMINDER).calendar is None


def test_without_an_appointment_the_calendar_marks_the_last_possible_time() -> None:
    calendar = written(facts=replace(MAIL.facts, scheduled_at=None)).calendar
    assert calendar is not None
    (event,) = Calendar.from_ical(calendar.text).walk("VEVENT")
    assert calendar.method == "PUBLISH"
    assert event.decoded("DTEND") == MAIL.facts.expires_at


def test_a_result_tells_numbers_and_that_people_decide() -> None:
    lines = (ResultLine("Design", 8.5, "Named the trade-offs."), ResultLine("Coding", None))
    facts = replace(MAIL.facts, result=ResultFacts(10, 8.2, lines))
    letter = written(kind=MailKind.RESULT, facts=facts)
    assert "8.2 out of 10" in letter.text
    assert "Design: 8.5\nNamed the trade-offs.\n" in letter.text
    assert "Coding: \N{EN DASH}" in letter.text
    assert "People decide" in letter.text


def test_a_result_without_a_score_tells_none() -> None:
    letter = written(kind=MailKind.RESULT, facts=replace(MAIL.facts, result=ResultFacts(10)))
    assert "out of" not in letter.text
    assert "People decide" in letter.text


def test_markup_in_a_name_is_text() -> None:
    hostile = "<img src=x onerror=alert(1)>{{ 7 * 7 }}{organization}{0.__class__}%s"
    letter = written(recipient=Mailbox(hostile, "robin@example.org"))
    assert "<img" not in letter.html
    assert hostile in unescape(letter.html)
    assert hostile in letter.text


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_told_and_none_is_read_as_a_pattern(
    name: str, organization: str, interview: str
) -> None:
    facts = replace(MAIL.facts, organization=organization, interview=interview)
    letter = written(recipient=Mailbox(name, "robin@example.org"), facts=facts)
    assert len(letter.subject.splitlines()) <= 1
    tags = re.findall(r"<(\w+)", letter.html)
    assert set(tags) <= {"html", "head", "meta", "title", "body", "div", "p", "bdi", "a"}


async def never() -> bool:
    raise AssertionError("a folder needs no leave")


@pytest.mark.anyio
async def test_without_a_server_a_letter_is_one_file_however_often_it_is_written(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "outbox"
    for _ in range(2):
        assert await FolderTransport(folder).send(written(), never) is SendOutcome.SENT
    (file,) = folder.iterdir()
    assert file.name == "mail_1.eml"
    assert file.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0
    assert b"To: Robin Vale <robin@example.org>\r\n" in file.read_bytes()


@pytest.mark.anyio
async def test_a_letter_that_was_written_is_there_after_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, lasting = tmp_path / "data" / "outbox", list[tuple[str, bool]]()

    def sync(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").readlink()
        lasting.append((path.name, (folder / "mail_1.eml").exists()))

    monkeypatch.setattr(os, "fsync", sync)
    assert await FolderTransport(folder).send(written(), never) is SendOutcome.SENT
    # The folder's own name, what is in the file, and only then the name that the file got.
    assert lasting == [("data", False), (".mail_1.eml.part", False), ("outbox", True)]


@pytest.mark.anyio
async def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file in the way")
    outcome = await FolderTransport(tmp_path / "outbox").send(written(), never)
    assert outcome is SendOutcome.UNREACHABLE
