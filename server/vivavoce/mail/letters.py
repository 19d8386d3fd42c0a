"""What a mail says: the phrases of its language, set in one layout as text and as HTML."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from vivavoce.core.calendar_file import Appointment, cancellation_file, invitation_file
from vivavoce.core.languages import direction, language_tag
from vivavoce.core.mail import (
    CalendarFile,
    Letter,
    Mail,
    Mailbox,
    MailKind,
    ResultFacts,
    ResultLine,
    one_line,
)
from vivavoce.core.mail_rules import deadline


@dataclass(frozen=True)
class Content:
    """What both layouts show, in this order; `lines` are the dimensions of a result."""

    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    code: str | None
    lines: tuple[ResultLine, ...]
    link: str | None
    link_label: str
    notes: tuple[str, ...]


class Phrases:
    def __init__(self, texts: dict[str, str], values: dict[str, str]) -> None:
        self._texts = texts
        self._values = values

    def __call__(self, key: str, **values: str) -> str:
        # Values are put in once and never read as a pattern themselves.
        return self._texts[key].format_map({**self._values, **values})


class Letters:
    """A `ports.mail.LetterWriter`. Without a name in `sender` the organization's stands there."""

    def __init__(self, sender: Mailbox) -> None:
        self._sender = sender
        self._layouts = Environment(
            loader=PackageLoader("vivavoce.mail", "templates"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def write(self, mail: Mail, join_url: str | None, code: str | None = None) -> Letter:
        facts = mail.facts
        values = {
            "code": code or "",
            "name": mail.recipient.name,
            "organization": facts.organization,
            "interview": facts.interview,
            "minutes": str(facts.minutes),
        }
        phrases = Phrases(texts(mail.language), values)
        content = replace(_content(mail, phrases, join_url), code=code)
        tag = language_tag(mail.language)
        shown = {"content": content, "tag": tag, "direction": direction(mail.language)}
        sender = Mailbox(self._sender.name or facts.organization, self._sender.address)
        return Letter(
            message_id=mail.message_id,
            date=mail.due_at,
            sender=sender,
            recipient=mail.recipient,
            language_tag=tag,
            subject=content.subject,
            text=self._layouts.get_template("letter.txt").render(shown),
            html=self._layouts.get_template("letter.html").render(shown),
            calendar=_calendar(mail, sender, content),
        )


@cache
def texts(language: str) -> dict[str, str]:
    """The phrases of a language by their keys; English where the language is unknown."""
    folder = resources.files("vivavoce.mail") / "languages"
    file = folder / f"{language}.json"
    if not file.is_file():
        file = folder / "en.json"
    found: dict[str, str] = json.loads(file.read_text("utf-8"))
    return found


def moment_text(moment: datetime, timezone: str | None) -> str:
    """Digits that are read the same way in every language: `2026-06-02 14:30 (Europe/Berlin)`."""
    try:
        zone = ZoneInfo(timezone) if timezone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = None
    name = timezone if zone else "UTC"
    return f"{moment.astimezone(zone or UTC):%Y-%m-%d %H:%M} ({name})"


def _content(mail: Mail, phrases: Phrases, join_url: str | None) -> Content:
    result = mail.facts.result
    return Content(
        subject=one_line(phrases(f"{mail.kind}.subject")),
        greeting=phrases("greeting") if mail.recipient.name else "",
        paragraphs=(phrases(f"{mail.kind}.lead"), *_details(mail, phrases)),
        code=None,
        lines=result.lines if result else (),
        link=join_url,
        link_label=phrases("open"),
        notes=(*_warnings(mail, phrases, join_url), phrases("footer")),
    )


def _warnings(mail: Mail, phrases: Phrases, join_url: str | None) -> list[str]:
    if mail.kind is MailKind.CODE:
        return [phrases("code.life"), phrases("code.ignore")]
    return [phrases("personal")] if join_url else []


def _details(mail: Mail, phrases: Phrases) -> list[str]:
    match mail.kind:
        case MailKind.INVITATION | MailKind.REMINDER:
            return [phrases("how"), *_times(mail, phrases)]
        case MailKind.CANCELLATION | MailKind.CODE:
            return []
        case MailKind.APPLICATION:
            step = mail.facts.next_step
            return [phrases(f"application.{step}")] if step else []
        case MailKind.RESULT:
            return _result(mail.facts.result, phrases)


def _times(mail: Mail, phrases: Phrases) -> list[str]:
    facts, told = mail.facts, list[str]()
    if facts.scheduled_at is not None:
        told.append(phrases("appointment", time=moment_text(facts.scheduled_at, facts.timezone)))
    if facts.expires_at is not None:
        told.append(phrases("until", time=moment_text(facts.expires_at, facts.timezone)))
    return told


def _result(result: ResultFacts | None, phrases: Phrases) -> list[str]:
    human = phrases("result.human")
    if result is None or result.score is None:
        return [human]
    return [
        phrases("result.score", score=f"{result.score:g}", highest=str(result.highest)),
        human,
    ]


def _calendar(mail: Mail, sender: Mailbox, content: Content) -> CalendarFile | None:
    if mail.kind not in {MailKind.INVITATION, MailKind.CANCELLATION}:
        return None
    facts = mail.facts
    duration = timedelta(minutes=max(1, facts.minutes))
    ends_at = deadline(facts, mail.due_at)
    appointment = Appointment(
        uid=f"{mail.session_id}@{mail.message_id.partition('@')[2]}",
        starts_at=facts.scheduled_at or ends_at - duration,
        duration=duration,
        summary=content.subject,
        description="\n".join([*content.paragraphs, *([content.link] if content.link else [])]),
        url=content.link,
        organizer=sender,
        attendee=mail.recipient,
        stamped_at=mail.due_at,
        is_deadline=facts.scheduled_at is None,
    )
    if mail.kind is MailKind.CANCELLATION:
        return cancellation_file(appointment)
    return invitation_file(appointment)
