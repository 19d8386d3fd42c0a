"""A letter in the form that mail servers take (RFC 5322), and where its envelope leads."""

from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from vivavoce.core.errors import Unprocessable
from vivavoce.core.mail import CalendarFile, Letter, Mailbox, is_address, one_line

CALENDAR_NAME = "interview.ics"


@dataclass(frozen=True)
class Packed:
    """`needs_utf8`: the server must speak SMTPUTF8 (RFC 6531), because the address does."""

    sender: str
    recipient: str
    content: bytes
    needs_utf8: bool


def packed(letter: Letter) -> Packed:
    """Raises `Unprocessable` code `mail_address` for what is not one address."""
    sender, recipient = _address(letter.sender), _address(letter.recipient)
    needs_utf8 = not recipient.username.isascii()
    message = EmailMessage(policy.SMTPUTF8 if needs_utf8 else policy.SMTP)
    message["From"], message["To"] = sender, recipient
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(letter.date)
    message["Message-ID"] = f"<{letter.message_id}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.calendar is not None:
        # Calendars that act upon invitations read the alternative, all others the attachment.
        message.attach(_calendar_part(letter.calendar))
        attached = _calendar_part(letter.calendar)
        attached.add_header("Content-Disposition", "attachment", filename=CALENDAR_NAME)
        message.make_mixed()
        message.attach(attached)
    message["Content-Language"] = letter.language_tag  # setting the content forgets it
    return Packed(sender.addr_spec, recipient.addr_spec, bytes(message), needs_utf8)


def _calendar_part(calendar: CalendarFile) -> EmailMessage:
    part = EmailMessage(policy.SMTP)
    part.set_content(calendar.text, subtype="calendar", cte="base64")
    part.set_param("method", calendar.method)
    del part["MIME-Version"]  # the message as a whole has it
    return part


def _address(mailbox: Mailbox) -> Address:
    local, _, domain = mailbox.address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if not is_address(f"{local}@{domain}"):
        raise Unprocessable("mail_address", "Mail cannot be sent to this address.")
    return Address(one_line(mailbox.name), local, domain)
