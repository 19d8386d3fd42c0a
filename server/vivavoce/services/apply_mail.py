"""What is mailed to who applies: the code that proves the address, and that all has arrived."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from vivavoce.core.applying import CODE_LIFE, ApplyRequest
from vivavoce.core.mail import Mail, Mailbox, MailFacts, MailKind, one_line
from vivavoce.core.mail_rules import mail_language
from vivavoce.core.session import Participant
from vivavoce.services.foundation import Foundation
from vivavoce.services.postings import Posting


def code_mail(foundation: Foundation, posting: Posting, request: ApplyRequest) -> Mail:
    """Without the name: a stranger who fills in an address must not choose words for it."""
    mail = _mail(foundation, posting, MailKind.CODE, Mailbox("", request.form.email))
    minutes = CODE_LIFE // timedelta(minutes=1)
    return replace(
        mail,
        language=request.language,
        facts=replace(mail.facts, minutes=minutes, code_number=request.code_number),
        not_after=mail.due_at + CODE_LIFE,
        apply_request_id=request.id,
    )


def arrival_mail(foundation: Foundation, posting: Posting, participant: Participant) -> Mail:
    """The address is proved by now; what was sent with the form is not repeated."""
    recipient = Mailbox(one_line(participant.name), participant.email or "")
    mail = _mail(foundation, posting, MailKind.APPLICATION, recipient)
    return replace(
        mail,
        language=mail_language(participant.locale, posting.template.language),
        facts=replace(mail.facts, next_step=posting.next_step),
        participant_id=participant.id,
    )


def _mail(foundation: Foundation, posting: Posting, kind: MailKind, recipient: Mailbox) -> Mail:
    now, mail_id = foundation.now(), "mail_" + foundation.new_id()
    template = posting.template
    return Mail(
        id=mail_id,
        organization_id=posting.stored.organization_id,
        session_id=None,
        participant_id=None,
        kind=kind,
        recipient=recipient,
        language=template.language,
        facts=MailFacts(organization=one_line(posting.company), interview=one_line(template.name)),
        message_id=f"{mail_id}@{urlsplit(foundation.instance_url).hostname}",
        created_at=now,
        due_at=now,
    )
