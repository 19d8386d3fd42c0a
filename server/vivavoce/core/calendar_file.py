"""Calendar files (RFC 5545): one event in one file, all times in UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vivavoce.core.mail import CalendarFile, Mailbox, one_line

LONGEST_LINE_BYTES = 75  # RFC 5545, 3.1; the line break not counted
PRODUCT = "-//Vivavoce//Interviews//EN"


@dataclass(frozen=True)
class Appointment:
    """Something to attend at `starts_at`, or, when it `is_deadline`, to do before it is over."""

    uid: str
    starts_at: datetime
    duration: timedelta
    summary: str
    description: str
    url: str | None
    organizer: Mailbox
    attendee: Mailbox
    stamped_at: datetime
    is_deadline: bool = False


def invitation_file(appointment: Appointment) -> CalendarFile:
    """A deadline only informs; an appointment asks for its place among the others."""
    if appointment.is_deadline:
        transparent = ["TRANSP:TRANSPARENT", "STATUS:CONFIRMED"]
        return CalendarFile("PUBLISH", _file("PUBLISH", appointment, 0, transparent))
    attendee = "ATTENDEE;CN=%s;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:%s"
    person = appointment.attendee
    lines = [
        "STATUS:CONFIRMED",
        attendee % (_quoted(person.name or person.address), person.address),
    ]
    return CalendarFile("REQUEST", _file("REQUEST", appointment, 0, lines))


def cancellation_file(appointment: Appointment) -> CalendarFile:
    """Takes the event of `invitation_file` out of the calendar again: same UID, next sequence."""
    attendee = f"ATTENDEE:mailto:{appointment.attendee.address}"
    return CalendarFile("CANCEL", _file("CANCEL", appointment, 1, ["STATUS:CANCELLED", attendee]))


def _file(method: str, appointment: Appointment, sequence: int, extra: list[str]) -> str:
    organizer = appointment.organizer
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{_escaped(appointment.uid)}",
        f"SEQUENCE:{sequence}",
        f"DTSTAMP:{_utc(appointment.stamped_at)}",
        f"DTSTART:{_utc(appointment.starts_at)}",
        f"DTEND:{_utc(appointment.starts_at + appointment.duration)}",
        f"SUMMARY:{_escaped(one_line(appointment.summary))}",
        f"DESCRIPTION:{_escaped(appointment.description)}",
        *([f"URL:{appointment.url}"] if appointment.url else []),
        f"ORGANIZER;CN={_quoted(organizer.name or organizer.address)}:mailto:{organizer.address}",
        *extra,
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(_folded(line) + "\r\n" for line in lines)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """A TEXT value; paragraphs stay, every other control character becomes a space."""
    paragraphs = [one_line(paragraph) for paragraph in text.split("\n")]
    escaped = "\n".join(paragraphs).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _quoted(text: str) -> str:
    """A parameter value; RFC 5545 knows no way to put a double quote into one."""
    return '"' + one_line(text).replace('"', "'") + '"'


def _folded(line: str) -> str:
    """Lines of at most 75 bytes; no character of several bytes is cut in two."""
    pieces, piece, size = list[str](), "", 0
    for character in line:
        width = len(character.encode())
        if size + width > LONGEST_LINE_BYTES:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + character, size + width
    return "\r\n".join([*pieces, piece])
