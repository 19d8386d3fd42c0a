"""Calendar files, read back by a library that knows nothing of ours."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from vivavoce.core.calendar_file import (
    LONGEST_LINE_BYTES,
    Appointment,
    cancellation_file,
    invitation_file,
)
from vivavoce.core.mail import Mailbox, one_line

APPOINTMENT = Appointment(
    uid="019735c2@interviews.test",
    starts_at=datetime(2026, 6, 2, 16, 30, tzinfo=timezone(timedelta(hours=2))),
    duration=timedelta(minutes=45),
    summary="Your interview: Backend; engineer, senior",
    description="First line.\nhttps://interviews.test/i/backend#t=abc",
    url="https://interviews.test/i/backend#t=abc",
    organizer=Mailbox('Lantern "Works"; Ltd, Oslo', "interviews@interviews.test"),
    attendee=Mailbox("Zoë Ångström", "zoe@example.org"),
    stamped_at=datetime(2026, 5, 30, tzinfo=UTC),
)


def event(text: str) -> Any:  # noqa: ANN401
    calendar = Calendar.from_ical(text)
    (found,) = calendar.walk("VEVENT")
    return found


def test_an_appointment_reads_back_as_it_was_meant() -> None:
    file = invitation_file(APPOINTMENT)
    found = event(file.text)
    assert file.method == "REQUEST"
    assert found.decoded("DTSTART") == datetime(2026, 6, 2, 14, 30, tzinfo=UTC)
    assert found.decoded("DTEND") == datetime(2026, 6, 2, 15, 15, tzinfo=UTC)
    assert found["SUMMARY"] == APPOINTMENT.summary
    assert found["DESCRIPTION"] == APPOINTMENT.description
    assert found["URL"] == APPOINTMENT.url
    assert found["ORGANIZER"] == "mailto:interviews@interviews.test"
    assert found["ORGANIZER"].params["CN"] == "Lantern 'Works'; Ltd, Oslo"
    assert found["ATTENDEE"] == "mailto:zoe@example.org"
    assert found["ATTENDEE"].params["CN"] == "Zoë Ångström"
    assert "TRANSP" not in found


def test_a_deadline_informs_and_blocks_no_time() -> None:
    file = invitation_file(replace(APPOINTMENT, is_deadline=True))
    found = event(file.text)
    assert file.method == "PUBLISH"
    assert found["TRANSP"] == "TRANSPARENT"
    assert "ATTENDEE" not in found


def test_a_cancellation_names_the_same_event_with_the_next_sequence() -> None:
    before = event(invitation_file(APPOINTMENT).text)
    file = cancellation_file(APPOINTMENT)
    after = event(file.text)
    assert file.method == "CANCEL"
    assert after["STATUS"] == "CANCELLED"
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)


@given(st.text(), st.text(), st.text(min_size=1))
def test_any_text_stays_inside_its_field_and_its_lines(
    summary: str, description: str, name: str
) -> None:
    hostile = replace(
        APPOINTMENT,
        summary=summary,
        description=description,
        attendee=Mailbox(name, "zoe@example.org"),
    )
    text = invitation_file(hostile).text
    lines = text.split("\r\n")
    assert text.endswith("\r\n")
    assert all(len(line.encode("utf-8", "surrogatepass")) <= LONGEST_LINE_BYTES for line in lines)
    assert not any("\r" in line or "\n" in line for line in lines)
    assert text.count("BEGIN:VEVENT") - summary.count("BEGIN:VEVENT") <= 1 + description.count(
        "BEGIN:VEVENT"
    ) + name.count("BEGIN:VEVENT")
    assert event(text)["SUMMARY"] == one_line(summary)


@pytest.mark.parametrize("text", ["x\r\nATTENDEE:mailto:evil@example.org", "x\nEND:VEVENT"])
def test_a_line_break_begins_no_property(text: str) -> None:
    found = event(invitation_file(replace(APPOINTMENT, summary=text)).text)
    assert found["ATTENDEE"] == "mailto:zoe@example.org"
    assert found["SUMMARY"] == one_line(text)
